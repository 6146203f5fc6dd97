/** Long pieces with damage in them, as every one is while somebody types: only what is damaged is given up, and the grammar, which is slow at it, is not asked about the rest. */

import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Parser } from "../../analysis/analyzer.js";
import { DEEPEST, Tree } from "../../analysis/syntax/tree.js";
import { makeReadPast } from "../../analysis/syntax/reader/read.js";
import { createGrammarParser, withReader } from "../../analysis/syntax/parser.js";
import { readFileSync } from "node:fs";
import { allOn, analyzer } from "../harness/check.js";
import { mutant } from "../harness/mutant.js";
import { random } from "../harness/random.js";
import { readText, standardLibrary } from "../syntax/python-files.js";
import { LEFT } from "../syntax/reader-cases.js";
import { assertSound } from "../syntax/soundness.js";

const ITEMS = 4000;
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

const DICT = `TABLE = {\n${lines(ITEMS, (i) => `    "key ${i}": ["value", ${i}],`)}\n}\nbehind = 1\n`;
const LIST = `NAMES = [\n${lines(ITEMS, (i) => `    "name ${i}",`)}\n]\nbehind = 1\n`;
const CALL = `TABLE = build(\n${lines(ITEMS, (i) => `    row_${i}=Row("value", ${i}),`)}\n)\nbehind = 1\n`;
const NESTED = `TABLE = {\n${lines(ITEMS / 4, (i) => `    "key ${i}": [\n        "value",\n        {"a": ${i}},\n    ],`)}\n}\nbehind = 1\n`;
const FUNCTION = `def long(x):\n${lines(ITEMS, (i) => `    a${i} = call(x, "v")`)}\n    return x\n`;

/** Every one with the kind of its items. */
const SHAPES: readonly (readonly [
  name: string,
  text: string,
  kind: "pair" | "string" | "keyword_argument" | "assignment",
])[] = [
  ["a dictionary", DICT, "pair"],
  ["a list", LIST, "string"],
  ["a call", CALL, "keyword_argument"],
  ["a nested dictionary", NESTED, "pair"],
  ["a function", FUNCTION, "assignment"],
];
const DAMAGES: readonly (readonly [name: string, from: RegExp, to: string])[] = [
  ["without a quote", /"(?=[,:)\]])/, ""],
  ["with a quote too many", /"(?=[,:)\]])/, '""'],
  ["without its comma", /,(?=\n)/, " 1"],
  ["with two signs", /, /, ", = = "],
  ["with a foreign sign", /, /, ", $ "],
  ["with an operator and no operand", /, /, ", 1 + , "],
];
const MOST_LOST = 6;

function damagedFromTheMiddle(text: string, from: RegExp, to: string): string | undefined {
  const middle = text.length >> 1;
  const rest = text.slice(middle);
  const damaged = rest.replace(from, to);
  return damaged === rest ? undefined : text.slice(0, middle) + damaged;
}

describe("damage in long pieces", function () {
  let read: Parser;
  let grammar: Parser;
  /** How many characters the grammar was given. */
  let given = 0;
  const parse = (text: string): Tree => {
    given = 0;
    return read.parse(text);
  };
  before(async () => {
    const bytes = (path: string) => readFileSync(`node_modules/${path}`);
    grammar = await createGrammarParser(
      bytes("web-tree-sitter/web-tree-sitter.wasm"),
      bytes("tree-sitter-python/tree-sitter-python.wasm"),
    );
    read = withReader({
      parse(text) {
        given += text.length;
        return grammar.parse(text);
      },
    });
  });

  for (const [shape, text, kind] of SHAPES) {
    for (const [damage, from, to] of DAMAGES) {
      const damaged = damagedFromTheMiddle(text, from, to);
      if (damaged === undefined) continue;
      it(`stays small in ${shape} ${damage}`, () => {
        const whole = read.parse(text).root.descendants(kind).length;
        const tree = parse(damaged);
        assertSound(tree);
        assert.ok(tree.isBroken(0));
        assert.ok(given < text.length / 10, `the grammar was given ${given} of ${text.length} characters`);
        const left = tree.root.descendants(kind).filter((it) => !it.isBroken).length;
        assert.ok(left >= whole - MOST_LOST, `${left} of ${whole} are left`);
        const last = tree.root.children.at(-1)!;
        if (shape !== "a function") assert.ok(!last.isBroken && last.text === "behind = 1", last.text);
      });
    }
  }

  it("is not handed to the grammar where brackets, quotes or headers are missing", () => {
    for (const text of [
      DICT.replace(/\}\nbehind = 1\n$/, ""),
      LIST.replace(/\]\nbehind = 1\n$/, ""),
      DICT.replace(`"key ${ITEMS / 2}": [`, `"key ${ITEMS / 2}": `),
      DICT.replace(`"value", ${ITEMS / 2}]`, `"value", ${ITEMS / 2}`),
      `TEXT = """\n${"a line of text\n".repeat(ITEMS)}`,
      `def f(x:\n${FUNCTION.slice(FUNCTION.indexOf("\n") + 1)}`,
      FUNCTION.replace("    a7 = call(", "    if x y:\n        a7 = call("),
      FUNCTION.replace("    a7 = call(", "    a7 = (call("),
      `x = [${"'a', ".repeat(ITEMS)}'b, ${"'a', ".repeat(ITEMS)}]\n`,
      `NAMES = [\n${lines(ITEMS, (i) => `"name ${i}",`)}\n"x\n]\n`,
    ]) {
      const tree = parse(text);
      assertSound(tree);
      assert.ok(tree.isBroken(0), text.slice(0, 60));
      assert.ok(given < text.length / 10, `the grammar was given ${given} of ${text.length}: ${text.slice(0, 60)}`);
    }
  });

  it("is not seen where the grammar only reads something in its own way", () => {
    const odd = LEFT.filter((it) => it.length < 1000 && !grammar.parse(it).isBroken(0));
    assert.ok(odd.length > 10);
    const before = FUNCTION.slice(0, FUNCTION.indexOf("\n", 21_000) + 1);
    for (const text of odd) {
      const long = `${before}${text}${text.endsWith("\n") ? "" : "\n"}`;
      const theirs = grammar.parse(long);
      if (theirs.isBroken(0)) continue;
      assert.deepEqual(read.parse(long).arrays, theirs.arrays, JSON.stringify(text));
    }
  });

  it("leaves sound trees of real files, whatever is damaged", async function () {
    const readPast = makeReadPast(DEEPEST);
    const engine = await analyzer();
    const chance = random(14);
    const texts = standardLibrary(this)
      .filter((_, index) => index % 40 === 0)
      .flatMap((it) => readText(it) ?? [])
      .filter((it) => it.length < 60_000 && it.length > 2_000);
    let marked = 0;
    for (let round = 0; round < 300; round++) {
      const text = mutant(chance, texts);
      const past = readPast(text);
      if (!past) continue;
      const tree = new Tree(text, past.arrays);
      assertSound(tree);
      assert.equal(tree.isBroken(0), past.damage !== undefined);
      if (!past.damage) continue;
      marked++;
      if (round % 10 !== 0) continue;
      // In one piece, as the body of a function.
      const whole = `def whole():\n${text.replace(/^/gm, "    ")}\n`;
      const report = engine.report(engine.open(whole, allOn(), "m.py"));
      assert.deepEqual(report.failures, []);
    }
    assert.ok(marked > 50, `only ${marked} were damaged`);
  });

  it("costs what the text is long", () => {
    const readPast = makeReadPast(DEEPEST);
    const everywhere = (n: number) => [
      `x = [\n${'    "a,\n'.repeat(n)}]\n`,
      `x = {\n${'    "a": [\n        1 2,\n    ],\n'.repeat(n)}}\n`,
      `def f():\n${"    x = = 1\n".repeat(n)}`,
      `def f():\n${"    if x y:\n        z\n    else:\n        w w\n".repeat(n)}`,
      `x = ${"[".repeat(90)}\n${"    1 2,\n".repeat(n)}`,
      `def f():\n${'    x = """\n'.repeat(n)}`,
      `f(\n${"    a=(\n".repeat(n)}`,
      `def f():\n${"    (\n".repeat(n)}`,
      `def f():\n${"  match x:\n    case (:\n".repeat(n)}`,
    ];
    const cpu = (text: string) => {
      const start = process.cpuUsage();
      readPast(text);
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    const long = everywhere(40_000);
    everywhere(10_000).forEach((short, index) => {
      readPast(short);
      const [one, four] = [cpu(short), cpu(long[index]!)];
      assert.ok(four < 12 * one + 100_000, `${one} µs, four times as long ${four} µs: ${short.slice(0, 40)}`);
    });
  });
});
