/** The expression around an array that works on its elements one by one: operators, comparisons and NumPy's functions of that kind. */

import type { Facts } from "../semantics/facts.js";
import { asBinary, asCall, asComparison, asMethodCall, unwrap, wrapped, type Call } from "../syntax/expressions.js";
import { asAssignment, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { statementsRun } from "./applied-function.js";

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

/** They leave the shape of the result as it is; the place for it is as large as the result. */
const SHAPELESS = new Set(["out", "dtype", "casting", "order"]);
/** A function that calls another one, and no further. */
const CALLS = 2;

/** Goes up from a node while what stands around works on elements one by one, by way of functions of the file too. */
export function elementwiseAround(node: Node, facts: Facts, calls = CALLS): ElementwiseAround {
  const operands: Node[] = [];
  let at = wrapped(node);
  for (let steps = 0; steps < DEPTH; steps++) {
    const outer = at.parent;
    const up = outer && stepUp(at, outer, facts, calls);
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
  calls: number,
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
  if (!call || call.hasSplat) return undefined;
  const name = facts.nameOf(call.callee) ?? "";
  const isOwn = calls > 0 && !name.startsWith("numpy.") && isOwnElementwise(call, facts, calls - 1);
  if (isOwn) return { node: call.node, operands: besides([...call.args, ...call.keywords.values()]) };
  if ([...call.keywords.keys()].some((it) => !SHAPELESS.has(it))) return undefined;
  const isChoice = name === "numpy.where" && call.args.length === 3;
  return isChoice || FUNCTIONS.test(name) ? { node: call.node, operands: besides(call.args) } : undefined;
}

function isOwnElementwise({ callee }: Call, facts: Facts, calls: number): boolean {
  const def = callee.kind === "identifier" ? facts.functionNamed(callee) : undefined;
  return def !== undefined && isElementwiseFunction(def, new Set(def.parameters.map((it) => it.name)), facts, calls);
}

/**
 * What the function gives is worked out of these parameters element by element, and of each of them:
 * statements that name parts of the result, and a last one that returns it.
 */
export function isElementwiseFunction(
  def: FunctionDef,
  parameters: ReadonlySet<string>,
  facts: Facts,
  calls = 1,
): boolean {
  if (def.isAsync || def.decorators.length > 0 || def.parameters.some((it) => it.star !== "")) return false;
  return facts.memo(`elementwise ${calls} ${[...parameters].join(" ")}`, def.node, () => {
    const statements = statementsRun(facts.bodyOf(def));
    const last = statements.at(-1);
    if (statements.length > MOST_STATEMENTS || last?.kind !== "return_statement") return false;
    const arrays = new Set(parameters);
    const read = new Set<string>();
    for (const it of statements) {
      const assignment = it === last ? undefined : asAssignment(it);
      const [target, more] = assignment?.targets ?? [];
      const value = it === last ? last.children[0] : assignment?.value;
      // A name that is set again would hide whether the first value got into the result.
      if (!value || (it !== last && (target?.kind !== "identifier" || more || arrays.has(target.text)))) return false;
      const used = namesOf(value).filter((name) => arrays.has(name.text));
      if (!used.every((name) => elementwiseAround(name, facts, calls).top === wrapped(value))) return false;
      for (const name of used) read.add(name.text);
      if (used.length > 0 && target) arrays.add(target.text);
      else if (it === last && used.length === 0) return false;
    }
    return [...arrays].every((it) => read.has(it));
  });
}

const MOST_STATEMENTS = 12;

/** Every name in it comes up to the top by operators and functions of elements alone. */
export function isElementwise(value: Node, facts: Facts): boolean {
  const whole = wrapped(value);
  return namesOf(value)
    .filter((it) => facts.nameOf(it) === undefined)
    .every((it) => elementwiseAround(it, facts).top === whole);
}

/** The names in an expression that stand for values, without those of functions that are called. */
function namesOf(value: Node): readonly Node[] {
  return [unwrap(value), ...value.descendants("identifier")].filter(
    (it) => it.kind === "identifier" && it.fieldName !== "function" && it.fieldName !== "attribute",
  );
}
