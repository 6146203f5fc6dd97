/** A loop in a coroutine that computes for long and never lets another task run. */

import {
  defineRule,
  entryOf,
  functionAround,
  isAheadOfTasks,
  isCoroutineTest,
  longLoop,
  neverRuns,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Long computation in a coroutine",
  why: "A task gives way to others only where it waits. A long loop that never does holds up every request, timer and connection of the event loop until it is done. In a process of its own, by run_in_executor and a ProcessPoolExecutor, it disturbs nobody.",
  guide: "async-patterns",
  level: "info",
  gain: "safety",
  words: ["async"],

  examples: [
    {
      before: `
import asyncio

async def checksum(seed: int) -> int:
    total = seed
    for number in range(2_000_000):
        total = (total * 31 + number) % 1_000_003
    return total
`,
    },
  ],

  on: ["for_statement", "while_statement", "list_comprehension", "generator_expression"],

  find(node, { facts }) {
    if (facts.isTest || !facts.isAsync(node) || facts.loopAround(node) !== undefined || !isOutermost(node))
      return undefined;
    const size = longLoop(node, facts);
    if (!size || gives(node) || isExempt(node, facts)) return undefined;
    return {
      at: headOf(node),
      evidence: size.evidence,
      weight:
        size.weight === "heavy" && (entryOf(node, facts) || facts.weightOf(node) !== "light")
          ? ("heavy" as const)
          : size.weight,
      construct: node,
      isKnown: size.evidence === "proof",
    };
  },

  message: ({ isKnown }) =>
    isKnown
      ? "This loop runs for long without an await, and no other task of the event loop runs meanwhile; compute it in another process."
      : "This loop takes each item with each other without an await: where there are many, no other task of the event loop runs meanwhile.",
});

/** Some turn of it lets others run. */
function gives(node: Node): boolean {
  const home = functionAround(node);
  return (
    node.descendants("await", "yield").some((it) => functionAround(it) === home) ||
    node.hasToken("async") ||
    node.descendants("for_statement", "with_statement", "for_in_clause").some((it) => it.hasToken("async")) ||
    /\b(?:return|break)\b/.test(node.kind === "while_statement" ? "" : node.text.slice(0, 2000))
  );
}

const isOutermost = (node: Node): boolean =>
  node.kind === "for_statement" ||
  node.kind === "while_statement" ||
  node.ancestor("for_statement", "while_statement", "function_definition")?.kind !== "for_statement";

const isExempt = (node: Node, facts: Facts): boolean =>
  neverRuns(node) || isAheadOfTasks(node, true, facts) || isCoroutineTest(node, facts);

function headOf(node: Node): { readonly tree: Node["tree"]; readonly start: number; readonly end: number } {
  const body = node.field("body");
  const isStatement = node.kind === "for_statement" || node.kind === "while_statement";
  if (!isStatement || !body) return node;
  const end = node.tree.text.lastIndexOf(":", body.start);
  return { tree: node.tree, start: node.start, end: end > node.start ? end : node.end };
}
