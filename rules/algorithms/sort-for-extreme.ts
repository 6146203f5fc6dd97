/** `sorted(items)[0]`: everything is put in order to read one end of it. */

import {
  asBinary,
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  elementOf,
  fixOf,
  hasComments,
  hasPlainOrder,
  holdsItems,
  importModule,
  integerOf,
  isCompiled,
  isNewList,
  nameGiven,
  ownCodeDoubt,
  replace,
  unwrap,
  useOf,
  type Call,
  type Declined,
  type Facts,
  type File,
  type Fix,
  type Node,
  type Use,
  type Weight,
} from "../../analysis/authoring.js";

/** Beyond this a sort may be as good. */
const MOST_KEPT = 100;
const ARRAYS = new Set([
  "numpy.ndarray",
  "pandas.Series",
  "pandas.DataFrame",
  "pandas.Index",
  "torch.Tensor",
  "tensorflow.Tensor",
  "polars.Series",
]);
const SIZED = new Set(["list", "tuple", "set", "frozenset", "dict", "str", "collections.deque"]);

export default defineRule({
  title: "Full sort to get only the smallest or largest items",
  why: "Sorting orders every item, although only one end is read. min and max look at each item once; on long input heapq.nsmallest and nlargest keep only the few items that are asked for.",
  guide: "complexity",
  level: "info",
  gain: "time",
  overlaps: ["FURB192"],
  unlike: "`sorted(items)[:k]` and a `sort()` for one end count too, and an empty list is a doubt of the fix",
  overrides: ["iteration/repeated-pure-call"],
  fixes: "safe",

  examples: [
    {
      before: `
def cheapest(prices: list[int]) -> int | None:
    return sorted(prices)[0] if prices else None
`,
      after: `
def cheapest(prices: list[int]) -> int | None:
    return min(prices) if prices else None
`,
    },
    {
      before: `
import heapq

def fastest(latencies: list[int]) -> list[int]:
    return sorted(latencies)[:10]
`,
      after: `
import heapq

def fastest(latencies: list[int]) -> list[int]:
    return heapq.nsmallest(10, latencies)
`,
    },
  ],

  on: ["subscript", "call"],
  calls: ["builtins.sorted"],
  methods: ["sort"],

  find(node, { facts }) {
    if (node.kind === "call") return sortedInPlace(node, facts) ?? sortedUnderName(node, facts);
    // Most of what is indexed is no call, and a view of each would cost more than the rest of the rule.
    const value = node.field("value")?.kind;
    if (value !== "call" && value !== "parenthesized_expression") return undefined;
    const subscript = asSubscript(node);
    const [index, more] = subscript?.indices ?? [];
    const end = index && !more ? endRead(index) : undefined;
    const call = end && asCall(subscript?.value);
    const [items, extra] = call?.args ?? [];
    if (
      !end ||
      !call ||
      !items ||
      extra ||
      call.hasSplat ||
      facts.nameOf(call.callee) !== "builtins.sorted" ||
      isTarget(node) ||
      isCompiled(node, facts)
    )
      return undefined;

    const key = call.keywords.get("key");
    const reverse = call.keywords.get("reverse");
    if (
      call.keywords.size !== (key ? 1 : 0) + (reverse ? 1 : 0) ||
      (reverse && reverse.kind !== "true" && reverse.kind !== "false")
    )
      return undefined;
    const type = facts.typeOf(items);
    const size = facts.isTest ? "light" : facts.sizeOf(items);
    if (ARRAYS.has(type?.name ?? "")) return undefined;
    // To keep a few of some hundred a sort is as quick: only what may be long, and is not kept to be shown, is worth a word.
    if (
      end.count !== undefined &&
      (!mayBeMany(items) ||
        !(key || isPlainOrder(items, key, facts)) ||
        type?.name === "str" ||
        size === "light" ||
        isShown(node, facts))
    )
      return undefined;
    const takesLargest = end.isLast !== (reverse?.kind === "true");
    const weight = end.count !== undefined && size === "heavy" ? "heavy" : size === "light" ? "light" : "unknown";
    return {
      at: call.callee,
      weight: weight as Weight,
      node,
      items,
      key: key?.kind === "none" ? undefined : key,
      takesLargest,
      isNamed: false,
      ...end,
    };
  },

  message: ({ items, count, takesLargest }) => {
    const what = items.text.length > 40 || items.text.includes("\n") ? "The whole input" : `All of \`${items.text}\``;
    if (count === undefined)
      return `${what} is sorted to read one end; ${takesLargest ? "max()" : "min()"} finds it in one pass.`;
    return `${what} is sorted to keep ${count}; where there are thousands, heapq.${takesLargest ? "nlargest" : "nsmallest"}() does less work.`;
  },

  fix(match, file) {
    if (match.node.kind === "call")
      return declined(
        match.isNamed ? "the sorted list has a name, and is read further down" : "the list would stay as it was",
      );
    if (hasComments(match.node)) return declined("a comment would be lost");
    return match.count === undefined ? extreme(match, file) : fewest(match, match.count, file);
  },
});

/** `items.sort()` of a list made here, of which only one end is read afterwards. */
function sortedInPlace(node: Node, facts: Facts) {
  const call = asMethodCall(node, "sort");
  const items = call?.object;
  if (!call || items?.kind !== "identifier" || call.args.length > 0 || call.hasSplat) return undefined;
  if (node.parent?.kind !== "expression_statement" || facts.scopeOf(items).kind !== "function") return undefined;
  const key = call.keywords.get("key");
  const reverse = call.keywords.get("reverse");
  const place = onlyPlaceRead(facts.usesOf(items).filter((it) => it.node.start > node.end));
  const value = facts.valueOf(items);
  if (!place || !value || !isNewList(value, facts)) return undefined;
  // In a loop outside of the list's own, the order may be kept for the next turn.
  const loop = facts.loopAround(node);
  if (loop && !value.isInside(loop)) return undefined;
  if ((reverse && !["true", "false"].includes(reverse.kind)) || isCompiled(node, facts)) return undefined;
  const isLast = place === "-1";
  const size = facts.isTest ? "light" : facts.sizeOf(items);
  const weight: Weight = size === "light" ? "light" : "unknown";
  const takesLargest = isLast !== (reverse?.kind === "true");
  return { at: call.methodNode, weight, node, items, key, takesLargest, isLast, count: undefined, isNamed: false };
}

/** `ranked = sorted(items)` of which nothing but one end is read. */
function sortedUnderName(node: Node, facts: Facts) {
  const call = asCall(node);
  const [items, more] = call?.args ?? [];
  const target = node.parent?.kind === "assignment" ? node.parent.field("left") : undefined;
  if (!call || !items || more || call.hasSplat || target?.kind !== "identifier" || node.fieldName !== "right")
    return undefined;
  if (facts.nameOf(call.callee) !== "builtins.sorted" || isCompiled(node, facts)) return undefined;
  const kept = keptUnderName(call, items, target, facts);
  if (kept) return kept;
  if (facts.scopeOf(target).kind !== "function" || facts.writesOf(target).length !== 1) return undefined;
  const place = onlyPlaceRead(facts.usesOf(target));
  const key = call.keywords.get("key");
  const reverse = call.keywords.get("reverse");
  if (!place || (reverse && reverse.kind !== "true" && reverse.kind !== "false")) return undefined;
  if (ARRAYS.has(facts.typeOf(items)?.name ?? "") || LISTS_FILES.test(items.text)) return undefined;
  const isLast = place === "-1";
  const size = facts.isTest ? "light" : facts.sizeOf(items);
  const weight: Weight = size === "light" ? "light" : "unknown";
  const takesLargest = isLast !== (reverse?.kind === "true");
  return { at: call.callee, weight, node, items, key, takesLargest, isLast, count: undefined, isNamed: true };
}

/** `ranked = sorted(items, key=score)`, and `ranked[:k]` is all that is read of it: of all pairs of an item and its score the best few are wanted. */
function keptUnderName(call: Call, items: Node, target: Node, facts: Facts) {
  const [only, more] = facts.readsSeeing(target);
  const use = only && !more ? useOf(only) : undefined;
  const [index, another] = use?.kind === "subscript" ? (asSubscript(use.in)?.indices ?? []) : [];
  const end = index && !another ? endRead(index) : undefined;
  // Another module may read a name that is not given anew at once.
  const isOwn = use && (facts.scopeOf(target).kind === "function" || nameGiven(use.in)?.text === target.text);
  if (end?.count === undefined || !isOwn || facts.loopAround(use.in) !== facts.loopAround(target)) return undefined;
  const key = call.keywords.get("key");
  const reverse = call.keywords.get("reverse");
  const size = facts.isTest ? "light" : facts.sizeOf(items);
  if (reverse && reverse.kind !== "true" && reverse.kind !== "false") return undefined;
  if (!(key || isPlainOrder(items, key, facts)) || !mayBeMany(items) || size === "light") return undefined;
  if (ARRAYS.has(facts.typeOf(items)?.name ?? "") || LISTS_FILES.test(items.text) || isShown(use.in, facts))
    return undefined;
  const takesLargest = end.isLast !== (reverse?.kind === "true");
  const weight: Weight = size;
  return { at: call.callee, weight, node: call.node, items, key, takesLargest, isNamed: true, ...end };
}

/** A handful, in an order that shows which file is meant. */
const LISTS_FILES = /\b(?:r?glob|iglob|iterdir|listdir|scandir)\(/;

/** The one end of a sorted list that all its uses read; whether there is an item at all can be asked of the unsorted one. */
function onlyPlaceRead(uses: readonly Use[]): "0" | "-1" | undefined {
  const places = new Set(
    uses
      .filter((it) => it.kind !== "tested")
      .map((it) => (it.kind === "subscript" ? asSubscript(it.in)?.indices[0]?.text : undefined)),
  );
  const [place] = places;
  return places.size === 1 && (place === "0" || place === "-1") ? place : undefined;
}

function mayBeMany(items: Node): boolean {
  return !["list", "tuple", "set"].includes(items.kind);
}

/** Goes into a message or the log: there are few of them, or nobody would read it. */
function isShown(node: Node, facts: Facts): boolean {
  if (node.ancestor("interpolation", "raise_statement", "assert_statement")) return true;
  const loop = asFor(node.parent);
  const scope = loop?.iterable === node ? loop.body : node.ancestor("call");
  return (
    scope !== undefined &&
    (facts.callsTo("builtins.print", scope).length > 0 || /^(print|log|logger|logging)\b/.test(scope.text))
  );
}

/** `sorted(items)[0] = 1`, `del sorted(items)[0]`: to no effect, and no place for a call. */
function isTarget(node: Node): boolean {
  const kind = node.parent?.kind;
  if (kind === "delete_statement" || kind === "as_pattern_target") return true;
  if (kind !== undefined && TARGETS.has(kind)) return isTarget(node.parent!);
  return node.fieldName === "left" && kind !== undefined && BINDS.has(kind);
}

const TARGETS = new Set(["expression_list", "pattern_list", "tuple_pattern", "list_pattern", "tuple", "list"]);
const BINDS = new Set(["assignment", "augmented_assignment", "for_statement", "for_in_clause"]);

interface Found {
  readonly node: Node;
  readonly items: Node;
  readonly key: Node | undefined;
  readonly takesLargest: boolean;
  readonly isLast: boolean;
  /** So many at the end that is read are left out. */
  readonly from?: number;
}

/** `[0]`, `[-1]`, `[:3]`, `[1:4]`, `[-3:]`. */
function endRead(
  index: Node,
): { readonly isLast: boolean; readonly count?: number; readonly from?: number } | undefined {
  const place = integerOf(index);
  if (place !== undefined) return place === 0 || place === -1 ? { isLast: place === -1 } : undefined;
  if (index.kind !== "slice") return undefined;
  const [, from, first, last] = /^(?:(\d*)\s*:\s*(\d+)|-(\d+)\s*:)$/.exec(index.text) ?? [];
  const count = Number(first ?? last ?? 0);
  return count > 1 && count <= MOST_KEPT && Number(from ?? 0) < count
    ? { isLast: last !== undefined, count, from: Number(from ?? 0) }
    : undefined;
}

function extreme({ node, items, key, takesLargest, isLast }: Found, { facts }: File): Fix | Declined {
  const name = takesLargest ? "max" : "min";
  if (!facts.isBuiltin(name, node)) return declined(`the name \`${name}\` means something else`);
  const isPlain = isPlainOrder(items, key, facts);
  const doubts = [
    !isNeverEmpty(items, node, facts) && "an empty input raises ValueError instead of IndexError",
    isLast &&
      (key !== undefined || !isPlain || !areEqualsAlike(items, facts)) &&
      "of equal items the first is returned, not the last",
    !isPlain && "NaN values may change the result",
    ownCodeDoubt(items, facts),
  ];
  const rest = key ? `, key=${key.text}` : "";
  const isSole = items.kind === "generator_expression" && !key;
  return fixOf(`Use ${name}()`, doubts, [
    replace(node, `${name}(${isSole ? items.text.slice(1, -1) : items.text}${rest})`),
  ]);
}

function fewest({ node, items, key, takesLargest, isLast, from }: Found, count: number, file: File): Fix | Declined {
  const isPlain = isPlainOrder(items, key, file.facts);
  const heapq = importModule(file, "heapq", node);
  if (from) return declined("the first of them are left out");
  // Read from the far end, equal items would come in the other order.
  if (!heapq) return declined("the name `heapq` means something else");
  if (isLast && (!isPlain || key)) return declined("equal items would come in another order");
  const name = `${heapq.name}.${takesLargest ? "nlargest" : "nsmallest"}`;
  return fixOf(
    `Use ${name}()`,
    [
      !isPlain && "NaN values may change the result",
      isLast && !areEqualsAlike(items, file.facts) && "equal items come in reverse order",
      ownCodeDoubt(items, file.facts),
    ],
    [
      ...heapq.edits,
      replace(node, `${name}(${count}, ${items.text}${key ? `, key=${key.text}` : ""})${isLast ? "[::-1]" : ""}`),
    ],
  );
}

/** Which of two equal items comes out cannot be told: text is, and numbers that are worked out. A list of whole numbers may hold True beside 1. */
function areEqualsAlike(items: Node, facts: Facts): boolean {
  const type = elementOf(facts.typeOf(items))?.name;
  if (type !== "int") return type !== undefined;
  const node = unwrap(items);
  const element = asComprehension(node)?.element;
  const made = element ? [element] : ["list", "tuple", "set"].includes(node.kind) ? node.children : [];
  return made.length > 0 && made.every((it) => isWholeNumber(it, facts));
}

function isWholeNumber(node: Node, facts: Facts): boolean {
  if (integerOf(node) !== undefined) return true;
  const call = asCall(unwrap(node));
  const operator = asBinary(unwrap(node))?.operator;
  if (call) return /^builtins\.(len|int|ord|abs|hash)$/.test(facts.nameOf(call.callee) ?? "");
  return operator !== undefined && /^[-+*%]$|^\/\/$/.test(operator);
}

function isPlainOrder(items: Node, key: Node | undefined, facts: Facts): boolean {
  return key ? facts.nameOf(key) === "builtins.len" : hasPlainOrder(items, facts);
}

/** A literal with items, or a test that guards the place. */
function isNeverEmpty(items: Node, place: Node, facts: Facts): boolean {
  if (["list", "tuple", "set"].includes(items.kind)) return items.children.some((it) => it.kind !== "list_splat");
  return (
    items.kind === "identifier" && SIZED.has(facts.typeOf(items)?.name ?? "") && holdsItems(items, place, false, facts)
  );
}
