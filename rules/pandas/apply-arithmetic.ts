/** `df["c"].apply(lambda x: x * 2)`: arithmetic on one value at a time. */

import {
  appliedTo,
  appliedWeight,
  APPLYING,
  APPLYING_WORDS,
  called,
  columnFix,
  declined,
  defineRule,
  lookUpIn,
  shownCall,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** What converts a whole column, by what the function calls. */
const CONVERSIONS: ReadonlyMap<string, string> = new Map([
  ["int", "`.astype(int)`"],
  ["float", "`.astype(float)`"],
  ["to_numeric", '`pd.to_numeric(..., errors="coerce")`'],
]);

/** `lambda t: t.hour * 60 + t.minute` in a file that makes times without a date: of these a column has no `.dt`. */
const mayBeTimes = (fn: Node, facts: Facts): boolean =>
  /\.(?:hour|minute|second)\b/.test(fn.text) &&
  facts.fileMatches(/(?<!\btime)\.time\(\)|\bdatetime\.time\(|\bfrom datetime import[^\n]*\btime\b/);

export default defineRule({
  title: "Arithmetic in a function applied to each value",
  why: "apply takes each value out of the column, makes a Python number of it and calls the function. The same arithmetic on the whole column runs once, in compiled code.",
  guide: "pandas",
  level: "warning",
  gain: "time",
  imports: ["pandas"],
  orWords: APPLYING_WORDS,
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def gross(orders: pd.DataFrame) -> pd.Series:
    return orders["price"].apply(lambda price: price * 1.19 + 5)
`,
      after: `
import pandas as pd

def gross(orders: pd.DataFrame) -> pd.Series:
    return orders["price"] * 1.19 + 5
`,
    },
  ],

  on: ["call"],
  methods: APPLYING,

  find(node, { facts }) {
    const applied = facts.isTest ? undefined : appliedTo(node, facts);
    if (applied?.work.deed !== "arithmetic" || mayBeTimes(applied.fn.given, facts) || lookUpIn(applied.fn))
      return undefined;
    return { at: applied.call.methodNode, ...appliedWeight(applied, facts), applied };
  },

  message({ applied }) {
    const converter = CONVERSIONS.get(applied.work.by);
    return converter === undefined
      ? `${shownCall(applied)} calls ${called(applied)} for every value to do arithmetic; write it for the whole column.`
      : `${shownCall(applied)} calls ${called(applied)} for every value to make a number of it; ${converter} converts the whole column.`;
  },

  fix: ({ applied }, file) =>
    CONVERSIONS.has(applied.work.by)
      ? declined("values that cannot be converted are treated in another way")
      : columnFix(
          "Work on the whole column",
          applied,
          [
            "whole numbers may come out in the dtype of the column, and an empty column keeps its dtype",
            "the column must hold numbers: truth values and categories are worked out in another way",
            /\*\*/.test((applied.fn.def?.body ?? applied.fn.given).text) && "whole numbers have no negative powers",
          ],
          file,
        ),
});
