/** Finds `np.sqrt(x)` in a loop where `x` is a single number. */

import {
  asCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importModule,
  isCompiled,
  isConstant,
  isNumber,
  replace,
  turnTakesLong,
  unwrap,
  weakest,
  asSubscript,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** NumPy's name, and how Python's `math` calls it; the number of arguments is 1 if not said. */
const TWINS: ReadonlyMap<string, { readonly name: string; readonly arity: number }> = new Map(
  (
    "sqrt exp log log2 log10 log1p expm1 sin cos tan sinh cosh tanh arcsin:asin arccos:acos arctan:atan arctan2:atan2/2 hypot/2 floor ceil " +
    "radians deg2rad:radians degrees rad2deg:degrees isnan isinf isfinite fabs abs:abs absolute:abs power:pow/2 maximum:max/2 minimum:min/2"
  )
    .split(" ")
    .map((entry) => {
      const [, own = "", other, arity] = /^(\w+)(?::(\w+))?(?:\/(\d))?$/.exec(entry) ?? [];
      return [`numpy.${own}`, { name: other ?? own, arity: Number(arity ?? 1) }];
    }),
);
const BUILTINS = new Set(["abs", "max", "min", "pow"]);

export default defineRule({
  title: "NumPy function called for a single number",
  why: "A function of NumPy is made for arrays: for one number it takes longer to look at its type and shape than to compute. The function of the same name in math has nothing to look at.",
  guide: "numpy",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def norms(count: int) -> list[float]:
    return [1 / np.sqrt(i + 1) for i in range(count)]
`,
      after: `
import math

import numpy as np

def norms(count: int) -> list[float]:
    return [1 / math.sqrt(i + 1) for i in range(count)]
`,
    },
  ],

  on: ["call"],
  calls: [...TWINS.keys()],
  within: "loop",

  find(node, { facts }) {
    const call = asCall(node);
    const twin = call && TWINS.get(facts.nameOf(call.callee) ?? "");
    if (!call || !twin || call.hasSplat || call.keywords.size > 0 || call.args.length !== twin.arity || facts.isTest)
      return undefined;
    // Numbers of the complex plane have functions of their own.
    if (!facts.loopAround(node) || facts.fileMatches(/\bcomplex|\d[jJ]\b/)) return undefined;
    const evidence = weakest(...call.args.map((it) => numberEvidence(it, facts)));
    if (!evidence || isCompiled(node, facts)) return undefined;
    const weight = turnTakesLong(node, facts) || goesIntoSlice(node) ? "light" : facts.weightOf(node);
    return { at: call.callee, construct: node, evidence, weight, call, twin };
  },

  message({ call: { callee, args }, twin: { name } }) {
    const shown = BUILTINS.has(name) ? name : `math.${name}`;
    const given = args.map((it) => excerpt(it.text.replace(/\s+/g, " "), 30)).join(", ");
    return `\`${excerpt(callee.text, 30)}\` prepares for an array to work out one number, \`${given}\`, in each turn; \`${shown}\` does no more than that.`;
  },

  fix({ call, twin }, file) {
    const { facts } = file;
    if (hasComments(call.callee)) return declined("a comment would be lost");
    const doubts = [
      "the result is a number of Python, not of NumPy",
      /^(floor|ceil)$/.test(twin.name) && "the result is a whole number",
      /^(sqrt|log|asin|acos|exp|pow|sinh|cosh|log1p|log2|log10|expm1)$/.test(twin.name) &&
        "what NumPy gives NaN or infinity for raises an error",
      /^(max|min)$/.test(twin.name) && "NaN is treated in another way",
    ];
    const isOwn = BUILTINS.has(twin.name);
    if (isOwn && !facts.isBuiltin(twin.name, call.node)) return declined(`\`${twin.name}\` means something else here`);
    if (isOwn) return fixOf(`Use ${twin.name}`, doubts, [replace(call.callee, twin.name)]);
    const math = importModule(file, "math", call.node);
    if (!math) return declined("`math` cannot be imported here");
    return fixOf(`Use math.${twin.name}`, doubts, [...math.edits, replace(call.callee, `${math.name}.${twin.name}`)]);
  },
});

/** `table[:, i] *= np.exp(x)`: the work on the array takes longer. */
function goesIntoSlice(node: Node): boolean {
  const target = node.ancestor("assignment", "augmented_assignment")?.field("left");
  return asSubscript(target)?.indices.some((it) => it.kind === "slice") === true;
}

/** A number of Python or NumPy, no array. */
function numberEvidence(expression: Node, facts: Facts): Evidence | undefined {
  const node = unwrap(expression);
  if (isConstant(node)) return node.kind === "string" || node.kind === "none" ? undefined : "proof";
  const known = facts.typed(node);
  if (!known || !isNumber(known.type) || /complex/.test(known.type.name)) return undefined;
  // What a docstring says of a result is often said of each number in it.
  const sites = node.kind === "identifier" ? facts.reachingSites(node) : [];
  const isGiven = node.kind === "attribute" || (sites.length > 0 && sites.every((it) => it.kind === "parameter"));
  return known.evidence === "proof" || isGiven ? known.evidence : undefined;
}
