/** `re.search("…", line)` in a loop: the pattern is looked up again in every turn. */

import {
  asAttribute,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameDoubt,
  hasComments,
  importModule,
  moduleConstant,
  parsePattern,
  REGEX_CALLS,
  regexCall,
  replace,
  replacedDoubt,
  topStatement,
  turnTakesLong,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Pattern looked up in every turn of a loop",
  why: "The functions of re look up the compiled pattern in a cache by its text and flags, once per call. For short texts that takes about as long as the search; a pattern compiled once by re.compile has the same methods and needs no look-up.",
  guide: "regex",
  level: "hint",
  differs: { light: "off" },
  gain: "time",
  overrides: ["strings/unicode-digit"],
  fixes: "safe",

  examples: [
    {
      before: `
import re

def without_numbers(words: list[str]) -> list[str]:
    found = []
    for word in words:
        if not re.search(r"\\d", word):
            found.append(word)
    return found
`,
      after: `
import re

DIGIT_PATTERN = re.compile(r"\\d")

def without_numbers(words: list[str]) -> list[str]:
    found = []
    for word in words:
        if not DIGIT_PATTERN.search(word):
            found.append(word)
    return found
`,
    },
  ],

  on: ["call"],
  calls: REGEX_CALLS.filter((it) => it !== "re.compile"),
  within: "loop",

  find(node, { facts }, call) {
    if (facts.isTest || !facts.loopAround(node)) return undefined;
    const use = regexCall(call, facts);
    if (!use || use.pattern === undefined || turnTakesLong(node, facts)) return undefined;
    return { at: call.callee, construct: node, weight: facts.weightOf(node), use };
  },

  message: ({ use: { does, given } }) =>
    `\`re.${does}\` looks up ${excerpt(given.text.replace(/\s+/g, " "), 40)} in every turn; \`re.compile\` does it once, which matters for short texts.`,

  fix({ use }, file) {
    const { call, given, literal, flags } = use;
    const { facts } = file;
    if (hasComments(call.node)) return declined("a comment would be lost");
    if (flags === undefined || parsePattern(use.pattern!, flags) === undefined)
      return declined("the pattern is not known well enough to be compiled beforehand");
    if (call.args[0] !== given || given !== literal) return declined("the pattern is no text that stands in the call");
    const flag = call.keywords.get("flags");
    const places = { split: 3, sub: 4, subn: 4 }[use.does] ?? 2;
    const positional = call.args[places];
    if (flag ?? positional) return declined("the flags have to go to re.compile, by hand");
    const statement = topStatement(call.node, facts);
    const module = asAttribute(call.callee);
    const imported = importModule(file, "re", statement);
    if (!imported || !module) return declined("re is not imported as a module");
    const constant = moduleConstant(file, {
      wanted: nameFor(call.node, use.does, use.pattern!),
      value: `${imported.name}.compile(${given.text})`,
      needs: imported.name,
      near: call.node,
      top: statement,
    });
    return fixOf(
      "Compile the pattern once",
      [frameDoubt(statement, facts), replacedDoubt(`re.${use.does}`, facts)],
      [
        ...constant.edits,
        ...imported.edits,
        replace(call.callee, `${constant.name}.${use.does}`),
        replace({ tree: given.tree, start: given.start, end: call.args[1]?.start ?? given.end }, ""),
      ],
    );
  },
});

/** What a search finds gives the pattern its name: `price_match = re.search(…)` one of prices. */
function nameFor(call: Node, does: string, pattern: string): string {
  const parent = call.parent;
  const target =
    SEARCHES.has(does) && (parent?.kind === "assignment" || parent?.kind === "named_expression")
      ? (parent.field("left") ?? parent.field("name"))
      : undefined;
  const found = target?.kind === "identifier" ? target.text.replace(/_?(match|matches|m|result|found)$/, "") : "";
  return /^[a-z][a-z0-9_]{2,24}$/.test(found) && !GENERAL.has(found)
    ? `${found.toUpperCase()}_PATTERN`
    : wordsOf(pattern);
}

/** After the words that it looks for, or a named group: `LOG_FOLD_PATTERN` of `\[LOG:FOLD\] (\d+)`. */
function wordsOf(pattern: string): string {
  const known = KNOWN[pattern.replace(/^\((.*)\)$/, "$1")];
  if (known !== undefined) return `${known}_PATTERN`;
  const plain = pattern
    .replace(/\(\?P<(\w+)>/g, " $1 ")
    .replace(/\\[a-zA-Z]|\\./g, " ")
    .replace(/\[(?:\^?\])?[^[\]]*\]|\{[\d,]*\}|\(\?[aiLmsux:=!<-]+/g, " ");
  const words = plain.match(/[A-Za-z]{3,12}/g)?.slice(0, 2) ?? [];
  return [...words.map((it) => it.toUpperCase()), "PATTERN"].join("_");
}

/** What patterns without words stand for. */
const KNOWN: Readonly<Record<string, string>> = {
  "\\s": "SPACE",
  "\\s+": "SPACES",
  "\\d": "DIGIT",
  "\\d+": "NUMBER",
  "\\w+": "WORD",
  "\\W+": "SEPARATOR",
  "[^a-z0-9]+": "SEPARATOR",
  "[^a-zA-Z0-9]+": "SEPARATOR",
  "[^A-Za-z0-9]+": "SEPARATOR",
  "\\n+": "LINE_END",
};

const SEARCHES = new Set(["search", "match", "fullmatch", "findall", "finditer"]);
/** Names that say nothing of what they hold. */
const GENERAL = new Set([
  "all",
  "any",
  "first",
  "hit",
  "hits",
  "items",
  "list",
  "obj",
  "out",
  "res",
  "ret",
  "tmp",
  "val",
  "value",
  "values",
]);
