/** A function that Numba is told to run with Python objects, or allowed to. */

import {
  asCall,
  asFunction,
  asNjit,
  declined,
  defineRule,
  fixOf,
  hasComments,
  numbaDecorator,
  remove,
  withoutArgument,
  type Edit,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Numba allowed to run Python objects",
  why: "With forceobj=True, and before Numba 0.59 wherever nopython=True is missing, Numba runs what it cannot compile with Python objects, about as slowly as Python itself. njit raises an error instead, which names the line.",
  guide: "jit-numba",
  level: "warning",
  gain: "safety",
  imports: ["numba"],
  words: ["jit"],
  fixes: "safe",

  examples: [
    {
      before: `
import numba

@numba.jit(forceobj=True, cache=False)
def total(values):
    result = 0.0
    for value in values:
        result += value
    return result
`,
      after: `
import numba

@numba.njit(cache=False)
def total(values):
    result = 0.0
    for value in values:
        result += value
    return result
`,
    },
  ],

  on: ["call", "function_definition"],
  calls: ["numba.jit"],

  find(node, { facts }) {
    const isOld = facts.hasLibrary("numba", "0.59");
    const def = asFunction(node);
    if (def) {
      const decorator = def.decorators.length > 0 && isOld === "no" ? numbaDecorator(def, facts) : undefined;
      if (!decorator || decorator.name !== "jit" || decorator.call) return undefined;
      return { at: decorator.callee, form: "bare" as const, callee: decorator.callee, isVain: false };
    }
    const call = asCall(node)!;
    const { callee, keywords } = call;
    const forced = keywords.get("forceobj");
    if (forced?.kind === "true")
      return { at: forced.parent!, form: "forced" as const, callee, call, argument: forced.parent!, isVain: false };
    const nopython = keywords.get("nopython");
    if (nopython?.kind === "false") {
      const isVain = isOld === "yes";
      const argument = nopython.parent!;
      return {
        at: argument,
        form: "allowed" as const,
        callee,
        call,
        argument,
        isVain,
        weight: isVain ? "light" : "heavy",
      };
    }
    const isAllowed = isOld === "no" && !nopython && !forced && !call.hasSplat;
    return isAllowed ? { at: callee, form: "bare" as const, callee, call, isVain: false } : undefined;
  },

  message({ form, isVain }) {
    if (isVain) return "`nopython=False` has no effect since Numba 0.59, apart from a warning.";
    switch (form) {
      case "forced":
        return "`forceobj=True` runs Python objects: only loops that Numba can take out of the function are compiled.";
      case "allowed":
        return "Before Numba 0.59 `nopython=False` lets what cannot be compiled run as slowly as Python; `njit` raises an error instead.";
      case "bare":
        return "Before Numba 0.59 a plain `jit` runs what it cannot compile as slowly as Python; `njit` raises an error instead.";
    }
  },

  fix({ callee, call, argument, isVain }, file) {
    if (call && hasComments(call.argumentList)) return declined("a comment would be lost");
    const named = asNjit(call ?? { callee, node: callee }, file);
    if (!named) return declined("njit cannot be imported here");
    const forced = call?.keywords.get("forceobj");
    const mayForce = call?.hasSplat === true || (forced !== undefined && forced.kind !== "false");
    const less = call && argument ? without(argument, call.argumentList, call.node) : undefined;
    if (argument && !less) return declined("a comment would be lost");
    return fixOf(
      "Use njit",
      [
        !isVain && "what Numba cannot compile raises an error at the first call",
        isVain && mayForce && "`forceobj` may be set, which njit ignores",
      ],
      less ? [...named, less] : named,
    );
  },
});

/** `@jit(forceobj=True)` becomes `@njit`, without parentheses. */
function without(argument: Node, list: Node, call: Node): Edit | undefined {
  const isAlone = list.children.length === 1;
  if (isAlone) return remove(call.parent?.kind === "decorator" ? list : argument);
  return withoutArgument(argument);
}
