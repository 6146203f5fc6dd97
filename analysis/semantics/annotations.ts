/** Types from annotations: `list[str]`, `pd.DataFrame | None`, `"np.ndarray"`. */

import { asAttribute, asBinary, asSubscript, unwrap } from "../syntax/expressions.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import type { Names } from "./names.js";
import { join, type, type Maybe } from "./types.js";

const OPTIONAL = new Set([
  "typing.Optional",
  "typing.Final",
  "typing.ClassVar",
  "typing.Annotated",
  "typing_extensions.Annotated",
]);

export function annotationType(annotation: Node, names: Names): Maybe {
  const node = annotation.kind === "type" ? annotation.children[0] : unwrap(annotation);
  if (!node) return undefined;
  switch (node.kind) {
    case "none":
      return type("None");
    case "string":
      return quoted(node, names);
    case "union_type":
      return join(...pair(node.children.map((it) => annotationType(it, names))));
    case "binary_operator": {
      const union = asBinary(node);
      return union?.operator === "|"
        ? join(annotationType(union.left, names), annotationType(union.right, names))
        : undefined;
    }
    case "generic_type": {
      const [name, parameters] = node.children;
      return name && generic(nameOf(name, names), parameters?.children ?? [], names);
    }
    case "subscript": {
      const subscript = asSubscript(node);
      return subscript && generic(nameOf(subscript.value, names), subscript.indices, names);
    }
    default:
      return named(nameOf(node, names));
  }
}

const pair = (types: readonly Maybe[]): [Maybe, Maybe] => [types[0], types[1]];

/** A class of this file is named `local.Name`. */
function nameOf(node: Node, names: Names): string | undefined {
  const name = names.nameOf(node);
  if (name !== undefined) return name;
  if (node.kind !== "identifier") return asAttribute(node) ? undefined : undefined;
  const sites = names.sitesOf(node);
  return sites.length === 1 && sites[0]!.kind === "class" ? `local.${node.text}` : undefined;
}

function named(name: string | undefined): Maybe {
  if (name === undefined || UNINFORMATIVE.has(name)) return undefined;
  return type(name.startsWith("builtins.") ? name.slice(9) : name);
}

function generic(name: string | undefined, parameters: readonly Node[], names: Names): Maybe {
  if (name === undefined) return undefined;
  if (OPTIONAL.has(name)) return parameters[0] && annotationType(parameters[0], names);
  if (name === "typing.Union")
    return parameters.length === 2
      ? join(annotationType(parameters[0]!, names), annotationType(parameters[1]!, names))
      : undefined;
  if (UNINFORMATIVE.has(name)) return undefined;
  const short = name.startsWith("builtins.") ? name.slice(9) : name;
  if (short === "numpy.ndarray") return type(short);
  if (short === "tuple" && parameters.some((it) => it.text === "...")) return type("tuple");
  return type(short, ...parameters.map((it) => annotationType(it, names)));
}

/** A quoted annotation is only read where it is a plain dotted name known by its first part's import. */
function quoted(node: Node, names: Names): Maybe {
  const text = textValue(node)?.replace(/(?<!\s)\s*\|\s*None$/, "");
  if (text === undefined || !/^[A-Za-z_][\w.]*$/.test(text)) return undefined;
  const [first = "", ...rest] = text.split(".");
  const known = BY_TEXT.get(text);
  if (known) return type(known);
  return rest.length === 0 && BUILTIN_TYPES.has(first) ? type(first) : undefined;
}

const BUILTIN_TYPES = new Set(["int", "float", "str", "bytes", "bool", "list", "dict", "set", "tuple"]);

/** Spellings that mean one thing in practice everywhere. */
const BY_TEXT = new Map([
  ["pd.DataFrame", "pandas.DataFrame"],
  ["pandas.DataFrame", "pandas.DataFrame"],
  ["pd.Series", "pandas.Series"],
  ["np.ndarray", "numpy.ndarray"],
  ["torch.Tensor", "torch.Tensor"],
]);

const UNINFORMATIVE = new Set([
  "typing.Any",
  "builtins.object",
  "typing.TypeVar",
  "typing.Union",
  "typing.Optional",
  "typing.Callable",
  "typing.Self",
]);
