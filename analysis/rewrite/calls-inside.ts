/** What a call does by way of the function of the file that it names. */

import { askedOf } from "../knowledge/model-calls.js";
import { functionCalled } from "../semantics/called.js";
import type { Facts } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";

/** The calls in the body of the function or method of the file that a callee names; none of any other callee. */
export function callsInside(callee: Node, facts: Facts): readonly Node[] {
  const def = functionCalled(callee, facts);
  return def ? facts.bodyOf(def).descendants("call") : [];
}

/**
 * The name of a parameter that an expression is, or is made of, be it by way of other names; `self` is none.
 * @param steps how many names may stand between
 * @param isFollowed whether an expression on the way counts
 */
export function parameterBehind(
  part: Node,
  facts: Facts,
  steps: number,
  isFollowed: (part: Node) => boolean = () => true,
): string | undefined {
  if (!isFollowed(part)) return undefined;
  const names = [...(part.kind === "identifier" ? [part] : []), ...part.descendants("identifier")];
  for (const it of names.filter((name) => name.fieldName !== "attribute" && name.text !== "self"))
    for (const site of facts.reachingSites(it)) {
      if (site.kind === "parameter") return it.text;
      const value = site.kind === "assign" && steps > 0 ? site.value : undefined;
      const found = value && parameterBehind(value, facts, steps - 1, isFollowed);
      if (found !== undefined) return found;
    }
  return undefined;
}

/** The function of the file that a callee names asks a model for an answer. */
export function asksModelInside(callee: Node, facts: Facts): boolean {
  return callsInside(callee, facts).some((it) => askedOf(calleeText(it)) === "answer");
}

/** What is called, on one line: `client.chat.completions.create`. */
export function calleeText(call: Node): string {
  return (call.field("function")?.text ?? "").replace(/\s+/g, "");
}
