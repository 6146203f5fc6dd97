/** Damaged Python: no rule, hover or refactoring fails on it, and analysis always ends. The cases of all pages, mutated by seeded chance. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { createAnalyzer, DEFAULT_SETTINGS } from "../../analysis/analyzer.js";
import { constructs } from "../../guide/constructs/index.generated.js";
import { guide } from "../../guide/index.generated.js";
import { refactorings } from "../../refactorings/index.generated.js";
import { allOn, analyzer, parser } from "../harness/check.js";
import { random } from "../harness/random.js";
import { readSpec } from "../harness/spec.js";

const MUTANTS = 4_000;
const SCRAPS = ["(", ")", "[", "\n", ":", "'", '"""', "    ", "\t", "#", "=", "\0", "\ud800", "é", "\r", "\\\n", "*", "lambda: ", "await ", "yield ", "async "];

const sources = readdirSync("test/rules").flatMap((area) =>
  readdirSync(join("test/rules", area)).flatMap((page) => readSpec(readFileSync(join("test/rules", area, page), "utf8")).map((it) => it.source)),
);

function mutant({ below, pick }: ReturnType<typeof random>, from: readonly string[] = sources): string {
  let text = pick(from);
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(text.length + 1);
    const length = below(12);
    const lines = text.split("\n");
    const [a, b] = [below(lines.length), below(lines.length)];
    const other = pick(from);
    const begin = below(other.length);
    text = pick([
      () => text.slice(0, at) + text.slice(at + length),
      () => text.slice(0, at) + text.slice(at, at + length) + text.slice(at),
      () => text.slice(0, at) + other.slice(begin, begin + 60) + text.slice(at),
      () => text.slice(0, at) + pick(SCRAPS) + text.slice(at),
      () => lines.with(a, lines[b]!).with(b, lines[a]!).join("\n"),
    ])();
  }
  return text;
}

describe("damaged Python", () => {
  it("makes no hover and no refactoring fail", async function () {
    this.timeout(240_000);
    const told: string[] = [];
    const onFixFailure = ({ rule, error }: { readonly rule: string; readonly error: unknown }) => told.push(`${rule}: ${(error as Error).stack}`);
    const engine = createAnalyzer({ parser: await parser(), rules: [], guide, guideUrl: (anchor) => anchor, constructs, refactorings, onFixFailure });
    const chance = random(Number(process.env["NIPPY_SEED"] ?? 2027));
    const codes = [...constructs.map((it) => it.example), ...refactorings.map((it) => it.example.before)].map((it) => it.replaceAll("‸", ""));
    for (let number = 0; number < MUTANTS; number++) {
      const text = mutant(chance, number % 2 === 0 ? codes : sources);
      const snapshot = engine.open(text, DEFAULT_SETTINGS, "m.py");
      for (let asked = 0; asked < 8; asked++) {
        const offset = chance.below(text.length + 1);
        engine.constructAt(snapshot, offset);
        engine.wordBefore(snapshot, offset);
        const selection = { start: offset, end: Math.min(text.length, offset + chance.pick([0, 0, 0, 40])) };
        for (const { name } of engine.refactoringsAt(snapshot, selection)) engine.refactor(snapshot, selection, name);
      }
      assert.deepEqual(told, [], `mutant ${number}:\n${text}`);
    }
  });

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
