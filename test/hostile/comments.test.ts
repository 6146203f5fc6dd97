/** No comment keeps a file from its findings, whatever stands in it. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { inProject, jsonOf, ONLY_ROWS, ROWS } from "../cli/nippy.js";
import { fuzzChecks } from "./fuzz-checks.js";

const BAD: Readonly<Record<string, string>> = {
  "a name of a megabyte": `x = 1  # nippy: ignore[${"p".repeat(1_000_000)}]`,
  "a megabyte of names": `x = 1  # nippy: ignore[${"pandas/x,".repeat(110_000)}]`,
  "70,000 stars": `x = 1  # nippy: ignore[${"*".repeat(70_000)}]`,
  "stars that may mean anything": `x = 1  # nippy: ignore[${"*a".repeat(49)}*b]`,
  "20,000 globs": `x = 1  # nippy: ignore[${Array.from({ length: 20_000 }, (_, it) => `*a*${it}`).join(",")}]`,
  "20,000 comments": "x = 1  # nippy: ignore[pandas/iterows]\n".repeat(20_000),
  "hundreds of thousands of hashes": `x = 1  ${"#".repeat(400_000)}`,
  "hashes with spaces": `x = 1  ${"# ".repeat(200_000)}nippy:`,
  "words over and over": `x = 1  # ${"noqa: ".repeat(100_000)}`,
  "a list that never ends": `x = 1  ${"# nippy: ignore[".repeat(50_000)}`,
  "codes that are none": `x = 1  # noqa: ${"A".repeat(500_000)}`,
  "a style sheet on one line": `CSS = "${".a{color:#fff}".repeat(28_000)}"`,
  "a style sheet with words": `CSS = "${".a{color:#fff} /* noqa nippy: */".repeat(12_000)}"`,
};

describe("comments", () => {
  for (const [what, line] of Object.entries(BAD))
    it(
      `with ${what} leave the findings`,
      inProject({ "a.py": `${ROWS}\n\n${line}\n` }, (project) => {
        const outcome = project.run("check", "--format", "json", ...ONLY_ROWS);
        const { findings, failures } = jsonOf(outcome);
        assert.deepEqual([findings.map((it) => it.rule), failures], [["pandas/iterrows"], []]);
        assert.ok(outcome.stderr.length < 20_000, `${outcome.stderr.length} characters are told`);
      }),
    );

  it(
    "still silence what they name by their first names, however long the list",
    inProject(
      {
        "a.py": `# nippy: ignore-file[pandas/iterrows, ${"x,".repeat(500)}]\n${ROWS}`,
        "b.py": `# nippy: ignore-file[${"x,".repeat(500)} pandas/iterrows]\n${ROWS}`,
      },
      (project) => {
        const outcome = project.run("check", "--format", "json", ...ONLY_ROWS);
        assert.deepEqual(
          jsonOf(outcome).findings.map((it) => it.path),
          ["b.py"],
        );
        assert.match(outcome.stderr, /too long: its last 401 names/);
      },
    ),
  );

  it("of every kind are read without a failure", async () => {
    const checks = await fuzzChecks();
    for (let seed = 0; seed < 150; seed++) checks.comments(seed);
    checks.end();
  });
});
