/** Finds a name that NumPy took out. */

import { NUMPY_REMOVED, defineRule, removals, removedFix, removedMessage } from "../../analysis/authoring.js";

const REMOVED = removals(NUMPY_REMOVED);

export default defineRule({
  title: "Name that NumPy no longer has",
  why: "NumPy 1.24 and 2.0 took out aliases and functions that had another name all along. Code that uses one fails with an AttributeError as soon as the environment has a newer NumPy.",
  guide: "numpy",
  level: "error",
  gain: "safety",
  imports: ["numpy"],
  overlaps: ["NPY001", "NPY003", "NPY201"],
  leftToRuff: true,
  unlike: "the project's own version of NumPy decides, and code that asks for the name or puts it back is left alone",
  words: REMOVED.words,
  fixes: "safe",

  examples: [
    {
      before: `
import numpy as np

def total(values: np.ndarray) -> float:
    return np.product(values)
`,
      after: `
import numpy as np

def total(values: np.ndarray) -> float:
    return np.prod(values)
`,
    },
  ],

  ...REMOVED.asked,

  find: (node, { facts }) => REMOVED.find(node, facts),

  message: removedMessage,

  fix: removedFix,
});
