/** `for i in range(len(items))` whose index only serves to read the items. */

import {
  asCall, asFor, asSubscript, defineRule, functionAround, hasComments, integerOf, isCompiled, isConsumedAtOnce, isUncheckedOptional, lastName, replace, singular, unwrap, useOf, wrapped,
  type Edit, type Facts, type File, type Fix, type Node,
} from "../../analysis/authoring.js";

const SEQUENCES = new Set(["list", "tuple", "str", "bytes", "range", "collections.deque", "typing.Sequence", "torch.nn.ModuleList", "torch.nn.Sequential"]);
const IMMUTABLE = new Set(["tuple", "str", "bytes", "range"]);

export default defineRule({
  title: "Index loop that only reads the items",
  why: "The index is made, carried and looked up only to get the item that a loop over the sequence gives by itself. Direct iteration says what is meant, works for any iterable and does less per turn; enumerate and zip are gains in clarity.",
  guide: "code-level",
  level: "info",
  gain: "clarity",
  overlaps: ["PLC0200"],
  yieldsTo: ["numpy/elementwise-loop", "numpy/pairwise-loop", "numba/uncompiled-numeric-loop"],
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
    if (!uses || uses.items.length === 0 || !isSteady(items, region, facts)) return undefined;
    const [other, more] = uses.others.keys();
    if (more !== undefined || (other !== undefined && uses.count > 0)) return undefined;
    const partner = other === undefined ? undefined : uses.others.get(other)?.[0]?.value;
    if (partner && !isSteady(partner, region, facts)) return undefined;
    if (isCompiled(node, facts) || facts.scopeOf(node).kind === "class") return undefined;
    return { at: iterable, construct: asFor(node)?.node ?? region, index, items, region, uses, partner };
  },

  message: ({ index, items, uses, partner }) => {
    if (partner) return `\`${index.text}\` only serves to read \`${items.text}\` and \`${partner.text}\` side by side; zip() pairs them.`;
    if (uses.count > 0) return `enumerate() gives \`${index.text}\` and the item, so \`${items.text}[${index.text}]\` is not needed.`;
    return `\`${index.text}\` only serves to read \`${items.text}[${index.text}]\`; loop over \`${items.text}\` itself.`;
  },

  fix(match, file) {
    const { at, index, items, uses, partner, region } = match;
    const { facts } = file;
    if (hasComments(at)) return undefined;
    const item = itemName(items, file);
    const reads = uses.items.map((it) => replace(it.node, item));
    if (partner) return paired(match, partner, item, reads, file);
    if (uses.count > 0 && !facts.isBuiltin("enumerate", index)) return undefined;
    const isOutside = !isOutOfReach(items, region, facts);
    const isSafe = !isOutside && !isUncheckedOptional(items, facts);
    const doubt = isOutside ? ` (review: what the loop calls may change ${items.text})` : isSafe ? "" : " (review: None fails in other words)";
    return {
      title: `${uses.count > 0 ? "Use enumerate()" : "Loop over the items"}${doubt}`,
      safety: isSafe ? "safe" : "review",
      edits: [replace(index, uses.count > 0 ? `${index.text}, ${item}` : item), replace(at, uses.count > 0 ? `enumerate(${items.text})` : items.text), ...reads],
    };
  },
});

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
  if (!range || !length || !items || more || range.hasSplat || length.hasSplat || range.keywords.size > 0) return undefined;
  const isPath = items.kind === "identifier" || /^self\.\w+$/.test(items.text);
  return isPath && facts.nameOf(range.callee) === "builtins.range" && facts.nameOf(length.callee) === "builtins.len" ? items : undefined;
}

/** Undefined where the index leaves the loop, is set in it, computes another place, or is used where it may have moved on. */
function indexUses(index: Node, items: Node, region: Node, loop: Node, facts: Facts): IndexUses | undefined {
  const own: ItemRead[] = [];
  const others = new Map<string, ItemRead[]>();
  let count = 0;
  if (facts.writesOf(index).some((it) => it.isRemote || it.kind === "delete" || (it.name !== index && it.name.isInside(region)))) return undefined;
  for (const read of facts.readsOf(index)) {
    if (!read.isInside(region)) {
      if (facts.reachingSites(read).some((it) => it.name === index)) return undefined;
      continue;
    }
    if (functionAround(read) !== functionAround(loop) || read.ancestor("interpolation")?.hasToken("=")) return undefined;
    const lazy = read.ancestor("generator_expression");
    if (lazy && lazy !== region && lazy.isInside(region) && !isConsumedAtOnce(lazy, facts)) return undefined;
    const around = read.ancestor("subscript");
    const subscript = asSubscript(wrapped(read).parent);
    if (subscript && subscript.node === around && subscript.indices.length === 1 && subscript.value !== read) {
      if (useOf(subscript.value).kind !== "subscript") return undefined;
      const found = { node: subscript.node, value: subscript.value };
      const known = subscript.value.text === items.text ? items : others.get(subscript.value.text)?.[0]?.value;
      // A comprehension inside may call something else by the same name.
      if (known?.kind === "identifier" && !facts.readsOf(known).includes(subscript.value)) return undefined;
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

/** A sequence by its type, which nothing in the loop changes or rebinds. */
function isSteady(items: Node, region: Node, facts: Facts): boolean {
  if (!SEQUENCES.has(facts.typeOf(items)?.name ?? "")) return false;
  if (items.kind === "identifier") return facts.isStableIn(items, region) === "yes";
  const same = region.descendants("attribute").filter((it) => it.text === items.text);
  return items.kind === "attribute" && same.every((it) => facts.isHarmless(useOf(it)));
}

/** No code outside the loop's own text can change the sequence meanwhile. */
function isOutOfReach(items: Node, region: Node, facts: Facts): boolean {
  if (IMMUTABLE.has(facts.typeOf(items)?.name ?? "") || !facts.runsUnknownCode(region)) return true;
  if (items.kind !== "identifier") return false;
  const isMadeHere = facts.writesOf(items).every((it) => it.kind === "assign" && it.path.length === 0 && it.value !== undefined && FRESH.has(it.value.kind));
  return isMadeHere && facts.usesOf(items).every((it) => it.kind === "method" || it.kind === "returned" || facts.isHarmless(it));
}

const FRESH = new Set(["list", "list_comprehension"]);

function itemName(items: Node, { facts }: File): string {
  const wanted = singular(lastName(items)) ?? "item";
  return facts.isTaken(wanted, items) ? facts.freshName("item", items) : wanted;
}

function paired({ at, index, items, uses }: { at: Node; index: Node; items: Node; uses: IndexUses }, partner: Node, item: string, reads: readonly Edit[], file: File): Fix | undefined {
  const other = itemName(partner, file);
  if (!file.facts.hasPython("3.10") || !file.facts.isBuiltin("zip", index) || other === item) return undefined;
  return {
    title: "Use zip() (review: raises ValueError if the lengths differ)",
    safety: "review",
    edits: [replace(index, `${item}, ${other}`), replace(at, `zip(${items.text}, ${partner.text}, strict=True)`), ...reads, ...[...uses.others.values()].flat().map((it) => replace(it.node, other))],
  };
}
