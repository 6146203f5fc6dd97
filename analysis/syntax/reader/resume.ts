/**
 * After an edit of a long text: of its lists of items and statements, what stands before and behind the edit and is sound is taken over from the tree of the text before.
 * See docs/decisions/030.
 */

import { firstFrom, lastAtMost } from "../../text/ascending.js";
import { BROKEN, EXTRA, NAMED, type TreeArrays } from "../tree.js";
import { K, T } from "./ids.generated.js";
import { begin, DEEPEST_NESTING, type Reader, type Reading } from "./reader.js";
import { readToken } from "./tokens.js";
import { RUN, write } from "./writer.js";

/** A shorter list is read again. */
const LONG_LIST = 8;
/** So are fewer nodes. */
const FEW_NODES = 64;

/** Thrown where what was taken over would have to be looked into. */
export const READ_AGAIN = { reason: "what was taken over is asked for" } as const;

/** Items in brackets, or statements. */
export type ListKind = K.argumentList | K.block | K.dictionary | K.list | K.set | K.tuple;

/**
 * At the beginning of an item or statement, but of the first one of a list: takes over as many as can be and goes on to the beginning of the one behind them.
 *
 * How an item is read depends on the text from its first character to the next item's first token, and on what the conditions below compare.
 * So items that lie in text which the edit only moved, and were read in the same state, are read in the same way and leave the reader in the same state.
 *
 * @returns 0 if there are none, else enough to make the list a long one
 */
export function resume(r: Reader, kind: ListKind): number {
  const { previous } = r;
  if (previous === undefined || !r.recovers || r.beginsSoftly) return 0;
  const { arrays, reading, start, oldEnd, newEnd } = previous;
  const isBefore = r.start < start;
  if (!isBefore && r.start < newEnd) return 0;
  const shift = isBefore ? 0 : newEnd - oldEnd;
  const { kinds, flags, starts, ends, parents, nexts } = arrays;
  const place = r.start - shift;
  const first = firstFrom(starts, place);
  if (starts[first] !== place || (flags[first]! & BROKEN) !== 0) return 0;
  const list = parents[first]!;
  if (list < 0 || (kinds[list] !== kind && !(kind === K.block && list === 0))) return 0;
  const column = list === 0 ? 0 : reading.columns.get(keyOf(kind, starts[list]!));
  if (column !== r.column || r.depth + reading.deepestNesting > DEEPEST_NESTING) return 0;
  if (!isBehindAnother(arrays, first, kind)) return 0;

  // The last three that begin before the edit: what is read may look a little ahead.
  let last = first;
  let secondLast = first;
  let thirdLast = first;
  let isBehindSemicolon = false;
  for (let id = nexts[first]!; id < nexts[list]! && (flags[id]! & BROKEN) === 0; id = nexts[id]!) {
    if ((flags[id]! & EXTRA) !== 0) continue;
    if (isBefore && starts[id]! > start) break;
    if ((flags[id]! & NAMED) !== 0 && !isBehindSemicolon) {
      thirdLast = secondLast;
      secondLast = last;
      last = id;
    }
    isBehindSemicolon = kinds[id] === T.semicolon;
  }
  const end = isBefore ? thirdLast : last;
  if (end - first < FEW_NODES) return 0;

  begin(r);
  r.runs.push({ at: r.count, from: first, to: end, shift });
  write(r, RUN, r.count, r.start, ends[end - 1]! + shift);
  r.lastEnd = ends[end - 1]! + shift;
  r.mayGoOn = false;
  readToken(r, starts[end]! + shift, r.text.charCodeAt(starts[end]! + shift));
  return LONG_LIST;
}

/** The first of its list, or what stands behind a semicolon, is read in another state. */
function isBehindAnother({ kinds, flags, parents }: TreeArrays, first: number, kind: ListKind): boolean {
  const list = parents[first]!;
  for (let id = first - 1; id > list; id--) {
    while (parents[id] !== list) id = parents[id]!;
    if ((flags[id]! & EXTRA) === 0) return kind === K.block ? (flags[id]! & NAMED) !== 0 : kinds[id] === T.comma;
  }
  return false;
}

/** Notes for the next reading what the items of a list were read with. */
export function noteList(r: Reader, kind: ListKind, start: number, count: number): void {
  if (!r.recovers || count < LONG_LIST) return;
  r.listKeys[r.lists] = keyOf(kind, start);
  r.listColumns[r.lists++] = r.column;
}

/** A block starts where its first statement does. */
function keyOf(kind: ListKind, start: number): number {
  return 2 * start + (kind === K.block ? 1 : 0);
}

/** For who looks into the nodes since `mark`. */
export function mustBeRead({ runs }: Reader, mark: number): void {
  if (runs.length > 0 && runs.at(-1)!.at >= mark) throw READ_AGAIN;
}

/** What is left of a reading that came to its end. */
export function readingOf(r: Reader): Reading {
  const { previous, deepest, deepestNesting, runs, lists, listKeys, listColumns } = r;
  const columns = new Map<number, number>();
  for (let index = 0; index < lists; index++) columns.set(listKeys[index]!, listColumns[index]!);
  if (!previous || runs.length === 0) return { columns, deepest, deepestNesting };
  // The lists in what was taken over.
  const { starts } = previous.arrays;
  const begins = runs.map((it) => starts[it.from]!);
  for (const [key, column] of previous.reading.columns) {
    const run = runs[lastAtMost(begins, key >> 1)];
    if (run && key >> 1 < starts[run.to]!) columns.set(key + 2 * run.shift, column);
  }
  return { columns, deepest, deepestNesting: Math.max(deepestNesting, previous.reading.deepestNesting) };
}
