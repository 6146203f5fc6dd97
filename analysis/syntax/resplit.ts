/** Brings slices up to date after an edit by reading only the text around it. */

import { splitFrom, type Slice } from "./splitter.js";

/** One replacement: [start, oldEnd) of the old text became [start, newEnd) of the new one. */
export interface Replacement {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/**
 * The slices after an edit and what became of the old ones: the first `first` are as they were, `removed` are gone,
 * `added` took their place, and the rest moved by the difference in length. A slice that is kept has kept its text,
 * its role and `contained`; only `members` of a kept class head may differ, when members came or went.
 */
export interface Resplit {
  readonly slices: Slice[];
  readonly first: number;
  readonly removed: number;
  readonly added: number;
}

/** `previous` are the slices of the old text, `text` is the new text. The slices are those `split(text)` gives. */
export function resplit(previous: readonly Slice[], text: string, edit: Replacement): Resplit {
  const shift = edit.newEnd - edit.oldEnd;
  const from = restart(previous, edit.start);

  // What follows a position depends on nothing before it. So as soon as a slice starts where an old one did, in text
  // that the edit only moved, the old slices from there on (`to`) hold.
  let to = from;
  let rejoined = false;
  const cut = splitFrom(text, previous[from]?.start ?? 0, (start, joins) => {
    if (start < edit.newEnd) return false;
    let old = previous[to];
    while (old !== undefined && old.start < start - shift) old = previous[++to];
    rejoined = old?.start === start - shift && old.role !== "member" && !(joins && old.role === "statements");
    return rejoined;
  });
  if (!rejoined) to = previous.length;

  // Reading starts early and ends late (a class is read whole): leave out what came out as it was.
  let first = from;
  let last = to;
  let low = 0;
  let high = cut.length;
  while (low < high && first < last && isKept(previous[first], cut[low], 0) && cut[low]!.end <= edit.start) {
    first++;
    low++;
  }
  while (
    low < high &&
    first < last &&
    isKept(previous[last - 1], cut[high - 1], shift) &&
    cut[high - 1]!.start >= edit.newEnd
  ) {
    last--;
    high--;
  }

  const slices = previous.slice(0, from);
  for (const slice of cut) slices.push(slice);
  for (let index = to; index < previous.length; index++) slices.push(moved(previous[index]!, shift));
  return { slices, first, removed: last - first, added: high - low };
}

/**
 * The slice from which to read again. Where a slice ends depends on the first word of the next one, so the slice
 * before the edited one may change too. A class is read from its head on. A contained slice may have looked for a
 * closing quote as far as the edit.
 */
function restart(previous: readonly Slice[], start: number): number {
  let index = 0;
  while (index + 1 < previous.length && previous[index + 1]!.start <= start) index++;
  if (index > 0) index--;
  const contained = previous.findIndex((slice) => slice.contained);
  if (contained >= 0 && contained < index) index = contained;
  while (previous[index]?.role === "member") index--;
  return index;
}

function isKept(old: Slice | undefined, now: Slice | undefined, shift: number): boolean {
  if (old === undefined || now === undefined) return false;
  if (old.role !== now.role || old.contained !== now.contained) return false;
  return old.start + shift === now.start && old.end + shift === now.end;
}

function moved(slice: Slice, shift: number): Slice {
  return shift === 0 ? slice : { ...slice, start: slice.start + shift, end: slice.end + shift };
}
