/** The first steps and the last: the walkthrough, and what a report of a bug is made of. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, open } from "./window.js";

describe("help", () => {
  afterEach(closeEverything);

  it("shows Nippy's walkthrough, at the first call in a window too", async () => {
    await vscode.commands.executeCommand("nippy.showWalkthrough");
    const label = vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? "";
    // A walkthrough of VS Code's own, which a new window shows first, is named there after a colon. The pictures show the page.
    assert.equal(label, "Welcome");
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
