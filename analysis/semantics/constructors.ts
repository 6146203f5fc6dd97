/** Calls whose result depends on their arguments: `list(x)`, `sorted(x)`, `open(path, "rb")`, `dict(zip(a, b))`. */

import { argumentOf, type Call } from "../syntax/expressions.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { elementOf, joinAll, type, type Maybe } from "./types.js";

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
      return call.args.length === 1 && first ? (numberOnly(typeOf(first)) ? type("int") : undefined) : first && numberOnly(typeOf(first));
    case "builtins.sum":
      return first && call.args.length === 1 ? numberOnly(elementOf(typeOf(first))) : undefined;
    case "builtins.max":
    case "builtins.min":
      if (call.keywords.has("default")) return undefined;
      return call.args.length === 1 && first ? elementOf(typeOf(first)) : numberOnly(joinAll(call.args.map(typeOf)));
    case "builtins.open":
    case "io.open":
      return type(isBinary(call, 1) ? "binary-file" : "file");
    case "gzip.open":
    case "bz2.open":
    case "lzma.open":
      return type(argumentOf(call, "mode", 1) && !isBinary(call, 1) ? "file" : "binary-file");
    default:
      return undefined;
  }
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
