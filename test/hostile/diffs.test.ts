/** Diffs of files that change in as many lines as a stranger likes: written in the time of the file, not its square, and right. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { applyPatch } from "diff";
import { unifiedDiff } from "../../host/unified-diff.js";
import { random } from "../harness/random.js";

const numbered = (count: number, line: (number: number) => string) =>
  Array.from({ length: count }, (_, it) => line(it));

describe("a diff", () => {
  it("of a hundred thousand lines that all change is ready in seconds, and applies", () => {
    const before = numbered(100_000, (it) => `a${it} = ${it}\n`).join("");
    const after = before.replaceAll("a", "b");
    const since = process.cpuUsage().user;
    const diff = unifiedDiff("a.py", before, after);
    assert.ok(process.cpuUsage().user - since < 20_000_000);
    assert.equal(diff.match(/^-a/gm)?.length, 100_000);
    assert.equal(diff.match(/^\+b/gm)?.length, 100_000);
  });

  it("of many changes far from each other has a hunk for each, with three lines around it", () => {
    const lines = numbered(10_000, (it) => `a${it}\n`);
    const before = lines.join("");
    const after = lines.map((it, index) => (index % 10 === 5 ? `b${it}` : it)).join("");
    const diff = unifiedDiff("a.py", before, after);
    assert.equal(diff.match(/^@@/gm)?.length, 1_000);
    assert.match(diff, /^@@ -3,7 \+3,7 @@\n a2\n a3\n a4\n-a5\n\+ba5\n a6\n a7\n a8\n@@ -13,7/m);
    assert.equal(applyPatch(before, diff), after);
  });

  it("applies whatever changed", () => {
    for (let seed = 0; seed < 10; seed++) {
      const { below, pick } = random(seed);
      const lines = (count: number) => numbered(count, () => `${below(8)}\n`);
      const odd = (text: string) => (below(2) === 0 ? text : text.trimEnd());
      const changed = (line: string) => pick([line, "", `${line}x\n`, ...lines(1), lines(40).join("")]);
      const all = lines(2_000);
      const [before, after] = [odd(all.join("")), odd(all.map((it) => (below(2) === 0 ? changed(it) : it)).join(""))];
      const diff = unifiedDiff("a.py", before, after);
      assert.equal(applyPatch(before, diff), after, `seed ${seed}`);
    }
  });
});
