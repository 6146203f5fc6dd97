/** An empty list, set or dict that one loop alone fills: found, and what goes into it. */

import { gatheringOf, insteadOfLoop, isComprehensible, type Gathering } from "../rule/comprehension.js";
import { removeStatement, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import type { Facts } from "../semantics/facts.js";
import { asMethodCall } from "../syntax/expressions.js";
import {
  asAssignment,
  asFor,
  asIf,
  asWith,
  expressionOf,
  onlyStatement,
  previousStatement,
  statementOf,
  type Assignment,
} from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** One item; in a dict with its key, of which `d[x, y]` has two parts. */
export interface Item {
  readonly key: readonly Node[];
  readonly value: Node;
}

export type Collection = "list" | "set" | "dict";

/** A loop that fills one list, set or dict, with what goes in and under which condition. */
export interface Filling {
  readonly kind: Collection;
  readonly gathering: Gathering;
  /** The collection's name where the loop fills it. */
  readonly name: Node;
  readonly item: Item;
  /** What goes in where the condition does not hold: `if … else …` at the end of the turn. */
  readonly otherwise: { readonly condition: Node; readonly item: Item } | undefined;
  /** The statement that makes the empty collection. */
  readonly start: Node;
  readonly assignment: Assignment;
}

const EMPTY = { list: /^(\[\s*\]|list\(\s*\))$/, set: /^set\(\s*\)$/, dict: /^(\{\s*\}|dict\(\s*\))$/ } as const;

/** A comprehension can take the place of the loop, if need be without an `await` in it. */
export function fillingOf(node: Node, facts: Facts, mayAwait = false): Filling | undefined {
  const loop = asFor(node);
  const gathering = loop && !loop.isAsync ? gatheringOf(loop, true) : undefined;
  const put = gathering && putAt(gathering.statement);
  if (!put) return undefined;
  const begun = begunEmpty(put.name, put.kind, node, facts);
  const isRight =
    begun &&
    mayJoin(begun.start, put.name, node, facts) &&
    isFilledAlone(put.name, node, put.puts, facts) &&
    isComprehensible(gathering, facts, mayAwait);
  return isRight ? { ...put, gathering, ...begun } : undefined;
}

/**
 * The statement that makes the empty collection before a loop fills it: further up in the loop's block, or in that of a `with` around it,
 * with nothing in between that touches the name. Who moves it or the loop has to ask whether that `with` may swallow an exception.
 */
export function begunEmpty(
  name: Node,
  kind: Collection,
  loop: Node,
  facts: Facts,
): Pick<Filling, "start" | "assignment"> | undefined {
  const last = facts.writeBefore(name, loop);
  const start = last && statementOf(last.owner);
  const assignment = asAssignment(start);
  if (!start || !assignment || !startsEmpty(assignment, name, kind, facts)) return undefined;
  const isTouched = (facts.readBefore(name, loop)?.start ?? -1) >= start.end;
  return isTouched || !isBefore(start, loop) ? undefined : { start, assignment };
}

/** The statement stands in the loop's own block, or in one around it that only blocks of `with` part from the loop. */
function isBefore(start: Node, loop: Node): boolean {
  let inner = loop;
  while (inner.parent && inner.parent !== start.parent && asWith(inner.parent.parent)) inner = inner.parent.parent!;
  return inner.parent === start.parent;
}

/** The collection may be made where the loop stands: no block that parts the two swallows what fails, so that an empty one would be seen. */
export function mayJoin(start: Node, name: Node, loop: Node, facts: Facts): boolean {
  return start.parent === loop.parent || facts.swallowedAround(name, loop) === undefined;
}

/** The edits that build the value in one expression: where the collection was begun if the loop follows at once, else where the loop stood. */
export function insteadOfFilling(
  { gathering, start, assignment }: Pick<Filling, "gathering" | "start" | "assignment">,
  expression: string,
): readonly Edit[] | undefined {
  const { value } = assignment;
  const { node } = gathering.loop;
  if (!value) return undefined;
  if (previousStatement(node) === start) return insteadOfLoop(start, value, node, expression);
  const line = removeStatement(start);
  return line && [line, replace(node, headOf(assignment) + expression)];
}

/** What stands in front of the value: `name: list[int] = `. */
export function headOf({ node, value }: Assignment): string {
  return value ? node.tree.text.slice(node.start, value.start) : "";
}

/** `name = []` or `name: list[int] = list()`, of the very name that the loop fills. */
export function startsEmpty(assignment: Assignment | undefined, name: Node, kind: Collection, facts: Facts): boolean {
  const value = assignment?.value;
  if (
    !assignment ||
    assignment.targets.length !== 1 ||
    !value ||
    !EMPTY[kind].test(value.text) ||
    value.comments.length > 0
  )
    return false;
  if (!facts.writesOf(name).some((it) => it.owner === assignment.node && it.name === assignment.targets[0]))
    return false;
  return value.kind !== "call" || facts.nameOf(value.field("function")!) === `builtins.${kind}`;
}

/** The loop looks at the collection nowhere but where it fills it, binds it nowhere, and nobody else sees it half full. */
export function isFilledAlone(name: Node, loop: Node, puts: number, facts: Facts): boolean {
  if (facts.readsOf(name).filter((it) => it.isInside(loop)).length !== puts || facts.isObserved(name, loop))
    return false;
  return !facts.writesOf(name).some((it) => it.name.isInside(loop));
}

/** Each item goes in as it is. */
export function isCopy({ loop, clauses }: Gathering, value: Node): boolean {
  return (
    clauses.length === 1 &&
    value.kind === "identifier" &&
    loop.target.kind === "identifier" &&
    loop.target.text === value.text
  );
}

/** `list(items)`. */
export function copied({ loop: { iterable } }: Gathering, kind: Collection): string {
  return `${kind}(${iterable.kind === "expression_list" ? `(${iterable.text})` : iterable.text})`;
}

type Put = Pick<Filling, "kind" | "name" | "item" | "otherwise"> & { readonly puts: number };

function putAt(statement: Node): Put | undefined {
  const branch = asIf(statement);
  if (!branch) return plainPut(statement);
  const first = onlyStatement(branch.body);
  const second = branch.elifs.length === 0 ? onlyStatement(branch.orElse) : undefined;
  const [one, other] = first && second ? [plainPut(first), plainPut(second)] : [];
  const isSame =
    one && other && one.kind === other.kind && one.name.text === other.name.text && keyText(one) === keyText(other);
  return isSame ? { ...one, otherwise: { condition: branch.condition, item: other.item }, puts: 2 } : undefined;
}

function keyText({ item }: Put): string {
  return item.key.map((it) => it.text).join();
}

/** `name.append(value)`, `name.add(value)`, `name[key] = value`. */
function plainPut(statement: Node): Put | undefined {
  const call = asMethodCall(expressionOf(statement), "append", "add");
  const [value, more] = call?.args ?? [];
  if (call) {
    const isPlain = value && !more && call.keywords.size === 0 && !call.hasSplat && call.object.kind === "identifier";
    return isPlain
      ? {
          kind: call.method === "append" ? "list" : "set",
          name: call.object,
          item: { key: [], value },
          otherwise: undefined,
          puts: 1,
        }
      : undefined;
  }
  const assignment = asAssignment(statement);
  const [target, another] = assignment?.targets ?? [];
  const [name, key] = [target?.field("value"), target?.fieldAll("subscript") ?? []];
  if (
    !assignment?.value ||
    another ||
    assignment.annotation ||
    target?.kind !== "subscript" ||
    name?.kind !== "identifier"
  )
    return undefined;
  if (key.some((it) => it.kind === "slice") || (key.length === 1 && /,\s*\]$/.test(target.text))) return undefined;
  // An assignment works out the value before the key, a comprehension the key first.
  const isOrderly = [key, [assignment.value]].some((parts) =>
    parts.every((it) => it.descendants("call", "await", "yield", "named_expression").length === 0),
  );
  return isOrderly
    ? { kind: "dict", name, item: { key, value: assignment.value }, otherwise: undefined, puts: 1 }
    : undefined;
}
