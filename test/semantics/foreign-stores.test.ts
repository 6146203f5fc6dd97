/** Which attributes a file stores from outside, and that a class is looked at again when that changes far away. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { AnalysisState } from "../../analysis/engine/state.js";
import { openDocument } from "../../analysis/semantics/document.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, analyzer, parser } from "../harness/check.js";

async function stores(source: string): Promise<readonly string[]> {
  const document = openDocument(source, await parser());
  const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
  return [...facts.foreignStores()].sort();
}

describe("foreign stores", () => {
  it("are what is stored on anything but a method's own self", async () => {
    assert.deepEqual(
      await stores(
        "class A:\n    def __init__(self, other):\n        self.a = 1\n        other.b = self.c\n        self.d.e = 2\n",
      ),
      ["b", "e"],
    );
    assert.deepEqual(await stores("def f(self, p):\n    self.a = p.b\n    p.c += 1\n    for p.d, q in p: pass\n"), [
      "a",
      "c",
      "d",
    ]);
  });

  it("leave out the self of a method that a closure uses, not the parameter of a function inside it", async () => {
    assert.deepEqual(
      await stores(
        "class A:\n    def f(this):\n        def g(self):\n            this.a = 1\n            self.b = 2\n",
      ),
      ["b"],
    );
  });

  it("name what reaches behind the attributes", async () => {
    assert.deepEqual(
      await stores(
        "def f(p):\n    return p.__dict__\n\nclass A:\n    def f(self):\n        object.__setattr__(self, 'a', 1)\n",
      ),
      ["__dict__", "__setattr__"],
    );
  });

  it("are asked again after an edit of another piece", async () => {
    const rule = rules.find((it) => it.name === "memory/missing-slots")!;
    const filler = Array.from({ length: 20 }, (_, index) => `def filler_${index}():\n    return ${index}\n\n\n`).join(
      "",
    );
    const source = `class P:\n    def __init__(self, x):\n        self.x = x\n\n\n${filler}def points():\n    return [P(x) for x in range(10_000)]\n\n\n${filler}def paint(p):\n    print(p.colour)\n`;
    const engine = await analyzer([rule]);
    const opened = engine.open(source, allOn(), "module.py");
    assert.equal(engine.report(opened).findings.length, 1);
    const at = source.indexOf("print(p.colour)");
    const painted = engine.edit(opened, [{ start: at, end: at + "print(p.colour)".length, text: "p.colour = 1" }]);
    assert.equal(engine.report(painted).findings.length, 0);
    const back = engine.edit(painted, [{ start: at, end: at + "p.colour = 1".length, text: "pass" }]);
    assert.equal(engine.report(back).findings.length, 1);
  });
});
