/** Thousands of small programs assembled from the rules' pages: every fix parses, converges, keeps the comments; and the behaviour, for those that are run. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { before, describe, it } from "mocha";
import type { Analyzer } from "../../analysis/analyzer.js";
import type { Parser } from "../../analysis/syntax/parser.js";
import { analyzer, parser } from "../harness/check.js";
import { librariesIn, pythonWith } from "../harness/python.js";
import { assemble, canTakePart, repairs } from "./assembled.js";
import { allPrograms, type Program } from "./programs.js";
import type { Job, Verdict } from "./prover.js";
import { ask, type Question } from "./verdicts.js";

const PROGRAMS = Number(process.env["NIPPY_PROGRAMS"] ?? 2_000);
/** Running is a hundred times slower than repairing: one in so many is run. */
const RUN_EACH = Number(process.env["NIPPY_RUN_EACH"] ?? 10);
const PAUSE_EACH = 20;
const SEED = Number(process.env["NIPPY_SEED"] ?? 1);

/** Undefined where both forms do the same, apart from the known differences of the pages it was made from. */
function objectionTo(verdict: Verdict, job: Job, parts: readonly Program[]): string | undefined {
  if ("failed" in verdict) return verdict.failed;
  const known = parts.flatMap((it) => it.notes.differs);
  // What runs at once comes in another order each time, also where nothing of it was repaired.
  const owned = new Set(job.strict ? known.filter((it) => it === "order") : known);
  const found = owned.has("always") ? undefined : verdict.differences.find(([variation]) => !owned.has(variation));
  return found?.join(" | ");
}

describe("assembled programs", () => {
  let engine: Analyzer;
  let parse: Parser;
  let programs: readonly Program[];
  const jobs = new Map<string, { readonly job: Job; readonly parts: readonly Program[] }>();

  before(async () => {
    [engine, parse, programs] = [await analyzer(), await parser(), await allPrograms()];
  });

  it(`are repaired without a loss (${PROGRAMS} of them)`, async function () {
    this.timeout(2_400_000);
    const chosen = programs.filter(canTakePart);
    let woken = 0;
    let parts = 0;
    for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
      const assembled = assemble(seed, chosen, parse);
      // The proofs that run meanwhile are told of here.
      if (seed % PAUSE_EACH === 0) await setImmediate();
      try {
        assert.ok(!parse.parse(assembled.text).isBroken(0), `it is no Python:\n${assembled.text}`);
        const made = repairs(assembled, engine, parse);
        woken += made.woken;
        parts += assembled.parts.length;
        if (seed % RUN_EACH === 0)
          made.jobs.forEach((job, index) => jobs.set(`seed ${seed}, ${index}`, { job, parts: assembled.parts }));
      } catch (error) {
        throw new Error(`seed ${seed} (NIPPY_SEED=${seed} NIPPY_PROGRAMS=1): ${(error as Error).message}`, {
          cause: error,
        });
      }
    }
    assert.ok(
      woken > parts / 2,
      `in other clothes most programs still wake their rule: ${woken} fixes for ${parts} programs`,
    );
  });

  it("do the same before and after", async function () {
    this.timeout(2_400_000);
    const questions = [...jobs].flatMap(([name, { job, parts }]): readonly Question[] => {
      const libraries = librariesIn(job.before);
      const python = pythonWith(libraries);
      if ("reason" in python) return [];
      const isFine = (verdict: Verdict) => objectionTo(verdict, job, parts) === undefined;
      return [{ name, area: "assembled", python: python.path, libraries, job, isFine }];
    });
    if (questions.length === 0) return this.skip();
    const { verdicts, kept } = ask(questions, { isWhole: true, mayRemember: true });
    const problems: string[] = [];
    let ran = 0;
    for (const question of questions) {
      const { name, job } = question;
      const verdict = await verdicts.get(question)!;
      const { parts } = jobs.get(name)!;
      const objection = objectionTo(verdict, job, parts);
      if (objection !== undefined)
        problems.push(
          `${name} (${parts.map((it) => it.name).join("; ")}): ${objection}\nbefore:\n${job.before}\nafter:\n${job.after}`,
        );
      if (!("failed" in verdict)) ran += verdict.ran;
    }
    await kept;
    assert.deepEqual(problems, []);
    assert.ok(ran > jobs.size, "most calls give a result");
  });
});
