/** `np.argsort(scores)[-k:]`, `np.sort(x)[0]`: the whole array is sorted for a few of its elements. */

import {
  arrayShape,
  asAssignment,
  asAttribute,
  asBinary,
  asCall,
  asMethodCall,
  asSubscript,
  ATOM,
  axesOf,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  importModule,
  integerOf,
  lastName,
  isCompiled,
  replace,
  statementOf,
  textIn,
  unwrap,
  useOf,
  weakest,
  type Call,
  type Evidence,
  type Facts,
  type Node,
  type Use,
} from "../../analysis/authoring.js";

/** A handful, or a column of a frame. */
const FEW = /(^|[._])(shape|dims|axes|sizes|strides)$|\.i?loc\[/;
const FUNCTIONS = ["numpy.sort", "numpy.argsort"];

export default defineRule({
  title: "Array sorted for a few of its elements",
  why: "Sorting puts every element in its place. min and argmax look at each once; partition and argpartition bring the k smallest or largest to one end without sorting the rest, several times faster on long arrays.",
  guide: "numpy",
  level: "info",
  gain: "time",
  imports: ["numpy"],
  overrides: ["iteration/repeated-pure-call"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def lowest(prices: np.ndarray) -> np.ndarray:
    return np.sort(prices)[:10]
`,
      after: `
import numpy as np

def lowest(prices: np.ndarray) -> np.ndarray:
    return np.sort(np.partition(prices, 9)[:10])
`,
    },
    {
      before: `
import numpy as np

def best(scores: np.ndarray) -> int:
    return np.argsort(scores)[-1]
`,
      after: `
import numpy as np

def best(scores: np.ndarray) -> int:
    return np.argmax(scores)
`,
    },
  ],

  on: ["call"],
  calls: FUNCTIONS,
  methods: ["argsort"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const sort = sortOf(node, facts);
    const cuts = sort && cutsOf(useOf(node), facts);
    const [cut] = cuts ?? [];
    if (!sort || !cuts || !cut || isCompiled(node, facts) || isKnown(node)) return undefined;
    if (!cuts.every((it) => (it.kind === "few") === (cut.kind === "few") && fits(it, sort, facts))) return undefined;
    const places = [...new Map(cuts.map((it) => [it.text.replace(/\s/g, ""), it])).values()];
    if (places.length > MOST_PLACES) return undefined;
    const weight = cuts.every((it) => it.kind === "end") ? "heavy" : facts.weightOf(node);
    const evidence = weakest(sort.evidence, ...cuts.map((it) => it.evidence)) ?? "fair";
    return { at: sort.at, construct: cut.direct ?? node, evidence, weight, sort, cuts, places };
  },

  message: ({ sort, cuts, places }) => {
    const [cut] = cuts;
    const of = excerpt(sort.of.text.replace(/\s+/g, " "), 30);
    if (places.length > 1) return severalOf(places, sort, of);
    const taken = sort.evidence === "fair" ? " (taken for an array)" : "";
    const better = betterThan(sort, cut!);
    if (cut!.kind === "end")
      return `\`${of}\`${taken} is sorted for one end of it; \`${better}\` looks at each element once.`;
    const what = cut!.kind === "one" ? "one element" : `\`[${excerpt(cut!.text, 20)}]\``;
    return `All of \`${of}\`${taken} is sorted, and only ${what} of it is used; \`${better}\` does not sort the rest.`;
  },

  fix({ sort, cuts }, file) {
    const { facts } = file;
    const [cut, more] = cuts;
    if (sort.evidence !== "proof")
      return declined(`\`${excerpt(sort.of.text, 30)}\` is not known for certain to be an array`);
    if (!more && cut?.kind === "few" && /^\d/.test(cut.text))
      return declined("the first ones are left out, which must be the smallest");
    if (more || !cut?.direct) return declined("the sorted array has a name");
    if (cut.isTurned) return declined("the places are wanted in falling order: sort the few that argpartition gives");
    if (cut.kind === "one" && cut.evidence === "fair")
      return declined(`\`${excerpt(cut.text, 30)}\` is not known for certain to be one number`);
    if (sort.axis || cut.isSecond) return declined("say along which axis the elements are wanted");
    if (hasComments(cut.direct)) return declined("a comment would be lost");
    const numpy = importModule(file, "numpy", cut.direct);
    if (!numpy) return declined("`numpy` cannot be imported here");
    const of = sort.of.text;
    const doubts = [axesOf(sort.of, facts)?.count !== 1 && `\`${excerpt(of, 30)}\` must have one axis`];
    const name = betterThan(sort, cut).replace(/^np/, numpy.name);
    if (cut.kind === "end")
      return fixOf(
        `Use ${name.slice(numpy.name.length + 1)}`,
        [...doubts, !cut.isLast && "NaN counts as the smallest here", "of equal elements it may be another one"],
        [...numpy.edits, replace(cut.direct, `${name}(${of})`)],
      );
    const kth = cut.kind === "one" ? cut.count.text : cut.isLast ? cut.count.text : oneLess(cut.count);
    const part = `${name}(${of}, ${kth})[${cut.text}]`;
    return fixOf(
      `Use ${name.slice(numpy.name.length + 1)}`,
      [...doubts, "it fails if there are fewer elements", sort.isPlaces && "the places come in no order"],
      [...numpy.edits, replace(cut.direct, sort.isPlaces || cut.kind === "one" ? part : `${numpy.name}.sort(${part})`)],
    );
  },
});

/** Two places of one sorted array: `xs[k]` and `xs[-1]`. */
function severalOf(places: readonly Cut[], sort: Sort, of: string): string {
  const shown = places.map((it) => `\`[${excerpt(it.text, 20)}]\``).join(" and ");
  const taken = sort.evidence === "fair" ? " (taken for an array)" : "";
  const isEnds = places.every((it) => it.kind === "end");
  const better = isEnds
    ? `${places.map((it) => `\`${betterThan(sort, it)}\``).join(" and ")} look at each element once`
    : `\`np.${sort.isPlaces ? "arg" : ""}partition\` with these places does not sort the rest`;
  return `All of \`${of}\`${taken} is sorted, and only ${shown} of it are used; ${better}.`;
}

function betterThan({ isPlaces }: Sort, { kind, isLast }: Cut): string {
  if (kind === "end") return `np.${isPlaces ? "arg" : ""}${isLast ? "max" : "min"}`;
  return `np.${isPlaces ? "arg" : ""}partition`;
}

/** `9` for `10`, `k - 1` for `k`. */
function oneLess(count: Node): string {
  const number = integerOf(count);
  return number === undefined ? `${textIn(count, ATOM)} - 1` : String(number - 1);
}

interface Sort {
  readonly at: Node;
  readonly of: Node;
  readonly isPlaces: boolean;
  readonly axis: Node | undefined;
  readonly evidence: Evidence;
}

/** `np.sort(x)`, `np.argsort(x, axis=1)`, `x.argsort()`; a stable sort wants its order. */
function sortOf(node: Node, facts: Facts): Sort | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat || !hasPlainKeywords(call)) return undefined;
  const name = facts.nameOf(call.callee);
  const method = name === undefined ? asMethodCall(node, "argsort") : undefined;
  const of = method?.object ?? (FUNCTIONS.includes(name ?? "") ? call.args[0] : undefined);
  const rest = method ? call.args : call.args.slice(1);
  if (!of || rest.length > 1 || arrayShape(of, facts).isWrittenOut || FEW.test(of.text)) return undefined;
  const evidence = method ? evidenceOf(of, isReversed(node), facts) : "proof";
  if (!evidence) return undefined;
  const at = asAttribute(call.callee)?.nameNode ?? call.callee;
  const axis = call.keywords.get("axis") ?? rest[0];
  return { at, of: unwrap(of), isPlaces: method !== undefined || name === "numpy.argsort", axis, evidence };
}

/** The function partitions already, where that pays. */
const isKnown = (node: Node): boolean => functionAround(node)?.text.includes("partition(") ?? false;

function hasPlainKeywords({ keywords }: Call): boolean {
  return [...keywords].every(([key, value]) => key === "axis" || (key === "kind" && value.text.includes("quicksort")));
}

/** Tensors, series and times have such a method too. */
const OTHERS = ["torch", "tensorflow", "jax", "pandas", "polars", "dask", "cudf"];

/** `….argsort()[::-1]`: tensors cannot be read from their end. */
const isReversed = (node: Node): boolean => asSubscript(node.parent)?.indices[0]?.text === "::-1";

function evidenceOf(of: Node, isBackwards: boolean, facts: Facts): Evidence | undefined {
  const known = facts.takenFor(of, "array");
  if (known) return known;
  if (facts.typed(of) || facts.likeness(of)) return undefined;
  const others = isBackwards ? OTHERS.filter((it) => it !== "torch" && it !== "tensorflow" && it !== "polars") : OTHERS;
  return others.some((it) => facts.view.imports(it)) ? undefined : "fair";
}

interface Cut {
  /** `end`: the first or last · `one`: some place · `few`: from one end. */
  readonly kind: "end" | "one" | "few";
  readonly text: string;
  readonly count: Node;
  readonly isLast: boolean;
  /** It cuts the second axis: `[:, :k]`. */
  readonly isSecond: boolean;
  /** Read from its end. */
  readonly isTurned: boolean;
  /** How sure it is that one place is meant. */
  readonly evidence: Evidence;
  /** The whole expression, where the sort stands in it. */
  readonly direct: Node | undefined;
}

/** What is taken of the sorted array; undefined where more than a few may be wanted. */
function cutsOf(use: Use, facts: Facts, isTurned = false): readonly Cut[] | undefined {
  const turned = isTurned ? undefined : turnedBy(use, facts);
  if (turned) return cutsOf(useOf(turned), facts, true);
  const cut = cutOf(use, isTurned, true, facts);
  if (cut) {
    // `[-k:][::-1]`
    const after = turnedBy(useOf(use.in), facts);
    return [after ? { ...cut, isTurned: true } : cut];
  }
  const [target, more] = use.kind === "assigned" ? (asAssignment(statementOf(use.node))?.targets ?? []) : [];
  if (more || target?.kind !== "identifier") return undefined;
  const all = facts.readsSeeing(target).map((it) => {
    const part = cutOf(useOf(it), isTurned, false, facts);
    return part?.kind === "one" && mayMove(part.count, it, target, facts) ? undefined : part;
  });
  const [first] = all;
  // Of parts only one and the same: several together may be all there is.
  const isMeant = (it: Cut | undefined) =>
    it !== undefined && (it.text === first?.text || (it.kind !== "few" && first?.kind !== "few"));
  return first && all.every(isMeant) ? (all as Cut[]) : undefined;
}

/** The place is another one later on: in a loop after the sort, or because its name gets a second value. */
function mayMove(place: Node, read: Node, sorted: Node, facts: Facts): boolean {
  const names = [place, ...place.descendants("identifier")].filter((it) => it.kind === "identifier");
  const loops = facts.loopsAround(read).filter((it) => !sorted.isInside(it));
  const isCounted = place.kind === "attribute" || place.descendants("attribute", "call").length > 0;
  return (
    (loops.length > 0 && isCounted) ||
    names.some((it) => facts.writesOf(it).length > 1 || loops.some((loop) => facts.writesOf(it, loop).length > 0))
  );
}

/** `x[::-1]`, `np.flip(x)`. */
function turnedBy(use: Use, facts: Facts): Node | undefined {
  if (use.kind === "subscript") {
    const [only, more] = asSubscript(use.in)?.indices ?? [];
    return only?.text.replace(/\s/g, "") === "::-1" && !more ? use.in : undefined;
  }
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  return call && /^numpy\.(flip|flipud)$/.test(facts.nameOf(call.callee) ?? "") && call.args.length < 3
    ? call.node
    : undefined;
}

/** `[:k]`, `[-k:]`, `[0]`, `[-1]`, `[i]`, `[:, :k]`. */
function cutOf(use: Use, isTurned: boolean, isDirect: boolean, facts: Facts): Cut | undefined {
  const indices = use.kind === "subscript" ? asSubscript(use.in)?.indices : undefined;
  const [first, second, more] = indices ?? [];
  if (!indices || !first || more || (second && !/^(:|\.\.\.)$/.test(first.text))) return undefined;
  const part = second ?? first;
  const text = part.text.replace(/\s/g, "");
  const rest = {
    text: part.text,
    evidence: "proof" as const,
    isSecond: second !== undefined,
    direct: isDirect ? use.in : undefined,
  };
  if (part.kind !== "slice") {
    const place = integerOf(part);
    const isEnd = place === 0 || place === -1;
    const evidence = part.kind === "list" ? undefined : place === undefined ? placeEvidence(part, facts) : "proof";
    if (!evidence) return undefined;
    return {
      ...rest,
      evidence,
      kind: isEnd ? "end" : "one",
      count: part,
      isLast: (place === -1) !== isTurned,
      isTurned: isTurned && !isEnd,
    };
  }
  const [only, other] = part.children;
  // `[1:k + 1]`: the nearest, without the thing itself.
  const skipped = other ? integerOf(only) : undefined;
  if (
    other &&
    skipped !== undefined &&
    skipped > 0 &&
    skipped <= MOST_SKIPPED &&
    /^\d+:(?:\d+|[\w.]+\+\d+|\d+\+[\w.]+)$/.test(text)
  )
    return { ...rest, kind: "few", count: other, isLast: isTurned, isTurned, direct: undefined };
  if (!only || other || text.split(":").length > 2) return undefined;
  if (/^:/.test(text) && !/^:-/.test(text)) return { ...rest, kind: "few", count: only, isLast: isTurned, isTurned };
  return /^-[^:]+:$/.test(text) ? { ...rest, kind: "few", count: only, isLast: !isTurned, isTurned } : undefined;
}

const MOST_SKIPPED = 3;

/** More places than these are a part. */
const MOST_PLACES = 2;

/** By which evidence it is one number: worked out as such, typed so, or called so. Any other name may hold a mask or many places. */
function placeEvidence(index: Node, facts: Facts): Evidence | undefined {
  const node = unwrap(index);
  if (node.kind === "binary_operator" && /\/\/|\bint\(|\blen\(/.test(node.text)) return "proof";
  if (node.kind === "call")
    return /^(int|round|min|max|len)$/.test(asCall(node)?.callee.text ?? "") ? "proof" : undefined;
  if (node.kind === "unary_operator") return placeEvidence(node.field("argument")!, facts);
  const sum = asBinary(node);
  if (sum) {
    const other =
      integerOf(sum.right) !== undefined ? sum.left : integerOf(sum.left) !== undefined ? sum.right : undefined;
    return other && /^[+*-]$/.test(sum.operator) ? placeEvidence(other, facts) : undefined;
  }
  if (node.kind !== "identifier" && node.kind !== "attribute") return undefined;
  const typed = facts.typed(node, "fair");
  if (typed) return typed.type.name === "int" ? typed.evidence : undefined;
  return COUNTS.test(lastName(node)) ? "fair" : undefined;
}

const COUNTS = /(?:^|_)(?:[kmn]$|(?:n|num|k|top)_)|(?:count|rank|median_index)$/;

/** The axis that is cut is the one that is sorted: without a word about it the last one. */
function fits({ isSecond }: Cut, { axis, of }: Sort, facts: Facts): boolean {
  const number = axis && integerOf(axis);
  const count = axesOf(of, facts)?.count;
  if (axis && axis.text === "None") return !isSecond;
  if (isSecond) return number === undefined || number === 1 || number === -1;
  if (number !== undefined && number > 0) return false;
  return number === 0 || count === undefined || count === 1;
}
