/** The first steps and the last: the walkthrough, and what a report of a bug is made of. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, findingOf, findings, open, ruleOf } from "./window.js";

describe("help", () => {
  afterEach(closeEverything);

  it("shows Nippy's walkthrough, at the first call in a window too", async () => {
    await vscode.commands.executeCommand("nippy.showWalkthrough");
    const label = vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? "";
    // A walkthrough of VS Code's own, which a new window shows first, is named there after a colon. The pictures show the page.
    assert.equal(label, "Welcome");
  });

  it("opens a sample in which there is something to find of each kind that the walkthrough shows", async () => {
    await vscode.commands.executeCommand("nippy.openSample");
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.languageId, "python");
    await findingOf("pandas/iterrows", document.uri);
    const rules = new Set(findings(document.uri).map(ruleOf));
    assert.ok(rules.size >= 4, [...rules].join(", "));
    const { safe } = await vscode.commands.executeCommand<{ safe: number }>("nippy.fixAll");
    assert.ok(safe > 0, "some can be repaired at once");
  });

  it("copies what a report needs, without the names of the user's folders", async () => {
    const settings = vscode.workspace.getConfiguration("nippy");
    const { document } = await open("reported.py", "secret = 1\n");
    await settings.update("leaveToRuff", true, vscode.ConfigurationTarget.Workspace);
    try {
      const text = await vscode.commands.executeCommand<string>("nippy.copyDebugInfo");
      assert.match(text, /^- Nippy \d+\.\d+\.\d+\S*, server \w+$/m);
      assert.ok(text.includes(vscode.version));
      assert.match(text, /"leaveToRuff": true/);
      assert.doesNotMatch(text, /secret/);
      assert.ok(!text.includes(vscode.Uri.joinPath(document.uri, "..").fsPath));
    } finally {
      await settings.update("leaveToRuff", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("hands VS Code's form for issues the same", async () => {
    try {
      const report = await vscode.commands.executeCommand<{ extensionId: string; data: string }>("nippy.reportIssue");
      assert.equal(report.extensionId, "nippy.nippy");
      assert.match(report.data, /^- Nippy /m);
    } catch (error) {
      // In the browser the form is a website, and no test may open one.
      assert.match(String(error), /open the external website/);
    }
  });
});
