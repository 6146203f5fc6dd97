/** Finds `np.sqrt(x)` in a loop where `x` is a single number. */

import {
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importModule,
  isCompiled,
  isConstant,
  isNumber,
  knownTurns,
  lastIdentifier,
  replace,
  turnTakesLong,
  unwrap,
  weakest,
  asSubscript,
  type Call,
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
const FEW_TURNS = 8;
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
    const isFew = facts.loopsAround(node).every((it) => (knownTurns(it, facts) ?? Infinity) <= FEW_TURNS);
    const isLight = isFew || turnTakesLong(node, facts) || goesIntoSlice(node);
    const runs = facts.weightOf(node);
    const weight = isLight ? "light" : isBesideMore(node, facts) && runs === "heavy" ? "unknown" : runs;
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

/** The turn also works on whole arrays, or comes to the call only where another test holds. */
function isBesideMore(node: Node, facts: Facts): boolean {
  const loop = facts.loopAround(node)!;
  if (isBehindTest(node, loop)) return true;
  return facts.memo("works on arrays", loop, () =>
    (loop.field("body") ?? loop).descendants("call").some((it) => isArrayWork(it, facts)),
  );
}

/** `signal == 1 and not np.isnan(price)`. */
function isBehindTest(node: Node, loop: Node): boolean {
  for (let at = node; at !== loop && at.parent && at.kind !== "block"; at = at.parent)
    if (
      at.parent.kind === "boolean_operator" &&
      at.fieldName === "right" &&
      at.parent.field("operator")?.text === "and"
    )
      return true;
  return false;
}

/** A function of NumPy or SciPy that is not for single numbers, or a method of an array. */
function isArrayWork(node: Node, facts: Facts): boolean {
  const { callee } = asCall(node)!;
  const name = facts.nameOf(callee);
  if (name !== undefined) return ARRAY_LIBRARY.test(name) && !TWINS.has(name) && !OF_NUMBERS.test(name);
  return facts.isA(asMethodCall(node)?.object ?? callee, "numpy.ndarray");
}

const ARRAY_LIBRARY = /^(?:numpy|scipy)\./;
/** They make or draw one number, as `np.float64(x)` does. */
const OF_NUMBERS = /^numpy\.(?:random\..*|u?int\d*|float\d*|bool_?|isclose|sign|round|mod|square)$/;

const STEPS = 4;

/** A number of Python or NumPy, no array. */
function numberEvidence(expression: Node, facts: Facts, depth = 0): Evidence | undefined {
  const node = unwrap(expression);
  if (isConstant(node)) return node.kind === "string" || node.kind === "none" ? undefined : "proof";
  const known = facts.typed(node);
  if (!known) return depth < STEPS ? workedOut(node, facts, depth + 1) : undefined;
  if (!isNumber(known.type) || /complex/.test(known.type.name)) return undefined;
  // What a docstring says of a result is often said of each number in it.
  const sites = node.kind === "identifier" ? facts.reachingSites(node) : [];
  const isGiven = node.kind === "attribute" || (sites.length > 0 && sites.every((it) => it.kind === "parameter"));
  return known.evidence === "proof" || isGiven ? known.evidence : undefined;
}

/** `-x**2`, `1 - rng.random()`: made of numbers, or a name that holds nothing else. */
function workedOut(node: Node, facts: Facts, depth: number): Evidence | undefined {
  if (node.kind === "call") return isOneNumber(asCall(node)!, facts) ? "proof" : drawn(asCall(node)!, facts, depth);
  const parts =
    node.kind === "unary_operator"
      ? [node.field("argument")]
      : node.kind === "binary_operator" && node.field("operator")?.text !== "@"
        ? [node.field("left"), node.field("right")]
        : node.kind === "identifier"
          ? facts.reachingSites(node).map((it) => (it.kind === "assign" && it.path.length === 0 ? it.value : undefined))
          : [];
  return parts.length > 0
    ? weakest(...parts.map((it) => (it ? numberEvidence(it, facts, depth) : undefined)))
    : undefined;
}

/** How many numbers say what is drawn; the one behind them says how many are. */
const DRAWS: ReadonlyMap<string, number> = new Map([
  ...["random", "random_sample", "rand", "randn", "standard_normal"].map((it) => [it, 0] as const),
  ...["exponential", "poisson", "geometric", "rayleigh", "chisquare"].map((it) => [it, 1] as const),
  ...["uniform", "normal", "beta", "gamma", "lognormal", "laplace", "binomial", "randint", "integers"].map(
    (it) => [it, 2] as const,
  ),
]);

/** `np.linalg.norm(x)`: without an axis it is one number. */
const isOneNumber = ({ callee, args, keywords, hasSplat }: Call, facts: Facts): boolean =>
  facts.nameOf(callee) === "numpy.linalg.norm" && args.length === 1 && keywords.size === 0 && !hasSplat;

/** `np.random.uniform(0, 1)`, `rng.random()`: one number, as no size is said and no array is among the arguments. */
function drawn({ callee, args, keywords, hasSplat }: Call, facts: Facts, depth: number): Evidence | undefined {
  const name = facts.nameOf(callee);
  const most = DRAWS.get(lastIdentifier(callee.text));
  const isDrawing = name === undefined ? /(?:^|[._])rng$/.test(callee.field("object")?.text ?? "") : DRAWN.test(name);
  if (!isDrawing || most === undefined || hasSplat || args.length > most || keywords.has("size")) return undefined;
  const given = [...args, ...keywords.values()].map((it) => numberEvidence(it, facts, depth));
  return weakest("strong", ...given);
}

const DRAWN = /^(?:numpy\.random|random)\./;
