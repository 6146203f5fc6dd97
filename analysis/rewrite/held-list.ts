/** What a list holds beside what it was made from. */

import type { Weight } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import { turnsOf } from "../semantics/loops.js";
import { isStream } from "../semantics/streams.js";
import type { Comprehension } from "../syntax/expressions.js";

/** So many are worth it in any case. */
const MANY_TURNS = 10_000;

/** How much a list of all items matters: items that come one by one, or many thousands; else what the list is made from is in memory as well. */
export function heldWeight({ clauses }: Comprehension, facts: Facts): Weight {
  const isLarge = clauses.some((it) => isStream(it.iterable, facts) || (turnsOf(it.target.parent!) ?? 0) >= MANY_TURNS);
  if (isLarge) return "heavy";
  return clauses.every((it) => facts.sizeOf(it.iterable) === "light") ? "light" : "unknown";
}
