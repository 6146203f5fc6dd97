/** The coverage table: every technique is told by the guide, and names nothing that nobody planned. Its freshness is checked with all that is generated. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { catalogueNames } from "../scripts/catalogue.js";
import { delivered, refusedRules, techniques } from "../scripts/coverage.js";
import { sections } from "../scripts/guide-index.js";

describe("coverage", () => {
  const rows = techniques();

  it("has 707 techniques, numbered without gaps", () => {
    const numbers = (series: string) =>
      rows.filter((it) => it.id.startsWith(series)).map((it) => Number(it.id.slice(1)));
    assert.deepEqual(
      ["A", "B", "C", "D"].map((it) => numbers(it).length),
      [355, 77, 182, 93],
    );
    for (const series of ["A", "B", "C", "D"])
      assert.deepEqual(
        numbers(series),
        numbers(series).map((_, index) => index + 1),
      );
  });

  it("leads each technique to a section of the guide, and no section to one that does not exist", () => {
    const told = new Set(sections().flatMap((it) => it.rows));
    assert.deepEqual(
      rows.map((it) => it.id).filter((it) => !told.has(it)),
      [],
    );
    const known = new Set(rows.map((it) => it.id));
    assert.deepEqual(
      [...told].filter((it) => !known.has(it)),
      [],
    );
  });

  it("delivers every planned snippet, hover and refactoring", () => {
    const there = delivered();
    for (const means of ["snippets", "hovers", "refactorings"] as const) {
      const wanted = [...new Set(rows.flatMap((it) => it[means]))];
      assert.deepEqual(
        wanted.filter((it) => !there[means].has(it)),
        [],
        means,
      );
    }
  });

  it("has every rule of the catalogue, or the figure for which it is refused", () => {
    const [there, refused] = [delivered().rules, refusedRules()];
    const planned = new Set([...catalogueNames(), ...rows.flatMap((it) => it.rules)]);
    assert.deepEqual(
      [...planned].filter((it) => there.has(it) === refused.has(it)),
      [],
      "neither built nor refused, or both",
    );
    assert.deepEqual(
      [...refused].filter((it) => !planned.has(it)),
      [],
    );
  });

  it("has a folder with one page for every refactoring", () => {
    const names = (folder: string, ending: string) =>
      readdirSync(folder)
        .filter((it) => it.endsWith(ending) && !it.includes(".generated."))
        .map((it) => it.slice(0, -ending.length))
        .sort();
    assert.deepEqual(names("test/refactorings", ".md"), names("refactorings", ".ts"));
  });

  it("names techniques in the table as they stand", () => {
    const page = readFileSync("docs/coverage.md", "utf8");
    for (const { id } of rows) assert.ok(page.includes(`\n| ${id} | `), id);
  });
});
