/** `name = value` in front of a loop that works the name out, and `return name` behind it: once the value is one expression, the name is not needed. */

import type { Facts } from "../semantics/facts.js";
import { functionAround, nextStatement, previousStatement, startsLine, asAssignment } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/**
 * The `return` that follows the loop and gives back the name, which nothing else reads, sets or says the type of.
 * @param start the statement right above the loop that sets the name
 */
export function returnBehind(start: Node, loop: Node, name: Node, facts: Facts): Node | undefined {
  const last = nextStatement(loop);
  const [value, more] = last?.kind === "return_statement" ? last.children : [];
  const assignment = asAssignment(start);
  if (!last || value?.kind !== "identifier" || more || value.text !== name.text) return undefined;
  if (!assignment || assignment.annotation || assignment.targets.length !== 1 || previousStatement(loop) !== start)
    return undefined;
  const isAlone =
    facts.scopeOf(name).kind === "function" &&
    facts.readsOf(name).every((it) => it === value || it.isInside(loop)) &&
    facts.writesOf(name).every((it) => !it.isRemote && (it.name.isInside(start) || it.name.isInside(loop))) &&
    functionAround(last) === functionAround(name);
  const { text } = loop.tree;
  const between = text.slice(start.start, loop.start) + text.slice(loop.end, last.end);
  const behind = /^[^\n]*/.exec(text.slice(last.end))![0];
  return isAlone && startsLine(start) && startsLine(last) && !between.includes("#") && behind.trim() === ""
    ? last
    : undefined;
}
