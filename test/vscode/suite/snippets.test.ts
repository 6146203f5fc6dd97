/** Snippets are offered by their prefix where they fit, and expand into the code they promise: one of each family. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, open, until } from "./window.js";

/** A snippet that fits the top of a module, and a line that it brings. */
const FAMILIES: readonly (readonly [family: string, prefix: string, brings: RegExp])[] = [
  ["decorators", "dec-timing", /perf_counter/],
  ["context-managers", "cm-timer", /^with Timer\("step"\) as timer:$/m],
  ["generators", "gen-func", /yield/],
  ["design-patterns", "pat-strategy", /class /],
  ["types", "type-dataclass", /@dataclass/],
  ["native-speed", "jit-njit", /njit/],
  ["profiling", "prof-timeit", /timeit/],
  ["algorithms", "alg-memo", /cache/],
  ["concurrency", "par-threadpool", /ThreadPoolExecutor/],
  ["async", "async-main", /asyncio\.run/],
  ["numpy", "np-mask", /np\./],
  ["pandas", "pd-merge", /validate=/],
  ["tensorflow", "tf-train-step", /tf\.function/],
  ["pytorch", "torch-module", /nn\.Module/],
  ["llm", "agent-abc", /ABC/],
  ["services", "cfg-dataclass", /@dataclass/],
  ["testing", "test-parametrize", /parametrize/],
  ["logging", "log-module", /getLogger/],
  ["dynamic-code", "dyn-literal", /literal_eval/],
];

/** What is not Python opens a file of its own. */
const OTHERS: readonly (readonly [family: string, name: string, brings: RegExp])[] = [
  ["packaging", "pkg-pyproject", /^\[project\]$/m],
  ["ai-prompts", "ai-cot", /step/i],
];

async function offered(
  uri: vscode.Uri,
  prefix: string,
  position: vscode.Position,
): Promise<vscode.CompletionItem | undefined> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    "vscode.executeCompletionItemProvider",
    uri,
    position,
    undefined,
    5,
  );
  return items.find(
    ({ kind, label }) =>
      kind === vscode.CompletionItemKind.Snippet && (typeof label === "string" ? label : label.label) === prefix,
  );
}

describe("snippets", () => {
  afterEach(closeEverything);

  for (const [family, prefix, brings] of FAMILIES) {
    it(`offers ${prefix} of ${family} and expands it`, async () => {
      const editor = await open(`snippet-${family}.py`, prefix);
      const end = new vscode.Position(0, prefix.length);
      const item = await until(`the completion ${prefix}`, () => offered(editor.document.uri, prefix, end));
      assert.ok(item.insertText instanceof vscode.SnippetString, "the completion is a snippet");
      await editor.insertSnippet(item.insertText, new vscode.Range(new vscode.Position(0, 0), end));
      const text = editor.document.getText();
      assert.match(text, brings);
      assert.doesNotMatch(text, /\$\{\d/, "placeholders are replaced by their defaults");
    });
  }

  it("shows what it would insert", async () => {
    const editor = await open("documented.py", "cm-timer");
    const item = await until("the documented completion", async () => {
      const found = await offered(editor.document.uri, "cm-timer", new vscode.Position(0, 8));
      return found?.documentation === undefined ? undefined : found;
    });
    assert.match(
      item.documentation instanceof vscode.MarkdownString ? item.documentation.value : "",
      /```python\n[^]*perf_counter[^]*command:nippy\.openGuide/,
    );
  });

  it("offers none of them in a class body", async () => {
    const { document } = await open("class.py", "class Reader:\n    size = 1\n    cm\n");
    // Where it fits it is offered, so the server is there to be asked.
    const other = await open("no-class.py", "cm");
    await until("cm-open elsewhere", () => offered(other.document.uri, "cm-open", new vscode.Position(0, 2)));
    assert.equal(await offered(document.uri, "cm-open", new vscode.Position(2, 6)), undefined);
  });

  it("gives VS Code all of them by title, so that they wrap a selection too", async () => {
    const editor = await open("wrapped.py", "total = sum(range(10))\n");
    editor.selection = new vscode.Selection(0, 0, 0, "total = sum(range(10))".length);
    await vscode.commands.executeCommand("editor.action.insertSnippet", { langId: "python", name: "Try and finally" });
    const text = await until("the wrapped line", () =>
      /finally:/.test(editor.document.getText()) ? editor.document.getText() : undefined,
    );
    assert.match(text, /^try:\n {4}total = sum\(range\(10\)\)\nfinally:/m);
  });

  for (const [family, name, brings] of OTHERS) {
    it(`opens a new file for ${name} of ${family}`, async () => {
      await vscode.commands.executeCommand("nippy.insertSnippet", name);
      const text = await until(`the text of ${name}`, () => {
        const found = vscode.window.activeTextEditor?.document.getText() ?? "";
        return brings.test(found) ? found : undefined;
      });
      assert.doesNotMatch(text, /\$\{\d/);
    });
  }
});
