/** `eval` on text that is put together or comes from elsewhere, and `exec` where plain code does the same. */

import { asAttribute, asBinary, asCall, asComparison, asMethodCall, asString, asSubscript, defineRule, excerpt, importName, isConstant, replace, unwrap, useOf, type Call, type Facts, type Node } from "../../analysis/authoring.js";

export default defineRule({
  title: "Text run as code with eval or exec",
  why: "Whoever can influence the text runs any code with the program's rights; empty builtins do not stop that. It is also slow, for the text is compiled at every call, and no tool can check what is inside.",
  guide: "dynamic-code",
  level: "info",
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
  words: ["eval", "exec"],

  find(node, { facts }) {
    const call = asCall(node);
    if (call?.callee.kind !== "identifier" || facts.isTest) return undefined;
    const name = facts.nameOf(call.callee);
    const [code] = call.args;
    if ((name !== "builtins.eval" && name !== "builtins.exec") || !code || isBuiltHere(code, facts) || isChosen(code)) return undefined;
    if (!isAlone(call) && !(name === "builtins.eval" && takesBuiltinsAway(call))) return undefined;
    if (name === "builtins.exec" && !isPutTogether(code, facts) && !isFromOutside(code, facts)) return undefined;
    return { at: call.callee, call, code, name };
  },

  message: ({ at, code }) => `\`${at.text}\` runs whatever \`${excerpt(code.text, 30)}\` holds; read data as data, or look the wanted function up in a table.`,

  fix({ at, call, name }, file) {
    if (name !== "builtins.eval" || call.args.length !== 1 || call.keywords.size > 0 || call.hasSplat) return undefined;
    // Text put together is a formula, not a literal.
    if (unwrap(call.args[0]!).kind === "call" || isPutTogether(call.args[0]!, file.facts)) return undefined;
    // What is called or asked for an attribute is no literal.
    if (["call", "method", "attribute", "attribute-store"].includes(useOf(call.node).kind)) return undefined;
    const literal = importName(file, "ast", "literal_eval", at);
    return literal && { title: "Use ast.literal_eval (review: it reads literals only and raises ValueError on anything else)", safety: "review", edits: [...literal.edits, replace(at, literal.name)] };
  },
});

/** Names that are set from one another go round in a circle: `seen` has those that were looked at. */
function isNew(name: Node, seen: Set<Node>): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  return true;
}

/** Constant text, code that was compiled first, or a name that only ever holds such: whoever compiles means to run it. */
function isBuiltHere(node: Node, facts: Facts, seen = new Set<Node>()): boolean {
  const code = unwrap(node);
  const compiled = asCall(code);
  if (isConstant(code) || (compiled && facts.nameOf(compiled.callee) === "builtins.compile")) return true;
  if (code.kind !== "identifier") return false;
  return !isNew(code, seen) || isAlways(code, facts, (it) => it.text !== code.text && isBuiltHere(it, facts, seen));
}

/** The name has such values only. */
function isAlways(name: Node, facts: Facts, test: (value: Node) => boolean): boolean {
  const sites = facts.reachingSites(name);
  return sites.length > 0 && sites.every((it) => it.kind === "assign" && it.path.length === 0 && it.value !== undefined && test(it.value));
}

/** No namespace of its own: code that is given one is run on purpose. */
function isAlone({ args, keywords, hasSplat }: Call): boolean {
  return args.length === 1 && keywords.size === 0 && !hasSplat;
}

/** `{"__builtins__": {}}`, which looks as if it kept the text from doing harm. */
function takesBuiltinsAway({ args, keywords }: Call): boolean {
  const globals = args[1] ?? keywords.get("globals");
  return globals?.kind === "dictionary" && /["']__builtins__["']\s*:/.test(globals.text);
}

/** An f-string, `"…" % name`, `"…" + name`, `"…".format(name)`, or a name that holds one. */
function isPutTogether(node: Node, facts: Facts, seen = new Set<Node>()): boolean {
  const code = unwrap(node);
  if (code.kind === "identifier") return isNew(code, seen) && facts.reachingSites(code).some((it) => it.value !== undefined && it.path.length === 0 && it.value.text !== code.text && isPutTogether(it.value, facts, seen));
  const binary = asBinary(code);
  if (binary) return ["+", "%"].includes(binary.operator) && [binary.left, binary.right].some((it) => isPutTogether(it, facts, seen) || asString(unwrap(it)) !== undefined);
  return asString(code)?.parts.some((it) => typeof it !== "string") === true || asMethodCall(code, "format", "join", "replace") !== undefined;
}

const OUTSIDE = new Set(["builtins.input", "os.getenv", "os.environ", "sys.argv", "sys.stdin"]);

/** What somebody typed, passed or sent. */
function isFromOutside(node: Node, facts: Facts, seen = new Set<Node>()): boolean {
  const code = unwrap(node);
  if (OUTSIDE.has(facts.nameOf(code) ?? "")) return true;
  if (code.kind === "identifier") return isNew(code, seen) && isAlways(code, facts, (it) => it.text !== code.text && isFromOutside(it, facts, seen));
  const source = asCall(code)?.callee ?? asAttribute(code)?.object ?? asSubscript(code)?.value;
  return source !== undefined && (facts.typeOf(asAttribute(code)?.object ?? code)?.name === "requests.Response" || isFromOutside(source, facts, seen));
}

/** `if text in ["True", "False"]:` lets only the program's own words through. */
function isChosen(code: Node): boolean {
  for (let at = code.ancestor("if_statement", "elif_clause"); at; at = at.ancestor("if_statement", "elif_clause")) {
    const test = asComparison(at.field("condition"));
    const words = test?.right;
    const isList = words !== undefined && ["list", "tuple", "set"].includes(words.kind) && words.children.every(isConstant);
    if (test?.operator === "in" && isList && test.left.text === code.text && code.isInside(at.field("consequence")!)) return true;
  }
  return false;
}
