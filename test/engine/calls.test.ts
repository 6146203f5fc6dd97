/** Which calls and attributes wake a rule that names them: by qualified names through imports and aliases, by methods, by prefixes, by what stands behind the dot. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { fixOf, replace, type Node } from "../../analysis/authoring.js";
import { LIBRARIES } from "../../analysis/knowledge/libraries.generated.js";
import { defineRule, nameRule, type Match, type Rule, type RuleSpec } from "../../analysis/rule/rule.js";
import type { Kind } from "../../analysis/syntax/kinds.generated.js";
import { rules } from "../../rules/index.generated.js";
import { check } from "../harness/check.js";
import { readSpec } from "../harness/spec.js";

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

/** Reports every node it is asked about, with the fix that shows whether it is found again. */
async function nodesAsked(
  source: string,
  spec: Pick<RuleSpec<Kind, Match>, "on" | "begins" | "values">,
): Promise<readonly string[]> {
  const { title, why, guide, examples } = rules[0]!;
  const definition = defineRule({
    title,
    why,
    guide,
    examples,
    level: "info",
    gain: "clarity",
    ...spec,
    find: (node: Node) => ({ at: node, node }),
    message: () => "asked",
    fix: ({ node }) => fixOf("Take out", [], [replace(node, "pass")]),
  });
  const { findings, fixed } = await check(source, [nameRule("test/reporting", definition)]);
  return findings.map((it) => {
    assert.equal(fixed(it)?.title, "Take out");
    return source.slice(it.range.start, it.range.end);
  });
}

describe("nodes that a rule tells by their text or value", () => {
  it("are strings that begin so, wherever they stand", async () => {
    const source = 'a = "x"\nb = f"y"\nc = [Rf"z", rb"f", "f"]\nprint(f"""w\n""")\n';
    assert.deepEqual(await nodesAsked(source, { on: ["string"], begins: /[rR]?[fF]/ }), [
      'f"y"',
      'Rf"z"',
      'f"""w\n"""',
    ]);
  });

  it("are assignments, defaults, conditions and statements with such a value", async () => {
    const source = [
      "a = f()",
      "b = a = g()",
      "c: int",
      "d = (f())",
      "e = 1",
      "f()",
      "a.b",
      "def h(x=f(), y: int = f(), z=1):",
      "    if f():",
      "        pass",
      "    elif z:",
      "        while f():",
      "            break",
      "",
    ].join("\n");
    const asked = await nodesAsked(source, {
      on: [
        "assignment",
        "default_parameter",
        "typed_default_parameter",
        "expression_statement",
        "if_statement",
        "elif_clause",
        "while_statement",
      ],
      values: {
        assignment: ["call"],
        default_parameter: ["call"],
        typed_default_parameter: ["call"],
        expression_statement: ["call", "attribute"],
        if_statement: ["call"],
        elif_clause: ["call"],
        while_statement: ["call"],
      },
    });
    assert.deepEqual(
      asked.map((it) => it.split("\n")[0]),
      ["a = f()", "a = g()", "f()", "a.b", "x=f()", "y: int = f()", "if f():", "while f():"],
    );
  });

  it("are the same as without that for every rule of the product, on all their pages", async () => {
    const valued = rules.filter((it) => Object.keys(it.values).length > 0);
    assert.ok(valued.length > 5);
    for (const rule of valued) {
      const always: Rule = { ...rule, values: {} };
      for (const { source, file } of readSpec(readFileSync(`test/rules/${rule.name}.md`, "utf8"))) {
        if (file !== undefined) continue;
        const [found, wanted] = [await check(source, [rule]), await check(source, [always])];
        assert.deepEqual(
          found.findings.map((it) => it.range),
          wanted.findings.map((it) => it.range),
        );
      }
    }
  });
});
