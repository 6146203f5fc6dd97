/** Where a new definition goes: the module's top level, above the statement that needs it, with the empty lines that the file puts around definitions. */

import type { Facts } from "../semantics/facts.js";
import { classNodeOf, headOf, startOf } from "../semantics/document.js";
import { pieceOf } from "../semantics/piece.js";
import type { Node, Span } from "../syntax/tree.js";
import { emptyLinesAtEnd, linesAtEnd } from "../text/lines-at-end.js";
import { insertBefore } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";

/** The statement at the top level of the module that holds a node: for a method its outermost class. */
export function topStatement(node: Node, { view }: Facts): Node {
  const piece = pieceOf(node.tree);
  const head = piece.role === "member" ? headOf(view.document, piece) : undefined;
  let top = (head && classNodeOf(head)) ?? node;
  while (top.parent?.parent) top = top.parent;
  return top;
}

/** The first stands above the second in the file. */
export function standsAbove(first: Span, second: Span, { view }: Facts): boolean {
  return placeOf(first, view.document) < placeOf(second, view.document);
}

function placeOf(span: Span, document: Facts["view"]["document"]): number {
  return (startOf(document, span.tree) ?? 0) + span.start;
}

/** A definition above a statement of the top level and the comments that belong to it. `imports` are the edits that bring in what it needs. */
export function definitionAbove(statement: Node, text: string, facts: Facts, imports: readonly Edit[] = []): Edit {
  const { document } = facts.view;
  const own = statement.tree.text.slice(0, statement.start);
  const comments = linesAtEnd(own, (it) => it.startsWith("#"));
  const base = startOf(document, statement.tree) ?? 0;
  const isHeader = base + statement.start === comments.length;
  const start = statement.start - (isHeader ? 0 : comments.length);
  const gap = emptyLines(facts);
  const before = document.text.slice(0, base + start);
  const isFirst = isHeader || before.trim() === "";
  const present = emptyLinesAtEnd(before).split("\n").length - 1;
  const missing = isFirst ? (imports.length > 0 ? gap - 1 : 0) : Math.max(0, gap - present);
  return insertBefore(
    { tree: statement.tree, start, end: start },
    `${"\n".repeat(missing)}${text}\n${"\n".repeat(gap)}`,
  );
}

/** How many empty lines the file leaves between its definitions; two where it shows none. */
export function emptyLines({ view: { document }, keptForFixes }: Facts): number {
  return keptForFixes("empty lines", () => emptyLinesIn(document.text));
}

/** Of one text. */
export function emptyLinesIn(text: string): number {
  let most: number | undefined;
  for (const [, empty = ""] of text.matchAll(GAP)) {
    most = Math.max(most ?? 0, empty.split("\n").length - 1);
    if (most >= 2) break;
  }
  return Math.min(2, most ?? 2);
}

const GAP = /\n(?<=(?:^|\S[ \t]*\r?)\n)((?:[ \t]*\r?\n)+)(?:#[^\n]*\n)*(?:@|async def |def |class )/g;

/** The edits of several imports, names of one module in one line. */
export function importEdits(...imports: readonly { readonly edits: readonly Edit[] }[]): readonly Edit[] {
  const merged: Edit[] = [];
  for (const edit of imports.flatMap((it) => it.edits)) {
    const [, head, name = ""] = FROM.exec(edit.text) ?? [];
    const index =
      head === undefined ? -1 : merged.findIndex((it) => isSamePlace(it, edit) && FROM.exec(it.text)?.[1] === head);
    if (index < 0) merged.push(edit);
    else
      merged[index] = {
        ...edit,
        text: edit.text.replace(
          FROM,
          (_all, _head, _name, end: string) =>
            `${head}${[...FROM.exec(merged[index]!.text)![2]!.split(", "), name].sort().join(", ")}${end}`,
        ),
      };
  }
  return merged;
}

const FROM = /^(\n*from \S+ import )([\w, ]+)(\n*)$/;

const isSamePlace = (first: Edit, second: Edit): boolean =>
  first.at.tree === second.at.tree && first.at.start === second.at.start;
