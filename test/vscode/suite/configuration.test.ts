/** A configuration in the window: its mistakes are marked when it is opened, keys are completed and explained, and what holds for a file is shown. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, findings, open, until } from "./window.js";

describe("configuration", () => {
  afterEach(closeEverything);

  it("is checked, completed and explained when it is opened", async () => {
    const { document } = await open("configured/nippy.toml", '[levels]\n"pandas/iterows" = "off"\niterrows = ""\n');
    const mistake = await until("the mistake", () =>
      findings(document.uri).find((it) => it.message.includes('Did you mean "pandas/iterrows"')),
    );
    assert.equal(document.getText(mistake.range), '"pandas/iterows"');
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      new vscode.Position(2, 12),
    );
    assert.ok(items.some((it) => it.label === "off" || (typeof it.label === "object" && it.label.label === "off")));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      new vscode.Position(2, 3),
    );
    const text = hovers.flatMap((it) => it.contents).map((it) => (typeof it === "string" ? it : it.value));
    assert.ok(text.some((it) => it.includes("pandas/iterrows")));
  });

  it("is shown for the file in front, and cannot be edited there", async () => {
    await open("configured/nippy.toml", '[levels]\niterrows = "hint"\n');
    await open("configured/a.py", "x = 1\n");
    await vscode.commands.executeCommand("nippy.showConfiguration");
    const shown = await until("the configuration", () => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.uri.scheme === "nippy-configuration" ? document : undefined;
    });
    assert.match(shown.getText(), /iterrows = hint \(configured\/nippy\.toml:2\)/);
    assert.equal(vscode.workspace.fs.isWritableFileSystem(shown.uri.scheme), undefined);
  });
});
