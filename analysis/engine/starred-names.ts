/** Names in a fix that `from module import *` may have given another meaning: nothing is known of what a module of the project binds. */

import { BUILTIN_NAMES } from "../knowledge/builtins.js";
import { broughtByStar, isLookedAt } from "../knowledge/stars.js";
import { indexOf } from "../semantics/document.js";
import { pieceOf } from "../semantics/piece.js";
import type { Edit, File } from "../rule/rule.js";
import { excerpt } from "../text/excerpt.js";

export function starDoubt(edits: readonly Edit[], { facts: { view } }: File): string | undefined {
  const stars = view.stars();
  if (stars.length === 0) return undefined;
  const before = namesIn(edits.map(({ at }) => at.tree.text.slice(at.start, at.end)));
  const after = namesIn(edits.map((it) => it.text));
  const imported = namesIn(edits.flatMap(importedBy));
  const placeOf = ({ tree, start }: Edit["at"]) => [indexOf(view.document, pieceOf(tree)), start] as const;

  /** What an import above a star binds is what the star may replace. */
  const isBelow = (star: Edit["at"], place: Edit["at"]): boolean => {
    const [first, second] = [placeOf(star), placeOf(place)];
    return first[0] > second[0] || (first[0] === second[0] && first[1] >= second[1]);
  };
  const importAt = edits.find((it) => importedBy(it).length > 0)?.at;

  for (const name of new Set([...after.keys(), ...before.keys()])) {
    if (after.get(name) === before.get(name)) continue;
    const isBuiltin = BUILTIN_NAMES.has(name);
    const sites = view.sitesOf(name);
    const isOfImport = sites.length > 0 && sites.every((it) => it.kind === "import");
    const place = isOfImport ? sites[0]!.name : imported.has(name) ? importAt : undefined;
    const star = stars.find(({ module, statement }) =>
      isBuiltin
        ? sites.length === 0 && (broughtByStar(module, name) ?? (isLookedAt(module) ? "no" : "maybe")) !== "no"
        : place !== undefined && after.has(name) && broughtByStar(module, name) !== "no" && isBelow(statement, place),
    );
    if (star) return `\`${excerpt(star.statement.text, LONGEST)}\` may bring another \`${name}\``;
  }
  return undefined;
}

const LONGEST = 40;

/** How often each name stands in some code, apart from attributes. Texts and comments are left out. */
function namesIn(texts: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const text of texts)
    for (const [word] of text.replaceAll(NO_CODE, " ").matchAll(NAME)) found.set(word, (found.get(word) ?? 0) + 1);
  return found;
}

const NO_CODE = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g;
const NAME = /(?<![\w.])[A-Za-z_]\w*/g;

/** What an edit imports: by lines of its own, or as one name more in a statement that is there. */
function importedBy({ at, text }: Edit): readonly string[] {
  const lines = text.match(/(?<=^(?:from \S+ )?import )[^\n]*/gm);
  if (lines) return lines;
  const node = at.tree.node(at.tree.holding(at.start, at.end));
  return (node.kind === "import_from_statement" ? node : node.ancestor("import_from_statement")) ? [text] : [];
}
