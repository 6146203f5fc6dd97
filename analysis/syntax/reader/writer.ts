/** Collects nodes as the reader finishes them, children before their parents, and puts them into the order of our trees. */

import { BROKEN, EXTRA, NAMED, type TreeArrays } from "../tree.js";
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
}

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
    depth++;
  }
  return arrays;
}
