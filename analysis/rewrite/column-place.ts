/** Where an expression over columns takes the place of a call: how it has to bind there, and whether its labels matter. */

import { asCall, asSubscript, unwrap, wrapped } from "../syntax/expressions.js";
import { asAssignment, statementOf } from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";

/** `df["c"] = call`, in parentheses or not, or a comprehension: an array without labels does there as well. */
export function becomesColumnOf(call: Node, frame: Node): boolean {
  const assignment = asAssignment(statementOf(call));
  const [target, more] = assignment?.targets ?? [];
  const subscript = asSubscript(target);
  return (
    assignment?.value !== undefined &&
    unwrap(assignment.value) === call &&
    !more &&
    subscript?.value.text === frame.text &&
    textValue(subscript.indices[0]) !== undefined &&
    (call.kind === "list_comprehension" || asCall(call) !== undefined)
  );
}

/** How tightly an expression has to bind where the call stands. */
export function leastAround(call: Node): number {
  const node = wrapped(call);
  if (node !== call) return 0;
  switch (node.parent?.kind) {
    case "assignment":
    case "augmented_assignment":
    case "return_statement":
    case "expression_statement":
    case "argument_list":
    case "keyword_argument":
    case "list":
    case "tuple":
    case "pair":
    case "interpolation":
      return 0;
    case "subscript":
      return node.fieldName === "subscript" ? 0 : 20;
    default:
      return 20;
  }
}

/** Somewhere in it something is divided: for one number by zero that fails, for a column it gives inf. */
export function divides(body: Node): boolean {
  return body.descendants("binary_operator").some((it) => /^(\/|\/\/|%)$/.test(it.field("operator")?.text ?? ""));
}
