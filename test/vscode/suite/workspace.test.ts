/** The whole workspace: findings of files that nobody opened, the view that lists them, and fixes across files with a preview. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Analysed, Fixed } from "../../../server/protocol.js";
import { closeEverything, findingOf, findings, open, until, untilGone, workspaceFolder, write } from "./window.js";

const slowLoop = `import pandas as pd

df = pd.read_csv("sales.csv")
total = 0
for _, row in df.iterrows():
    total += row["price"]
`;
const clock = `import time


def measure(job) -> float:
    started = time.time()
    job()
    return time.time() - started
`;
const repaired = clock.replaceAll("time.time()", "time.perf_counter()");

async function text(uri: vscode.Uri): Promise<string> {
  // A document that was changed and not saved is what counts.
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

describe("workspace", () => {
  let folder: vscode.Uri;
  beforeEach(async () => {
    folder = vscode.Uri.joinPath(workspaceFolder().uri, "closed");
    await write("closed/loop.py", slowLoop);
    await write("closed/clock.py", clock);
    await write("closed/build/copy.py", slowLoop);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await closeEverything();
    await vscode.workspace.getConfiguration("nippy").update("scope", undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand("nippy.findings.clear");
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });
  const inFolder = (name: string) => vscode.Uri.joinPath(folder, name);

  it("is analysed by a command, as far as the command line would, and its files stay closed", async () => {
    const { findings: count, isComplete } = await vscode.commands.executeCommand<Analysed>("nippy.analyseWorkspace");
    assert.equal(isComplete, true);
    assert.ok(count >= 2, `${count} findings`);
    const finding = await findingOf("pandas/iterrows", inFolder("loop.py"));
    assert.ok(
      typeof finding.code === "object" && finding.code.target.path === "nippy.openGuide",
      "it leads to the guide",
    );
    assert.deepEqual(findings(inFolder("build/copy.py")), []);
    assert.ok(!vscode.workspace.textDocuments.some(({ uri }) => uri.path.endsWith("closed/loop.py")));
    await vscode.commands.executeCommand("nippy.findings.clear");
    await untilGone("pandas/iterrows", inFolder("loop.py"));
  });

  it("is followed where a setting says so: files that come, change and go", async () => {
    // A Python file in an editor starts the server.
    await open("wake.py", "x = 1\n");
    await vscode.workspace.getConfiguration("nippy").update("scope", "workspace", vscode.ConfigurationTarget.Workspace);
    await findingOf("pandas/iterrows", inFolder("loop.py"));
    const uri = await write("closed/new/late.py", slowLoop);
    await findingOf("pandas/iterrows", uri);
    await write("closed/new/late.py", "x = 1\n");
    await untilGone("pandas/iterrows", uri);
    await write("closed/new/late.py", slowLoop);
    await findingOf("pandas/iterrows", uri);
    await vscode.workspace.fs.delete(inFolder("new"), { recursive: true });
    await untilGone("pandas/iterrows", uri);
  });

  it("keeps a finding when its file is closed", async () => {
    await vscode.commands.executeCommand("nippy.analyseWorkspace");
    const uri = inFolder("loop.py");
    await findingOf("pandas/iterrows", uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    await findingOf("pandas/iterrows", uri);
    await closeEverything();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await findingOf("pandas/iterrows", uri);
  });

  it("has notebooks that are not open: a finding opens the cell that it names", async () => {
    const cell = (cell_type: string, source: string) => ({
      cell_type,
      metadata: {},
      source,
      ...(cell_type === "code" && { execution_count: null, outputs: [] }),
    });
    const cells = [cell("markdown", "# Sales"), cell("code", "import pandas as pd"), cell("code", slowLoop)];
    const metadata = { language_info: { name: "python" } };
    const uri = await write("closed/sales.ipynb", JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
    await vscode.commands.executeCommand("nippy.analyseWorkspace");
    const finding = await findingOf("pandas/iterrows", uri);
    assert.match(finding.message, / \(cell 3\)$/);

    await vscode.commands.executeCommand("nippy.findings.openCell", uri, 2);
    const editor = vscode.window.activeNotebookEditor;
    assert.equal(editor?.notebook.uri.toString(), uri.toString());
    assert.deepEqual([editor?.selection.start, editor?.selection.end], [2, 3]);
    await untilGone("pandas/iterrows", uri);
    await findingOf("pandas/iterrows", editor!.notebook.cellAt(2).document.uri);
  });

  it("is repaired rule by rule, after a look at the changes", async () => {
    const { document } = await open("also.py", clock);
    await findingOf("profiling/wall-clock-duration", document.uri);
    const done = vscode.commands.executeCommand("nippy.findings.fix", {
      name: "profiling/wall-clock-duration",
      findings: [],
    });
    await until("the fixes after the preview was applied", async () => {
      await vscode.commands.executeCommand("refactorPreview.apply");
      return (await text(inFolder("clock.py"))) === repaired ? true : undefined;
    });
    const { fixes, files, isApplied } = (await done) as Fixed;
    // Other tests left files of their own.
    assert.deepEqual([fixes >= 2, files >= 2, isApplied], [true, true, true]);
    assert.equal(document.getText(), repaired);
    assert.equal(await text(inFolder("loop.py")), slowLoop);
    await vscode.workspace.saveAll();
  });

  it("lives with what its baseline knows: a finding is added to it, and only what is new is shown from then on", async () => {
    const baseline = await write("closed/.nippy/baseline.json", '{ "version": 1, "findings": {} }\n');
    // A file of its own: VS Code keeps the text of a closed editor for a while, and other tests write theirs anew.
    const uri = await write("closed/known.py", slowLoop);
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const { range } = await findingOf("pandas/iterrows", uri);
    const action = await until("the offer to add a finding to the baseline", async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        uri,
        range,
        vscode.CodeActionKind.QuickFix.value,
        50,
      );
      return actions.find(({ title }) => title === "Add this finding to the baseline");
    });
    assert.ok(action.edit);
    assert.equal(await vscode.workspace.applyEdit(action.edit), true);
    assert.equal(await (await vscode.workspace.openTextDocument(baseline)).save(), true);
    await untilGone("pandas/iterrows", uri);

    // Moved by an edit above it, the old one stays known; the copy in a function is new.
    const copy = slowLoop.split("\n").slice(2).join("\n    ").trimEnd();
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), `\n\ndef again() -> None:\n    ${copy}\n\n`));
    const { range: ofCopy } = await findingOf("pandas/iterrows", uri);
    assert.ok(ofCopy.start.line < 10);
    assert.equal(findings(uri).filter(({ code }) => JSON.stringify(code).includes("pandas/iterrows")).length, 1);
    await editor.document.save();
    await closeEverything();
    await vscode.commands.executeCommand("nippy.analyseWorkspace");
    const closed = await findingOf("pandas/iterrows", uri);
    assert.equal(closed.range.start.line, ofCopy.start.line);
    assert.equal(findings(uri).filter(({ code }) => JSON.stringify(code).includes("pandas/iterrows")).length, 1);
  });

  it("offers that at a finding", async () => {
    const { document } = await open("offer.py", clock);
    const finding = await findingOf("profiling/wall-clock-duration", document.uri);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      finding.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const action = actions.find(({ title }) => title === "Fix all profiling/wall-clock-duration in the workspace…");
    assert.deepEqual(action?.command?.arguments, [{ rules: ["profiling/wall-clock-duration"] }]);
  });

  it("is shown in a view that groups and can be reached by keyboard", async () => {
    await vscode.commands.executeCommand("nippy.analyseWorkspace");
    await vscode.commands.executeCommand("nippy.findings.focus");
    for (const by of ["folder", "value", "rule"]) await vscode.commands.executeCommand(`nippy.findings.by.${by}`);
  });

  it("turns a rule off where a finding in the view says so: on its line, and in the folder's settings", async () => {
    await vscode.commands.executeCommand("nippy.analyseWorkspace");
    const uri = inFolder("loop.py");
    const finding = await findingOf("pandas/iterrows", uri);
    const { fingerprint } = (finding as unknown as { data: { fingerprint: string } }).data;
    const leaf = { rule: "pandas/iterrows", found: { uri, rule: "pandas/iterrows", fingerprint } };
    await vscode.commands.executeCommand("nippy.findings.offHere", leaf);
    assert.match(await text(uri), /iterrows\(\): {2}# nippy: ignore\[pandas\/iterrows\]/);
    await vscode.commands.executeCommand("workbench.action.files.revert");
    const settings = vscode.workspace.getConfiguration("nippy");
    try {
      await vscode.commands.executeCommand("nippy.findings.offInFolder", leaf);
      await untilGone("pandas/iterrows", uri);
    } finally {
      await settings.update("levels", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
