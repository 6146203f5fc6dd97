/** Reads one token after the other. Comments and line continuations before a token are kept for when it is written. */

import {
  BACKSLASH,
  BYTE_ORDER_MARK,
  CARRIAGE_RETURN,
  CLASSES,
  DIGIT,
  DOT,
  EQUALS,
  FORM_FEED,
  HASH,
  isQuote,
  isWideLetter,
  LINE_FEED,
  NAME_PART,
  NAME_START,
  SPACE,
  STRING_PREFIX,
  TAB,
  wordToken,
} from "./characters.js";
import { K, T } from "./ids.generated.js";
import { numberEnd, type NumberEnd } from "./numbers.js";
import { addExtra, begin, close, flush, giveUp, is, type Reader } from "./reader.js";
import { write } from "./writer.js";

/** Writes the present token as a node and goes on to the next one. */
export function shift(r: Reader): void {
  if (r.extras > 0) flush(r);
  write(r, r.token, r.count, r.start, r.end);
  r.lastEnd = r.end;
  advance(r);
}

/** Writes the present token as a node of another kind. */
export function shiftAs(r: Reader, kind: number): void {
  r.token = kind;
  shift(r);
}

export function shiftWithField(r: Reader, field: number): void {
  if (r.extras > 0) flush(r);
  write(r, r.token, r.count, r.start, r.end);
  r.fields[r.count - 1] = field;
  r.lastEnd = r.end;
  advance(r);
}

/** Writes the present token, which must be this one. */
export function expect(r: Reader, token: number): void {
  if (!is(r, token)) giveUp();
  shift(r);
}

/** Writes the token if it is there. */
export function accept(r: Reader, token: number): boolean {
  if (!is(r, token)) return false;
  shift(r);
  return true;
}

/** An opening bracket: up to the closing one, the ends of lines mean nothing. */
export function open(r: Reader): void {
  r.brackets++;
  shift(r);
}

export function closeBracket(r: Reader, token: number): void {
  if (is(r, T.end)) return endUnclosed(r);
  if (!is(r, token)) giveUp();
  r.brackets--;
  shift(r);
}

/** Brackets that end with the text or the block although they are never closed: only where damage is read past. */
function endUnclosed(r: Reader): void {
  const mark = begin(r);
  write(r, K.ERROR, mark, r.lastEnd, r.lastEnd);
  r.damage ??= { start: r.lastEnd, end: r.lastEnd, before: "(", after: "" };
  if (--r.brackets === 0) setToken(r, T.newline, r.at, r.at);
}

/** A node that holds nothing but the present token. */
export function shiftWrapped(r: Reader, kind: number): void {
  const mark = begin(r);
  shift(r);
  close(r, kind, mark);
}

/** Goes on to the next token; the end of the line is one, unless a bracket is open. */
export function advance(r: Reader): void {
  if (r.brackets > 0) return advanceInBrackets(r);
  const { text } = r;
  let at = r.at;
  let continuations = 0;
  for (;;) {
    if (at >= text.length) return setToken(r, T.newline, at, at);
    const c = text.charCodeAt(at);
    if (c === SPACE || c === TAB || c === FORM_FEED) {
      at++;
    } else if (c === LINE_FEED || c === CARRIAGE_RETURN) {
      return setToken(r, T.newline, at, at);
    } else if (c === HASH) {
      at = addComment(r, at);
    } else if (c === BACKSLASH) {
      at = addContinuation(r, at);
      if (isBlank(text, at)) giveUp();
      continuations++;
    } else {
      readToken(r, at, c);
      if (continuations > 0) dropBeforeString(r, continuations);
      return;
    }
  }
}

/**
 * The grammar ends a block at a line that stands left of it even inside brackets, unless a closing bracket could come next; the tree has
 * errors then. Where that could be, the text is left to the other parser.
 */
export function advanceInBrackets(r: Reader): void {
  const { text } = r;
  let at = r.at;
  let column = -1;
  let continuations = 0;
  for (;;) {
    if (at >= text.length) return r.recovers ? setToken(r, T.end, text.length, text.length) : giveUp();
    const c = text.charCodeAt(at);
    if (c === SPACE) {
      at++;
      if (column >= 0) column++;
    } else if (c === LINE_FEED || c === CARRIAGE_RETURN || c === FORM_FEED) {
      at++;
      if (column >= 0 || c === LINE_FEED) column = 0;
    } else if (c === TAB) {
      at++;
      if (column >= 0) column += 8;
    } else {
      if (column >= 0 && column < r.column && !(c === 41 || c === 93 || c === 125) /* not a closing bracket */) {
        if (!r.recovers) giveUp();
        const lineBreak = text.lastIndexOf("\n", at);
        return setToken(r, T.end, lineBreak, lineBreak);
      }
      if (c === HASH) {
        at = addComment(r, at);
        continuations = 0;
      } else if (c === BACKSLASH) {
        if (column >= 0 && r.column > 0) giveUp();
        at = addContinuation(r, at);
        continuations++;
      } else {
        readToken(r, at, c);
        if (continuations > 0) dropBeforeString(r, continuations);
        return;
      }
      column = -1;
    }
  }
}

/** The rest of the line is empty or a comment. */
function isBlank(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === SPACE || c === TAB || c === FORM_FEED) continue;
    return c === LINE_FEED || c === CARRIAGE_RETURN || c === HASH;
  }
  return true;
}

export function addComment(r: Reader, start: number): number {
  const end = commentEnd(r.text, start);
  addExtra(r, K.comment, start, end);
  return end;
}

/** The end of the line: a carriage return before the line feed belongs to the comment. */
export function commentEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}

function addContinuation(r: Reader, start: number): number {
  const { text } = r;
  let at = start + 1;
  if (text.charCodeAt(at) === CARRIAGE_RETURN) at++;
  if (text.charCodeAt(at) !== LINE_FEED) giveUp();
  addExtra(r, K.lineContinuation, start, at + 1);
  return at + 1;
}

/** The grammar finds the beginning of a string past any continuations, which then are no nodes. */
function dropBeforeString(r: Reader, continuations: number): void {
  if (is(r, K.stringStart)) r.extras -= continuations;
}

export function setToken(r: Reader, token: number, start: number, end: number): void {
  r.token = token;
  r.start = start;
  r.end = end;
  r.at = end;
}

export function readToken(r: Reader, at: number, c: number): void {
  if (c > 127) return c === BYTE_ORDER_MARK && at === 0 ? skipByteOrderMark(r) : readName(r, at);
  const kind = CLASSES[c]!;
  if ((kind & NAME_START) !== 0) readName(r, at);
  else if (kind === DIGIT || (c === DOT && CLASSES[r.text.charCodeAt(at + 1)] === DIGIT)) readNumber(r, at);
  else if (isQuote(c)) setToken(r, K.stringStart, at, at);
  else readOperator(r, at, c);
}

function skipByteOrderMark(r: Reader): void {
  r.at = 1;
  const c = r.text.charCodeAt(1);
  // Only the plain case: a statement begins right behind the mark.
  if (c <= 127 && (CLASSES[c]! & NAME_START) !== 0) readName(r, 1);
  else noToken(r, 1);
}

const number: NumberEnd = { isFloat: false };

function readNumber(r: Reader, at: number): void {
  const end = numberEnd(r.text, at, number);
  if (end < 0) return noToken(r, at);
  setToken(r, number.isFloat ? K.float : K.integer, at, end);
}

/** A name, a word or the prefix of a string; the quote of a string is read by `readString`. */
function readName(r: Reader, start: number): void {
  const { text } = r;
  let at = start;
  let isPrefix = true;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c > 127) {
      if (!isWideLetter(c, at === start)) return noToken(r, start);
      isPrefix = false;
      continue;
    }
    const kind = CLASSES[c]!;
    if ((kind & NAME_PART) === 0) {
      if (isPrefix && isQuote(c)) return setToken(r, K.stringStart, start, at);
      break;
    }
    if ((kind & STRING_PREFIX) === 0) isPrefix = false;
  }
  setToken(r, wordToken(text, start, at), start, at);
}

function readOperator(r: Reader, at: number, c: number): void {
  const { text } = r;
  const next = text.charCodeAt(at + 1);
  switch (c) {
    case 33 /* ! */:
      if (next === EQUALS) return setToken(r, T.exclamationEqual, at, at + 2);
      return next >= 97 && next <= 122 ? setToken(r, K.typeConversion, at, at + 2) : noToken(r, at);
    case 37 /* % */:
      return withEqual(r, at, next, T.percent, T.percentEqual);
    case 38 /* & */:
      return withEqual(r, at, next, T.ampersand, T.ampersandEqual);
    case 40:
      return setToken(r, T.openParenthesis, at, at + 1);
    case 41:
      return setToken(r, T.closeParenthesis, at, at + 1);
    case 42 /* * */:
      if (next === c) return withEqual(r, at, text.charCodeAt(at + 2), T.starStar, T.starStarEqual, 2);
      return withEqual(r, at, next, T.star, T.starEqual);
    case 43 /* + */:
      return withEqual(r, at, next, T.plus, T.plusEqual);
    case 44:
      return setToken(r, T.comma, at, at + 1);
    case 45 /* - */:
      if (next === 62) return setToken(r, T.minusGreater, at, at + 2);
      return withEqual(r, at, next, T.minus, T.minusEqual);
    case DOT:
      if (next === DOT && text.charCodeAt(at + 2) === DOT) return setToken(r, K.ellipsis, at, at + 3);
      return setToken(r, T.dot, at, at + 1);
    case 47 /* / */:
      if (next === c) return withEqual(r, at, text.charCodeAt(at + 2), T.slashSlash, T.slashSlashEqual, 2);
      return withEqual(r, at, next, T.slash, T.slashEqual);
    case 58 /* : */:
      return withEqual(r, at, next, T.colon, T.colonEqual);
    case 59:
      return setToken(r, T.semicolon, at, at + 1);
    case 60 /* < */:
      if (next === 62) return noToken(r, at);
      if (next === c) return withEqual(r, at, text.charCodeAt(at + 2), T.lessLess, T.lessLessEqual, 2);
      return withEqual(r, at, next, T.less, T.lessEqual);
    case EQUALS:
      return withEqual(r, at, next, T.equal, T.equalEqual);
    case 62 /* > */:
      if (next === c) return withEqual(r, at, text.charCodeAt(at + 2), T.greaterGreater, T.greaterGreaterEqual, 2);
      return withEqual(r, at, next, T.greater, T.greaterEqual);
    case 64 /* @ */:
      return withEqual(r, at, next, T.at, T.atEqual);
    case 91:
      return setToken(r, T.openBracket, at, at + 1);
    case 93:
      return setToken(r, T.closeBracket, at, at + 1);
    case 94 /* ^ */:
      return withEqual(r, at, next, T.caret, T.caretEqual);
    case 123:
      return setToken(r, T.openBrace, at, at + 1);
    case 124 /* | */:
      return withEqual(r, at, next, T.bar, T.barEqual);
    case 125:
      return setToken(r, T.closeBrace, at, at + 1);
    case 126:
      return setToken(r, T.tilde, at, at + 1);
    default:
      noToken(r, at);
  }
}

/** What is no token, or not surely one, and is met again by whoever reads on here. */
function noToken(r: Reader, at: number): void {
  if (!r.recovers) giveUp();
  setToken(r, K.ERROR, at, at + 1);
}

/** An operator of `length` characters that an equals sign makes another one. */
function withEqual(r: Reader, at: number, next: number, plain: number, withSign: number, length = 1): void {
  if (next === EQUALS) setToken(r, withSign, at, at + length + 1);
  else setToken(r, plain, at, at + length);
}
