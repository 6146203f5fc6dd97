/** Where settings come from: the closest configuration of each file, the project's Python, and the command line's last word. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { inProject, jsonOf, ONLY_ROWS, pathsFound, ROWS } from "./nippy.js";

const OFF = '"pandas/iterrows" = "off"\n';

describe("nippy's configuration", () => {
  it(
    "is the closest one, and nothing is added from further up",
    inProject(
      {
        "pyproject.toml": `[tool.nippy.levels]\n${OFF}`,
        "a.py": ROWS,
        "sub/nippy.toml": "",
        "sub/b.py": ROWS,
        "sub/deep/c.py": ROWS,
      },
      ({ run }) => {
        const { findings } = jsonOf(run("check", "--format", "json"));
        assert.deepEqual(
          findings.filter((it) => it.rule === "pandas/iterrows").map((it) => it.path),
          ["sub/b.py", "sub/deep/c.py"],
        );
      },
    ),
  );

  it(
    "is nippy.toml before pyproject.toml in one folder",
    inProject(
      {
        "pyproject.toml": `[tool.nippy.levels]\n${OFF}`,
        "nippy.toml": '[levels]\n"pandas/iterrows" = "error"\n',
        "a.py": ROWS,
      },
      ({ run }) => {
        const found = jsonOf(run("check", "--format", "json")).findings.filter((it) => it.rule === "pandas/iterrows");
        assert.deepEqual(
          found.map((it) => it.level),
          ["error"],
        );
      },
    ),
  );

  it(
    "is looked for beyond a pyproject.toml that does not speak of Nippy, broken or not",
    inProject(
      {
        "nippy.toml": `[levels]\n${OFF}`,
        "a/pyproject.toml": '[project]\nname = "a"\n',
        "a/a.py": ROWS,
        "b/pyproject.toml": "[[[",
        "b/b.py": ROWS,
      },
      ({ run }) => {
        const { findings } = jsonOf(run("check", "--format", "json"));
        assert.deepEqual(
          findings.filter((it) => it.rule === "pandas/iterrows"),
          [],
        );
      },
    ),
  );

  it(
    "excludes by globs relative to its folder, but never what is named",
    inProject(
      {
        "sub/nippy.toml": 'exclude = ["legacy/**", "gen_*.py", "./old/"]\n',
        "sub/legacy/a.py": ROWS,
        "sub/gen_a.py": ROWS,
        "sub/old/a.py": ROWS,
        "sub/a.py": ROWS,
        "legacy/a.py": ROWS,
      },
      (project) => {
        assert.deepEqual(pathsFound(project), ["legacy/a.py", "sub/a.py"]);
        assert.deepEqual(pathsFound(project, "sub/gen_a.py", "sub/legacy"), ["sub/gen_a.py", "sub/legacy/a.py"]);
      },
    ),
  );

  it(
    "tells a mistake once, with its line and a suggestion, and goes on",
    inProject(
      { "nippy.toml": '[levels]\n"pandas/iterows" = "error"\n\n[exclud]\n', "a.py": ROWS, "b/c.py": ROWS },
      ({ run }) => {
        const { status, stderr } = run("check", ...ONLY_ROWS);
        assert.equal(status, 1);
        assert.equal(
          stderr.match(
            /warning: nippy\.toml:2: No rule is called "pandas\/iterows"\. Did you mean "pandas\/iterrows"\?/g,
          )?.length,
          1,
        );
        assert.match(stderr, /warning: nippy\.toml:4: Unknown setting "exclud"\. Did you mean "exclude"\?/);
        assert.equal(run("check", ...ONLY_ROWS, "--quiet").stderr, "");
      },
    ),
  );

  it(
    "ends the run when it is no TOML at all",
    inProject({ "nippy.toml": "levels = [\n", "a.py": ROWS }, ({ run }) => {
      const { status, stdout, stderr } = run("check");
      assert.equal(status, 2);
      assert.match(stderr, /^error: nippy\.toml:\d+: This TOML cannot be read/);
      assert.equal(stdout, "");
    }),
  );

  it(
    "is not read where no file asks for it",
    inProject({ "nippy.toml": "broken [", "sub/nippy.toml": "", "sub/a.py": ROWS }, ({ runWith }) => {
      assert.equal(runWith({ in: "sub" }, "check", ...ONLY_ROWS).status, 1);
    }),
  );

  it(
    "can be given for all files, with globs relative to the current folder",
    inProject(
      {
        "conf/strict.toml": 'exclude = ["b.py"]\n[levels]\n"pandas/iterrows" = "error"\n',
        "nippy.toml": `[levels]\n${OFF}`,
        "a.py": ROWS,
        "b.py": ROWS,
      },
      ({ run }) => {
        const found = jsonOf(run("check", "--format", "json", "--config", "conf/strict.toml")).findings.filter(
          (it) => it.rule === "pandas/iterrows",
        );
        assert.deepEqual(
          found.map((it) => [it.path, it.level]),
          [["a.py", "error"]],
        );
      },
    ),
  );

  it(
    "cannot be a pyproject.toml without [tool.nippy] when given",
    inProject({ "pyproject.toml": "[project]\n", "a.py": ROWS }, ({ run }) => {
      const { status, stderr } = run("check", "--config", "pyproject.toml");
      assert.equal(status, 2);
      assert.match(stderr, /has no \[tool\.nippy\] table/);
    }),
  );

  it(
    "is overridden by --select and --ignore",
    inProject({ "nippy.toml": `[levels]\n${OFF}`, "a.py": ROWS }, (project) => {
      assert.deepEqual(pathsFound(project), ["a.py"], "a rule that is named is on");
      assert.equal(project.run("check", "--select", "pandas/*").status, 0, "a glob leaves the configured level");
      assert.equal(project.run("check", ...ONLY_ROWS, "--ignore", "pandas/iterrows").status, 0);
    }),
  );

  it(
    "keeps a level when --select names the rule",
    inProject({ "nippy.toml": '[levels]\n"pandas/iterrows" = "hint"\n', "a.py": ROWS }, ({ run }) => {
      assert.deepEqual(
        jsonOf(run("check", "--format", "json", "--min-level", "hint", ...ONLY_ROWS)).findings.map((it) => it.level),
        ["hint"],
      );
    }),
  );

  it(
    "of standard input is that of the file it is said to be",
    inProject({ "sub/nippy.toml": '[levels]\n"pandas/iterrows" = "error"\n' }, ({ runWith }) => {
      const { findings } = jsonOf(
        runWith({ input: ROWS }, "check", "-", "--stdin-filename", "sub/new.py", "--format", "json", ...ONLY_ROWS),
      );
      assert.deepEqual(
        findings.map((it) => [it.path, it.level]),
        [["sub/new.py", "error"]],
      );
    }),
  );
});
