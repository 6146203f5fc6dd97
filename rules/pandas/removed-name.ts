/** Finds what pandas took out: methods, functions and arguments. */

import { PANDAS_REMOVED, defineRule, removals, removedFix, removedMessage } from "../../analysis/authoring.js";

const REMOVED = removals(PANDAS_REMOVED);

export default defineRule({
  title: "Method or argument that pandas no longer has",
  why: "pandas 1.0, 2.0 and 3.0 took out methods and arguments. Code that uses one fails with an AttributeError, TypeError or ValueError as soon as the environment has a newer pandas.",
  guide: "pandas",
  level: "error",
  gain: "safety",
  imports: ["pandas"],
  orWords: ["iteritems", "ignore_index", "ix", "iterrows", "groupby", "reset_index", "set_index", "read_csv"],
  overrides: ["pandas/concat-in-loop"],
  words: REMOVED.words,
  fixes: "safe",

  examples: [
    {
      before: `
import pandas as pd

def longest(df: pd.DataFrame) -> dict[str, int]:
    return {name: len(column) for name, column in df.iteritems()}
`,
      after: `
import pandas as pd

def longest(df: pd.DataFrame) -> dict[str, int]:
    return {name: len(column) for name, column in df.items()}
`,
    },
  ],

  ...REMOVED.asked,

  find: (node, { facts }) => REMOVED.find(node, facts),

  message: removedMessage,

  fix: removedFix,
});
