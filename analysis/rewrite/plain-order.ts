/** Whether any two items of a collection can be compared and equal ones are interchangeable, and what an annotation says of None. */

import type { Facts } from "../semantics/facts.js";
import { elementOf } from "../semantics/types.js";
import type { Node } from "../syntax/tree.js";

const PLAIN = new Set(["int", "str", "bytes", "bool"]);
const NONE = /\b(None|Optional)\b/;

/** Numbers without NaN, or text: sorting them neither fails nor depends on the way it is done. */
export function hasPlainOrder(items: Node | undefined, facts: Facts): boolean {
  return (
    items !== undefined &&
    PLAIN.has(elementOf(facts.typeOf(items))?.name ?? "") &&
    !annotations(items, facts).some(hasNoneInside)
  );
}

/** Declared as a value or None, and never asked which: code that takes it for a value fails in its own words. */
export function isUncheckedOptional(name: Node, facts: Facts): boolean {
  const isOptional = annotations(name, facts).some((it) => NONE.test(withoutBrackets(it)));
  return isOptional && !facts.usesOf(name).some((it) => ["tested", "compared", "operand"].includes(it.kind));
}

/** Behind a bracket, before one closes. */
function hasNoneInside(annotation: string): boolean {
  return annotation.split("]").some((it) => it.includes("[") && NONE.test(it.slice(it.indexOf("["))));
}

function withoutBrackets(annotation: string): string {
  const [open, close] = [annotation.indexOf("["), annotation.lastIndexOf("]")];
  return open >= 0 && open < close ? annotation.slice(0, open) + annotation.slice(close + 1) : annotation;
}

function annotations(name: Node, facts: Facts): readonly string[] {
  return name.kind === "identifier" ? facts.writesOf(name).flatMap((it) => it.annotation?.text ?? []) : [];
}
