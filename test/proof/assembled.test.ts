/** Thousands of small programs assembled from the rules' pages: every fix parses, comes to rest, keeps the comments; and the behaviour, for those that are run. */
import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Analyzer } from "../../analysis/analyzer.js";
import type { Parser } from "../../analysis/syntax/parser.js";
import { analyzer, parser } from "../harness/check.js";
import { librariesIn, pythonWith } from "../harness/python.js";
import { assemble, canTakePart, repairs } from "./assembled.js";
import { allPrograms, type Program } from "./programs.js";
import { preloadFor, prove, type Job } from "./prover.js";

const PROGRAMS = Number(process.env["NIPPY_PROGRAMS"] ?? 2_000);
/** Running is a hundred times slower than repairing: one in so many is run. */
const RUN_EACH = Number(process.env["NIPPY_RUN_EACH"] ?? 10);
const SEED = Number(process.env["NIPPY_SEED"] ?? 1);

describe("assembled programs", () => {
  let engine: Analyzer;
  let parse: Parser;
  let programs: readonly Program[];
  const jobs = new Map<string, { readonly job: Job; readonly parts: readonly Program[] }>();

  before(async () => {
    [engine, parse, programs] = [await analyzer(), await parser(), await allPrograms()];
  });

  it(`are repaired without a loss (${PROGRAMS} of them)`, function () {
    this.timeout(900_000);
    const chosen = programs.filter(canTakePart);
    let woken = 0;
    let parts = 0;
    for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
      const assembled = assemble(seed, chosen, parse);
      try {
        assert.ok(!parse.parse(assembled.text).isBroken(0), `it is no Python:\n${assembled.text}`);
        const made = repairs(assembled, engine, parse);
        woken += made.woken;
        parts += assembled.parts.length;
        if (seed % RUN_EACH === 0) made.jobs.forEach((job, index) => jobs.set(`seed ${seed}, ${index}`, { job, parts: assembled.parts }));
      } catch (error) {
        throw new Error(`seed ${seed} (NIPPY_SEED=${seed} NIPPY_PROGRAMS=1): ${(error as Error).message}`, { cause: error });
      }
    }
    assert.ok(woken > parts / 2, `in other clothes most programs still wake their rule: ${woken} fixes for ${parts} programs`);
  });

  it("do the same before and after", async function () {
    this.timeout(900_000);
    const byPython = new Map<string, Map<string, Job>>();
    for (const [name, { job }] of jobs) {
      const python = pythonWith(librariesIn(job.before));
      if ("reason" in python) continue;
      byPython.set(python.path, (byPython.get(python.path) ?? new Map<string, Job>()).set(name, job));
    }
    if (byPython.size === 0) return this.skip();
    const verdicts = await Promise.all([...byPython].map(([path, own]) => prove(path, own, preloadFor([...own.values()].flatMap((it) => librariesIn(it.before))))));
    const problems: string[] = [];
    let ran = 0;
    for (const [name, verdict] of verdicts.flatMap((it) => [...it])) {
      const { job, parts } = jobs.get(name)!;
      if ("failed" in verdict) problems.push(`${name}: ${verdict.failed}`);
      else {
        const owned = new Set(job.strict ? [] : parts.flatMap((it) => it.notes.differs));
        const found = owned.has("always") ? undefined : verdict.differences.find(([variation]) => !owned.has(variation));
        if (found) problems.push(`${name} (${parts.map((it) => it.name).join("; ")}): ${found.join(" | ")}\nbefore:\n${job.before}\nafter:\n${job.after}`);
        ran += verdict.ran;
      }
    }
    assert.deepEqual(problems, []);
    assert.ok(ran > jobs.size, "most calls give a result");
  });
});
