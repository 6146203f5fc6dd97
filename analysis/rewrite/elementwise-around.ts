/** The expression around an array that works on its elements one by one: operators, comparisons and NumPy's functions of that kind. */

import type { Facts } from "../semantics/facts.js";
import { asBinary, asCall, asComparison, asMethodCall, wrapped } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";

/** An elementwise expression, with what stands in it beside the way up. */
export interface ElementwiseAround {
  /** The widest expression that is elementwise all the way; the node itself where nothing around it is. */
  readonly top: Node;
  /** The other operands and arguments on the way up. */
  readonly operands: readonly Node[];
}

const DEPTH = 20;
const FUNCTIONS = new RegExp(
  `^numpy\\.(${[
    "abs|absolute|fabs|sqrt|cbrt|square|exp|exp2|expm1|log|log2|log10|log1p|sin|cos|tan|arcsin|arccos|arctan|arctan2|sinh|cosh|tanh",
    "hypot|power|float_power|minimum|maximum|fmin|fmax|logical_(and|or|not|xor)|floor|ceil|rint|mod|remainder|fmod|sign|add|subtract",
    "multiply|divide|true_divide|floor_divide|negative|deg2rad|rad2deg|radians|degrees|isclose|logaddexp|conj|real|imag|angle|isnan|isfinite|heaviside|sinc",
  ].join("|")})$`,
);
const COMPARED = new Set(["<", "<=", ">", ">=", "==", "!="]);

/** Goes up from a node while what stands around works on elements one by one. */
export function elementwiseAround(node: Node, facts: Facts): ElementwiseAround {
  const operands: Node[] = [];
  let at = wrapped(node);
  for (let steps = 0; steps < DEPTH; steps++) {
    const outer = at.parent;
    const up = outer && stepUp(at, outer, facts);
    if (!up) break;
    operands.push(...up.operands);
    at = wrapped(up.node);
  }
  return { top: at, operands };
}

function stepUp(
  at: Node,
  outer: Node,
  facts: Facts,
): { readonly node: Node; readonly operands: readonly Node[] } | undefined {
  const besides = (all: readonly Node[]) => all.filter((it) => it !== at);
  if (outer.kind === "unary_operator") return { node: outer, operands: [] };
  const binary = outer.kind === "binary_operator" ? asBinary(outer) : undefined;
  if (binary)
    return binary.operator === "@" ? undefined : { node: outer, operands: besides([binary.left, binary.right]) };
  const comparison = asComparison(outer);
  if (comparison)
    return COMPARED.has(comparison.operator)
      ? { node: outer, operands: besides([comparison.left, comparison.right]) }
      : undefined;
  // `x.astype(int)`: the attribute, then its call.
  const method = outer.kind === "attribute" ? asMethodCall(outer.parent, "astype") : undefined;
  if (method && method.object === at) return { node: method.node, operands: [] };
  const call = outer.kind === "argument_list" ? asCall(outer.parent) : undefined;
  if (!call || call.hasSplat || call.keywords.size > 0) return undefined;
  const name = facts.nameOf(call.callee) ?? "";
  const isChoice = name === "numpy.where" && call.args.length === 3;
  return isChoice || FUNCTIONS.test(name) ? { node: call.node, operands: besides(call.args) } : undefined;
}
