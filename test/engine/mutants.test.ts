/** Damaged Python: no rule, hover or refactoring fails on it, and analysis always ends. The cases of all pages, mutated by seeded chance. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { createAnalyzer, DEFAULT_SETTINGS } from "../../analysis/analyzer.js";
import { constructs } from "../../guide/constructs/index.generated.js";
import { guide } from "../../guide/index.generated.js";
import { refactorings } from "../../refactorings/index.generated.js";
import { allOn, analyzer, parser } from "../harness/check.js";
import { mutant, tangled } from "../harness/mutant.js";
import { random } from "../harness/random.js";
import { manyFiles, pageTexts } from "../soak/files.js";
import { mutants } from "../soak/mutants.js";

const MUTANTS = 4_000;

const sources = pageTexts();

describe("damaged Python", () => {
  it("makes no hover and no refactoring fail", async () => {
    const told: string[] = [];
    const onFixFailure = ({ rule, error }: { readonly rule: string; readonly error: unknown }) =>
      told.push(`${rule}: ${(error as Error).stack}`);
    const engine = createAnalyzer({
      parser: await parser(),
      rules: [],
      guide,
      guideUrl: (anchor) => anchor,
      constructs,
      refactorings,
      onFixFailure,
    });
    const chance = random(Number(process.env["NIPPY_SEED"] ?? 2027));
    const codes = [...constructs.map((it) => it.example), ...refactorings.map((it) => it.example.before)].map((it) =>
      it.replaceAll("‸", ""),
    );
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

  it("makes no rule fail, in finding, wording or repairing", async () => {
    const engine = await analyzer();
    const settings = allOn();
    const chance = random(Number(process.env["NIPPY_SEED"] ?? 2026));
    for (let number = 0; number < 3 * MUTANTS; number++) {
      const text = number % 2 === 0 ? mutant(chance, sources) : tangled(chance, sources);
      const snapshot = engine.open(text, settings, "m.py");
      const { findings, failures } = engine.report(snapshot);
      assert.deepEqual(
        failures.map((it) => `${it.rule}: ${(it.error as Error).stack}`),
        [],
        `mutant ${number}:\n${text}`,
      );
      for (const finding of findings) engine.fix(snapshot, finding);
    }
  });

  // `npm run soak -- --only mutants` goes on where this ends.
  it("is looked at whole, from its bytes on, without failing", async () => {
    const pages = pageTexts();
    const files = [...manyFiles(200), ...pages.slice(0, 20).map((it) => Buffer.from(it))];
    const run = mutants(await parser(), allOn(), files, pages);
    const first = Number(process.env["NIPPY_SEED"] ?? 1);
    for (let seed = first; seed < first + 2_000; seed++) assert.equal(run.look(seed).problem, undefined);
  });
});

describe("long rows of definitions", () => {
  const COUNT = 2_000;
  const rows: Readonly<Record<string, string>> = {
    "functions that return each other's results": `${row((it) => `def f${it}():\n    return f${it + 1}()\n\n\n`)}def f${COUNT}():\n    return []\n\n\nf0()\n`,
    "coroutines that wait for each other": `${row((it) => `async def f${it}():\n    return await f${it + 1}()\n\n\n`)}async def main():\n    f0()\n`,
    "methods that return each other's results": `class Row:\n${row((it) => `    def f${it}(self):\n        return self.f${it + 1}()\n\n`)}    def f${COUNT}(self):\n        return []\n\n\nRow().f0()\n`,
    "values in values": `${row((it) => `x${it} = [x${it + 1}]\n\n\ndef g${it}():\n    x${it}()\n\n\n`)}x${COUNT} = []\n`,
    "classes of classes": `${row((it) => `class C${it}(C${it + 1}):\n    def a(self):\n        self.b()\n\n\n`)}class C${COUNT}(list):\n    pass\n`,
  };
  function row(line: (number: number) => string): string {
    return Array.from({ length: COUNT }, (_, number) => line(number)).join("");
  }
  for (const [title, text] of Object.entries(rows)) {
    it(`make no rule fail: ${title}`, async () => {
      const engine = await analyzer();
      const { failures } = engine.report(engine.open(text, allOn(), "m.py"));
      assert.deepEqual([...new Set(failures.map((it) => `${it.rule}: ${String(it.error)}`))], []);
    });
  }

  it("keep no refactoring busy: two functions that are alike in a thousand statements", async () => {
    const engine = createAnalyzer({
      parser: await parser(),
      rules: [],
      guide,
      guideUrl: (anchor) => anchor,
      constructs,
      refactorings,
    });
    const body = "    number = number * 2 + 1\n".repeat(1_000);
    const text = `def first(number):\n${body}    return number\n\n\ndef second(number):\n${body}    return number\n`;
    const snapshot = engine.open(text, DEFAULT_SETTINGS, "m.py");
    for (const offset of [5, 60, text.length - 5]) engine.refactoringsAt(snapshot, { start: offset, end: offset });
  });
});
