/** `\d` in a pattern of text: it takes the digits of all scripts. */

import {
  declined,
  defineRule,
  fixOf,
  functionAround,
  nameGiven,
  parsePattern,
  REGEX_CALLS,
  regexCall,
  replace,
  spanInPattern,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Digits of all scripts",
  why: "In patterns of text `\\d` takes the digits of every script, such as ٣ or ３. int() reads them too, but identifiers, port numbers and file names with them surprise whatever comes next. `[0-9]`, or the flag re.ASCII, takes ASCII digits alone.",
  guide: "regex",
  level: "off",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
import re

def port(address: str):
    return re.search(r":(\\d+)$", address)
`,
      after: `
import re

def port(address: str):
    return re.search(r":([0-9]+)$", address)
`,
    },
  ],

  on: ["call"],
  calls: REGEX_CALLS,

  find(node, { facts }, call) {
    if (facts.isTest) return undefined;
    const use = regexCall(call, facts);
    if (!use?.pattern?.includes("\\d") || !use.literal?.isInside(node)) return undefined;
    const pattern = use.flags === undefined ? undefined : parsePattern(use.pattern, use.flags);
    if (!pattern || /a/.test(pattern.flags)) return undefined;
    if (!CHECKED.test(contextOf(node, use.pattern))) return undefined;
    const places = digitsIn(use.pattern);
    const [first] = places;
    return first && { at: use.literal, construct: node, pattern: use.pattern, places };
  },

  message: () => "`\\d` takes the digits of all scripts, not only 0 to 9; `[0-9]` or `re.ASCII` takes those alone.",

  fix({ at, places }) {
    const spans = places.map((it) => ({ span: spanInPattern(at, it.start, it.start + 2), isInSet: it.isInSet }));
    if (spans.some((it) => !it.span)) return declined("the pattern is not written as it reads");
    return fixOf(
      "Take 0 to 9 alone",
      ["digits of other scripts match no longer"],
      spans.map(({ span, isInSet }) => replace(span!, isInSet ? "0-9" : "[0-9]")),
    );
  },
});

/** What only ASCII digits are meant in. */
const CHECKED = /(?:^|[\s_])(?:id|port|code|zip|phone|isbn|serial|version|pin|ip)s?(?:$|[\s_])/i;

/** The names around: of the function, of what the pattern is given, of its groups. */
function contextOf(call: Node, pattern: string): string {
  const names = [functionAround(call)?.field("name")?.text, nameGiven(call)?.text];
  return [...names, ...(pattern.match(/[(][?]P<\w+/g) ?? []).map((it) => it.slice(4))].join(" ");
}

/** Where `\d` stands, and whether within a set. */
function digitsIn(pattern: string): readonly { start: number; isInSet: boolean }[] {
  const found: { start: number; isInSet: boolean }[] = [];
  let isInSet = false;
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern[at]!;
    if (sign === "\\") {
      if (pattern[at + 1] === "d") found.push({ start: at, isInSet });
      at++;
    } else if (isInSet) isInSet = sign !== "]";
    else if (sign === "[") {
      isInSet = true;
      if (pattern[at + 1] === "^") at++;
      if (pattern[at + 1] === "]") at++;
    }
  }
  return found;
}
