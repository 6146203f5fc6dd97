/** What hovers say of arithmetic between NumPy arrays, and which shape comes out where the numbers are written in the source. */

import {
  argumentOf,
  asAttribute,
  asBinary,
  asCall,
  asMethodCall,
  asSubscript,
  defineConstructs,
  integerOf,
  unwrap,
  type Facts,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "array broadcasting",
    guide: "numpy",
    at: [{ token: ["+", "-", "*", "/", "//", "%", "**", "&", "|", "^"], of: "binary_operator" }],
    when: isBetweenArrays,
    says: "Shapes are compared from the last axis backwards; two lengths fit if they are equal or one of them is 1. Nothing is copied to match them, but the result has the full size: a column of n with a row of n makes n² elements. A missing `[:, None]` often shows only as such a table.",
    here: shapeNote,
    example:
      "import numpy as np\n\nprices = np.ones((3, 2))\nfactors = np.array([0.5, 1.0])\ntotals = prices ‸* factors\n",
    unlike: [
      "total = 2 ‸* 3\n",
      "import numpy as np\n\ndouble = np.arange(3) ‸* 2\n",
      "def join(first: list, second: list):\n    return first ‸+ second\n",
    ],
  },
]);

type Shape = readonly number[];

const FILLED = new Set(["numpy.zeros", "numpy.ones", "numpy.empty", "numpy.full"]);
const DEPTH = 6;

function isBetweenArrays(node: Node, { facts }: File): boolean {
  const binary = asBinary(node.parent);
  return binary !== undefined && isArray(binary.left, facts) && isArray(binary.right, facts);
}

/** Also `a[:, None]`: an array with a slice or a new axis among its indices is an array. */
function isArray(expression: Node, facts: Facts): boolean {
  if (facts.isA(expression, "numpy.ndarray")) return true;
  const subscript = asSubscript(unwrap(expression));
  const keepsAxes = subscript?.indices.some((it) => it.kind === "slice" || isNewAxis(it, facts));
  return keepsAxes === true && isArray(subscript!.value, facts);
}

function isNewAxis(index: Node, facts: Facts): boolean {
  return index.kind === "none" || facts.nameOf(index) === "numpy.newaxis";
}

function shapeNote(node: Node, { facts }: File): string | undefined {
  const binary = asBinary(node.parent)!;
  const [left, right] = [shapeOf(binary.left, facts), shapeOf(binary.right, facts)];
  if (!left || !right) return undefined;
  const result = broadcast(left, right);
  if (!result) return `Shapes ${shapeText(left)} and ${shapeText(right)} do not fit together: ValueError.`;
  const elements = result.reduce((a, b) => a * b, 1);
  const size =
    elements >= 1e6
      ? `, ${elements.toLocaleString("en")} elements, ${Math.round((elements * 8) / 1e6).toLocaleString("en")} MB at 8 bytes each`
      : "";
  return `Shapes ${shapeText(left)} and ${shapeText(right)} give ${shapeText(result)}${size}.`;
}

/** Undefined unless every length is a number in view. */
function shapeOf(expression: Node, facts: Facts, depth = 0): Shape | undefined {
  const node = unwrap(expression);
  if (depth > DEPTH) return undefined;
  const inner = (it: Node) => shapeOf(it, facts, depth + 1);
  if (node.kind === "identifier") return ofName(node, facts, inner);
  if (node.kind === "call") return ofCall(node, facts, inner);
  if (node.kind === "subscript") return ofSubscript(node, facts, inner);
  const attribute = asAttribute(node);
  return attribute?.name === "T" && facts.isA(attribute.object, "numpy.ndarray")
    ? inner(attribute.object)?.slice().reverse()
    : undefined;
}

function ofName(name: Node, facts: Facts, inner: (node: Node) => Shape | undefined): Shape | undefined {
  const [only, more] = facts.reachingSites(name);
  if (!only || more || only.kind !== "assign" || only.path.length > 0 || !only.value || name.isInside(only.value))
    return undefined;
  return facts.readsOf(name).some(changesShape) ? undefined : inner(only.value);
}

/** `a.shape = …` and `a.resize(…)`. */
function changesShape(read: Node): boolean {
  const attribute = asAttribute(read.parent);
  return (
    attribute?.object === read &&
    (attribute.name === "resize" || (attribute.name === "shape" && attribute.node.fieldName === "left"))
  );
}

function ofCall(node: Node, facts: Facts, inner: (node: Node) => Shape | undefined): Shape | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat) return undefined;
  const name = facts.nameOf(call.callee);
  const [first, second] = call.args;
  if (name === undefined) {
    const method = asMethodCall(node, "reshape");
    if (!method || !facts.isA(method.object, "numpy.ndarray") || method.keywords.size > 0) return undefined;
    return reshaped(inner(method.object), method.args.length === 1 ? lengths(method.args[0]!) : whole(method.args));
  }
  const shape = FILLED.has(name) ? argumentOf(call, "shape", 0) : undefined;
  if (shape) return positive(lengths(shape));
  if (name === "numpy.arange" && first && !second) return positive(whole([first]));
  if (name === "numpy.linspace" && !call.keywords.has("axis")) {
    const count = argumentOf(call, "num", 2);
    const isScalar = [argumentOf(call, "start", 0), argumentOf(call, "stop", 1)].every(
      (it) => it && ["int", "float"].includes(facts.typeOf(it)?.name ?? ""),
    );
    return isScalar ? (count ? positive(whole([count])) : [50]) : undefined;
  }
  if (name === "numpy.array" && first && !call.keywords.has("ndmin")) return ofList(unwrap(first), facts);
  return undefined;
}

/** A full slice keeps its axis, `None` makes one of length 1. */
function ofSubscript(node: Node, facts: Facts, inner: (node: Node) => Shape | undefined): Shape | undefined {
  const subscript = asSubscript(node);
  const own = subscript && facts.isA(subscript.value, "numpy.ndarray") ? inner(subscript.value) : undefined;
  if (!own) return undefined;
  const result: number[] = [];
  let axis = 0;
  for (const index of subscript!.indices) {
    if (isNewAxis(index, facts)) result.push(1);
    else if (index.kind === "slice" && index.text === ":" && axis < own.length) result.push(own[axis++]!);
    else return undefined;
  }
  return [...result, ...own.slice(axis)];
}

/** A list of numbers, or of equally long lists. */
function ofList(node: Node, facts: Facts): Shape | undefined {
  if (node.kind !== "list") return undefined;
  const items = node.children.map(unwrap);
  if (items.length === 0) return [0];
  if (items.every((it) => ["int", "float", "bool"].includes(facts.typeOf(it)?.name ?? ""))) return [items.length];
  const inner = items.map((it) => ofList(it, facts));
  const [first] = inner;
  return first && inner.every((it) => it !== undefined && shapeText(it) === shapeText(first))
    ? [items.length, ...first]
    : undefined;
}

function lengths(node: Node): Shape | undefined {
  const shape = unwrap(node);
  return shape.kind === "tuple" || shape.kind === "list" ? whole(shape.children) : whole([shape]);
}

function whole(nodes: readonly Node[]): Shape | undefined {
  const values = nodes.map(integerOf);
  return values.every((it) => it !== undefined) ? values : undefined;
}

function positive(shape: Shape | undefined): Shape | undefined {
  return shape?.every((it) => it >= 0) ? shape : undefined;
}

/** One length may be -1: what is left. */
function reshaped(from: Shape | undefined, to: Shape | undefined): Shape | undefined {
  if (!to || to.filter((it) => it < 0).length > 1 || to.some((it) => it < -1)) return undefined;
  if (!to.includes(-1)) return to;
  const known = to.reduce((product, it) => (it === -1 ? product : product * it), 1);
  const elements = from?.reduce((a, b) => a * b, 1);
  return elements !== undefined && known > 0 && elements % known === 0
    ? to.map((it) => (it === -1 ? elements / known : it))
    : undefined;
}

function broadcast(left: Shape, right: Shape): Shape | undefined {
  const axes = Math.max(left.length, right.length);
  const result: number[] = [];
  for (let back = 1; back <= axes; back++) {
    const [a, b] = [left.at(-back) ?? 1, right.at(-back) ?? 1];
    if (a !== b && a !== 1 && b !== 1) return undefined;
    result.unshift(a === 1 ? b : a);
  }
  return result;
}

function shapeText(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]!},)` : `(${shape.join(", ")})`;
}
