/** `return`, `break` or `continue` in a `finally` block, which swallows the error that is on its way. */

import { defineRule, functionAround, jumpsOf, type Match, type Node } from "../../analysis/authoring.js";

interface Swallowing extends Match {
  readonly word: string;
}

export default defineRule({
  title: "Finally block that swallows errors",
  why: "A finally block also runs while an error is on its way up. Leaving it by return, break or continue drops that error, Ctrl-C included, and replaces what the try block returned. Python warns of it from 3.14 on.",
  guide: "debugging",
  level: "warning",
  gain: "safety",
  words: ["finally"],
  overlaps: ["B012", "W0150"],
  leftToRuff: true,
  unlike: "each place that it reports is one of theirs too; it only says what gets lost there",

  examples: [
    {
      before: `
def total(values: list[str]) -> int:
    result = 0
    try:
        for value in values:
            result += int(value)
    finally:
        return result
`,
      after: `
def total(values: list[str]) -> int:
    result = 0
    try:
        for value in values:
            result += int(value)
    finally:
        print("done")
    return result
`,
    },
  ],

  on: ["finally_clause"],

  find(node): readonly Swallowing[] {
    const own = functionAround(node);
    return node.descendants("return_statement", "break_statement", "continue_statement").flatMap((it) => {
      if (functionAround(it) !== own || isOfInnerLoop(it, node)) return [];
      return [{ at: it, evidence: "proof", word: it.kind.replace("_statement", "") } as const];
    });
  },

  message: ({ word }) =>
    `This \`${word}\` swallows whatever error the block above raises, Ctrl-C too; put it behind the \`finally\` block.`,
});

/** It belongs to a loop that stands in the block itself. */
function isOfInnerLoop(jump: Node, region: Node): boolean {
  if (jump.kind === "return_statement") return false;
  for (
    let at = jump.ancestor("for_statement", "while_statement");
    at?.isInside(region);
    at = at.ancestor("for_statement", "while_statement")
  )
    if (jumpsOf(at).includes(jump)) return true;
  return false;
}
