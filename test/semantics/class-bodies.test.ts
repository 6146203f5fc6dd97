/** Names bound in the body of a class that is so long that it is cut into pieces. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { AnalysisState } from "../../analysis/engine/state.js";
import { openDocument } from "../../analysis/semantics/document.js";
import type { Facts } from "../../analysis/semantics/facts.js";
import { printType } from "../../analysis/semantics/types.js";
import type { Node } from "../../analysis/syntax/tree.js";
import { allOn, analyzer, parser } from "../harness/check.js";

/** A method long enough that its class is cut into its members. */
const FILLER = `    def filler(self, number):\n${"        number = number * 2 + 1\n".repeat(97)}        return number\n\n`;

/** Asks about the first argument of each `probe(…)` call in the source, in order. */
async function probes(source: string, ask: (argument: Node, facts: Facts) => unknown): Promise<readonly unknown[]> {
  const document = openDocument(source, await parser());
  assert.ok(document.pieces.some((it) => it.role === "member"));
  const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
  return document.pieces.flatMap(({ tree }) =>
    tree.root
      .descendants("call")
      .filter((it) => it.field("function")!.text === "probe")
      .map((it) => ask(it.field("arguments")!.children[0]!, facts)),
  );
}

describe("names of a class body that is cut into pieces", () => {
  it("are seen in later pieces, in decorators, defaults and statements, not in methods", async () => {
    const source = `import numpy as np\nimport time\nLIMIT = 1\n\n\nclass Long:\n    from json import loads\n    sum = np.sum\n    LIMIT = "text"\n${FILLER}    def method(self, at=probe(loads)):\n        probe(loads)\n        return probe(sum)\n\n    table = [probe(sum), probe(LIMIT), [probe(LIMIT) for _ in range(9)]]\n`;
    assert.deepEqual(await probes(source, (node, facts) => facts.nameOf(node)), [
      "json.loads",
      undefined,
      "builtins.sum",
      "numpy.sum",
      undefined,
      undefined,
    ]);
    assert.deepEqual((await probes(source, (node, facts) => printType(facts.typeOf(node)))).slice(-2), ["str", "int"]);
    assert.deepEqual(await probes(source, (node, facts) => facts.isBuiltin("sum", node)), [
      false,
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it("are those of the module before the class binds them, and in a class inside the class", async () => {
    const source = `import time\n\n\nclass Long:\n    start = probe(time)\n\n    def early(self, at=probe(list)): ...\n\n    class Inner:\n        at = probe(time)\n\n${FILLER}    def list(self): ...\n\n    time = 1\n\n    def late(self, at=probe(list)): ...\n\n    end = probe(time)\n\n    class Other:\n        at = probe(time)\n`;
    assert.deepEqual(await probes(source, (node, facts) => facts.nameOf(node)), [
      "time",
      "builtins.list",
      "time",
      undefined,
      undefined,
      "time",
    ]);
  });

  it("are read where decorators and defaults of later pieces use them", async () => {
    const source = `class Long:\n    def traced(func):\n        return func\n\n    probe(traced)\n\n${FILLER}    @traced\n    def one(self):\n        return traced\n\n    @traced\n    def two(self): ...\n\n\ndef traced(): ...\n\n\ntraced()\n`;
    const [count, texts] = (
      await probes(source, (node, facts) => [
        facts.writesOf(node).length,
        facts.readsOf(node).map((it) => it.parent!.kind),
      ])
    )[0] as [number, string[]];
    assert.equal(count, 1);
    assert.deepEqual(texts, ["argument_list", "decorator", "decorator"]);
  });

  const TRACED = `    def traced(func):\n        def wrapper(self, *args, **kwargs):\n            return func(self, *args, **kwargs)\n\n        return wrapper\n\n`;
  const USED = `    @traced\n    def one(self):\n        return 1\n`;

  it("tell a rule that a function of the class is a decorator, whatever is edited", async () => {
    const engine = await analyzer();
    const found = (text: string) =>
      engine.report(engine.open(text, allOn(), "m.py")).findings.filter((it) => it.rule === "decorators/missing-wraps")
        .length;
    const CLASS = `class Long:\n${TRACED}${FILLER}${USED}`;
    assert.equal(found(CLASS), 1);
    for (const [from, to, after] of [
      ["    @traced\n", "", 0],
      ["", "    @traced\n", 0],
      ["    @traced\n", "    @other\n", 0],
      ["def traced", "def renamed", 0],
      [FILLER, `${FILLER}class Second:\n${FILLER}`, 0],
      ["class Long", "class Other", 1],
    ] as const) {
      const [text, wanted] = from === "" ? [CLASS.replace(to, ""), CLASS] : [CLASS, CLASS.replace(from, to)];
      const start = from === "" ? CLASS.indexOf(to) : CLASS.indexOf(from);
      const before = engine.open(text, allOn(), "m.py");
      engine.report(before);
      const edited = engine.edit(before, [{ start, end: start + from.length, text: to }]);
      assert.equal(edited.text, wanted);
      const count = engine.report(edited).findings.filter((it) => it.rule === "decorators/missing-wraps").length;
      assert.equal(count, found(wanted));
      if (from !== "") assert.equal(count, after, `${from} became ${to}`);
    }
  });
});
