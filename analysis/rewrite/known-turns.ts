/** How often a loop or comprehension turns where the source shows it, also through a name that stands for a literal. */

import type { Facts } from "../semantics/facts.js";
import { turnsOf } from "../semantics/loops.js";
import { unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { givenOnce } from "./given-once.js";

/** Undefined where it may be any number. */
export function knownTurns(loop: Node, facts: Facts): number | undefined {
  const clauses = loop.children.filter((it) => it.kind === "for_in_clause");
  const turns = (clauses.length === 0 ? [loop] : clauses).map((it) => clauseTurns(it, facts));
  return turns.every((it) => it !== undefined) ? turns.reduce((all, it) => all * it, 1) : undefined;
}

/** The same of one `for`, whatever stands around it. */
export function clauseTurns(clause: Node, facts: Facts): number | undefined {
  return turnsOf(clause) ?? literalLength(clause.field("right"), facts);
}

/** How many items a name stands for that is given one literal, and never more. */
export function literalLength(iterable: Node | undefined, facts: Facts): number | undefined {
  const name = iterable && unwrap(iterable);
  const value = name && givenOnce(name, facts);
  if (!value || !["list", "tuple", "set"].includes(value.kind)) return undefined;
  const isGrown = facts
    .usesOf(name)
    .some(
      (it) =>
        (it.kind === "method" && !facts.isHarmless(it)) || it.kind === "augmented" || it.kind === "subscript-store",
    );
  return isGrown || value.children.some((it) => it.kind === "list_splat") ? undefined : value.children.length;
}
