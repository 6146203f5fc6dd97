/** Whether a function can run in a worker process as it does here. */

import { mutates } from "../knowledge/index.js";
import { asMethodCall } from "../syntax/expressions.js";
import { functionAround, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import type { Facts } from "./facts.js";

/** A function of the module, which workers find by its name, and which changes nothing that others see. */
export function mayRunInProcess(def: FunctionDef, facts: Facts): boolean {
  const body = facts.bodyOf(def);
  const isOwn = (root: Node | undefined) => root?.kind === "identifier" && facts.writesOf(root).every((it) => it.kind !== "parameter" && functionAround(it.name) === def.node);
  const rootOf = (it: Node): Node => (it.kind === "attribute" || it.kind === "subscript" ? rootOf((it.field("object") ?? it.field("value"))!) : it);
  if (def.outer.parent !== def.outer.tree.root || facts.classOf(def.node) || body.descendants("global_statement", "nonlocal_statement").length > 0) return false;
  return body.descendants("attribute", "subscript").every((it) => {
    const method = asMethodCall(it.parent);
    const isChanged = it.fieldName === "left" || (method?.callee === it && mutates(facts.typeOf(method.object)?.name ?? "", method.method) !== false);
    return !isChanged || isOwn(rootOf(it));
  });
}
