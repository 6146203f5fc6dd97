/** What the reports look like: text for people, JSON for programs, annotations for GitHub. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { BROKEN_ROWS, CLEAN, CLOCK, inProject, jsonOf, ONLY_CLOCK, ONLY_ROWS, ROWS } from "./nippy.js";

/** `count` findings of `pandas/iterrows`, each in a function of its own. */
function manyRows(count: number): string {
  const one = (index: number) =>
    `\n\ndef total_${index}(df: pd.DataFrame) -> float:\n    result = 0.0\n    for _, row in df.iterrows():\n        result += row["price"]\n    return result\n`;
  return `import pandas as pd\n${Array.from({ length: count }, (_, index) => one(index)).join("")}`;
}

describe("the text report", () => {
  it(
    "shows place, level, message, rule and the code underlined, then sums up",
    inProject({ "src/a.py": ROWS, "b.py": CLEAN }, ({ run }) => {
      const { stdout } = run("check", ...ONLY_ROWS);
      const [head, code, marks, ...rest] = stdout.split("\n");
      assert.match(head ?? "", /^src\/a\.py:6:\d+  warning  \S.*  \[pandas\/iterrows\]$/);
      assert.match(code ?? "", /^6 \|     for _, row in df\.iterrows\(\):$/);
      const column = Number(/:6:(\d+)/.exec(head ?? "")?.[1]);
      assert.equal((marks ?? "").indexOf("^"), "6 | ".length + column - 1, "the mark stands under the column");
      assert.match(marks ?? "", /^  \| +\^+$/);
      assert.match(rest.at(-2) ?? "", /^1 finding in 1 of 2 files( \(.*\))?\.$/);
    }),
  );

  it(
    "names the fix, and how to apply it",
    inProject({ "a.py": CLOCK }, ({ run }) => {
      const { stdout } = run("check", ...ONLY_CLOCK);
      assert.match(stdout, /^ +=? ?fix: \S.*$/m);
      assert.match(stdout, /\(\d+ fixable with --fix\)\.\n$/);
    }),
  );

  it(
    "says what to check of a fix to review, and why there is none where a rule declines",
    inProject({ "a.py": ROWS, "b.py": BROKEN_ROWS }, ({ run }) => {
      const { stdout } = run("check", ...ONLY_ROWS);
      assert.match(
        stdout,
        /^ += fix \(review\): Sum whole columns\n += check first: floats are added in another order; /m,
      );
      assert.match(stdout, /^ += no fix here: there is a syntax error nearby$/m);
    }),
  );

  it(
    "says in a friendly way that nothing was found",
    inProject({ "a.py": CLEAN, "b.py": CLEAN }, ({ run }) => {
      assert.deepEqual(run("check", ...ONLY_ROWS), { status: 0, stdout: "Nothing found in 2 files.\n", stderr: "" });
    }),
  );

  it(
    "is only findings with --quiet",
    inProject({ "a.py": ROWS, "b.py": CLEAN }, ({ run }) => {
      assert.equal(run("check", "b.py", "--quiet", ...ONLY_ROWS).stdout, "");
      assert.doesNotMatch(run("check", "--quiet", ...ONLY_ROWS).stdout, /in 1 of 2 files/);
    }),
  );

  it(
    "lets no control character of a source file through to the terminal",
    inProject({ "a.py": ROWS.replace("df.iterrows():", "df.iterrows():  # \u001b[2J \u202e \u0007") }, ({ run }) => {
      const { stdout } = run("check", ...ONLY_ROWS);
      assert.match(stdout, /# \ufffd\[2J \ufffd \ufffd/);
      assert.doesNotMatch(stdout, /[\u001b\u0007\u202e]/);
    }),
  );

  it(
    "has colours when asked for, by option or environment, and none in a pipe",
    inProject({ "a.py": ROWS }, ({ run, runWith }) => {
      const words = ["check", ...ONLY_ROWS];
      const isColored = (stdout: string) => stdout.includes("\u001b[33mwarning\u001b[39m");
      assert.equal(isColored(run(...words).stdout), false);
      assert.equal(isColored(run(...words, "--color", "always").stdout), true);
      assert.equal(isColored(runWith({ env: { FORCE_COLOR: "1" } }, ...words).stdout), true);
      assert.equal(isColored(runWith({ env: { FORCE_COLOR: "1" } }, ...words, "--color", "never").stdout), false);
      assert.equal(isColored(runWith({ env: { FORCE_COLOR: "0" } }, ...words).stdout), false);
      assert.equal(isColored(runWith({ env: { NO_COLOR: "1" } }, ...words, "--color", "always").stdout), true);
    }),
  );

  it(
    "counts by rule with --statistics",
    inProject({ "a.py": manyRows(3), "b.py": CLOCK }, ({ run }) => {
      const { status, stdout } = run(
        "check",
        "--statistics",
        "--select",
        "pandas/iterrows,profiling/wall-clock-duration",
      );
      assert.equal(status, 1);
      const [first, second, blank, summary] = stdout.split("\n");
      assert.match(first ?? "", /^3  warning  pandas\/iterrows/);
      assert.match(second ?? "", /^\d  info     profiling\/wall-clock-duration +\d fixable with --fix$/);
      assert.equal(blank, "");
      assert.match(summary ?? "", /in 2 of 2 files/);
    }),
  );
});

describe("the JSON report", () => {
  it(
    "has exactly the public shape",
    inProject({ "src/a.py": ROWS, "b.py": CLOCK, "c.py": "\0" }, ({ run }) => {
      const report = jsonOf(
        run("check", "--format", "json", "--select", "pandas/iterrows,profiling/wall-clock-duration"),
      );
      assert.deepEqual(Object.keys(report), [
        "version",
        "findings",
        "failures",
        "skipped",
        "comments",
        "files",
        "belowMinLevel",
        "inBaseline",
      ]);
      assert.equal(report.version, 1);
      assert.equal(report.files, 3);
      for (const finding of report.findings) {
        assert.deepEqual(Object.keys(finding), [
          "path",
          "rule",
          "fingerprint",
          "level",
          "evidence",
          "weight",
          "value",
          "message",
          "range",
          "guide",
          "fix",
          "declined",
        ]);
        assert.match(finding.fingerprint, /^[0-9a-f]{16}(-\d+)?$/);
        assert.ok(["proof", "strong", "fair"].includes(finding.evidence));
        assert.ok(["heavy", "unknown", "light"].includes(finding.weight));
        assert.ok(Number.isInteger(finding.value) && finding.value >= 0 && finding.value <= 100);
        assert.deepEqual(Object.keys(finding.range), ["start", "end"]);
        assert.deepEqual(
          [Object.keys(finding.range.start), Object.keys(finding.range.end)],
          [
            ["line", "column"],
            ["line", "column"],
          ],
        );
        assert.doesNotMatch(finding.message, /\n/);
        assert.notEqual(finding.guide, "");
      }
      const rows = report.findings.find((it) => it.rule === "pandas/iterrows");
      assert.deepEqual([rows?.path, rows?.level, rows?.range.start.line], ["src/a.py", "warning", 6]);
      const clock = report.findings.find((it) => it.rule === "profiling/wall-clock-duration");
      assert.deepEqual(Object.keys(clock?.fix ?? {}), ["title", "safety", "doubts", "edits"]);
      assert.equal(clock?.fix?.safety, "safe");
      assert.deepEqual(clock?.fix?.doubts, []);
      assert.equal(rows?.fix?.safety, "review");
      assert.ok((rows?.fix?.doubts.length ?? 0) > 0);
      for (const edit of clock?.fix?.edits ?? []) assert.deepEqual(Object.keys(edit), ["range", "text"]);
      assert.deepEqual(
        report.failures.map((it) => Object.keys(it)),
        [["path", "rule", "message", "at"]],
      );
    }),
  );

  it(
    "is JSON also when nothing was found",
    inProject({ "a.py": CLEAN }, ({ run }) => {
      assert.deepEqual(jsonOf(run("check", "--format", "json", ...ONLY_ROWS)), {
        version: 1,
        findings: [],
        failures: [],
        skipped: [],
        comments: [],
        files: 1,
        belowMinLevel: 0,
        inBaseline: 0,
      });
    }),
  );

  it(
    "says why there is no fix where a rule declines",
    inProject({ "a.py": BROKEN_ROWS, "b.py": ROWS }, ({ run }) => {
      const [broken, whole] = jsonOf(run("check", "--format", "json", ...ONLY_ROWS)).findings;
      assert.deepEqual([broken?.fix, broken?.declined], [null, "there is a syntax error nearby"]);
      assert.notEqual(whole?.fix, null);
      assert.equal(whole?.declined, null);
    }),
  );
});

describe("why there is no fix", () => {
  it(
    "is told in the reports for code hosts and build servers too",
    inProject({ "a.py": BROKEN_ROWS }, ({ run }) => {
      for (const format of ["github", "junit", "rdjson", "sarif"]) {
        const { stdout } = run("check", "--format", format, ...ONLY_ROWS);
        assert.match(stdout, /(No fix here|"declined"): "?there is a syntax error nearby/, format);
      }
    }),
  );
});

describe("the GitHub report", () => {
  it(
    "is one workflow command per finding, with paths from the repository's root",
    inProject({ ".git/HEAD": "", "src/a.py": ROWS }, ({ runWith }) => {
      const { status, stdout } = runWith({ in: "src" }, "check", "--format", "github", ...ONLY_ROWS);
      assert.equal(status, 1);
      assert.match(
        stdout,
        /^::warning title=Nippy \(pandas\/iterrows\),file=src\/a\.py,line=6,endLine=6,col=\d+,endColumn=\d+::\S.*\n$/,
      );
    }),
  );

  it(
    "escapes what would end a property",
    inProject({ "a,b: 100%.py": ROWS }, ({ run }) => {
      assert.match(run("check", "--format", "github", ...ONLY_ROWS).stdout, /,file=a%2Cb%3A 100%25\.py,line=6/);
    }),
  );

  it(
    "puts the worst first, keeps to ten of a kind, and says how many are left",
    inProject({ "a.py": manyRows(13), "b.py": CLOCK }, ({ run, write }) => {
      write("nippy.toml", '[levels]\n"profiling/wall-clock-duration" = "error"\n');
      const { stdout } = run(
        "check",
        "--format",
        "github",
        "--select",
        "pandas/iterrows,profiling/wall-clock-duration",
      );
      const lines = stdout.trimEnd().split("\n");
      assert.match(lines[0] ?? "", /^::error .*file=b\.py/);
      assert.equal(lines.filter((it) => it.startsWith("::warning ")).length, 10);
      assert.match(lines.at(-1) ?? "", /^::notice title=Nippy::3 more annotations left out/);
    }),
  );

  it(
    "counts its own last word among the notices",
    inProject(
      { "nippy.toml": '[levels]\n"pandas/iterrows" = "info"\n', "a.py": manyRows(11), "b.py": "" },
      ({ run }) => {
        const lines = run("check", "--format", "github", ...ONLY_ROWS)
          .stdout.trimEnd()
          .split("\n");
        assert.equal(lines.length, 10);
        assert.match(lines.at(-1) ?? "", /::2 more annotations left out/);
      },
    ),
  );

  it(
    "tells of files that could not be checked",
    inProject({ "bad.py": "\0" }, ({ run }) => {
      assert.match(
        run("check", "--format", "github").stdout,
        /^::error title=Nippy,file=bad\.py::This file holds NUL bytes/,
      );
    }),
  );

  it(
    "leaves a table on the page of the run",
    inProject({ "a.py": manyRows(2), "page.md": "before\n" }, ({ runWith, path }) => {
      runWith({ env: { GITHUB_STEP_SUMMARY: path("page.md") } }, "check", "--format", "github", ...ONLY_ROWS);
      const page = readFileSync(path("page.md"), "utf8");
      assert.match(page, /^before\n## Nippy\n\n2 findings in 1 of 1 file/);
      assert.match(page, /^\| warning \| a\.py:\d+ \| .* \| pandas\/iterrows \|$/m);
    }),
  );
});

describe("a syntax error", () => {
  const MESSAGE =
    "There is a syntax error here, or syntax that Nippy does not know: the code around it is not checked.";
  /** One finding of `pandas/iterrows` above the error, which is on line 11. */
  const BROKEN = `${ROWS}\n\ndef broken(:\n    pass\n`;

  it(
    "is told once with its place in every format, beside what was found, also from the cache, and fails the run",
    inProject({ "a.py": BROKEN, "b.py": CLEAN, "c.py": "class A:\n    def f(self):\n\nx = 1\n" }, ({ run }) => {
      for (const _ of ["fresh", "cached"]) {
        const { status, stdout, stderr } = run("check", ...ONLY_ROWS);
        assert.equal(status, 2);
        assert.match(stderr, new RegExp(`^error: a\\.py:11:\\d+: ${MESSAGE}\nerror: c\\.py:2:\\d+: ${MESSAGE}\n$`));
        assert.match(stdout, /^a\.py:6:\d+  warning  /);
        assert.match(stdout, /1 finding in 1 of 3 files.* 2 files with syntax errors checked in part\.\n$/);
      }
      const of = (format: string) => run("check", "a.py", ...ONLY_ROWS, "--format", format);
      assert.deepEqual(
        jsonOf(of("json")).failures.map(({ path, rule, at }) => [path, rule, at?.line]),
        [["a.py", null, 11]],
      );
      assert.match(of("github").stdout, /^::error title=Nippy,file=a\.py,line=11::There is a syntax error/m);
      assert.match(
        of("gitlab").stdout,
        /"severity": "blocker",\s+"location": \{\s+"path": "a\.py",\s+"lines": \{\s+"begin": 11,/,
      );
      assert.match(of("sarif").stdout, /"startLine": 11\s/);
      assert.match(of("rdjson").stdout, /"range": \{\s+"start": \{\s+"line": 11\s/);
      assert.match(of("junit").stdout, /<testcase name="nippy" classname="a\.py" file="a\.py" line="11">\s+<error /);
    }),
  );

  it(
    "is not what is only deep, new in a later Python, or in a stub",
    inProject(
      {
        "deep.py": `x = ${Array.from({ length: 2000 }, (_, index) => `y${index}`).join(" + ")}\n`,
        "new.py":
          "type Pair[T] = tuple[T, T]\ntry:\n    x = t'{1}'\nexcept* OSError:\n    match x:\n        case {**rest}:\n            pass\n",
        "stub.pyi": "class A:\n    def f(self) -> int: ...\n    x: int\nclass B(A): ...\n",
      },
      ({ run }) =>
        assert.deepEqual(run("check", ...ONLY_ROWS), { status: 0, stdout: "Nothing found in 3 files.\n", stderr: "" }),
    ),
  );
});

describe("the other reports", () => {
  const BOTH = ["check", "--select", "pandas/iterrows,profiling/wall-clock-duration", "--format"] as const;
  /** With what XML, columns in bytes and build servers stumble over. */
  const HOSTILE = ROWS.replace('row["price"]', 'row["<ä&]]>"]').replace("result = 0.0", "result = 0.0; é = 1");

  it(
    "concise: a line for each finding, as compilers write them, then the sum",
    inProject({ "a.py": ROWS, "b.py": CLOCK, "::error::c.py": ROWS }, ({ run }) => {
      const { status, stdout } = run(...BOTH, "concise");
      assert.equal(status, 1);
      const [odd, first, second, blank, sum] = stdout.split("\n");
      assert.match(odd ?? "", /^\.\/::error::c\.py:6:\d+: warning: /);
      assert.match(first ?? "", /^a\.py:6:\d+: warning: \S.* \[pandas\/iterrows\]$/);
      assert.match(second ?? "", /^b\.py:7:\d+: info: \S.* \[profiling\/wall-clock-duration\] \(fixable\)$/);
      assert.equal(blank, "");
      assert.match(sum ?? "", /^3 findings in 3 of 3 files/);
    }),
  );

  it(
    "json-lines: what the JSON report has, line by line",
    inProject({ "a.py": ROWS, "bad.py": "\0" }, ({ run }) => {
      const lines = run(...BOTH, "json-lines")
        .stdout.trimEnd()
        .split("\n");
      const [finding, failure, summary] = lines.map((it) => JSON.parse(it) as Record<string, unknown>);
      const whole = jsonOf(run(...BOTH, "json"));
      assert.equal(lines.length, 3);
      assert.deepEqual(finding, { type: "finding", ...whole.findings[0] });
      assert.deepEqual(failure, { type: "failure", ...whole.failures[0] });
      const { version, files, belowMinLevel, inBaseline } = whole;
      assert.deepEqual(summary, { type: "summary", version, files, belowMinLevel, inBaseline });
    }),
  );

  it(
    "gitlab: paths from the repository's root, and fingerprints that no two files share",
    inProject({ ".git/HEAD": "", "src/a.py": ROWS, "src/b.py": ROWS, "src/bad.py": "\0" }, ({ runWith }) => {
      const { stdout } = runWith({ in: "src" }, ...BOTH, "gitlab");
      const issues = JSON.parse(stdout) as readonly Record<string, unknown>[];
      assert.deepEqual(
        issues.map((it) => [it["check_name"], it["severity"], it["location"]]),
        [
          ["nippy", "blocker", { path: "src/bad.py", lines: { begin: 1, end: 1 } }],
          ["pandas/iterrows", "major", { path: "src/a.py", lines: { begin: 6, end: 6 } }],
          ["pandas/iterrows", "major", { path: "src/b.py", lines: { begin: 6, end: 6 } }],
        ],
      );
      assert.equal(new Set(issues.map((it) => it["fingerprint"])).size, 3);
      assert.ok(issues.every((it) => typeof it["description"] === "string" && it["description"] !== ""));
    }),
  );

  it(
    "junit: XML that Python's own parser reads, whatever the names and messages hold",
    inProject({ "a<&\"'\u0007.py": HOSTILE, "clean.py": CLEAN, "bad.py": "\0" }, ({ run }) => {
      const { stdout } = run(...BOTH, "junit");
      const read = `import json, sys, xml.etree.ElementTree as E
r = E.fromstring(sys.stdin.buffer.read())
print(json.dumps([r.attrib, [[s.attrib, [[c.attrib, [[f.tag, f.attrib] for f in c]] for c in s]] for s in r]]))`;
      const { stdout: parsed, stderr } = spawnSync("python3", ["-c", read], { input: stdout, encoding: "utf8" });
      assert.equal(stderr, "");
      const [totals, suites] = JSON.parse(parsed) as [unknown, readonly [Record<string, string>, readonly unknown[]][]];
      assert.deepEqual(totals, { name: "nippy", tests: "3", failures: "1", errors: "1" });
      assert.deepEqual(
        suites.map(([it]) => [it["name"], it["tests"], it["failures"], it["errors"]]),
        [
          ["a<&\"'\ufffd.py", "1", "1", "0"],
          ["bad.py", "1", "0", "1"],
          ["clean.py", "1", "0", "0"],
        ],
      );
    }),
  );

  it(
    "rdjson: columns in bytes, and a fix as one suggestion that does what --fix does",
    inProject(
      { "a.py": CLOCK.replace("start =", 'é = "ä"; start =').replace("return ", "print(é); return ") },
      (project) => {
        const report = (input?: string) => {
          const words = [...ONLY_CLOCK, "--format", "rdjson", ...(input === undefined ? [] : ["-"])];
          const { stdout } = project.runWith(input === undefined ? {} : { input }, "check", ...words);
          return (JSON.parse(stdout) as { diagnostics: readonly [Rdjson] }).diagnostics[0];
        };
        const source = readFileSync(project.path("a.py"), "utf8");
        const found = report();
        const fromInput = report(source);
        assert.deepEqual([found.location.path, found.severity], ["a.py", "INFO"]);
        assert.equal(found.code.value, "profiling/wall-clock-duration");
        assert.match(found.code.url, /^https:.*benchmarking\.md$/);
        assert.deepEqual(fromInput.suggestions, found.suggestions);
        assert.equal(found.suggestions?.length, 1);

        const { range, text } = found.suggestions[0]!;
        const bytes = Buffer.from(source);
        const offsetOf = ({ line, column }: RdjsonPlace) =>
          Buffer.byteLength(
            source
              .split("\n")
              .slice(0, line - 1)
              .join("\n"),
          ) + column;
        const [start, end] = [offsetOf(range.start), offsetOf(range.end)];
        const fixed = Buffer.concat([bytes.subarray(0, start), Buffer.from(text), bytes.subarray(end)]);
        project.run("check", ...ONLY_CLOCK, "--fix");
        assert.equal(fixed.toString(), readFileSync(project.path("a.py"), "utf8"));
      },
    ),
  );

  it(
    "rdjson: no suggestion where a fix changes places far apart, and the doubts of one to review",
    inProject({ "a.py": CLOCK.replace("    work()\n", "    work()\n".repeat(30)), "b.py": ROWS }, ({ run }) => {
      const { diagnostics } = JSON.parse(run(...BOTH, "rdjson").stdout) as { diagnostics: readonly Rdjson[] };
      const [far, doubtful] = diagnostics;
      assert.equal(far?.suggestions, undefined);
      assert.match(doubtful?.message ?? "", /\nCheck before you fix it: floats are added in another order; /);
    }),
  );
});

interface RdjsonPlace {
  readonly line: number;
  readonly column: number;
}

interface Rdjson {
  readonly message: string;
  readonly severity: string;
  readonly location: { readonly path: string };
  readonly code: { readonly value: string; readonly url: string };
  readonly suggestions?: readonly { readonly range: { start: RdjsonPlace; end: RdjsonPlace }; readonly text: string }[];
}
