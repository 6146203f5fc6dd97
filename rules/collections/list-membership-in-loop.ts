/** `item in items` tested again and again against a list, which is searched from its front each time. */

import {
  arrayShape,
  asConditional,
  changeDoubt,
  declined,
  excerpt,
  fixOf,
  frameDoubt,
  ownCodeDoubt,
  asAssignment,
  asCall,
  asComparison,
  asComprehension,
  asFor,
  asMethodCall,
  asSubscript,
  defineRule,
  elementOf,
  expressionOf,
  functionAround,
  hasPlainOrder,
  isCompiled,
  isConstant,
  isInClassBody,
  isConsumedAtOnce,
  isHashable,
  isNewList,
  knownTurns,
  lastName,
  lineAbove,
  replace,
  soleAssignment,
  startsLine,
  statementOf,
  statementsOf,
  turnProduct,
  turnTakesLong,
  typeHead,
  unwrap,
  wordsOf,
  asBinary,
  type Declined,
  type Edit,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type Kind,
  type Node,
  type Place,
  type Site,
  type Use,
  type Weight,
} from "../../analysis/authoring.js";

/** Lists this short are searched about as quickly as a hash is made. */
const FEW_ITEMS = 6;
const FEW_TURNS = 16;
/** Of these there is a handful wherever they come from. */
const FEW_NAMES =
  /(^|_)(col|column|component|lag|class|class_name|tag|categor(y|ie)|device|extension|suffix|exclude_key|input_key|dtype)(e?s)$/i;

export default defineRule({
  title: "Membership test on a list in a loop",
  why: "A list is searched item by item from the front, so each test takes longer as the list grows. A set finds an item by its hash, however many items there are.",
  guide: "data-structures",
  level: "warning",
  gain: "complexity",
  overlaps: ["PLR6201"],
  unlike: "lists with a name count, a few constants are left alone, and the fix makes the set once before the loop",
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
  within: "loop",

  find(node, { facts }) {
    const test = asComparison(node);
    const list = test && unwrap(test.right);
    if (!test || !list || (test.operator !== "in" && test.operator !== "not in")) return undefined;
    const at = node.allChildren.find((it) => !it.isNamed)!;
    if (list.kind === "list") {
      const isLong = list.children.length > FEW_ITEMS && list.children.every(isConstant);
      return isLong && !isUnhashable(test.left, facts) && turnsAround(node, [], facts) && !isCompiled(node, facts)
        ? { at, list, ...ALONE, weight: "light" as const, evidence: "proof" as const }
        : undefined;
    }
    if (isConstant(test.left) || facts.isTest) return undefined;
    if (list.kind === "call") return madeForTest(test.left, list, at, facts);
    if (list.kind === "subscript") return heldInside(test.left, list, at, facts);
    if ((list.kind !== "identifier" && list.kind !== "attribute") || !facts.loopAround(node)) return undefined;
    const place = facts.placeOf(list);
    const known = place && listEvidence(list, place, facts);
    if (place && !known) return ofArray(node, list, place, at, facts);
    if (!known || isUnhashable(test.left, facts)) return undefined;
    const measured = measure(node, list, place, facts);
    if (!measured || isWalkedAnyway(node, place, facts) || isCompiled(node, facts)) return undefined;

    const counts = (it: Use) =>
      it.kind === "membership" &&
      it.node.tree === node.tree &&
      facts.memo(
        "is a search that counts",
        it.in,
        () =>
          !isConstant(asComparison(it.in)?.left ?? it.in) &&
          !isUnhashable(asComparison(it.in)?.left ?? it.in, facts) &&
          !isWalkedAnyway(it.in, place, facts) &&
          measure(it.in, it.node, place, facts) !== undefined,
      );
    // Of a list that is used very often each test is asked about: the others are looked at for the first one alone.
    if (place.uses.some((it) => it.node.start < list.start && counts(it))) return undefined;
    const related = place.uses
      .filter((it) => it.in !== node && counts(it))
      .map((it) => ({ at: it.in, message: "The list is searched here too." }));
    const isMinor = FEW_NAMES.test(lastName(list)) || turnTakesLong(node, facts);
    // A list that does not grow with the loop is short more often than not, whatever its type.
    const evidence = measured.grows || measured.isLong ? known : ("fair" as const);
    const weight = isMinor || comesRarely(node) ? ("light" as const) : measured.weight;
    const isTaken = !facts.typed(list, "fair") && isTakenForList(list, place, facts);
    return { at, related, list, place, weight, evidence, isTaken, isLong: measured.isLong, isArray: false };
  },

  message({ list, weight, evidence, isTaken, isLong, isArray }) {
    if (list.kind === "list") return "Each test searches the list item by item; a set finds an item by its hash.";
    const name = excerpt(list.text.replace(/\s+/g, " "), 40);
    if (isArray)
      return `Each test compares with all of the array \`${name}\`; \`np.isin\` asks for all values at once, and a set of \`${name}.tolist()\` finds one by its hash.`;
    const sliced = asSubscript(list);
    if (sliced?.indices[0]?.kind === "slice")
      return `\`${name}\` is copied and searched for each test, which matters if \`${excerpt(sliced.value.text, 30)}\` is long; count its items once, or keep those already seen in a set.`;
    if (list.kind === "call")
      return `\`${name}\` is made anew for each test; make it once, before the loop, and as a set.`;
    if (isTaken)
      return `\`${name}\` is taken for a list, which each test searches from the front; a set finds an item by its hash.`;
    if (weight === "light") return `Each test searches \`${name}\` from the front; a set finds an item by its hash.`;
    return evidence !== "fair" && !isLong
      ? `Each test searches \`${name}\` from the front, and it grows with the loop; a set finds an item by its hash.`
      : `Each test searches \`${name}\` from the front; if it is long, a set finds an item faster.`;
  },

  fix({ list, place, at, isArray }, file) {
    const { facts } = file;
    const test = at.parent!;
    if (isArray) return declined("whether a mask of `np.isin` or a set fits depends on what the loop does");
    if (list.kind === "call") return setAboveLoop(list, file);
    if (asSubscript(list)?.indices[0]?.kind === "slice")
      return declined("whether a set of what was seen or a count takes its place depends on what the loop does");
    if (list.kind === "subscript") return declined("other code may use what is in the container as a list");
    if (!place)
      return isHashable(facts.typeOf(asComparison(test)?.left ?? test))
        ? fixOf("Use a set", [], braces(list))
        : declined(UNHASHABLE);
    if (place.kind === "attribute") return declined("other methods or classes may use the attribute as a list");
    const site = madeOnce(list, facts);
    if (!site) return declined("the list is not made in one place of this code");
    const { uses } = place;
    const grown = uses.flatMap((it) => asMethodCall(it.call, "append", "extend") ?? []);
    const added = grown.map((it) => {
      const type = it.args[0] && facts.typeOf(it.args[0]);
      return it.method === "append" ? type : elementOf(type);
    });
    const held =
      site.value!.kind === "list" && site.value!.children.length === 0
        ? added
        : [facts.typeOf(site.value!)?.of[0], ...added];
    const lefts = uses
      .filter((it) => it.kind === "membership")
      .map((it) => facts.typeOf(asComparison(it.in)?.left ?? list));
    if (isSetLike(uses)) return [...held, ...lefts].every(isHashable) ? asSet(site, uses, file) : declined(UNHASHABLE);
    if (!isLeftAlone(test, list, site, facts))
      return declined("the list changes while the loop runs, or is needed elsewhere as a list");
    return [...held, ...lefts].every(isHashable) ? besideLoop(at, list, file) : declined(UNHASHABLE);
  },
});

const UNHASHABLE = "it is not known that all items, and all that is looked for, can be hashed";

const ALONE = { place: undefined, related: [], isTaken: false, isLong: false, isArray: false } as const;

/** `label in labels` of an array: a comparison with each element, and an array of the answers, for every test. */
function ofArray(node: Node, list: Node, place: Place, at: Node, facts: Facts) {
  const typed = facts.typed(list, "fair");
  if (typed?.type.name !== "numpy.ndarray" || arrayShape(list, facts).isWrittenOut) return undefined;
  const measured = measure(node, list, place, facts);
  if (!measured || isCompiled(node, facts)) return undefined;
  const weight = FEW_NAMES.test(lastName(list)) || turnTakesLong(node, facts) || comesRarely(node);
  return {
    ...ALONE,
    at,
    list,
    isArray: true,
    evidence: typed.evidence,
    weight: weight ? "light" : measured.weight,
  } as const;
}

/** Methods that make a list, whatever they are asked of. */
const MAKES_LIST = new Set(["tolist", "to_list"]);
/** Parameters of such names are lists more often than anything else. */
const LIST_NAMES = /(^|_)(list|array|ids)$/;

function listEvidence(list: Node, place: Place, facts: Facts): Evidence | undefined {
  const known = facts.typed(list, "fair");
  if (known?.evidence === "proof") return known.type.name === "list" ? "proof" : undefined;
  if (MAKES_LIST.has(asMethodCall(facts.valueOf(list))?.method ?? "")) return "strong";
  if (known) return known.type.name === "list" ? known.evidence : undefined;
  return isListByDefault(facts.valueOf(list)) || isTakenForList(list, place, facts) ? "fair" : undefined;
}

/** `getattr(x, "names", [])`, `options.get("names", [])`, `names or []`, `names if c else []`: what stands for it where there is none tells what it is. */
function isListByDefault(value: Node | undefined): boolean {
  const node = value && unwrap(value);
  if (!node) return false;
  if (node.kind === "list") return node.children.length === 0;
  const choice = asConditional(node);
  if (choice) return isListByDefault(choice.otherwise);
  const either = asBinary(node);
  if (either) return either.operator === "or" && isListByDefault(either.right);
  const call = asCall(node);
  if (call?.callee.text === "getattr") return call.args.length === 3 && isListByDefault(call.args[2]);
  const method = asMethodCall(node, "get", "pop", "setdefault");
  return method?.args.length === 2 && isListByDefault(method.args[1]);
}

/** A parameter of which nothing is said, named as a list is, and never used for what a list cannot do. */
function isTakenForList(list: Node, place: Place, facts: Facts): boolean {
  if (!LIST_NAMES.test(list.text) || place.writes.every((it) => it.kind !== "parameter")) return false;
  const [site, more] = place.reaching(list);
  if (site?.kind !== "parameter" || more || site.annotation || site.owner.text.startsWith("*")) return false;
  return facts.memo("is used as a list", site.name, () =>
    place.uses.every(
      (it) =>
        LIST_USES.has(it.kind) ||
        (it.kind === "argument" && /^(len|list|sorted|set|enumerate)$/.test(asCall(it.call)?.callee.text ?? "")) ||
        !place.reaching(it.node).includes(site),
    ),
  );
}

const LIST_USES: ReadonlySet<string> = new Set(["membership", "iterated", "tested", "compared", "starred"]);

/** No name in the expression, but those of comprehensions in it, is bound anew in the loop. */
function isSameIn(loop: Node, expression: Node, facts: Facts): boolean {
  const names = [expression, ...expression.descendants("identifier")].filter((it) => it.kind === "identifier");
  return names.every((it) => facts.writesOf(it, loop).every((site) => site.name.isInside(expression)));
}

/** `list(rows)`, `set(names)`, `table["a"].tolist()`: all of it is made to look for one item. */
function madeForTest(left: Node, list: Node, at: Node, facts: Facts) {
  const call = asCall(list)!;
  const method = asMethodCall(list)?.method;
  const [items] = call.args;
  const isCopy = COPIES.test(call.callee.text) && call.args.length === 1 && !isConstant(items!);
  if (!isCopy && !MAKES_LIST.has(method ?? "") && method !== "words") return undefined;
  const loop = facts.loopAround(list);
  if (!loop || !isSameIn(loop, list, facts) || isLoopHead(loop, list) || isUnhashable(left, facts)) return undefined;
  const name = facts.nameOf(call.callee);
  const isWords = name === "nltk.corpus.stopwords.words";
  if (method === "words" ? !isWords : isCopy && !name?.startsWith("builtins.")) return undefined;
  const turns = turnsAround(list, [], facts);
  const size = isWords ? "heavy" : facts.sizeOf(isCopy ? items! : asMethodCall(list)!.object);
  if (!turns || size === "light" || isCompiled(list, facts)) return undefined;
  // The members of an enumeration, what a dict of settings has to offer: a handful most often.
  const source = isCopy ? items! : asMethodCall(list)!.object;
  const isFew =
    FEW_NAMES.test(lastName(source)) ||
    (isCopy && (/^_?[A-Z]\w*$/.test(lastName(source)) || asMethodCall(source, "values") !== undefined));
  const weight = isWords || (size === "heavy" && turns === "heavy") ? "heavy" : isFew ? "light" : "unknown";
  return { at, list, ...ALONE, weight, evidence: isCopy || isWords ? "proof" : "strong" } as const;
}

const COPIES = /^(list|tuple|sorted|set|frozenset)$/;

/** The place in a loop that runs once. */
function isLoopHead(loop: Node, node: Node): boolean {
  const [first] = asComprehension(loop)?.clauses ?? [];
  const iterable = asFor(loop)?.iterable ?? first?.iterable;
  return iterable !== undefined && (node === iterable || node.isInside(iterable));
}

/** `groups["first"]`: an item of a dict that holds lists, the same one in each turn. */
function heldInside(left: Node, list: Node, at: Node, facts: Facts) {
  const loop = facts.loopAround(list);
  const { value: container, indices } = asSubscript(list)!;
  if (indices.length !== 1) return undefined;
  if (indices[0]!.kind === "slice") return inRest(left, list, container, indices[0]!, at, facts);
  if (!loop || !isSameIn(loop, list, facts) || isUnhashable(left, facts)) return undefined;
  const evidence = facts.typed(list, "fair")?.type.name === "list" ? ("fair" as const) : heldLists(container, facts);
  const turns = evidence && turnsAround(list, [], facts);
  if (!turns || FEW_NAMES.test(lastName(list)) || isCompiled(list, facts)) return undefined;
  const home = functionAround(list) ?? loop;
  const others = facts.memo(`tests of ${list.text}`, home, () =>
    home
      .descendants("comparison_operator")
      .filter((it) => asComparison(it)?.right.text === list.text && facts.loopAround(it) !== undefined),
  );
  if (others[0] !== at.parent) return undefined;
  const related = others.slice(1).map((it) => ({ at: it, message: "The list is searched here too." }));
  return { ...ALONE, at, list, related, weight: "unknown", evidence: "fair" } as const;
}

/** `row in rows[i + 1:]`: what comes behind or before the turn's own place is copied and searched. */
function inRest(left: Node, list: Node, items: Node, slice: Node, at: Node, facts: Facts) {
  const loop = facts.loopAround(list);
  const [, from, to] = /^([^:]*):([^:]*)$/.exec(slice.text) ?? [];
  if (!loop || (items.kind !== "identifier" && items.kind !== "attribute")) return undefined;
  // `rows[i + 1:]`, `rows[:i]`: a few items beside the place, as in `rows[i - 2:i]`, are few wherever it is.
  if ((from?.trim() === "") === (to?.trim() === "")) return undefined;
  const counted = slice.descendants("identifier").find((it) => facts.writesOf(it, loop).length > 0);
  if (!counted || !isSameIn(loop, items, facts) || isUnhashable(left, facts)) return undefined;
  const known = facts.typed(items, "fair");
  if (known ? known.type.name !== "list" : !countsThrough(loop, items, counted)) return undefined;
  const turns = turnsAround(list, [], facts);
  if (!turns || facts.sizeOf(items) === "light" || isCompiled(list, facts)) return undefined;
  // What nothing says to be long is a handful more often than not.
  const evidence = turns === "heavy" && known ? known.evidence : ("fair" as const);
  return { ...ALONE, at, list, weight: turns, evidence };
}

/** `for i, item in enumerate(items)`, `for i in range(len(items))`: a turn for each place of `items`. */
function countsThrough(loop: Node, items: Node, counted: Node): boolean {
  const clauses = asComprehension(loop)?.clauses ?? [];
  return [asFor(loop), ...clauses].some((it) => {
    const call = asCall(it?.iterable);
    const [name] = /^\w+/.exec(it?.target.text ?? "") ?? [];
    if (!call || name !== counted.text) return false;
    return call.callee.text === "enumerate"
      ? call.args[0]?.text === items.text
      : call.callee.text === "range" && call.args.some((arg) => arg.text.includes(`len(${items.text})`));
  });
}

/** Everything that is stored in the container is a list. */
function heldLists(container: Node, facts: Facts): Evidence | undefined {
  const place = facts.placeOf(container);
  const stored = (place?.uses ?? []).filter((it) => it.kind === "subscript-store");
  const isHeld = stored.every((it) => {
    const value = asAssignment(statementOf(it.node))?.value;
    return (
      value !== undefined &&
      (MAKES_LIST.has(asMethodCall(value)?.method ?? "") || facts.typed(value, "fair")?.type.name === "list")
    );
  });
  return stored.length > 0 && isHeld ? "fair" : undefined;
}

const IN_CLASS = "the name would become an attribute of the class";

/** The set that is made for each test is made once, above the loop. */
function setAboveLoop(list: Node, { facts }: File): Fix | Declined {
  const call = asCall(list)!;
  const [items] = call.args;
  if (!/^(set|frozenset)$/.test(call.callee.text) || !items) return declined(UNHASHABLE);
  const loop = facts.loopsAround(list).findLast((it) => isSameIn(it, list, facts) && !isLoopHead(it, list));
  const above = loop && statementOf(loop);
  if (!above || !startsLine(above) || isLazy(list, facts) || functionAround(loop) !== functionAround(list))
    return declined("the loop stands where no line can be put above it");
  if (isInClassBody(above)) return declined(IN_CLASS);
  if (
    items.kind !== "identifier" ||
    !SIZED.has(facts.typeOf(items)?.name ?? "") ||
    facts.isStableIn(items, loop) !== "yes"
  )
    return declined("what it is made of may be another in the next turn");
  const name = facts.freshName(`${items.text}_set`, list);
  return fixOf(
    "Make the set once, before the loop",
    [
      !isHashable(elementOf(facts.typeOf(items))) &&
        "items that no set can hold fail even where the loop does not turn",
      changeDoubt(items, loop, facts),
      ownCodeDoubt(list, facts),
      frameDoubt(loop, facts),
    ],
    [lineAbove(above, `${name} = ${list.text}`), replace(list, name)],
  );
}

const SIZED = new Set(["list", "tuple", "dict", "str"]);

/** Something that no set can hold. What is not known may be. */
function isUnhashable(left: Node, facts: Facts): boolean {
  const known = facts.typed(left, "fair");
  if (known) return !isHashable(known.type);
  if (left.kind !== "identifier") return false;
  // What grows in this function, or gets new items, is a list or a dict.
  const uses = facts.usesOf(left);
  if (uses.some((it) => it.kind === "subscript-store" || (it.kind === "method" && FILLS.has(it.name ?? ""))))
    return true;
  const [site, more] = facts.writesOf(left);
  const items = more ? undefined : asFor(site?.owner)?.iterable;
  return (
    items?.kind === "identifier" && facts.memo("holds what no set can", items, () => holdsUnhashable(items, facts))
  );
}

/** Lists or dicts were put into it, one by one. */
function holdsUnhashable(items: Node, facts: Facts): boolean {
  return facts.usesOf(items).some((it) => {
    const [item] = asMethodCall(it.kind === "method" ? it.call : undefined, "append")?.args ?? [];
    const known = item && facts.typed(item, "fair");
    return known !== undefined && !isHashable(known.type);
  });
}

const FILLS = new Set(["append", "extend", "insert", "setdefault"]);

interface Measured {
  readonly weight: Weight;
  /** Each turn of a loop that is long may add to the list. */
  readonly grows: boolean;
  /** It was filled from a file, or is a column of a table. */
  readonly isLong: boolean;
}

/** Undefined where the list or the loop is known to be short. */
function measure(test: Node, list: Node, place: Place, facts: Facts): Measured | undefined {
  const made = place.reaching(list).filter((it) => it.kind !== "augment");
  const turns = turnsAround(test, made, facts);
  if (!turns) return undefined;
  const loops = loopsAfter(test, made, facts);
  const grows = loops.some((loop) =>
    place
      .usesIn(loop)
      .some(
        (it) =>
          (it.kind === "augmented" || (it.kind === "method" && (it.name === "append" || it.name === "extend"))) &&
          turnsAround(it.node, made, facts) !== undefined,
      ),
  );
  // What loops of unknown length collect is a handful more often than not: names, columns, tools.
  if (grows) return { weight: turns, grows: turns === "heavy", isLong: false };
  const length = lengthOf(place, list, facts);
  const size = facts.sizeOf(list);
  if (length !== undefined && length <= FEW_ITEMS) return undefined;
  // A few written names are made a set where they stand, or left.
  if (length !== undefined || size === "light")
    return place.ofUses("as of a set", isSetLike) && length !== undefined
      ? { weight: "light", grows, isLong: false }
      : undefined;
  // Whole numbers are most often the places of a few columns, axes or devices.
  if (facts.typed(asComparison(test)?.left ?? test, "fair")?.type.name === "int")
    return { weight: "light", grows, isLong: false };
  const value = facts.valueOf(list);
  const isLong = isColumn(value) || isFilledLong(place, facts) || (size === "heavy" && isOfLines(value));
  const isHeavy = (isLong || size === "heavy") && turns === "heavy";
  return { weight: isHeavy ? "heavy" : "unknown", grows, isLong };
}

/** `low < total < high and x not in seen`: the first half lets few turns come to the test. */
function comesRarely(test: Node): boolean {
  for (let at = test; at.parent; at = at.parent) {
    const { parent } = at;
    if (!/^(?:boolean_operator|not_operator|parenthesized_expression)$/.test(parent.kind)) return false;
    const both = asBinary(parent);
    if (both?.operator !== "and" || !at.isInside(both.right)) continue;
    const [first] = [unwrap(both.left)];
    const halves = asBinary(first)?.operator === "and" ? [asBinary(first)!.left, asBinary(first)!.right] : [first];
    const [low, high] = halves.map((it) => asComparison(unwrap(it!)));
    // A value that lies between two others.
    if (low && high && /^[<>]=?$/.test(low.operator) && /^[<>]=?$/.test(high.operator)) return true;
  }
  return false;
}

/** `table["gene"].tolist()` has as many items as the table rows; the distinct ones, or the names of its columns, may be few. */
function isColumn(value: Node | undefined): boolean {
  const method = asMethodCall(value);
  return method !== undefined && MAKES_LIST.has(method.method) && method.object.kind === "subscript";
}

/** `[line.strip() for line in file]`, `file.readlines()`. */
const isOfLines = (value: Node | undefined): boolean =>
  value?.kind === "list_comprehension" || asMethodCall(value, "readlines", "splitlines", "split") !== undefined;

/** One loop that is long has filled it. */
function isFilledLong({ uses }: Place, facts: Facts): boolean {
  return facts.memo("is filled by a long loop", uses[0]!.node, () =>
    uses.some((it) => it.kind === "method" && it.name === "append" && turnsAround(it.node, [], facts) === "heavy"),
  );
}

/** How many items are written out, if that is all of them. */
function lengthOf(place: Place, list: Node, facts: Facts): number | undefined {
  const value = facts.valueOf(list);
  // One of several lists that are written out.
  const written = value ? [] : place.reaching(list).map((it) => it.value);
  if (!value && !(written.length > 1 && written.every((it) => it?.kind === "list"))) return undefined;
  const isGrown = place.ofUses("grow in a loop", (uses) =>
    uses.some(
      (it) =>
        it.kind === "augmented" ||
        (["append", "extend", "insert"].includes(it.name ?? "") && facts.loopsAround(it.node).length > 0),
    ),
  );
  if (isGrown) return undefined;
  const lists = value?.kind === "list" ? [value] : written.flatMap((it) => it ?? []);
  if (lists.some((it) => it.children.some((item) => item.kind === "list_splat"))) return undefined;
  if (lists.length > 0) return Math.max(...lists.map((it) => it.children.length));
  if (!value) return undefined;
  return value.kind === "list_comprehension" ? knownTurns(value, facts) : wordsOf(value)?.length;
}

/** The loops around the code that do not make the list anew in each turn. */
function loopsAfter(node: Node, made: readonly Site[], facts: Facts): readonly Node[] {
  return facts.loopsAround(node).filter((loop) => !made.some((it) => it.name.isInside(loop)));
}

/** How often the code runs with one list; undefined for a few turns. */
function turnsAround(node: Node, made: readonly Site[], facts: Facts): "heavy" | "unknown" | undefined {
  const loops = loopsAfter(node, made, facts);
  if (loops.length === 0 || turnProduct(loops, (it) => knownTurns(it, facts), Infinity) <= FEW_TURNS) return undefined;
  const sizes = loops.flatMap((loop) => {
    const sources = asComprehension(loop)?.clauses.map((it) => it.iterable) ?? [];
    const source = asFor(loop)?.iterable;
    return source ? [source] : sources;
  });
  const weights = sizes.map((it) => facts.sizeOf(it));
  if (weights.includes("heavy")) return "heavy";
  return weights.length > 0 && weights.length >= loops.length && weights.every((it) => it === "light")
    ? undefined
    : "unknown";
}

/** Each turn goes through the list anyway, takes an item out of it, asks for its place, or gives it to other code that may. */
function isWalkedAnyway(test: Node, place: Place, facts: Facts): boolean {
  const loop = test.ancestor("for_statement", "while_statement", ...COMPREHENSIONS);
  if (!loop) return false;
  return facts.memo(`${place.text} is walked`, loop, () => isWalkedIn(loop, place));
}

function isWalkedIn(loop: Node, place: Place): boolean {
  return place
    .usesIn(loop)
    .some(
      (it) =>
        !(it.kind === "iterated" && (it.in === loop || it.in.parent === loop)) &&
        (WALKS.has(it.kind) || (it.kind === "method" && TAKES.has(it.name ?? ""))),
    );
}

const COMPREHENSIONS = [
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
] as const;
const WALKS: ReadonlySet<string> = new Set(["iterated", "starred", "argument", "compared", "formatted"]);
const TAKES = new Set(["remove", "pop", "sort", "insert", "index", "count"]);

/** The one assignment that makes the list, for this name alone. */
function madeOnce(list: Node, facts: Facts): Site | undefined {
  const site = soleAssignment(list, facts);
  const isOwn = site && !site.isRemote && asAssignment(site.owner)?.targets.length === 1 && !/^__/.test(list.text);
  if (!isOwn || !site.value || !MAKES.has(site.value.kind) || facts.typeOf(site.value)?.name !== "list")
    return undefined;
  return ["function", "module"].includes(facts.scopeOf(site.name).kind) ? site : undefined;
}

const MAKES: ReadonlySet<Kind> = new Set<Kind>(["list", "list_comprehension", "call"]);
/** Certainly a new list: not one that a function keeps and may change, nor None. */
function isNew(value: Node, facts: Facts): boolean {
  const call = asCall(value);
  if (!call || isNewList(value, facts)) return true;
  const receiver = asMethodCall(value) && facts.typeOf(asMethodCall(value)!.object)?.name;
  return (
    facts.nameOf(call.callee)?.startsWith("builtins.") ?? ["str", "bytes", "list", "file"].includes(receiver ?? "")
  );
}

/** Nothing but tests and additions: a set could do all of it. */
function isSetLike(uses: readonly Use[]): boolean {
  return uses.every((it) => {
    if (it.kind === "membership" || it.kind === "tested") return true;
    const call = asMethodCall(it.kind === "method" ? it.call : undefined, "append", "extend");
    return (
      call?.args.length === 1 &&
      call.keywords.size === 0 &&
      !call.hasSplat &&
      expressionOf(statementOf(call.node)) === call.node
    );
  });
}

/** The list is made and changed only before the loop, in the same function. */
function isLeftAlone(test: Node, list: Node, site: Site, facts: Facts): boolean {
  const loop = outermost(test, site, facts);
  return (
    loop !== undefined &&
    !isLazy(test, facts) &&
    site.name.tree === test.tree &&
    facts.scopeOf(site.name).kind === "function" &&
    functionAround(loop) === functionAround(site.name) &&
    facts.isStableIn(list, loop) === "yes"
  );
}

/** In a generator whose items are asked for when the list may be another. */
function isLazy(test: Node, facts: Facts): boolean {
  return facts.loopsAround(test).some((it) => it.kind === "generator_expression" && !isConsumedAtOnce(it, facts));
}

const outermost = (test: Node, site: Site | undefined, facts: Facts): Node | undefined =>
  facts.loopsAround(test).findLast((it) => !site?.name.isInside(it));

function braces(list: Node): readonly Edit[] {
  const { tree, start, end } = list;
  return [replace({ tree, start, end: start + 1 }, "{"), replace({ tree, start: end - 1, end }, "}")];
}

function asSet(site: Site, uses: readonly Use[], { facts }: File): Fix | Declined {
  const value = site.value!;
  const head = site.annotation && typeHead(site.annotation);
  const isModule = facts.scopeOf(site.name).kind === "module";
  if (
    (head && (facts.nameOf(head) !== "builtins.list" || (isModule && !facts.hasPython("3.9")))) ||
    !facts.isBuiltin("set", site.name)
  )
    return declined("its annotation, or the name `set`, means something else");
  const methods = uses.flatMap((it) => asMethodCall(it.call, "append", "extend") ?? []);
  const doubt =
    isModule && !site.name.text.startsWith("_")
      ? "other files may use it as a list"
      : isNew(value, facts)
        ? undefined
        : "the call may return None, or a list that changes later";
  const test = uses.find((it) => it.kind === "membership")?.in;
  return fixOf(
    "Turn it into a set",
    [doubt, test && ownCodeDoubt(test, facts), frameDoubt(site.name, facts)],
    [
      ...(head ? [replace(head, "set")] : []),
      ...setOf(value, facts),
      ...methods.map((it) => replace(it.methodNode, it.method === "append" ? "add" : "update")),
    ],
  );
}

function setOf(value: Node, facts: Facts): readonly Edit[] {
  const call = asCall(value);
  const name = call && facts.nameOf(call.callee);
  // What cannot be sorted goes on to fail there.
  const isCopy =
    call?.args.length === 1 &&
    call.keywords.size === 0 &&
    (name === "builtins.list" || (name === "builtins.sorted" && hasPlainOrder(call.args[0], facts)));
  if (isCopy) return [replace(call.callee, "set")];
  if (value.kind === "list" && value.children.length === 0) return [replace(value, "set()")];
  return value.kind === "list" || value.kind === "list_comprehension"
    ? braces(value)
    : [replace(value, `set(${value.text})`)];
}

/** The list is needed as it is: a set of its items is made above the loop. */
function besideLoop(at: Node, list: Node, { facts }: File): Fix | Declined {
  const test = at.parent!;
  const site = madeOnce(list, facts);
  const loop = outermost(test, site, facts);
  if (!loop || !facts.isBuiltin("set", list)) return declined("the name `set` means something else");
  const name = facts.freshName(`${list.text}_set`, list);
  const above = statementOf(loop);
  const later = facts.usesOf(list).filter((it) => it.node.tree === loop.tree && it.node.start >= above.start);
  const region = later.every((it) => facts.isHarmless(it)) ? (above.parent ?? loop) : loop;
  const tests = later.filter(
    (it) => it.kind === "membership" && it.node.isInside(region) && functionAround(it.node) === functionAround(loop),
  );
  const home = site && statementOf(site.owner).parent;
  if (
    !home ||
    !above.isInside(home) ||
    site.name.start > above.start ||
    !startsLine(above) ||
    !isNew(site.value!, facts)
  )
    return declined("the list may not be there before the loop, or somebody else may change it");
  if (isInClassBody(above)) return declined(IN_CLASS);
  if (tests.some((it) => isLazy(it.node, facts))) return declined("the tests run later, when the list may be another");
  const after = region === loop ? [loop] : statementsOf(region).filter((it) => it.start >= above.start);
  const edits = [lineAbove(above, `${name} = set(${list.text})`), ...tests.map((it) => replace(it.node, name))];
  return fixOf(
    "Test against a set built before the loop",
    [
      after.map((it) => changeDoubt(list, it, facts)).find((it) => it !== undefined),
      ownCodeDoubt(test, facts),
      frameDoubt(loop, facts),
    ],
    edits,
  );
}
