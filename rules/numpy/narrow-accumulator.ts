/** Finds sums that are kept in 8 or 16 bits: `votes = np.zeros(n, np.uint8)` with `votes += …` in a loop, `half.sum()`, `a @ b` of int8. */

import {
  argumentOf,
  asAugmented,
  asBinary,
  asCall,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importModule,
  integerOf,
  isCompiled,
  knownTurns,
  replace,
  textValue,
  unwrap,
  withArgument,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const MAKERS = new Set(
  ["zeros", "ones", "full", "empty", "zeros_like", "ones_like", "full_like", "empty_like"].map((it) => `numpy.${it}`),
);
/** Where the type of the elements stands among the arguments. */
const DTYPE_AT: Readonly<Record<string, number>> = { full: 2, full_like: 2, array: 1, asarray: 1 };
const NARROW = /^(u?int8|u?int16|float16|half|byte|ubyte|short|ushort)$/;
const REDUCTIONS = ["sum", "cumsum", "prod", "cumprod", "nansum", "nancumsum", "trace"];

export default defineRule({
  title: "Sum kept in 8 or 16 bits",
  why: "Whole numbers of 8 bits start again from the bottom above 127 or 255, without an error or a warning. float16 has three decimal digits and ends at 65,504: small numbers added to a large one are lost. Images and masks may be stored so, but what is added up needs a wider type.",
  guide: "numpy",
  level: "warning",
  gain: "safety",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def heat(frames: list[np.ndarray]) -> np.ndarray:
    total = np.zeros((480, 640), dtype=np.uint8)
    for frame in frames:
        total += frame
    return total
`,
      after: `
import numpy as np

def heat(frames: list[np.ndarray]) -> np.ndarray:
    total = np.zeros((480, 640), dtype=np.int64)
    for frame in frames:
        total += frame
    return total
`,
    },
  ],

  on: ["augmented_assignment", "call", "binary_operator"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const found =
      node.kind === "augmented_assignment"
        ? grown(node, facts)
        : node.kind === "call"
          ? reduced(node, facts)
          : product(node, facts);
    return found && !isCompiled(node, facts) ? { evidence: "proof", construct: node, ...found } : undefined;
  },

  message({ kind, name, type }) {
    const shown = excerpt(name, 40);
    const limit = /float|half/.test(type)
      ? "loses digits and overflows above 65,504"
      : `starts again from the bottom above ${type.includes("16") || type.includes("short") ? (type.startsWith("u") ? "65,535" : "32,767") : type.startsWith("u") ? "255" : "127"}`;
    if (kind === "product") return `The product of \`${shown}\` is added up in ${type}, which ${limit}.`;
    if (kind === "reduced") return `\`${shown}\` adds up in ${type}, which ${limit}.`;
    return `\`${shown}\` is added to in each turn and holds ${type}, which ${limit}.`;
  },

  fix({ dtype, call, kind, type }, file) {
    const wide = /float|half/.test(type) ? "float64" : "int64";
    const doubts = ["the result has a wider type, and takes more memory"];
    if (kind === "product") return declined("one of the two has to be made wider first");
    const numpy = importModule(file, "numpy", dtype ?? call!.node);
    if (!numpy) return declined("`numpy` cannot be imported here");
    if (dtype && hasComments(dtype)) return declined("a comment would be lost");
    if (dtype) return fixOf("Take a wider type", doubts, [...numpy.edits, replace(dtype, `${numpy.name}.${wide}`)]);
    const edit = call && withArgument(call, `dtype=${numpy.name}.${wide}`);
    return edit
      ? fixOf("Add up in a wider type", doubts, [...numpy.edits, edit])
      : declined("the arguments cannot be added to");
  },
});

interface Found {
  readonly at: Node;
  readonly kind: "grown" | "reduced" | "product";
  readonly name: string;
  readonly type: string;
  readonly weight: "heavy" | "unknown" | "light";
  readonly dtype: Node | undefined;
  readonly call: ReturnType<typeof asCall>;
}

/** `total += frame`, `votes[place] += 1` in a loop that the array outlives. */
function grown(node: Node, facts: Facts): Found | undefined {
  const step = asAugmented(node);
  if (!step || !/^(\+|\*|\*\*|<<)=$/.test(step.operator)) return undefined;
  const array = asSubscript(step.target)?.value ?? step.target;
  if (array.kind !== "identifier" && array.kind !== "attribute") return undefined;
  const loops = facts.loopsAround(node);
  if (loops.length === 0) return undefined;
  const made = makerOf(array, facts);
  if (!made) return undefined;
  const outer = loops.filter((it) => !(it.start <= made.node.start && made.node.end <= it.end));
  const turns = outer.map((it) => knownTurns(it, facts) ?? 1000).reduce((a, b) => a * b, 1);
  // So few steps do not reach the end, unless each of them is large.
  const by = integerOf(unwrap(step.value));
  if (outer.length === 0 || (by !== undefined ? turns * Math.abs(by) < 100 : turns < 4)) return undefined;
  const isMask = /mask|flag|seen|visited|onehot|one_hot/i.test(array.text);
  const weight = isMask || (by !== undefined && made.type.includes("16")) ? "light" : facts.weightOf(node);
  return {
    at: step.target,
    kind: "grown",
    name: array.text,
    type: made.type,
    weight,
    dtype: made.dtype,
    call: undefined,
  };
}

/** `x.sum(dtype=np.uint8)`, and float16 added up: whole numbers are made wider by NumPy itself. */
function reduced(node: Node, facts: Facts): Found | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat) return undefined;
  const full = facts.nameOf(call.callee);
  const method = full === undefined ? asMethodCall(node, ...REDUCTIONS) : undefined;
  const name = method?.method ?? /^numpy\.(\w+)$/.exec(full ?? "")?.[1];
  if (name === undefined || !REDUCTIONS.includes(name)) return undefined;
  const of = method ? method.object : call.args[0];
  const dtype = argumentOf(call, "dtype", (method ? 1 : 2) + (name === "trace" ? 2 : 0));
  const weight = facts.weightOf(node);
  const shared = { at: call.callee, kind: "reduced" as const, name: call.callee.text, weight, call };
  if (dtype) {
    const type = narrowName(dtype, facts);
    return type === undefined ? undefined : { ...shared, type, dtype };
  }
  const type = of && typeOfElements(of, facts, 0);
  return type !== undefined && /float16|half/.test(type) && !call.keywords.has("out")
    ? { ...shared, type, dtype: undefined }
    : undefined;
}

/** `a @ b` of whole numbers in 8 bits: the product is as narrow as they are. */
function product(node: Node, facts: Facts): Found | undefined {
  const binary = asBinary(node);
  if (binary?.operator !== "@") return undefined;
  const left = typeOfElements(binary.left, facts, 0);
  const right = left === undefined ? undefined : typeOfElements(binary.right, facts, 0);
  if (left === undefined || right === undefined || !/int|byte|short/.test(left) || !/int|byte|short/.test(right))
    return undefined;
  const type = left.includes("16") || left.includes("short") ? left : right;
  return {
    at: node,
    kind: "product",
    name: node.text.replace(/\s+/g, " "),
    type,
    weight: facts.weightOf(node),
    dtype: undefined,
    call: undefined,
  };
}

/** The narrow type of the elements of an array, where the source shows it. */
function typeOfElements(expression: Node, facts: Facts, depth: number): string | undefined {
  const node = unwrap(expression);
  if (depth > 4) return undefined;
  if (node.kind === "identifier") {
    const value = facts.valueOf(node);
    return value && typeOfElements(value, facts, depth + 1);
  }
  const cast = asMethodCall(node, "astype");
  if (cast) {
    const dtype = argumentOf(cast, "dtype", 0);
    return dtype && facts.takenFor(cast.object, "tensor") === undefined ? narrowName(dtype, facts) : undefined;
  }
  const method = asMethodCall(node, "reshape", "ravel", "copy", "flatten", "transpose");
  if (method) return typeOfElements(method.object, facts, depth + 1);
  const made = dtypeOf(node, facts);
  return made?.type;
}

interface Made {
  readonly node: Node;
  readonly type: string;
  readonly dtype: Node;
}

/** The call that makes the array which a name or attribute holds. */
function makerOf(array: Node, facts: Facts): Made | undefined {
  // What reaches the loop, apart from the growth itself.
  const sites = array.kind === "identifier" ? facts.reachingSites(array).filter((it) => it.kind !== "augment") : [];
  const [site, more] = sites;
  const value =
    array.kind === "identifier"
      ? site?.kind === "assign" && site.path.length === 0 && !more
        ? site.value
        : undefined
      : facts.valueOf(array);
  const made = value && dtypeOf(unwrap(value), facts);
  return made && MAKERS.has(facts.nameOf(asCall(made.node)!.callee) ?? "") ? made : undefined;
}

function dtypeOf(node: Node, facts: Facts): Made | undefined {
  const call = asCall(node);
  const name = call && /^numpy\.(\w+)$/.exec(facts.nameOf(call.callee) ?? "")?.[1];
  if (!call || name === undefined || !(MAKERS.has(`numpy.${name}`) || name in DTYPE_AT)) return undefined;
  const dtype = argumentOf(call, "dtype", DTYPE_AT[name] ?? 1);
  const type = dtype && narrowName(dtype, facts);
  return type === undefined ? undefined : { node, type, dtype: dtype! };
}

function narrowName(dtype: Node, facts: Facts): string | undefined {
  const text = textValue(dtype) ?? /^numpy\.(\w+)$/.exec(facts.nameOf(dtype) ?? "")?.[1];
  const name = text === undefined ? undefined : (CODES[text] ?? text);
  return name !== undefined && NARROW.test(name) ? name : undefined;
}

const CODES: Readonly<Record<string, string>> = {
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  f2: "float16",
  e: "float16",
  b: "int8",
  B: "uint8",
};
