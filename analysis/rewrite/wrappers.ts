/** Decorators of the file: the wrapper that one returns, and the calls of what it wraps. */

import type { Facts } from "../semantics/facts.js";
import { asCall, type Call } from "../syntax/expressions.js";
import { asFunction, functionAround, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { useOf } from "../semantics/uses.js";

/** The function that a decorator puts in the place of another one. */
export interface Wrapper {
  /** The function that is given what is wrapped. */
  readonly outer: FunctionDef;
  readonly inner: FunctionDef;
  /** The calls of the wrapped function in the wrapper itself. */
  readonly calls: readonly Call[];
}

/** Undefined for functions that are no decorators, and for wrappers that do not call what they wrap. */
export function wrapperOf(outer: FunctionDef, facts: Facts): Wrapper | undefined {
  return facts.memo("wrapper", outer.node, () => wrapperIn(outer, facts, 0) ?? null) ?? undefined;
}

function wrapperIn(outer: FunctionDef, facts: Facts, depth: number): Wrapper | undefined {
  if (outer.isAsync) return undefined;
  for (const node of facts.bodyOf(outer).descendants("function_definition")) {
    const inner = functionAround(node) === outer.node ? asFunction(node) : undefined;
    if (!inner || !facts.usesOf(inner.nameNode).some((it) => it.kind === "returned" || isGivenBack(it.call))) continue;
    const calls = inner.body
      .descendants("call")
      .flatMap((it) => (functionAround(it) === node ? (asCall(it) ?? []) : []))
      .filter(
        (it) =>
          it.callee.kind === "identifier" &&
          outer.parameters.some((one) => one.name === it.callee.text && one.star === ""),
      );
    if (calls.length > 0) return { outer, inner, calls };
    const deeper = depth < 1 ? wrapperIn(inner, facts, depth + 1) : undefined;
    if (deeper) return deeper;
  }
  return undefined;
}

/** `return cast(F, wrapper)`, `return wraps(f)(wrapper)`. */
const isGivenBack = (call: Node | undefined): boolean => call !== undefined && useOf(call).kind === "returned";

/** The wrapper of a decorator as it stands above a function: `@timed`, `@timed("x")`, if the decorator is one of the file. */
export function wrapperBy(decorator: Node, facts: Facts): Wrapper | undefined {
  const call = asCall(decorator);
  const name = call?.callee ?? decorator;
  const def = name.kind === "identifier" ? facts.functionNamed(name) : undefined;
  const wrapper = def && wrapperOf(def, facts);
  // `@timed("x")` calls a function that gives the decorator, `@timed` the decorator itself.
  return wrapper && (call !== undefined) === (wrapper.outer.node !== def.node) ? wrapper : undefined;
}
