/** What a turn of a loop works with: something of its own, or what the turn before has left. */

import type { Facts } from "../semantics/facts.js";
import { useOf } from "../semantics/uses.js";
import { asAssignment, asFor } from "../syntax/statements.js";
import { asCall } from "../syntax/expressions.js";
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

/** Values that are looked at on the way back from one; code with more is left alone. */
const MOST_VALUES = 120;

/**
 * What goes into a value in a turn of a loop, also by `append` and by way of other names: something of the turn, and nothing of `result`, which the turn works out with it.
 * All such values could be made before `result` is asked for. Undefined where the value hangs on the results of the turns before.
 */
function madeInTurn(value: Node, result: Node, loop: Node, facts: Facts): { readonly isOfTurn: boolean } | undefined {
  const seen = new Set<string>();
  const open: Node[] = [value];
  let isOfTurn = false;
  for (let steps = 0; open.length > 0; steps++) {
    if (steps > MOST_VALUES) return undefined;
    const node = open.pop()!;
    if (result.isInside(node)) return undefined;
    for (const name of [...(node.kind === "identifier" ? [node] : []), ...node.descendants("identifier")]) {
      if (name.fieldName === "attribute" || name.fieldName === "name") continue;
      const path = name.parent?.kind === "attribute" ? name.parent.text : name.text;
      const isKnown = seen.has(name.text);
      if (isKnown && seen.has(path)) continue;
      seen.add(name.text).add(path);
      for (const site of isKnown ? [] : facts.writesOf(name, loop)) {
        if (site.owner === loop) isOfTurn = true;
        else if (site.value) open.push(site.value);
        else if (site.kind !== "for" && site.kind !== "parameter") return undefined;
      }
      for (const read of facts.readsOf(name, loop))
        open.push(...putInto(read, result), ...(read.parent?.text === path ? putInto(read.parent, result) : []));
    }
  }
  return { isOfTurn };
}

/** A name that each turn of a loop binds anew and fills with something of the turn, and with nothing of `result`, which it works out with it. */
export function isFilledInTurn(value: Node, result: Node, loop: Node, facts: Facts): boolean {
  if (value.kind !== "identifier" || !asFor(loop)) return false;
  const begun = facts.reachingSites(value);
  if (begun.length === 0 || !begun.every((it) => it.kind === "assign" && it.name.isInside(loop))) return false;
  return madeInTurn(value, result, loop, facts)?.isOfTurn === true;
}

/** What the turns before have worked out with `result` goes into the value. */
export function hangsOnResult(value: Node, result: Node, loop: Node, facts: Facts): boolean {
  return asFor(loop) !== undefined && madeInTurn(value, result, loop, facts) === undefined;
}

/** What becomes a part of the object that a name stands for: arguments of its methods, what is stored in it, what a statement hands to a function beside it. */
function putInto(read: Node, result: Node): readonly Node[] {
  const use = useOf(read);
  if (use.kind === "subscript-store" || use.kind === "attribute-store") {
    const value = asAssignment(use.in.parent)?.value ?? use.in.parent?.field("right");
    return value ? [value] : [];
  }
  const call = use.kind === "method" || use.kind === "argument" ? asCall(use.call) : undefined;
  if (!call || call.node === result) return [];
  if (use.kind === "argument" && call.node.parent?.kind !== "expression_statement") return [];
  return [...call.args, ...call.keywords.values()].filter((it) => it !== read);
}
