/** Makes one Python text of a notebook's cells: what is not Python in them becomes comments of the same length, so that every offset stays. */

import { CELL_BREAK } from "../text/cell-break.js";
import { lineStretches } from "../text/line-ends.js";
import type { Range } from "../text/range.js";

export interface JoinedText {
  readonly text: string;
  /** Where each cell lies in the text. */
  readonly cells: readonly Range[];
  /** Lines that were turned into comments. */
  readonly hidden: readonly Range[];
  /** Whole lines of one cell that are Python: an edit has to stay inside one of these. */
  readonly areas: readonly Range[];
}

/** Cell magics whose body is Python all the same. */
const PYTHON_BODY = new Set(["capture", "debug", "prun", "python", "python3", "time", "timeit"]);

/** `files = !ls`, `result = %sql …`: no Python expression begins like that. */
const ASSIGNED_MAGIC = /^[A-Za-z_][\w.,[\] \t]*=[ \t]*[!%]/;

/** `%timeit f(`: what is in brackets may go on in the next lines. */
const RUNS_CODE = /^(?:[^=]*=[ \t]*)?%/;

export function joinCells(cells: readonly string[]): JoinedText {
  const places: Range[] = [];
  const hidden: Range[] = [];
  const areas: Range[] = [];
  let text = "";
  for (const cell of cells) {
    if (places.length > 0) text += CELL_BREAK;
    const start = text.length;
    const found = linesOfPython(cell);
    text += masked(cell, found.hidden);
    places.push({ start, end: text.length });
    for (const it of found.hidden) hidden.push({ start: start + it.start, end: start + it.end });
    for (const it of found.areas) areas.push({ start: start + it.start, end: start + it.end });
  }
  return { text, cells: places, hidden, areas };
}

/** The cells after edits that each lie in one of the areas. @param areas where they lie in the new text */
export function changedCells(
  { cells, areas: before }: JoinedText,
  sources: readonly string[],
  text: string,
  areas: readonly Range[],
): readonly string[] {
  let next = 0;
  return cells.map(({ start, end }, index) => {
    const source = sources[index]!;
    let changed = "";
    let at = start;
    for (; next < before.length && before[next]!.end <= end; next++) {
      const [old, now] = [before[next]!, areas[next]!];
      // What lies between them is as it was, in its own words.
      changed += source.slice(at - start, old.start - start) + text.slice(now.start, now.end);
      at = old.end;
    }
    return changed + source.slice(at - start);
  });
}

function masked(cell: string, hidden: readonly Hidden[]): string {
  let text = "";
  let at = 0;
  for (const { start, mask } of hidden) {
    text += cell.slice(at, start) + mask;
    at = start + mask.length;
  }
  return text + cell.slice(at);
}

interface Hidden extends Range {
  /** What stands in the place of its first characters. */
  readonly mask: string;
}

/** Hidden is each line that IPython reads and Python does not, from its first visible character to its end; an area lies between two of them. */
function linesOfPython(cell: string): { readonly hidden: readonly Hidden[]; readonly areas: readonly Range[] } {
  const hidden: Hidden[] = [];
  const areas: Range[] = [];
  let state: State = START;
  /** Of a line that runs code, and goes on as code does. */
  let magic: State = START;
  let opensBlock = false;
  let isBodyForeign = false;
  let isContinued = false;
  let isFirst = true;
  /** Where the next area begins, if there may be one. */
  let open = 0;
  for (const [start, line, next] of linesOf(cell)) {
    const content = line.trim();
    if (content === "") continue;
    const isInside = isBodyForeign || isContinued;
    const hide = (isArea: boolean) => {
      // A block needs a statement, and this may be its only one.
      const mask = opensBlock ? "0#".slice(0, content.length) : "#";
      opensBlock = false;
      hidden.push({ start: start + line.indexOf(content[0]!), end: start + line.length, mask });
      if (isArea) areas.push({ start: open, end: start });
      // Nothing can be put behind a line that does not end.
      open = next > start + line.length ? next : Infinity;
    };
    if (isFirst && content.startsWith("%%")) {
      isBodyForeign = !PYTHON_BODY.has(/^%%(\w*)/.exec(content)?.[1] ?? "");
      hide(false);
    } else if (isInside) {
      if (magic.depth > 0) magic = scan(line, magic);
      isContinued = isContinued && (magic.depth > 0 || content.endsWith("\\"));
      hide(false);
    } else if (isFree(state) && (/^[%!?]/.test(content) || ASSIGNED_MAGIC.test(content))) {
      magic = RUNS_CODE.test(content) ? scan(content, START) : START;
      isContinued = magic.depth > 0 || content.endsWith("\\");
      hide(true);
    } else {
      const after = scan(line, state);
      // `frame?` asks for help; in Python no statement ends in a question mark.
      if (isFree(state) && after.last === "?") hide(true);
      else {
        state = after;
        if (after.last !== "") opensBlock = isFree(after) && after.last === ":";
      }
    }
    isFirst = false;
  }
  if (!isBodyForeign && !isContinued && open <= cell.length) areas.push({ start: open, end: cell.length });
  return { hidden, areas };
}

/** Where the lexer stands at a line's end. */
interface State {
  readonly depth: number;
  /** The quotes of the string the line ends in; empty outside. */
  readonly quotes: string;
  readonly isJoined: boolean;
  /** The last character that is neither blank nor in a comment or string. */
  readonly last: string;
}

const START: State = { depth: 0, quotes: "", isJoined: false, last: "" };

/** Whether the next line begins a statement. */
function isFree({ depth, quotes, isJoined }: State): boolean {
  return depth === 0 && quotes === "" && !isJoined;
}

function scan(line: string, before: State): State {
  let { depth, quotes } = before;
  let last = "";
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (char === "\\") {
      if (at === line.length - 1) return { depth, quotes, isJoined: true, last };
      at++;
    } else if (quotes !== "") {
      if (line.startsWith(quotes, at)) {
        at += quotes.length - 1;
        quotes = "";
        last = char;
      }
    } else if (char === "#") {
      break;
    } else if (char === '"' || char === "'") {
      quotes = line.startsWith(char.repeat(3), at) ? char.repeat(3) : char;
      at += quotes.length - 1;
    } else {
      if ("([{".includes(char)) depth++;
      if (")]}".includes(char)) depth = Math.max(depth - 1, 0);
      if (char.trim() !== "") last = char;
    }
  }
  // A string in single quotes ends with its line, closed or not.
  return { depth, quotes: quotes.length === 3 ? quotes : "", isJoined: false, last };
}

function* linesOf(text: string): Generator<readonly [start: number, line: string, next: number]> {
  for (const { start, end, next } of lineStretches(text)) yield [start, text.slice(start, end), next];
}
