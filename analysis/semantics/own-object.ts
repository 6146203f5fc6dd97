/** The object that a method belongs to: what `self` stands for, by whatever name, and in functions inside the method too. */

import { asFunction } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import type { ClassInfo, Method } from "./classes.js";
import type { ModuleView } from "./module.js";
import { pieceOf } from "./piece.js";

export interface OwnObject {
  readonly owner: ClassInfo;
  readonly method: Method;
}

/** The class and method whose own object an identifier certainly stands for; of a class method it is the class. */
export function ownObjectOf(identifier: Node, view: ModuleView): OwnObject | undefined {
  if (identifier.kind !== "identifier") return undefined;
  const [site, more] = pieceOf(identifier.tree).bindingOf(identifier)?.sites ?? [];
  if (site?.kind !== "parameter" || more) return undefined;
  const list = site.owner.parent;
  if (list?.kind !== "parameters" || list.children[0] !== site.owner) return undefined;
  const def = asFunction(list.parent);
  if (!def) return undefined;
  const owner = view.classOf(def.outer);
  const method = owner?.methodOf(def.node);
  return owner && method && method.kind !== "static" ? { owner, method } : undefined;
}
