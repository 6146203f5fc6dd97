/** `pd.read_csv(path)` with nothing said of columns, types or rows. */

import {
  argumentOf,
  asCall,
  asString,
  choosesPart,
  defineRule,
  excerpt,
  readsMemory,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "CSV file read whole, with types guessed",
  why: "All columns are parsed and kept, numbers as 64 bits and texts one by one, whatever is needed of them. usecols and dtype say what is wanted; chunksize reads a file that does not fit into memory part by part. What it brings depends on the file, so the rule is off.",
  guide: "pandas-scale",
  // Whether a file is large or its columns are all wanted cannot be told from the code.
  level: "off",
  gain: "time",
  overrides: ["runtime/work-at-import", "iteration/repeated-pure-call"],
  imports: ["pandas"],

  examples: [
    {
      before: `
import pandas as pd

def revenue(path: str) -> pd.DataFrame:
    orders = pd.read_csv(path)
    return orders.groupby("shop").sum(numeric_only=True)
`,
      after: `
import pandas as pd

def revenue(path: str) -> pd.DataFrame:
    orders = pd.read_csv(path, usecols=["shop", "price"], dtype={"shop": "category"})
    return orders.groupby("shop").sum(numeric_only=True)
`,
    },
  ],

  on: ["call"],
  calls: ["pandas.read_csv", "pandas.read_table"],

  find(node, { facts }) {
    const call = asCall(node);
    const path = call && argumentOf(call, "filepath_or_buffer", 0);
    if (!call || !path || call.hasSplat || facts.isTest || choosesPart(call) || call.keywords.has("dtype"))
      return undefined;
    if (readsMemory(call, facts) || !isPath(path)) return undefined;
    return { at: call.callee, construct: node, weight: facts.weightOf(node), path };
  },

  message: ({ path }) =>
    `All columns of \`${excerpt(path.text, 40)}\` are read, and their types guessed; matters if the file is large: \`usecols=\`, \`dtype=\` or \`chunksize=\`.`,
});

const isPath = (path: Node): boolean =>
  asString(path) !== undefined || /^(identifier|attribute|call|binary_operator|subscript)$/.test(path.kind);
