/** What may change when Numba runs the turns of a loop at once: the type of the counter, memory that is shared, divisions by zero. */

import type { Facts } from "../semantics/facts.js";
import { asBinary, asCall, asMethodCall, asSubscript, integerOf, unwrap } from "../syntax/expressions.js";
import { asAssignment, asAugmented, asFor, type ForLoop, type FunctionDef } from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { isNewArray } from "./array-shape.js";

const ARITHMETIC = new Set(["+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>"]);
const MEASURES = new Set(["shape", "size", "ndim", "dtype"]);
const DIVISIONS = new Set(["/", "//", "%"]);

/**
 * A counter that starts at 0 has no sign in a parallel loop: the negative of it, or a difference of nothing but it, wraps around,
 * and as an index reads foreign memory. Beside any signed number it is signed again.
 */
export function mayWrapAround(body: Node, counters: readonly string[], facts: Facts, depth = 0): boolean {
  const unsigned = new Set(counters);
  const isUnsigned = (node: Node | undefined): boolean => {
    const it = node && unwrap(node);
    if (!it) return false;
    if (it.kind === "identifier") return unsigned.has(it.text);
    const binary = asBinary(it);
    if (binary) return ARITHMETIC.has(binary.operator) && isUnsigned(binary.left) && isUnsigned(binary.right);
    const call = asCall(it);
    return it.kind === "unary_operator"
      ? isUnsigned(it.field("argument"))
      : call !== undefined && call.args.length > 0 && call.args.every(isUnsigned);
  };
  // Twice, so that a name that is set further down reaches the reads above it.
  for (let round = 0; round < 2; round++) {
    for (const it of body.descendants("for_statement")) {
      const loop = asFor(it);
      const call = loop && asCall(unwrap(loop.iterable));
      if (
        call &&
        call.args.length > 0 &&
        call.args.every((it) => isUnsigned(it) || integerOf(it) !== undefined) &&
        call.args.some(isUnsigned)
      )
        unsigned.add(loop.target.text);
    }
    for (const it of body.descendants("assignment")) {
      const { targets = [], value } = asAssignment(it) ?? {};
      if (!isUnsigned(value)) continue;
      // Numba refuses a second name for the counter that changes later, and so do we any second name.
      if (unwrap(value!).kind === "identifier") return true;
      for (const target of targets) unsigned.add(target.text);
    }
  }
  const isNegated = (it: Node) => (it.hasToken("-") || it.hasToken("~")) && isUnsigned(it.field("argument"));
  const isDifference = (it: Node) => asBinary(it)?.operator === "-" && isUnsigned(it);
  const isTakenFrom = (it: Node) =>
    asAugmented(it)?.operator === "-=" && isUnsigned(asAugmented(it)?.target) && isUnsigned(asAugmented(it)?.value);
  if (
    body.descendants("unary_operator").some(isNegated) ||
    body.descendants("binary_operator").some(isDifference) ||
    body.descendants("augmented_assignment").some(isTakenFrom)
  )
    return true;
  return body.descendants("call").some((it) => {
    const call = asCall(it);
    const def = call && facts.functionNamed(call.callee);
    if (!def || !call.args.some(isUnsigned)) return false;
    const given = def.parameters.filter((_, index) => isUnsigned(call.args[index])).map((it) => it.name);
    return depth > 2 || mayWrapAround(facts.bodyOf(def), given, facts, depth + 1);
  });
}

/** The doubts of a fix apart from the order of the iterations. */
export function parallelDoubts(
  { body, node }: ForLoop,
  stored: readonly Node[],
  def: FunctionDef,
  facts: Facts,
): readonly string[] {
  const given = new Set(stored.filter((it) => memoryOf(it, node, facts) === "given").map((it) => it.text));
  const read = body
    .descendants("subscript")
    .flatMap((it) => asSubscript(it)?.value ?? [])
    .filter((it) => it.kind === "identifier" && !given.has(it.text));
  const mayOverlap =
    given.size > 1 ||
    (given.size > 0 && read.some((it) => facts.writesOf(it).every((site) => site.kind === "parameter")));
  // Compiled serially Numba raises as Python does, unless told otherwise; in a parallel loop it divides as NumPy does.
  const raises =
    mayDivideByZero(body) &&
    !def.decorators.some((it) => textValue(asCall(it)?.keywords.get("error_model")) === "numpy");
  return [
    ...(mayOverlap ? ["the arrays must not overlap"] : []),
    ...(raises ? ["a division by zero no longer raises"] : []),
  ];
}

function mayDivideByZero(body: Node): boolean {
  const isRisky = (divisor: Node | undefined) => divisor !== undefined && !/^-?[\d_.]*[1-9]/.test(unwrap(divisor).text);
  return (
    body
      .descendants("binary_operator")
      .some((it) => DIVISIONS.has(asBinary(it)?.operator ?? "") && isRisky(asBinary(it)?.right)) ||
    body
      .descendants("augmented_assignment")
      .some((it) => DIVISIONS.has(asAugmented(it)?.operator.slice(0, -1) ?? "") && isRisky(asAugmented(it)?.value))
  );
}

/** "own": made in the function, and no other name is a part of it. "given": a parameter, which another one may overlap. Undefined where it may be a part of something else. */
export function memoryOf(array: Node, loop: Node, facts: Facts): "own" | "given" | undefined {
  const sites = facts.writesOf(array).filter((it) => it.kind !== "augment");
  const isMade = sites.every(
    (it) => it.kind === "assign" && it.path.length === 0 && it.value !== undefined && ownsItsMemory(it.value, facts),
  );
  if (sites.length === 0 || (!isMade && !sites.every((it) => it.kind === "parameter"))) return undefined;
  const assignments = (loop.ancestor("function_definition") ?? loop)
    .descendants("assignment")
    .filter((it) => !it.isInside(loop));
  const hasParts = assignments.some((it) => {
    const { targets = [], value } = asAssignment(it) ?? {};
    return (
      value !== undefined &&
      targets.every((target) => target.kind === "identifier") &&
      !ownsItsMemory(value, facts) &&
      [value, ...value.descendants("identifier")].some((part) => isShared(part, array))
    );
  });
  return hasParts ? undefined : isMade ? "own" : "given";
}

/** The array itself, a part of it or what a call makes of it: anything but its measures. */
function isShared(part: Node, array: Node): boolean {
  if (part.kind !== "identifier" || part.text !== array.text || part.fieldName === "attribute") return false;
  const around = part.parent;
  return around?.kind === "attribute"
    ? !MEASURES.has(around.field("attribute")?.text ?? "")
    : asCall(around?.parent)?.callee.text !== "len";
}

/** An array that shares its memory with no other. */
export function ownsItsMemory(value: Node, facts: Facts): boolean {
  return isNewArray(value, facts) || asMethodCall(unwrap(value), "copy", "astype", "flatten") !== undefined;
}
