// Quick fixes and "fix all" change the text to exactly what they promise; "fix all" keeps to safe fixes.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, findingOf, open, untilClean } from "./window.js";

const plainText = 'print(f"Loading")\nprint(f"Training")\n';
const repairedText = 'print("Loading")\nprint("Training")\n';

async function actions(uri: vscode.Uri, range: vscode.Range, kind: string): Promise<readonly vscode.CodeAction[]> {
  const resolveAll = 50;
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", uri, range, kind, resolveAll);
  return found.filter((action) => action.edit !== undefined);
}

function wholeOf(document: vscode.TextDocument): vscode.Range {
  return new vscode.Range(new vscode.Position(0, 0), document.lineAt(document.lineCount - 1).range.end);
}

describe("fixes", () => {
  afterEach(closeEverything);

  it("repairs one finding from its quick fix", async () => {
    const { document } = await open("one.py", plainText);
    const finding = await findingOf("strings/fstring-without-placeholder", document.uri);
    const found = await actions(document.uri, finding.range, vscode.CodeActionKind.QuickFix.value);
    const [preferred] = found.filter(({ isPreferred }) => isPreferred);
    assert.ok(preferred?.edit, `a preferred fix among: ${found.map(({ title }) => title).join(", ")}`);
    assert.equal(await vscode.workspace.applyEdit(preferred.edit), true);
    assert.equal(document.getText(), plainText.replace('f"Loading"', '"Loading"'));
  });

  it("repairs a whole file with source.fixAll.nippy", async () => {
    const { document } = await open("all.py", plainText);
    await findingOf("strings/fstring-without-placeholder", document.uri);
    const found = await actions(document.uri, wholeOf(document), "source.fixAll.nippy");
    assert.equal(found.length, 1);
    assert.ok(found[0]?.edit);
    assert.equal(await vscode.workspace.applyEdit(found[0].edit), true);
    assert.equal(document.getText(), repairedText);
    await untilClean(document.uri);
  });

  it("repairs on save when the user asks for it", async () => {
    const editor = await open("save.py", plainText);
    const { document } = editor;
    const settings = vscode.workspace.getConfiguration("editor", document.uri);
    await settings.update("codeActionsOnSave", { "source.fixAll.nippy": "explicit" }, vscode.ConfigurationTarget.Workspace);
    try {
      await findingOf("strings/fstring-without-placeholder", document.uri);
      await editor.edit((edit) => edit.insert(new vscode.Position(2, 0), "print()\n"));
      assert.equal(await document.save(), true);
      assert.equal(document.getText(), `${repairedText}print()\n`);
    } finally {
      await settings.update("codeActionsOnSave", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
