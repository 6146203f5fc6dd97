/** The one applier of fixes, for the editor's "fix all", the command line and the tests. */

import { absolute, type Document } from "../semantics/document.js";
import type { Edit } from "../rule/rule.js";
import type { Range, TextEdit } from "../text/range.js";

/** Edits of a fix as changes to the whole text, with the line ends the text uses. */
export function textEdits(document: Document, edits: readonly Edit[]): readonly TextEdit[] {
  const isCrLf = document.text.includes("\r\n");
  return withoutGaps(edits).map(({ at, text }) => ({ ...absolute(document, at), text: isCrLf ? text.replace(/\r?\n/g, "\r\n") : text }));
}

/** Imports that a fix adds at one place stand together: the empty line that parts them from another group comes once. */
function withoutGaps(edits: readonly Edit[]): readonly Edit[] {
  const isNew = (it: Edit) => it.at.start === it.at.end && IMPORT_LINE.test(it.text);
  return edits.map((edit, index) => {
    if (!isNew(edit)) return edit;
    const isNeighbour = (it: Edit) => isNew(it) && it.at.tree === edit.at.tree && it.at.start === edit.at.start;
    const follows = edits.slice(0, index).some(isNeighbour);
    const isFollowed = edits.slice(index + 1).some(isNeighbour);
    const text = edit.text.replace(/^\n+/, (it) => (follows ? "\n" : it)).replace(/\n+$/, (it) => (isFollowed ? "\n" : it));
    return { ...edit, text };
  });
}

/**
 * Fixes that can go in together, first come first served; one import that several fixes need goes in once.
 * A fix counts from its first edit to its last: it was made for the lines between as they are, a moved block above all.
 */
export function compatible<T extends { readonly edits: readonly TextEdit[] }>(fixes: readonly T[]): { readonly accepted: readonly T[]; readonly edits: readonly TextEdit[] } {
  const accepted: T[] = [];
  const taken: Range[] = [];
  const edits: TextEdit[] = [];
  for (const fix of fixes) {
    const own = fix.edits.filter((it) => !isImport(it));
    const extent = own.length === 0 ? undefined : { start: Math.min(...own.map((it) => it.start)), end: Math.max(...own.map((it) => it.end)) };
    if (extent && taken.some((it) => meets(it, extent))) continue;
    accepted.push(fix);
    if (extent) taken.push(extent);
    edits.push(...own, ...fix.edits.filter((edit) => isImport(edit) && !edits.some((it) => isSame(it, edit))));
  }
  return { accepted, edits };
}

const IMPORT_LINE = /^(\r?\n)*(import|from) [^\n]*(\r?\n)*$/;

/** A line with an import, or one more name in an import there is: the one thing that several fixes may want. */
function isImport(edit: TextEdit): boolean {
  return edit.start === edit.end && (IMPORT_LINE.test(edit.text) || /^, \w+$/.test(edit.text));
}

function isSame(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

/** Neighbours that touch do not meet, but two insertions at one place do. */
function meets(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end ? true : a.start < b.end && b.start < a.end;
}
