/** `‸` in a text of a test: one says where the cursor is, two stand around a selection. */
import assert from "node:assert/strict";
import type { Range } from "../../analysis/analyzer.js";

const MARK = "‸";

export function placeIn(marked: string): { readonly text: string; readonly selection: Range } {
  const [first = "", second, third, ...more] = marked.split(MARK);
  assert.ok(second !== undefined && more.length === 0, "one mark is a cursor, two are a selection");
  const start = first.length;
  return {
    text: first + second + (third ?? ""),
    selection: { start, end: third === undefined ? start : start + second.length },
  };
}
