/** How much a place matters: what makes it heavy, what makes it light, and that the rest is unknown. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { askFacts } from "../harness/ask-facts.js";

const weights = (source: string, options = {}) => askFacts(source, (node, facts) => facts.weightOf(node), options);
const sizes = (source: string) => askFacts(source, (node, facts) => facts.sizeOf(node));

const loop = (head: string, before = "") =>
  `import pandas as pd\nimport enum\nimport csv\n${before}\ndef f(rows, path, db):\n    ${head}\n        probe(1)\n`;

describe("the size of what is gone through", () => {
  const cases: Readonly<Record<string, string>> = {
    "[1, 2, 3]": "light",
    "range(9)": "light",
    "range(16)": "light",
    "range(100)": "unknown",
    "range(100_000)": "heavy",
    "range(COUNT)": "heavy",
    "rows[:5]": "light",
    "rows[2:6]": "light",
    "rows[-3:]": "light",
    "rows[:500]": "unknown",
    rows: "unknown",
    "range(len(rows))": "unknown",
    "range(len(NAMES))": "light",
    "enumerate(NAMES)": "light",
    "zip(rows, NAMES)": "light",
    "NAMES.items()": "light",
    GROWN: "unknown",
    "sys.argv[1:]": "light",
    Color: "light",
    args: "light",
    "open(path)": "heavy",
    "enumerate(open(path))": "heavy",
    "csv.reader(open(path))": "heavy",
    "db.execute(query).fetchall()": "heavy",
    "pd.read_csv(path).iterrows()": "heavy",
    "pd.read_csv(path).columns": "light",
    "[x for x in range(10_000)]": "heavy",
    "(x for x in (1, 2))": "light",
    "'abc'": "light",
    train_loader: "heavy",
    "unknown()": "unknown",
  };
  for (const [iterable, weight] of Object.entries(cases))
    it(`of ${iterable}`, async () => {
      const source = `import csv\nimport enum\nimport sys\nimport pandas as pd\n\nCOUNT = 5_000\nNAMES = {"a": 1, "b": 2}\nGROWN = []\nGROWN.append(1)\n\nclass Color(enum.Enum):\n    RED = 1\n\ndef f(rows, path, db, query, train_loader, *args):\n    probe(${iterable})\n`;
      assert.deepEqual(await sizes(source), [weight]);
    });
});

describe("weight", () => {
  const cases: readonly (readonly [title: string, source: string, expected: string])[] = [
    ["a loop over a file", loop("for line in open(path):"), "heavy"],
    ["a loop over a parameter", loop("for row in rows:"), "unknown"],
    ["two of them", loop("for row in rows:\n      for other in rows:"), "heavy"],
    ["a loop over a handful", loop("for row in (1, 2):"), "light"],
    ["a handful within a file", loop("for line in open(path):\n      for x in (1, 2):"), "heavy"],
    ["while True", loop("while True:"), "heavy"],
    [
      "while True around attempts",
      "def f():\n    while True:\n        try:\n            probe(1)\n            break\n        except E:\n            sleep(1)\n",
      "unknown",
    ],
    ["while there is more to read", loop("while chunk := rows.read(10):"), "heavy"],
    ["a function of which nothing is known", "def f():\n    probe(1)\n", "unknown"],
    ["code that runs at import", "probe(1)\n", "light"],
    ["a class body", "class A:\n    x = probe(1)\n", "light"],
    [
      "an error path",
      "def f(path):\n    for line in open(path):\n        try:\n            pass\n        except E:\n            probe(1)\n",
      "light",
    ],
    [
      "what is raised",
      "def f(rows):\n    for line in open(rows):\n        if line:\n            raise E(probe(1))\n",
      "light",
    ],
    ["a view of FastAPI", '@app.get("/rows")\nasync def rows():\n    probe(1)\n', "heavy"],
    ["a getter of something else", '@cache.get("rows")\ndef rows():\n    probe(1)\n', "unknown"],
    ["a view of Django", "from django.http import HttpResponse\n\ndef rows(request):\n    probe(1)\n", "heavy"],
    ["a view by its class", "class Rows(APIView):\n    def get(self, request):\n        probe(1)\n", "heavy"],
    ["items of a dataset", "class Images(Dataset):\n    def __getitem__(self, index):\n        probe(1)\n", "heavy"],
    [
      "the constructor of a dataset",
      "class Images(Dataset):\n    def __init__(self, index):\n        probe(1)\n",
      "unknown",
    ],
    ["a layer's forward", "class Net(nn.Module):\n    def forward(self, x):\n        probe(1)\n", "heavy"],
    ["a function applied to rows", "def clean(row):\n    probe(1)\n\ndf.apply(clean, axis=1)\n", "heavy"],
    ["a lambda applied to rows", "df.apply(lambda row: probe(1), axis=1)\n", "heavy"],
    [
      "a step of training",
      "import torch\n\ndef f(batches):\n    for x in batches:\n        loss(x).backward()\n        probe(1)\n",
      "heavy",
    ],
    [
      "an epoch of training",
      "import torch\n\ndef f(batches):\n    for epoch in range(3):\n        probe(1)\n        for x in batches:\n            loss(x).backward()\n",
      "light",
    ],
    [
      "a function that a heavy loop calls",
      "def parse(line):\n    probe(1)\n\ndef f(path):\n    for line in open(path):\n        parse(line)\n",
      "heavy",
    ],
    [
      "a method that a heavy loop calls",
      "class A:\n    def parse(self, line):\n        probe(1)\n\n    def f(self, path):\n        for line in open(path):\n            self.parse(line)\n",
      "heavy",
    ],
    ["a private function that is called once", "def _build():\n    probe(1)\n\nTABLE = _build()\n", "light"],
    ["main", 'def main():\n    probe(1)\n\nif __name__ == "__main__":\n    main()\n', "light"],
    ["a test", "def test_rows():\n    for line in open('a'):\n        probe(1)\n", "light"],
    [
      "a function within a heavy one",
      '@app.get("/")\ndef view():\n    def inner():\n        probe(1)\n    return inner()\n',
      "heavy",
    ],
    ["a comprehension over rows", "def f(path):\n    return [probe(1) for line in open(path)]\n", "heavy"],
  ];
  for (const [title, source, expected] of cases)
    it(title, async () => assert.deepEqual(await weights(source), [expected]));

  it("is light in test files", async () => {
    assert.deepEqual(await weights(loop("for line in open(path):"), { isTest: true }), ["light"]);
  });
});
