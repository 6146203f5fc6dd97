/** `pd.to_numeric(column)` and `column.astype("int64")`: numbers of 64 bits, where fewer might do. */

import {
  argumentOf,
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameEvidence,
  seriesEvidence,
  textValue,
  withArgument,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Numbers kept in 64 bits",
  why: "Numbers of 8, 16 or 32 bits take an eighth to a half of the memory, and what runs over them has less to read. How many bits the values need, sums and times among them, cannot be told from the code, so the rule is off.",
  guide: "pandas-scale",
  // Nobody but the reader knows how large the values are.
  level: "off",
  gain: "memory",
  imports: ["pandas"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def ages(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column)
`,
      after: `
import pandas as pd

def ages(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, downcast="integer")
`,
    },
  ],

  on: ["call"],
  calls: ["pandas.to_numeric"],
  methods: ["astype"],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat || facts.isTest) return undefined;
    if (facts.nameOf(call.callee) === "pandas.to_numeric")
      return call.keywords.has("downcast") || call.keywords.has("dtype_backend") || !call.args[0]
        ? undefined
        : { at: call.callee, construct: node, weight: facts.weightOf(node), call, what: call.args[0], isParsed: true };
    const cast = asMethodCall(node, "astype");
    const dtype = cast && argumentOf(call, "dtype", 0);
    if (!cast || !dtype || !isWide(dtype, facts)) return undefined;
    const evidence = seriesEvidence(cast.object, facts) ?? frameEvidence(cast.object, facts);
    return (
      evidence && {
        at: cast.methodNode,
        construct: node,
        evidence,
        weight: facts.weightOf(node),
        call,
        what: cast.object,
        isParsed: false,
      }
    );
  },

  message: ({ what, isParsed }) =>
    `\`${excerpt(what.text.replace(/\s+/g, " "), 40)}\` becomes numbers of 64 bits; ${
      isParsed
        ? '`downcast="integer"` or `"float"` takes as few as the values need'
        : "a narrower type takes less memory where the values allow it"
    }.`,

  fix({ call, isParsed }) {
    if (!isParsed) return declined("only the values tell how many bits they need");
    const edit = withArgument(call, 'downcast="integer"');
    return edit
      ? fixOf(
          "Take as few bits as needed",
          ["sums and products of small numbers may not fit", "whole numbers among floats become ints"],
          [edit],
        )
      : declined("the arguments cannot be added to");
  },
});

function isWide(dtype: Node, facts: Facts): boolean {
  const text = textValue(dtype);
  if (text !== undefined) return /^(int|int64|float|float64|Int64|Float64)$/.test(text);
  return /^(builtins\.(int|float)|numpy\.(int64|float64))$/.test(facts.nameOf(dtype) ?? "");
}
