/** Whether what is worked out in a loop may be worked out above it: not if it may fail, and the loop only comes to it where it does not. */

import { asCall, asComprehension, asMethodCall, isConstant } from "../syntax/expressions.js";
import type { Facts } from "../semantics/facts.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Node } from "../syntax/tree.js";
import { operandsOf } from "./costly-call.js";

/** Why an expression may not stand above the loop: it may fail there, and in the loop it stands behind a test or in a `try`. */
export function failsAbove(expression: Node, loop: Node, facts: Facts): string | undefined {
  const isRisky = mayFail(expression, facts);
  const names = operandsOf(expression, facts).map((it) => it.text);
  for (const gate of gatesOf(expression, loop)) {
    if (gate.kind === "try_statement") {
      if (isRisky) return "it may fail, and the loop handles that";
    } else if (isRisky || names.some((it) => gate.identifiers(it).length > 0))
      return "the loop comes to it behind a test alone, and it may fail where that says no";
  }
  return undefined;
}

const JUMPS: readonly Kind[] = ["continue_statement", "break_statement", "return_statement", "raise_statement"];

/** What decides in a turn whether the node is evaluated, and the `try` statements around it. */
function gatesOf(node: Node, loop: Node): readonly Node[] {
  const found: Node[] = [];
  for (let at = node; at !== loop && at.parent; at = at.parent) {
    const { parent } = at;
    switch (parent.kind) {
      case "if_statement":
      case "elif_clause":
      case "while_statement":
        if (at.fieldName !== "condition") found.push(parent.field("condition")!);
        break;
      case "case_clause":
        found.push(parent.ancestor("match_statement")!.field("subject")!);
        break;
      case "else_clause":
        // The tests before it said no.
        for (const it of [parent.parent!, ...parent.parent!.children])
          found.push(...(it.field("condition") ? [it.field("condition")!] : []));
        break;
      case "boolean_operator":
        if (at.fieldName === "right") found.push(parent.field("left")!);
        break;
      case "conditional_expression":
        if (parent.children[1] !== at) found.push(parent.children[1]!);
        break;
      case "try_statement":
        if (at.kind === "block" || at.kind === "except_clause") found.push(parent);
        break;
      case "block":
        found.push(...jumpsBefore(at, parent));
        break;
      default:
        if (asComprehension(parent) && at.kind !== "for_in_clause" && at.kind !== "if_clause")
          found.push(...parent.children.filter((it) => it.kind === "if_clause"));
    }
  }
  return found.filter((it) => !isConstant(it));
}

/** Tests in front of a statement that may end the turn before it. */
function jumpsBefore(statement: Node, block: Node): readonly Node[] {
  return block.children
    .filter((it) => it.id < statement.id && it.kind === "if_statement")
    .filter((it) => it.descendants(...JUMPS).length > 0)
    .map((it) => it.field("condition")!);
}

/** It looks something up, reads something in, or asks what may be empty or of another kind. */
function mayFail(expression: Node, facts: Facts): boolean {
  const isLookedUp = (it: Node) => it.field("subscript")?.kind !== "slice";
  return (
    expression.descendants("subscript").some(isLookedUp) ||
    expression.descendants("call").some((it) => !isTotal(it, facts))
  );
}

const TOTAL =
  /^builtins\.(?:sum|len|sorted|list|tuple|set|dict|frozenset|enumerate|zip|range|str|repr|any|all|bool|reversed)$|^collections\.Counter$/;
const TOTAL_METHODS =
  /^(?:r?split|splitlines|[lr]?strip|lower|upper|casefold|title|replace|startswith|endswith|count|keys|values|items|get|copy|mean|sum|min|max|round|std|var|median|unique|nunique|value_counts|fillna|dropna|isna|notna|isin|abs|tolist|to_list|to_numpy|numpy|cpu|detach)$/;

/** A call that fails for values of the wrong type alone. */
function isTotal(node: Node, facts: Facts): boolean {
  const call = asCall(node);
  if (!call) return false;
  const name = facts.nameOf(call.callee);
  if (name !== undefined) return TOTAL.test(name);
  return TOTAL_METHODS.test(asMethodCall(node)?.method ?? "");
}
