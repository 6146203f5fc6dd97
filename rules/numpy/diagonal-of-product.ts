/** Finds `np.diag(A @ B)` and `np.trace(A @ B)`: a whole product for the sake of its diagonal. */

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
  importModule,
  isCompiled,
  replace,
  unwrap,
  type Evidence,
  type Facts,
  type MatrixProduct,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Matrix product of which only the diagonal is used",
  why: "The product works out every cell, and all but those of the diagonal are thrown away. One sum for each row is enough: einsum works out the diagonal alone, in less time by a factor of the number of rows, and needs no matrix in between.",
  guide: "numpy",
  level: "info",
  gain: "complexity",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def variances(design: np.ndarray, cov: np.ndarray) -> np.ndarray:
    return np.diag(design @ cov @ design.T)
`,
      after: `
import numpy as np

def variances(design: np.ndarray, cov: np.ndarray) -> np.ndarray:
    return np.einsum("ij,ji->i", design @ cov, design.T)
`,
    },
  ],

  on: ["call"],
  calls: ["numpy.diag", "numpy.trace", "numpy.diagonal"],
  methods: ["diagonal", "trace"],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat || call.keywords.size > 0 || facts.isTest) return undefined;
    const method = facts.nameOf(call.callee) === undefined ? asMethodCall(node, "diagonal", "trace") : undefined;
    const [first, more] = call.args;
    const source = method ? (first ? undefined : method.object) : more ? undefined : first;
    const found = source && productOf(source, facts);
    if (!found || isCompiled(node, facts)) return undefined;
    const word = method?.method ?? (facts.nameOf(call.callee) ?? "").replace("numpy.", "");
    const evidence = evidenceOf(found.product, word, method !== undefined, facts);
    if (!evidence) return undefined;
    return {
      at: call.callee,
      construct: node,
      evidence,
      weight: facts.weightOf(node) === "heavy" ? "unknown" : "light",
      call,
      word,
      ...found,
    };
  },

  message: ({ product, word, evidence }) =>
    `All of \`${excerpt(product.node.text.replace(/\s+/g, " "), 40)}\` is worked out and only its ${word === "trace" ? "trace" : "diagonal"} is used${evidence === "fair" ? ", if both are matrices" : ""}; \`np.einsum\` works out the diagonal alone.`,

  fix({ call, product, word, isNamed }, file) {
    const { facts } = file;
    if (isNamed) return declined("the product has a name of its own");
    if (hasComments(call.node)) return declined("a comment would be lost");
    const numpy = importModule(file, "numpy", call.node);
    if (!numpy) return declined("`numpy` cannot be imported here");
    const { left, right } = product;
    const areMatrices = [left, right].every((it) => axesOf(it, facts)?.evidence === "proof");
    const cells = word === "trace" ? "ij,ji->" : "ij,ji->i";
    const doubts = [!areMatrices && "both must be arrays with two axes", "last digits may differ"];
    return fixOf("Work out the diagonal alone", doubts, [
      ...numpy.edits,
      replace(call.node, `${numpy.name}.einsum("${cells}", ${left.text}, ${right.text})`),
    ]);
  },
});

/** The product itself, or a name that holds it and is read nowhere else. */
function productOf(
  source: Node,
  facts: Facts,
): { readonly product: MatrixProduct; readonly isNamed: boolean } | undefined {
  const direct = asProduct(source, facts);
  if (direct) return { product: direct, isNamed: false };
  const name = unwrap(source);
  const value = name.kind === "identifier" && facts.readsOf(name).length === 1 ? facts.valueOf(name) : undefined;
  const product = value && asProduct(value, facts);
  return product && { product, isNamed: true };
}

/** `np.diag` of a vector makes a matrix of it, so the product has to be a matrix. */
function evidenceOf(
  { node, left, right }: MatrixProduct,
  word: string,
  isMethod: boolean,
  facts: Facts,
): Evidence | undefined {
  if ([left, right].some((it) => isOther(it, facts))) return undefined;
  const own = axesOf(node, facts);
  if (own) return own.count === 2 ? own.evidence : undefined;
  const [first, second] = [axesOf(left, facts), axesOf(right, facts)];
  if ((first && first.count !== 2) || (second && second.count !== 2)) return undefined;
  if (word !== "diag") return isMethod ? "fair" : "strong";
  // What is transposed or inverted is a matrix.
  return [left, right].some((it) => /\.T$|\binv\(/.test(it.text)) ? "strong" : "fair";
}

/** A tensor, a sparse matrix, a frame. */
function isOther(operand: Node, facts: Facts): boolean {
  const type = facts.typed(operand)?.type.name;
  return type !== undefined && type !== "numpy.ndarray";
}
