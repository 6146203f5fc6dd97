/** The tools for language models, called as a model calls them: they answer, and neither write nor show anything. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, open, workspaceFolder, write } from "./window.js";

const clock = `import time


def measure(job) -> float:
    started = time.time()
    job()
    return time.time() - started
`;

async function ask(tool: string, input: object, tokenBudget?: number): Promise<string> {
  const { content } = await vscode.lm.invokeTool(tool, {
    input,
    toolInvocationToken: undefined,
    ...(tokenBudget !== undefined && {
      tokenizationOptions: { tokenBudget, countTokens: (text: string) => Promise.resolve(text.length) },
    }),
  });
  return content.map((it) => (it instanceof vscode.LanguageModelTextPart ? it.value : "")).join("");
}

describe("assistants", () => {
  afterEach(closeEverything);

  it("have tools that say what they are for", () => {
    const own = vscode.lm.tools.filter((it) => it.name.startsWith("nippy_"));
    assert.deepEqual(own.map((it) => it.name).sort(), ["nippy_check", "nippy_explain", "nippy_safe_fixes"]);
    for (const { description } of own) assert.ok(description.length > 100);
  });

  it("find, repair and explain, while the window and all files stay as they are", async () => {
    const { document } = await open("front.py", "x = 1\n");
    const uri = await write("tools/clock.py", clock);
    const documents = vscode.workspace.textDocuments.length;
    const found = await ask("nippy_check", { paths: ["tools"], min_level: "hint" });
    assert.match(found, /^1 finding in 1 file/);
    assert.match(found, /tools\/clock\.py:7:\d+ \w+ profiling\/wall-clock-duration \[safe fix\]/);
    const diff = await ask("nippy_safe_fixes", { paths: [uri.fsPath] });
    assert.match(diff, /^\+    started = time\.perf_counter\(\)$/m);
    assert.match(await ask("nippy_explain", { rule: "wall-clock-duration" }), /`profiling\/wall-clock-duration`/);
    assert.equal(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)), clock);
    assert.equal(vscode.window.activeTextEditor?.document, document);
    assert.equal(vscode.workspace.textDocuments.length, documents);
    assert.ok(vscode.workspace.textDocuments.every((it) => !it.isDirty));
    assert.equal(vscode.window.tabGroups.all.flatMap((it) => it.tabs).length, 1);
  });

  it("keep within a budget, and say what to write instead of a wrong path", async () => {
    await write(
      "tools/many.py",
      Array.from({ length: 40 }, (_, at) => clock.replace("measure", `m${at}`)).join("\n\n"),
    );
    const text = await ask("nippy_check", { paths: ["tools/many.py"], min_level: "hint" }, 1500);
    assert.ok(text.length <= 1500, `${text.length} characters`);
    assert.match(text, /more findings are not shown/);
    await assert.rejects(ask("nippy_check", { paths: ["no/such.py"] }), /There is no file or folder "no\/such\.py"/);
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(workspaceFolder().uri, "tools"), { recursive: true });
  });
});
