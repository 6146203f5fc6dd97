/** Finds `np.array([value] * n)` and `np.array([value for _ in range(n)])`: a long list made only to become an array. */

import {
  argumentOf,
  asBinary,
  asCall,
  asComprehension,
  asString,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importModule,
  integerOf,
  isConstant,
  isNumber,
  itemsOf,
  replace,
  unwrap,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Array made of a list that repeats one value",
  why: "The list holds the value as a Python object once for each element, and np.array looks at every one of them. np.full and np.repeat fill the memory of the array directly.",
  guide: "numpy",
  level: "info",
  gain: "time",
  imports: ["numpy"],
  overrides: ["numpy/comprehension-over-array"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def weights(count: int) -> np.ndarray:
    return np.array([0.5] * count)
`,
      after: `
import numpy as np

def weights(count: int) -> np.ndarray:
    return np.full(count, 0.5)
`,
    },
    {
      before: `
import numpy as np

def labels(real: int, fake: int) -> np.ndarray:
    return np.array([1] * real + [0] * fake)
`,
      after: `
import numpy as np

def labels(real: int, fake: int) -> np.ndarray:
    return np.repeat([1, 0], [real, fake])
`,
    },
  ],

  on: ["call"],
  calls: ["numpy.array", "numpy.asarray"],

  find(node, { facts }) {
    const call = asCall(node);
    const [list] = call?.args ?? [];
    if (!call || call.hasSplat || !list || facts.isTest) return undefined;
    const parts = partsOf(unwrap(list), facts);
    if (!parts || parts.length > 4 || !parts.every((it) => it.count)) return undefined;
    const weight = weightOf(parts, node, facts);
    if (!weight) return undefined;
    return { at: list, construct: node, weight, call, list, parts };
  },

  message: ({ call, parts, list }) => {
    const module = call.callee.text.replace(/\.?(array|asarray)$/, "") || "np";
    const better = parts.length > 1 ? "repeat" : "full";
    return `\`${excerpt(list.text.replace(/\s+/g, " "), 40)}\` is a list made only to be copied into an array; \`${module}.${better}\` fills the array directly.`;
  },

  fix({ call, list, parts }, file) {
    const { facts } = file;
    if (hasComments(call.node)) return declined("a comment would be lost");
    const dtype = argumentOf(call, "dtype", 1);
    if (call.args.length + call.keywords.size > (dtype ? 2 : 1)) return declined("the call is given more than a type");
    const isRow = (it: Node) => {
      const type = facts.typed(it)?.type.name;
      return type !== undefined && !isNumber(facts.typed(it)?.type) && type !== "str";
    };
    const values = parts.map((it) => it.value);
    if (values.some((it) => isRow(it) || (it.kind !== "identifier" && !isConstant(it) && !isNumber(facts.typeOf(it)))))
      return declined("the repeated value may be a row");
    const numpy = importModule(file, "numpy", call.node);
    if (!numpy) return declined("`numpy` cannot be imported here");
    const isKnown = values.every((it) => isConstant(it) || isNumber(facts.typeOf(it)));
    const counts = parts.map((it) => it.count?.text ?? "1");
    const [only, more] = parts;
    const isSum = more !== undefined;
    const doubts = [
      !isKnown && "the value must be a single number or text",
      !dtype && parts.every((it) => it.count) && "an empty result has another type",
      !parts.every((it) => (it.counts ?? [it.count]).every(isLength)) && "a negative count raises an error",
      isSum && isMixed(values, facts) && "the values must have one type",
    ];
    const options = dtype ? `, dtype=${dtype.text}` : "";
    if (!isSum)
      return fixOf("Use np.full", doubts, [
        ...numpy.edits,
        replace(
          call.node,
          `${numpy.name}.full(${shapeOf(only!.counts ?? [only!.count!])}, ${only!.value.text}${options})`,
        ),
      ]);
    if (dtype) return declined("np.repeat takes no type");
    if (parts.some((it) => it.counts && it.counts.length > 1)) return declined("the rows have several axes");
    return fixOf("Use np.repeat", doubts, [
      ...numpy.edits,
      replace(call.node, `${numpy.name}.repeat([${values.map((it) => it.text).join(", ")}], [${counts.join(", ")}])`),
    ]);
  },
});

/** So few are quicker as a list. */
const FEW = 50;
/** What is called so counts axes. */
const OF_AXES = /(^|_)(n?dims?|rank|axes|order|ndim|degree)\b|^len\(.*shape\)$/;

interface Part {
  readonly value: Node;
  /** How often it stands there; undefined where it is written out. */
  readonly count: Node | undefined;
  /** The lengths of all axes, where rows are repeated. */
  readonly counts?: readonly Node[];
}

/** `[v] * n`, `n * [v]`, `[v for _ in range(n)]`, several of these added up, rows of them. */
function partsOf(list: Node, facts: Facts, depth = 0): readonly Part[] | undefined {
  if (depth > 4) return undefined;
  const binary = asBinary(list);
  if (binary?.operator === "+") {
    const left = partsOf(unwrap(binary.left), facts, depth + 1);
    const right = partsOf(unwrap(binary.right), facts, depth + 1);
    return left && right && [...left, ...right];
  }
  if (binary?.operator === "*") {
    const left = unwrap(binary.left);
    const [row, count] = left.kind === "list" ? [left, binary.right] : [unwrap(binary.right), binary.left];
    return row.kind === "list" ? repeated(row, count, facts, depth) : undefined;
  }
  if (list.kind === "list" && depth > 0) return itemsOf(list).map((value) => ({ value, count: undefined }));
  return ofComprehension(list, facts, depth);
}

function repeated(row: Node, count: Node, facts: Facts, depth: number): readonly Part[] | undefined {
  const [value, more] = itemsOf(row);
  return value && !more && value.kind !== "list_splat" ? withRows(unwrap(value), count, facts, depth) : undefined;
}

function ofComprehension(node: Node, facts: Facts, depth: number): readonly Part[] | undefined {
  const comprehension = node.kind === "list_comprehension" ? asComprehension(node) : undefined;
  const [clause, more] = node.children.filter((it) => it.kind === "for_in_clause" || it.kind === "if_clause");
  const range = asCall(clause?.field("right"));
  const target = clause?.field("left");
  const [count, second] = range?.args ?? [];
  const value = comprehension && unwrap(node.children[0]!);
  if (!value || !clause || more || !range || !count || second || target?.kind !== "identifier") return undefined;
  if (facts.nameOf(range.callee) !== "builtins.range" || facts.readsOf(target, value).length > 0) return undefined;
  // What a call gives may be another thing each time.
  if (value.kind === "call" || value.descendants("call").length > 0) return undefined;
  return withRows(value, count, facts, depth);
}

/** A value, or a row of one value that is repeated itself. */
function withRows(value: Node, count: Node, facts: Facts, depth: number): readonly Part[] | undefined {
  const [row, more] = value.kind === "list" ? [] : (partsOf(value, facts, depth + 1) ?? []);
  if (row && !more && row.count) return [{ value: row.value, count, counts: [count, ...(row.counts ?? [row.count])] }];
  return isPlain(value) || isNumber(facts.typeOf(value)) ? [{ value, count }] : undefined;
}

/** A constant, a place, or what is worked out of these. */
function isPlain(value: Node): boolean {
  const node = unwrap(value);
  const binary = asBinary(node);
  if (binary) return /^[-+*/]$/.test(binary.operator) && isPlain(binary.left) && isPlain(binary.right);
  return (
    isConstant(node) ||
    asString(node) !== undefined ||
    node.kind === "identifier" ||
    node.kind === "attribute" ||
    node.kind === "subscript"
  );
}

function weightOf(parts: readonly Part[], node: Node, facts: Facts): Weight | undefined {
  const counts = parts.flatMap((it) => it.counts ?? (it.count ? [it.count] : []));
  const known = counts.map((it) => integerOf(facts.valueOf(it) ?? it));
  if (known.every((it) => it !== undefined)) {
    const product = known.reduce<number>((all, it) => all * it, 1);
    return product < FEW ? undefined : product < 10_000 ? "unknown" : "heavy";
  }
  if (counts.every((it, at) => known[at] !== undefined || OF_AXES.test(it.text))) return undefined;
  return facts.weightOf(node) === "light" ? "light" : "unknown";
}

/** `len(x)`, `x.size`, `x.shape[0]`, a number: none of them is negative. */
function isLength(count: Node | undefined): boolean {
  return count === undefined || /^(len\([\w.]+\)|[\w.]+\.size|[\w.]+\.shape\[-?\d+\]|\d+)$/.test(count.text);
}

function isMixed(values: readonly Node[], facts: Facts): boolean {
  const types = new Set(values.map((it) => facts.typeOf(it)?.name));
  return types.size > 1 || types.has(undefined);
}

function shapeOf(counts: readonly Node[]): string {
  const texts = counts.map((it) => it.text);
  return texts.length === 1 ? texts[0]! : `(${texts.join(", ")})`;
}
