/** Where settings come from: the closest configuration of each file, the project's Python, and the command line's last word. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
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
    "ends the run with each mistake told once, at its key or value",
    inProject(
      {
        "nippy.toml": '[levels]\n"pandas/iterows" = "error"\n"pandas/*" = "loud"\nlevel = 1\n\n[exclud]\n',
        "a.py": ROWS,
        "b/c.py": ROWS,
      },
      ({ run }) => {
        const { status, stdout, stderr } = run("check", ...ONLY_ROWS);
        assert.equal(status, 2);
        assert.equal(stdout, "");
        assert.deepEqual(stderr.replace(/ one of .*/, " …").split("\n"), [
          'error: nippy.toml:2:1: No rule is called "pandas/iterows". Did you mean "pandas/iterrows"?',
          'error: nippy.toml:3:14: The level of "pandas/*" must be …',
          'error: nippy.toml:4:1: No rule is called "level".',
          'error: nippy.toml:6:2: Unknown setting "exclud". Did you mean "exclude"?',
          "",
        ]);
        assert.equal(run("check", ...ONLY_ROWS, "--quiet").status, 2);
        const lenient = run("check", ...ONLY_ROWS, "--lenient");
        assert.equal(lenient.status, 1);
        assert.equal(lenient.stderr.match(/^warning: nippy\.toml:/gm)?.length, 4);
        assert.equal(run("check", ...ONLY_ROWS, "--lenient", "--quiet").stderr, "");
      },
    ),
  );

  it(
    "says to leave the header of a pyproject.toml out of a nippy.toml",
    inProject({ "nippy.toml": "[tool.nippy.levels]\n", "a.py": ROWS }, ({ run }) => {
      const { status, stderr } = run("check");
      assert.equal(status, 2);
      assert.match(stderr, /^error: nippy\.toml:1:2: .*leave the header \[tool\.nippy\] out\.$/m);
    }),
  );

  it(
    "names rules by the part after the slash, by area and by Ruff's code, on the command line too",
    inProject(
      {
        "nippy.toml": '[levels]\niterrows = "error"\npandas = "off"\nperf401 = "off"\n',
        "sub/nippy.toml": "",
        "a.py": ROWS,
        "sub/a.py": ROWS,
      },
      (project) => {
        const levels = JSON.parse(project.run("config", "--format", "json").stdout) as { levels: unknown };
        assert.deepEqual(levels.levels, [
          ["pandas/iterrows", "error"],
          ["pandas/*", "off"],
          ["iteration/append-in-loop", "off"],
        ]);
        const rulesOf = (...words: readonly string[]) =>
          jsonOf(project.run("check", "sub", "--format", "json", ...words)).findings.map((it) => it.rule);
        assert.deepEqual(rulesOf("--select", "iterrows"), ["pandas/iterrows"]);
        assert.deepEqual(rulesOf("--select", "pandas"), ["pandas/iterrows"]);
        assert.ok(!rulesOf("--ignore", "pandas").includes("pandas/iterrows"));
        for (const [word, answer] of [
          ["iterows", 'Did you mean "pandas/iterrows"'],
          ["panda", 'Did you mean "pandas"'],
          ["append-in-loop", 'write "iteration/append-in-loop" or "numpy/append-in-loop"'],
        ] as const) {
          const { status, stderr } = project.run("check", "--select", word);
          assert.equal(status, 2);
          assert.ok(stderr.includes(answer), stderr);
        }
        assert.match(project.run("explain", "iterrows").stdout, /`pandas\/iterrows`/);
        assert.match(project.run("explain", "PERF401").stdout, /iteration\/append-in-loop/);
        assert.match(project.run("explain", "pandas").stdout, /pandas\/iterrows/);
      },
    ),
  );

  it(
    "ends the run when it is no TOML at all",
    inProject({ "nippy.toml": "levels = [\n", "a.py": ROWS }, ({ run }) => {
      const { status, stdout, stderr } = run("check");
      assert.equal(status, 2);
      assert.match(stderr, /^error: nippy\.toml:\d+:\d+: This TOML cannot be read/);
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

  it(
    "extends another one, whose settings hold under its own",
    inProject(
      {
        ".git/HEAD": "",
        "base.toml":
          'min-level = "hint"\nexclude = ["gen_*.py"]\n[levels]\n"pandas/iterrows" = "error"\npandas = "hint"\n',
        "sub/pyproject.toml": '[tool.nippy]\nextend = "../base.toml"\n\n[tool.nippy.levels]\niterrows = "info"\n',
        "sub/a.py": ROWS,
        "sub/gen_a.py": ROWS,
      },
      (project) => {
        const { findings } = jsonOf(project.run("check", "--format", "json"));
        const rows = findings.filter((it) => it.rule === "pandas/iterrows");
        assert.deepEqual(
          rows.map((it) => [it.path, it.level]),
          [["sub/a.py", "info"]],
        );
        const { stdout } = project.run("config", "sub/a.py");
        for (const row of [
          "configuration  sub/pyproject.toml",
          "               base.toml",
          "levels         pandas/iterrows = error (base.toml:4)",
          "               pandas = hint (base.toml:5)",
          "               iterrows = info (sub/pyproject.toml:5)",
          "exclude        gen_*.py (base.toml:2)",
          "shown from     hint (base.toml:1)",
          "leave to Ruff  no",
        ])
          assert.ok(stdout.includes(`  ${row}\n`), stdout);
        const report = JSON.parse(project.run("config", "sub/a.py", "--format", "json").stdout) as Record<
          string,
          unknown
        >;
        assert.deepEqual(report["configurations"], ["sub/pyproject.toml", "base.toml"]);
        assert.equal(report["minLevelFrom"], "base.toml:1");
        assert.equal(project.run("settings", "sub/a.py").stdout, stdout);
      },
    ),
  );

  it(
    "extends no file that is missing, outside of the repository, or in a circle",
    inProject(
      {
        "secret.toml": "",
        "repo/.git/HEAD": "",
        "repo/circle.toml": 'extend = "nippy.toml"\n',
        "repo/nippy.toml": "",
        "repo/other/pyproject.toml": "[project]\n",
        "repo/a.py": ROWS,
      },
      (project) => {
        symlinkSync("../secret.toml", project.path("repo/link.toml"));
        const chain = Array.from({ length: 6 }, (_, index) => [
          `repo/c${index}.toml`,
          `extend = "c${index + 1}.toml"\n`,
        ]);
        for (const [name, text] of chain) project.write(name!, text!);
        for (const [path, answer] of [
          ["/etc/hosts", '"extend" must be a relative path'],
          ["https://example.org/a.toml", '"extend" must be a relative path'],
          ["../secret.toml", "leads out of the repository"],
          ["../missing.toml", "leads out of the repository"],
          ["link.toml", "leads out of the repository"],
          ["missing.toml", "is not there"],
          ["other", "is no regular file"],
          ["other/pyproject.toml", "has no [tool.nippy] table"],
          ["circle.toml", "leads back to a file that extends it"],
          ["c0.toml", "would be one more than 5 files"],
        ] as const) {
          project.write("repo/nippy.toml", `extend = "${path}"\n`);
          const { status, stderr } = project.runWith({ in: "repo" }, "check");
          assert.equal(status, 2, path);
          assert.ok(stderr.includes(answer), `${path}: ${stderr}`);
          assert.match(stderr, /^error: \S+\.toml:1:10: /);
        }
      },
    ),
  );

  it(
    "has levels for some files, relative to its folder, under those of the command line",
    inProject(
      {
        "nippy.toml":
          '[levels]\niterrows = "error"\n\n[per-file-levels]\n"drafts/**" = { iterrows = "off" }\n"**/slow_*.py" = { pandas = "hint" }\n',
        "a.py": ROWS,
        "slow_a.py": ROWS,
        "drafts/a.py": ROWS,
      },
      (project) => {
        const levels = (...words: readonly string[]) =>
          jsonOf(project.run("check", "--format", "json", "--min-level", "hint", ...words))
            .findings.filter((it) => it.rule === "pandas/iterrows")
            .map((it) => [it.path, it.level]);
        const expected = [
          ["a.py", "error"],
          ["slow_a.py", "hint"],
        ];
        assert.deepEqual(levels(), expected);
        assert.deepEqual(levels(), expected, "from the cache");
        assert.deepEqual(levels("--select", "iterrows"), [
          ["a.py", "error"],
          ["drafts/a.py", "warning"],
          ["slow_a.py", "hint"],
        ]);
        assert.match(project.run("config", "drafts/a.py").stdout, /iterrows = off \(nippy\.toml:5\)/);
        assert.doesNotMatch(project.run("config", "a.py").stdout, /iterrows = off/);
      },
    ),
  );
});
