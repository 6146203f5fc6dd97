/**
 * Reads on behind what is not understood, in long texts: the damaged item of a literal or call, or the damaged statement, becomes an ERROR node, and the next line that
 * stands where an item or statement may begin is read as usual. See docs/decisions/020.
 */

import { CARRIAGE_RETURN, CLASSES, FORM_FEED, HASH, isQuote, LINE_FEED, NAME_START, SPACE, TAB } from "./characters.js";
import { K, T } from "./ids.generated.js";
import { indent, dedent, startLine } from "./lines.js";
import {
  begin,
  close,
  enter,
  giveUp,
  goBack,
  isWord,
  leave,
  NOT_UNDERSTOOD,
  placeOf,
  type Damage,
  type Reader,
} from "./reader.js";
import type { ListKind } from "./resume.js";
import { advanceInBrackets } from "./tokens.js";
import { write } from "./writer.js";

/** What stands between two commas. */
export const enum Item {
  plain,
  starred,
  pair,
  named,
  damaged,
}

/** Of one kind of brackets. */
export interface Items {
  readonly kind: ListKind;
  readonly read: (r: Reader) => Item;
  readonly closing: T.closeParenthesis | T.closeBracket | T.closeBrace;
  /** With these around it, an item is a text of its own. */
  readonly before: string;
  readonly after: ")" | "]" | "}";
}

/**
 * Reads an item. Where it begins its line, right of the item or statement around it, damage in it stays in it: the next line in the same column is the next item.
 * Other damage is that of the item or statement around.
 */
export function readItem(r: Reader, items: Items): Item {
  if (!r.recovers) return items.read(r);
  const column = columnOf(r);
  return column > r.within ? readOrSkip(r, items, column) : items.read(r);
}

function readOrSkip(r: Reader, items: Items, column: number): Item {
  begin(r);
  const place = placeOf(r);
  const around = r.within;
  r.within = column;
  try {
    const item = items.read(r);
    if (!endsItem(r.token)) giveUp();
    return item;
  } catch (error) {
    if (error !== NOT_UNDERSTOOD || !r.recovers) throw error;
    const line = nextItem(r, place.start, column, items.after);
    if (!line) throw error;
    goBack(r, place);
    skip(r, place.start, line, items);
    advanceInBrackets(r);
    return Item.damaged;
  } finally {
    r.within = around;
  }
}

function endsItem(token: number): boolean {
  switch (token) {
    case T.comma:
    case T.closeParenthesis:
    case T.closeBracket:
    case T.closeBrace:
    case T.for:
    case T.async:
    case T.end:
      return true;
    default:
      return false;
  }
}

/** Reads one statement after the other; one that is damaged is skipped, and of a compound one the block is read all the same. */
export function readStatementOrSkip(
  r: Reader,
  readStatement: (r: Reader) => void,
  readStatements: (r: Reader) => void,
): void {
  begin(r);
  const place = placeOf(r);
  const isMatch = isWord(r, "match");
  const around = r.within;
  r.within = r.column;
  try {
    readStatement(r);
  } catch (error) {
    if (error !== NOT_UNDERSTOOD || !r.recovers) throw error;
    const line = nextStatement(r, place.start, place.column);
    goBack(r, place);
    r.beginsSoftly = false;
    // The cases of a `match` cannot be read without it.
    if (isMatch && line.isBehindColon) {
      r.recovers = false;
      throw error;
    }
    skip(r, place.start, line, { before: "", after: line.isBehindColon ? " pass\n" : "\n" });
    if (line.isBehindColon) readBlock(r, place.count, readStatements);
    else startLine(r);
  } finally {
    r.within = around;
  }
}

/** The block behind a header that is not understood: both are in one ERROR. */
function readBlock(r: Reader, mark: number, readStatements: (r: Reader) => void): void {
  enter(r);
  if (indent(r)) {
    const block = begin(r);
    readStatements(r);
    dedent(r);
    close(r, K.block, block);
    close(r, K.ERROR, mark);
  }
  startLine(r);
  leave(r);
}

/** Writes what is not understood, up to the line. */
function skip(
  r: Reader,
  start: number,
  { lineBreak }: Line,
  { before, after }: Pick<Damage, "before" | "after">,
): void {
  let end = lineBreak;
  while (end > start + 1 && isBlank(r.text.charCodeAt(end - 1))) end--;
  write(r, K.ERROR, r.count, start, end);
  r.damage ??= { start, end, before, after };
  r.lastEnd = end;
  r.at = lineBreak;
}

/** Where reading goes on. */
interface Line {
  /** The end of the line before it. */
  readonly lineBreak: number;
  /** What ends there is a header, and the line is deeper than that. */
  readonly isBehindColon: boolean;
}

function nextItem(r: Reader, start: number, column: number, closing: string): Line | undefined {
  const { text } = r;
  for (const line of linesFrom(r, start)) {
    if (line.column > column) continue;
    const first = text[line.first]!;
    const isClosing = first === ")" || first === "]" || first === "}";
    if (line.column === column) {
      // A bracket with a comma behind it closes one of the damaged item.
      if (!isClosing || (first === closing && text[line.first + 1] !== ",")) return { ...line, isBehindColon: false };
    } else {
      return isClosing && first === closing && line.column >= r.column ? { ...line, isBehindColon: false } : undefined;
    }
  }
  return undefined;
}

function nextStatement(r: Reader, start: number, column: number): Line {
  const { text } = r;
  let isFirst = true;
  for (const { first, lineBreak, column: found, isBehindColon } of linesFrom(r, start)) {
    if (found > column) {
      if (isFirst && isBehindColon && OPENS_BLOCK.test(text.slice(start, start + LONGEST_WORD)))
        return { lineBreak, isBehindColon };
    } else if (beginsStatement(text, first)) {
      return { lineBreak, isBehindColon: false };
    }
    isFirst = false;
  }
  return { lineBreak: text.length, isBehindColon: false };
}

const OPENS_BLOCK = /^(?:if|elif|else|for|while|try|except|finally|with|def|class|async|match)\b/;
const LONGEST_WORD = 8;

/** What begins with a quote, a number or a bracket is taken for the rest of a literal. */
function beginsStatement(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c === 64 /* @ */ || c > 127) return true;
  if ((CLASSES[c]! & NAME_START) === 0) return false;
  let end = at;
  while ((CLASSES[text.charCodeAt(end)]! & NAME_START) !== 0) end++;
  return !isQuote(text.charCodeAt(end));
}

interface FoundLine extends Line {
  readonly first: number;
  readonly column: number;
}

/** The lines from the token on that was not understood, blank ones and comments left out. It counts itself only if it begins a line behind `start`. */
function* linesFrom(r: Reader, start: number): Generator<FoundLine> {
  const { text } = r;
  const failed = Math.max(r.start, start);
  let at = failed > start && columnOf(r) >= 0 ? text.lastIndexOf("\n", failed - 1) : -1;
  let isBehindColon = false;
  if (at < 0) ({ end: at, isBehindColon } = lineEnd(text, failed));
  while (at < text.length) {
    const lineBreak = at;
    let column = 0;
    for (at++; isBlank(text.charCodeAt(at)); at++) {
      const c = text.charCodeAt(at);
      column = c === SPACE ? column + 1 : c === TAB ? column + 8 : 0;
    }
    if (at >= text.length) return;
    if (text.charCodeAt(at) !== HASH) {
      yield { first: at, column, lineBreak: text.lastIndexOf("\n", at), isBehindColon };
      isBehindColon = false;
    }
    at = lineEnd(text, Math.max(at, lineBreak + 1)).end;
  }
}

/** The end of a line of code from a token on: where its strings in triple quotes end, if they are longer. */
function lineEnd(text: string, from: number): { readonly end: number; readonly isBehindColon: boolean } {
  let last = 0;
  for (let at = from; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === LINE_FEED) return { end: at, isBehindColon: last === 58 };
    if (c === HASH) {
      const end = text.indexOf("\n", at);
      return { end: end < 0 ? text.length : end, isBehindColon: last === 58 };
    }
    if (isQuote(c)) at = stringEnd(text, at) - 1;
    if (!isBlank(c)) last = c;
  }
  return { end: text.length, isBehindColon: false };
}

/** Behind a string, or at the end of the line if that comes first. */
function stringEnd(text: string, quote: number): number {
  const delimiter = text.charCodeAt(quote);
  if (text.charCodeAt(quote + 1) === delimiter && text.charCodeAt(quote + 2) === delimiter) {
    const end = text.indexOf(text.slice(quote, quote + 3), quote + 3);
    return end < 0 ? text.length : end + 3;
  }
  for (let at = quote + 1; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === delimiter) return at + 1;
    if (c === LINE_FEED) return at;
    if (c === 92 /* \ */ && text.charCodeAt(at + 1) !== LINE_FEED) at++;
  }
  return text.length;
}

/** The column of the present token if it begins its line, else -1. */
function columnOf({ text, start }: Reader): number {
  let at = start;
  while (at > 0 && isBlank(text.charCodeAt(at - 1)) && text.charCodeAt(at - 1) !== LINE_FEED) at--;
  if (at > 0 && text.charCodeAt(at - 1) !== LINE_FEED) return -1;
  let column = 0;
  for (; at < start; at++) {
    const c = text.charCodeAt(at);
    column = c === SPACE ? column + 1 : c === TAB ? column + 8 : 0;
  }
  return column;
}

function isBlank(c: number): boolean {
  return c === SPACE || c === LINE_FEED || c === TAB || c === CARRIAGE_RETURN || c === FORM_FEED;
}
