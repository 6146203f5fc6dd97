/** The words `nippy` understands, what it says to the others, and its exit codes. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { CLEAN, CLI, inProject, ONLY_ROWS, ROWS } from "./nippy.js";

describe("nippy's arguments", () => {
  /** Wrong words end with 2, one sentence on standard error and nothing on standard output. */
  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /Say what to do, for instance "nippy check"/],
    [["chek"], /no command "chek"\. Did you mean "check"\?/],
    [["a.py"], /no command "a\.py"\. To check files, write "nippy check a\.py"/],
    [["--fromat", "json"], /"nippy" has no option "--fromat"/],
    [["check", "--fromat", "json"], /"nippy check" has no option "--fromat"\. Did you mean "--format"\?/],
    [["check", "-x"], /no option "-x"/],
    [["check", "--format", "jsn"], /--format is text, concise, json, .* or rdjson, not "jsn"\. Did you mean "json"\?/],
    [["check", "--format"], /--format needs a value: --format FORMAT/],
    [["check", "--format", "--fix"], /--format needs a value/],
    [["check", "--fix=yes"], /--fix takes no value/],
    [["check", "--jobs", "0"], /--jobs takes a whole number from 1, not "0"/],
    [["check", "--jobs", "two"], /--jobs takes a whole number/],
    [["check", "--python", "three"], /--python takes a version such as 3\.11, not "three"/],
    [["check", "--color", "sometimes"], /--color is auto, always or never/],
    [
      ["check", "--select", "pandas/iterows"],
      /No rule is called "pandas\/iterows"\. Did you mean "pandas\/iterrows"\?/,
    ],
    [["check", "--ignore", "no/such-*"], /No rule is called "no\/such-\*"/],
    [["check", "--unsafe-fixes"], /--unsafe-fixes needs --fix or --diff/],
    [["check", "--diff", "--format", "json"], /leave out --format/],
    [["check", "--diff", "--statistics"], /leave out --statistics/],
    [["check", "--diff", "--sort", "value"], /leave out --sort/],
    [["check", "--min-level", "off"], /--min-level is error, warning, info or hint, not "off"/],
    [["check", "--min-level", "warnings"], /not "warnings"\. Did you mean "warning"\?/],
    [["check", "--sort", "level"], /--sort is path or value, not "level"/],
    [["check", "--statistics", "--format", "json"], /--statistics is for --format text/],
    [["check", "--no-cache", "--cache-dir", "kept"], /leave out --cache-dir/],
    [["check", "--stdin-filename", "a.py"], /add "-" as the path/],
    [["check", "-", "a.py"], /leave out the other paths/],
    [["check", "nowhere.py"], /There is no file or folder "nowhere\.py"/],
    [["check", "a.py/b.py"], /There is no file or folder "a\.py\/b\.py"/],
    [["check", "--config", "other.toml"], /There is no configuration file "other\.toml"/],
    [["check", "--output-file", "missing/report.txt"], /cannot be written to "missing\/report\.txt" \(ENOENT\)/],
    [["explain"], /needs a NAME/],
    [["explain", "pandas/iterows"], /called "pandas\/iterows"\. Did you mean "pandas\/iterrows"\?/],
    [["explain", "iterows"], /called "iterows"\. Did you mean "iterrows"\?/],
    [["guide", "pandsa"], /no section "pandsa"\. Did you mean "pandas"\?/],
    [["rules", "pandas"], /takes nothing named "pandas"/],
    [["rules", "--format", "sarif"], /--format is text or json, not "sarif"/],
  ];
  for (const [words, sentence] of refused) {
    it(
      `refuses: nippy ${words.join(" ")}`,
      inProject({ "a.py": CLEAN }, ({ run }) => {
        const { status, stdout, stderr } = run(...words);
        assert.equal(status, 2);
        assert.match(stderr, sentence);
        assert.match(stderr, /^error: /);
        assert.equal(stdout, "");
      }),
    );
  }

  it(
    "names every path that is missing",
    inProject({}, ({ run }) => {
      const { status, stderr } = run("check", "a.py", "b");
      assert.equal(status, 2);
      assert.match(stderr, /"a\.py"[^]*"b"/);
    }),
  );

  it(
    "exits with 0 for nothing, 1 for findings, 0 again with --exit-zero",
    inProject({ "clean.py": CLEAN, "rows.py": ROWS }, ({ run }) => {
      assert.equal(run("check", "clean.py", ...ONLY_ROWS).status, 0);
      assert.equal(run("check", "rows.py", ...ONLY_ROWS).status, 1);
      assert.equal(run("check", "rows.py", ...ONLY_ROWS, "--exit-zero").status, 0);
    }),
  );

  it(
    "takes values after a space or an equals sign, and lists with commas or repeated",
    inProject({ "rows.py": ROWS }, ({ run }) => {
      assert.match(run("check", "--format=json").stdout, /^\{/);
      assert.equal(run("check", "--select=pandas/iterrows,pandas/*", "--ignore", "pandas/*").status, 0);
      assert.equal(run("check", "--select", "pandas/iterrows", "--select=pandas/*", "--python", "3.12").status, 1);
    }),
  );

  it(
    "lets a path that looks like an option follow --",
    inProject({ "--fix.py": ROWS }, ({ run }) => {
      assert.match(run("check", ...ONLY_ROWS, "--", "--fix.py").stdout, /^--fix\.py:6:/);
    }),
  );

  it(
    "shows help and version on standard output",
    inProject({}, ({ run }) => {
      for (const words of [["--help"], ["-h"], ["help"]]) {
        const { status, stdout } = run(...words);
        assert.equal(status, 0);
        assert.match(stdout, /Usage: nippy COMMAND/);
        for (const command of ["check", "rules", "explain", "guide", "lsp"])
          assert.match(stdout, new RegExp(`^  ${command} `, "m"));
      }
      const ofCheck = run("check", "--help").stdout;
      for (const option of [
        "format",
        "fix",
        "unsafe-fixes",
        "diff",
        "select",
        "ignore",
        "exit-zero",
        "stdin-filename",
        "statistics",
        "config",
        "python",
        "output-file",
        "color",
        "quiet",
        "jobs",
      ]) {
        assert.match(ofCheck, new RegExp(`--${option}\\b`));
      }
      assert.equal(run("help", "check").stdout, ofCheck);
      const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
      assert.equal(run("--version").stdout, `nippy ${version}\n`);
    }),
  );

  it(
    "bears a reader that leaves early",
    inProject(
      { "rows.py": "import pandas as pd\n" + ROWS.replace("import pandas as pd\n", "").repeat(400) },
      ({ folder }) => {
        const { status, stderr } = spawnSync(
          "sh",
          ["-c", `"${process.execPath}" "${CLI}" check --format json | head -c 1`],
          { cwd: folder, encoding: "utf8" },
        );
        assert.deepEqual([status, stderr], [0, ""]);
      },
    ),
  );

  it(
    "writes the report to --output-file and nothing to standard output, by each of its names",
    inProject({ "rows.py": ROWS }, ({ run, path }) => {
      for (const option of ["--output-file", "--output", "-o"]) {
        const report = `report${option}.json`;
        const { status, stdout } = run("check", ...ONLY_ROWS, "--format", "json", option, report);
        assert.equal(status, 1);
        assert.equal(stdout, "");
        assert.equal((JSON.parse(readFileSync(path(report), "utf8")) as { files: number }).files, 1);
      }
    }),
  );
});
