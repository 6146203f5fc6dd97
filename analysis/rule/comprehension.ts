/** Turns a loop whose turns do nothing but hand one expression on into the comprehension that gives the same values in the same order. */

import type { Facts } from "../semantics/facts.js";
import { asCall } from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { asFor, asIf, indentOf, onlyStatement, statementsOf, type ForLoop } from "../syntax/statements.js";
import type { Node, Span } from "../syntax/tree.js";
import { inClause, negated } from "./negated.js";
import { hasComments, reindented, removeStatement, replace } from "./edits.js";
import type { Edit } from "./rule.js";

/** `for … in …:` and `if …:` one inside the other, each the only statement of the one around it, down to one last statement. */
export interface Gathering {
  readonly loop: ForLoop;
  /** From the outside in, the first loop included. */
  readonly clauses: readonly Clause[];
  readonly statement: Node;
}

/** A condition under which the turn is left is `isNegated`. */
type Clause = ForLoop | { readonly condition: Node; readonly isNegated?: true };

const MOST_LOOPS = 2;

/**
 * What a loop gathers: its `for` and `if` clauses and the one statement inside; undefined if it does more.
 * @param isWide also takes `if …: continue` in front of what follows, and a last statement that is `if … else …`
 */
export function gatheringOf(loop: ForLoop, isWide = false): Gathering | undefined {
  const clauses: Clause[] = [];
  let loops = 0;
  for (let statement: Node = loop.node; ; ) {
    const [inner, branch] = [asFor(statement), asIf(statement)];
    if (!inner && !branch) return { loop, clauses, statement };
    if (inner && (inner.isAsync || inner.orElse || ++loops > MOST_LOOPS)) return undefined;
    if (branch && (branch.orElse || branch.elifs.length > 0)) return isWide ? { loop, clauses, statement } : undefined;
    clauses.push(inner ?? { condition: branch!.condition });
    const statements = [...statementsOf((inner ?? branch)!.body)];
    for (let skipped = isWide ? skipOf(statements[0]) : undefined; skipped; skipped = skipOf(statements[0])) {
      clauses.push({ condition: skipped, isNegated: true });
      statements.shift();
    }
    const [only, more] = statements;
    if (!only || more) return undefined;
    statement = only;
  }
}

/** The condition of `if …: continue`. */
function skipOf(statement: Node | undefined): Node | undefined {
  const branch = asIf(statement);
  const only = branch && !branch.orElse && branch.elifs.length === 0 ? onlyStatement(branch.body) : undefined;
  return only?.kind === "continue_statement" ? branch!.condition : undefined;
}

/**
 * The comprehension would give the same: no name or call means something else inside one, nothing reads what the loop leaves behind.
 * @param mayAwait an `await` is not in the way, because whoever asks takes it out
 */
export function isComprehensible({ loop, clauses }: Gathering, facts: Facts, mayAwait = false): boolean {
  const { node } = loop;
  if (facts.scopeOf(node).kind === "class") return false;
  if (
    node.descendants("yield", "named_expression", "lambda", "list_splat").length > 0 ||
    (!mayAwait && node.descendants("await").length > 0)
  )
    return false;
  if (node.descendants("for_in_clause").some((it) => it.hasToken("async"))) return false;
  if (node.descendants("generator_expression").some((it) => !isConsumedAtOnce(it, facts))) return false;
  if (node.descendants("call").some((it) => isScopeBound(it, facts))) return false;
  const loops = clauses.filter((it): it is ForLoop => "target" in it);
  const names = loops.flatMap((it) => it.target.descendants("identifier").map((name) => ({ name, loop: it })));
  if (!loops.every((it) => isPlainTarget(it.target)) || new Set(names.map((it) => it.name.text)).size < names.length)
    return false;
  const isSetFirst = (name: Node, inner: ForLoop) =>
    facts
      .readsOf(name, node)
      .every((read) => read.isInside(loop.iterable) || (read.start > name.start && !read.isInside(inner.iterable)));
  return names.every((it) => staysInside(it.name, node, facts) && isSetFirst(it.name, it.loop));
}

/**
 * In brackets, over several lines where `before` and it do not fit on one. Undefined if a comment would be lost.
 * @param width how long a line may be
 * @param element what is gathered, or its text for a given indentation
 */
export function comprehension(
  { loop, clauses }: Gathering,
  element: Span | ((indent: string) => string),
  before: string,
  width: number,
  [open, close] = ["[", "]"],
): string | undefined {
  if (hasComments(loop.node)) return undefined;
  const indent = indentOf(loop.node);
  const inner = indentOf(statementsOf(loop.body)[0]!);
  const written = [
    typeof element === "function" ? element(inner) : reindented(element, inner),
    ...clauses.map((it) =>
      "target" in it
        ? `for ${it.target.text} in ${inClause(it.iterable, inner)}`
        : `if ${it.isNegated ? negated(it.condition, inner) : inClause(it.condition, inner)}`,
    ),
  ];
  const line = `${open}${written.join(" ")}${close}`;
  const isOneLine = !line.includes("\n");
  if (isOneLine && (indent.length + before.length + line.length <= width || inner === indent)) return line;
  return inner === indent ? undefined : `${open}\n${written.map((it) => inner + it).join("\n")}\n${indent}${close}`;
}

/** The edits that build the value in one expression where it was begun empty, or where the loop stood if a comment in between speaks of that. */
export function insteadOfLoop(start: Node, empty: Node, loop: Node, expression: string): readonly Edit[] | undefined {
  const { text } = loop.tree;
  const gone = removeStatement(loop);
  const between = text.slice(start.end, loop.start);
  if (gone && between.trim() === "") {
    // The empty lines that parted the two go with the loop.
    const firstLine = text.indexOf("\n", start.end) + 1;
    return [replace(empty, expression), replace({ ...gone.at, start: firstLine }, "")];
  }
  if (!between.includes("#")) return gone && [replace(empty, expression), gone];
  const line = removeStatement(start);
  return line && gone && [line, replace(loop, text.slice(start.start, empty.start) + expression)];
}

/** The call means another scope, or sees another frame, inside a comprehension: `frame.query("a > @limit")`. */
function isScopeBound(call: Node, facts: Facts): boolean {
  return SCOPE_BOUND.test(call.field("function")!.text) || facts.readsCallersFrame(call);
}

const SCOPE_BOUND = /^(super|locals|vars|dir|eval|exec|(sys\.)?_getframe|(inspect\.)?(currentframe|stack))$/;

function isPlainTarget(target: Node): boolean {
  return target.kind === "identifier" || (PATTERNS.has(target.kind) && target.children.every(isPlainTarget));
}

const PATTERNS: ReadonlySet<Kind> = new Set<Kind>(["pattern_list", "tuple_pattern", "list_pattern"]);

/** The loop alone binds the name, and nothing reads the last value that the loop leaves in it. */
function staysInside(target: Node, loop: Node, facts: Facts): boolean {
  if (facts.isRemote(target) || facts.isDeleted(target) || facts.writesOf(target, loop).length !== 1) return false;
  return !facts.isSeenOutside(target, loop);
}

/** A generator expression given to a built-in function or `join`, which asks for all of it there and then. */
export function isConsumedAtOnce(generator: Node, facts: Facts): boolean {
  const call = asCall(generator.parent?.kind === "argument_list" ? generator.parent.parent : generator.parent);
  if (!call) return false;
  const name = facts.nameOf(call.callee);
  return (name !== undefined && CONSUMERS.has(name)) || /\.join$/.test(call.callee.text);
}

const CONSUMERS = new Set(
  ["sum", "any", "all", "min", "max", "list", "tuple", "set", "frozenset", "dict", "sorted", "len"].map(
    (it) => `builtins.${it}`,
  ),
);
