/** What code outside a region may see or change, what a region may run, how often a loop turns, and the names that fixes choose. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { singular } from "../../analysis/rewrite/item-name.js";
import { AnalysisState } from "../../analysis/engine/state.js";
import { openDocument } from "../../analysis/semantics/document.js";
import type { Facts } from "../../analysis/semantics/facts.js";
import { turnsOf } from "../../analysis/semantics/loops.js";
import type { Kind } from "../../analysis/syntax/kinds.generated.js";
import type { Node } from "../../analysis/syntax/tree.js";
import { parser } from "../harness/check.js";

interface Opened {
  readonly facts: Facts;
  /** The first node of a kind whose text begins like this. */
  node(kind: Kind, start?: string): Node;
}

async function open(source: string): Promise<Opened> {
  const document = openDocument(source, await parser());
  const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
  const nodes = document.pieces.flatMap(({ tree }) => tree.root.descendants());
  return {
    facts,
    node: (kind, start = "") =>
      nodes.find((it) => it.kind === kind && it.text.startsWith(start)) ??
      assert.fail(`no ${kind} begins with "${start}"`),
  };
}

async function isObserved(source: string): Promise<boolean> {
  const { facts, node } = await open(source);
  return facts.isObserved(node("identifier", "items"), node("for_statement"));
}

describe("what is seen while a region runs", () => {
  it("is nothing where the name is read later, in the same function", async () => {
    assert.equal(
      await isObserved("def f(xs):\n    items = []\n    for x in xs:\n        items.append(x)\n    return items\n"),
      false,
    );
  });

  it("is what handlers, finally and code behind a try read", async () => {
    const attempt = (end: string) =>
      isObserved(
        `def f(xs):\n    try:\n        items = []\n        for x in xs:\n            items.append(g(x))\n${end}`,
      );
    assert.equal(await attempt("    except ValueError:\n        print(items)\n"), true);
    assert.equal(await attempt("    finally:\n        print(items)\n"), true);
    assert.equal(await attempt("    except ValueError:\n        pass\n    return items\n"), true);
    assert.equal(await attempt("        return items\n    except ValueError:\n        return None\n"), false);
  });

  it("is what runs after an error was suppressed, not after a file was closed", async () => {
    const block = (context: string) =>
      isObserved(
        `import contextlib\n\ndef f(xs):\n    with ${context}:\n        items = []\n        for x in xs:\n            items.append(g(x))\n    return items\n`,
      );
    assert.equal(await block("contextlib.suppress(ValueError)"), true);
    assert.equal(await block("open('f')"), false);
  });

  it("is what another function reads or rebinds", async () => {
    assert.equal(
      await isObserved("items = []\nfor x in xs:\n    items.append(g(x))\n\ndef g(x):\n    return len(items)\n"),
      true,
    );
    assert.equal(
      await isObserved(
        "def f(xs):\n    items = []\n    def g(x):\n        nonlocal items\n        items = [x]\n    for x in xs:\n        items.append(g(x))\n",
      ),
      true,
    );
  });
});

describe("code that a region may run", () => {
  const runs = async (body: string) => {
    const { facts, node } = await open(
      `import logging\nimport math\n\nlog = logging.getLogger()\n\ndef own(x):\n    return x\n\nclass Own:\n    def act(self): ...\n\ndef f(xs: list[str], given, a: Own):\n    for x in xs:\n        ${body}\n`,
    );
    return facts.runsUnknownCode(node("for_statement").field("body")!);
  };

  it("is known for built-ins, methods of known types and known libraries", async () => {
    for (const body of ["print(x, len(x))", "x.upper().split()", "log.info(x)", "math.sqrt(4)", "y = x + 'a'"])
      assert.equal(await runs(body), false, body);
  });

  it("is unknown for parameters, functions and classes of the file, callbacks, yield and await", async () => {
    for (const body of [
      "given(x)",
      "given.method(x)",
      "own(x)",
      "a.act()",
      "print(sorted(xs, key=lambda it: given(it)))",
      "yield x",
    ])
      assert.equal(await runs(body), true, body);
  });
});

describe("purity of calls that call", () => {
  it("is that of the functions they are given", async () => {
    const source =
      "def f(xs: list[str], g):\n    a = sorted(xs)\n    b = sorted(xs, key=len)\n    c = sorted(xs, key=lambda x: len(x))\n    d = sorted(xs, key=g)\n    e = list(map(g, xs))\n    h = max(xs, key=lambda x: g(x))\n    i = list(filter(None, xs))\n";
    const { facts, node } = await open(source);
    const pure = (name: string) => facts.isPure(node("assignment", `${name} =`).field("right")!);
    assert.deepEqual(["a", "b", "c", "i"].map(pure), ["yes", "yes", "yes", "yes"]);
    assert.deepEqual(["d", "e", "h"].map(pure), ["unknown", "unknown", "unknown"]);
  });
});

describe("a value behind or, and, if else", () => {
  const stable = async (line: string) => {
    const { facts, node } = await open(
      `def f(items: list[int], n):\n    ${line}\n    for i in range(n):\n        print(items[i])\n    use(other)\n`,
    );
    return facts.isStableIn(node("identifier", "items"), node("for_statement"));
  };

  it("may be held by the name that takes the result", async () => {
    assert.equal(await stable("other = items or []"), "unknown");
    assert.equal(await stable("other = items if n else []"), "unknown");
  });

  it("is only tested as a condition", async () => {
    assert.equal(await stable("other = 1 if items else 2"), "yes");
    assert.equal(await stable("other = not (items and n)"), "yes");
  });
});

describe("names", () => {
  it("mean the built-in where nothing binds them", async () => {
    const at = async (source: string) => {
      const { facts, node } = await open(source);
      return facts.isBuiltin("list", node("identifier", "here"));
    };
    assert.equal(await at("def f():\n    here\n"), true);
    assert.equal(await at("def f(list):\n    here\n"), false);
    assert.equal(await at("def f():\n    here\n\nlist = 1\n"), false);
    assert.equal(await at("from helpers import *\n\ndef f():\n    here\n"), true);
    assert.equal(await at("from polars import *\n\ndef f():\n    here\n"), false);
    assert.equal(await at("def f():\n    def g():\n        list = 1\n    here\n"), true);
  });

  it("are not taken by attributes and keywords of the same name", async () => {
    const { facts, node } = await open("def f(here):\n    here.name = call(size=1)\n    other = 2\n");
    const taken = (name: string) => facts.isTaken(name, node("identifier", "here"));
    assert.deepEqual(["name", "size", "other", "print"].map(taken), [false, false, true, true]);
  });

  it("for one item come from a plural", () => {
    const names = [
      "names",
      "entries",
      "boxes",
      "classes",
      "children",
      "all_rows",
      "word_list",
      "xs",
      "data",
      "series",
      "status",
      "bias",
      "loss",
      "self_indices",
    ];
    assert.deepEqual(names.map(singular), [
      "name",
      "entry",
      "box",
      undefined,
      "child",
      "row",
      "word",
      "x",
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      "self_index",
    ]);
  });
});

describe("turns of a loop", () => {
  it("are counted where the source shows them", async () => {
    const turns = async (iterable: string) =>
      turnsOf((await open(`for x in ${iterable}:\n    pass\n`)).node("for_statement"));
    assert.deepEqual(
      await Promise.all(["(1, 2)", "[1]", "range(5)", "range(2, 9, 3)", "range(3, 0)", "1, 2, 3"].map(turns)),
      [2, 1, 5, 3, 0, 3],
    );
    assert.deepEqual(await Promise.all(["items", "range(n)", "[*items]", "enumerate([1])"].map(turns)), [
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
