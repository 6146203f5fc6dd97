/** Every fix keeps behaviour: the rules' examples and the cases of their pages run before and after on CPython, with many inputs, and do the same. */
import assert from "node:assert/strict";
import { after, before, describe, it, type Context } from "mocha";
import { minorOf, type PythonVersion } from "../../analysis/semantics/python-version.js";
import { chosenRules, isAskedFor, isChosenProgram, isNarrowed } from "../harness/chosen.js";
import { librariesIn, pythonWith } from "../harness/python.js";
import { interpreters } from "./interpreters.js";
import { problemOf } from "./judge.js";
import { shownOutcomes } from "./outcomes.js";
import { jobOf, programsOf, type Program } from "./programs.js";
import type { Verdict } from "./prover.js";
import { ask, tally, type Question } from "./verdicts.js";

/** A verdict may have to wait for all others. */
const PATIENCE = 2_400_000;

const programs: readonly Program[] = (await Promise.all(chosenRules.map(programsOf)))
  .flat()
  .filter((it) => isChosenProgram(it.name));
const run = programs.filter((it) => it.notes.notRun === undefined && it.notes.processes === "");
const librariesOf = ({ before, notes }: Program) => librariesIn(`${notes.setup}\n${before}\n${notes.driver}`);

function questionOf(program: Program, python: string): Question {
  return {
    name: program.name,
    area: program.rule.split("/")[0]!,
    python,
    libraries: librariesOf(program),
    job: jobOf(program),
    isFine: (verdict) => problemOf(program, verdict) === undefined,
  };
}

interface Asked {
  readonly program: Program;
  readonly verdict: Promise<Verdict>;
}

let written: Promise<unknown> | undefined;
const own = new Map<string, Asked>();
const others = new Map<PythonVersion, readonly Asked[]>();

// Before any suite, so that everything is under way while the others work.
before("ask for all verdicts", () => {
  const mine = run.flatMap((program) => {
    const python = pythonWith(librariesOf(program));
    return "path" in python ? [{ program, question: questionOf(program, python.path) }] : [];
  });
  const elsewhere = interpreters().map(({ version, path }) => {
    const fits = (it: Program) =>
      librariesOf(it).length === 0 && minorOf((it.python ?? "3.8") as PythonVersion) <= minorOf(version);
    return { version, asked: run.filter(fits).map((program) => ({ program, question: questionOf(program, path) })) };
  });
  const { verdicts, kept } = ask(
    [...mine, ...elsewhere.flatMap((it) => it.asked)].map((it) => it.question),
    { isWhole: !isNarrowed, mayRemember: !programs.some((it) => isAskedFor(it.name)) },
  );
  const asked = (it: (typeof mine)[number]): Asked => ({ program: it.program, verdict: verdicts.get(it.question)! });
  written = kept;
  for (const it of mine) own.set(it.program.name, asked(it));
  for (const it of elsewhere) others.set(it.version, it.asked.map(asked));
});

after(async function () {
  this.timeout(PATIENCE);
  await written;
  const { asked, remembered, proverSeconds } = tally;
  console.log(`proofs: ${asked}, of which ${remembered} known from before; ${proverSeconds.toFixed(0)} s in Pythons`);
});

const failure = (program: Program, problem: string) =>
  `${problem}\nalone: npm run test:proof -- "${program.name}"\nbefore:\n${program.before}\nafter:\n${program.after}`;

describe("fixes keep behaviour", () => {
  for (const program of programs.filter((it) => it.notes.processes === "")) {
    const { notRun } = program.notes;
    if (notRun !== undefined) {
      it(`${program.name}: not run, because ${notRun}`, () =>
        assert.match(notRun, /^[^.]{10,}$/, "one sentence without a full stop"));
      continue;
    }
    it(program.name, async function () {
      this.timeout(PATIENCE);
      const asked = own.get(program.name);
      if (!asked) return skipped(this, program);
      const problem = problemOf(program, await asked.verdict);
      if (isAskedFor(program.name)) console.log(await shownOutcomes(program, librariesOf(program)));
      if (problem !== undefined) assert.fail(failure(program, problem));
    });
  }
});

function skipped(test: Context, program: Program): void {
  const python = pythonWith(librariesOf(program));
  console.log(`skipped: ${"reason" in python ? python.reason : "no verdict"}`);
  test.skip();
}

describe("fixes keep behaviour on other Pythons", () => {
  for (const { version } of interpreters()) {
    it(`Python ${version}`, async function () {
      this.timeout(PATIENCE);
      const problems: string[] = [];
      for (const { program, verdict } of others.get(version)!) {
        const here = own.get(program.name);
        const problem = problemOf(program, await verdict);
        // What fails here too is told above.
        const isToldAbove = here !== undefined && problemOf(program, await here.verdict) !== undefined;
        if (problem !== undefined && !isToldAbove) problems.push(failure(program, problem));
      }
      if (problems.length > 0) assert.fail(problems.join("\n\n"));
    });
  }
});
