/** Finds what Matplotlib and seaborn took out. */

import { MATPLOTLIB_REMOVED, defineRule, removals, removedFix, removedMessage } from "../../analysis/authoring.js";

const REMOVED = removals(MATPLOTLIB_REMOVED);

export default defineRule({
  title: "Name or argument that Matplotlib no longer has",
  why: "Matplotlib and seaborn take out what they renamed after a few releases. Code that uses the old name fails as soon as the environment has a newer release.",
  guide: "ml-ecosystem",
  level: "error",
  gain: "safety",
  imports: ["matplotlib", "mpl_toolkits", "pylab", "seaborn"],
  words: REMOVED.words,
  fixes: "safe",

  examples: [
    {
      before: `
import matplotlib.pyplot as plt

def colors(name: str):
    return plt.cm.get_cmap(name)
`,
      after: `
import matplotlib.pyplot as plt

def colors(name: str):
    return plt.get_cmap(name)
`,
    },
  ],

  ...REMOVED.asked,

  find: (node, { facts }) => REMOVED.find(node, facts),

  message: removedMessage,

  fix: removedFix,
});
