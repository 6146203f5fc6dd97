/** Whether a function can run in a worker process as it does here. */

import { mutates } from "../knowledge/index.js";
import { asMethodCall, isConstant, unwrap } from "../syntax/expressions.js";
import { functionAround, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import type { Facts } from "./facts.js";
import { useOf } from "./uses.js";

/** How deep functions of the file are followed. */
const DEPTH = 3;

/** A function of the module, which workers find by its name, and which changes nothing that others see. */
export function mayRunInProcess(def: FunctionDef, facts: Facts): boolean {
  const body = facts.bodyOf(def);
  const isOwn = (root: Node | undefined) =>
    root?.kind === "identifier" &&
    facts.writesOf(root).every((it) => it.kind !== "parameter" && functionAround(it.name) === def.node);
  const rootOf = (it: Node): Node =>
    it.kind === "attribute" || it.kind === "subscript" ? rootOf((it.field("object") ?? it.field("value"))!) : it;
  if (!readsFixedNames(def, facts)) return false;
  if (
    def.outer.parent !== def.outer.tree.root ||
    facts.classOf(def.node) ||
    body.descendants("global_statement", "nonlocal_statement").length > 0
  )
    return false;
  return body.descendants("attribute", "subscript").every((it) => {
    const method = asMethodCall(it.parent);
    const isChanged =
      it.fieldName === "left" ||
      (method?.callee === it && mutates(facts.typeOf(method.object)?.name ?? "", method.method) !== false);
    return !isChanged || isOwn(rootOf(it));
  });
}

/** A worker that is spawned imports the file anew: what the running program has put into names of the module is not there. */
function readsFixedNames(def: FunctionDef, facts: Facts, depth = DEPTH): boolean {
  const names = facts
    .bodyOf(def)
    .descendants("identifier")
    .filter((it) => facts.bindingOf(it)?.scope.kind === "module" && facts.readsOf(it).includes(it));
  return names.every((name) => {
    const [site, more] = facts.writesOf(name);
    if (
      !site ||
      more ||
      site.isRemote ||
      site.name.ancestor("if_statement", "for_statement", "while_statement", "with_statement")
    )
      return false;
    const own = site.kind === "function" ? facts.functionNamed(name) : undefined;
    if (own) return own.node === def.node || (depth > 0 && readsFixedNames(own, facts, depth - 1));
    if (site.imported || site.kind === "class") return true;
    const isFixed =
      site.kind === "assign" && site.path.length === 0 && site.value !== undefined && isConstant(unwrap(site.value));
    return isFixed || facts.readsOf(name).every((it) => facts.isHarmless(useOf(it)));
  });
}
