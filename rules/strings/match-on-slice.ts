/** `pattern.match(text[position:])` in a scan: the rest of the text is copied for each try. */

import {
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  fixOf,
  functionAround,
  hasComments,
  REGEX_CALLS,
  regexCall,
  regexMethod,
  replace,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const ASKING = ["match", "search", "fullmatch", "findall", "finditer"];

export default defineRule({
  title: "Rest of a text copied for a match",
  why: "A slice up to the end copies the rest of the text. In a scan that goes through the text match by match, each step copies it again, so that the time grows with the square of the length. The methods of a compiled pattern take the position to begin at.",
  guide: "regex",
  level: "warning",
  gain: "time",
  fixes: "review",

  examples: [
    {
      before: `
import re

WORD = re.compile(r"\\w+\\s*")

def count_words(text: str) -> int:
    position = count = 0
    while found := WORD.match(text[position:]):
        position += len(found.group())
        count += 1
    return count
`,
      after: `
import re

WORD = re.compile(r"\\w+\\s*")

def count_words(text: str) -> int:
    position = count = 0
    while found := WORD.match(text, position):
        position += len(found.group())
        count += 1
    return count
`,
    },
  ],

  on: ["call"],
  calls: REGEX_CALLS.filter((it) => ASKING.includes(it.slice(3))),
  methods: ASKING,

  find(node, { facts }, call) {
    if (facts.isTest) return undefined;
    const method = asMethodCall(node, ...ASKING);
    const sliced = asSubscript(unwrap(call.args[0] ?? node)) ?? asSubscript(unwrap(call.args[1] ?? node));
    const [slice, more] = sliced?.indices ?? [];
    if (!sliced || more || slice?.kind !== "slice") return undefined;
    const start = /^[^:]*:$/.test(slice.text) ? slice.children[0] : undefined;
    // One copy for good where a fixed part is cut off.
    if (!start || /^-?\d+$/.test(start.text)) return undefined;
    const use = regexCall(call, facts) ?? regexMethod(call, facts);
    const isNamed = method !== undefined && /(?:pattern|regex|_re|_RE|PATTERN|REGEX)$/.test(method.object.text);
    if (use ? use.subject !== call.args.find((it) => unwrap(it) === sliced.node) : !isNamed) return undefined;
    const loop = facts.loopAround(node);
    // Without a loop a position that the object keeps says that somebody goes through the text.
    const isScan = loop ? facts.loopsAround(node).some((it) => moves(start, it, facts)) : start.kind === "attribute";
    if (!isScan) return undefined;
    // A text that is cut off in each turn anyway, and a pattern that has to be compiled first.
    const isPlain = use?.isMethod !== false && loop && !isRebound(sliced.value, loop, facts);
    const weight = isPlain ? facts.weightOf(node) : "unknown";
    return {
      at: sliced.node,
      construct: node,
      evidence: use ? "proof" : "fair",
      weight,
      call,
      sliced,
      start,
      use,
      method,
    };
  },

  message: ({ sliced, start, method, call }) =>
    method && call.args.length === 1
      ? `\`${sliced.node.text}\` copies the rest of the text in each step; \`${method.object.text}.${method.method}(${sliced.value.text}, ${start.text})\` begins there.`
      : `\`${sliced.node.text}\` copies the rest of the text in each step; a compiled pattern takes the position as its second argument.`,

  fix({ call, sliced, start, use, method }) {
    if (!method || use?.isMethod === false) return declined("only a compiled pattern takes a position");
    if (call.args.length > 1 || hasComments(call.node)) return declined("the call has more arguments");
    return fixOf(
      "Give the position",
      [
        "in the pattern `^` stands for the beginning of the whole text then, and `\\b` sees what is before",
        !isUsedWithoutPlaces(call.node) && "the places in the match then count from the beginning of the whole text",
        `a negative \`${start.text}\` would count from the end no longer`,
      ],
      [replace(sliced.node, `${sliced.value.text}, ${start.text}`)],
    );
  },
});

/** What is written where the slice begins changes in the loop. */
function moves(start: Node, loop: Node, facts: Facts): boolean {
  const names = start.kind === "identifier" ? [start] : start.descendants("identifier");
  return (
    start.descendants("attribute").length > 0 ||
    start.kind === "attribute" ||
    names.some((it) => facts.writesOf(it, loop).length > 0)
  );
}

function isRebound(text: Node, loop: Node, facts: Facts): boolean {
  return text.kind === "identifier" && facts.writesOf(text, loop).length > 0;
}

/** Nobody around asks where the match begins or ends. */
function isUsedWithoutPlaces(call: Node): boolean {
  const region = functionAround(call) ?? call.tree.root;
  return !/\.(?:start|end|span|pos|regs)\b/.test(region.text);
}
