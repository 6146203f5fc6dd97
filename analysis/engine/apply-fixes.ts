/** The one applier of fixes, for the editor's "fix all", the command line and the tests. */

import { absolute, type Document } from "../semantics/document.js";
import { groupOf } from "../semantics/import-order.js";
import type { Edit } from "../rule/rule.js";
import type { Range, TextEdit } from "../text/range.js";

/** Edits of a fix as changes to the whole text, with the line ends the text uses. */
export function textEdits(document: Document, edits: readonly Edit[]): readonly TextEdit[] {
  const isCrLf = document.usesCrLf;
  return importsFirst(withoutGaps(edits)).map(({ at, text }) => ({
    ...absolute(document, at),
    text: isCrLf ? text.replace(/\r?\n/g, "\r\n") : text,
  }));
}

/** What goes in at one place goes in in the order of the edits, and an import stands above what needs it. */
function importsFirst(edits: readonly Edit[]): readonly Edit[] {
  const isNew = (it: Edit) => it.at.start === it.at.end && IMPORT_LINE.test(it.text);
  return [...edits.filter(isNew), ...edits.filter((it) => !isNew(it))];
}

/** Imports that a fix adds at one place stand together: the empty line that parts them from another group comes once. */
function withoutGaps(edits: readonly Edit[]): readonly Edit[] {
  const isNew = (it: Edit) => it.at.start === it.at.end && IMPORT_LINE.test(it.text);
  return edits.map((edit, index) => {
    if (!isNew(edit)) return edit;
    const isNeighbour = (it: Edit) => isNew(it) && it.at.tree === edit.at.tree && it.at.start === edit.at.start;
    const follows = edits.slice(0, index).some(isNeighbour);
    const isFollowed = edits.slice(index + 1).some(isNeighbour);
    const text = edit.text
      .replace(/^\n+/, (it) => (follows ? "\n" : it))
      .replace(/(?<!\n)\n+$/, (it) => (isFollowed ? "\n" : it));
    return { ...edit, text };
  });
}

/** Imports that several fixes add at one place stand in their order, each group parted from the next by an empty line. */
export function importsTogether(edits: readonly TextEdit[]): readonly TextEdit[] {
  const isNew = (it: TextEdit) => it.start === it.end && IMPORT_LINE.test(it.text);
  const byPlace = new Map<number, TextEdit[]>();
  for (const it of edits.filter(isNew)) byPlace.set(it.start, [...(byPlace.get(it.start) ?? []), it]);
  return edits.flatMap((edit) => {
    const all = isNew(edit) ? byPlace.get(edit.start)! : [];
    if (all.length < 2) return [edit];
    return all[0] === edit ? [{ ...edit, text: inGroups(all.map((it) => it.text)) }] : [];
  });
}

interface NewImport {
  readonly line: string;
  /** The line ends before and behind it. */
  readonly gaps: readonly [above: string, below: string];
  readonly group: number;
}

function inGroups(texts: readonly string[]): string {
  const end = texts.some((it) => it.includes("\r\n")) ? "\r\n" : "\n";
  const rank = ({ line }: NewImport) => `${line.startsWith("from ") ? 1 : 0} ${line.toLowerCase()}`;
  const all = texts
    .map((text): NewImport => {
      const line = text.trim();
      const at = text.indexOf(line);
      const module = /^(?:from|import) ([\w.]+)/.exec(line)?.[1] ?? "";
      return { line, gaps: [text.slice(0, at), text.slice(at + line.length)], group: groupOf(module) };
    })
    .toSorted((a, b) => a.group - b.group || (rank(a) < rank(b) ? -1 : 1));
  const [first, last] = [all[0]!, all.at(-1)!];
  const longest = (group: number, side: 0 | 1) =>
    all
      .filter((it) => it.group === group)
      .reduce((gap, it) => (it.gaps[side].length > gap.length ? it.gaps[side] : gap), "");
  const lines = all.map((it, index) => {
    const next = all[index + 1];
    return `${it.line}${next ? (next.group === it.group ? end : `${end}${end}`) : ""}`;
  });
  return `${longest(first.group, 0)}${lines.join("")}${longest(last.group, 1)}`;
}

/**
 * Fixes that can go in together, first come first served; an import or a constant of the module that several fixes need goes in once.
 * A fix counts from its first edit to its last: it was made for the lines between as they are, a moved block above all.
 */
export function compatible<T extends { readonly edits: readonly TextEdit[] }>(
  fixes: readonly T[],
): { readonly accepted: readonly T[]; readonly edits: readonly TextEdit[] } {
  const accepted: T[] = [];
  const taken = new Taken();
  const known = new Set<string>();
  const imports: TextEdit[] = [];
  const importedAt = new Places();
  const edits: TextEdit[] = [];
  for (const fix of fixes) {
    const isShared = (it: TextEdit) => isImport(it) || isConstant(it, fix.edits);
    const own = fix.edits.filter((it) => !isShared(it));
    const fresh = fix.edits.filter((it) => isShared(it) && !known.has(keyOf(it)));
    // An import cannot go into a line that another fix takes out.
    if (fresh.some(({ start }) => taken.holds(start))) continue;
    if (own.some((it) => importedAt.isSomeWithin(it))) continue;
    if (own.length > 0 && !taken.take(extentOf(own), own)) continue;
    accepted.push(fix);
    edits.push(...own);
    for (const edit of fresh) known.add(keyOf(edit));
    imports.push(...fresh);
    for (const { start } of fresh) importedAt.add(start);
  }
  // Where both go in at one place, in front of a definition in the first line, the import comes first.
  return { accepted, edits: [...imports, ...edits] };
}

function extentOf(edits: readonly TextEdit[]): Range {
  return edits.reduce<Range>((all, it) => ({ start: Math.min(all.start, it.start), end: Math.max(all.end, it.end) }), {
    start: Infinity,
    end: -Infinity,
  });
}

/** Ranges that do not meet one another, in source order. */
class Taken {
  readonly #ranges: Range[] = [];
  readonly #edits: (readonly TextEdit[])[] = [];

  /** The place lies in what an edit takes out. */
  holds(place: number): boolean {
    const edits = this.#edits[firstThat(this.#ranges, (it) => it.end > place)] ?? [];
    const edit = edits[firstThat(edits, (it) => it.end > place)];
    return edit !== undefined && edit.start < place;
  }

  /** False if one that was taken before is in the way. */
  take(range: Range, edits: readonly TextEdit[]): boolean {
    const low = firstThat(
      this.#ranges,
      ({ start, end }) => start > range.start || (start === range.start && end > range.end),
    );
    // As none of them meet, their ends ascend too: only the neighbours can be in the way.
    const [before, after] = [this.#ranges[low - 1], this.#ranges[low]];
    if ((before && meets(before, range)) || (after && meets(after, range))) return false;
    this.#ranges.splice(low, 0, range);
    this.#edits.splice(
      low,
      0,
      edits.toSorted((a, b) => a.end - b.end),
    );
    return true;
  }
}

/** Places in a text, in source order. */
class Places {
  readonly #places: number[] = [];

  add(place: number): void {
    const index = this.#firstFrom(place);
    if (this.#places[index] !== place) this.#places.splice(index, 0, place);
  }

  isSomeWithin({ start, end }: Range): boolean {
    const next = this.#places[this.#firstFrom(start + 1)];
    return next !== undefined && next < end;
  }

  #firstFrom(place: number): number {
    return firstThat(this.#places, (it) => it >= place);
  }
}

/** The index of the first for which it is true; it is so for all behind that one too. */
function firstThat<T>(all: readonly T[], isSo: (one: T) => boolean): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(all[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const IMPORT_LINE = /^(\r?\n)*(import|from) [^\n]*(\r?\n)*$/;

/** A line with an import, or one more name in an import there is: the one thing that several fixes may want. */
function isImport(edit: TextEdit): boolean {
  return edit.start === edit.end && (IMPORT_LINE.test(edit.text) || /^(, \w+|\w+, )$/.test(edit.text));
}

const CONSTANT_LINE = /^_?[A-Z][A-Z0-9_]* = [^\n]*\n$/;

/** A line with a constant of the module, or the empty line above it. */
function isConstant(edit: TextEdit, all: readonly TextEdit[]): boolean {
  if (edit.start !== edit.end) return false;
  if (CONSTANT_LINE.test(edit.text)) return true;
  return /^\r?\n$/.test(edit.text) && all.some((it) => it.start === edit.start && CONSTANT_LINE.test(it.text));
}

function keyOf({ start, end, text }: TextEdit): string {
  return `${start} ${end} ${text}`;
}

/** Neighbours that touch do not meet, but two insertions at one place do. */
function meets(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end ? true : a.start < b.end && b.start < a.end;
}
