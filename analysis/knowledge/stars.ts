/** What `from module import *` binds, as far as it is known. */

import { HIDDEN_BY_STAR, STAR_NAMES } from "./generated/stars.generated.js";
import { words } from "./table.js";

/** `maybe`: in some versions of the module only. Undefined: nothing is known of what else than built-ins' names the module binds. */
export type Brought = "yes" | "no" | "maybe" | undefined;

const known = new Map<string, { readonly names: ReadonlySet<string>; readonly hidden: ReadonlySet<string> }>();

export function broughtByStar(module: string, name: string): Brought {
  let found = known.get(module);
  if (!found) {
    if (!Object.hasOwn(STAR_NAMES, module) && !Object.hasOwn(HIDDEN_BY_STAR, module)) return undefined;
    found = { names: setOf(STAR_NAMES[module]), hidden: setOf(HIDDEN_BY_STAR[module]) };
    known.set(module, found);
  }
  if (found.names.has(name)) return "yes";
  if (found.hidden.has(name)) return "maybe";
  return found.names.size > 0 ? "no" : undefined;
}

function setOf(names: string | undefined): ReadonlySet<string> {
  return new Set(words(names ?? ""));
}
