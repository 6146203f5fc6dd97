/** Reads simple statements: those that fit on one line. */

import { BACKSLASH, GREATER, SPACE, TAB } from "./characters.js";
import { endsExpressions, readExpression, readExpressions, readListed, readYield } from "./expressions.js";
import { F, K, T, TOKEN_LIMIT } from "./ids.generated.js";
import { readFromImport, readImport } from "./imports.js";
import { attempt, begin, close, enter, giveUp, is, isWord, leave, type Reader, setField } from "./reader.js";
import { becomePattern, becomePatternList, holdsStarredDisplay, isPattern } from "./targets.js";
import { accept, expect, shift, shiftAs, shiftWithField, shiftWrapped } from "./tokens.js";
import { readType } from "./types.js";

const AUGMENTED = new Uint8Array(TOKEN_LIMIT);
for (const token of [
  T.plusEqual,
  T.minusEqual,
  T.starEqual,
  T.slashEqual,
  T.atEqual,
  T.slashSlashEqual,
  T.percentEqual,
  T.starStarEqual,
  T.greaterGreaterEqual,
  T.lessLessEqual,
  T.ampersandEqual,
  T.caretEqual,
  T.barEqual,
]) {
  AUGMENTED[token] = 1;
}

/** The statements of a line, without its end. */
export function readSimpleStatements(r: Reader): void {
  readSimpleStatement(r);
  while (accept(r, T.semicolon)) {
    if (is(r, T.newline)) return;
    readSimpleStatement(r);
  }
}

function readSimpleStatement(r: Reader): void {
  r.mayGoOn = false;
  switch (r.token) {
    case T.return:
      return readReturn(r);
    case T.import:
      return readImport(r);
    case T.from:
      return readFromImport(r);
    case T.raise:
      return readRaise(r);
    case T.assert:
      return readAssert(r);
    case T.del:
      return readDelete(r);
    case T.pass:
      return shiftWrapped(r, K.passStatement);
    case T.break:
      return shiftWrapped(r, K.breakStatement);
    case T.continue:
      return shiftWrapped(r, K.continueStatement);
    case T.global:
      return readNames(r, K.globalStatement);
    case T.nonlocal:
      return readNames(r, K.nonlocalStatement);
    case K.identifier:
      return readNamedStatement(r);
    default:
      return readExpressionStatement(r);
  }
}

function readReturn(r: Reader): void {
  const mark = begin(r);
  shift(r);
  if (!endsExpressions(r.token)) readExpressions(r);
  close(r, K.returnStatement, mark);
}

function readRaise(r: Reader): void {
  const mark = begin(r);
  shift(r);
  if (!is(r, T.newline) && !is(r, T.semicolon)) {
    readExpression(r);
    if (is(r, T.from)) {
      shift(r);
      readExpression(r);
      setField(r, F.cause);
    }
  }
  close(r, K.raiseStatement, mark);
}

function readAssert(r: Reader): void {
  const mark = begin(r);
  shift(r);
  readExpression(r);
  if (accept(r, T.comma)) readExpression(r);
  close(r, K.assertStatement, mark);
}

function readDelete(r: Reader): void {
  const mark = begin(r);
  shift(r);
  if (is(r, T.star)) giveUp();
  readExpressions(r);
  close(r, K.deleteStatement, mark);
}

function readNames(r: Reader, kind: number): void {
  const mark = begin(r);
  shift(r);
  do expect(r, K.identifier);
  while (accept(r, T.comma));
  close(r, kind, mark);
}

/** A statement that begins with a name. `type` begins an alias if what follows lets it. */
function readNamedStatement(r: Reader): void {
  begin(r);
  if (!isSoftWord(r)) return readExpressionStatement(r);
  if (isWord(r, "lazy")) return attempt(r, readLazyImport) ? undefined : readExpressionStatement(r);
  const isType = isWord(r, "type");
  if (isType && attempt(r, readTypeAlias)) return;
  const next = characterBehind(r);
  // Python 2's `print >>file`, which the grammar prefers.
  if (next === BACKSLASH || next === GREATER) giveUp();
  r.beginsSoftly = true;
  readExpressionStatement(r);
  r.beginsSoftly = false;
  // The grammar takes `type(x).y = z` for an alias. On one line that is read as Python reads it, on two it is left to the grammar.
  if (isType) r.mayGoOn = true;
}

/** The first character behind the present token in its line that is not blank. */
function characterBehind({ text, end }: Reader): number {
  let at = end;
  while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at++;
  return text.charCodeAt(at);
}

/** The words are told apart by their first letters, because every statement that begins with a name is asked. */
function isSoftWord(r: Reader): boolean {
  switch (r.text.charCodeAt(r.start)) {
    case 101 /* e */:
      return isWord(r, "exec");
    case 108 /* l */:
      return isWord(r, "lazy");
    case 109 /* m */:
      return isWord(r, "match");
    case 112 /* p */:
      return isWord(r, "print");
    case 116 /* t */:
      return isWord(r, "type");
    default:
      return false;
  }
}

/** `lazy import json`, which the grammar does not know (Python 3.15). */
function readLazyImport(r: Reader): boolean {
  const mark = begin(r);
  shiftAs(r, T.lazy);
  if (!is(r, T.import) && !is(r, T.from)) return false;
  if (is(r, T.import)) readImport(r, mark);
  else readFromImport(r, mark);
  return true;
}

function readTypeAlias(r: Reader): boolean {
  const mark = begin(r);
  shiftAs(r, T.type);
  if (!is(r, K.identifier)) return false;
  readType(r, true);
  setField(r, F.left);
  expect(r, T.equal);
  readType(r);
  setField(r, F.right);
  close(r, K.typeAliasStatement, mark);
  return is(r, T.newline) || is(r, T.semicolon);
}

function readExpressionStatement(r: Reader): void {
  const mark = begin(r);
  if (is(r, T.yield)) {
    readYield(r);
  } else {
    const hasComma = readListed(r);
    if (hasComma) endTargets(r);
    if (is(r, T.equal) || is(r, T.colon) || AUGMENTED[r.token] === 1) readAssignment(r, mark, hasComma);
    else if (!hasComma) rejectStar(r);
  }
  close(r, K.expressionStatement, mark);
}

/** What is assigned to was written since `mark`; `hasComma` says that it is a list. */
function readAssignment(r: Reader, mark: number, hasComma: boolean): void {
  if (hasComma) {
    if (!is(r, T.equal)) giveUp();
    becomePatternList(r, mark);
  } else {
    rejectStar(r);
    becomePattern(r, r.count - 1);
  }
  setField(r, F.left);
  if (AUGMENTED[r.token] === 1) {
    shiftWithField(r, F.operator);
    readAssigned(r);
    setField(r, F.right);
    return close(r, K.augmentedAssignment, mark);
  }
  if (is(r, T.colon)) {
    shift(r);
    readType(r);
    setField(r, F.type);
  }
  if (accept(r, T.equal)) {
    readAssigned(r);
    setField(r, F.right);
  }
  close(r, K.assignment, mark);
}

/** The right side, which may be a further assignment. */
function readAssigned(r: Reader): void {
  if (is(r, T.yield)) return readYield(r);
  const mark = begin(r);
  const hasComma = readListed(r);
  if (hasComma) {
    if (is(r, T.newline)) r.mayGoOn = true;
    // The grammar takes `x = [a, *b], c` for a further list of targets, without an assignment behind it.
    if (holdsStarredDisplay(r, r.count, mark)) giveUp();
  }
  if (is(r, T.equal)) {
    enter(r);
    readAssignment(r, mark, hasComma);
    leave(r);
  } else if (hasComma) {
    close(r, K.expressionList, mark);
  } else {
    rejectStar(r);
  }
}

/** A list that could be one of targets may go on behind the end of the line. After a comma any target would do: `a,` and `b = c`. */
function endTargets(r: Reader): void {
  if (!is(r, T.newline)) return;
  r.mayGoOn = true;
  if (r.kinds[r.count - 1] === T.comma && isPattern(r.kinds[r.count - 2]!)) giveUp();
}

/** A star needs a comma behind it. */
function rejectStar(r: Reader): void {
  if (r.kinds[r.count - 1] === K.listSplat) giveUp();
}
