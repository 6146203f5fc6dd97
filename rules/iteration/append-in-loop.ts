/** A loop that only appends one expression per turn to a fresh list. */

import {
  between,
  replace,
  returnBehind,
  asCall,
  asFor,
  asMethodCall,
  asSubscript,
  begunEmpty,
  comprehension,
  copied,
  declined,
  defineRule,
  expressionOf,
  fixOf,
  gatheringDoubts,
  gatheringOf,
  headOf,
  insteadOfFilling,
  isCompiled,
  isComprehensible,
  isCopy,
  isFilledAlone,
  isNewList,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** Beyond these a comprehension is harder to read than the loop. */
const MOST_CLAUSES = 3;
const MOST_LINES = 3;

export default defineRule({
  title: "Loop that only fills a list and could be a comprehension",
  why: "An empty list, a loop and an append say in three places what a comprehension says in one: which items, under which condition, in what form. On current Python the gain is clarity; only a plain copy with list() is also much faster.",
  guide: "code-level",
  level: "hint",
  gain: "clarity",
  overlaps: ["PERF401", "PERF402"],
  unlike: "it is silent where the list is seen elsewhere while it grows, or where a comprehension could not be written",
  overrides: ["generators/accumulator-returned"],
  fixes: "safe",

  examples: [
    {
      before: `
def lengths(lines: list[str]) -> list[int]:
    result = []
    for line in lines:
        if line.strip():
            result.append(len(line))
    return result
`,
      after: `
def lengths(lines: list[str]) -> list[int]:
    return [len(line) for line in lines if line.strip()]
`,
    },
  ],

  on: ["for_statement"],

  // A comprehension is clearer and a few percent faster: only a copy of much that is in memory is more than a hint.
  find(node, { facts }) {
    const loop = asFor(node);
    const gathering = loop && !loop.isAsync ? gatheringOf(loop) : undefined;
    const call = gathering && asMethodCall(expressionOf(gathering.statement), "append");
    const [element, more] = call?.args ?? [];
    if (!call || !element || more || call.keywords.size > 0 || call.hasSplat || call.object.kind !== "identifier")
      return undefined;
    const parts = [element, ...gathering.clauses.map((it) => ("target" in it ? it.iterable : it.condition))];
    if (gathering.clauses.length > MOST_CLAUSES || parts.some((it) => it.text.split("\n").length > MOST_LINES))
      return undefined;

    const begun = begunEmpty(call.object, "list", node, facts);
    if (!begun) return undefined;
    // Filled by several loops, the list reads better the way it is.
    if (
      facts
        .usesOf(call.object)
        .some(
          (it) =>
            it.name === "append" &&
            !it.node.isInside(node) &&
            facts.loopsAround(it.node).some((loop) => !node.isInside(loop)),
        )
    )
      return undefined;
    if (!isFilledAlone(call.object, node, 1, facts) || isNeverRead(call.object, node, facts)) return undefined;
    if (!isComprehensible(gathering, facts) || isCompiled(node, facts)) return undefined;
    if (isOfArrays(element, node, facts)) return undefined;
    const size = facts.isTest ? "light" : facts.sizeOf(loop!.iterable);
    return {
      weight: size === "heavy" && !(isCopy(gathering, element) && isHeld(loop!.iterable, facts)) ? "unknown" : size,
      at: { tree: node.tree, start: node.start, end: loop!.iterable.end },
      construct: node,
      ...begun,
      gathering,
      element,
      list: call.object,
      isNew: isCopy(gathering, element) && isNewList(loop!.iterable, facts),
    };
  },

  message: ({ list, gathering, element, isNew }) =>
    isNew
      ? `\`${list.text}\` is copied item by item from a list that nothing else holds; it can be that list.`
      : isCopy(gathering, element)
        ? `\`${list.text}\` is copied item by item; list() does it in one step.`
        : `This loop only fills \`${list.text}\`; a list comprehension says the same in one expression.`,

  fix({ start, assignment, gathering, element, list, isNew }, { facts }) {
    const isPlainCopy = isCopy(gathering, element) && (isNew || facts.isBuiltin("list", start));
    const last = returnBehind(start, gathering.loop.node, list, facts);
    const filled = comprehension(gathering, element, last ? "return " : headOf(assignment), facts.lineLength);
    if (filled === undefined) return declined("a comment would be lost");
    const value = isNew ? gathering.loop.iterable.text : isPlainCopy ? copied(gathering, "list") : filled;
    const edits = last
      ? [replace(between(start, last), `return ${value}`)]
      : insteadOfFilling({ gathering, start, assignment }, value);
    const doubts = gatheringDoubts(list, gathering.loop.node, facts);
    if (!edits) return declined("a comment between the list and the loop would be lost");
    if (!isPlainCopy) return fixOf("Use a list comprehension", doubts, edits);
    if (isNew) return fixOf("Take the list itself", doubts, edits);
    const isKnown = facts.typeOf(gathering.loop.iterable) !== undefined && !facts.runsOwnCode(gathering.loop.iterable);
    return fixOf("Copy with list()", [!isKnown && "list() asks the iterable for its length first", ...doubts], edits);
  },
});

/** What is in memory is copied seven times as fast in one step; of a file or a generator, most of the time goes into what it gives. */
const isHeld = (iterable: Node, facts: Facts): boolean => HELD.has(facts.typeOf(iterable)?.name ?? "");

const HELD: ReadonlySet<string> = new Set(["list", "tuple", "set", "frozenset", "dict", "range", "str", "bytes"]);

const ARRAYS = ["array", "series", "tensor"] as const;

/** `a[i] + b[i]` of arrays: no list of numbers is wanted there, but one operation on the whole arrays. */
function isOfArrays(element: Node, loop: Node, facts: Facts): boolean {
  const sum = unwrap(element);
  if (sum.kind !== "binary_operator") return false;
  const isArray = (it: Node) => ARRAYS.some((kind) => facts.takenFor(it, kind) !== undefined);
  const isItemOf = (subscript: Node) => {
    const value = asSubscript(subscript)?.value;
    return value !== undefined && isArray(value);
  };
  const iterable = unwrap(asFor(loop)!.iterable);
  const sources = asCall(iterable)?.args ?? [iterable];
  return sources.some(isArray) || sum.descendants("subscript").some(isItemOf);
}

/** What nothing reads wants to be deleted, not written another way. Lists of modules and classes may be read from elsewhere. */
function isNeverRead(list: Node, loop: Node, facts: Facts): boolean {
  const isLocal = facts.scopeOf(list).kind === "function" && !facts.writesOf(list).some((it) => it.isRemote);
  return isLocal && facts.readsOf(list).every((it) => it.isInside(loop));
}
