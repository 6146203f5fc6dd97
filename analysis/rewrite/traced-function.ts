/** Functions that TensorFlow traces: `@tf.function`, `tf.function(f)`, and which of them a call runs. */

import { methodCalled } from "../semantics/called.js";
import type { Facts } from "../semantics/facts.js";
import { asCall, unwrap, type Call } from "../syntax/expressions.js";
import { asFunction, functionAround, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** `tf.function`, or a call of it with settings. */
export function isTracer(node: Node, facts: Facts): boolean {
  return facts.nameOf(asCall(node)?.callee ?? node) === "tensorflow.function";
}

/** Decorated with tf.function, or handed to it by name and to nothing else; not a function that runs in Python, by way of py_function. */
export function isTraced(def: FunctionDef, facts: Facts): boolean {
  if (def.decorators.length > 0) return def.decorators.some((it) => isTracer(it, facts));
  const uses = facts.usesOf(def.nameNode).filter((it) => it.kind === "argument" && it.call !== undefined);
  return uses.length > 0 && uses.every((it) => isTracer(it.call!, facts));
}

/** The innermost function around a node that TensorFlow traces: what stands in it runs while tracing. */
export function tracedAround(node: Node, facts: Facts): FunctionDef | undefined {
  for (let at = functionAround(node); at; at = functionAround(at)) {
    const def = asFunction(at);
    if (def && isTraced(def, facts)) return def;
  }
  return undefined;
}

/** A traced function as it is called, with what makes it traced: the decorator, or the call of tf.function. */
export interface Traced {
  readonly def: FunctionDef;
  readonly tracer: Node;
  /** `self` has no argument of its own. */
  readonly isMethod: boolean;
}

/** The traced function that a call runs, if it is one of this file. */
export function tracedCallee({ callee }: Call, facts: Facts): Traced | undefined {
  const name = unwrap(callee);
  const method = methodCalled(name, facts)?.def;
  const def = method ?? (name.kind === "identifier" ? facts.functionNamed(name) : undefined);
  if (def) {
    const tracer = def.decorators.find((it) => isTracer(it, facts));
    return tracer && { def, tracer, isMethod: method !== undefined };
  }
  const made = asCall(facts.valueOf(name));
  const given = made && isTracer(made.node, facts) ? made.args[0] : undefined;
  if (!made || !given) return undefined;
  const bound = methodCalled(given, facts)?.def;
  const wrapped = bound ?? (given.kind === "identifier" ? functionHandedOn(given, facts) : undefined);
  return wrapped && { def: wrapped, tracer: made.node, isMethod: bound !== undefined };
}

/** `step = tf.function(step)`: the name means the function until there. */
function functionHandedOn(name: Node, facts: Facts): FunctionDef | undefined {
  const [site, more] = facts.reachingSites(name);
  return facts.functionNamed(name) ?? (site?.kind === "function" && !more ? asFunction(site.value) : undefined);
}
