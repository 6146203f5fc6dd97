/** Names that are set from their own value: `level = 0.9 * level`, `frame = frame.dropna()`. What they hold before decides what they hold after. */

import { functionGives, methodGives } from "../knowledge/calls.js";
import { asBinary, asCall, asConditional, asMethodCall, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { itemType } from "./items.js";
import type { Names } from "./names.js";
import { arithmetic } from "./operators.js";
import { pieceOf } from "./piece.js";
import type { Site } from "./scopes.js";
import { isNumber, join, joinAll, printType, type, type Maybe } from "./types.js";

export function isUpdate(site: Site): boolean {
  return site.kind === "assign" && site.path.length === 0 && site.value !== undefined && ownReads(site).length > 0;
}

/** What the name holds if it held `before` at first and the assignment may run any number of times. */
export function updated(site: Site, before: Maybe, typeOf: (node: Node) => Maybe, names: Names): Maybe {
  const value = site.value!;
  const reads = new Set(ownReads(site));
  const after = join(before, typeWith(value, reads, before, typeOf, names));
  if (!after || printType(after) === printType(before)) return after;
  const again = join(after, typeWith(value, reads, after, typeOf, names));
  return again && printType(again) === printType(after) ? after : undefined;
}

/** The type of an expression if some reads in it gave a certain type. */
function typeWith(
  expression: Node,
  reads: ReadonlySet<Node>,
  assumed: Maybe,
  typeOf: (node: Node) => Maybe,
  names: Names,
): Maybe {
  const given = (part: Node): Maybe => {
    const node = unwrap(part);
    if (reads.has(node)) return assumed;
    if (!node.descendants("identifier").some((it) => reads.has(it))) return typeOf(node);
    switch (node.kind) {
      case "unary_operator": {
        const operand = given(node.field("argument")!);
        return isNumber(operand) ? operand : undefined;
      }
      case "binary_operator": {
        const binary = asBinary(node);
        return binary && arithmetic(given(binary.left), binary.operator, given(binary.right));
      }
      case "conditional_expression": {
        const conditional = asConditional(node);
        return conditional && join(given(conditional.then), given(conditional.otherwise));
      }
      case "list":
        return type("list", joinAll(node.children.map((it) => (it.kind === "list_splat" ? undefined : given(it)))));
      case "subscript":
        return itemType(node, given);
      case "call":
        return called(node);
      default:
        return undefined;
    }
  };
  const called = (node: Node): Maybe => {
    const call = asCall(node);
    if (!call) return undefined;
    const args = { positional: call.args.map(given), keywords: [...call.keywords.keys()], hasSplat: call.hasSplat };
    const name = names.nameOf(call.callee);
    if (name !== undefined) return functionGives(name, args);
    const object = asMethodCall(node)?.object;
    const receiver = object && given(object);
    return receiver && !receiver.name.startsWith("local.")
      ? methodGives(receiver, asMethodCall(node)!.method, args)
      : undefined;
  };
  return given(expression);
}

function ownReads({ name, value }: Site): readonly Node[] {
  const { scopes } = pieceOf(name.tree);
  const binding = scopes.bindingOf(name);
  return value!.identifiers(name.text).filter((it) => scopes.bindingOf(it) === binding);
}
