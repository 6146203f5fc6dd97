/** Where the splitter cuts and what it must not cut: case by case, and on real Python as CPython itself reads it. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { LONGEST_WHOLE_CLASS, LONG_RUN, split, type Slice } from "../../analysis/syntax/splitter.js";
import { furtherFiles, readText, standardLibrary, wholeCorpus } from "./python-files.js";

/** Stand for enough text to make a class or a run of statements long. */
const LONG = { CLASS: "x".repeat(3000), RUN: "y".repeat(LONG_RUN) };

/**
 * Checks the cuts of a text that is written as its slices, each below a line `=== role`, or `=== role contained`.
 * Lines end as in `lineEnd`; CLASS and RUN become long words.
 */
function check(written: string, lineEnd = "\n"): void {
  const expected: string[] = [];
  let text = "";
  for (const part of written.replace(/^\n/, "").split(/^ *=== /m).slice(1)) {
    const head = part.slice(0, part.indexOf("\n"));
    const body = part.slice(head.length + 1).replace(/\b(CLASS|RUN)\b/g, (word) => LONG[word as keyof typeof LONG]).replaceAll("\n", lineEnd);
    expected.push(`${head} ${text.length}-${text.length + body.length}`);
    text += body;
  }
  assert.deepEqual(split(text).map(describeSlice), expected);
}

function describeSlice({ role, contained, start, end }: Slice): string {
  return `${role}${contained ? " contained" : ""} ${start}-${end}`;
}

/** Statements that must hang together: a run, then a function, and nothing else is cut. */
function checkWhole(...statements: readonly string[]): void {
  for (const statement of statements) check(`=== statements\n${statement}\nafter = 1\n=== function\ndef f(): pass\n`);
}

function assertTiles(slices: readonly Slice[], length: number): void {
  let at = 0;
  for (const slice of slices) {
    assert.equal(slice.start, at);
    assert.ok(slice.end > at || length === 0, `empty slice at ${at}`);
    at = slice.end;
  }
  assert.equal(at, length);
  let members = 0;
  for (const slice of slices) {
    assert.equal(slice.role === "member", members > 0);
    assert.equal(slice.role === "class-head", slice.members > 0);
    members = slice.role === "member" ? members - 1 : slice.members;
  }
  assert.equal(members, 0);
}

describe("split", () => {
  it("gives one empty slice for an empty text", () => {
    assert.deepEqual(split(""), [{ start: 0, end: 0, role: "statements", members: 0, contained: false }]);
  });

  it("keeps the flow of a script together and sets functions and classes apart", () => check(`
=== statements
# a script
import os

if os.name:
    def inner(): pass
=== function
def f():
    x = 1

    y = 2


=== function
async  def g(): pass
=== class
class A(B): pass
=== statements
default = classes = asynchronous = 1
for line in open(p):
    print(line)
async with a: pass
=== function
def h(): pass
=== statements
# the end
`));

  it("gives a function its decorators and comments", () => check(`
=== statements
x = 1  # of x

=== function
# about f

# more
@cache
# between
@lru(
    1)

def f(): pass
=== class
@dataclass
class A:
    pass
=== statements
@nothing
x = 1
`));

  it("leaves a comment where the grammar leaves it", () => check(`
=== function
def f():
    a
        # deep
    # same
  # less
=== function
# none
    # deep again
def g():
    a
# still inside
    b
# inside too

    # and this
    c
=== statements
# after
x = 1
`));

  it("keeps else, elif, except and finally with their statement", () => {
    checkWhole(
      "if a:\n    b\n# comment\nelif(c):\n    d\nelse:\n    e",
      "try:\n    a\nexcept* E:\n    b\nexcept:\n    c\nelse :\n    d\nfinally:\n    e",
      "for a in b:\n    c\nelse:\n    d",
    );
    check("=== function\ndef f(): pass\n=== statements\nelsewhere = finally_ = 1\n=== function\ndef g(): pass\n=== statements\nexcepted = 1\n");
  });

  it("knows strings", () => {
    checkWhole(
      `a = """\ndef f(): "\\""" ' # \n"""`,
      `a = r'\\' + '\\'' + "'" + '#' + '' + ""`,
      `a = '\\\n(' + rb'\\\n{'`,
      `a = '''\n''''''class A: \\'''\n\n'''`,
      `print"("`,
      `a = not"(" or"("`,
      `a = u'(' Rb'(' BR"("`,
      "a = b  # it's (",
    );
  });

  it("knows format strings", () => {
    checkWhole(
      `a = f'{{(' f"}}(" f'{b}('`,
      `a = f"{b["c"]}{'"'}" f'{f'{f'{1}'}'}('`,
      `a = fr'\\{{' rf"\\{b}\\"" f'\\{b!r}('`,
      `a = f'\\N{LEFT CURLY BRACKET}(' f'\\N' f'\\N{{'`,
      `a = f'{b:{c}.{d}}(' f'{b:{"}"}>{c:{d}}}(' f"{b:%H:%M}("`,
      `a = f'{lambda: 1}' f'{b if c else {1: [2]}}(' f'{b:=+(}'`,
      `a = f"{\n    b  # } and "\n}("`,
      `a = f'''{\nb:\n>4}{'''c'''}('''\nb = t"{'"'}("`,
      `a = f"{'''\ndef f():\n'''}("`,
    );
  });

  it("knows brackets and joined lines", () => {
    checkWhole(
      "a = [\n1,  # ] don't\n\n{2: (\n3)}]",
      "a = (yield\nfrom b)",
      "from a \\\nimport b",
      "a = 1 + \\\n\\\ndefault",
      "match a:\n    case (1,\n2): pass\n    case _: pass",
      "a = 1; b = (2,\n3); c = 4",
      "\\\n\\\na = 1",
    );
  });

  it("closes an open bracket before a line that can only be a statement", () => {
    check("=== statements contained\nx = f([1,\n  2\ny = 3\n@cache\n=== function\ndef f(): pass\n=== statements\ny = 1\n");
    check("=== statements contained\nx = {\n=== class\nclass A: pass\n");
    check("=== function contained\ndef f(a, b:\n    def inner(): pass\n=== statements\nimport os\n");
    check("=== statements contained\nx = f'{a(\n=== function\nasync def f(): pass\n");
    check("=== statements\nx = (\nimported = 1\n  def f(): pass\nfrom a import b\n");
    check("=== statements\nx = (]\ny = {)\n=== function\ndef f(): pass\n");
  });

  it("closes an open triple quote before such a line", () => {
    check('=== function contained\ndef f():\n    """never closed\n    a\n\n=== function\ndef g():\n    return \'\'\n');
    check("=== statements contained\nx = f'''{a}\n=== class\nclass A: pass\n");
    check(`=== statements contained\nx = f"{'''"\nimport os\n=== function\ndef f(): pass\n`);
    check('=== statements\nx = """\ny = (\n');
    check("=== statements\nx = 'not closed\n=== function\ndef f(): pass\n");
  });

  it("keeps a short class whole", () => check(`
=== class
class A:
    "doc"
    def f(self): pass
    x = (
    1)
=== class
class B:
    x = 1
=== statements
  # leaves
# none
x = 1
`));

  it("cuts a long class into head and members", () => check(`
=== statements
import os
=== class-head
# about A
@dataclass
class A(
    B,
):  # yes

    # of the doc
    """CLASS"""

=== member
    # after the doc
    x: int = 1
    y = (
    2)
    if x:
        def inner(): pass
    else:
        pass
=== member
    # of f
    @property
    def f(self):
        return 1

      # inside
=== member
    # outside
    async def g(self): pass
=== member
    class Inner:
        def h(self): pass
=== member
    z = 1
    # stays
=== statements
  # leaves
    # stays out
x = 1
`));

  it("gives comments before the first member to it", () => check(`
=== class-head
class A:

=== member
        # of f
    def f(self): "CLASS"
=== function
def f(): pass
`));

  it("cuts no class without members", () => {
    check('=== class\nclass A:\n    """CLASS"""\n=== function\ndef f(): pass\n');
    check('=== class\nclass A: x = "CLASS"\n=== statements\n# c\n');
    check('=== class\n@d("CLASS")\nclass A:\n=== function\ndef f(): pass\n');
  });

  it("keeps a decorator at the end of a class inside it", () => check(`
=== class-head
class A:
    "CLASS"
=== member
    @property
=== function
def f(): pass
`));

  it("contains damage inside a class", () => check(`
=== class-head
class A:
    "CLASS"
=== member contained
    def f(self):
        return g(1,
=== member
    def g(self):
        return {
        def no(self): pass
    }
=== member contained
    x = """
=== member
    class B: pass
=== function
def f(): pass
`));

  it("counts columns as the grammar does", () => check(`
=== class-head
class A:
\t"CLASS"
=== member
\tdef f(self):
\t\tpass
=== member
        def g(self): pass
=== member
\f\tdef h(self): pass
=== function
 \fdef f(): pass
`));

  it("cuts a run that has become long", () => {
    check('=== statements\na = 1\nb = "RUN"\n=== statements\n# c\nif c:\n    d\n=== function\ndef f(): pass\n');
    check('=== statements\nb = "RUN"\n=== statements\nc = "RUN"\n=== statements\nd = 1\n');
    check('=== class-head\nclass A:\n=== member\n    a = "RUN"\n=== member\n    # b\n    b = 1\n=== member\n    def f(): pass\n=== member\n    c = 1\n');
  });

  it("takes all line ends", () => {
    const text = '=== statements\nx = """\n"""\ny = \\\n  1\n=== function\n# c\n@d\ndef f():\n    "\'"\n\n=== class\nclass A:\n    x = "\\\n"\n';
    for (const lineEnd of ["\n", "\r\n", "\r"]) check(text, lineEnd);
  });

  it("skips a byte order mark", () => check("=== function\n\uFEFFdef f(): pass\n=== class\nclass A: pass\n"));

  it("needs no final line end", () => {
    for (const end of ["", "#", "  ", "  # c", "\\", "'", "'''", "f'{", "f'{a:", "f'\\", "(", "@", "\uD83D"]) {
      const text = `def f():\n    pass\n${end}`;
      assertTiles(split(text), text.length);
    }
  });

  it("takes any nesting", () => {
    for (const opening of ["(", "f'{", 'f"""{', "f'{a:{", "\\\n", "class A:\n", "@a\n", "if a:\n "]) {
      const text = opening.repeat(20_000);
      assertTiles(split(text), text.length);
    }
  });

  it("agrees with CPython on where the statements of its library are", function () {
    this.timeout(wholeCorpus ? 0 : 60_000);
    const paths = wholeCorpus ? standardLibrary().concat(furtherFiles()) : standardLibrary();
    if (paths.length === 0) this.skip();
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
  const json = execFileSync("python3", ["-c", READ_STATEMENTS], { input: JSON.stringify(paths), encoding: "utf8", maxBuffer: 2 ** 30 });
  return JSON.parse(json) as (Statement[] | null)[];
}

/** No statement is cut, each is in a slice of its kind, and a function or class is alone in its slice. */
function checkStatements(path: string, text: string, slices: readonly Slice[], statements: readonly Statement[]): void {
  const lines = lineStarts(text);
  const sliceOf = ([, line]: Statement) => slices.find((slice) => lines[line - 1]! < slice.end) ?? slices.at(-1)!;
  const checkOne = (statement: Statement, neighbours: readonly Statement[], role: Slice["role"]) => {
    const [kind, firstLine, lastLine] = statement;
    const slice = sliceOf(statement);
    const place = `${path}:${firstLine}`;
    assert.equal(slice.role, role, place);
    assert.ok(slice.end >= (lines[lastLine] ?? text.length), `${place} is cut`);
    if (kind !== "function" && kind !== "class") return;
    assert.equal(neighbours.filter((other) => sliceOf(other) === slice).length, 1, `${place} is not alone`);
  };
  for (const statement of statements) {
    const [kind, firstLine, lastLine, body] = statement;
    if (kind !== "class") {
      checkOne(statement, statements, kind === "function" ? "function" : "statements");
    } else if (sliceOf(statement).role === "class-head") {
      for (const member of body) checkOne(member, body, member[0] === "docstring" ? "class-head" : "member");
    } else {
      checkOne(statement, statements, "class");
      const { start, end } = sliceOf(statement);
      const hasMembers = body.some((member) => member[0] !== "docstring") && firstLine < lastLine;
      assert.ok(end - start <= LONGEST_WHOLE_CLASS || !hasMembers, `${path}:${firstLine} is long`);
    }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}
