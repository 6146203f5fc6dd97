/** Products of matrices, however they are written, and how many axes their operands have. */

import type { Evidence, Facts } from "../semantics/facts.js";
import { useOf } from "../semantics/uses.js";
import { isNumber } from "../semantics/types.js";
import {
  argumentOf,
  asAttribute,
  asBinary,
  asCall,
  asMethodCall,
  asSubscript,
  unwrap,
  type Call,
} from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { arrayShape } from "./array-shape.js";

/** `left @ right`, `np.dot(left, right)`, `np.matmul(left, right)`, `left.dot(right)`. */
export interface MatrixProduct {
  readonly node: Node;
  readonly left: Node;
  readonly right: Node;
}

/** A product of two operands, however it is written; undefined for anything else. */
export function asProduct(expression: Node | undefined, facts: Facts): MatrixProduct | undefined {
  const node = expression && unwrap(expression);
  const binary = node && asBinary(node);
  if (binary)
    return binary.operator === "@"
      ? { node: binary.node, left: unwrap(binary.left), right: unwrap(binary.right) }
      : undefined;
  const call = asCall(node);
  if (!node || !call || call.hasSplat || call.keywords.size > 0) return undefined;
  const name = facts.nameOf(call.callee);
  const [first, second, third] = call.args;
  if (name === "numpy.dot" || name === "numpy.matmul")
    return first && second && !third ? { node, left: unwrap(first), right: unwrap(second) } : undefined;
  const method = name === undefined ? asMethodCall(node, "dot") : undefined;
  if (!method || !first || second) return undefined;
  // Frames and sparse matrices have such a method too.
  return facts.takenFor(method.object, "array") || asProduct(method.object, facts)
    ? { node, left: unwrap(method.object), right: unwrap(first) }
    : undefined;
}

/** How many axes an array has, and how sure that is. */
export interface Axes {
  readonly count: number;
  readonly evidence: Evidence;
}

const DEPTH = 8;
/** They take matrices and give some; stacks of matrices aside. */
const OF_MATRICES = /^(numpy|scipy)\.linalg\.(inv|pinv|cholesky|expm|sqrtm|matrix_power|toeplitz|block_diag)$/;
const SQUARE = /^numpy\.(eye|identity|outer|cov|corrcoef|vander|tri|atleast_2d|column_stack|vstack)$/;
const FLAT = /^numpy\.(arange|linspace|logspace|geomspace|ravel|flatnonzero|unique|bincount)$/;
const SIZED = /^numpy\.(zeros|ones|empty|full)$/;
const BY_SIZES = /^numpy\.random\.(rand|randn)$/;
const REDUCED = /^(mean|sum|max|min|std|var|median|prod|argmax|argmin)$/;

/** How many axes the array has; undefined where nothing tells. */
export function axesOf(expression: Node, facts: Facts, depth = 0): Axes | undefined {
  const node = unwrap(expression);
  if (depth > DEPTH) return undefined;
  const inner = (it: Node) => axesOf(it, facts, depth + 1);
  const product = asProduct(node, facts);
  if (product) return ofProduct(inner(product.left), inner(product.right));
  const known = arrayShape(node, facts).axes;
  if (known !== undefined) return proof(known);
  switch (node.kind) {
    case "identifier":
      return ofName(node, facts, inner) ?? ofUses(node, facts);
    case "attribute": {
      const attribute = asAttribute(node);
      return attribute && (attribute.name === "T" || attribute.name === "real") ? inner(attribute.object) : undefined;
    }
    case "unary_operator":
      return inner(node.field("argument")!);
    case "binary_operator":
      return ofElements(node.children, facts, inner);
    case "subscript":
      return ofSubscript(node, facts, inner);
    case "list":
      return node.children.length > 0 ? inner(node.children[0]!) : undefined;
    case "call":
      return ofCall(node, facts, inner);
    default:
      return undefined;
  }
}

const proof = (count: number): Axes => ({ count, evidence: "proof" });

function ofProduct(left: Axes | undefined, right: Axes | undefined): Axes | undefined {
  if (!left || !right || left.count > 2 || right.count > 2) return undefined;
  const count = (left.count === 2 ? 1 : 0) + (right.count === 2 ? 1 : 0);
  return { count, evidence: weaker(left.evidence, right.evidence) };
}

const RANK: Readonly<Record<Evidence, number>> = { proof: 2, strong: 1, fair: 0 };
function weaker(a: Evidence, b: Evidence): Evidence {
  return RANK[a] < RANK[b] ? a : b;
}

function ofName(name: Node, facts: Facts, inner: (node: Node) => Axes | undefined): Axes | undefined {
  const sites = facts.reachingSites(name);
  const found = sites.map((it) =>
    it.kind === "assign" && it.path.length === 0 && it.value ? inner(it.value) : undefined,
  );
  const [first] = found;
  if (!first || !found.every((it) => it?.count === first.count)) return undefined;
  return found.reduce<Axes>((all, it) => ({ count: all.count, evidence: weaker(all.evidence, it!.evidence) }), first);
}

/** `rows, columns = x.shape`, `x[i, j]`, `x[:, 0]` say that there are two; `x.shape[1]` at least two. */
function ofUses(name: Node, facts: Facts): Axes | undefined {
  const binding = facts.bindingOf(name);
  if (!binding || binding.scope.kind !== "function") return undefined;
  return facts.memo("axes by use", binding, () => {
    for (const read of facts.readsOf(name)) {
      const use = useOf(read);
      if (use.kind === "attribute" && use.name === "shape") {
        const target = use.in.parent?.kind === "assignment" ? use.in.parent.field("left") : undefined;
        const names = target && /^(tuple_pattern|pattern_list)$/.test(target.kind) ? target.children : [];
        if (names.length > 0 && !names.some((it) => it.kind === "list_splat_pattern"))
          return { count: names.length, evidence: "strong" };
        if (asSubscript(use.in.parent)?.indices[0]?.text === "1") return { count: 2, evidence: "fair" };
      }
      const indices =
        use.kind === "subscript" || use.kind === "subscript-store" ? (asSubscript(use.in)?.indices ?? []) : [];
      if (
        indices.length > 1 &&
        !indices.some((it) => it.kind === "none" || it.kind === "ellipsis" || it.text.endsWith("newaxis"))
      )
        return { count: indices.length, evidence: "strong" };
    }
    return undefined;
  });
}

/** Arithmetic on elements gives as many axes as the widest operand has. */
function ofElements(
  operands: readonly Node[],
  facts: Facts,
  inner: (node: Node) => Axes | undefined,
): Axes | undefined {
  const found = operands.filter((it) => !isNumber(facts.typeOf(it))).map(inner);
  const [first, ...rest] = found;
  if (!first || found.some((it) => !it))
    return first?.count === 2 && rest.length > 0 ? { ...first, evidence: "fair" } : undefined;
  return rest.reduce<Axes>(
    (all, it) => ({ count: Math.max(all.count, it!.count), evidence: weaker(all.evidence, it!.evidence) }),
    first,
  );
}

function ofSubscript(node: Node, facts: Facts, inner: (node: Node) => Axes | undefined): Axes | undefined {
  const { value, indices = [] } = asSubscript(node) ?? {};
  const axes = value && inner(value);
  if (!axes) return undefined;
  let { count } = axes;
  for (const it of indices) {
    if (it.kind === "slice") continue;
    if (it.kind === "none" || it.text.endsWith("newaxis")) count++;
    else if (facts.typeOf(it)?.name === "int") count--;
    // Places or a mask in an array of one axis take the place of the axis that they choose from.
    else if (indices.every((other) => other === it || other.kind === "slice") && inner(it)?.count === 1) continue;
    else return undefined;
  }
  return { ...axes, count };
}

function ofCall(node: Node, facts: Facts, inner: (node: Node) => Axes | undefined): Axes | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat) return undefined;
  const name = facts.nameOf(call.callee);
  const [first] = call.args;
  if (name === undefined) return ofMethod(call, facts, inner);
  if (OF_MATRICES.test(name)) return first && (inner(first) ?? { count: 2, evidence: "strong" });
  if (name === "numpy.linalg.solve") return call.args[1] && inner(call.args[1]);
  if (SQUARE.test(name)) return proof(2);
  if (FLAT.test(name)) return proof(1);
  if (SIZED.test(name)) return ofShape(argumentOf(call, "shape", 0), facts);
  if (BY_SIZES.test(name)) return proof(call.args.length);
  if (name.startsWith("numpy.random.")) return ofShape(call.keywords.get("size"), facts);
  if (name === "numpy.diag") {
    const of = first && inner(first);
    return of && { ...of, count: of.count === 1 ? 2 : 1 };
  }
  if (name === "numpy.array" || name === "numpy.asarray") return first && ofList(unwrap(first), facts, inner);
  if (/^numpy\.(sqrt|exp|log|abs|square|transpose|copy|sort|argsort|ascontiguousarray|nan_to_num|clip)$/.test(name))
    return first && inner(first);
  return undefined;
}

function ofList(list: Node, facts: Facts, inner: (node: Node) => Axes | undefined): Axes | undefined {
  if (list.kind !== "list" && list.kind !== "tuple") return inner(list);
  const [item] = list.children;
  if (!item) return undefined;
  const row = unwrap(item);
  if (row.kind === "list" || row.kind === "tuple") {
    const below = ofList(row, facts, inner);
    return below && { ...below, count: below.count + 1 };
  }
  return isNumber(facts.typeOf(row)) ? proof(1) : undefined;
}

function ofShape(shape: Node | undefined, facts: Facts): Axes | undefined {
  const node = shape && unwrap(shape);
  if (!node) return undefined;
  if (node.kind === "tuple" || node.kind === "list") return proof(node.children.length);
  return facts.typeOf(node)?.name === "int" ? proof(1) : undefined;
}

function ofMethod(call: Call, facts: Facts, inner: (node: Node) => Axes | undefined): Axes | undefined {
  const method = asMethodCall(call.node);
  if (!method) return undefined;
  const { object, args, keywords } = method;
  const [first] = args;
  if (method.method === "reshape") {
    const shape = first && unwrap(first);
    return args.length > 1 ? proof(args.length) : shape?.kind === "tuple" ? proof(shape.children.length) : undefined;
  }
  if (["ravel", "flatten"].includes(method.method)) return proof(1);
  if (["copy", "transpose", "astype", "round", "clip"].includes(method.method)) return inner(object);
  if (facts.typeOf(object)?.name === "numpy.random.Generator")
    return ofShape(
      keywords.get("size") ?? (/^(random|standard_normal)$/.test(method.method) ? first : undefined),
      facts,
    );
  if (REDUCED.test(method.method) && (keywords.has("axis") || first)) {
    const of = inner(object);
    return of && { ...of, count: of.count - 1 };
  }
  return undefined;
}
