/** Nothing grows faster than the code: four times as many repetitions of a construct make the engine look at nodes about four times as often. Counted, not timed. */
import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Analyzer } from "../../analysis/analyzer.js";
import { Node } from "../../analysis/syntax/tree.js";
import { exampleTexts, plainTexts, type Repeated } from "../../bench/repetitions.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, analyzer, parser } from "../harness/check.js";

const [FEW, MANY] = [20, 80];
/** The exponent that the benchmark allows; a quadratic has 2. */
const MOST = 1.3;
/** What a text costs however short it is. */
const FREE = 2_000;

let looks = 0;

/** Counts how often something is asked of a node: every loop over nodes does that. */
function counting<T>(run: () => T): number {
  const { prototype } = Node;
  const kept = new Map<string, PropertyDescriptor>();
  for (const name of ["kind", "start", "end", "parent", "text", "isInside", "field", "ancestor"]) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
    kept.set(name, descriptor);
    const { get, value } = descriptor as { get?: () => unknown; value?: (...given: unknown[]) => unknown };
    Object.defineProperty(prototype, name, {
      configurable: true,
      ...(get
        ? {
            get(this: Node) {
              looks++;
              return get.call(this);
            },
          }
        : {
            value(this: Node, ...given: unknown[]) {
              looks++;
              return value!.apply(this, given);
            },
          }),
    });
  }
  looks = 0;
  try {
    run();
    return looks;
  } finally {
    for (const [name, descriptor] of kept) Object.defineProperty(prototype, name, descriptor);
  }
}

/** The two of the four forms that differ most; the benchmark has all. */
const isTelling = ({ name }: Repeated) => / in a function$| at top level, new names$/.test(name);

describe("what is repeated", () => {
  let engine: Analyzer;
  const check = ({ text }: Repeated, n: number): number =>
    counting(() => engine.report(engine.open(text(n), allOn(), "module.py")));
  const fix = ({ text }: Repeated, n: number): number => {
    const snapshot = engine.open(text(n), allOn(), "module.py");
    const { findings } = engine.report(snapshot);
    return counting(() => findings.forEach((it) => engine.fix(snapshot, it)));
  };
  const tooMuch = (repeated: Repeated): readonly string[] =>
    Object.entries({ check, fix }).flatMap(([what, measure]) => {
      const [few, many] = [measure(repeated, FEW), measure(repeated, MANY)];
      const exponent = Math.log2((many + FREE) / (few + FREE)) / Math.log2(MANY / FEW);
      return exponent > MOST ? [`${repeated.name}: ${what} ${few} → ${many}, n^${exponent.toFixed(2)}`] : [];
    });

  before(async () => {
    engine = await analyzer();
  });

  for (const rule of rules)
    it(`costs the same each time: ${rule.name}`, async () =>
      assert.deepEqual(
        exampleTexts(rule, await parser())
          .filter(isTelling)
          .flatMap(tooMuch),
        [],
      )).timeout(120_000);

  for (const repeated of plainTexts())
    it(`costs the same each time: ${repeated.name}`, () => assert.deepEqual(tooMuch(repeated), [])).timeout(120_000);
});
