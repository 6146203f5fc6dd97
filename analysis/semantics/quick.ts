/** Whether a call is done at once, so that running it beside others gains nothing, or waits for something outside. */

import { blockingCall, isPureCall } from "../knowledge/index.js";
import { asAttribute, asCall, asMethodCall, callsUnder, type Call } from "../syntax/expressions.js";
import { asAssignment, expressionOf, functionAround, statementsOf } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { functionCalled } from "./called.js";
import { computesInPython } from "./computing.js";
import type { Facts } from "./facts.js";

const QUICK = /^builtins\.(?!open\b|input\b)/;
const PLAIN = /^(str|bytes|int|float|list|dict|set|tuple|re\.\w+|logging\.Logger)$/;

/** A built-in, something known to have no effects, a method of a plain value or of a list that is being filled, or a function of the file that calls nothing else and does not compute for long. */
export function isQuick(call: Call | undefined, facts: Facts, depth = 2): boolean {
  if (!call) return true;
  const name = facts.nameOf(call.callee);
  if (name !== undefined) return QUICK.test(name) || isPureCall(name);
  const own = depth > 0 ? facts.functionNamed(call.callee) : undefined;
  if (own)
    return (
      !isComputing(call, facts) &&
      facts
        .bodyOf(own)
        .descendants("call")
        .every((it) => isQuick(asCall(it), facts, depth - 1))
    );
  const method = asMethodCall(call.node);
  const type = method && facts.typeOf(method.object)?.name;
  return method?.method === "append" || (type !== undefined && PLAIN.test(type));
}

/** It calls a function of the file that computes in Python for long. */
export function isComputing(call: Call | undefined, facts: Facts): boolean {
  const def = call && facts.functionNamed(call.callee);
  return def !== undefined && computesInPython(def, facts);
}

/** Waits for other threads, or only while a file that is open is read. */
const INNER = /^(threading|queue|multiprocessing|concurrent|time|(binary-)?file|json|pickle|builtins\.input)\b/;
/** Names that people give to calls over the network. */
const REMOTE = /^_?(fetch|download|upload|crawl|scrape|request|ping)(_\w+)?$/;

/** It asks a server, a program, a database or the disk, itself or in functions of the file that it calls. */
export function waitsOutside(call: Call | undefined, facts: Facts, depth = 2): boolean {
  if (!call) return false;
  const method = asMethodCall(call.node);
  const name = facts.nameOf(call.callee) ?? (method && `${facts.typeOf(method.object)?.name}.${method.method}`);
  if (name !== undefined && blockingCall(name) !== undefined && !INNER.test(name)) return true;
  if (REMOTE.test(asAttribute(call.callee)?.name ?? call.callee.text)) return true;
  const own = depth > 0 ? functionCalled(call.callee, facts) : undefined;
  return (
    own !== undefined &&
    facts
      .bodyOf(own)
      .descendants("call")
      .some((it) => waitsOutside(asCall(it), facts, depth - 1))
  );
}

/** Names that people give to methods and functions which fit or ask a model, or go through a whole table or figure. */
const LONG =
  /^_?(predict|predict_proba|cross_val_score|cross_validate|evaluate|generate|backward|invoke|ainvoke|score|read_(csv|table|excel|parquet|json|sql|pickle)|to_(csv|excel|parquet|sql|pickle)|savefig|imread|imwrite)$/;

/** By its name it fits a model: `fit_transform`, `train_model`. */
export const fitsModel = ({ callee }: Call): boolean =>
  /^_?(?:fit|(?!train_test_)train)(?:_\w+)?$/.test(asAttribute(callee)?.name ?? callee.text);

/** It waits, or fits or asks a model, or reads or writes a table: next to that, a step over a short list or text costs nothing. */
export function takesLong(call: Call | undefined, facts: Facts): boolean {
  if (!call) return false;
  const name = asAttribute(call.callee)?.name ?? call.callee.text;
  return LONG.test(name) || fitsModel(call) || facts.nameOf(call.callee) === "time.sleep" || waitsOutside(call, facts);
}

/**
 * Each turn of the innermost loop around a node has a call that takes long: beside that, what else it does to a list or text does not show. Calls in
 * loops inside it do not count.
 */
export function turnTakesLong(node: Node, facts: Facts): boolean {
  return turnHas("what takes long", node, facts, (it) => takesLong(it, facts));
}

/** What is read or written from disk takes its time by its size, as what is done with it does. */
const FILES = /^(?:pandas|polars|numpy|json|pickle|csv|joblib|yaml|toml|io|os|shutil|pathlib|torch|builtins)\./;
/** `model.encode(texts)`: that of a text takes the name of an encoding, or nothing. */
const EMBEDS = /^(?:encode|embed|embed_query|embed_documents|aembed_query|transcribe|chat|complete|acomplete)$/;
const ENCODING = /^(?:['"]|encoding\b|errors\b)/;

/** By its name it fits or asks a model. */
function asksModel(call: Call): boolean {
  const method = asAttribute(call.callee)?.name;
  if (method !== undefined && EMBEDS.test(method))
    return call.args.length > 0 && !ENCODING.test(call.args[0]!.text) && !call.hasSplat;
  const name = method ?? call.callee.text;
  return fitsModel(call) || (LONG.test(name) && !/^(?:_?read_|to_|savefig$|im)/.test(name));
}

/** It asks a model, a server or another program, or fits something. */
function asksOutside(call: Call, facts: Facts): boolean {
  const name = facts.nameOf(call.callee);
  if (name !== undefined && FILES.test(name)) return false;
  if (/^(?:read|to|load|save)_/.test(asAttribute(call.callee)?.name ?? call.callee.text)) return false;
  return asksModel(call) || name === "time.sleep" || waitsOutside(call, facts);
}

/**
 * Each turn of the innermost loop around a node asks a model, a server or another program, or fits something. Next to that, copying or looking through a
 * table of a usual size is small; files do not count, as reading grows with what is read.
 */
export function turnAsksOutside(node: Node, facts: Facts): boolean {
  return turnHas("outside", node, facts, (it) => asksOutside(it, facts));
}

/** Each turn of the innermost loop around a node asks or fits a model. */
export function turnAsksModel(node: Node, facts: Facts): boolean {
  return turnHas("model", node, facts, asksModel);
}

function turnHas(what: string, node: Node, facts: Facts, test: (call: Call) => boolean): boolean {
  const loop = node.ancestor("for_statement", "while_statement");
  const body = loop?.field("body");
  if (!loop || !body) return false;
  return facts.memo(`turn has ${what}`, loop, () =>
    callsUnder(body).some((it) => it.node.ancestor("for_statement", "while_statement") === loop && test(it)),
  );
}

const DRAWS =
  /\b(?:fig\w*|ax\w*|plt|sns|chart)(?:\[[^\][]*\])?\.(?:add_(?:trace|annotation|shape|vline|hline|vrect|patch|artist|bar|subplot)|plot|scatter|bars?|barh|hist|fill_between|imshow|annotate|text|subplots?|figure|savefig|axvline|axhline)\(|\bst\.(?:(?:sub)?header|title|write|markdown|table|dataframe|metric|image|pyplot|\w+_chart)\(|\bfolium\.\w+\(|\bfig\w* = \w+\(/;

/** Code that draws a chart or a part of it, or of a page: each turn draws for longer than it looks for its data, and there are as many as somebody can look at. */
export function drawsCharts(region: Node): boolean {
  return DRAWS.test(region.text);
}

/** `print`, or a method of a log: `logger.info`, `self.log_once`. */
const PRINTS = /^print$|\.(?:log|log_once|debug|info|warning|error|exception)$/;

/** All that a turn does is to print or log a line of a table: there are as many turns as somebody can read. Names may be set for it, and branches choose among them. */
export function onlyPrints(body: Node): boolean {
  return statementsOf(body).some(isPrint) && [body, ...body.descendants("block")].every(onlyPreparesPrints);
}

const isPrint = (it: Node): boolean => PRINTS.test(asCall(expressionOf(it))?.callee.text ?? "");

/** What stands in the blocks of its branches is asked by itself. */
function onlyPreparesPrints(block: Node): boolean {
  return statementsOf(block).every(
    (it) =>
      isPrint(it) ||
      it.kind === "if_statement" ||
      it.kind === "continue_statement" ||
      asAssignment(it)?.targets.every((target) => target.kind === "identifier"),
  );
}

/** It opens a file for writing whose name has nothing to do with the given names: all turns would write to the one file. */
export function writesOnePlace(call: Call | undefined, names: ReadonlySet<string>, facts: Facts): boolean {
  const [path, mode = call?.keywords.get("mode")] = call?.args ?? [];
  const isOpened =
    call !== undefined &&
    path !== undefined &&
    facts.nameOf(call.callee) === "builtins.open" &&
    /[wax+]/.test(mode?.text ?? "");
  return isOpened && !path.descendants("identifier").some((it) => names.has(it.text));
}

/** What one connection, one page or one chart has to be told in order: from several threads at once its calls fail or mix. */
const IN_ORDER = /^(?:streamlit\.(?!cache_|secrets|session_state)|(?:matplotlib\.pyplot|tkinter|pygame|turtle)\.)/;
const OF_CONNECTION = /^(?:execute|executemany|executescript|fetchone|fetchall|fetchmany|commit|rollback|cursor)$/;
const OF_FILE = /^to_(?:csv|excel|hdf|sql)$/;

/** It uses something that the turns have in common and that is no good to several at once: a cursor, a table's file, a page. */
export function usesOneAtATime(call: Call | undefined, names: ReadonlySet<string>, facts: Facts): boolean {
  if (!call) return false;
  if (drawsInOrder(call, facts)) return true;
  const method = asMethodCall(call.node);
  if (!method) return false;
  const isOwn = (it: Node | undefined) => it?.descendants("identifier").some((name) => names.has(name.text)) ?? false;
  if (OF_CONNECTION.test(method.method)) return !isOwn(method.object);
  const [target = call.keywords.get("excel_writer")] = call.args;
  return OF_FILE.test(method.method) && target !== undefined && !isOwn(target);
}

/** It draws on the one page or chart that there is, itself or in functions of the file that it calls; what Streamlit keeps is no part of the page. */
export function drawsInOrder(call: Call | undefined, facts: Facts, depth = 2): boolean {
  if (!call) return false;
  if (IN_ORDER.test(facts.nameOf(call.callee) ?? "")) return true;
  const own = depth > 0 ? functionCalled(call.callee, facts) : undefined;
  return (
    own !== undefined &&
    facts.memo(`draws in order, ${depth}`, own.node, () =>
      callsUnder(facts.bodyOf(own)).some((it) => drawsInOrder(it, facts, depth - 1)),
    )
  );
}

const CHANGES =
  /^(append|extend|insert|pop|popleft|remove|clear|add|discard|update|setdefault|write|writelines|seek|sort)$/;

/** It calls a function or method of the file that changes what other calls of it see: attributes, globals, what a name from outside holds. */
export function changesShared(call: Call | undefined, facts: Facts, depth = 2): boolean {
  const def = call && depth > 0 ? functionCalled(call.callee, facts) : undefined;
  if (!def) return false;
  const body = facts.bodyOf(def);
  const isShared = (it: Node): boolean => {
    const root = rootOf(it);
    return (
      root.kind === "identifier" &&
      (facts.writesOf(root).length === 0 ||
        facts.writesOf(root).some((site) => functionAround(site.name) !== def.node || /^(self|cls)$/.test(root.text)))
    );
  };
  const isStored = (it: Node) =>
    (it.fieldName === "left" && /assignment$/.test(it.parent?.kind ?? "")) ||
    it.parent?.kind === "delete_statement" ||
    CHANGES.test(asMethodCall(it.parent)?.callee === it ? (asAttribute(it)?.name ?? "") : "");
  if (body.descendants("global_statement", "nonlocal_statement").length > 0) return true;
  if (body.descendants("attribute", "subscript").some((it) => isStored(it) && isShared(it))) return true;
  return body.descendants("call").some((it) => changesShared(asCall(it), facts, depth - 1));
}

function rootOf(node: Node): Node {
  const inner =
    node.kind === "attribute" ? node.field("object") : node.kind === "subscript" ? node.field("value") : undefined;
  return inner ? rootOf(inner) : node;
}
