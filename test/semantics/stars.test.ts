/** What a file's names stand for where it imports all names of a module. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { AnalysisState } from "../../analysis/engine/state.js";
import { openDocument } from "../../analysis/semantics/document.js";
import { allOn, analyzer, parser } from "../harness/check.js";

/** Qualified names of the first arguments of `probe(…)`, and `own` where the name of a built-in means something else. */
async function named(source: string): Promise<readonly unknown[]> {
  const document = openDocument(source, await parser());
  const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
  return document.pieces.flatMap(({ tree }) =>
    tree.root
      .descendants("call")
      .filter((it) => it.field("function")!.text === "probe")
      .map((it) => {
        const argument = it.field("arguments")!.children[0]!;
        const name = facts.nameOf(argument);
        assert.equal(name === `builtins.${argument.text}`, facts.isBuiltin(argument.text, argument));
        return name;
      }),
  );
}

describe("star imports", () => {
  it("of modules that nothing is known of leave built-ins and what the file imports alone", async () => {
    const source =
      "import numpy as np\nfrom helpers import *\nfrom .sibling import *\n\ndef f():\n    probe(len)\n    probe(np.zeros)\n    probe(sqrt)\n";
    assert.deepEqual(await named(source), ["builtins.len", "numpy.zeros", undefined]);
  });

  it("of known modules name what those bind, through attributes and several stars", async () => {
    const source =
      "from tkinter import *\nfrom tkinter.ttk import *\nfrom numpy import *\nprobe(zeros)\nprobe(linalg.norm)\nprobe(Button)\nprobe(Tk)\nprobe(len)\nprobe(open)\nprobe(unheard)\n";
    assert.deepEqual(await named(source), [
      "numpy.zeros",
      "numpy.linalg.norm",
      "tkinter.ttk.Button",
      "tkinter.Tk",
      "builtins.len",
      "builtins.open",
      undefined,
    ]);
    assert.deepEqual(await named("from math import *\nfrom helpers import *\nprobe(sqrt)\n"), [undefined]);
    assert.deepEqual(await named("from helpers import *\nfrom math import *\nprobe(sqrt)\n"), ["math.sqrt"]);
  });

  it("hide the built-ins that the module is known to hide", async () => {
    assert.deepEqual(await named("from os import *\nprobe(open)\nprobe(len)\nprobe(listdir)\n"), [
      "os.open",
      "builtins.len",
      "os.listdir",
    ]);
    // `abs` is among the names of NumPy's star since NumPy 2 only.
    assert.deepEqual(await named("from numpy import *\nprobe(sum)\nprobe(abs)\nprobe(sorted)\n"), [
      "numpy.sum",
      undefined,
      "builtins.sorted",
    ]);
    assert.deepEqual(await named("from pyspark.sql.functions import *\nprobe(max)\nprobe(len)\n"), [
      undefined,
      "builtins.len",
    ]);
  });

  it("count from where they stand to where a later binding takes over", async () => {
    const star = "from math import *\n";
    const own = "def sqrt(x):\n    return x\n\n\n";
    const use = "\n\ndef use():\n    probe(sqrt)\n";
    assert.deepEqual(await named(star + own + use), [undefined]);
    assert.deepEqual(await named(own + star + use), ["math.sqrt"]);
    assert.deepEqual(await named(`${star}from numpy import sqrt\n${use}`), ["numpy.sqrt"]);
    assert.deepEqual(await named(`from numpy import sqrt\n${star}${use}`), ["math.sqrt"]);
    assert.deepEqual(await named(`from numpy import sqrt\nprobe(sqrt)\n${star}probe(sqrt)\n`), [
      "numpy.sqrt",
      "math.sqrt",
    ]);
    assert.deepEqual(await named(`${star}if fast:\n    from numpy import sqrt\n${use}`), [undefined]);
    assert.deepEqual(
      await named(`try:\n    from numpy import *\nexcept ImportError:\n    pass\nprobe(sum)\nprobe(len)\n`),
      [undefined, "builtins.len"],
    );
    assert.deepEqual(await named("probe(open)\nfrom os import *\nprobe(open)\n"), ["builtins.open", "os.open"]);
    assert.deepEqual(await named(`${star}def use(sqrt):\n    probe(sqrt)\n`), [undefined]);
  });

  it("are followed from edit to edit: a star that comes, goes, or changes its place", async () => {
    const engine = await analyzer();
    const use = "\n\ndef first(rows: list):\n    for i in range(len(rows)):\n        print(rows[i])\n";
    const own = "def len(rows):\n    return 0\n";
    const star = "from builtin_helpers import *\n";
    const shadowing = "from polars import *\n";
    const found = (text: string) =>
      engine.report(engine.open(text, allOn(), "m.py")).findings.filter((it) => it.rule === "iteration/range-len")
        .length;
    assert.equal(found(star + use), 1);
    assert.equal(found(shadowing + use), 0);
    for (const [from, to] of [
      [star, shadowing],
      [shadowing, star],
      [shadowing, ""],
      ["", shadowing],
      [`${shadowing}from builtins import len\n`, `from builtins import len\n${shadowing}`],
      [`from builtins import len\n${shadowing}`, `${shadowing}from builtins import len\n`],
      [own, star],
    ] as const) {
      const before = engine.open(from + use, allOn(), "m.py");
      engine.report(before);
      const after = engine.edit(before, [{ start: 0, end: from.length, text: to }]);
      assert.equal(
        engine.report(after).findings.filter((it) => it.rule === "iteration/range-len").length,
        found(to + use),
        `${from} became ${to}`,
      );
    }
  });
});
