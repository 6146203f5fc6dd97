/** Reads what stands in brackets: tuples, lists, dictionaries, sets, comprehensions, arguments and subscripts. */

import { Item, readItem, type Items } from "./damage.js";
import { F, K, T } from "./ids.generated.js";
import { begin, close, enter, giveUp, is, isName, leave, type Reader, setField } from "./reader.js";
import { noteList, resume } from "./resume.js";
import { becomePattern, becomePatternList } from "./targets.js";
import { accept, closeBracket, expect, open, shift, shiftWithField } from "./tokens.js";

const IN_PARENTHESES: Items = {
  kind: K.tuple,
  read: readElement,
  closing: T.closeParenthesis,
  before: "(",
  after: ")",
};
const IN_LIST: Items = { kind: K.list, read: readElement, closing: T.closeBracket, before: "[", after: "]" };
const IN_SET: Items = { kind: K.set, read: readElement, closing: T.closeBrace, before: "{", after: "}" };
const PAIRS: Items = { kind: K.dictionary, read: readPair, closing: T.closeBrace, before: "{0: 0, ", after: "}" };
const FIRST_IN_BRACES: Items = {
  kind: K.dictionary,
  read: readElementOrPair,
  closing: T.closeBrace,
  before: "{",
  after: "}",
};
const ARGUMENTS: Items = {
  kind: K.argumentList,
  read: readArgument,
  closing: T.closeParenthesis,
  before: "f(",
  after: ")",
};

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
    const item = readItem(r, IN_PARENTHESES);
    if (is(r, T.for) || is(r, T.async)) {
      if (item !== Item.plain) giveUp();
      readComprehension(r);
      kind = K.generatorExpression;
    } else if (is(r, T.comma) || item === Item.damaged) {
      readItems(r, IN_PARENTHESES, item, mark);
    } else if (item === Item.starred) {
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
    const item = readItem(r, IN_LIST);
    if (item === Item.plain && (is(r, T.for) || is(r, T.async))) {
      readComprehension(r);
      kind = K.listComprehension;
    } else {
      if (item === Item.starred && !is(r, T.comma)) rejectStarredPart(r);
      readItems(r, IN_LIST, item, mark);
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
    const item = readItem(r, PAIRS);
    if (item !== Item.damaged && (is(r, T.for) || is(r, T.async))) {
      // The grammar does not know `{**row for row in rows}` (Python 3.15).
      readComprehension(r);
      kind = K.dictionaryComprehension;
    } else {
      readItems(r, PAIRS, item, mark);
    }
  } else if (!is(r, T.closeBrace)) {
    let item: Item;
    do item = readItem(r, FIRST_IN_BRACES);
    while (item === Item.damaged && !endsItems(r, PAIRS));
    if (item === Item.pair) {
      if (is(r, T.for) || is(r, T.async)) {
        readComprehension(r);
        kind = K.dictionaryComprehension;
      } else {
        readItems(r, PAIRS, item, mark);
      }
    } else if (item === Item.plain && (is(r, T.for) || is(r, T.async))) {
      readComprehension(r);
      kind = K.setComprehension;
    } else {
      if (item === Item.starred && !is(r, T.comma)) rejectStarredPart(r);
      readItems(r, IN_SET, item, mark);
      kind = K.set;
    }
  }
  closeBracket(r, T.closeBrace);
  close(r, kind, mark);
  leave(r);
}

/** The items after the one that was read last, up to the closing bracket; the opening one is at `mark`. */
function readItems(r: Reader, items: Items, last: Item, mark: number): void {
  let count = 1;
  for (let item = last; item === Item.damaged || accept(r, T.comma); count++) {
    if (endsItems(r, items)) break;
    if (r.previous) count += resume(r, items.kind);
    item = readItem(r, items);
  }
  if (r.recovers) noteList(r, items.kind, r.starts[mark]!, count);
}

function endsItems(r: Reader, { closing }: Items): boolean {
  return is(r, closing) || is(r, T.end);
}

/** What stands first in braces, or after damage. */
function readElementOrPair(r: Reader): Item {
  if (is(r, T.starStar)) return readPair(r);
  const mark = begin(r);
  const item = readElement(r);
  if (item === Item.starred || !is(r, T.colon) || r.kinds[r.count - 1] === K.namedExpression) return item;
  finishPair(r, mark);
  return Item.pair;
}

function readPair(r: Reader): Item {
  const mark = begin(r);
  if (is(r, T.starStar)) {
    shift(r);
    r.expressions.readExpression(r);
    close(r, K.dictionarySplat, mark);
  } else {
    r.expressions.readExpression(r);
    finishPair(r, mark);
  }
  return Item.pair;
}

function finishPair(r: Reader, mark: number): void {
  setField(r, F.key);
  expect(r, T.colon);
  r.expressions.readExpression(r);
  setField(r, F.value);
  close(r, K.pair, mark);
}

/** An element of a tuple, list or set. */
function readElement(r: Reader): Item {
  if (!is(r, T.star)) {
    r.expressions.readNamed(r);
    return Item.plain;
  }
  const mark = begin(r);
  shift(r);
  r.expressions.readDisjunction(r);
  close(r, K.listSplat, mark);
  if (r.beginsSoftly) rejectStarredPart(r);
  return Item.starred;
}

/**
 * `*name`, `*[1, 2]`, `*-a` or `*await f()`, where no bracket stands around it or that of a subscript.
 * The grammar knows names alone there. What goes on behind a display it reads in its own way.
 */
export function readStarredPart(r: Reader): void {
  const mark = begin(r);
  shift(r);
  if (is(r, K.identifier)) shift(r);
  else if (is(r, T.openBracket)) readList(r);
  else if (is(r, T.openParenthesis)) readParenthesized(r);
  else if (is(r, T.openBrace)) readBraces(r);
  else if (is(r, K.stringStart)) readStarredString(r);
  else readStarredOperation(r);
  if (is(r, T.dot) || is(r, T.openBracket) || is(r, T.openParenthesis)) giveUp();
  close(r, K.listSplat, mark);
}

/** With nothing behind it, which the grammar would read as behind the star, too. */
function readStarredString(r: Reader): void {
  r.expressions.readPrimary(r);
  const kind = r.kinds[r.count - 1]!;
  if (kind !== K.string && kind !== K.concatenatedString) giveUp();
}

/** `-a` or `await f()`: an error to the grammar. Python takes no comparison and no `or` there. */
function readStarredOperation(r: Reader): void {
  if (!is(r, T.minus) && !is(r, T.plus) && !is(r, T.tilde) && !is(r, T.await)) giveUp();
  r.expressions.readDisjunction(r);
  switch (r.kinds[r.count - 1]!) {
    case K.booleanOperator:
    case K.comparisonOperator:
      giveUp();
  }
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
  if (!is(r, T.closeParenthesis)) {
    const item = readItem(r, ARGUMENTS);
    if (item === Item.plain && (is(r, T.for) || is(r, T.async))) {
      readComprehension(r);
      kind = K.generatorExpression;
    } else {
      readItems(r, ARGUMENTS, item, mark);
    }
  }
  closeBracket(r, T.closeParenthesis);
  close(r, kind, mark);
  leave(r);
}

function readArgument(r: Reader): Item {
  const mark = begin(r);
  if (is(r, T.star)) return readElement(r);
  if (is(r, T.starStar)) {
    shift(r);
    r.expressions.readExpression(r);
    close(r, K.dictionarySplat, mark);
    return Item.starred;
  }
  r.expressions.readNamed(r);
  if (!is(r, T.equal)) return Item.plain;
  if (!isName(r, mark)) giveUp();
  setField(r, F.name);
  shift(r);
  r.expressions.readExpression(r);
  setField(r, F.value);
  close(r, K.keywordArgument, mark);
  return Item.named;
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
    readStarredPart(r);
    if (!is(r, T.comma) && !is(r, T.closeBracket)) giveUp();
    return;
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
