/**
 * Finds `(x - x.min()) / (x.max() - x.min())` and `v / np.linalg.norm(v)` where nothing asks whether the divisor is zero.
 * Also `(x - low) / (high - low)` with the extremes of moving windows of pandas.
 */

import {
  asAttribute,
  asAugmented,
  asBinary,
  asCall,
  asMethodCall,
  asSubscript,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  functionCalled,
  hasComments,
  importModule,
  isCompiled,
  isConstant,
  lastName,
  replace,
  textIn,
  unwrap,
  wrapped,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Division by a range, maximum or norm that may be zero",
  why: "NumPy divides by zero with no more than a warning. Data that is all equal, a blank image or a vector of zeros becomes NaN, and every number that is worked out from it becomes NaN as well.",
  guide: "numpy",
  level: "hint",
  gain: "safety",
  imports: ["numpy", "pandas", "torch"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def scaled(x: np.ndarray) -> np.ndarray:
    return (x - x.min()) / (x.max() - x.min())
`,
      after: `
import numpy as np

def scaled(x: np.ndarray) -> np.ndarray:
    return (x - x.min()) / ((x.max() - x.min()) or 1)
`,
    },
  ],

  on: ["binary_operator", "augmented_assignment"],

  find(node, { facts }) {
    const parts = divisionOf(node);
    if (!parts || facts.isTest) return undefined;
    const divisor = divisorOf(parts.by, facts);
    if (!divisor) return ofCounts(node, parts, facts);
    const isPart = (it: Node): boolean => isIn(parts.value, it, facts);
    if (!(divisor.kind === "window" ? divisor.of.some(isPart) : divisor.of.every(isPart))) return undefined;
    if (divisor.of.some((it) => isPositive(it, divisor.kind, facts))) return undefined;
    const evidence = divisor.isNumpys ? "strong" : evidenceFor(divisor.of[0]!, facts);
    if (!evidence || isGuarded(node, divisor, facts) || isCompiled(node, facts)) return undefined;
    return { at: parts.by, construct: node, evidence, weight: facts.weightOf(node), divisor, by: parts.by };
  },

  message({ divisor: { kind, of, hasAxis }, by }) {
    if (kind === "counts")
      return `Nothing asks whether a count in \`${excerpt(unwrap(by).text, 40)}\` is 0: what was never counted gets an infinite weight.`;
    if (kind === "window")
      return `Nothing asks whether \`${excerpt(unwrap(by).text.replace(/\s+/g, " "), 50)}\` is 0: where all values of a window are equal, the result is NaN.`;
    const [array] = of;
    const named = excerpt(array!.text.replace(/\s+/g, " "), 40);
    if (of.length > 1) return `Nothing asks whether a norm is 0: a vector of zeros makes the result NaN.`;
    const shown = `\`${named}\``;
    const divided = {
      counts: "count",
      window: "range",
      range: "range",
      spread: "standard deviation",
      maximum: "maximum",
      norm: "norm",
      sum: "sum",
    }[kind];
    const where = kind === "range" || kind === "spread" ? "all its values are equal" : "it is all zeros";
    const each = kind === "range" || kind === "spread" ? "values that are all equal" : "nothing but zeros";
    return hasAxis
      ? `Nothing asks whether a ${divided} of ${shown} is 0: a row or column of ${each} becomes NaN.`
      : `Nothing asks whether the ${divided} of ${shown} is 0: where ${where}, the result is NaN.`;
  },

  fix({ divisor: { kind, hasAxis, isNumpys, of }, by, evidence }, file) {
    const node = unwrap(by);
    if (kind === "counts") return declined("what a thing without a count should weigh has to be chosen");
    if (kind === "window") return declined("what such a window should give has to be chosen");
    if (hasComments(by)) return declined("a comment would be lost");
    const doubts = [
      "where the divisor is 0 the result is no longer NaN or infinite",
      !hasAxis && !isNumpys && evidence !== "proof" && `\`${excerpt(of[0]!.text, 30)}\` must be an array`,
    ];
    if (!hasAxis) {
      const text = node.kind === "identifier" || node.kind === "call" ? node.text : textIn(node, ATOM);
      return fixOf("Divide by 1 instead of 0", doubts, [replace(wrapped(by), `(${text} or 1)`)]);
    }
    if (node.kind !== "identifier") return declined("the divisors are needed twice here: give them a name first");
    const numpy = importModule(file, "numpy", by);
    if (!numpy) return declined("`numpy` cannot be imported here");
    return fixOf("Divide by 1 instead of 0", doubts, [
      ...numpy.edits,
      replace(wrapped(by), `${numpy.name}.where(${node.text} == 0, 1, ${node.text})`),
    ]);
  },
});

type DivisorKind = "counts" | "window" | "range" | "spread" | "maximum" | "norm" | "sum";

interface Divisor {
  readonly kind: DivisorKind;
  /** The arrays it is taken from; two for the cosine of two vectors. */
  readonly of: readonly Node[];
  /** A function of NumPy works it out. */
  readonly isNumpys: boolean;
  /** One for each row or column. */
  readonly hasAxis: boolean;
  /** Names that hold it or parts of it. */
  readonly names: readonly string[];
}

/** `1 / counts`, `total / class_counts`: weights by how often each thing was counted. */
function ofCounts(node: Node, { value, by }: { readonly value: Node; readonly by: Node }, facts: Facts) {
  const counts = unwrap(by);
  if (counts.kind !== "identifier" && counts.kind !== "attribute") return undefined;
  if (!COUNTS.test(lastName(counts))) return undefined;
  const of = unwrap(value);
  if (!isConstant(of) && !includesWhole(of.text.slice(0, 200), counts.text) && !/^(?:n|total)(?:_|$)/.test(of.text))
    return undefined;
  const made =
    facts.valueOf(counts) ?? (counts.kind === "identifier" ? facts.reachingSites(counts)[0]?.value : undefined);
  // What is counted by its values is there at least once.
  if (
    made &&
    /\b(?:unique|value_counts|Counter|groupby|clip|clamp|maximum|where|replace)\b|\+ ?(?:1|eps)/.test(made.text)
  )
    return undefined;
  const tensor = facts.takenFor(counts, "tensor") ?? facts.takenFor(counts, "array") ?? comesAsCounts(counts, facts);
  if (!tensor || facts.takenFor(counts, "series")) return undefined;
  const divisor: Divisor = { kind: "counts", of: [counts], isNumpys: true, hasAxis: true, names: [counts.text] };
  if (isGuarded(node, divisor, facts) || isCompiled(node, facts)) return undefined;
  return { at: by, construct: node, evidence: "fair" as const, weight: facts.weightOf(node), divisor, by };
}

const COUNTS = /^(?:\w+_)?(?:counts?|freqs?|frequency|frequencies|support|histogram|hist)$/i;

/** `np.bincount(labels)`, `torch.zeros(n)` that is counted up, also as a part of what a function of the file gives. */
function comesAsCounts(counts: Node, facts: Facts): Evidence | undefined {
  const [site, more] = counts.kind === "identifier" ? facts.reachingSites(counts) : [];
  const call = asCall(site?.value);
  if (!site || more || !call) return undefined;
  if (site.path.length === 0) return ZEROS.test(facts.nameOf(call.callee) ?? "") ? "strong" : undefined;
  const def = functionCalled(call.callee, facts);
  const returned = def && facts.bodyOf(def).descendants("return_statement").at(-1)?.children[0];
  const given =
    returned && /^(?:tuple|expression_list)$/.test(returned.kind) ? returned.children[site.path[0]!] : undefined;
  const made = given?.kind === "identifier" ? asCall(facts.writesOf(given)[0]?.value) : undefined;
  return made && ZEROS.test(facts.nameOf(made.callee) ?? "") ? "fair" : undefined;
}

const ZEROS = /^(?:numpy|torch)\.(?:zeros|bincount|histogram|histc|zeros_like)$/;

/** `value / by`, `value /= by`. */
function divisionOf(node: Node): { readonly value: Node; readonly by: Node } | undefined {
  const grown = node.kind === "augmented_assignment" ? asAugmented(node) : undefined;
  if (grown) return grown.operator === "/=" ? { value: grown.target, by: grown.value } : undefined;
  const binary = asBinary(node);
  return binary?.operator === "/" ? { value: binary.left, by: binary.right } : undefined;
}

function divisorOf(expression: Node, facts: Facts, depth = 0): Divisor | undefined {
  const node = unwrap(expression);
  if (depth > 5) return undefined;
  if (node.kind === "identifier") {
    const value = facts.valueOf(node);
    const found = value && divisorOf(value, facts, depth + 1);
    return found && { ...found, names: [...found.names, node.text] };
  }
  // `sums[:, None]`, `sums.reshape(-1, 1)`
  const part = asSubscript(node);
  if (part)
    return /\b(None|newaxis)\b/.test(part.indices.map((it) => it.text).join())
      ? divisorOf(part.value, facts, depth + 1)
      : undefined;
  const shaped = asMethodCall(node, "reshape", "astype");
  if (shaped) return divisorOf(shaped.object, facts, depth + 1);
  const binary = asBinary(node);
  if (binary?.operator === "-")
    return windowRange(binary.left, binary.right, facts) ?? rangeOf(binary.left, binary.right, facts, depth);
  if (binary?.operator === "*" && !isConstant(binary.right)) {
    const left = divisorOf(binary.left, facts, depth + 1);
    const right = divisorOf(binary.right, facts, depth + 1);
    if (left?.kind !== "norm" || right?.kind !== "norm" || left.hasAxis || right.hasAxis) return undefined;
    return { ...left, of: [...left.of, ...right.of], names: [...left.names, ...right.names] };
  }
  // `x.max() / 255`
  const scaled = binary && /^[*/]$/.test(binary.operator) && isConstant(binary.right) ? binary.left : undefined;
  if (scaled) return divisorOf(scaled, facts, depth + 1);
  const found = reductionOf(node, facts);
  const kind = found && KINDS[found.name];
  if (!kind || (kind === "sum" && !found.hasAxis)) return undefined;
  return { ...found, kind, of: [found.of], names: [] };
}

/** `x.max() - x.min()`, by names or not. */
function rangeOf(left: Node, right: Node, facts: Facts, depth: number): Divisor | undefined {
  const high = namedReduction(left, facts, depth);
  const low = namedReduction(right, facts, depth);
  if (!high || !low || !/^(nan|a)?max$/.test(high.name) || !/^(nan|a)?min$/.test(low.name)) return undefined;
  if (high.of.text !== low.of.text) return undefined;
  return { ...high, kind: "range", of: [high.of], names: [...high.names, ...low.names] };
}

/** `x.rolling(n).max() - x.rolling(n).min()`, by names or not; of two columns as well, such as the highs and lows of days. */
function windowRange(left: Node, right: Node, facts: Facts): Divisor | undefined {
  const isExtreme = (it: Node, extreme: string) => {
    const given = unwrap(it);
    const value = given.kind === "identifier" ? facts.valueOf(given) : given;
    const rolling = asMethodCall(value && unwrap(value), extreme)?.object;
    return rolling !== undefined && asMethodCall(unwrap(rolling), "rolling") !== undefined;
  };
  if (!isExtreme(left, "max") || !isExtreme(right, "min")) return undefined;
  const of = [unwrap(left), unwrap(right)];
  const names = of.filter((it) => it.kind === "identifier").map((it) => it.text);
  return { kind: "window", of, isNumpys: true, hasAxis: false, names };
}

function namedReduction(
  expression: Node,
  facts: Facts,
  depth: number,
): (Reduction & { readonly names: readonly string[] }) | undefined {
  const node = unwrap(expression);
  if (node.kind !== "identifier") {
    const found = reductionOf(node, facts);
    return found && { ...found, names: [] };
  }
  const value = depth < 5 ? facts.valueOf(node) : undefined;
  const found = value && namedReduction(value, facts, depth + 1);
  return found && { ...found, names: [...found.names, node.text] };
}

const KINDS: Readonly<Record<string, DivisorKind>> = {
  ptp: "range",
  max: "maximum",
  amax: "maximum",
  nanmax: "maximum",
  std: "spread",
  nanstd: "spread",
  norm: "norm",
  sum: "sum",
};

interface Reduction {
  readonly name: string;
  readonly of: Node;
  readonly isNumpys: boolean;
  readonly hasAxis: boolean;
}

/** `x.max()`, `np.max(x)`, `np.abs(x).max()`, `np.linalg.norm(x)`. */
function reductionOf(node: Node, facts: Facts): Reduction | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat || call.keywords.has("where") || call.keywords.has("initial")) return undefined;
  const full = facts.nameOf(call.callee);
  const name = /^numpy\.(?:linalg\.)?(ptp|a?max|nanmax|a?min|nanmin|(?:nan)?std|norm|sum)$/.exec(full ?? "")?.[1];
  const [first] = call.args;
  if (name !== undefined) {
    const hasAxis = call.keywords.has("axis") || call.args.length > (name === "norm" ? 2 : 1);
    return first && { name, of: withoutSign(first, facts), isNumpys: true, hasAxis };
  }
  const method = full === undefined ? asMethodCall(node, "max", "min", "ptp", "std", "sum") : undefined;
  if (!method) return undefined;
  const hasAxis = call.args.length > 0 || call.keywords.has("axis");
  const of = withoutSign(method.object, facts);
  return { name: method.method, of, isNumpys: of !== unwrap(method.object), hasAxis };
}

/** `x` in `np.abs(x)`. */
function withoutSign(expression: Node, facts: Facts): Node {
  const node = unwrap(expression);
  const call = asCall(node);
  const [only, more] = call?.args ?? [];
  const name = only && !more ? facts.nameOf(call!.callee) : undefined;
  return name === "numpy.abs" || name === "numpy.absolute" || name === "builtins.abs" ? unwrap(only!) : node;
}

/** The array stands in what is divided, or in what a name there stands for. */
function isIn(value: Node, array: Node, facts: Facts): boolean {
  const wanted = array.text;
  const root = wanted.split(/\W/, 1)[0]!;
  const holds = (node: Node) => node.text.length < 400 && (node.text === wanted || includesWhole(node.text, wanted));
  if (holds(value)) return true;
  const node = unwrap(value);
  const given = node.kind === "identifier" && node.text !== root ? facts.valueOf(node) : undefined;
  return given !== undefined && holds(given);
}

function includesWhole(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    const isStart = at === 0 || !/[\w.]/.test(text[at - 1]!);
    const isEnd = !/\w/.test(text[at + part.length] ?? "");
    if (isStart && isEnd) return true;
  }
  return false;
}

/** Made in a way that leaves no zero as the divisor: a kernel, a ramp, an exponential, random numbers, numbers that are written out. */
function isPositive(array: Node, kind: DivisorKind, facts: Facts): boolean {
  if (kind === "window") return false;
  if (/kernel|window|gauss|filter|prob|weight|softmax/i.test(array.text)) return true;
  const value = array.kind === "identifier" ? facts.valueOf(array) : array;
  if (!value) return false;
  const text = value.text.slice(0, 400);
  if (kind === "sum" && /\bexp\w*\(|\*\*|\+ *(1|eps)/.test(text)) return true;
  return (
    /\bexp\(|\b(?:rand|hann|fft|(?:ones|arange|linspace|logspace|eye|identity|meshgrid|normal|uniform|standard_normal|integers|hamming|rng)\b)/.test(
      text,
    ) || /\[\s*(?:\[\s*)?-?\d/.test(text)
  );
}

/** Tensors and tables have their own answers to zero. */
const OTHERS = ["torch", "tensorflow", "keras", "jax", "pandas", "polars", "xarray", "dask", "cupy", "sympy"];

function evidenceFor(array: Node, facts: Facts): Evidence | undefined {
  const taken = facts.takenFor(array, "array");
  if (taken) return taken;
  if (facts.typed(array) || facts.likeness(array)) return undefined;
  return OTHERS.some((it) => facts.view.imports(it)) ? undefined : "fair";
}

/** The function asks somewhere about the divisor or the array, or lets NaN pass on purpose. */
function isGuarded(node: Node, { of, names }: Divisor, facts: Facts): boolean {
  const region = functionAround(node) ?? node.tree.root;
  const asked = facts.memo("what is asked about numbers", region, () => askedIn(region, facts));
  if (asked === undefined) return true;
  const wanted = [...names, ...of.map((it) => it.text)];
  // A condition further down comes too late, and is about what came of it.
  return asked.some(({ start, text }) => start < node.end && wanted.some((it) => includesWhole(text, it)));
}

const ASKING = new Set([
  "where",
  "maximum",
  "clip",
  "isclose",
  "allclose",
  "any",
  "all",
  "count_nonzero",
  "divide",
  "fmax",
  "max",
]);
/** Somebody thought of it. */
const HANDLES_NAN =
  /^(errstate|nan_to_num|fillna|seterr|isnan|isfinite|isinf|true_divide|catch_warnings|filterwarnings|simplefilter)$/;

/** A condition or a limit. */
interface Asked {
  /** A condition helps what stands behind this place; a limit, which is set to what came of a division as well, all. */
  readonly start: number;
  readonly text: string;
}

/** All conditions and limits of a region; undefined where NaN is dealt with as such. */
function askedIn(region: Node, facts: Facts): readonly Asked[] | undefined {
  const asked: Asked[] = [];
  for (const it of region.descendants(
    "comparison_operator",
    "if_statement",
    "elif_clause",
    "conditional_expression",
    "assert_statement",
    "boolean_operator",
    "while_statement",
    "call",
    "except_clause",
  )) {
    if (it.kind === "call") {
      const callee = asCall(it)?.callee;
      const name = asAttribute(callee)?.name ?? callee?.text ?? "";
      if (HANDLES_NAN.test(name)) return undefined;
      // `x.max()` asks nothing; `max(x, 1)` and `np.maximum(x, 1)` do.
      if (ASKING.has(name) && (name !== "max" || facts.nameOf(callee!) === "builtins.max"))
        asked.push({ start: 0, text: it.text.slice(0, 300) });
      continue;
    }
    const condition = it.field("condition") ?? (it.kind === "conditional_expression" ? it.children[1] : it);
    if (it.kind === "except_clause" && /ZeroDivision|FloatingPoint|Warning/.test(it.text.slice(0, 100)))
      return undefined;
    const text = (condition?.text ?? "").slice(0, 300);
    if (!/\bis (not )?None\b|\bisinstance\(|\.(ndim|shape|dtype|size)\b|\blen\(/.test(text))
      asked.push({ start: it.start, text });
  }
  return asked;
}
