/** Reads expressions. The order in which operators bind is the grammar's, which differs from Python's in places (`^` binds tighter than `&`). */

import { F, K, T, TOKEN_LIMIT } from "./ids.generated.js";
import { readArguments, readBraces, readList, readParenthesized, readStarredPart, readSubscripts } from "./brackets.js";
import { readParameters } from "./parameters.js";
import { begin, close, enter, type Expressions, giveUp, is, isName, leave, type Reader, setField } from "./reader.js";
import { readStrings } from "./strings.js";
import { accept, expect, shift, shiftWithField } from "./tokens.js";

const POWER = 8;
/** How tightly binary operators bind; 0 for every other token. */
const PRECEDENCE = new Uint8Array(TOKEN_LIMIT);
[
  [T.bar],
  [T.ampersand],
  [T.caret],
  [T.lessLess, T.greaterGreater],
  [T.plus, T.minus],
  [T.star, T.slash, T.percent, T.slashSlash, T.at],
  [],
  [T.starStar],
].forEach((tokens, index) => {
  for (const token of tokens) PRECEDENCE[token] = index + 1;
});

/** 1 for a comparison, 2 for the first word of a longer one (`not in`), 3 for `is`, which may be one. */
const COMPARISONS = new Uint8Array(TOKEN_LIMIT);
for (const token of [T.less, T.lessEqual, T.equalEqual, T.exclamationEqual, T.greaterEqual, T.greater, T.in])
  COMPARISONS[token] = 1;
COMPARISONS[T.not] = 2;
COMPARISONS[T.is] = 3;

/** What may follow an operand as part of the same disjunction. Mostly nothing does, and then no kind of operation has to be tried after the other. */
const GOES_ON = new Uint8Array(TOKEN_LIMIT);
for (let token = 0; token < TOKEN_LIMIT; token++) if (PRECEDENCE[token]! + COMPARISONS[token]! > 0) GOES_ON[token] = 1;
GOES_ON[T.and] = GOES_ON[T.or] = 1;

/** What may stand before an operand as part of it. */
const SIGNS = new Uint8Array(TOKEN_LIMIT);
for (const token of [T.minus, T.plus, T.tilde, T.await]) SIGNS[token] = 1;

/** Any expression but `:=` and `*x`. */
export function readExpression(r: Reader): void {
  if (is(r, T.lambda)) return readLambda(r);
  const mark = begin(r);
  readDisjunction(r);
  if (is(r, T.if)) readConditional(r, mark);
}

/** Goes on with an expression that began at `mark` with a name already written. */
export function continueExpression(r: Reader, mark: number): void {
  readTrailers(r, mark);
  readOperations(r, mark);
  readAnds(r, mark);
  readOrs(r, mark);
  readConditional(r, mark);
}

/** `name := value` or any expression. */
export function readNamed(r: Reader): void {
  const mark = begin(r);
  readExpression(r);
  if (!is(r, T.colonEqual)) return;
  if (!isName(r, mark)) giveUp();
  setField(r, F.name);
  shift(r);
  if (is(r, T.lambda)) giveUp();
  readDisjunction(r);
  setField(r, F.value);
  close(r, K.namedExpression, mark);
  // The grammar reads `n := a if b else c` as `(n := a) if b else c`.
  readConditional(r, mark);
}

/** The rest of `a if b else c`, if there is one. */
function readConditional(r: Reader, mark: number): void {
  if (!is(r, T.if)) return;
  shift(r);
  readDisjunction(r);
  expect(r, T.else);
  enter(r);
  readExpression(r);
  leave(r);
  close(r, K.conditionalExpression, mark);
}

/** What may stand before `if` in a comprehension: everything that binds tighter than a conditional expression. */
function readDisjunction(r: Reader): void {
  const mark = begin(r);
  readNegation(r);
  if (GOES_ON[r.token] === 0) return;
  readAnds(r, mark);
  readOrs(r, mark);
}

function readOrs(r: Reader, mark: number): void {
  while (is(r, T.or)) {
    setField(r, F.left);
    shiftWithField(r, F.operator);
    readConjunction(r);
    setField(r, F.right);
    close(r, K.booleanOperator, mark);
  }
}

function readConjunction(r: Reader): void {
  const mark = begin(r);
  readNegation(r);
  readAnds(r, mark);
}

function readAnds(r: Reader, mark: number): void {
  while (is(r, T.and)) {
    setField(r, F.left);
    shiftWithField(r, F.operator);
    readNegation(r);
    setField(r, F.right);
    close(r, K.booleanOperator, mark);
  }
}

function readNegation(r: Reader): void {
  const mark = begin(r);
  if (is(r, T.not)) {
    enter(r);
    shift(r);
    readNegation(r);
    setField(r, F.argument);
    close(r, K.notOperator, mark);
    leave(r);
    return;
  }
  readOperand(r);
  if (GOES_ON[r.token] === 1) readOperations(r, mark);
}

/** What follows an operand and binds tighter than `not`. */
function readOperations(r: Reader, mark: number): void {
  readBinary(r, mark, 1);
  readComparison(r, mark);
}

/** A chain of comparisons is one node. */
function readComparison(r: Reader, mark: number): void {
  if (COMPARISONS[r.token] === 0) return;
  for (let kind = COMPARISONS[r.token]!; kind !== 0; kind = COMPARISONS[r.token]!) {
    const operator = begin(r);
    if (kind === 1) {
      shiftWithField(r, F.operators);
    } else {
      shift(r);
      if (kind === 2) {
        expect(r, T.in);
        close(r, T.notIn, operator);
      } else if (is(r, T.not)) {
        shift(r);
        close(r, T.isNot, operator);
      }
      setField(r, F.operators);
    }
    const operand = begin(r);
    readOperand(r);
    readBinary(r, operand, 1);
  }
  close(r, K.comparisonOperator, mark);
}

/** The rest of a binary operation whose first operand began at `mark`, as far as operators bind at least as tightly as `least`. */
function readBinary(r: Reader, mark: number, least: number): void {
  for (let precedence = PRECEDENCE[r.token]!; precedence >= least; precedence = PRECEDENCE[r.token]!) {
    setField(r, F.left);
    shiftWithField(r, F.operator);
    const operand = begin(r);
    readOperand(r);
    if (precedence === POWER) {
      enter(r);
      readBinary(r, operand, POWER);
      leave(r);
    } else if (PRECEDENCE[r.token]! > precedence) {
      readBinary(r, operand, precedence + 1);
    }
    setField(r, F.right);
    close(r, K.binaryOperator, mark);
  }
}

/** An atom with what follows it, or a sign or `await` before such. Powers bind tighter than signs. */
function readOperand(r: Reader): void {
  const { token } = r;
  if (SIGNS[token] === 0) return readPrimary(r);
  const mark = begin(r);
  enter(r);
  if (token === T.await) shift(r);
  else shiftWithField(r, F.operator);
  const operand = begin(r);
  readOperand(r);
  readBinary(r, operand, POWER);
  if (token !== T.await) setField(r, F.argument);
  close(r, token === T.await ? K.await : K.unaryOperator, mark);
  leave(r);
}

/** An atom with the calls, subscripts and attributes behind it. */
export function readPrimary(r: Reader): void {
  const mark = begin(r);
  readAtom(r);
  readTrailers(r, mark);
}

function readTrailers(r: Reader, mark: number): void {
  for (;;) {
    switch (r.token) {
      case T.dot:
        setField(r, F.object);
        shift(r);
        if (!is(r, K.identifier)) giveUp();
        shiftWithField(r, F.attribute);
        close(r, K.attribute, mark);
        break;
      case T.openParenthesis:
        setField(r, F.function);
        readArguments(r);
        setField(r, F.arguments);
        close(r, K.call, mark);
        break;
      case T.openBracket:
        setField(r, F.value);
        readSubscripts(r);
        close(r, K.subscript, mark);
        break;
      default:
        return;
    }
  }
}

function readAtom(r: Reader): void {
  switch (r.token) {
    case K.identifier:
    case K.integer:
    case K.float:
    case K.none:
    case K.true:
    case K.false:
    case K.ellipsis:
      return shift(r);
    case K.stringStart:
      return readStrings(r, readField);
    case T.openParenthesis:
      return readParenthesized(r);
    case T.openBracket:
      return readList(r);
    case T.openBrace:
      return readBraces(r);
    default:
      giveUp();
  }
}

/** What stands in a field of a format string. `*a` and `a := b` mean something else there. */
function readField(r: Reader): void {
  const mark = begin(r);
  if (is(r, T.yield)) return readYield(r);
  readExpression(r);
  if (!is(r, T.comma)) return;
  while (accept(r, T.comma)) {
    if (is(r, T.closeBrace)) giveUp();
    readExpression(r);
  }
  close(r, K.expressionList, mark);
}

function readLambda(r: Reader): void {
  const mark = begin(r);
  enter(r);
  shift(r);
  if (!is(r, T.colon)) {
    const parameters = begin(r);
    readParameters(r, T.colon, readExpression, undefined);
    close(r, K.lambdaParameters, parameters);
    setField(r, F.parameters);
  }
  expect(r, T.colon);
  readExpression(r);
  setField(r, F.body);
  close(r, K.lambda, mark);
  leave(r);
}

export function readYield(r: Reader): void {
  const mark = begin(r);
  shift(r);
  if (is(r, T.from)) {
    shift(r);
    readExpression(r);
  } else if (!endsExpressions(r.token)) {
    readExpressions(r);
  }
  close(r, K.yield, mark);
}

/** True for the tokens before which the list of expressions of a `yield` or `return` may be missing. */
export function endsExpressions(token: number): boolean {
  return token === T.newline || token === T.semicolon || token === T.closeParenthesis || token === T.closeBrace;
}

/** One expression or, with commas, an expression list. Stars are allowed only before names: the grammar reads `*a.b` here as `(*a).b`. */
export function readExpressions(r: Reader): void {
  const mark = begin(r);
  if (readListed(r)) close(r, K.expressionList, mark);
  else if (r.kinds[r.count - 1] === K.listSplat) giveUp();
}

/** The expressions themselves; true if there was a comma. */
export function readListed(r: Reader): boolean {
  readStarred(r);
  if (!is(r, T.comma)) return false;
  while (accept(r, T.comma)) {
    if (!beginsExpression(r.token)) break;
    readStarred(r);
  }
  return true;
}

export function readStarred(r: Reader): void {
  if (is(r, T.star)) readStarredPart(r);
  else readExpression(r);
}

/** After a comma: whether another expression follows. */
function beginsExpression(token: number): boolean {
  return !(
    token === T.newline ||
    token === T.equal ||
    token === T.colon ||
    token === T.semicolon ||
    token === T.closeParenthesis ||
    token === T.closeBracket ||
    token === T.closeBrace
  );
}

/** The way back from what stands in brackets to any expression. */
export const EXPRESSIONS: Expressions = { readExpression, readNamed, readDisjunction, readPrimary, readYield };
