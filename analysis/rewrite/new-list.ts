/** Expressions that make a list which nothing else holds yet. */

import { makesList } from "../knowledge/objects.js";
import type { Facts } from "../semantics/facts.js";
import { asCall, asMethodCall, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";

/** A literal, a comprehension, or a call that is known to make a list: `list(…)`, `os.listdir(…)`, `text.split()`. */
export function isNewList(value: Node, facts: Facts): boolean {
  const node = unwrap(value);
  if (node.kind === "list" || node.kind === "list_comprehension") return true;
  const call = asCall(node);
  if (!call) return false;
  const name = facts.nameOf(call.callee);
  if (name !== undefined) return makesList(name);
  const method = asMethodCall(node);
  const type = method && facts.typeOf(method.object)?.name;
  return type !== undefined && makesList(`${type}.${method!.method}`);
}
