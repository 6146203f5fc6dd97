/** Results kept from run to run: the same report without the rules being loaded, and never a wrong or stale one. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CLEAN, CLI, CLOCK, inProject, jsonOf, ROWS, type Files, type Outcome, type Project } from "./nippy.js";

const FILES = {
  "a.py": ROWS,
  "b.py": CLOCK,
  "src/c.py": ROWS.replace("df.iterrows():", "df.iterrows():  # nippy: ignore[no/such-rule] \u{1f40d}"),
  "src/clean.py": CLEAN,
  "src/broken.py": "\0",
  "src/empty.py": "",
  "strict/nippy.toml": '[levels]\n"pandas/iterrows" = "error"\n',
  "strict/d.py": `# coding: latin-1\n${ROWS}`,
};

/** Fails when the bundle with the rules is loaded. */
const WITHOUT_ENGINE = `data:text/javascript,${encodeURIComponent(`
  import Module from "node:module";
  const load = Module._load;
  Module._load = (request, ...rest) => {
    if (request.endsWith("scan.cjs")) throw new Error("the engine was loaded");
    return load(request, ...rest);
  };
`)}`;

/** Runs on what is known alone: should anything have to be looked at, the run fails. */
function runKnown({ runWith }: Project, ...words: readonly string[]): Outcome {
  return runWith({ env: { NODE_OPTIONS: `--import ${WITHOUT_ENGINE}` } }, ...words);
}

/** Where results lie unless the user says otherwise. */
function own({ home }: Project): string {
  return join(home, ".cache/nippy");
}

function shelves(project: Project, cache?: string): readonly string[] {
  const folder = cache === undefined ? own(project) : project.path(cache);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((it) => join(folder, it))
    .filter((it) => it.endsWith(".results"));
}

describe("the cache", () => {
  it(
    "gives the same report, byte for byte, in every format",
    inProject(FILES, (project) => {
      const { run } = project;
      const views = [
        ["--format", "text"],
        ["--format", "json"],
        ["--format", "sarif"],
        ["--format", "github"],
        ["--color", "always"],
        ["--statistics"],
        ["--quiet"],
      ];
      for (const view of views) {
        const fresh = run("check", "--no-cache", ...view);
        assert.equal(fresh.status, 2);
        rmSync(own(project), { recursive: true, force: true });
        assert.deepEqual(run("check", ...view), fresh, `${view.join(" ")}, first`);
        assert.deepEqual(run("check", ...view), fresh, `${view.join(" ")}, second`);
      }
    }),
  );

  it(
    "loads neither engine nor rules when everything is known",
    inProject(FILES, (project) => {
      const first = project.run("check", "--jobs", "2");
      assert.deepEqual(runKnown(project, "check"), first);
      assert.deepEqual(
        jsonOf(runKnown(project, "check", "src", "--format", "json")).findings.map((it) => it.path),
        ["src/c.py"],
      );
      assert.match(runKnown(project, "check", "--no-cache").stderr, /the engine was loaded/);
    }),
  );

  it(
    "looks again at a file whose bytes changed, even if its size and times did not",
    inProject({ "a.py": ROWS, "b.py": ROWS }, (project) => {
      const found = () =>
        jsonOf(project.run("check", "--format", "json", "--select", "pandas/iterrows")).findings.map((it) => it.path);
      assert.deepEqual(found(), ["a.py", "b.py"]);
      const { atime, mtime } = statSync(project.path("a.py"));
      project.write("a.py", ROWS.replace("iterrows", "iterrowz"));
      utimesSync(project.path("a.py"), atime, mtime);
      assert.deepEqual(found(), ["b.py"]);
      project.write("a.py", ROWS);
      assert.deepEqual(found(), ["a.py", "b.py"]);
    }),
  );

  it(
    "knows a result only under the settings it was found with",
    inProject({ "a.py": ROWS, "b.py": CLOCK }, (project) => {
      const rulesFound = (...words: readonly string[]) =>
        jsonOf(project.run("check", "--format", "json", ...words)).findings.map((it) => `${it.rule} ${it.level}`);
      const all = rulesFound();
      assert.equal(all.length, 2);
      assert.deepEqual(rulesFound("--select", "pandas/*"), ["pandas/iterrows warning"]);
      assert.deepEqual(rulesFound("--ignore", "pandas/*"), ["profiling/wall-clock-duration info"]);
      project.write("nippy.toml", '[levels]\n"pandas/iterrows" = "error"\n');
      assert.deepEqual(rulesFound(), ["pandas/iterrows error", "profiling/wall-clock-duration info"]);
      rmSync(project.path("nippy.toml"));
      assert.deepEqual(rulesFound(), all);
      for (const words of [["--select", "pandas/*"], ["--ignore", "pandas/*"], []])
        assert.equal(runKnown(project, "check", ...words).status, 1);
      assert.match(runKnown(project, "check", "--python", "3.14").stderr, /the engine was loaded/);
    }),
  );

  it(
    "knows a result only at its path, which tells tests from other code",
    inProject({ "code/a.py": CLOCK }, (project) => {
      project.run("check");
      renameSync(project.path("code"), project.path("tests"));
      assert.match(runKnown(project, "check").stderr, /the engine was loaded/);
      assert.deepEqual(project.run("check"), project.run("check", "--no-cache"));
    }),
  );

  it(
    "belongs to one build",
    inProject({ "a.py": ROWS }, (project) => {
      project.run("check");
      const copy = project.path("product/dist");
      cpSync(dirname(CLI), copy, { recursive: true, filter: (it) => !/\.map$|\/(web|guide|snippets)$/.test(it) });
      cpSync(join(dirname(CLI), "../package.json"), project.path("product/package.json"));
      const runCopy = () =>
        spawnSync(process.execPath, [join(copy, "cli.cjs"), "check", "a.py"], {
          cwd: project.folder,
          env: { HOME: project.home },
        }).status;
      assert.equal(runCopy(), 1);
      assert.equal(shelves(project).length, 1, "the same bytes are the same build, wherever they lie");
      appendFileSync(join(copy, "scan.cjs"), "\n");
      assert.equal(runCopy(), 1);
      assert.equal(shelves(project).length, 2);
    }),
  );

  it(
    "may be deleted, damaged or forged: it is then made anew",
    inProject(FILES, (project) => {
      const fresh = project.run("check", "--no-cache");
      const harms: ((shelf: string) => void)[] = [
        (it) => rmSync(it),
        (it) => truncateSync(it, Math.floor(statSync(it).size / 2)),
        (it) => writeFileSync(it, ""),
        (it) => writeFileSync(it, "{}"),
        (it) => writeFileSync(it, Uint8Array.of(0, 255, 254, 10, 13)),
        (it) => writeFileSync(it, readFileSync(it, "utf8").replace(/"pandas/g, '"qandas')),
      ];
      for (const harm of harms) {
        project.run("check");
        const made = shelves(project);
        assert.equal(made.length, 3);
        made.forEach(harm);
        assert.deepEqual(project.run("check"), fresh);
        assert.deepEqual(runKnown(project, "check"), fresh);
      }
      const [one, other] = shelves(project);
      cpSync(one!, other!);
      assert.deepEqual(project.run("check"), fresh, "one shelf in the place of another");
    }),
  );

  /** So much that no thread is done before the others have started. */
  const LONG =
    "def total(values):\n    found = 0\n    for value in values:\n        found += value\n    return found\n\n\n".repeat(
      120,
    );
  const MANY: Files = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`long_${index}.py`, index % 10 === 0 ? `${ROWS}\n\n${LONG}` : LONG]),
  );

  it(
    "keeps what several threads found",
    inProject(MANY, (project) => {
      const fresh = project.run("check", "--no-cache", "--jobs", "1");
      assert.deepEqual(project.run("check", "--jobs", "3"), fresh);
      assert.deepEqual(runKnown(project, "check"), fresh);
    }),
  );

  it(
    "is safe with several runs at once",
    inProject(FILES, (project) => {
      const fresh = project.run("check", "--no-cache", "--format", "json");
      const script = `
      const { spawn } = require("node:child_process");
      const run = () => new Promise((done) => {
        const child = spawn(process.execPath, [${JSON.stringify(CLI)}, "check", "--format", "json"], { stdio: ["ignore", "pipe", "inherit"] });
        let text = "";
        child.stdout.on("data", (it) => (text += it)).on("end", () => done(text));
      });
      Promise.all([run(), run(), run(), run()]).then((all) => console.log(JSON.stringify(all)));`;
      const { stdout } = spawnSync(process.execPath, ["-e", script], {
        cwd: project.folder,
        encoding: "utf8",
        env: { HOME: project.home },
      });
      assert.deepEqual(JSON.parse(stdout), [fresh.stdout, fresh.stdout, fresh.stdout, fresh.stdout]);
      assert.deepEqual(runKnown(project, "check", "--format", "json"), fresh);
      assert.deepEqual(
        readdirSync(own(project), { recursive: true, encoding: "utf8" }).filter((it) => it.endsWith(".tmp")),
        [],
      );
    }),
  );

  it(
    "has no part in fixes, diffs and standard input",
    inProject({ "b.py": CLOCK }, (project) => {
      project.run("check");
      rmSync(own(project), { recursive: true });
      assert.match(project.run("check", "--diff").stdout, /^\+/m);
      project.runWith({ input: CLOCK }, "check", "-", "--stdin-filename", "b.py");
      project.run("check", "--fix");
      assert.deepEqual(shelves(project), []);

      project.write("b.py", CLOCK);
      project.run("check");
      assert.match(project.run("check", "--diff").stdout, /^\+/m);
      assert.equal(project.runWith({ input: CLEAN }, "check", "-", "--stdin-filename", "b.py").status, 0);
      assert.match(project.run("check", "--fix").stdout, /1 fix applied|2 fixes applied/);
      assert.deepEqual(project.run("check"), project.run("check", "--no-cache"));
    }),
  );
});

describe("the folder of the cache", () => {
  it(
    "is the user's own, for nobody else to read, and says what it is",
    inProject({ "src/a.py": ROWS }, (project) => {
      project.run("check");
      assert.deepEqual(readdirSync(project.folder), ["src"], "nothing in the project");
      assert.equal(shelves(project).length, 1);
      for (const it of [own(project), dirname(shelves(project)[0]!)]) assert.equal(statSync(it).mode & 0o777, 0o700);
      for (const it of [join(own(project), "key"), shelves(project)[0]!])
        assert.equal(statSync(it).mode & 0o777, 0o600);
      assert.match(readFileSync(join(own(project), ".gitignore"), "utf8"), /^\*$/m);
      assert.match(
        readFileSync(join(own(project), "CACHEDIR.TAG"), "utf8"),
        /^Signature: 8a477f597d28d172789f06886806bc55\n/,
      );
      project.runWith({ env: { XDG_CACHE_HOME: project.path("xdg") } }, "check");
      assert.equal(shelves(project, "xdg/nippy").length, 1);
      project.runWith({ env: { XDG_CACHE_HOME: "relative" } }, "check");
      assert.deepEqual(readdirSync(project.folder), ["src", "xdg"]);
    }),
  );

  it(
    "is where the option says, else the environment; --no-cache makes none",
    inProject({ "a.py": ROWS }, (project) => {
      const env = { NIPPY_CACHE_DIR: "from-environment" };
      project.runWith({ env }, "check", "--no-cache");
      assert.deepEqual(readdirSync(project.folder), ["a.py"]);
      project.runWith({ env }, "check");
      assert.equal(shelves(project, "from-environment").length, 1);
      project.runWith({ env }, "check", "--cache-dir", "deep/from-option");
      assert.equal(shelves(project, "deep/from-option").length, 1);
      assert.deepEqual(readdirSync(own(project)), ["key"], "what signs results stays with the user");
      assert.equal(project.run("check", "--no-cache", "--cache-dir", "x").status, 2);
    }),
  );

  it(
    "of earlier versions, in the project, is never looked at",
    inProject({ ".nippy_cache/a.py": ROWS, "b.py": CLEAN }, ({ run }) => {
      assert.equal(jsonOf(run("check", "--format", "json")).files, 1);
    }),
  );

  it(
    "may be impossible to make: that is nobody's concern",
    inProject({ "a.py": ROWS }, ({ run, runWith, home }) => {
      writeFileSync(join(home, ".cache"), "a file");
      const fresh = run("check", "--no-cache");
      assert.deepEqual([run("check"), run("check")], [fresh, fresh]);
      for (const HOME of ["", "relative", "/dev/null"]) assert.deepEqual(runWith({ env: { HOME } }, "check"), fresh);
      assert.equal(fresh.stderr, "");
    }),
  );

  it(
    "keeps nothing of files that are gone, and loses what is not used",
    inProject({ "a.py": ROWS, "b.py": CLOCK, "src/c.py": CLEAN }, (project) => {
      project.run("check");
      const [before] = shelves(project)
        .map((it) => readFileSync(it, "utf8"))
        .filter((it) => it.includes('"b.py"'));
      assert.match(before ?? "", /"a\.py"/);
      rmSync(project.path("b.py"));
      project.write("a.py", CLOCK);
      project.run("check", "a.py");
      assert.deepEqual(
        shelves(project).filter((it) => readFileSync(it, "utf8").includes('"b.py"')),
        [],
      );

      const long = new Date(Date.now() - 40 * 24 * 60 * 60 * 1000);
      const other = join(own(project), "build-0123456789abcdef");
      mkdirSync(other, { mode: 0o700 });
      writeFileSync(join(other, `${"0".repeat(32)}.results`), "another build's");
      for (const it of [...shelves(project), join(own(project), "swept")]) utimesSync(it, long, long);
      project.write("a.py", ROWS);
      project.run("check", "a.py");
      assert.equal(shelves(project).length, 1, "that of src and that of the other build are gone");
      assert.equal(existsSync(other), false);
    }),
  );

  it(
    "leaves alone what else lies in a folder it is given",
    inProject({ "a.py": ROWS, "mine/notes.txt": "mine", "mine/build-x/old": "mine" }, (project) => {
      const long = new Date(0);
      utimesSync(project.path("mine/build-x/old"), long, long);
      project.run("check", "--cache-dir", "mine", "a.py");
      assert.equal(shelves(project, "mine").length, 1);
      assert.deepEqual(
        readdirSync(project.path("mine")).filter((it) => !/^build-[0-9a-f]{16}$/.test(it)),
        ["build-x", "notes.txt", "swept"],
      );
      assert.deepEqual(readdirSync(project.path("mine/build-x")), ["old"]);
    }),
  );
});
