/** Edits of lists between brackets: arguments of a call, parameters, items. */

import type { Call } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { insertAfter, remove, replace } from "./edits.js";
import type { Edit } from "./rule.js";

/** `f(a)` becomes `f(a, text)`, behind the last argument. Undefined for `f(x for x in y)`, which has no list to add to. */
export function withArgument({ argumentList }: Call, text: string): Edit | undefined {
  if (argumentList.kind !== "argument_list") return undefined;
  const last = argumentList.lastChild;
  if (last) return onItsOwnLine(argumentList, last, text) ?? insertAfter(last, `, ${text}`);
  return argumentList.comments.length > 0 ? undefined : replace(argumentList, `(${text})`);
}

/** Where each argument has a line of its own, so does one more; a comment stays with the argument that it stands behind. */
function onItsOwnLine({ tree, firstChild, start }: Node, last: Node, text: string): Edit | undefined {
  const code = tree.text;
  const lineStart = code.lastIndexOf("\n", last.start - 1) + 1;
  const indent = code.slice(lineStart, last.start);
  const before = firstChild && code.slice(start, firstChild.start);
  // The first one begins a line too.
  const isOnLine = before?.slice(before.trimEnd().length).includes("\n");
  if (lineStart <= start || indent.trim() !== "" || !isOnLine) return undefined;
  const [, comma, comment] = /^(,?)[ \t]*(#[^\n]*)?/.exec(code.slice(last.end)) ?? [];
  const newline = code[lineStart - 2] === "\r" ? "\r\n" : "\n";
  const lines = /^\w+=[^,()[\]{}"']+(?:, \w+=[^,()[\]{}"']+)+$/.test(text) ? text.split(", ") : [text];
  const added = lines.join(`,${newline}${indent}`);
  if (comment === undefined) return insertAfter(last, `,${newline}${indent}${added}`);
  const lineEnd = code.slice(last.end).search(/\r?\n/) + last.end;
  return comma ? insertAfter({ tree, start: last.start, end: lineEnd }, `${newline}${indent}${added},`) : undefined;
}

/** Removes an argument, parameter or item with the comma that goes with it. Undefined where a comment in the list might belong to it. */
export function withoutArgument(item: Node): Edit | undefined {
  const siblings = item.parent!.allChildren;
  const index = siblings.indexOf(item);
  const [before, after] = [siblings[index - 1], siblings[index + 1]];
  if (item.parent!.comments.length > 0) return undefined;
  const next = siblings[index + 2];
  if (after?.token === "," && next?.isNamed) return remove({ tree: item.tree, start: item.start, end: next.start });
  if (after?.token === ",")
    return remove({ tree: item.tree, start: before?.token === "," ? before.end : item.start, end: after.end });
  return remove({ tree: item.tree, start: before?.token === "," ? before.start : item.start, end: item.end });
}
