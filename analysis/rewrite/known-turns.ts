/** How often a loop or comprehension turns where the source shows it, also through a name that stands for a literal. */

import type { Facts } from "../semantics/facts.js";
import { turnsOf, turnsThrough } from "../semantics/loops.js";
import { asCall, unwrap, type Call } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { givenOnce } from "./given-once.js";

/** Undefined where it may be any number. */
export function knownTurns(loop: Node, facts: Facts): number | undefined {
  const clauses = loop.children.filter((it) => it.kind === "for_in_clause");
  const turns = (clauses.length === 0 ? [loop] : clauses).map((it) => clauseTurns(it, facts));
  return turns.every((it) => it !== undefined) ? turns.reduce((all, it) => all * it, 1) : undefined;
}

/** The call of `range` in `range(n)` and `list(range(n))`. */
export function rangeIn(items: Node | undefined, facts: Facts): Call | undefined {
  const call = asCall(items && unwrap(items));
  const [first, more] = call?.args ?? [];
  if (!call || !first || call.hasSplat || call.keywords.size > 0) return undefined;
  const name = facts.nameOf(call.callee);
  if (name === "builtins.range") return call;
  return name === "builtins.list" && !more ? rangeIn(first, facts) : undefined;
}

/** The same of one `for`, whatever stands around it. */
export function clauseTurns(clause: Node, facts: Facts): number | undefined {
  return turnsOf(clause) ?? literalLength(clause.field("right"), facts);
}

/** How many items a name stands for that is given one literal or `range`, and never more. */
export function literalLength(iterable: Node | undefined, facts: Facts): number | undefined {
  const name = iterable && unwrap(iterable);
  const value = name && givenOnce(name, facts);
  if (value?.kind === "call") return turnsThrough(value);
  if (!value || !["list", "tuple", "set"].includes(value.kind)) return undefined;
  const isGrown = facts
    .usesOf(name)
    .some(
      (it) =>
        (it.kind === "method" && !facts.isHarmless(it)) || it.kind === "augmented" || it.kind === "subscript-store",
    );
  return isGrown || value.children.some((it) => it.kind === "list_splat") ? undefined : value.children.length;
}
