/** What the manifest promises holds in the window: every command exists, and Nippy works in folders nobody trusts yet. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, manifest, open } from "./window.js";

describe("manifest", () => {
  afterEach(closeEverything);

  it("declares that restricted and virtual workspaces are supported", () => {
    const { capabilities } = manifest();
    assert.equal(capabilities.untrustedWorkspaces.supported, true);
    assert.notEqual(capabilities.virtualWorkspaces, undefined);
    assert.notEqual(capabilities.virtualWorkspaces, false);
  });

  it("shows texts, not the keys that stand for them", () => {
    const { commands } = manifest().contributes;
    assert.equal(commands.find((it) => it.command === "nippy.openGuide")?.title, "Open Guide");
    assert.deepEqual(
      commands.filter((it) => it.title.includes("%")),
      [],
    );
  });

  it("registers every command it lists", async () => {
    await open("wake.py", "x = 1\n");
    await vscode.extensions.getExtension("nippy.nippy")?.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const listed = manifest().contributes.commands.map(({ command }) => command);
    for (const agreed of [
      "nippy.restart",
      "nippy.showLogs",
      "nippy.openGuide",
      "nippy.search",
      "nippy.searchRules",
      "nippy.explainRule",
    ]) {
      assert.ok(listed.includes(agreed), `${agreed} is listed`);
    }
    assert.deepEqual(
      listed.filter((command) => !registered.has(command)),
      [],
    );
  });
});
