/** A name or attribute to which each turn of a loop gives a longer copy of what it held: found, and turned into a list that is joined once, behind the loop. */

import { lineAbove, lineBelow, replace } from "../rule/edits.js";
import { declined, type Declined, type Edit } from "../rule/rule.js";
import type { Weight } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import { siteOfTarget } from "../semantics/places.js";
import { useOf } from "../semantics/uses.js";
import {
  asAttribute,
  asCall,
  asComparison,
  asConditional,
  asMethodCall,
  asSubscript,
  integerOf,
  unwrap,
} from "../syntax/expressions.js";
import { asAssignment, asFor, asIf, nextStatement, startsLine, statementOf } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { lastIdentifierIn } from "../text/identifiers.js";

/** What a value joins, in order; undefined for a value that is no such join. */
export type PartsOf = (value: Node) => readonly Node[] | undefined;

/** One of the places where it grows. */
export interface GrowthStep {
  readonly statement: Node;
  /** The name or attribute where it is assigned. */
  readonly target: Node;
  /** The expression that joins: a call, mostly. */
  readonly join: Node;
  /** What it joins, in order. What has grown so far is one of them. */
  readonly parts: readonly Node[];
  readonly operand: Node;
  /** The whole statement is `target = join`, and what has grown so far stands in it. */
  readonly isBare: boolean;
}

/** A name, or an attribute or item that is written like one, that is joined with something more in every turn of a loop. */
export interface Growth {
  /** The name or attribute, where it grows first. */
  readonly name: Node;
  /** The outermost loop in which it only grows and is not looked at. */
  readonly loop: Node;
  /** All the places in the loop where it grows, in source order. */
  readonly steps: readonly GrowthStep[];
  /** How long it may grow: by the loops in which it grows. */
  readonly weight: Weight;
  /** The first turn sets it, so no list can begin with what it holds before. */
  readonly isBegunInside: boolean;
  /** The loop asks for its columns, or does something with all of it besides: nothing that keeps it from being joined in the end, but no rewrite can say so. */
  readonly isAsked: boolean;
}

const ENDS = new Set(["break_statement", "return_statement", "raise_statement"]);

/**
 * `name = join` in a loop that does not look at the name otherwise. Undefined unless `join` is where the name grows first in that loop: several places are
 * one growth.
 * @param kind a name of the question for `facts.memo`: one for each `partsOf`
 */
export function growthOf(join: Node, kind: string, partsOf: PartsOf, facts: Facts): Growth | undefined {
  const step = stepsIn(statementOf(join), partsOf).find((it) => it.join === join);
  if (!step) return undefined;
  const { target, statement } = step;
  let found: GrowthIn | undefined;
  const loops: Node[] = [];
  let loop: Node | undefined;
  for (const around of facts.loopsAround(statement)) {
    const isLoop = around.kind === "for_statement" || around.kind === "while_statement";
    const inside = isLoop
      ? facts.memo(`${kind} grows: ${target.text}`, around, () => growthIn(around, target, partsOf, facts))
      : undefined;
    if (!inside) break;
    [found, loop] = [inside, around];
    loops.push(around);
  }
  if (!found || !loop || found.grows.join !== join) return undefined;
  const isStarted =
    found.isBegunInside ||
    target.kind !== "identifier" ||
    facts.writesOf(target).some((it) => !it.name.isInside(loop) && it.kind !== "delete");
  return isStarted
    ? {
        name: target,
        loop,
        steps: found.steps,
        weight: weightIn(statement, loops, facts),
        isBegunInside: found.isBegunInside,
        isAsked: found.isAsked,
      }
    : undefined;
}

/** The assignments of joins in a statement: `a = join`, `a, b = join, join`, `a = part if a is None else join`, `a = join.method()`. */
function stepsIn(owner: Node, partsOf: PartsOf): readonly GrowthStep[] {
  const assignment = asAssignment(owner);
  const [targets, more] = assignment?.targets ?? [];
  if (!assignment?.value || !targets || more) return [];
  const statement = statementOf(owner);
  const value = unwrap(assignment.value);
  const pairs: readonly (readonly [Node, Node | undefined])[] = LISTS.has(targets.kind)
    ? LISTS.has(value.kind) && value.children.length === targets.children.length
      ? targets.children.map((it, index) => [it, value.children[index]] as const)
      : []
    : [[targets, value]];
  return pairs.flatMap(([target, given]) => {
    const step = given && isPath(target) ? stepOf(statement, target, given, partsOf) : undefined;
    return step ? [{ ...step, isBare: step.join === value && step.operand.isInside(step.join) }] : [];
  });
}

const LISTS = new Set(["pattern_list", "tuple_pattern", "list_pattern", "expression_list", "tuple", "list"]);
/** How many calls may follow the join. */
const CHAINED = 4;
/** Methods that keep all that was collected: after `tail(9)` nothing grows. */
const KEEPS = [
  "astype",
  "copy",
  "fillna",
  "flatten",
  "infer_objects",
  "ravel",
  "rename",
  "reset_index",
  "reshape",
  "set_index",
  "sort_index",
  "sort_values",
  "transpose",
];

function stepOf(statement: Node, target: Node, value: Node, partsOf: PartsOf): GrowthStep | undefined {
  const choice = asConditional(value);
  const values = choice ? [unwrap(choice.then), unwrap(choice.otherwise)] : [value];
  for (const given of values) {
    let join: Node | undefined = given;
    for (let depth = 0; join && depth < CHAINED; depth++) {
      const parts = partsOf(join);
      const operand = parts?.find((it) => it.text === target.text);
      if (parts && operand) return { statement, target, join, parts, operand, isBare: false };
      const method = asMethodCall(join, ...KEEPS);
      join = method && unwrap(method.object);
    }
  }
  return undefined;
}

/** A name, `self.rows`, `found["rows"]`: what can be told from others by its text. */
function isPath(node: Node, depth = 0): boolean {
  if (node.kind === "identifier") return true;
  if (depth > 3) return false;
  const attribute = asAttribute(node);
  if (attribute) return isPath(attribute.object, depth + 1);
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  return (
    subscript !== undefined && key !== undefined && !more && KEYS.has(key.kind) && isPath(subscript.value, depth + 1)
  );
}

const KEYS = new Set(["identifier", "string", "integer"]);

interface GrowthIn {
  readonly steps: readonly GrowthStep[];
  /** The first of them that is not the last thing the loop does. */
  readonly grows: GrowthStep;
  readonly isBegunInside: boolean;
  readonly isAsked: boolean;
}

/** Undefined where the loop reads it, or sets it in another way than in the first turn. */
function growthIn(loop: Node, target: Node, partsOf: PartsOf, facts: Facts): GrowthIn | undefined {
  const steps: GrowthStep[] = [];
  let starts = 0;
  let isAsked = false;
  const quiet = new Set<Node>();
  const guards: Node[] = [];
  const written = mentionsIn(loop, target, facts);
  if (!written) return undefined;
  for (const { name, owner, isStored } of written) {
    if (!isStored) continue;
    const step = owner && stepsIn(owner, partsOf).find((it) => it.target === name);
    const value = step && asAssignment(step.statement)?.value;
    const choice = value && asConditional(unwrap(value));
    const test = choice && firstTurn(choice.condition, target);
    if (step?.operand.isInside(loop) && (!choice || test)) {
      steps.push(step);
      quiet.add(step.operand);
      if (test) starts++;
      for (const it of test?.reads ?? []) quiet.add(it);
      guards.push(...(test?.guards ?? []));
      continue;
    }
    const again = owner && sameOf(owner, target);
    if (again) {
      isAsked = true;
      quiet.add(again);
      continue;
    }
    const beginning = owner && beginningOf(owner, target, loop);
    if (!beginning) return undefined;
    starts++;
    guards.push(...beginning.guards);
    for (const it of beginning.reads) quiet.add(it);
  }
  for (const { name, isStored } of written) {
    if (isStored || quiet.has(name)) continue;
    // Which columns there are does not hang on the rows.
    const asked = asAttribute(name.parent);
    if (asked?.object !== name || asked.name !== "columns" || siteOfTarget(asked.node)) return undefined;
    isAsked = true;
  }
  const grows = steps.find((it) => !isFollowedByEnd(it.statement));
  return grows && guards.every((it) => tellsFirstTurn(it, loop, facts))
    ? { steps, grows, isBegunInside: starts > 0, isAsked }
    : undefined;
}

/** What is read in `rows = rows.fillna(0)`: the same rows again, in another copy. */
function sameOf(owner: Node, target: Node): Node | undefined {
  const assignment = asAssignment(owner);
  if (assignment?.targets.length !== 1 || assignment.targets[0]!.text !== target.text || !assignment.value)
    return undefined;
  let value = unwrap(assignment.value);
  for (let depth = 0; depth < CHAINED; depth++) {
    const method = asMethodCall(value, ...KEEPS);
    if (!method || method.argumentList.text.includes(target.text)) return undefined;
    value = unwrap(method.object);
    if (value.text === target.text) return value;
  }
  return undefined;
}

/** A counter of the loop, or a flag that the loop sets once: neither goes back to what it was before. */
function tellsFirstTurn(name: Node, loop: Node, facts: Facts): boolean {
  const sites = facts.writesOf(name, loop);
  const flags = new Set(sites.map((it) => (it.kind === "assign" && it.value ? unwrap(it.value).kind : undefined)));
  const isFlag = flags.size === 1 && (flags.has("true") || flags.has("false"));
  const isCounter = sites.every((it) => (it.kind === "for" && it.owner === loop) || it.kind === "augment");
  return sites.length > 0 && (isFlag || isCounter);
}

interface Mention {
  readonly name: Node;
  /** The statement that sets it. */
  readonly owner: Node | undefined;
  readonly isStored: boolean;
}

/** What sets and reads it in a loop; undefined for an attribute of something that the loop itself sets. */
function mentionsIn(loop: Node, target: Node, facts: Facts): readonly Mention[] | undefined {
  if (target.kind === "identifier") {
    return [
      ...facts.writesOf(target, loop).map((it) => ({
        name: it.name,
        owner: it.kind === "assign" ? it.owner : undefined,
        isStored: true,
      })),
      ...facts.readsOf(target, loop).map((it) => ({ name: it, owner: undefined, isStored: false })),
    ];
  }
  if ([target, ...target.descendants("identifier")].some((it) => it.kind === "identifier" && isSetIn(loop, it, facts)))
    return undefined;
  const paths = facts.memo("attributes and items by their text", loop, () => {
    const found = new Map<string, Node[]>();
    for (const node of loop.descendants("attribute", "subscript")) {
      if (!isPath(node)) continue;
      const { text } = node;
      const known = found.get(text);
      if (known) known.push(node);
      else found.set(text, [node]);
    }
    return found;
  });
  return (paths.get(target.text) ?? []).map((name) => {
    const site = siteOfTarget(name);
    return { name, owner: site?.kind === "assign" ? site.owner : undefined, isStored: site !== undefined };
  });
}

const isSetIn = (loop: Node, name: Node, facts: Facts): boolean =>
  name.fieldName !== "attribute" && facts.writesOf(name, loop).length > 0;

interface FirstTurn {
  /** Undefined for a flag, which may say the one or the other. */
  readonly isFirst: boolean | undefined;
  /** What is read of the place to tell. */
  readonly reads: readonly Node[];
  /** Other names that tell. */
  readonly guards: readonly Node[];
}

/** `if name is None: name = part`, `if not len(name)`, `if i == 0`, `if is_first`: set in the first turn alone. */
function beginningOf(owner: Node, target: Node, loop: Node): FirstTurn | undefined {
  const branch = asIf(owner.ancestor("if_statement"));
  const test = branch?.node.isInside(loop) ? firstTurn(branch.condition, target) : undefined;
  if (!branch || !test) return undefined;
  const [body, orElse] = [owner.isInside(branch.body), branch.orElse && owner.isInside(branch.orElse)];
  const isThere =
    test.isFirst === undefined ? body || orElse : test.isFirst ? body : orElse && branch.elifs.length === 0;
  return isThere ? test : undefined;
}

/** What a condition says about whether the place was begun. */
function firstTurn(condition: Node, target: Node): FirstTurn | undefined {
  const node = unwrap(condition);
  if (node.kind === "not_operator") {
    const inner = node.children[0] && firstTurn(node.children[0], target);
    return inner && { ...inner, isFirst: inner.isFirst === undefined ? undefined : !inner.isFirst };
  }
  const isPlace = (it: Node | undefined) => it?.text === target.text;
  const comparison = asComparison(node);
  if (!comparison) {
    if (node.kind === "identifier" && !isPlace(node)) return { isFirst: undefined, reads: [], guards: [node] };
    const empty = asAttribute(node);
    if (empty?.name === "empty" && isPlace(empty.object)) return { isFirst: true, reads: [empty.object], guards: [] };
    const counted = countedIn(node);
    return counted && isPlace(counted) ? { isFirst: false, reads: [counted], guards: [] } : undefined;
  }
  const { left, operator, right } = comparison;
  const isEqual = operator === "is" || operator === "==";
  const isUnequal = operator === "is not" || operator === "!=";
  if (right.kind === "none" && isPlace(left))
    return isEqual || isUnequal ? { isFirst: isEqual, reads: [left], guards: [] } : undefined;
  if (integerOf(right) !== 0 || !(isEqual || isUnequal || operator === ">")) return undefined;
  const counted = countedIn(unwrap(left));
  if (counted && isPlace(counted)) return { isFirst: isEqual, reads: [counted], guards: [] };
  return left.kind === "identifier" && !isPlace(left) ? { isFirst: isEqual, reads: [], guards: [left] } : undefined;
}

/** `rows` in `len(rows)`, `rows.size` and `rows.shape[0]`. */
function countedIn(node: Node): Node | undefined {
  const call = asCall(node);
  if (call) return call.callee.text === "len" && call.args.length === 1 ? call.args[0] : undefined;
  const size = asAttribute(node);
  if (size) return size.name === "size" ? size.object : undefined;
  const shape = asAttribute(asSubscript(node)?.value);
  return shape?.name === "shape" ? shape.object : undefined;
}

/** By the loops in which it grows; what stands around these makes it begin anew. */
function weightIn(statement: Node, loops: readonly Node[], facts: Facts): Weight {
  const sizes = loops.map((it) => {
    const iterable = asFor(it)?.iterable;
    return iterable ? facts.sizeOf(iterable) : "unknown";
  });
  const weight = sizes.every((it) => it === "light") ? "light" : facts.weightOf(statement);
  if (weight === "light" || sizes.includes("heavy")) return weight === "light" ? "light" : "heavy";
  if (sizes.filter((it) => it === "unknown").length > 1) return "heavy";
  return loops.length === facts.loopsAround(statement).length ? weight : "unknown";
}

/** What ends the loop right after it makes this the only time. */
function isFollowedByEnd(statement: Node): boolean {
  for (let next = nextStatement(statement); next; next = nextStatement(next)) if (ENDS.has(next.kind)) return true;
  return false;
}

/** What was copied when it was joined is looked at again when the loop is over: it must not have changed by then. */
export function isKept(part: Node, { statement }: GrowthStep, { loop }: Growth, facts: Facts): boolean {
  let root = unwrap(part);
  for (let inner: Node | undefined = root; inner; inner = asAttribute(root)?.object ?? asSubscript(root)?.value)
    root = inner;
  if (root.kind !== "identifier") return true;
  const isNew = facts
    .writesOf(root)
    .some(
      (it) =>
        it.name.isInside(loop) &&
        (it.kind === "for" || (it.kind === "assign" && it.value !== undefined && !NAMES.has(unwrap(it.value).kind))),
    );
  const changes = facts.usesOf(root).filter((it) => it.node.isInside(loop) && isChange(it.node, facts));
  return changes.every((it) => isNew && it.node.end <= statement.start);
}

const NAMES = new Set(["identifier", "attribute"]);

/** Stored into, or asked to change by a method that is not known to leave it alone. */
function isChange(read: Node, facts: Facts): boolean {
  const use = useOf(read);
  if (use.kind === "subscript" || use.kind === "attribute") return isChange(use.in, facts);
  if (use.kind === "method") return !facts.isHarmless(use);
  return (
    use.kind === "subscript-store" ||
    use.kind === "attribute-store" ||
    use.kind === "subscript-delete" ||
    use.kind === "augmented"
  );
}

/** What is put off until the loop is over, in words for the doubts of a fix. */
export function doubtsOf({ name, loop }: Growth, facts: Facts): readonly string[] {
  const isName = name.kind === "identifier";
  const isGiven = isName && facts.writesOf(name).some((it) => it.kind === "parameter" && !it.name.isInside(loop));
  return [
    "no part may change before the loop ends",
    "errors of joining are raised after the loop",
    ...(isGiven ? ["the result is a copy even if the loop does not run"] : []),
    ...(isName ? [] : [`\`${name.text}\` is set once, after the loop, and not at all if the loop fails`]),
  ];
}

/** What the list is called that holds the parts. */
export function listOfParts({ name, loop }: Growth, facts: Facts): string {
  // What is grown may be an item, as `rows["a"]` is.
  const last = lastIdentifierIn(name.text);
  return facts.freshName(`${last || "all"}_parts`, loop);
}

/** The list in front of the loop, what each step puts into it, and the one join behind the loop. */
export function collected(
  growth: Growth,
  list: string,
  put: (step: GrowthStep) => string,
  joined: string,
  facts: Facts,
): readonly Edit[] | Declined {
  const { steps, name, loop, isBegunInside, isAsked } = growth;
  if (isAsked) return declined("the loop asks for its columns, or copies it in another way too");
  if (isBegunInside) return declined("the first iteration begins it in its own way");
  if (steps.some((it) => !it.isBare)) return declined("more is done with the result than to assign it");
  if (steps.some((it) => it.statement.comments.length > 0)) return declined("a comment would be lost");
  if (!startsLine(loop)) return declined("the loop does not start its line");
  if (name.kind === "identifier" ? facts.isObserved(name, loop) : endsEarly(loop))
    return declined(`\`${name.text}\` may be looked at before the loop ends`);
  return [
    lineAbove(loop, `${list} = [${name.text}]`),
    ...steps.map((it) => replace(it.statement, put(it))),
    lineBelow(loop, `${name.text} = ${joined}`),
  ];
}

/** What stands behind the loop may not run, or other code runs in between. */
const endsEarly = (loop: Node): boolean => loop.descendants("return_statement", "yield", "await").length > 0;
