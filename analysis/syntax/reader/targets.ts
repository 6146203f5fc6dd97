/** Turns what was read as an expression into what is assigned to: the grammar has kinds of its own for that. */

import { K, T } from "./ids.generated.js";
import { close, giveUp, type Reader } from "./reader.js";
import { mustBeRead } from "./resume.js";

/** The node at `at` becomes a pattern, with its elements. What cannot be assigned to is not understood. */
export function becomePattern(r: Reader, at: number): void {
  switch (r.kinds[at]!) {
    case K.identifier:
    case K.subscript:
    case K.attribute:
      return;
    case K.tuple:
    case K.parenthesizedExpression:
      r.kinds[at] = K.tuplePattern;
      return elementsBecomePatterns(r, at, at - r.sizes[at]! + 1);
    case K.list:
      r.kinds[at] = K.listPattern;
      return elementsBecomePatterns(r, at, at - r.sizes[at]! + 1);
    case K.listSplat:
      if (isBracketed(r.kinds[at - 1]!)) becomePattern(r, at - 1);
      else if (!isStarredTarget(r, at)) giveUp();
      r.kinds[at] = K.listSplatPattern;
      return;
    default:
      giveUp();
  }
}

/** `*(a, b), c = d`, which the grammar does not know. */
function isBracketed(kind: number): boolean {
  return kind === K.tuple || kind === K.parenthesizedExpression || kind === K.list;
}

/** `*a`, or `*a.b` behind a comma. Elsewhere the grammar reads the latter as `(*a).b`. */
function isStarredTarget(r: Reader, at: number): boolean {
  const size = r.sizes[at]!;
  const kind = r.kinds[at - 1]!;
  if (kind === K.identifier) return size === 3;
  return (kind === K.attribute || kind === K.subscript) && r.kinds[at - size] === T.comma;
}

/** All that was written since `mark`, with commas between, becomes a pattern list. */
export function becomePatternList(r: Reader, mark: number): void {
  elementsBecomePatterns(r, r.count, mark);
  close(r, K.patternList, mark);
}

/** The nodes from `begin` up to, not including, `end`: of each subtree the last node is its root. */
function elementsBecomePatterns(r: Reader, end: number, begin: number): void {
  mustBeRead(r, begin);
  for (let at = end - 1; at >= begin; at -= r.sizes[at]!) {
    switch (r.kinds[at]!) {
      case T.openParenthesis:
      case T.closeParenthesis:
      case T.openBracket:
      case T.closeBracket:
      case T.comma:
      case K.comment:
      case K.lineContinuation:
        break;
      default:
        becomePattern(r, at);
    }
  }
}

/** True if one of the nodes from `begin` up to, not including, `end` is a list or tuple with a starred element, at whatever depth of lists and tuples. */
export function holdsStarredDisplay(r: Reader, end: number, begin: number): boolean {
  mustBeRead(r, begin);
  for (let at = end - 1; at >= begin; at -= r.sizes[at]!) {
    const kind = r.kinds[at]!;
    if (kind !== K.list && kind !== K.tuple && kind !== K.parenthesizedExpression) continue;
    const first = at - r.sizes[at]! + 1;
    if (holdsStar(r, at, first) || holdsStarredDisplay(r, at, first)) return true;
  }
  return false;
}

function holdsStar(r: Reader, end: number, begin: number): boolean {
  for (let at = end - 1; at >= begin; at -= r.sizes[at]!) if (r.kinds[at] === K.listSplat) return true;
  return false;
}

/** True for the kinds that can become patterns. */
export function isPattern(kind: number): boolean {
  switch (kind) {
    case K.identifier:
    case K.subscript:
    case K.attribute:
    case K.tuple:
    case K.parenthesizedExpression:
    case K.list:
    case K.listSplat:
      return true;
    default:
      return false;
  }
}
