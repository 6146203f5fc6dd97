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

const REFUSED = [
  "x = 0777",
  "x = 10L",
  "x = 1_",
  "x = 1.5_j",
  "x = 'C:\\Users'",
  "x = '\\xf'",
  "x = b'\\x4'",
  "x = '\\N{GREEK'",
  "x = f'{a}\\u12'",
  "x = b'é'",
  "x = ur'a'",
  "f(a=1, 2)",
  "f(**a, 2)",
  "f(**a, *b)",
  "f(a=1, a=2)",
  "f(x for x in y, 1)",
  "class A(metaclass=B, C): pass",
  "x = [a for a in 1, 2]",
  "def f(a=1, b): pass",
  "def f(a, a): pass",
  "def f(*): pass",
  "def f(*, **a): pass",
  "def f(*a, *b): pass",
  "def f(**a, b): pass",
  "def f(/, a): pass",
  "def f(*a, /): pass",
  "def f((a, b)): pass",
  "x = lambda a=1, b: a",
  "return 1",
  "class A:\n    return 1\n",
  "if a:\n    yield 1\n",
  "nonlocal a",
  "await a",
  "def f():\n    await a\n",
  "def f():\n    async with a: pass\n",
  "async for a in b: pass",
  "break",
  "for a in b:\n    pass\nelse:\n    continue\n",
  "while a:\n    def f():\n        break\n",
  "def f():\n    from a import *\n",
  "try: pass\nexcept: pass\nexcept A: pass\n",
  "try: pass\nexcept A: pass\nexcept* B: pass\n",
  "match a:\n    case _: pass\n    case 1: pass\n",
  "match a:\n    case b: pass\n    case 1: pass\n",
  "class A:",
  "class A:\n    # later\n\nb = 1\n",
  "class A(B):\npass\n",
  "a.cuda(async=True)",
  "def f(async=False): pass",
  "await = 1",
  "a.await",
  "async def f():\n    yield from a\n",
  "async def f():\n    if a:\n        return 1\n    yield a\n",
  "a, b += 1",
  "a := 1",
  "a = b := 1",
  "x = [a for a in (b := c)]",
  "x = [a for a in (lambda: (b := c))()]",
  "x = [a := 1 for a, b in c]",
  "x = [[a := 1 for b in c] for a in d]",
  "x = {a async for a in b}",
  "def f():\n    return [a async for a in b]\n",
  "del f()",
  "del a, (b, f())",
  "del 1",
  "with a as f(): pass",
  "try: pass\nexcept A as b.c: pass\n",
  "x: *a = 1",
  "x, y: int",
  "x = y: int = 1",
  "x: int = y = 1",
  "*a",
  "x = *a",
  "x[:*a]",
  "x = b'a' 'b'",
  "from a import b,",
  "def f(a):\n    global a\n",
  "def f():\n    a = 1\n    global a\n",
  "def f():\n    if a: pass\n    global b, a\n",
];

const ALLOWED = [
  "x = 0, 00, 0_0, 0x_f, 0O7, 1_000, 1., .5, 1e5, 0777.5, 09e1, 1j, 010j, 0XFF, 1E-5J",
  "x = 1if a else 2",
  "x = '\\u00e9\\U0001F600\\x41\\N{BULLET}\\\\Users\\d\\777'",
  "x = r'C:\\Users' + 'C:\\\\Users'",
  "x = b'\\u12\\N\\xff' + br'\\x'",
  "x = f'{a}\\N{BULLET}{b!r:>{c}}' rf'\\U{a}'",
  "x = 'a\\\nb'",
  "x = BR'a' + Rb'b' + U'c' + F'd'",
  "f(a=1, *b, **c)",
  "f(*a, b, c=1, **d, e=2)",
  "f((x for x in y), 1)",
  "f(x for x in y)",
  "f(a := 1, b)",
  "f(a=1, # one\n)",
  "class A(B, *C, metaclass=D, **E): pass",
  "def f(a, /, b=1, *c, d, e=2, **g): pass",
  "def f(a=1, *, b, c=2): pass",
  "def f(a: int = 1, *b: str, c: int, **d: str) -> int: pass",
  "def f(*, a): pass",
  "x = lambda *a, b=1, **c: lambda a, /: a",
  "x = [a for a in (1, 2)], {a: b for a, b in c if a if b}",
  "def f():\n    return\n    yield\n",
  "class A:\n    def f(self):\n        return 1\n",
  "x = lambda: (yield)",
  "def f():\n    a = 1\n    class B:\n        nonlocal a\n",
  "def f():\n    return (a async for a in b)\n",
  "async def f():\n    async with a as b, c: await d\n    return [await e async for e in g]\n",
  "for a in b:\n    if c: break\n    try: continue\n    finally: pass\nelse:\n    pass\n",
  "while a:\n    for b in c:\n        pass\n    else:\n        break\n",
  "from a import *",
  "if a:\n    from b import *\n",
  "try: pass\nexcept A: pass\nexcept (B, C) as d: pass\nexcept: pass\n",
  "try: pass\nexcept* A: pass\nexcept* B: pass\n",
  "match a:\n    case b if c: pass\n    case None: pass\n    case d.e: pass\n    case g,: pass\n    case _: pass\n",
  "class A: ...",
  "class A:\n    # one\n    b: int\n",
  "class A:\n    class B:\n        pass\n",
  "asyn = awaits = a.asyncio = 1",
  "async def f():\n    yield 1\n    def g():\n        return 1\n    return\n",
  "async def f():\n    def g():\n        yield from a\n    return [(lambda: (yield)) for a in b]\n",
  "a.b += 1; c[0] += 1; (d) += 1",
  "x = (a := 1), (b := 2)",
  "(a := 1)",
  "f(a := 1)\nwhile a := f(): pass\nx = y[a := 1]",
  "x = [b := a for a in c if (d := a)]",
  "x = [lambda: (a := 1) for a in c]",
  "x = (a async for a in b)",
  "async def f():\n    return [a async for a in b], {a: a async for a in b}, [[a async for a in b] for c in d]\n",
  "del a, b.c, d[0], (e, [f.g]), (h)",
  "del (a), b,",
  "with a as b, c as d.e, f as g[0], h as (i, j): pass",
  "with (a as b, c as (d, *e)): pass",
  "match a:\n    case b as c: pass\n",
  "x: int = 1; y: list[int]; z.a: int; (b): int = *c, d",
  "def f(*a: *b): pass",
  "*a, b = c\n*a,",
  "x = *a, b\nfor c in *a, b: pass\nx = [*a], {*a}, f(*a)",
  "x = b'a' B'c' Rb'd'; y = 'a' f'b' U'c' r'b'",
  "from a import (b,)\nfrom a import b, c",
  "def f():\n    global a\n    a = 1\n    global b\n",
  "def f():\n    x.a = f(a=1)\n    import a.b as c\n    y = lambda a: a\n    global a\n",
  "def f(a):\n    def g():\n        global a\n",
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
import json, sys, warnings
warnings.simplefilter("ignore")
def fails(text):
    try:
        compile(text, "a", "exec", dont_inherit=True)
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
  it("is told where Python 2 is written, a line is indented like none before, or Python refuses what it reads", async function () {
    for (const text of PYTHON_2) assert.equal(await whyOf(text), "python2", text);
    for (const text of INDENTATION) assert.equal(await whyOf(text), "indentation", text);
    for (const text of REFUSED) assert.equal(await whyOf(text), "refused", text);
    for (const text of [...PYTHON_3, ...ALLOWED]) assert.equal(await whyOf(text), undefined, text);
    const texts = [...PYTHON_2, ...INDENTATION, ...REFUSED, ...PYTHON_3, ...ALLOWED];
    const failing = fail(this, texts);
    assert.deepEqual(
      texts.filter((_, index) => failing[index]),
      [...PYTHON_2, ...INDENTATION, ...REFUSED],
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
