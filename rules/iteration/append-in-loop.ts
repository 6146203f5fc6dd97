/** A loop that only appends one expression per turn to a fresh list. */

import {
  asAssignment, asFor, asMethodCall, comprehension, copied, defineRule, expressionOf, gatheringOf, insteadOfLoop, isCompiled, isComprehensible, isCopy, isFilledAlone, previousStatement, startsEmpty,
  type Facts, type Node,
} from "../../analysis/authoring.js";

/** Beyond these a comprehension is harder to read than the loop. */
const MOST_CLAUSES = 3;
const MOST_LINES = 3;

export default defineRule({
  title: "List filled by a loop that a comprehension replaces",
  why: "An empty list, a loop and an append say in three places what a comprehension says in one: which items, under which condition, in what form. On current Python the gain is clarity; only a plain copy with list() is much quicker too.",
  guide: "code-level",
  level: "info",
  gain: "clarity",
  overlaps: ["PERF401", "PERF402"],
  yieldsTo: ["algorithms/nested-loop-join", "numpy/append-in-loop", "numpy/elementwise-loop", "pandas/concat-in-loop", "pandas/iterrows", "pandas/row-appended-by-loc", "pytorch/cat-in-loop", "generators/manual-batching"],
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
    result = [len(line) for line in lines if line.strip()]
    return result
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }) {
    const loop = asFor(node);
    const gathering = loop && !loop.isAsync ? gatheringOf(loop) : undefined;
    const call = gathering && asMethodCall(expressionOf(gathering.statement), "append");
    const [element, more] = call?.args ?? [];
    if (!call || !element || more || call.keywords.size > 0 || call.hasSplat || call.object.kind !== "identifier") return undefined;
    const parts = [element, ...gathering.clauses.map((it) => ("target" in it ? it.iterable : it.condition))];
    if (gathering.clauses.length > MOST_CLAUSES || parts.some((it) => it.text.split("\n").length > MOST_LINES)) return undefined;

    const start = previousStatement(node);
    const assignment = asAssignment(start);
    if (!start || !assignment || !startsEmpty(assignment, call.object, "list", facts)) return undefined;
    // Filled by several loops, the list reads better the way it is.
    if (facts.usesOf(call.object).some((it) => it.name === "append" && !it.node.isInside(node) && facts.loopsAround(it.node).some((loop) => !node.isInside(loop)))) return undefined;
    if (!isFilledAlone(call.object, node, 1, facts) || isNeverRead(call.object, node, facts)) return undefined;
    if (!isComprehensible(gathering, facts) || isCompiled(node, facts)) return undefined;
    return { at: { tree: node.tree, start: node.start, end: loop!.iterable.end }, construct: node, start, assignment, gathering, element, list: call.object };
  },

  message: ({ list, gathering, element }) =>
    isCopy(gathering, element)
      ? `\`${list.text}\` is copied item by item; list() does it in one step.`
      : `This loop only fills \`${list.text}\`; a list comprehension says the same in one expression.`,

  fix({ start, assignment, gathering, element }, { facts }) {
    const value = assignment.value!;
    const head = start.tree.text.slice(start.start, value.start);
    const isPlainCopy = isCopy(gathering, element) && facts.isBuiltin("list", start);
    const filled = comprehension(gathering, element, head);
    if (filled === undefined) return undefined;
    const list = isPlainCopy ? copied(gathering, "list") : filled;
    const edits = insteadOfLoop(start, value, gathering.loop.node, list);
    if (!edits || !isPlainCopy) return edits && { title: "Use a list comprehension", safety: "safe", edits };
    const isKnown = facts.typeOf(gathering.loop.iterable) !== undefined;
    return { title: `Copy with list()${isKnown ? "" : " (review: it asks for the length first)"}`, safety: isKnown ? "safe" : "review", edits };
  },
});

/** What nothing reads wants to be deleted, not written another way. Lists of modules and classes may be read from elsewhere. */
function isNeverRead(list: Node, loop: Node, facts: Facts): boolean {
  const isLocal = facts.scopeOf(list).kind === "function" && !facts.writesOf(list).some((it) => it.isRemote);
  return isLocal && facts.readsOf(list).every((it) => it.isInside(loop));
}
