/** What several tables ask about the place of a name: what it decorates, and whether a main guard stands around it. */

import { callOf, dottedName, functionAround, type File, type Node } from "../../../analysis/authoring.js";

/** The definition that a name decorates, called or not. */
export function decorated(node: Node): Node | undefined {
  const decorator = (callOf(node)?.node ?? dottedName(node)).parent;
  return decorator?.kind === "decorator" ? decorator.parent : undefined;
}

/** Runs whenever the module is imported: in no function, and in no `if` that looks at `__name__`. Children do not run a notebook's cells. */
export function isUnguarded(node: Node, facts: File["facts"]): boolean {
  if (facts.isNotebook || functionAround(node)) return false;
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (outer.kind === "lambda") return false;
    if (
      outer.kind === "if_statement" &&
      outer
        .field("condition")
        ?.descendants("identifier")
        .some((it) => it.text === "__name__")
    )
      return false;
  }
  return true;
}
