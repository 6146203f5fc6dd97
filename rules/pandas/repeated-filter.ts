/** `df[df["a"] > x][df["b"] < y]`: rows are filtered one condition after another, each time into a new frame. */

import {
  asAttribute,
  asBinary,
  asSubscript,
  bindingStrength,
  asComparison,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameColumn,
  frameEvidence,
  hasComments,
  replace,
  unwrap,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Frame filtered by one mask after another",
  why: "The first filter copies all columns of its rows only for the second one to copy them again. The second mask has the labels of the whole frame, so pandas also has to match it to the rows that are left, and warns. Masks combined by & are applied once.",
  guide: "pandas",
  level: "info",
  gain: "time",
  imports: ["pandas"],
  orWords: ["groupby", "reset_index", "set_index", "read_csv", "sort_values"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def late(orders: pd.DataFrame) -> pd.DataFrame:
    return orders[orders["days"] > 30][orders["price"] > 100]
`,
      after: `
import pandas as pd

def late(orders: pd.DataFrame) -> pd.DataFrame:
    return orders[(orders["days"] > 30) & (orders["price"] > 100)]
`,
    },
  ],

  on: ["subscript"],

  find(node, { facts }) {
    const outer = facts.isTest ? undefined : filterIn(node);
    const inner = outer && filterIn(unwrap(outer.frame));
    if (!outer || !inner) return undefined;
    const name = inner.frame.text;
    if (!isMask(inner.mask, name) || !isMask(outer.mask, name)) return undefined;
    const evidence = frameEvidence(inner.frame, facts);
    if (!evidence) return undefined;
    const weight = facts.sizeOf(inner.frame) === "light" ? ("light" as const) : ("heavy" as const);
    return { at: outer.mask, evidence, weight, node, frame: inner.frame, first: inner.mask, second: outer.mask };
  },

  message: ({ frame, first, second }) =>
    `\`${excerpt(frame.text, 30)}\` is filtered by \`${excerpt(first.text, 30)}\` and then again by \`${excerpt(second.text, 30)}\`; combine the masks with \`&\`.`,

  fix({ node, frame, first, second }, { facts }) {
    if (facts.typeOf(frame)?.name !== "pandas.DataFrame") return declined("it is not certain to be a DataFrame");
    if (hasComments(node)) return declined("a comment would be lost");
    return fixOf(
      "Combine the masks",
      ["the labels of the rows must be unique"],
      [replace(node, `${frame.text}[${operand(first)} & ${operand(second)}]`)],
    );
  },
});

interface Filter {
  readonly frame: Node;
  readonly mask: Node;
}

/** `df[mask]` and `df.loc[mask]`. */
function filterIn(node: Node): Filter | undefined {
  const subscript = asSubscript(node);
  const [mask, more] = subscript?.indices ?? [];
  if (!subscript || !mask || more) return undefined;
  const viaLoc = asAttribute(subscript.value);
  return { frame: viaLoc?.name === "loc" ? viaLoc.object : subscript.value, mask };
}

/** Compares columns of the frame. */
function isMask(mask: Node, frame: string): boolean {
  const node = unwrap(mask);
  if (node.kind === "unary_operator") return node.text.startsWith("~") && isMask(node.field("argument")!, frame);
  const binary = asBinary(node);
  if (binary) return /^[&|]$/.test(binary.operator) && isMask(binary.left, frame) && isMask(binary.right, frame);
  const comparison = asComparison(node);
  const isColumn = (it: Node) => frameColumn(it)?.frame.text === frame;
  if (comparison)
    return /^([<>]=?|[=!]=)$/.test(comparison.operator) && (isColumn(comparison.left) || isColumn(comparison.right));
  const tested = asAttribute(node.kind === "call" ? node.field("function") : undefined);
  return (
    tested !== undefined && /^(isin|isna|isnull|notna|notnull|between)$/.test(tested.name) && isColumn(tested.object)
  );
}

/** As an operand of `&`. */
function operand(mask: Node): string {
  return bindingStrength(mask) > 8 ? mask.text : `(${mask.text})`;
}
