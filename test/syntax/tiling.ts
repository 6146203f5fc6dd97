/** What must hold for the slices of any text. */

import assert from "node:assert/strict";
import type { Slice } from "../../analysis/syntax/splitter.js";

/** Slices cover a text without gap or overlap, and class heads count their members. */
export function assertTiles(slices: readonly Slice[], length: number): void {
  let at = 0;
  let members = 0;
  for (const slice of slices) {
    assert.equal(slice.start, at);
    assert.ok(slice.end > at || length === 0, `empty slice at ${at}`);
    at = slice.end;
    assert.equal(slice.role === "member", members > 0);
    assert.equal(slice.role === "class-head", slice.members > 0);
    members = slice.role === "member" ? members - 1 : slice.members;
  }
  assert.equal(at, length);
  assert.equal(members, 0);
}
