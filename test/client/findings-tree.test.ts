/** The groups of the view: what matters most stands first, and a filter leaves the rest out. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { findingLabel, grouped, groupLabel, isShown, type Weighed } from "../../client/findings-tree.js";

const finding = (rule: string, value: number, path = "a/x.py", line = 0, level = "warning"): Weighed => ({
  rule,
  level,
  value,
  path,
  line,
});
const FINDINGS = [
  finding("a/small", 10, "z.py"),
  finding("a/small", 20, "b/y.py", 4),
  finding("a/small", 20, "b/y.py", 1),
  finding("b/large", 90, "a/x.py"),
];

describe("client: groups of findings", () => {
  it("by rule, the one first that is worth most in all, its findings by value and then by place", () => {
    assert.deepEqual(
      grouped(FINDINGS, "rule").map(({ name, findings }) => [name, findings.map((it) => `${it.path}:${it.line}`)]),
      [
        ["b/large", ["a/x.py:0"]],
        ["a/small", ["b/y.py:1", "b/y.py:4", "z.py:0"]],
      ],
    );
  });

  it("by folder, and by bands of value", () => {
    const names = (by: "folder" | "value") =>
      grouped(FINDINGS, by).map(({ name, findings }) => [name, findings.length]);
    assert.deepEqual(names("folder"), [
      ["a", 1],
      ["b", 2],
      [".", 1],
    ]);
    assert.deepEqual(names("value"), [
      ["High value", 1],
      ["Low value", 3],
    ]);
  });

  it("say in words what icons and colours say", () => {
    assert.equal(
      findingLabel(finding("a/small", 20, "b/y.py", 4, "error"), "Rows one by one.", "b/y.py:5", "value 20"),
      "error, Rows one by one., b/y.py:5, a/small, value 20",
    );
    assert.equal(groupLabel("Rows looped over", "a/small", "3 findings"), "Rows looped over, a/small, 3 findings");
    assert.equal(groupLabel(undefined, "b", "1 finding"), "b, 1 finding");
  });

  it("without what levels and areas leave out; nothing named leaves out nothing", () => {
    const shown = (levels: string[], areas: string[]) => FINDINGS.filter((it) => isShown({ levels, areas }, it)).length;
    assert.deepEqual([shown([], []), shown(["error"], []), shown(["warning"], ["b"]), shown([], ["a"])], [4, 0, 1, 3]);
  });
});
