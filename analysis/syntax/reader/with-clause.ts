/** Reads what `with` opens. Parentheses may belong to the statement or to an expression. */

import { readExpression } from "./expressions.js";
import { F, K, T } from "./ids.generated.js";
import { attempt, begin, close, giveUp, is, type Reader, setField } from "./reader.js";
import { accept, closeBracket, open, shift } from "./tokens.js";

export function readWithClause(r: Reader): void {
  const mark = begin(r);
  // Two readings: what holds for statements that begin with half a word holds for stars here.
  r.beginsSoftly = is(r, T.openParenthesis);
  const isRead = r.beginsSoftly && (attempt(r, readParenthesizedItems) || attempt(r, readParenthesizedItem));
  if (!isRead) readItems(r, T.colon);
  r.beginsSoftly = false;
  close(r, K.withClause, mark);
}

/** `(a, b as c)`; true if there are several items and the statement's colon follows. */
function readParenthesizedItems(r: Reader): boolean {
  open(r);
  const count = readItems(r, T.closeParenthesis);
  closeBracket(r, T.closeParenthesis);
  return count > 1 && is(r, T.colon);
}

/** `(a as b)`: to the grammar, parentheses around a single item belong to its expression. */
function readParenthesizedItem(r: Reader): boolean {
  const mark = begin(r);
  open(r);
  const item = begin(r);
  readExpression(r);
  if (!is(r, T.as)) return false;
  readAlias(r, item);
  closeBracket(r, T.closeParenthesis);
  close(r, K.parenthesizedExpression, mark);
  setField(r, F.value);
  close(r, K.withItem, mark);
  return is(r, T.colon);
}

function readItems(r: Reader, closing: number): number {
  let count = 0;
  do {
    if (is(r, closing) && count > 0) return count;
    const mark = begin(r);
    readExpression(r);
    readAlias(r, mark);
    // Its elements could be items: that is settled above, if they are plain ones.
    if (r.kinds[r.count - 1] === K.tuple) giveUp();
    setField(r, F.value);
    close(r, K.withItem, mark);
    count++;
  } while (accept(r, T.comma));
  return count;
}

/** `as target` behind an expression that began at `mark`. */
export function readAlias(r: Reader, mark: number): void {
  if (!is(r, T.as)) return;
  const kind = r.kinds[r.count - 1];
  if (kind === K.lambda) giveUp();
  if (kind === K.conditionalExpression) {
    // To the grammar the name belongs to what follows `else`.
    r.count--;
    readAlias(r, r.count - r.sizes[r.count - 1]!);
    return close(r, kind, mark);
  }
  shift(r);
  const target = begin(r);
  r.expressions.readPrimary(r);
  close(r, K.asPatternTarget, target);
  setField(r, F.alias);
  close(r, K.asPattern, mark);
}
