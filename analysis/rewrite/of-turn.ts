/** What a turn of a loop works with: something of its own, or what the turn before has left. */

import type { Facts } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";

const STEPS = 3;

/** A value in a loop hangs on the loop's own variable, not on what the turn before worked out: all such values could be made before the loop. */
export function comesFromTurn(value: Node, loop: Node, facts: Facts, depth = 0): boolean {
  if (depth > STEPS) return false;
  const names = [...(value.kind === "identifier" ? [value] : []), ...value.descendants("identifier")].filter(
    (it) => it.fieldName !== "attribute",
  );
  let isOfTurn = false;
  for (const it of names) {
    for (const site of facts.reachingSites(it)) {
      if (!site.name.isInside(loop) && !loop.isInside(site.owner)) continue;
      if (site.kind === "for") isOfTurn = true;
      else if (site.kind !== "assign" || !site.value || !comesFromTurn(site.value, loop, facts, depth + 1))
        return false;
      else isOfTurn = true;
    }
  }
  return isOfTurn;
}
