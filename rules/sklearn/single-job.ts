/** A forest, search or cross-validation that works on one core. */

import {
  asCall,
  asMethodCall,
  declined,
  defineRule,
  fileQuestion,
  fixOf,
  integerOf,
  useOf,
  withArgument,
  type Call,
  type Facts,
} from "../../analysis/authoring.js";

const MODELS = ["RandomForestClassifier", "RandomForestRegressor", "ExtraTreesClassifier", "ExtraTreesRegressor"].map(
  (it) => `sklearn.ensemble.${it}`,
);
const SEARCHES = ["GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV"].map(
  (it) => `sklearn.model_selection.${it}`,
);
const FOLDS = ["cross_val_score", "cross_validate", "cross_val_predict", "learning_curve", "validation_curve"].map(
  (it) => `sklearn.model_selection.${it}`,
);
const OTHERS = ["sklearn.inspection.permutation_importance", "sklearn.feature_selection.RFECV"];

export default defineRule({
  title: "Model fitting on one core",
  why: "Trees of a forest, candidates of a search and folds of a cross-validation do not depend on each other, but without n_jobs they are worked on one after another. On small data starting the workers takes longer than it saves.",
  guide: "ml-ecosystem",
  // Measured where other work took the cores: no gain that holds.
  level: "off",
  differs: { light: "off" },
  gain: "time",
  imports: ["sklearn"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np
from sklearn.ensemble import RandomForestRegressor

def importances(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    forest = RandomForestRegressor(n_estimators=200, random_state=0)
    return forest.fit(X, y).feature_importances_
`,
      after: `
import numpy as np
from sklearn.ensemble import RandomForestRegressor

def importances(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    forest = RandomForestRegressor(n_estimators=200, random_state=0, n_jobs=-1)
    return forest.fit(X, y).feature_importances_
`,
    },
  ],

  on: ["call"],
  calls: [...MODELS, ...SEARCHES, ...FOLDS, ...OTHERS],

  find(node, { facts }, call) {
    if (facts.isTest || call.hasSplat || call.keywords.has("n_jobs")) return undefined;
    if (facts.ofFile(WORKS_SIDE_BY_SIDE)) return undefined;
    const name = facts.nameOf(call.callee) ?? "";
    const isModel = MODELS.includes(name);
    // A search or cross-validation around it has the cores; what is only made is fitted elsewhere.
    if (isModel && isHandedOn(call, facts)) return undefined;
    const trees = call.keywords.get("n_estimators") ?? (isModel ? call.args[0] : undefined);
    const count = integerOf(trees);
    const isLight = (count !== undefined && count < 50) || facts.ofFile(TOY_DATA);
    return { at: call.callee, evidence: "proof", weight: isLight ? "light" : "unknown", call, isModel };
  },

  message: ({ call: { callee }, isModel }) =>
    `\`${callee.text}\` works through its ${isModel ? "trees" : "fits"} on one core; \`n_jobs=-1\` uses all of them, which pays if the data is large.`,

  fix({ call }) {
    const added = withArgument(call, "n_jobs=-1");
    if (!added) return declined("the arguments cannot be added to");
    return fixOf("Use all cores", ["the other cores are free, and there is memory for several fits at once"], [added]);
  },
});

/** Given to something else that fits it, or kept in a list or dict of models. */
function isHandedOn(call: Call, facts: Facts): boolean {
  const use = useOf(call.node);
  if (use.kind === "element" || use.kind === "returned") return true;
  if (use.kind === "argument") return true;
  const parent = call.node.parent;
  if (parent?.kind === "pair" || parent?.kind === "tuple" || parent?.kind === "list") return true;
  const target = parent?.kind === "assignment" ? parent.field("left") : undefined;
  if (target?.kind !== "identifier") return false;
  return facts.readsSeeing(target).some((it) => {
    const taken = useOf(it);
    if (taken.kind === "element") return true;
    const taker = taken.kind === "argument" ? asCall(taken.call) : undefined;
    return (
      taker !== undefined &&
      asMethodCall(taker.node) === undefined &&
      /^[A-Z]|cross_val|curve|pipeline/i.test(taker.callee.text)
    );
  });
}

/** The cores are taken by others already. */
const WORKS_SIDE_BY_SIDE = fileQuestion(
  (facts) =>
    ["multiprocessing", "concurrent", "ray", "dask", "mpi4py"].some((it) => facts.view.imports(it)) ||
    facts.fileMatches(/\bParallel\(/),
);
const TOY_DATA = fileQuestion((facts) =>
  facts.fileMatches(
    /\b(?:load_(?:iris|wine|breast_cancer|digits|diabetes)|make_\w+|default_rng)\(|\bnp\.random\.(?:rand|randn|normal|uniform|randint)\(/,
  ),
);
