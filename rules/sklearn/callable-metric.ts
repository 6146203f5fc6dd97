/** A Python function as the metric of an estimator, where the library has that metric by name. */

import { declined, defineRule, fixOf, hasComments, namedMetric, replace, unwrap } from "../../analysis/authoring.js";

const ESTIMATORS = [
  ...[
    "NearestNeighbors",
    "KNeighborsClassifier",
    "KNeighborsRegressor",
    "RadiusNeighborsClassifier",
    "RadiusNeighborsRegressor",
    "LocalOutlierFactor",
  ].map((it) => `sklearn.neighbors.${it}`),
  ...["DBSCAN", "HDBSCAN", "OPTICS", "AgglomerativeClustering"].map((it) => `sklearn.cluster.${it}`),
  ...["pairwise_distances", "silhouette_score"].map((it) => `sklearn.metrics.${it}`),
];
/** What scikit-learn calls them, where SciPy has another name. */
const NAMES = new Map([
  ["euclidean", "euclidean"],
  ["cityblock", "manhattan"],
  ["chebyshev", "chebyshev"],
  ["cosine", "cosine"],
  ["sqeuclidean", "sqeuclidean"],
]);
/** Which trees know them; the others compare all pairs. */
const ANY_ALGORITHM = new Set(["euclidean", "manhattan", "chebyshev"]);

export default defineRule({
  title: "Metric written in Python that has a name",
  why: "The function is called once for each pair of rows, from compiled code into Python and back. Under its name the library has the same metric compiled, and can use trees and matrix products for it.",
  guide: "ml-ecosystem",
  level: "warning",
  gain: "time",
  overrides: ["numpy/unguarded-normalization"],
  imports: ["sklearn"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np
from sklearn.metrics import pairwise_distances

def distances(rows: np.ndarray) -> np.ndarray:
    return pairwise_distances(rows, metric=lambda a, b: np.sum(np.abs(a - b)))
`,
      after: `
import numpy as np
from sklearn.metrics import pairwise_distances

def distances(rows: np.ndarray) -> np.ndarray:
    return pairwise_distances(rows, metric="manhattan")
`,
    },
  ],

  on: ["call"],
  calls: ESTIMATORS,

  find(_node, { facts }, call) {
    const given = call.keywords.get("metric");
    if (!given || given.kind === "string") return undefined;
    const metric = NAMES.get(namedMetric(unwrap(given), facts) ?? "");
    if (!metric || (call.keywords.has("algorithm") && !ANY_ALGORITHM.has(metric))) return undefined;
    return { at: given, evidence: "strong", call, metric, given };
  },

  message: ({ call, metric }) =>
    `\`${call.callee.text}\` calls this function for every pair of rows; it is the metric \`"${metric}"\`, which is compiled.`,

  fix({ given, metric }) {
    if (hasComments(given)) return declined("a comment would be lost");
    return fixOf(
      "Name the metric",
      [
        "the rows are tables of numbers",
        "the last digits may differ",
        metric === "cosine" && "rows of zeros give a number instead of NaN",
      ],
      [replace(given, `"${metric}"`)],
    );
  },
});
