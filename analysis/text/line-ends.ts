/** The lines of a text that may end them in any way. */

/** `start` to `end` is the line without its end, which reaches to `next`. */
export interface LineStretch {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** What stands behind the last end is a line too, also where it is empty. */
export function* lineStretches(text: string): Generator<LineStretch> {
  let start = 0;
  for (const { index, 0: ending } of text.matchAll(/\r\n?|\n/g)) {
    const next = index + ending.length;
    yield { start, end: index, next };
    start = next;
  }
  yield { start, end: text.length, next: text.length };
}
