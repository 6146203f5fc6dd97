/** What can be named at the top level of the module, above a statement, and mean there what it means further down. */

import type { Facts } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";
import { standsAbove } from "./placing.js";

/** The name is bound at the top level, at one place alone, which comes before the statement; or it is a built-in. */
export function isBoundOnceAbove(identifier: Node, statement: Node, facts: Facts): boolean {
  const name = identifier.text;
  for (
    let scope: ReturnType<Facts["scopeOf"]> | undefined = facts.scopeOf(identifier);
    scope && scope.kind !== "module";
    scope = scope.parent
  ) {
    if (scope.kind !== "class" && scope.bindings.has(name)) return false;
  }
  if (facts.isBuiltin(name, identifier)) return true;
  const [site, more] = facts.view.sitesOf(name);
  return (
    site !== undefined &&
    !more &&
    !site.isRemote &&
    site.kind !== "delete" &&
    site.owner.parent === site.owner.tree.root &&
    standsAbove(site.owner, statement, facts)
  );
}
