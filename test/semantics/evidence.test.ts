/** Types that nobody declared: from callers, docstrings and defaults, each with its evidence, and none of them in what `typeOf` says. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { documentedIn } from "../../analysis/semantics/docstrings.js";
import { documentedType } from "../../analysis/semantics/documented-types.js";
import type { Likeness } from "../../analysis/semantics/likeness.js";
import { printType } from "../../analysis/semantics/types.js";
import { askFacts } from "../harness/ask-facts.js";

const typed = (source: string) =>
  askFacts(source, (node, facts) => {
    const found = facts.typed(node);
    return found ? `${printType(found.type)} ${found.evidence}` : "?";
  });
const stated = (source: string) => askFacts(source, (node, facts) => printType(facts.typeOf(node)));

const GUARD = '\n\nif __name__ == "__main__":\n    main()\n';

describe("types from callers", () => {
  it("are proof for private functions, nested ones and those of a script", async () => {
    const source = `def _private(rows):\n    probe(rows)\n\ndef outer():\n    def nested(text):\n        probe(text)\n    nested("a")\n    _private([1])\n\ndef plain(number):\n    probe(number)\n\ndef main():\n    plain(1)\n${GUARD}`;
    assert.deepEqual(await typed(source), ["list[int] proof", "str proof", "int proof"]);
    assert.deepEqual(await stated(source), ["?", "?", "?"]);
  });

  it("are unknown for a public function of a module, and for one that is listed", async () => {
    assert.deepEqual(await typed("def public(rows):\n    probe(rows)\n\npublic([1])\n"), ["?"]);
    assert.deepEqual(await typed('__all__ = ["_listed"]\n\ndef _listed(rows):\n    probe(rows)\n\n_listed([1])\n'), [
      "?",
    ]);
  });

  it("are unknown where a caller is out of sight, gives something unknown, or something else", async () => {
    const calls = ["_f([1])\nkeep(_f)", "_f([1])\n_f(unknown)", "_f([1])\n_f('a')", "_f(*[1])", ""];
    for (const call of calls) assert.deepEqual(await typed(`def _f(rows):\n    probe(rows)\n\n${call}\n`), ["?"], call);
  });

  it("take keywords, defaults that are left out, and None beside something else", async () => {
    assert.deepEqual(
      await typed(
        "def _f(a, b=1.5, *, c=None, d=None):\n    probe(a)\n    probe(b)\n    probe(c)\n    probe(d)\n\n_f(a=1)\n_f(2, c='x')\n",
      ),
      ["int proof", "float proof", "str proof", "?"],
    );
  });

  it("pass through parameters that are handed on, in circles too", async () => {
    assert.deepEqual(
      await typed(
        "def _a(rows, depth):\n    _b(rows)\n\ndef _b(rows):\n    probe(rows)\n    _a(rows, 1)\n\n_a([1], 0)\n",
      ),
      ["list[int] proof"],
    );
    assert.deepEqual(await typed("def _f(rows):\n    probe(rows)\n    _f(rows)\n"), ["?"]);
  });

  it("reach methods that are called on their own object alone", async () => {
    const source = (call: string) =>
      `class Store:\n    def _put(self, row):\n        probe(row)\n\n    def fill(self):\n        self._put("a")\n\n\n${call}\n`;
    assert.deepEqual(await typed(source("")), ["str proof"]);
    assert.deepEqual(await typed(source("def use(store):\n    store._put(1)")), ["?"]);
    assert.deepEqual(await typed(source("class More(Store):\n    def more(self):\n        self._put(1)")), ["?"]);
    assert.deepEqual(await typed(source("class Other:\n    def more(self):\n        self._put(1)")), ["str proof"]);
    assert.deepEqual(await typed(source("def use(store, name):\n    getattr(store, name)(1)")), ["?"]);
  });

  it("flow into what is computed from them", async () => {
    assert.deepEqual(
      await typed("def _f(rows):\n    probe(rows[0])\n    total = rows + [2]\n    probe(total)\n\n_f([1])\n"),
      ["int proof", "list[int] proof"],
    );
  });
});

describe("types from docstrings", () => {
  const styles: Readonly<Record<string, string>> = {
    NumPy: "Does.\n\n    Parameters\n    ----------\n    rows : list of str\n        What.\n    size : int, optional\n",
    Google: "Does.\n\n    Args:\n        rows (List[str]): What.\n        size (int, optional): Of it.\n",
    Sphinx: "Does.\n\n    :param rows: what\n    :type rows: list[str]\n    :param int size: of it\n",
  };
  for (const [style, text] of Object.entries(styles))
    it(`are strong, in the style of ${style}`, async () => {
      const source = `def f(rows, size, other):\n    """${text}    """\n    probe(rows)\n    probe(size)\n    probe(other)\n`;
      assert.deepEqual(await typed(source), ["list[str] strong", "int strong", "?"]);
      assert.deepEqual(await stated(source), ["?", "?", "?"]);
    });

  it("are taken from the class for its constructor, and for what a function returns", async () => {
    assert.deepEqual(
      await typed(
        'class A:\n    """Parameters\n    ----------\n    size : int\n    """\n    def __init__(self, size):\n        probe(size)\n\ndef load(path):\n    """Reads.\n\n    Returns\n    -------\n    str\n    """\n    return read(path)\n\nprobe(load(1))\n',
      ),
      ["int strong", "str strong"],
    );
  });

  it("know whole words only, and a library's only where it is meant", () => {
    const imports =
      (...names: readonly string[]) =>
      (it: string) =>
        names.includes(it);
    const type = (words: string, ...names: readonly string[]) => printType(documentedType(words, imports(...names)));
    assert.equal(type("DataFrame", "pandas"), "pandas.DataFrame");
    assert.equal(type("DataFrame", "pandas", "polars"), "?");
    assert.equal(type("DataFrame"), "?");
    assert.equal(type("pd.DataFrame"), "pandas.DataFrame");
    assert.equal(type("`torch.Tensor` of shape `(batch, length)`, *optional*"), "torch.Tensor");
    assert.equal(type("ndarray of shape (n, 2)", "numpy"), "numpy.ndarray");
    assert.equal(type("str or None"), "str");
    assert.equal(type("Optional[int]"), "int");
    assert.equal(type("str, default='x'"), "str");
    assert.equal(type("{'left', 'right'}"), "str");
    assert.equal(type("dict[str, int]"), "dict[str, int]");
    for (const prose of [
      "array-like",
      "a list",
      "list or dict",
      "int or str",
      "string to print",
      "the rows",
      "object",
      "",
    ])
      assert.equal(type(prose, "numpy"), "?", prose);
  });

  it("are read by section, and not from prose or examples", () => {
    const { parameters, returns } = documentedIn(
      "Does.\n\nArgs:\n    a (int): One.\n        b (str): Not one.\n    c: None.\n\nNote:\n    d (int): neither\n\nReturns:\n    dict: All.\n",
    );
    assert.deepEqual([...parameters], [["a", "int"]]);
    assert.equal(returns, "dict");
  });
});

describe("types from defaults", () => {
  it("are fair, and None says nothing", async () => {
    assert.deepEqual(
      await typed(
        "def f(a='', b=0, c=1.5, d=True, e=None, g=[], h=-1, i={}):\n    probe(a)\n    probe(b)\n    probe(c)\n    probe(d)\n    probe(e)\n    probe(g)\n    probe(h)\n    probe(i)\n",
      ),
      ["str fair", "int fair", "float fair", "bool fair", "?", "list fair", "int fair", "?"],
    );
  });

  it("say nothing where a docstring contradicts them, which then holds alone", async () => {
    assert.deepEqual(await typed('def f(a=""):\n    """\n    :param int a: what\n    """\n    probe(a)\n'), [
      "int strong",
    ]);
    assert.deepEqual(
      await askFacts('def f(a=""):\n    """\n    :param list a: what\n    """\n    probe(a)\n', (node, facts) =>
        facts.evidenceOf(node),
      ),
      ["strong"],
    );
  });
});

describe("a floor", () => {
  const SOURCE =
    'def f(a, b=""):\n    """\n    :param str a: what\n    """\n    probe(a)\n    probe(b)\n    probe("c")\n';
  it("keeps out what is less sure", async () => {
    const at = (floor: "proof" | "strong" | "fair") =>
      askFacts(SOURCE, (node, facts) => facts.typed(node, floor)?.evidence ?? "?");
    assert.deepEqual(await at("proof"), ["?", "?", "proof"]);
    assert.deepEqual(await at("strong"), ["strong", "?", "proof"]);
    assert.deepEqual(await at("fair"), ["strong", "fair", "proof"]);
  });

  it("decides what a value is, and without one only what is stated counts", async () => {
    assert.deepEqual(await askFacts(SOURCE, (node, facts) => facts.isA(node, "str")), [false, false, true]);
    assert.deepEqual(await askFacts(SOURCE, (node, facts) => facts.isA(node, "str", "strong")), [true, false, true]);
  });

  it("goes by the least sure part of an expression", async () => {
    assert.deepEqual(
      await askFacts(
        'def f(a, b=0):\n    """\n    :param int a: what\n    """\n    probe(a + b)\n    probe(a + 1)\n    probe([a])\n',
        (node, facts) => facts.evidenceOf(node),
      ),
      ["fair", "strong", "proof"],
    );
  });
});

describe("what isinstance shows", () => {
  const cases: readonly (readonly [title: string, body: string, expected: string])[] = [
    ["in the branch", "if isinstance(x, str):\n    probe(x)", "str proof"],
    ["in the branch of several conditions", "if y and isinstance(x, str):\n    probe(x)", "str proof"],
    ["not where one of several suffices", "if y or isinstance(x, str):\n    probe(x)", "?"],
    ["not in the other branch", "if isinstance(x, str):\n    pass\nelse:\n    probe(x)", "?"],
    ["not behind", "if isinstance(x, str):\n    pass\nprobe(x)", "?"],
    ["behind an assertion", "assert isinstance(x, str), x\nprobe(x)", "str proof"],
    ["behind a refusal", "if not isinstance(x, str):\n    raise TypeError(x)\nprobe(x)", "str proof"],
    ["not behind one that goes on", "if not isinstance(x, str):\n    print(x)\nprobe(x)", "?"],
    ["in a conditional expression", "probe(x) if isinstance(x, str) else 0", "str proof"],
    ["not once it is bound again", "assert isinstance(x, str)\nx = y()\nprobe(x)", "?"],
    ["not of one of several", "assert isinstance(x, (str, int))\nprobe(x)", "?"],
    ["not in a function that runs later", "assert isinstance(x, str)\nlambda: probe(x)", "?"],
  ];
  for (const [title, body, expected] of cases)
    it(title, async () => {
      const source = `def f(x, y):\n    ${body.replaceAll("\n", "\n    ")}\n`;
      assert.deepEqual(await typed(source), [expected]);
      assert.deepEqual(await stated(source), ["?"]);
    });
});

describe("what a value is taken for", () => {
  it("goes by its type first, then by its likeness", async () => {
    const taken = (source: string, floor?: "proof" | "strong") =>
      askFacts(source, (node, facts) => facts.takenFor(node, "frame", floor) ?? "?");
    const source =
      "import pandas as pd\n\ndef f(a, b, df, d: dict):\n    probe(pd.read_csv(a))\n    b.iterrows()\n    probe(b)\n    df.head()\n    probe(df)\n    d.iterrows()\n    probe(d)\n";
    assert.deepEqual(await taken(source), ["proof", "strong", "fair", "?"]);
    assert.deepEqual(await taken(source, "strong"), ["proof", "strong", "?", "?"]);
    assert.deepEqual(await taken(source, "proof"), ["proof", "?", "?", "?"]);
  });

  it("follows what things of a kind give", async () => {
    const source = `import numpy as np
import pandas as pd
import torch

def f(a, rows, items, df, tf):
    a.iterrows()
    probe(a["price"])
    probe(a[["price"]])
    probe(a["price"].map(str))
    df.head()
    probe(df["price"])
    probe(items[0].permute(1, 0).numpy())
    inputs = items[0].detach().cpu().numpy()
    probe(inputs)
    probe(inputs > 0)
    probe(rows[0]["price"])
    probe(tf.read())
`;
    const taken = (kind: Likeness, floor?: "strong") =>
      askFacts(source, (node, facts) => facts.takenFor(node, kind, floor) ?? "?");
    const none = ["?", "?"];
    assert.deepEqual(await taken("series"), ["strong", "?", "strong", "fair", "?", "?", "?", ...none]);
    assert.deepEqual(await taken("series", "strong"), ["strong", "?", "strong", "?", "?", "?", "?", ...none]);
    assert.deepEqual(await taken("frame"), ["?", "strong", "?", "?", "?", "?", "?", ...none]);
    assert.deepEqual(await taken("array", "strong"), ["?", "?", "?", "?", "strong", "strong", "strong", ...none]);
  });

  it("knows from numpy() only where torch is the only library that has it", async () => {
    const taken = (imports: string) =>
      askFacts(`${imports}\ndef f(x):\n    probe(x.numpy())\n`, (node, facts) => facts.takenFor(node, "array"));
    assert.deepEqual(await taken("import torch"), ["strong"]);
    assert.deepEqual(await taken("import torch\nimport tensorflow"), [undefined]);
    assert.deepEqual(await taken("import tensorflow"), [undefined]);
  });

  it("takes a text for something that can be a key", async () => {
    assert.deepEqual(
      await askFacts(
        "def f(a, b, c):\n    a.strip()\n    probe(a)\n    probe((1, 'a'))\n    probe([b])\n    probe(c)\n",
        (node, facts) => facts.takenFor(node, "hashable"),
      ),
      ["strong", "proof", undefined, undefined],
    );
  });
});
