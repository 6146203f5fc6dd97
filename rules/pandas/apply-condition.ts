/** `df["c"].apply(lambda x: a if x > 1 else b)`, and functions that only choose by tests of their value. */

import {
  appliedTo,
  appliedWeight,
  APPLYING,
  APPLYING_WORDS,
  columnFix,
  defineRule,
  excerpt,
  lookUpIn,
  looksIn,
  shownCall,
  type Applied,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Choice or test in a function applied to each value",
  why: "apply calls the function for every value. A comparison of the whole column gives a mask in compiled code; np.where, np.select or map choose by it.",
  guide: "pandas",
  level: "info",
  gain: "time",
  imports: ["pandas"],
  orWords: APPLYING_WORDS,
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def label(orders: pd.DataFrame) -> None:
    orders["kind"] = orders["price"].apply(lambda price: "dear" if price > 10 else "cheap")
`,
      after: `
import pandas as pd

def label(orders: pd.DataFrame) -> None:
    orders["kind"] = (orders["price"] > 10).map({True: "dear", False: "cheap"})
`,
    },
  ],

  on: ["call", "list_comprehension"],
  methods: APPLYING,

  find(node, { facts }) {
    const applied = facts.isTest ? undefined : appliedTo(node, facts);
    if (!applied || (applied.work.deed !== "condition" && !lookUpIn(applied.fn))) return undefined;
    const held = partsOf(applied).flatMap((it) => looksIn(it, facts));
    const weighed = appliedWeight(applied, facts);
    const evidence = held.length > 0 ? ("fair" as const) : weighed.evidence;
    return { at: applied.call.methodNode, ...weighed, evidence, applied, held };
  },

  message: ({ applied }) => `${shownCall(applied)} ${does(applied)}.`,

  fix: ({ applied, held }, file) =>
    columnFix(
      "Choose for the whole column",
      applied,
      [
        "in nullable columns (Int64, Float64) a missing value stays missing or raises; an empty column keeps its dtype",
        "categories become plain values",
        ...new Set(held.map((it) => `\`${excerpt(it.text, 30)}\` must be a list, set or dict`)),
      ],
      file,
    ),
});

const partsOf = ({ fn }: Applied): readonly Node[] =>
  fn.cases.flatMap(({ test, value }) => (test ? [test, value] : [value]));

function does({ fn }: Applied): string {
  const test = lookUpIn(fn);
  if (test)
    return `looks up one value at a time; \`${test.operator === "in" ? "" : "~"}.isin(${excerpt(test.right.text, 30)})\` does it for the whole column`;
  if (fn.cases.length < 2) return "tests one value at a time; the same test of the whole column gives a mask";
  return `decides about one value at a time; ${fn.cases.length === 2 ? "a mask of the whole column chooses" : "np.select chooses by masks of the whole column"} at once`;
}
