/** Compares the splitter with CPython: where the statements of its standard library start and end. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { LONGEST_WHOLE_CLASS, split, type Slice } from "../../analysis/syntax/splitter.js";
import { furtherFiles, readText, standardLibrary, wholeCorpus } from "./python-files.js";
import { assertTiles } from "./tiling.js";

describe("split and CPython", () => {
  it("agree on the statements of the standard library", function () {
    if (wholeCorpus) this.timeout(0);
    const library = standardLibrary(this);
    const paths = wholeCorpus ? library.concat(furtherFiles()) : library;
    const modules = readStatements(paths);
    let compared = 0;
    paths.forEach((path, index) => {
      const text = readText(path);
      if (text === undefined) return;
      const slices = split(text);
      assertTiles(slices, text.length);
      const statements = modules[index];
      if (!statements) return;
      compared++;
      assert.ok(!slices.some((slice) => slice.contained), `${path} has a contained slice`);
      checkStatements(path, text, slices, statements);
    });
    assert.ok(compared > paths.length / 2, `only ${compared} of ${paths.length} files could be compared`);
  });
});

/** Kind, first line with decorators, last line, and of a class at column 0 its body. */
type Statement = readonly ["function" | "class" | "docstring" | "other", number, number, readonly Statement[]];

const READ_STATEMENTS = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")

def kind(node, first):
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)): return "function"
    if isinstance(node, ast.ClassDef): return "class"
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    return "docstring" if first and text else "other"

def read(body, depth):
    return [
        [kind(node, not i), min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])]), node.end_lineno,
         read(node.body, depth + 1) if depth == 0 and isinstance(node, ast.ClassDef) else []]
        for i, node in enumerate(body)
    ]

def module(path):
    try:
        with open(path, "rb") as file: return read(ast.parse(file.read()).body, 0)
    except (SyntaxError, ValueError, RecursionError): return None

print(json.dumps([module(path) for path in json.load(sys.stdin)]))
`;

/** The statements of modules, by one run of python3 that parses but runs none of them. */
function readStatements(paths: readonly string[]): (Statement[] | null)[] {
  const json = execFileSync("python3", ["-c", READ_STATEMENTS], {
    input: JSON.stringify(paths),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  return JSON.parse(json) as (Statement[] | null)[];
}

/** No statement is cut, each is in a slice of its kind, and a function or class is alone in its slice. */
function checkStatements(path: string, text: string, slices: readonly Slice[], statements: readonly Statement[]): void {
  const lines = lineStarts(text);
  const sliceOf = ([, line]: Statement) => slices.find((slice) => lines[line - 1]! < slice.end) ?? slices.at(-1)!;
  const checkAll = (siblings: readonly Statement[], roleOf: (statement: Statement, slice: Slice) => Slice["role"]) => {
    const places = siblings.map(sliceOf);
    siblings.forEach((statement, index) => {
      const [kind, firstLine, lastLine] = statement;
      const slice = places[index]!;
      const role = roleOf(statement, slice);
      assert.equal(slice.role, role, `${path}:${firstLine}`);
      if (role === "class-head" && kind === "class") return;
      assert.ok(slice.end >= (lines[lastLine] ?? text.length), `${path}:${firstLine} is cut`);
      const alone = places[index - 1] !== slice && places[index + 1] !== slice;
      assert.ok(alone || (kind !== "function" && kind !== "class"), `${path}:${firstLine} is not alone`);
    });
  };
  checkAll(statements, ([kind, firstLine, lastLine, body], slice) => {
    if (kind !== "class") return kind === "function" ? "function" : "statements";
    const whole = slice.role === "class";
    const hasMembers = body.some((member) => member[0] !== "docstring") && firstLine < lastLine;
    assert.ok(!whole || !hasMembers || slice.end - slice.start <= LONGEST_WHOLE_CLASS, `${path}:${firstLine} is long`);
    if (!whole) checkAll(body, (member) => (member[0] === "docstring" ? "class-head" : "member"));
    return whole ? "class" : "class-head";
  });
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}
