/** Names of `typing` that the language can do without: where a file imports them. */

import type { Facts } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";

/** A name in `from typing import …`, with its reads in the whole file. */
export interface TypingName {
  readonly name: string;
  /** The name in the import. */
  readonly node: Node;
  readonly reads: readonly Node[];
}

/** The wanted names of a `from typing import …`, without those that get another name, or that something else binds too. */
export function typingNames(statement: Node, wanted: ReadonlySet<string>, facts: Facts): readonly TypingName[] {
  const module = statement.field("module_name")?.text;
  if ((module !== "typing" && module !== "typing_extensions") || statement.isBroken) return [];
  return statement.fieldAll("name").flatMap((node): TypingName[] => {
    if (node.kind !== "dotted_name" || !wanted.has(node.text)) return [];
    const identifier = node.children[0] ?? node;
    if (facts.writesOf(identifier).length !== 1) return [];
    const reads = facts.readsOf(identifier);
    return reads.length > 0 ? [{ name: node.text, node: identifier, reads }] : [];
  });
}
