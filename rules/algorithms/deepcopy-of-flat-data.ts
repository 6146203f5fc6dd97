/** `copy.deepcopy(row)` of a list or dict of numbers and texts: a plain copy is as deep. */

import {
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  isHashable,
  replace,
  textIn,
  ATOM,
  unwrap,
} from "../../analysis/authoring.js";

const FLAT = /^(?:int|float|str|bool|bytes|complex|None)$/;

export default defineRule({
  title: "Deep copy of flat data",
  why: "deepcopy visits every item, asks what it is and remembers it. Numbers and texts cannot change, so a copy of the list or dict alone is just as separate, and is made in one step.",
  guide: "data-structures",
  level: "info",
  gain: "time",
  imports: ["copy"],
  fixes: "review",

  examples: [
    {
      before: `
import copy

def with_tax(prices: list[float]) -> list[float]:
    result = copy.deepcopy(prices)
    result.append(0.19)
    return result
`,
      after: `
import copy

def with_tax(prices: list[float]) -> list[float]:
    result = prices.copy()
    result.append(0.19)
    return result
`,
    },
  ],

  on: ["call"],
  calls: ["copy.deepcopy"],

  find(node, { facts }, call) {
    const [data, more] = call.args;
    if (!data || more || call.keywords.size > 0 || call.hasSplat || facts.isTest) return undefined;
    const known = facts.typed(data, "strong");
    if (!known || !/^(?:list|dict|set)$/.test(known.type.name) || known.type.of.length === 0) return undefined;
    if (!known.type.of.every((it) => it !== undefined && FLAT.test(it.name) && isHashable(it))) return undefined;
    return { at: call.callee, construct: node, evidence: known.evidence, weight: facts.weightOf(node), data };
  },

  message: ({ data }) =>
    `\`${excerpt(data.text.replace(/\s+/g, " "), 40)}\` holds nothing that can change; its \`copy()\` is as separate as a deep one.`,

  fix({ construct, data }) {
    if (hasComments(construct)) return declined("a comment would be lost");
    return fixOf(
      "Use copy()",
      ["nothing else than numbers and texts may be in it, and it must be no subclass"],
      [replace(construct, `${textIn(unwrap(data), ATOM)}.copy()`)],
    );
  },
});
