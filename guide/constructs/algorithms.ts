/** What hovers say of numerical algorithms whose cost surprises: neighbours, trees, products, distances. */

import {
  argumentOf,
  asCall,
  callOf,
  defineConstructs,
  dottedName,
  integerOf,
  unwrap,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "KDTree",
    guide: "complexity",
    at: [
      {
        name: [
          "scipy.spatial.KDTree",
          "scipy.spatial.cKDTree",
          "sklearn.neighbors.KDTree",
          "sklearn.neighbors.BallTree",
        ],
      },
    ],
    says: "Building costs about n log n and pays when many queries follow: each takes about log n steps in few dimensions, where a scan takes n. With the dimension the gain is lost; at around 20 expect no more than from brute force, often less. Build it once and query with one array of points, not point by point in a loop.",
    here: treeNote,
    example:
      "import numpy as np\nfrom scipy.spatial import KDTree\n\ntree = ‸KDTree(np.random.default_rng(0).random((100, 3)))\n",
    unlike: ["class KDTree:\n    pass\n\n‸KDTree()\n"],
  },
  {
    name: "DecisionTreeClassifier",
    guide: "complexity",
    at: [{ name: ["sklearn.tree.DecisionTreeClassifier", "sklearn.tree.DecisionTreeRegressor"] }],
    says: "Training takes about n · d · log n for n rows and d columns while the tree is balanced, more when it is deep; predicting takes one step per level. Without `max_depth`, `min_samples_leaf` or `ccp_alpha` it grows until every leaf is pure, which learns the noise. Columns need no scaling. Ties between splits are drawn, so pass `random_state`.",
    here: depthNote,
    example:
      "from sklearn.tree import DecisionTreeClassifier\n\nmodel = ‸DecisionTreeClassifier(max_depth=5, random_state=0)\n",
  },
  {
    name: "@ matmul",
    guide: "numpy",
    at: [
      { token: "@", of: "binary_operator" },
      { token: "@=", of: "augmented_assignment" },
    ],
    says: "For n×k and k×m about 2·n·k·m operations: doubling a square matrix's side takes eight times as long. Float and complex arrays go to BLAS, which uses several threads; integer and float16 arrays in NumPy do not and are far slower. Leading axes are a batch and broadcast, scalars raise an error. In `A @ B @ x` put `B @ x` in parentheses: two cheap products.",
    here: productNote,
    example: "import numpy as np\n\na = np.ones((3, 4))\nb = a.T ‸@ a\n",
    unlike: ["import functools\n\n‸@functools.cache\ndef f(): ...\n", "a = 2\nb = a ‸* 3\n"],
  },
  {
    name: "pdist / cdist",
    guide: "complexity",
    at: [
      { name: ["scipy.spatial.distance.pdist", "scipy.spatial.distance.cdist", "scipy.spatial.distance.squareform"] },
    ],
    says: "`pdist` gives each pair once, n(n - 1)/2 float64 values; `squareform` and `cdist` of a set with itself give all n², so 10,000 points take 400 MB or 800 MB. A metric named by text runs in compiled loops: 1,087 times as fast as nested Python loops for 300 points (SciPy 1.17). A function as metric is called from Python for each pair. For near neighbours only, a `KDTree` avoids the matrix.",
    here: metricNote,
    example: "import numpy as np\nfrom scipy.spatial.distance import pdist\n\nd = ‸pdist(np.ones((10, 3)))\n",
  },
]);

function treeNote(node: Node, { facts }: File): string | undefined {
  const name = facts.nameOf(dottedName(node));
  if (name === "scipy.spatial.cKDTree") return "`KDTree` has been the same thing since SciPy 1.6.";
  return name === "scipy.spatial.KDTree" && callOf(node)
    ? "`query(…, workers=-1)` uses all cores; a missing neighbour comes back as distance `inf`."
    : undefined;
}

const BOUNDS = [
  "max_depth",
  "max_leaf_nodes",
  "min_samples_leaf",
  "min_samples_split",
  "min_weight_fraction_leaf",
  "min_impurity_decrease",
  "ccp_alpha",
];

function depthNote(node: Node): string | undefined {
  const call = callOf(node);
  if (!call || call.hasSplat) return undefined;
  return BOUNDS.some((it) => call.keywords.has(it))
    ? undefined
    : "Nothing bounds this tree: it grows until its leaves are pure.";
}

const FILLED = new Set([
  "numpy.ones",
  "numpy.zeros",
  "numpy.empty",
  "numpy.full",
  "numpy.random.rand",
  "numpy.random.randn",
]);

/** The shape of an array where its only assignment makes it from plain numbers. */
function shapeOf(node: Node, file: File, depth = 0): readonly number[] | undefined {
  const { facts } = file;
  const inner = unwrap(node);
  if (inner.kind === "attribute" && inner.field("attribute")?.text === "T") {
    const shape = shapeOf(inner.field("object")!, file, depth);
    return shape && [...shape].reverse();
  }
  if (inner.kind === "identifier" && depth < 3) {
    const [only, more] = facts.reachingSites(inner);
    if (
      !only ||
      more ||
      only.kind !== "assign" ||
      only.path.length > 0 ||
      !only.value ||
      facts.writesOf(inner).length > 1
    )
      return undefined;
    return shapeOf(only.value, file, depth + 1);
  }
  const call = asCall(inner);
  const name = call && facts.nameOf(call.callee);
  if (!call || call.hasSplat || name === undefined || !FILLED.has(name)) return undefined;
  const first = name.startsWith("numpy.random.") ? undefined : argumentOf(call, "shape", 0);
  const sizes = first ? (first.kind === "tuple" || first.kind === "list" ? first.children : [first]) : call.args;
  const shape = sizes.map(integerOf);
  return shape.length > 0 && shape.every((it) => it !== undefined) ? shape : undefined;
}

function productNote(node: Node, file: File): string | undefined {
  const operation = node.parent!;
  const [left, right] = [operation.field("left"), operation.field("right")];
  const a = left && shapeOf(left, file);
  const b = right && shapeOf(right, file);
  if (!a || !b || a.length > 2 || b.length > 2 || a.length === 0 || b.length === 0) return undefined;
  const show = (shape: readonly number[]) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const [k, other] = [a.at(-1)!, b.at(-2) ?? b[0]!];
  if (k !== other) return `${show(a)} @ ${show(b)} does not fit: ${k} against ${other}.`;
  const shape = [...a.slice(0, -1), ...(b.length === 2 ? b.slice(1) : [])];
  const operations = 2 * shape.reduce((product, it) => product * it, 1) * k;
  return `${show(a)} @ ${show(b)} gives ${shape.length === 0 ? "a single number" : show(shape)}, about ${operations.toLocaleString("en-US")} operations.`;
}

function metricNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  const name = facts.nameOf(dottedName(node));
  if (!call || call.hasSplat || name === undefined || name.endsWith("squareform")) return undefined;
  const metric = argumentOf(call, "metric", name.endsWith("pdist") ? 1 : 2);
  const isFunction = metric && (metric.kind === "lambda" || facts.functionNamed(metric) !== undefined);
  return isFunction ? "The metric is a Python function: one call for each pair." : undefined;
}
