/** The code under a finding: which lines are shown, and that the marks stand below what they mean whatever stands before it. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { lineIndex } from "../../analysis/analyzer.js";
import { codeFrame } from "../../cli/code-frame.js";
import { textReport } from "../../cli/reports/text.js";

/** The frame of what stands between « and », as the text report prints it. */
function printed(marked: string): readonly string[] {
  const start = marked.indexOf("«");
  const end = marked.indexOf("»") - 1;
  const text = marked.replace(/[«»]/g, "");
  const lines = lineIndex(text);
  const { line, column } = lines.positionAt(start);
  const place = { line: line + 1, column: column + 1 };
  const finding = {
    rule: "area/name",
    fingerprint: "0123456789abcdef",
    level: "warning",
    evidence: "proof",
    weight: "heavy",
    value: 40,
    message: "message",
    range: { start: place, end: place },
    guide: "pandas",
    related: [],
    fix: null,
    declined: null,
    frame: codeFrame(text, lines, { start, end }),
  } as const;
  const file = { path: "a.py", findings: [finding], hidden: [], failures: [], comments: [], fixed: 0 };
  return textReport({ files: [file], folder: "/", sort: "path", staleBaseline: false }, { color: false })
    .trimEnd()
    .split("\n")
    .slice(1);
}

describe("a code frame", () => {
  it("underlines a range in its line", () => {
    assert.deepEqual(printed("a = 1\nb = «call()»  # why\n"), ["2 | b = call()  # why", "  |     ^^^^^^"]);
  });
  it("expands tabs to columns of four, also inside the range", () => {
    assert.deepEqual(printed("if x:\n\tb\t= «f(\t1)»\n"), ["2 |     b   = f(    1)", "  |           ^^^^^^^^"]);
  });
  it("counts wide characters and emoji twice, marks above a letter not at all", () => {
    assert.deepEqual(printed('x = "漢字", «y»'), ['1 | x = "漢字", y', "  |             ^"]);
    assert.deepEqual(printed('x = "😀👩‍👩‍👧🇨🇭❤️", «y»'), ['1 | x = "😀👩‍👩‍👧🇨🇭❤️", y', "  |                 ^"]);
    assert.deepEqual(printed('x = "e\u0301", «"ｆ"»'), ['1 | x = "e\u0301", "ｆ"', "  |          ^^^^"]);
  });
  it("shows three lines of a longer range, each underlined from its code on", () => {
    assert.deepEqual(printed("x = «f(\n    1,\n    2,\n    3,\n)»\n"), [
      "1 | x = f(",
      "  |     ^^",
      "2 |     1,",
      "  |     ^^",
      "3 |     2,",
      "  |     ^^",
    ]);
  });
  it("does not underline a blank line inside a range, nor the line after it", () => {
    assert.deepEqual(printed("«a\n\nb\n»c\n"), ["1 | a", "  | ^", "2 |", "3 | b", "  | ^"]);
  });
  it("gives an empty range one mark, also at the end of a text", () => {
    assert.deepEqual(printed("a = «»1\n"), ["1 | a = 1", "  |     ^"]);
    assert.deepEqual(printed("a = 1«»"), ["1 | a = 1", "  |      ^"]);
  });
  it("knows all three line ends", () => {
    assert.deepEqual(printed("a\r\n«b»\r\nc"), ["2 | b", "  | ^"]);
    assert.deepEqual(printed("a\r«b»\rc"), ["2 | b", "  | ^"]);
  });
  it("aligns line numbers of different lengths", () => {
    assert.deepEqual(printed(`${"\n".repeat(8)}«a\nb»\n`), [" 9 | a", "   | ^", "10 | b", "   | ^"]);
  });
  it("cuts a very long line around the range, never through a character", () => {
    const [code = "", marks = ""] = printed(`${"😀".repeat(5000)}«y»${"😀".repeat(5000)}`);
    assert.ok(code.length < 600);
    assert.match(code, /^1 \| …(😀)+y(😀)+…$/u);
    assert.ok(marks.endsWith("^"));
    const [long = ""] = printed(`x = «${"y".repeat(100_000)}»`);
    assert.ok(long.length < 600);
  });
});
