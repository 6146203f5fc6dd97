/** New imports in place of one that nothing needs any more. */

import { hasComments, removeStatement, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import { isListed } from "../semantics/callers.js";
import type { Facts } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";

/**
 * The edits `added` bring in what is new. Where every use of the imported name is gone and its statement imports nothing
 * else, the new lines stand in its place.
 */
export function importsInstead(
  imported: Node,
  isGone: (read: Node) => boolean,
  added: readonly Edit[],
  facts: Facts,
): readonly Edit[] {
  const [site, more] = facts.writesOf(imported);
  const isUsed = !site || more || isListed(site.name.text, facts.view) || !facts.readsOf(imported).every(isGone);
  if (isUsed || site.kind !== "import" || site.owner.fieldAll("name").length !== 1 || hasComments(site.owner))
    return added;
  // The new name goes into the statement of the one that is gone: there it takes its place.
  const beside = added.find(
    ({ at }) => at.tree === site.owner.tree && site.owner.start <= at.start && at.end <= site.owner.end,
  );
  if (beside?.text.startsWith(","))
    return [
      replace(site.owner.fieldAll("name")[0]!, beside.text.slice(1).trim()),
      ...added.filter((it) => it !== beside),
    ];
  // One more name in a statement that is there stays an edit of that statement.
  const lines = added.filter((it) => !it.text.startsWith(","));
  const gone =
    lines.length > 0 ? replace(site.owner, lines.map((it) => it.text.trim()).join("\n")) : removeStatement(site.owner);
  return gone ? [gone, ...added.filter((it) => !lines.includes(it))] : added;
}
