/** One list, and hundreds of places in one loop that use it: a rule that tells of the first of them asks each of them, and must not ask all of them each time. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { createAnalyzer } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, parser } from "../harness/check.js";

/** A tenth of what a rule is given, and many times what one of these needs. */
const LIMITS = { nodes: 10_000_000, milliseconds: 20_000 };
const TIMES = 300;

const inLoop = (statement: string, before = "seen = []") =>
  `def work(words: list[str]) -> int:\n    ${before}\n    for word in words:\n${`        ${statement}\n`.repeat(TIMES)}        print(word)\n    return len(seen)\n`;

const TEXTS: Readonly<Record<string, string>> = {
  "conditions of a comprehension": `def without(words: list[str], path: str) -> list[str]:\n    dropped = path.split("/")\n    return [word for word in words${" if word not in dropped".repeat(TIMES)}]\n`,
  "tests in a loop": inLoop("if word in seen: print(1)\n        else: seen.append(word)"),
  "items taken from the front": inLoop("word = seen.pop(0)\n        seen.append(word)"),
  "items put in front": inLoop("seen.insert(0, word)"),
  "items counted": inLoop("print(words.count(word))"),
  "places asked for": inLoop("print(words.index(word))"),
  "numbers written into a training": inLoop("seen = make(words, lr=0.001).fit(batch_size=64)"),
};

describe("hundreds of uses of one list", () => {
  for (const [name, text] of Object.entries(TEXTS))
    it(`hold no rule up: ${name}`, async () => {
      const engine = createAnalyzer({ parser: await parser(), rules, guide: [], guideUrl: (it) => it, limits: LIMITS });
      const snapshot = engine.open(text, allOn(), "module.py");
      const { failures, findings } = engine.report(snapshot);
      assert.deepEqual(failures, []);
      assert.ok(findings.length > 0);
      for (const it of findings) assert.doesNotMatch(engine.whyNoFix(snapshot, it) ?? "", /takes too long/);
    });
});
