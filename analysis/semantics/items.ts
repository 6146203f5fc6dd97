/** What `value[index]` gives, by the types of both. */

import { asAttribute, asSubscript, unwrap, type Subscript } from "../syntax/expressions.js";
import { asString } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { INT, type, type Maybe } from "./types.js";

export function itemType(node: Node, typeOf: (node: Node) => Maybe): Maybe {
  const subscript = asSubscript(node);
  const [index, more] = subscript?.indices ?? [];
  if (!subscript || !index) return undefined;
  const located = locatedItem(subscript, typeOf);
  if (located) return located;
  const value = typeOf(subscript.value);
  if (!value) return undefined;
  const isSlice = index.kind === "slice";
  switch (value.name) {
    case "list":
      return isSlice ? value : value.of[0];
    case "str":
    case "bytes":
      return isSlice || value.name === "str" ? value : INT;
    case "tuple": {
      const at = index.kind === "integer" ? Number(index.text) : undefined;
      return at === undefined ? undefined : value.of[at];
    }
    case "dict":
    case "collections.defaultdict":
      return value.of[1];
    case "collections.Counter":
      return INT;
    case "pandas.DataFrame":
      return frameItem(index, more, typeOf);
    case "pandas.Series": {
      const mask = typeOf(index)?.name;
      return isSlice || mask === "pandas.Series" || mask === "list" ? value : undefined;
    }
    case "numpy.ndarray": {
      const mask = typeOf(index)?.name;
      return !more && (isSlice || mask === "numpy.ndarray" || mask === "list") ? value : undefined;
    }
    case "torch.Tensor":
    case "tensorflow.Tensor":
      return value;
    case "pandas.DataFrameGroupBy":
      return asString(unwrap(index)) ? type("pandas.SeriesGroupBy") : undefined;
    default:
      return undefined;
  }
}

/** `frame.loc[rows, columns]`, `series.iloc[rows]`. */
function locatedItem({ value, indices }: Subscript, typeOf: (node: Node) => Maybe): Maybe {
  const locator = asAttribute(unwrap(value));
  if (locator?.name !== "loc" && locator?.name !== "iloc") return undefined;
  const table = typeOf(locator.object)?.name;
  const [rows, columns, more] = indices;
  if (more || !rows || (table !== "pandas.DataFrame" && table !== "pandas.Series")) return undefined;
  const taken = (index: Node): "several" | "one" | undefined => {
    if (index.kind === "slice") return "several";
    const key = typeOf(index)?.name ?? "";
    return SEVERAL.has(key) ? "several" : key === "int" && locator.name === "iloc" ? "one" : undefined;
  };
  if (table === "pandas.Series") return !columns && taken(rows) === "several" ? type(table) : undefined;
  const across = taken(rows);
  if (!columns) return across && type(across === "several" ? table : "pandas.Series");
  // A label that is a text is a column, as in `frame["price"]`.
  const down = taken(columns) ?? (locator.name === "loc" && typeOf(columns)?.name === "str" ? "one" : undefined);
  if (!across || !down || (across === "one" && down === "one")) return undefined;
  return type(across === "several" && down === "several" ? table : "pandas.Series");
}

/** Indices and masks. */
const SEVERAL = new Set(["list", "pandas.Series", "pandas.Index", "numpy.ndarray"]);

function frameItem(index: Node, more: Node | undefined, typeOf: (node: Node) => Maybe): Maybe {
  if (more) return undefined;
  if (index.kind === "slice") return type("pandas.DataFrame");
  const key = typeOf(index)?.name;
  if (key === "str" || key === "int") return type("pandas.Series");
  return key === "list" || key === "pandas.Series" || key === "pandas.DataFrame" || key === "numpy.ndarray"
    ? type("pandas.DataFrame")
    : undefined;
}
