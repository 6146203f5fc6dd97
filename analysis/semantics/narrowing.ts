/** What `isinstance` has shown of a name by the time it is read: `if isinstance(x, T):`, `assert isinstance(x, T)`, `if not isinstance(x, T): raise …`. */

import { asBinary, asCall, wrapped } from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { functionAround, statementOf } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import type { Binding } from "./scopes.js";

/** A call of `isinstance` about a name, and the code that runs only where it holds. */
export interface Shown {
  /** What the value is an instance of. */
  readonly type: Node;
  readonly from: number;
  readonly within: Node;
}

const MOST = 20;

/** Of a name of one function: what its tests show, and where. */
export function shownOf(binding: Binding, isTest: (callee: Node) => boolean): readonly Shown[] {
  const found: Shown[] = [];
  for (const read of binding.reads) {
    const list = read.parent;
    const call = list?.kind === "argument_list" ? asCall(list.parent) : undefined;
    if (call?.callee.text !== "isinstance" || call.args[0] !== read || !call.args[1] || !isTest(call.callee)) continue;
    const region = regionOf(call.node);
    // What binds it again there may bring something else.
    const isRebound =
      region && binding.sites.some((it) => it.name.isInside(region.within) && it.name.start > region.from);
    if (region && !isRebound) found.push({ type: call.args[1], ...region });
    if (found.length >= MOST) break;
  }
  return found;
}

export function isShown({ from, within }: Shown, read: Node): boolean {
  return read.isInside(within) && read.start >= from && functionAround(read) === functionAround(within);
}

/** Where the code stands that runs only if the call gave True. */
function regionOf(call: Node): Pick<Shown, "from" | "within"> | undefined {
  let condition = wrapped(call);
  let isNegated = false;
  for (let outer = condition.parent; outer; outer = condition.parent) {
    const operator = asBinary(outer)?.operator;
    if (outer.kind === "not_operator") isNegated = !isNegated;
    // One part of `a and b` holds where the whole does; one part of `a or b` fails where the whole does.
    else if (operator !== (isNegated ? "or" : "and")) break;
    condition = wrapped(outer);
  }
  const { parent } = condition;
  if (!parent) return undefined;
  if (isNegated) {
    const body =
      parent.kind === "if_statement" && condition.fieldName === "condition" ? parent.field("consequence") : undefined;
    const isOut = body !== undefined && LEAVES.has(body.lastChild?.kind ?? "block");
    return isOut && !parent.field("alternative") && parent.parent
      ? { from: parent.end, within: parent.parent }
      : undefined;
  }
  if (parent.kind === "assert_statement" && parent.children[0] === condition) {
    const block = statementOf(parent).parent;
    return block && { from: parent.end, within: block };
  }
  if (parent.kind === "conditional_expression" && parent.children[1] === condition)
    return { from: parent.start, within: parent.children[0]! };
  if (condition.fieldName !== "condition" || (parent.kind !== "if_statement" && parent.kind !== "elif_clause"))
    return undefined;
  const body = parent.field("consequence");
  return body && { from: body.start, within: body };
}

const LEAVES: ReadonlySet<Kind> = new Set<Kind>([
  "raise_statement",
  "return_statement",
  "continue_statement",
  "break_statement",
]);
