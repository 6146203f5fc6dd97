/** Which calls and attributes wake a rule that names them: by qualified names through imports and aliases, by methods, by prefixes, by what stands behind the dot. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { LIBRARIES } from "../../analysis/knowledge/libraries.generated.js";
import { defineRule, nameRule, type Rule } from "../../analysis/rule/rule.js";
import { rules } from "../../rules/index.generated.js";
import { check } from "../harness/check.js";

/** Reports every call it is asked about. */
function reporting(spec: { readonly calls?: readonly string[]; readonly methods?: readonly string[] }): Rule {
  const { title, why, guide, examples } = rules[0]!;
  const definition = defineRule({
    title,
    why,
    guide,
    examples,
    level: "info",
    gain: "clarity",
    on: ["call"],
    ...spec,
    find: (_node, _file, call) => ({ at: call.callee }),
    message: () => "asked",
  });
  return nameRule("test/reporting", definition);
}

async function asked(source: string, spec: Parameters<typeof reporting>[0]): Promise<readonly string[]> {
  const { findings } = await check(source, [reporting(spec)], undefined, "module.py");
  return findings.map(({ range }) => source.slice(range.start, range.end));
}

describe("calls that a rule names", () => {
  it("are all calls where it names none", async () => {
    assert.deepEqual(await asked("f(g())\nx.y()\n", {}), ["f", "g", "x.y"]);
  });

  it("are found through imports and other names", async () => {
    const source = [
      "import time",
      "import time as clock",
      "from time import time as now, sleep",
      "stamp = time.time",
      "time.time()",
      "clock.time()",
      "now()",
      "stamp()",
      "(time.time)()",
      "sleep(1)",
      "other.time()",
      "def f(time):",
      "    return time.time()",
      "",
    ].join("\n");
    const found = ["time.time", "clock.time", "now", "stamp", "time.time"];
    assert.deepEqual(await asked(source, { calls: ["time.time"] }), found);
  });

  it("are found under the other names that a library has for them", async () => {
    assert.deepEqual(await asked("import openai\nopenai.Client()\nopenai.OpenAI()\n", { calls: ["openai.OpenAI"] }), [
      "openai.Client",
      "openai.OpenAI",
    ]);
  });

  it("are methods of whatever object, or either", async () => {
    const source = "import time\nframe.iterrows()\nself.frames[0].iterrows()\niterrows()\ntime.time()\n";
    const rows = ["frame.iterrows", "self.frames[0].iterrows"];
    assert.deepEqual(await asked(source, { methods: ["iterrows"] }), rows);
    assert.deepEqual(await asked(source, { methods: ["iterrows", "time"], calls: ["time.time"] }), [
      ...rows,
      "time.time",
    ]);
  });

  it("are all of a module's", async () => {
    const source = "import numpy as np\nfrom numpy import ones\nnp.random.rand(3)\nones(2)\nnumpyish.zeros()\nlen(x)\n";
    assert.deepEqual(await asked(source, { calls: ["numpy.*"] }), ["np.random.rand", "ones"]);
  });

  it("do not depend on tables that are read late: there only classes that nobody calls have another last word", () => {
    const last = (name: string) => name.slice(name.lastIndexOf(".") + 1);
    const aliases = LIBRARIES.flatMap((it) => it.facts.flatMap((facts) => [...(facts().aliases ?? [])]));
    assert.ok(aliases.length > 100);
    assert.deepEqual(
      aliases.filter(([alias, name]) => last(alias) !== last(name)).map(([alias]) => alias),
      [
        "numpy.typing.NDArray",
        "tensorflow.python.data.ops.dataset_ops.DatasetV2",
        "tensorflow.python.framework.ops.EagerTensor",
      ],
    );
  });
});

describe("the view of a node", () => {
  it("is that of its kind, and a node without one is not asked about", async () => {
    const { title, why, guide, examples } = rules[0]!;
    const rule = nameRule(
      "test/views",
      defineRule({
        title,
        why,
        guide,
        examples,
        level: "info",
        gain: "clarity",
        on: ["for_statement", "comparison_operator", "pass_statement"],
        find: (node, _file, view) =>
          "iterable" in view
            ? { at: view.iterable }
            : "right" in view
              ? { at: view.right as typeof node }
              : { at: node },
        message: () => "asked",
      }),
    );
    const source = "for x in items:\n    pass\na < b\na < b < c\n";
    const { findings } = await check(source, [rule], undefined, "module.py");
    assert.deepEqual(
      findings.map(({ range }) => source.slice(range.start, range.end)),
      ["items", "pass", "b"],
    );
  });
});

describe("attributes that a rule names", () => {
  /** Reports every attribute it is asked about. */
  async function askedAbout(source: string, attributes?: readonly string[]): Promise<readonly string[]> {
    const { title, why, guide, examples } = rules[0]!;
    const definition = defineRule({
      title,
      why,
      guide,
      examples,
      level: "info",
      gain: "clarity",
      on: ["attribute"],
      ...(attributes && { attributes }),
      find: (node) => ({ at: node }),
      message: () => "asked",
    });
    const { findings } = await check(source, [nameRule("test/reporting", definition)], undefined, "module.py");
    return findings.map(({ range }) => source.slice(range.start, range.end));
  }

  it("are all attributes where it names none", async () => {
    assert.deepEqual(await askedAbout("a.b\nf(c.d.e)\n"), ["a.b", "c.d", "c.d.e"]);
  });

  it("are told by the word behind the last dot, in calls and targets too", async () => {
    const source = "a.values\na.values.sum\nb().values()\nc.values = 1\n(\n    d # why\n    .values\n)\nvalues\n";
    assert.deepEqual(await askedAbout(source, ["values"]), [
      "a.values",
      "a.values",
      "b().values",
      "c.values",
      "d # why\n    .values",
    ]);
  });
});
