/** What is said of a measured gain: honest figures, what they are from, and where there is none. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { gainFigure, measuredGain, type Measured } from "../../analysis/analyzer.js";
import { rulePage } from "../../analysis/rule/page.js";
import type { Gain, Rule } from "../../analysis/rule/rule.js";
import { rules } from "../../rules/index.generated.js";

type Size = readonly [n: number, time: number, memory?: number | null];

const measuredAt = (sizes: readonly Size[], growth: Measured["growth"] = { before: 1, after: 1 }): Measured => ({
  unit: "rows",
  sizes: sizes.map(([n, time, memory = 1]) => ({ n, time, memory })) as unknown as Measured["sizes"],
  growth,
  python: "CPython 3.11",
  libraries: { numpy: "2.4", pandas: "3.0" },
});

const said = (gain: Gain, sizes: readonly Size[], growth?: Measured["growth"]) => {
  const text = measuredGain({ gain, imports: [], measured: measuredAt(sizes, growth) })!;
  assert.ok(text.endsWith("; CPython 3.11"), text);
  return text.slice(0, text.lastIndexOf(";"));
};

const SENTENCES: readonly (readonly [
  what: string,
  gain: Gain,
  sizes: readonly Size[],
  text: string,
  growth?: Measured["growth"],
])[] = [
  [
    "a gain that grows",
    "time",
    [
      [50, 1.31],
      [1000, 9],
      [20_000, 21.4],
    ],
    "about 21× faster at 20,000 rows (1.3× at 50)",
  ],
  [
    "two digits, whatever the size",
    "time",
    [
      [50, 9.96],
      [1000, 149],
      [1_000_000, 2920],
    ],
    "about 2,900× faster at 1,000,000 rows (10× at 50)",
  ],
  [
    "the same at every size",
    "time",
    [
      [50, 1.52],
      [1000, 1.5],
      [20_000, 1.49],
    ],
    "about 1.5× faster at 20,000 rows and at 50",
  ],
  [
    "none where there is little",
    "time",
    [
      [50, 1.1],
      [1000, 2],
      [20_000, 21],
    ],
    "about 21× faster at 20,000 rows, no gain up to 50 rows",
  ],
  [
    "none at two sizes",
    "time",
    [
      [50, 0.9],
      [1000, 1.19],
      [20_000, 21],
    ],
    "about 21× faster at 20,000 rows, no gain up to 1,000 rows",
  ],
  [
    "a loss where there is little",
    "time",
    [
      [50, 0.4],
      [1000, 3],
      [20_000, 21],
    ],
    "about 21× faster at 20,000 rows, slower up to 50 rows",
  ],
  [
    "a loss, then none",
    "time",
    [
      [50, 0.4],
      [1000, 1],
      [20_000, 21],
    ],
    "about 21× faster at 20,000 rows, no gain up to 1,000 rows (slower up to 50)",
  ],
  [
    "no gain at all",
    "clarity",
    [
      [50, 0.5],
      [1000, 1],
      [20_000, 1.05],
    ],
    "no faster at 20,000 rows",
  ],
  [
    "a loss at all sizes",
    "safety",
    [
      [50, 0.5],
      [1000, 0.5],
      [20_000, 0.5],
    ],
    "about 2.0× slower at 20,000 rows",
  ],
  [
    "growth of another order",
    "complexity",
    [
      [50, 1.3],
      [1000, 9],
      [20_000, 210],
    ],
    "about 210× faster at 20,000 rows (1.3× at 50), growth n² became n",
    { before: 1.96, after: 1.1 },
  ],
  [
    "growth between the powers",
    "complexity",
    [
      [50, 1.3],
      [1000, 9],
      [20_000, 210],
    ],
    "about 210× faster at 20,000 rows (1.3× at 50), growth between n and n² became constant",
    { before: 1.6, after: 0.1 },
  ],
  [
    "growth, and memory beside it",
    "complexity",
    [
      [50, 1.3],
      [1000, 9],
      [20_000, 210, 1.9],
    ],
    "about 210× faster at 20,000 rows (1.3× at 50), growth n² became n, about 1.9× less memory",
    { before: 2, after: 1 },
  ],
  [
    "growth beyond powers",
    "complexity",
    [
      [5, 1.3],
      [10, 9],
      [20, 210],
    ],
    "about 210× faster at 20 rows (1.3× at 5), growth steeper than n⁴ became n",
    { before: 8.3, after: 1.02 },
  ],
  [
    "growth below a power",
    "complexity",
    [
      [5, 1.3],
      [10, 9],
      [20, 210],
    ],
    "about 210× faster at 20 rows (1.3× at 5), growth between n² and n³ became at most n",
    { before: 2.5, after: 0.7 },
  ],
  [
    "growth that hardly differs",
    "complexity",
    [
      [50, 1.3],
      [1000, 9],
      [20_000, 21],
    ],
    "about 21× faster at 20,000 rows (1.3× at 50)",
    { before: 1.3, after: 1 },
  ],
  [
    "growth that is unknown",
    "complexity",
    [
      [50, 1.3],
      [1000, 9],
      [20_000, 21],
    ],
    "about 21× faster at 20,000 rows (1.3× at 50)",
    { before: 2, after: null },
  ],
  [
    "growth where only overhead makes it",
    "time",
    [
      [50, 9],
      [1000, 90],
      [20_000, 900],
    ],
    "about 900× faster at 20,000 rows (9.0× at 50)",
    { before: 1, after: 0 },
  ],
  [
    "memory that falls beside time",
    "time",
    [
      [50, 2, 1],
      [1000, 2, 1.4],
      [20_000, 2.9, 1.62],
    ],
    "about 2.9× faster at 20,000 rows (2.0× at 50), about 1.6× less memory",
  ],
  [
    "memory that falls a little",
    "time",
    [
      [50, 2, 1],
      [1000, 2, 1.4],
      [20_000, 2.9, 1.5],
    ],
    "about 2.9× faster at 20,000 rows (2.0× at 50)",
  ],
  [
    "memory, which is the claim",
    "memory",
    [
      [50, 1, 1.3],
      [1000, 1, 5],
      [20_000, 1.1, 98.7],
    ],
    "about 99× less memory at 20,000 rows (1.3× at 50)",
  ],
  [
    "memory at the price of time",
    "memory",
    [
      [50, 1, null],
      [1000, 1, 5],
      [20_000, 0.8, 5.25],
    ],
    "about 5.3× less memory at 20,000 rows, no gain up to 50 rows, about 1.3× slower",
  ],
  [
    "more memory where there is little",
    "memory",
    [
      [50, 1, 0.5],
      [1000, 1, 5],
      [20_000, 1, 5],
    ],
    "about 5.0× less memory at 20,000 rows, more memory up to 50 rows",
  ],
  [
    "memory that rises",
    "memory",
    [
      [50, 1, 1],
      [1000, 1, 0.5],
      [20_000, 2, 0.1],
    ],
    "about 10× more memory at 20,000 rows, about 2.0× faster",
  ],
  [
    "memory too little to tell",
    "memory",
    [
      [50, 1, null],
      [1000, 1, null],
      [20_000, 2, null],
    ],
    "about 2.0× faster at 20,000 rows, no gain up to 1,000 rows",
  ],
  ["one size", "time", [[20_000, 2]], "about 2.0× faster at 20,000 rows"],
];

describe("measured gain", () => {
  for (const [what, gain, sizes, text, growth] of SENTENCES) {
    it(what, () => assert.equal(said(gain, sizes, growth), text));
  }

  it("names the libraries that the rule is about, and no other", () => {
    const measured = measuredAt([[20_000, 21]]);
    assert.equal(
      measuredGain({ gain: "time", imports: ["pandas", "polars"], measured }),
      "about 21× faster at 20,000 rows; pandas 3.0, CPython 3.11",
    );
  });

  it("is not said where nothing was measured", () => {
    assert.equal(measuredGain({ gain: "time", imports: [] }), undefined);
    assert.equal(gainFigure({ gain: "time", imports: [] }), undefined);
  });

  it("is one figure in a list", () => {
    const figure = (gain: Gain, time: number, memory: number | null) =>
      gainFigure({
        gain,
        imports: [],
        measured: measuredAt([
          [50, 99, 99],
          [20_000, time, memory],
        ]),
      });
    assert.deepEqual(
      [
        figure("time", 21.4, 9),
        figure("complexity", 1234, 1),
        figure("memory", 9, 5.26),
        figure("memory", 9, null),
        figure("time", 1.19, 9),
        figure("time", 0.5, 9),
      ],
      ["21× faster", "1,200× faster", "5.3× lighter", undefined, undefined, undefined],
    );
  });

  it("stands in the page after the reason, where there is one", () => {
    const { measured: _, ...bare } = rules.find((it) => it.name === "pandas/iterrows")!;
    const page = (rule: Rule) => rulePage(rule, { guide: { title: "Pandas", url: "https://example.invalid" } });
    assert.ok(!page(bare).includes("Measured"));
    assert.ok(
      page({
        ...bare,
        measured: measuredAt([
          [50, 1.31],
          [20_000, 21.4],
        ]),
      }).includes(
        `${bare.why}\n\nMeasured: about 21× faster at 20,000 rows (1.3× at 50); pandas 3.0, CPython 3.11.\n\n`,
      ),
    );
  });
});
