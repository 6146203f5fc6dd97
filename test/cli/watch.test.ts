/** `nippy check --watch`: what it says after each kind of change, and how it ends. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { BROKEN_ROWS, CLEAN, CLI, CLOCK, inProject, ONLY_BOTH, ROWS, type Files, type Project } from "./nippy.js";

interface Watching {
  /** Waits until both streams together have said this since the last time. */
  says(pattern: RegExp): Promise<string>;
  /** Ends it as Ctrl-C does. */
  end(): Promise<number | null>;
}

/** Far more than any change takes, also on a busy machine. */
const PATIENCE = 120_000;

function watching(files: Files, words: readonly string[], test: (at: Project, watch: Watching) => Promise<void>) {
  return inProject(files, async (project) => {
    const child = spawn(process.execPath, [CLI, "check", "--watch", ...ONLY_BOTH, ...words], {
      cwd: project.folder,
      env: { PATH: process.env["PATH"] ?? "", HOME: project.home },
    });
    let said = "";
    let heard = () => {};
    const hear = (text: string) => {
      said += text;
      heard();
    };
    for (const it of [child.stdout, child.stderr]) it.setEncoding("utf8").on("data", hear);
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const says = (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const tooLong = setTimeout(() => reject(new Error(`it never said ${pattern}, but: ${said}`)), PATIENCE);
        heard = () => {
          if (!pattern.test(said)) return;
          clearTimeout(tooLong);
          resolve(said);
          said = "";
          heard = () => {};
        };
        heard();
      });
    try {
      assert.doesNotMatch(await says(/Watching for changes\. Ctrl-C ends it\.\n/), /^(warning|error):/m);
      await test(project, {
        says,
        end: () => {
          child.kill("SIGINT");
          return ended;
        },
      });
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
  });
}

describe("nippy check --watch", () => {
  it(
    "says what is new and what is gone, of files that are edited, made, renamed and deleted, and ends with Ctrl-C",
    watching({ "a.py": ROWS, "src/b.py": CLEAN }, [], async ({ write, path }, { says, end }) => {
      write("a.py", `"""Moved."""\n${ROWS}`);
      write("src/b.py", CLOCK);
      const edited = await says(/1 new, 0 gone\. 2 findings in 2 of 2 files.*\n/);
      assert.match(edited, /^src\/b\.py:7:\d+  info  /m);
      assert.doesNotMatch(edited, /iterrows/, "what only moved is not new");

      mkdirSync(path("src/deep/down"), { recursive: true });
      write("src/deep/down/c.py", ROWS);
      await says(/src\/deep\/down\/c\.py:6:\d+ [^]*1 new, 0 gone\. 3 findings in 3 of 3 files/);
      write("src/deep/down/c.py", CLEAN);
      await says(/^gone: src\/deep\/down\/c\.py  .*\[pandas\/iterrows\]\n[^]*0 new, 1 gone\. 2 findings/m);

      const evil = "::error::\u001b[2J\u202e.py";
      write(evil, ROWS);
      const bad = await says(/1 new, 0 gone\. 3 findings/);
      rmSync(path(evil));
      const good = await says(/0 new, 1 gone\. 2 findings/);
      assert.doesNotMatch(bad + good, /[\u001b\u202e]|^::/m);

      renameSync(path("a.py"), path("z.py"));
      await says(/gone: a\.py [^]*z\.py:7:\d+ [^]*1 new, 1 gone\./);
      rmSync(path("src"), { recursive: true });
      await says(/gone: src\/b\.py [^]*0 new, 1 gone\. 1 finding in 1 of 1 file/);
      assert.equal(await end(), 0);
    }),
  );

  it(
    "follows the configuration, waits while it is broken, and takes a burst as one change",
    watching({ "a.py": ROWS, "pyproject.toml": "" }, ["--format", "concise"], async ({ write }, { says, end }) => {
      write("pyproject.toml", '[tool.nippy]\nexclude = ["a.py"]\n');
      await says(/gone: a\.py [^]*0 new, 1 gone\./);
      write("pyproject.toml", "[tool.nippy\n");
      await says(/error: pyproject\.toml:\d+:\d+: /);
      write("pyproject.toml", '[tool.nippy.levels]\n"pandas/iterrows" = "error"\n');
      await says(/^a\.py:6:\d+: error: [^]*1 new, 0 gone\./m);
      for (let index = 0; index < 200; index++) write(`many/f${index}.py`, index % 2 === 0 ? CLOCK : CLEAN);
      let [rounds, found] = [0, 0];
      while (found < 100) {
        const said = await says(/(\d+) new, 0 gone/);
        found += Number(/(\d+) new/.exec(said)?.[1]);
        rounds++;
      }
      assert.deepEqual([found, rounds <= 20], [100, true], `${rounds} rounds`);
      assert.equal(await end(), 0);
    }),
  );

  it(
    "looks at configurations again too: those that are edited, made, broken, emptied, renamed and deleted",
    watching(
      { "pyproject.toml": '[project]\nname = "shapes"\ndependencies = [\n    "numpy",\n]\n', "a.py": ROWS },
      ["--select", "packaging/*,pandas/iterrows", "--format", "concise"],
      async ({ write, path }, { says, end }) => {
        write("pyproject.toml", '[project]\nname = "shapes"\ndependencies = [\n    "numpy",\n    "json",\n]\n');
        const edited = await says(/1 new, 0 gone\. 2 findings/);
        assert.match(edited, /^pyproject\.toml:5:6: .*\[packaging\/standard-library-requirement\]/m);
        write("pyproject.toml", '# Moved.\n[project]\nname = "shapes"\ndependencies = ["json", "asyncio"]\n');
        assert.match(await says(/1 new, 0 gone\. 3 findings/), /^pyproject\.toml:4:26: .*asyncio/m);

        mkdirSync(path("deep"));
        write("deep/requirements-dev.txt", "pytest\nsklearn\n");
        assert.match(await says(/1 new, 0 gone\. 4 findings/), /^deep\/requirements-dev\.txt:2:1: /m);
        write("deep/requirements-dev.txt", "pytest\nsklearn  # nippy: ignore[packaging/wrong-distribution]\n");
        await says(/0 new, 1 gone\. 3 findings/);
        write("deep/requirements-dev.txt", "pytest\nsklearn\njson\n");
        await says(/2 new, 0 gone\. 5 findings/);
        renameSync(path("deep/requirements-dev.txt"), path("deep/notes.txt"));
        await says(/0 new, 2 gone\. 3 findings/);
        write("setup.cfg", "[options]\ninstall_requires =\n    typing\n");
        await says(/1 new, 0 gone\. 4 findings/);
        write("setup.cfg", "");
        await says(/gone: setup\.cfg [^]*0 new, 1 gone\. 3 findings/);

        write("pyproject.toml", "[project\n");
        await says(/0 new, 2 gone\. 1 finding/);
        write(
          "pyproject.toml",
          '[project]\nname = "shapes"\ndependencies = ["json"]\n[tool.nippy]\nexclude = ["a.py"]\n',
        );
        assert.match(await says(/1 new, 1 gone\. 1 finding/), /^gone: a\.py /m);
        rmSync(path("pyproject.toml"));
        await says(/gone: pyproject\.toml [^]*a\.py:6:\d+: [^]*1 new, 1 gone\. 1 finding/);
        assert.equal(await end(), 0);
      },
    ),
  );

  it(
    "is refused with what it cannot do",
    inProject({ "a.py": BROKEN_ROWS }, ({ run }) => {
      for (const words of [
        ["--fix"],
        ["--diff"],
        ["-"],
        ["--statistics"],
        ["--output-file", "x"],
        ["--format", "json"],
      ]) {
        const { status, stderr } = run("check", "--watch", ...words);
        assert.equal(status, 2);
        assert.match(stderr, /^error: --watch /);
      }
    }),
  );
});
