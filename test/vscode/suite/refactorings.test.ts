/** Refactorings stand in the menu where they apply, and do what they say. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { choosePreviewed, closeEverything, open, until } from "./window.js";

const LOOP =
  "import asyncio\n\n\nasync def main() -> None:\n    await asyncio.sleep(0)\n\n\nloop = asyncio.new_event_loop()\nloop.run_until_complete(main())\nloop.close()\n";

function refactorings(uri: vscode.Uri, position: vscode.Position): Thenable<readonly vscode.CodeAction[]> {
  return vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    uri,
    new vscode.Range(position, position),
    "refactor",
    5,
  );
}

describe("refactorings", () => {
  afterEach(async () => {
    await vscode.workspace.getConfiguration("nippy").update("refactorings.preview", undefined);
    await closeEverything();
  });

  it("previews what may change behaviour; applied as it is shown, the preview makes the change and no comment", async () => {
    const editor = await open("refactoring.py", LOOP);
    const { document } = editor;
    const position = new vscode.Position(8, 2);
    const action = await until("the refactoring", async () =>
      (await refactorings(document.uri, position)).find(({ title }) => /asyncio\.run/.test(title)),
    );
    assert.equal(action.kind?.value, "refactor.rewrite.nippy.manual-loop-to-asyncio-run");
    editor.selection = new vscode.Selection(position, position);
    await choosePreviewed(document, action.kind.value);
    assert.equal(document.getText(), LOOP.replace(/loop = [^]*$/, "asyncio.run(main())\n"));
  });

  it("makes the change", async () => {
    await vscode.workspace.getConfiguration("nippy").update("refactorings.preview", "never");
    const { document } = await open("refactored.py", LOOP);
    const action = await until("the refactoring", async () =>
      (await refactorings(document.uri, new vscode.Position(8, 2))).find(({ edit }) => edit !== undefined),
    );
    assert.ok(await vscode.workspace.applyEdit(action.edit!));
    assert.equal(document.getText(), LOOP.replace(/loop = [^]*$/, "asyncio.run(main())\n"));
  });
});
