/** `nopython=True`, which `njit` says by its name. */

import { asNjit, declined, defineRule, fixOf, hasComments, remove, withoutArgument } from "../../analysis/authoring.js";

export default defineRule({
  title: "Numba told nopython=True where njit says so",
  why: "njit means jit(nopython=True), on every version of Numba. With njit the argument is ignored, with a warning.",
  guide: "jit-numba",
  level: "hint",
  gain: "clarity",
  imports: ["numba"],
  words: ["nopython"],
  fixes: "safe",

  examples: [
    {
      before: `
import numba

@numba.jit(nopython=True, cache=False)
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

  on: ["call"],
  calls: ["numba.jit", "numba.njit"],

  find(_node, _file, call) {
    const value = call.keywords.get("nopython");
    return value?.kind === "true" ? { at: value.parent!, call } : undefined;
  },

  message: ({ call }) =>
    /njit$/.test(call.callee.text)
      ? "njit compiles without Python objects anyway; the argument is ignored, with a warning."
      : "`njit` says the same as `jit(nopython=True)`.",

  fix({ at, call }, file) {
    const { argumentList, node } = call;
    if (hasComments(argumentList)) return declined("a comment would be lost");
    if (call.hasSplat || call.keywords.has("forceobj"))
      return declined("jit refuses `forceobj` beside it, which njit would pass over");
    const named = asNjit(call, file);
    if (!named) return declined("njit cannot be imported here");
    const isAlone = argumentList.children.length === 1;
    // `jit(nopython=True)(f)` needs the call less, too: `njit(f)`; but that is another statement to read.
    const isDecorator = node.parent?.kind === "decorator";
    const less = isAlone ? remove(isDecorator ? argumentList : at) : withoutArgument(at);
    return less ? fixOf("Use njit", [], [...named, less]) : declined("a comment would be lost");
  },
});
