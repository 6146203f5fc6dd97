/** Cuts the lines of a finding out of its text, each split into what stands before, inside and after the underlined range. */

import type { LineIndex, Range } from "../analysis/analyzer.js";

export interface FrameLine {
  /** Counted from 1. */
  readonly number: number;
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** Lines shown of one finding. */
const MOST_LINES = 3;

/** What is kept of a very long line around the mark. */
const MOST_AROUND = 120;
const MOST_MARKED = 200;

export function codeFrame(text: string, lines: LineIndex, range: Range): readonly FrameLine[] {
  const first = lines.positionAt(range.start).line;
  const last = Math.max(first, lines.positionAt(Math.max(range.start, range.end - 1)).line);
  return Array.from({ length: Math.min(last - first + 1, MOST_LINES) }, (_, index) =>
    frameLine(text, lines, first + index, range),
  );
}

function frameLine(text: string, lines: LineIndex, line: number, range: Range): FrameLine {
  const start = lines.startOf(line);
  let end = lines.startOf(line + 1);
  // A pattern with an end would be tried at each character of a line, for each of its findings.
  while (end > start && isLineBreak(text.charCodeAt(end - 1))) end--;
  const whole = text.slice(start, end);
  // On the lines after the first the mark begins at the code, not in the indentation.
  const from = range.start >= start ? range.start - start : /^\s*/.exec(whole)![0].length;
  const to = Math.max(from, Math.min(range.end - start, whole.length));
  return {
    number: line + 1,
    before: lastPart(whole.slice(0, from), MOST_AROUND),
    marked: firstPart(whole.slice(from, to), MOST_MARKED),
    after: firstPart(whole.slice(to), MOST_AROUND),
  };
}

function isLineBreak(code: number): boolean {
  return code === 10 || code === 13;
}

function firstPart(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, isPairCut(text, most) ? most - 1 : most)}…`;
}

function lastPart(text: string, most: number): string {
  const from = text.length - most;
  return from <= 0 ? text : `…${text.slice(isPairCut(text, from) ? from + 1 : from)}`;
}

/** True where cutting there would part the two halves of one character. */
function isPairCut(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}
