/** The context managers that are entered while a node runs. */

import { asFunction, asWith } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** Expressions of the `with` statements around a node, innermost first, then the decorators of its function: many managers serve as both. */
export function contextsAround(node: Node): readonly Node[] {
  const contexts: Node[] = [];
  for (let inner = node, outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (outer.kind === "with_statement" && inner.fieldName === "body")
      contexts.push(...(asWith(outer)?.items.map((it) => it.value) ?? []));
    if (inner.fieldName !== "body" || (outer.kind !== "function_definition" && outer.kind !== "lambda")) continue;
    return [...contexts, ...(asFunction(outer)?.decorators ?? [])];
  }
  return contexts;
}
