/** `return f(n - 1) + f(n - 2)`: functions of a whole number that need their last two values. */

import type { Facts } from "../semantics/facts.js";
import { asCall, asConditional, isConstant, unwrap } from "../syntax/expressions.js";
import { asIf, onlyStatement, statementsOf, type FunctionDef, type Parameter } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** A function that computes each value from the two values before it. */
export interface PairRecursion {
  readonly parameter: Parameter;
  /** All places that read the parameter. */
  readonly reads: readonly Node[];
  /** The `return` that the values before are put together in. */
  readonly last: Node;
  readonly value: Node;
  readonly calls: readonly { readonly node: Node; readonly distance: 1 | 2 }[];
  /** The two values in front of the first computed one; `index` is what the second of them is the value for. */
  readonly starts: { readonly index: number; readonly values: readonly [string, string] };
  /** The first values are those for all smaller arguments too. */
  readonly isBounded: boolean;
}

/** A function that calls itself for the value before and the one before that, such as Fibonacci; undefined for any other. */
export function pairRecursion(def: FunctionDef, facts: Facts): PairRecursion | undefined {
  const [parameter, more] = def.parameters;
  if (
    !parameter ||
    more ||
    parameter.star !== "" ||
    parameter.defaultValue ||
    def.isAsync ||
    facts.writesOf(parameter.nameNode).length !== 1
  )
    return undefined;
  const body = statementsOf(def.body);
  const last = body.at(-1);
  const value = last?.kind === "return_statement" ? last.children[0] : undefined;
  if (!last || !value || asConditional(unwrap(value)) || value.text.includes("\n")) return undefined;
  const calls: { node: Node; distance: 1 | 2 }[] = [];
  for (const mention of def.body.identifiers(def.name).filter((it) => it.fieldName !== "attribute")) {
    const call = asCall(mention.parent);
    const distance = call && new RegExp(`^${parameter.name} - ([12])$`).exec(call.args[0]?.text ?? "")?.[1];
    if (
      !call ||
      distance === undefined ||
      call.args.length !== 1 ||
      call.keywords.size > 0 ||
      !call.node.isInside(value) ||
      facts.functionNamed(mention)?.node !== def.node
    )
      return undefined;
    calls.push({ node: call.node, distance: distance === "1" ? 1 : 2 });
  }
  if (
    new Set(calls.map((it) => it.distance)).size < 2 ||
    !isSum(
      value,
      calls.map((it) => it.node),
    )
  )
    return undefined;

  const known = new Map<number, string>();
  let bound: number | undefined;
  const guards = body.slice(body[0]?.children[0]?.kind === "string" ? 1 : 0, -1);
  for (const guard of guards) {
    const branch = asIf(guard);
    const only = branch && !branch.orElse ? onlyStatement(branch.body) : undefined;
    if (!branch || !only || branch.elifs.length > 0) return undefined;
    const { condition } = branch;
    if (only.kind === "raise_statement") {
      if (!isHarmlessCheck(condition, parameter.name)) return undefined;
      continue;
    }
    const result = only.kind === "return_statement" ? only.children[0] : undefined;
    const values = coveredBy(condition, parameter.name);
    if (!result || !values || !(isConstant(result) || result.text === parameter.name)) return undefined;
    for (const it of values.single)
      if (!known.has(it)) known.set(it, result.text === parameter.name ? String(it) : result.text);
    if (values.upTo !== undefined) {
      bound = Math.max(bound ?? values.upTo, values.upTo);
      for (let it = values.upTo; it > values.upTo - 2; it--)
        if (!known.has(it)) known.set(it, result.text === parameter.name ? String(it) : result.text);
    }
  }
  const index = Math.max(...known.keys());
  const [first, second] = [known.get(index - 1), known.get(index)];
  if (first === undefined || second === undefined || index < 1 || index > 9) return undefined;
  return {
    parameter,
    reads: facts.readsOf(parameter.nameNode),
    last,
    value,
    calls,
    starts: { index, values: [first, second] },
    isBounded: bound !== undefined,
  };
}

const PARTS = new Set([
  "identifier",
  "integer",
  "float",
  "binary_operator",
  "parenthesized_expression",
  "unary_operator",
  "call",
  "argument_list",
]);

/** Numbers, the parameter and the calls, reckoned together. */
function isSum(value: Node, calls: readonly Node[]): boolean {
  return value
    .descendants()
    .every(
      (it) =>
        calls.some((call) => it.isInside(call)) ||
        (PARTS.has(it.kind) && it.kind !== "call" && it.kind !== "argument_list"),
    );
}

/** `n < 0`, `not isinstance(n, int)`: asked of smaller arguments it would say the same. */
function isHarmlessCheck(condition: Node, name: string): boolean {
  return new RegExp(`^(${name} < 0|not isinstance\\(${name}, int\\))$`).test(condition.text);
}

/** The arguments that a condition lets through: `n == 0`, `n in (0, 1)`, `n <= 1`, `n < 2`. */
function coveredBy(
  condition: Node,
  name: string,
): { readonly single: readonly number[]; readonly upTo: number | undefined } | undefined {
  const [, operator, rest = ""] = new RegExp(`^${name} (==|<=|<|in) (.+)$`).exec(condition.text) ?? [];
  if (operator === "in") {
    const single = /^[([{]\s*\d+(\s*,\s*\d+)*\s*[)\]}]$/.test(rest)
      ? [...rest.matchAll(/\d+/g)].map(([it]) => Number(it))
      : undefined;
    return single && { single, upTo: undefined };
  }
  const number = /^\d+$/.test(rest) ? Number(rest) : undefined;
  if (operator === undefined || number === undefined) return undefined;
  if (operator === "==") return { single: [number], upTo: undefined };
  return { single: [], upTo: operator === "<=" ? number : number - 1 };
}
