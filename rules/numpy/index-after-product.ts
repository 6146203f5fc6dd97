/** Finds `(A @ B)[rows]`: a whole product of which a part is used. */

import {
  asProduct,
  asSubscript,
  ATOM,
  axesOf,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  isCompiled,
  replace,
  textIn,
  unwrap,
  useOf,
  type Evidence,
  type Facts,
  type MatrixProduct,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Matrix product of which only a part is used",
  why: "The product works out every row and column, and those that are not chosen are thrown away. A row of a product needs only that row of the left matrix, a column only that column of the right one: choose first, then multiply.",
  guide: "numpy",
  level: "info",
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def scores(users: np.ndarray, items: np.ndarray, count: int) -> np.ndarray:
    return (users @ items.T)[:count]
`,
      after: `
import numpy as np

def scores(users: np.ndarray, items: np.ndarray, count: int) -> np.ndarray:
    return users[:count] @ items.T
`,
    },
  ],

  on: ["subscript"],

  find(node, { facts }) {
    const subscript = asSubscript(node);
    const value = subscript && unwrap(subscript.value);
    if (!subscript || !value || (value.kind !== "binary_operator" && value.kind !== "call") || facts.isTest)
      return undefined;
    if (useOf(value).kind !== "subscript") return undefined;
    const product = asProduct(value, facts);
    const [row, column, more] = subscript.indices;
    if (!product || !row || more || [row, column].some((it) => it && isOdd(it))) return undefined;
    // `(x.T @ A @ x)[0, 0]` takes the number out of a matrix that has no more.
    if (integerOf(row) === 0 && (!column || integerOf(column) === 0)) return undefined;
    const evidence = evidenceOf(product, facts);
    if (!evidence || isCompiled(node, facts)) return undefined;
    const hasRows = !isWhole(row);
    const hasColumns = column !== undefined && !isWhole(column);
    if (!hasRows && !hasColumns) return undefined;
    if (hasRows && hasColumns && !(isSingle(row, facts) && isSingle(column, facts)) && !isPlain(row, column, facts))
      return undefined;
    return {
      at: value,
      construct: node,
      evidence,
      weight: facts.weightOf(node),
      node,
      product,
      row: hasRows ? row : undefined,
      column: hasColumns ? column : undefined,
    };
  },

  message: ({ product, row, column, evidence }) => {
    const parts = [
      row && `\`${excerpt(product.left.text, 20)}\``,
      column && `\`${excerpt(product.right.text, 20)}\``,
    ].filter(Boolean);
    return `All of \`${excerpt(product.node.text.replace(/\s+/g, " "), 40)}\` is worked out and only a part is used${evidence === "fair" ? ", if it is a matrix" : ""}; choose from ${parts.join(" and ")} first.`;
  },

  fix({ node, product, row, column }, { facts }) {
    if (hasComments(node)) return declined("a comment would be lost");
    const { left, right } = product;
    const [first, second] = [axesOf(left, facts), axesOf(right, facts)];
    if (
      product.node.kind !== "binary_operator" &&
      (left.kind === "generator_expression" || !product.node.text.includes("dot"))
    )
      return declined("the product is written as a call");
    if (column && second?.count !== 2) return declined("it is not certain that the right operand has two axes");
    const isKnown =
      first?.count === 2 && first.evidence === "proof" && second?.evidence === "proof" && second.count <= 2;
    const rows = row ? `${textIn(left, ATOM)}[${row.text}]` : textIn(left, PRODUCT);
    const columns = column ? `${textIn(right, ATOM)}[:, ${column.text}]` : textIn(right, PRODUCT + 0.5);
    const outer = node.parent?.kind ?? "";
    const isLoose = ["return_statement", "assignment", "argument_list", "expression_list", "keyword_argument"].includes(
      outer,
    );
    const text = `${rows} @ ${columns}`;
    return fixOf(
      "Choose before multiplying",
      [!isKnown && "the operands must have two axes, or the right one has one", "last digits may differ"],
      [replace(node, isLoose ? text : `(${text})`)],
    );
  },
});

/** How tightly `@` binds; see `bindingStrength`. */
const PRODUCT = 11;

/** Not a choice of rows or columns. */
function isOdd(index: Node): boolean {
  return index.kind === "none" || index.kind === "ellipsis" || index.text.endsWith("newaxis") || index.text === "...";
}

function isWhole(index: Node): boolean {
  return index.kind === "slice" && index.text.replaceAll(" ", "") === ":";
}

function isSingle(index: Node, facts: Facts): boolean {
  return facts.typeOf(index)?.name === "int";
}

/** Two lists of indices choose pairs, which is something else than rows and columns. */
function isPlain(row: Node, column: Node, facts: Facts): boolean {
  return [row, column].every((it) => it.kind === "slice" || isSingle(it, facts));
}

/** The left operand has to be one matrix: of a stack of them, an index chooses a whole matrix. */
function evidenceOf({ node, left, right }: MatrixProduct, facts: Facts): Evidence | undefined {
  for (const it of [left, right]) {
    const type = facts.typed(it)?.type.name;
    if (type !== undefined && type !== "numpy.ndarray") return undefined;
  }
  const first = axesOf(left, facts);
  const second = axesOf(right, facts);
  if (first ? first.count !== 2 : !/\.T$|\binv\(/.test(left.text) && !facts.takenFor(left, "array")) return undefined;
  if (second && second.count > 2) return undefined;
  return first?.evidence ?? (node.kind === "call" || facts.takenFor(left, "array") ? "fair" : undefined);
}
