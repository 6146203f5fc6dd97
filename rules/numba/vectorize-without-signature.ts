/** `@vectorize(target="parallel")` without the types it is to be compiled for. */

import { declined, defineRule, fixOf, insertBefore, numbaDecorator, textValue } from "../../analysis/authoring.js";

export default defineRule({
  title: "Numba vectorize for several cores without types",
  why: "With target parallel or cuda Numba compiles when the function is defined, for the types it is given. Without any it has nothing to run, and the first call raises an error.",
  guide: "numba-parallel-gpu",
  level: "error",
  gain: "safety",
  imports: ["numba"],
  words: ["vectorize"],
  fixes: "review",

  examples: [
    {
      before: `
from numba import vectorize

@vectorize(target="parallel")
def damped(value, factor):
    return value * factor
`,
      after: `
from numba import vectorize

@vectorize(["float64(float64, float64)"], target="parallel")
def damped(value, factor):
    return value * factor
`,
    },
  ],

  on: ["function_definition"],

  find(_node, { facts }, def) {
    const decorator = def.decorators.length > 0 ? numbaDecorator(def, facts) : undefined;
    const call = decorator?.name === "vectorize" ? decorator.call : undefined;
    const target = textValue(call?.keywords.get("target"));
    if (!call || call.hasSplat || call.args.length > 0 || call.keywords.has("ftylist_or_function")) return undefined;
    if (target !== "parallel" && target !== "cuda") return undefined;
    return { at: decorator!.callee, call, def, target };
  },

  message: ({ def, target }) =>
    `\`${def.name}\` is compiled for target "${target}" without any types, so its first call raises an error; list them, as in \`["float64(float64)"]\`.`,

  fix({ call, def }) {
    const [first] = call.keywords.values();
    if (!first || def.parameters.some((it) => it.star !== "")) return declined("the types cannot be guessed");
    const types = `float64(${def.parameters.map(() => "float64").join(", ")})`;
    return fixOf(
      "Compile it for float64",
      ["the values must be float64"],
      [insertBefore(first.parent!, `["${types}"], `)],
    );
  },
});
