/** `self.assertEqual(…)` in a file that uses pytest. */

import { asMethodCall, defineRule, excerpt, fileQuestion } from "../../analysis/authoring.js";

const METHODS = [
  "assertEqual",
  "assertNotEqual",
  "assertTrue",
  "assertFalse",
  "assertIn",
  "assertNotIn",
  "assertIs",
  "assertIsNone",
  "assertIsNotNone",
  "assertGreater",
  "assertLess",
  "assertRaises",
  "assertIsInstance",
  "assertAlmostEqual",
];

export default defineRule({
  title: "Assert of unittest in a file of pytest",
  why: "pytest shows the values inside a plain assert when it fails, and its fixtures and parameters work in plain functions alone. The refactoring from unittest to pytest turns a whole test case into such functions.",
  guide: "testing",
  level: "hint",
  gain: "clarity",
  imports: ["pytest"],
  overlaps: ["PT009"],
  leftToRuff: true,
  unlike: "only files that use pytest are looked at, once for each test, and a refactoring rewrites the class",

  examples: [
    {
      before: `
import unittest
import pytest

class Sums(unittest.TestCase):
    def test_two(self):
        self.assertEqual(1 + 1, 2)

def test_error():
    with pytest.raises(ZeroDivisionError):
        1 / 0
`,
      after: `
import pytest

def test_two():
    assert 1 + 1 == 2

def test_error():
    with pytest.raises(ZeroDivisionError):
        1 / 0
`,
    },
  ],

  on: ["call"],
  methods: METHODS,

  find(node, { facts }) {
    const call = asMethodCall(node)!;
    if (call.object.text !== "self" || !facts.ofFile(usesUnittest)) return undefined;
    // One finding for a test: its first.
    const body = node.ancestor("function_definition")?.field("body");
    const first = body?.descendants("call").find((it) => METHODS.includes(asMethodCall(it, ...METHODS)?.method ?? ""));
    if (first !== node) return undefined;
    return { at: call.callee, evidence: "strong", weight: "light", call };
  },

  message: ({ call }) =>
    call.method === "assertRaises"
      ? `\`${excerpt(call.callee.text, 40)}\` in a file of pytest: \`pytest.raises\` does the same in any function, and can \`match\` the text.`
      : `\`${excerpt(call.callee.text, 40)}\` in a file of pytest: a plain \`assert\` shows the values when it fails.`,
});

const usesUnittest = fileQuestion((facts) => facts.fileMatches(/\bTestCase\b/));
