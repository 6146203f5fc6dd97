/** The facts: scopes, names, types, loops, stability. Each case is Python with `?` marks: `EXPRESSION #? answer`. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { AnalysisState } from "../../analysis/engine/state.js";
import { openDocument } from "../../analysis/semantics/document.js";
import type { Facts } from "../../analysis/semantics/facts.js";
import { printType } from "../../analysis/semantics/types.js";
import type { Node } from "../../analysis/syntax/tree.js";
import { parser } from "../harness/check.js";

/** Asks about the first argument of each `probe(…)` call in the source, in order. */
async function probes(source: string, ask: (argument: Node, facts: Facts) => unknown): Promise<readonly unknown[]> {
  const document = openDocument(source, await parser());
  const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
  return document.pieces.flatMap(({ tree }) =>
    tree.root
      .descendants("call")
      .filter((it) => it.field("function")!.text === "probe")
      .map((it) => ask(it.field("arguments")!.children[0]!, facts)),
  );
}

const types = (source: string) => probes(source, (node, facts) => printType(facts.typeOf(node)));
const named = (source: string) => probes(source, (node, facts) => facts.nameOf(node));

describe("qualified names", () => {
  it("follow imports and aliases", async () => {
    assert.deepEqual(
      await named(
        "import numpy as np\nfrom os import path as p, sep\nimport xml.etree\nsleep = np.random\nprobe(np.random.rand)\nprobe(p.join)\nprobe(xml.etree.X)\nprobe(sleep.rand)\nprobe(len)\nprobe(unknown)\n",
      ),
      ["numpy.random.rand", "os.path.join", "xml.etree.X", "numpy.random.rand", "builtins.len", undefined],
    );
  });

  it("respect shadowing by parameters, assignments, loops, comprehensions, classes and functions", async () => {
    assert.deepEqual(
      await named(
        "import numpy as np\n\ndef f(np):\n    probe(np.zeros)\n\ndef g():\n    probe(np.zeros)\n    np = 1\n\ndef h():\n    [probe(np.a) for np in []]\n    probe(np.b)\n\ndef len(x): ...\nprobe(len)\n",
      ),
      [undefined, undefined, undefined, "numpy.b", undefined],
    );
  });

  it("see a global that a function rebinds, and names bound by match, with, except, walrus and del", async () => {
    assert.deepEqual(
      await named(
        "import json\nimport time\n\ndef swap():\n    global json\n    json = None2\n\ndef use():\n    probe(json.loads)\n    probe(time.time)\n",
      ),
      [undefined, "time.time"],
    );
    assert.deepEqual(
      await named(
        "import os\n\ndef f(x):\n    match x:\n        case [os, *rest]:\n            probe(os.path)\n\ndef g():\n    with open('f') as os:\n        probe(os.path)\n\ndef h():\n    (os := 1)\n    probe(os.path)\n",
      ),
      [undefined, undefined, undefined],
    );
  });

  it("hold in a class body but not for its methods' free names", async () => {
    assert.deepEqual(
      await named("import os\n\nclass C:\n    os = 1\n    probe(os.sep)\n    def m(self):\n        probe(os.sep)\n"),
      [undefined, "os.sep"],
    );
  });

  it("take an optional dependency for what it is, and two different imports for neither", async () => {
    assert.deepEqual(
      await named(
        "try:\n    import numpy as np\nexcept ImportError:\n    np = None\ntry:\n    import ujson as json\nexcept ImportError:\n    import json\nprobe(np.zeros)\nprobe(json.loads)\n",
      ),
      ["numpy.zeros", undefined],
    );
  });
});

describe("types", () => {
  it("come from literals, constructors, operators and comprehensions", async () => {
    assert.deepEqual(
      await types(
        "probe([1, 2])\nprobe({'a': 1.5})\nprobe(f'{1}')\nprobe([x for x in 'ab'])\nprobe(set())\nprobe(1 + 2.0)\nprobe('a' * 3)\nprobe((1, 'a'))\nprobe(len([]))\nprobe(sorted([1]))\nprobe(not x)\nprobe([1] + ['a'])\nprobe(b'')\n",
      ),
      [
        "list[int]",
        "dict[str, float]",
        "str",
        "list[str]",
        "set",
        "float",
        "str",
        "tuple[int, str]",
        "int",
        "list[int]",
        "bool",
        "list[?]",
        "bytes",
      ],
    );
  });

  it("come from annotations, optional and quoted ones too", async () => {
    assert.deepEqual(
      await types(
        "import pandas as pd\nimport numpy as np\nfrom typing import Optional\n\ndef f(a: list[str], b: 'pd.DataFrame', c: Optional[int], d: np.ndarray | None, e: int | str, g, *args, **kw):\n    probe(a)\n    probe(b)\n    probe(c)\n    probe(d)\n    probe(e)\n    probe(g)\n    probe(args)\n    probe(kw)\n",
      ),
      ["list[str]", "pandas.DataFrame", "int", "numpy.ndarray", "?", "?", "tuple", "dict[str, ?]"],
    );
  });

  it("follow the last assignment that certainly ran, and join over branches and loops", async () => {
    assert.deepEqual(
      await types(
        "def f(flag):\n    x = 1\n    x = 'a'\n    probe(x)\n    if flag:\n        x = []\n    probe(x)\n    y = 1\n    if flag:\n        y = 2.5\n    probe(y)\n    z = []\n    while flag:\n        probe(z)\n        z = 'text'\n",
      ),
      ["str", "?", "float", "?"],
    );
  });

  it("see through functions, methods, attributes and properties of this file", async () => {
    assert.deepEqual(
      await types(
        "import pandas as pd\n\ndef load():\n    return pd.read_csv('f')\n\nclass Box:\n    def __init__(self):\n        self.items = []\n        self.frame = load()\n    def both(self):\n        probe(self.items)\n        probe(self.frame)\n        probe(self.name())\n        probe(self.unknown)\n    def name(self):\n        return 'x'\n\nprobe(load())\nprobe(Box())\nbox = Box()\nprobe(box.items)\n",
      ),
      ["list", "pandas.DataFrame", "str", "?", "pandas.DataFrame", "local.Box", "list"],
    );
  });

  it("keep a class of this file through the methods it has from a library", async () => {
    assert.deepEqual(
      await types(
        "from torch import nn\n\nclass Net(nn.Module):\n    def half(self):\n        return 1\n\nclass Both(nn.Module, Mixin):\n    pass\n\nprobe(Net().to('cpu').eval())\nprobe(Net().half())\nprobe(Net().get_submodule('a'))\nprobe(Both().eval())\nprobe(Net().unknown())\n",
      ),
      ["local.Net", "int", "torch.nn.Module", "?", "?"],
    );
  });

  it("give elements of what is iterated", async () => {
    assert.deepEqual(
      await types(
        "def f(names: list[str], table: dict[str, int]):\n    for name in names:\n        probe(name)\n    for index, name in enumerate(names):\n        probe(index)\n        probe(name)\n    for key, value in table.items():\n        probe(value)\n    with open('f') as file:\n        for line in file:\n            probe(line)\n",
      ),
      ["str", "int", "str", "int", "str"],
    );
  });

  it("hold for names that a loop sets from their own value, and widen or end where the value does", async () => {
    assert.deepEqual(
      await types(
        "import pandas as pd\n\ndef f(frame: pd.DataFrame, items, g):\n    level, count, half, odd = 1.0, 0, 1, 'a'\n    for it in items:\n        level = 0.9 * level + 0.01\n        count = count + 1\n        half = -half / 2\n        odd = [odd]\n        frame = frame.dropna().head(3)\n        other = g(frame)\n    probe(level)\n    probe(count)\n    probe(half)\n    probe(odd)\n    probe(frame)\n    a, b = 1, 1\n    while g():\n        a = a + b\n        b = b * a\n    c = 1\n    while g():\n        c = g(c)\n    probe(c)\n",
      ),
      ["float", "int", "float", "?", "pandas.DataFrame", "?"],
    );
  });

  it("of frames that are read in parts are those of the parts, where the size is a number", async () => {
    assert.deepEqual(
      await types(
        "import pandas as pd\n\ndef f(path, size: int, other, connection):\n    for part in pd.read_csv(path, chunksize=10_000):\n        probe(part)\n    with pd.read_csv(path, iterator=True) as reader:\n        probe(reader.get_chunk(5))\n    for part in pd.read_sql('select 1', connection, chunksize=size):\n        probe(part)\n    for part in pd.read_json(path, lines=True, chunksize=100):\n        probe(part)\n    probe(pd.concat([it for it in pd.read_csv(path, chunksize=size)]))\n    probe(next(pd.read_csv(path, chunksize=10)))\n    probe(pd.read_csv(path, chunksize=None, iterator=False))\n    probe(pd.read_csv(path, chunksize=other))\n    probe(pd.read_sql('select 1', connection, chunksize=other))\n    probe(pd.read_csv(path, iterator=other))\n    probe(pd.read_csv(path, **other))\n    probe(pd.read_sql('select 1', connection))\n",
      ),
      [
        ...Array.from({ length: 6 }, () => "pandas.DataFrame"),
        "pandas.DataFrame",
        "?",
        "?",
        "?",
        "?",
        "pandas.DataFrame",
      ],
    );
  });

  it("come from vars(), and from what Beautiful Soup finds", async () => {
    assert.deepEqual(
      await types(
        "from bs4 import BeautifulSoup\nimport os\n\ndef f(text, thing):\n    soup = BeautifulSoup(text, 'html.parser')\n    probe(soup.find_all('a'))\n    for row in soup.select('tr'):\n        probe(row)\n        probe(row.find('td').text)\n    probe(vars(thing))\n    probe(vars())\n    probe(vars(type(thing)))\n    probe(soup.unheard('a'))\n",
      ),
      ["list[bs4.Tag]", "bs4.Tag", "str", "dict[str, ?]", "dict[str, ?]", "?", "?"],
    );
  });

  it("knows what positions and labels take of a frame or column", async () => {
    const source = `import pandas as pd

def f(df: pd.DataFrame, s: pd.Series, name: str, key):
    probe(df.iloc[:, :-1])
    probe(df.iloc[:, -1])
    probe(df.iloc[3])
    probe(df.iloc[2:5])
    probe(df.loc[df["a"] > 3, ["a", "b"]])
    probe(df.loc[df["a"] > 3, name])
    probe(df.loc[:, df.columns])
    probe(s.iloc[1:])
    probe(df.iloc[3, 4])
    probe(df.loc[3])
    probe(df.loc[key])
    probe(s.loc[name])
`;
    const frame = "pandas.DataFrame";
    const series = "pandas.Series";
    assert.deepEqual(await types(source), [
      frame,
      series,
      series,
      frame,
      frame,
      series,
      frame,
      series,
      "?",
      "?",
      "?",
      "?",
    ]);
  });

  it("knows attributes that something is unpacked into, but not beside a star", async () => {
    const source = `import pandas as pd
from sklearn.model_selection import train_test_split

class Data:
    def __init__(self, x: pd.DataFrame, y: pd.Series, rows: list[str]):
        self.left, self.right, self.a, self.b = train_test_split(x, y)
        self.first, (self.name, self.size) = 1, ("a", 2.5)
        self.head, *self.rest = rows
        for self.row in rows:
            pass

    def run(self):
        probe(self.left)
        probe(self.b)
        probe(self.first)
        probe(self.size)
        probe(self.head)
        probe(self.rest)
        probe(self.row)
`;
    assert.deepEqual(await types(source), ["pandas.DataFrame", "pandas.Series", "int", "float", "?", "?", "?"]);
  });

  it("come from casts, choices, progress bars, and data split in two", async () => {
    assert.deepEqual(
      await types(
        "from typing import cast\nfrom tqdm import tqdm\nfrom tqdm.auto import tqdm as bar\nimport pandas as pd\nimport random\nfrom sklearn.model_selection import train_test_split\n\ndef f(thing, names: list[str], x: pd.DataFrame, y: pd.Series, unknown):\n    probe(cast(list[int], thing))\n    probe(cast('Unheard', thing))\n    probe(random.choice(names))\n    for name in tqdm(names):\n        probe(name)\n    for number, name in bar(enumerate(names)):\n        probe(name)\n    for one, other in zip(tqdm(names), names):\n        probe(one)\n    left, right, a, b = train_test_split(x, y, test_size=0.2)\n    probe(left)\n    probe(right)\n    probe(a)\n    probe(b)\n    c, d, e, _ = train_test_split(unknown, x)\n    probe(c)\n    probe(e)\n    probe(train_test_split(x, y)[0])\n",
      ),
      [
        "list[int]",
        "?",
        "str",
        "str",
        "str",
        "str",
        "pandas.DataFrame",
        "pandas.DataFrame",
        "pandas.Series",
        "pandas.Series",
        "?",
        "pandas.DataFrame",
        "?",
      ],
    );
  });

  it("do not loop on functions and assignments that need one another", async () => {
    assert.deepEqual(
      await types("def a():\n    return b()\n\ndef b():\n    return a()\n\nx = y\ny = x\nprobe(a())\nprobe(x)\n"),
      ["?", "?"],
    );
  });
});

describe("stability", () => {
  /** Whether `names` stays the same while the loop around `word in names` runs. */
  async function stability(line: string, before = "names = ['a', 'b']"): Promise<string> {
    const source = `def f(words, process):\n    ${before}\n    for word in words:\n        if word in names:\n            ${line}\n`;
    const document = openDocument(source, await parser());
    const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
    const [test] = document.pieces.flatMap(({ tree }) => tree.root.descendants("comparison_operator"));
    return facts.isStableIn(test!.children[1]!, facts.loopAround(test!)!);
  }

  for (const line of [
    "print(len(names), names[0])",
    "x = sorted(names)",
    "word = names.index(word)",
    "process(word)",
  ]) {
    it(`holds beside ${line}`, async () => assert.equal(await stability(line), "yes"));
  }
  for (const line of ["names = []", "names.append(word)", "names[0] = word", "names += [word]", "del names[0]"]) {
    it(`ends with ${line}`, async () => assert.equal(await stability(line), "no"));
  }
  for (const line of ["process(names)", "other = names", "words.x = [names]"]) {
    it(`is unknown beside ${line}`, async () => assert.equal(await stability(line), "unknown"));
  }
  for (const line of ["names.loc[word] = 0", "names[1:][0] = word", "names.T[0] += 1", "names.flat[0] = word"]) {
    it(`ends for an array with ${line}`, async () =>
      assert.equal(await stability(line, "import numpy as np; names = np.zeros(3)"), "no"));
  }
  it("holds for an array beside names[1:], names.shape[0]", async () =>
    assert.equal(
      await stability("print(names[1:], names.shape[0])", "import numpy as np; names = np.zeros(3)"),
      "yes",
    ));
  it("is unknown for a list that has another name before the loop", async () =>
    assert.equal(await stability("pass", "names = ['a']; other = names"), "unknown"));
  it("holds for text whatever it is passed to", async () =>
    assert.equal(await stability("process(names)", "names = 'abc'"), "yes"));
});

describe("loops", () => {
  it("count what runs once per turn: not the iterable, not the else", async () => {
    assert.deepEqual(
      await probes(
        "for a in probe(1):\n    probe(2)\n    [probe(3) for b in probe(4)]\n    def g():\n        probe(5)\nelse:\n    probe(6)\nwhile probe(7):\n    pass\n",
        (node, facts) => facts.loopDepth(node),
      ),
      [0, 1, 2, 1, 0, 0, 1],
    );
  });
});
