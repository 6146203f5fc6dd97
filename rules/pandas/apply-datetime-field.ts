/** `df["c"].apply(lambda d: d.month)`: a part of a date, one date at a time. */

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
  title: "Field of a date in a function applied to each value",
  why: "apply makes a Timestamp of each value before the function asks it for a field. The .dt accessor works the field out for the whole column at once.",
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

def months(orders: pd.DataFrame) -> pd.Series:
    ordered = pd.to_datetime(orders["date"])
    return ordered.apply(lambda day: day.month)
`,
      after: `
import pandas as pd

def months(orders: pd.DataFrame) -> pd.Series:
    ordered = pd.to_datetime(orders["date"])
    return ordered.dt.month
`,
    },
  ],

  on: ["call", "list_comprehension"],
  methods: APPLYING,

  find(node, { facts }) {
    const applied = facts.isTest ? undefined : appliedTo(node, facts);
    if (applied?.work.deed !== "field") return undefined;
    return {
      at: applied.call.methodNode,
      ...appliedWeight(applied, facts),
      ...(applied.work.isTelling ? {} : { evidence: "fair" as const }),
      applied,
    };
  },

  message: ({ applied }) =>
    `${shownCall(applied)} asks one date at a time for \`${applied.work.by}\`; ${/\.index$/.test(applied.call.object.text) ? "the index gives it for all of them" : "`.dt` gives it for the whole column"}${applied.work.isTelling ? "" : ", if these are dates"}.`,

  fix: ({ applied }, file) =>
    columnFix(
      "Use .dt",
      applied,
      ["it must be a column of dates; the numbers are int32, and missing ones make them floats"],
      file,
    ),
});
