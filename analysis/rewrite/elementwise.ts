/** Turns the expression of one element or row into the same expression over whole arrays or columns, where every operation is in a closed table. */

import { asBinary, asComparison, asConditional, asCall, isConstant, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";

export interface Elementwise {
  /** The text that stands for a leaf: `df["price"]` for `row["price"]`. Undefined: no leaf of ours, go on looking. */
  leaf(node: Node): string | undefined;
  /** An operand that is the same for every element may stay as it is. */
  isInvariant(node: Node): boolean;
  /** How NumPy is called here; without it `a if c else b` and NumPy functions cannot be translated. */
  readonly numpy?: string;
  /** Functions of one number with an array twin that gives the same bits: qualified name → NumPy name. */
  nameOf?(callee: Node): string | undefined;
}

/** How tightly the outcome binds, so that parentheses go where they are needed and nowhere else. */
interface Piece {
  readonly text: string;
  readonly binding: number;
}

const ATOM = 20;
const BINARY: Readonly<Record<string, number>> = { "+": 10, "-": 10, "*": 11, "/": 11, "**": 13 };
const COMPARISONS = new Set(["<", "<=", ">", ">=", "==", "!="]);
const FUNCTIONS: Readonly<Record<string, string>> = { "math.sqrt": "sqrt", "builtins.abs": "abs", "math.fabs": "abs", "numpy.sqrt": "sqrt", "numpy.abs": "abs" };

/** Undefined if some part of the expression is not in the table. */
export function elementwise(expression: Node, options: Elementwise): string | undefined {
  return translate(expression, options)?.text;
}

function translate(expression: Node, options: Elementwise): Piece | undefined {
  const node = unwrap(expression);
  const leaf = options.leaf(node);
  if (leaf !== undefined) return { text: leaf, binding: ATOM };
  if (isConstant(node) || options.isInvariant(node)) return { text: isAtom(node) ? node.text : `(${node.text})`, binding: ATOM };

  const binary = asBinary(node);
  if (binary) return infix(binary.operator, binary.left, binary.right, options);
  const comparison = asComparison(node);
  if (comparison) return COMPARISONS.has(comparison.operator) ? compare(comparison.operator, comparison.left, comparison.right, options) : undefined;
  if (node.kind === "unary_operator" && node.field("operator")!.text === "-") {
    const operand = translate(node.field("argument")!, options);
    return operand && { text: `-${wrap(operand, 12)}`, binding: 12 };
  }
  if (node.kind === "not_operator") {
    const operand = translate(node.field("argument")!, options);
    return operand && isTest(node.field("argument")!) ? { text: `~${wrap(operand, ATOM)}`, binding: 12 } : undefined;
  }
  return choice(node, options) ?? functionCall(node, options);
}

function infix(operator: string, leftNode: Node, rightNode: Node, options: Elementwise): Piece | undefined {
  if (operator === "and" || operator === "or") {
    if (!isTest(leftNode) || !isTest(rightNode)) return undefined;
    const [left, right] = [translate(leftNode, options), translate(rightNode, options)];
    const symbol = operator === "and" ? "&" : "|";
    return left && right && { text: `${wrap(left, ATOM)} ${symbol} ${wrap(right, ATOM)}`, binding: operator === "and" ? 8 : 6 };
  }
  const binding = BINARY[operator];
  if (binding === undefined) return undefined;
  const [left, right] = [translate(leftNode, options), translate(rightNode, options)];
  const [least, leastRight] = operator === "**" ? [14, 13] : [binding, binding + 0.5];
  return left && right && { text: `${wrap(left, least)} ${operator} ${wrap(right, leastRight)}`, binding };
}

function compare(operator: string, leftNode: Node, rightNode: Node, options: Elementwise): Piece | undefined {
  const [left, right] = [translate(leftNode, options), translate(rightNode, options)];
  return left && right && { text: `${wrap(left, 6)} ${operator} ${wrap(right, 6)}`, binding: 5 };
}

/** Only where both branches can be worked out for every element: a division guarded by the condition cannot. */
function choice(node: Node, options: Elementwise): Piece | undefined {
  const conditional = asConditional(node);
  if (!conditional || options.numpy === undefined || !isTest(conditional.condition)) return undefined;
  if ([conditional.then, conditional.otherwise].some((it) => it.descendants("binary_operator").some((inner) => "/%**".includes(asBinary(inner)?.operator ?? "/")))) return undefined;
  const parts = [conditional.condition, conditional.then, conditional.otherwise].map((it) => translate(it, options)?.text);
  return parts.every((it) => it !== undefined) ? { text: `${options.numpy}.where(${parts.join(", ")})`, binding: ATOM } : undefined;
}

function functionCall(node: Node, options: Elementwise): Piece | undefined {
  const call = asCall(node);
  const twin = call && FUNCTIONS[options.nameOf?.(call.callee) ?? ""];
  const [argument, more] = call?.args ?? [];
  if (!twin || !argument || more || options.numpy === undefined) return undefined;
  const inner = translate(argument, options);
  return inner && { text: `${options.numpy}.${twin}(${inner.text})`, binding: ATOM };
}

/** A comparison or a combination of such: its truth is the same for an element and for an array of them. */
function isTest(expression: Node): boolean {
  const node = unwrap(expression);
  if (node.kind === "not_operator") return isTest(node.field("argument")!);
  if (node.kind === "boolean_operator") return isTest(node.field("left")!) && isTest(node.field("right")!);
  return asComparison(node) !== undefined && COMPARISONS.has(asComparison(node)!.operator);
}

function isAtom(node: Node): boolean {
  return node.kind !== "unary_operator" && (isConstant(node) || ["identifier", "attribute", "subscript", "call"].includes(node.kind));
}

function wrap(piece: Piece, least: number): string {
  return piece.binding < least ? `(${piece.text})` : piece.text;
}
