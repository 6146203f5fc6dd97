/** `scores.argsort(descending=True)[:k]`: everything is sorted for the first few. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  fixOf,
  hasComments,
  integerOf,
  replace,
  statementOf,
  unwrap,
  useOf,
  type Call,
  type Evidence,
  type Facts,
  type Node,
  type Use,
} from "../../analysis/authoring.js";

const RANDOM = /^torch\.rand(n|_like|n_like|perm)?$/;
const FUNCTIONS = ["torch.sort", "torch.argsort"];

export default defineRule({
  title: "Tensor sorted for its first elements",
  why: "Sorting puts every element in its place and writes values and places of all of them. topk looks for the first k alone, and gives them in order.",
  guide: "pytorch",
  level: "info",
  gain: "time",
  imports: ["torch"],
  fixes: "review",

  examples: [
    {
      before: `
import torch

def best(scores: torch.Tensor) -> torch.Tensor:
    return torch.argsort(scores, descending=True)[:5]
`,
      after: `
import torch

def best(scores: torch.Tensor) -> torch.Tensor:
    return torch.topk(scores, 5).indices
`,
    },
  ],

  on: ["call"],
  calls: FUNCTIONS,
  methods: ["sort", "argsort"],

  find(node, { facts }) {
    const sort = sortOf(node, facts);
    if (!sort || facts.isTest) return undefined;
    const cuts = cutsOf(node, sort, facts);
    if (!cuts || !cuts.every((it) => fits(it.axis, sort.axis))) return undefined;
    return { at: sort.at, evidence: sort.evidence, weight: facts.weightOf(node), sort, cuts };
  },

  message: ({ sort, cuts }) =>
    `\`${sort.of.text}\` is sorted whole, and only \`[${cuts[0]!.text}]\` of it is used; \`topk\` finds these alone.`,

  fix({ sort, cuts }, { facts }) {
    const [cut, more] = cuts;
    if (more || !cut?.direct) return declined("the sorted values have a name");
    if (cut.isEnd) return declined("the last ones are asked for, in rising order");
    if (hasComments(cut.direct)) return declined("a comment would be lost");
    if (cut.count.kind === "none" || (cut.count.kind === "identifier" && facts.isSetToNone(cut.count)))
      return declined("the count may be None, which takes all of it");
    if (holdsBools(sort.of, facts)) return declined("topk takes no bools");
    const [first, keywords] = [sort.call.args, [] as string[]];
    if (sort.dim) keywords.push(`dim=${sort.dim.text}`);
    if (!sort.isDescending) keywords.push("largest=False");
    const list = [cut.count.text, ...keywords];
    const made = sort.isMethod
      ? `${sort.of.text}.topk(${list.join(", ")})`
      : `${sort.call.callee.text.replace(/\b(arg)?sort$/, "topk")}(${[sort.of.text, ...list].join(", ")})`;
    if (!made.includes("topk") || first.some((it) => it.kind === "list_splat"))
      return declined("topk is not imported here");
    return fixOf(
      "Use topk",
      [
        "it fails if there are fewer elements",
        "equal elements may come in another order",
        integerOf(cut.count) === undefined &&
          `\`${cut.count.text}\` must be a whole number, not None and not below zero`,
        "a tensor of bools has no topk",
        sort.evidence !== "proof" && `\`${sort.of.text}\` must be a tensor`,
        cut.axis === "first" && sort.axis === undefined && "the tensor must have one axis",
      ],
      [replace(cut.direct, `${made}.${cut.part}`)],
    );
  },
});

/** `scores > 0`, `torch.tensor([True, False])`, `x.bool()`. */
function holdsBools(of: Node, facts: Facts): boolean {
  const made = unwrap(facts.valueOf(of) ?? of);
  return (
    made.kind === "comparison_operator" ||
    /\.bool\(\)$|dtype=torch\.bool\b|^torch\.(tensor|as_tensor)\(\s*\[\s*(True|False)\b/.test(made.text)
  );
}

/** The slice cuts the axis that is sorted: without a word about it the last one, which is the first where there is but one. */
const fits = (cut: Axis, sorted: Axis | undefined): boolean =>
  cut === sorted ||
  (sorted === undefined && cut !== "second") ||
  (cut === "second" && (sorted === undefined || sorted === "last")) ||
  (cut === "last" && sorted === "second");

type Axis = "first" | "second" | "last" | "other";

interface Sort {
  readonly call: Call;
  readonly at: Node;
  readonly of: Node;
  readonly isMethod: boolean;
  readonly isPlaces: boolean;
  readonly isDescending: boolean;
  readonly dim: Node | undefined;
  /** Undefined where it is not said: the last one. */
  readonly axis: Axis | undefined;
  readonly evidence: Evidence;
}

/** `torch.sort(x)`, `x.argsort(dim=1, descending=True)`; a stable sort wants its order. */
function sortOf(node: Node, facts: Facts): Sort | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat || call.keywords.has("stable") || call.keywords.has("out")) return undefined;
  const name = facts.nameOf(call.callee);
  const isMethod = name === undefined;
  const method = isMethod ? asMethodCall(node, "sort", "argsort") : undefined;
  const of = method?.object ?? (FUNCTIONS.includes(name ?? "") ? call.args[0] : undefined);
  if (!of) return undefined;
  const rest = isMethod ? call.args : call.args.slice(1);
  // A random order, of which a share is kept: topk has nothing to win where that is most of it.
  if (RANDOM.test(facts.nameOf(asCall(facts.valueOf(of) ?? of)?.callee ?? of) ?? "")) return undefined;
  // Lists, arrays and frames are sorted by methods of these names too.
  const isOurs = call.keywords.has("dim") || (rest[0] !== undefined && integerOf(rest[0]) !== undefined);
  const evidence = isMethod ? (facts.takenFor(of, "tensor") ?? (isOurs ? "fair" : undefined)) : "proof";
  if (!evidence || (isMethod && /polars|numpy|pandas/.test(facts.typed(of)?.type.name ?? ""))) return undefined;
  const dim = call.keywords.get("dim") ?? rest[0];
  const descending = call.keywords.get("descending") ?? rest[1];
  if (descending && descending.text !== "True" && descending.text !== "False") return undefined;
  const at = asAttribute(call.callee)?.nameNode ?? call.callee;
  return {
    call,
    at,
    of,
    isMethod,
    isPlaces: at.text === "argsort",
    isDescending: descending?.text === "True",
    dim,
    axis: axisOf(dim),
    evidence,
  };
}

function axisOf(dim: Node | undefined): Axis | undefined {
  const number = dim && integerOf(dim);
  if (!dim) return undefined;
  return number === 0 ? "first" : number === 1 ? "second" : number === -1 ? "last" : "other";
}

interface Cut {
  /** `:k`, `:, :k`. */
  readonly text: string;
  readonly count: Node;
  readonly axis: Axis;
  /** `[-k:]`. */
  readonly isEnd: boolean;
  readonly part: "values" | "indices";
  /** The whole expression, where the sort stands in it. */
  readonly direct: Node | undefined;
}

/** What is taken of the sorted values and places; undefined where more than the first few may be wanted. */
function cutsOf(node: Node, sort: Sort, facts: Facts): readonly Cut[] | undefined {
  const use = useOf(node);
  if (sort.isPlaces) return cutsOfPart(use, "indices", facts);
  if (use.kind === "attribute" && (use.name === "values" || use.name === "indices"))
    return cutsOfPart(useOf(use.in), use.name, facts);
  if (use.kind === "subscript") {
    const number = integerOf(asSubscript(use.in)?.indices[0]);
    const part = number === 0 ? "values" : number === 1 ? "indices" : undefined;
    return part && cutsOfPart(useOf(use.in), part, facts);
  }
  if (use.kind !== "assigned") return undefined;
  const [target, more] = asAssignment(statementOf(node))?.targets ?? [];
  const parts = !more && target && ["pattern_list", "tuple_pattern"].includes(target.kind) ? target.children : [];
  const [values, places] = parts;
  if (parts.length !== 2 || values?.kind !== "identifier" || places?.kind !== "identifier") return undefined;
  const all = [...cutsOfName(values, "values", facts), ...cutsOfName(places, "indices", facts)];
  return all.length > 0 && all.every((it) => it !== undefined && it.text === all[0]?.text) ? (all as Cut[]) : undefined;
}

function cutsOfPart(use: Use, part: Cut["part"], facts: Facts): readonly Cut[] | undefined {
  const cut = cutOf(use, part, true);
  if (cut) return [cut];
  const [target, more] = use.kind === "assigned" ? (asAssignment(statementOf(use.node))?.targets ?? []) : [];
  if (more || target?.kind !== "identifier") return undefined;
  const all = cutsOfName(target, part, facts);
  return all.length > 0 && all.every((it) => it !== undefined && it.text === all[0]?.text) ? (all as Cut[]) : undefined;
}

const cutsOfName = (name: Node, part: Cut["part"], facts: Facts): readonly (Cut | undefined)[] =>
  facts.readsSeeing(name).map((it) => cutOf(useOf(it), part, false));

/** `[:k]`, `[:, :k]`, `[..., :k]`, `[-k:]`. */
function cutOf(use: Use, part: Cut["part"], isDirect: boolean): Cut | undefined {
  const indices = use.kind === "subscript" ? asSubscript(use.in)?.indices : undefined;
  const [first, second, more] = indices ?? [];
  if (!indices || !first || more) return undefined;
  const slice = second ?? first;
  const axis: Axis | undefined = !second
    ? "first"
    : first.text === ":"
      ? "second"
      : first.text === "..."
        ? "last"
        : undefined;
  if (slice.kind !== "slice" || !axis) return undefined;
  const text = slice.text.replace(/\s/g, "");
  const [only, other] = slice.children;
  if (!only || other) return undefined;
  const isStart = /^:[^:]+$/.test(text);
  const isEnd = /^-[^:]+:$/.test(text);
  if ((!isStart && !isEnd) || (isStart && only.text.startsWith("-"))) return undefined;
  return {
    text: indices.map((it) => it.text).join(", "),
    count: only,
    axis,
    isEnd,
    part,
    direct: isDirect ? use.in : undefined,
  };
}
