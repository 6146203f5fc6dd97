/** Two loops, one inside the other, that work out one distance for each pair of rows. */

import {
  asAssignment,
  asCall,
  asComprehension,
  asFor,
  asIf,
  asMethodCall,
  asSubscript,
  clauseTurns,
  declined,
  defineRule,
  excerpt,
  fixOf,
  formOf,
  hasComments,
  importName,
  isCompiled,
  metricOf,
  replace,
  statementsOf,
  unwrap,
  type Evidence,
  type Facts,
  type Node,
  type RowNames,
  type RowRole,
  type Weight,
} from "../../analysis/authoring.js";

/** Pairs up to this number are no work. */
const FEW = 100;
/** Statements of a loop that are looked through. */
const MOST = 30;

export default defineRule({
  title: "Distance worked out pair by pair",
  why: "A Python loop over all pairs calls NumPy once for each of them, on a few numbers at a time, and the calls cost far more than the arithmetic. One call of cdist, pdist or a matrix product works out all pairs in compiled code.",
  guide: "numpy",
  level: "warning",
  differs: { light: "off" },
  gain: "time",
  imports: ["numpy", "scipy", "sklearn", "torch", "sentence_transformers"],
  overrides: ["numpy/elementwise-loop", "iteration/append-in-loop", "iteration/range-len"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np
from scipy.spatial.distance import cdist

def distances(points: np.ndarray, centers: np.ndarray) -> np.ndarray:
    result = np.zeros((len(points), len(centers)))
    for i in range(len(points)):
        for j in range(len(centers)):
            result[i, j] = np.linalg.norm(points[i] - centers[j])
    return result
`,
      after: `
import numpy as np
from scipy.spatial.distance import cdist

def distances(points: np.ndarray, centers: np.ndarray) -> np.ndarray:
    result = np.zeros((len(points), len(centers)))
    result[:] = cdist(points, centers)
    return result
`,
    },
  ],

  on: ["for_statement", "list_comprehension", "generator_expression"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const pairs = pairsOf(node, facts);
    const found = pairs && distanceIn(pairs, facts);
    if (!found || isCompiled(node, facts)) return undefined;
    const weight = weightOf(pairs, facts);
    return { at: found.at, construct: pairs.whole, evidence: found.evidence, weight, pairs, found };
  },

  message: ({ found: { metric, rows, others, isTensor, isPart, at }, weight }) => {
    const [a, b] = [excerpt(rows.text, 25), excerpt(others.text, 25)];
    const better = isPart
      ? `\`${isTensor ? "torch.cdist" : metric === "product" ? "@" : "cdist"}\` on arrays made of all of them`
      : metric === "product"
        ? `\`${a} @ ${b}.T\``
        : metric === "cosine similarity"
          ? "a product of the rows, each divided by its norm,"
          : isTensor
            ? `\`torch.cdist(${a}, ${b})\``
            : `\`cdist(${a}, ${b}${metric === "euclidean" ? "" : `, "${metric}"`})\``;
    const where = weight === "heavy" ? "" : ", which matters if there are many rows";
    return `\`${excerpt(at.text.replace(/\s+/g, " "), 35)}\` runs for every pair of rows; ${better} works out all at once${where}.`;
  },

  fix({ pairs, found }, file) {
    const { facts } = file;
    const { metric, rows, others, isTensor, store } = found;
    if (metric === "product" || metric === "cosine similarity" || isTensor)
      return declined("it depends on what else is done with the rows");
    if (!store || !pairs.isWhole || !isRowOf(found.a, pairs.outer) || !isRowOf(found.b, pairs.inner))
      return declined("the loops do more than to fill a table with the distances of all rows");
    if (hasComments(pairs.whole)) return declined("there is a comment inside the loop");
    if (!facts.library("scipy") && !facts.fileMatches(/\bscipy\b/)) return declined("SciPy may not be installed here");
    const cdist = importName(file, "scipy.spatial.distance", "cdist", pairs.whole);
    if (!cdist) return declined("`cdist` cannot be imported here");
    const given = [rows.text, others.text, ...(metric === "euclidean" ? [] : [`"${metric}"`])];
    return fixOf(
      "Use cdist",
      [
        "the last digits may differ",
        "unsigned numbers no longer wrap around, and complex ones fail",
        `\`${rows.text}\` and \`${others.text}\` must have two axes, and \`${store.text}\` a cell for each pair of their rows`,
      ],
      [...cdist.edits, replace(pairs.whole, `${store.text}[:] = ${cdist.name}(${given.join(", ")})`)],
    );
  },
});

/** One of the two loops: what it goes through, and the names that it sets. */
interface Turn {
  readonly over: Node;
  readonly names: ReadonlySet<string>;
  /** `range(len(x))`, `enumerate(x)`, `x`: what it goes through from the first row to the last. */
  readonly rows: Node | undefined;
  readonly clause: Node | undefined;
}

interface Pairs {
  readonly whole: Node;
  readonly outer: Turn;
  readonly inner: Turn;
  /** Statements in front of the inner loop, then those inside it. */
  readonly before: readonly Node[];
  readonly statements: readonly Node[];
  /** The expression that is made of each pair, of a comprehension. */
  readonly element: Node | undefined;
  /** Both go through all rows, and nothing else is done. */
  readonly isWhole: boolean;
}

function pairsOf(node: Node, facts: Facts): Pairs | undefined {
  const inner = asFor(node);
  if (!inner) return ofComprehension(node, facts);
  if (inner.isAsync) return undefined;
  const combined = combinationsOf(inner.target, inner.iterable, facts);
  if (combined) {
    const statements = statementsOf(inner.body);
    return { whole: node, ...combined, before: [], statements, element: undefined, isWhole: false };
  }
  const outer = asFor(node.parent?.kind === "block" ? node.parent.parent : undefined);
  if (!outer || outer.isAsync || node.parent !== outer.body) return undefined;
  const [first, second] = [
    turnOf(outer.target, outer.iterable, outer.node, facts),
    turnOf(inner.target, inner.iterable, node, facts),
  ]; // prettier-ignore
  if (!first || !second || !goesThroughAll(second.over, first.names, facts)) return undefined;
  const around = statementsOf(outer.body);
  const before = around.slice(0, around.indexOf(node));
  const statements = statementsOf(inner.body);
  if (before.length > MOST || statements.length > MOST) return undefined;
  const isWhole = around.length === 1 && statements.length === 1 && !inner.orElse && !outer.orElse;
  return { whole: outer.node, outer: first, inner: second, before, statements, element: undefined, isWhole };
}

/** `[[f(a, b) for b in y] for a in x]`, `[f(a, b) for a in x for b in y]`. */
function ofComprehension(node: Node, facts: Facts): Pairs | undefined {
  const made = asComprehension(node);
  const [first, second, third] = made?.clauses ?? [];
  if (!made || !first || third) return undefined;
  const rest = { before: [], statements: [], element: made.element, isWhole: false };
  if (!second) {
    const combined = combinationsOf(first.target, first.iterable, facts);
    if (combined) return { whole: node, ...combined, ...rest };
    const nested = asComprehension(unwrap(made.element));
    const [deeper, more] = nested?.clauses ?? [];
    if (!nested || !deeper || more || nested.kind !== "list") return undefined;
    return pairOf(node, first, deeper, nested.element, facts);
  }
  return pairOf(node, first, second, made.element, facts);
}

type Clause = { readonly target: Node; readonly iterable: Node };

function pairOf(whole: Node, first: Clause, second: Clause, element: Node, facts: Facts): Pairs | undefined {
  const [outer, inner] = [first, second].map((it) => turnOf(it.target, it.iterable, it.target.parent, facts));
  if (!outer || !inner || !goesThroughAll(inner.over, outer.names, facts)) return undefined;
  return { whole, outer, inner, before: [], statements: [], element, isWhole: false };
}

/** `combinations(x, 2)`, `product(x, y)`. */
function combinationsOf(
  target: Node,
  iterable: Node,
  facts: Facts,
): { readonly outer: Turn; readonly inner: Turn } | undefined {
  const call = asCall(unwrap(iterable));
  const name = call && facts.nameOf(call.callee);
  const [first, second, more] = call?.args ?? [];
  const [left, right, third] = ["pattern_list", "tuple_pattern"].includes(target.kind) ? target.children : [];
  if (!call || !first || !left || !right || third || more) return undefined;
  const isProduct = name === "itertools.product";
  if (!isProduct && !/^itertools\.(combinations|permutations|combinations_with_replacement)$/.test(name ?? ""))
    return undefined;
  const over = isProduct ? (second ?? first) : first;
  const [outer, inner] = [turnOf(left, first, undefined, facts), turnOf(right, over, undefined, facts)];
  return outer && inner ? { outer, inner } : undefined;
}

function turnOf(target: Node, over: Node, clause: Node | undefined, facts: Facts): Turn | undefined {
  const names = new Set(
    [target, ...target.descendants("identifier")].filter((it) => it.kind === "identifier").map((it) => it.text),
  );
  const source = unwrap(over);
  const call = asCall(source);
  const [only, more] = call?.args ?? [];
  const name = call && facts.nameOf(call.callee);
  const isSingle = only !== undefined && !more && call!.keywords.size === 0;
  const length = asCall(only && unwrap(only));
  const rows =
    source.kind === "identifier" || source.kind === "attribute"
      ? source
      : isSingle && name === "builtins.enumerate"
        ? unwrap(only)
        : isSingle && name === "builtins.range"
          ? length && facts.nameOf(length.callee) === "builtins.len"
            ? length.args[0]
            : rowsOfShape(only)
          : undefined;
  return names.size > 0 ? { over, names, rows, clause } : undefined;
}

/** The `x` of `x.shape[0]`. */
function rowsOfShape(node: Node): Node | undefined {
  const part = asSubscript(unwrap(node));
  return part?.value.text.endsWith(".shape") && part.indices.length === 1 && part.indices[0]!.text === "0"
    ? (part.value.field("object") ?? undefined)
    : undefined;
}

/** The inner loop goes through all rows or the rest of them, not through what belongs to this one row. */
function goesThroughAll(over: Node, outer: ReadonlySet<string>, facts: Facts): boolean {
  const source = unwrap(over);
  const uses = [source, ...source.descendants("identifier")].filter(
    (it) => it.kind === "identifier" && outer.has(it.text),
  );
  if (uses.length === 0) return true;
  const call = asCall(source);
  const name = call && facts.nameOf(call.callee);
  if (name === "builtins.range") return uses.every((it) => it.ancestor("call")?.start === source.start);
  return uses.every((it) => it.ancestor("slice", "call")?.kind === "slice");
}

interface Distance {
  readonly at: Node;
  readonly metric: string;
  readonly a: Node;
  readonly b: Node;
  /** The tables that the rows are taken from. */
  readonly rows: Node;
  readonly others: Node;
  readonly evidence: Evidence;
  readonly isTensor: boolean;
  /** Of objects that hold the row: `atom.position`. */
  readonly isPart: boolean;
  /** The table that the distance is stored in, as it is. */
  readonly store: Node | undefined;
}

function distanceIn(pairs: Pairs, facts: Facts): Distance | undefined {
  const { outer, inner, before, statements, element } = pairs;
  const locals = new Map<string, string>();
  const leaves = new Map<RowRole, Node>();
  const names: RowNames = { roleOf: (node) => roleIn(node, outer.names, inner.names, leaves), locals, isLoose: true };
  const keep = (statement: Node): Node | undefined => {
    const { targets, value } = asAssignment(statement) ?? {};
    const [target, more] = targets ?? [];
    if (target?.kind === "identifier" && !more && value) locals.set(target.text, formOf(value, names, facts));
    return value;
  };
  for (const it of before) keep(it);
  const search = (value: Node | undefined, store: Node | undefined): Distance | undefined => {
    const at = value && placeIn(value, names, facts);
    const [a, b] = [leaves.get("A"), leaves.get("B")];
    if (!at || !a || !b) return undefined;
    const [rows, others] = [tableOf(a, outer), tableOf(b, inner)];
    const metric = metricOf(at, names, facts)!;
    const evidence = evidenceOf(at, [rows, others], metric, facts);
    if (!evidence || changes(rows, pairs, facts) || changes(others, pairs, facts)) return undefined;
    const isTensor = [rows, others].some((it) => facts.takenFor(it, "tensor") !== undefined) || isOfTorch(at, facts);
    const isPart = a.kind === "attribute" || b.kind === "attribute";
    return {
      at,
      metric,
      a,
      b,
      rows,
      others,
      evidence,
      isTensor,
      isPart,
      store: at === unwrap(value) ? store : undefined,
    };
  };
  if (element) return search(element, undefined);
  for (const it of flat(statements, pairs)) {
    const { targets = [], value } = asAssignment(it) ?? {};
    const appended = value ? undefined : asMethodCall(it.children[0], "append")?.args[0];
    const cell = asSubscript(targets[0]);
    const [first, second, more] = cell?.indices ?? [];
    const isCell =
      targets.length === 1 && outer.names.has(first?.text ?? "") && inner.names.has(second?.text ?? "") && !more;
    const found = search(value ?? appended, isCell ? cell?.value : undefined);
    if (found) return found;
    keep(it);
  }
  return undefined;
}

/** With those under `if i != j`. */
function flat(statements: readonly Node[], { outer, inner }: Pairs): readonly Node[] {
  return statements.flatMap((it) => {
    const branch = asIf(it);
    if (!branch) return [it];
    const about = branch.condition.descendants("identifier");
    const isPlace = about.length > 0 && about.every((name) => outer.names.has(name.text) || inner.names.has(name.text));
    return isPlace ? [...statementsOf(branch.body), ...(branch.orElse ? statementsOf(branch.orElse) : [])] : [];
  });
}

const PLACES = new Set(["identifier", "attribute", "subscript"]);

/** A row of the outer loop, of the inner one, or neither. */
function roleIn(
  node: Node,
  outer: ReadonlySet<string>,
  inner: ReadonlySet<string>,
  leaves: Map<RowRole, Node>,
): RowRole {
  if (!PLACES.has(node.kind) || node.end - node.start > 80 || isCellOfCall(node)) return undefined;
  const all = node.kind === "identifier" ? [node] : node.descendants("identifier");
  const [isOuter, isInner] = [outer, inner].map((names) => all.some((it) => names.has(it.text)));
  if (isOuter === isInner) return undefined;
  const role = isOuter ? "A" : "B";
  const known = leaves.get(role);
  if (known && known.text !== node.text) return undefined;
  leaves.set(role, node);
  return role;
}

/** `f(x[i])[0]`. */
const isCellOfCall = (node: Node): boolean => asCall(asSubscript(node)?.value) !== undefined;

/** The expression that is a distance: the whole, or a part of it. */
function placeIn(value: Node, names: RowNames, facts: Facts): Node | undefined {
  const whole = unwrap(value);
  const parts = [whole, ...whole.descendants("call"), ...whole.descendants("binary_operator")];
  if (parts.length > MOST) return undefined;
  return parts.find((it) => isWork(it) && metricOf(it, names, facts) !== undefined);
}

const isWork = (node: Node): boolean => ["call", "binary_operator", "subscript"].includes(node.kind);

/** `x` of `x[i]`, or what the loop goes through. */
function tableOf(row: Node, { rows, over }: Turn): Node {
  let at = row;
  for (let steps = 0; steps < 4 && at.kind === "attribute"; steps++) at = at.field("object") ?? at;
  const part = asSubscript(at);
  const whole = part ? part.value : (rows ?? unwrap(over));
  // The rest of them: `x[i + 1:]`.
  const rest = asSubscript(whole);
  return rest?.indices.length === 1 && rest.indices[0]!.kind === "slice" ? rest.value : whole;
}

/** `x[i]`, `x[i, :]`, or the item of the loop itself. */
function isRowOf(row: Node, { names, rows }: Turn): boolean {
  if (row.kind === "identifier") return rows !== undefined;
  const part = asSubscript(row);
  const [first, second, more] = part?.indices ?? [];
  return (
    part !== undefined &&
    rows?.text === part.value.text &&
    names.has(first?.text ?? "") &&
    (!second || second.text === ":") &&
    !more
  );
}

/** A product or a difference of unknown things may be one of numbers; NumPy's functions say that they are rows. */
function evidenceOf(at: Node, tables: readonly Node[], metric: string, facts: Facts): Evidence | undefined {
  const types = tables.map((it) => facts.typed(it)?.type.name);
  if (types.some((it) => it === "dict" || it === "str" || it === "set")) return undefined;
  const known = tables.map((it) => facts.takenFor(it, "array") ?? facts.takenFor(it, "tensor"));
  const isKnown = known.every((it) => it !== undefined);
  if (metric === "product" && !isKnown) return "fair";
  if (known.every((it) => it === "proof")) return "proof";
  const names = [at, ...at.descendants("call")].map((it) => facts.nameOf(asCall(it)?.callee ?? it) ?? "");
  return names.some((it) => /^(numpy|scipy|sklearn|torch|sentence_transformers)\./.test(it)) ? "strong" : "fair";
}

const isOfTorch = (at: Node, facts: Facts): boolean =>
  [at, ...at.descendants("call")].some((it) => facts.nameOf(asCall(it)?.callee ?? it)?.startsWith("torch."));

/** The rows are moved while the loops run. */
function changes(table: Node, { whole }: Pairs, facts: Facts): boolean {
  return table.kind === "identifier" && whole.kind === "for_statement" && facts.isStableIn(table, whole) === "no";
}

function weightOf({ outer, inner, whole }: Pairs, facts: Facts): Weight {
  const turns = [outer, inner].map(({ clause }) => clause && clauseTurns(clause, facts));
  const product = turns.reduce<number>((all, it) => all * (it ?? 1_000), 1);
  if (turns.every((it) => it !== undefined))
    return product <= FEW ? "light" : product <= FEW * FEW ? "unknown" : "heavy";
  if (turns.some((it) => it !== undefined && it < 4)) return "light";
  const sizes = [outer, inner].map(({ over }) => facts.sizeOf(over));
  if (sizes.every((it) => it === "light")) return "light";
  return sizes.includes("heavy") || facts.weightOf(whole) === "heavy" ? "heavy" : "unknown";
}
