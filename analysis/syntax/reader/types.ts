/** Reads annotations and type parameters. A name with brackets is a generic type there, not a subscript. */

import { K, T } from "./ids.generated.js";
import { continueExpression, readExpression } from "./expressions.js";
import { begin, close, enter, giveUp, is, isHalfName, isWord, leave, type Reader } from "./reader.js";
import { accept, closeBracket, expect, open, shift } from "./tokens.js";

/** An annotation; `isDefined` says that its brackets hold parameters, as those of `type X[T] = …` do. */
export function readType(r: Reader, isDefined = false): void {
  const mark = begin(r);
  readPlainType(r, isDefined);
  // An expression has taken in every bar already: one that is left follows a generic type.
  while (accept(r, T.bar)) {
    readPlainType(r);
    close(r, K.unionType, mark);
    close(r, K.type, mark);
  }
}

function readPlainType(r: Reader, isDefined = false): void {
  const mark = begin(r);
  if (is(r, T.star) || is(r, T.starStar)) {
    shift(r);
    if (isHalfName(r) || isWord(r, "type")) giveUp();
    expect(r, K.identifier);
    if (!endsSplat(r.token) && !(isDefined && is(r, T.equal))) giveUp();
    close(r, K.splatType, mark);
  } else if (is(r, K.identifier)) {
    const isHalf = isHalfName(r);
    shift(r);
    if (!is(r, T.openBracket)) {
      continueExpression(r, mark);
    } else {
      if (isHalf) giveUp();
      readTypeParameters(r, isDefined);
      close(r, K.genericType, mark);
    }
  } else {
    readExpression(r);
  }
  close(r, K.type, mark);
}

function endsSplat(token: number): boolean {
  return token === T.comma || token === T.closeBracket || token === T.closeParenthesis;
}

/** `[T, *Ts, **P]` of a definition or the arguments of a generic type. Only a parameter has a default. */
export function readTypeParameters(r: Reader, haveDefaults: boolean): void {
  const mark = begin(r);
  enter(r);
  open(r);
  do {
    const type = begin(r);
    readType(r, haveDefaults);
    readConstraint(r, type);
    if (haveDefaults && is(r, T.equal)) readDefault(r, type);
  } while (accept(r, T.comma) && !is(r, T.closeBracket));
  closeBracket(r, T.closeBracket);
  close(r, K.typeParameter, mark);
  leave(r);
}

/** `T = int` and `*Ts = *tuple[int]`, which the grammar does not know (Python 3.13). The nodes are those of a bound, with another sign. */
function readDefault(r: Reader, mark: number): void {
  shift(r);
  const value = begin(r);
  if (is(r, T.star)) {
    shift(r);
    readType(r);
    close(r, K.splatType, value);
    close(r, K.type, value);
  } else {
    readType(r);
  }
  close(r, K.constrainedType, mark);
  close(r, K.type, mark);
}

/** `T: bound`. */
function readConstraint(r: Reader, mark: number): void {
  if (!is(r, T.colon)) return;
  enter(r);
  shift(r);
  const bound = begin(r);
  readType(r);
  readConstraint(r, bound);
  close(r, K.constrainedType, mark);
  close(r, K.type, mark);
  leave(r);
}
