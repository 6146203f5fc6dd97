/** Reads a text ahead of its analysis, in this thread for another: cuts it into slices and reads their trees, as far as it is plainly valid Python. */

import { makeReadTree } from "./reader/read.js";
import { split, type Slice } from "./splitter.js";
import { arraysIn, BYTES_PER_NODE, DEEPEST, Tree } from "./tree.js";

/** Plain data: what one thread can hand to another. */
export interface ReadText {
  readonly text: string;
  /** Of each slice where it ends, its role, its members, whether it is contained, and how many nodes its tree has: -1 where it is left to the grammar. */
  readonly slices: Int32Array;
  /** The arrays of one tree after the other. Whoever hands the text on may give it away. */
  readonly memory: ArrayBuffer;
  /** Not all of it was understood: to open it, a parser with the grammar is needed. */
  readonly needsGrammar: boolean;
}

/** A slice with its tree, where it has one. */
export interface ReadSlice extends Slice {
  readonly tree: Tree | undefined;
}

const ROLES: readonly Slice["role"][] = ["statements", "function", "class", "class-head", "member"];
/** Numbers for each slice. */
const WIDTH = 5;

/** One reader for all texts of a thread: what it needs of memory on the way is used again. */
export function makeTextReader(): (text: string) => ReadText {
  let memory = new ArrayBuffer(1 << 20);
  let used = 0;
  const readTree = makeReadTree(DEEPEST, (size) => {
    const end = used + BYTES_PER_NODE * size;
    if (end > memory.byteLength) memory = enlarged(memory, used, 2 * end);
    return arraysIn(memory, used, size);
  });

  return (text) => {
    used = 0;
    const cut = split(text);
    const slices = new Int32Array(WIDTH * cut.length);
    let needsGrammar = false;
    cut.forEach(({ start, end, role, members, contained }, index) => {
      const size = readTree(text.slice(start, end))?.kinds.length ?? -1;
      slices.set([end, ROLES.indexOf(role), members, contained ? 1 : 0, size], WIDTH * index);
      if (size < 0) needsGrammar = true;
      else used += BYTES_PER_NODE * size;
    });
    return { text, slices, memory: memory.slice(0, used), needsGrammar };
  };
}

/** Of a text that is no Python: whoever opens it makes a tree of its own kind. */
export function unreadText(text: string): ReadText {
  return { text, slices: new Int32Array(0), memory: new ArrayBuffer(0), needsGrammar: false };
}

function enlarged(memory: ArrayBuffer, used: number, size: number): ArrayBuffer {
  const larger = new ArrayBuffer(size);
  new Uint8Array(larger).set(new Uint8Array(memory, 0, used));
  return larger;
}

/** What was read, as trees again. */
export function readSlices({ text, slices, memory }: ReadText): readonly ReadSlice[] {
  const read: ReadSlice[] = [];
  let start = 0;
  let at = 0;
  for (let index = 0; index < slices.length; index += WIDTH) {
    const [end, size] = [slices[index]!, slices[index + 4]!];
    const tree = size < 0 ? undefined : new Tree(text.slice(start, end), arraysIn(memory, at, size));
    read.push({
      start,
      end,
      role: ROLES[slices[index + 1]!]!,
      members: slices[index + 2]!,
      contained: slices[index + 3] === 1,
      tree,
    });
    start = end;
    if (size > 0) at += BYTES_PER_NODE * size;
  }
  return read;
}
