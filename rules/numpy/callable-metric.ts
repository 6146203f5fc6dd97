/** A Python function that SciPy's `cdist` or `pdist` calls for each pair of rows, where SciPy has that metric by name. */

import {
  argumentOf,
  asLambda,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  namedMetric,
  replace,
  unwrap,
} from "../../analysis/authoring.js";

/** At which place each takes the metric. */
const CALLS = new Map([
  ["scipy.spatial.distance.cdist", 2],
  ["scipy.spatial.distance.pdist", 1],
  ["scipy.cluster.hierarchy.linkage", 2],
  ["scipy.cluster.hierarchy.fclusterdata", 3],
]);

export default defineRule({
  title: "Metric written in Python that SciPy has by name",
  why: "cdist and pdist call the function once for each pair of rows, and make two arrays each time to hand over. Under its name SciPy has the same metric compiled, and goes through all pairs without calling Python.",
  guide: "numpy",
  level: "warning",
  gain: "time",
  overrides: ["numpy/unguarded-normalization"],
  imports: ["scipy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np
from scipy.spatial.distance import pdist

def distances(rows: np.ndarray) -> np.ndarray:
    return pdist(rows, lambda a, b: np.sqrt(np.sum((a - b) ** 2)))
`,
      after: `
import numpy as np
from scipy.spatial.distance import pdist

def distances(rows: np.ndarray) -> np.ndarray:
    return pdist(rows, "euclidean")
`,
    },
  ],

  on: ["call"],
  calls: [...CALLS.keys()],

  find(_node, { facts }, call) {
    const given = argumentOf(call, "metric", CALLS.get(facts.nameOf(call.callee) ?? "") ?? 1);
    if (!given || given.kind === "string" || facts.isTest) return undefined;
    const metric = namedMetric(unwrap(given), facts);
    if (metric === undefined) return undefined;
    return { at: given, weight: facts.weightOf(call.node) === "light" ? "unknown" : "heavy", call, metric, given };
  },

  message: ({ call, metric, given }) =>
    `\`${excerpt(call.callee.text, 30)}\` calls ${asLambda(unwrap(given)) ? "this lambda" : `\`${excerpt(given.text, 30)}\``} for every pair of rows; SciPy has it compiled as \`"${metric}"\`.`,

  fix({ given, metric }) {
    if (hasComments(given)) return declined("a comment would be lost");
    return fixOf(
      "Name the metric",
      ["the last digits may differ", metric === "cosine" && "rows of zeros are handled by SciPy"],
      [replace(given, `"${metric}"`)],
    );
  },
});
