/** A loop around a `with` block alone, turned round: the `with` block around the loop. */

import { hasComments, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import { asFor, asWhile, asWith, onlyStatement } from "../syntax/statements.js";
import type { Node, Span } from "../syntax/tree.js";

/** The edits that exchange the two heads. A text says why not: the loop does something else too, or a comment would stand at another place. */
export function swappedHeads(loop: Node, block: Node | undefined): readonly Edit[] | string {
  const isWhole = block && onlyStatement(loop.field("body")) === block && asWith(block)?.items.length === 1;
  const [loopHead, withHead] = [headOf(loop), block && headOf(block)];
  if (!isWhole || !loopHead || !withHead) return "the loop does something else beside its `with` block";
  if (hasComments(loop)) return "a comment would stand at another place";
  return [replace(loopHead, textOf(withHead)), replace(withHead, textOf(loopHead))];
}

/** `for name in names:` and `with pool() as it:`, up to the colon. */
function headOf(statement: Node): Span | undefined {
  const body = (asFor(statement) ?? asWhile(statement) ?? asWith(statement))?.body;
  if (!body || statement.field("alternative")) return undefined;
  const { tree, start } = statement;
  const colon = tree.text.lastIndexOf(":", body.start);
  return colon < start || tree.text.slice(colon + 1, body.start).trim() !== ""
    ? undefined
    : { tree, start, end: colon };
}

const textOf = ({ tree, start, end }: Span): string => tree.text.slice(start, end);
