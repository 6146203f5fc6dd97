/** Finds `np.percentile(x, 0.95)`, where percentiles are counted from 0 to 100, and `np.quantile(x, 95)`. */

import {
  argumentOf,
  asBinary,
  asCall,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  hasComments,
  itemsOf,
  qualifiedName,
  replace,
  textIn,
  unwrap,
  type Edit,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const MODULES = ["numpy", "jax.numpy", "cupy", "dask.array"];
const PERCENTILES = new Set([
  ...MODULES.flatMap((it) => [`${it}.percentile`, `${it}.nanpercentile`]),
  "scipy.stats.scoreatpercentile",
]);
const QUANTILES = new Set([
  ...[...MODULES, "torch"].flatMap((it) => [`${it}.quantile`, `${it}.nanquantile`]),
  "torch.Tensor.quantile",
  "torch.Tensor.nanquantile",
  "pandas.Series.quantile",
  "pandas.DataFrame.quantile",
]);

export default defineRule({
  title: "Percentile given as a fraction",
  why: "percentile counts from 0 to 100 and quantile from 0 to 1. A fraction given to percentile is a silent bug: the result is about the smallest value. quantile raises an error for anything above 1.",
  guide: "numpy",
  level: "warning",
  gain: "safety",
  imports: ["numpy", "jax", "cupy", "dask", "scipy", "torch", "pandas"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def slowest(seconds: np.ndarray) -> float:
    return np.percentile(seconds, 0.99)
`,
      after: `
import numpy as np

def slowest(seconds: np.ndarray) -> float:
    return np.percentile(seconds, 99)
`,
    },
  ],

  on: ["call"],
  calls: [
    ...PERCENTILES,
    ...[...QUANTILES].filter((it) => /^(numpy|torch|jax|cupy|dask)\.(numpy\.|array\.)?\w+$/.test(it)),
  ],
  methods: ["quantile", "nanquantile"],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat) return undefined;
    const name = qualifiedName(call, facts) ?? "";
    const isPercentile = PERCENTILES.has(name);
    if (!isPercentile && !QUANTILES.has(name)) return undefined;
    const isMethod = asMethodCall(node) !== undefined && facts.nameOf(call.callee) === undefined;
    const rank = argumentOf(call, name.endsWith("scoreatpercentile") ? "per" : "q", isMethod ? 0 : 1);
    const ranks = rank && ranksOf(rank, facts);
    if (!rank || !ranks) return undefined;
    const evidence = isPercentile
      ? fractionEvidence(ranks, facts)
      : ranks.values.some((it) => it > 1) && ranks.evidence;
    // Tests compare by any rank, and look whether an error is raised.
    if (!evidence || facts.isTest) return undefined;
    const word = name.slice(name.lastIndexOf(".") + 1);
    const isSmall = ranks.values.every((it) => it <= SMALL || it === 1);
    return {
      at: rank,
      construct: node,
      evidence,
      call,
      rank,
      isPercentile,
      isSmall,
      isDefault: ranks.evidence === "fair",
      name: word,
    };
  },

  message: ({ rank, isPercentile, name, isSmall, isDefault }) => {
    const given = excerpt(rank.text, 30);
    if (!isPercentile)
      return `\`${name}\` counts from 0 to 1, so \`${given}\`${isDefault ? ", above it by its default," : ""} raises an error.`;
    const shown = `\`${given}\`${isDefault ? ", a fraction by its default," : ""}`;
    return `\`${name}\` counts from 0 to 100: ${shown} asks for about the smallest value${isSmall ? ", unless less than one percent is meant" : ""}.`;
  },

  fix({ call, rank, isPercentile, name }) {
    if (hasComments(rank)) return declined("a comment would be lost");
    const doubts = [
      isPercentile ? "the result changes, as it asks for another value" : "the call no longer raises an error",
    ];
    const scaled = scaledBy(unwrap(rank), isPercentile ? 2 : -2);
    if (scaled) return fixOf(isPercentile ? "Count from 0 to 100" : "Count from 0 to 1", doubts, scaled);
    if (!isPercentile) return fixOf("Divide by 100", doubts, [replace(rank, `${textIn(rank, DIVISION)} / 100`)]);
    const word = call.callee.field("attribute");
    if (!word || name === "scoreatpercentile") return declined("the rank is worked out elsewhere");
    return fixOf("Use quantile", doubts, [replace(word, name.replace("percentile", "quantile"))]);
  },
});

/** So few of a hundred may be meant. */
const SMALL = 0.5;

/** How tightly `/` binds; see `bindingStrength`. */
const DIVISION = 11;

interface Ranks {
  readonly values: readonly number[];
  readonly evidence: Evidence;
}

/** The numbers that are asked for, where the source shows them: literals, names set once, defaults of parameters, a few operators. */
function ranksOf(expression: Node, facts: Facts, depth = 0): Ranks | undefined {
  const node = unwrap(expression);
  if (depth > 6) return undefined;
  if (node.kind === "integer" || node.kind === "float") {
    const value = Number(node.text.replaceAll("_", ""));
    return Number.isNaN(value) ? undefined : { values: [value], evidence: "proof" };
  }
  if (node.kind === "list" || node.kind === "tuple") return together(itemsOf(node), facts, depth);
  if (node.kind === "identifier") return ofName(node, facts, depth);
  const binary = asBinary(node);
  if (binary) {
    const left = ranksOf(binary.left, facts, depth + 1);
    const right = ranksOf(binary.right, facts, depth + 1);
    return left && right && combined(left, binary.operator, right);
  }
  const call = asCall(node);
  if (!call || call.hasSplat) return undefined;
  const name = facts.nameOf(call.callee);
  const [first, second] = call.args;
  if ((name === "numpy.array" || name === "numpy.asarray" || name === "torch.tensor") && first)
    return ranksOf(first, facts, depth + 1);
  if ((name !== "numpy.linspace" && name !== "numpy.arange") || !first || !second) return undefined;
  const ends = together([first, second], facts, depth);
  const [start = 0, stop = 0] = ends?.values ?? [];
  // One of those in between stands for all of them.
  return ends && { ...ends, values: [start, start + (stop - start) * 0.75, stop] };
}

function ofName(node: Node, facts: Facts, depth: number): Ranks | undefined {
  const value = facts.valueOf(node);
  if (value) return ranksOf(value, facts, depth + 1);
  const [only, more] = facts.reachingSites(node);
  if (only?.kind !== "parameter" || more) return undefined;
  const given = asFunction(functionAround(node))?.parameters.find((it) => it.name === node.text)?.defaultValue;
  const ranks = given && ranksOf(given, facts, depth + 1);
  return ranks && { ...ranks, evidence: "fair" };
}

function together(items: readonly Node[], facts: Facts, depth: number): Ranks | undefined {
  const all = items.slice(0, 50).map((it) => ranksOf(it, facts, depth + 1));
  if (all.length === 0 || !all.every((it) => it !== undefined)) return undefined;
  return {
    values: all.flatMap((it) => it.values),
    evidence: all.some((it) => it.evidence === "fair") ? "fair" : "proof",
  };
}

function combined(left: Ranks, operator: string, right: Ranks): Ranks | undefined {
  const [by, more] = right.values;
  const few = left.values.length === 1 ? left.values[0]! : undefined;
  const evidence = left.evidence === "fair" || right.evidence === "fair" ? "fair" : "proof";
  const compute = (a: number, b: number): number => {
    switch (operator) {
      case "+":
        return a + b;
      case "-":
        return a - b;
      case "*":
        return a * b;
      default:
        return a / b;
    }
  };
  if (!["+", "-", "*", "/"].includes(operator) || by === undefined) return undefined;
  if (more === undefined) return { values: left.values.map((it) => compute(it, by)), evidence };
  return few === undefined ? undefined : { values: right.values.map((it) => compute(few, it)), evidence };
}

/** Nothing above 1, and something in between. Less than half a percent may be meant, above all where the file asks for 99.5 too. */
function fractionEvidence({ values, evidence }: Ranks, facts: Facts): Evidence | undefined {
  const fractions = values.filter((it) => it > 0 && it < 1);
  if (fractions.length === 0 || !values.every((it) => it >= 0 && it <= 1)) return undefined;
  if (fractions.some((it) => it > SMALL)) return evidence;
  return facts.ofFile(ASKS_FOR_PERCENT) ? undefined : "fair";
}

/** Some percentile of the file is asked for by a number from 1 on. */
const ASKS_FOR_PERCENT = fileQuestion((facts) =>
  facts.fileMatches(/percentile\([^\n]{0,120}(?:, ?|\(|\bq=)[[(]?[1-9]/),
);

/** The same numbers with their points moved; undefined where they are not written out. */
function scaledBy(node: Node, digits: number): readonly Edit[] | undefined {
  const items = node.kind === "list" || node.kind === "tuple" ? itemsOf(node) : [node];
  const edits = items.map((it) => {
    const text = movedPoint(it.text, digits);
    return text === undefined ? undefined : replace(it, text);
  });
  return edits.every((it) => it !== undefined) ? edits : undefined;
}

/** `0.975` becomes `97.5`, without a detour by way of floats. */
function movedPoint(text: string, digits: number): string | undefined {
  const parts = /^(\d{0,9})(?:\.(\d{0,12}))?$/.exec(text);
  if (!parts) return undefined;
  const [, whole = "", part = ""] = parts;
  const filled = digits > 0 ? whole + part.padEnd(digits, "0") : whole.padStart(1 - digits, "0") + part;
  const point = digits > 0 ? whole.length + digits : filled.length - part.length + digits;
  const before = filled.slice(0, point).replace(/^0+(?=\d)/, "");
  const after = filled.slice(point).replace(/(?<!0)0+$/, "");
  return after === "" ? before : `${before}.${after}`;
}
