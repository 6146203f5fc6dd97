/** Every fix keeps behaviour: the rules' examples and the cases of their pages run before and after on CPython, with many inputs, and do the same. */
import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { minorOf, type PythonVersion } from "../../analysis/semantics/python-version.js";
import { rules } from "../../rules/index.generated.js";
import { librariesIn, pythonWith } from "../harness/python.js";
import { interpreters } from "./interpreters.js";
import { problemOf } from "./judge.js";
import { jobOf, programsOf, type Program } from "./programs.js";
import { preloadFor, prove, type Verdict } from "./prover.js";

const programs: readonly Program[] = (await Promise.all(rules.map(programsOf))).flat();
const librariesOf = ({ before, notes }: Program) => librariesIn(`${notes.setup}\n${before}\n${notes.driver}`);

describe("fixes keep behaviour", () => {
  const verdicts = new Map<string, Verdict>();

  before("run every program before and after its fixes", async function () {
    this.timeout(900_000);
    const byPython = new Map<string, Program[]>();
    for (const program of programs.filter((it) => it.notes.notRun === undefined)) {
      const python = pythonWith(librariesOf(program));
      if ("path" in python) byPython.set(python.path, [...(byPython.get(python.path) ?? []), program]);
    }
    const runs = [...byPython].map(([path, own]) => prove(path, new Map(own.map((it) => [it.name, jobOf(it)])), preloadFor(own.flatMap(librariesOf))));
    for (const run of await Promise.all(runs)) for (const [name, verdict] of run) verdicts.set(name, verdict);
  });

  for (const program of programs) {
    const { notRun } = program.notes;
    if (notRun !== undefined) {
      it(`${program.name}: not run, because ${notRun}`, () => assert.match(notRun, /^[^.]{10,}$/, "one sentence without a full stop"));
      continue;
    }
    it(program.name, function () {
      const verdict = verdicts.get(program.name);
      if (!verdict) {
        const python = pythonWith(librariesOf(program));
        console.log(`skipped: ${"reason" in python ? python.reason : "no verdict"}`);
        return this.skip();
      }
      const problem = problemOf(program, verdict);
      assert.equal(problem, undefined, `${problem}\nbefore:\n${program.before}\nafter:\n${program.after}`);
    });
  }
});

describe("fixes keep behaviour on other Pythons", () => {
  for (const { version, path } of interpreters()) {
    it(`Python ${version}`, async function () {
      this.timeout(900_000);
      const fits = (it: Program) => it.notes.notRun === undefined && librariesOf(it).length === 0 && minorOf((it.python ?? "3.8") as PythonVersion) <= minorOf(version);
      const chosen = programs.filter(fits);
      const found = await prove(path, new Map(chosen.map((it) => [it.name, jobOf(it)])), preloadFor([]));
      const problems = chosen.flatMap((it) => {
        const problem = problemOf(it, found.get(it.name)!);
        return problem === undefined ? [] : [`${it.name}: ${problem}`];
      });
      assert.deepEqual(problems, []);
    });
  }
});
