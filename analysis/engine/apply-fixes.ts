/** The one applier of fixes, for the editor's "fix all", the command line and the tests. */

import { absolute, type Document } from "../semantics/document.js";
import type { Edit } from "../rule/rule.js";
import type { TextEdit } from "../text/range.js";

/** Edits of a fix as changes to the whole text, with the line ends the text uses. */
export function textEdits(document: Document, edits: readonly Edit[]): readonly TextEdit[] {
  const isCrLf = document.text.includes("\r\n");
  return edits.map(({ at, text }) => ({ ...absolute(document, at), text: isCrLf ? text.replace(/\r?\n/g, "\r\n") : text }));
}

/** Fixes that can go in together, first come first served; one import that several fixes need goes in once. */
export function compatible<T extends { readonly edits: readonly TextEdit[] }>(fixes: readonly T[]): { readonly accepted: readonly T[]; readonly edits: readonly TextEdit[] } {
  const accepted: T[] = [];
  const edits: TextEdit[] = [];
  for (const fix of fixes) {
    const isNew = (edit: TextEdit) => !edits.some((it) => isSame(it, edit));
    const fresh = fix.edits.filter((edit) => !isShared(edit) || isNew(edit));
    if (fresh.some((edit) => edits.some((it) => collides(it, edit)))) continue;
    accepted.push(fix);
    edits.push(...fresh);
  }
  return { accepted, edits };
}

/** A line with an import, inserted: the one thing two fixes may both want. */
function isShared(edit: TextEdit): boolean {
  return edit.start === edit.end && /^(\r?\n)*(import|from) [^\n]*(\r?\n)*$/.test(edit.text);
}

function isSame(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

/** Touching replacements are fine; two insertions at one place are not, unless both are imports. */
function collides(a: TextEdit, b: TextEdit): boolean {
  if (a.start === a.end && b.start === b.end) return a.start === b.start && !(isShared(a) && isShared(b));
  return a.start < b.end && b.start < a.end;
}
