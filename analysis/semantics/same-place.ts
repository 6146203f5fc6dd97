/** Whether two expressions read one place. */

import { asAttribute } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import type { Facts } from "./facts.js";

/** Both are the same name in the same scope, or the same attribute of one. What the place holds may have changed between them. */
export function isSamePlace(a: Node, b: Node, facts: Facts): boolean {
  if (a.kind === "identifier" && b.kind === "identifier")
    return a.text === b.text && facts.writesOf(a)[0]?.name === facts.writesOf(b)[0]?.name;
  const [one, other] = [asAttribute(a), asAttribute(b)];
  return (
    one !== undefined && other !== undefined && one.name === other.name && isSamePlace(one.object, other.object, facts)
  );
}
