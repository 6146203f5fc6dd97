/** Programs written to break fixes: whatever is offered as a safe fix keeps their behaviour. */
import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { analyzer, parser } from "../harness/check.js";
import { librariesIn, pythonWith } from "../harness/python.js";
import { attacks, safelyFixed } from "./adversarial.js";
import { disturbed } from "./adversarial-disturbed.js";
import { allPrograms } from "./programs.js";
import type { Job, Verdict } from "./prover.js";
import { ask, type Question } from "./verdicts.js";

/** A verdict may have to wait for all others. */
const PATIENCE = 2_400_000;

/** Of the pages' own programs, with a statement put in by chance. */
const DISTURBED = Number(process.env["NIPPY_DISTURBED"] ?? 150);
const SEED = Number(process.env["NIPPY_SEED"] ?? 1);
/** Which inputs tell most about objects; the pages themselves are proven with all. */
const VARIATIONS = ["many", "one", "unknown", "shared", "subclass raises", "mutating", "generator"];

const plain = (await allPrograms()).filter((it) => librariesIn(it.before).length === 0);
const chances = disturbed(plain, DISTURBED, SEED, await parser());
const programs = [...attacks(), ...chances];

const isFine = (verdict: Verdict) =>
  !("failed" in verdict) && verdict.differences.length === 0 && verdict.missing === null;

describe("safe fixes withstand attacks", () => {
  const jobs = new Map<string, readonly Job[]>();
  const verdicts = new Map<Job, Promise<Verdict>>();

  before("ask for all verdicts", async function () {
    this.timeout(PATIENCE);
    const engine = await analyzer();
    const questions: Question[] = [];
    for (const program of programs) {
      const variations = chances.includes(program) ? { variations: VARIATIONS } : {};
      const own = safelyFixed(program, engine).map((job) => ({ ...job, ...variations }));
      jobs.set(program.name, own);
      const libraries = librariesIn(`${program.setup}\n${program.text}\n${program.driver}`);
      const python = pythonWith(libraries);
      if ("reason" in python) continue;
      for (const [index, job] of own.entries())
        questions.push({
          name: `${program.name} ${index}`,
          area: "adversarial",
          python: python.path,
          libraries,
          job,
          isFine,
        });
    }
    const answers = ask(questions, { isWhole: true, mayRemember: true });
    for (const question of questions) verdicts.set(question.job, answers.verdicts.get(question)!);
    await answers.kept;
  });

  for (const { name, staysSafe } of programs) {
    it(name, async function () {
      this.timeout(PATIENCE);
      const own = jobs.get(name)!;
      if (staysSafe) assert.ok(own.length > 0, "it should get a safe fix");
      const { parse } = await parser();
      for (const job of own) {
        const both = `before:\n${job.before}\nafter:\n${job.after}`;
        assert.ok(!parse(job.after).isBroken(0), `the syntax broke\n${both}`);
        const asked = verdicts.get(job);
        if (!asked) return this.skip();
        const verdict = await asked;
        assert.ok(!("failed" in verdict), `it cannot be run: ${"failed" in verdict ? verdict.failed : ""}\n${both}`);
        assert.equal(verdict.missing, null, "a module is missing");
        assert.deepEqual(verdict.differences.slice(0, 3), [], `behaves differently\n${both}`);
      }
    });
  }
});
