/** Calls whose result depends on their arguments: `list(x)`, `sorted(x)`, `open(path, "rb")`, `dict(zip(a, b))`. */

import { isProgressBar } from "./progress.js";
import { argumentOf, type Call } from "../syntax/expressions.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { elementOf, joinAll, STR, type, type Maybe } from "./types.js";

export function constructed(call: Call, name: string, typeOf: (node: Node) => Maybe): Maybe {
  const [first] = call.args;
  const element = () => (first ? [elementOf(typeOf(first))] : []);
  switch (name) {
    case "builtins.list":
    case "builtins.sorted":
      return type("list", ...element());
    case "builtins.set":
      return type("set", ...element());
    case "builtins.frozenset":
      return type("frozenset", ...element());
    case "builtins.tuple":
      return type("tuple");
    case "collections.deque":
      return type("collections.deque", ...element());
    case "builtins.dict":
      return type("dict", ...(first || call.keywords.size > 0 || call.hasSplat ? [undefined, undefined] : []));
    case "collections.defaultdict":
      return type("collections.defaultdict", undefined, first && factory(first));
    case "collections.Counter":
      return type("collections.Counter", ...element());
    case "builtins.reversed":
    case "builtins.iter":
      return type("iterator", ...element());
    case "builtins.enumerate":
    case "builtins.zip":
    case "builtins.map":
    case "builtins.filter":
      return type("iterator", undefined);
    case "builtins.abs":
      return first && numberOnly(typeOf(first));
    case "builtins.round":
      return call.args.length === 1 && first
        ? numberOnly(typeOf(first))
          ? type("int")
          : undefined
        : first && numberOnly(typeOf(first));
    case "builtins.sum":
      return first && call.args.length === 1 ? numberOnly(elementOf(typeOf(first))) : undefined;
    case "builtins.max":
    case "builtins.min":
      if (call.keywords.has("default")) return undefined;
      return call.args.length === 1 && first ? elementOf(typeOf(first)) : numberOnly(joinAll(call.args.map(typeOf)));
    case "random.choice":
      return first && elementOf(typeOf(first));
    case "sklearn.model_selection.train_test_split":
      return call.hasSplat
        ? undefined
        : type(SPLITS, ...call.args.flatMap((it) => [part(typeOf(it)), part(typeOf(it))]));
    case "builtins.next":
      return first && call.args.length === 1 ? elementOf(typeOf(first)) : undefined;
    case "builtins.type":
      return call.args.length === 1 ? type("type") : undefined;
    case "builtins.vars":
      // Of a class it is a proxy.
      return first && typeOf(first)?.name === "type" ? undefined : type("dict", STR, undefined);
    case "builtins.locals":
    case "builtins.globals":
      return type("dict", STR, undefined);
    case "builtins.dir":
      return type("list", STR);
    case "pandas.read_csv":
    case "pandas.read_table":
    case "pandas.read_fwf":
    case "pandas.read_json":
    case "pandas.read_sql":
    case "pandas.read_sql_query":
    case "pandas.read_sql_table":
      return framesRead(call, name, typeOf);
    case "builtins.open":
    case "io.open":
      return type(isBinary(call, 1) ? "binary-file" : "file");
    case "gzip.open":
    case "bz2.open":
    case "lzma.open":
      return type(argumentOf(call, "mode", 1) && !isBinary(call, 1) ? "file" : "binary-file");
    default:
      return isProgressBar(name) && first ? type("tqdm.tqdm", elementOf(typeOf(first))) : undefined;
  }
}

/** What `train_test_split` gives: a list, in which each argument has two places. */
export const SPLITS = "sklearn.model_selection.Splits";

function part(whole: Maybe): Maybe {
  return whole && /^(pandas\.(DataFrame|Series)|numpy\.ndarray|list)$/.test(whole.name) ? whole : undefined;
}

/** A frame, or with a `chunksize` an iterator of frames; undefined where that cannot be told, and what the tables say counts. */
function framesRead(call: Call, name: string, typeOf: (node: Node) => Maybe): Maybe {
  const [size, iterator] = [call.keywords.get("chunksize"), call.keywords.get("iterator")];
  if (call.hasSplat || (!size && !iterator)) return undefined;
  const frame = type("pandas.DataFrame");
  const isWhole = (!size || size.kind === "none") && (!iterator || iterator.kind === "false");
  if (isWhole && name !== "pandas.read_json") return frame;
  const isInParts = (size && typeOf(size)?.name === "int") || iterator?.kind === "true";
  if (!isInParts) return undefined;
  if (name === "pandas.read_json") return type("pandas.JsonReader", frame);
  return name.startsWith("pandas.read_sql") ? type("generator", frame) : type("pandas.TextFileReader", frame);
}

function numberOnly(it: Maybe): Maybe {
  return it && ["int", "float", "complex"].includes(it.name) ? it : it?.name === "bool" ? type("int") : undefined;
}

function factory(node: Node): Maybe {
  return ["list", "dict", "set", "int", "str", "float"].includes(node.text) ? type(node.text) : undefined;
}

/** An unknown mode is taken for binary too: then nothing is known of what is read. */
function isBinary(call: Call, position: number): boolean {
  const mode = argumentOf(call, "mode", position);
  return mode !== undefined && (textValue(mode) ?? "b").includes("b");
}
