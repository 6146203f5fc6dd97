/** Code that gathers items in a list to return it, turned into code that yields them. */

import { realigned, reindented, remove, removeStatement, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import type { MethodCall } from "../syntax/expressions.js";
import { indentOf, startsLine, statementOf } from "../syntax/statements.js";
import type { Node, Span } from "../syntax/tree.js";

/** `list.append(item)` becomes `yield item`, `list.extend(items)` becomes `yield from items`. */
export function yieldFor({ node, method, args: [item] }: MethodCall): Edit | undefined {
  if (!item || node.comments.length > item.comments.length) return undefined;
  return replace(node, yieldOf(item, method === "extend"));
}

/** `yield item` or `yield from item`, in parentheses where the item needs them: laid out as those of the call were. */
export function yieldOf(item: Node, isFrom: boolean): string {
  const head = `yield ${isFrom ? "from " : ""}`;
  if (item.kind === "named_expression" || item.kind === "yield") return `${head}(${item.text})`;
  if (!item.text.includes("\n")) return `${head}${item.text}`;
  const indent = indentOf(statementOf(item));
  const isOnOwnLine = startsLine(item);
  if (holdsItsLines(item)) {
    if (!isOnOwnLine) return `${head}${item.text}`;
    // Lines either hang from the statement, or are set under what follows the bracket.
    const hangs = /[[({]\s*$/.test(item.text.slice(0, item.text.indexOf("\n")));
    return `${head}${hangs ? reindented(item, indent) : realigned(item, indent.length + head.length)}`;
  }
  return isOnOwnLine
    ? `${head}(\n${indentOf(item)}${item.text}\n${indent})`
    : `${head}(${realigned(fromBefore(item), indent.length + head.length).slice(1)})`;
}

/** With the character before it, the bracket that its other lines are set under. */
function fromBefore({ tree, start, end }: Node): Span {
  return { tree, start: start - 1, end };
}

/** Its lines end within brackets or a string of its own. */
function holdsItsLines(item: Node): boolean {
  const callee = item.field("function") ?? item.field("value");
  return BRACKETED.has(item.kind) || (/^(?:call|subscript)$/.test(item.kind) && !callee?.text.includes("\n"));
}

const BRACKETED: ReadonlySet<string> = new Set([
  "dictionary",
  "dictionary_comprehension",
  "generator_expression",
  "list",
  "list_comprehension",
  "parenthesized_expression",
  "set",
  "set_comprehension",
  "string",
  "tuple",
]);

/** The `return` at the end with the empty lines above it, which would be left there. */
export function removeReturn(before: Node, last: Node): Edit | undefined {
  const { tree } = last;
  const line = removeStatement(last);
  const isBare = tree.text.slice(before.end, last.start).trim() === "";
  return line && isBare ? remove({ tree, start: before.end, end: last.end }) : line;
}
