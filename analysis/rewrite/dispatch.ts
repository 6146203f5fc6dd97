/** The parts of a chain of equality tests: the subject and key of a condition, and what a branch chooses. */

import type { Facts } from "../semantics/facts.js";
import { asCall, asComparison, integerOf, isConstant, unwrap } from "../syntax/expressions.js";
import {
  asAssignment,
  asIf,
  expressionOf,
  nextStatement,
  onlyStatement,
  previousStatement,
  startsLine,
  statementsOf,
} from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node, Span } from "../syntax/tree.js";
import { isBoundOnceAbove } from "./bound-above.js";

/** One branch of a chain of tests that does nothing but choose a class, a function or a value. */
export interface Branch {
  readonly key: Node;
  readonly statement: Node;
  /** What is chosen: a class or function, or a value. */
  readonly choice: Node;
  /** The statement with the choice left out: equal for all branches. */
  readonly before: string;
  readonly after: string;
}

/** `subject == key`, either way round, where only the key is a constant. */
export function equality(condition: Node): { readonly subject: Node; readonly key: Node } | undefined {
  const comparison = asComparison(unwrap(condition));
  if (comparison?.operator !== "==") return undefined;
  const [left, right] = [unwrap(comparison.left), unwrap(comparison.right)];
  if (isSubject(left) && isKey(right)) return { subject: left, key: right };
  return isSubject(right) && isKey(left) ? { subject: right, key: left } : undefined;
}

/** A name, an attribute, or a constant item of one: evaluating it once is as good as three times. */
function isSubject(node: Node): boolean {
  if (node.kind === "identifier") return true;
  if (node.kind === "attribute") return !isMember(node) && isSubject(node.field("object")!);
  return node.kind === "subscript" && isSubject(node.field("value")!) && node.fieldAll("subscript").every(isConstant);
}

/** Text, a number, or a member of an enumeration: `Kind.LINEAR`. */
function isKey(node: Node): boolean {
  return (isConstant(node) && !["none", "true", "false", "ellipsis"].includes(node.kind)) || isMember(node);
}

function isMember(node: Node): boolean {
  return (
    node.kind === "attribute" &&
    /^[A-Z][A-Z0-9_]*$/.test(node.field("attribute")!.text) &&
    node.field("object")!.kind !== "call"
  );
}

/** `return A(x)`, `made = A(x)`, `A(x)`, `return A`, `made = A` as the only statement; if asked for also `return "a"`. */
export function branchOf(key: Node, body: Node, takesConstants = false): Branch | undefined {
  const statement = onlyStatement(body);
  if (!statement) return undefined;
  const assignment = asAssignment(statement);
  const value =
    statement.kind === "return_statement"
      ? statement.children[0]
      : assignment
        ? assignment.value
        : expressionOf(statement);
  if (!value || (assignment && (assignment.annotation || assignment.targets.length > 1))) return undefined;
  const choice =
    asCall(value)?.callee ?? (statement.kind === "expression_statement" && !assignment ? undefined : value);
  if (!choice || !(isDotted(choice) || isGeneric(choice) || (takesConstants && isConstant(choice)))) return undefined;
  const { text } = statement.tree;
  return {
    key,
    statement,
    choice,
    before: text.slice(statement.start, choice.start),
    after: text.slice(choice.end, statement.end),
  };
}

/** `list[str]`, `dict[str, Any]`. */
function isGeneric(node: Node): boolean {
  return node.kind === "subscript" && /^(list|dict|set|frozenset|tuple|type)$/.test(node.field("value")!.text);
}

function isDotted(node: Node): boolean {
  return node.kind === "identifier" || (node.kind === "attribute" && isDotted(node.field("object")!));
}

/** A chain of equality tests over one subject, with the key, the condition and the body of each. */
export interface EqualityTests {
  readonly subject: Node;
  readonly arms: readonly { readonly key: Node; readonly condition: Node; readonly body: Node }[];
  /** From the first `if` to the end of the last branch; an `else` is outside. */
  readonly region: Span;
}

/** A chain of `if` and `elif` over one subject, or one `if` below the other of which each returns. */
export function equalityTests(node: Node): EqualityTests | undefined {
  const condition = asIf(node);
  if (!condition) return undefined;
  if (condition.elifs.length > 0) return testsOf([condition, ...condition.elifs], node);
  const subject = isAlone(node) ? testsOf([condition], node)?.subject.text : undefined;
  const belongs = (it: Node | undefined): it is Node =>
    it !== undefined && isAlone(it) && startsLine(it) && testsOf([asIf(it)!], it)?.subject.text === subject;
  if (subject === undefined) return undefined;
  const all = [node];
  for (let it = previousStatement(node); belongs(it); it = previousStatement(it)) all.unshift(it);
  for (let it = nextStatement(node); belongs(it); it = nextStatement(it)) all.push(it);
  return testsOf(
    all.map((it) => asIf(it)!),
    all[0]!,
  );
}

function isAlone(node: Node): boolean {
  const condition = asIf(node);
  const last = condition && statementsOf(condition.body).at(-1);
  return (
    condition !== undefined &&
    condition.elifs.length === 0 &&
    !condition.orElse &&
    (last?.kind === "return_statement" || last?.kind === "raise_statement")
  );
}

function testsOf(
  conditions: readonly { readonly condition: Node; readonly body: Node }[],
  { tree, start }: Node,
): EqualityTests | undefined {
  const tests = conditions.flatMap(({ condition, body }) => {
    const test = equality(condition);
    return test ? [{ ...test, condition, body }] : [];
  });
  const [first] = tests;
  const end = tests.at(-1)?.body.lastChild?.end;
  if (
    !first ||
    end === undefined ||
    tests.length < conditions.length ||
    tests.some((it) => it.subject.text !== first.subject.text)
  )
    return undefined;
  return { subject: first.subject, arms: tests, region: { tree, start, end } };
}

/** All texts, all whole numbers, or all members of an enumeration, none twice: the chain takes the first, a dict the last. */
export function haveDistinctKeys(keys: readonly Node[]): boolean {
  const readings: readonly ((it: Node) => string | number | undefined)[] = [
    textValue,
    integerOf,
    (it) => (it.kind === "attribute" ? it.text : undefined),
  ];
  return readings.some(
    (reading) => keys.every((it) => reading(it) !== undefined) && new Set(keys.map(reading)).size === keys.length,
  );
}

/** A constant, a name of the module, or what hangs on an import or a class: it can be written above a statement of the top level. */
export function isThereAbove(node: Node, statement: Node, facts: Facts): boolean {
  if (isConstant(node)) return true;
  if (node.kind === "identifier") return isBoundOnceAbove(node, statement, facts);
  const root = node.descendants("identifier")[0];
  const kind = root && facts.writesOf(root)[0]?.kind;
  return root !== undefined && isBoundOnceAbove(root, statement, facts) && (kind === "import" || kind === "class");
}
