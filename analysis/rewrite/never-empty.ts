/** Whether a collection holds an item where it is read: a test guards the place, and nothing that runs between the two may have emptied it. */

import { isConsumedAtOnce } from "../rule/comprehension.js";
import type { Facts, Use } from "../semantics/facts.js";
import { isSamePlace } from "../semantics/same-place.js";
import { loopsAround } from "../semantics/loops.js";
import { useOf } from "../semantics/uses.js";
import {
  asBinary,
  asCall,
  asComparison,
  asComprehension,
  asConditional,
  asMethodCall,
  integerOf,
  unwrap,
} from "../syntax/expressions.js";
import { asAugmented, asFor, asIf, asTry, previousStatement, statementsOf } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

const EXITS = ["return_statement", "raise_statement", "continue_statement", "break_statement"];
const ADDS = new Set(["append", "extend", "insert", "add", "update", "setdefault"]);

/**
 * The collection is shown to have items where the place runs, by tests and loops around it.
 * @param isPrivate nobody else holds the collection, so that code which is not known here cannot empty it
 */
export function holdsItems(items: Node, place: Node, isPrivate: boolean, facts: Facts): boolean {
  for (
    let inner = place, outer = place.parent;
    outer && !runsLater(outer, facts);
    inner = outer, outer = outer.parent
  ) {
    const proof = guardsOf(inner, outer)
      .map((it) => provenBy(it, items, facts))
      .find((it) => it !== undefined);
    if (proof) return !isTouched(items, proof, inner, place, isPrivate, facts);
    if (takesOneATurn(items, outer, inner, place, facts)) return true;
    for (
      let before = isStatement(inner) ? previousStatement(inner) : undefined;
      before;
      before = previousStatement(before)
    ) {
      const exit = exitProof(before, items, facts);
      if (exit) return !isTouched(items, exit, outer, place, isPrivate, facts);
    }
  }
  return false;
}

function runsLater(node: Node, facts: Facts): boolean {
  return (
    ["function_definition", "lambda", "class_definition"].includes(node.kind) ||
    (node.kind === "generator_expression" && !isConsumedAtOnce(node, facts))
  );
}

function isStatement(node: Node): boolean {
  return node.parent?.kind === "block" || node.parent?.kind === "module";
}

/** What holds where `inner` runs, said by the node around it. */
function guardsOf(inner: Node, outer: Node): readonly Node[] {
  const isBranch = inner.fieldName === "consequence" && (outer.kind === "if_statement" || outer.kind === "elif_clause");
  if (isBranch || (inner.fieldName === "body" && outer.kind === "while_statement")) return outer.fieldAll("condition");
  const choice = asConditional(outer);
  if (choice) return choice.then === inner ? [choice.condition] : [];
  const comprehension = asComprehension(outer);
  if (comprehension) return comprehension.element === inner ? comprehension.conditions : [];
  const both = asBinary(outer);
  return both?.operator === "and" && both.right === inner ? [both.left] : [];
}

/** The part of a test that is true of a filled collection alone: `items`, `len(items)`, `len(items) > 0`. */
function provenBy(guard: Node, items: Node, facts: Facts): Node | undefined {
  const node = unwrap(guard);
  const both = asBinary(node);
  if (both)
    return both.operator === "and"
      ? (provenBy(both.right, items, facts) ?? provenBy(both.left, items, facts))
      : undefined;
  if (isSame(node, items, facts)) return node;
  const comparison = asComparison(node);
  const bound = integerOf(comparison?.right);
  if (!measures(comparison?.left ?? node, items, facts)) return undefined;
  return !comparison || (bound !== undefined && isMore(comparison.operator, bound)) ? node : undefined;
}

function isMore(operator: string, bound: number): boolean {
  return (
    (operator === ">" && bound >= 0) ||
    ([">=", "=="].includes(operator) && bound >= 1) ||
    (operator === "!=" && bound === 0)
  );
}

function isSame(node: Node, items: Node, facts: Facts): boolean {
  return node.kind === "identifier" && isSamePlace(node, items, facts);
}

function measures(node: Node, items: Node, facts: Facts): boolean {
  const call = asCall(node);
  return call?.args.length === 1 && isSame(call.args[0]!, items, facts) && facts.nameOf(call.callee) === "builtins.len";
}

/** `if not items: return`: what follows runs with items alone. */
function exitProof(statement: Node, items: Node, facts: Facts): Node | undefined {
  const exit = asIf(statement);
  if (!exit || exit.orElse || exit.elifs.length > 0 || !EXITS.includes(statementsOf(exit.body).at(-1)?.kind ?? ""))
    return undefined;
  return refutedBy(exit.condition, items, facts);
}

function refutedBy(guard: Node, items: Node, facts: Facts): Node | undefined {
  const node = unwrap(guard);
  const both = asBinary(node);
  if (both)
    return both.operator === "or"
      ? (refutedBy(both.right, items, facts) ?? refutedBy(both.left, items, facts))
      : undefined;
  if (node.kind === "not_operator") return provenBy(node.field("argument")!, items, facts) && node;
  const comparison = asComparison(node);
  const bound = integerOf(comparison?.right);
  const isNone =
    comparison &&
    ((comparison.operator === "==" && bound === 0) ||
      (comparison.operator === "<" && bound !== undefined && bound >= 1));
  return isNone && measures(comparison.left, items, facts) ? node : undefined;
}

/** `for _ in range(len(items))`, where each turn takes one item, at the place, and nothing else takes any. */
function takesOneATurn(items: Node, outer: Node, inner: Node, place: Node, facts: Facts): boolean {
  const loop = asFor(outer);
  const range = loop && inner === loop.body ? asCall(unwrap(loop.iterable)) : undefined;
  const [length, more] = range?.args ?? [];
  if (
    !range ||
    !length ||
    more ||
    facts.nameOf(range.callee) !== "builtins.range" ||
    !measures(length, items, facts) ||
    loopsAround(place)[0] !== outer
  )
    return false;
  return touches(items, facts).every((it) => !it.isInside(outer) || it.isInside(place));
}

/** Something between the proof and the place may have taken items away. */
function isTouched(items: Node, proof: Node, region: Node, place: Node, isPrivate: boolean, facts: Facts): boolean {
  const runs = spansBetween(proof, region, place);
  const isBetween = (it: Node) =>
    it.tree === place.tree && runs.some((run) => it.start >= run.start && it.end <= run.end);
  const isRepeated = repeating(proof, region, place).length > 0;
  if (touches(items, facts).some((it) => isBetween(it) && (isRepeated || !it.isInside(place)))) return true;
  return (
    !isPrivate &&
    region
      .descendants("call", "yield", "await", "delete_statement")
      .some((it) => isBetween(it) && mayReach(it, items, facts))
  );
}

/** Code that is not known here, or a change to another name, which may stand for the same collection. */
function mayReach(node: Node, items: Node, facts: Facts): boolean {
  const method = asMethodCall(node);
  const isChange =
    method !== undefined && !isSame(method.object, items, facts) && facts.unknownCallsIn(node).includes(node);
  return node.kind === "delete_statement" || facts.runsUnknownCode(node) || isChange;
}

interface Run {
  readonly start: number;
  readonly end: number;
}

/** What runs after the proof and before the place: what stands between, a loop in which the place is, and the condition of a choice, which may stand behind it. */
function spansBetween(proof: Node, region: Node, place: Node): readonly Run[] {
  const runs: Run[] =
    proof.end <= place.start
      ? [{ start: proof.end, end: place.start }]
      : [
          { start: region.start, end: place.start },
          { start: proof.end, end: endOfBoth(proof, place) },
        ];
  for (let node: Node = place; node !== region && node.parent; node = node.parent) {
    const choice = asConditional(node.parent);
    if (choice && node.parent.isInside(region) && node === choice.then) runs.push(choice.condition);
  }
  return [...runs, ...repeating(proof, region, place)];
}

function endOfBoth(proof: Node, place: Node): number {
  let both = proof;
  while (!place.isInside(both) && both.parent) both = both.parent;
  return both.end;
}

/** The loops between the two: there the place itself comes before its next turn. */
function repeating(proof: Node, region: Node, place: Node): readonly Node[] {
  return loopsAround(place).filter((it) => it.isInside(region) && !proof.isInside(it));
}

/** The reads that may take something away, and the places that bind the name anew. */
function touches(items: Node, facts: Facts): readonly Node[] {
  const uses = facts.usesOf(items).filter((it) => !facts.isHarmless(it) && !isAdding(it));
  return [
    ...uses.map((it) => it.node),
    ...facts
      .writesOf(items)
      .filter((it) => it.kind !== "augment")
      .map((it) => it.name),
  ];
}

function isAdding(use: Use): boolean {
  if (use.kind === "augmented") return asAugmented(use.in)?.operator === "+=";
  return (
    (use.kind === "method" && ADDS.has(use.name ?? "")) ||
    (use.kind === "operand" && use.in.kind === "boolean_operator" && isTest(use.in))
  );
}

/** The value of `items and ready` is not kept. */
function isTest(node: Node): boolean {
  const { kind, in: inside } = useOf(node);
  return kind === "tested" || (kind === "operand" && inside.kind === "boolean_operator" && isTest(inside));
}

/** `except IndexError: break`: nobody reads the message of what a read of nothing raises. */
export function isCaughtQuietly(place: Node): boolean {
  const around = asTry(place.ancestor("try_statement", "function_definition"));
  const [only, more] = around && place.isInside(around.body) ? around.handlers : [];
  return only?.type?.text === "IndexError" && !only.alias && !more && !/\braise\b|exc|traceback/.test(only.body.text);
}
