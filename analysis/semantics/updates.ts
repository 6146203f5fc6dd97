/** Names that are set from their own value: `level = 0.9 * level`, `frame = frame.dropna()`. What they hold before decides what they hold after. */

import type { Node } from "../syntax/tree.js";
import { pieceOf } from "./piece.js";
import type { Site } from "./scopes.js";
import { join, printType, type Maybe } from "./types.js";

/** The type of an expression if the given reads in it had a certain type. */
export type Assuming = (reads: readonly Node[], assumed: Maybe, value: Node) => Maybe;

export function isUpdate(site: Site): boolean {
  return ownReads(site).length > 0;
}

/** What the name holds if it held `before` at first and the assignment may run any number of times. */
export function updated(site: Site, before: Maybe, assuming: Assuming): Maybe {
  const reads = ownReads(site);
  const after = join(before, assuming(reads, before, site.value!));
  if (!after || printType(after) === printType(before)) return after;
  const again = join(after, assuming(reads, after, site.value!));
  return again && printType(again) === printType(after) ? after : undefined;
}

function ownReads({ kind, name, value, path }: Site): readonly Node[] {
  if (kind !== "assign" || path.length > 0 || !value) return [];
  const { scopes } = pieceOf(name.tree);
  const binding = scopes.bindingOf(name);
  return value.descendants("identifier").filter((it) => it.text === name.text && scopes.bindingOf(it) === binding);
}
