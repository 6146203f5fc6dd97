/** The SARIF report: what version 2.1.0 requires, what code scanning needs on top, and fingerprints that survive edits. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Log, Result } from "sarif";
import type { Analyzer } from "../../analysis/analyzer.js";
import { sarifReport } from "../../cli/reports/sarif.js";
import type { CheckResult, PlacedFinding } from "../../cli/result.js";
import { BROKEN_ROWS, CLEAN, CLOCK, inProject, ROWS, type Outcome, type Project } from "./nippy.js";
import { schemaErrors } from "./sarif-schema.js";

const WORDS = ["check", "--format", "sarif", "--select", "pandas/iterrows,profiling/wall-clock-duration"] as const;

function runOf({ stdout, stderr }: Outcome) {
  assert.match(stdout, /^\{/, stderr);
  const log = JSON.parse(stdout) as Log;
  assert.deepEqual(schemaErrors(log), []);
  assert.equal(log.version, "2.1.0");
  assert.equal(log.runs.length, 1);
  return log.runs[0]!;
}

function fingerprintsOf(project: Project): readonly string[] {
  return (runOf(project.run(...WORDS)).results ?? []).map(
    (it) => it.partialFingerprints?.["primaryLocationLineHash"] ?? "",
  );
}

function regionOf(result: Result | undefined) {
  return result?.locations?.[0]?.physicalLocation?.region;
}

describe("the SARIF report", () => {
  it(
    "names the tool, its version and the rules it spoke of, each with its page",
    inProject({ "a.py": ROWS, "b.py": CLOCK }, ({ run }) => {
      const { tool, columnKind, automationDetails, invocations } = runOf(run(...WORDS));
      assert.equal(tool.driver.name, "Nippy");
      assert.match(tool.driver.semanticVersion ?? "", /^\d+\.\d+\.\d+/);
      assert.equal(columnKind, "utf16CodeUnits");
      assert.equal(automationDetails?.id, "nippy/");
      assert.deepEqual(invocations, [{ executionSuccessful: true, toolExecutionNotifications: [] }]);

      const rules = tool.driver.rules ?? [];
      assert.deepEqual(
        rules.map((it) => it.id),
        ["pandas/iterrows", "profiling/wall-clock-duration"],
      );
      for (const rule of rules) {
        for (const text of [rule.shortDescription?.text, rule.fullDescription?.text, rule.help?.text])
          assert.ok(text !== undefined && text !== "" && text.length <= 1024);
        assert.ok((rule.help?.markdown ?? "").includes("```python"), "the page shows code");
        assert.match(rule.helpUri ?? "", /^https:\/\/.*\/guide\/\d-[a-z-]+\.md/);
        assert.ok(["none", "note", "warning", "error"].includes(rule.defaultConfiguration?.level ?? ""));
        assert.ok(["very-high", "high", "medium", "low"].includes(String(rule.properties?.["precision"])));
        assert.ok(["error", "warning", "recommendation"].includes(String(rule.properties?.["problem.severity"])));
        assert.ok((rule.properties?.tags ?? []).length > 0 && (rule.properties?.tags ?? []).length <= 10);
        assert.equal(new Set(rule.properties?.tags).size, rule.properties?.tags?.length, "tags must not repeat");
      }
    }),
  );

  it(
    "places each finding by a relative path, a region that counts from 1, and the rule's index",
    inProject({ ".git/HEAD": "", "src/ä b#1.py": ROWS }, (project) => {
      const run = runOf(project.runWith({ in: "src" }, ...WORDS));
      assert.deepEqual(run.originalUriBaseIds, { SRCROOT: { uri: pathToFileURL(`${project.folder}/`).href } });
      const [result] = run.results ?? [];
      assert.equal(result?.ruleId, "pandas/iterrows");
      assert.equal(run.tool.driver.rules?.[result?.ruleIndex ?? -1]?.id, "pandas/iterrows");
      assert.equal(result?.level, "warning");
      assert.notEqual(result?.message.text, "");
      assert.deepEqual(result?.locations?.[0]?.physicalLocation?.artifactLocation, {
        uri: "src/%C3%A4%20b%231.py",
        uriBaseId: "SRCROOT",
      });
      const region = regionOf(result);
      assert.deepEqual([region?.startLine, region?.endLine], [6, 6]);
      assert.ok((region?.startColumn ?? 0) >= 1 && (region?.endColumn ?? 0) > (region?.startColumn ?? 0));
    }),
  );

  it(
    "ranks findings, and says how sure and how weighty they are and why there is no fix",
    inProject({ "a.py": BROKEN_ROWS, "b.py": ROWS, "c.py": CLOCK }, ({ run }) => {
      const [declined, review, safe] = runOf(run(...WORDS)).results ?? [];
      assert.ok((review?.rank ?? -1) > (safe?.rank ?? -1) && (safe?.rank ?? -1) > 0 && (review?.rank ?? 101) <= 100);
      assert.deepEqual(Object.keys(review?.properties ?? {}), ["evidence", "weight"]);
      assert.equal(declined?.properties?.["declined"], "there is a syntax error nearby");
      assert.match(review?.fixes?.[0]?.description?.text ?? "", /^Sum whole columns \(check first: floats .*\)$/);
      assert.equal(safe?.fixes?.[0]?.description?.text, "Measure with time.perf_counter()");
    }),
  );

  it(
    "gives the same fingerprints in another order",
    inProject({ "a.py": CLOCK + CLOCK.replaceAll("measure", "again"), "b.py": ROWS }, ({ run }) => {
      const byPlace = (words: readonly string[]) =>
        (runOf(run(...WORDS, ...words)).results ?? []).map((it) => [
          it.partialFingerprints?.["primaryLocationLineHash"],
          regionOf(it)?.startLine,
        ]);
      const [first, ...others] = byPlace(["--sort", "value"]);
      assert.deepEqual([...others, first], byPlace([]));
    }),
  );

  it(
    "names a file outside the repository by a whole URI",
    inProject({ "repo/.git/HEAD": "", "repo/b.py": CLEAN, "a.py": ROWS }, (project) => {
      const [result] = runOf(project.runWith({ in: "repo" }, ...WORDS, "../a.py")).results ?? [];
      assert.deepEqual(result?.locations?.[0]?.physicalLocation?.artifactLocation, {
        uri: pathToFileURL(resolve(project.folder, "a.py")).href,
      });
    }),
  );

  it(
    "carries fixes as replacements in the same file",
    inProject({ "a.py": CLOCK }, ({ run }) => {
      const [result] = runOf(run(...WORDS)).results ?? [];
      const change = result?.fixes?.[0]?.artifactChanges[0];
      assert.notEqual(result?.fixes?.[0]?.description?.text, "");
      assert.deepEqual(change?.artifactLocation, { uri: "a.py", uriBaseId: "SRCROOT" });
      assert.ok((change?.replacements.length ?? 0) > 0);
      for (const { deletedRegion, insertedContent } of change?.replacements ?? []) {
        assert.ok(
          (deletedRegion.startLine ?? 0) >= 1 && (deletedRegion.endLine ?? 0) >= (deletedRegion.startLine ?? 0),
        );
        assert.equal(typeof insertedContent?.text, "string");
      }
    }),
  );

  it(
    "tells of files that could not be checked",
    inProject({ "bad.py": "\0", "a.py": ROWS }, ({ run }) => {
      const { invocations } = runOf(run(...WORDS));
      assert.equal(invocations?.[0]?.executionSuccessful, false);
      const [notification] = invocations?.[0]?.toolExecutionNotifications ?? [];
      assert.match(notification?.message.text ?? "", /NUL bytes/);
      assert.equal(notification?.locations?.[0]?.physicalLocation?.artifactLocation?.uri, "bad.py");
    }),
  );

  it(
    "has no results, and is still a report, when nothing was found",
    inProject({ "a.py": CLEAN }, ({ run }) => {
      assert.deepEqual(runOf(run(...WORDS)).results, []);
    }),
  );

  it(
    "fits the schema with every part that a report can have",
    inProject(
      {
        "nippy.toml": '[levels]\n"pandas/iterrows" = "error"\n',
        "a.py": `"""ä \u{1f600}."""\n${ROWS}${CLOCK}`,
        "b\u{1f600} .py": BROKEN_ROWS,
        "bad.py": "\0",
      },
      ({ run, write }) => {
        run("baseline", "a.py");
        write("new.py", CLOCK);
        const { results = [] } = runOf(run("check", "--format", "sarif", "--min-level", "hint"));
        assert.ok(results.some((it) => it.suppressions));
        assert.ok(results.some((it) => it.fixes) && results.some((it) => it.relatedLocations === undefined));
      },
    ),
  );

  it("is told apart by the schema from what only looks like it", () => {
    assert.deepEqual(schemaErrors({ version: "2.1.0", runs: [] }), []);
    const run = { tool: { driver: { name: "x" } }, results: [{ message: { text: "" }, rank: 101, level: "bad" }] };
    assert.equal(schemaErrors({ version: "2.1.0", runs: [run] }).length, 2);
  });

  it("holds what GitHub takes: where there are too many results, those that matter least are left out, and told", async () => {
    const place = { line: 1, column: 1 };
    const finding = (index: number): PlacedFinding => ({
      rule: "pandas/iterrows",
      fingerprint: String(index),
      level: "info",
      evidence: "fair",
      weight: "heavy",
      value: index % 5 === 0 ? 10 : 50,
      message: "Slow.",
      range: { start: place, end: place },
      guide: "pandas",
      related: [],
      fix: null,
      declined: null,
      frame: [],
    });
    const findings = Array.from({ length: 30_000 }, (_, index) => finding(index));
    const file = { path: "a.py", findings, known: [finding(5)], hidden: [], failures: [], comments: [], fixed: 0 };
    const result: CheckResult = { files: [file], folder: resolve("."), sort: "path", staleBaseline: false };
    const analyzer = async () => ({ rules: [] as const, page: () => "" }) as unknown as Analyzer;
    const context = { color: false, version: "1.0.0", root: resolve("."), textOf: () => undefined, analyzer };
    const { results = [], invocations } = runOf({ status: 1, stdout: await sarifReport(result, context), stderr: "" });
    assert.equal(results.length, 25_000);
    assert.equal(results.filter((it) => it.rank === 50).length, 24_000);
    const prints = results.map((it) => Number(it.partialFingerprints?.["nippy/v1"]));
    assert.deepEqual(
      prints,
      prints.toSorted((a, b) => a - b),
      "in the order of the list",
    );
    const [note] = invocations?.[0]?.toolExecutionNotifications ?? [];
    assert.match(note?.message.text ?? "", /^5001 results left out, those of the least value: code hosts take 25000\./);
  });

  describe("gives fingerprints", () => {
    it(
      "that survive edits above and a change of indentation",
      inProject({ "a.py": ROWS }, (project) => {
        const [before] = fingerprintsOf(project);
        assert.match(before ?? "", /^[0-9a-f]{16}$/);
        project.write("a.py", `"""New."""\n\n${ROWS.replaceAll("    ", "  ")}`);
        assert.deepEqual(fingerprintsOf(project), [before]);
      }),
    );

    it(
      "that differ for other code, and count what is equal",
      inProject(
        { "a.py": ROWS + ROWS + ROWS.replaceAll("total", "again") + ROWS.replaceAll("_, row", "i, row") },
        (project) => {
          const [first, second, third, fourth] = fingerprintsOf(project);
          assert.equal(second, `${first}-2`);
          assert.equal(new Set([first, third, fourth].map((it) => it?.slice(0, 16))).size, 3);
        },
      ),
    );
  });
});
