/** What must hold for any tree, whatever its text. */

import assert from "node:assert/strict";
import { KINDS } from "../../analysis/syntax/kinds.generated.js";
import { BROKEN, MISSING, type Tree } from "../../analysis/syntax/tree.js";

const ERROR = KINDS.indexOf("ERROR");

export function assertSound(tree: Tree): void {
  const { kinds, flags, starts, ends, parents, nexts } = tree.arrays;
  assert.equal(parents[0], -1);
  assert.equal(nexts[0], tree.size);
  for (let id = 1; id < tree.size; id++) {
    const parent = parents[id]!;
    assert.ok(parent < id && nexts[id]! <= nexts[parent]!, "children lie within their parents");
    assert.ok(
      starts[id]! >= starts[parent]! && ends[id]! <= ends[parent]! && starts[id]! <= ends[id]!,
      "so do their texts",
    );
    assert.notEqual(kinds[id], undefined);
    if (kinds[id] === ERROR || (flags[id]! & MISSING) !== 0) assert.ok(tree.isBroken(id), "damage is marked");
    if ((flags[id]! & BROKEN) !== 0) assert.ok(tree.isBroken(parent), "so is what holds it");
  }
}
