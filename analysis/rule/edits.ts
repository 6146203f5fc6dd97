/** How fixes say what to change: plain functions that give edits. The reader's own formatting stays; nothing is printed from a tree. */

import { indentOf, startsLine } from "../syntax/statements.js";
import { Node, type Span } from "../syntax/tree.js";
import { emptyLinesAtEnd, linesAtEnd } from "../text/lines-at-end.js";
import { RangeIndex } from "../text/range-index.js";
import type { Edit } from "./rule.js";

/** Puts text in the place of a stretch. */
export function replace(at: Span, text: string): Edit {
  return { at: { tree: at.tree, start: at.start, end: at.end }, text };
}

/** Puts text directly in front of a stretch. */
export function insertBefore(at: Span, text: string): Edit {
  return { at: { tree: at.tree, start: at.start, end: at.start }, text };
}

/** Puts text directly behind a stretch. */
export function insertAfter(at: Span, text: string): Edit {
  return { at: { tree: at.tree, start: at.end, end: at.end }, text };
}

/** Takes a stretch out. */
export function remove(at: Span): Edit {
  return replace(at, "");
}

/** From the start of one node to the end of another of the same tree. */
export function between(first: Span, last: Span): Span {
  return { tree: first.tree, start: first.start, end: last.end };
}

/** There is no line to put a line above or below. Whoever asks for the fix gets the reason. */
export class NoPlace extends Error {
  constructor() {
    super("the line holds more");
  }
}

/** `if done: return total`: a line above or below would not belong to the block. */
const isBehindColon = (statement: Span): boolean =>
  statement instanceof Node && statement.parent?.kind === "block" && !startsLine(statement.parent.children[0]!);

/** A new line above a statement, indented like it. `text` may have several lines, indented relative to the statement. */
export function lineAbove(statement: Span, text: string): Edit {
  if (isBehindColon(statement)) throw new NoPlace();
  const indent = indentOf(statement);
  return insertBefore(
    statement,
    `${text
      .split("\n")
      .map((line, index) => (index === 0 || line === "" ? line : indent + line))
      .join("\n")}\n${indent}`,
  );
}

/** The same, above the comments that stand right above the statement and speak of it. */
export function lineAboveComments(statement: Span, line: string): Edit {
  const { tree, start } = statement;
  const lineStart = start - indentOf(statement).length;
  const comments = linesAtEnd(tree.text.slice(0, lineStart), (it) => it.trimStart().startsWith("#"));
  const at = { tree, start: lineStart - comments.length, end: lineStart - comments.length };
  return { at, text: `${indentOf(statement)}${line}\n` };
}

/** A new line below a statement, after the comment that may follow it on its last line, indented like it. What follows a semicolon goes below that. */
export function lineBelow(statement: Span, text: string): Edit {
  if (isBehindColon(statement)) throw new NoPlace();
  const indent = indentOf(statement);
  const end = lineEnd(statement);
  const lines = text
    .split("\n")
    .map((line) => (line === "" ? line : indent + line))
    .join("\n");
  const { tree } = statement;
  if (/^[ \t\f;]*(?:#|$)/.test(tree.text.slice(statement.end, end)))
    return { at: { tree, start: end, end }, text: `\n${lines}` };
  const next = statement instanceof Node ? statement.nextSibling : undefined;
  if (!next || next.start > end) throw new NoPlace();
  return { at: { tree, start: statement.end, end: next.start }, text: `\n${lines}\n${indent}` };
}

/** The whole lines of a statement, with the comment behind it; what stands beside it after a semicolon keeps it from being taken. */
export function linesOf(statement: Span): Span | undefined {
  if (!startsLine(statement)) return undefined;
  const { text } = statement.tree;
  const start = text.lastIndexOf("\n", statement.start - 1) + 1;
  const rest = /^[ \t\f]*(#[^\n]*)?(\r?\n|$)/.exec(text.slice(statement.end));
  return rest ? { tree: statement.tree, start, end: statement.end + rest[0].length } : undefined;
}

/** Removes a statement with its lines. Undefined if it shares its line, or a comment on it would be lost. */
export function removeStatement(statement: Span): Edit | undefined {
  const lines = linesOf(statement);
  if (!lines || statement.tree.text.slice(statement.end, lines.end).includes("#")) return undefined;
  return remove(lines);
}

/** The same, with the empty lines above it where nothing of its block follows: they would be left over, or become one gap with those below. */
export function removeWithGap(statement: Span): Edit | undefined {
  const gone = removeStatement(statement);
  if (!gone) return undefined;
  const { tree, start, end } = gone.at;
  const empty = emptyLinesAtEnd(tree.text.slice(0, start));
  const below = /^[ \t]*/.exec(tree.text.slice(end))![0];
  const isLast = below.length < indentOf(statement).length || /^(\r?\n|$)/.test(tree.text.slice(end + below.length));
  return isLast ? remove({ tree, start: start - empty.length, end }) : gone;
}

/** The text of a block's statements, each line moved from the indentation it has to another. Lines inside strings stay as they are. */
export function reindented(span: Span, indent: string): string {
  const own = indentOf(span);
  return withLinesMoved(span, (line) => {
    if (!line.startsWith(own)) return line;
    return line.trim() === "" ? line.trimStart() : indent + line.slice(own.length);
  });
}

/** The text of a span, its lines but the first one moved as they should be; those that begin inside a string stay. */
function withLinesMoved(span: Span, moved: (line: string) => string): string {
  const frozen = frozenLines(span);
  let lineStart = span.start;
  return span.tree.text
    .slice(span.start, span.end)
    .split("\n")
    .map((line, index) => {
      const at = lineStart;
      lineStart += line.length + 1;
      return index === 0 || frozen(at) ? line : moved(line);
    })
    .join("\n");
}

/**
 * The text of an expression that will begin in another column. Lines of it that were set under its first line move with it; lines in strings stay.
 * @param column where it will begin, in characters from the start of the line
 */
export function realigned(span: Span, column: number): string {
  const own = span.start - (span.tree.text.lastIndexOf("\n", span.start - 1) + 1);
  const by = column - own;
  return withLinesMoved(span, (line) => {
    const indent = /^ */.exec(line)![0].length;
    // Lines that stand further left hang from the statement, not from the expression.
    return by === 0 || indent <= own ? line : " ".repeat(indent + by) + line.slice(indent);
  });
}

/** Edits that move whole lines of a region by some indentation, string contents left alone. */
export function indentLines(span: Span, added: string): readonly Edit[] {
  const { tree } = span;
  const frozen = frozenLines(span);
  const edits: Edit[] = [];
  let at = tree.text.lastIndexOf("\n", span.start - 1) + 1;
  while (at < span.end) {
    const next = tree.text.indexOf("\n", at);
    const end = next < 0 ? tree.text.length : next;
    if (!frozen(at) && tree.text.slice(at, end).trim() !== "")
      edits.push({ at: { tree, start: at, end: at }, text: added });
    at = end + 1;
  }
  return edits;
}

/** Whether a line that begins at an offset begins inside a string. */
function frozenLines(span: Span): (lineStart: number) => boolean {
  const strings = new RangeIndex(stringsAcross(span).filter((it) => it.text.includes("\n")));
  return (lineStart) => strings.overlaps({ start: lineStart, end: lineStart });
}

/** Those that have a character in common with a span. */
function stringsAcross({ tree, start, end }: Span): readonly Node[] {
  const { before, from } = tree.index.around("string", start);
  const found: Node[] = [];
  // What begins before it and reaches into it is the string before, or one around that.
  for (let it = before; it; it = it.ancestor("string")) if (it.end > start) found.push(it);
  for (const it of from) {
    if (it.start >= end) break;
    found.push(it);
  }
  return found;
}

function lineEnd(span: Span): number {
  const end = span.tree.text.indexOf("\n", span.end);
  const at = end < 0 ? span.tree.text.length : end;
  return span.tree.text[at - 1] === "\r" ? at - 1 : at;
}

/** True if replacing the node whole would lose a comment inside it. */
export function hasComments(node: Node): boolean {
  return node.comments.length > 0;
}
