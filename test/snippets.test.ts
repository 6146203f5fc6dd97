// Our snippets: all are there, none is named twice, and what each inserts is Python that compiles and, with the standard library alone, runs.
import { strict as assert } from "node:assert";
import { before, describe, it, type Context } from "mocha";
import { check } from "./harness/check.js";
import { runPython } from "./harness/python.js";
import { expand, expandedSnippets, readSnippets, type Snippet } from "./harness/snippet.js";

/** The names people type: a promise, since they end up in habits and documents. */
const promised: Readonly<Record<string, readonly string[]>> = {
  decorators: [
    "dec-basic", "dec-args", "dec-async", "dec-class", "dec-timing",
    "dec-log", "dec-validate-shape", "dec-cache", "dec-memo", "dec-register",
  ],
  "context-managers": [
    "cm-class", "cm-func", "cm-timer", "cm-tempdir", "cm-db",
    "cm-lock", "cm-seed", "cm-reproducible", "cm-eval-mode", "cm-gpu-memory",
    "cm-suppress-warnings", "cm-multi", "cm-open", "cm-async-class", "cm-async-func",
  ],
  generators: [
    "gen-func", "gen-expr", "gen-fib", "gen-batch-file", "gen-batch-array",
    "gen-batched", "gen-stream", "gen-pipeline", "gen-iterator-class", "gen-async",
    "gen-async-pages", "it-count", "it-combinatorics",
  ],
  "design-patterns": [
    "pat-strategy", "pat-strategy-func", "pat-pipeline", "pat-sklearn-pipeline", "pat-singleton",
    "pat-singleton-module", "pat-singleton-meta", "pat-factory", "pat-registry", "pat-observer",
    "pat-observer-property", "pat-metaclass-basic", "pat-metaclass-registry", "pat-init-subclass", "pat-producer-consumer",
    "pat-abc", "pat-descriptor-validated", "pat-descriptor-readonly",
  ],
};

/**
 * Compiles every text and runs those that import nothing but the standard library, each as a module of its own, in a folder of its own.
 * One interpreter does them all, since starting one is slower than the work.
 */
const judge = `
import ast, contextlib, io, json, os, sys, tempfile, traceback, types, warnings

def outside(tree):
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return sorted(names - sys.stdlib_module_names)

def run(name, code):
    module = types.ModuleType(name)
    sys.modules[name] = module
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "data.txt"), "w", encoding="utf-8") as file:
            file.write("1\\n2\\n")
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(code, module.__dict__)
        finally:
            os.chdir(os.path.dirname(folder))

def verdict(name, text):
    try:
        tree = ast.parse(text, name)
        code = compile(tree, name, "exec")
        libraries = outside(tree)
        if not libraries:
            run(name, code)
        return {"error": None, "libraries": libraries}
    except Exception:
        return {"error": traceback.format_exc(), "libraries": []}

warnings.simplefilter("error")
texts = json.load(sys.stdin)
json.dump({name: verdict(name, text) for name, text in texts.items()}, sys.stdout)
`;

interface Verdict {
  readonly error: string | null;
  /** What it imports beyond the standard library; then it was compiled only. */
  readonly libraries: readonly string[];
}

function judged(test: Context, texts: ReadonlyMap<string, string>): ReadonlyMap<string, Verdict> {
  const python = runPython(test, ["-I", "-c", judge], JSON.stringify(Object.fromEntries(texts)));
  assert.equal(python.status, 0, python.stderr);
  return new Map(Object.entries(JSON.parse(python.stdout) as Record<string, Verdict>));
}

function assertGood(verdicts: ReadonlyMap<string, Verdict>): void {
  const errors = [...verdicts].flatMap(([name, { error }]) => (error === null ? [] : [`${name}\n${error}`]));
  assert.deepEqual(errors, []);
}

describe("snippets", () => {
  let snippets: readonly Snippet[] = [];
  before(() => {
    snippets = readSnippets();
  });

  it("are all there, each once, in their families", () => {
    const found: Record<string, string[]> = {};
    for (const { family, prefixes } of snippets) (found[family] ??= []).push(prefixes[0]);
    assert.deepEqual(sortedWithin(found), sortedWithin(promised));
  });

  it("share neither prefix nor title with one another", () => {
    assert.deepEqual(repeated(snippets.flatMap(({ prefixes }) => prefixes)), []);
    assert.deepEqual(repeated(snippets.map(({ title }) => title)), []);
  });

  it("say in one sentence what they insert and when to use it", () => {
    const oneSentence = /^Inserts (?:[^.]|\.(?=\w))+; use (?:[^.]|\.(?=\w))+\.$/;
    const unclear = snippets.filter(({ description }) => !oneSentence.test(description));
    assert.deepEqual(unclear.map(({ description }) => description), []);
  });

  it("are small, indented by spaces, and say where the cursor ends", () => {
    const wrong = snippets.filter(({ body }) => body.length > 35 || body.some((line) => /\t/.test(line)) || !/\$(?:0|\{0[:}])/.test(body.join("\n")));
    assert.deepEqual(wrong.map(({ prefixes }) => prefixes[0]), []);
  });

  for (const { prefix, code } of expandedSnippets()) {
    it(`${prefix} wakes none of our rules`, async () => {
      assert.deepEqual((await check(code)).findings.map((it) => `${it.rule}: ${it.message}`), []);
    });
  }

  it("leave no snippet syntax in what they insert", function () {
    const left = expandedSnippets().filter(({ code }) => /\$(?:\d|\{|TM_)|\\[$}]/.test(code));
    assert.deepEqual(left.map(({ prefix }) => prefix), []);
  });

  it("insert Python that compiles and runs", function () {
    this.timeout(30_000);
    assertGood(judged(this, new Map(expandedSnippets().map(({ prefix, code }) => [prefix, code]))));
  });

  it("wrap selected lines without changing them", function () {
    this.timeout(30_000);
    const selected = "if True:\n    chosen = 1";
    const wrapping = snippets.filter(({ body }) => body.join("\n").includes("TM_SELECTED_TEXT"));
    const wrapped = new Map(wrapping.map(({ prefixes, body }) => [prefixes[0], expand(body, { TM_SELECTED_TEXT: selected })]));
    assert.ok(wrapped.size > 0);
    for (const [prefix, code] of wrapped) assert.match(code, /^( +)if True:\n\1 {4}chosen = 1$/m, prefix);
    assertGood(judged(this, wrapped));
  });
});

describe("the snippet expander", () => {
  const cases: readonly (readonly [what: string, body: string, expected: string])[] = [
    ["drops bare stops", "a$1b${2}c$0", "abc"],
    ["keeps defaults, nested ones too", "${1:one ${2:two}}", "one two"],
    ["repeats a default wherever its number stands, before and after", "$1 = ${1:x} + $1", "x = x + x"],
    ["takes the first choice", "${1|a\\,b,c|} $1", "a,b a,b"],
    ["takes a variable's default", "${TM_SELECTED_TEXT:${1:pass}}$TM_SELECTED_TEXT", "pass"],
    ["reads escapes", "\\$1 {\\} ${1:{\\}} \\\\ \\n", "$1 {} {} \\ \\n"],
    ["leaves a lonely dollar sign and braces alone", "f\"{a}\" $ {}", "f\"{a}\" $ {}"],
  ];
  for (const [what, body, expected] of cases) it(what, () => assert.equal(expand(body.split("\n")), expected));

  it("indents further lines of a selection like its first", () => {
    assert.equal(expand(["with a:", "    $TM_SELECTED_TEXT"], { TM_SELECTED_TEXT: "b\nc" }), "with a:\n    b\n    c");
  });

  it("refuses what we do not use", () => {
    assert.throws(() => expand(["${1/a/b/}"]), /transform/);
    assert.throws(() => expand(["$name"]), /no variable/);
    assert.throws(() => expand(["${1:open"]), /not closed/);
    assert.throws(() => expand(["${1:a $2} ${2:b $1}"]), /contains itself/);
    assert.throws(() => expand(["${1:a} ${1:b}"]), /two defaults/);
  });
});

function sortedWithin(families: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(families).map(([family, prefixes]) => [family, [...prefixes].sort()]));
}

function repeated(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
