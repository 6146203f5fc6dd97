/** Code that gathers items in a list to return it, turned into code that yields them. */

import { remove, removeStatement, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import type { MethodCall } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";

/** `list.append(item)` becomes `yield item`, `list.extend(items)` becomes `yield from items`. */
export function yieldFor({ node, method, args: [item] }: MethodCall): Edit | undefined {
  if (!item || node.comments.length > item.comments.length) return undefined;
  return replace(node, yieldOf(item, method === "extend"));
}

/** `yield item` or `yield from item`, in parentheses where the item needs them. */
export function yieldOf(item: Node, isFrom: boolean): string {
  const isOpen =
    item.kind === "named_expression" ||
    item.kind === "yield" ||
    (item.text.includes("\n") && !/^[[({]/.test(item.text));
  return `yield ${isFrom ? "from " : ""}${isOpen ? `(${item.text})` : item.text}`;
}

/** The `return` at the end with the empty lines above it, which would be left there. */
export function removeReturn(before: Node, last: Node): Edit | undefined {
  const { tree } = last;
  const line = removeStatement(last);
  const isBare = tree.text.slice(before.end, last.start).trim() === "";
  return line && isBare ? remove({ tree, start: before.end, end: last.end }) : line;
}
