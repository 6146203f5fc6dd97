/** Nothing grows faster than the code: four times as many repetitions of a construct make the engine look at nodes about four times as often. Counted, not timed. */
import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Analyzer } from "../../analysis/analyzer.js";
import { Node } from "../../analysis/syntax/tree.js";
import { exampleTexts, plainTexts, type Repeated } from "../../bench/repetitions.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, analyzer, parser } from "../harness/check.js";

const [FEW, MANY] = [20, 80];
/** Less than the benchmark allows its clock: what is counted is the same each time. A quadratic has 2, and less where what it repeats is little. */
const MOST = 1.15;
/** What a text costs however short it is. */
const FREE = 2_000;

let looks = 0;

/** What is asked of a single node, and what hands out lists of them, each as long as it is. */
const ASKED = ["kind", "start", "end", "parent", "text", "isInside", "field", "ancestor", "firstChild", "nextSibling"];
const LISTS = ["children", "allChildren", "fieldAll", "descendants", "identifiers", "comments"];

/** Counts how often something is asked of a node, and the nodes in lists: every loop over nodes does one of the two. */
function counting<T>(run: () => T): number {
  const { prototype } = Node;
  const kept = new Map<string, PropertyDescriptor>();
  const counted = <R>(result: R): R => {
    looks += 1 + (Array.isArray(result) ? result.length : 0);
    return result;
  };
  for (const name of [...ASKED, ...LISTS]) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
    kept.set(name, descriptor);
    const { get, value } = descriptor as { get?: () => unknown; value?: (...given: unknown[]) => unknown };
    Object.defineProperty(prototype, name, {
      configurable: true,
      ...(get
        ? {
            get(this: Node) {
              return counted(get.call(this));
            },
          }
        : {
            value(this: Node, ...given: unknown[]) {
              return counted(value!.apply(this, given));
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

/** Names of its own in one function differ least from the other three forms; the benchmark has all. */
const isTelling = ({ name }: Repeated) => !name.endsWith(" in a function, new names");

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
      ));

  for (const repeated of plainTexts())
    it(`costs the same each time: ${repeated.name}`, () => assert.deepEqual(tooMuch(repeated), []));
});
