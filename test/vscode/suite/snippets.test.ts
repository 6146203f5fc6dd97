/** Snippets are offered by their prefix and expand into the code they promise. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, open, until } from "./window.js";

describe("snippets", () => {
  afterEach(closeEverything);

  it("offers the timing block by its prefix and expands it", async () => {
    const editor = await open("snippet.py", "cm-timer");
    const end = new vscode.Position(0, "cm-timer".length);
    const item = await until("the completion cm-timer", async () => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>("vscode.executeCompletionItemProvider", editor.document.uri, end);
      return items.find(({ kind, label }) => kind === vscode.CompletionItemKind.Snippet && (typeof label === "string" ? label : label.label) === "cm-timer");
    });
    assert.ok(item.insertText instanceof vscode.SnippetString, "the completion is a snippet");
    await editor.insertSnippet(item.insertText, new vscode.Range(new vscode.Position(0, 0), end));
    const text = editor.document.getText();
    assert.match(text, /perf_counter\(\)/);
    assert.match(text, /^with Timer\("step"\) as timer:$/m, "placeholders are replaced by their defaults");
  });
});
