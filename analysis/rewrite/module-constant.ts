/** A constant of the module: the one that has the value already, or a new one below the imports. */

import { definitionAbove, standsAbove } from "./placing.js";
import { constantBelowImports, isVisible } from "../rule/importing.js";
import type { Edit, File } from "../rule/rule.js";
import type { Site } from "../semantics/scopes.js";
import { asAssignment } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** How a constant is written where it is needed, with the edits that define it. */
export interface ModuleConstant {
  readonly name: string;
  /** Empty if the constant is there already. */
  readonly edits: readonly Edit[];
}

/**
 * A constant of the module that has a value: one that is there, or a new one below the imports.
 *
 * @param wanted the name of a new constant, in capitals; another one like it is taken where that name means something
 * @param value what it holds, on one line, made of literals and of what `needs` imports
 * @param needs the name that an import binds, which the value reads
 * @param near where the constant is read
 * @param top the statement of the module's top level around it
 */
export function moduleConstant(
  file: File,
  { wanted, value, needs, near, top }: { wanted: string; value: string; needs: string; near: Node; top: Node },
): ModuleConstant {
  const { facts } = file;
  const known = facts.keptForFixes("constants by value", () => constantsByValue(file)).get(value);
  if (known && standsAbove(known.owner, top, facts) && isVisible(file, known, near))
    return { name: known.name.text, edits: [] };
  const [imported] = facts.isNotebook ? [] : facts.view.sitesOf(needs);
  const name = facts.freshName(wanted, near, imported && value);
  const line = `${name} = ${value}`;
  const below = imported && constantBelowImports(file, imported.owner, line);
  return { name, edits: below ?? [definitionAbove(top, line, facts)] };
}

/** Names of the top level in capitals that are assigned once, by the text of what they hold; of several the first. */
function constantsByValue({ facts: { view } }: File): ReadonlyMap<string, Site> {
  const found = new Map<string, Site>();
  for (const { role, scopes, tree } of view.document.pieces) {
    if (role !== "statements") continue;
    for (const { name, sites } of scopes.top.bindings.values()) {
      const [site, more] = sites;
      if (!site?.value || more || !/^_?[A-Z][A-Z0-9_]*$/.test(name)) continue;
      const isAlways = site.owner.parent === tree.root || site.owner.parent?.parent === tree.root;
      if (isAlways && asAssignment(site.owner)?.targets.length === 1 && !found.has(site.value.text))
        found.set(site.value.text, site);
    }
  }
  return found;
}
