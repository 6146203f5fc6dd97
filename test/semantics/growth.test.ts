/** How the work of functions grows: what is known of loops, calls and recursion, and that the rest is told as unknown. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { asFunction } from "../../analysis/syntax/statements.js";
import { growthInWords } from "../../analysis/semantics/growth-terms.js";
import { askFacts } from "../harness/ask-facts.js";

/** Of the function whose body asks for it: `probe(1)`. */
async function growth(source: string): Promise<{ order: string; sizes: string; unknown: readonly string[] }> {
  const [found] = await askFacts(source, (node, facts) => {
    const def = asFunction(node.ancestor("function_definition"))!;
    const { unknown, ...rest } = facts.growthOf(def);
    const { order, sizes } = growthInWords({ ...rest, unknown });
    return {
      order,
      sizes: sizes.map(([letter, size]) => `${letter} = ${size}`).join(", "),
      unknown: unknown.filter((it) => it !== "probe()"),
    };
  });
  return found!;
}

const indent = (lines: string) => lines.replaceAll(/^/gm, "    ");

describe("growth of a function", () => {
  /** Bodies of `def f(rows: list, others: list, n: int, names: dict, text: str):`. */
  const bodies: readonly (readonly [title: string, body: string, order: string, sizes?: string])[] = [
    ["nothing that grows", "return n + 1", "O(1)"],
    ["one loop", "for row in rows:\n    n += 1", "O(n)", "n = rows"],
    ["a loop over a handful", "for row in (1, 2, 3):\n    n += 1", "O(1)"],
    [
      "two loops, one after the other",
      "for row in rows:\n    n += 1\nfor other in others:\n    n += 1",
      "O(n + m)",
      "n = rows, m = others",
    ],
    [
      "two loops, one in the other",
      "for row in rows:\n    for other in others:\n        n += 1",
      "O(n·m)",
      "n = rows, m = others",
    ],
    ["the same list twice", "for a in rows:\n    for b in rows:\n        n += 1", "O(n²)", "n = rows"],
    [
      "pairs by index",
      "for i in range(len(rows)):\n    for j in range(i + 1, len(rows)):\n        n += 1",
      "O(n²)",
      "n = rows",
    ],
    [
      "a length that has a name",
      "size = len(rows)\nfor i in range(size):\n    for row in rows:\n        n += 1",
      "O(n²)",
      "n = rows",
    ],
    ["a count", "for i in range(n):\n    print(i)", "O(n)", "n = n"],
    ["an index up to an index", "for i in range(n):\n    for j in range(i):\n        print(j)", "O(n²)", "n = n"],
    ["up to a root", "for i in range(2, int(n ** 0.5) + 1):\n    print(i)", "O(√n)", "n = n"],
    ["a sort", "return sorted(rows)", "O(n log n)", "n = rows"],
    ["a sort in place", "rows.sort()", "O(n log n)", "n = rows"],
    ["a sort in a loop", "for other in others:\n    sorted(rows)", "O(m·n log n)"],
    [
      "a search in a list",
      "for other in others:\n    if other in rows:\n        n += 1",
      "O(n·m)",
      "n = others, m = rows",
    ],
    ["a search in a dict", "for other in others:\n    if other in names:\n        n += 1", "O(n)", "n = others"],
    [
      "a list that is searched by a method",
      "for other in others:\n    rows.index(other)",
      "O(n·m)",
      "n = others, m = rows",
    ],
    ["a comprehension", "return [a for a in rows for b in others]", "O(n·m)", "n = rows, m = others"],
    ["a sum of one", "return sum(a for a in rows)", "O(n)", "n = rows"],
    ["a slice", "for row in rows[1:]:\n    n += 1", "O(n)", "n = rows"],
    ["what enumerate gives", "for i, row in enumerate(rows):\n    n += 1", "O(n)", "n = rows"],
    ["rows of rows", "for row in rows:\n    for cell in row:\n        n += 1", "O(n·m)", "n = rows, m = row"],
    [
      "halving",
      "low, high = 0, n\nwhile low < high:\n    mid = (low + high) // 2\n    low = mid + 1",
      "O(log n)",
      "n = high",
    ],
    ["dividing", "while n > 0:\n    n //= 10", "O(log n)", "n = n"],
    ["counting", "i = 0\nwhile i < n:\n    i += 1", "O(n)", "n = n"],
    ["pairs", "import itertools\nfor a, b in itertools.combinations(rows, 2):\n    n += 1", "O(n²)", "n = rows"],
    ["all orders", "import itertools\nfor order in itertools.permutations(rows):\n    n += 1", "exponential"],
  ];
  for (const [title, body, order, sizes] of bodies)
    it(title, async () => {
      const found = await growth(
        `def f(rows: list[int], others: list[int], n: int, names: dict[str, int], text: str):\n${indent(`probe(1)\n${body}`)}\n`,
      );
      assert.equal(found.order, order.replace("O(m·n log n)", "O(n·m log m)"));
      if (sizes !== undefined) assert.equal(found.sizes, sizes);
      assert.deepEqual(found.unknown, []);
    });

  const functions: readonly (readonly [title: string, source: string, order: string])[] = [
    ["recursion once", "def f(n):\n    probe(1)\n    return 1 if n == 0 else n * f(n - 1)\n", "O(n)"],
    ["recursion twice", "def f(n):\n    probe(1)\n    return n if n < 2 else f(n - 1) + f(n - 2)\n", "exponential"],
    [
      "recursion twice with a cache",
      "import functools\n@functools.cache\ndef f(n):\n    probe(1)\n    return n if n < 2 else f(n - 1) + f(n - 2)\n",
      "O(n)",
    ],
    [
      "a half",
      "def f(rows: list[int], x, low, high):\n    probe(1)\n    mid = (low + high) // 2\n    if rows[mid] < x:\n        return f(rows, x, mid + 1, high)\n    return f(rows, x, low, mid)\n",
      "O(log n)",
    ],
    [
      "both halves, and all of it",
      "def f(rows: list[int]):\n    probe(1)\n    mid = len(rows) // 2\n    left, right = f(rows[:mid]), f(rows[mid:])\n    out = []\n    for row in rows:\n        out.append(row)\n    return out\n",
      "O(n log n)",
    ],
    ["the parts of a tree", "def f(node):\n    probe(1)\n    f(node.left)\n    f(node.right)\n", "O(n)"],
    [
      "a function of the file, in the caller's sizes",
      "def find(rows, key):\n    for row in rows:\n        if row == key:\n            return row\n\ndef f(orders: list[int], customers: list[int]):\n    probe(1)\n    for order in orders:\n        find(customers, order)\n",
      "O(n·m)",
    ],
    [
      "a method of the same object",
      "class A:\n    def find(self, key):\n        for row in self.rows:\n            if row == key:\n                return row\n    def f(self, keys):\n        probe(1)\n        for key in keys:\n            self.find(key)\n",
      "O(n·m)",
    ],
  ];
  for (const [title, source, order] of functions)
    it(title, async () => {
      assert.equal((await growth(source)).order, order);
    });

  it("does not follow functions that call each other", async () => {
    const found = await growth("def g(rows):\n    f(rows)\ndef f(rows):\n    probe(1)\n    g(rows)\n");
    assert.deepEqual(found, { order: "O(1)", sizes: "", unknown: ["f()"] });
  });

  it("says what it does not know", async () => {
    const found = await growth(
      "def f(rows, queue):\n    probe(1)\n    for row in rows:\n        fetch(row)\n    while queue:\n        queue.pop()\n",
    );
    assert.equal(found.order, "O(n)");
    assert.deepEqual(found.unknown, ["fetch()", "while queue"]);
  });
});
