/** Reads the patterns of `case`. */

import { F, K, T } from "./ids.generated.js";
import { readDottedName } from "./imports.js";
import { begin, close, enter, giveUp, is, isWord, leave, type Reader, setField } from "./reader.js";
import { readStrings } from "./strings.js";
import { accept, closeBracket, expect, open, shift, shiftAs } from "./tokens.js";

export function readCasePattern(r: Reader): void {
  const mark = begin(r);
  enter(r);
  readSimplePattern(r);
  finishCasePattern(r, mark);
  leave(r);
}

/** With a name for what matched, if there is one. */
function finishCasePattern(r: Reader, mark: number): void {
  close(r, K.casePattern, mark);
  if (!is(r, T.as)) return;
  shift(r);
  expect(r, K.identifier);
  close(r, K.asPattern, mark);
  close(r, K.casePattern, mark);
}

/** One pattern or several with bars between. */
function readSimplePattern(r: Reader): void {
  const mark = begin(r);
  readPart(r);
  if (!is(r, T.bar)) return;
  while (accept(r, T.bar)) readPart(r);
  close(r, K.unionPattern, mark);
}

function readPart(r: Reader): void {
  switch (r.token) {
    case K.identifier:
      return isWord(r, "_") ? shiftAs(r, T.underscore) : readNameOrClass(r);
    case K.stringStart:
      return readStrings(r, giveUp);
    case K.none:
    case K.true:
    case K.false:
      return shift(r);
    case T.minus:
    case K.integer:
    case K.float:
      return readNumber(r);
    case T.star:
    case T.starStar:
      return readSplat(r);
    case T.openParenthesis:
      return readPatterns(r, T.closeParenthesis, K.tuplePattern);
    case T.openBracket:
      return readPatterns(r, T.closeBracket, K.listPattern);
    case T.openBrace:
      return readDictionary(r);
    default:
      giveUp();
  }
}

/** A sign belongs to no node of its own. */
function readNumber(r: Reader): void {
  const mark = begin(r);
  accept(r, T.minus);
  shiftNumber(r);
  if (!is(r, T.plus) && !is(r, T.minus)) return;
  shift(r);
  shiftNumber(r);
  close(r, K.complexPattern, mark);
}

function shiftNumber(r: Reader): void {
  if (!is(r, K.integer) && !is(r, K.float)) giveUp();
  shift(r);
}

function readSplat(r: Reader): void {
  const mark = begin(r);
  shift(r);
  if (isWord(r, "_")) shiftAs(r, T.underscore);
  else expect(r, K.identifier);
  close(r, K.splatPattern, mark);
}

function readNameOrClass(r: Reader): void {
  const mark = begin(r);
  readDottedName(r);
  if (!is(r, T.openParenthesis)) return;
  open(r);
  while (!is(r, T.closeParenthesis)) {
    readArgumentPattern(r);
    if (!accept(r, T.comma)) break;
  }
  closeBracket(r, T.closeParenthesis);
  close(r, K.classPattern, mark);
}

/** `name=pattern` or a pattern. */
function readArgumentPattern(r: Reader): void {
  const mark = begin(r);
  if (!is(r, K.identifier) || !isFollowedByEqual(r)) return readCasePattern(r);
  if (isWord(r, "_")) giveUp();
  enter(r);
  shift(r);
  expect(r, T.equal);
  readSimplePattern(r);
  close(r, K.keywordPattern, mark);
  if (is(r, T.as)) giveUp();
  finishCasePattern(r, mark);
  leave(r);
}

/** A keyword stands right before its sign, or one space apart. */
function isFollowedByEqual({ text, end }: Reader): boolean {
  const at = text.charCodeAt(end) === 32 ? end + 1 : end;
  return text.charCodeAt(at) === 61 && text.charCodeAt(at + 1) !== 61;
}

function readPatterns(r: Reader, closing: number, kind: number): void {
  const mark = begin(r);
  open(r);
  while (!is(r, closing)) {
    readCasePattern(r);
    if (!accept(r, T.comma)) break;
  }
  closeBracket(r, closing);
  close(r, kind, mark);
}

function readDictionary(r: Reader): void {
  const mark = begin(r);
  enter(r);
  open(r);
  while (!is(r, T.closeBrace)) {
    if (is(r, T.starStar)) {
      readSplat(r);
    } else {
      // A sign would carry the field as well as its number.
      if (is(r, T.minus)) giveUp();
      readSimplePattern(r);
      setField(r, F.key);
      expect(r, T.colon);
      readCasePattern(r);
      setField(r, F.value);
    }
    if (!accept(r, T.comma)) break;
  }
  closeBracket(r, T.closeBrace);
  close(r, K.dictPattern, mark);
  leave(r);
}
