/** `item in items` tested again and again against a list, which is searched from its front each time. */

import {
  asAssignment, asCall, asComparison, asMethodCall, defineRule, elementOf, expressionOf, functionAround, hasPlainOrder, isCompiled, isConstant, isConsumedAtOnce, isHashable, knownTurns, lineAbove, replace, startsLine, statementOf, typeHead, unwrap, wordsOf,
  type Edit, type Facts, type File, type Fix, type Kind, type Node, type Site, type Use,
} from "../../analysis/authoring.js";

/** Lists this short are searched about as quickly as a hash is made. */
const FEW_ITEMS = 6;
const FEW_TURNS = 16;

export default defineRule({
  title: "Membership tested against a list in a loop",
  why: "A list is searched item by item from the front, so each test costs as much as the list is long. A set finds an item by its hash, however many there are.",
  guide: "data-structures",
  level: "info",
  gain: "complexity",
  overlaps: ["PLR6201"],
  fixes: "safe",

  examples: [
    {
      before: `
def without(words: list[str], path: str) -> list[str]:
    dropped = path.split("/")
    return [word for word in words if word not in dropped]
`,
      after: `
def without(words: list[str], path: str) -> list[str]:
    dropped = set(path.split("/"))
    return [word for word in words if word not in dropped]
`,
    },
    {
      before: `
def repeated(words: list[str]) -> int:
    seen = []
    count = 0
    for word in words:
        if word in seen:
            count += 1
        else:
            seen.append(word)
    return count
`,
      after: `
def repeated(words: list[str]) -> int:
    seen = set()
    count = 0
    for word in words:
        if word in seen:
            count += 1
        else:
            seen.add(word)
    return count
`,
    },
  ],

  on: ["comparison_operator"],

  find(node, { facts }) {
    const test = asComparison(node);
    const list = test && unwrap(test.right);
    if (!test || !list || (test.operator !== "in" && test.operator !== "not in")) return undefined;
    if (list.kind !== "list" && list.kind !== "identifier") return undefined;
    const at = node.allChildren.find((it) => !it.isNamed)!;
    if (list.kind === "list") {
      const isLong = list.children.length > FEW_ITEMS && list.children.every(isConstant);
      return isLong && isHashable(facts.typeOf(test.left)) && isRepeated(node, undefined, facts) && !isCompiled(node, facts) ? { at, list, site: undefined, uses: [], related: [] } : undefined;
    }
    const site = isConstant(test.left) ? undefined : madeOnce(list, facts);
    if (!site || facts.typeOf(list)?.name !== "list" || !isHashable(facts.typeOf(test.left))) return undefined;
    const uses = facts.usesOf(list);
    if (!isLongEnough(test.left, site, uses, facts) || isCompiled(node, facts)) return undefined;

    const tests = uses.filter((it) => it.kind === "membership" && it.node.tree === node.tree && isRepeated(it.in, site, facts) && isHashable(facts.typeOf(asComparison(it.in)?.left ?? list)));
    if (tests.toSorted((a, b) => a.node.start - b.node.start)[0]?.in !== node || !(isSetLike(uses) || isLeftAlone(node, list, site, facts))) return undefined;
    const related = tests.filter((it) => it.in !== node).map((it) => ({ at: it.in, message: "It is searched here too." }));
    return { at, related, list, site, uses };
  },

  message: ({ list }) =>
    list.kind === "list" ? "Each test goes through the items of the list; a set finds an item by its hash." : `Each test searches \`${list.text}\` from the front; a set finds an item by its hash.`,

  fix({ list, site, uses, at }, file) {
    if (!site) return { title: "Use a set", safety: "safe", edits: braces(list) };
    const { facts } = file;
    const grown = uses.flatMap((it) => asMethodCall(it.call, "append", "extend") ?? []);
    const added = grown.map((it) => (it.method === "append" ? facts.typeOf(it.args[0]!) : elementOf(facts.typeOf(it.args[0]!))));
    const held = site.value!.kind === "list" && site.value!.children.length === 0 ? added : [facts.typeOf(site.value!)?.of[0], ...added];
    const lefts = uses.filter((it) => it.kind === "membership").map((it) => facts.typeOf(asComparison(it.in)?.left ?? list));
    if (![...held, ...lefts].every(isHashable)) return undefined;
    return isSetLike(uses) ? asSet(site, uses, file) : besideLoop(at, list, file);
  },
});

/** The one assignment that makes the list, for this name alone. */
function madeOnce(list: Node, facts: Facts): Site | undefined {
  const [site, more] = facts.writesOf(list);
  const isPlain = site?.kind === "assign" && !site.isRemote && site.path.length === 0 && asAssignment(site.owner)?.targets.length === 1 && !/^__/.test(list.text);
  if (!isPlain || more || !site.value || !MAKES.has(site.value.kind) || facts.typeOf(site.value)?.name !== "list") return undefined;
  return ["function", "module"].includes(facts.scopeOf(site.name).kind) ? site : undefined;
}

const MAKES: ReadonlySet<Kind> = new Set<Kind>(["list", "list_comprehension", "call"]);
/** Certainly a new list: not one that a function keeps and may change, nor None. */
function isNew(value: Node, facts: Facts): boolean {
  const call = asCall(value);
  if (!call) return true;
  const receiver = asMethodCall(value) && facts.typeOf(asMethodCall(value)!.object)?.name;
  return facts.nameOf(call.callee)?.startsWith("builtins.") ?? ["str", "bytes", "list", "file"].includes(receiver ?? "");
}

/** Runs in a loop that begins after the list was made, for more than a few turns. */
function isRepeated(test: Node, site: Site | undefined, facts: Facts): boolean {
  const loops = facts.loopsAround(test).filter((it) => !site?.name.isInside(it));
  return loops.length > 0 && loops.reduce((turns, it) => turns * (knownTurns(it, facts) ?? Infinity), 1) > FEW_TURNS;
}

function isLongEnough(test: Node, { value, name }: Site, uses: readonly Use[], facts: Facts): boolean {
  const grows = (...ways: string[]) => uses.some((it) => it.kind === "method" && ways.includes(it.name ?? "") && facts.loopsAround(it.node).some((loop) => !name.isInside(loop)));
  // Numbers are most often the places of a few columns, axes or devices, unless each turn adds one.
  const isSeen = uses.some((it) => it.name === "append" && facts.loopsAround(it.node).some((loop) => test.isInside(loop) && !name.isInside(loop)));
  if (facts.typeOf(test)?.name === "int" && !isSeen) return false;
  const length = value!.kind === "list" ? value!.children.length : value!.kind === "list_comprehension" ? (knownTurns(value!, facts) ?? Infinity) : (wordsOf(value!)?.length ?? Infinity);
  // A few written names are made a set where they stand, or left.
  return grows("append", "extend") || (length > FEW_ITEMS && (isSetLike(uses) || value!.kind !== "list"));
}

/** Nothing but tests and additions: a set could do all of it. */
function isSetLike(uses: readonly Use[]): boolean {
  return uses.every((it) => {
    if (it.kind === "membership" || it.kind === "tested") return true;
    const call = asMethodCall(it.kind === "method" ? it.call : undefined, "append", "extend");
    return call?.args.length === 1 && call.keywords.size === 0 && !call.hasSplat && expressionOf(statementOf(call.node)) === call.node;
  });
}

/** The list is made and changed only before the loop, in the same function. */
function isLeftAlone(test: Node, list: Node, site: Site, facts: Facts): boolean {
  const loop = outermost(test, site, facts);
  return loop !== undefined && !isLazy(test, facts) && site.name.tree === test.tree && facts.scopeOf(site.name).kind === "function" && functionAround(loop) === functionAround(site.name) && facts.isStableIn(list, loop) === "yes";
}

/** In a generator whose items are asked for when the list may be another. */
function isLazy(test: Node, facts: Facts): boolean {
  return facts.loopsAround(test).some((it) => it.kind === "generator_expression" && !isConsumedAtOnce(it, facts));
}

const outermost = (test: Node, site: Site | undefined, facts: Facts): Node | undefined => facts.loopsAround(test).findLast((it) => !site?.name.isInside(it));

function braces(list: Node): readonly Edit[] {
  const { tree, start, end } = list;
  return [replace({ tree, start, end: start + 1 }, "{"), replace({ tree, start: end - 1, end }, "}")];
}

function asSet(site: Site, uses: readonly Use[], { facts }: File): Fix | undefined {
  const value = site.value!;
  const head = site.annotation && typeHead(site.annotation);
  const isModule = facts.scopeOf(site.name).kind === "module";
  if ((head && (facts.nameOf(head) !== "builtins.list" || (isModule && !facts.hasPython("3.9")))) || !facts.isBuiltin("set", site.name)) return undefined;
  const methods = uses.flatMap((it) => asMethodCall(it.call, "append", "extend") ?? []);
  const doubt = isModule && !site.name.text.startsWith("_") ? "other files may use it as a list" : isNew(value, facts) ? "" : "the call may give None, or a list that changes later";
  return {
    title: `Make it a set${doubt === "" ? "" : ` (review: ${doubt})`}`,
    safety: doubt === "" ? "safe" : "review",
    edits: [...(head ? [replace(head, "set")] : []), ...setOf(value, facts), ...methods.map((it) => replace(it.methodNode, it.method === "append" ? "add" : "update"))],
  };
}

function setOf(value: Node, facts: Facts): readonly Edit[] {
  const call = asCall(value);
  const name = call && facts.nameOf(call.callee);
  // What cannot be sorted goes on to fail there.
  const isCopy = call?.args.length === 1 && call.keywords.size === 0 && (name === "builtins.list" || (name === "builtins.sorted" && hasPlainOrder(call.args[0], facts)));
  if (isCopy) return [replace(call.callee, "set")];
  if (value.kind === "list" && value.children.length === 0) return [replace(value, "set()")];
  return value.kind === "list" || value.kind === "list_comprehension" ? braces(value) : [replace(value, `set(${value.text})`)];
}

/** The list is needed as it is: a set of its items is made above the loop. */
function besideLoop(at: Node, list: Node, { facts }: File): Fix | undefined {
  const test = at.parent!;
  const site = madeOnce(list, facts);
  const loop = outermost(test, site, facts);
  if (!loop || !facts.isBuiltin("set", list)) return undefined;
  const name = facts.freshName(`${list.text}_set`, list);
  const above = statementOf(loop);
  const later = facts.usesOf(list).filter((it) => it.node.tree === loop.tree && it.node.start >= above.start);
  const region = later.every((it) => facts.isHarmless(it)) ? (above.parent ?? loop) : loop;
  const tests = later.filter((it) => it.kind === "membership" && it.node.isInside(region) && functionAround(it.node) === functionAround(loop));
  const home = site && statementOf(site.owner).parent;
  if (!home || !above.isInside(home) || site.name.start > above.start || !startsLine(above) || !isNew(site.value!, facts)) return undefined;
  if (tests.some((it) => isLazy(it.node, facts))) return undefined;
  // Whoever was given the list may change it while the loop lets other code run.
  const isOurs = !facts.runsUnknownCode(region) || facts.usesOf(list).every((it) => it.kind === "method" || it.kind === "returned" || facts.isHarmless(it));
  const edits = [lineAbove(above, `${name} = set(${list.text})`), ...tests.map((it) => replace(it.node, name))];
  return { title: `Test against a set made before the loop${isOurs ? "" : " (review: what the loop calls may change the list)"}`, safety: isOurs ? "safe" : "review", edits };
}
