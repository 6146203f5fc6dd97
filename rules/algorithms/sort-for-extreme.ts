/** `sorted(items)[0]`: everything is put in order to read one end of it. */

import {
  asCall, asSubscript, defineRule, hasComments, hasPlainOrder, holdsItems, importModule, integerOf, isCompiled, replace,
  type Facts, type File, type Fix, type Node,
} from "../../analysis/authoring.js";

/** Beyond this a sort may be as good. */
const MOST_KEPT = 100;
const ARRAYS = new Set(["numpy.ndarray", "pandas.Series", "pandas.DataFrame", "pandas.Index", "torch.Tensor", "tensorflow.Tensor", "polars.Series"]);
const SIZED = new Set(["list", "tuple", "set", "frozenset", "dict", "str", "collections.deque"]);

export default defineRule({
  title: "Everything sorted to read the smallest or largest",
  why: "Sorting puts every item in its place, although only the ends are read. min and max look at each item once, and on long input heapq.nsmallest and nlargest keep only the few that are asked for.",
  guide: "complexity",
  level: "info",
  gain: "time",
  overlaps: ["FURB192"],
  fixes: "safe",

  examples: [
    {
      before: `
def best(scores: list[int]) -> int | None:
    return sorted(scores)[-1] if scores else None
`,
      after: `
def best(scores: list[int]) -> int | None:
    return max(scores) if scores else None
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

  on: ["subscript"],

  find(node, { facts }) {
    const subscript = asSubscript(node);
    const [index, more] = subscript?.indices ?? [];
    const end = index && !more ? endRead(index) : undefined;
    const call = end && asCall(subscript?.value);
    const [items, extra] = call?.args ?? [];
    if (!end || !call || !items || extra || call.hasSplat || facts.nameOf(call.callee) !== "builtins.sorted" || isTarget(node) || isCompiled(node, facts)) return undefined;

    const key = call.keywords.get("key");
    const reverse = call.keywords.get("reverse");
    if (call.keywords.size !== (key ? 1 : 0) + (reverse ? 1 : 0) || (reverse && reverse.kind !== "true" && reverse.kind !== "false")) return undefined;
    const type = facts.typeOf(items);
    if (ARRAYS.has(type?.name ?? "") || (end.count !== undefined && !mayBeMany(items, key, facts))) return undefined;
    const takesLargest = end.isLast !== (reverse?.kind === "true");
    return { at: call.callee, node, items, key: key?.kind === "none" ? undefined : key, takesLargest, ...end };
  },

  message: ({ items, count, takesLargest }) => {
    const what = items.text.length > 40 || items.text.includes("\n") ? "The whole input" : `All of \`${items.text}\``;
    if (count === undefined) return `${what} is sorted to read one end of it; ${takesLargest ? "max()" : "min()"} finds that in one pass.`;
    return `${what} is sorted to keep ${count}; on long input heapq.${takesLargest ? "nlargest" : "nsmallest"}() does less work.`;
  },

  fix(match, file) {
    if (hasComments(match.node)) return undefined;
    return match.count === undefined ? extreme(match, file) : fewest(match, match.count, file);
  },
});

/** For a few items the sort is as quick: only what takes input of any length, and is known to be in plain order, is worth a word. */
function mayBeMany(items: Node, key: Node | undefined, facts: Facts): boolean {
  return facts.typeOf(items)?.name !== "str" && !["list", "tuple", "set"].includes(items.kind) && isPlainOrder(items, key, facts);
}

/** `sorted(items)[0] = 1`, `del sorted(items)[0]`: to no effect, and no place for a call. */
function isTarget(node: Node): boolean {
  const kind = node.parent?.kind;
  return kind === "delete_statement" || (node.fieldName === "left" && (kind === "assignment" || kind === "augmented_assignment"));
}

interface Found {
  readonly node: Node;
  readonly items: Node;
  readonly key: Node | undefined;
  readonly takesLargest: boolean;
  readonly isLast: boolean;
}

/** `[0]`, `[-1]`, `[:3]`, `[-3:]`. */
function endRead(index: Node): { readonly isLast: boolean; readonly count?: number } | undefined {
  const place = integerOf(index);
  if (place !== undefined) return place === 0 || place === -1 ? { isLast: place === -1 } : undefined;
  if (index.kind !== "slice") return undefined;
  const [, first, last] = /^(?:0?\s*:\s*(\d+)|-(\d+)\s*:)$/.exec(index.text) ?? [];
  const count = Number(first ?? last ?? 0);
  return count > 1 && count <= MOST_KEPT ? { isLast: last !== undefined, count } : undefined;
}

function extreme({ node, items, key, takesLargest, isLast }: Found, { facts }: File): Fix | undefined {
  const name = takesLargest ? "max" : "min";
  if (!facts.isBuiltin(name, node)) return undefined;
  const isPlain = isPlainOrder(items, key, facts);
  const doubts = [
    ...(isNeverEmpty(items, node, facts) ? [] : ["no items: ValueError instead of IndexError"]),
    ...(isLast && (key || !isPlain) ? ["of equals the first, not the last"] : []),
    ...(isPlain ? [] : ["NaN may come out differently"]),
  ];
  const rest = key ? `, key=${key.text}` : "";
  const isSole = items.kind === "generator_expression" && !key;
  return {
    title: `Use ${name}()${doubts.length > 0 ? ` (review: ${doubts.join("; ")})` : ""}`,
    safety: doubts.length > 0 ? "review" : "safe",
    edits: [replace(node, `${name}(${isSole ? items.text.slice(1, -1) : items.text}${rest})`)],
  };
}

function fewest({ node, items, key, takesLargest, isLast }: Found, count: number, file: File): Fix | undefined {
  const isPlain = isPlainOrder(items, key, file.facts);
  const heapq = importModule(file, "heapq", node);
  // Read from the far end, equal items would come in the other order.
  if (!heapq || (isLast && (!isPlain || key))) return undefined;
  const name = `${heapq.name}.${takesLargest ? "nlargest" : "nsmallest"}`;
  return {
    title: `Use ${name}()${isPlain ? "" : " (review: NaN may come out differently)"}`,
    safety: isPlain ? "safe" : "review",
    edits: [...heapq.edits, replace(node, `${name}(${count}, ${items.text}${key ? `, key=${key.text}` : ""})${isLast ? "[::-1]" : ""}`)],
  };
}

function isPlainOrder(items: Node, key: Node | undefined, facts: Facts): boolean {
  return key ? facts.nameOf(key) === "builtins.len" : hasPlainOrder(items, facts);
}

/** A literal with items, or a test that guards the place. */
function isNeverEmpty(items: Node, place: Node, facts: Facts): boolean {
  if (["list", "tuple", "set"].includes(items.kind)) return items.children.some((it) => it.kind !== "list_splat");
  return items.kind === "identifier" && SIZED.has(facts.typeOf(items)?.name ?? "") && holdsItems(items, place, false, facts);
}
