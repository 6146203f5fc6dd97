/** Which findings are shown, counted and repaired, in which order they come, and which of them are named last. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CLOCK, inProject, jsonOf, ONLY_BOTH, ONLY_CLOCK, ROWS, type Outcome } from "./nippy.js";

/** `pandas/iterrows` at the lowest level, `profiling/wall-clock-duration` as it is: info. */
const LEVELS = '[levels]\n"pandas/iterrows" = "hint"\n"profiling/wall-clock-duration" = "info"\n';
const FIXED_CLOCK = CLOCK.replaceAll("time.time()", "time.perf_counter()");

const rulesOf = (outcome: Outcome) => jsonOf(outcome).findings.map((it) => it.rule);
const lastLine = ({ stdout }: Outcome) => stdout.trimEnd().split("\n").at(-1) ?? "";

describe("nippy check --min-level", () => {
  it(
    "leaves hints out unless they are asked for, says how many there are, and does not count them",
    inProject({ "nippy.toml": LEVELS, "a.py": ROWS, "b.py": CLOCK }, ({ run }) => {
      const usual = run("check", ...ONLY_BOTH);
      assert.equal(usual.status, 1);
      assert.doesNotMatch(usual.stdout, /iterrows\(\)/);
      assert.match(
        lastLine(usual),
        /^1 finding in 1 of 2 files \(.*\)\. 1 hint left out: --min-level hint shows it\.$/,
      );

      assert.deepEqual(run("check", "a.py", ...ONLY_BOTH), {
        status: 0,
        stdout: "Nothing found in 1 file. 1 hint left out: --min-level hint shows it.\n",
        stderr: "",
      });
      assert.deepEqual(run("check", "a.py", "--quiet", ...ONLY_BOTH), { status: 0, stdout: "", stderr: "" });

      const all = run("check", "--min-level", "hint", ...ONLY_BOTH);
      assert.match(all.stdout, /^a\.py:6:\d+  hint  /m);
      assert.match(lastLine(all), /^2 findings in 2 of 2 files \([^)]*\)\.$/);
    }),
  );

  it(
    "takes more severe levels too",
    inProject({ "nippy.toml": LEVELS, "a.py": ROWS, "b.py": CLOCK }, ({ run }) => {
      const none = run("check", "--min-level", "warning", ...ONLY_BOTH);
      assert.equal(none.status, 0);
      assert.equal(
        none.stdout,
        "Nothing found in 2 files. 2 findings of lower levels left out: --min-level hint shows them.\n",
      );
    }),
  );

  it(
    "holds for every format",
    inProject({ "nippy.toml": LEVELS, "a.py": ROWS, "b.py": CLOCK }, ({ run }) => {
      const usual = jsonOf(run("check", "--format", "json", ...ONLY_BOTH));
      assert.deepEqual(
        usual.findings.map((it) => it.level),
        ["info"],
      );
      assert.equal(usual.belowMinLevel, 1);
      const all = jsonOf(run("check", "--format", "json", "--min-level", "hint", ...ONLY_BOTH));
      assert.deepEqual(
        all.findings.map((it) => it.level),
        ["hint", "info"],
      );
      assert.equal(all.belowMinLevel, 0);
      for (const [format, hint] of [
        ["github", /file=a\.py/],
        ["sarif", /"uri": "a\.py"/],
      ] as const) {
        assert.doesNotMatch(run("check", "--format", format, ...ONLY_BOTH).stdout, hint);
        assert.match(run("check", "--format", format, "--min-level", "hint", ...ONLY_BOTH).stdout, hint);
      }
      assert.doesNotMatch(run("check", "--statistics", ...ONLY_BOTH).stdout, /pandas\/iterrows/);
    }),
  );

  it(
    "can stand in the configuration of each file, below the command line's",
    inProject(
      { "nippy.toml": LEVELS, "a.py": ROWS, "sub/nippy.toml": `min-level = "hint"\n${LEVELS}`, "sub/a.py": ROWS },
      ({ run, write }) => {
        const paths = (...words: readonly string[]) =>
          jsonOf(run("check", "--format", "json", ...ONLY_BOTH, ...words)).findings.map((it) => it.path);
        assert.deepEqual(paths(), ["sub/a.py"]);
        assert.deepEqual(paths("--min-level", "warning"), []);
        assert.deepEqual(paths("--min-level", "hint"), ["a.py", "sub/a.py"]);
        write("sub/nippy.toml", 'min-level = "hints"\n');
        assert.match(
          run("check", ...ONLY_BOTH).stderr,
          /^error: sub\/nippy\.toml:1:13: "min-level" must be one of error, warning, info, hint, not "hints"\.$/m,
        );
      },
    ),
  );

  it(
    "is asked of what is known from the last run as of a new one",
    inProject({ "nippy.toml": LEVELS, "a.py": ROWS, "b.py": CLOCK }, ({ run }) => {
      for (const level of ["error", "hint", "info"]) {
        const words = ["check", "--format", "json", "--min-level", level, ...ONLY_BOTH];
        assert.deepEqual(run(...words), run(...words, "--no-cache"), level);
      }
      const texts = ["check", "--min-level", "hint", ...ONLY_BOTH];
      assert.deepEqual(run(...texts), run(...texts, "--no-cache"));
    }),
  );

  it(
    "decides what is repaired, too",
    inProject(
      { "nippy.toml": '[levels]\n"profiling/wall-clock-duration" = "hint"\n', "a.py": CLOCK },
      ({ run, runWith, path }) => {
        assert.equal(run("check", "--diff", ...ONLY_CLOCK).status, 0);
        const left = run("check", "--fix", ...ONLY_CLOCK);
        assert.equal(readFileSync(path("a.py"), "utf8"), CLOCK);
        assert.match(lastLine(left), /1 hint left out/);
        assert.equal(runWith({ input: CLOCK }, "check", "-", "--fix", ...ONLY_CLOCK).stdout, CLOCK);

        assert.equal(run("check", "--diff", "--min-level", "hint", ...ONLY_CLOCK).status, 1);
        assert.equal(run("check", "--fix", "--min-level", "hint", ...ONLY_CLOCK).status, 0);
        assert.equal(readFileSync(path("a.py"), "utf8"), FIXED_CLOCK);
      },
    ),
  );
});

describe("nippy check --sort value", () => {
  const FILES = { "a.py": CLOCK, "b.py": ROWS };
  const BY_PATH = ["profiling/wall-clock-duration", "pandas/iterrows"];

  it(
    "puts first what matters most, in every list",
    inProject(FILES, ({ run }) => {
      assert.deepEqual(rulesOf(run("check", "--format", "json", ...ONLY_BOTH)), BY_PATH);
      assert.deepEqual(rulesOf(run("check", "--format", "json", "--sort", "path", ...ONLY_BOTH)), BY_PATH);
      assert.deepEqual(
        rulesOf(run("check", "--format", "json", "--sort", "value", ...ONLY_BOTH)),
        BY_PATH.toReversed(),
      );
      assert.match(run("check", "--sort", "value", ...ONLY_BOTH).stdout, /^b\.py[^]*^a\.py/m);
    }),
  );

  it(
    "orders statistics by the finding of each rule that matters most",
    inProject({ "a.py": CLOCK + CLOCK.replaceAll("measure", "again"), "b.py": ROWS }, ({ run }) => {
      const lines = (...words: readonly string[]) =>
        run("check", "--statistics", ...ONLY_BOTH, ...words).stdout.split("\n");
      assert.match(lines()[0] ?? "", /^2  info     profiling\/wall-clock-duration +2 fixable with --fix$/);
      const [first, second] = lines("--sort", "value");
      assert.match(first ?? "", /^1  \w+ +pandas\/iterrows +value \d+$/);
      assert.match(second ?? "", /^2  info     profiling\/wall-clock-duration  value \d+ +2 fixable with --fix$/);
    }),
  );
});

describe("the findings that matter most", () => {
  /** Ten findings of little value in front of one of much. */
  const many = (count: number) => ({
    "a.py": Array.from({ length: count }, (_, index) => CLOCK.replaceAll("measure", `measure_${index}`)).join("\n\n"),
    "z.py": ROWS,
  });

  it(
    "are five, named behind a list of more than ten",
    inProject(many(10), ({ run }) => {
      const { stdout } = run("check", ...ONLY_BOTH);
      const [, after] = stdout.split("\n\nThese matter most:\n");
      const [first, ...others] = (after ?? "").split("\n\n")[0]!.split("\n");
      assert.match(first ?? "", /^  z\.py:6:\d+  \w+  \S.*  \[pandas\/iterrows\]$/);
      assert.equal(others.length, 4);
      for (const it of others) assert.match(it, /^  a\.py:\d+:\d+  info  .*\[profiling\/wall-clock-duration\]$/);
      assert.match(after ?? "", /\n\n11 findings in 2 of 2 files/);
    }),
  );

  it(
    "are of five rules where there are as many",
    inProject(
      {
        "a.py": `${many(10)["a.py"]}\n\n${[ROWS, ROWS.replaceAll("df", "frame")].join("\n\n")}`,
        "b.py":
          "import requests\n\n\ndef load(url):\n    try:\n        return requests.get(url)\n    except:\n        pass\n",
        "c.py": "def add(row, rows=[]):\n    rows.append(row)\n    return rows\n",
      },
      ({ run }) => {
        const [, after] = run("check").stdout.split("\n\nThese matter most:\n");
        const rules = (after ?? "")
          .split("\n\n")[0]!
          .split("\n")
          .map((it) => /\[([^\]]+)\]$/.exec(it)![1]);
        assert.equal(rules.length, 5);
        assert.equal(new Set(rules).size, 5);
      },
    ),
  );

  it(
    "are not named behind a short list, a quiet one, or where the report is for programs",
    inProject(many(10), ({ run, write }) => {
      const isNamed = (...words: readonly string[]) =>
        run("check", ...ONLY_BOTH, ...words).stdout.includes("matter most");
      for (const words of [["--quiet"], ["--statistics"], ["--format", "json"], ["--format", "github"]])
        assert.equal(isNamed(...words), false, words.join(" "));
      assert.equal(isNamed(), true);
      write("a.py", many(9)["a.py"]);
      assert.equal(isNamed(), false);
    }),
  );
});
