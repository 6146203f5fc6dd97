/** Where the splitter cuts and what it must not cut, case by case. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { LONGEST_WHOLE_CLASS, LONG_RUN, split, type Slice } from "../../analysis/syntax/splitter.js";
import { assertTiles } from "./tiling.js";

/** Stand for enough text to make a class or a run of statements long. */
const LONG = { CLASS: "x".repeat(LONGEST_WHOLE_CLASS), RUN: "y".repeat(LONG_RUN) };

/**
 * Checks the cuts of a text that is written as its slices, each below a line `=== role`, or `=== role contained`.
 * Lines end as in `lineEnd`; CLASS and RUN become long words.
 */
function check(written: string, lineEnd = "\n"): void {
  const expected: string[] = [];
  let text = "";
  for (const part of written.replace(/^\n/, "").split(/^=== /m).slice(1)) {
    const head = part.slice(0, part.indexOf("\n"));
    const body = part
      .slice(head.length + 1)
      .replace(/\b(CLASS|RUN)\b/g, (word) => LONG[word as keyof typeof LONG])
      .replaceAll("\n", lineEnd);
    expected.push(`${head} ${text.length}-${text.length + body.length}`);
    text += body;
  }
  assert.deepEqual(split(text).map(describeSlice), expected, written);
}

function describeSlice({ role, contained, start, end }: Slice): string {
  return `${role}${contained ? " contained" : ""} ${start}-${end}`;
}

/**
 * Checks that each statement is read to its end and no further. If one leaves a quote open, or takes one too many, the
 * text of the string that follows turns into a function; if it leaves a bracket open, the run is contained.
 */
function checkEnd(...statements: readonly string[]): void {
  for (const statement of statements) {
    for (const quote of ['"""', "'''"]) {
      check(`=== statements\n${statement}; text = ${quote}\ndef no(): pass\n${quote}\n=== function\ndef f(): pass\n`);
    }
  }
}

describe("split", () => {
  it("gives one empty slice for an empty text", () => {
    assert.deepEqual(split(""), [{ start: 0, end: 0, role: "statements", members: 0, contained: false }]);
  });

  it("keeps the flow of a script together and sets functions and classes apart", () =>
    check(`
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

  it("gives a function its decorators and comments", () =>
    check(`
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

  it("leaves a comment where the grammar leaves it", () =>
    check(`
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
    for (const head of [
      "else:",
      "else :",
      "elif(c):",
      "elif c:",
      "except:",
      "except E:",
      "except* E:",
      "finally:",
      "# comment\nelse:",
    ]) {
      check(`=== statements\nstart:\n    a = "RUN"\n${head}\n    b\n=== statements\nc = 1\n`);
    }
    for (const name of ["elsewhere", "elif_", "exception", "finally1"])
      check(`=== statements\na = "RUN"\n=== statements\n${name} = 1\n`);
    check("=== class\nclass A: pass\nelse: a\n=== function\ndef f(): pass\nelse: a\n=== statements\nb = 1\n");
  });

  it("knows strings", () =>
    checkEnd(
      `a = """\ndef f(): "\\""" ' # \n"""`,
      `a = r'\\' + '\\'' + "'" + '#' + '' + ""`,
      `a = '\\\n(' + rb'\\\n{'`,
      `a = '''\n''''''class A: \\'''\n\n'''`,
      `a = r'\\\\' + R'\\''`,
      `print"{"; print't{'`,
      `a = not"(" or"{" if"{"else"{"`,
      `a = u'(' Rb'(' BR"{"`,
      "a = b  # it's (\nc",
      "a = 'not closed (\nb",
    ));

  it("knows format strings", () =>
    checkEnd(
      `a = f'{{(' f"}}(" f'{b}('`,
      `a = f"{b["c"]}{'"'}" f'{f'{f'{"'"}'}'}('`,
      `a = fr'\\{{' rf"\\{b}\\"" f'\\{b!r}(' f'\\{"'"}' f'\\\\{"'"}'`,
      `a = f'\\N{LEFT CURLY BRACKET}(' f'\\N' f'\\N{{' fr'\\N{"'"}'`,
      `a = f'{b:{c}.{d}}(' f'{b:{"'"}>{c:{"'"}}}(' f"{b:%H:%M}("`,
      `a = f'{b:{{1: "'"}[1]}}'`,
      `a = f'{b:c}{{'`,
      `a = f'{b:c}}}' F'{{{"'"}}}'`,
      `a = f'{lambda: 1}' f'{b[c:"'"]}(' f'{ {1: "'"}}' f'{b:=+(}'`,
      `a = f"{\n    b  # } and "\n}("`,
      `a = f"""{\nb:\n>4}{"""c"""}("""`,
      `a = t'{"'"}'`,
      `a = Tr'{"'"}'`,
      `a = f"{'''\ndef f():\n'''}("`,
      `a = f'{b(}'`,
      `a = f"{b:"`,
    ));

  it("knows brackets and joined lines", () => {
    checkEnd(
      "a = [\n1,  # ] don't\n\n{2: (\n3)}]",
      "a = (yield\nfrom b)",
      "a = 1; b = (2,\n3); c = 4",
      "a = 1)",
      "a = (]",
      "a = {)",
      "a = [}",
    );
    check(
      '=== statements\nfrom a \\\nimport b\nb = "RUN" + \\\n\\\nc\n=== statements\n\\\n\\\nd = 1\n=== function\n\\\ndef f(): pass\n',
    );
    check('=== statements\nmatch "RUN":\n    case (1,\n2): pass\n    case _: pass\n=== statements\nmatch = case = 1\n');
  });

  it("closes an open bracket before a line that can only be a statement", () => {
    check(
      "=== statements contained\ny = 1\nx = f([1,\n  2\ny = 3\n@cache\n=== function\ndef f(): pass\n=== statements\ny = 1\n",
    );
    check("=== statements contained\nx = {\n=== class\nclass A: pass\n");
    check("=== function contained\ndef f(a, b:\n    def inner(): pass\n=== statements\nimport os\n");
    check("=== statements contained\nx = f'{a(\n=== function\nasync def f(): pass\n");
    check("=== class contained\nclass A:\n    def f(self):\n        return (\n    def g(self): pass\n");
    check("=== class contained\nclass B(\n=== class\nclass C: pass\n");
    check("=== statements\nx = (\nimported = 1\n  def f(): pass\nfrom a import b\n");
  });

  it("finds the end of a triple quote behind whatever is escaped", () => {
    check('=== statements\nx = """a\\""" def (\n"""\n=== function\ndef f(): pass\n');
    check('=== statements\nx = """a\\\\"""\n=== function\ndef f(): pass\n');
    check("=== statements\nx = r'''\\\\\\''''\n=== function\ndef f(): pass\n");
    check('=== statements\nx = """\\\r\n"""\n=== function\ndef f(): pass\n');
  });

  it("closes an open triple quote before such a line", () => {
    check('=== function contained\ndef f():\n    """never closed\n    a\n\n=== function\ndef g():\n    return \'\'\n');
    check("=== statements contained\nx = f'''{a}\n=== class\nclass A: pass\n");
    check("=== statements contained\nx = f\"{'''\"\n=== function\ndef f(): pass\n");
    check('=== class-head contained\nclass A("CLASS"):\n    """never closed\n\n=== member\n    def f(self): pass\n');
    check('=== statements\nx = """\ny = (\n');
  });

  it("keeps a short class whole", () =>
    check(`
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

  it("cuts a long class into head and members", () =>
    check(`
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
  # less
    class Inner:
        def h(self): pass
=== member
    z = 1
    # stays
=== statements
  # leaves
    # stays out
x = 1
=== class-head
class C:
    r'doc'
=== member
    def f(self):
        return "CLASS"
# inside
        + 1
=== class-head
class D:
=== member
    x = "CLASS"
    # stays
`));

  it("gives comments before the first member to it", () =>
    check(`
=== class-head
class A:

=== member
        # of f
    def f(self): "CLASS"
=== function
def f(): pass
`));

  it("cuts a class when it is longer than the limit", () => {
    const longest = "class A:\n    x = 1  ".padEnd(LONGEST_WHOLE_CLASS, "#");
    assert.deepEqual(
      split(longest).map(({ role }) => role),
      ["class"],
    );
    assert.deepEqual(
      split(`${longest}#`).map(({ role }) => role),
      ["class-head", "member"],
    );
  });

  it("cuts no class without members", () => {
    check('=== class\nclass A:\n    """CLASS"""\n=== function\ndef f(): pass\n');
    check('=== class\nclass A: x = "CLASS"\n=== statements\n# c\n');
    check('=== class\n@d("CLASS")\nclass A:\n=== function\ndef f(): pass\n');
  });

  it("keeps a decorator at the end of a class inside it", () =>
    check(`
=== class-head
class A:
    "CLASS"
=== member
    @property
=== function
def f(): pass
`));

  it("contains damage inside a class", () =>
    check(`
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
=== statements contained
x = (
    def no(): pass
=== function
def f(): pass
`));

  it("counts columns as the grammar does", () =>
    check(`
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
=== member
\\
\tdef i(self): pass
=== function
 \fdef f(): pass
`));

  it("takes no indented statement for a function or class", () => {
    check("=== statements\n  def f(): pass\n=== class\nclass A: pass\n=== statements\n@d\n  class B:\n    x = 1\n");
  });

  it("cuts a run that has become long", () => {
    check('=== statements\na = 1\nb = "RUN"\n=== statements\n# c\nif c:\n    d\n=== function\ndef f(): pass\n');
    check('=== statements\nb = "RUN"\n=== statements\nc = "RUN"\n=== statements\nd = 1\n');
    check(
      '=== class-head\nclass A:\n=== member\n    a = "RUN"\n=== member\n    # b\n    b = 1\n=== member\n    def f(): pass\n=== member\n    c = 1\n',
    );
  });

  it("takes all line ends", () => {
    const text =
      '=== statements\nx = """\n"""\ny = \\\n  1\n=== function\n# c\n@d\ndef f():\n    "\'"\n\n=== class\nclass A:\n    x = "\\\n"\n';
    for (const lineEnd of ["\n", "\r\n", "\r"]) check(text, lineEnd);
  });

  it("skips a byte order mark", () => check("=== function\n\uFEFFdef f(): pass\n=== class\nclass A: pass\n"));

  it("needs no final line end", () => {
    for (const end of ["", "#", "  ", "  # c", "\\", "'", "'''", "f'{", "f'{a:", "f'\\", "(", "@", "\uD83D"]) {
      const text = `def f():\n    pass\n${end}`;
      assertTiles(split(text), text.length);
    }
  });

  it("reads on in linear time whatever comes", () => {
    for (const opening of [
      "(",
      "f'{",
      'f"""{',
      "f'{a:{",
      "\\\n",
      "class A:\n",
      "@a\n",
      "if a:\n ",
      'def f(): \\"""\n',
    ]) {
      const text = opening.repeat(20_000);
      assertTiles(split(text), text.length);
    }
  });
});
