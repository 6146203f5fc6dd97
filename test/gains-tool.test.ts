/** What `npm run gains` asks of a workload: forms that agree, arguments that stay, sizes that rise; and what it writes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import {
  figuresText,
  keepFigures,
  memoryRatio,
  mergeFigures,
  readFigures,
  type Figures,
} from "../bench/gains/figures.js";
import { measure } from "../bench/gains/run.js";
import { digestOf, type Workload } from "../bench/gains/workload.js";

const HEAD = 'unit = "items"\nsizes = [1, 2, 3]\n';
const INPUTS = "def inputs(n):\n    return ([*range(n)],)\n";

const workload = (block: string, before = "", after: string | null = before): Workload => ({
  name: "area/some-rule",
  before,
  after,
  block,
});
const forms = (one: string, other: string) => `def before(items):\n    ${one}\n\ndef after(items):\n    ${other}\n`;

const REFUSED: readonly (readonly [what: string, block: string, message: RegExp, before?: string])[] = [
  ["no sizes", `unit = "items"\n${INPUTS}`, /must define sizes/, "def form(items): return 1"],
  [
    "sizes that do not rise",
    `unit = "items"\nsizes = [1, 3, 2]\n${INPUTS}`,
    /three whole numbers that rise/,
    "def form(items): return 1",
  ],
  ["another clock", `${HEAD}clock = "wall"\n${INPUTS}`, /"elapsed" or "processor"/, "def form(items): return 1"],
  ["inputs that are no tuple", `${HEAD}def inputs(n): return [n]\n`, /as a tuple/, "def form(items): return 1"],
  [
    "an example without a function",
    HEAD + INPUTS,
    /no function at the top: define before and after/,
    "total = sum([1])",
  ],
  ["one form alone", `${HEAD}${INPUTS}def before(items): pass\n`, /defines before but not the other form/],
  [
    "results that differ",
    `${HEAD}${INPUTS}${forms("return sum(items)", "return sum(items) + len(items) % 2")}`,
    /do not agree at 1 items: result: 0 \(int\) is not 1 \(int\)/,
  ],
  [
    "results that differ deep inside",
    `${HEAD}${INPUTS}${forms("return {'a': [items, {'b': 1.0}]}", "return {'a': [items, {'b': 1.001}]}")}`,
    /result\['a'\]\[1\]\['b'\]: 1\.0/,
  ],
  [
    "results that differ in length",
    `${HEAD}${INPUTS}${forms("return iter(items)", "return items[1:]")}`,
    /result has 1 items, then 0/,
  ],
  ["output that differs", `${HEAD}${INPUTS}${forms("print(1)", "print(2)")}`, /output: 1/],
  [
    "objects that differ",
    `${HEAD}${INPUTS}class P:\n    __slots__ = ("x",)\n    def __init__(self, x): self.x = x\n${forms("return P(1)", "return P(2)")}`,
    /result\.P\['x'\]: 1/,
  ],
  [
    "results that nothing can be said of",
    `${HEAD}import threading\n${INPUTS}${forms("return threading.Event()", "return threading.Event()")}`,
    /Event, which cannot be compared/,
  ],
  [
    "arguments that change",
    `${HEAD}${INPUTS}${forms("items.append(1)", "items.append(1)")}`,
    /before changes its arguments.*once = True/,
  ],
  [
    "arguments that are used up",
    `${HEAD}def inputs(n): return (iter(range(n)),)\n${forms("return sum(items)", "return sum(items)")}`,
    /iterator.*once = True/,
  ],
  ["code that fails", `${HEAD}${INPUTS}${forms("return items[9]", "return 1")}`, /IndexError: list index out of range/],
];

describe("gains tool", function () {
  before(function () {
    if (spawnSync("python3", ["--version"]).error) this.skip();
  });

  for (const [what, block, message, example] of REFUSED) {
    it(`refuses ${what}`, () => assert.throws(() => measure(workload(block, example), "ignore"), message));
  }

  it("measures the last function of an example, which may use what the block defines", () => {
    const block = `${HEAD}class Shop:\n    def __init__(self, prices): self.prices = prices\n\n\ndef tax(price): return price * 0.1\n\ndef inputs(n): return (Shop([*range(n)]),)\n`;
    const example = (body: string) =>
      `from __future__ import annotations\n\ndef helper(): ...\n\ndef total(shop: Shop) -> float:\n    ${body}\n`;
    const figures = measure(
      workload(
        block,
        example("return sum([tax(it) for it in shop.prices])"),
        example("return sum(map(tax, shop.prices))"),
      ),
      "ignore",
    );
    assert.deepEqual(
      figures.rows.map((it) => it.n),
      [1, 2, 3],
    );
    assert.ok(figures.rows.every((it) => it.before_ms > 0 && it.ratio > 0 && it.before_bytes > 0));
    // Microseconds say nothing about growth.
    assert.deepEqual(
      [figures.unit, figures.clock, figures.libraries, figures.exponents],
      ["items", "processor", {}, { before: null, after: null }],
    );
  });

  it("takes coroutines, generators, floats added in another order, and arguments made for each call", () => {
    const block = `${HEAD}once = True\nclock = "elapsed"\nimport asyncio\n\ndef inputs(n): return ([0.1 * it for it in range(n)],)\n\nasync def before(items):\n    await asyncio.sleep(0)\n    return [items.pop() for _ in range(len(items))]\n\ndef after(items):\n    while items:\n        yield items.pop() + 1e-13\n`;
    assert.equal(measure(workload(block), "ignore").clock, "elapsed");
  });
});

describe("figures of gains", () => {
  const figures = (digest: string): Figures => ({
    unit: "rows",
    clock: "processor",
    rows: [{ n: 1, before_ms: 2, after_ms: 1, ratio: 2, before_bytes: 20_000, after_bytes: 5000 }],
    exponents: { before: 1, after: null },
    python: "CPython 3.11.7",
    libraries: {},
    machine: "2 cores",
    date: "2026-01-01",
    digest,
  });

  it("are merged rule by rule, sorted, a line for each, and dropped with their rule", () => {
    const folder = mkdtempSync(join(tmpdir(), "nippy-gains-"));
    const path = join(folder, "gains.json");
    try {
      mergeFigures("b/two", figures("old"), path);
      mergeFigures("a/one", figures("1"), path);
      mergeFigures("b/two", figures("new"), path);
      assert.deepEqual(
        Object.entries(readFigures(path)).map(([name, it]) => [name, it.digest]),
        [
          ["a/one", "1"],
          ["b/two", "new"],
        ],
      );
      const text = readFileSync(path, "utf8");
      assert.deepEqual(
        text.split("\n").map((it) => it.slice(0, 18)),
        ["{", '  "a/one": {"unit"', '  "b/two": {"unit"', "}", ""],
      );
      assert.equal(text, figuresText(JSON.parse(text) as Record<string, Figures>));
      keepFigures(new Set(["b/two"]), path);
      assert.deepEqual(Object.keys(readFigures(path)), ["b/two"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("tell memory only where there is enough of it", () => {
    const ratio = (before_bytes: number, after_bytes: number) =>
      memoryRatio({ ...figures("").rows[0]!, before_bytes, after_bytes });
    assert.deepEqual(
      [ratio(20_000, 5000), ratio(9000, 100), ratio(100, 10_000), ratio(20_000, 0)],
      [4, null, 0.01, 20_000],
    );
  });

  it("are of one example and one block", () => {
    const digests = [
      workload("a", "b", "c"),
      workload("a", "b", null),
      workload("a", "c", "b"),
      workload("x", "b", "c"),
    ].map(digestOf);
    assert.equal(new Set(digests).size, 4);
    assert.equal(digestOf({ ...workload("a", "b", "c"), name: "other" }), digests[0]);
  });
});
