/** Finds `A @ B @ v`, where multiplying from the right never makes a matrix. */

import {
  asProduct,
  axesOf,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  isCompiled,
  replace,
  textIn,
  weakest,
  wrapped,
  type Evidence,
  type Facts,
  type MatrixProduct,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Two matrices multiplied before a vector",
  why: "`A @ B @ v` multiplies the two matrices first, which takes as many times longer as the vector has elements. `A @ (B @ v)` only multiplies matrices by vectors, and needs no matrix in between.",
  guide: "numpy",
  level: "warning",
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def fitted(design: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return design @ design.T @ targets.ravel()
`,
      after: `
import numpy as np

def fitted(design: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return design @ (design.T @ targets.ravel())
`,
    },
  ],

  on: ["binary_operator", "call"],

  find(node, { facts }) {
    if (
      facts.isTest ||
      (node.kind === "binary_operator"
        ? !node.hasToken("@")
        : !node.text.includes("dot") && !node.text.includes("matmul"))
    )
      return undefined;
    const outer = asProduct(node, facts);
    const inner = outer && asProduct(outer.left, facts);
    if (!outer || !inner) return undefined;
    // The innermost of a chain is the one that is told of.
    const evidence = evidenceOf(inner, outer, facts);
    if (!evidence || isCompiled(node, facts)) return undefined;
    return { at: inner.node, construct: node, evidence, weight: facts.weightOf(node), outer, inner };
  },

  message: ({ inner, outer, evidence }) =>
    `\`${shown(inner.node)}\` multiplies two matrices only to be multiplied by ${evidence === "proof" ? "the vector" : "what is taken for a vector,"} \`${shown(outer.right)}\`; start from the right.`,

  fix({ outer, inner }, { facts }) {
    if (hasComments(outer.node)) return declined("a comment would be lost");
    const { left } = inner;
    const isKnown = [inner.left, inner.right, outer.right].every((it) => axesOf(it, facts)?.evidence === "proof");
    const doubts = ["last digits may differ", !isKnown && "the operands must be two matrices and a vector"];
    if (outer.node.kind === "binary_operator" && inner.node.kind === "binary_operator") {
      const text = `${textIn(left, PRODUCT)} @ (${inner.right.text} @ ${outer.right.text})`;
      return fixOf("Multiply from the right", doubts, [replace(outer.node, text)]);
    }
    if (outer.node.kind !== "call" || outer.node.field("arguments")?.children.length !== 2)
      return declined("the products are written in different ways");
    const callee = outer.node.field("function")!.text;
    return fixOf("Multiply from the right", doubts, [
      replace(outer.node, `${callee}(${left.text}, ${callee}(${inner.right.text}, ${outer.right.text}))`),
    ]);
  },
});

/** How tightly `@` binds; see `bindingStrength`. */
const PRODUCT = 11;

function shown(node: Node): string {
  return excerpt(node.text.replace(/\s+/g, " "), 40);
}

function evidenceOf(inner: MatrixProduct, outer: MatrixProduct, facts: Facts): Evidence | undefined {
  // The same product serves for several vectors if it stands in a loop that does not change it: that is for another rule.
  if (wrapped(outer.node).parent === undefined) return undefined;
  for (const it of [inner.left, inner.right, outer.right]) {
    const type = facts.typed(it)?.type.name;
    if (type !== undefined && type !== "numpy.ndarray") return undefined;
  }
  const vector = axesOf(outer.right, facts);
  const left = matrix(inner.left, facts);
  const right = matrix(inner.right, facts);
  return vector?.count === 1 && left && right ? weakest(vector.evidence, left, right) : undefined;
}

/** A matrix: by its axes, or because it is transposed or inverted. */
function matrix(operand: Node, facts: Facts): Evidence | undefined {
  const axes = axesOf(operand, facts);
  if (axes) return axes.count === 2 ? axes.evidence : undefined;
  return /\.T$|\b(inv|pinv)\(/.test(operand.text) ? "strong" : facts.takenFor(operand, "array") ? "fair" : undefined;
}
