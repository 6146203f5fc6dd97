/** Collects nodes as the reader finishes them, children before their parents, and puts them into the order of our trees. */

import { BROKEN, EXTRA, NAMED, type TreeArrays } from "../tree.js";
import { lastAtMost } from "../../text/ascending.js";
import { K, KIND_COUNT, TOKEN_LIMIT } from "./ids.generated.js";

/**
 * The nodes so far. A node is finished when its last child is, so nobody has to know in advance what a name will turn out to be the
 * start of: the operand `a` of `a + b` was written before the operator was seen. Used again for text after text.
 */
export interface Writer {
  count: number;
  capacity: number;
  kinds: Uint16Array;
  fields: Uint8Array;
  starts: Int32Array;
  ends: Int32Array;
  /** How many nodes a subtree has: they are the last ones up to the node itself. */
  sizes: Int32Array;
  /** For `inOrder`: of the nodes that hold the present one, where they begin and where they went. */
  readonly begins: Int32Array;
  readonly places: Int32Array;
  /** Stretches of an earlier tree among the nodes. */
  readonly runs: Run[];
  /** How deep the tree is, once it is in order. */
  deepest: number;
}

/** Whole subtrees side by side that are taken over from an earlier tree. One node of no kind stands for them until all is put in order. */
export interface Run {
  /** The index of that node. */
  readonly at: number;
  /** The nodes `[from, to)` of the earlier tree. */
  readonly from: number;
  readonly to: number;
  /** By how much their text has moved. */
  readonly shift: number;
}

/** The kind of the node that stands for a run: none. */
export const RUN = 0xffff;

/** @param deepest trees must be less deep than this */
export function makeWriter(deepest: number): Writer {
  const capacity = 4096;
  return {
    count: 0,
    capacity,
    kinds: new Uint16Array(capacity),
    fields: new Uint8Array(capacity),
    starts: new Int32Array(capacity),
    ends: new Int32Array(capacity),
    sizes: new Int32Array(capacity),
    begins: new Int32Array(deepest),
    places: new Int32Array(deepest),
    runs: [],
    deepest: 0,
  };
}

/** A node around all that was written since `mark`; nothing may be written after it but its siblings and parents. */
export function write(writer: Writer, kind: number, mark: number, start: number, end: number): void {
  const at = writer.count;
  if (at === writer.capacity) grow(writer);
  writer.kinds[at] = kind;
  writer.fields[at] = 0;
  writer.starts[at] = start;
  writer.ends[at] = end;
  writer.sizes[at] = at - mark + 1;
  writer.count = at + 1;
}

function grow(writer: Writer): void {
  const capacity = writer.capacity * 2;
  const larger = <A extends Uint8Array | Uint16Array | Int32Array>(made: A, from: A): A => {
    made.set(from);
    return made;
  };
  writer.kinds = larger(new Uint16Array(capacity), writer.kinds);
  writer.fields = larger(new Uint8Array(capacity), writer.fields);
  writer.starts = larger(new Int32Array(capacity), writer.starts);
  writer.ends = larger(new Int32Array(capacity), writer.ends);
  writer.sizes = larger(new Int32Array(capacity), writer.sizes);
  writer.capacity = capacity;
}

const FLAGS = new Uint8Array(TOKEN_LIMIT).fill(NAMED, 0, KIND_COUNT);
FLAGS[K.ERROR] = NAMED | BROKEN;
FLAGS[K.comment] = FLAGS[K.lineContinuation] = NAMED | EXTRA;

/**
 * The nodes with parents before their children; undefined if they are too deep. Before a node stand, in that order, the nodes that
 * were finished before its subtree began and its ancestors: so its place is known without moving anything twice.
 */
export function inOrder(writer: Writer, makeArrays: (size: number) => TreeArrays): TreeArrays | undefined {
  const { count, kinds, fields, starts, ends, sizes, begins, places } = writer;
  const arrays = makeArrays(count);
  const { kinds: toKinds, fields: toFields, flags: toFlags, starts: toStarts, ends: toEnds, parents, nexts } = arrays;
  let depth = 0;
  let deepest = 0;
  // Of the innermost node that holds the present one.
  let begin = 0;
  let parent = -1;
  for (let at = count - 1; at >= 0; at--) {
    while (at < begin) {
      depth--;
      begin = depth > 0 ? begins[depth - 1]! : 0;
      parent = depth > 0 ? places[depth - 1]! : -1;
    }
    const size = sizes[at]!;
    const place = at - size + 1 + depth;
    const kind = kinds[at]!;
    toKinds[place] = kind;
    toFields[place] = fields[at]!;
    toFlags[place] = FLAGS[kind]!;
    toStarts[place] = starts[at]!;
    toEnds[place] = ends[at]!;
    parents[place] = parent;
    nexts[place] = place + size;
    if (size === 1) continue;
    if (depth + 1 >= begins.length) return undefined;
    begins[depth] = begin = at - size + 1;
    places[depth] = parent = place;
    if (++depth > deepest) deepest = depth;
  }
  writer.deepest = deepest;
  return arrays;
}

/** The same where runs are among the nodes, with what is broken marked: in runs nothing is. */
export function inOrderWithRuns(
  writer: Writer,
  before: TreeArrays,
  deepestBefore: number,
  makeArrays: (size: number) => TreeArrays,
): TreeArrays | undefined {
  const { count, kinds, fields, starts, ends, sizes, begins, places, runs } = writer;
  const indexes = Int32Array.from(runs, (it) => it.at);
  // How many nodes the first runs bring beyond those that stand for them.
  const brought = new Int32Array(runs.length + 1);
  runs.forEach(({ from, to }, index) => (brought[index + 1] = brought[index]! + to - from - 1));
  const broughtBefore = (at: number) => brought[lastAtMost(indexes, at - 1) + 1]!;
  const arrays = makeArrays(count + brought[runs.length]!);
  const { flags, parents } = arrays;
  let depth = 0;
  let deepest = 0;
  let begin = 0;
  let parent = -1;
  for (let at = count - 1; at >= 0; at--) {
    while (at < begin) {
      depth--;
      begin = depth > 0 ? begins[depth - 1]! : 0;
      parent = depth > 0 ? places[depth - 1]! : -1;
    }
    const size = sizes[at]!;
    const first = at - size + 1;
    const place = first + broughtBefore(first) + depth;
    const kind = kinds[at]!;
    if (kind === RUN) {
      if (depth + deepestBefore >= begins.length) return undefined;
      takeOver(before, runs[lastAtMost(indexes, at)]!, arrays, place, parent);
      deepest = Math.max(deepest, depth + deepestBefore);
      continue;
    }
    arrays.kinds[place] = kind;
    arrays.fields[place] = fields[at]!;
    flags[place] = FLAGS[kind]!;
    arrays.starts[place] = starts[at]!;
    arrays.ends[place] = ends[at]!;
    parents[place] = parent;
    arrays.nexts[place] = place + size + broughtBefore(at + 1) - broughtBefore(first);
    if ((flags[place]! & BROKEN) !== 0)
      for (let id = parent; id >= 0 && (flags[id]! & BROKEN) === 0; id = parents[id]!) flags[id]! |= BROKEN;
    if (size === 1) continue;
    if (depth + 1 >= begins.length) return undefined;
    begins[depth] = begin = first;
    places[depth] = parent = place;
    if (++depth > deepest) deepest = depth;
  }
  writer.deepest = deepest;
  return arrays;
}

/** Copies a run to its place, below `parent`. */
function takeOver(
  before: TreeArrays,
  { from, to, shift }: Run,
  after: TreeArrays,
  place: number,
  parent: number,
): void {
  const moved = place - from;
  after.kinds.set(before.kinds.subarray(from, to), place);
  after.fields.set(before.fields.subarray(from, to), place);
  after.flags.set(before.flags.subarray(from, to), place);
  setMoved(after.starts, before.starts, from, to, place, shift);
  setMoved(after.ends, before.ends, from, to, place, shift);
  setMoved(after.nexts, before.nexts, from, to, place, moved);
  setMoved(after.parents, before.parents, from, to, place, moved);
  for (let id = from; id < to; id = before.nexts[id]!) after.parents[id + moved] = parent;
}

function setMoved(after: Int32Array, before: Int32Array, from: number, to: number, place: number, by: number): void {
  if (by === 0) after.set(before.subarray(from, to), place);
  else for (let id = from, at = place; id < to; id++, at++) after[at] = before[id]! + by;
}
