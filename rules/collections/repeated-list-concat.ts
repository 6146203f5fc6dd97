/** Lists, sets, dicts and tuples joined by making a new, longer one at each step: `items = items + [x]`, `seen = seen | found` or `{**d, key: x}` in a loop, `sum(lists, [])`. */

import {
  asAssignment,
  asBinary,
  asCall,
  asComprehension,
  asConditional,
  asFor,
  asMethodCall,
  declined,
  defineRule,
  elementOf,
  excerpt,
  fixOf,
  frameDoubt,
  hasComments,
  importName,
  indentOf,
  indentUnit,
  isCompiled,
  isConstant,
  ownCodeDoubt,
  replace,
  statementOf,
  turnProduct,
  turnsOrAxes,
  unwrap,
  wrapped,
  type Call,
  type Declined,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** So few lists, or turns, that copying them does not matter. */
const FEW = 16;

export default defineRule({
  title: "Collection copied each time something is added",
  why: "Adding two lists creates a third one, so every step copies everything collected so far and the work grows with the square of the length. The same holds for the union of sets, and for dicts and tuples. append, extend, update and chain copy each item once.",
  guide: "data-structures",
  level: "warning",
  gain: "complexity",
  overlaps: ["RUF017"],
  unlike:
    "`items = items + [x]` in a loop and `reduce` count beside `sum(lists, [])`, and sums of a few lists are left alone",
  fixes: "safe",

  examples: [
    {
      before: `
def evens(numbers: list[int]) -> list[int]:
    found = []
    for number in numbers:
        if number % 2 == 0:
            found = found + [number]
    return found
`,
      after: `
def evens(numbers: list[int]) -> list[int]:
    found = []
    for number in numbers:
        if number % 2 == 0:
            found.append(number)
    return found
`,
    },
    {
      before: `
def flatten(groups: list[list[int]]) -> list[int]:
    return sum(groups, [])
`,
      after: `from itertools import chain

def flatten(groups: list[list[int]]) -> list[int]:
    return list(chain.from_iterable(groups))
`,
    },
  ],

  on: ["assignment", "call"],
  values: { assignment: ["binary_operator", "call", "list", "set", "dictionary"] },
  calls: ["builtins.sum", "functools.reduce"],

  find(node, { facts }) {
    const found =
      node.kind === "call" ? (summedLists(node, facts) ?? reducedLists(node, facts)) : grownList(node, facts);
    return found && !isCompiled(node, facts) ? found : undefined;
  },

  message: (match) =>
    match.kind === "sum"
      ? `For each list, ${match.at.text}() copies everything collected so far; chain the lists instead${match.evidence === "fair" ? " where they are many" : ""}.`
      : `Each iteration copies all of \`${excerpt(match.target.text, 40)}\`${ADVICE[match.growth.kind]}.`,

  fix(match, file) {
    if (hasComments(match.node)) return declined("a comment would be lost");
    return match.kind === "sum" ? chained(match, file) : appended(match, file.facts);
  },
});

/** What is made anew, and how something is added: `front` for lists that grow at their front. */
type Kind = "list" | "front" | "tuple" | "set" | "dict";

const ADVICE: Readonly<Record<Kind, string>> = {
  list: "; append to it instead",
  front: " behind what comes first; append to it and reverse it once, or use a deque",
  tuple: "; collect in a list, and make a tuple of it at the end",
  set: "; `update` adds to the set itself",
  dict: "; set the keys in the dict itself",
};

interface Growth {
  readonly kind: Kind;
  readonly added: Node;
  /** The statement that does the same in place, where there is one. */
  readonly inPlace: ((target: string) => string) | undefined;
}

interface SummedLists {
  readonly kind: "sum";
  readonly at: Node;
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly node: Node;
  readonly lists: Node;
}

interface GrownList {
  readonly kind: "grown";
  readonly at: Node;
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly node: Node;
  readonly target: Node;
  readonly growth: Growth;
}

/** `sum(lists, [])`. */
function summedLists(node: Node, facts: Facts): SummedLists | undefined {
  if (node.field("function")?.text !== "sum") return undefined;
  const call = asCall(node);
  const start = call && startOfSum(call);
  const lists = call?.args[0];
  if (
    !call ||
    !lists ||
    start?.kind !== "list" ||
    start.children.length > 0 ||
    call.hasSplat ||
    facts.nameOf(call.callee) !== "builtins.sum"
  )
    return undefined;
  const isFew =
    ["list", "tuple"].includes(lists.kind) &&
    lists.children.length <= FEW &&
    !lists.children.some((it) => it.kind === "list_splat");
  const size = facts.sizeOf(lists);
  // Lists of a few items that are written out there and then.
  const made = asComprehension(lists)?.element;
  const isMade = made !== undefined && isWritten(unwrap(made));
  const isMany = mayBeMany(lists, node, facts);
  if (isMade && !isMany) return undefined;
  if (isFew || size === "light" || isOneAsked(lists) || facts.isTest || node.ancestor("assert_statement"))
    return undefined;
  // `rows if rows else sum(parts, [])`: the way that is hardly taken.
  const isFallback = asConditional(wrapped(node).parent)?.otherwise === wrapped(node);
  const evidence = isMany && !isFallback ? "proof" : "fair";
  return { kind: "sum", at: call.callee, evidence, weight: size, node, lists };
}

/** `[a, b]`, `[a] * n`, or a choice of such. */
function isWritten(made: Node): boolean {
  const choice = asConditional(made);
  if (choice) return [choice.then, choice.otherwise].every((it) => isWritten(unwrap(it)));
  return ["list", "binary_operator", "tuple"].includes(made.kind);
}

/** `tagged([words])`: for one question there is one answer. */
function isOneAsked(lists: Node): boolean {
  const { args = [], keywords } = asCall(lists) ?? {};
  const [asked, more] = args;
  return asked?.kind === "list" && asked.children.length === 1 && !more && keywords?.size === 0;
}

/** `reduce(operator.add, lists)`, where all that is added is known to be lists. */
function reducedLists(node: Node, facts: Facts): SummedLists | undefined {
  const call = asCall(node)!;
  const [step, lists, start] = call.args;
  if (!step || !lists || (start && start.text !== "[]") || call.keywords.size > 0 || call.hasSplat) return undefined;
  const isAdding = ADDS.has(facts.nameOf(step) ?? "") || /^lambda (\w+), *(\w+): *\1 *\+ *\2$/.test(step.text);
  if (!isAdding || facts.nameOf(call.callee) !== "functools.reduce") return undefined;
  if (facts.isTest || (elementOf(facts.typeOf(lists))?.name !== "list" && !areRepeated(lists, facts))) return undefined;
  const weight = facts.sizeOf(lists);
  return weight === "light"
    ? undefined
    : { kind: "sum", at: call.callee, evidence: mayBeMany(lists, node, facts) ? "proof" : "fair", weight, node, lists };
}

/** `[[node] * count for …]`: what comes out of it is a list, unless the count is an array. */
function areRepeated(lists: Node, facts: Facts): boolean {
  const product = asBinary(asComprehension(facts.valueOf(lists) ?? lists)?.element);
  return product?.operator === "*" && [product.left, product.right].some((it) => it.kind === "list");
}

const ADDS = new Set(["operator.add", "operator.concat"]);

/** A handful of lists may be added up as well as chained, and those that are worked out on the spot in a list are a handful most of the time. */
function mayBeMany(lists: Node, sum: Node, facts: Facts): boolean {
  if (lists.kind === "list_comprehension") return false;
  const isGiven = lists.kind === "identifier" && facts.writesOf(lists).every((it) => it.kind === "parameter");
  return isGiven || goesThroughGiven(lists, facts) || facts.loopAround(sum) !== undefined;
}

/** A generator over anything but what the function has worked out itself. */
function goesThroughGiven(lists: Node, facts: Facts): boolean {
  let source = lists.kind === "generator_expression" ? asComprehension(lists)?.clauses[0]?.iterable : undefined;
  if (!source) return false;
  for (let inner: Node | undefined = source; inner; inner = insideOf(source, facts)) source = unwrap(inner);
  const sites = source.kind === "identifier" ? facts.writesOf(source) : [];
  return sites.length === 0 || sites.some((it) => it.kind !== "assign" || facts.scopeOf(it.name).kind !== "function");
}

/** `groups` in `sorted(groups)` and `groups.items()`. */
function insideOf(source: Node, facts: Facts): Node | undefined {
  const call = asCall(source);
  if (call && /^builtins\.(sorted|reversed|enumerate|list|tuple|set)$/.test(facts.nameOf(call.callee) ?? ""))
    return call.args[0];
  return asMethodCall(source, "items", "keys", "values")?.object;
}

function startOfSum({ args, keywords }: Call): Node | undefined {
  if (args.length === 2 && keywords.size === 0) return args[1];
  return args.length === 1 && keywords.size === 1 ? keywords.get("start") : undefined;
}

function chained({ node, lists }: SummedLists, file: File): Fix | Declined {
  const { facts } = file;
  if (elementOf(facts.typeOf(lists))?.name !== "list" && areRepeated(lists, facts))
    return declined("a count that is an array would make arrays of the lists");
  const chain = importName(file, "itertools", "chain", node);
  if (!chain || !facts.isBuiltin("list", node)) return declined("the name `chain` or `list` means something else");
  const isSafe = elementOf(facts.typeOf(lists))?.name === "list";
  const chained = `${chain.name}.from_iterable(${bare(lists)})`;
  return fixOf(
    "Chain the lists",
    [
      node.field("function")?.text !== "sum" &&
        (asCall(node)?.args.length ?? 0) < 3 &&
        "`reduce` without a start fails where there is no list, and gives back a single one itself",
      !isSafe && "items that are not lists are accepted too",
      ownCodeDoubt(lists, facts),
    ],
    [...chain.edits, replace(node, isTakenWhole(node, facts) ? chained : asList(chained, node, facts))],
  );
}

/** On a line of its own where the call had several and one is too long. */
function asList(chained: string, at: Node, facts: Facts): string {
  const line = `list(${chained})`;
  const start = at.tree.text.lastIndexOf("\n", at.start - 1) + 1;
  if (!at.text.includes("\n") || chained.includes("\n") || at.start - start + line.length <= facts.lineLength)
    return line;
  const own = indentOf(statementOf(at));
  return `list(\n${own}${indentUnit(statementOf(at), facts)}${chained}\n${own})`;
}

function bare(lists: Node): string {
  return lists.kind === "generator_expression" && lists.text.startsWith("(") ? lists.text.slice(1, -1) : lists.text;
}

/** `items = items + more` in a loop, where `items` is a list that this function made before the loop. */
function grownList(node: Node, facts: Facts): GrownList | undefined {
  const loops = facts.loopsAround(node);
  const assignment = loops.length > 0 ? asAssignment(node) : undefined;
  const target = assignment?.targets[0];
  if (
    !assignment?.value ||
    !target ||
    !["identifier", "attribute"].includes(target.kind) ||
    assignment.targets.length !== 1 ||
    assignment.annotation ||
    node.parent?.kind !== "expression_statement"
  )
    return undefined;
  const growth = growthOf(assignment.value, target.text, facts);
  if (!growth) return undefined;
  const outermost = loops.at(-1);
  if (!outermost || turnProduct(loops, (it) => turnsOrAxes(it, facts), Infinity) <= FEW) return undefined;
  const weights = loops.map((it) => facts.sizeOf(asFor(it)?.iterable ?? it));
  if (weights.every((it) => it === "light")) return undefined;
  // The same may come again and again: sets and dicts often stay small. What is put in front is a handful mostly.
  const staysSmall = growth.kind === "set" || growth.kind === "dict" || growth.kind === "front";
  const isHeavy = weights.includes("heavy");
  const weight = staysSmall ? (isHeavy ? "unknown" : "light") : isHeavy ? "heavy" : "unknown";
  const isDict =
    growth.kind === "set" &&
    target.kind === "identifier" &&
    facts.writesOf(target).some((it) => isFresh(it.value, "dict", facts));
  const found = {
    kind: "grown",
    at: assignment.value,
    weight,
    node,
    target,
    growth: isDict ? { ...growth, kind: "dict" as const } : growth,
  } as const;
  if (target.kind === "identifier")
    return isMadeHere(target, outermost, growth.kind, facts) && !isHeldElsewhere(target, loops, assignment.value, facts)
      ? { ...found, evidence: "proof" }
      : undefined;
  if (growth.kind !== "list" || !asBinary(assignment.value)) return undefined;
  const known = facts.typed(target, "fair") ?? facts.typed(asBinary(assignment.value)!.left, "fair");
  const place = known?.type.name === "list" ? facts.placeOf(asBinary(assignment.value)!.left) : undefined;
  const isHeld = place?.usesIn(outermost).some((it) => it.in !== assignment.value && KEEPS.has(it.kind));
  return place && !isHeld ? { ...found, evidence: known!.evidence } : undefined;
}

const isGrowing = (value: Node | undefined, target: string, facts: Facts): boolean =>
  value !== undefined && growthOf(value, target, facts) !== undefined;

/** What the new value adds to the old one: `items + [x]`, `[*items, x]`, `seen | found`, `seen.union(found)`, `{**d, key: x}`, `dict(d, **more)`. */
function growthOf(value: Node, target: string, facts: Facts): Growth | undefined {
  const it = unwrap(value);
  const sum = asBinary(it);
  if (sum?.operator === "+") return addedBy(sum.left, sum.right, target, facts);
  if (sum?.operator === "|" && sum.left.text === target)
    return { kind: "set", added: sum.right, inPlace: (name) => `${name} |= ${sum.right.text}` };
  const union = asMethodCall(it, "union");
  if (union?.object.text === target && union.args.length > 0 && union.keywords.size === 0)
    return {
      kind: "set",
      added: union.args[0]!,
      inPlace: (name) => `${name}.update${union.argumentList.text}`,
    };
  const made = asCall(it);
  if (
    made?.callee.text === "dict" &&
    made.args.length === 1 &&
    made.args[0]!.text === target &&
    made.argumentList.children[1]?.kind === "dictionary_splat"
  )
    return { kind: "dict", added: made.argumentList, inPlace: undefined };
  return spreadIn(it, target);
}

function addedBy(left: Node, right: Node, target: string, facts: Facts): Growth | undefined {
  const isList = (it: Node) => it.kind === "list" || facts.typeOf(it)?.name === "list";
  if (left.text === target && unwrap(right).kind === "tuple")
    return { kind: "tuple", added: right, inPlace: undefined };
  if (right.text === target && left.kind === "list") return { kind: "front", added: left, inPlace: undefined };
  if (left.text !== target || !isList(right)) return undefined;
  const item = onlyItem(right);
  return {
    kind: "list",
    added: right,
    inPlace: (name) => (item ? `${name}.append(${item.text})` : `${name} += ${right.text}`),
  };
}

/** The item of `[x]`. */
function onlyItem(list: Node): Node | undefined {
  const [item, more] = list.kind === "list" ? list.children : [];
  return item && !more && item.kind !== "list_splat" ? item : undefined;
}

/** `[*items, x]`, `{*seen, x}`, `{**d, key: x}`, where the old one comes first. */
function spreadIn(display: Node, target: string): Growth | undefined {
  const [first, added, more] = display.children;
  if (!first || !added || first.children[0]?.text !== target || display.identifiers(target).length > 1)
    return undefined;
  if (first.kind === "list_splat" && display.kind === "list")
    return {
      kind: "list",
      added,
      inPlace: more || added.kind === "list_splat" ? undefined : (name) => `${name}.append(${added.text})`,
    };
  if (first.kind === "list_splat" && display.kind === "set")
    return {
      kind: "set",
      added,
      inPlace: more || added.kind === "list_splat" ? undefined : (name) => `${name}.add(${added.text})`,
    };
  if (first.kind !== "dictionary_splat") return undefined;
  // With keys that are the same in each turn nothing grows.
  const keys = display.children.slice(1).map((it) => it.field("key"));
  if (keys.every((it) => it !== undefined && isConstant(it))) return undefined;
  const [key, value] = [added.field("key"), added.field("value")];
  const isPlain = key !== undefined && value !== undefined && !more && ["identifier", "string"].includes(key.kind);
  return { kind: "dict", added, inPlace: isPlain ? (name) => `${name}[${key.text}] = ${value.text}` : undefined };
}

/** Uses after which something else may hold the list, or goes through it meanwhile. */
const KEEPS: ReadonlySet<string> = new Set([
  "argument",
  "assigned",
  "element",
  "yielded",
  "returned",
  "iterated",
  "other",
]);

/** Every site but the growing ones gives the name a fresh collection before the loop, of the kind that grows. */
function isMadeHere(target: Node, loop: Node, kind: Kind, facts: Facts): boolean {
  const sites = facts.writesOf(target);
  const made = sites.filter((it) => !it.name.isInside(loop));
  const grown = sites.filter((it) => it.name.isInside(loop));
  // `|` joins dicts as well as sets.
  const kinds: readonly Kind[] = kind === "front" ? ["list"] : kind === "set" ? ["set", "dict"] : [kind];
  return (
    made.length > 0 &&
    made.every(
      (it) =>
        it.kind === "assign" &&
        !it.isRemote &&
        it.path.length === 0 &&
        kinds.some((one) => isFresh(it.value, one, facts)) &&
        asAssignment(it.owner)?.targets.length === 1,
    ) &&
    grown.every((it) => (it.kind === "assign" && isGrowing(it.value, target.text, facts)) || it.kind === "augment")
  );
}

const FRESH: Readonly<Record<Kind, RegExp>> = {
  list: /^(list|list_comprehension)$|^builtins\.(list|sorted)$/,
  front: /^list$/,
  tuple: /^tuple$|^builtins\.tuple$/,
  set: /^(set|set_comprehension)$|^builtins\.set$/,
  dict: /^(dictionary|dictionary_comprehension)$|^builtins\.dict$/,
};

function isFresh(value: Node | undefined, kind: Kind, facts: Facts): boolean {
  const it = value && unwrap(value);
  const call = asCall(it);
  const name = call ? facts.nameOf(call.callee) : it?.kind;
  return name !== undefined && FRESH[kind].test(name);
}

/** Another name, container, function or loop may hold a list that would change under it: then each new list is needed. */
function isHeldElsewhere(target: Node, loops: readonly Node[], grown: Node, facts: Facts): boolean {
  const outermost = loops.at(-1)!;
  if (facts.isObserved(target, outermost)) return true;
  const isIterable = (read: Node) =>
    loops.some((it) => read.isInside(it.field("right") ?? it.field("condition")!) && it.kind === "for_statement");
  return facts.usesOf(target).some(({ node, kind, name, ...use }) => {
    if (kind === "returned" || (node.tree === outermost.tree && node.start >= outermost.end)) return false;
    if (isIterable(node)) return true;
    // `dict(d, **more)` only reads it.
    if (node.parent?.parent === grown && grown.kind === "call") return false;
    return kind === "method" ? !PLAIN_METHODS.has(name ?? "") : !facts.isHarmless({ node, kind, name, ...use });
  });
}

/** The sum is all that goes into a `set`, `sorted` or the like, which needs no list. */
function isTakenWhole(sum: Node, facts: Facts): boolean {
  const call = asCall(sum.parent?.kind === "argument_list" ? sum.parent.parent : undefined);
  return (
    call?.args[0] === sum &&
    call.args.length === 1 &&
    !call.hasSplat &&
    /^builtins\.(set|frozenset|tuple|list|sorted)$/.test(facts.nameOf(call.callee) ?? "")
  );
}

function appended({ node, target, growth }: GrownList, facts: Facts): Fix | Declined {
  const { kind, added, inPlace } = growth;
  if (target.kind !== "identifier") return declined("somebody else may hold the list of the attribute");
  if (!inPlace)
    return declined(
      kind === "tuple"
        ? "a tuple cannot grow"
        : kind === "front"
          ? "the order would be another one in the loop"
          : "several things are added in different ways",
    );
  const outermost = facts.loopsAround(node).at(-1) ?? node;
  const isOwn = facts.isUnshared(target, outermost) === "yes" && facts.lazyReaders(target).length === 0;
  const text = inPlace(target.text);
  return fixOf(
    text.includes(".append(")
      ? "Append to the list"
      : kind === "list"
        ? "Extend the list"
        : `Add to the ${kind} itself`,
    [
      !isOwn && `another name may refer to \`${target.text}\`, and its value then changes too`,
      kind !== "list" &&
        !isWhole(added, facts) &&
        "what is added must not fail halfway, nor read what was there before",
      ownCodeDoubt(added, facts),
      frameDoubt(node, facts),
    ],
    [replace(node, text)],
  );
}

/** One item, or a set or dict that is there before anything is added. */
const isWhole = (added: Node, facts: Facts): boolean =>
  ["set", "set_comprehension", "identifier", "string", "integer", "tuple", "pair"].includes(added.kind) &&
  (added.kind !== "identifier" || /^(set|dict|str|int|bytes|float)$/.test(facts.typeOf(added)?.name ?? "")) &&
  added.descendants("call", "yield", "await").length === 0;

const PLAIN_METHODS = new Set([
  "add",
  "update",
  "union",
  "get",
  "items",
  "keys",
  "values",
  "append",
  "extend",
  "insert",
  "pop",
  "remove",
  "clear",
  "sort",
  "reverse",
  "index",
  "count",
  "copy",
]);
