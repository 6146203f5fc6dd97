/** What a value is like by its uses: which signs suffice, and what contradicts them. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { askFacts } from "../harness/ask-facts.js";

const alike = (source: string) =>
  askFacts(source, (node, facts) => {
    const found = facts.likeness(node);
    return found ? `${found.kind} ${found.evidence}` : "?";
  });
const inFunction = (body: string, parameters = "x") =>
  `def f(${parameters}):\n${body
    .split("\n")
    .map((it) => `    ${it}\n`)
    .join("")}`;

describe("likeness", () => {
  const cases: readonly (readonly [title: string, source: string, expected: string])[] = [
    ["one method that only frames have", inFunction("for _, r in x.iterrows():\n    probe(x)"), "frame strong"],
    ["a list of columns", inFunction('probe(x[["a", "b"]])\nprobe(x)').replace("probe(x[", "print(x["), "frame strong"],
    ["a mask of a column", inFunction('print(x[x["a"] == 1])\nprobe(x)'), "frame strong"],
    ["a name and what goes with it", inFunction("df.head()\nprobe(df)", "df"), "frame fair"],
    ["a name alone", inFunction("probe(df)", "df"), "?"],
    ["two weak signs", inFunction("x.columns\nx.groupby('a')\nprobe(x)"), "frame fair"],
    ["one weak sign", inFunction("x.columns\nprobe(x)"), "?"],
    ["useless signs", inFunction("x.dropna()\nx.fillna(0)\nx.mean()\nx.values\nprobe(x)"), "?"],
    ["a method of tensors", inFunction("probe(x)\nx.unsqueeze(0)"), "tensor strong"],
    ["methods of modules", inFunction("x.eval()\nx.parameters()\nprobe(x)"), "module fair"],
    ["methods of texts", inFunction("probe(x)\nx.strip()"), "text strong"],
    ["two methods of dicts", inFunction("x.items()\nx.keys()\nprobe(x)"), "mapping fair"],
    ["counted and indexed", inFunction("for i in range(len(x)):\n    print(x[i])\nprobe(x)"), "sequence fair"],
    ["compared with a text", inFunction('if x == "a":\n    probe(x)'), "hashable fair"],
    ["given as a device", inFunction("a.to(device)\nprobe(device)", "a, device"), "device fair"],
    ["a text key contradicts a sequence", inFunction('len(x)\nx[0]\nx["a"]\nprobe(x)'), "?"],
    ["methods of two kinds", inFunction("x.iterrows()\nx.unsqueeze(0)\nprobe(x)"), "?"],
    ["isinstance of another type", inFunction("if isinstance(x, list):\n    return\nx.iterrows()\nprobe(x)"), "?"],
    [
      "isinstance of the same type",
      `import pandas as pd\n${inFunction("assert isinstance(x, pd.DataFrame)\nx.iterrows()\nprobe(x)")}`,
      "frame strong",
    ],
    ["another library of frames", `import polars\n${inFunction("x.iterrows()\nprobe(x)")}`, "?"],
    ["another library of tensors", `import tensorflow\n${inFunction("x.unsqueeze(0)\nprobe(x)")}`, "?"],
    ["uses of another value of the same name", inFunction("x.iterrows()\nx = x.values\nprobe(x)\nx.shape"), "?"],
    ["an expression that is no place", inFunction("x.iterrows()\nprobe(x + 1)"), "?"],
  ];
  for (const [title, source, expected] of cases)
    it(title, async () => assert.deepEqual(await alike(source), [expected]));

  it("is told of an own attribute by all methods of its class", async () => {
    assert.deepEqual(
      await alike(
        "class A:\n    def __init__(self, data):\n        self.data = data\n\n    def rows(self):\n        return self.data.itertuples()\n\n    def use(self):\n        probe(self.data)\n",
      ),
      ["frame strong"],
    );
  });
});
