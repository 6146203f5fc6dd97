/** Texts in which one thing is repeated n times: the examples of rules, and what readers of Python stumble over. */
import type { Rule } from "../analysis/rule/rule.js";
import { openDocument } from "../analysis/semantics/document.js";
import type { Kind } from "../analysis/syntax/kinds.generated.js";
import type { Parser } from "../analysis/syntax/parser.js";
import type { Node } from "../analysis/syntax/tree.js";

export interface Repeated {
  readonly name: string;
  text(n: number): string;
}

/** Each example in one function and at top level, with the same names and with names of its own each time. */
export function exampleTexts({ name, examples }: Rule, parser: Parser): readonly Repeated[] {
  return examples.flatMap(({ before }, index) => {
    const source = before.trim();
    const renamed = renamer(source, parser);
    const title = `${name}${examples.length > 1 ? ` ${index + 1}` : ""}`;
    const forms: readonly (readonly [string, (number: number) => string])[] = [
      ["", () => source],
      [", new names", renamed],
    ];
    return forms.flatMap(([form, block]): readonly Repeated[] => [
      { name: `${title} in a function${form}`, text: (n) => `def work():\n${indented(repeat(n, block))}` },
      { name: `${title} at top level${form}`, text: (n) => repeat(n, (number) => `${block(number)}\n`) },
    ]);
  });
}

/** What stands between two nodes of a list, by what holds them; a statement stands in a line of its own. */
const BETWEEN: Readonly<Partial<Record<Kind, string>>> = {
  argument_list: ", ",
  list: ", ",
  tuple: ", ",
  set: ", ",
  dictionary: ", ",
  expression_list: ", ",
  parameters: ", ",
  with_clause: ", ",
  list_comprehension: " ",
  set_comprehension: " ",
  dictionary_comprehension: " ",
  generator_expression: " ",
  concatenated_string: " ",
  boolean_operator: " and ",
  binary_operator: " + ",
  string: "",
};
const BRANCHES: ReadonlySet<Kind> = new Set(["elif_clause", "except_clause", "case_clause", "decorator"]);
const CLAUSES: ReadonlySet<Kind> = new Set(["for_in_clause", "if_clause"]);

/** Each example with one of its nodes n times in a row: a statement, an argument, an operand, a branch, with the same names and with names of its own. */
export function widenedTexts({ name, examples }: Rule, parser: Parser): readonly Repeated[] {
  return examples.flatMap(({ before }, index) => {
    const source = before.trim();
    const title = `${name}${examples.length > 1 ? ` ${index + 1}` : ""}`;
    const names = ownNames(source, parser);
    return nodesOfLists(source, parser).flatMap(({ start, end, between }): readonly Repeated[] => {
      const [head, node, tail] = [source.slice(0, start), source.slice(start, end), source.slice(end)];
      const own = names.filter((it) => it > start && it <= end);
      const renamed = numbered(
        node,
        own.map((it) => it - start),
      );
      const shown = `${title}: ${node.replace(/\s+/g, " ").slice(0, 40)} (${source.slice(0, start).split("\n").length})`;
      const widened = (block: (number: number) => string) => (n: number) =>
        `${head}${Array.from({ length: n }, (_, number) => (number === 0 ? node : block(number))).join(between)}${tail}\n`;
      const same = { name: shown, text: widened(() => node) };
      return own.length > 0 ? [same, { name: `${shown}, new names`, text: widened(renamed) }] : [same];
    });
  });
}

interface OfList {
  readonly start: number;
  readonly end: number;
  readonly between: string;
}

function nodesOfLists(source: string, parser: Parser): readonly OfList[] {
  const document = openDocument(source, parser);
  return document.pieces.flatMap((piece, index) => {
    const at = document.starts[index]!;
    const found: OfList[] = [];
    for (let id = 1; id < piece.tree.size; id++) {
      const node = piece.tree.node(id);
      const between = node.isNamed && node.kind !== "comment" ? betweenSuch(node) : undefined;
      if (between !== undefined) found.push({ start: at + node.start, end: at + node.end, between });
    }
    return found;
  });
}

function betweenSuch(node: Node): string | undefined {
  const { parent } = node;
  if (!parent) return undefined;
  if (parent.kind === "module" || parent.kind === "block" || BRANCHES.has(node.kind))
    return `\n${/(?:^|\n)([ \t]*)[^\n]*$/.exec(node.tree.text.slice(0, node.start))?.[1] ?? ""}`;
  const isHead = parent.kind.endsWith("comprehension") || parent.kind === "generator_expression";
  if (isHead && !CLAUSES.has(node.kind)) return undefined;
  if (parent.kind === "string" && node.kind !== "interpolation" && node.kind !== "string_content") return undefined;
  return BETWEEN[parent.kind];
}

function repeat(n: number, block: (number: number) => string): string {
  return Array.from({ length: n }, (_, number) => `${block(number)}\n`).join("");
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "    ");
}

/** Gives everything that the source itself binds a number, except what it imports and what Python knows by its name. */
function renamer(source: string, parser: Parser): (number: number) => string {
  return numbered(source, ownNames(source, parser));
}

function numbered(text: string, ends: readonly number[]): (number: number) => string {
  const parts = [0, ...ends].map((start, index) => text.slice(start, ends[index]));
  return (number) => parts.join(`_${number}`);
}

/** Where the names end that the source itself binds. */
function ownNames(source: string, parser: Parser): readonly number[] {
  const document = openDocument(source, parser);
  const ends: number[] = [];
  const own = new Set<string>();
  for (const piece of document.pieces)
    for (const [name, sites] of piece.sites) if (sites.every((it) => !it.imported)) own.add(name);
  document.pieces.forEach((piece, index) => {
    for (const node of piece.tree.root.descendants("identifier")) {
      const binding = piece.scopes.bindingOf(node);
      const isOwn = binding
        ? binding.sites.every((it) => !it.imported)
        : own.has(node.text) && piece.scopes.free.get(node.text)?.includes(node);
      if (isOwn && !/^__\w+__$/.test(node.text)) ends.push(document.starts[index]! + node.end);
    }
  });
  return ends;
}

const times = (n: number, part: string | ((number: number) => string)): string =>
  typeof part === "string" ? part.repeat(n) : Array.from({ length: n }, (_, number) => part(number)).join("");
const inFunction = (body: string): string => `def work(a, b, c, log):\n${body}`;
const filled = "    r = []\n    for x in a:\n        r.append(x)";

/** What has nothing to do with one rule. */
export function plainTexts(): readonly Repeated[] {
  const texts: Readonly<Record<string, (n: number) => string>> = {
    "comment of hashes": (n) => `x = 1  ${"#".repeat(100 * n)}\n`,
    "comment of words with hashes": (n) => `x = 1  ${"# noq ".repeat(20 * n)}\n`,
    "comment that is nearly a suppression": (n) => `x = 1  ${"# nippy: ".repeat(20 * n)}\n`,
    "loops at top level over one frame": (n) =>
      `import pandas as pd\nfrom other import use\n\nframe = pd.read_csv("a.csv")\n${times(n, 'for _, row in frame.iterrows():\n    use(row["a"])\n')}`,
    "conditions in a function": (n) =>
      `def f(x, rows):\n${times(n, (it) => `    if x > ${it}:\n        rows.append(x)\n    x = x + ${it}\n`)}    if x:\n        x = 1\n`,
    "conditions and a result": (n) =>
      `def f(x, rows):\n${times(n, (it) => `    if x > ${it}:\n        rows.append(x)\n    x = x + ${it}\n`)}    return x\n`,
    "tests of one name": (n) =>
      `def make(kind):\n${times(n, (it) => `    if kind == "k${it}":\n        return Kind${it}()\n`)}`,
    "comment after comment": (n) => times(n, "# one more line, which says nothing\n"),
    "comments inside a function": (n) => inFunction(times(n, "    a = 1  # one more line\n    # and one\n")),
    "one-line string full of hashes": (n) => `x = "${"#fff;".repeat(100 * n)}"\n`,
    "string full of hashes and noqa": (n) => `x = "${"#noqa ".repeat(20 * n)}"\n`,
    "triple-quoted string full of hashes": (n) => `x = """${"# nippy: ignore\n".repeat(10 * n)}"""\n`,
    "long one-line string": (n) => `x = "${"letters ".repeat(100 * n)}"\n`,
    "long name": (n) => `${"x".repeat(100 * n)} = 1\n`,
    "suppressions behind statements": (n) => inFunction(times(n, (it) => `    x${it} = []  # noqa: PERF401\n`)),
    "suppressions above statements": (n) =>
      inFunction(times(n, (it) => `    # nippy: ignore[iteration/append-in-loop]\n    x${it} = []\n`)),
    "suppressions at top level": (n) => times(n, (it) => `x${it} = []  # nippy: ignore[iteration/*] why\n`),
    "suppressions with findings": (n) =>
      inFunction(times(n, `${filled.replace("r = []", "r = []  # nippy: ignore[iteration/range-len]")}\n`)),
    "findings that are suppressed": (n) =>
      inFunction(times(n, `    # nippy: ignore[iteration/append-in-loop]\n${filled}\n`)),
    "suppressions for the file": (n) => times(n, "# nippy: ignore-file[iteration/range-len]\nx = 1\n"),
    "suppressions of unknown rules": (n) => times(n, (it) => `x = 1  # nippy: ignore[area/no-rule-${it}]\n`),
    "one suppression with many names": (n) =>
      `x = 1  # nippy: ignore[${times(n, (it) => `${it > 0 ? ", " : ""}area/no-rule-${it}`)}]\n`,
    "suppression with one long name": (n) => `x = 1  # nippy: ignore[${"p".repeat(100 * n)}]\n`,
    "suppression with stars": (n) => `x = 1  # nippy: ignore[${"*".repeat(100 * n)}]\n`,
    "noqa with many codes": (n) => `x = 1  # noqa: ${times(n, (it) => `${it > 0 ? ", " : ""}PERF${it}`)}\n`,
    "unclosed list": (n) => `x = [\n${times(n, (it) => `    ("key${it}", ${it}, [1, 2]),\n`)}y = 1\n`,
    "unclosed strings": (n) => times(n, (it) => `x${it} = "value ${it}\n`),
    "unclosed triple quotes": (n) => times(n, (it) => `x${it} = """value ${it}\n`),
    "unclosed brackets line by line": (n) => times(n, (it) => `x${it} = f((${it}, [\n`),
    "unclosed brackets on one line": (n) => `x = ${"[(".repeat(n)}\n`,
    "broken dictionary": (n) => `x = {\n${times(n, (it) => `    "key${it}": "value,\n`)}}\n`,
    "broken statements in a function": (n) => inFunction(times(n, "    for in x:\n        y = = 1\n")),
    "list of strings": (n) => `x = [\n${times(10 * n, (it) => `    "value ${it}",\n`)}]\n`,
    "dictionary of dictionaries": (n) =>
      `x = {\n${times(n, (it) => `    "key${it}": {"a": ${it}, "b": [1, 2]},\n`)}}\n`,
    "nested brackets": (n) => `x = ${"[".repeat(n)}${"]".repeat(n)}\n`,
    "nested calls": (n) => `x = ${"f(".repeat(n)}1${")".repeat(n)}\n`,
    "nested blocks": (n) => times(n, (it) => `${" ".repeat(it % 300)}if a:\n`) + `${" ".repeat(300)}pass\n`,
    "nested functions": (n) =>
      times(Math.min(n, 250), (it) => `${" ".repeat(it)}def f${it}(a):\n`) + `${" ".repeat(250)}pass\n`,
    "chain of attributes": (n) => `x = a${".b".repeat(n)}\n`,
    "chain of calls": (n) => `x = a${".b()".repeat(n)}\n`,
    "long sum": (n) => `x = ${times(n, "a + ")}b\n`,
    "long sum of strings": (n) => `x = ${times(n, (it) => `"part ${it}" + `)}b\n`,
    "long condition": (n) => `x = ${times(n, "a and ")}b\n`,
    "long comparison": (n) => `x = ${times(n, "a < ")}b\n`,
    "chain of elif": (n) =>
      `def work(a):\n    if a == "":\n        return 0\n${times(n, (it) => `    elif a == "k${it}":\n        return ${it}\n`)}`,
    "chain of assignments": (n) => `${times(n, (it) => `x${it} = `)}[]\n`,
    "names that name each other": (n) => `x0 = []\n${times(n, (it) => `x${it + 1} = x${it}\n`)}`,
    "names that name each other in a function": (n) =>
      inFunction(`    x0 = []\n${times(n, (it) => `    x${it + 1} = x${it}\n`)}    return x${n}\n`),
    "one name counted up": (n) => inFunction(`    x = 0\n${times(n, "    x = x + 1\n")}    return x\n`),
    "one name counted up at top level": (n) => `x = 0\n${times(n, "x = x + 1\n")}`,
    "one name set under conditions": (n) => inFunction(times(n, (it) => `    if a:\n        b = [${it}]\n    c(b)\n`)),
    "one name set in a loop": (n) =>
      inFunction(`    while a:\n${times(n, (it) => `        b = [${it}]\n        c(b)\n`)}`),
    "one list filled": (n) => inFunction(`    r = []\n${times(n, (it) => `    r.append(${it})\n`)}    return r\n`),
    "one list filled by loops": (n) =>
      inFunction(`    r = []\n${times(n, "    for x in a:\n        r.append(x)\n")}    return r\n`),
    "one index in many loops": (n) =>
      inFunction(times(n, "    for i in range(len(a)):\n        b(a[i])\n")) + "    return a\n",
    "calls in one loop": (n) => inFunction(`    for x in a:\n${times(n, (it) => `        b.f${it}(x, c)\n`)}`),
    "augmented strings": (n) =>
      inFunction(`    s = ""\n    for x in a:\n${times(n, "        s += x.name\n")}    return s\n`),
    "global names": (n) =>
      times(n, (it) => `def f${it}():\n    global x${it}\n    x${it} = []\n    x${it}.append(1)\n`),
    "one global name": (n) => `x = []\n${times(n, (it) => `def f${it}():\n    global x\n    x = x + [1]\n`)}`,
    "functions that read one name": (n) => `x = []\n${times(n, (it) => `def f${it}(y):\n    return y in x\n`)}`,
    "functions that call each other": (n) => times(n, (it) => `def f${it}(a):\n    return f${it + 1}(a)\n`),
    "functions of one name": (n) => times(n, "def f(a):\n    return f(a)\n"),
    "class with methods": (n) =>
      `class A:\n    def __init__(self):\n        self.x = []\n${times(n, (it) => `    def m${it}(self, a):\n        self.x.append(a)\n        return self.m${it + 1}(a)\n`)}`,
    "class with attributes": (n) =>
      `class A:\n    def __init__(self):\n${times(n, (it) => `        self.x${it} = []\n`)}    def m(self):\n${times(n, (it) => `        self.x${it}.append(1)\n`)}`,
    "class with constants": (n) => `class A:\n${times(n, (it) => `    X${it} = ${it}\n`)}`,
    "class with slots": (n) =>
      `class A:\n    __slots__ = (${times(n, (it) => `"x${it}", `)})\n    def __init__(self):\n${times(n, (it) => `        self.x${it} = ${it}\n`)}`,
    "classes of one base": (n) =>
      `class A:\n    x = 1\n${times(n, (it) => `class B${it}(A):\n    def f(self):\n        self.y = 1\n`)}`,
    "classes in a row": (n) =>
      `class B0:\n    x = 1\n${times(n, (it) => `class B${it + 1}(B${it}):\n    def f(self):\n        self.y = 1\n`)}`,
    imports: (n) => times(n, (it) => `import module${it}.part as m${it}\n`),
    "imports in one line": (n) => `from module import ${times(n, (it) => `${it > 0 ? ", " : ""}name${it}`)}\n`,
    "imports of one name": (n) => times(n, "import json\njson.loads(a)\n"),
    parameters: (n) => `def work(${times(n, (it) => `a${it}=[], `)}):\n    return a0\n`,
    decorators: (n) => `${times(n, (it) => `@d${it}\n`)}def work():\n    pass\n`,
    "with items": (n) => `with (${times(n, (it) => `open("f${it}") as f${it}, `)}):\n    pass\n`,
    handlers: (n) => inFunction(times(n, "    try:\n        a()\n    except ValueError:\n        log.error('x')\n")),
    "match cases": (n) =>
      `def work(a):\n    match a:\n${times(n, (it) => `        case ${it}:\n            return [${it}]\n`)}`,
    "format strings": (n) => inFunction(times(n, (it) => `    log.debug(f"v {a} {b!r:>{c}} ${it}")\n`)),
    "one format string": (n) => `x = f"${times(n, "{a!r} ")}"\n`,
    "nested comprehensions": (n) => inFunction(times(n, "    r = [x for y in [z for z in a if z] for x in y]\n")),
    "statements on one line": (n) => `${times(n, "x = 1; ")}\n`,
    "blank lines": (n) => `x = 1\n${"\n".repeat(100 * n)}y = 2\n`,
    "joined lines": (n) => `x = 1${times(n, " + \\\n    1")}\n`,
    "parts of one string": (n) => `x = (${times(n, (it) => `"part ${it}" `)})\n`,
    "lines of one string": (n) => `x = (\n${times(n, (it) => `    "part ${it} "\n`)})\n`,
    "nested lambdas": (n) => `x = ${times(n, (it) => `lambda a${it}: `)}a0\n`,
    "nested conditional expressions": (n) => `x = ${times(n, (it) => `a${it} if b${it} else `)}c\n`,
    "nested comprehensions, one in the other": (n) => `x = ${"[y for y in ".repeat(n)}a${"]".repeat(n)}\n`,
    "clauses of one comprehension": (n) => `x = [a0 for a in b ${times(n, (it) => `for a${it} in a if a${it} `)}]\n`,
    "nested format strings": (n) => inFunction(times(n, (it) => `    x${it} = f"{a} {f'{b} {c}'}"\n`)),
    negations: (n) => `x = ${"not ".repeat(n)}a\n`,
    signs: (n) => `x = ${"-".repeat(n)}1\n`,
    "chain of subscripts": (n) => `x = a${"[0]".repeat(n)}\n`,
    "chain of walruses": (n) =>
      inFunction(times(n, (it) => `    if (x${it} := a) and (x${it + 1} := x${it}):\n        b(x${it})\n`)),
    "nested walruses": (n) => `x = ${times(n, (it) => `(x${it} := `)}1${")".repeat(n)}\n`,
    "union of types": (n) => `def f(a: ${times(n, (it) => `T${it} | `)}None):\n    return a\n`,
    "nested types": (n) => `def f(a: ${"list[".repeat(n)}int${"]".repeat(n)}):\n    return a\n`,
    "arguments of one call": (n) =>
      `x = f(${times(n, (it) => `a${it}, `)})\ny = f(${times(n, (it) => `b${it}=a${it}, `)})\n`,
    "targets of one assignment": (n) =>
      inFunction(`    ${times(n, (it) => `x${it}, `)} = a\n${times(n, (it) => `    b(x${it})\n`)}`),
    "names of one global statement": (n) =>
      `def f():\n    global ${times(n, (it) => `x${it}, `)}y\n${times(n, (it) => `    x${it} = []\n`)}`,
    "names of one module": (n) =>
      `from module import (\n${times(n, (it) => `    name${it},\n`)})\n${times(n, (it) => `name${it}.load(name${it + 1})\n`)}`,
    "star imports": (n) => `${times(n, (it) => `from module${it} import *\n`)}${times(n, (it) => `load${it}(a)\n`)}`,
    "nested try statements": (n) =>
      inFunction(times(n, "    try:\n        a()\n    finally:\n        b()\n    with a as x:\n        b(x)\n")),
    "loops in a row": (n) =>
      inFunction(times(n, (it) => `    for x${it} in a:\n        for y in x${it}:\n            b(x${it}, y)\n`)),
    "code on one line": (n) => inFunction(`    ${times(n, (it) => `x${it} = [a for a in b if a]; c(x${it}); `)}\n`),
    "form feeds": (n) => times(n, "\fx = [1]\n\f\n"),
    tabs: (n) => `def work(a):\n${times(n, "\tfor x in a:\n\t\tprint(x)\n")}`,
    "nested methods": (n) =>
      times(n, (it) => `class A${it}:\n    class B:\n        def f(self):\n            return self.g().f\n`),
    "recursive functions in a ring": (n) =>
      times(n, (it) => `def f${it}(a):\n    return f${(it + 1) % n}(a) + f${(it + 7) % n}(a)\n`),
    "functions over one list": (n) =>
      `import numpy as np\nrows = np.zeros(9)\n${times(n, (it) => `def f${it}():\n    for it in range(len(rows)):\n        print(rows[it], sum(rows), max(rows))\n`)}`,
    "methods over one attribute": (n) =>
      `class A:\n    rows = []\n    def __init__(self):\n        self.rows = []\n${times(n, (it) => `    def f${it}(self):\n        for it in range(len(self.rows)):\n            self.rows.append(A.rows[it])\n`)}`,
    "carriage returns": (n) => times(n, "x = [1]\r\nfor y in x:\r\n    print(y)\r\n"),
    "carriage returns alone": (n) => times(n, "x = [1]\rfor y in x:\r    print(y)\r"),
  };
  return Object.entries(texts).map(([name, text]) => ({ name, text }));
}
