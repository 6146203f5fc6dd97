/** Real Python: no rule fails on it and no fix breaks it. A sample of CPython's library here; other folders by NIPPY_CORPUS_FOLDERS. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it, type Context } from "mocha";
import { applyEdits } from "../analysis/analyzer.js";
import { allOn, analyzer, parser } from "./harness/check.js";
import { random } from "./harness/random.js";
import { furtherFiles, standardLibrary } from "./syntax/python-files.js";

const SAMPLE = 120;
const LARGEST = 200_000;

function files(test: Context): readonly string[] {
  const further = furtherFiles();
  if (further.length > 0) return further;
  const all = [...standardLibrary(test)].sort();
  const { below } = random(20);
  return Array.from({ length: Math.min(SAMPLE, all.length) }, () => all[below(all.length)]!);
}

describe("real Python", () => {
  it("is analysed without a failure, and every fix parses", async function () {
    this.timeout(600_000);
    const engine = await analyzer();
    const parse = await parser();
    const settings = allOn();
    let findings = 0;
    for (const path of files(this)) {
      const text = new TextDecoder("utf-8").decode(readFileSync(path));
      if (text.length > LARGEST) continue;
      const snapshot = engine.open(text, settings, path);
      const report = engine.report(snapshot);
      assert.deepEqual(
        report.failures.map((it) => `${it.rule}: ${(it.error as Error).stack}`),
        [],
        path,
      );
      findings += report.findings.length;
      const wasBroken = parse.parse(text).isBroken(0);
      for (const finding of report.findings) {
        const fix = engine.fix(snapshot, finding);
        if (!fix || wasBroken) continue;
        assert.ok(
          !parse.parse(applyEdits(text, fix.edits)).isBroken(0),
          `${path}: the fix of ${finding.rule} at ${finding.range.start} breaks the file`,
        );
      }
    }
    assert.ok(findings > 0, "a corpus in which nothing is found proves nothing");
  });
});
