/**
 * What a value is like, told by what the code does with it: by syntax and by the tables of `knowledge/likeness-signs.ts`, never by types, so that no question
 * leads back to itself. Weaker than a type: whoever reports by it says so.
 */

import {
  ATTRIBUTES,
  LETTERS,
  METHODS,
  NAMES,
  STRONG,
  WITH_COLUMNS,
  type Likeness,
  type Sign,
} from "../knowledge/likeness-signs.js";
import { asAttribute, asCall, asComparison, asSubscript, integerOf, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { RIVALS } from "./documented-types.js";
import type { Evidence } from "./evidence.js";
import type { ModuleView } from "./module.js";
import type { Names } from "./names.js";
import { pieceOf } from "./piece.js";
import { placeOf, type Place } from "./places.js";
import type { SiteKind } from "./scopes.js";
import { jottings, makeScratch, type Scratch } from "./store.js";
import { useOf, type Use } from "./uses.js";

export type { Likeness } from "../knowledge/likeness-signs.js";

export interface Alike {
  readonly kind: Likeness;
  readonly evidence: Exclude<Evidence, "proof">;
}

/** A name that is right so often needs nothing but no contradiction beside it. */
const NEARLY = 0.9;
/** More reads, or more places that bind, than this are not looked at. */
const MOST_READS = 200;
const MOST_WRITES = 8;
/** Of a name of the module: notebooks bind one again in cell after cell. */
const MOST_MODULE_WRITES = 40;
const NO_VALUES: ReadonlySet<SiteKind> = new Set<SiteKind>(["import", "function", "class"]);

export function likenesses(view: ModuleView, names: Names): (expression: Node) => Alike | undefined {
  /** For whoever asks outside of any question of the store. */
  let own: Scratch | undefined;

  return (expression) => {
    const node = unwrap(expression);
    if (node.kind !== "identifier" && node.kind !== "attribute") return undefined;
    const known = jottings(view.store.scratch ?? (own ??= makeScratch()), "likeness") as Map<Node, Alike | undefined>;
    if (known.has(node)) return known.get(node);
    if (node.kind === "identifier" && !pieceOf(node.tree).localBindingOf(node))
      return view.store.ask<Alike | undefined>("likeness", node.text);
    const place = placeOf(node, view, names);
    const seen = place && readsLike(node, place);
    const found = seen ? judged(seen, place.text, view, names) : deviceOfOther(node, view);
    // All those reads are of the same value.
    for (const read of seen ?? [node]) known.set(read, found);
    known.set(node, found);
    return found;
  };
}

/**
 * Computes `likeness:name` of a name of the module: that is read in many pieces, so it is judged once for all. Where scripts and notebooks bind it
 * again (`df = df.drop(…)`), it is mostly of the same kind: all of its reads are looked at together, and one that contradicts rules a kind out.
 */
export function likenessOfName(name: string, view: ModuleView, names: Names): Alike | undefined {
  const sites = view.sitesOf(name);
  if (sites.length === 0 || sites.length > MOST_MODULE_WRITES || sites.some((it) => NO_VALUES.has(it.kind)))
    return undefined;
  const reads = view.readsOf(name);
  return reads.length > MOST_READS ? undefined : judged(reads, name, view, names);
}

/** Reads of what this read sees: where a name is bound more than once, those that the same places can have given their value. */
function readsLike(node: Node, place: Place): readonly Node[] | undefined {
  const { writes } = place;
  if (writes.length > MOST_WRITES) return undefined;
  if (writes.some((it) => NO_VALUES.has(it.kind))) return undefined;
  const { reads } = place;
  if (reads.length > MOST_READS) return undefined;
  if (writes.length <= 1 || place.kind === "attribute") return reads;
  const bound = writes.find((it) => it.name === node);
  const mine = bound ? [bound] : place.reaching(node);
  return reads.filter((it) => {
    const reaching = place.reaching(it);
    return reaching.length === mine.length && reaching.every((site) => mine.includes(site));
  });
}

/** `x.device`, whatever x is. */
function deviceOfOther(node: Node, view: ModuleView): Alike | undefined {
  return asAttribute(node)?.name === "device" && view.imports("torch") && !RIVALS.torch!.some(view.imports)
    ? { kind: "device", evidence: "fair" }
    : undefined;
}

/** What has this method, where only one kind has it: it tells by itself what the value before the dot is like. */
export function likenessByMethod(method: string, view: ModuleView): Likeness | undefined {
  const [kinds = "", precision = 0] = own(METHODS, method) ?? [];
  const kind = kinds.length === 1 && precision >= STRONG ? LETTERS[kinds] : undefined;
  return kind && isOfImports(kind, view) && (LIBRARY[kind] === undefined || view.imports(LIBRARY[kind]))
    ? kind
    : undefined;
}

interface Tally {
  /** The kinds that nothing seen so far rules out. */
  allowed: ReadonlySet<Likeness>;
  /** By kind: the signs for it, each with its precision. */
  readonly signs: Map<Likeness, Map<string, number>>;
  /** Kinds that have what it is asked for, whatever else has that too. */
  readonly fitting: Set<Likeness>;
  /** Signs that it can be a key: each counts once. */
  readonly keyed: Set<string>;
  /** Counted, indexed by something that is no text. */
  isCounted: boolean;
  isIndexed: boolean;
  /** Something is done with it that only says: not a plain list. */
  isPlain: boolean;
}

const ALL: ReadonlySet<Likeness> = new Set(Object.values(LETTERS));

function judged(reads: readonly Node[], text: string, view: ModuleView, names: Names): Alike | undefined {
  const tally: Tally = {
    allowed: ALL,
    signs: new Map(),
    fitting: new Set(),
    keyed: new Set(),
    isCounted: false,
    isIndexed: false,
    isPlain: true,
  };
  const tested = new Set<string>();
  for (const read of reads) look(useOf(read), tally, names, tested);

  const name = text.slice(text.lastIndexOf(".") + 1);
  const named = NAMES.find(([pattern]) => pattern.test(name));
  const best = strongest(tally, named?.[1]) ?? fittingName(tally, named);
  const found =
    best ??
    (isSequence(tally, named?.[1])
      ? ({ kind: "sequence", evidence: "fair" } as const)
      : hashable(tally, named?.[1], view));
  if (!found || !isOfImports(found.kind, view)) return undefined;
  return [...tested].every((it) => isOfKind(it, found.kind)) ? found : undefined;
}

function strongest({ signs, allowed }: Tally, named: Likeness | undefined): Alike | undefined {
  let found: Alike | undefined;
  let most = 0;
  for (const [kind, all] of signs) {
    if (!allowed.has(kind)) continue;
    const figures = [...all.values()];
    const top = Math.max(...figures);
    const weak = figures.filter((it) => it >= 0.5).length + (named === kind ? 1 : 0);
    const evidence = top >= STRONG ? "strong" : weak >= 2 ? "fair" : undefined;
    if (!evidence || top + weak / 100 <= most) continue;
    most = top + weak / 100;
    found = { kind, evidence };
  }
  return found;
}

/** A name that says it, and something asked of it that goes with the name. */
function fittingName({ allowed, fitting }: Tally, named: (typeof NAMES)[number] | undefined): Alike | undefined {
  const [, kind, precision = 0] = named ?? [];
  return kind && precision >= NEARLY && allowed.has(kind) && fitting.has(kind) ? { kind, evidence: "fair" } : undefined;
}

/** Only counted, indexed and gone through. */
function isSequence({ allowed, isCounted, isIndexed, isPlain, signs }: Tally, named: Likeness | undefined): boolean {
  return (
    (named === undefined || named === "sequence") &&
    isPlain &&
    isCounted &&
    isIndexed &&
    allowed.has("sequence") &&
    signs.size === 0
  );
}

/** In files with arrays what stands between brackets may be one. */
function hashable(
  { keyed, isIndexed, allowed }: Tally,
  named: Likeness | undefined,
  view: ModuleView,
): Alike | undefined {
  const isArrays = keyed.has("key") && ["numpy", "torch", "jax", "tensorflow"].some(view.imports);
  const signs = keyed.size - (isArrays ? 1 : 0) + (named === "text" ? 1 : 0);
  return signs >= 2 && !isIndexed && allowed.has("text") ? { kind: "hashable", evidence: "fair" } : undefined;
}

function look(use: Use, tally: Tally, names: Names, tested: Set<string>): void {
  const note = (sign: Sign | undefined, what: string): void => {
    if (!sign) return;
    const kinds = [...sign[0]].map((it) => LETTERS[it]!);
    allow(tally, kinds);
    for (const it of kinds) tally.fitting.add(it);
    const [kind] = kinds;
    if (sign[1] > 0 && kind) {
      const all = tally.signs.get(kind) ?? new Map<string, number>();
      tally.signs.set(kind, all.set(what, sign[1]));
    }
  };
  switch (use.kind) {
    case "method":
      note(own(METHODS, use.name), `${use.name}()`);
      if (use.name !== undefined && asCall(use.call)?.keywords.has("columns"))
        note(own(WITH_COLUMNS, use.name), `${use.name}(columns=)`);
      return;
    case "attribute":
    case "attribute-store":
      note(own(ATTRIBUTES, use.name), use.name ?? "");
      return;
    case "subscript":
    case "subscript-store":
    case "subscript-delete":
      lookAtItem(use, tally, note);
      return;
    case "argument":
      lookAtArgument(use, tally, names, tested, note);
      return;
    case "call":
      allow(tally, ["module"]);
      note(["m", 0.5], "called");
      return;
    case "iterated":
    case "starred":
      return;
    case "formatted":
      tally.keyed.add("formatted");
      return;
    case "compared": {
      const comparison = asComparison(use.in);
      const other = comparison && [comparison.left, comparison.right].find((it) => unwrap(it) !== use.node);
      // Whatever equals a text is one, or stands for one.
      if (other && isText(other)) tally.keyed.add("compared").add("with a text");
      return;
    }
    case "operand":
      // A key: `counts[name]`.
      if (use.in.kind === "subscript") tally.keyed.add("key");
      else if (use.in.kind === "binary_operator") tally.isPlain = false;
      return;
    case "membership":
      return;
    default:
      return;
  }
}

/** What stands between the brackets. */
function lookAtItem(use: Use, tally: Tally, note: (sign: Sign, what: string) => void): void {
  const subscript = asSubscript(use.in);
  const [index, more] = subscript?.indices ?? [];
  if (!index) return;
  const inner = unwrap(index);
  if (more) {
    note(["taf", 0], "several indices");
    tally.isPlain = false;
    return;
  }
  if (use.kind === "subscript" && isAskedAsColumn(use.in)) note(["f", 0.6], "a column is asked for it");
  if (isText(inner)) {
    note(["dfs", 0], "text key");
    tally.isPlain = false;
    return;
  }
  if (inner.kind === "list" && inner.children.length > 0 && inner.children.every(isText)) note(["f", 0.97], "columns");
  else if (isMaskOf(inner, subscript!.value)) note(["fs", 0.95], "mask of a column");
  else if (inner.kind === "slice") note(["qxatfs", 0], "slice");
  if (inner.kind === "comparison_operator" || inner.kind === "list") tally.isPlain = false;
  if (use.kind !== "subscript-delete") tally.isIndexed = true;
}

/** `df[name].value_counts()`, `df[name].str`: what only a column has. */
function isAskedAsColumn(item: Node): boolean {
  const { kind, name = "" } = useOf(item);
  return kind === "method" ? OF_COLUMNS.has(name) : kind === "attribute" && (name === "str" || name === "dt");
}

const OF_COLUMNS = new Set("value_counts isin fillna nunique notna isna isnull between map rank".split(" "));

/** `df[df["price"] > 3]`. */
function isMaskOf(index: Node, value: Node): boolean {
  return index.descendants("comparison_operator").some((it) =>
    it.children.some((operand) => {
      const column = asSubscript(unwrap(operand));
      return column !== undefined && column.value.text === value.text && isText(column.indices[0]);
    }),
  );
}

function lookAtArgument(
  use: Use,
  tally: Tally,
  names: Names,
  tested: Set<string>,
  note: (sign: Sign, what: string) => void,
): void {
  const call = asCall(use.call);
  const name = call && names.nameOf(call.callee);
  if (!call) return;
  if (name === "builtins.isinstance") {
    for (const it of typesAsked(call.args[1])) tested.add(names.nameOf(it) ?? it.text);
    return;
  }
  if (name === "builtins.len") {
    tally.isCounted = true;
    return;
  }
  if (name === undefined) {
    const method = asAttribute(call.callee)?.name;
    if (method === "to" || use.name === "device") note(["vt", 0.7], "given as device");
    if (method === "startswith" || method === "endswith") note(["x", 0.7], "prefix");
    return;
  }
  if (use.name === "device" || name === "torch.device" || name === "torch.cuda.set_device")
    note(["v", 0.7], "given as device");
  if (name === "builtins.open" || name.startsWith("os.path.")) note(["x", 0.6], "path");
  if (ARRAYS_IN.test(name) && unwrap(call.args[0] ?? use.in) === use.node) note(["afs", 0.5], name);
  if (TENSORS_IN.test(name) && unwrap(call.args[0] ?? use.in) === use.node) note(["t", 0.85], name);
  if (!PLAIN.test(name)) tally.isPlain = tally.isPlain && !/^(numpy|torch|pandas|tensorflow)\./.test(name);
}

function typesAsked(node: Node | undefined): readonly Node[] {
  const inner = node && unwrap(node);
  return !inner ? [] : inner.kind === "tuple" ? inner.children : [inner];
}

function allow(tally: Tally, kinds: readonly Likeness[]): void {
  tally.allowed = new Set(kinds.filter((it) => tally.allowed.has(it)));
}

function own<T>(table: Readonly<Record<string, T>>, name: string | undefined): T | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

function isText(node: Node | undefined): boolean {
  const inner = node && unwrap(node);
  return inner?.kind === "string" && integerOf(inner) === undefined;
}

/** A kind of one library, where the file imports another that has the same names, may be of that one. */
function isOfImports(kind: Likeness, view: ModuleView): boolean {
  const library = LIBRARY[kind];
  if (library === undefined) return true;
  if (RIVALS[library]!.some(view.imports)) return false;
  return kind === "array" ? view.imports("numpy") && !view.imports("torch") : true;
}

const LIBRARY: Partial<Record<Likeness, string>> = {
  frame: "pandas",
  series: "pandas",
  array: "numpy",
  tensor: "torch",
  module: "torch",
  device: "torch",
};

/** What code that asks `isinstance` may go on with. */
function isOfKind(name: string, kind: Likeness): boolean {
  return kind === "hashable" ? name === "builtins.str" || name === "builtins.int" : (TESTED[kind]?.test(name) ?? false);
}

const TESTED: Partial<Record<Likeness, RegExp>> = {
  frame: /\bDataFrame$/,
  series: /\bSeries$/,
  array: /\bndarray$/,
  tensor: /\bTensor$/,
  module: /\bModule$/,
  sequence: /\b(list|tuple|Sequence|List)$/,
  mapping: /\b(dict|Mapping|Dict|OrderedDict|MutableMapping)$/,
  text: /\bstr$/,
  device: /\bdevice$/,
};

const ARRAYS_IN =
  /^numpy\.(mean|sum|std|var|median|argmax|argmin|argsort|unique|concatenate|stack|vstack|hstack|dot|where|exp|log|sqrt|abs|isnan|clip|expand_dims|transpose|reshape|zeros_like|ones_like|linalg\.\w+)$/;
const TENSORS_IN =
  /^torch\.(cat|stack|matmul|bmm|mm|sum|mean|softmax|sigmoid|exp|log|sqrt|where|clamp|zeros_like|ones_like|rand_like|randn_like|empty_like|argmax|topk|einsum|nn\.functional\.\w+)$/;
const PLAIN = /^builtins\./;
