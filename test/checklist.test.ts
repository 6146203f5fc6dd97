/** The checklist adds up, says what is missing where points are, and the tests that it names are there. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";

const page = readFileSync("docs/checklist.md", "utf8");
const [items = "", missing = ""] = page.split("## What is missing");
const rows = [...items.matchAll(/^\| ([A-J])(\d+) \| .*? \| ([012]) \| (.*) \|$/gm)].map(
  ([, group = "", number = "", points = "", shown = ""]) => ({
    group,
    number: Number(number),
    points: Number(points),
    shown,
  }),
);
const sumOf = (group?: string) =>
  rows.filter((it) => group === undefined || it.group === group).reduce((sum, it) => sum + it.points, 0);

describe("the checklist", () => {
  it("has every item once, and sums that are right", () => {
    assert.deepEqual(
      rows.map((it) => it.number),
      Array.from({ length: 96 }, (_, index) => index + 1),
    );
    const told = [...items.matchAll(/^\| (?:([A-J])\. [^|]*|all) \| (\d+) \/ (\d+) \|$/gm)];
    assert.equal(told.length, 11);
    for (const [line, group, points, most] of told) {
      assert.equal(Number(points), sumOf(group), line);
      assert.equal(Number(most), 2 * rows.filter((it) => group === undefined || it.group === group).length, line);
    }
    assert.match(page, new RegExp(`\\*\\*${sumOf()} of 192 points\\*\\*`));
  });

  it("says of each item without two points what is missing, and of no other", () => {
    const named = [...missing.matchAll(/^\| ([A-J]\d+) \| ([012]) \| .+ \|$/gm)].map(
      ([, name, points]) => `${name} ${points}`,
    );
    assert.deepEqual(
      named,
      rows.filter((it) => it.points < 2).map((it) => `${it.group}${it.number} ${it.points}`),
    );
  });

  it("names tests that there are", () => {
    for (const { group, number, shown } of rows) {
      for (const [, path = "", names = ""] of shown.matchAll(
        /\]\(\.\.\/(test\/[^)]+\.ts)\)((?:[;:]? ?"(?:[^"\\]|\\.)*")*)/g,
      )) {
        const file = join(path);
        assert.ok(existsSync(file), `${group}${number}: ${file}`);
        const text = readFileSync(file, "utf8").replaceAll('\\"', '"');
        for (const [, name = ""] of names.matchAll(/"((?:[^"\\]|\\.)*)"/g))
          assert.ok(text.includes(name), `${group}${number}: ${file} has no test "${name}"`);
      }
    }
  });
});
