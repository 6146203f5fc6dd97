/** What a name stands for, where the file gives it one value and never another. */

import type { Facts } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";

/** The right side of the only place that binds the name, whole; undefined for anything else. What the value holds may change. */
export function givenOnce(name: Node, facts: Facts): Node | undefined {
  const [site, more] = name.kind === "identifier" ? facts.writesOf(name) : [];
  return site?.kind === "assign" && !more && site.path.length === 0 ? site.value : undefined;
}
