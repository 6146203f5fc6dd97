/** Pipelines of tf.data: the steps that a data set has gone through, as far as they are in sight. */

import type { Facts } from "../semantics/facts.js";
import { asCall, asLambda, asMethodCall, unwrap, type MethodCall } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";

const STEPS = 16;

/** The steps before a data set, the last one first, also those of other statements; it ends where the source, or a name with several meanings, is met. */
export function stepsBefore(dataset: Node, facts: Facts): readonly MethodCall[] {
  const steps: MethodCall[] = [];
  let at = resolved(dataset, facts);
  while (at && steps.length < STEPS) {
    const step = asMethodCall(at);
    if (!step || facts.nameOf(step.callee) !== undefined) break;
    steps.push(step);
    at = resolved(step.object, facts);
  }
  return steps;
}

/** What a name was given, if only one assignment can have given it; of a name from further out, if there is only one at all. */
function resolved(expression: Node, facts: Facts): Node | undefined {
  const node = unwrap(expression);
  if (node.kind !== "identifier") return node;
  const [site, more] = facts.reachingSites(node);
  const isPlain = site && !more && site.kind === "assign" && site.path.length === 0 && !site.isRemote;
  return isPlain && site.value ? unwrap(site.value) : undefined;
}

/** The steps after one in its own expression, the next one first. */
export function stepsAfter(step: Node): readonly MethodCall[] {
  const steps: MethodCall[] = [];
  for (let at: Node = step; ; ) {
    let outer = at.parent;
    while (outer?.kind === "parenthesized_expression") outer = outer.parent;
    const call = outer?.kind === "attribute" ? asMethodCall(outer.parent) : undefined;
    if (!call || unwrap(call.object) !== at) return steps;
    steps.push(call);
    at = call.node;
  }
}

/** The calls that a mapped function makes, those of a function of the file that it calls included; undefined where it is not in sight. */
export function callsOfMapped(mapped: Node, facts: Facts, depth = 0): readonly Node[] | undefined {
  const node = unwrap(mapped);
  const def = node.kind === "identifier" ? facts.functionNamed(node) : undefined;
  const body = def ? facts.bodyOf(def) : asLambda(node)?.body;
  if (!body) return undefined;
  const calls = body.kind === "call" ? [body, ...body.descendants("call")] : body.descendants("call");
  const inner = depth < 2 ? calls.flatMap((it) => callsOfMapped(asCall(it)?.callee ?? it, facts, depth + 1) ?? []) : [];
  return [...calls, ...inner];
}
