/** Which function of the file, or method of the own object, an expression names: what a call runs, as far as the file shows it. */

import { asAttribute } from "../syntax/expressions.js";
import type { FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import type { Method } from "./classes.js";
import type { Facts } from "./facts.js";
import { ownObjectOf } from "./own-object.js";

/** `load`, `self.load`, `cls.load`. */
export function functionCalled(callee: Node, facts: Pick<Facts, "functionNamed" | "view">): FunctionDef | undefined {
  return callee.kind === "identifier" ? facts.functionNamed(callee) : methodCalled(callee, facts)?.def;
}

/** The method that `self.load` names, in a method of the class and in the functions inside it; none where the class defines two of that name. */
export function methodCalled(callee: Node, { view }: Pick<Facts, "view">): Method | undefined {
  const attribute = asAttribute(callee);
  const method = attribute && ownObjectOf(attribute.object, view)?.owner.methodNamed(attribute.name);
  if (method) view.looksInto(method.def.node.tree);
  return method;
}

/** Also `Shop.customer` of a class of the file, and `shop.customer` of an object that is known to be of one. */
export function definitionCalled(callee: Node, facts: Facts): FunctionDef | undefined {
  const attribute = asAttribute(callee);
  const own = functionCalled(callee, facts);
  if (own || !attribute) return own;
  const typed = facts.typeOf(attribute.object)?.name ?? "";
  const owner = typed.startsWith("local.") ? typed.slice("local.".length) : attribute.object.text;
  const def = facts.classNamed(owner)?.methodNamed(attribute.name)?.def;
  if (def) facts.view.looksInto(def.node.tree);
  return def;
}
