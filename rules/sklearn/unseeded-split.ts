/** A random split or search that comes out otherwise in each run. */

import { declined, defineRule, fileQuestion, fixOf, withArgument } from "../../analysis/authoring.js";

const SPLITS = new Set(["train_test_split"].map((it) => `sklearn.model_selection.${it}`));
/** They draw only where they are told to shuffle. */
const FOLDS = new Set(
  ["KFold", "StratifiedKFold", "StratifiedGroupKFold"].map((it) => `sklearn.model_selection.${it}`),
);
const DRAWS = new Set(
  [
    "ShuffleSplit",
    "StratifiedShuffleSplit",
    "GroupShuffleSplit",
    "RepeatedKFold",
    "RepeatedStratifiedKFold",
    "RandomizedSearchCV",
  ].map((it) => `sklearn.model_selection.${it}`),
);
const SAMPLERS = new Set(
  ["TPESampler", "RandomSampler", "CmaEsSampler", "NSGAIISampler", "QMCSampler"].map((it) => `optuna.samplers.${it}`),
);

export default defineRule({
  title: "Random split without a seed",
  why: "Each run draws other rows, so two scores differ even where nothing was changed, and nobody can tell an improvement from luck. With a fixed seed, runs can be compared and repeated.",
  guide: "ml-testing",
  level: "hint",
  gain: "safety",
  imports: ["sklearn", "optuna"],
  fixes: "review",

  examples: [
    {
      before: `
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

def accuracy(X, y) -> float:
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)
    return LogisticRegression().fit(X_train, y_train).score(X_test, y_test)
`,
      after: `
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

def accuracy(X, y) -> float:
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
    return LogisticRegression().fit(X_train, y_train).score(X_test, y_test)
`,
    },
  ],

  on: ["call"],
  calls: [...SPLITS, ...FOLDS, ...DRAWS, ...SAMPLERS],

  find(_node, { facts }, call) {
    if (facts.isTest || call.hasSplat) return undefined;
    const name = facts.nameOf(call.callee) ?? "";
    const seed = SAMPLERS.has(name) ? "seed" : "random_state";
    if (call.keywords.has(seed) || facts.ofFile(SETS_SEED)) return undefined;
    const shuffle = call.keywords.get("shuffle");
    if (SPLITS.has(name) ? shuffle?.kind === "false" : FOLDS.has(name) && shuffle?.kind !== "true") return undefined;
    return { at: call.callee, evidence: "proof", call, seed };
  },

  message: ({ call: { callee }, seed }) =>
    `\`${callee.text}\` draws other rows in every run; with \`${seed}\` the scores of two runs can be compared.`,

  fix({ call, seed }) {
    const added = withArgument(call, `${seed}=42`);
    if (!added) return declined("the arguments cannot be added to");
    return fixOf("Fix the seed", ["every run draws the same rows"], [added]);
  },
});

/** scikit-learn draws from NumPy's global generator where it is given none. */
const SETS_SEED = fileQuestion((facts) =>
  facts.fileMatches(/\brandom\.seed\s*\(|\b(?:set_|fix_)?(?:all_)?(?:random_)?seeds?(?:_everything|_all)?\s*\(/),
);
