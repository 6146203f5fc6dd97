/** How much a loop goes through: whether it is large for certain, a handful, or nobody can say. */

import { isProgressBar } from "./progress.js";
import {
  asAttribute,
  asCall,
  asComprehension,
  asMethodCall,
  asSubscript,
  integerOf,
  unwrap,
} from "../syntax/expressions.js";
import { asFor, asWhile, functionAround, jumpsOf } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { derivesFrom } from "../knowledge/index.js";
import type { Weight } from "./evidence.js";
import type { ModuleView } from "./module.js";
import type { Names } from "./names.js";
import { placeOf, valueOf } from "./places.js";
import { jottings, makeScratch, type Scratch } from "./store.js";
import type { Maybe } from "./types.js";
import type { UseKind } from "./uses.js";

/** From so many turns on it matters what each of them costs. */
export const MANY = 1000;
/** Up to so many it does not. */
export const FEW = 16;

/** So many rows of a table are taken to be looked at. */
const FEW_ROWS = 50;

/** How far names and calls are followed to what is gone through in the end. */
const DEPTH = 6;

export interface Sizes {
  /** `heavy`: a file, a query, the rows of a frame, a thousand or more for certain · `light`: written out, a handful · `unknown`: anything else. */
  sizeOf(iterable: Node): Weight;
  /** How often a `for`, `while` or comprehension turns. */
  turnsOf(loop: Node): Weight;
}

/** @param typeOf what is stated; see `sources.ts` */
export function sizes(view: ModuleView, names: Names, typeOf: (node: Node) => Maybe): Sizes {
  const integerBehind = (node: Node): number | undefined => {
    const value = integerOf(node);
    if (value !== undefined || unwrap(node).kind !== "identifier") return value;
    const given = valueOf(node, view, names);
    return given && integerOf(given);
  };

  const sizeOf = (iterable: Node, depth = 0): Weight => {
    const node = unwrap(iterable);
    if (depth > DEPTH || node.isBroken) return "unknown";
    const inner = (it: Node) => sizeOf(it, depth + 1);
    switch (node.kind) {
      case "list":
      case "tuple":
      case "set":
      case "expression_list":
      case "dictionary":
        return written(node, inner);
      case "string":
      case "concatenated_string":
        return node.descendants("interpolation").length === 0 ? byNumber(node.text.length) : "unknown";
      case "list_comprehension":
      case "set_comprehension":
      case "dictionary_comprehension":
      case "generator_expression":
        return product((asComprehension(node)?.clauses ?? []).map((it) => inner(it.iterable)));
      case "conditional_expression":
      case "boolean_operator":
      case "binary_operator":
        return "unknown";
      case "subscript":
        return ofSubscript(node, inner);
      case "call":
        return ofCall(node, inner);
      case "attribute":
        return ofAttribute(node, inner);
      case "identifier":
        return ofName(node, inner);
      default:
        return byType(node);
    }
  };

  const byType = (node: Node): Weight => {
    const name = typeOf(node)?.name;
    if (name === undefined) return "unknown";
    if (STREAMS.has(name) || derivesFrom(name, "torch.utils.data.DataLoader")) return "heavy";
    return HANDFULS.has(name) ? "light" : "unknown";
  };

  const ofSubscript = (node: Node, inner: (it: Node) => Weight): Weight => {
    const [index, more] = asSubscript(node)?.indices ?? [];
    const value = asSubscript(node)?.value;
    if (!index || more || !value) return byType(node);
    if (index.kind !== "slice") return byType(node);
    const parts = index.allChildren;
    const colon = parts.findIndex((it) => it.token === ":");
    const [from, to] = [parts.slice(0, colon), parts.slice(colon + 1)].map((it) => it.find((part) => part.isNamed));
    const stop = to && integerBehind(to);
    const start = from && integerBehind(from);
    if (stop !== undefined && stop >= 0 && stop - Math.max(0, start ?? 0) <= FEW && (start ?? 0) >= 0) return "light";
    if (start !== undefined && start < 0 && start >= -FEW && !to) return "light";
    return inner(value) === "light" ? "light" : "unknown";
  };

  const ofCall = (node: Node, inner: (it: Node) => Weight): Weight => {
    const call = asCall(node);
    if (!call) return "unknown";
    const name = names.nameOf(call.callee);
    const [first] = call.args;
    if (name !== undefined) {
      if (TABLES.test(name)) return ofTable(call.args[0] ?? call.keywords.get("data"), inner);
      if (name === "builtins.range") return ofRange(call.args, inner);
      if (name === "builtins.zip") return shortest(call.args.map(inner));
      if (name === "itertools.islice" && call.args[1]) {
        const count = integerBehind(call.args.length > 2 ? call.args[2]! : call.args[1]);
        return count !== undefined && count <= FEW ? "light" : first && count === undefined ? inner(first) : "unknown";
      }
      if (name === "itertools.product") return product(call.args.map(inner));
      if (name === "itertools.chain") return product(call.args.map(inner));
      if (name === "itertools.count" || name === "itertools.cycle") return "unknown";
      if (name === "builtins.map" && call.args[1]) return inner(call.args[1]);
      if (name === "builtins.filter" && call.args[1]) return inner(call.args[1]);
      if (PASSES_ON.test(name) || isProgressBar(name)) return first ? inner(first) : "light";
      if (FEW_FROM.test(name)) return "light";
      if (MANY_FROM.test(name)) return "heavy";
      return byType(node);
    }
    const method = asMethodCall(node);
    if (!method) return byType(node);
    if (OF_DICT.test(method.method) && call.args.length === 0) {
      const of = inner(method.object);
      return of === "heavy" && !isStatedDict(method.object) ? "unknown" : of;
    }
    // `frame.head()`, `frame.nlargest(3, "price")`, `counts.most_common(10)`
    if (FIRST_ROWS.has(method.method)) {
      const count = call.args[0] ?? call.keywords.get("n");
      const rows = count ? integerBehind(count) : method.method === "most_common" ? undefined : 5;
      return rows !== undefined && Math.abs(rows) <= FEW_ROWS ? "light" : "unknown";
    }
    if (ROWS.has(method.method)) return inner(method.object) === "light" ? "light" : "heavy";
    if (SAME_ROWS.has(method.method)) return inner(method.object) === "light" ? "light" : byType(node);
    if (HANDFUL_METHODS.has(method.method)) return "light";
    // `model.parameters()`: the few hundred things that a model holds anyway.
    const receiver = typeOf(method.object)?.name;
    if (receiver !== undefined && derivesFrom(receiver, "torch.nn.Module")) return "unknown";
    return byType(node);
  };

  /** As many rows as are written out: a list of them, or the lists of the columns. */
  const ofTable = (data: Node | undefined, inner: (it: Node) => Weight): Weight => {
    const given = data && unwrap(data);
    const written = given?.kind === "identifier" && !isGrown(given) ? valueOf(given, view, names) : given;
    const rows = written && unwrap(written);
    if (rows?.kind === "list" || rows?.kind === "tuple") return inner(rows);
    if (!rows) return "unknown";
    if (rows.kind !== "dictionary") return isMadeSmall(rows) ? "light" : "unknown";
    const columns = rows.children.flatMap((it) => it.field("value") ?? []);
    return columns.some((it) => (it.kind === "list" ? inner(it) === "light" : isMadeSmall(it))) ? "light" : "unknown";
  };

  /** `np.random.randn(3)`, `np.zeros((4, 4))`, and a Series of one: the first number says how many rows. */
  const isMadeSmall = (node: Node): boolean => {
    const call = asCall(unwrap(node));
    const name = call && names.nameOf(call.callee);
    const [first] = call?.args ?? [];
    if (!first || name === undefined) return false;
    if (name === "pandas.Series") return isMadeSmall(first);
    const size = first.kind === "tuple" ? first.children[0] : first;
    const rows = ARRAYS_MADE.test(name) && size ? integerBehind(size) : undefined;
    return rows !== undefined && rows <= FEW;
  };

  const isStatedDict = (node: Node) => typeOf(node)?.name === "dict";

  const ofRange = (args: readonly Node[], inner: (it: Node) => Weight): Weight => {
    const last = args[1] ?? args[0];
    if (!last) return "unknown";
    const numbers = args.map(integerBehind);
    if (numbers.every((it) => it !== undefined)) {
      const [first = 0, second, step = 1] = numbers;
      const [from, to] = second === undefined ? [0, first] : [first, second];
      return step === 0 ? "unknown" : byNumber(Math.max(0, Math.ceil((to - from) / step)));
    }
    // `range(len(rows))`, `range(1, len(rows))`, `range(frame.shape[0])`.
    const end = unwrap(last);
    const counted = asCall(end);
    if (counted?.args[0] && names.nameOf(counted.callee) === "builtins.len") return inner(counted.args[0]);
    const shape = asAttribute(asSubscript(end)?.value);
    return shape?.name === "shape" && typeOf(shape.object)?.name === "pandas.DataFrame" ? "heavy" : "unknown";
  };

  const ofAttribute = (node: Node, inner: (it: Node) => Weight): Weight => {
    const name = names.nameOf(node);
    if (name === "sys.argv" || name?.startsWith("string.")) return "light";
    const attribute = asAttribute(node)!;
    // `axes.flat` of a figure; the rows of a frame by its index.
    if (HANDFUL_ATTRIBUTES.has(attribute.name)) return "light";
    if (attribute.name === "iloc" || attribute.name === "loc" || attribute.name === "T")
      return inner(attribute.object) === "light" ? "light" : "unknown";
    const receiver = typeOf(attribute.object)?.name;
    if ((attribute.name === "index" || attribute.name === "values") && receiver === "pandas.DataFrame") return "heavy";
    const value = placeOf(node, view, names) && valueOf(node, view, names);
    return value && !isGrown(node) ? inner(value) : byType(node);
  };

  const ofName = (node: Node, inner: (it: Node) => Weight): Weight => {
    const sites = names.sitesOf(node);
    const [site, more] = sites;
    if (site?.kind === "parameter" && !more && site.owner.text.startsWith("*")) return "light";
    if (site?.kind === "class" && !more) {
      const isEnum = view.classByName(node.text)?.def.bases.some((it) => /^enum\./.test(names.nameOf(it) ?? ""));
      return isEnum ? "light" : "unknown";
    }
    const value = valueOf(node, view, names);
    if (value) {
      const isTable = TABLES.test(names.nameOf(asCall(unwrap(value))?.callee ?? value) ?? "");
      const found = (isTable ? getsRows(node) : isGrown(node)) ? "unknown" : inner(value);
      if (found !== "unknown") return found;
    }
    if (HANDFUL_NAMES.test(node.text)) return "light";
    return LOADER.test(node.text) ? "heavy" : byType(node);
  };

  /** What is written out may have been added to since. */
  const isGrown = (node: Node): boolean => {
    const place = placeOf(node, view, names);
    const key = place?.writes[0]?.name;
    if (!place || !key) return true;
    const known = jottings(view.store.scratch ?? (own ??= makeScratch()), "grown") as Map<Node, boolean>;
    const found = known.get(key);
    if (found !== undefined) return found;
    const grown = place.ofUses("grown", (uses) =>
      uses.some((it) => GROWS.has(it.kind) || (it.kind === "method" && it.name !== undefined && GROWING.has(it.name))),
    );
    known.set(key, grown);
    return grown;
  };
  let own: Scratch | undefined;

  /** A table that is written to by its labels may have more rows afterwards; one that is given columns has not. */
  const getsRows = (node: Node): boolean =>
    placeOf(node, view, names)?.ofUses("gets rows", (uses) =>
      uses.some((it) => it.kind === "attribute" && it.name !== undefined && /^(?:loc|at)$/.test(it.name)),
    ) ?? true;

  const loopTurns = (loop: Node): Weight => {
    const over = asFor(loop);
    if (over) {
      if (trains(loop, view) || BATCH.test(over.target.text)) return "heavy";
      return sizeOf(over.iterable);
    }
    const loopWhile = asWhile(loop);
    if (loopWhile) {
      const condition = unwrap(loopWhile.condition);
      // `while chunk := file.read()`: as long as there is something.
      if (condition.kind === "named_expression") return "heavy";
      const isEndless = condition.kind === "true" || integerOf(condition) === 1;
      if (trains(loop, view)) return "heavy";
      return isEndless && !isRetry(loop) ? "heavy" : "unknown";
    }
    const clauses = asComprehension(loop)?.clauses;
    return clauses ? product(clauses.map((it) => sizeOf(it.iterable))) : "unknown";
  };

  return { sizeOf: (it) => sizeOf(it), turnsOf: loopTurns };
}

function byNumber(count: number): Weight {
  return count >= MANY ? "heavy" : count <= FEW ? "light" : "unknown";
}

/** As many as are written out; nobody writes out a thousand. */
function written(node: Node, inner: (it: Node) => Weight): Weight {
  const spread = node.children.filter((it) => it.kind === "list_splat" || it.kind === "dictionary_splat");
  if (node.children.length >= MANY) return "heavy";
  return spread.length === 0
    ? "light"
    : product(spread.map((it) => (it.children[0] ? inner(it.children[0]) : "unknown")));
}

/** Several one within the other, or one after the other. */
export function product(weights: readonly Weight[]): Weight {
  if (weights.includes("heavy")) return "heavy";
  return weights.includes("unknown") || weights.length === 0 ? "unknown" : "light";
}

/** `zip` ends with the first that ends. */
function shortest(weights: readonly Weight[]): Weight {
  if (weights.includes("light")) return "light";
  return weights.includes("heavy") ? "heavy" : "unknown";
}

/** A step of training is taken in the loop itself, not in one inside it. */
function trains(loop: Node, view: ModuleView): boolean {
  if (!view.imports("torch") && !view.imports("tensorflow") && !view.imports("accelerate") && !view.imports("jax"))
    return false;
  const body = loop.field("body");
  const home = functionAround(loop);
  return (
    body?.descendants("call").some((it) => {
      const method = asMethodCall(it, "backward", "step", "train_on_batch", "manual_backward");
      return (
        method !== undefined &&
        it.ancestor("for_statement", "while_statement") === loop &&
        functionAround(it) === home &&
        (method.method !== "step" || /optim|scaler/i.test(method.object.text))
      );
    }) ?? false
  );
}

/** `while True` around one attempt: it ends as soon as the attempt succeeds. Or it waits for a person. */
function isRetry(loop: Node): boolean {
  const body = loop.field("body");
  if (!body) return true;
  const waits = body.descendants("call").some((it) => asCall(it)?.callee.text === "input");
  const attempts = body.children.some((it) => it.kind === "try_statement");
  const ends =
    jumpsOf(loop).some((it) => it.kind === "break_statement" && it.ancestor("try_statement")?.parent === body) ||
    body.descendants("return_statement").some((it) => it.ancestor("try_statement")?.parent === body);
  const pauses = body.descendants("except_clause").some((it) => /\b(sleep|attempt|retr(y|ies)|tries)/i.test(it.text));
  return waits || (attempts && ends && pauses);
}

/** What comes item by item, from somewhere larger. */
export const STREAMS: ReadonlySet<string> = new Set([
  "file",
  "binary-file",
  "iterator",
  "generator",
  "typing.Iterator",
  "async-generator",
  "sqlite3.Cursor",
  "csv.reader",
  "csv.DictReader",
  "pandas.Series",
  "pandas.io.parsers.TextFileReader",
]);
const HANDFULS = new Set(["torch.nn.ModuleList", "torch.nn.Sequential", "torch.nn.ModuleDict", "pandas.Index"]);
/** Functions that hand on what they are given, item by item. */
const PASSES_ON =
  /^(builtins\.(enumerate|reversed|iter|list|tuple|set|sorted|frozenset)|itertools\.(takewhile|dropwhile|filterfalse|starmap|pairwise|groupby))$/;
const TABLES = /^(?:pandas\.(?:DataFrame|Series)|polars\.DataFrame)$/;
/** By how many rows they are given first. */
const ARRAYS_MADE = /^numpy\.(?:random\.(?:randn|rand|random|random_sample)|zeros|ones|empty|arange|eye)$/;
const FEW_FROM = /^(dataclasses\.fields|typing\.get_args|inspect\.signature|signal\.valid_signals)$/;
const MANY_FROM =
  /^(csv\.(reader|DictReader)|datasets\.load_dataset|fileinput\.input|torch\.utils\.data\.DataLoader|sys\.stdin)$/;
const OF_DICT = /^(items|keys|values)$/;
/** Methods that give the rows of something: of a frame, a query, a sheet, an answer that is streamed. */
const FIRST_ROWS = new Set(["head", "tail", "nlargest", "nsmallest", "most_common"]);
/** A frame with as many rows. */
const SAME_ROWS = new Set(["reset_index", "sort_values", "sort_index", "rename", "assign", "fillna"]);
const ROWS = new Set([
  "iterrows",
  "itertuples",
  "fetchall",
  "fetchmany",
  "scalars",
  "yield_per",
  "iter_rows",
  "iter_lines",
  "iter_content",
  "iter_batches",
  "aiter_lines",
  "aiter_bytes",
  "readlines",
  "stream_bytes",
]);
const HANDFUL_METHODS = new Set(["children", "named_children", "add_subparsers", "get_args"]);
const HANDFUL_ATTRIBUTES = new Set([
  "axes",
  "flat",
  "param_groups",
  "columns",
  "dtypes",
  "__members__",
  "_fields",
  "argv",
]);
const HANDFUL_NAMES = /^(axes|axs|ax|columns|cols|argv|extensions|suffixes)$/;
/** What everybody calls a DataLoader. */
const LOADER = /(^|_)(data)?_?loader$|^dataloader_\w+$|\b(?=\w+$)\w*_dataloader_\w/i;
const BATCH = /(^|\W)(mini)?_?batch(es)?(_\w+)?$/i;
const GROWS: ReadonlySet<UseKind> = new Set<UseKind>(["augmented", "subscript-store"]);
const GROWING = new Set(["append", "extend", "insert", "add", "update", "setdefault", "appendleft"]);
