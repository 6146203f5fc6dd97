/** Types that nobody declared in code: what a docstring says, what a constant default lets one expect. */

import { unwrap } from "../syntax/expressions.js";
import type { FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { docstringOf, documentedIn, type Documented } from "./docstrings.js";
import { documentedType } from "./documented-types.js";
import type { ModuleView } from "./module.js";
import { jottings, makeScratch } from "./store.js";
import { BOOL, FLOAT, INT, join, STR, type, type Maybe } from "./types.js";

/** What is said in the function's own docstring; of a constructor also in that of its class. */
export function documentedParameter(def: FunctionDef, name: string, view: ModuleView): Maybe {
  const words =
    documented(def.body, view)?.parameters.get(name) ??
    (def.name === "__init__" ? documented(view.classOf(def.outer)?.def.body, view)?.parameters.get(name) : undefined);
  return words === undefined ? undefined : documentedType(words, view.imports);
}

export function documentedReturn(def: FunctionDef, view: ModuleView): Maybe {
  const words = documented(def.body, view)?.returns;
  const found = words === undefined ? undefined : documentedType(words, view.imports);
  return found && def.isAsync ? type("coroutine", found) : found;
}

/** Read once for each body. */
function documented(body: Node | undefined, view: ModuleView): Documented | undefined {
  if (!body) return undefined;
  const known = jottings(view.store.scratch ?? makeScratch(), "docstrings") as Map<Node, Documented | undefined>;
  if (known.has(body)) return known.get(body);
  const text = docstringOf(body);
  const found = text === undefined ? undefined : documentedIn(text);
  known.set(body, found);
  return found;
}

/** `x=""`, `x=0`: what is given instead is usually of the same type. `None` says nothing. */
export function defaultType(value: Node): Maybe {
  const node = unwrap(value);
  switch (node.kind) {
    case "string":
    case "concatenated_string":
      return /^[a-zA-Z]*[bB]/.test(node.text) ? type("bytes") : STR;
    case "integer":
      return INT;
    case "float":
      return FLOAT;
    case "true":
    case "false":
      return BOOL;
    case "unary_operator":
      return defaultType(node.field("argument")!);
    case "list":
      return type("list");
    default:
      return undefined;
  }
}

/** What several sources say of one thing: nothing where they contradict each other. None is no contradiction. */
export function agreed(said: readonly Maybe[]): Maybe {
  const known = said.filter((it) => it !== undefined);
  if (known.length === 0) return undefined;
  return known.reduce<Maybe>((a, b) => (a === undefined ? a : join(a, b)), known[0]);
}
