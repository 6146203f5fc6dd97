/** `for word in re.findall(…, text)`: all matches of a large text are kept at once although they are looked at one by one. */

import {
  asAttribute,
  asCall,
  asFor,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  indentOf,
  insertBefore,
  onlyStatement,
  parsePattern,
  REGEX_CALLS,
  regexCall,
  regexMethod,
  replace,
  statementsOf,
  unwrap,
  type Facts,
  type Node,
  type Part,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "List of all matches that is only gone through",
  why: "findall builds a list of all matches before the loop sees the first one. In a large text these take several times the memory of the text; finditer finds them one at a time.",
  guide: "regex",
  level: "hint",
  gain: "memory",
  fixes: "review",

  examples: [
    {
      before: `
import re

def longest(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = ""
    for word in re.findall(r"\\w+", text):
        if len(word) > len(found):
            found = word
    return found
`,
      after: `
import re

def longest(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = ""
    for match in re.finditer(r"\\w+", text):
        word = match.group()
        if len(word) > len(found):
            found = word
    return found
`,
    },
  ],

  on: ["call"],
  calls: REGEX_CALLS.filter((it) => it === "re.findall"),
  methods: ["findall"],

  find(node, { facts }, call) {
    if (facts.isTest) return undefined;
    const { parent } = node;
    const isIterated =
      (parent?.kind === "for_statement" || parent?.kind === "for_in_clause") && parent.field("right") === node;
    if (!isIterated) return undefined;
    const use = regexCall(call, facts) ?? regexMethod(call, facts);
    if (!use?.subject || !isWholeText(use.subject, facts)) return undefined;
    return { at: call.callee, construct: node, use, clause: parent };
  },

  message: ({ use: { subject } }) =>
    `All matches in \`${excerpt(subject!.text, 40)}\` are kept in a list to be looked at one by one; \`finditer\` finds them one at a time.`,

  fix({ use, clause }, { facts }) {
    const loop = asFor(clause);
    if (!loop || loop.isAsync) return declined("a comprehension has no place for the name of the match");
    const pattern =
      use.pattern === undefined || use.flags === undefined ? undefined : parsePattern(use.pattern, use.flags);
    if (!pattern) return declined("the groups of the pattern are not known");
    if (pattern.groups > 0 && hasOptional(pattern.root))
      return declined("groups that may be missing are empty for findall and None for a match");
    const body = loop.body;
    const [first] = statementsOf(body);
    const attribute = asAttribute(use.call.callee);
    if (!first || !attribute || hasComments(loop.target) || first.start < body.start)
      return declined("findall is not called by its module or pattern");
    if (onlyStatement(body) && !first.tree.text.slice(loop.node.start, first.start).includes("\n"))
      return declined("the loop stands on one line");
    const name = facts.freshName("match", loop.node);
    const value = pattern.groups === 0 ? "group()" : pattern.groups === 1 ? "group(1)" : "groups()";
    return fixOf(
      "Use finditer()",
      ["matches are found while the loop runs, so that an error in it comes before later ones are found"],
      [
        replace(loop.target, name),
        replace(attribute.nameNode, "finditer"),
        insertBefore(first, `${loop.target.text} = ${name}.${value}\n${indentOf(first)}`),
      ],
    );
  },
});

/** Some group may take no part in a match. */
function hasOptional(part: Part, isOptional = false): boolean {
  switch (part.kind) {
    case "group":
      return isOptional || hasOptional(part.part, false);
    case "sequence":
      return part.parts.some((it) => hasOptional(it, isOptional));
    case "choice":
      return part.options.some((it) => hasOptional(it, true));
    case "repeat":
      return hasOptional(part.part, isOptional || part.least === 0);
    case "atomic":
    case "look":
      return hasOptional(part.part, isOptional);
    default:
      return false;
  }
}

const READING = /^(?:read|read_text|decode|getvalue|text_content)$/;

/** What was read from a file or a server whole: `file.read()`, `path.read_text()`, `response.text`. */
function isWholeText(subject: Node, facts: Facts, depth = 2): boolean {
  const node = unwrap(subject);
  if (node.kind === "identifier") {
    const value = facts.valueOf(node);
    return value !== undefined && depth > 0 && isWholeText(value, facts, depth - 1);
  }
  const method = asAttribute(asCall(node)?.callee);
  if (method)
    return (
      READING.test(method.name) ||
      (/^(?:lower|upper|strip|replace)$/.test(method.name) && isWholeText(method.object, facts, depth))
    );
  return /(?:response|resp|res|page|reply|\br)\.text$/.test(node.text);
}
