/** `eval` or `exec` on text that is put together or comes from elsewhere. */

import { asCall, asComparison, defineRule, excerpt, importName, isConstant, replace, unwrap, useOf, type Facts, type Node } from "../../analysis/authoring.js";

export default defineRule({
  title: "Text run as code with eval or exec",
  why: "Whoever can influence the text runs any code with the program's rights; empty builtins do not stop that. It is also slow, for the text is compiled at every call, and no tool can check what is inside.",
  guide: "dynamic-code",
  level: "warning",
  gain: "safety",
  overlaps: ["S307", "S102"],
  yieldsTo: ["llm/eval-in-tool"],
  fixes: "review",

  examples: [
    {
      before: `
def read_setting(text: str):
    return eval(text)
`,
      after: `from ast import literal_eval

def read_setting(text: str):
    return literal_eval(text)
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = asCall(node);
    if (call?.callee.kind !== "identifier" || facts.isTest) return undefined;
    const name = facts.nameOf(call.callee);
    const [code] = call.args;
    if ((name !== "builtins.eval" && name !== "builtins.exec") || !code || isFixedText(code, facts) || isChosen(code)) return undefined;
    return { at: call.callee, call, code, name };
  },

  message: ({ at, code }) => `\`${at.text}\` runs whatever \`${excerpt(code.text, 30)}\` holds; read data as data, or look the wanted function up in a table.`,

  fix({ at, call, name }, file) {
    if (name !== "builtins.eval" || call.args.length !== 1 || call.keywords.size > 0 || call.hasSplat) return undefined;
    // Text put together is a formula, not a literal.
    if (["string", "binary_operator", "call"].includes(unwrap(call.args[0]!).kind)) return undefined;
    // What is called or asked for an attribute is no literal.
    if (["call", "method", "attribute"].includes(useOf(call.node).kind)) return undefined;
    const literal = importName(file, "ast", "literal_eval", at);
    return literal && { title: "Use ast.literal_eval (review: it reads literals only and raises ValueError on anything else)", safety: "review", edits: [...literal.edits, replace(at, literal.name)] };
  },
});

/** Constant text, or a name that only ever holds constant text, or code compiled from such. */
function isFixedText(node: Node, facts: Facts): boolean {
  const code = unwrap(node);
  if (isConstant(code)) return true;
  if (code.kind === "identifier") {
    const sites = facts.reachingSites(code);
    return sites.length > 0 && sites.every((it) => it.kind === "assign" && it.path.length === 0 && it.value !== undefined && it.value.text !== code.text && isFixedText(it.value, facts));
  }
  const compiled = asCall(code);
  return compiled !== undefined && facts.nameOf(compiled.callee) === "builtins.compile" && compiled.args[0] !== undefined && isFixedText(compiled.args[0], facts);
}

/** `if text in ["True", "False"]:` lets only the program's own words through. */
function isChosen(code: Node): boolean {
  for (let at = code.ancestor("if_statement"); at; at = at.ancestor("if_statement")) {
    const test = asComparison(at.field("condition"));
    const words = test?.right;
    const isList = words !== undefined && ["list", "tuple", "set"].includes(words.kind) && words.children.every(isConstant);
    if (test?.operator === "in" && isList && test.left.text === code.text && code.isInside(at.field("consequence")!)) return true;
  }
  return false;
}
