/** What hovers say of texts joined and of compact or double-ended containers. */

import {
  argumentOf,
  asCall,
  callOf,
  defineConstructs,
  dottedName,
  textValue,
  unwrap,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "str.join",
    guide: "code-level",
    at: [{ attribute: "join", of: "str" }],
    says: "Allocates the result once, at its full length. For 20,000 pieces it was up to 1.6 times as fast as `+=` on a local name, where CPython often appends in place, and 15 to 26 times as fast as `+=` on an attribute (3.11). Every item must be a str; anything that is no list or tuple is copied into a list first.",
    here: joinNote,
    example: "line = ', '.‸join(['a', 'b'])\n",
    unlike: [
      "import os\n\nos.path.‸join('a', 'b')\n",
      "import threading\n\nthreading.Thread(target=print).‸join()\n",
      "import pandas as pd\n\npd.DataFrame().‸join(None)\n",
    ],
  },
  {
    name: "collections.deque",
    guide: "data-structures",
    at: [{ name: "collections.deque" }],
    when: (node) => node.text !== "Deque",
    says: "Appends and pops at both ends in constant time, where `list.pop(0)` and `insert(0, …)` move every item; at 20,000 items taking from the front was 20 to 40 times as fast (CPython 3.11). Indexing towards the middle is linear, and there are no slices. `append` and `popleft` are safe between threads.",
    here: dequeNote,
    example: "from collections import deque\n\nqueue = ‸deque([1, 2], maxlen=10)\n",
    unlike: ["from typing import ‸Deque\n", "class deque:\n    pass\n\n‸deque()\n"],
  },
  {
    name: "array.array",
    guide: "compact-structures",
    at: [{ name: "array.array" }],
    says: "Packs C numbers without objects: 5,000 small ints take 20,080 bytes against 40,056 for a list, and the list's ints above 256 cost 28 bytes or more each on top. Every read makes a Python number, so loops are slower than over a list, and there is no arithmetic: for that take NumPy, which can share the buffer. A value out of range raises OverflowError.",
    here: codeNote,
    example: "from array import array\n\nvalues = ‸array('d', [1.0, 2.0])\n",
    unlike: ["import numpy as np\n\nvalues = np.‸array([1.0])\n"],
  },
  {
    name: "collections.Counter",
    guide: "data-structures",
    at: [{ name: "collections.Counter" }],
    says: "A dict of counts: a missing key reads as 0 and is not added. Filling it from an iterable counts in C, in one pass. `most_common(n)` keeps a heap of n instead of sorting everything. `update` adds counts where a dict would replace them, and `+` and `-` between counters drop what is not positive.",
    example: "from collections import Counter\n\ncounts = ‸Counter('abca')\n",
    unlike: ["class Counter:\n    pass\n\n‸Counter()\n", "from typing import ‸Counter\n"],
  },
  {
    name: "heapq",
    guide: "data-structures",
    at: [{ module: "heapq" }, { name: "heapq.*" }],
    says: "Keeps a plain list so ordered that its smallest item stands first: push and pop take log n steps, where sorting again after each push takes n log n. `nlargest` and `nsmallest` beat `sorted` only for few items. Tuples compare their second part on ties, so put a counter before what cannot be compared. For the largest first, 3.14 has `heappush_max` and its like; before, push negated numbers.",
    example: "import heapq\n\nqueue = [3, 1]\nheapq.‸heapify(queue)\n",
    unlike: ["class Heap:\n    def heapify(self): ...\n\nHeap().‸heapify()\n"],
  },
  {
    name: "bisect",
    guide: "data-structures",
    at: [{ module: "bisect" }, { name: "bisect.*" }],
    says: "Searches a sorted list in log n steps and does not check that it is sorted. `bisect_left` gives the place before equal items, `bisect_right` the one behind them; `key=` is applied to the items and not to the value sought. `insort` finds the place as fast, but moves all items behind it: for many inserts sort once at the end or take a heap.",
    example: "import bisect\n\nplace = bisect.‸bisect_left([1, 3, 5], 3)\n",
    unlike: ["class Git:\n    def bisect(self): ...\n\nGit().‸bisect()\n"],
  },
]);

const SMALLEST_LIST = 2;

function joinNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  const [items, more] = call?.args ?? [];
  if (!call || !items || more || call.hasSplat) return undefined;
  const inner = unwrap(items);
  const type = facts.typeOf(inner);
  if (type?.name === "str") return "A single text is joined character by character.";
  const element = type && ["list", "tuple", "set"].includes(type.name) ? type.of[0] : undefined;
  if (element && ["int", "float", "bool", "None"].includes(element.name))
    return `The items are ${element.name}: raises TypeError. Use \`map(str, …)\`.`;
  if (inner.kind === "list" && inner.children.length <= SMALLEST_LIST && inner.children.length > 0)
    return "For so few pieces an f-string says it more plainly.";
  return undefined;
}

function dequeNote(node: Node): string | undefined {
  const call = callOf(node);
  if (!call || call.hasSplat) return undefined;
  const limit = argumentOf(call, "maxlen", 1);
  if (!limit) return "No `maxlen`: grows as long as items are added.";
  return limit.kind === "none"
    ? undefined
    : `Full at ${limit.kind === "integer" ? limit.text : `\`${limit.text}\``}: each further item silently pushes one out at the other end.`;
}

const CODES: Readonly<Record<string, string>> = {
  b: "signed, 1 byte: -128 to 127",
  B: "unsigned, 1 byte: 0 to 255",
  h: "signed, 2 bytes: -32,768 to 32,767",
  H: "unsigned, 2 bytes: 0 to 65,535",
  i: "signed, 4 bytes: about ±2.1 billion",
  I: "unsigned, 4 bytes: up to about 4.3 billion",
  q: "signed, 8 bytes",
  Q: "unsigned, 8 bytes",
  l: "signed C long: 8 bytes on Linux and macOS, 4 on Windows; `q` is the same everywhere",
  L: "unsigned C long: 8 bytes on Linux and macOS, 4 on Windows; `Q` is the same everywhere",
  f: "float, 4 bytes: about 7 decimal digits",
  d: "float, 8 bytes: as exact as a Python float",
  u: "character; deprecated and to go in 3.16, use `w` from 3.13 on",
  w: "character, 4 bytes; from 3.13 on",
};

function codeNote(node: Node): string | undefined {
  const call = asCall(callOf(node)?.node ?? dottedName(node));
  const code = call && !call.hasSplat ? textValue(call.args[0]) : undefined;
  if (code === undefined) return undefined;
  return Object.hasOwn(CODES, code) ? `\`${code}\`: ${CODES[code]}.` : undefined;
}
