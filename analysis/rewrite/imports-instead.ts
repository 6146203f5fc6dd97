/** New imports in place of one that nothing needs any more. */

import { hasComments, removeStatement, replace } from "../rule/edits.js";
import { entryOf, isNeededInText, mayBeTaken, withoutNames } from "../rule/left-imports.js";
import type { Edit } from "../rule/rule.js";
import type { Facts } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";

/**
 * The edits `added` bring in what is new. Where every use of the imported name is gone, its import goes too: with nothing
 * else in the statement, the new lines stand in its place. It stays where another file may take the name, but for
 * what nobody gives on, a debugger, and where somebody asks for a refactoring and sees what goes.
 */
export function importsInstead(
  imported: Node,
  isGone: (read: Node) => boolean,
  added: readonly Edit[],
  facts: Facts,
  isGivenOn = true,
): readonly Edit[] {
  const [site, more] = facts.writesOf(imported);
  const isUsed =
    !site || more || isNeededInText(site.name.text, facts) || !facts.readsOf(imported).every((it) => isGone(it));
  if (isUsed || site.kind !== "import" || hasComments(site.owner)) return added;
  if (isGivenOn && mayBeTaken(site.name.text, facts)) return added;
  const names = site.owner.fieldAll("name");
  // One more name in a statement that is there stays an edit of that statement.
  const lines = added.filter(({ text }) => IMPORT_LINE.test(text));
  const { tree, start, end } = site.owner;
  const beside = added.find(
    (it) => !lines.includes(it) && it.at.tree === tree && start <= it.at.start && it.at.end <= end,
  );
  if (names.length > 1) {
    const own = entryOf(site);
    return own && !beside ? [...added, ...withoutNames(site.owner, new Set([own.text]), facts)] : added;
  }
  // The new name goes into the statement of the one that is gone: there it takes its place.
  if (beside) return [replace(names[0]!, beside.text.replace(/^, |, $/g, "")), ...added.filter((it) => it !== beside)];
  const gone =
    lines.length > 0 ? replace(site.owner, lines.map((it) => it.text.trim()).join("\n")) : removeStatement(site.owner);
  return gone ? [gone, ...added.filter((it) => !lines.includes(it))] : added;
}

const IMPORT_LINE = /^\s*(?:import|from) /;
