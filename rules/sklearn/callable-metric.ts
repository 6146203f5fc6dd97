/** A Python function as the metric of an estimator, where the library has that metric by name. */

import {
  asFunction,
  asLambda,
  declined,
  defineRule,
  fixOf,
  hasComments,
  onlyStatement,
  replace,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

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
const SCIPY = new Map<string, string>(
  Object.entries({
    euclidean: "euclidean",
    cityblock: "manhattan",
    chebyshev: "chebyshev",
    cosine: "cosine",
    sqeuclidean: "sqeuclidean",
  }).map(([name, metric]) => [`scipy.spatial.distance.${name}`, metric] as const),
);
/** Formulas with `A` and `B` for the two rows, without spaces. The difference may stand either way round. */
const DIFFERENCE = String.raw`(?:A-B|B-A)`;
const FORMULAS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(String.raw`^N\.linalg\.norm\(${DIFFERENCE}\)$`), "euclidean"],
  [new RegExp(String.raw`^N\.sqrt\(N\.sum\((?:\(${DIFFERENCE}\)\*\*2|N\.square\(${DIFFERENCE}\))\)\)$`), "euclidean"],
  [new RegExp(String.raw`^N\.sqrt\(\(\(${DIFFERENCE}\)\*\*2\)\.sum\(\)\)$`), "euclidean"],
  [new RegExp(String.raw`^(?:N\.sum\(N\.abs\(${DIFFERENCE}\)\)|N\.abs\(${DIFFERENCE}\)\.sum\(\))$`), "manhattan"],
  [new RegExp(String.raw`^(?:N\.max\(N\.abs\(${DIFFERENCE}\)\)|N\.abs\(${DIFFERENCE}\)\.max\(\))$`), "chebyshev"],
  [new RegExp(String.raw`^(?:N\.sum\(\(${DIFFERENCE}\)\*\*2\)|\(\(${DIFFERENCE}\)\*\*2\)\.sum\(\))$`), "sqeuclidean"],
  [/^1(?:\.0)?-N\.dot\(A,B\)\/\(N\.linalg\.norm\(A\)\*N\.linalg\.norm\(B\)\)$/, "cosine"],
];
/** Which trees know them; the others compare all pairs. */
const ANY_ALGORITHM = new Set(["euclidean", "manhattan", "chebyshev"]);

export default defineRule({
  title: "Metric written in Python that has a name",
  why: "The function is called once for each pair of rows, from compiled code into Python and back. Under its name the library has the same metric compiled, and can use trees and matrix products for it.",
  guide: "ml-ecosystem",
  level: "warning",
  gain: "time",
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
    const metric = namedMetric(unwrap(given), facts);
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

/** Of a lambda, of a function of the file that only returns a formula, or of one of SciPy's functions. */
function namedMetric(given: Node, facts: Facts): string | undefined {
  const known = facts.nameOf(given);
  if (known !== undefined) return SCIPY.get(known);
  const lambda = asLambda(given);
  if (lambda)
    return formulaOf(
      lambda.body,
      lambda.parameters.map((it) => it.text),
    );
  const def = given.kind === "identifier" ? facts.functionNamed(given) : undefined;
  if (!def) return undefined;
  const statement = onlyStatement(facts.bodyOf(def));
  const value = statement?.kind === "return_statement" ? statement.children[0] : undefined;
  return value && asFunction(def.node)
    ? formulaOf(
        value,
        def.parameters.map((it) => it.name),
      )
    : undefined;
}

function formulaOf(body: Node, [a, b, more]: readonly string[]): string | undefined {
  if (a === undefined || b === undefined || more !== undefined || a === b) return undefined;
  const letters = new Map([
    [a, "A"],
    [b, "B"],
    ["np", "N"],
    ["numpy", "N"],
  ]);
  if (body.text.length > 200) return undefined;
  const text = unwrap(body)
    .text.replace(/\b[A-Za-z_]\w*\b/g, (it) => letters.get(it) ?? it)
    .replace(/\s+/g, "");
  return FORMULAS.find(([pattern]) => pattern.test(text))?.[1];
}
