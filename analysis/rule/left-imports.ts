/** Imports that nothing uses any more: of one name, and those that several fixes left because each saw the uses that the others took away. */

import { isListed, isScript } from "../semantics/callers.js";
import type { Facts } from "../semantics/facts.js";
import type { Site } from "../semantics/scopes.js";
import type { Node } from "../syntax/tree.js";
import { emptyLinesAtEnd } from "../text/lines-at-end.js";
import { hasComments, removeStatement, replace } from "./edits.js";
import { importSites } from "./importing.js";
import type { Edit } from "./rule.js";

/** The edits that take out what the file imports at its top level, used before the fixes and not after them. */
export function leftImports(before: Facts, after: Facts): readonly Edit[] {
  const left = new Map<Node, Set<string>>();
  const used = new Set(importsOf(before).flatMap((it) => (before.readsOf(it.name).length > 0 ? [whatIs(it)] : [])));
  for (const site of importsOf(after)) {
    const { owner, name } = site;
    // What was not used before is somebody's wish, and its text is not looked through.
    if (!used.has(whatIs(site)) || hasComments(owner) || after.readsOf(name).length > 0) continue;
    if (mayBeTaken(name.text, after) || isNeededInText(name.text, after)) continue;
    const own = entryOf(site);
    if (own) left.set(owner, (left.get(owner) ?? new Set()).add(own.text));
  }
  return [...left].flatMap(([statement, names]) => withoutNames(statement, names, after));
}

/** Names that an import binds at the top level and nothing else does. */
function importsOf({ view }: Facts): readonly Site[] {
  return importSites(view).filter(({ name }) => view.sitesOf(name.text).length === 1);
}

/** What stands for it in its statement: `array as arr`. */
export function entryOf({ owner, name }: Site): Node | undefined {
  return owner.fieldAll("name").find((it) => it.start <= name.start && name.end <= it.end);
}

function whatIs({ name, imported }: Site): string {
  return `${imported?.module ?? ""} ${imported?.name ?? ""} ${name.text}`;
}

/**
 * Another file may take the name from this one: `from helpers import *` brings what `helpers` imports too, and a test puts something in its place.
 * Nobody imports from a script or a notebook, and a module with `__all__` says what it gives; the magics of a notebook may use it.
 */
export function mayBeTaken(name: string, facts: Facts): boolean {
  const { view } = facts;
  if (facts.isNotebook) return facts.fileMatches(inMagic(name));
  return !name.startsWith("_") && !isScript(view) && view.sitesOf("__all__").length === 0;
}

/** `%timeit re.search(…)`: what IPython runs reads as a comment here; a file that is run among the cells may need any name. */
const inMagic = (name: string): RegExp => new RegExp(`^[ \\t]*0?#(?:[^\\n]*(?<![\\w.])${name}\\b|run +-\\w*i\\b)`, "m");

/** The name is still needed where an annotation in quotes or in a comment, `__all__` or a line of a doctest has it, or where code is made of texts. */
export function isNeededInText(name: string, facts: Facts): boolean {
  return isListed(name, facts.view) || facts.fileMatches(inQuotes(name)) || facts.fileMatches(RUNS_TEXTS);
}

const RUNS_TEXTS = /\b(?:eval|exec|globals|vars|locals)\(/;

/** Of a type in quotes: words with nothing but a space between them are prose. */
const PART = "(?:[\\w.[\\]]|, ?| ?\\| ?){0,300}";
const QUOTED = new Map<string, RegExp>();

function inQuotes(name: string): RegExp {
  let known = QUOTED.get(name);
  if (!known)
    QUOTED.set(
      name,
      (known = new RegExp(
        `["']${PART}\\b${name}\\b${PART}["']|(?:#\\s*type:|>>> |\\.\\.\\. )[^\\n]{0,300}\\b${name}\\b`,
      )),
    );
  return known;
}

/** The statement without some of its names, or no statement at all. Empty where a comment in it would be lost. */
export function withoutNames(statement: Node, gone: ReadonlySet<string>, { view }: Facts): readonly Edit[] {
  const names = statement.fieldAll("name");
  const kept = names.filter((it) => !gone.has(it.text));
  if (kept.length === names.length || hasComments(statement)) return [];
  if (kept.length === 0) {
    const edit = removeStatement(statement);
    return edit ? [withoutGap(edit, view.document.pieces[0]!.tree === statement.tree)] : [];
  }
  const first = names[0]!;
  const last = names.at(-1)!;
  const between = names[1] ? statement.tree.text.slice(first.end, names[1].start) : ", ";
  return [
    replace(
      { tree: statement.tree, start: first.start, end: last.end },
      kept.map((it) => it.text).join(between.includes("\n") ? between : ", "),
    ),
  ];
}

/** Of the empty lines on both sides of what is removed, one gap stays: those below, and none at the start of a file. */
function withoutGap(edit: Edit, isInFirstPiece: boolean): Edit {
  const { tree, start, end } = edit.at;
  const above = emptyLinesAtEnd(tree.text.slice(0, start));
  const below = /^(?:[ \t]*\r?\n)*/.exec(tree.text.slice(end))![0];
  if (start === above.length && isInFirstPiece) return { ...edit, at: { tree, start: 0, end: end + below.length } };
  return below === "" ? edit : { ...edit, at: { tree, start: start - above.length, end } };
}
