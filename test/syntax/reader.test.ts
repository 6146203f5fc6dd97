/** Holds our own reader to its promise: the tree of tree-sitter, node for node, or none at all. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it, type Context } from "mocha";
import { createGrammarParser, type Parser } from "../../analysis/syntax/parser.js";
import { makeReadTree } from "../../analysis/syntax/reader/read.js";
import { DEEPEST } from "../../analysis/syntax/tree.js";
import { split } from "../../analysis/syntax/splitter.js";
import { Tree, type Node } from "../../analysis/syntax/tree.js";
import { runPython } from "../harness/python.js";
import { random, type Random } from "../harness/random.js";
import { furtherFiles, readText, standardLibrary, wholeCorpus } from "./python-files.js";
import { LEFT, NEWER, READ, STARRED_OPERANDS, STARRED_PLACES, withoutFalseAliases } from "./reader-cases.js";

const SAMPLE = 80;
const MUTANTS = 3000;
/** How many of the pieces without errors may be left to tree-sitter. */
const LEFT_AT_MOST = 0.01;

const readTree = makeReadTree(DEEPEST);
let made: Promise<Parser> | undefined;

function grammar(): Promise<Parser> {
  const bytes = (path: string) => readFileSync(`node_modules/${path}`);
  return (made ??= createGrammarParser(
    bytes("web-tree-sitter/web-tree-sitter.wasm"),
    bytes("tree-sitter-python/tree-sitter-python.wasm"),
  ));
}

/** What is wrong with the reader's tree of a text; undefined if nothing is. */
function difference(parser: Parser, text: string): string | undefined {
  const ours = readTree(text);
  if (!ours) return undefined;
  const theirs = parser.parse(withoutFalseAliases(text));
  if (theirs.isBroken(0)) return `read, though it has errors: ${JSON.stringify(text)}`;
  for (const name of Object.keys(theirs.arrays) as (keyof Tree["arrays"])[]) {
    const [mine, other] = [ours[name], theirs.arrays[name]];
    const at = other.findIndex((it, id) => it !== mine[id]);
    if (at < 0 && mine.length === other.length) continue;
    return `${name} of node ${at} (${theirs.node(Math.max(at, 0)).kind}) differ in ${JSON.stringify(text)}`;
  }
  return undefined;
}

/** Read by our reader though the grammar finds errors: then it must be Python. */
function isBeyond(parser: Parser, text: string): boolean {
  return readTree(text) !== undefined && parser.parse(withoutFalseAliases(text)).isBroken(0);
}

const WHICH_FAIL = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
def fails(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return True
    return False
print(json.dumps([text for text in json.load(sys.stdin) if fails(text)]))
`;

/** Those of the texts that CPython does not take. */
function notPython(test: Context, texts: readonly string[]): readonly string[] {
  return JSON.parse(runPython(test, ["-c", WHICH_FAIL], JSON.stringify(texts)).stdout) as string[];
}

function namedKinds(node: Node): string[] {
  return [node.kind, ...node.children.flatMap(namedKinds)];
}

function piecesOf(path: string): string[] {
  // A lone carriage return never reaches the reader: see parser.ts.
  const text = readText(path)?.replace(/\r(?!\n)/g, "\n");
  return text === undefined ? [] : split(text).map((it) => text.slice(it.start, it.end));
}

function sample(paths: readonly string[], size: number, { below }: Random): string[] {
  const rest = [...paths];
  const chosen: string[] = [];
  while (chosen.length < size && rest.length > 0) chosen.push(...rest.splice(below(rest.length), 1));
  return chosen;
}

describe("reader", () => {
  it("gives the trees of the standard library, and leaves few of them out", async function () {
    if (wholeCorpus) this.timeout(0);
    const library = standardLibrary(this);
    const paths = wholeCorpus ? library.concat(furtherFiles()) : sample(library, SAMPLE, random(1));
    const parser = await grammar();
    const differences: string[] = [];
    let pieces = 0;
    let left = 0;
    for (const path of paths) {
      for (const text of piecesOf(path)) {
        pieces++;
        const found = difference(parser, text);
        if (found !== undefined) differences.push(`${path}: ${found}`);
        if (!readTree(text) && !parser.parse(text).isBroken(0)) left++;
      }
    }
    if (wholeCorpus) console.log({ files: paths.length, pieces, left });
    assert.deepEqual(differences, []);
    assert.ok(
      pieces > paths.length && left <= pieces * LEFT_AT_MOST,
      `${left} of ${pieces} pieces left to tree-sitter`,
    );
  });

  it("gives no other tree for damaged text", async function () {
    const numbers = random(2);
    const pieces = sample(standardLibrary(this), 60, numbers)
      .flatMap(piecesOf)
      .filter((it) => it.length < 1500);
    const parser = await grammar();
    const beyond: string[] = [];
    let read = 0;
    for (let count = 0; count < MUTANTS; count++) {
      const text = mutant(numbers.pick(pieces), numbers);
      if (readTree(text)) read++;
      if (isBeyond(parser, text)) beyond.push(text);
      else assert.equal(difference(parser, text), undefined);
    }
    assert.deepEqual(notPython(this, beyond), []);
    assert.ok(read > MUTANTS / 20, `only ${read} mutants could be read`);
  });

  it("reads the odd corners of the language", async () => {
    const parser = await grammar();
    assert.deepEqual(
      READ.filter((it) => !readTree(it)),
      [],
      "left to tree-sitter",
    );
    assert.deepEqual(
      READ.map((it) => difference(parser, it)).filter((it) => it !== undefined),
      [],
    );
  });

  it("leaves to tree-sitter what that reads in its own way, or not at all", () => {
    assert.deepEqual(
      LEFT.filter((it) => readTree(it)),
      [],
    );
  });

  it("reads what Python takes and the grammar does not", async () => {
    const parser = await grammar();
    const kinds = (text: string) => {
      const arrays = readTree(text);
      return arrays && namedKinds(new Tree(text, arrays).root.children[0]!).join(" ");
    };
    for (const [text, expected] of NEWER) {
      assert.ok(isBeyond(parser, text), `${text}: the grammar knows it by now, or the reader does not`);
      assert.equal(kinds(text), expected, text);
    }
  });

  it("agrees on every star in every place, or is silent, or knows better", async function () {
    const parser = await grammar();
    const texts = STARRED_PLACES.flatMap((place) =>
      STARRED_OPERANDS.map((operand) => `${place.replaceAll("STAR", operand)}\n`),
    );
    const beyond = texts.filter((it) => isBeyond(parser, it));
    assert.ok(beyond.length > 50);
    assert.deepEqual(notPython(this, beyond), []);
    const differences = texts.filter((it) => !beyond.includes(it)).map((it) => difference(parser, it));
    assert.deepEqual(
      differences.filter((it) => it !== undefined),
      [],
    );
  });

  it("agrees on all letters it takes for letters", async () => {
    const parser = await grammar();
    const lines: string[] = [];
    // Of the many Chinese and Korean letters some suffice.
    for (let c = 0x80; c < 0xd800; c += c < 0x3100 ? 1 : 23) {
      for (const name of [String.fromCharCode(c), `a${String.fromCharCode(c)}`])
        if (readTree(`${name} = 1\n`)) lines.push(`${name} = 1\n`);
    }
    assert.ok(lines.length > 4000);
    assert.equal(difference(parser, lines.join("")), undefined);
  });

  it("ends soon on texts that are deep, long or never closed", () => {
    for (const text of [
      "(".repeat(50_000),
      "x = " + "[".repeat(90) + "]".repeat(90),
      "-".repeat(50_000),
      "not ".repeat(50_000),
      "x = ".repeat(50_000),
      "lambda: ".repeat(50_000),
      `x = ${"a + ".repeat(50_000)}a`,
      "f'{".repeat(20_000),
      "if x:\n".repeat(20_000),
      "case {".repeat(20_000),
      `match x:\n case ${"{".repeat(20_000)}`,
      `def f():\n x\n${"# c\n".repeat(20_000)} y\n`,
    ]) {
      readTree(text);
    }
  });
});

const DAMAGE = [
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  ";",
  ".",
  "=",
  "==",
  ":=",
  "->",
  "*",
  "**",
  "@",
  "-",
  "~",
  "|",
  "!",
  "'",
  '"',
  '"""',
  "f'",
  "r'",
  "b'",
  "\\",
  "\\\n",
  "\n",
  "\n    ",
  "\r\n",
  "\t",
  "\f",
  "#",
  "\n# c\n",
  " if ",
  " else ",
  " for ",
  " in ",
  " not ",
  " is ",
  " and ",
  " lambda ",
  "def ",
  "class ",
  "return ",
  "yield ",
  "import ",
  "from ",
  " as ",
  "with ",
  "try:\n",
  "except ",
  "await ",
  "async ",
  "match ",
  "case ",
  "type ",
  "print ",
  "exec ",
  "None",
  "_",
  "x",
  "0",
  "1.5",
  "1j",
  "'a'",
  "f'{x!r:>{y}}'",
  "*x",
  "x.y",
  "x()",
  "x[1:2]",
  "é",
  "\ufeff",
  "\u00a0",
  "\0",
  "$",
  "?",
  "<>",
  "😀",
  "\ud800",
];

/** A text with one to three spots damaged: characters taken out, doubled or put in, neighbouring parts swapped. */
function mutant(text: string, { below, pick }: Random): string {
  let damaged = text;
  for (let spots = 1 + below(3); spots > 0; spots--) {
    const at = below(damaged.length + 1);
    const end = Math.min(damaged.length, at + 1 + below(4));
    const [before, spot, after] = [damaged.slice(0, at), damaged.slice(at, end), damaged.slice(end)];
    damaged = [
      before + after,
      before + spot + spot + after,
      before + pick(DAMAGE) + after,
      before + pick(DAMAGE) + spot + after,
      before + after.slice(0, 3) + spot + after.slice(3),
    ][below(5)]!;
  }
  return damaged;
}
