/** Findings appear in the editor, name their rule, lead to the guide, and go away when the code or a setting says so. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, findingOf, findings, open, untilGone } from "./window.js";

const slowLoop = `import pandas as pd

df = pd.read_csv("sales.csv", usecols=["price", "count"])
total = 0
for _, row in df.iterrows():
    total += row["price"]
print(total)
`;

describe("diagnostics", () => {
  afterEach(closeEverything);

  it("reports a slow loop with its rule and a way to the guide", async () => {
    const { document } = await open("report.py", slowLoop);
    const finding = await findingOf("pandas/iterrows", document.uri);
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
    assert.equal(finding.range.start.line, 4);
    assert.ok(document.getText(finding.range).includes("iterrows"), "the squiggle is under the call");
    assert.ok(typeof finding.code === "object", "the code carries a link");
    assert.equal(finding.code.target.scheme, "command", "the link opens the guide inside the window");
    assert.equal(finding.code.target.path, "nippy.openGuide");
  });

  it("forgets a finding when the code is repaired", async () => {
    const editor = await open("repair.py", slowLoop);
    const { uri } = editor.document;
    await findingOf("pandas/iterrows", uri);
    const loop = new vscode.Range(3, 0, 6, 0);
    await editor.edit((edit) => edit.replace(loop, 'total = df["price"].sum()\n'));
    await untilGone("pandas/iterrows", uri);
  });

  it("respects a suppression comment", async () => {
    const editor = await open("suppress.py", slowLoop);
    const { uri } = editor.document;
    await findingOf("pandas/iterrows", uri);
    await editor.edit((edit) => edit.insert(editor.document.lineAt(4).range.end, "  # nippy: ignore[pandas/iterrows]"));
    await untilGone("pandas/iterrows", uri);
  });

  it("follows the setting of a rule's level", async () => {
    const { document } = await open("levels.py", slowLoop);
    await findingOf("pandas/iterrows", document.uri);
    const settings = vscode.workspace.getConfiguration("nippy");
    try {
      await settings.update("levels", { "pandas/*": "off" }, vscode.ConfigurationTarget.Workspace);
      await untilGone("pandas/iterrows", document.uri);
    } finally {
      await settings.update("levels", undefined, vscode.ConfigurationTarget.Workspace);
    }
    await findingOf("pandas/iterrows", document.uri);
  });

  it("waits with a finding until the cursor leaves the line that is typed", async () => {
    const [before, after] = slowLoop.split("for _, row in df.iterrows():") as [string, string];
    const editor = await open("typing.py", before + "for row in df:" + after);
    const { document } = editor;
    const start = new vscode.Position(4, "for ".length);
    editor.selection = new vscode.Selection(start, new vscode.Position(4, "for row in df".length));
    await vscode.commands.executeCommand("type", { text: "_, row in df.iterrows()" });
    assert.equal(document.getText(), slowLoop);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual(findings(document.uri), []);
    const end = document.lineAt(5).range.end;
    editor.selection = new vscode.Selection(end, end);
    await findingOf("pandas/iterrows", document.uri);
    // What stood there before stays while the line is edited.
    editor.selection = new vscode.Selection(document.lineAt(4).range.end, document.lineAt(4).range.end);
    await vscode.commands.executeCommand("type", { text: "  # slow" });
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(findings(document.uri).length, 1);
  });

  it("shows a finding at once where a setting says so", async () => {
    const settings = vscode.workspace.getConfiguration("nippy");
    await settings.update("holdTypedLine", false, vscode.ConfigurationTarget.Workspace);
    try {
      const [before, after] = slowLoop.split("for _, row in df.iterrows():") as [string, string];
      const editor = await open("at-once.py", before + "for row in df:" + after);
      editor.selection = new vscode.Selection(4, "for ".length, 4, "for row in df".length);
      await vscode.commands.executeCommand("type", { text: "_, row in df.iterrows()" });
      await findingOf("pandas/iterrows", editor.document.uri);
      assert.equal(editor.selection.active.line, 4);
    } finally {
      await settings.update("holdTypedLine", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("says nothing about code that is fine", async () => {
    const fine = "def mean(values: list[float]) -> float:\n    return sum(values) / len(values)\n\n\n";
    const { document } = await open("fine.py", fine + slowLoop);
    await findingOf("pandas/iterrows", document.uri);
    const endOfFine = document.positionAt(fine.length);
    assert.deepEqual(
      findings(document.uri).filter(({ range }) => range.start.isBefore(endOfFine)),
      [],
    );
  });

  it("reads a file that was never saved", async () => {
    const document = await vscode.workspace.openTextDocument({ language: "python", content: slowLoop });
    await vscode.window.showTextDocument(document);
    await findingOf("pandas/iterrows", document.uri);
  });

  it("is silent while its server is stopped, other files included, and reports again once it is started", async () => {
    const before = await open("before-stop.py", slowLoop);
    await findingOf("pandas/iterrows", before.document.uri);
    await vscode.commands.executeCommand("nippy.stop");
    await untilGone("pandas/iterrows", before.document.uri);
    const after = await open("after-stop.py", slowLoop);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual(findings(after.document.uri), []);
    await vscode.commands.executeCommand("nippy.start");
    await findingOf("pandas/iterrows", after.document.uri);
  });

  it("reports again after its server was restarted", async () => {
    const before = await open("before-restart.py", slowLoop);
    await findingOf("pandas/iterrows", before.document.uri);
    await vscode.commands.executeCommand("nippy.restart");
    await findingOf("pandas/iterrows", before.document.uri);
    const after = await open("after-restart.py", slowLoop);
    await findingOf("pandas/iterrows", after.document.uri);
  });
});
