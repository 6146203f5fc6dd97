/** A name to which each turn of a loop gives a longer copy of what it held: found, and turned into a list that is joined once, behind the loop. */

import { lineAbove, lineBelow, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import type { Facts } from "../semantics/facts.js";
import { useOf } from "../semantics/uses.js";
import { asAttribute, asCall, asComparison, asSubscript, integerOf, unwrap } from "../syntax/expressions.js";
import { asAssignment, asFor, asIf, functionAround, nextStatement, startsLine, statementOf, statementsOf } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { literalLength } from "./known-turns.js";

export interface Growth {
  readonly statement: Node;
  /** The name where it is assigned. */
  readonly name: Node;
  /** The outermost loop in which it only grows and is not looked at. */
  readonly loop: Node;
  /** The first turn sets it where it is None, so no list can begin with what it holds before. */
  readonly isBegunInside: boolean;
}

const LOOPS = new Set(["for_statement", "while_statement"]);
const ENDS = new Set(["break_statement", "return_statement", "raise_statement"]);
/** Loops with fewer turns are no matter. */
const FEW = 16;

/** `name = call` in a loop, where `operand` inside the call is the only look at the name that the loop takes. */
export function growthOf(call: Node, operand: Node, facts: Facts): Growth | undefined {
  const statement = statementOf(call);
  const assignment = asAssignment(statement);
  const [name, more] = assignment?.targets ?? [];
  if (!assignment?.value || !name || more || name.kind !== "identifier" || operand.kind !== "identifier" || operand.text !== name.text || unwrap(assignment.value) !== call) return undefined;
  const beginning = beginningOf(statement, name);
  const loop = loopOf(statement, name, [operand, ...(beginning?.reads ?? [])], beginning?.write, facts);
  if (!loop || isFollowedByEnd(statement)) return undefined;
  const isStarted = facts.writesOf(name).some((it) => !it.name.isInside(loop) && it.kind !== "delete");
  return isStarted ? { statement, name, loop, isBegunInside: beginning !== undefined } : undefined;
}

interface Beginning {
  readonly reads: readonly Node[];
  readonly write: Node;
}

/** `if name is None: name = part` with the statement in `else`, or the other way round. */
function beginningOf(statement: Node, name: Node): Beginning | undefined {
  const branch = asIf(statement.ancestor("if_statement"));
  const comparison = branch && branch.elifs.length === 0 ? asComparison(unwrap(branch.condition)) : undefined;
  if (!branch?.orElse || comparison?.left.kind !== "identifier" || comparison.left.text !== name.text || comparison.right.kind !== "none") return undefined;
  const isNone = comparison.operator === "is" || comparison.operator === "==";
  const [first, grown] = isNone ? [branch.body, branch.orElse] : [branch.orElse, branch.body];
  const write = statementsOf(first).flatMap((it) => asAssignment(it)?.targets ?? []).find((it) => it.kind === "identifier" && it.text === name.text);
  return write && statement.isInside(grown) ? { reads: [comparison.left], write } : undefined;
}

function loopOf(statement: Node, name: Node, quiet: readonly Node[], start: Node | undefined, facts: Facts): Node | undefined {
  const writes = facts.writesOf(name);
  const reads = facts.readsOf(name);
  let found: Node | undefined;
  let isLong = false;
  for (const loop of facts.loopsAround(statement)) {
    const isQuiet = LOOPS.has(loop.kind) && writes.every((it) => it.name === name || it.name === start || !it.name.isInside(loop)) && reads.every((it) => quiet.includes(it) || !it.isInside(loop));
    if (!isQuiet) break;
    found = loop;
    isLong ||= !isShort(loop, facts);
  }
  return isLong ? found : undefined;
}

/** A handful of turns, written out in the source: in the loop's head, or where a name in it was given its items. */
function isShort(loop: Node, facts: Facts): boolean {
  const iterable = asFor(loop)?.iterable;
  return iterable !== undefined && isFew(iterable, facts);
}

function isFew(iterable: Node, facts: Facts): boolean {
  const items = unwrap(iterable);
  if (["tuple", "list", "set", "expression_list", "string"].includes(items.kind)) return !items.children.some((it) => it.kind === "list_splat");
  const call = asCall(items);
  if (!call) return (literalLength(items, facts) ?? Infinity) <= FEW;
  const name = facts.nameOf(call.callee);
  const [first] = call.args;
  if (first && !call.hasSplat && (name === "builtins.enumerate" || name === "builtins.reversed")) return isFew(first, facts);
  return name === "builtins.range" && call.args.map(integerOf).every((it) => it !== undefined && it <= FEW);
}

/** What ends the loop right after it makes this the only time. */
function isFollowedByEnd(statement: Node): boolean {
  for (let next = nextStatement(statement); next; next = nextStatement(next)) if (ENDS.has(next.kind)) return true;
  return false;
}

/** What was copied when it was joined is looked at again when the loop is over: it must not have changed by then. */
export function isKept(part: Node, { loop, statement }: Growth, facts: Facts): boolean {
  let root = unwrap(part);
  for (let inner: Node | undefined = root; inner; inner = asAttribute(root)?.object ?? asSubscript(root)?.value) root = inner;
  if (root.kind !== "identifier") return true;
  const isNew = facts.writesOf(root).some((it) => it.name.isInside(loop) && (it.kind === "for" || (it.kind === "assign" && it.value !== undefined && !NAMES.has(unwrap(it.value).kind))));
  const changes = facts.usesOf(root).filter((it) => it.node.isInside(loop) && isChange(it.node, facts));
  return changes.every((it) => isNew && it.node.end <= statement.start);
}

const NAMES = new Set(["identifier", "attribute"]);

/** Stored into, or asked to change by a method that is not known to leave it alone. */
function isChange(read: Node, facts: Facts): boolean {
  const use = useOf(read);
  if (use.kind === "subscript" || use.kind === "attribute") return isChange(use.in, facts);
  if (use.kind === "method") return !facts.isHarmless(use);
  return use.kind === "subscript-store" || use.kind === "attribute-store" || use.kind === "subscript-delete" || use.kind === "augmented";
}

/** What is put off until the loop is over, in words for the title of a fix. */
export function doubtOf({ name, loop }: Growth, facts: Facts): string {
  const isGiven = facts.writesOf(name).some((it) => it.kind === "parameter" && !it.name.isInside(loop));
  return `no part may change before that, errors of joining come after the loop${isGiven ? ", without a turn a copy is left" : ""}`;
}

/** The list in front of the loop, what is put into it, and the one join behind the loop. */
export function collected({ statement, name, loop, isBegunInside }: Growth, list: string, added: string, joined: string): readonly Edit[] | undefined {
  if (isBegunInside || !startsLine(loop) || statement.comments.length > 0 || functionAround(statement) !== functionAround(loop)) return undefined;
  return [lineAbove(loop, `${list} = [${name.text}]`), replace(statement, added), lineBelow(loop, `${name.text} = ${joined}`)];
}
