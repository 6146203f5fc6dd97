/** A stretch of text and a change to it, in UTF-16 offsets; lines and columns exist only at the doors. */

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Replaces `[start, end)` of the text it was made for. */
export interface TextEdit extends Range {
  readonly text: string;
}

/** The bare range of something that has one. */
export function rangeOf({ start, end }: Range): Range {
  return { start, end };
}

export function overlaps(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Applies edits that do not overlap, in any order. Two insertions at one place keep the order they were given in. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index);
  let result = "";
  let at = 0;
  for (const { edit } of sorted) {
    if (edit.start < at) throw new RangeError(`edits overlap at ${edit.start}`);
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
