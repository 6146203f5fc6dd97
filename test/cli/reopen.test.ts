/** What `--watch` keeps open: a text that was opened before is edited, under the same settings only, and not too many are kept. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createAnalyzer, createParser, DEFAULT_SETTINGS, type Analyzer } from "../../analysis/analyzer.js";
import { reopening } from "../../cli/reopen.js";
import { rules } from "../../rules/index.generated.js";
import { CLOCK, ROWS } from "./nippy.js";

async function counted() {
  const wasm = (name: string) => readFileSync(`dist/${name}.wasm`);
  const parser = await createParser(wasm("web-tree-sitter"), wasm("tree-sitter-python"));
  const analyzer = createAnalyzer({ parser, rules, guide: [], guideUrl: () => "" });
  const calls: string[] = [];
  const told =
    (name: "open" | "edit") =>
    (...given: readonly unknown[]) => {
      calls.push(name);
      return (analyzer[name] as (...all: readonly unknown[]) => unknown)(...given);
    };
  const spied = { ...analyzer, open: told("open"), edit: told("edit") } as Analyzer;
  return { calls, analyzer, kept: reopening(spied) };
}

describe("files that are looked at again", () => {
  it("are edited, and have what a fresh look finds", async () => {
    const { calls, analyzer, kept } = await counted();
    for (const text of [ROWS, ROWS + CLOCK, CLOCK, "", ROWS]) {
      const [again, fresh] = [kept, analyzer].map((it) => it.report(it.open(text, DEFAULT_SETTINGS, "/a.py")));
      assert.deepEqual(again, fresh);
      assert.deepEqual(again!.broken, fresh!.broken);
    }
    assert.deepEqual(calls, ["open", "edit", "edit", "edit", "edit"]);
  });

  it("are opened anew under other settings, and once many others were opened", async () => {
    const { calls, kept } = await counted();
    kept.open(ROWS, DEFAULT_SETTINGS, "/a.py");
    kept.open(ROWS, { ...DEFAULT_SETTINGS, levels: [["pandas/*", "off"]] }, "/a.py");
    assert.deepEqual(calls, ["open", "open"]);
    for (let index = 0; index < 32; index++) kept.open("", DEFAULT_SETTINGS, `/${index}.py`);
    kept.open("", DEFAULT_SETTINGS, "/31.py");
    kept.open(ROWS, DEFAULT_SETTINGS, "/a.py");
    assert.deepEqual(calls.slice(-2), ["edit", "open"]);
  });
});
