/** Findings that a project lives with: written down once, left out from then on, taken out when they are gone. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, symlinkSync, unlinkSync } from "node:fs";
import { describe, it } from "mocha";
import { CLOCK, inProject, jsonOf, ROWS, type Project } from "./nippy.js";

const FILE = ".nippy/baseline.json";

interface Written {
  readonly version: number;
  readonly findings: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const written = ({ path }: Project) => JSON.parse(readFileSync(path(FILE), "utf8")) as Written;
const found = (project: Project, ...words: readonly string[]) =>
  jsonOf(project.run("check", "--format", "json", "--min-level", "hint", ...words)).findings.map((it) => it.rule);

describe("nippy baseline", () => {
  it(
    "writes down what there is, one fingerprint a line, and only what is new is shown from then on",
    inProject({ "a.py": ROWS, "deep/b.py": CLOCK }, (project) => {
      const before = project.run("baseline");
      assert.equal(before.status, 0, before.stderr);
      assert.match(before.stdout, /^\d+ findings in 2 files written to \.nippy\/baseline\.json \(0 before\)\.\n$/);
      const { version, findings } = written(project);
      assert.equal(version, 1);
      assert.deepEqual(Object.keys(findings), ["a.py", "deep/b.py"]);
      assert.match(findings["a.py"]!["pandas/iterrows"]![0]!, /^[0-9a-f]{16}$/);

      const clean = project.run("check");
      assert.equal(clean.status, 0);
      assert.match(
        clean.stdout,
        /^Nothing found in 2 files\. \d known findings? left out: --ignore-baseline shows them\.\n$/,
      );
      assert.deepEqual(found(project), []);
      assert.ok(found(project, "--ignore-baseline").includes("pandas/iterrows"));
      // Also from below, from above and through the cache.
      assert.equal(project.runWith({ in: "deep" }, "check").status, 0);
      assert.equal(project.run("check").status, 0);

      project.write("c.py", ROWS);
      assert.deepEqual(
        [...new Set(jsonOf(project.run("check", "--format", "json")).findings.map((it) => it.path))],
        ["c.py"],
      );
    }),
  );

  it(
    "still knows code that was moved and formatted anew, and sees that one was swapped for another",
    inProject({ "a.py": CLOCK }, (project) => {
      project.run("baseline");
      project.write(
        "a.py",
        `x = 1\n\n\n${CLOCK.replace("time.time() - start", "(\n        time.time()\n        - start\n    )")}`,
      );
      assert.deepEqual(found(project), []);
      project.write("a.py", CLOCK.replace("measure", "other"));
      assert.deepEqual(found(project), ["profiling/wall-clock-duration"]);
    }),
  );

  it(
    "shrinks when a finding or a file is gone, and never because other rules were asked for",
    inProject({ "a.py": ROWS, "b.py": CLOCK, "c.py": CLOCK }, (project) => {
      project.run("baseline");
      assert.equal(project.run("check", "--select", "pandas/*").status, 0);
      assert.equal(project.run("check", "--python", "3.14").status, 0);
      assert.deepEqual(Object.keys(written(project).findings), ["a.py", "b.py", "c.py"]);

      project.write("b.py", "x = 1\n");
      unlinkSync(project.path("c.py"));
      const frozen = project.run("check", "--frozen-baseline");
      assert.equal(frozen.status, 1);
      assert.match(frozen.stderr, /baseline\.json lists \d+ findings that are gone/);
      assert.deepEqual(Object.keys(written(project).findings), ["a.py", "b.py", "c.py"]);

      const shrunk = project.run("check");
      assert.equal(shrunk.status, 0);
      assert.match(shrunk.stderr, /\.nippy\/baseline\.json no longer lists \d+ findings that are gone/);
      assert.deepEqual(Object.keys(written(project).findings), ["a.py"]);
      assert.equal(project.run("check", "--frozen-baseline").status, 0);
    }),
  );

  it(
    "holds for standard input, is not repaired by --fix, and is marked in SARIF",
    inProject({ "a.py": CLOCK }, (project) => {
      project.run("baseline");
      const piped = project.runWith({ input: CLOCK }, "check", "-", "--stdin-filename", "a.py");
      assert.equal(piped.status, 0);
      project.run("check", "--fix");
      assert.equal(readFileSync(project.path("a.py"), "utf8"), CLOCK);
      const { runs } = JSON.parse(project.run("check", "--format", "sarif", "--min-level", "hint").stdout) as {
        readonly runs: readonly [
          { readonly results: readonly { readonly suppressions?: readonly { kind: string }[] }[] },
        ];
      };
      assert.ok(runs[0].results.length > 0);
      for (const { suppressions } of runs[0].results)
        assert.deepEqual(
          suppressions?.map((it) => it.kind),
          ["external"],
        );
      project.run("check", "--fix", "--ignore-baseline");
      assert.match(readFileSync(project.path("a.py"), "utf8"), /perf_counter/);
    }),
  );

  it(
    "is not taken for empty where it is broken",
    inProject({ "a.py": CLOCK }, (project) => {
      for (const [text, why] of [
        ["{", /is not JSON/],
        ['{"version": 2, "findings": {}}', /version is not 1/],
        ['{"version": 1, "findings": []}', /is no table/],
        ['{"version": 1, "findings": {"a.py": {"x/y": ["../../etc"]}}}', /list of fingerprints/],
      ] as const) {
        project.write(FILE, text);
        const { status, stderr } = project.run("check");
        assert.equal(status, 2);
        assert.match(stderr, why);
      }
      const missing = project.run("check", "--baseline", "none.json");
      assert.equal(missing.status, 2);
      assert.match(missing.stderr, /There is no baseline "none\.json"/);
    }),
  );

  it(
    "is read and written nowhere else through a link",
    inProject({ "a.py": CLOCK, "victim.json": "mine" }, (project) => {
      if (process.platform === "win32") return;
      project.run("baseline");
      renameSync(project.path(FILE), project.path("kept.json"));
      symlinkSync("../victim.json", project.path(FILE));
      assert.equal(project.run("check").status, 2);
      assert.equal(project.run("baseline").status, 2);
      assert.equal(readFileSync(project.path("victim.json"), "utf8"), "mine");
      assert.ok(existsSync(project.path("kept.json")));
    }),
  );
});
