// Our snippets: all are there, none is named twice, and what each inserts is code that compiles, is reported by no rule and, where its libraries are installed, runs.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { describe, it, type Context } from "mocha";
import type { PythonVersion } from "../analysis/semantics/python-version.js";
import { guide } from "../guide/index.generated.js";
import { expand } from "../snippets/grammar.js";
import { bodyFor, PLACES } from "../snippets/snippet.js";
import { asShipped, check, parses } from "./harness/check.js";
import { librariesIn, pythonWith, runPython } from "./harness/python.js";
import { expandedSnippets, rawFamily, readSnippets, type ExpandedSnippet } from "./harness/snippet.js";

/**
 * Compiles every text and runs those whose libraries are at hand, each as a module of its own, in a folder of its own.
 * One interpreter does them all, since starting one is slower than the work.
 */
const judge = `
import ast, contextlib, importlib.util, io, json, os, sys, tempfile, traceback, types, warnings

def outside(tree):
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return sorted(names - sys.stdlib_module_names)

def run(name, text):
    module = types.ModuleType(name)
    sys.modules[name] = module
    with tempfile.TemporaryDirectory() as folder:
        # What a snippet looks up beside itself, and what caches its code, needs a file.
        module.__file__ = os.path.join(folder, "snippet.py")
        with open(module.__file__, "w", encoding="utf-8") as file:
            file.write(text)
        with open(os.path.join(folder, "data.txt"), "w", encoding="utf-8") as file:
            file.write("1\\n2\\n")
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(text, module.__file__, "exec"), module.__dict__)
        finally:
            os.chdir(os.path.dirname(folder))

def verdict(name, text):
    try:
        tree = ast.parse(text, name)
        compile(tree, name, "exec")
        libraries = outside(tree)
        if all(importlib.util.find_spec(it) for it in libraries):
            with warnings.catch_warnings():
                # A library may warn of what its own modules do; ours may not.
                warnings.simplefilter("default" if libraries else "error")
                run(name, text)
            return {"error": None, "libraries": libraries, "ran": True}
        return {"error": None, "libraries": libraries, "ran": False}
    except Exception:
        return {"error": traceback.format_exc(), "libraries": [], "ran": False}

texts = json.load(sys.stdin)
json.dump({name: verdict(name, text) for name, text in texts.items()}, sys.stdout)
`;

interface Verdict {
  readonly error: string | null;
  /** What it imports beyond the standard library. */
  readonly libraries: readonly string[];
  readonly ran: boolean;
}

/** What the tests' own Python can read; newer bodies are only parsed. */
const INTERPRETER = 11;

/** The libraries whose snippets are compiled only: they are too large, need a network or a device. */
const ONLY_COMPILED = new Set([
  "airflow",
  "crewai",
  "dask",
  "hydra",
  "langchain",
  "langchain_core",
  "langchain_text_splitters",
  "line_profiler",
  "memory_profiler",
  "omegaconf",
  "polars",
  "ray",
  "transformers",
]);

/** What only the second environment of the tests holds. */
const OF_TENSORFLOW = ["keras", "tensorflow"];

const minor = (version: string) => Number(version.slice(2));

/** Statements of a coroutine stand in one. */
function asModule({ snippet: { places }, code }: Pick<ExpandedSnippet, "snippet" | "code">): string {
  if (places.every((it) => it === "async")) return `async def around():\n${code.replace(/^(?=.)/gm, "    ")}\n`;
  return places.every((it) => it === "class") ? `class Around:\n${code.replace(/^(?=.)/gm, "    ")}\n` : code;
}

/** Each on the Python that holds its libraries: TensorFlow's is another than that of the rest. */
function judged(test: Context, texts: ReadonlyMap<string, string>): ReadonlyMap<string, Verdict> {
  const [rest, ofTensorFlow] = [false, true].map((wanted) =>
    [...texts].filter(([, text]) => librariesIn(text).some((it) => OF_TENSORFLOW.includes(it)) === wanted),
  );
  return new Map([...judgedWith(test, rest!, ["torch"]), ...judgedWith(test, ofTensorFlow!, OF_TENSORFLOW)]);
}

function judgedWith(
  test: Context,
  texts: readonly (readonly [string, string])[],
  libraries: readonly string[],
): readonly (readonly [string, Verdict])[] {
  if (texts.length === 0) return [];
  const interpreter = pythonWith(libraries);
  const input = JSON.stringify(Object.fromEntries(texts));
  const python =
    "path" in interpreter
      ? runPython(test, ["-I", "-c", judge], input, interpreter.path)
      : runPython(test, ["-I", "-c", judge], input);
  if ("reason" in interpreter) console.log(`skipped: snippets that need libraries: ${interpreter.reason}`);
  assert.equal(python.status, 0, python.stderr);
  return Object.entries(JSON.parse(python.stdout.slice(python.stdout.indexOf("{"))) as Record<string, Verdict>);
}

function assertGood(verdicts: ReadonlyMap<string, Verdict>): void {
  const errors = [...verdicts].flatMap(([name, { error }]) => (error === null ? [] : [`${name}\n${error}`]));
  assert.deepEqual(errors, []);
}

describe("snippets", () => {
  const snippets = readSnippets();
  const expanded = expandedSnippets();
  const python = expanded.filter(({ snippet }) => snippet.language === "python");
  const readable = python.filter((it) => minor(it.python) <= INTERPRETER);

  it("are all there", () => {
    const promised = (
      JSON.parse(readFileSync("guide/techniques.json", "utf8")) as readonly { readonly snippets: readonly string[] }[]
    ).flatMap((it) => it.snippets);
    const found = new Set(snippets.map(({ prefixes }) => prefixes[0]));
    assert.deepEqual(
      [...new Set(promised)].filter((it) => !found.has(it)),
      [],
    );
  });

  it("share neither prefix nor title with one another", () => {
    assert.deepEqual(repeated(snippets.flatMap(({ prefixes }) => prefixes)), []);
    assert.deepEqual(repeated(snippets.map(({ title }) => title)), []);
  });

  it("answer to the words that people type", () => {
    const names = new Set(snippets.flatMap(({ prefixes }) => prefixes));
    assert.deepEqual(
      [
        "retry",
        "timer",
        "cache",
        "singleton",
        "checkpoint",
        "timeout",
        "semaphore",
        "dataclass",
        "logger",
        "polars",
      ].filter((it) => !names.has(it)),
      [],
    );
  });

  it("say in one sentence what they insert and when to use it", () => {
    const oneSentence = /^Inserts (?:[^.]|\.(?=\w))+; use (?:[^.]|\.(?=\w))+\.$/;
    assert.deepEqual(
      snippets.map((it) => it.description).filter((it) => !oneSentence.test(it)),
      [],
    );
  });

  it("name a section of the guide, places and a language that exist, and nothing unknown", () => {
    const anchors = new Set<string>(guide.map((it) => it.anchor));
    assert.deepEqual(
      snippets.filter((it) => !anchors.has(it.guide)).map((it) => `${it.prefixes[0]}: ${it.guide}`),
      [],
    );
    assert.deepEqual(
      snippets.flatMap((it) => it.places).filter((it) => !PLACES.includes(it)),
      [],
    );
    const keys = new Set([
      "prefix",
      "body",
      "description",
      "guide",
      "places",
      "python",
      "newer",
      "language",
      "isFileTemplate",
    ]);
    for (const family of new Set(snippets.map((it) => it.family))) {
      for (const [title, entry] of Object.entries(rawFamily(`${family}.json`)))
        assert.deepEqual(
          Object.keys(entry).filter((it) => !keys.has(it)),
          [],
          title,
        );
    }
  });

  it("name sections by what prints them, so that an assistant can read them", () => {
    const anchors = new Set<string>(guide.map((it) => it.anchor));
    const named = snippets.flatMap(({ bodies }) =>
      [...bodies[0].lines.join("\n").matchAll(/`nippy guide \$\{\d\|([^|]+)\|\}`/g)].flatMap((it) => it[1]!.split(",")),
    );
    assert.ok(named.length > 8);
    assert.deepEqual(
      named.filter((it) => !anchors.has(it)),
      [],
    );
  });

  it("are small, indented by spaces, and say where the cursor ends", () => {
    const wrong = snippets.filter(({ bodies, isFileTemplate, language }) =>
      bodies.some(
        ({ lines }) =>
          lines.length > (isFileTemplate ? 90 : 40) ||
          (language !== "c" && lines.some((line) => line.includes("\t"))) ||
          !/\$(?:0|\{0[:}])/.test(lines.join("\n")),
      ),
    );
    assert.deepEqual(
      wrong.map(({ prefixes }) => prefixes[0]),
      [],
    );
  });

  it("have bodies in rising order of Python, and give the newest that a target understands", () => {
    for (const { prefixes, bodies } of snippets)
      assert.deepEqual(
        bodies.map((it) => minor(it.python)),
        bodies.map((it) => minor(it.python)).toSorted((a, b) => a - b),
        prefixes[0],
      );
    const bodies = [
      { python: "3.10", lines: ["old"] },
      { python: "3.12", lines: ["new"] },
    ] as const;
    assert.deepEqual(
      ["3.9", "3.10", "3.11", "3.12", "3.14"].map((it) => bodyFor({ bodies }, it)),
      [undefined, "old", "old", "new", "new"],
    );
  });

  for (const it_ of python) {
    it(`${it_.name} parses and is reported by none of our rules`, async () => {
      const text = asModule(it_);
      assert.ok(await parses(text), text);
      assert.deepEqual(
        (await check(text, undefined, asShipped([], { python: it_.python as PythonVersion }))).findings.map(
          (it) => `${it.rule}: ${it.message}`,
        ),
        [],
      );
    });
  }

  it("leave no snippet syntax in what they insert", () => {
    const left = expanded.filter(({ code, snippet }) =>
      (snippet.language === "shellscript" ? /\$\{?\d|TM_/ : /\$(?:\d|\{|TM_)|\\[$}]/).test(code),
    );
    assert.deepEqual(
      left.map((it) => it.name),
      [],
    );
  });

  it("insert Python that compiles and runs", function () {
    const verdicts = judged(this, new Map(readable.map((it) => [it.name, asModule(it)])));
    assertGood(verdicts);
    const missing = (library: string) =>
      ONLY_COMPILED.has(library) || (OF_TENSORFLOW.includes(library) && "reason" in pythonWith(OF_TENSORFLOW));
    const idle = [...verdicts].filter(([, { ran, libraries }]) => !ran && !libraries.some(missing));
    if ("path" in pythonWith(["torch"]))
      assert.deepEqual(
        idle.map(([name, { libraries }]) => `${name}: ${libraries.join()}`),
        [],
      );
  });

  it("wrap selected lines without changing them", function () {
    const selected = "if True:\n    chosen = 1";
    const wrapping = python.filter(({ snippet }) => snippet.bodies[0].lines.join("\n").includes("TM_SELECTED_TEXT"));
    const wrapped = new Map(
      wrapping.map(({ name, snippet }) => [
        name,
        asModule({ snippet, code: expand(snippet.bodies[0].lines, { TM_SELECTED_TEXT: selected }) }),
      ]),
    );
    assert.ok(wrapped.size > 0);
    for (const [name, code] of wrapped) assert.match(code, /^( *)if True:\n\1 {4}chosen = 1$/m, name);
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
    ["leaves a lonely dollar sign and braces alone", 'f"{a}" $ {}', 'f"{a}" $ {}'],
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

function repeated(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
