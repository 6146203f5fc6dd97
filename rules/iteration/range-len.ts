/** `for i in range(len(items))` whose index only serves to read the items. */

import {
  asAssignment,
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
  statementsOf,
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
  overlaps: ["PLC0200"],
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
    const items = iterable && index?.kind === "identifier" ? measured(iterable, facts) : undefined;
    const region = asFor(node)?.body ?? (node.kind === "for_in_clause" ? node.parent : undefined);
    if (!index || !iterable || !items || !region || node.hasToken("async")) return undefined;
    if (region.kind === "generator_expression" && !isConsumedAtOnce(region, facts)) return undefined;

    const uses = indexUses(index, items, region, node, facts);
    const sure = sequenceEvidence(items, facts);
    if (!uses || uses.items.length === 0 || !sure || !isUnchanged(items, region, facts)) return undefined;
    const [other, more] = uses.others.keys();
    if (more !== undefined || (other !== undefined && uses.count > 0)) return undefined;
    const partner = other === undefined ? undefined : uses.others.get(other)?.[0]?.value;
    const evidence = partner ? weakest(sure, sequenceEvidence(partner, facts)) : sure;
    if (!evidence || (partner && !isUnchanged(partner, region, facts))) return undefined;
    if (isCompiled(node, facts) || facts.scopeOf(node).kind === "class") return undefined;
    const weight = facts.isTest ? ("light" as const) : facts.weightOf(region);
    return {
      at: iterable,
      construct: asFor(node)?.node ?? region,
      evidence,
      weight,
      index,
      items,
      region,
      uses,
      partner,
    };
  },

  message: ({ index, items, uses, partner }) => {
    if (partner)
      return `\`${index.text}\` is only used to read \`${items.text}\` and \`${partner.text}\` side by side; zip() pairs them.`;
    if (uses.count > 0)
      return `enumerate() gives \`${index.text}\` and the item, so \`${items.text}[${index.text}]\` is not needed.`;
    return `\`${index.text}\` is only used to read \`${items.text}[${index.text}]\`; loop over \`${items.text}\` itself.`;
  },

  fix(match, file) {
    const { at, index, items, uses, partner, region, evidence } = match;
    const { facts } = file;
    if (hasComments(at)) return declined("a comment would be lost");
    if (partner) return paired(match, partner, file);
    if (uses.count > 0 && !facts.isBuiltin("enumerate", index))
      return declined("`enumerate` means something else here");
    const named = namedFirst(match, facts);
    const item = named?.name ?? itemName(items, facts);
    const reads = uses.items.filter((it) => !named || !it.node.isInside(named.statement));
    return fixOf(
      uses.count > 0 ? "Use enumerate()" : "Loop over the items",
      [
        evidence !== "proof" && `\`${items.text}\` must be a sequence`,
        changeDoubt(items, region, facts) ?? (isUncheckedOptional(items, facts) && "None raises a different error"),
        ownCodeDoubt(items, facts),
        frameDoubt(index, facts),
      ],
      [
        replace(index, uses.count > 0 ? `${index.text}, ${item}` : item),
        replace(at, uses.count > 0 ? `enumerate(${items.text})` : items.text),
        ...reads.map((it) => replace(it.node, item)),
        ...(named ? [named.removal] : []),
      ],
    );
  },
});

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
  /** Uses of the index for its own sake. */
  readonly count: number;
}

/** The sequence in `range(len(items))` or `range(0, len(items))`. */
function measured(iterable: Node, facts: Facts): Node | undefined {
  const range = asCall(unwrap(iterable));
  const [first, second] = range?.args ?? [];
  const isWhole = range?.args.length === 1 || (range?.args.length === 2 && integerOf(first) === 0);
  const length = isWhole ? asCall(second ?? first) : undefined;
  const [items, more] = length?.args ?? [];
  if (!range || !length || !items || more || range.hasSplat || length.hasSplat || range.keywords.size > 0)
    return undefined;
  const isPath = items.kind === "identifier" || /^self\.\w+$/.test(items.text);
  return isPath && facts.nameOf(range.callee) === "builtins.range" && facts.nameOf(length.callee) === "builtins.len"
    ? items
    : undefined;
}

/** Undefined where the index leaves the loop, is set in it, computes another place, or is used where it may have moved on. */
function indexUses(index: Node, items: Node, region: Node, loop: Node, facts: Facts): IndexUses | undefined {
  const own: ItemRead[] = [];
  const others = new Map<string, ItemRead[]>();
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
      if (useOf(subscript.value).kind !== "subscript") return undefined;
      const found = { node: subscript.node, value: subscript.value };
      const known = subscript.value.text === items.text ? items : others.get(subscript.value.text)?.[0]?.value;
      // A comprehension inside may call something else by the same name.
      if (known?.kind === "identifier" && !isSamePlace(known, subscript.value, facts)) return undefined;
      if (known === items) own.push(found);
      else others.set(subscript.value.text, [...(others.get(subscript.value.text) ?? []), found]);
    } else if ((around?.isInside(region) && !read.isInside(around.field("value")!)) || isBound(read)) return undefined;
    else count++;
  }
  return { items: own, others, count };
}

/** `for j in range(i, …)`: the index says where another one begins. */
function isBound(read: Node): boolean {
  return asCall(read.ancestor("call"))?.callee.text === "range";
}

/** A sequence by its type, or by how it is used: counted and asked for its items by number, and nothing says that it is anything else. */
function sequenceEvidence(items: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(items, "fair");
  if (typed) return SEQUENCES.has(typed.type.name) ? typed.evidence : undefined;
  const alike = facts.likeness(items);
  return alike === undefined || alike.kind === "sequence" || alike.kind === "text" ? "fair" : undefined;
}

/** Nothing in the loop changes or rebinds it. */
function isUnchanged(items: Node, region: Node, facts: Facts): boolean {
  if (items.kind === "identifier") return facts.isStableIn(items, region) === "yes";
  const same = region.descendants("attribute").filter((it) => it.text === items.text);
  return items.kind === "attribute" && same.every((it) => facts.isHarmless(useOf(it)));
}

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
    items,
    uses,
    region,
    evidence,
  }: { at: Node; index: Node; items: Node; uses: IndexUses; region: Node; evidence: Evidence },
  partner: Node,
  { facts }: File,
): Fix | Declined {
  const item = itemName(items, facts);
  const other = itemName(partner, facts, [item]);
  if (!facts.hasPython("3.10")) return declined("zip() knows `strict` only from Python 3.10 on");
  if (!facts.isBuiltin("zip", index)) return declined("`zip` means something else here");
  return fixOf(
    "Use zip()",
    [
      "it raises ValueError if the lengths differ",
      evidence !== "proof" && `\`${items.text}\` and \`${partner.text}\` must be sequences`,
      changeDoubt(items, region, facts) ?? changeDoubt(partner, region, facts),
      frameDoubt(index, facts),
    ],
    [
      replace(index, `${item}, ${other}`),
      replace(at, zipped(at, `${items.text}, ${partner.text}, strict=True`, `${item}, ${other}`, facts)),
      ...uses.items.map((it) => replace(it.node, item)),
      ...[...uses.others.values()].flat().map((it) => replace(it.node, other)),
    ],
  );
}
