/** Values that were made by the code around, and that nobody else has. */

import type { Facts } from "../semantics/facts.js";
import type { Site } from "../semantics/scopes.js";
import { functionAround } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

const MOST_SITES = 12;
const MOST_READS = 60;

/**
 * The read is the last use of a name of this function or script: all its values were made here by something that `isNew`,
 * and what was done with them before, `isHarmless`, gave them to nobody. `user` is the expression that takes it.
 */
export function isLastOfOwn(
  read: Node,
  user: Node,
  facts: Facts,
  isNew: (value: Node) => boolean,
  isHarmless: (read: Node) => boolean,
): boolean {
  if (facts.isRemote(read) || facts.isNotebook || facts.isDeleted(read)) return false;
  const sites = facts.writesOf(read);
  if (sites.length === 0 || sites.length > MOST_SITES) return false;
  // `values *= 2` changes the value or makes another one.
  const isMade = (it: Site) =>
    it.kind === "augment" ||
    (it.kind === "assign" && it.path.length === 0 && it.value !== undefined && isNew(it.value));
  if (!sites.every(isMade) || !sites.some((it) => it.kind === "assign")) return false;
  const loop = facts.loopAround(user);
  if (loop && !sites.every((it) => it.name.isInside(loop))) return false;
  const def = functionAround(user);
  const reads = facts.readsOf(read);
  return (
    reads.length <= MOST_READS &&
    reads.every((it) => it === read || (it.end <= user.start && functionAround(it) === def && isHarmless(it)))
  );
}
