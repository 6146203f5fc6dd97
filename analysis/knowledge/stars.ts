/** What `from module import *` binds, as far as it is known. */

import { HIDDEN_BY_STAR, STAR_NAMES } from "./generated/stars.generated.js";
import { STDLIB_MODULES } from "./stdlib-modules.js";
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

/** Libraries whose modules the table was made from, beside those of Python: where one is not in it, it hides no built-in. */
const LOOKED_AT = new Set(
  "fastcore jax matplotlib mpmath numba numpy pandas polars pygame pylab pyspark requests scapy scipy sklearn sympy torch yaml z3".split(
    " ",
  ),
);

/** Which built-ins a star of the module hides is known. */
export function isLookedAt(module: string): boolean {
  const top = /^\w*/.exec(module)![0];
  return LOOKED_AT.has(top) || STDLIB_MODULES.has(top);
}

function setOf(names: string | undefined): ReadonlySet<string> {
  return new Set(words(names ?? ""));
}
