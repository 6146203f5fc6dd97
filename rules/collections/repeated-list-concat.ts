/** Lists joined by making a new, longer list at each step: `items = items + [x]` in a loop, `sum(lists, [])`. */

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
  isCompiled,
  ownCodeDoubt,
  replace,
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
  title: "List copied each time something is added",
  why: "Adding two lists creates a third one, so every step copies everything collected so far and the work grows with the square of the length. append, extend and chain copy each item once.",
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
  values: { assignment: ["binary_operator"] },
  calls: ["builtins.sum", "functools.reduce"],

  find(node, { facts }) {
    const found =
      node.kind === "call" ? (summedLists(node, facts) ?? reducedLists(node, facts)) : grownList(node, facts);
    return found && !isCompiled(node, facts) ? found : undefined;
  },

  message: (match) =>
    match.kind === "sum"
      ? `For each list, ${match.at.text}() copies everything collected so far; chain the lists instead${match.evidence === "fair" ? " where they are many" : ""}.`
      : `Each iteration copies all of \`${excerpt(match.target.text, 40)}\`; append to it instead.`,

  fix(match, file) {
    if (hasComments(match.node)) return declined("a comment would be lost");
    return match.kind === "sum" ? chained(match, file) : appended(match, file.facts);
  },
});

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
  readonly added: Node;
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
    [...chain.edits, replace(node, isTakenWhole(node, facts) ? chained : `list(${chained})`)],
  );
}

function bare(lists: Node): string {
  return lists.kind === "generator_expression" && lists.text.startsWith("(") ? lists.text.slice(1, -1) : lists.text;
}

/** `items = items + more` in a loop, where `items` is a list that this function made before the loop. */
function grownList(node: Node, facts: Facts): GrownList | undefined {
  if (node.field("right")?.kind !== "binary_operator") return undefined;
  const loops = facts.loopsAround(node);
  const outermost = loops.at(-1);
  const assignment = outermost && asAssignment(node);
  const target = assignment?.targets[0];
  const sum = asBinary(assignment?.value);
  if (
    !assignment ||
    !sum ||
    sum.operator !== "+" ||
    !target ||
    !["identifier", "attribute"].includes(target.kind) ||
    assignment.targets.length !== 1 ||
    assignment.annotation
  )
    return undefined;
  if (sum.left.text !== target.text || node.parent?.kind !== "expression_statement") return undefined;
  if (turnProduct(loops, (it) => turnsOrAxes(it, facts), Infinity) <= FEW) return undefined;
  if (facts.typeOf(sum.right)?.name !== "list" && sum.right.kind !== "list") return undefined;
  const weights = loops.map((it) => facts.sizeOf(asFor(it)?.iterable ?? it));
  if (weights.every((it) => it === "light")) return undefined;
  const weight = weights.includes("heavy") ? "heavy" : "unknown";
  const found = { kind: "grown", at: sum.node, weight, node, target, added: sum.right } as const;
  if (target.kind === "identifier")
    return isMadeHere(target, outermost, facts) && !isHeldElsewhere(target, loops, facts)
      ? { ...found, evidence: "proof" }
      : undefined;
  const known = facts.typed(sum.left, "fair");
  const place = known?.type.name === "list" ? facts.placeOf(sum.left) : undefined;
  const isHeld = place?.uses.some((it) => it.node.isInside(outermost) && it.in !== sum.node && KEEPS.has(it.kind));
  return place && !isHeld ? { ...found, evidence: known!.evidence } : undefined;
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

/** Every site but the growing ones gives the name a fresh list before the loop. */
function isMadeHere(target: Node, loop: Node, facts: Facts): boolean {
  const sites = facts.writesOf(target);
  const made = sites.filter((it) => !it.name.isInside(loop));
  const grown = sites.filter((it) => it.name.isInside(loop));
  return (
    made.length > 0 &&
    made.every(
      (it) =>
        it.kind === "assign" &&
        !it.isRemote &&
        it.path.length === 0 &&
        isFresh(it.value, facts) &&
        asAssignment(it.owner)?.targets.length === 1,
    ) &&
    grown.every(
      (it) => (it.kind === "assign" && asBinary(it.value)?.left.text === target.text) || it.kind === "augment",
    )
  );
}

function isFresh(value: Node | undefined, facts: Facts): boolean {
  const call = asCall(value);
  return (
    value?.kind === "list" ||
    value?.kind === "list_comprehension" ||
    (call !== undefined && ["builtins.list", "builtins.sorted"].includes(facts.nameOf(call.callee) ?? ""))
  );
}

/** Another name, container, function or loop may hold a list that would change under it: then each new list is needed. */
function isHeldElsewhere(target: Node, loops: readonly Node[], facts: Facts): boolean {
  const outermost = loops.at(-1)!;
  if (facts.isObserved(target, outermost)) return true;
  const isIterable = (read: Node) =>
    loops.some((it) => read.isInside(it.field("right") ?? it.field("condition")!) && it.kind === "for_statement");
  return facts.usesOf(target).some(({ node, kind, name, ...use }) => {
    if (kind === "returned" || (node.tree === outermost.tree && node.start >= outermost.end)) return false;
    if (isIterable(node)) return true;
    return kind === "method" ? !PLAIN_METHODS.has(name ?? "") : !facts.isHarmless({ node, kind, name, ...use });
  });
}

/** In place, since nothing else holds the list. */
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

function appended({ node, target, added }: GrownList, facts: Facts): Fix | Declined {
  if (target.kind !== "identifier") return declined("somebody else may hold the list of the attribute");
  const [item, more] = added.children;
  const isOne = added.kind === "list" && item !== undefined && !more && item.kind !== "list_splat";
  const outermost = facts.loopsAround(node).at(-1) ?? node;
  const isOwn = facts.isUnshared(target, outermost) === "yes" && facts.lazyReaders(target).length === 0;
  return fixOf(
    isOne ? "Append to the list" : "Extend the list",
    [
      !isOwn && `another name may refer to \`${target.text}\`, and its value then changes too`,
      ownCodeDoubt(added, facts),
      frameDoubt(node, facts),
    ],
    [replace(node, isOne ? `${target.text}.append(${item.text})` : `${target.text} += ${added.text}`)],
  );
}

const PLAIN_METHODS = new Set([
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
