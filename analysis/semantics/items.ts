/** What `value[index]` gives, by the types of both. */

import { asSubscript, unwrap } from "../syntax/expressions.js";
import { asString } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { INT, type, type Maybe } from "./types.js";

export function itemType(node: Node, typeOf: (node: Node) => Maybe): Maybe {
  const subscript = asSubscript(node);
  const value = subscript && typeOf(subscript.value);
  const [index, more] = subscript?.indices ?? [];
  if (!value || !index) return undefined;
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

function frameItem(index: Node, more: Node | undefined, typeOf: (node: Node) => Maybe): Maybe {
  if (more) return undefined;
  if (index.kind === "slice") return type("pandas.DataFrame");
  const key = typeOf(index)?.name;
  if (key === "str" || key === "int") return type("pandas.Series");
  return key === "list" || key === "pandas.Series" || key === "pandas.DataFrame" || key === "numpy.ndarray"
    ? type("pandas.DataFrame")
    : undefined;
}
