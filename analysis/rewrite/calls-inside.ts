/** What a call does by way of the function of the file that it names. */

import { askedOf } from "../knowledge/model-calls.js";
import type { Facts } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";

/** The calls in the body of the function of the file that a callee names; none of any other callee. */
export function callsInside(callee: Node, facts: Facts): readonly Node[] {
  const def = callee.kind === "identifier" ? facts.functionNamed(callee) : undefined;
  return def ? facts.bodyOf(def).descendants("call") : [];
}

/** The function of the file that a callee names asks a model for an answer. */
export function asksModelInside(callee: Node, facts: Facts): boolean {
  return callsInside(callee, facts).some((it) => askedOf(calleeText(it)) === "answer");
}

/** What is called, on one line: `client.chat.completions.create`. */
export function calleeText(call: Node): string {
  return (call.field("function")?.text ?? "").replace(/\s+/g, "");
}
