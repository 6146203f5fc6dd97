/** Costly calls and whether what they are made of stays the same in a stretch of code. */

import {
  BUILDS_EXPRESSION,
  changesByName,
  changesGiven,
  costlyFunction,
  costlyMethod,
  isAskedOfGroups,
  loopMaker,
  isComputingFunction,
  isReadingMethod,
  mayWriteDisk,
  searchedCopy,
  type Costly,
} from "../knowledge/costly-calls.js";
import type { Evidence } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import { functionQuestion } from "../semantics/definition-questions.js";
import { isStored, useOf, type Use } from "../semantics/uses.js";
import { isPureCall } from "../knowledge/index.js";
import {
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  isConstant,
  nameAtRoot,
  unwrap,
} from "../syntax/expressions.js";
import { functionAround, type FunctionDef } from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { lastIdentifier } from "../text/identifiers.js";
import { seriesEvidence } from "./applied-function.js";
import { KIND_IDS, type Node, type Tree } from "../syntax/tree.js";

export type { CostClass } from "../knowledge/costly-calls.js";

/** A call that takes long and would give the same again. */
export interface CostlyCall extends Costly {
  readonly call: Node;
  readonly evidence: Evidence;
}

const USED_UP =
  /^(?:generator|iterator|async-generator|coroutine|map|zip|filter|enumerate|reversed|file|io\.\w+|csv\.\w+)$/;
const NEVER: readonly Kind[] = ["await", "yield", "named_expression", "lambda"];

/**
 * A call that takes long and would give the same again while its operands stay the same; undefined for all others, and for those that cost nothing here.
 * `inLoop`: also what is worth making once before a loop.
 */
export function costlyCall(node: Node, facts: Facts, inLoop = false): CostlyCall | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat || node.parent?.kind === "await") return undefined;
  const name = facts.nameOf(call.callee);
  const method = asMethodCall(node);
  const maker = inLoop && name !== undefined ? loopMaker(name) : undefined;
  let found = name === undefined ? undefined : (costlyFunction(name) ?? maker);
  let evidence: Evidence = "proof";
  if (!found && method) {
    found =
      costlyMethod(method.method) ??
      (inLoop && useOf(node).kind === "membership" ? searchedCopy(method.method) : undefined);
    if (!found || (name !== undefined && /^(?:os|string|random|secrets|shutil|subprocess|gc)\./.test(name)))
      return undefined;
    if (
      found.unless !== undefined &&
      (facts.view.imports(found.unless) || !found.imports?.some((it) => facts.view.imports(it)))
    )
      return undefined;
    const isTable = takenForData(method.object, facts);
    const isImported = found.imports?.some((it) => facts.view.imports(it)) ?? true;
    if (!isTable && (!isImported || (found.isCommonWord && isOther(method.object, facts)))) return undefined;
    if (found.cost === "text" && !isText(method.object, facts)) return undefined;
    if (found.isFreeIfLazy && isLazy(method.object, facts)) return undefined;
    if (found.isPlan && !isAskedOfGroups(methodAskedOf(node))) return undefined;
    if (method.method === "json" && (call.args.length > 0 || call.keywords.size > 0)) return undefined;
    evidence = isTable ?? ownEvidence(method.object, found, facts) ?? (found.isPlan ? "strong" : "fair");
  }
  if (!found || call.keywords.has("inplace") || call.keywords.has("out")) return undefined;
  const [given] = call.args;
  if (
    (!maker && SHAPE.test(given?.text ?? "")) ||
    (method && SHAPE.test(method.object.text.replace(/(?<![)\]])[)\]]+$/, "")))
  )
    return undefined;
  if (name?.startsWith("builtins.") && !goesThrough(call.args, facts)) return undefined;
  if (maker && name?.startsWith("builtins.") && !isContainer(unwrap(call.args[0]!), facts)) return undefined;
  if (found.isOfWholeData) {
    const data = given && (takenForData(given, facts) ?? seriesEvidence(given, facts));
    if (!data) return undefined;
    evidence = data;
  }
  const isSound = isRepeatable(node, facts);
  return isSound ? { ...found, readsDisk: readsDisk(node, facts), call: node, evidence } : undefined;
}

/** The object is known to be of one of the libraries that have the method. */
function ownEvidence(object: Node, { imports }: Costly, facts: Facts): Evidence | undefined {
  const known = facts.typed(object, "fair");
  return known && imports?.includes(known.type.name.split(".")[0]!) ? known.evidence : undefined;
}

function methodAskedOf(node: Node): string {
  const use = useOf(node);
  return use.kind === "method" ? (use.name ?? "") : "";
}

/** A lazy frame of Polars, by its type or by a step of the chain that makes one. */
function isLazy(object: Node, facts: Facts): boolean {
  if (facts.typed(object, "fair")?.type.name === "polars.LazyFrame") return true;
  const chain = `${object.text} ${facts.valueOf(object)?.text ?? ""}`;
  return /\.lazy\(|\bscan_\w+\(/.test(chain) && !/\.collect\(/.test(chain);
}

/** It hangs on files, or a call inside it does. */
function readsDisk(node: Node, facts: Facts): boolean {
  return [node, ...node.descendants("call")].some((it) => {
    const name = facts.nameOf(it.field("function")!);
    const known =
      name === undefined ? costlyMethod(asMethodCall(it)?.method ?? "") : (costlyFunction(name) ?? loopMaker(name));
    return known?.readsDisk ?? /^os\.path\.(?:exists|isfile|isdir|getsize|getmtime)$/.test(name ?? "");
  });
}

/** A handful of numbers. */
const SHAPE = /(?:^|[._])(?:shape|size|dims?|strides|ndim)$/;

/** `sum(prices)` and not `max(a, b)`, `set("abc")`, `max(image.shape)`. */
function goesThrough(args: readonly Node[], facts: Facts): boolean {
  const [items, more] = args;
  if (!items || more || isConstant(items) || /^(?:list|tuple|set|dictionary)$/.test(items.kind)) return false;
  if (/^range\(|^\w+\.size\(\)$/.test(items.text)) return false;
  return !USED_UP.test(facts.typed(unwrap(items))?.type.name ?? "") && facts.sizeOf(items) !== "light";
}

/** What is gone through is there as often as it is asked for: of an iterator nothing would be left. */
function isContainer(items: Node, facts: Facts): boolean {
  const view = asMethodCall(items, "keys", "values", "items");
  if (view) return view.args.length === 0 && isContainer(unwrap(view.object), facts);
  const type = facts.typed(items, "strong")?.type.name ?? "";
  return /^(?:set|frozenset|dict|list|tuple|collections\.(?:deque|defaultdict|Counter|OrderedDict))$/.test(type);
}

function takenForData(object: Node, facts: Facts): Evidence | undefined {
  return (["frame", "series", "array", "tensor"] as const)
    .map((it) => facts.takenFor(object, it))
    .find((it) => it !== undefined);
}

/** Known for something else than a table or an array. */
function isOther(object: Node, facts: Facts): boolean {
  const known = facts.typed(object)?.type.name;
  return known !== undefined && !/^(?:numpy|pandas|polars|torch|tensorflow|dask|jax)\b/.test(known);
}

function isText(object: Node, facts: Facts): boolean {
  const known = facts.typed(object)?.type.name;
  // A text that is written down is short.
  if (facts.valueOf(object)?.kind === "string") return false;
  return known === undefined ? unwrap(object).kind !== "string" : known === "str" || known === "bytes";
}

/** Evaluating it again gives the same and does nothing else, as far as names tell. */
function isRepeatable(expression: Node, facts: Facts): boolean {
  if (expression.descendants(...NEVER).some((it) => it.kind !== "lambda" || it.descendants("call").length > 4))
    return false;
  const root = rootCallOf(expression);
  if (root && BUILDS_EXPRESSION.test(facts.nameOf(root.callee) ?? root.callee.text)) return false;
  if (
    root &&
    /^(?:pl|F|sf|func)\.\w+$/.test(root.callee.text) &&
    !/\.(?:DataFrame|Series|read_\w+|concat|softmax|normalize)$/.test(root.callee.text)
  )
    return false;
  return expression.descendants("call").every((it) => {
    const inner = asCall(it);
    if (!inner) return false;
    const name = facts.nameOf(inner.callee);
    if (name !== undefined && (isComputingFunction(name) || isPureCall(name) || loopMaker(name))) return true;
    const method = asMethodCall(it);
    // What is asked of a server may be another answer each time.
    if (method?.method === "get" && (ASKS_SERVERS.test(name ?? "") || SERVERS.test(lastIdentifier(method.object.text))))
      return false;
    return (
      method !== undefined && isReadingMethod(method.method) && (name === undefined || !/^(?:random|time)\./.test(name))
    );
  });
}

const ASKS_SERVERS = /^(?:requests|httpx|aiohttp|urllib3?|redis|boto3|googleapiclient|niquests)\./;
const SERVERS = /(?:^|_)(?:session|client|http|https|api|redis|server|conn|connection|queue)\d*$/i;

function rootCallOf(expression: Node) {
  let at: Node | undefined = unwrap(expression);
  for (let steps = 0; at && steps < 30; steps++) {
    const call = asCall(at);
    const next: Node | undefined = call ? asMethodCall(at)?.object : (asAttribute(at)?.object ?? at.field("value"));
    if (call && (!next || next.kind === "identifier")) return call;
    at = next && unwrap(next);
  }
  return undefined;
}

/** Node numbers of one tree: what runs between two places, or in a loop. */
export interface Between {
  readonly from: number;
  readonly to: number;
}

/** The names that an expression reads, each once; those that it binds itself are not among them. */
export function operandsOf(expression: Node, facts: Facts): readonly Node[] {
  const found = new Map<string, Node>();
  for (const it of [
    ...(expression.kind === "identifier" ? [expression] : []),
    ...expression.descendants("identifier"),
  ]) {
    if (it.fieldName === "attribute" || found.has(it.text)) continue;
    if (it.fieldName === "name" && it.parent?.kind === "keyword_argument") continue;
    // Modules, functions of libraries and built-ins.
    if (facts.nameOf(it) !== undefined) continue;
    const sites = facts.reachingSites(it);
    if (sites.some((site) => site.name.tree === expression.tree && site.name.isInside(expression))) continue;
    found.set(it.text, it);
  }
  return [...found.values()];
}

/** A stretch of a function of the file. */
interface Stretch extends Between {
  readonly tree: Tree;
}

const CALL = KIND_IDS.get("call")!;
/** So many functions that are called in a stretch are looked at. */
const MOST_CALLED = 20;

/** The bodies of functions of this file that are called in the stretches: a closure may change what an expression around it reads. */
function closuresCalled(expression: Node, stretches: readonly Between[], facts: Facts): readonly Stretch[] {
  const home = functionAround(expression);
  const found = new Map<Node, Stretch>();
  const all: Stretch[] = stretches.map((it) => ({ ...it, tree: expression.tree }));
  for (const { tree, from, to } of all)
    for (const id of tree.index.ofKind(CALL, from, to)) {
      const def = facts.functionNamed(tree.node(id).field("function")!);
      // What stands around the expression has names of its own each time that it is called, and a function elsewhere does not see the names of this one.
      if (!def || found.has(def.node) || found.size >= MOST_CALLED || expression.isInside(def.node)) continue;
      if (home && !def.node.isInside(home)) continue;
      const body = facts.bodyOf(def);
      const stretch = { tree: body.tree, from: body.id, to: body.tree.arrays.nexts[body.id]! };
      found.set(def.node, stretch);
      all.push(stretch);
    }
  return [...found.values()];
}

/** A closure changes what the operand stands for. */
function isChangedBy({ tree, from, to }: Stretch, operand: Node, expression: Node, facts: Facts): boolean {
  const sites = new Set(facts.writesOf(operand).map((it) => it.name));
  return [...tree.index.identifiers(operand.text, from, to)].some((id) => {
    const it = tree.node(id);
    if (it.fieldName === "attribute" || !facts.writesOf(it).some(({ name }) => sites.has(name))) return false;
    return changes(useOf(it), columnsOf(expression, operand, facts), expression);
  });
}

/** Nothing in the stretches binds a name that the expression reads, nor changes what it stands for, as far as names of methods and functions tell. */
export function staysSame(expression: Node, stretches: readonly Between[], facts: Facts, readsDisk = false): boolean {
  const { tree } = expression;
  // `frame.query("shop == @shop")` reads names that stand in its text.
  if (readsFrame(expression, facts)) return false;
  const closures = closuresCalled(expression, stretches, facts);
  for (const operand of operandsOf(expression, facts)) {
    if (facts.isRemote(operand) || closures.some((it) => isChangedBy(it, operand, expression, facts))) return false;
    // Bound by whatever may bind a name: `while line := file.readline()`, a pattern of `case`, an import.
    const isBound = (id: number) => stretches.some(({ from, to }) => from <= id && id < to);
    if (facts.writesOf(operand).some(({ name }) => name.tree === tree && isBound(name.id))) return false;
    const columns = columnsOf(expression, operand, facts);
    for (const { from, to } of stretches)
      for (const id of tree.index.identifiers(operand.text, from, to)) {
        const it = tree.node(id);
        if (it.fieldName === "attribute" || (it.fieldName === "name" && it.parent?.kind === "keyword_argument"))
          continue;
        if (isStored(it) || changes(useOf(it), columns, expression)) return false;
      }
  }
  if (/\b(?:self|cls)\./.test(expression.text) && !attributesStay(expression, stretches, facts)) return false;
  return !readsDisk || !callsIn(expression, stretches, mayWriteDisk);
}

function readsFrame(expression: Node, facts: Facts): boolean {
  return (
    /\b(?:query|eval|locals|vars)\(/.test(expression.text) &&
    [expression, ...expression.descendants("call")].some((it) => facts.readsCallersFrame(it))
  );
}

/** Stands before the name of a variable that holds the name of a column. */
const HELD = "\0";

/**
 * The names of the columns or keys that are read of a name; undefined where the whole may be read.
 * A variable may hold the name of one, as in `prices[column]`: it is taken for another than those that are written out where the table is written to.
 */
function columnsOf(expression: Node, operand: Node, facts: Facts): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  for (const it of expression.identifiers(operand.text)) {
    if (it.fieldName === "attribute") continue;
    const index =
      it.parent?.kind === "subscript" && it.fieldName === "value" ? it.parent.field("subscript") : undefined;
    const read = index ? [index] : columnsOfGroups(it);
    if (!read?.length || !read.every((column) => column.kind === "string" || isHeldColumn(column, operand, facts)))
      return undefined;
    for (const column of read) found.add(column.kind === "string" ? keyOf(column) : HELD + column.text);
  }
  return found;
}

/** `price_col` of a table: a mask would choose rows, with all columns, and a key of a dict may be any. */
function isHeldColumn(key: Node, table: Node, facts: Facts): boolean {
  if (key.kind !== "identifier" || facts.takenFor(table, "frame") === undefined) return false;
  const type = facts.typed(key, "fair")?.type.name;
  return type === undefined ? HELD_COLUMN.test(key.text) : type === "str";
}
const HELD_COLUMN = /(?:^|_)(?:col|column|field|feature|target|label|name|variable)\d*$/i;

/** Variables by which an expression names columns of tables that the stretches write other columns to: that they are others is a doubt. */
export function columnsInDoubt(expression: Node, stretches: readonly Between[], facts: Facts): readonly string[] {
  const found = new Set<string>();
  for (const operand of operandsOf(expression, facts)) {
    const held = [...(columnsOf(expression, operand, facts) ?? [])].filter((it) => it.startsWith(HELD));
    if (held.length > 0 && stretches.some((it) => isWrittenTo(operand.text, it, expression.tree)))
      for (const it of held) found.add(it.slice(HELD.length));
  }
  return [...found];
}

function isWrittenTo(name: string, { from, to }: Between, tree: Tree): boolean {
  return [...tree.index.identifiers(name, from, to)].some((id) => useOf(tree.node(id)).kind === "subscript-store");
}

/** `table.groupby(["shop", "item"])["price"]` reads these three of the table, whatever columns it gets. */
function columnsOfGroups(table: Node): readonly Node[] | undefined {
  const groups = asMethodCall(table.parent?.parent, "groupby");
  if (groups?.object !== table) return undefined;
  const chosen = asSubscript(groups.node.parent);
  const keys = groups.args[0] ?? groups.keywords.get("by");
  if (!keys || groups.args.length > 1 || chosen?.value !== groups.node) return undefined;
  return [keys, ...chosen.indices].flatMap((it) => (it.kind === "list" ? it.children : [it]));
}

/** What is done with the value here changes it, as far as names of methods and functions tell. */
export function changesObject(read: Node): boolean {
  const use = useOf(read);
  if (use.kind === "attribute-store" || use.kind === "subscript-store" || use.kind === "subscript-delete") return true;
  // What is asked of a part of it is asked of it.
  if (use.kind === "attribute" || use.kind === "subscript") return changesObject(use.in);
  return changes(use, undefined, read);
}

function changes(use: Use, columns: ReadonlySet<string> | undefined, expression: Node, depth = 0): boolean {
  switch (use.kind) {
    case "subscript-store":
    case "subscript-delete": {
      const index = use.in.field("subscript");
      return !(columns && index?.kind === "string" && !mayBeAmong(index, columns));
    }
    case "attribute-store":
      return expression.text.includes(`.${use.name ?? ""}`) || !/^(?:self|cls)$/.test(use.node.text);
    case "augmented":
    case "deleted":
      return true;
    case "call":
      // A model that is called, as `vae(batch)`, sets its losses.
      return /^[a-z_]/.test(use.node.text) && expression.text.includes(`${use.node.text}.`);
    case "method":
      return changesByName(use.name ?? "") || (asCall(use.call)?.keywords.has("inplace") ?? false);
    case "argument":
      // `np.add(x, 1, out=x)`
      return use.name === "out" || changesGiven(asCall(use.call)?.callee.text ?? "");
    case "attribute":
    case "subscript":
      return (
        depth < 6 && changes(useOf(use.in), undefined, expression, depth + 1) && isOfInterest(use, columns, expression)
      );
    default:
      return false;
  }
}

/** `self.rows.append(1)` is nothing to an expression that does not read `rows`. */
function isOfInterest(use: Use, columns: ReadonlySet<string> | undefined, expression: Node): boolean {
  if (use.kind === "attribute")
    return use.name === undefined || expression.text.includes(`.${use.name}`) || columns !== undefined;
  const index = use.in.field("subscript");
  return !(columns && index?.kind === "string" && !mayBeAmong(index, columns));
}

/** Quotes make no difference. */
const keyOf = (column: Node): string => textValue(column) ?? column.text;

/** `f"{name}_range"` may be any of those that end so. What a variable holds may be anything, too, where nothing is written out. */
function mayBeAmong(key: Node, columns: ReadonlySet<string>): boolean {
  const parts = key.descendants("interpolation");
  if (parts.length === 0) return columns.has(keyOf(key));
  const [first, last] = [parts[0]!, parts.at(-1)!];
  const begin = key.text.slice(0, first.start - key.start).replace(/^\w*(?:"""|'''|["'])/, "");
  const end = key.text.slice(last.end - key.start).replace(/(?:"""|'''|["'])$/, "");
  return [...columns].some((it) =>
    it.startsWith(HELD)
      ? begin.length + end.length === 0
      : it.startsWith(begin) && it.endsWith(end) && it.length >= begin.length + end.length,
  );
}

/** `self.step()`, and `self.model.forward(x)`, whose hooks may set attributes of the object. */
const MAY_SET_OWN = /^(?:self|cls|super\(\))\.(?:\w+|\w+\.(?:forward|step|train_step|backward|run|update|fit))$/;

/** Attributes of the own object may be changed by any of its methods, and by whatever runs while it waits. */
function attributesStay(expression: Node, stretches: readonly Between[], facts: Facts): boolean {
  const isBusy =
    callsIn(expression, stretches, (callee) => MAY_SET_OWN.test(callee)) ||
    stretches.some(({ from, to }) => waitsIn(expression, from, to));
  if (!isBusy) return true;
  return expression.descendants("attribute").every((it) => {
    if (!/^(?:self|cls)$/.test(asAttribute(it)?.object.text ?? "")) return true;
    const place = facts.placeOf(it);
    return (
      place !== undefined &&
      place.writes.length > 0 &&
      place.writes.every((site) =>
        /^__init__$/.test(site.name.ancestor("function_definition")?.field("name")?.text ?? "__init__"),
      ) &&
      !place.uses.some((use) => changes(use, undefined, it))
    );
  });
}

function waitsIn({ tree }: Node, from: number, to: number): boolean {
  return ["await", "yield"].some((it) => [...nodesOf(tree.node(from), it as Kind, from, to)].length > 0);
}

function* nodesOf({ tree }: Node, kind: Kind, from: number, to: number): Iterable<Node> {
  for (let id = from; id < to; id++) {
    const it = tree.node(id);
    if (it.kind === kind && it.isNamed) yield it;
  }
}

function callsIn(expression: Node, stretches: readonly Between[], isMeant: (callee: string) => boolean): boolean {
  for (const { from, to } of stretches)
    for (const it of nodesOf(expression, "call", from, to)) if (isMeant(it.field("function")!.text)) return true;
  return false;
}

const LOCAL_CHANGES = new Set([
  "append",
  "extend",
  "add",
  "update",
  "setdefault",
  "insert",
  "sort",
  "pop",
  "popleft",
  "discard",
  "remove",
  "reverse",
]);

/**
 * A function of the file that goes through data, or calls what takes long, and does nothing else than give its result: called again with the same, it gives the same.
 * What is not known is taken for a no.
 */
export const onlyWorks = functionQuestion((def, facts): boolean => {
  const body = facts.bodyOf(def);
  if (def.isAsync || def.decorators.length > 0 || !/\breturn\b/.test(body.text)) return false;
  return isWorking(body, facts) && isHarmless(def, facts, 1) && !givesUsedUp(body, facts) && !readsState(body, facts);
});

/** A generator or the like, which the first to read it uses up. */
function givesUsedUp(body: Node, facts: Facts): boolean {
  return body.descendants("return_statement").some((it) => {
    const value = it.children[0] && unwrap(it.children[0]);
    return (
      value !== undefined &&
      (value.kind === "generator_expression" || USED_UP.test(facts.typed(value)?.type.name ?? ""))
    );
  });
}

/** It reads a name of the module that is bound again or whose object is changed: what it gives hangs on more than what it is given. */
function readsState(body: Node, facts: Facts): boolean {
  return operandsOf(body, facts).some((it) => {
    if (facts.functionNamed(it)) return false;
    const sites = facts.writesOf(it);
    if (sites.length === 0 || sites.some(({ name }) => functionAround(name) !== undefined)) return false;
    return sites.length > 1 || facts.readsOf(it).some(changesObject);
  });
}

function isWorking(body: Node, facts: Facts): boolean {
  if (body.descendants("for_statement", "while_statement", "list_comprehension", "generator_expression").length > 0)
    return true;
  return body.descendants("call").some((it) => {
    const name = facts.nameOf(it.field("function")!);
    return name !== undefined && costlyFunction(name)?.cost === "work";
  });
}

function isHarmless(def: FunctionDef, facts: Facts, depth: number): boolean {
  const body = facts.bodyOf(def);
  if (body.descendants(...EFFECTS).length > 0) return false;
  const isOwn = (node: Node | undefined): boolean => {
    const root = node && nameAtRoot(node);
    const sites = root ? facts.writesOf(root) : [];
    return sites.length > 0 && sites.every((it) => it.kind !== "parameter" && functionAround(it.name) === def.node);
  };
  const stored = body.descendants("attribute", "subscript").filter((it) => isStored(it));
  if (!stored.every((it) => isOwn(it))) return false;
  return body.descendants("call").every((it) => {
    if (it.ancestor("raise_statement")) return true;
    const call = asCall(it);
    const name = call && facts.nameOf(call.callee);
    if (!call) return false;
    if (name !== undefined) return isComputingFunction(name) || isPureCall(name) || costlyFunction(name) !== undefined;
    const method = asMethodCall(it);
    if (method) return LOCAL_CHANGES.has(method.method) ? isOwn(method.object) : isReadingMethod(method.method);
    const inner = depth > 0 ? facts.functionNamed(call.callee) : undefined;
    return (
      inner !== undefined && inner.decorators.length === 0 && !inner.isAsync && isHarmless(inner, facts, depth - 1)
    );
  });
}

const EFFECTS: readonly Kind[] = [
  "yield",
  "await",
  "global_statement",
  "nonlocal_statement",
  "with_statement",
  "lambda",
  "function_definition",
  "delete_statement",
];
