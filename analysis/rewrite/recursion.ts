/** Functions that call themselves once at the end of each run, or add one thing to the result of such a call: those that a loop replaces. */

import type { Facts } from "../semantics/facts.js";
import { asBinary, asCall, asConditional, isConstant, unwrap } from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { asIf, functionAround, onlyStatement, statementsOf, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** A call of the function itself, with what each parameter gets: in order of the parameters, those that change. */
export interface SelfCall {
  readonly node: Node;
  readonly changes: readonly { readonly name: string; readonly value: Node }[];
}

/** `return n * f(n - 1)`: what is joined to the result of the call, and on which side. */
export interface Joined {
  readonly operator: "+" | "*";
  readonly item: Node;
  readonly isFirst: boolean;
}

/** A function that calls itself at most once on each way through it. */
export interface Linear {
  readonly def: FunctionDef;
  /** All calls of the function itself: the values of `return` statements, or the one that something is joined to. */
  readonly calls: readonly SelfCall[];
  readonly joined: (Joined & { readonly base: Node }) | undefined;
  /** Statements behind the docstring. */
  readonly statements: readonly Node[];
  /** The shape that `while condition:` can take over. */
  readonly plain: Plain | undefined;
}

export interface Plain {
  /** Checks in front that raise, and hold for every later run if they hold for the first. */
  readonly checks: readonly Node[];
  readonly condition: Node;
  /** The condition says when it ends, not when it goes on. */
  readonly isEnd: boolean;
  readonly between: readonly Node[];
  readonly base: Node | undefined;
}

/** A longer body is no plain recursion. */
const MOST_LINES = 30;
const LAZY = [
  "lambda",
  "function_definition",
  "class_definition",
  "generator_expression",
  "yield",
  "await",
  "global_statement",
  "nonlocal_statement",
  "delete_statement",
] as const;
const PATH: ReadonlySet<Kind> = new Set<Kind>(["block", "if_statement", "elif_clause", "else_clause"]);

/** A function that calls itself at most once on each way through it, so that a loop can do the same; undefined for any other. */
export function linearRecursion(def: FunctionDef, facts: Facts): Linear | undefined {
  if (def.isAsync || def.parameters.some((it) => it.star !== "") || def.body.descendants(...LAZY).length > 0)
    return undefined;
  const mentions = def.body.identifiers(def.name).filter((it) => it.fieldName !== "attribute");
  const calls = mentions.map((it) => selfCall(it, def, facts));
  if (calls.length === 0 || !calls.every((it) => it !== undefined)) return undefined;
  const [docstring] = statementsOf(def.body);
  const statements =
    docstring?.children[0]?.kind === "string" ? statementsOf(def.body).slice(1) : statementsOf(def.body);
  const [only, more] = calls;
  const joined = only && !more ? joinedTo(only.node, def, facts) : undefined;
  const isAtEnd = calls.every((it) => isEnd(joined ? it.node.parent! : it.node, def));
  if (
    !isAtEnd ||
    !only ||
    !endsAlways(statements) ||
    !calls.some(isStep) ||
    def.body.text.split("\n").length > MOST_LINES
  )
    return undefined;
  return { def, calls, joined, statements, plain: more ? undefined : plainShape(statements, only, def) };
}

/** Something gets smaller or is left behind: the same again with arguments that change places is no repetition. */
function isStep({ changes }: SelfCall): boolean {
  return changes.some(({ value }) => ["binary_operator", "subscript", "attribute"].includes(unwrap(value).kind));
}

function selfCall(mention: Node, def: FunctionDef, facts: Facts): SelfCall | undefined {
  const call = asCall(mention.parent);
  if (
    !call ||
    call.callee !== mention ||
    call.hasSplat ||
    call.argumentList.kind !== "argument_list" ||
    facts.functionNamed(mention)?.node !== def.node
  )
    return undefined;
  if (
    call.args.length > def.parameters.length ||
    [...call.keywords.keys()].some((it) => !def.parameters.some(({ name }) => name === it))
  )
    return undefined;
  const changes: { name: string; value: Node }[] = [];
  for (const [index, { name, defaultValue, isKeywordOnly }] of def.parameters.entries()) {
    const value =
      call.keywords.get(name) ??
      (isKeywordOnly ? undefined : call.args[index]) ??
      (defaultValue && isConstant(defaultValue) ? defaultValue : undefined);
    if (!value) return undefined;
    if (unwrap(value).text !== name) changes.push({ name, value });
  }
  return { node: call.node, changes };
}

/** The value of a `return` that no loop, `try` or `with` stands around. */
function isEnd(value: Node, def: FunctionDef): boolean {
  let node = value;
  while (node.parent?.kind === "parenthesized_expression" || node.parent?.kind === "conditional_expression") {
    if (node.parent.kind === "conditional_expression" && asConditional(node.parent)?.condition === node) return false;
    node = node.parent;
  }
  if (node.parent?.kind !== "return_statement" || functionAround(node) !== def.node) return false;
  for (let outer = node.parent.parent; outer && outer !== def.body; outer = outer.parent)
    if (!PATH.has(outer.kind)) return false;
  return true;
}

/** Every way through ends in a `return` or `raise`. */
function endsAlways(statements: readonly Node[]): boolean {
  const last = statements.at(-1);
  const branch = asIf(last);
  if (!branch) return last?.kind === "return_statement" || last?.kind === "raise_statement";
  return (
    branch.orElse !== undefined &&
    [branch.body, ...branch.elifs.map((it) => it.body), branch.orElse].every((it) => endsAlways(statementsOf(it)))
  );
}

/** All other results are one and the same literal, so that it may come first: a number, or an empty text or list on its own side. */
function joinedTo(call: Node, def: FunctionDef, facts: Facts): Linear["joined"] {
  const binary = asBinary(call.parent);
  if (!binary || (binary.operator !== "+" && binary.operator !== "*")) return undefined;
  const isFirst = binary.right === call;
  const item = isFirst ? binary.left : binary.right;
  const results = def.body
    .descendants("return_statement")
    .flatMap((it) => it.children)
    .flatMap((it) => {
      const choice = asConditional(unwrap(it));
      return choice ? [choice.then, choice.otherwise] : [it];
    });
  const bases = results.map(unwrap).filter((it) => it !== binary.node);
  const [base] = bases;
  if (
    !base ||
    def.body.descendants("return_statement").some((it) => it.children.length === 0) ||
    bases.some((it) => it.text !== base.text)
  )
    return undefined;
  const isNumber = /^\d/.test(base.text) && isConstant(base);
  const isEmpty = binary.operator === "+" && /^(""|''|\[\]|\(\))$/.test(base.text);
  const isQuiet = isFirst || item.descendants("call").every((it) => facts.isPure(it) === "yes");
  return (isNumber || isEmpty) && isQuiet ? { operator: binary.operator, item, isFirst, base } : undefined;
}

function plainShape(statements: readonly Node[], call: SelfCall, def: FunctionDef): Plain | undefined {
  const checks: Node[] = [];
  for (const it of statements) {
    if (!isCheck(it)) break;
    checks.push(it);
  }
  const [first, ...rest] = statements.slice(checks.length);
  const isOwn = (it: Node | undefined) => it !== undefined && call.node.isInside(it);
  const returned = (it: Node | undefined) => (it?.kind === "return_statement" ? it.children[0] : undefined);
  const shape = (
    condition: Node,
    isEnd: boolean,
    between: readonly Node[],
    base: Node | undefined,
  ): Plain | undefined => {
    const isClean =
      !isOwn(condition) &&
      !isOwn(base) &&
      between.every(
        (it) => it.descendants("return_statement", "break_statement", "continue_statement").length === 0 && !isOwn(it),
      );
    const areSettled = checks.every((it) => staysSettled(it, condition, isEnd, call, def));
    return isClean && areSettled ? { checks, condition, isEnd, between, base } : undefined;
  };

  const choice = asConditional(unwrap(returned(first) ?? first!));
  if (choice && rest.length === 0)
    return isOwn(choice.otherwise)
      ? shape(choice.condition, true, [], choice.then)
      : shape(choice.condition, false, [], choice.otherwise);
  const branch = asIf(first);
  if (!branch || branch.elifs.length > 0) return undefined;
  const [body, other] = [statementsOf(branch.body), branch.orElse ? statementsOf(branch.orElse) : rest];
  if (branch.orElse && rest.length > 0) return undefined;
  const [ending, going] = isOwn(branch.body) ? [other, body] : [body, other];
  const [only, more] = ending;
  if (only?.kind !== "return_statement" || more || going.at(-1)?.kind !== "return_statement" || !isOwn(going.at(-1)!))
    return undefined;
  return shape(branch.condition, ending === body, going.slice(0, -1), returned(only));
}

/** `if …: raise …`. */
function isCheck(statement: Node): boolean {
  const branch = asIf(statement);
  return (
    branch !== undefined &&
    !branch.orElse &&
    branch.elifs.length === 0 &&
    onlyStatement(branch.body)?.kind === "raise_statement"
  );
}

/** `n < 0` cannot become true where the steps are 1 and `n <= 0` or more ends the recursion; nor can `not isinstance(n, int)`. */
function staysSettled(check: Node, condition: Node, isEnd: boolean, call: SelfCall, def: FunctionDef): boolean {
  const [name, bound] = /^(\w+) < (\d+)$/.exec(asIf(check)!.condition.text)?.slice(1) ?? [];
  const kind = /^not isinstance\((\w+), int\)$/.exec(asIf(check)!.condition.text)?.[1];
  const step = call.changes.find((it) => it.name === (name ?? kind));
  if (!step || !new RegExp(`^${step.name} - 1$`).test(step.value.text))
    return step === undefined && kind !== undefined && def.parameters.some((it) => it.name === kind);
  if (kind !== undefined) return true;
  const [operator, last] = new RegExp(`^${name} (<=|<|>=|>) (\\d+)$`).exec(condition.text)?.slice(1) ?? [];
  const least =
    operator === (isEnd ? "<=" : ">") ? Number(last) : operator === (isEnd ? "<" : ">=") ? Number(last) - 1 : undefined;
  return least !== undefined && least >= Number(bound);
}
