/** Names of `typing` that the language can do without: where a file imports them, and the import without those that nothing needs any more. */

import { hasComments, removeStatement, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import { isListed } from "../semantics/callers.js";
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

/** The name is still needed where text, such as an annotation in quotes, or `__all__` has it. */
export function isNeededInText(name: string, facts: Facts): boolean {
  return isListed(name, facts.view) || facts.fileMatches(inQuotes(name));
}

const QUOTED = new Map<string, RegExp>();

function inQuotes(name: string): RegExp {
  let known = QUOTED.get(name);
  if (!known)
    QUOTED.set(
      name,
      (known = new RegExp(`["'][^"'\\n]{0,300}\\b${name}\\b[^"'\\n]{0,300}["']|#\\s*type:[^\\n]{0,300}\\b${name}\\b`)),
    );
  return known;
}

/** The statement without some of its names, or no statement at all. Empty where a comment in it would be lost. */
export function withoutNames(statement: Node, gone: ReadonlySet<string>): readonly Edit[] {
  const names = statement.fieldAll("name");
  const kept = names.filter((it) => !gone.has(it.text));
  if (kept.length === names.length || hasComments(statement)) return [];
  if (kept.length === 0) {
    const edit = removeStatement(statement);
    return edit ? [edit] : [];
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
