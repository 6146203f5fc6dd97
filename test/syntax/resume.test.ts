/** A long text is read again after an edit as if it were read for the first time, though most of its tree is taken over from the one before. */

import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Parser } from "../../analysis/analyzer.js";
import { makeReadPast } from "../../analysis/syntax/reader/read.js";
import { DEEPEST, Tree } from "../../analysis/syntax/tree.js";
import { parser } from "../harness/check.js";
import { random, type Random } from "../harness/random.js";
import { LEFT } from "./reader-cases.js";
import { assertSound } from "./soundness.js";

/** A little longer than what is left to the grammar. */
const LENGTH = 24_000;

function repeated(line: (index: number) => string, length = LENGTH): string {
  let text = "";
  for (let index = 0; text.length < length; index++) text += line(index);
  return text;
}

const STATEMENTS = (i: number) =>
  `    a${i} = x + ${i}  # a comment\n    if a${i} > 3 and not b[${i}:]:\n        rows.append(a${i}); call(a${i})\n\n        # another\n    else:\n        print(f"{a${i}!r:>{width}} {{", 'é 𝒳', *rows)\n    for i, (j, *k) in enumerate(rows):\n        yield [j\n               for j in k]\n    x = a${i} \\\n        * 2\n`;
const DEFINITIONS = (i: number) =>
  `    @decorator(${i})\n    async def inner_${i}(self, a: int = 1, /, *b, **c) -> dict[str, int]:\n        """Text of\n        several lines.\n        """\n        with (open(a) as f, open(b) as g):\n            type X = int\n            match (a, b):\n                case [1, *rest] if rest:\n                    pass\n                case _: return\n        lambda q: q\n    class Inner${i}(Base, metaclass=M): x: int = ${i}\n    print(*a, sep=r"\\d")\n`;

const SHAPES: readonly (readonly [name: string, text: string])[] = [
  ["a dictionary", `TABLE = {\n${repeated((i) => `    "key ${i}": ["value", ${i}, None],\n`)}}\n`],
  [
    "a nested dictionary",
    `TABLE = {\n${repeated((i) => `    "key ${i}": [\n${repeated((j) => `        {"a": ${j}, "b": (1.5, -2j)},  # comment\n`, 500)}    ],\n`)}}\n`,
  ],
  [
    "a dictionary in a call in a function",
    `def f():\n    g(\n        a, **{\n${repeated((i) => `            k${i}: f"{v}" 'w',\n`)}        }, key=1)\n    return 1\n`,
  ],
  ["a list", `NAMES = [\n${repeated((i) => `    "name ${i}",\n    *more,\n`)}]\n`],
  ["a list on long lines", `NAMES = [${repeated((i) => `${i}, 'a', x.y(${i}),${i % 20 === 0 ? "\n" : " "}`)}]\n`],
  ["targets", `[\n${repeated((i) => `    name_${i}, (a, b.c), d[${i}],\n`)}] = values\n`],
  ["a set", `SET = {\n${repeated((i) => `\t${i}, -${i} if x else y,\n`)}}\n`],
  ["a tuple", `call(*(\n${repeated((i) => `    (${i}, lambda: ${i}),\n`)}))\n`],
  ["a call", `TABLE = build(\n${repeated((i) => `    row_${i}=Row("value", ${i}),\n`)})\n`],
  ["a call that begins softly", `print(\n${repeated((i) => `    *a_${i}, b,\n`)})\n`],
  ["a function", `def f(x, rows, b):\n${repeated(STATEMENTS)}    return x\n`],
  ["a function of definitions", `def f(x):\n${repeated(DEFINITIONS)}    return x\n`],
  [
    "blocks in blocks",
    `def f(x):\n  if x:\n    while y:\n${repeated((i) => `      z${i} = 1\n      try: z()\n      except E as e: pass\n`)}    else:\n      w()\n  return x\n`,
  ],
  ["statements of a module", repeated((i) => `x${i} = (${i},\n  'y')\nfoo(); bar()\n`)],
];
const VARIANTS: readonly (readonly [name: string, vary: (text: string) => string])[] = [
  ["", (text) => text],
  [" with carriage returns", (text) => text.replaceAll("\n", "\r\n")],
  [" with carriage returns alone", (text) => text.replaceAll("\n", "\r")],
  [" with tabs", (text) => text.replaceAll("    ", "\t")],
];

// biome-ignore format: one a line would be a page
const SCRAPS = [
  "1", "x", " ", ",", ", ", ", y", "\n", "\r", "\r\n", "\n    ", "\n        ", "    ", "\t", "(", ")", "[", "]", "{", "}", '"', "'", '"""', "'''", 'f"', 'f"{', "}\"",
  "#", "# x\n", "\\", "\\\n", "\\\r\n", ":", "=", " = y", "*", "**", "-", ".", "...", "@", ";", "; ", "𝒳", "é", "\ufeff", "\f", "$", "?", "!", "1_0", "e5", "0x",
  "if x:\n", "else:\n", "    else:\n", "def g():\n", "    def g():\n", "class A:\n", "match x:\n", "    match x:\n        case 1:\n            pass\n", "    type Y = int\n",
  "    print >>x\n", "return", "lambda: ", "for a in b", " if x", "await ", "async ", "not ", "x = [\n", "]\n", "x = a, b\n", "    (c) = d\n", "    [c] = d\n", "import a\n",
];

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function editOf(text: string, { below, pick }: Random): Edit {
  const at = below(text.length + 1);
  const lineStart = Math.max(text.lastIndexOf("\n", at - 1), text.lastIndexOf("\r", at - 1)) + 1;
  const rest = text.slice(lineStart);
  const line = /^[^\n\r]*(\r\n|\n|\r|$)/.exec(rest)![0];
  const indentation = /^[ \t]*/.exec(line)![0];
  const bracket = text.slice(at).search(/[()[\]{}"'#,:\\]/);
  return pick<() => Edit>([
    () => ({ start: at, end: at, text: pick(SCRAPS) }),
    () => ({ start: at, end: at, text: pick(SCRAPS) }),
    () => ({ start: lineStart, end: lineStart, text: pick(SCRAPS) }),
    () => ({ start: lineStart + indentation.length, end: lineStart + indentation.length, text: pick(SCRAPS) }),
    () => ({
      start: at,
      end: Math.min(text.length, at + pick([1, 1, 2, 5, 30, 300, 5000])),
      text: pick(["", "", pick(SCRAPS)]),
    }),
    () =>
      bracket < 0
        ? { start: 0, end: 0, text: "x" }
        : { start: at + bracket, end: at + bracket + 1, text: pick(["", pick(SCRAPS)]) },
    () => ({ start: lineStart, end: lineStart + line.length, text: "" }),
    () => ({ start: lineStart, end: lineStart, text: line }),
    () => ({
      start: lineStart,
      end: lineStart + indentation.length,
      text: pick(["", `${indentation} `, indentation.slice(1), `${indentation}    `, "\t"]),
    }),
    () => ({ start: lineStart, end: lineStart, text: `${indentation}${pick(LEFT).slice(0, 200)}\n` }),
    () => ({
      start: pick([0, text.length, text.indexOf("\n") + 1]),
      end: pick([text.length, text.length]),
      text: pick(SCRAPS),
    }),
    () => ({ start: 0, end: 0, text: pick(SCRAPS) }),
  ])();
}

const applied = (text: string, { start, end, text: inserted }: Edit) =>
  text.slice(0, start) + inserted + text.slice(end);

describe("a long text after an edit", () => {
  let parse: Parser;
  before(async () => {
    parse = await parser();
  });

  const assertSame = (tree: Tree, text: string, edits: readonly Edit[]) => {
    const wanted = parse.parse(text).arrays;
    for (const name of ["kinds", "fields", "flags", "starts", "ends", "parents", "nexts"] as const)
      assert.ok(
        Buffer.from(tree.arrays[name].slice().buffer).equals(Buffer.from(wanted[name].slice().buffer)),
        `${name} differ after ${JSON.stringify(edits.slice(-3))}`,
      );
  };

  for (const [index, [shape, plain]] of SHAPES.entries()) {
    for (const [number, [variant, vary]] of VARIANTS.entries()) {
      it(`is read as it is for the first time: ${shape}${variant}`, () => {
        const chance = random(100 * index + number + 1);
        let text = vary(plain);
        let tree = parse.parse(text);
        const edits: Edit[] = [];
        const edited = (edit: Edit) => {
          const { start, end: oldEnd } = edit;
          text = applied(text, edit);
          edits.push(edit);
          tree = parse.parse(text, { tree, start, oldEnd, newEnd: start + edit.text.length });
          assertSame(tree, text, edits);
        };
        for (let round = 0; round < 60; round++) {
          const edit = editOf(text, chance);
          const undone = {
            start: edit.start,
            end: edit.start + edit.text.length,
            text: text.slice(edit.start, edit.end),
          };
          edited(edit);
          if (edit.end - edit.start > 1000 || chance.below(3) > 0) edited(undone);
        }
        assertSound(tree);
      });
    }
  }

  it("is read in another way where an edit far away says so", () => {
    const cases: readonly (readonly [text: string, edit: (text: string) => Edit])[] = [
      // In a list a star before more than a name is not understood behind `print`, nor between the parentheses of a `with`.
      ...["prin", "typ", "matc"].flatMap((word): readonly (readonly [string, (text: string) => Edit])[] => {
        const items = `(\n  b, [\n    x, y,\n${repeated((i) => `    *a.b${i},\n`)}    z,\n])\n`;
        const [at, letter] = [word.length, { prin: "t", typ: "e", matc: "h" }[word]!];
        return [
          [`${word}${items}`, () => ({ start: at, end: at, text: letter })],
          [`${word}${letter}${items}`, () => ({ start: at, end: at + 1, text: "" })],
        ];
      }),
      [
        `def f():\n  with d(a, [\n    x, y,\n${repeated((i) => `    *a.b${i},\n`)}    z,\n  ]): pass\n`,
        () => ({ start: 16, end: 17, text: "" }),
      ],
      [
        `def f():\n  with (a, [\n    x, y,\n${repeated((i) => `    *a.b${i},\n`)}    z,\n  ]): pass\n`,
        () => ({ start: 16, end: 16, text: "d" }),
      ],
      // A list becomes a target, or has a value again.
      [
        `[\n${repeated((i) => `    a${i}, (b, c),\n`)}]\n`,
        (it) => ({ start: it.length - 1, end: it.length - 1, text: " = x" }),
      ],
      [
        `[\n${repeated((i) => `    a${i}, (b, c),\n`)}] = x\n`,
        (it) => ({ start: it.length - 5, end: it.length - 1, text: "" }),
      ],
      [
        `for x in [\n${repeated((i) => `    [a, *b${i}],\n`)}]: pass\n`,
        (it) => ({ start: it.length - 7, end: it.length - 7, text: ", [y]" }),
      ],
      [
        `x = [\n${repeated((i) => `    [a, *b${i}],\n`)}]\n`,
        (it) => ({ start: it.length - 1, end: it.length - 1, text: ", y" }),
      ],
      // A set becomes a dictionary, a block one of another column, statements those of a string.
      [`{\n  1, 2,\n${repeated((i) => `    a${i},\n`)}}\n`, () => ({ start: 4, end: 6, text: ": 3, " })],
      [`def f():\n    x = [\n${repeated((i) => `     a${i},\n`)}    ]\n`, () => ({ start: 13, end: 13, text: "  " })],
      [`def f():\n    x = 1\n${repeated((i) => `    a${i} = 1\n`)}`, () => ({ start: 9, end: 11, text: "" })],
      [`def f():\n    x = 1\n${repeated((i) => `    a${i} = """b"""\n`)}`, () => ({ start: 17, end: 18, text: '"""' })],
    ];
    for (const [text, editIn] of cases) {
      const edit = editIn(text);
      const now = applied(text, edit);
      const { start, end: oldEnd } = edit;
      const tree = parse.parse(text);
      assertSame(parse.parse(now, { tree, start, oldEnd, newEnd: start + edit.text.length }), now, [edit]);
    }
  });

  it("is taken over behind a damaged statement that begins softly", () => {
    const text = `def f(x):\n    print(x y)\n${repeated((i) => `    a${i} = call(\n${repeated((j) => `        *b${j},\n`, 300)}    )\n`)}`;
    const middle = text.indexOf(" = ", text.length >> 1);
    assert.ok(takenOver(text, { start: middle, end: middle, text: "1" }) > 0.85);
  });

  /** The share of nodes that come out of the tree before: those are marked there by a field that no node has. */
  const takenOver = (text: string, edit: Edit) => {
    const read = makeReadPast(DEEPEST);
    const { arrays, reading } = read(text)!;
    const { start, end: oldEnd } = edit;
    const marked = { ...arrays, fields: arrays.fields.slice().fill(255) };
    const after = read(applied(text, edit), {
      arrays: marked,
      reading,
      start,
      oldEnd,
      newEnd: start + edit.text.length,
    })!;
    return after.arrays.fields.filter((it) => it === 255).length / after.arrays.fields.length;
  };

  // Of several items on a line a damaged one damages all of the list.
  for (const [shape, text] of SHAPES.filter(([name]) => !/softly|targets|long lines|a set/.test(name))) {
    it(`is taken over but for a few items: ${shape}`, () => {
      const middle = text.indexOf("\n", text.length >> 1) - 3;
      for (const inserted of ["1", "x", '"', "("]) {
        const share = takenOver(text, { start: middle, end: middle, text: inserted });
        assert.ok(share > 0.85, `${share} with ${inserted}`);
      }
    });
  }

  it("is taken over again and again, damaged or not", () => {
    const [, text] = SHAPES[0]!;
    const read = makeReadPast(DEEPEST);
    let now = text;
    let { arrays, reading } = read(now)!;
    const at = text.indexOf('"value"', text.length >> 1);
    for (let round = 0; round < 20; round++) {
      const edit = round % 2 === 0 ? { start: at, end: at + 1, text: "" } : { start: at, end: at, text: '"' };
      now = applied(now, edit);
      const marked = { ...arrays, fields: arrays.fields.slice().fill(255) };
      const after = read(now, { arrays: marked, reading, start: at, oldEnd: edit.end, newEnd: at + edit.text.length })!;
      assert.ok(after.arrays.fields.filter((it) => it === 255).length > 0.9 * after.arrays.fields.length, `${round}`);
      ({ arrays, reading } = { ...after, arrays: read(now)!.arrays });
    }
  });
});
