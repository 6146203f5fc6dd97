/** Finds `inv(A) @ b`, where `solve(A, b)` is quicker and more exact. */

import {
  asCall,
  asMethodCall,
  asProduct,
  axesOf,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  isCompiled,
  replace,
  unwrap,
  useOf,
  wrapped,
  asBinary,
  type Call,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Inverse matrix made to solve equations",
  why: "The inverse takes several times the work of solving the equations, and rounding errors grow with it. solve works out the result from the matrix itself, and is the more exact the worse the matrix is conditioned.",
  guide: "numpy",
  level: "warning",
  gain: "time",
  imports: ["numpy", "scipy", "torch"],
  overrides: ["iteration/repeated-pure-call", "numpy/product-order"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def weights(covariance: np.ndarray, means: np.ndarray) -> np.ndarray:
    return np.linalg.inv(covariance) @ means
`,
      after: `
import numpy as np

def weights(covariance: np.ndarray, means: np.ndarray) -> np.ndarray:
    return np.linalg.solve(covariance, means)
`,
    },
  ],

  on: ["call"],
  calls: ["numpy.linalg.inv", "scipy.linalg.inv", "torch.linalg.inv", "torch.inverse"],

  find(node, { facts }) {
    const call = asCall(node);
    const [matrix, more] = call?.args ?? [];
    if (!call || !matrix || more || call.hasSplat || call.keywords.size > 0 || facts.isTest) return undefined;
    const found = productWith(node, facts);
    // A product with the matrix itself shows what an inverse is.
    if (!found || found.other.text.startsWith(matrix.text) || isCompiled(node, facts)) return undefined;
    const weight = isSmall(matrix, facts) ? "light" : facts.weightOf(node);
    return { at: call.callee, construct: found.node, weight, call, matrix, found };
  },

  message: ({ call, matrix, found }) => {
    const callee = call.callee.text.replace(/inverse$/, "linalg.inv");
    const solve = callee.replace(/inv$/, "solve");
    const of = excerpt(matrix.text.replace(/\s+/g, " "), 25);
    const other = excerpt(found.other.text.replace(/\s+/g, " "), 25);
    return found.isLeft
      ? `The inverse of \`${of}\` is made only to be multiplied by \`${other}\`; \`${solve}(${of}, ${other})\` is quicker and more exact.`
      : `The inverse of \`${of}\` is made only for the product with \`${other}\`; \`${solve}\` is quicker and more exact.`;
  },

  fix({ call, matrix, found }, { facts }) {
    if (found.isNamed) return declined("the inverse has a name of its own");
    if (!found.isLeft) return declined("the inverse is the right operand, so both would have to be transposed");
    if (hasComments(found.node)) return declined("a comment would be lost");
    const callee = call.callee.text;
    if (!callee.endsWith("linalg.inv")) return declined("`solve` is not imported");
    const isStack = axesOf(matrix, facts)?.count !== 2;
    const doubts = [
      "last digits may differ",
      isStack && `\`${excerpt(matrix.text, 25)}\` must be one matrix and no stack of them`,
      "an almost singular matrix gives other numbers",
    ];
    return fixOf("Use solve", doubts, [
      replace(found.node, `${callee.replace(/inv$/, "solve")}(${matrix.text}, ${unwrap(found.other).text})`),
    ]);
  },
});

interface Found {
  readonly node: Node;
  readonly other: Node;
  readonly isLeft: boolean;
  readonly isNamed: boolean;
}

/** The product in which the inverse is an operand, itself or by a name that is read nowhere else. */
function productWith(inverse: Node, facts: Facts): Found | undefined {
  const direct = operandOf(inverse, facts);
  if (direct) return { ...direct, isNamed: false };
  const parent = wrapped(inverse).parent;
  const name = useOf(inverse).kind === "assigned" && parent?.kind === "assignment" ? parent.field("left") : undefined;
  const [only, more] = name?.kind === "identifier" && facts.writesOf(name).length === 1 ? facts.readsOf(name) : [];
  // In a loop behind it the inverse serves many times.
  if (!only || more || facts.loopDepth(only) > facts.loopDepth(inverse)) return undefined;
  if (only.ancestor("function_definition") !== inverse.ancestor("function_definition")) return undefined;
  const product = operandOf(only, facts);
  return product && { ...product, isNamed: true };
}

function operandOf(operand: Node, facts: Facts): Omit<Found, "isNamed"> | undefined {
  const node = wrapped(operand);
  const { parent } = node;
  const around = parent?.kind === "argument_list" || parent?.kind === "attribute" ? parent.parent : parent;
  const product = asProduct(around, facts) ?? methodOf(node, facts);
  if (!product) return undefined;
  const isLeft = product.left === unwrap(operand);
  if (!isLeft && product.right !== unwrap(operand)) return undefined;
  return { node: product.node, other: isLeft ? product.right : product.left, isLeft };
}

/** `inv(A).dot(b)`, `b[i].dot(inv(A))`: with an inverse on one side the method is that of arrays. */
function methodOf(node: Node, facts: Facts): ReturnType<typeof asProduct> {
  const call: Call | undefined = /^(attribute|argument_list)$/.test(node.parent?.kind ?? "")
    ? asCall(node.parent!.parent)
    : undefined;
  const product = asProduct(call?.node, facts);
  if (!call || product) return product;
  const method = facts.nameOf(call.callee) === undefined ? asMethodCall(call.node, "dot") : undefined;
  const [first, more] = method?.args ?? [];
  return method && first && !more && method.keywords.size === 0 && !method.hasSplat
    ? { node: call.node, left: unwrap(method.object), right: unwrap(first) }
    : undefined;
}

/** A diagonal, or a product that begins with a matrix of a few rows which stand there. */
function isSmall(matrix: Node, facts: Facts, depth = 8): boolean {
  const node = unwrap(matrix);
  if (depth === 0) return false;
  const binary = asBinary(node);
  if (binary) return isSmall(binary.left, facts, depth - 1);
  const call = asCall(node);
  if (call) {
    const name = facts.nameOf(call.callee);
    if (name === "numpy.diag") return true;
    const rows = name === "numpy.array" ? unwrap(call.args[0] ?? node) : undefined;
    return rows?.kind === "list" && rows.children.length <= FEW_ROWS;
  }
  const value = node.kind === "identifier" ? facts.valueOf(node) : undefined;
  return value !== undefined && isSmall(value, facts, depth - 1);
}

const FEW_ROWS = 3;
