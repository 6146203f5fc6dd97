/** What is asked of a table and can be asked of its rows piece by piece: expressions that look at one row at a time, and results that add up over pieces. */

import type { Facts } from "../semantics/facts.js";
import { isNumber } from "../semantics/types.js";
import {
  asAttribute,
  asBinary,
  asCall,
  asMethodCall,
  asSubscript,
  integerOf,
  isConstant,
  unwrap,
} from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { textValue } from "../syntax/strings.js";

/** The names that stand for the table and for parts of its rows. */
export type Tables = ReadonlySet<string>;

/** A result worked out from a table by adding up, which can be worked out piece by piece too. */
export interface Total {
  /** The whole expression. */
  readonly node: Node;
  /** `number`: starts at 0 and grows; `grouped` and `counts`: one part for each piece, put together at the end. */
  readonly kind: "number" | "grouped" | "counts";
  /** How many keys it is grouped by. */
  readonly keys: number;
  /** Equal for totals that say the same. */
  readonly meaning: string;
}

const ROW_METHODS = new Set(
  "isna isnull notna notnull isin between astype abs fillna eq ne lt le gt ge add sub mul div round clip dropna query".split(
    " ",
  ),
);
const TEXT_METHODS = new Set("contains startswith endswith lower upper strip len replace".split(" "));
/** Attributes of a table or column that are no columns, or say something of all rows. */
const OWN_ATTRIBUTES = new Set(
  "T at axes columns dtype dtypes empty flags hasnans iat iloc index is_unique loc name ndim shape size str dt cat values array plot sparse style nbytes".split(
    " ",
  ),
);

/** Each row of the result depends on the same row of the table alone. */
export function isRowWise(expression: Node, tables: Tables, facts: Facts): boolean {
  const node = unwrap(expression);
  const isPart = (it: Node) => isRowWise(it, tables, facts) || isFixed(it, tables, facts);
  if (node.kind === "identifier") return tables.has(node.text);
  const subscript = asSubscript(node);
  if (subscript) {
    const located = asAttribute(subscript.value);
    if (located?.name === "loc") {
      const [rows, columns, more] = subscript.indices;
      return (
        isRowWise(located.object, tables, facts) &&
        rows !== undefined &&
        !more &&
        isRowWise(rows, tables, facts) &&
        (!columns || isColumns(columns))
      );
    }
    const [only, more] = subscript.indices;
    return (
      isRowWise(subscript.value, tables, facts) &&
      only !== undefined &&
      !more &&
      (isColumns(only) || isRowWise(only, tables, facts))
    );
  }
  const binary = asBinary(node);
  if (binary)
    return (
      node.kind === "binary_operator" &&
      binary.operator !== "@" &&
      isPart(binary.left) &&
      isPart(binary.right) &&
      (isRowWise(binary.left, tables, facts) || isRowWise(binary.right, tables, facts))
    );
  if (node.kind === "comparison_operator")
    return (
      node.children.length === 2 &&
      !node.hasToken("in") &&
      !node.hasToken("not in") &&
      !node.hasToken("is") &&
      node.children.every(isPart) &&
      node.children.some((it) => isRowWise(it, tables, facts))
    );
  if (node.kind === "unary_operator") return isRowWise(node.field("argument")!, tables, facts);
  const method = asMethodCall(node);
  if (method) {
    const accessor = asAttribute(method.object);
    const isText = accessor?.name === "str" && TEXT_METHODS.has(method.method);
    const isFit =
      [...method.args, ...method.keywords.values()].every((it) => isFixed(it, tables, facts)) &&
      !method.hasSplat &&
      !method.keywords.has("inplace") &&
      !method.keywords.has("axis");
    if (
      !isFit ||
      (method.method === "query" && /\b(mean|sum|max|min|std|count|index)\b|@/.test(method.argumentList.text)) ||
      (method.method === "dropna" && method.args.length > 0)
    )
      return false;
    return isText
      ? isRowWise(accessor.object, tables, facts)
      : ROW_METHODS.has(method.method) && isRowWise(method.object, tables, facts);
  }
  const attribute = asAttribute(node);
  const isDate = attribute && asAttribute(attribute.object)?.name === "dt";
  return (
    attribute !== undefined &&
    !OWN_ATTRIBUTES.has(attribute.name) &&
    isRowWise(isDate ? asAttribute(attribute.object)!.object : attribute.object, tables, facts)
  );
}

/** A column's name, or a list of such. */
function isColumns(node: Node): boolean {
  return (
    textValue(node) !== undefined ||
    (node.kind === "list" && node.children.length > 0 && node.children.every((it) => textValue(it) !== undefined))
  );
}

/** One value for all rows. */
function isFixed(node: Node, tables: Tables, facts: Facts): boolean {
  if (node.descendants("identifier").some((it) => tables.has(it.text))) return false;
  if (isConstant(node)) return true;
  if (["list", "tuple", "set"].includes(node.kind)) return node.children.every((it) => isConstant(it));
  const type = facts.typeOf(node);
  return (
    node.kind === "identifier" &&
    (isNumber(type) || /^(str|list|set|tuple|type|datetime\.(date|datetime))$/.test(type?.name ?? ""))
  );
}

/** The result that a read of a table is asked for: `frame["price"].sum()` around `frame`. */
export function totalAround(read: Node, tables: Tables, facts: Facts): Total | undefined {
  for (let node: Node | undefined = read; node && !/statement$|^block$/.test(node.kind); node = node.parent) {
    const found = totalOf(node, tables, facts);
    if (found) return found;
  }
  return undefined;
}

function totalOf(node: Node, tables: Tables, facts: Facts): Total | undefined {
  const call = asCall(node);
  const [first, more] = call?.args ?? [];
  const isBare = call !== undefined && !first && call.keywords.size === 0 && !call.hasSplat;
  if (
    call &&
    first &&
    !more &&
    facts.nameOf(call.callee) === "builtins.len" &&
    isTable(asAttribute(first)?.name === "index" ? asAttribute(first)!.object : first, tables, facts)
  )
    return {
      node,
      kind: "number",
      keys: 0,
      meaning: `rows of ${asAttribute(first)?.name === "index" ? asAttribute(first)!.object.text : first.text}`,
    };
  const place = asSubscript(node);
  const shape = asAttribute(place?.value);
  if (place && shape?.name === "shape" && integerOf(place.indices[0]) === 0 && isTable(shape.object, tables, facts))
    return { node, kind: "number", keys: 0, meaning: `rows of ${shape.object.text}` };
  const method = isBare ? asMethodCall(node) : undefined;
  if (!method) return undefined;
  const meaning = node.text;
  if (method.method === "value_counts" && isColumn(method.object, tables, facts))
    return { node, kind: "counts", keys: 0, meaning };
  if (!/^(sum|count|size)$/.test(method.method)) return undefined;
  const keys = groupKeys(method.object, tables, facts);
  if (keys > 0) return { node, kind: "grouped", keys, meaning };
  return method.method !== "size" && isColumn(method.object, tables, facts)
    ? { node, kind: "number", keys: 0, meaning }
    : undefined;
}

function isTable(node: Node, tables: Tables, facts: Facts): boolean {
  return isRowWise(node, tables, facts);
}

/** No whole table, of which some columns may be text. */
function isColumn(node: Node, tables: Tables, facts: Facts): boolean {
  return (
    isRowWise(node, tables, facts) &&
    unwrap(node).kind !== "identifier" &&
    asMethodCall(unwrap(node), "dropna", "query") === undefined
  );
}

/** `frame.groupby("city")["amount"]`; 0 where it is none. */
function groupKeys(grouped: Node, tables: Tables, facts: Facts): number {
  const picked = asSubscript(grouped);
  const column = asAttribute(grouped);
  const isPicked = picked?.indices.length === 1 && isColumns(picked.indices[0]!);
  const groupby = asMethodCall(
    isPicked ? picked.value : column && !OWN_ATTRIBUTES.has(column.name) ? column.object : grouped,
    "groupby",
  );
  const [keys, more] = groupby?.args ?? [];
  if (
    !groupby ||
    !keys ||
    more ||
    groupby.keywords.size > 0 ||
    groupby.hasSplat ||
    !isColumns(keys) ||
    !isTable(groupby.object, tables, facts)
  )
    return 0;
  return keys.kind === "list" ? keys.children.length : 1;
}
