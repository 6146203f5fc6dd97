/** A pattern that can take one text in ever more ways, so that a text which does not match takes exponential time. */

import {
  ambiguityOf,
  defineRule,
  excerpt,
  parsePattern,
  REGEX_CALLS,
  regexCall,
  spanInPattern,
  type Call,
  type Facts,
} from "../../analysis/authoring.js";

/** Only a group that is repeated can be taken in so many ways. */
const REPEATED_GROUP = /\)\s*(?:[*+]|\{\d*,)/;

export default defineRule({
  title: "Pattern that takes exponential time",
  why: "Where a repeat can split the same text in several ways, a text that does not match in the end is tried in all of them: every further character may double the time, and one odd line, or somebody who sends one on purpose, keeps the program busy for hours. Write it so that each text fits in one way only; from Python 3.11 on an atomic group `(?>…)` or a possessive `*+` keeps what was matched.",
  guide: "regex",
  level: "warning",
  gain: "time",

  examples: [
    {
      before: `
import re

def is_list(text: str) -> bool:
    return re.match(r"^(\\d+,?)+$", text) is not None
`,
      after: `
import re

def is_list(text: str) -> bool:
    return re.match(r"^\\d+(,\\d+)*,?$", text) is not None
`,
    },
  ],

  on: ["call"],
  calls: REGEX_CALLS,

  find(_node, { facts }, call) {
    if (facts.isTest) return undefined;
    const use = regexCall(call, facts);
    if (!use?.literal || use.pattern === undefined || use.flags === undefined) return undefined;
    if (!REPEATED_GROUP.test(use.pattern)) return undefined;
    const pattern = parsePattern(use.pattern, use.flags);
    const found = pattern && ambiguityOf(pattern, isWhole(use.does, call, facts));
    if (!found) return undefined;
    const { start, end } = found.repeat;
    const isHere = use.literal.isInside(call.node);
    const at = isHere ? (spanInPattern(use.literal, start, end) ?? use.literal) : use.given;
    return { at, part: use.pattern.slice(start, end), pump: found.pump };
  },

  message: ({ part, pump }) => {
    const shown = JSON.stringify(pump.repeat(Math.ceil(4 / pump.length)).slice(0, 16));
    return `\`${excerpt(part.replace(/\s+/g, " "), 40)}\` splits ${shown} in ever more ways: where the match fails behind it, each further sign may double the time.`;
  },
});

/** What is compiled may be asked for the whole text later on. */
function isWhole(does: string, call: Call, facts: Facts): boolean {
  if (does !== "compile") return does === "fullmatch";
  const target = call.node.parent?.kind === "assignment" ? call.node.parent.field("left") : undefined;
  return (
    target?.kind === "identifier" &&
    facts.readsOf(target).some((it) => /^\.fullmatch\(/.test(it.tree.text.slice(it.end, it.end + 11)))
  );
}
