/** Where in the code something new would stand: as a statement of which block, inside an expression, or where no code can be. */

import type { Document } from "../semantics/document.js";
import { pieceAt, textIn } from "../semantics/document.js";
import type { Node } from "../syntax/tree.js";
import type { LineIndex } from "../text/line-index.js";
import { innermost } from "./constructs.js";

/** `async`: a statement of an `async def`. */
export type CodePlace = "module" | "class" | "function" | "async" | "expression";

/** The word before an offset: its start, and what it is a part of. */
export interface TypedWord {
  readonly start: number;
  readonly text: string;
  /** Undefined in strings and comments, behind a dot, and where a name is declared. */
  readonly place: CodePlace | undefined;
}

/** Lines that introduce names of their own, or names of modules. */
const DECLARING =
  /^\s*(@|(async\s+)?def\b|class\b|import\b|from\b|global\b|nonlocal\b|del\b|except\b|as\b)|\b(as|for|lambda)\s+$/;
const OPEN = new Set([
  "argument_list",
  "list",
  "tuple",
  "set",
  "dictionary",
  "subscript",
  "parenthesized_expression",
  "parameters",
  "generator_expression",
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "interpolation",
]);

/** A header above the line is looked for no farther than this; beyond it the line counts as the module's. */
const FARTHEST_LINES = 2_000;
/** No snippet is called by a longer one. */
const LONGEST_WORD = 100;

export function wordBefore(document: Document, lines: LineIndex, offset: number): TypedWord {
  const { line } = lines.positionAt(offset);
  const lineStart = lines.offsetAt({ line, column: 0 });
  const before = textIn(document, { start: lineStart, end: offset });
  const text = /(?<![\w-])[\d-]*([A-Za-z_][\w-]*)$/.exec(before.slice(-LONGEST_WORD))?.[1] ?? "";
  const start = offset - text.length;
  return {
    start,
    text,
    place: placeOf(document, lines, {
      line,
      lineStart,
      before: before.slice(0, before.length - text.length),
      start,
      offset,
    }),
  };
}

interface Spot {
  readonly line: number;
  readonly lineStart: number;
  /** The line up to the word. */
  readonly before: string;
  readonly start: number;
  readonly offset: number;
}

function placeOf(document: Document, lines: LineIndex, spot: Spot): CodePlace | undefined {
  const { before, lineStart, offset } = spot;
  if (/[.\w)\]]$|["'#\\]$/.test(before) || DECLARING.test(before)) return undefined;
  const { piece, start } = pieceAt(document, Math.max(offset - 1, 0));
  const node =
    innermost(piece.tree, Math.max(offset - 1 - start, 0)) ?? (piece.tree.size > 0 ? piece.tree.root : undefined);
  for (let around: Node | undefined = node; around; around = around.parent) {
    if (around.kind === "comment" || around.kind === "string") return undefined;
    if (
      OPEN.has(around.kind) &&
      around.start + start < spot.start &&
      (around.start + start < lineStart || before.trim() !== "")
    )
      return "expression";
  }
  return before.trim() === "" ? blockOf(document, lines, spot) : "expression";
}

/** By indentation, since what is being typed seldom parses: the nearest header above that is indented less. */
function blockOf(document: Document, lines: LineIndex, { line, before }: Spot): CodePlace {
  let width = widthOf(before);
  for (let at = line - 1; at >= 0 && width > 0 && line - at < FARTHEST_LINES; at--) {
    const start = lines.offsetAt({ line: at, column: 0 });
    const text = textIn(document, { start, end: lines.offsetAt({ line: at + 1, column: 0 }) });
    if (/^\s*(#|$)/.test(text)) continue;
    const own = widthOf(/^[ \t]*/.exec(text)?.[0] ?? "");
    if (own >= width) continue;
    width = own;
    const [, async, word] = /^\s*(async\s+)?(def|class)\b/.exec(text) ?? [];
    if (word === "class") return "class";
    if (word === "def") return async === undefined ? "function" : "async";
  }
  return "module";
}

function widthOf(indent: string): number {
  return [...indent].reduce((width, it) => (it === "\t" ? width + 8 - (width % 8) : width + 1), 0);
}
