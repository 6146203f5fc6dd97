/** What a language model asks: findings by value within bounds, safe fixes as diffs, pages of rules. Nothing is written. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  CHECK,
  EXPLAIN,
  SAFE_FIXES,
  type Checked,
  type CheckParams,
  type SafeFixes,
  type SafeFixesParams,
} from "../../server/protocol.js";
import { startClient, type Client } from "../harness/lsp.js";
import { ITERROWS } from "./samples.js";

const CLOCK = "import time\n\n\ndef f(job):\n    start = time.time()\n    job()\n    return time.time() - start\n";

describe("server: assistants", () => {
  let root: string;
  let client: Client;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "nippy-"));
    write("clock.py", CLOCK);
    write("sub/rows.py", ITERROWS);
    write("sub/build/copy.py", ITERROWS);
    client = await startClient({ folders: [uriOf("")] });
  });
  afterEach(async () => {
    await client.stop();
    rmSync(root, { recursive: true });
  });
  const uriOf = (path: string) => pathToFileURL(join(root, path)).href;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const check = (params: CheckParams) => client.connection.sendRequest<Checked>(CHECK, params);
  const fixes = (params: SafeFixesParams) => client.connection.sendRequest<SafeFixes>(SAFE_FIXES, params);
  const explain = (name: unknown) => client.connection.sendRequest<string>(EXPLAIN, { name });

  it("are told what matters most in files and folders, as the command line finds them", async () => {
    const all = await check({ minLevel: "hint" });
    assert.deepEqual([all.files, all.isComplete], [2, true]);
    assert.deepEqual(new Set(all.findings.map((it) => it.uri)), new Set([uriOf("clock.py"), uriOf("sub/rows.py")]));
    assert.deepEqual(
      all.findings.map((it) => it.value),
      all.findings.map((it) => it.value).toSorted((a, b) => b - a),
    );
    const folder = await check({ uris: [uriOf("sub")] });
    assert.deepEqual(
      folder.findings.map(({ uri, line, level, rule, fix }) => [uri, line, level, rule, fix]),
      [[uriOf("sub/rows.py"), 6, "warning", "pandas/iterrows", "review"]],
    );
    const errors = await check({ uris: [uriOf("sub/rows.py")], minLevel: "error" });
    assert.deepEqual([errors.files, errors.total], [1, 0]);
  });

  it("are told no more than they ask for, with the number of all", async () => {
    write("sub/rows.py", ITERROWS + ITERROWS.replace("def total", "def other"));
    const { total, findings } = await check({ uris: [uriOf("sub/rows.py")], limit: 1 });
    assert.deepEqual([total, findings.length], [2, 1]);
  });

  it("are told of a file as the editor has it", async () => {
    await client.open(uriOf("clock.py"), ITERROWS);
    const { findings } = await check({ uris: [uriOf("clock.py")] });
    assert.deepEqual(
      findings.map((it) => it.rule),
      ["pandas/iterrows"],
    );
  });

  it("get safe fixes as diffs, and nothing is written", async () => {
    const { files, fixes: count } = await fixes({});
    assert.equal(count, 1);
    assert.deepEqual(
      files.map((it) => it.uri),
      [uriOf("clock.py")],
    );
    assert.match(files[0]!.diff, /^-    start = time\.time\(\)\n\+    start = time\.perf_counter\(\)$/m);
    assert.equal(readFileSync(join(root, "clock.py"), "utf8"), CLOCK);
    assert.deepEqual(await fixes({ rules: ["pandas/iterrows"] }), { files: [], fixes: 0 });
  });

  it("read of rules by any of their names", async () => {
    assert.match(await explain("iterrows"), /^\*\*DataFrame rows/);
    assert.equal(await explain("iterrows"), await explain("pandas/iterrows"));
    assert.match(await explain("pandas"), /^- pandas\/[\w-]+: /m);
    assert.match(await explain("iterows"), /Did you mean "pandas\/iterrows"\?/);
    assert.match(await explain(undefined), /No rule is called/);
  });
});
