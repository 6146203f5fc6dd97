/** Finds what scikit-learn, XGBoost, LightGBM and Optuna took out. */

import { SKLEARN_REMOVED, defineRule, removals, removedFix, removedMessage } from "../../analysis/authoring.js";

const REMOVED = removals(SKLEARN_REMOVED);

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

  find: (node, { facts }) => REMOVED.find(node, facts),

  message: removedMessage,

  fix: removedFix,
});
