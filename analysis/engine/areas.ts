/** Places that edits have to stay inside of: the Python lines of a notebook's cells. In source order, and with something between any two. */

import { difference } from "../text/difference.js";
import { lastAtMost } from "../text/ascending.js";
import type { Range, TextEdit } from "../text/range.js";

export type Fits = (ranges: readonly Range[]) => boolean;

/** @returns whether each of some ranges lies in one of the areas */
export function fitsIn(areas: readonly Range[]): Fits {
  const starts = areas.map((it) => it.start);
  return (ranges) =>
    ranges.every((it) => {
      const area = areas[lastAtMost(starts, it.start)];
      return area !== undefined && it.end <= area.end;
    });
}

/** Where areas lie after edits that fit in. */
export function moved(areas: readonly Range[], edits: readonly TextEdit[]): readonly Range[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  let next = 0;
  let by = 0;
  return areas.map(({ start, end }) => {
    const before = by;
    for (let edit = sorted[next]; edit && edit.start <= end; edit = sorted[++next])
      by += edit.text.length - (edit.end - edit.start);
    return { start: start + before, end: end + by };
  });
}

/** One edit for each area that is another one now. */
export function differenceIn(
  before: string,
  areas: readonly Range[],
  after: string,
  now: readonly Range[],
): readonly TextEdit[] {
  return areas.flatMap(({ start, end }, index) => {
    const changed = now[index]!;
    const edits = difference(before.slice(start, end), after.slice(changed.start, changed.end));
    return edits.map((it) => ({ start: start + it.start, end: start + it.end, text: it.text }));
  });
}
