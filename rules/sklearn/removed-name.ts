/** Finds what scikit-learn, XGBoost, LightGBM and Optuna took out. */

import {
  SKLEARN_REMOVED,
  defineRule,
  removals,
  removedFix,
  removedMessage,
  type RemovedUse,
} from "../../analysis/authoring.js";

const REMOVED = removals(SKLEARN_REMOVED);

/** Models of LightGBM take any argument by name and hand it on: it is not heeded, but nothing fails. */
const isOnlyIgnored = ({ entry }: RemovedUse): boolean => entry.argument === "silent" && /LGBM/.test(entry.name);

export default defineRule({
  title: "Name or argument that scikit-learn no longer has",
  why: "scikit-learn and the libraries around it rename modules, arguments and options, and take the old ones out some releases later. Code that uses one fails as soon as the environment has a newer release.",
  guide: "ml-ecosystem",
  level: "error",
  gain: "safety",
  imports: ["sklearn", "xgboost", "lightgbm", "optuna"],
  words: REMOVED.words,
  fixes: "safe",

  examples: [
    {
      before: `
from sklearn.ensemble import RandomForestClassifier

def classifier():
    return RandomForestClassifier(max_features="auto", random_state=0)
`,
      after: `
from sklearn.ensemble import RandomForestClassifier

def classifier():
    return RandomForestClassifier(max_features="sqrt", random_state=0)
`,
    },
  ],

  ...REMOVED.asked,

  find(node, { facts }) {
    const found = REMOVED.find(node, facts);
    return found && [found].flat().map((it) => (isOnlyIgnored(it) ? { ...it, evidence: "fair" as const } : it));
  },

  message: removedMessage,

  fix: removedFix,
});
