/** Holds `resplit` to its contract: the slices that `split` would give, and as few of them new as the edit allows. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { resplit } from "../../analysis/syntax/resplit.js";
import { split, type Slice } from "../../analysis/syntax/splitter.js";
import { random, type Random } from "../harness/random.js";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function apply(text: string, edit: Edit): string {
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}

/** Checks all that `resplit` promises of one edit. Returns what the edit cost. */
function check(
  text: string,
  previous: readonly Slice[],
  edit: Edit,
): { slices: Slice[]; removed: number; added: number } {
  const edited = apply(text, edit);
  const replacement = { start: edit.start, oldEnd: edit.end, newEnd: edit.start + edit.text.length };
  const { slices, first, removed, added } = resplit(previous, edited, replacement);
  assert.deepEqual(slices, split(edited));
  assert.equal(slices.length, previous.length - removed + added);
  const textOf = (slice: Slice, whole: string) => [slice.role, slice.contained, whole.slice(slice.start, slice.end)];
  for (let index = 0; index < first; index++) {
    assert.deepEqual(textOf(slices[index]!, edited), textOf(previous[index]!, text));
    assert.equal(slices[index]!.start, previous[index]!.start);
  }
  for (let index = first + added; index < slices.length; index++) {
    const old = previous[index - added + removed]!;
    assert.deepEqual(textOf(slices[index]!, edited), textOf(old, text));
    assert.equal(slices[index]!.start, old.start + edited.length - text.length);
  }
  return { slices, removed, added };
}

/** Turns `from` (once in the text) into `to` by the smallest edit and tells how many slices were removed and added. */
function cost(text: string, from: string, to: string): string {
  const found = text.indexOf(from);
  assert.ok(found >= 0 && text.indexOf(from, found + 1) < 0, `${from} is not there once`);
  let tail = 0;
  while (tail < Math.min(from.length, to.length) && from.at(-1 - tail) === to.at(-1 - tail)) tail++;
  let head = 0;
  while (head < Math.min(from.length, to.length) - tail && from[head] === to[head]) head++;
  const edit = { start: found + head, end: found + from.length - tail, text: to.slice(head, to.length - tail) };
  const { removed, added } = check(text, split(text), edit);
  return `-${removed} +${added}`;
}

const method = (name: string) =>
  `    def ${name}(self):\n        """${"Says much. ".repeat(100)}"""\n        return ${name}_\n\n`;

const MODULE = `# start
import os
import re

def first(a):
    return one

# about second
@cache
def second(b):
    return two

total = 0
for x in y:
    total += three

class Long(Base):
    """Docstring"""

    limit = 1
${["alpha", "beta", "gamma", "delta"].map(method).join("")}    # about last
    @property
    def last(self): return 3

class Short:
    def f(self): return 4

def third(c):
    return four
`;

describe("resplit", () => {
  it("takes up only what an edit touches", () => {
    assert.equal(cost(MODULE, "one", "one2"), "-1 +1");
    assert.equal(cost(MODULE, "# start", "# restart"), "-1 +1");
    assert.equal(cost(MODULE, "three", "(three)"), "-1 +1");
    assert.equal(cost(MODULE, "return 4", "return 5"), "-1 +1");
    assert.equal(cost(MODULE, "four", ""), "-1 +1");
    assert.equal(cost(MODULE, "return one\n", "return one\n\n"), "-1 +1");
  });

  it("takes up only the member of a long class that an edit touches", () => {
    assert.equal(cost(MODULE, "gamma_", "gamma__"), "-1 +1");
    assert.equal(cost(MODULE, "Base", "Other"), "-1 +1");
    assert.equal(cost(MODULE, "limit = 1", "limit = 12"), "-1 +1");
    assert.equal(cost(MODULE, "return 3", "return 33"), "-1 +1");
    assert.equal(cost(MODULE, method("beta"), ""), "-1 +0");
    assert.equal(cost(MODULE, "    # about last", "    def new(self): pass\n    # about last"), "-0 +1");
  });

  it("takes up statements that join or part", () => {
    assert.equal(cost(MODULE, "def first", "def zero(): pass\ndef first"), "-0 +1");
    assert.equal(cost(MODULE, "def first(a):\n    return one\n\n", ""), "-1 +0");
    assert.equal(cost(MODULE, "def first", "if first"), "-2 +1");
    assert.equal(cost(MODULE, "total = 0", "def total(): pass"), "-1 +2");
    assert.equal(
      cost(
        MODULE,
        "import re\n\ndef first(a):\n    return one\n\n# about second\n@cache\ndef second(b):\n    return two\n",
        "",
      ),
      "-4 +1",
    );
    assert.equal(cost(MODULE, "def second", "else"), "-2 +1");
    assert.equal(cost(MODULE, "# about second\n", "  # about second\n"), "-2 +2");
    assert.equal(cost(MODULE, "total = 0\nfor", "else: x\nfor"), "-2 +2");
    assert.equal(cost(MODULE, "\nclass Long", "\nif Long"), "-8 +1");
  });

  it("takes up what containment reached", () => {
    const open = MODULE.replace("return one", "return (");
    assert.equal(cost(MODULE, "one", "("), "-2 +2");
    // The open bracket had swallowed the comment and the decorator of the next function.
    assert.equal(cost(open, "return (", "return ()"), "-2 +2");
    assert.equal(cost(open, "four", "fourth"), "-1 +1");
    const unquoted = `def zero():\n    """\n\n${MODULE.replaceAll('"""', "'")}`;
    assert.deepEqual(
      split(unquoted)
        .map((slice) => slice.contained)
        .indexOf(true),
      0,
    );
    assert.equal(cost(unquoted, "four", "fourth"), "-1 +1");
    assert.equal(cost("x = (\ndef f(): pass\n", "def f(): pass\n", ""), "-2 +1");
    assert.equal(cost(unquoted, "four", '"""'), "-14 +1");
  });

  it("takes edits at the ends", () => {
    for (const text of ["", "x = 1\n", MODULE]) {
      for (const inserted of ["", "\n", "x", "def f(): pass\n", "# c\n", '"""', MODULE]) {
        for (const [start, end] of [
          [0, 0],
          [text.length, text.length],
          [0, text.length],
          [0, text.length >> 1],
          [text.length >> 1, text.length],
        ] as const) {
          check(text, split(text), { start, end, text: inserted });
        }
      }
    }
  });

  it("takes the removal of all that stands before a slice", () => {
    const slices = split(MODULE);
    for (const { start } of slices) check(MODULE, slices, { start: 0, end: start, text: "" });
  });

  it("keeps a carriage return and its line feed together", () => {
    const text = "def f(): pass\r\ndef g(): pass\r\nx = 1\r\n".repeat(3);
    for (let at = 0; at <= text.length; at++) {
      for (const inserted of ["\r", "\n", "\r\n", " "])
        check(text, split(text), { start: at, end: at, text: inserted });
      if (at < text.length) check(text, split(text), { start: at, end: at + 1, text: "" });
    }
  });

  for (const seed of [1, 2, 3, 4]) {
    it(`agrees with split after random edits, seed ${seed}`, () => {
      const chance = random(seed);
      let text = randomModule(chance);
      let slices = split(text);
      const undo: Edit[] = [];
      for (let round = 0; round < 750; round++) {
        const edit = chance.below(3) === 0 && undo.length > 0 ? undo.pop()! : randomEdit(chance, text, undo);
        ({ slices } = check(text, slices, edit));
        text = apply(text, edit);
        if (text.length > 2000 && text.length < 60_000) continue;
        undo.length = 0;
        text = randomModule(chance);
        slices = split(text);
      }
    });
  }
});

/** Blocks of lines that matter to the splitter, at column 0. */
const BLOCKS = [
  "import os\nfrom a import (\n    b,\n)\n",
  "x = 1\n",
  "\n\n",
  "# comment\n",
  "  # less\n    # deep\n",
  "def f(a, b=[1, 2]):\n    '''doc'''\n    if a:\n        return {a: b}\n    else:\n        pass\n",
  "@cache\n# between\n@lru(\n  1)\nasync def g(): pass\n",
  "if a:\n    b\n# c\nelif d:\n    e\nelse:\n    f\n",
  "try:\n    a\nexcept E:\n    b\nfinally:\n    c\n",
  "class A(B):\n    x = 1\n    def m(self):\n        return f'{x!r:{y}}'\n\n    # c\n    @p\n    def n(self): pass\n",
  'TEXT = """\ndef no(): pass\n"""\n',
  "long = '''\n" + "line of text ' \" ( \\\n".repeat(150) + "'''\n",
  "f'{a[\"b\"]}' fr'\\{{' rb'\\'' f'''{\n x:\n>4}'''\n",
  "x = 1 + \\\n  2\n",
  "for a in b:\n    c(\n1)\nelse:\n    d\n",
  "name = '\u{1F600}\u6F22'  # \u{1F600}\n",
  "x = [\n1\n",
  "class Empty:\n",
  "@alone\n",
] as const;

const TOKENS = [
  "'",
  '"',
  '"""',
  "'''",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  "#",
  "\\",
  "\n",
  "\r",
  "\r\n",
  "\t",
  "    ",
  "\f",
  ":",
  "@",
  "f'",
  'f"""{',
  "def ",
  "class ",
  "async ",
  "import ",
  "else:",
  "\ndef ",
  "\nclass A:\n",
  "\n    def m(",
  "\u{1F600}",
  "\uD83D",
  "x",
  "\uFEFF",
] as const;

function indented(block: string): string {
  return block.replace(/^(?=.)/gm, "    ");
}

/** A module with a long class and a long run of statements among other things. */
function randomModule(chance: Random): string {
  const some = (count: number) => Array.from({ length: count }, () => chance.pick(BLOCKS.slice(0, -3)));
  const run = `x = call(${"1, ".repeat(300)})\n`.repeat(6);
  const text = [...some(8), "class Long(A):\n    '''doc'''\n", ...some(25).map(indented), run, ...some(10)].join("");
  return chance.below(3) === 0 ? text.replaceAll("\n", "\r\n") : text;
}

function randomEdit(chance: Random, text: string, undo: Edit[]): Edit {
  const edit = anyEdit(chance, text);
  undo.push({ start: edit.start, end: edit.start + edit.text.length, text: text.slice(edit.start, edit.end) });
  return edit;
}

function anyEdit(chance: Random, text: string): Edit {
  const at = chance.below(text.length + 1);
  const line = text.lastIndexOf("\n", at - 1) + 1;
  switch (chance.below(8)) {
    case 0:
      return { start: line, end: line, text: chance.pick(BLOCKS) };
    case 1:
      return { start: line, end: line, text: indented(chance.pick(BLOCKS)) };
    case 2: {
      let end = line;
      for (let lines = chance.below(8); lines >= 0 && end < text.length; lines--)
        end = text.indexOf("\n", end) + 1 || text.length;
      return { start: line, end, text: chance.below(4) === 0 ? chance.pick(BLOCKS) : "" };
    }
    case 3:
      return { start: line, end: line, text: chance.pick(["    ", " ", "#", "\t", "@d\n", "else:\n"]) };
    case 4: {
      const spaces = /^ +/.exec(text.slice(line, line + 20))?.[0].length ?? 0;
      return { start: line, end: line + (chance.below(2) === 0 ? spaces : Math.min(spaces, 4)), text: "" };
    }
    case 5:
      return {
        start: at,
        end: Math.min(text.length, at + 1 + chance.below(20)),
        text: chance.below(2) === 0 ? "" : chance.pick(TOKENS),
      };
    default:
      return { start: at, end: at, text: chance.pick(TOKENS) };
  }
}
