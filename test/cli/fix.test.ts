/** Repairing: what --fix writes, what --diff shows, what standard input gives back, and when hands are kept off. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { CLEAN, CLOCK, inProject, jsonOf, ONLY_CLOCK, ONLY_ROWS, ROWS } from "./nippy.js";

const FIXED_CLOCK = CLOCK.replaceAll("time.time()", "time.perf_counter()");

describe("nippy check --fix", () => {
  it(
    "writes safe fixes, says so, and exits with 0 when nothing is left",
    inProject({ "a.py": CLOCK, "b.py": CLEAN }, ({ run, path }) => {
      const { status, stdout } = run("check", "--fix", ...ONLY_CLOCK);
      assert.equal(status, 0);
      assert.match(stdout, /^\d+ fix(es)? applied in 1 file\. Nothing else found in 2 files\.\n$/);
      assert.equal(readFileSync(path("a.py"), "utf8"), FIXED_CLOCK);
      assert.equal(readFileSync(path("b.py"), "utf8"), CLEAN);
      assert.deepEqual(readdirSync(path(".")).sort(), ["a.py", "b.py"], "no temporary file stays behind");
    }),
  );

  it(
    "reports what it leaves, and exits with 1",
    inProject({ "a.py": CLOCK + ROWS }, ({ run, path }) => {
      const outcome = run(
        "check",
        "--fix",
        "--format",
        "json",
        "--select",
        "pandas/iterrows,profiling/wall-clock-duration",
      );
      assert.equal(outcome.status, 1);
      assert.deepEqual(
        jsonOf(outcome).findings.map((it) => it.rule),
        ["pandas/iterrows"],
      );
      assert.equal(readFileSync(path("a.py"), "utf8"), FIXED_CLOCK + ROWS);
    }),
  );

  it(
    "leaves fixes that need a review alone, unless --unsafe-fixes is given",
    inProject({ "a.py": ROWS }, ({ run, path }) => {
      const [finding] = jsonOf(run("check", "--format", "json", ...ONLY_ROWS)).findings;
      run("check", "--fix", ...ONLY_ROWS);
      assert.equal(readFileSync(path("a.py"), "utf8"), ROWS);
      run("check", "--fix", "--unsafe-fixes", ...ONLY_ROWS);
      const hasChanged = readFileSync(path("a.py"), "utf8") !== ROWS;
      assert.equal(hasChanged, finding?.fix?.safety === "review");
    }),
  );

  it(
    "keeps a file's mode, and writes through a link to the file behind it",
    inProject({ "real.py": CLOCK }, ({ run, path }) => {
      chmodSync(path("real.py"), 0o755);
      symlinkSync("real.py", path("link.py"));
      assert.equal(run("check", "--fix", "link.py", ...ONLY_CLOCK).status, 0);
      assert.ok(lstatSync(path("link.py")).isSymbolicLink());
      assert.equal(statSync(path("real.py")).mode & 0o777, 0o755);
      assert.equal(readFileSync(path("real.py"), "utf8"), FIXED_CLOCK);
    }),
  );

  it(
    "does not touch a file that has nothing to repair",
    inProject({ "a.py": ROWS }, ({ run, path }) => {
      const before = statSync(path("a.py"));
      run("check", "--fix", ...ONLY_ROWS);
      const after = statSync(path("a.py"));
      assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
    }),
  );
});

describe("nippy check --diff", () => {
  it(
    "shows the change, changes nothing, and exits with 1",
    inProject({ "src/a.py": CLOCK, "b.py": CLEAN }, ({ run, path }) => {
      const { status, stdout, stderr } = run("check", "--diff", ...ONLY_CLOCK);
      assert.equal(status, 1);
      assert.match(stdout, /^--- a\/src\/a\.py\n\+\+\+ b\/src\/a\.py\n@@ /);
      assert.match(stdout, /^-    start = time\.time\(\)\n\+    start = time\.perf_counter\(\)$/m);
      assert.match(stderr, /^\d+ fix(es)? would be applied in 1 file\.\n$/);
      assert.equal(readFileSync(path("src/a.py"), "utf8"), CLOCK);
    }),
  );

  it(
    "wins over --fix, and exits with 0 when nothing would change",
    inProject({ "a.py": ROWS, "b.py": CLOCK }, ({ run, path }) => {
      const { status, stdout, stderr } = run("check", "--diff", "a.py", ...ONLY_ROWS);
      assert.equal(status, 0, "a finding without a safe fix is no change");
      assert.equal(stdout, "");
      assert.equal(stderr, "Nothing would change.\n");
      assert.equal(run("check", "--fix", "--diff", "b.py", ...ONLY_CLOCK).status, 1);
      assert.equal(readFileSync(path("b.py"), "utf8"), CLOCK);
      assert.equal(run("check", "--diff", "--exit-zero", ...ONLY_CLOCK).status, 0);
    }),
  );

  for (const [name, text] of Object.entries({
    plain: CLOCK,
    CRLF: CLOCK.replaceAll("\n", "\r\n"),
    BOM: `\ufeff${CLOCK}`,
    "no last newline": CLOCK.trimEnd(),
  })) {
    it(
      `prints what git applies: ${name}`,
      inProject({ "a.py": text }, ({ run, path, write, folder }) => {
        write("change.diff", run("check", "--diff", ...ONLY_CLOCK).stdout);
        execFileSync("git", ["apply", "change.diff"], { cwd: folder });
        assert.equal(readFileSync(path("a.py"), "utf8"), text.replaceAll("time.time()", "time.perf_counter()"));
      }),
    );
  }

  it(
    "is in colours on request",
    inProject({ "a.py": CLOCK }, ({ run }) => {
      assert.match(
        run("check", "--diff", "--color", "always", ...ONLY_CLOCK).stdout,
        /\u001b\[32m\+    start = time\.perf_counter\(\)\u001b\[39m/,
      );
    }),
  );
});

describe("standard input", () => {
  it(
    "is checked under the name it is given",
    inProject({}, ({ runWith }) => {
      const { status, stdout } = runWith({ input: ROWS }, "check", "-", "--stdin-filename", "src/x.py", ...ONLY_ROWS);
      assert.equal(status, 1);
      assert.match(stdout, /^src\/x\.py:6:/);
      assert.match(runWith({ input: ROWS }, "check", "-", ...ONLY_ROWS).stdout, /^<stdin>:6:/);
    }),
  );

  it(
    "comes back repaired on standard output, with what is left on standard error",
    inProject({}, ({ runWith }) => {
      const words = ["check", "-", "--fix", "--select", "pandas/iterrows,profiling/wall-clock-duration"];
      const { status, stdout, stderr } = runWith({ input: CLOCK + ROWS }, ...words);
      assert.equal(status, 1);
      assert.equal(stdout, FIXED_CLOCK + ROWS);
      assert.match(stderr, /pandas\/iterrows/);
    }),
  );

  it(
    "comes back as it was where there is nothing to repair or it cannot be read",
    inProject({}, ({ runWith }) => {
      const crlf = `\ufeff${CLEAN.replaceAll("\n", "\r\n")}`;
      assert.deepEqual(runWith({ input: crlf }, "check", "-", "--fix", "--quiet"), {
        status: 0,
        stdout: crlf,
        stderr: "",
      });
      const { status, stdout, stderr } = runWith({ input: "x = 1\0\n" }, "check", "-", "--fix");
      assert.equal(status, 2);
      assert.equal(stdout, "x = 1\0\n");
      assert.match(stderr, /NUL bytes/);
    }),
  );

  it(
    "keeps its byte order mark and line ends",
    inProject({}, ({ runWith }) => {
      const text = `\ufeff${CLOCK.replaceAll("\n", "\r\n")}`;
      assert.equal(
        runWith({ input: text }, "check", "-", "--fix", ...ONLY_CLOCK).stdout,
        text.replaceAll("time.time()", "time.perf_counter()"),
      );
    }),
  );

  it(
    "never changes the file it is said to be",
    inProject({ "a.py": CLOCK }, ({ runWith, path }) => {
      runWith({ input: CLOCK }, "check", "-", "--fix", "--stdin-filename", "a.py", ...ONLY_CLOCK);
      assert.equal(readFileSync(path("a.py"), "utf8"), CLOCK);
    }),
  );

  it(
    "can be shown as a diff",
    inProject({}, ({ runWith }) => {
      const { status, stdout } = runWith(
        { input: CLOCK },
        "check",
        "-",
        "--diff",
        "--stdin-filename",
        "a.py",
        ...ONLY_CLOCK,
      );
      assert.equal(status, 1);
      assert.match(stdout, /^--- a\/a\.py\n/);
    }),
  );
});
