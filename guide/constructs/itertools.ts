/** What hovers say of itertools: endless, finite and combinatoric iterators. */

import {
  argumentOf,
  asCall,
  callOf,
  defineConstructs,
  dottedName,
  integerOf,
  textValue,
  unwrap,
  type Call,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "itertools infinite",
    guide: "itertools",
    at: [{ name: ["itertools.count", "itertools.cycle", "itertools.repeat"] }],
    says: "Never ends by itself: bound it with `islice`, `takewhile`, a `break`, or a `zip` with something finite. `list`, `sum` or `sorted` of it eat memory or time until the process is killed.",
    here: endlessNote,
    example: "import itertools\n\nids = itertools.‸count(10, 2)\n",
    unlike: ["'a-b'.‸count('-')\n", "def repeat(n): ...\n\n‸repeat(3)\n"],
  },
  {
    name: "itertools finite",
    guide: "itertools",
    at: [
      {
        name: [
          "accumulate",
          "batched",
          "chain",
          "chain.from_iterable",
          "compress",
          "dropwhile",
          "filterfalse",
          "groupby",
          "islice",
          "pairwise",
          "starmap",
          "takewhile",
          "tee",
          "zip_longest",
        ].map((it) => `itertools.${it}`),
      },
    ],
    says: "Lazy and written in C: items are taken from the input only as the result is read, and only once. The result has no length and cannot be indexed. What the input iterator has handed over is gone for everybody else who holds it. Since 3.14 these objects can no longer be pickled.",
    here: (node, { facts }) => FINITE[facts.nameOf(dottedName(node)) ?? ""],
    example: "import itertools\n\nfirst = itertools.‸islice(range(100), 10)\n",
    unlike: [
      "import numpy as np\n\nnp.add.‸accumulate([1, 2])\n",
      "import pandas as pd\n\npd.DataFrame().‸groupby('a')\n",
    ],
  },
  {
    name: "itertools combinatoric",
    guide: "itertools",
    at: [
      {
        name: ["product", "permutations", "combinations", "combinations_with_replacement"].map(
          (it) => `itertools.${it}`,
        ),
      },
    ],
    says: "Memory is small, the number of results is not: n! orders of n items, 2ⁿ subsets in all, and `product` multiplies the lengths. The input is read completely before the first result. Items count by position, so equal values give equal results more than once. Estimate with `math.comb`, `math.perm` or `math.prod` before looping.",
    here: countNote,
    example: "import itertools\n\npairs = itertools.‸combinations('abcd', 2)\n",
    unlike: [
      "import numpy as np\n\nnp.random.default_rng().‸permutations([1])\n",
      "from sympy import product\n\n‸product(1, 2)\n",
    ],
  },
]);

function endlessNote(node: Node, { facts }: File): string | undefined {
  const name = facts.nameOf(dottedName(node));
  const call = callOf(node);
  if (name === "itertools.cycle") return "`cycle` keeps a copy of every item of its input.";
  if (!call || call.hasSplat) return undefined;
  if (name === "itertools.repeat")
    return argumentOf(call, "times", 1)
      ? "With `times` it ends."
      : "Gives the same object again and again, not copies.";
  const isFractional = [...call.args, ...call.keywords.values()].some((it) => unwrap(it).kind === "float");
  return isFractional
    ? "A float step adds its rounding error at each turn; `start + step * i` over `count()` stays exact to one rounding."
    : undefined;
}

const FINITE: Readonly<Record<string, string>> = {
  "itertools.accumulate":
    "Running totals, or any two-argument function; `initial=` gives one more item than the input has.",
  "itertools.batched": "New in 3.12: tuples of n items, the last one shorter; `strict=True` (3.13) raises instead.",
  "itertools.chain":
    "One iterable after the other, without building their sum; for an iterable of iterables use `chain.from_iterable`.",
  "itertools.chain.from_iterable":
    "Flattens one level, and strings into characters too; linear, where `sum(lists, [])` is quadratic.",
  "itertools.compress": "Keeps items whose selector is true and stops at the end of the shorter one.",
  "itertools.dropwhile": "Skips only up to the first failure; everything after it comes through, matching or not.",
  "itertools.filterfalse": "The items for which the predicate is false; with None those that are false themselves.",
  "itertools.groupby":
    "Groups neighbours only, so sort by the same key first; a group is empty once the next one was asked for.",
  "itertools.islice":
    "Runs through the skipped items too; no negative numbers, and the items taken are gone from an iterator.",
  "itertools.pairwise": "Overlapping neighbours, n - 1 pairs.",
  "itertools.starmap": "Each item is unpacked into the function's arguments.",
  "itertools.takewhile": "Ends at the first failure, and that item is lost from the iterator.",
  "itertools.tee":
    "Buffers what one copy has read and another has not: read far apart, a list is cheaper. Not safe across threads.",
  "itertools.zip_longest": "Goes on to the end of the longest input and fills with `fillvalue`, None by default.",
};

function countNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (!call || call.hasSplat || call.args.some((it) => it.kind === "generator_expression")) return undefined;
  const name = facts.nameOf(dottedName(node))!.slice("itertools.".length);
  const count = name === "product" ? productCount(call, facts) : choiceCount(name, call, facts);
  return count === undefined
    ? undefined
    : `${count.toLocaleString("en-US")} ${count === 1n ? "result" : "results"} here.`;
}

function productCount(call: Call, facts: File["facts"]): bigint | undefined {
  const sizes = call.args.map((it) => sizeOf(it, facts));
  const repeat = call.keywords.get("repeat");
  const times = repeat ? integerOf(repeat) : 1;
  if (times === undefined || times < 0 || times > MOST || !sizes.every((it) => it !== undefined)) return undefined;
  return sizes.reduce((product, it) => product * BigInt(it), 1n) ** BigInt(times);
}

/** Beyond it the number is of no use to a reader. */
const MOST = 40;

function choiceCount(name: string, call: Call, facts: File["facts"]): bigint | undefined {
  const [items, second] = [argumentOf(call, "iterable", 0), argumentOf(call, "r", 1)];
  const n = items && sizeOf(items, facts);
  const r = second && second.kind !== "none" ? integerOf(second) : name === "permutations" ? n : undefined;
  if (n === undefined || r === undefined || r < 0 || r > MOST) return undefined;
  const from = name === "combinations_with_replacement" ? n + r - 1 : n;
  if (r === 0) return 1n;
  if (n === 0 || r > from) return 0n;
  let count = 1n;
  for (let i = 0; i < r; i++)
    count = name === "permutations" ? count * BigInt(from - i) : (count * BigInt(from - i)) / BigInt(i + 1);
  return count;
}

/** The number of items where the source shows it: a display, a plain text, a `range` of numbers. */
function sizeOf(node: Node, facts: File["facts"]): number | undefined {
  const inner = unwrap(node);
  const text = textValue(inner);
  if (text !== undefined) return [...text].length;
  if (inner.kind === "list" || inner.kind === "tuple")
    return inner.children.some((it) => it.kind === "list_splat") ? undefined : inner.children.length;
  const call = asCall(inner);
  if (!call || facts.nameOf(call.callee) !== "builtins.range" || call.keywords.size > 0 || call.hasSplat)
    return undefined;
  const bounds = call.args.map(integerOf);
  if (!bounds.every((it) => it !== undefined) || bounds[2] === 0) return undefined;
  const [first = 0, last, step = 1] = bounds;
  const [from, to] = last === undefined ? [0, first] : [first, last];
  return Math.max(0, Math.ceil((to - from) / step));
}
