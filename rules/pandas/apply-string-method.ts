/** `df["c"].apply(lambda x: x.upper())`: text work that `.str` does for the whole column. */

import {
  appliedTo,
  appliedWeight,
  APPLYING,
  APPLYING_WORDS,
  columnFix,
  defineRule,
  shownCall,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "String method in a function applied to each value",
  why: "From pandas 3 texts lie side by side in memory, and .str works on them in compiled code. apply makes a Python string of each one first, and fails at a missing value, where .str leaves it missing.",
  guide: "pandas",
  level: "info",
  gain: "time",
  imports: ["pandas"],
  library: { pandas: { from: "3.0" } },
  orWords: APPLYING_WORDS,
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def codes(orders: pd.DataFrame) -> pd.Series:
    return orders["code"].apply(lambda code: code.strip().upper())
`,
      after: `
import pandas as pd

def codes(orders: pd.DataFrame) -> pd.Series:
    return orders["code"].str.strip().str.upper()
`,
    },
  ],

  on: ["call", "list_comprehension"],
  methods: APPLYING,

  find(node, { facts }) {
    const applied = facts.isTest ? undefined : appliedTo(node, facts);
    if (applied?.work.deed !== "text") return undefined;
    return { at: applied.call.methodNode, ...appliedWeight(applied, facts), applied };
  },

  message: ({ applied }) =>
    applied.work.by === "+"
      ? `${shownCall(applied)} joins texts one at a time; \`+\` joins a whole column.`
      : `${shownCall(applied)} does text work one value at a time; \`.str\` does it for the whole column and leaves missing values missing${applied.work.isGuess ? ", if these are texts" : ""}.`,

  fix: ({ applied }, file) =>
    columnFix(
      "Use .str",
      applied,
      ["missing values stay missing instead of being given to the function", "values that are no texts become missing"],
      file,
    ),
});
