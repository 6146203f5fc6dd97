/** Functions of the file that look at an array around a place that they are given, and give back what they work out there. */

import type { Facts } from "../semantics/facts.js";
import { asCall, asMethodCall, asSubscript } from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { asAssignment, asAugmented, type FunctionDef } from "../syntax/statements.js";

/** Helpers of helpers that are looked into. */
const DEEPEST = 2;
/** Longer ones do more than one plain thing. */
const LONGEST = 3000;

/** Whether the function reads places of the parameter at that position, and neither changes anything nor goes on for as long as some test holds. */
export function looksAround(def: FunctionDef, position: number, facts: Facts): boolean {
  const parameter = def.parameters[position];
  if (!parameter || parameter.star !== "") return false;
  const isRead = facts
    .bodyOf(def)
    .descendants("subscript")
    .some((it) => asSubscript(it)?.value.text === parameter.name);
  return isRead && isQuiet(def, facts, 0);
}

/** It only sets its own names and calls what does the same: whole arrays can take its steps one after the other. */
function isQuiet(def: FunctionDef, facts: Facts, depth: number): boolean {
  if (depth > DEEPEST || def.isAsync || def.decorators.length > 0) return false;
  return facts.memo("quiet", def.node, () => {
    const body = facts.bodyOf(def);
    if (body.text.length > LONGEST || body.descendants(...LOUD).length > 0) return false;
    const sets = body.descendants("assignment", "augmented_assignment");
    const areOwn = sets.every((it) => {
      const targets = it.kind === "assignment" ? (asAssignment(it)?.targets ?? [it]) : [asAugmented(it)?.target ?? it];
      return targets.every((target) => target.kind === "identifier" || PATTERNS.has(target.kind));
    });
    return (
      areOwn &&
      body.descendants("call").every((it) => {
        const call = asCall(it);
        const name = call && facts.nameOf(call.callee);
        if (name !== undefined) return PLAIN.test(name);
        if (asMethodCall(it, "append", "astype", "sum", "mean", "min", "max")) return true;
        const called = call && facts.functionNamed(call.callee);
        return called !== undefined && called.node !== def.node && isQuiet(called, facts, depth + 1);
      })
    );
  });
}

const PLAIN =
  /^(?:builtins\.(?:abs|all|any|bool|enumerate|float|int|len|list|max|min|pow|range|round|sorted|sum|zip)|math\.\w+|numpy\.(?!random\.|load|save)\w+)$/;
const PATTERNS: ReadonlySet<Kind> = new Set<Kind>(["pattern_list", "tuple_pattern"]);
const LOUD: readonly Kind[] = [
  "while_statement",
  "break_statement",
  "global_statement",
  "nonlocal_statement",
  "with_statement",
  "delete_statement",
  "yield",
  "await",
  "named_expression",
];
