/** Reads what stands in brackets: tuples, lists, dictionaries, sets, comprehensions, arguments and subscripts. */

import { F, K, T } from "./ids.generated.js";
import { begin, close, enter, giveUp, is, isName, leave, type Reader, setField } from "./reader.js";
import { becomePattern, becomePatternList } from "./targets.js";
import { accept, closeBracket, expect, open, shift, shiftWithField } from "./tokens.js";

/** `(`: a tuple, a generator or an expression in parentheses. */
export function readParenthesized(r: Reader): void {
  const mark = begin(r);
  enter(r);
  open(r);
  let kind: number = K.tuple;
  if (is(r, T.yield)) {
    r.expressions.readYield(r);
    kind = K.parenthesizedExpression;
  } else if (!is(r, T.closeParenthesis)) {
    const isStarred = readElement(r);
    if (is(r, T.for) || is(r, T.async)) {
      if (isStarred) giveUp();
      readComprehension(r);
      kind = K.generatorExpression;
    } else if (is(r, T.comma)) {
      readElements(r, T.closeParenthesis);
    } else if (isStarred) {
      giveUp();
    } else {
      kind = K.parenthesizedExpression;
    }
  }
  closeBracket(r, T.closeParenthesis);
  close(r, kind, mark);
  leave(r);
}

export function readList(r: Reader): void {
  const mark = begin(r);
  enter(r);
  open(r);
  let kind: number = K.list;
  if (!is(r, T.closeBracket)) {
    const isStarred = readElement(r);
    if (!isStarred && (is(r, T.for) || is(r, T.async))) {
      readComprehension(r);
      kind = K.listComprehension;
    } else {
      if (isStarred && !is(r, T.comma)) rejectStarredPart(r);
      readElements(r, T.closeBracket);
    }
  }
  closeBracket(r, T.closeBracket);
  close(r, kind, mark);
  leave(r);
}

/** `{`: a dictionary, a set or a comprehension of either. */
export function readBraces(r: Reader): void {
  const mark = begin(r);
  enter(r);
  open(r);
  let kind: number = K.dictionary;
  if (is(r, T.starStar)) {
    readPairs(r);
  } else if (!is(r, T.closeBrace)) {
    const first = begin(r);
    const isStarred = readElement(r);
    if (is(r, T.colon) && !isStarred && r.kinds[r.count - 1] !== K.namedExpression) {
      finishPair(r, first);
      if (is(r, T.for) || is(r, T.async)) {
        readComprehension(r);
        kind = K.dictionaryComprehension;
      } else if (accept(r, T.comma)) {
        readPairs(r);
      }
    } else if (!isStarred && (is(r, T.for) || is(r, T.async))) {
      readComprehension(r);
      kind = K.setComprehension;
    } else {
      if (isStarred && !is(r, T.comma)) rejectStarredPart(r);
      readElements(r, T.closeBrace);
      kind = K.set;
    }
  }
  closeBracket(r, T.closeBrace);
  close(r, kind, mark);
  leave(r);
}

function readPairs(r: Reader): void {
  while (!is(r, T.closeBrace)) {
    const mark = begin(r);
    if (is(r, T.starStar)) {
      shift(r);
      r.expressions.readExpression(r);
      close(r, K.dictionarySplat, mark);
    } else {
      r.expressions.readExpression(r);
      finishPair(r, mark);
    }
    if (!accept(r, T.comma)) return;
  }
}

function finishPair(r: Reader, mark: number): void {
  setField(r, F.key);
  expect(r, T.colon);
  r.expressions.readExpression(r);
  setField(r, F.value);
  close(r, K.pair, mark);
}

/** An element of a tuple, list or set; true if it is starred. */
function readElement(r: Reader): boolean {
  if (!is(r, T.star)) {
    r.expressions.readNamed(r);
    return false;
  }
  const mark = begin(r);
  shift(r);
  r.expressions.readDisjunction(r);
  close(r, K.listSplat, mark);
  if (r.beginsSoftly) rejectStarredPart(r);
  return true;
}

/** In some places the grammar reads `*a.b` as if it were `(*a).b`; a lone element is one of them. */
function rejectStarredPart(r: Reader): void {
  switch (r.kinds[r.count - 2]!) {
    case K.identifier:
    case K.tuple:
    case K.parenthesizedExpression:
    case K.list:
    case K.set:
    case K.dictionary:
    case K.listComprehension:
    case K.setComprehension:
    case K.generatorExpression:
      return;
    default:
      giveUp();
  }
}

/** The elements after the first one, up to the closing bracket. */
function readElements(r: Reader, closing: number): void {
  while (accept(r, T.comma)) {
    if (is(r, closing)) return;
    readElement(r);
  }
}

/** The `for` and `if` clauses of a comprehension, whose body was written last. */
function readComprehension(r: Reader): void {
  setField(r, F.body);
  while (is(r, T.for) || is(r, T.async)) {
    readForClause(r);
    while (is(r, T.if)) {
      const mark = begin(r);
      shift(r);
      r.expressions.readDisjunction(r);
      close(r, K.ifClause, mark);
    }
  }
}

function readForClause(r: Reader): void {
  const mark = begin(r);
  accept(r, T.async);
  expect(r, T.for);
  readTargets(r);
  setField(r, F.left);
  expect(r, T.in);
  r.expressions.readDisjunction(r);
  setField(r, F.right);
  while (is(r, T.comma)) {
    shiftWithField(r, F.right);
    r.expressions.readDisjunction(r);
    setField(r, F.right);
  }
  close(r, K.forInClause, mark);
}

/** What a loop assigns to, up to its `in`. */
export function readTargets(r: Reader): void {
  const mark = begin(r);
  readTarget(r);
  if (!is(r, T.comma)) return becomePattern(r, r.count - 1);
  while (accept(r, T.comma)) {
    if (is(r, T.in)) break;
    readTarget(r);
  }
  becomePatternList(r, mark);
}

function readTarget(r: Reader): void {
  if (!is(r, T.star)) return r.expressions.readPrimary(r);
  const mark = begin(r);
  shift(r);
  r.expressions.readPrimary(r);
  close(r, K.listSplat, mark);
}

/** The arguments of a call or the bases of a class. */
export function readArguments(r: Reader): void {
  const mark = begin(r);
  enter(r);
  open(r);
  let kind: number = K.argumentList;
  for (let isFirst = true; !is(r, T.closeParenthesis); isFirst = false) {
    const isPlain = readArgument(r);
    if (isFirst && isPlain && (is(r, T.for) || is(r, T.async))) {
      readComprehension(r);
      kind = K.generatorExpression;
      break;
    }
    if (!accept(r, T.comma)) break;
  }
  closeBracket(r, T.closeParenthesis);
  close(r, kind, mark);
  leave(r);
}

/** True if it is an expression without name or star. */
function readArgument(r: Reader): boolean {
  const mark = begin(r);
  if (is(r, T.star)) {
    readElement(r);
    return false;
  }
  if (is(r, T.starStar)) {
    shift(r);
    r.expressions.readExpression(r);
    close(r, K.dictionarySplat, mark);
    return false;
  }
  r.expressions.readNamed(r);
  if (!is(r, T.equal)) return true;
  if (!isName(r, mark)) giveUp();
  setField(r, F.name);
  shift(r);
  r.expressions.readExpression(r);
  setField(r, F.value);
  close(r, K.keywordArgument, mark);
  return false;
}

export function readSubscripts(r: Reader): void {
  enter(r);
  open(r);
  do {
    readSubscript(r);
    setField(r, F.subscript);
  } while (accept(r, T.comma) && !is(r, T.closeBracket));
  closeBracket(r, T.closeBracket);
  leave(r);
}

/** An index, a slice or a starred name. */
function readSubscript(r: Reader): void {
  const mark = begin(r);
  if (is(r, T.star)) {
    shift(r);
    expect(r, K.identifier);
    if (!is(r, T.comma) && !is(r, T.closeBracket)) giveUp();
    return close(r, K.listSplat, mark);
  }
  if (!is(r, T.colon)) {
    r.expressions.readNamed(r);
    if (!is(r, T.colon)) return;
  }
  shift(r);
  if (!endsSlicePart(r.token)) r.expressions.readExpression(r);
  if (is(r, T.colon)) {
    shift(r);
    if (!endsSlicePart(r.token)) r.expressions.readExpression(r);
  }
  close(r, K.slice, mark);
}

function endsSlicePart(token: number): boolean {
  return token === T.colon || token === T.comma || token === T.closeBracket;
}
