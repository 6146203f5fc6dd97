/** A list whose items leave or enter at the front: each time all the others move one place. */

import {
  asAssignment, asCall, asComparison, asConditional, asMethodCall, asSubscript, defineRule, functionAround, hasComments, holdsItems, importName, integerOf, isCaughtQuietly, isCompiled, isConsumedAtOnce, isWrittenOut, remove, replace, statementOf, turnsOrAxes, typeHead, useOf, wrapped,
  type Edit, type Facts, type MethodCall, type Node, type Site, type Use,
} from "../../analysis/authoring.js";

const FEW_TURNS = 16;

export default defineRule({
  title: "List used as a queue",
  why: "A list is packed from its front, so taking or putting an item there moves all the others and a queue of n items costs in the order of n² moves. A deque works at both ends in constant time.",
  guide: "data-structures",
  level: "warning",
  gain: "complexity",
  fixes: "safe",

  examples: [
    {
      before: `
def walk(tree: dict[str, list[str]], root: str) -> None:
    waiting = [root]
    while waiting:
        node = waiting.pop(0)
        print(node)
        waiting.extend(tree[node])
`,
      after: `from collections import deque

def walk(tree: dict[str, list[str]], root: str) -> None:
    waiting = deque([root])
    while waiting:
        node = waiting.popleft()
        print(node)
        waiting.extend(tree[node])
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = frontCall(node);
    if (!call || !facts.loopAround(node) || facts.typeOf(call.object)?.name !== "list") return undefined;
    const start = madeHere(call.object, facts);
    const uses = facts.usesOf(call.object);
    if (!start || !uses.every((it) => functionAround(it.node) === functionAround(start.name) && isDequeUse(it, uses, facts))) return undefined;

    const fronts = uses.flatMap((it) => frontCall(it.call) ?? []);
    // Items only put in front by a `while` are the steps up a path or chain of parents: few.
    const isTakenFrom = fronts.some((it) => it.method === "pop");
    const [first, ...others] = fronts.filter((it) => runsOften(it, start, facts) && (isTakenFrom || facts.loopAround(it.node)?.kind === "for_statement"));
    if (first?.node !== node || !mayBeLong(node, start, uses, facts) || isWalkedAnyway(node, uses) || isOneOfTwo(node, facts) || isCompiled(node, facts)) return undefined;
    const related = others.map((it) => ({ at: it.methodNode, message: "The items move here too." }));
    return { at: call.methodNode, related, list: call.object, method: call.method, start, fronts, uses };
  },

  message: ({ list, method }) => `\`${list.text}.${method}(0${method === "insert" ? ", …" : ""})\` moves all other items each time; a collections.deque does not.`,

  fix({ list, start, fronts, uses }, file) {
    const value = start.value!;
    const deque = importName(file, "collections", "deque", list);
    const annotated = start.annotation && typeHead(start.annotation);
    if (!deque || (annotated && file.facts.nameOf(annotated) !== "builtins.list") || [value, ...fronts.map((it) => it.argumentList)].some(hasComments)) return undefined;
    const isSafe = uses.every((it) => raisesNothing(it, file.facts));
    return {
      title: isSafe ? "Use a deque" : "Use a deque (review: its errors have other messages)",
      safety: isSafe ? "safe" : "review",
      edits: [...deque.edits, ...(annotated ? [replace(annotated, deque.name)] : []), replace(value, dequeOf(value, deque.name, file.facts)), ...fronts.flatMap(frontEdits)],
    };
  },
});

/** It cannot fail: where it would, on an empty list or a missing item, a deque says so in other words. */
function raisesNothing({ kind, name, node, call, in: inside }: Use, facts: Facts): boolean {
  if (kind === "method" && (name === "remove" || name === "index")) return false;
  const place = kind === "subscript" ? inside : kind === "method" && name === "pop" ? call : undefined;
  return place === undefined || holdsItems(node, place, true, facts) || isCaughtQuietly(place);
}

/** `list.pop(0)` or `list.insert(0, item)` of a plain name. */
function frontCall(node: Node | undefined): MethodCall | undefined {
  const call = asMethodCall(node, "pop", "insert");
  if (!call || call.object.kind !== "identifier" || call.keywords.size > 0 || call.hasSplat) return undefined;
  return integerOf(call.args[0]) === 0 && call.args.length === (call.method === "pop" ? 1 : 2) ? call : undefined;
}

/** The one place, in this function, that gives the name its list: a literal, comprehension or copy that nobody else holds. */
function madeHere(list: Node, facts: Facts): Site | undefined {
  const plain = facts.writesOf(list).filter((it) => it.kind !== "augment");
  const [start, more] = plain;
  const value = start?.value;
  if (!start || more || start.kind !== "assign" || start.isRemote || start.path.length > 0 || !value || start.name.tree !== list.tree) return undefined;
  if (asAssignment(start.owner)?.targets.length !== 1 || facts.scopeOf(start.name).kind !== "function") return undefined;
  return value.kind === "list" || value.kind === "list_comprehension" || isListCall(value, facts) ? start : undefined;
}

function isListCall(value: Node, facts: Facts): boolean {
  const call = asCall(value);
  return call !== undefined && call.keywords.size === 0 && !call.hasSplat && facts.nameOf(call.callee) === "builtins.list";
}

/** Means the same for a deque. */
function isDequeUse(use: Use, all: readonly Use[], facts: Facts): boolean {
  switch (use.kind) {
    case "method":
      if (use.name === "insert" || use.name === "pop") return frontCall(use.call) !== undefined || (use.name === "pop" && asCall(use.call)?.args.length === 0);
      return SHARED_METHODS.has(use.name ?? "");
    case "argument": {
      const name = facts.nameOf(asCall(use.call)!.callee);
      return SHARED_FUNCTIONS.has(name ?? "") || (name === "builtins.enumerate" && useOf(use.call!).kind === "iterated" && !changesMeanwhile(use, all));
    }
    case "iterated":
      return !changesMeanwhile(use, all) && (use.in.parent?.kind !== "generator_expression" || isConsumedAtOnce(use.in.parent, facts));
    case "subscript": {
      const [index, more] = asSubscript(use.in)?.indices ?? [];
      return !more && [0, -1].includes(integerOf(index) ?? 1);
    }
    case "membership": case "tested": case "starred": case "augmented":
      return true;
    default:
      return isOnlyTested(use);
  }
}

const SHARED_METHODS = new Set(["append", "extend", "clear", "remove", "count", "index", "reverse"]);
const SHARED_FUNCTIONS = new Set(["len", "list", "tuple", "set", "frozenset", "sorted", "sum", "min", "max", "any", "all", "bool"].map((it) => `builtins.${it}`));
const CHANGES = new Set(["append", "extend", "clear", "remove", "reverse", "pop", "insert"]);

/** The loop that goes through the list changes it too: a deque does not allow that. */
function changesMeanwhile(use: Use, all: readonly Use[]): boolean {
  const loop = use.node.ancestor("for_statement", "for_in_clause");
  const body = loop?.kind === "for_in_clause" ? loop.parent : loop?.field("body");
  if (!loop || !body || !use.node.isInside(loop.field("right") ?? body)) return false;
  return all.some((it) => it.node.isInside(body) && (it.kind === "augmented" || (it.kind === "method" && CHANGES.has(it.name ?? ""))));
}

/** `while queue and ready`, `x if queue else y`. */
function isOnlyTested(use: Use): boolean {
  if (use.kind === "tested") return true;
  if (use.kind !== "operand") return false;
  if (asConditional(use.in)) return asConditional(use.in)!.condition === wrapped(use.node);
  return use.in.kind === "boolean_operator" && isOnlyTested(useOf(use.in));
}

/** In a loop that starts after the list was made, for more than a few turns, and not to keep a short window of the last items. */
function runsOften({ node, object }: MethodCall, start: Site, facts: Facts): boolean {
  const loops = facts.loopsAround(node).filter((it) => !start.name.isInside(it));
  if (loops.length === 0 || loops.reduce((turns, it) => turns * (turnsOrAxes(it, facts) ?? Infinity), 1) <= FEW_TURNS) return false;
  for (let inner = node, outer = node.parent; outer && outer.kind !== "function_definition"; inner = outer, outer = outer.parent) {
    const condition = inner.fieldName === "condition" ? undefined : outer.field("condition");
    if (condition?.descendants("comparison_operator").some((it) => isBound(it, object))) return false;
  }
  return true;
}

/** Each turn goes through the whole list as well, or looks for an item in it, which costs as much as the moves do. */
function isWalkedAnyway(front: Node, uses: readonly Use[]): boolean {
  const turn = front.ancestor("for_statement", "while_statement");
  return uses.some((it) => (it.kind === "iterated" || it.kind === "membership") && turn !== undefined && it.node.isInside(turn.field("body") ?? turn));
}

/** Taken in step with a list that has to stay one: together they read better as they are. */
function isOneOfTwo(front: Node, facts: Facts): boolean {
  const others = statementOf(front).descendants("call").filter((it) => it !== front && asMethodCall(it, "pop")?.argumentList.text === "(0)");
  return others.some((it) => asMethodCall(it)!.object.kind !== "identifier" || !facts.usesOf(asMethodCall(it)!.object).every((use) => isDequeUse(use, [], facts)));
}

/** `len(list) > size`, but not a test for emptiness. */
function isBound(comparison: Node, list: Node): boolean {
  const { left, right } = asComparison(comparison) ?? {};
  const measures = (it: Node | undefined) => it?.kind === "call" && it.text === `len(${list.text})`;
  const limit = measures(left) ? right : measures(right) ? left : undefined;
  return limit !== undefined && (integerOf(limit) ?? 2) > 1;
}

/** Items are added in a loop, or nobody knows how many there are from the start. */
function mayBeLong(front: Node, start: Site, uses: readonly Use[], facts: Facts): boolean {
  const value = start.value!;
  const adds = uses.filter((it) => it.kind === "augmented" || (it.kind === "method" && ["append", "extend", "insert"].includes(it.name ?? "")));
  // Without a pop a few items put ahead of others are most often dimensions or columns.
  if (!uses.some((it) => it.name === "pop")) return dequeOf(value, "", facts) === "()" && adds.every((it) => it.name === "insert");
  const [copied] = asCall(value)?.args ?? [];
  if (isWrittenOut(value, facts)) return false;
  // Dealt out in a known number of turns it wants an iterator or slices, no queue.
  const isDealtOut = [start.name.text, copied?.text].some((it) => it !== undefined && facts.loopAround(front)?.field("right")?.text.includes(`len(${it})`));
  if (isDealtOut && adds.length === 0) return false;
  if (value.kind !== "list" || value.children.length > FEW_TURNS || value.children.some((it) => it.kind === "list_splat")) return true;
  return adds.some((it) => facts.loopsAround(it.node).some((loop) => !start.name.isInside(loop)));
}

function dequeOf(value: Node, deque: string, facts: Facts): string {
  if (value.kind === "list" && value.children.length === 0) return `${deque}()`;
  return isListCall(value, facts) ? `${deque}${asCall(value)!.argumentList.text}` : `${deque}(${value.text})`;
}

function frontEdits({ method, methodNode, argumentList, args: [zero, item] }: MethodCall): readonly Edit[] {
  if (method === "pop") return [replace(methodNode, "popleft"), replace(argumentList, "()")];
  return [replace(methodNode, "appendleft"), remove({ tree: argumentList.tree, start: zero!.start, end: item!.start })];
}
