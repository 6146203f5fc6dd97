/** Damaged Python: no rule fails on it, and analysis always ends. The cases of all pages, mutated by seeded chance. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { allOn, analyzer } from "../harness/check.js";
import { random } from "../harness/random.js";
import { readSpec } from "../harness/spec.js";

const MUTANTS = 4_000;
const SCRAPS = ["(", ")", "[", "\n", ":", "'", '"""', "    ", "\t", "#", "=", "\0", "\ud800", "é", "\r", "\\\n", "*", "lambda: ", "await ", "yield ", "async "];

const sources = readdirSync("test/rules").flatMap((area) =>
  readdirSync(join("test/rules", area)).flatMap((page) => readSpec(readFileSync(join("test/rules", area, page), "utf8")).map((it) => it.source)),
);

function mutant({ below, pick }: ReturnType<typeof random>): string {
  let text = pick(sources);
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(text.length + 1);
    const length = below(12);
    const lines = text.split("\n");
    const [a, b] = [below(lines.length), below(lines.length)];
    const other = pick(sources);
    const from = below(other.length);
    text = pick([
      () => text.slice(0, at) + text.slice(at + length),
      () => text.slice(0, at) + text.slice(at, at + length) + text.slice(at),
      () => text.slice(0, at) + other.slice(from, from + 60) + text.slice(at),
      () => text.slice(0, at) + pick(SCRAPS) + text.slice(at),
      () => lines.with(a, lines[b]!).with(b, lines[a]!).join("\n"),
    ])();
  }
  return text;
}

describe("damaged Python", () => {
  it("makes no rule fail, in finding, wording or repairing", async function () {
    this.timeout(120_000);
    const engine = await analyzer();
    const settings = allOn();
    const chance = random(Number(process.env["NIPPY_SEED"] ?? 2026));
    for (let number = 0; number < MUTANTS; number++) {
      const text = mutant(chance);
      const snapshot = engine.open(text, settings, "m.py");
      const { findings, failures } = engine.report(snapshot);
      assert.deepEqual(failures.map((it) => `${it.rule}: ${(it.error as Error).stack}`), [], `mutant ${number}:\n${text}`);
      for (const finding of findings) engine.fix(snapshot, finding);
    }
  });
});
