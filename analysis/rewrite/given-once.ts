/** What a name stands for, where the file gives it one value and never another. */

import type { Facts, Site } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";

/** The only place that binds the name, if it is an assignment of a whole value; undefined for anything else. It may be `isRemote`. */
export function soleAssignment(name: Node, facts: Facts): Site | undefined {
  const [site, more] = name.kind === "identifier" ? facts.writesOf(name) : [];
  return site?.kind === "assign" && !more && site.path.length === 0 ? site : undefined;
}

/** The value of the only assignment that binds the name; undefined for anything else. What the value holds may change. */
export function givenOnce(name: Node, facts: Facts): Node | undefined {
  return soleAssignment(name, facts)?.value;
}
