/** `typing.cast` in a loop: a call that does nothing, once for each turn. */

import {
  asCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  replace,
  textIn,
  ATOM,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Cast extends Match {
  readonly at: Node;
  readonly value: Node;
}

export default defineRule({
  title: "`typing.cast` in a loop",
  why: "`cast` gives back what it is given and is there for type checkers alone; in a loop it is a call, and the type is worked out, once for each turn. An annotated name before the loop says the same for nothing.",
  guide: "type-hints",
  level: "off",
  gain: "clarity",
  fixes: "review",

  examples: [
    {
      before: `
from typing import cast

def total(rows: list[object]) -> int:
    count = 0
    for row in rows:
        count += cast(int, row)
    return count
`,
      after: `
from typing import cast

def total(rows: list[object]) -> int:
    count = 0
    for row in rows:
        count += row
    return count
`,
    },
  ],

  on: ["call"],
  calls: ["typing.cast"],
  within: "loop",

  find(node, { facts }): Cast | undefined {
    const call = asCall(node);
    if (!call || call.args.length !== 2 || call.hasSplat || facts.loopsAround(node).length === 0) return undefined;
    return { at: node, evidence: "proof", weight: facts.weightOf(node), value: call.args[1]! };
  },

  message: ({ at }) =>
    `\`${excerpt(at.text, 50)}\` does nothing at run time and is called in every turn; annotate a name instead.`,

  fix({ at, value }) {
    if (hasComments(at)) return declined("a comment would be lost");
    return fixOf(
      "Leave the cast out",
      ["a type checker may ask for an annotation then"],
      [replace(at, textIn(value, ATOM))],
    );
  },
});
