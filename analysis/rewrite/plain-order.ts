/** Whether any two items of a collection can be compared and equal ones are interchangeable, and what an annotation says of None. */

import type { Facts } from "../semantics/facts.js";
import { elementOf } from "../semantics/types.js";
import type { Node } from "../syntax/tree.js";

const PLAIN = new Set(["int", "str", "bytes", "bool"]);
const NONE_INSIDE = /\[[^\]]*\b(None|Optional)\b/;
const NONE = /\b(None|Optional)\b/;

/** Numbers without NaN, or text: sorting them neither fails nor depends on the way it is done. */
export function hasPlainOrder(items: Node | undefined, facts: Facts): boolean {
  return (
    items !== undefined &&
    PLAIN.has(elementOf(facts.typeOf(items))?.name ?? "") &&
    !annotations(items, facts).some((it) => NONE_INSIDE.test(it))
  );
}

/** Declared as a value or None, and never asked which: code that takes it for a value fails in its own words. */
export function isUncheckedOptional(name: Node, facts: Facts): boolean {
  const isOptional = annotations(name, facts).some((it) => NONE.test(it.replace(/\[.*\]/s, "")));
  return isOptional && !facts.usesOf(name).some((it) => ["tested", "compared", "operand"].includes(it.kind));
}

function annotations(name: Node, facts: Facts): readonly string[] {
  return name.kind === "identifier" ? facts.writesOf(name).flatMap((it) => it.annotation?.text ?? []) : [];
}
