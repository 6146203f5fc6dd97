/** A result of floating-point arithmetic that a test compares with `==`. */

import {
  asBinary,
  asCall,
  asComparison,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  importModule,
  lastName,
  replace,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Computed float compared with ==",
  why: "Most decimal fractions have no exact float, and arithmetic rounds. Whether the last digit comes out the same hangs on the order of the operations, the library and the machine, so that the test breaks without any mistake. pytest.approx allows for it.",
  guide: "testing",
  level: "info",
  gain: "safety",
  words: ["assert"],
  overlaps: ["RUF069"],
  unlike: "only results of arithmetic in a test count, and fractions that are exact are left alone",
  fixes: "review",

  examples: [
    {
      before: `
import pytest

def mean(values: list[float]) -> float:
    return sum(values) / len(values)

def test_mean():
    assert mean([0.1, 0.2]) * 2 == 0.3
`,
      after: `
import pytest

def mean(values: list[float]) -> float:
    return sum(values) / len(values)

def test_mean():
    assert mean([0.1, 0.2]) * 2 == pytest.approx(0.3)
`,
    },
  ],

  on: ["assert_statement"],

  find(node, { facts }) {
    const comparison = asComparison(node.children[0]);
    if (comparison?.operator !== "==" || !functionAround(node)?.field("name")?.text.startsWith("test"))
      return undefined;
    const [left, right] = [unwrap(comparison.left), unwrap(comparison.right)];
    const literal = isRounded(right) ? right : isRounded(left) ? left : undefined;
    const other = literal === right ? left : right;
    if (!literal || !isComputed(other) || givesRounded(other, facts)) return undefined;
    // The value that was put in comes out again: no arithmetic, no rounding.
    const body = functionAround(node)!.field("body")!.text;
    const isGiven = asBinary(other) === undefined && body.split(literal.text).length > 2;
    if (isGiven) return undefined;
    return {
      at: comparison.node,
      evidence: asBinary(other) ? "strong" : "fair",
      weight: "heavy",
      literal,
      other,
      node: comparison.node,
    };
  },

  message: ({ literal, other }) =>
    `\`${excerpt(other.text, 50)}\` is rounded, and so is ${excerpt(literal.text, 20)}: \`==\` hangs on the last digit; compare with \`pytest.approx(${excerpt(literal.text, 20)})\`.`,

  fix({ literal, node }, file) {
    if (hasComments(node)) return declined("there is a comment inside the comparison");
    if (!file.facts.view.imports("pytest")) return declined("the file does not use pytest");
    const made = importModule(file, "pytest", node);
    return made
      ? fixOf(
          "Compare with pytest.approx()",
          ["results that differ in the last digits pass"],
          [...made.edits, replace(literal, `${made.name}.approx(${literal.text})`)],
        )
      : declined("`pytest` means something else here");
  },
});

/** A fraction that no float is equal to. */
function isRounded(node: Node): boolean {
  const text = node.kind === "unary_operator" ? node.text.slice(1) : node.text;
  if (!/^\d+\.\d+$/.test(text)) return false;
  const scaled = Number(text) * 1024;
  return scaled !== Math.round(scaled);
}

const NUMERIC =
  /(?:^|_)(?:mean|average|std|var|sum|loss|score|accuracy|sqrt|ratio|rate|dot|norm|entropy|distance|similarity|correlation|median|f1|precision|recall)/i;

function isComputed(node: Node): boolean {
  const binary = asBinary(node);
  if (binary) return /^[-+*/]$/.test(binary.operator) || binary.operator === "**";
  const call = asCall(node);
  return call !== undefined && NUMERIC.test(lastName(call.callee));
}

/** `round(…, 2)`, and functions that return one: what is rounded to the places of the literal is the very number. */
function givesRounded(node: Node, facts: Facts): boolean {
  const callee = asCall(node)?.callee;
  if (!callee) return false;
  if (/(?:^|_)round/.test(lastName(callee))) return true;
  const own = callee.kind === "identifier" ? facts.functionNamed(callee) : undefined;
  return own !== undefined && /\breturn\s+(?:float\()?round\(/.test(facts.bodyOf(own).text);
}
