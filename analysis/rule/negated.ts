/** Conditions as the heads of comprehensions and loops say them, as they are or turned round. */

import { reindented } from "./edits.js";
import { asComparison, bindingStrength, isConstant, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";

const OPPOSITES: Readonly<Record<string, string>> = {
  in: "not in",
  "not in": "in",
  is: "is not",
  "is not": "is",
  "==": "!=",
  "!=": "==",
};
const TURNED: Readonly<Record<string, string>> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" };
/** What `not` takes without parentheses. */
const UNDER_NOT = 4;

/** What a loop's head may say bare and a comprehension's clause may not: `for x in a, b`, `if a if b else c`. */
export function inClause(node: Node, indent: string): string {
  const text = reindented(node, indent);
  return bindingStrength(node) < 3 ? `(${text})` : text;
}

/**
 * The text of the opposite condition: `not x` for `x`, `a != b` for `a == b`.
 * @param turnsOrder `n <= 1` becomes `n > 1`; only nan tells them apart
 */
export function negated(condition: Node, indent: string, turnsOrder = false): string {
  const node = unwrap(condition);
  const operand = node.kind === "not_operator" ? node.field("argument") : undefined;
  if (operand) return inClause(operand, indent);
  const comparison = asComparison(node);
  const isNumeric =
    comparison && [comparison.left, comparison.right].some((it) => isConstant(it) && /^-?[\d.]/.test(it.text));
  const opposite =
    comparison &&
    (OPPOSITES[comparison.operator] ?? (turnsOrder && isNumeric ? TURNED[comparison.operator] : undefined));
  if (opposite) return `${reindented(comparison.left, indent)} ${opposite} ${reindented(comparison.right, indent)}`;
  return bindingStrength(node) < UNDER_NOT ? `not (${reindented(node, indent)})` : `not ${reindented(node, indent)}`;
}
