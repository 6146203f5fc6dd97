/** `df["c"].apply(lambda x: table[x])`: each value is looked up by a call. */

import {
  appliedTo,
  appliedWeight,
  APPLYING,
  APPLYING_WORDS,
  called,
  columnFix,
  defineRule,
  excerpt,
  shownCall,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Table lookup in a function applied to each value",
  why: "apply calls a Python function for every value. map takes the table itself and looks the whole column up at once. A value that is not in the table then gives a missing value.",
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

def named(orders: pd.DataFrame, names: dict[int, str]) -> pd.Series:
    return orders["shop"].apply(lambda shop: names[shop])
`,
      after: `
import pandas as pd

def named(orders: pd.DataFrame, names: dict[int, str]) -> pd.Series:
    return orders["shop"].map(names)
`,
    },
  ],

  on: ["call", "list_comprehension"],
  methods: APPLYING,

  find(node, { facts }) {
    const applied = facts.isTest ? undefined : appliedTo(node, facts);
    if (applied?.work.deed !== "lookup") return undefined;
    return { at: applied.call.methodNode, ...appliedWeight(applied, facts), applied };
  },

  message: ({ applied }) =>
    `${shownCall(applied)} ${applied.call.method === "" ? "looks up one value at a time" : `calls ${called(applied)} for every value to look it up`}; map takes \`${excerpt(applied.work.by, 30)}\` itself${applied.work.hasDefault ? ", and fillna what stands for the others" : ""}.`,

  fix: ({ applied }, file) =>
    columnFix(
      "Give the table to map",
      applied,
      ["a value that is not in the table gives a missing value, as does one that is None there"],
      file,
    ),
});
