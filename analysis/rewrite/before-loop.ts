/** Whether what is worked out in a loop may be worked out above it: not if it may fail, and the loop only comes to it where it does not. */

import { isPureCall } from "../knowledge/index.js";
import { isComputingFunction, isReadingMethod } from "../knowledge/costly-calls.js";
import { asCall, asComprehension, asMethodCall, isConstant } from "../syntax/expressions.js";
import type { Facts } from "../semantics/facts.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Node } from "../syntax/tree.js";
import { asFor } from "../syntax/statements.js";
import { operandsOf } from "./costly-call.js";

/** Why an expression may not stand above the loop: it may fail there, and in the loop it stands behind a test or in a `try`. */
export function failsAbove(expression: Node, loop: Node, facts: Facts): string | undefined {
  const isRisky = mayFail(expression, facts);
  const operands = operandsOf(expression, facts).map((it) => it.text);
  const names = new Set(operands);
  const isAbout = (it: Node) => operands.some((name) => it.identifiers(name).length > 0);
  for (const gate of gatesOf(expression, loop)) {
    if (gate.kind === "try_statement" || gate.kind === "with_statement") {
      if (isRisky && (gate.kind === "try_statement" || mayCatch(gate, facts)))
        return "it may fail, and the loop handles that";
    } else if (isRisky || isAbout(gate))
      return "the loop comes to it behind a test alone, and it may fail where that says no";
  }
  return isRisky && statementsBefore(expression, loop).some((it) => isCheck(it, names))
    ? "the loop looks at what it reads first, and it may fail where that finds something"
    : undefined;
}

/** What may fail above the loop fails before the turns have done anything; a doubt for those that do something before. */
export function failsEarlier(expression: Node, loop: Node, facts: Facts): string | undefined {
  if (!mayFail(expression, facts)) return undefined;
  const isActing = (it: Node) =>
    [it, ...it.descendants("call")].some((call) => call.kind === "call" && !isQuiet(call, facts));
  const iterable = (asFor(loop) ?? asComprehension(loop)?.clauses[0])?.iterable;
  return [...(iterable ? [iterable] : []), ...statementsBefore(expression, loop)].some(isActing)
    ? "where it fails, it does so before what the loop does ahead of it"
    : undefined;
}

/** Something in the statement runs ahead of the expression that may change what it reads, or be seen before it fails: it may not stand above the statement. */
export function isChangedAhead(expression: Node, statement: Node, facts: Facts, to = expression.id): boolean {
  const ahead = (it: Node) => it.id < to && !expression.isInside(it);
  return (
    statement.descendants("named_expression", "await", "yield").some(ahead) ||
    statement.descendants("call").some((it) => ahead(it) && !isQuiet(it, facts))
  );
}

/** A call that changes nothing, as far as its name tells. */
function isQuiet(node: Node, facts: Facts): boolean {
  const name = facts.nameOf(node.field("function")!);
  if (name !== undefined) return isComputingFunction(name) || isPureCall(name);
  return isReadingMethod(asMethodCall(node)?.method ?? "");
}

/** A name that is bound there is an attribute of the class, which the comprehensions of its body cannot see. */
export function isInClassBody(statement: Node): boolean {
  return statement.ancestor("function_definition", "lambda", "class_definition")?.kind === "class_definition";
}

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
      case "with_statement":
        if (at.kind === "block") found.push(parent);
        break;
      case "case_clause":
        found.push(parent.ancestor("match_statement")!.field("subject")!);
        break;
      case "else_clause":
        // A loop with an `else` comes to it where nothing breaks off.
        if (/^(?:for|while)_statement$/.test(parent.parent!.kind)) found.push(parent.parent!);
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

const JUMPS: readonly Kind[] = ["continue_statement", "break_statement", "return_statement", "raise_statement"];

/** What stands in front of a statement and may end the turn before it: a test, or a whole statement. */
function jumpsBefore(statement: Node, block: Node): readonly Node[] {
  return block.children
    .filter((it) => it.id < statement.id && it.kind !== "function_definition" && it.kind !== "class_definition")
    .filter((it) => it.kind === "assert_statement" || endsTurn(it))
    .map((it) => (it.kind === "if_statement" ? it.field("condition")! : (asserted(it) ?? it.field("body") ?? it)));
}

const asserted = (it: Node): Node | undefined => (it.kind === "assert_statement" ? it.children[0] : undefined);

/** A jump in it leads out of it: a `break` of a loop in it only ends that. */
function endsTurn(statement: Node): boolean {
  return statement.descendants(...JUMPS).some((it) => {
    if (it.kind === "return_statement" || it.kind === "raise_statement") return true;
    return it.ancestor("for_statement", "while_statement")?.isInside(statement) !== true;
  });
}

/** The statements of the turn that run before the one that the expression is in. */
function statementsBefore(expression: Node, loop: Node): readonly Node[] {
  const found: Node[] = [];
  for (let at = expression; at !== loop && at.parent; at = at.parent) {
    const { parent } = at;
    if (parent.kind === "block") found.push(...parent.children.filter((it) => it.id < at.id));
  }
  return found;
}

/** `check(rows)`, and `if not rows: fail()`: it may leave the loop where what is read is not as it should be. */
function isCheck(statement: Node, names: ReadonlySet<string>): boolean {
  const isAbout = (it: Node | undefined) =>
    it !== undefined && [...names].some((name) => it.identifiers(name).length > 0);
  if (statement.kind === "if_statement")
    return isAbout(statement.field("condition")) && statement.descendants("call").length > 0;
  const call = statement.kind === "expression_statement" ? asCall(statement.children[0]) : undefined;
  return call !== undefined && call.callee.text !== "print" && isAbout(call.argumentList);
}

/** A `with` may keep errors to itself, unless it is known of a file, a lock or a library that does not. */
function mayCatch(statement: Node, facts: Facts): boolean {
  return statement.descendants("with_item").some((it) => {
    const value = it.field("value");
    const made = value?.kind === "as_pattern" ? value.children[0] : value;
    const call = asCall(made);
    const name = call && facts.nameOf(call.callee);
    return name === undefined ? !/\block\b|\bopen$/i.test(call?.callee.text ?? made?.text ?? "") : CATCHES.test(name);
  });
}

const CATCHES = /(?:^|\.)(?:suppress|ExitStack|AsyncExitStack|\w*[rR]aises\w*|catch_\w+)$/;

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
