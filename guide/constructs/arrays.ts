/** What hovers say of NumPy arrays: ufuncs, views and copies, masks. */

import {
  asBinary,
  asSubscript,
  callOf,
  defineConstructs,
  unwrap,
  type File,
  type Node,
} from "../../analysis/authoring.js";

const UFUNCS =
  "abs absolute acos acosh add arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh atan atan2 atanh bitwise_and bitwise_count bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor cbrt ceil conj conjugate copysign cos cosh deg2rad degrees divide divmod equal exp exp2 expm1 fabs float_power floor floor_divide fmax fmin fmod frexp gcd greater greater_equal heaviside hypot invert isfinite isinf isnan isnat lcm ldexp left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor maximum minimum mod modf multiply negative nextafter not_equal positive pow power rad2deg radians reciprocal remainder right_shift rint sign signbit sin sinh spacing sqrt square subtract tan tanh true_divide trunc";

export default defineConstructs([
  {
    name: "ufunc call",
    guide: "numpy",
    at: [{ name: UFUNCS.split(" ").map((it) => `numpy.${it}`) }],
    says: "One call runs a compiled loop over all elements. Numeric types mostly release the GIL meanwhile, object arrays do not. Each step makes a new array of full size unless `out=` names one. With `where=` but no `out=` the other elements are left uninitialised, which NumPy 2.4 warns of.",
    here: scalarNote,
    example: "import numpy as np\n\nroots = np.‸sqrt(np.arange(10))\n",
    unlike: ["import math\n\nmath.‸sqrt(2)\n", "import numpy as np\n\nnp.‸sum(np.arange(10))\n"],
  },
  {
    name: "boolean mask",
    guide: "numpy",
    at: [{ token: "[", of: "subscript" }],
    when: (node, file) => indexKinds(node, file)?.includes("mask") ?? false,
    says: "Copies the chosen elements, so writing to the result leaves the array as it was, while `a[mask] = 0` writes into it. Join conditions by `&`, `|` and `~`, each in parentheses: `and` raises ValueError. `np.where(mask, a, b)` keeps the shape, but computes both sides.",
    here: (node) =>
      isTarget(node.parent!) ? "Assigned to: writes into the array itself, nothing is copied out." : undefined,
    example: "import numpy as np\n\nvalues = np.arange(10)\nlarge = values‸[values > 5]\n",
    unlike: [
      "import numpy as np\n\nvalues = np.arange(10)\npart = values‸[2:5]\n",
      "names = ['a', 'b']\nfirst = names‸[1 > 0]\n",
      "import numpy as np\n\nvalues = np.arange(10)\npart = values‸[np.array([1, 2])]\n",
    ],
  },
  {
    name: "ndarray slice",
    guide: "numpy",
    at: [{ token: "[", of: "subscript" }],
    when: (node, file) => indexKinds(node, file)?.some((it) => it === "slice" || it === "list") ?? false,
    says: "Slices, integers and `None` give a view: no data is copied, writes reach the original, and a small view keeps the whole array alive. A list or array of indices gives a copy. Views may step through memory with gaps, as a column does; `np.shares_memory` tells, and `.copy()` cuts the tie.",
    here: viewNote,
    example: "import numpy as np\n\nvalues = np.arange(10)\npart = values‸[2:5]\n",
    unlike: [
      "names = ['a', 'b', 'c']\npart = names‸[1:]\n",
      "import numpy as np\n\ndef total(values: np.ndarray‸[tuple, np.dtype]) -> float: ...\n",
      "import numpy as np\n\nvalues = np.arange(10)\nfirst = values‸[0]\n",
    ],
  },
  {
    name: "np.where",
    guide: "numpy",
    at: [{ name: "numpy.where" }],
    says: "With three arguments both sides are computed in full before the choice, so `np.where(x > 0, np.log(x), 0)` still warns of the logarithms that it drops; `np.log(x, where=x > 0, out=...)` does not compute them. With one argument it returns a tuple of index arrays, as `np.nonzero` does; to pick elements the mask alone is shorter. For several conditions take `np.select`.",
    example: "import numpy as np\n\nvalues = np.arange(4)\nsigns = np.‸where(values > 2, 1, -1)\n",
    unlike: ["import torch\n\ntorch.‸where(torch.ones(2) > 0)\n", "def where(name): ...\n\n‸where('a')\n"],
  },
]);

const IN_MATH = new Set(
  "sqrt exp log log10 log2 log1p expm1 sin cos tan sinh cosh tanh floor ceil fabs hypot isnan isinf isfinite".split(
    " ",
  ),
);

/** Measured on CPython 3.11 with NumPy 2.4 for sqrt, exp, sin, log, floor and hypot. */
function scalarNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  const isScalar =
    call &&
    !call.hasSplat &&
    call.args.length > 0 &&
    call.args.every((it) => ["int", "float"].includes(facts.typeOf(it)?.name ?? ""));
  return isScalar && call.keywords.size === 0 && IN_MATH.has(node.text)
    ? `A single number: \`math.${node.text}\` takes about half the time or less, but raises where NumPy gives NaN or infinity.`
    : undefined;
}

type IndexKind = "slice" | "list" | "mask" | "integer" | "unknown";

/** What stands between the brackets of an array's subscript; undefined for the subscript of anything else. */
function indexKinds(node: Node, file: File): readonly IndexKind[] | undefined {
  const subscript = asSubscript(node.parent);
  if (!subscript || !file.facts.isA(subscript.value, "numpy.ndarray")) return undefined;
  return subscript.indices.map((it) => indexKind(unwrap(it), file));
}

function indexKind(index: Node, file: File): IndexKind {
  const { facts } = file;
  if (
    index.kind === "slice" ||
    index.kind === "none" ||
    index.kind === "ellipsis" ||
    facts.nameOf(index) === "numpy.newaxis"
  )
    return "slice";
  if (isMask(index, file)) return "mask";
  if (index.kind === "list" || facts.isA(index, "numpy.ndarray")) return "list";
  return facts.typeOf(index)?.name === "int" ? "integer" : "unknown";
}

const NESTING = 6;

/** A comparison of an array, or several joined by `&`, `|`, `^` and `~`; a name is followed to where it was given such a value. */
function isMask(index: Node, file: File, depth = 0): boolean {
  const { facts } = file;
  const node = unwrap(index);
  if (depth > NESTING) return false;
  if (node.kind === "comparison_operator") return facts.isA(node, "numpy.ndarray");
  if (node.kind === "unary_operator")
    return node.field("operator")?.text === "~" && isMask(node.field("argument")!, file, depth + 1);
  const binary = asBinary(node);
  if (binary)
    return (
      ["&", "|", "^"].includes(binary.operator) &&
      isMask(binary.left, file, depth + 1) &&
      isMask(binary.right, file, depth + 1)
    );
  if (node.kind === "list")
    return node.children.length > 0 && node.children.every((it) => it.kind === "true" || it.kind === "false");
  if (node.kind === "call")
    return (
      /^numpy\.(isnan|isfinite|isinf|isin|isclose|logical_(and|or|not|xor)|greater(_equal)?|less(_equal)?|equal|not_equal)$/.test(
        facts.nameOf(node.field("function")!) ?? "",
      ) && facts.isA(node, "numpy.ndarray")
    );
  if (node.kind !== "identifier") return false;
  const sites = facts.reachingSites(node);
  return (
    sites.length > 0 &&
    sites.every(
      (it) =>
        it.kind === "assign" &&
        it.path.length === 0 &&
        it.value !== undefined &&
        !node.isInside(it.value) &&
        isMask(it.value, file, depth + 1),
    )
  );
}

function isTarget(subscript: Node): boolean {
  return (
    subscript.fieldName === "left" &&
    (subscript.parent?.kind === "assignment" || subscript.parent?.kind === "augmented_assignment")
  );
}

function viewNote(node: Node, file: File): string | undefined {
  const kinds = indexKinds(node, file)!;
  if (isTarget(node.parent!)) return "Assigned to: writes into the array itself.";
  if (kinds.includes("list")) return "A copy, because of the list of indices.";
  return kinds.every((it) => it === "slice" || it === "integer")
    ? "A view: it shares its memory with the array."
    : undefined;
}
