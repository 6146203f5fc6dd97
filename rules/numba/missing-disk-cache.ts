/** A function of a program that Numba compiles anew each time the program starts. */

import {
  asCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  isCompiled,
  isJit,
  mayRunObjects,
  numbaDecorator,
  replace,
  unwrap,
  withArgument,
  type Call,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

/** Started by itself, and not only imported by what runs for long. */
const IS_PROGRAM = /^if __name__ == ["']__main__["']|^(?:import|from) (?:argparse|click|typer|fire)\b/m;
/** A measurement of what Numba compiles is started once in a while. */
const MEASURES = /\b(?:timeit|pyperf)\b/;

export default defineRule({
  title: "Function that Numba compiles at every start",
  why: "Numba compiles a function in each process that calls it, for a second or more; one whose types are stated is compiled as soon as its module is imported. With cache=True the result is kept on disk, so that the next start of a script, a command or a worker only reads it.",
  guide: "jit-numba",
  level: "info",
  gain: "time",
  imports: ["numba"],
  words: ["jit"],
  fixes: "review",

  examples: [
    {
      before: `
from numba import njit

@njit
def total(values):
    result = 0.0
    for value in values:
        result += value * value
    return result

if __name__ == "__main__":
    print(total((1.0, 2.0)))
`,
      after: `
from numba import njit

@njit(cache=True)
def total(values):
    result = 0.0
    for value in values:
        result += value * value
    return result

if __name__ == "__main__":
    print(total((1.0, 2.0)))
`,
    },
  ],

  on: ["function_definition"],

  find(_node, { facts }, def) {
    // In a notebook there is no file that the compiled code could belong to.
    if (def.decorators.length === 0 || facts.isNotebook || facts.isTest || !isJit(def, facts)) return undefined;
    if (functionAround(def.node) || facts.classOf(def.outer) || mayRunObjects(def, facts)) return undefined;
    const { callee, call } = numbaDecorator(def, facts)!;
    const isEager = hasSignature(call, facts);
    if (!(isEager || facts.fileMatches(IS_PROGRAM)) || facts.fileMatches(MEASURES)) return undefined;
    // Where it is switched off somewhere, or by a variable, somebody has thought of it.
    if (call?.hasSplat || call?.keywords.has("cache") || facts.fileMatches(/\bcache ?= ?(?!True)/)) return undefined;
    // What a compiled function calls is compiled into it, and kept with it; but one with stated types is compiled by itself too.
    if (!isEager && compiledReads(def, facts).some((it) => !it.isInside(def.node))) return undefined;
    return { at: callee, weight: isEager ? ("heavy" as const) : ("unknown" as const), call, def, isEager };
  },

  message: ({ def, isEager }) =>
    isEager
      ? `The types that are stated for \`${excerpt(def.name, 50)}\` have it compiled at every import; \`cache=True\` keeps the compiled code on disk.`
      : `\`${excerpt(def.name, 60)}\` is compiled anew whenever the program starts; \`cache=True\` keeps the compiled code on disk.`,

  fix({ at, call }) {
    if (call && hasComments(call.argumentList)) return declined("a comment would be lost");
    const edit = call ? withArgument(call, "cache=True") : replace(at, `${at.text}(cache=True)`);
    if (!edit) return declined("the arguments cannot be added to");
    return fixOf(
      "Keep the compiled code on disk",
      [
        "a change in another module that it calls does not compile it anew",
        "the folder of the file, or a cache folder, must be writable",
      ],
      [edit],
    );
  },
});

/** `@njit("float64(float64)")`, `@njit([float64(float64)])`: with the types stated it is compiled where it is defined. */
function hasSignature(call: Call | undefined, facts: Facts): boolean {
  const given = call?.args[0] ?? call?.keywords.get("signature_or_function");
  const stated = given && unwrap(given);
  if (!stated) return false;
  const [first] = /^(?:list|tuple)$/.test(stated.kind) ? stated.children : [stated];
  if (!first) return false;
  if (first.kind === "string") return first.text.includes("(");
  const made = asCall(first);
  if (!made) return stated.kind === "tuple" && isNumbaType(first, facts);
  return isNumbaType(made.callee, facts);
}

/** `float64`, `nb.uint8[:, :]`, `types.void`. */
const isNumbaType = (type: Node, facts: Facts): boolean =>
  facts.nameOf(asSubscript(type)?.value ?? type)?.startsWith("numba.") === true;

/** One read of its name in each function that Numba compiles; worked out once for all functions of the name. */
function compiledReads(def: FunctionDef, facts: Facts): readonly Node[] {
  const reads = facts.ofUses(def.nameNode, "one in each function", (uses) => [
    ...new Map(uses.map(({ node }) => [functionAround(node), node])).values(),
  ]);
  return reads ? facts.memo("compiled reads", reads, () => reads.filter((it) => isCompiled(it, facts))) : [];
}
