/** Where the lines of a text begin; turns offsets into lines and columns (both from 0, columns in UTF-16 units) and back. */

import { lastAtMost } from "./ascending.js";

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LineIndex {
  readonly count: number;
  positionAt(offset: number): Position;
  /** Positions outside the text give the nearest place inside; a column behind a line's end gives that end. */
  offsetAt(position: Position): number;
  /** Where a line begins; the text's length for lines behind the last. */
  startOf(line: number): number;
}

const NEWLINE = 10;
const RETURN = 13;

/** A line ends at `\n`, `\r\n` or a lone `\r`, as in the Language Server Protocol. */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  if (!text.includes("\r")) {
    // Searched, not walked through: it is done for every piece that is edited.
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === NEWLINE || (code === RETURN && text.charCodeAt(i + 1) !== NEWLINE)) starts.push(i + 1);
  }
  return starts;
}

export function lineIndex(text: string): LineIndex {
  const starts = lineStartsOf(text);
  return indexOver({
    count: starts.length,
    length: text.length,
    startOf: (line) => starts[line] ?? text.length,
    lineAt: (at) => lastAtMost(starts, at),
    codeAt: (at) => text.charCodeAt(at),
  });
}

/** A text in parts, each of which knows its own lines: one short step for each part instead of a walk over the text. */
export interface LinedPart {
  /** Starts of the lines within the part, its first line left out. */
  readonly lineStarts: Int32Array;
  readonly text: string;
}

/** @param starts where each part begins, and behind them the length of the text */
export function lineIndexOf(parts: readonly LinedPart[], starts: Int32Array): LineIndex {
  // The line that each part begins on.
  const firstLines = new Int32Array(parts.length + 1);
  for (let index = 0; index < parts.length; index++)
    firstLines[index + 1] = firstLines[index]! + parts[index]!.lineStarts.length;
  const length = starts[parts.length]!;

  const startOf = (line: number): number => {
    if (line <= 0) return 0;
    if (line > firstLines[parts.length]!) return length;
    // The line's start is the `line`-th line end: in the last part that begins on an earlier line.
    let part = lastAtMost(firstLines, line - 1);
    part = Math.min(part, parts.length - 1);
    while (firstLines[part + 1]! < line) part++;
    return starts[part]! + parts[part]!.lineStarts[line - firstLines[part]! - 1]!;
  };
  const lineAt = (offset: number): number => {
    const part = Math.min(lastAtMost(starts, offset), parts.length - 1);
    const { lineStarts } = parts[part]!;
    return firstLines[part]! + lastAtMost(lineStarts, offset - starts[part]!) + 1;
  };
  const codeAt = (offset: number): number => {
    const part = Math.min(lastAtMost(starts, offset), parts.length - 1);
    return parts[part]!.text.charCodeAt(offset - starts[part]!);
  };
  return indexOver({ count: firstLines[parts.length]! + 1, length, startOf, lineAt, codeAt });
}

interface Lines {
  readonly count: number;
  readonly length: number;
  startOf(line: number): number;
  lineAt(offset: number): number;
  codeAt(offset: number): number;
}

function indexOver({ count, length, startOf, lineAt, codeAt }: Lines): LineIndex {
  /** Where a line's text ends, before its line end. */
  const endOf = (line: number): number => {
    let end = startOf(line + 1);
    if (line + 1 >= count) return end;
    if (codeAt(end - 1) === NEWLINE) end--;
    return end > startOf(line) && codeAt(end - 1) === RETURN ? end - 1 : end;
  };
  return {
    count,
    startOf,
    positionAt(offset) {
      const at = Math.max(0, Math.min(offset, length));
      const line = lineAt(at);
      // Between the two halves of a line end there is no position.
      return { line, column: Math.min(at, Math.max(startOf(line), endOf(line))) - startOf(line) };
    },
    offsetAt({ line, column }) {
      if (line < 0) return 0;
      if (line >= count) return length;
      return Math.max(startOf(line), Math.min(startOf(line) + column, endOf(line)));
    },
  };
}
