/** Finds what SciPy took out: functions, windows, arguments, and the names of NumPy that it had as its own. */

import { SCIPY_REMOVED, defineRule, removals, removedFix, removedMessage } from "../../analysis/authoring.js";

const REMOVED = removals(SCIPY_REMOVED);

export default defineRule({
  title: "Name or argument that SciPy no longer has",
  why: "SciPy takes out what it has deprecated after a few releases: 1.12 to 1.15 took many statistics, integrals, windows and arguments. Code that uses one fails with an AttributeError, ImportError or TypeError as soon as the environment has a newer SciPy.",
  guide: "numpy",
  level: "error",
  gain: "safety",
  imports: ["scipy"],
  words: REMOVED.words,
  fixes: "safe",

  examples: [
    {
      before: `
import numpy as np
from scipy import signal

def smoothed(heights: np.ndarray) -> np.ndarray:
    window = signal.hann(9)
    return np.convolve(heights, window / window.sum(), mode="same")
`,
      after: `
import numpy as np
from scipy import signal

def smoothed(heights: np.ndarray) -> np.ndarray:
    window = signal.windows.hann(9)
    return np.convolve(heights, window / window.sum(), mode="same")
`,
    },
  ],

  ...REMOVED.asked,

  find: (node, { facts }) => REMOVED.find(node, facts),

  message: removedMessage,

  fix: removedFix,
});
