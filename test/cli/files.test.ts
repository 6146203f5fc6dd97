/** Which files a path means: what is found on a walk, what is left out, and what is checked because it was named. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { CLEAN, inProject, jsonOf, pathsFound, ROWS } from "./nippy.js";

describe("the files nippy finds", () => {
  it(
    "are .py and .pyi files below the current folder, in the order of their paths",
    inProject(
      // What cannot be read is told by its path: so the stub, which has no findings, shows too.
      { "b.py": "\0", "a/z.py": "\0", "a/b/c.pyi": "\0", "notes.txt": "\0", script: "\0", "a-b.py": "\0" },
      ({ run }) =>
        assert.deepEqual(
          jsonOf(run("check", "--format", "json")).failures.map((it) => it.path),
          ["a-b.py", "a/b/c.pyi", "a/z.py", "b.py"],
        ),
    ),
  );

  it(
    "include whatever is named, once, whichever way it is named",
    inProject({ script: ROWS, "src/a.py": ROWS }, (project) => {
      assert.deepEqual(pathsFound(project, "script", "./script", project.path("script"), "src", "src/a.py"), [
        "script",
        "src/a.py",
      ]);
    }),
  );

  it(
    "are shown relative to the current folder, also above it",
    inProject({ "src/a.py": ROWS, "other/b.py": ROWS }, ({ runWith }) => {
      const { findings } = jsonOf(
        runWith({ in: "src" }, "check", "--format", "json", "--select", "pandas/iterrows", ".", "../other"),
      );
      assert.deepEqual(
        findings.map((it) => it.path),
        ["../other/b.py", "a.py"],
      );
    }),
  );

  it(
    "leave out folders of installed, built and cached things, unless one is named",
    inProject(
      {
        ".venv/lib/site-packages/a.py": ROWS,
        "venv/a.py": ROWS,
        "node_modules/a.py": ROWS,
        "build/a.py": ROWS,
        "dist/a.py": ROWS,
        "x/__pycache__/a.py": ROWS,
        ".git/a.py": ROWS,
        ".tox/a.py": ROWS,
        ".mypy_cache/a.py": ROWS,
        ".ipynb_checkpoints/a.py": ROWS,
        "builder/a.py": ROWS,
      },
      (project) => {
        assert.deepEqual(pathsFound(project), ["builder/a.py"]);
        assert.deepEqual(pathsFound(project, "build", ".venv/lib/site-packages/a.py"), [
          ".venv/lib/site-packages/a.py",
          "build/a.py",
        ]);
      },
    ),
  );

  describe("honour .gitignore", () => {
    it(
      "with its comments, wildcards, tied patterns and exceptions",
      inProject(
        {
          ".gitignore": "# generated\n*_pb2.py\n/local\n!kept_pb2.py\nout/\n\\!odd.py\n",
          "a_pb2.py": ROWS,
          "kept_pb2.py": ROWS,
          "local/a.py": ROWS,
          "deep/local/a.py": ROWS,
          "deep/out/a.py": ROWS,
          "deep/a_pb2.py": ROWS,
          "!odd.py": ROWS,
          "out.py": ROWS,
        },
        (project) => assert.deepEqual(pathsFound(project), ["deep/local/a.py", "kept_pb2.py", "out.py"]),
      ),
    );

    it(
      "in every folder, the closest deciding last",
      inProject(
        {
          ".gitignore": "generated\n*.tmp.py\n",
          "a/.gitignore": "!generated\n/only-here.py\nsub/x.py\n",
          "a/generated/m.py": ROWS,
          "b/generated/m.py": ROWS,
          "a/only-here.py": ROWS,
          "a/deep/only-here.py": ROWS,
          "a/sub/x.py": ROWS,
          "a/deep/sub/x.py": ROWS,
          "a/x.tmp.py": ROWS,
        },
        (project) =>
          assert.deepEqual(pathsFound(project), ["a/deep/only-here.py", "a/deep/sub/x.py", "a/generated/m.py"]),
      ),
    );

    it(
      "in folders whose names have a meaning in patterns",
      inProject(
        {
          "a[b]*/.gitignore": "x.py\n/y.py\n",
          "a[b]*/x.py": ROWS,
          "a[b]*/y.py": ROWS,
          "a[b]*/z.py": ROWS,
          "ab/x.py": ROWS,
          "#c/.gitignore": "x.py\n",
          "#c/x.py": ROWS,
        },
        (project) => assert.deepEqual(pathsFound(project), ["a[b]*/z.py", "ab/x.py"]),
      ),
    );

    it(
      "above the current folder too, up to the repository's root and no further",
      inProject(
        {
          ".gitignore": "*.py\n",
          "repo/.git/HEAD": "",
          "repo/.gitignore": "scratch_*.py\n",
          "repo/src/a.py": ROWS,
          "repo/src/scratch_1.py": ROWS,
        },
        ({ runWith }) => {
          const { findings } = jsonOf(
            runWith({ in: "repo/src" }, "check", "--format", "json", "--select", "pandas/iterrows"),
          );
          assert.deepEqual(
            findings.map((it) => it.path),
            ["a.py"],
          );
        },
      ),
    );

    it(
      "but not for what is named",
      inProject(
        {
          ".git/HEAD": "",
          ".gitignore": "ignored/\nsecret.py\n",
          "secret.py": ROWS,
          "ignored/a.py": ROWS,
          "ignored/b/c.py": ROWS,
        },
        (project) => {
          assert.deepEqual(pathsFound(project), []);
          assert.deepEqual(pathsFound(project, "secret.py", "ignored"), [
            "ignored/a.py",
            "ignored/b/c.py",
            "secret.py",
          ]);
          assert.deepEqual(pathsFound(project, "ignored/b"), ["ignored/b/c.py"]);
        },
      ),
    );
  });

  it(
    "do not go round in circles or count twice through links; a link that is named is followed",
    inProject({ "src/a.py": ROWS }, (project) => {
      symlinkSync("..", project.path("src/loop"));
      symlinkSync("a.py", project.path("src/same.py"));
      symlinkSync("src", project.path("linked"));
      assert.deepEqual(pathsFound(project), ["src/a.py"]);
      assert.deepEqual(pathsFound(project, "linked"), ["linked/a.py"]);
      assert.deepEqual(pathsFound(project, "src/same.py"), ["src/same.py"]);
    }),
  );

  it(
    "are not those that are excluded, although they are named, with --force-exclude: pre-commit names every file",
    inProject(
      {
        "pyproject.toml": '[tool.nippy]\nexclude = ["src/made", "*_pb2.py"]\n',
        "src/a.py": ROWS,
        "src/made/b.py": ROWS,
        "c_pb2.py": ROWS,
        "node_modules/d.py": ROWS,
      },
      (project) => {
        const named = ["src/a.py", "src/made/b.py", "c_pb2.py", "node_modules/d.py"];
        assert.deepEqual(pathsFound(project, ...named), [...named].sort());
        assert.deepEqual(pathsFound(project, "--force-exclude", ...named), ["src/a.py"]);
        const fromInput = (name: string) =>
          project.runWith({ input: ROWS }, "check", "--force-exclude", "--stdin-filename", name, "-").status;
        assert.deepEqual([fromInput("src/a.py"), fromInput("src/made/b.py")], [1, 0]);
      },
    ),
  );

  it(
    "may be none",
    inProject({ "notes.txt": "" }, ({ run }) => {
      const { status, stdout } = run("check");
      assert.equal(status, 0);
      assert.equal(stdout, "There are no Python files here.\n");
    }),
  );

  it(
    "are still checked when one of them is a folder called like a file",
    inProject({ "a.py": CLEAN, "b.py": ROWS }, (project) => {
      mkdirSync(project.path("package.py"));
      project.write("package.py/c.py", ROWS);
      assert.deepEqual(pathsFound(project), ["b.py", "package.py/c.py"]);
    }),
  );
});
