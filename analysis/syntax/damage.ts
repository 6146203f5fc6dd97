/** Where a tree says that its text is no Python. */

import { KIND_IDS, BROKEN, DEEPEST, MISSING, type Tree } from "./tree.js";

const ERROR = KIND_IDS.get("ERROR")!;

/** The offset of the first syntax error. What was only too deep to be looked at is none. */
export function firstDamage(tree: Tree): number | undefined {
  const { flags, kinds, parents, nexts, starts } = tree.arrays;
  for (let id = 0; id < tree.size; ) {
    if ((flags[id]! & BROKEN) === 0) {
      id = nexts[id]!;
      continue;
    }
    const isError = kinds[id] === ERROR || (flags[id]! & MISSING) !== 0 || !holdsBroken(tree, id);
    if (isError && depthOf(parents, id) < DEEPEST) return starts[id]!;
    id++;
  }
  return undefined;
}

/** A block without a statement is broken by itself. */
function holdsBroken({ arrays: { flags, nexts } }: Tree, id: number): boolean {
  for (let child = id + 1; child < nexts[id]!; child = nexts[child]!) if ((flags[child]! & BROKEN) !== 0) return true;
  return false;
}

function depthOf(parents: Int32Array, id: number): number {
  let depth = 0;
  for (let at = parents[id]!; at >= 0; at = parents[at]!) depth++;
  return depth;
}
