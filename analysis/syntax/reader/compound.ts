/** Reads statements with blocks, and blocks. */

import { readArguments, readTargets } from "./brackets.js";
import { readCasePattern } from "./case-patterns.js";
import { readStatementOrSkip } from "./damage.js";
import { readExpression, readExpressions, readNamed } from "./expressions.js";
import { F, K, T } from "./ids.generated.js";
import { dedent, endLine, indent, isAtLineEnd, startLine, startNextLine } from "./lines.js";
import { readParameters } from "./parameters.js";
import { attempt, begin, close, enter, flush, giveUp, is, isWord, leave, type Reader, setField } from "./reader.js";
import { noteList, resume } from "./resume.js";
import { readSimpleStatements } from "./simple.js";
import { accept, closeBracket, expect, open, shift, shiftAs, shiftWithField } from "./tokens.js";
import { readType, readTypeParameters } from "./types.js";
import { readAlias, readWithClause } from "./with-clause.js";
import { write } from "./writer.js";

export function readStatement(r: Reader): void {
  switch (r.token) {
    case T.if:
      return readIf(r);
    case T.for:
      return readFor(r, begin(r));
    case T.while:
      return readWhile(r);
    case T.try:
      return readTry(r);
    case T.with:
      return readWith(r, begin(r));
    case T.def:
      return readFunction(r, begin(r));
    case T.class:
      return readClass(r);
    case T.at:
      return readDecorated(r);
    case T.async:
      return readAsync(r);
    case K.identifier:
      begin(r);
      if (isWord(r, "match") && attempt(r, readMatch)) return;
      break;
  }
  readSimpleStatements(r);
  endLine(r);
}

/** The statements up to the end of the present block or of the text. */
export function readStatements(r: Reader): void {
  const first = r.start;
  let count = 0;
  for (; !is(r, T.dedent) && !is(r, T.end); count++) {
    if (r.previous && count > 0) count += resume(r, K.block);
    if (r.recovers) readStatementOrSkip(r, readStatement, readStatements);
    else readStatement(r);
  }
  if (r.recovers) noteList(r, K.block, first, count);
}

/** A colon and what belongs to it. */
function readBlock(r: Reader, field: number, mayLack = false): void {
  expect(r, T.colon);
  readSuite(r, field, mayLack);
}

/** What follows a colon. Only of a class may the body be missing: its members may be read apart. */
function readSuite(r: Reader, field: number, mayLack = false): void {
  enter(r);
  if (!is(r, T.newline)) {
    const mark = begin(r);
    readSimpleStatements(r);
    if (!is(r, T.newline)) giveUp();
    if (r.extras > 0) flush(r);
    close(r, K.block, mark);
    setField(r, field);
    startNextLine(r);
    return leave(r);
  } else if (indent(r)) {
    const mark = begin(r);
    readStatements(r);
    dedent(r);
    close(r, K.block, mark);
  } else {
    if (!mayLack) giveUp();
    write(r, K.block, r.count, r.lastEnd, r.lastEnd);
  }
  setField(r, field);
  startLine(r);
  leave(r);
}

function readIf(r: Reader): void {
  const mark = begin(r);
  shift(r);
  readNamed(r);
  setField(r, F.condition);
  readBlock(r, F.consequence);
  while (is(r, T.elif)) {
    const clause = begin(r);
    shift(r);
    readNamed(r);
    setField(r, F.condition);
    readBlock(r, F.consequence);
    close(r, K.elifClause, clause);
    setField(r, F.alternative);
  }
  readElse(r, F.alternative);
  close(r, K.ifStatement, mark);
}

function readElse(r: Reader, field: number): void {
  if (!is(r, T.else)) return;
  const mark = begin(r);
  shift(r);
  readBlock(r, F.body);
  close(r, K.elseClause, mark);
  setField(r, field);
}

function readFor(r: Reader, mark: number): void {
  expect(r, T.for);
  readTargets(r);
  setField(r, F.left);
  expect(r, T.in);
  readExpressions(r);
  setField(r, F.right);
  readBlock(r, F.body);
  readElse(r, F.alternative);
  close(r, K.forStatement, mark);
}

function readWhile(r: Reader): void {
  const mark = begin(r);
  shift(r);
  readNamed(r);
  setField(r, F.condition);
  readBlock(r, F.body);
  readElse(r, F.alternative);
  close(r, K.whileStatement, mark);
}

function readTry(r: Reader): void {
  const mark = begin(r);
  shift(r);
  readBlock(r, F.body);
  while (is(r, T.except)) readExcept(r);
  readElse(r, 0);
  if (is(r, T.finally)) {
    const clause = begin(r);
    shift(r);
    readBlock(r, 0);
    close(r, K.finallyClause, clause);
  }
  close(r, K.tryStatement, mark);
}

function readExcept(r: Reader): void {
  const mark = begin(r);
  shift(r);
  accept(r, T.star);
  if (!is(r, T.colon)) {
    const value = begin(r);
    readExpression(r);
    readAlias(r, value);
    setField(r, F.value);
    while (accept(r, T.comma)) {
      readExpression(r);
      setField(r, F.value);
    }
  }
  readBlock(r, 0);
  close(r, K.exceptClause, mark);
}

function readWith(r: Reader, mark: number): void {
  expect(r, T.with);
  readWithClause(r);
  readBlock(r, F.body);
  close(r, K.withStatement, mark);
}

function readAsync(r: Reader): void {
  const mark = begin(r);
  shift(r);
  if (is(r, T.def)) readFunction(r, mark);
  else if (is(r, T.for)) readFor(r, mark);
  else readWith(r, mark);
}

function readFunction(r: Reader, mark: number): void {
  expect(r, T.def);
  readDefinedName(r);
  const parameters = begin(r);
  if (!is(r, T.openParenthesis)) giveUp();
  open(r);
  readParameters(r, T.closeParenthesis, readExpression, readType);
  closeBracket(r, T.closeParenthesis);
  close(r, K.parameters, parameters);
  setField(r, F.parameters);
  const hasReturnType = accept(r, T.minusGreater);
  if (hasReturnType) {
    readType(r);
    setField(r, F.returnType);
  }
  expect(r, T.colon);
  if (hasReturnType && beginsType(r)) giveUp();
  readSuite(r, F.body);
  close(r, K.functionDefinition, mark);
}

/** Behind a return type the grammar takes `: A[b]` for a bound of the type, not for a body on the same line; `: ...` it does not. */
function beginsType(r: Reader): boolean {
  switch (r.token) {
    case T.newline:
    case T.pass:
    case T.return:
    case T.raise:
      return false;
    case K.ellipsis:
      return !isAtLineEnd(r);
    default:
      return true;
  }
}

/** The name of a function or class with its type parameters. */
function readDefinedName(r: Reader): void {
  if (!is(r, K.identifier)) giveUp();
  shiftWithField(r, F.name);
  if (!is(r, T.openBracket)) return;
  readTypeParameters(r, true);
  setField(r, F.typeParameters);
}

function readClass(r: Reader): void {
  const mark = begin(r);
  shift(r);
  readDefinedName(r);
  if (is(r, T.openParenthesis)) {
    readArguments(r);
    if (r.kinds[r.count - 1] !== K.argumentList) giveUp();
    setField(r, F.superclasses);
  }
  readBlock(r, F.body, true);
  close(r, K.classDefinition, mark);
}

function readDecorated(r: Reader): void {
  const mark = begin(r);
  while (is(r, T.at)) {
    const decorator = begin(r);
    shift(r);
    readNamed(r);
    if (!is(r, T.newline)) giveUp();
    if (r.extras > 0) flush(r);
    close(r, K.decorator, decorator);
    startLine(r);
    // Here the grammar ends the block even before a comment.
    if (r.hasShallowComment) giveUp();
  }
  const definition = begin(r);
  if (is(r, T.class)) {
    readClass(r);
  } else {
    accept(r, T.async);
    readFunction(r, definition);
  }
  setField(r, F.definition);
  close(r, K.decoratedDefinition, mark);
}

/** `match` is a name unless a subject, a colon and a `case` come after it. */
function readMatch(r: Reader): boolean {
  const mark = begin(r);
  shiftAs(r, T.match);
  readNamed(r);
  setField(r, F.subject);
  while (accept(r, T.comma)) {
    if (is(r, T.colon)) break;
    readNamed(r);
    setField(r, F.subject);
  }
  expect(r, T.colon);
  if (!is(r, T.newline) || !indent(r)) return false;
  // This block begins where it is indented: comments before the first case are inside.
  const start = r.lastEnd;
  const block = r.count;
  do readCase(r);
  while (!is(r, T.dedent));
  dedent(r);
  write(r, K.block, block, start, r.lastEnd);
  setField(r, F.body);
  startLine(r);
  close(r, K.matchStatement, mark);
  return true;
}

function readCase(r: Reader): void {
  const mark = begin(r);
  if (!isWord(r, "case")) giveUp();
  shiftAs(r, T.case);
  readCasePattern(r);
  while (accept(r, T.comma)) {
    if (is(r, T.colon) || is(r, T.if)) break;
    readCasePattern(r);
  }
  if (is(r, T.if)) {
    const guard = begin(r);
    shift(r);
    readNamed(r);
    close(r, K.ifClause, guard);
    setField(r, F.guard);
  }
  readBlock(r, F.consequence);
  close(r, K.caseClause, mark);
  setField(r, F.alternative);
}
