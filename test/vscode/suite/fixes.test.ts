/** Quick fixes and "fix all" change the text to exactly what they promise; "fix all" keeps to safe fixes. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { FixesHere } from "../../../server/protocol.js";
import { choosePreviewed, closeEverything, findingOf, open, untilGone } from "./window.js";

const slowLoop = `import pandas as pd

df = pd.read_csv("sales.csv", usecols=["price", "count"])
total = 0
for _, row in df.iterrows():
    total += row["price"]
`;
/** Two findings whose fix is safe. */
const clocks = `import time


def measure(job) -> float:
    started = time.time()
    job()
    return time.time() - started


def show(job) -> None:
    began = time.time()
    job()
    print(time.time() - began)
`;
const repairedClocks = clocks.replaceAll("time.time()", "time.perf_counter()");

/** What VS Code offers, edits included. */
async function actions(uri: vscode.Uri, range: vscode.Range, kind: string): Promise<readonly vscode.CodeAction[]> {
  const resolveAll = 50;
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    uri,
    range,
    kind,
    resolveAll,
  );
  return found.filter((action) => action.edit !== undefined);
}

function quickFixes(uri: vscode.Uri, finding: vscode.Diagnostic): Promise<readonly vscode.CodeAction[]> {
  return actions(uri, finding.range, vscode.CodeActionKind.QuickFix.value);
}

async function apply(action: vscode.CodeAction | undefined): Promise<void> {
  assert.ok(action?.edit, "there is such an action, and it has an edit");
  assert.equal(await vscode.workspace.applyEdit(action.edit), true);
}

describe("fixes", () => {
  afterEach(closeEverything);

  it("repairs one finding from its quick fix", async () => {
    const { document } = await open("one.py", clocks);
    const finding = await findingOf("profiling/wall-clock-duration", document.uri);
    const preferred = (await quickFixes(document.uri, finding)).filter(({ isPreferred }) => isPreferred);
    assert.equal(preferred.length, 1);
    await apply(preferred[0]);
    const [before, after] = clocks.split("def show");
    assert.equal(document.getText(), `${before?.replaceAll("time.time()", "time.perf_counter()")}def show${after}`);
  });

  it("offers a fix that needs a review, does not prefer it, and previews it", async () => {
    const editor = await open("review.py", slowLoop);
    const { document } = editor;
    const finding = await findingOf("pandas/iterrows", document.uri);
    const [first] = await quickFixes(document.uri, finding);
    assert.notEqual(first?.isPreferred, true);
    editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
    await choosePreviewed(document, "quickfix");
    assert.equal(document.lineAt(4).text, 'total += df["price"].sum()');
    assert.equal(document.lineCount, 6);
    await untilGone("pandas/iterrows", document.uri);
  });

  it("silences a finding on its line", async () => {
    const { document } = await open("silence.py", slowLoop);
    const finding = await findingOf("pandas/iterrows", document.uri);
    await apply(
      (await quickFixes(document.uri, finding)).find(({ title }) => title === "Ignore pandas/iterrows on this line"),
    );
    assert.match(document.lineAt(4).text, /# nippy: ignore\[pandas\/iterrows\]$/);
    await untilGone("pandas/iterrows", document.uri);
  });

  it("repairs a whole file with source.fixAll.nippy, as far as that is safe", async () => {
    const { document } = await open("all.py", `${slowLoop}\n\n${clocks}`);
    await findingOf("profiling/wall-clock-duration", document.uri);
    const found = await actions(document.uri, new vscode.Range(0, 0, document.lineCount, 0), "source.fixAll.nippy");
    assert.equal(found.length, 1);
    await apply(found[0]);
    assert.equal(document.getText(), `${slowLoop}\n\n${repairedClocks}`);
    await untilGone("profiling/wall-clock-duration", document.uri);
    await findingOf("pandas/iterrows", document.uri);
  });

  it("says what the command for a whole file did", async () => {
    const { document } = await open("said.py", `${slowLoop}\n\n${clocks}`);
    await findingOf("profiling/wall-clock-duration", document.uri);
    const here = await vscode.commands.executeCommand<FixesHere>("nippy.fixAll");
    assert.deepEqual(here, { safe: 2, review: 1 });
    assert.equal(document.getText(), `${slowLoop}\n\n${repairedClocks}`);
    assert.deepEqual(await vscode.commands.executeCommand("nippy.fixAll"), { safe: 0, review: 1 });
  });

  it("repairs before a save what nippy.fixOnSave names", async () => {
    const settings = vscode.workspace.getConfiguration("nippy");
    await settings.update("fixOnSave", ["profiling/*"], vscode.ConfigurationTarget.Workspace);
    try {
      const editor = await open("fix-on-save.py", clocks);
      const { document } = editor;
      await findingOf("profiling/wall-clock-duration", document.uri);
      await editor.edit((edit) => edit.insert(document.positionAt(clocks.length), "\n\nshow(print)\n"));
      assert.equal(await document.save(), true);
      assert.equal(document.getText(), `${repairedClocks}\n\nshow(print)\n`);
    } finally {
      await settings.update("fixOnSave", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("repairs on save when the user asks for it", async () => {
    const editor = await open("save.py", clocks);
    const { document } = editor;
    const settings = vscode.workspace.getConfiguration("editor", document.uri);
    await settings.update(
      "codeActionsOnSave",
      { "source.fixAll.nippy": "explicit" },
      vscode.ConfigurationTarget.Workspace,
    );
    try {
      await findingOf("profiling/wall-clock-duration", document.uri);
      await editor.edit((edit) => edit.insert(document.positionAt(clocks.length), "\n\nshow(print)\n"));
      assert.equal(await document.save(), true);
      assert.equal(document.getText(), `${repairedClocks}\n\nshow(print)\n`);
    } finally {
      await settings.update("codeActionsOnSave", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
