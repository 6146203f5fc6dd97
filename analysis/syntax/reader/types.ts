/** Reads annotations and type parameters. A name with brackets is a generic type there, not a subscript. */

import { K, T } from "./ids.generated.js";
import { continueExpression, readExpression } from "./expressions.js";
import { begin, close, enter, giveUp, is, isHalfName, isWord, leave, type Reader } from "./reader.js";
import { accept, closeBracket, expect, open, shift } from "./tokens.js";

/** An annotation. */
export function readType(r: Reader): void {
  const mark = begin(r);
  readPlainType(r);
  // An expression has taken in every bar already: one that is left follows a generic type.
  while (accept(r, T.bar)) {
    readPlainType(r);
    close(r, K.unionType, mark);
    close(r, K.type, mark);
  }
}

function readPlainType(r: Reader): void {
  const mark = begin(r);
  if (is(r, T.star) || is(r, T.starStar)) {
    shift(r);
    if (isHalfName(r) || isWord(r, "type")) giveUp();
    expect(r, K.identifier);
    if (!is(r, T.comma) && !is(r, T.closeBracket) && !is(r, T.closeParenthesis)) giveUp();
    close(r, K.splatType, mark);
  } else if (is(r, K.identifier)) {
    const isHalf = isHalfName(r);
    shift(r);
    if (!is(r, T.openBracket)) {
      continueExpression(r, mark);
    } else {
      if (isHalf) giveUp();
      readTypeParameters(r);
      close(r, K.genericType, mark);
    }
  } else {
    readExpression(r);
  }
  close(r, K.type, mark);
}

/** `[T, *Ts, **P]` of a definition or the arguments of a generic type. */
export function readTypeParameters(r: Reader): void {
  const mark = begin(r);
  enter(r);
  open(r);
  do {
    const type = begin(r);
    readType(r);
    readConstraint(r, type);
  } while (accept(r, T.comma) && !is(r, T.closeBracket));
  closeBracket(r, T.closeBracket);
  close(r, K.typeParameter, mark);
  leave(r);
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
