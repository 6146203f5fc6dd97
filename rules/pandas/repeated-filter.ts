/** `df[df["a"] > x][df["b"] < y]`: rows are filtered one condition after another, each time into a new frame. */

import {
  bindingStrength,
  declined,
  defineRule,
  excerpt,
  filterIn,
  fixOf,
  frameEvidence,
  hasComments,
  maskEvidence,
  replace,
  unwrap,
  weakest,
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
    const masked = weakest(maskEvidence(inner.mask, name, facts), maskEvidence(outer.mask, name, facts));
    const evidence = weakest(masked, frameEvidence(inner.frame, facts));
    if (!evidence) return undefined;
    const weight = facts.sizeOf(inner.frame) === "light" ? ("light" as const) : ("heavy" as const);
    const { frame, mask: first } = inner;
    return { at: outer.mask, evidence, weight, node, frame, first, second: outer.mask, masked };
  },

  message: ({ frame, first, second }) =>
    `\`${excerpt(frame.text, 30)}\` is filtered by \`${excerpt(first.text, 30)}\` and then again by \`${excerpt(second.text, 30)}\`; combine the masks with \`&\`.`,

  fix({ node, frame, first, second, masked }, { facts }) {
    if (masked === "fair") return declined("the name may stand for several columns");
    if (facts.typeOf(frame)?.name !== "pandas.DataFrame") return declined("it is not certain to be a DataFrame");
    if (hasComments(node)) return declined("a comment would be lost");
    return fixOf(
      "Combine the masks",
      ["the labels of the rows must be unique"],
      [replace(node, `${frame.text}[${operand(first)} & ${operand(second)}]`)],
    );
  },
});

/** As an operand of `&`. */
function operand(mask: Node): string {
  return bindingStrength(mask) > 8 ? mask.text : `(${mask.text})`;
}
