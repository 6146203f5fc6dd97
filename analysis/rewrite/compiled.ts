/** Whether code is compiled before it runs: there a loop over numbers costs little, and other advice holds. */

import type { Facts } from "../semantics/facts.js";
import { asCall } from "../syntax/expressions.js";
import { asFunction, functionAround } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** Decorators that compile, whatever module they were taken from: projects wrap them to make the compiler optional. */
const COMPILES =
  /(^|[._])(n?jit|jitclass|guvectorize|vectorize|stencil|cfunc|kernel|compile|compiled|pythran|transonic|boost|cython|ccall|cfunc|overload|intrinsic|generated_jit)\b|\b(numba|cuda|triton|taichi|ti|jax|cython)\.|\b(tensorflow|tf)\.function\b/;

/** Runs inside a function that Numba compiles: advice for interpreted Python does not hold there. */
export function isCompiled(node: Node, facts: Facts): boolean {
  const inner = functionAround(node);
  return inner !== undefined && facts.memo("is compiled", inner, () => isCompiledFunction(inner, facts));
}

function isCompiledFunction(innermost: Node, facts: Facts): boolean {
  for (let inner: Node | undefined = innermost; inner; inner = functionAround(inner)) {
    const def = asFunction(inner);
    if (!def) continue;
    const decorators = [...def.decorators, ...(facts.classOf(def.node)?.def.decorators ?? [])];
    if (
      decorators.some(
        (it) =>
          COMPILES.test(facts.nameOf(it.kind === "call" ? it.field("function")! : it) ?? "") || COMPILES.test(it.text),
      )
    )
      return true;
    if (
      facts.ofUses(def.nameNode, "some are compiled", (uses) =>
        uses.some((it) => it.kind === "argument" && COMPILES.test(asCall(it.call)?.callee.text ?? "")),
      )
    )
      return true;
  }
  return false;
}
