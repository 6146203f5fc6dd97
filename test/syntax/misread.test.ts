/** What the grammar reads and Python does not is told, and CPython agrees that it is none. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it, type Context } from "mocha";
import { firstMisread } from "../../analysis/syntax/misread.js";
import { createParser, type Parser } from "../../analysis/syntax/parser.js";
import { runPython } from "../harness/python.js";
import { random } from "../harness/random.js";
import { readText, standardLibrary } from "./python-files.js";

const FILES = 60;
const MUTANTS = 600;

const PYTHON_2 = [
  'print "done"',
  "print total, rest",
  'print "%d" % 3',
  "print not done",
  "print 1",
  'exec "x = 1"',
  "exec code in {}",
  "if a <> b: pass",
  "x = `a`",
  'raise ValueError, "no"',
];

const INDENTATION = [
  "def f():\n    return 1\n   x = 2\n",
  "x = 1\n    y = 2\n",
  "if a:\n    x = 1\n      # deeper\n      y = 2\n",
  "if a:\n    x = 1\n  else:\n    x = 2\n",
  "try:\n    x = 1\n  except OSError:\n    x = 2\n",
  "if a:\n\tx = 1\n        y = 2\n",
];

/** What looks like one of these and is none. */
const PYTHON_3 = [
  "print >>f, x",
  "print (a), b",
  "print -1",
  "print [1]",
  "print",
  "print in x",
  "exec (code) in y",
  "raise ValueError('a, b')",
  "x = '`a`'",
  "if a: x = 1; y = 2",
  "if a: \\\n    x = 1",
  "if a:\n    x = 1 ; \\\n  y = 2\n",
  "if a:\n    x = 1\n  # left\n    y = 2\n",
  "if a:\n \t x = 1\n \t y = 2\n",
  "if a:\n    x = '''\n'''\n    y = 2\n",
  "if a:\n    f(\n  b)\n    y = 2\n",
  "\f\nx = 1\n\fy = 2\n",
  "if a:\n    x = 1\nelif b: y = 1\nelse:\n  z = 1\n",
  "match a:\n    case 1: pass\n    case 2:\n        pass\n",
];

const WHICH_FAIL = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
def fails(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return True
    return False
print(json.dumps([fails(text) for text in json.load(sys.stdin)]))
`;

function fail(test: Context, texts: readonly string[]): readonly boolean[] {
  return JSON.parse(runPython(test, ["-c", WHICH_FAIL], JSON.stringify(texts)).stdout) as boolean[];
}

let made: Promise<Parser> | undefined;

function parser(): Promise<Parser> {
  const bytes = (path: string) => readFileSync(`node_modules/${path}`);
  return (made ??= createParser(
    bytes("web-tree-sitter/web-tree-sitter.wasm"),
    bytes("tree-sitter-python/tree-sitter-python.wasm"),
  ));
}

async function whyOf(text: string): Promise<string | undefined> {
  return firstMisread((await parser()).parse(text), false)?.why;
}

describe("what is read and is no Python", () => {
  it("is told where Python 2 is written, and where a line is indented like none before", async function () {
    for (const text of PYTHON_2) assert.equal(await whyOf(text), "python2", text);
    for (const text of INDENTATION) assert.equal(await whyOf(text), "indentation", text);
    for (const text of PYTHON_3) assert.equal(await whyOf(text), undefined, text);
    const texts = [...PYTHON_2, ...INDENTATION, ...PYTHON_3];
    const failing = fail(this, texts);
    assert.deepEqual(
      texts.filter((_, index) => failing[index]),
      [...PYTHON_2, ...INDENTATION],
    );
  });

  it("is never told of what CPython takes: its own library, and the same with lines moved", async function () {
    const numbers = random(15);
    const paths = standardLibrary(this);
    const told: string[] = [];
    for (let count = 0; count < FILES; count++) {
      const text = readText(numbers.pick(paths));
      if (text === undefined || text.length > 40_000) continue;
      if ((await whyOf(text)) !== undefined) told.push(text);
      const lines = text.split("\n");
      for (let times = 0; times < MUTANTS / FILES; times++) {
        const at = numbers.below(lines.length);
        const line = lines[at]!;
        const moved = numbers.pick([` ${line}`, `\t${line}`, line.slice(1), line.slice(4), `    ${line}`]);
        const mutant = lines.with(at, /^\S/.test(line) && moved.length < line.length ? line : moved).join("\n");
        if ((await whyOf(mutant)) !== undefined) told.push(mutant);
      }
    }
    const failing = fail(this, told);
    assert.ok(told.length > 50);
    assert.equal(
      told.find((_, index) => !failing[index]),
      undefined,
    );
  });
});
