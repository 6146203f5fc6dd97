/** What hovers say of the parts of NumPy that name axes and place elements: einsum, strides, layout. */

import {
  argumentOf,
  callOf,
  defineConstructs,
  textValue,
  type Call,
  type File,
  type Node,
} from "../../analysis/authoring.js";

const WITH_ORDER = [
  ..."array asarray asanyarray zeros ones empty full zeros_like ones_like empty_like full_like copy reshape ravel eye ndarray"
    .split(" ")
    .map((it) => `numpy.${it}`),
  ..."copy flatten ravel reshape astype".split(" ").map((it) => `numpy.ndarray.${it}`),
];

export default defineConstructs([
  {
    name: "np.einsum",
    guide: "numpy-advanced",
    at: [{ name: "numpy.einsum" }],
    says: "Letters name axes; those missing right of `->` are summed over. It pays for contractions that have no name of their own. Pass `optimize=True`, or it multiplies in one nested loop: a batched matrix product took 4 to 5 times the processor time of `@` without and 1.0 to 2.0 times with it (NumPy 2.4).",
    here: (node) => decoded(callOf(node)),
    example: "import numpy as np\n\ndef scores(queries, keys):\n    return np.‸einsum('bqd,bkd->bqk', queries, keys)\n",
    unlike: ["import torch\n\ndef product(a, b):\n    return torch.‸einsum('ij,jk->ik', a, b)\n"],
  },
  {
    name: "as_strided",
    guide: "numpy-advanced",
    at: [{ name: "numpy.lib.stride_tricks.as_strided" }],
    says: "Believes the shape and strides it is given: one wrong number reads or writes memory outside the array, without an error. Overlapping windows share bytes, so a write changes several. For windows `sliding_window_view` (NumPy 1.20) works out the strides and returns a read-only view.",
    here(node) {
      const call = callOf(node);
      return call && !call.hasSplat && argumentOf(call, "writeable", 4) === undefined
        ? "Writable as it stands; `writeable=False` forbids writes through it."
        : undefined;
    },
    example:
      "import numpy as np\nfrom numpy.lib.stride_tricks import as_strided\n\nwindows = ‸as_strided(np.arange(5), shape=(3, 3), strides=(8, 8))\n",
    unlike: ["import torch\n\ndef windows(values):\n    return torch.‸as_strided(values, (3, 3), (1, 1))\n"],
  },
  {
    name: "order=",
    guide: "numpy-advanced",
    at: [{ argument: "order", of: WITH_ORDER }],
    says: "C keeps rows together in memory, F keeps columns; `a[i, j]` means the same either way. Work runs fastest along the axis that lies together, and matrix products accept both. `np.copy(a)` and `astype` keep the layout they find, while the method `a.copy()` returns to C.",
    here: orderNote,
    example: "import numpy as np\n\ntable = np.zeros((1000, 1000), ‸order='F')\n",
    unlike: [
      "import numpy as np\n\ndef ranked(table: np.ndarray):\n    return np.sort(table, ‸order='age')\n",
      "sorted([1], key=None)\ndef place(order=None): ...\n\nplace(‸order='C')\n",
    ],
  },
]);

const ORDERS: Readonly<Record<string, string>> = {
  C: "`C`: rows lie together.",
  F: "`F`: columns lie together, as Fortran and R have them.",
  A: "`A`: F if the input is F, else C.",
  K: "`K`: as close to the input's layout as can be.",
};

function orderNote(node: Node, { facts }: File): string | undefined {
  const order = textValue(node.parent?.field("value"));
  const call = node.ancestor("call");
  const callee = call?.field("function");
  const last = callee && (facts.nameOf(callee) ?? callee.text).split(".").at(-1)!;
  if (order?.toUpperCase() === "F" && (last === "reshape" || last === "ravel" || last === "flatten"))
    return "`F` here also changes the result: elements are taken column by column.";
  return order === undefined ? undefined : ORDERS[order.toUpperCase()];
}

interface Subscripts {
  readonly operands: readonly string[];
  readonly result: string;
}

function decoded(call: Call | undefined): string | undefined {
  if (!call || call.hasSplat) return undefined;
  const text = textValue(call.args[0]);
  const subscripts = text === undefined ? undefined : parsed(text);
  if (!subscripts || subscripts.operands.length !== call.args.length - 1) return undefined;
  const { operands, result } = subscripts;
  const summed = [...new Set(operands.join(""))].filter((it) => !result.includes(it));
  const sums = summed.length === 0 ? "Sums over nothing" : `Sums over ${listed(summed)}`;
  const axes =
    result === ""
      ? "the result is one number"
      : `the result has the ${result.length === 1 ? "axis" : "axes"} ${listed([...result])}`;
  const advice = isProduct(subscripts)
    ? " It is the product `@`."
    : operands.length > 2 && !call.keywords.has("optimize")
      ? " More than two operands and no `optimize=True`."
      : "";
  return `${sums}; ${axes}.${advice}`;
}

/** Letters only: an ellipsis stands for axes that nobody can name. */
function parsed(text: string): Subscripts | undefined {
  const [, left, right] = /^([a-zA-Z,]*)(?:->([a-zA-Z]*))?$/.exec(text.replaceAll(" ", "")) ?? [];
  if (left === undefined) return undefined;
  const all = left.replaceAll(",", "");
  // Without an arrow: the letters that stand once, in alphabetical order.
  const result =
    right ??
    [...all]
      .filter((it) => all.indexOf(it) === all.lastIndexOf(it))
      .sort()
      .join("");
  const isValid = [...result].every((it, index) => all.includes(it) && result.indexOf(it) === index);
  return isValid ? { operands: left.split(","), result } : undefined;
}

/** `…ij,…jk->…ik`. */
function isProduct({ operands, result }: Subscripts): boolean {
  const [left, right] = operands;
  if (operands.length !== 2 || left!.length < 2 || left!.length !== right!.length || left!.length !== result.length)
    return false;
  const batch = left!.slice(0, -2);
  const [i, j] = left!.slice(-2);
  const [same, k] = right!.slice(-2);
  const letters = new Set([...batch, i, j, k]);
  return right!.startsWith(batch) && j === same && result === `${batch}${i}${k}` && letters.size === batch.length + 3;
}

function listed(letters: readonly string[]): string {
  return letters.length === 1 ? letters[0]! : `${letters.slice(0, -1).join(", ")} and ${letters.at(-1)!}`;
}
