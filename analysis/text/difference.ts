/** The one edit between two texts, if they differ: what is left when their common beginning and end are put aside. */

import type { TextEdit } from "./range.js";

export function difference(before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  let tail = 0;
  while (
    tail < shorter - head &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  return [{ start: head, end: before.length - tail, text: after.slice(head, after.length - tail) }];
}
