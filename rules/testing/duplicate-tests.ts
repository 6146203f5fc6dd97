/** Tests of a class that differ in nothing but the values they are about. */

import { asClass, asFunction, defineRule, excerpt, type Node } from "../../analysis/authoring.js";

const FEWEST = 3;

export default defineRule({
  title: "Tests that differ only in their values",
  why: "The same steps stand there several times, and a change has to be made in each. pytest.mark.parametrize takes the values as a table, runs one test for each row and names the row that fails.",
  guide: "testing",
  level: "hint",
  gain: "clarity",
  words: ["def test"],

  examples: [
    {
      before: `
class TestNumbers:
    def test_zero(self):
        assert abs(0) == 0
        assert str(0) == "0"

    def test_one(self):
        assert abs(1) == 1
        assert str(1) == "1"

    def test_two(self):
        assert abs(2) == 2
        assert str(2) == "2"
`,
      after: `
import pytest

class TestNumbers:
    @pytest.mark.parametrize("number, text", [(0, "0"), (1, "1"), (2, "2")])
    def test_number(self, number, text):
        assert abs(number) == number
        assert str(number) == text
`,
    },
  ],

  on: ["function_definition"],

  find(node, _file, def) {
    if (!def || !/^test_/.test(def.name) || def.outer.kind === "decorated_definition" || def.body.text.length > 2_000)
      return undefined;
    const form = formOf(node);
    if (form.length < 20) return undefined;
    const above = functionBeside(node, "previousSibling");
    if (above && isTwin(above, form)) return undefined;
    const twins: Node[] = [];
    for (let it = functionBeside(node, "nextSibling"); it && isTwin(it, form); it = functionBeside(it, "nextSibling"))
      twins.push(it);
    if (twins.length + 1 < FEWEST) return undefined;
    return {
      at: def.nameNode,
      evidence: "proof",
      weight: "light",
      related: twins.slice(0, 4).map((it) => ({ at: it.field("name")!, message: "the same with other values" })),
      name: def.name,
      count: twins.length,
      // Parameters of pytest do not reach the methods of a test case of unittest.
      isUnittest:
        /TestCase\b/.test(
          asClass(node.ancestor("class_definition"))
            ?.bases.map((it) => it.text)
            .join(" ") ?? "",
        ) || /\bself\.assert[A-Z]/.test(def.body.text),
    };
  },

  message: ({ name, count, isUnittest }) =>
    `The ${count} tests below \`${excerpt(name, 50)}\` differ from it in values alone; ${isUnittest ? "a loop with `self.subTest`" : "`pytest.mark.parametrize`"} makes one of them.`,
});

/** The nearest one in the same block. */
function functionBeside(node: Node, way: "previousSibling" | "nextSibling"): Node | undefined {
  let at = node[way];
  while (at && at.kind !== "function_definition") at = at[way];
  return at;
}

const isTwin = (node: Node, form: string): boolean =>
  /^test_/.test(asFunction(node)?.name ?? "") && formOf(node) === form;

/** The text without its name and literals. */
function formOf(node: Node): string {
  const parts = `${node.field("parameters")?.text ?? ""}:${node.field("body")?.text ?? ""}`;
  return parts
    .replace(/[rbfuRBFU]{0,2}(?:"[^"\n]*"|'[^'\n]*')/g, '""')
    .replace(/\b\d[\d_.]*(?:e[-+]?\d+)?\b/g, "0")
    .replace(/\b(?:True|False|None)\b/g, "0")
    .replace(/#[^\n]*/g, "")
    .replace(/\s+/g, " ")
    .replace(/-0/g, "0");
}
