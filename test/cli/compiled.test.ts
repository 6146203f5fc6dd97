/** The code that V8 compiled is kept beside no project, is used again, and is never trusted blindly. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { CLEAN, inProject, ROWS, type Files, type Outcome, type Project } from "./nippy.js";

const FILES: Files = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`package/module_${index}.py`, index % 9 === 0 ? ROWS : CLEAN]));

/** Tells on standard error, for each thread that loads the bundle, whether V8 took what was kept. */
const WATCHING = `data:text/javascript,${encodeURIComponent(`
  import { syncBuiltinESMExports } from "node:module";
  import { writeSync } from "node:fs";
  import vm from "node:vm";
  vm.Script = class extends vm.Script {
    constructor(...given) {
      super(...given);
      writeSync(2, "taken: " + (this.cachedDataRejected === false) + "\\n");
    }
  };
  syncBuiltinESMExports();
`)}`;

function check({ runWith, path }: Project, env: Record<string, string> = {}): Outcome {
  return runWith({ env: { XDG_CACHE_HOME: path("user"), NODE_OPTIONS: `--import ${WATCHING}`, ...env } }, "check", "package", "--no-cache", "--jobs", "2");
}

const store = ({ path }: Project) => path("user/nippy/compiled");
const kept = (project: Project) => (existsSync(store(project)) ? readdirSync(store(project)).map((it) => join(store(project), it)) : []);
/** A thread that starts when all is done already says nothing. */
const taken = ({ stderr }: Outcome) => [...new Set([...stderr.matchAll(/taken: (\w+)/g)].map(([, it]) => it))];

describe("compiled code", () => {
  if (process.platform !== "linux") return;

  it("is kept by one run and taken by all threads of the next", inProject(FILES, (project) => {
    const first = check(project);
    assert.deepEqual(taken(first), ["false"]);
    assert.equal(kept(project).length, 1);
    const second = check(project);
    assert.deepEqual(taken(second), ["true"]);
    assert.equal(second.stdout, first.stdout);
    assert.deepEqual(taken(project.runWith({ env: { XDG_CACHE_HOME: project.path("user"), NODE_OPTIONS: `--import ${WATCHING}` } }, "check", "package/module_1.py")), ["true"]);
    assert.deepEqual(readdirSync(project.folder).sort(), [".nippy_cache", "package", "user"]);
  })).timeout(60_000);

  it("is made anew where it was damaged, cut short, emptied or replaced", inProject(FILES, (project) => {
    const fresh = check(project);
    const [file] = kept(project) as [string];
    const whole = readFileSync(file);
    const harms: (() => void)[] = [
      () => writeFileSync(file, whole.map((byte, index) => (index === 500_000 ? byte ^ 1 : byte))),
      () => truncateSync(file, statSync(file).size >> 1),
      () => writeFileSync(file, ""),
      () => writeFileSync(file, "console.log('no')"),
    ];
    for (const harm of harms) {
      harm();
      const again = check(project);
      assert.deepEqual([taken(again), again.stdout, again.status], [["false"], fresh.stdout, fresh.status]);
      assert.deepEqual(taken(check(project)), ["true"]);
    }
  })).timeout(120_000);

  it("is another one for other options of Node", inProject(FILES, (project) => {
    check(project);
    assert.deepEqual(taken(check(project, { NODE_OPTIONS: `--import ${WATCHING} --max-old-space-size=900` })), ["false"]);
    assert.deepEqual(taken(check(project)), ["true"]);
  })).timeout(60_000);

  it("is not kept where Node's switch says so, nor by runs of few files, nor by repairs", inProject(FILES, (project) => {
    assert.equal(check(project, { NODE_DISABLE_COMPILE_CACHE: "1" }).status, 1);
    assert.equal(project.runWith({ env: { XDG_CACHE_HOME: project.path("user") } }, "check", "package/module_0.py").status, 1);
    assert.equal(project.runWith({ env: { XDG_CACHE_HOME: project.path("user") } }, "check", "package", "--diff", "--unsafe-fixes", "--jobs", "2").status, 1);
    assert.deepEqual(kept(project), []);
  })).timeout(60_000);

  it("costs nothing but time where it cannot be kept", inProject(FILES, (project) => {
    const fresh = check(project);
    rmSync(project.path("user"), { recursive: true });
    mkdirSync(project.path("user"));
    writeFileSync(project.path("user/nippy"), "a file where the folder should be");
    const { stdout, status } = check(project);
    assert.deepEqual([stdout, status], [fresh.stdout, fresh.status]);
    assert.deepEqual(kept(project), []);
  })).timeout(60_000);
});
