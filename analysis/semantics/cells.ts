/** Where the cells of a notebook end: in the text that is made of them they stand one behind the other. */

import { CELL_BREAK } from "../text/cell-break.js";
import type { Node } from "../syntax/tree.js";
import type { Facts } from "./facts.js";

/** The statement is the last of its cell, whose value a notebook shows. */
export function endsCell(statement: Node, facts: Facts): boolean {
  const { tree } = statement;
  if (!facts.isNotebook || statement.parent !== tree.root) return false;
  const next = statement.nextSibling;
  if (tree.text.slice(statement.end, next?.start).includes(CELL_BREAK)) return true;
  if (next) return false;
  let end = tree.text.slice(statement.end);
  for (let piece = facts.view.behind(tree); piece; piece = facts.view.behind(piece.tree)) {
    const first = piece.tree.root.firstChild;
    end += piece.text.slice(0, first?.start);
    if (end.includes(CELL_BREAK)) return true;
    if (first) return false;
  }
  return true;
}
