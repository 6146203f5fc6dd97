/** `list(map(lambda x: …, items))`: a comprehension says the same without a function. */

import {
  asCall,
  asLambda,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameDoubt,
  hasComments,
  indentUnit,
  replace,
  statementOf,
  stopDoubt,
  unwrap,
  textIn,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Lambda in map or filter",
  why: "The lambda is called once for each item. A comprehension evaluates the same expression in place, which is quicker and reads from left to right.",
  guide: "code-level",
  level: "hint",
  gain: "time",
  overlaps: ["C417"],
  unlike: "`filter` with a lambda counts beside `map`",
  fixes: "safe",

  examples: [
    {
      before: `
def doubled(prices: list[int]) -> list[int]:
    return list(map(lambda price: price * 2, prices))
`,
      after: `
def doubled(prices: list[int]) -> list[int]:
    return [price * 2 for price in prices]
`,
    },
  ],

  on: ["call"],
  calls: ["builtins.list", "builtins.set", "builtins.tuple"],

  find(node, { facts }, call) {
    const [inner, more] = call.args;
    const applied = inner && asCall(unwrap(inner));
    const [given, items, third] = applied?.args ?? [];
    const lambda = given && asLambda(unwrap(given));
    if (more || !applied || !items || third || !lambda || call.keywords.size + applied.keywords.size > 0)
      return undefined;
    const kind = applied.callee.text;
    if ((kind !== "map" && kind !== "filter") || !facts.isBuiltin(kind, node) || items.kind === "list_splat")
      return undefined;
    const parameters = lambda.node.field("parameters")?.children ?? [];
    const [name] = parameters;
    if (parameters.length !== 1 || name?.kind !== "identifier") return undefined;
    return {
      at: applied.callee,
      construct: node,
      weight: facts.weightOf(node),
      call,
      kind,
      name,
      body: lambda.body,
      items,
    };
  },

  message: ({ kind, items, call }) =>
    `\`${kind}\` calls a lambda for each of \`${excerpt(items.text.replace(/\s+/g, " "), 40)}\`; a ${call.callee.text === "set" ? "set comprehension" : "comprehension"} works it out in place.`,

  fix({ construct, call, kind, name, body, items }, { facts }) {
    if (hasComments(construct)) return declined("a comment would be lost");
    if (construct.ancestor("class_definition") && facts.scopeOf(construct).kind === "class")
      return declined("a comprehension sees no names of the class body");
    if (body.descendants("lambda", "yield", "await", "named_expression").length > 0 || mentions(items, name.text))
      return declined("the name of the item means something else beside it");
    if (items.descendants("named_expression").length > 0)
      return declined("a comprehension cannot give a name to what it goes through");
    if (body.identifiers("super").length > 0)
      return declined("super() looks at the parameters of the function it stands in");
    const clause = `for ${name.text} in ${textIn(items, LEAST)}`;
    const parts = kind === "map" ? [body.text, clause] : [name.text, clause, `if ${textIn(body, LEAST)}`];
    const made = call.callee.text;
    const [open, close] = made === "list" ? ["[", "]"] : made === "set" ? ["{", "}"] : ["tuple(", ")"];
    const text = inBrackets(open!, parts, close!, construct, facts);
    return fixOf(
      "Write a comprehension",
      [
        stopDoubt(body, facts),
        frameDoubt(body, facts),
        body.descendants("generator_expression").some((it) => isReadLater(it, facts)) &&
          `a generator that is read later then sees the last \`${name.text}\``,
      ],
      [replace(construct, text)],
    );
  },
});

/** On one line, or, where that is too long and the call had several, with a line for each part. */
function inBrackets(open: string, parts: readonly string[], close: string, at: Node, facts: Facts): string {
  const line = `${open}${parts.join(" ")}${close}`;
  const { text } = at.tree;
  const lineStart = text.lastIndexOf("\n", at.start - 1) + 1;
  const own = /^[ \t]*/.exec(text.slice(lineStart, at.start))![0];
  const fits = at.start - lineStart + line.length <= facts.lineLength;
  if (fits || !at.text.includes("\n") || line.includes("\n")) return line;
  const inner = own + indentUnit(statementOf(at), facts);
  return `${open}\n${parts.map((it) => `${inner}${it}\n`).join("")}${own}${close}`;
}

/** A generator that nothing goes through on the spot. */
function isReadLater(node: Node, facts: Facts): boolean {
  const taker = asCall(node.ancestor("call"));
  if (taker?.argumentList !== node && taker?.args[0] !== node) return true;
  return !/\.join$/.test(taker.callee.text) && !TAKES_ALL.test(facts.nameOf(taker.callee) ?? "");
}

const TAKES_ALL = /^builtins\.(list|tuple|set|frozenset|dict|sorted|sum|min|max|any|all)$/;
const LEAST = 3;

function mentions(node: Node, name: string): boolean {
  return node.text === name || node.identifiers(name).some((it) => it.fieldName !== "attribute");
}
