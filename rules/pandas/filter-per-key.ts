/** A loop over a column's unique values that filters the whole frame again for each of them. */

import {
  asAttribute, asBinary, asCall, asComparison, asFor, asMethodCall, asSubscript, defineRule, FRAME_NAMES, hasComments, replace, textValue, unwrap,
  type Call, type Facts, type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Frame filtered once for each key of a column",
  why: "Every turn compares the whole column again, so the work grows with rows times keys; groupby sorts the rows into groups in one pass.",
  guide: "pandas",
  level: "warning",
  gain: "time",
  imports: ["pandas"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def means(df: pd.DataFrame) -> dict[str, float]:
    result = {}
    for shop in df["shop"].unique():
        chosen = df[df["shop"] == shop]
        result[shop] = chosen["stars"].mean()
    return result
`,
      after: `
import pandas as pd

def means(df: pd.DataFrame) -> dict[str, float]:
    result = {}
    for shop, group in df.groupby("shop", sort=False):
        chosen = group
        result[shop] = chosen["stars"].mean()
    return result
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }) {
    const loop = asFor(node);
    const column = loop && loop.target.kind === "identifier" ? keysOf(loop.iterable, facts) : undefined;
    if (!loop || !column || facts.typeOf(column.frame)?.name !== "pandas.DataFrame") return undefined;
    const filters = filtersIn(loop.body, column, loop.target);
    const names = column.keyNode ? [column.keyNode, ...column.keyNode.descendants("identifier")] : [];
    if (names.some((it) => it.kind === "identifier" && facts.writesOf(it).some((site) => site.name.isInside(node)))) return undefined;
    if (filters.length === 0 || facts.writesOf(loop.target).some((it) => it.owner !== node && it.name.isInside(node))) return undefined;
    if (column.frame.kind !== "identifier" || facts.isStableIn(column.frame, node) === "no") return undefined;
    return { at: loop.iterable, loop, column, filters, construct: node };
  },

  message: ({ column, loop }) => `\`${column.frame.text}\` is filtered anew for each \`${loop.target.text}\`; groupby gives every group in one pass.`,

  fix({ loop, column, filters }, { facts }) {
    if (loop.orElse || hasComments(loop.iterable) || filters.some((it) => hasComments(it.node) || !it.isWhole)) return undefined;
    if (column.order === undefined || (column.keyNode && facts.typeOf(column.keyNode)?.name !== "str")) return undefined;
    const group = facts.freshName("group", loop.node);
    const doubts = ["no turn for missing keys, and one for each unused category before pandas 3"];
    if (column.order === "any") doubts.push("keys come as they appear first");
    if (facts.isStableIn(column.frame, loop.node) !== "yes") doubts.push("the frame must not change in the loop");
    return {
      title: `Loop over groupby (review: ${doubts.join("; ")})`,
      safety: "review",
      edits: [
        replace(loop.target, `${loop.target.text}, ${group}`),
        replace(loop.iterable, `${column.frame.text}.groupby(${column.key}${column.order === "sorted" ? "" : ", sort=False"})`),
        ...filters.map((it) => replace(it.node, `${group}${it.column}`)),
      ],
    };
  },
});

interface Column {
  readonly frame: Node;
  /** The column's name as written in code: `"shop"`. */
  readonly key: string;
  /** Where the column's name is held by a name. */
  readonly keyNode?: Node;
}

interface Keys extends Column {
  /** How the keys come: as they appear, as a set gives them, or sorted; undefined for what a groupby does not give. */
  readonly order: "first" | "any" | "sorted" | undefined;
}

/** What hands the keys on as they come. */
const HANDS_ON = /^(builtins\.(list|tuple)|tqdm\.(\w+\.)*tqdm|rich\.progress\.track)$/;

/** The column whose unique values are looped over: `df["c"].unique()`, `set(df["c"])`, `df["c"].drop_duplicates()`, `np.unique(df["c"])`, one of these sorted. */
function keysOf(iterable: Node, facts: Facts): Keys | undefined {
  const node = unwrap(iterable);
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (call && name !== undefined) return keysOfCall(call, name, facts);
  const method = asMethodCall(node);
  if (method && ["unique", "drop_duplicates", "tolist", "dropna"].includes(method.method)) {
    if (method.args.length > 0 || method.keywords.size > 0) return undefined;
    if (method.method === "tolist" || method.method === "dropna") return keysOf(method.object, facts);
    const values = asMethodCall(unwrap(method.object), "dropna");
    const column = columnOf(values && values.args.length === 0 && values.keywords.size === 0 ? values.object : method.object);
    return column && (!column.keyNode || method.method === "unique") ? { ...column, order: "first" } : undefined;
  }
  return undefined;
}

function keysOfCall(call: Call, name: string, facts: Facts): Keys | undefined {
  const [only, more] = call.args;
  if (!only || more || call.hasSplat) return undefined;
  const isBare = call.keywords.size === 0;
  const column = isBare && (name === "builtins.set" || name === "numpy.unique") ? columnOf(only) : undefined;
  if (column && !column.keyNode) return { ...column, order: name === "builtins.set" ? "any" : "sorted" };
  const keys = name === "builtins.sorted" || HANDS_ON.test(name) ? keysOf(only, facts) : undefined;
  if (!keys) return undefined;
  if (name === "builtins.sorted") return { ...keys, order: isBare ? "sorted" : undefined };
  return { ...keys, order: name.startsWith("builtins.") ? keys.order : undefined };
}

/** `df["c"]` or `df.c`. */
function columnOf(expression: Node): Column | undefined {
  const node = unwrap(expression);
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  if (subscript && key && !more && textValue(key) !== undefined) return { frame: subscript.value, key: key.text };
  const isNamed = key?.kind === "identifier" || (asAttribute(key) && asAttribute(key)!.object.kind === "identifier");
  if (subscript && key && !more && isNamed) return { frame: subscript.value, key: key.text, keyNode: key };
  const attribute = asAttribute(node);
  return attribute && !FRAME_NAMES.has(attribute.name) ? { frame: attribute.object, key: `"${attribute.name}"` } : undefined;
}

interface Filter {
  readonly node: Node;
  /** The key is all that is asked for, so the group can stand for it. */
  readonly isWhole: boolean;
  /** `["v"]` of `df.loc[df["c"] == key, "v"]`. */
  readonly column: string;
}

/** `df[df["c"] == key]` and `df.loc[df["c"] == key]` in the loop's body, and those that ask for something else besides. */
function filtersIn(body: Node, column: Column, key: Node): readonly Filter[] {
  const isColumn = (node: Node) => {
    const it = columnOf(node);
    return it !== undefined && it.frame.text === column.frame.text && unquoted(it.key) === unquoted(column.key);
  };
  const isKey = (node: Node) => node.kind === "identifier" && node.text === key.text;
  const isFilter = (condition: Node): boolean => {
    const comparison = asComparison(condition);
    if (comparison?.operator !== "==") return false;
    return (isColumn(comparison.left) && isKey(comparison.right)) || (isKey(comparison.left) && isColumn(comparison.right));
  };
  const hasFilter = (condition: Node): boolean => {
    const both = asBinary(unwrap(condition));
    return both?.operator === "&" ? hasFilter(both.left) || hasFilter(both.right) : isFilter(unwrap(condition));
  };
  return body.descendants("subscript").flatMap((it) => {
    const subscript = asSubscript(it);
    const [condition, part, more] = subscript?.indices ?? [];
    const viaLoc = asAttribute(subscript?.value);
    const isLoc = viaLoc?.name === "loc";
    if (!subscript || !condition || more || (part && !isLoc) || (isLoc ? viaLoc.object : subscript.value).text !== column.frame.text || !hasFilter(condition)) return [];
    return [{ node: it, isWhole: isFilter(unwrap(condition)) && (!part || textValue(part) !== undefined), column: part ? `[${part.text}]` : "" }];
  });
}

function unquoted(text: string): string {
  return text.replace(/^['"]|['"]$/g, "");
}
