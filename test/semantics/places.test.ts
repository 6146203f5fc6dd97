/** Places: names and own attributes, asked in one way; and the value that a read sees. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { askFacts } from "../harness/ask-facts.js";

const FILLER = `    def filler(self, number):\n${"        number = number * 2 + 1\n".repeat(97)}        return number\n\n`;

const told = (source: string) =>
  askFacts(source, (node, facts) => {
    const place = facts.placeOf(node);
    return place
      ? `${place.kind} ${place.text}: ${place.writes.length} writes, ${place.uses.map((it) => it.kind).join(" ")}`
      : "none";
  });
const values = (source: string) => askFacts(source, (node, facts) => facts.valueOf(node)?.text ?? "?");

describe("places", () => {
  it("are names and attributes of the method's own object", async () => {
    const members = (filler: string) =>
      `class Queue:\n${filler}    def __init__(self):\n        self.rows = []\n\n    def put(self, row, other):\n        self.rows.append(row)\n        probe(self.rows)\n        probe(row)\n        probe(other.rows)\n\n    def take(this):\n        for row in this.rows:\n            return len(this.rows)\n`;
    const expected = [
      "attribute self.rows: 1 writes, method argument iterated argument",
      "name row: 1 writes, argument argument",
      "none",
    ];
    assert.deepEqual(await told(members("")), expected);
    assert.deepEqual(await told(members(FILLER)), expected);
  });

  it("have writes of every form", async () => {
    assert.deepEqual(
      await told(
        "class A:\n    x = 0\n    def f(self, b):\n        self.x, y = b\n        self.x += 1\n        for self.x in b:\n            pass\n        with b as self.x:\n            pass\n        del self.x\n        probe(self.x)\n",
      ),
      ["attribute self.x: 6 writes, augmented argument"],
    );
  });

  it("are those of derived classes of the file too, and not of others", async () => {
    assert.deepEqual(
      await told(
        "class Base:\n    def f(self):\n        self.x = 1\n        probe(self.x)\n\nclass Derived(Base):\n    def g(self):\n        self.x = 2\n\nclass Other:\n    def h(self):\n        self.x = 3\n",
      ),
      ["attribute self.x: 2 writes, argument"],
    );
  });

  it("are none where code out of sight may set them", async () => {
    const source = (inside: string, outside: string) =>
      `class A:\n    def __init__(self):\n        self.x = 1\n        probe(self.x)\n${inside}\n\n${outside}\n`;
    assert.deepEqual(await told(source("", "print(1)")), ["attribute self.x: 1 writes, argument"]);
    for (const [inside, outside] of [
      ["", "def f(a):\n    a.x = 2"],
      ["", "def f(a):\n    a.__dict__.update(b)"],
      ["    def g(self):\n        setattr(self, name, 1)", ""],
      ["    @property\n    def x(self):\n        return 1", ""],
      ["    @classmethod\n    def g(cls):\n        cls.x = 1", ""],
    ])
      assert.deepEqual(await told(source(inside!, outside!)), ["none"], inside! + outside!);
    assert.deepEqual(await told("def f(self):\n    self.x = 1\n    probe(self.x)\n"), ["none"]);
    assert.deepEqual(await told("class A:\n    def f(self):\n        self = g()\n        probe(self.x)\n"), ["none"]);
  });

  it("count reads from other objects apart", async () => {
    assert.deepEqual(
      await askFacts(
        "class A:\n    def f(self, other):\n        self.x = 1\n        probe(self.x)\n        return other.x\n",
        (node, facts) => facts.placeOf(node)?.readsElsewhere.map((it) => it.text),
      ),
      [["other.x"]],
    );
  });
});

describe("the value that a read sees", () => {
  const cases: readonly (readonly [title: string, source: string, expected: readonly string[]])[] = [
    ["an assignment", "def f():\n    a = [1]\n    probe(a)\n", ["[1]"]],
    [
      "through unpacking",
      "def f():\n    (a, [b, c]), d = (1, [2, 3]), 4\n    probe(a)\n    probe(c)\n    probe(d)\n",
      ["1", "3", "4"],
    ],
    [
      "not through a star or an unknown value",
      "def f(g):\n    a, *b = [1, 2]\n    c, d = g\n    probe(b)\n    probe(c)\n",
      ["?", "?"],
    ],
    [
      "a rebinding after the loop",
      "def f(g):\n    out = []\n    for x in g:\n        probe(out)\n    out = done(out)\n    probe(out)\n",
      ["[]", "done(out)"],
    ],
    ["a rebinding before", "def f(g):\n    a = 1\n    a = 2\n    probe(a)\n", ["2"]],
    ["two that may be", "def f(g):\n    a = 1\n    if g:\n        a = 2\n    probe(a)\n", ["?"]],
    [
      "a parameter, an augmented one, one of a loop",
      "def f(g):\n    a = 1\n    a += 1\n    probe(a)\n    probe(g)\n    for b in g:\n        probe(b)\n",
      ["?", "?", "?"],
    ],
    ["a module's constant", "ROWS = [1, 2]\n\ndef f():\n    probe(ROWS)\n", ["[1, 2]"]],
  ];
  for (const [title, source, expected] of cases)
    it(title, async () => assert.deepEqual(await values(source), expected));

  it("holds for own attributes, within a method and across methods", async () => {
    const source = (between: string, more = "") =>
      `class A:\n    def __init__(self):\n        self.x = 1\n\n    def f(self, g):\n        self.x = 2\n${between}        probe(self.x)\n\n    def g(self):\n        probe(self.x)\n${more}`;
    assert.deepEqual(await values(source("")), ["2", "?"]);
    assert.deepEqual(await values(source("        self.reset()\n")), ["?", "?"]);
    assert.deepEqual(await values(source("        self.other = 1\n        print(g)\n")), ["2", "?"]);
    assert.deepEqual(
      await values(
        "class A:\n    def __init__(self):\n        self.x, self.y = [], {}\n\n    def f(self):\n        probe(self.y)\n",
      ),
      ["{}"],
    );
  });
});
