/** Places in code that is judged: where they are, and ids that stay when lines move. */
import { createHash } from "node:crypto";
import { isBetweenCells, isTest } from "./folders.js";

export interface Place {
  readonly id: string;
  readonly repository: string;
  readonly path: string;
  /** From 1; of a notebook, in its code cells one below the other. */
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly isTest: boolean;
}

/** Makes the places of one file. What is asked for one after the other on one line for one rule gets different ids. */
export function placesIn(repository: string, path: string, text: string): (rule: string, offset: number) => Place {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((it) => it.index + it[0].length)];
  const contents = starts.map((start, index) => text.slice(start, starts[index + 1]).trim());
  const alike = ordinals(contents);
  const numbers = lineNumbers(starts.map((start, index) => text.slice(start, starts[index + 1])));
  const onLine = new Map<string, number>();
  return (rule, offset) => {
    const index = lineAt(starts, offset);
    const key = `${rule}:${index}`;
    const nth = onLine.get(key) ?? 0;
    onLine.set(key, nth + 1);
    return {
      id: idOf(repository, path, rule, contents[index]!, alike[index]!, nth),
      repository,
      path,
      line: numbers[index]!,
      column: offset - starts[index]! + 1,
      rule,
      isTest: isTest(path),
    };
  };
}

/** From 1; what stands between two cells of a notebook is no line of either. */
function lineNumbers(lines: readonly string[]): readonly number[] {
  let line = 0;
  return lines.map((it) => (isBetweenCells(it) ? line : ++line));
}

/** The last line that starts at the offset or before it; looked for by halves, as there are more places than lines. */
function lineAt(starts: readonly number[], offset: number): number {
  let [from, to] = [0, starts.length];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (starts[middle]! <= offset) from = middle;
    else to = middle;
  }
  return from;
}

/** Of each line how many of the same text stand above it: equal lines get different ids, whether or not a finding is on them. */
function ordinals(lines: readonly string[]): readonly number[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const count = seen.get(line) ?? 0;
    seen.set(line, count + 1);
    return count;
  });
}

const ID_LENGTH = 12;

/** Holds while the line's own text does, wherever it moves in its file, and says nothing of the text itself. */
function idOf(...parts: readonly (string | number)[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, ID_LENGTH);
}
