/** A list whose items leave or enter at the front: each time all the others move one place. */

import {
  asAssignment,
  asBinary,
  asCall,
  asComparison,
  asConditional,
  asFor,
  asFunction,
  asMethodCall,
  asSubscript,
  asWhile,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameDoubt,
  functionAround,
  hasComments,
  holdsItems,
  importName,
  integerOf,
  isCaughtQuietly,
  isCompiled,
  isConsumedAtOnce,
  isNewList,
  isWrittenOut,
  lastName,
  remove,
  replace,
  statementOf,
  turnsOrAxes,
  turnTakesLong,
  typeHead,
  unwrap,
  useOf,
  wrapped,
  type Edit,
  type Evidence,
  type Facts,
  type MethodCall,
  type Node,
  type Place,
  type Site,
  type Use,
  type Weight,
} from "../../analysis/authoring.js";

const FEW_TURNS = 16;

export default defineRule({
  title: "List used as a queue",
  why: "Removing or inserting an item at the front of a list moves all the others, so a queue of n items costs on the order of n² moves. A deque adds and removes items at both ends in constant time.",
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

  on: ["call", "delete_statement"],
  methods: ["pop", "insert"],

  find(node, { facts }) {
    const kept = windowUnderKey(node, facts);
    if (kept) return kept;
    const front = frontOf(node);
    const isLooped = front !== undefined && facts.loopAround(node) !== undefined;
    const place = front && (isLooped || front.object.kind === "attribute") ? facts.placeOf(front.object) : undefined;
    if (!front || !place || (!isLooped && !isServed(front, place) && !isLongWindow(front, place, facts)))
      return undefined;
    const evidence = listEvidence(front.object, place, facts);
    if (!evidence) return undefined;
    const { uses } = place;
    const made = place.reaching(front.object).filter((it) => it.kind !== "augment");
    const fronts = place
      .ofUses("fronts", (all) => all.flatMap((it) => frontOfUse(it) ?? []))
      .filter((it) => it.node.tree === node.tree);
    // Items only put in front by a `while` are the steps up a path or chain of parents: few.
    const isTakenFrom = fronts.some((it) => it.method !== "insert");
    const counts = (it: Front) =>
      facts.memo(
        "is a front that counts",
        it.node,
        () => runsOften(it, made, facts) && (isTakenFrom || facts.loopAround(it.node)?.kind === "for_statement"),
      );
    // Of a list that is used very often each place is asked about: the others are looked at for the first one alone.
    if (isLooped && fronts.find(counts)?.node !== node) return undefined;
    const others = isLooped ? fronts.filter((it) => it.node !== node && counts(it)) : [];
    if (
      !mayBeLong(front, made, uses, facts) ||
      isWalkedAnyway(node, uses, facts) ||
      isOneOfTwo(node, facts) ||
      isCompiled(node, facts)
    )
      return undefined;
    const related = others.map((it) => ({ at: it.at, message: "All other items are moved here too." }));
    const isLarge =
      facts.sizeOf(front.object) === "heavy" ||
      loopsAfter(node, made, facts).some((it) => facts.sizeOf(asFor(it)?.iterable ?? it) === "heavy");
    const bound = boundAround(front);
    const isLight =
      facts.isTest ||
      bound !== undefined ||
      turnTakesLong(node, facts) ||
      staysShort(node, made, uses) ||
      isKeptUnder(node);
    const weight: Weight = isLight ? "light" : isLarge && isLooped ? "heavy" : "unknown";
    // What is only filled from the front, worked off by calls from outside, or only emptied, is short more often than what a loop feeds and works off.
    const loops = loopsAfter(node, made, facts);
    const isFed = uses.some((it) => feeds(it) && loops.some((loop) => it.node.isInside(loop)));
    const likely = isTakenFrom && isLooped && (isFed || isLarge) ? evidence : ("fair" as const);
    return { at: front.at, evidence: likely, weight, related, list: front.object, front, fronts, bound };
  },

  message({ list, front: { method }, weight, bound }) {
    const name = excerpt(list.text, 40);
    const shown =
      method === "del" ? `\`del ${name}[0]\`` : `\`${name}.${method}(0${method === "insert" ? ", …" : ""})\``;
    if (bound)
      return `${shown} moves all other items each time; \`collections.deque(maxlen=…)\` drops the oldest by itself.`;
    return weight === "unknown"
      ? `${shown} moves all other items each time, which matters where the list is long; a collections.deque does not.`
      : `${shown} moves all other items each time; a collections.deque does not.`;
  },

  fix({ list, fronts }, file) {
    if (list.kind === "subscript") return declined("each list is made where its key is first seen");
    if (list.kind !== "identifier") return declined("other methods or classes may use the attribute as a list");
    const start = madeHere(list, file.facts);
    if (!start) return declined("the list is not made here, or in several places, and somebody else may hold it");
    const uses = file.facts.usesOf(list);
    const other = uses.find(
      (it) => functionAround(it.node) !== functionAround(start.name) || !isDequeUse(it, uses, file.facts),
    );
    if (other) return declined(whyNoDeque(other));
    const value = start.value!;
    const deque = importName(file, "collections", "deque", list);
    const annotated = start.annotation && typeHead(start.annotation);
    if (!deque || (annotated && file.facts.nameOf(annotated) !== "builtins.list"))
      return declined("the name `deque`, or the annotation, means something else");
    if ([value, ...fronts.map((it) => it.node)].some(hasComments)) return declined("a comment would be lost");
    const isSafe = uses.every((it) => raisesNothing(it, file.facts));
    const given = uses.find((it) => it.kind === "argument" && asCall(it.call)!.args.length !== 1);
    const passed = given && asCall(given.call)!.callee.text;
    return fixOf(
      "Use a deque",
      [
        !isSafe && "error messages differ",
        passed && `\`${passed}\` may return the queue itself`,
        frameDoubt(list, file.facts),
      ],
      [
        ...deque.edits,
        ...(annotated ? [replace(annotated, deque.name)] : []),
        replace(value, dequeOf(value, deque.name, file.facts)),
        ...fronts.flatMap(frontEdits),
      ],
    );
  },
});

/** It cannot fail: where it would, on an empty list or a missing item, a deque says so in other words. */
function raisesNothing({ kind, name, node, call, in: inside }: Use, facts: Facts): boolean {
  if (kind === "method" && (name === "remove" || name === "index")) return false;
  const isTaken = kind === "subscript" || kind === "subscript-delete";
  const place = isTaken ? inside : kind === "method" && name === "pop" ? call : undefined;
  return place === undefined || holdsItems(node, place, true, facts) || isCaughtQuietly(place);
}

/** What keeps the list from being a deque. */
function whyNoDeque({ kind, name }: Use): string {
  if (kind === "returned" || kind === "yielded") return "the list is returned";
  if (kind === "argument") return "the list is passed to another function";
  if (kind === "subscript") return "the list is indexed or sliced, which is slow or missing in a deque";
  if (kind === "method") return `a deque has no \`${name}\` that works like that of a list`;
  return "the list is used in a way that a deque does not allow";
}

/** A list by its type; or something unknown to which items are appended as well, which no dict or set allows. */
function listEvidence(list: Node, { uses }: Place, facts: Facts): Evidence | undefined {
  const known = facts.typed(list, "fair");
  if (known) return known.type.name === "list" ? known.evidence : undefined;
  return uses.some((it) => it.kind === "method" && (it.name === "append" || it.name === "extend")) ? "fair" : undefined;
}

/** The loops around the code that do not make the list anew in each turn. */
function loopsAfter(node: Node, made: readonly Site[], facts: Facts): readonly Node[] {
  return facts.loopsAround(node).filter((loop) => !made.some((it) => it.name.isInside(loop)));
}

/** More items come into the list. */
function feeds({ kind, name }: Use): boolean {
  return (
    kind === "augmented" ||
    kind === "subscript-store" ||
    (kind === "method" && (name === "append" || name === "extend" || name === "insert"))
  );
}

/** A place where an item leaves or enters at the front. */
interface Front {
  readonly node: Node;
  readonly object: Node;
  readonly method: string;
  /** What is underlined. */
  readonly at: Node;
  readonly call: MethodCall | undefined;
}

function frontOf(node: Node | undefined): Front | undefined {
  if (node?.kind !== "delete_statement") {
    const call = frontCall(node);
    return call && { node: call.node, object: call.object, method: call.method, at: call.methodNode, call };
  }
  const [item, more] = node.children;
  const subscript = more ? undefined : asSubscript(item);
  if (!subscript || !["identifier", "attribute"].includes(subscript.value.kind)) return undefined;
  return integerOf(subscript.indices[0]) === 0 && subscript.indices.length === 1
    ? { node, object: subscript.value, method: "del", at: item!, call: undefined }
    : undefined;
}

const frontOfUse = ({ kind, node, call }: Use): Front | undefined =>
  frontOf(kind === "subscript-delete" ? node.ancestor("delete_statement") : call);

/** An object that is a queue: one method puts items at the end, another takes them from the front, and loops elsewhere call them. */
function isServed({ node, method }: Front, { kind, uses }: Place): boolean {
  const taker = functionAround(node);
  const home = (it: Use) => functionAround(it.node);
  return (
    kind === "attribute" &&
    method !== "insert" &&
    taker !== undefined &&
    asFunction(taker)?.name !== "__init__" &&
    uses.some((it) => it.kind === "method" && it.name === "append" && home(it) !== taker) &&
    !uses.some((it) => it.kind === "method" && /^(append|remove|index)$/.test(it.name ?? "") && home(it) === taker)
  );
}

/** What each call adds an item to, and drops the oldest of where there are more than many. */
function isLongWindow(front: Front, { kind, uses }: Place, facts: Facts): boolean {
  const bound = kind === "attribute" && front.method !== "insert" ? boundAround(front) : undefined;
  const taker = functionAround(front.node);
  return (
    bound !== undefined &&
    taker !== undefined &&
    isManyOf(bound, front, facts) &&
    uses.some((it) => it.kind === "method" && it.name === "append" && functionAround(it.node) === taker) &&
    // A part of it is taken by a slice, which a deque does not have.
    !uses.some((it) => it.kind === "subscript" && asSubscript(it.in)?.indices[0]?.kind === "slice")
  );
}

/** `self.history[key].append(it)` and `if len(self.history[key]) > SIZE: self.history[key].pop(0)`: a long window for each key. */
function windowUnderKey(node: Node, facts: Facts) {
  const call = asMethodCall(node, "pop");
  const holder = asSubscript(call?.object)?.value;
  if (!call || !holder || call.args.length !== 1 || integerOf(call.args[0]) !== 0 || facts.isTest) return undefined;
  const front: Front = { node, object: call.object, method: "pop", at: call.methodNode, call };
  const bound = boundAround(front);
  const def = bound && functionAround(node);
  if (!def || !appendedIn(def, facts).has(call.object.text)) return undefined;
  if (!isManyOf(bound, { ...front, object: holder }, facts)) return undefined;
  return {
    at: front.at,
    evidence: "fair",
    weight: "light",
    related: [],
    list: call.object,
    front,
    fronts: [front],
    bound,
  } as const;
}

/** What a function appends to, as it is written. */
const appendedIn = (def: Node, facts: Facts): ReadonlySet<string> =>
  facts.memo(
    "what is appended to",
    def,
    () => new Set(def.descendants("call").flatMap((it) => asMethodCall(it, "append")?.object.text ?? [])),
  );

/** `list.pop(0)` or `list.insert(0, item)` of a name or an attribute. */
function frontCall(node: Node | undefined): MethodCall | undefined {
  const call = asMethodCall(node, "pop", "insert");
  if (!call || !["identifier", "attribute"].includes(call.object.kind) || call.keywords.size > 0 || call.hasSplat)
    return undefined;
  return integerOf(call.args[0]) === 0 && call.args.length === (call.method === "pop" ? 1 : 2) ? call : undefined;
}

/** The one place, in this function, that gives the name its list: a literal, comprehension or copy that nobody else holds. */
function madeHere(list: Node, facts: Facts): Site | undefined {
  const plain = facts.writesOf(list).filter((it) => it.kind !== "augment");
  const [start, more] = plain;
  const value = start?.value;
  if (
    !start ||
    more ||
    start.kind !== "assign" ||
    start.isRemote ||
    start.path.length > 0 ||
    !value ||
    start.name.tree !== list.tree
  )
    return undefined;
  if (asAssignment(start.owner)?.targets.length !== 1 || facts.scopeOf(start.name).kind !== "function")
    return undefined;
  return isNewList(value, facts) ? start : undefined;
}

function isListCall(value: Node, facts: Facts): boolean {
  const call = asCall(value);
  return (
    call !== undefined && call.keywords.size === 0 && !call.hasSplat && facts.nameOf(call.callee) === "builtins.list"
  );
}

/** Means the same for a deque. */
function isDequeUse(use: Use, all: readonly Use[], facts: Facts): boolean {
  switch (use.kind) {
    case "method":
      if (use.name === "insert" || use.name === "pop")
        return frontCall(use.call) !== undefined || (use.name === "pop" && asCall(use.call)?.args.length === 0);
      return SHARED_METHODS.has(use.name ?? "");
    case "argument": {
      const name = facts.nameOf(asCall(use.call)!.callee);
      return (
        SHARED_FUNCTIONS.has(name ?? "") ||
        (name === "builtins.enumerate" && useOf(use.call!).kind === "iterated" && !changesMeanwhile(use, all))
      );
    }
    case "iterated":
      return (
        !changesMeanwhile(use, all) &&
        (use.in.parent?.kind !== "generator_expression" || isConsumedAtOnce(use.in.parent, facts))
      );
    case "subscript": {
      const [index, more] = asSubscript(use.in)?.indices ?? [];
      return !more && [0, -1].includes(integerOf(index) ?? 1);
    }
    case "subscript-delete":
      return frontOfUse(use) !== undefined;
    case "membership":
    case "tested":
    case "starred":
    case "augmented":
      return true;
    default:
      return isOnlyTested(use);
  }
}

const SHARED_METHODS = new Set(["append", "extend", "clear", "remove", "count", "index", "reverse"]);
const SHARED_FUNCTIONS = new Set(
  ["len", "list", "tuple", "set", "frozenset", "sorted", "sum", "min", "max", "any", "all", "bool"].map(
    (it) => `builtins.${it}`,
  ),
);
const CHANGES = new Set(["append", "extend", "clear", "remove", "reverse", "pop", "insert"]);

/** The loop that goes through the list changes it too: a deque does not allow that. */
function changesMeanwhile(use: Use, all: readonly Use[]): boolean {
  const loop = use.node.ancestor("for_statement", "for_in_clause");
  const body = loop?.kind === "for_in_clause" ? loop.parent : loop?.field("body");
  if (!loop || !body || !use.node.isInside(loop.field("right") ?? body)) return false;
  return all.some(
    (it) => it.node.isInside(body) && (it.kind === "augmented" || (it.kind === "method" && CHANGES.has(it.name ?? ""))),
  );
}

/** `while queue and ready`, `x if queue else y`. */
function isOnlyTested(use: Use): boolean {
  if (use.kind === "tested") return true;
  if (use.kind !== "operand") return false;
  if (asConditional(use.in)) return asConditional(use.in)!.condition === wrapped(use.node);
  return use.in.kind === "boolean_operator" && isOnlyTested(useOf(use.in));
}

/** In a loop that starts after the list was made, for more than a few turns, and not to keep a short window of the last items. */
function runsOften(front: Front, made: readonly Site[], facts: Facts): boolean {
  const loops = loopsAfter(front.node, made, facts);
  if (loops.length === 0 || loops.reduce((turns, it) => turns * (turnsOrAxes(it, facts) ?? Infinity), 1) <= FEW_TURNS)
    return false;
  if (isTrimmed(front)) return false;
  const bound = boundAround(front);
  return !bound || isManyOf(bound, front, facts);
}

function isManyOf(bound: Node, { object }: Front, facts: Facts): boolean {
  const size = integerOf(bound) ?? integerOf(facts.valueOf(bound));
  return size === undefined ? MEMORY.test(lastName(object)) : size >= LONG_WINDOW;
}

/** `while total > limit …: total -= len(window.pop(0))`: so much of the end is kept as fits under a limit. */
function isKeptUnder(front: Node): boolean {
  const loop = asWhile(front.ancestor("for_statement", "while_statement"));
  const limited = asComparison(unwrap(asBinary(loop && unwrap(loop.condition))?.left ?? loop?.condition ?? front));
  return (
    loop !== undefined &&
    limited?.operator.startsWith(">") === true &&
    limited.left.kind === "identifier" &&
    loop.body.descendants("augmented_assignment").some((it) => it.text.startsWith(`${limited.left.text} -=`))
  );
}

/** A few items that are written out, to which each turn adds one for the one it takes. */
function staysShort(front: Node, made: readonly Site[], uses: readonly Use[]): boolean {
  const isShort = made.every((it) => it.value?.kind === "list" && it.value.children.length <= FEW_ITEMS);
  if (!isShort || made.length === 0) return false;
  const grown = uses.filter(
    (it) => it.kind === "augmented" || (it.kind === "method" && /^(append|extend|insert)$/.test(it.name ?? "")),
  );
  const [append, more] = grown;
  return (
    append?.name === "append" && !more && statementOf(append.node).parent?.start === statementOf(front).parent?.start
  );
}

const FEW_ITEMS = 16;

/** `while lines and not lines[0]: del lines[0]`, `while row[0] == 0: row.pop(0)`: a few items that are empty. */
function isTrimmed({ node, object }: Front): boolean {
  const condition = node.ancestor("while_statement")?.field("condition");
  const comparisons = condition ? [condition, ...condition.descendants("comparison_operator")] : [];
  return (
    (node.kind === "delete_statement" || useOf(node).kind === "discarded") &&
    ((condition?.descendants("not_operator") ?? []).some((it) => it.text.startsWith(`not ${object.text}[0]`)) ||
      comparisons.some((it) => it.text.startsWith(`${object.text}[0] == `)))
  );
}

/** From so many items on it shows that a window of the last ones moves. */
const LONG_WINDOW = 500;
/** Where nobody says how many items a window has, these have many. */
const MEMORY = /memory|buffer|replay|history/i;

/** How many items are kept, where an item is dropped because there are more: the `size` of `if len(window) > size`. */
function boundAround({ node, object }: Front): Node | undefined {
  for (
    let inner = node, outer = node.parent;
    outer && outer.kind !== "function_definition";
    inner = outer, outer = outer.parent
  ) {
    const condition = inner.fieldName === "condition" ? undefined : outer.field("condition");
    const comparisons = condition
      ? [condition, ...condition.descendants("comparison_operator")].filter((it) => it.kind === "comparison_operator")
      : [];
    const limit = comparisons.map((it) => boundIn(it, object)).find((it) => it !== undefined);
    if (limit) return limit;
  }
  return undefined;
}

/** Each turn goes through the whole list as well, or other code may, which costs as much as the moves do. */
function isWalkedAnyway(front: Node, uses: readonly Use[], facts: Facts): boolean {
  const turn = front.ancestor("for_statement", "while_statement");
  return uses.some(
    (it) =>
      turn !== undefined &&
      (it.in === turn ? it.kind === "iterated" : it.node.isInside(turn.field("body") ?? turn)) &&
      isWalk(it, facts),
  );
}

/** `range(1, len(items))` as the head of a loop goes through the items. */
function isCountedThrough(length: Node): boolean {
  const around = asCall(length.parent?.parent);
  return (
    around !== undefined &&
    /^x?range$/.test(around.callee.text) &&
    around.args.at(around.args.length > 1 ? 1 : 0) === length &&
    useOf(around.node).kind === "iterated"
  );
}

function isWalk({ kind, name, call, in: inside }: Use, facts: Facts): boolean {
  const given = kind === "argument" ? asCall(call) : undefined;
  if (kind === "argument" && (!given || isCountedThrough(given.node))) return true;
  if (given)
    return !/^builtins\.(len|bool|id|print|reversed|iter)$|^random\.(sample|choices?)$/.test(
      facts.nameOf(given.callee) ?? "",
    );
  if (kind === "method") return /^(sort|count|copy|reverse)$/.test(name ?? "");
  if (kind === "subscript") return asSubscript(inside)?.indices[0]?.kind === "slice";
  return WALKS.has(kind) && inside.kind !== "boolean_operator" && inside.kind !== "conditional_expression";
}

const WALKS: ReadonlySet<string> = new Set(["iterated", "membership", "starred", "formatted", "operand"]);

/** Taken in step with a list that has to stay one: together they read better as they are. */
function isOneOfTwo(front: Node, facts: Facts): boolean {
  const fronts = statementOf(front)
    .descendants("call")
    .flatMap((it) => (asMethodCall(it, "pop")?.argumentList.text === "(0)" ? [asMethodCall(it)!.object] : []));
  return (
    fronts.length > 1 &&
    fronts.some((it) => it.kind !== "identifier" || !facts.usesOf(it).every((use) => isDequeUse(use, [], facts)))
  );
}

/** The size in `len(list) > size`, but not in a test for emptiness. */
function boundIn(comparison: Node, list: Node): Node | undefined {
  const { left, right } = asComparison(comparison) ?? {};
  const measures = (it: Node | undefined) => it?.kind === "call" && it.text === `len(${list.text})`;
  const limit = measures(left) ? right : measures(right) ? left : undefined;
  return limit !== undefined && (integerOf(limit) ?? 2) > 1 ? limit : undefined;
}

/** Items are added in a loop, or nobody knows how many there are from the start. */
function mayBeLong(
  { node, object, method }: Front,
  made: readonly Site[],
  uses: readonly Use[],
  facts: Facts,
): boolean {
  const value = facts.valueOf(object);
  const adds = uses.filter(
    (it) => it.kind === "augmented" || (it.kind === "method" && ["append", "extend", "insert"].includes(it.name ?? "")),
  );
  // Without a pop a few items put ahead of others are most often dimensions or columns.
  if (method === "insert" && !uses.some((it) => it.name === "pop" || frontOfUse(it)?.method === "del"))
    return value !== undefined && dequeOf(value, "", facts) === "()" && adds.every((it) => it.name === "insert");
  if (isWrittenOut(value ?? object, facts) || facts.sizeOf(object) === "light" || FEW.test(lastName(object)))
    return false;
  // Dealt out in a known number of turns it wants an iterator or slices, no queue.
  const [copied] = asCall(value)?.args ?? [];
  const isDealtOut = [object.text, copied?.text].some(
    (it) => it !== undefined && facts.loopAround(node)?.field("right")?.text.includes(`len(${it})`),
  );
  if (isDealtOut && adds.length === 0) return false;
  if (
    value?.kind !== "list" ||
    value.children.length > FEW_TURNS ||
    value.children.some((it) => it.kind === "list_splat")
  )
    return true;
  return (
    facts.loopAround(node) === undefined ||
    // What calls add is worked off by a later one: how many there are, nobody here says.
    isFedByCalls(object, made, adds) ||
    adds.some((it) => loopsAfter(it.node, made, facts).length > 0 || it.node.tree !== node.tree)
  );
}

/** `self.chunks.append(chunk)` in a method, of a list that another one made. */
function isFedByCalls(object: Node, made: readonly Site[], adds: readonly Use[]): boolean {
  const home = (it: Node) => functionAround(it);
  return (
    object.kind === "attribute" &&
    adds.some((it) => it.name === "append" && made.every((site) => home(site.name) !== home(it.node)))
  );
}

/** Arguments, and the parts of a path, a version or a shape. */
const FEW = /^_?(args|argv|parts|path_parts|shape|dims|axes|suffixes|components|keys)$/;

function dequeOf(value: Node, deque: string, facts: Facts): string {
  if (value.kind === "list" && value.children.length === 0) return `${deque}()`;
  return isListCall(value, facts) ? `${deque}${asCall(value)!.argumentList.text}` : `${deque}(${value.text})`;
}

function frontEdits({ node, object, call }: Front): readonly Edit[] {
  if (!call) return [replace(node, `${object.text}.popleft()`)];
  const { method, methodNode, argumentList, args } = call;
  if (method === "pop") return [replace(methodNode, "popleft"), replace(argumentList, "()")];
  return [
    replace(methodNode, "appendleft"),
    remove({ tree: argumentList.tree, start: args[0]!.start, end: args[1]!.start }),
  ];
}
