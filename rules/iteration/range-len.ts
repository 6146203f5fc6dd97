/** `for i in range(len(items))` whose index only serves to read the items. */

import {
  asAssignment,
  asAttribute,
  asBinary,
  asCall,
  asFor,
  asSubscript,
  changeDoubt,
  declined,
  defineRule,
  fixOf,
  frameDoubt,
  functionAround,
  hasComments,
  indentOf,
  indentUnit,
  integerOf,
  isCompiled,
  isConsumedAtOnce,
  isSamePlace,
  isUncheckedOptional,
  itemName,
  ownCodeDoubt,
  removeStatement,
  replace,
  statementOf,
  statementsOf,
  textValue,
  unwrap,
  useOf,
  weakest,
  wrapped,
  type Declined,
  type Edit,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type Node,
  type Use,
} from "../../analysis/authoring.js";

const SEQUENCES = new Set([
  "list",
  "tuple",
  "str",
  "bytes",
  "range",
  "collections.deque",
  "typing.Sequence",
  "torch.nn.ModuleList",
  "torch.nn.Sequential",
]);

export default defineRule({
  title: "Index loop that only reads items",
  why: "The index is only used to look up the item, which a loop over the sequence gives directly. Direct iteration is clearer, works for any iterable and does less work per iteration; with enumerate and zip the gain is clarity.",
  guide: "code-level",
  level: "hint",
  gain: "clarity",
  overlaps: ["C0200"],
  unlike: "comprehensions count too, what is no sequence is left alone, and the fix writes what the index is used for",
  overrides: ["iteration/append-in-loop"],
  fixes: "safe",

  examples: [
    {
      before: `
def show(names: list[str]) -> None:
    for i in range(len(names)):
        print(names[i])
`,
      after: `
def show(names: list[str]) -> None:
    for name in names:
        print(name)
`,
    },
    {
      before: `
def number(names: list[str]) -> None:
    for i in range(len(names)):
        print(i + 1, names[i])
`,
      after: `
def number(names: list[str]) -> None:
    for i, name in enumerate(names):
        print(i + 1, name)
`,
    },
  ],

  on: ["for_statement", "for_in_clause"],

  find(node, { facts }) {
    const [index, iterable] = [node.field("left"), node.field("right")];
    const counted = iterable && index?.kind === "identifier" ? measured(iterable, facts) : undefined;
    const items = counted?.items;
    const region = asFor(node)?.body ?? (node.kind === "for_in_clause" ? node.parent : undefined);
    if (!index || !iterable || !items || !region || node.hasToken("async")) return undefined;
    if (region.kind === "generator_expression" && !isConsumedAtOnce(region, facts)) return undefined;

    const uses = indexUses(index, items, region, node, facts);
    if (!uses) return undefined;
    const others = [...uses.others.values()].map(([first]) => first!.value);
    const read = uses.items.length > 0 ? [items, ...others] : others;
    // One sequence as long as another one is asked for by its own name; more than a few are no easier to read in zip().
    if (read.length === 0 || read.length > MOST_READ || (uses.items.length === 0 && read.length < 2)) return undefined;
    const evidence = weakest(...read.map((it) => sequenceEvidence(it, facts)));
    if (uses.stores.length > 0 && others.length > 0) return undefined;
    // What is read after it was set anew is no item of the loop.
    if (uses.stores.length === 1 && !isReadBefore(uses, region)) return undefined;
    const { isCut } = counted;
    if (isCut && (others.length > 0 || uses.stores.length > 0 || !canBeCut(items, facts))) return undefined;
    if (!evidence || !read.every((it) => isUnchanged(it, index, region, uses.stores, facts))) return undefined;
    if (isCompiled(node, facts) || facts.scopeOf(node).kind === "class") return undefined;
    const weight = facts.isTest ? ("light" as const) : facts.weightOf(region);
    return {
      at: iterable,
      construct: asFor(node)?.node ?? region,
      evidence,
      weight,
      index,
      items,
      looped: isCut ? `${items.text}[:-1]` : items.text,
      region,
      uses,
      read,
    };
  },

  message: ({ index, items, looped, uses, read }) => {
    const names = read.map((it) => `\`${it.text}\``);
    const shown = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
    if (read.length > 1)
      return uses.count > 0
        ? `\`${index.text}\` reads ${shown} side by side; enumerate(zip(…)) gives it and the items.`
        : `\`${index.text}\` is only used to read ${shown} side by side; zip() pairs them.`;
    const [one] = read;
    if (uses.stores.length > 0)
      return `enumerate() gives \`${index.text}\` and the item, so \`${one!.text}[${index.text}]\` is needed only where it is set.`;
    if (uses.count > 0)
      return `enumerate() gives \`${index.text}\` and the item, so \`${one!.text}[${index.text}]\` is not needed.`;
    const advice = looped === items.text ? `\`${looped}\` itself` : `\`${looped}\``;
    return `\`${index.text}\` is only used to read \`${items.text}[${index.text}]\`; loop over ${advice}.`;
  },

  fix(match, file) {
    const { at, index, items, looped, uses, read, region, evidence } = match;
    const { facts } = file;
    if (hasComments(at)) return declined("a comment would be lost");
    if (uses.items.length === 0) return declined(`\`${items.text}\` may be shorter than what is read`);
    if (uses.count > 0 && !facts.isBuiltin("enumerate", index))
      return declined("`enumerate` means something else here");
    if (read.length > 1) return paired(match, file);
    if (uses.stores.length > 0 && !isReadBefore(uses, region)) return declined("an item is set in several places");
    const named = namedFirst(match, facts);
    const item = named?.name ?? itemName(items, facts);
    const reads = uses.items.filter((it) => !named || !it.node.isInside(named.statement));
    return fixOf(
      uses.count > 0 ? "Use enumerate()" : "Loop over the items",
      [
        evidence !== "proof" && `\`${items.text}\` must be a sequence`,
        (uses.stores.length > 0
          ? `the loop goes through \`${items.text}\` while it sets its items`
          : changeDoubt(items, region, facts)) ??
          (isUncheckedOptional(items, facts) && "None raises a different error"),
        ownCodeDoubt(items, facts),
        frameDoubt(index, facts),
      ],
      [
        replace(index, uses.count > 0 ? `${index.text}, ${item}` : item),
        replace(at, uses.count > 0 ? `enumerate(${looped})` : looped),
        ...reads.map((it) => replace(it.node, item)),
        ...(named ? [named.removal] : []),
      ],
    );
  },
});

/** Side by side; more than these are no easier to read in `zip()`. */
const MOST_READ = 4;

/** `name = items[i]` as the first statement: the loop itself can give that name. */
function namedFirst(
  { region, uses, items, index }: { region: Node; uses: IndexUses; items: Node; index: Node },
  facts: Facts,
): { readonly name: string; readonly statement: Node; readonly removal: Edit } | undefined {
  const [first, second] = region.kind === "block" ? statementsOf(region) : [];
  const assignment = asAssignment(first);
  const [target, more] = assignment?.targets ?? [];
  const isOwn = uses.items.some((it) => it.node === assignment?.value);
  if (!first || !second || !target || more || assignment?.annotation || target.kind !== "identifier" || !isOwn)
    return undefined;
  const isSetOnce = facts.writesOf(target, region).every((it) => it.name === target);
  if (!isSetOnce || target.text === index.text || items.text === target.text) return undefined;
  const removal = removeStatement(first);
  return removal && { name: target.text, statement: first, removal };
}

interface ItemRead {
  readonly node: Node;
  readonly value: Node;
}

interface IndexUses {
  readonly items: readonly ItemRead[];
  /** Reads of other sequences by the same index, by name. */
  readonly others: ReadonlyMap<string, readonly ItemRead[]>;
  /** Where the item at the index is set anew: `items[i]` in `items[i] = …`. */
  readonly stores: readonly Node[];
  /** Uses of the index for its own sake, or to set an item. */
  readonly count: number;
}

/** What is counted. `isCut`: all of it but the last item. */
interface Counted {
  readonly items: Node;
  readonly isCut: boolean;
}

/** The sequence in `range(len(items))`, `range(0, len(items))` or `range(len(items) - 1)`. */
function measured(iterable: Node, facts: Facts): Counted | undefined {
  const range = asCall(unwrap(iterable));
  const [first, second] = range?.args ?? [];
  const isWhole = range?.args.length === 1 || (range?.args.length === 2 && integerOf(first) === 0);
  const end = isWhole ? (second ?? first) : undefined;
  const difference = asBinary(end);
  const isCut = difference?.operator === "-" && integerOf(difference.right) === 1;
  const length = asCall(isCut ? difference.left : end);
  const [items, more] = length?.args ?? [];
  if (!range || !length || !items || more || range.hasSplat || length.hasSplat || range.keywords.size > 0)
    return undefined;
  return isPath(items) &&
    facts.nameOf(range.callee) === "builtins.range" &&
    facts.nameOf(length.callee) === "builtins.len"
    ? { items, isCut }
    : undefined;
}

/** A name, and from there attributes and items at places that are written down or have a name: `self.layers`, `table["rows"]`, `grid[row]`. */
function isPath(items: Node, depth = DEEPEST): boolean {
  if (items.kind === "identifier") return true;
  const inner = depth > 0 ? insideOf(items) : undefined;
  return inner !== undefined && isPath(inner, depth - 1);
}

/** More steps than these are seldom the same thing in each turn. */
const DEEPEST = 3;

/** What an attribute or item is taken from. */
function insideOf(items: Node): Node | undefined {
  const attribute = asAttribute(items);
  // A type of records has a length and items, but cannot be looped over.
  if (attribute) return attribute.name === "dtype" ? undefined : attribute.object;
  const subscript = asSubscript(items);
  const [key, more] = subscript?.indices ?? [];
  const isFixed = key && (key.kind === "identifier" || textValue(key) !== undefined || integerOf(key) !== undefined);
  return isFixed && !more ? subscript!.value : undefined;
}

/** A slice of it is a sequence as well. */
const canBeCut = (items: Node, facts: Facts): boolean => facts.typed(items, "fair")?.type.name !== "collections.deque";

/** Undefined where the index leaves the loop, is set in it, computes another place, or is used where it may have moved on. */
function indexUses(index: Node, items: Node, region: Node, loop: Node, facts: Facts): IndexUses | undefined {
  const own: ItemRead[] = [];
  const others = new Map<string, ItemRead[]>();
  const stores: Node[] = [];
  let count = 0;
  if (facts.isRemote(index) || facts.isDeleted(index) || facts.writesOf(index, region).some((it) => it.name !== index))
    return undefined;
  if (facts.isSeenOutside(index, region)) return undefined;
  for (const read of facts.readsOf(index, region)) {
    if (functionAround(read) !== functionAround(loop) || read.ancestor("interpolation")?.hasToken("="))
      return undefined;
    const lazy = read.ancestor("generator_expression");
    if (lazy && lazy !== region && lazy.isInside(region) && !isConsumedAtOnce(lazy, facts)) return undefined;
    const around = read.ancestor("subscript");
    const subscript = asSubscript(wrapped(read).parent);
    if (subscript && subscript.node === around && subscript.indices.length === 1 && subscript.value !== read) {
      const kind = useOf(subscript.value).kind;
      // What it stores into another list goes on to need it.
      if (kind === "subscript-store" && isOtherStore(subscript.value, items, facts)) {
        count++;
        continue;
      }
      if (kind === "subscript-store" && isOwnStore(subscript.node, items)) {
        stores.push(subscript.node);
        count++;
        continue;
      }
      if (kind !== "subscript") return undefined;
      const found = { node: subscript.node, value: subscript.value };
      const known = subscript.value.text === items.text ? items : others.get(subscript.value.text)?.[0]?.value;
      // A comprehension inside may call something else by the same name.
      if (known?.kind === "identifier" && !isSamePlace(known, subscript.value, facts)) return undefined;
      if (known === items) own.push(found);
      else others.set(subscript.value.text, [...(others.get(subscript.value.text) ?? []), found]);
    } else if ((around?.isInside(region) && !read.isInside(around.field("value")!)) || isBound(read)) return undefined;
    else count++;
  }
  return { items: own, others, stores, count };
}

/** `items[i] = …`, and nothing else in the same statement is set. */
function isOwnStore(stored: Node, items: Node): boolean {
  const { targets = [] } = asAssignment(statementOf(stored)) ?? {};
  return asSubscript(stored)?.value.text === items.text && targets.length === 1 && targets[0] === stored;
}

/** Each item is read before it is set, so that one read at the beginning of the turn is as good. */
function isReadBefore({ items, stores }: IndexUses, region: Node): boolean {
  const [first, ...others] = stores.map((it) => statementOf(it));
  return (
    first !== undefined &&
    others.length === 0 &&
    first.ancestor("for_statement", "while_statement") === region.parent &&
    items.every((it) => it.node.end <= first.end)
  );
}

const isOtherStore = (stored: Node, items: Node, facts: Facts): boolean =>
  stored.text !== items.text && /^(list|dict)$/.test(facts.typed(stored, "fair")?.type.name ?? "");

/** `for j in range(i, …)`: the index says where another one begins. */
function isBound(read: Node): boolean {
  return asCall(read.ancestor("call"))?.callee.text === "range";
}

/** A sequence by its type, or by how it is used: counted and asked for its items by number, and nothing says that it is anything else. */
function sequenceEvidence(items: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(items, "fair");
  if (typed) return SEQUENCES.has(typed.type.name) ? typed.evidence : undefined;
  const root = rootOf(items);
  if (root !== items && TABLES.some((kind) => facts.takenFor(root, kind) !== undefined)) return undefined;
  const alike = facts.likeness(items);
  return alike === undefined || alike.kind === "sequence" || alike.kind === "text" ? "fair" : undefined;
}

/** What is taken from these is mostly not read item by item at all. */
const TABLES = ["frame", "series", "array", "tensor"] as const;

function rootOf(items: Node): Node {
  const inner = insideOf(items);
  return inner ? rootOf(inner) : items;
}

/** Nothing in the loop changes or rebinds it, apart from what sets the item at the index. */
function isUnchanged(items: Node, index: Node, region: Node, stores: readonly Node[], facts: Facts): boolean {
  if (stores.length > 0)
    return (
      items.kind === "identifier" &&
      facts.writesOf(items, region).length === 0 &&
      facts
        .usesOf(items)
        .filter((it) => it.node.isInside(region))
        .every((it) => facts.isHarmless(it) || stores.some((store) => it.node.isInside(store)))
    );
  if (items.kind === "identifier") return facts.isStableIn(items, region) === "yes";
  return (
    isPath(items) &&
    isSameTaken(items, index, region, facts) &&
    usesIn(items, region).every(facts.isHarmless) &&
    !isSetInside(rootOf(items), region)
  );
}

/** `grid[row][i] = …`, whichever row that is. */
function isSetInside(root: Node, region: Node): boolean {
  return region.descendants("subscript").some((it) => {
    let value = asSubscript(it)?.value;
    const isStored = value !== undefined && useOf(value).kind === "subscript-store";
    while (isStored && value?.kind === "subscript") value = asSubscript(value)?.value;
    return isStored && value?.text === root.text;
  });
}

/** Each turn takes the same thing from the same place. */
function isSameTaken(taken: Node, index: Node, region: Node, facts: Facts): boolean {
  const inner = insideOf(taken);
  if (!inner) return true;
  const key = asSubscript(taken)?.indices[0];
  if (key?.kind === "identifier" && (key.text === index.text || facts.writesOf(key, region).length > 0)) return false;
  const isSame = key
    ? inner.kind === "identifier"
      ? facts.isStableIn(inner, region) === "yes"
      : usesIn(inner, region).every(facts.isHarmless)
    : inner.kind === "identifier"
      ? facts.writesOf(inner, region).length === 0
      : usesIn(inner, region).every((it) => it.kind !== "other" && it.kind !== "deleted" && it.kind !== "augmented");
  return isSame && isSameTaken(inner, index, region, facts);
}

const usesIn = (items: Node, region: Node): readonly Use[] =>
  region.descendants(items.kind).flatMap((it) => (it.text === items.text ? [useOf(it)] : []));

/** On several lines where the header would be too long. */
function zipped(at: Node, args: string, targets: string, facts: Facts): string {
  const indent = indentOf(at);
  const loop = asFor(at.parent);
  const isLong = indent.length + `for ${targets} in zip(${args}):`.length > facts.lineLength;
  if (!loop || !isLong) return `zip(${args})`;
  return `zip(\n${indent}${indentUnit(loop.node, facts)}${args}\n${indent})`;
}

function paired(
  {
    at,
    index,
    uses,
    read,
    region,
    evidence,
  }: { at: Node; index: Node; uses: IndexUses; read: readonly Node[]; region: Node; evidence: Evidence },
  { facts }: File,
): Fix | Declined {
  if (!facts.hasPython("3.10")) return declined("zip() knows `strict` only from Python 3.10 on");
  if (!facts.isBuiltin("zip", index)) return declined("`zip` means something else here");
  if (!read.every((it) => it.kind === "identifier" || it.kind === "attribute"))
    return declined("the items have no name of their own");
  const reads = [uses.items, ...uses.others.values()];
  const named = namedAhead(region, reads.flat(), index, facts);
  const taken: string[] = [...named.values()].map((it) => it.name);
  const names = reads.map((all, place) => {
    const given = all.map((it) => named.get(it.node)?.name).find((it) => it !== undefined);
    const name = given ?? itemName(read[place]!, facts, taken);
    taken.push(name);
    return name;
  });
  const args = `${read.map((it) => it.text).join(", ")}, strict=True`;
  const targets = names.join(", ");
  return fixOf(
    uses.count > 0 ? "Use enumerate() and zip()" : "Use zip()",
    [
      "it raises ValueError if the lengths differ",
      evidence !== "proof" && `${read.map((it) => `\`${it.text}\``).join(" and ")} must be sequences`,
      read.map((it) => changeDoubt(it, region, facts)).find((it) => it !== undefined),
      frameDoubt(index, facts),
    ],
    [
      replace(index, uses.count > 0 ? `${index.text}, (${targets})` : targets),
      replace(at, uses.count > 0 ? `enumerate(zip(${args}))` : zipped(at, args, targets, facts)),
      ...reads.flatMap((all, place) => all.map((it) => named.get(it.node)?.removal ?? replace(it.node, names[place]!))),
    ],
  );
}

/** By the read: the statements `name = items[i]` with which the body begins, whose names the loop can give. */
function namedAhead(
  region: Node,
  reads: readonly ItemRead[],
  index: Node,
  facts: Facts,
): ReadonlyMap<Node, { readonly name: string; readonly removal: Edit }> {
  const found = new Map<Node, { readonly name: string; readonly removal: Edit }>();
  const seen = new Set<string>();
  const statements = region.kind === "block" ? statementsOf(region) : [];
  for (const statement of statements.slice(0, -1)) {
    const assignment = asAssignment(statement);
    const [target, more] = assignment?.targets ?? [];
    const read = reads.find((it) => it.node === assignment?.value);
    const removal = removeStatement(statement);
    if (!read || !removal || target?.kind !== "identifier" || more || assignment?.annotation) break;
    const isOwn = facts.writesOf(target, region).every((it) => it.name === target) && target.text !== index.text;
    if (!isOwn || seen.has(read.value.text) || reads.some((it) => it.value.text === target.text)) break;
    seen.add(read.value.text);
    found.set(read.node, { name: target.text, removal });
  }
  return found;
}
