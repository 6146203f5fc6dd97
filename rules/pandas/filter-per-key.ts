/** A loop over a column's unique values that filters the whole frame again for each of them. */

import { asComparison, asFor, asMethodCall, asSubscript, asAttribute, asCall, defineRule, FRAME_NAMES, hasComments, replace, textValue, unwrap, type Facts, type Node } from "../../analysis/authoring.js";

export default defineRule({
  title: "Frame filtered once for each key of a column",
  why: "Every turn compares the whole column again, so the work grows with rows times keys; groupby sorts the rows into groups in one pass.",
  guide: "pandas",
  level: "warning",
  gain: "complexity",
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
    if (filters.length === 0 || facts.writesOf(loop.target).some((it) => it.owner !== node && it.name.isInside(node))) return undefined;
    if (column.frame.kind !== "identifier" || facts.isStableIn(column.frame, node) === "no") return undefined;
    return { at: loop.iterable, loop, column, filters, construct: node };
  },

  message: ({ column, loop }) => `\`${column.frame.text}\` is filtered anew for each \`${loop.target.text}\`; groupby gives every group in one pass.`,

  fix({ loop, column, filters }, { facts }) {
    if (loop.orElse || hasComments(loop.iterable) || filters.some(hasComments)) return undefined;
    const group = facts.freshName("group", loop.node);
    return {
      title: "Loop over groupby (review: no turn for missing keys, and one for each unused category before pandas 3)",
      safety: "review",
      edits: [
        replace(loop.target, `${loop.target.text}, ${group}`),
        replace(loop.iterable, `${column.frame.text}.groupby(${column.key}, sort=False)`),
        ...filters.map((it) => replace(it, group)),
      ],
    };
  },
});

interface Column {
  readonly frame: Node;
  /** The column's name as written in code: `"shop"`. */
  readonly key: string;
}

/** The column whose unique values are looped over: `df["c"].unique()`, `set(df["c"])`, `df["c"].drop_duplicates()`. */
function keysOf(iterable: Node, facts: Facts): Column | undefined {
  const node = unwrap(iterable);
  const unique = asMethodCall(node, "unique", "drop_duplicates");
  if (unique) return unique.args.length === 0 && unique.keywords.size === 0 ? columnOf(unique.object) : undefined;
  const call = asCall(node);
  const [only, more] = call?.args ?? [];
  return call && only && !more && facts.nameOf(call.callee) === "builtins.set" ? columnOf(only) : undefined;
}

/** `df["c"]` or `df.c`. */
function columnOf(expression: Node): Column | undefined {
  const node = unwrap(expression);
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  if (subscript && key && !more && textValue(key) !== undefined) return { frame: subscript.value, key: key.text };
  const attribute = asAttribute(node);
  return attribute && !FRAME_NAMES.has(attribute.name) ? { frame: attribute.object, key: `"${attribute.name}"` } : undefined;
}

/** `df[df["c"] == key]` and `df.loc[df["c"] == key]` in the loop's body. */
function filtersIn(body: Node, column: Column, key: Node): readonly Node[] {
  return body.descendants("subscript").filter((it) => {
    const subscript = asSubscript(it);
    const [condition, more] = subscript?.indices ?? [];
    if (!subscript || !condition || more) return false;
    const viaLoc = asAttribute(subscript.value);
    const frame = viaLoc?.name === "loc" ? viaLoc.object : subscript.value;
    const comparison = asComparison(unwrap(condition));
    if (frame.text !== column.frame.text || comparison?.operator !== "==") return false;
    const isColumn = (node: Node) => {
      const it = columnOf(node);
      return it !== undefined && it.frame.text === column.frame.text && unquoted(it.key) === unquoted(column.key);
    };
    const isKey = (node: Node) => node.kind === "identifier" && node.text === key.text;
    return (isColumn(comparison.left) && isKey(comparison.right)) || (isKey(comparison.left) && isColumn(comparison.right));
  });
}

function unquoted(text: string): string {
  return text.replace(/^['"]|['"]$/g, "");
}
