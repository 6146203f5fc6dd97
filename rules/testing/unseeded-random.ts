/** Random data in a test that no seed repeats. */

import { defineRule, excerpt, fileQuestion, functionAround, type Node } from "../../analysis/authoring.js";

const CALLS = [
  "random.random",
  "random.uniform",
  "random.shuffle",
  "random.gauss",
  "numpy.random.rand",
  "numpy.random.randn",
  "numpy.random.randint",
  "numpy.random.random",
  "numpy.random.normal",
  "numpy.random.uniform",
  "numpy.random.choice",
  "numpy.random.default_rng",
  "torch.rand",
  "torch.randn",
  "torch.randint",
];

export default defineRule({
  title: "Test with random data and no seed",
  why: "A failure that comes from the data of one run cannot be looked at again: the next run has other data and mostly passes. With a seed, set in the test or a fixture, every run is the same.",
  guide: "testing",
  level: "hint",
  gain: "safety",
  words: ["def test"],

  examples: [
    {
      before: `
import numpy as np

def test_total():
    values = np.random.default_rng().random(100)
    assert values.sum() > 10
`,
      after: `
import numpy as np

def test_total():
    values = np.random.default_rng(42).random(100)
    assert values.sum() > 10
`,
    },
  ],

  on: ["call"],
  calls: CALLS,

  find(node, { facts }, call) {
    const def = functionAround(node);
    if (!def || !/^test_/.test(def.field("name")?.text ?? "") || facts.ofFile(isSeeded)) return undefined;
    // Elsewhere test_ is also the name of what draws samples of a test set.
    if (!facts.isTest && !facts.view.imports("pytest") && !facts.view.imports("unittest") && isMethod(def))
      return undefined;
    if (
      /default_rng$/.test(facts.nameOf(call.callee)!)
        ? call.args.length + call.keywords.size > 0
        : call.keywords.has("generator")
    )
      return undefined;
    // Only shapes and types are looked at: any data will do.
    const body = def.field("body")!;
    const asserts = body.descendants("assert_statement");
    if (
      asserts.length > 0 &&
      asserts.every((it) =>
        /\b(?:shape|dtype|ndim|size|len|isinstance|device|requires_grad|is not None)\b/.test(it.text),
      )
    )
      return undefined;
    const first = body.descendants("call").find((it) => CALLS.includes(facts.nameOf(it.field("function")!) ?? ""));
    if (first !== node) return undefined;
    return { at: call.callee, evidence: "fair", weight: "light", name: def.field("name")!.text, shown: call.callee };
  },

  message: ({ shown, name }) =>
    `\`${excerpt(shown.text, 40)}\` gives \`${excerpt(name, 50)}\` other data in each run; a seed makes a failure repeatable.`,
});

const isMethod = (def: Node): boolean => /^\(\s*self\b/.test(def.field("parameters")?.text ?? "");

/** Somewhere in the file a seed is set, by a fixture or a helper perhaps. */
const isSeeded = fileQuestion((facts) => facts.fileMatches(/seed|RandomState\(\d|default_rng\(\d|hypothesis/i));
