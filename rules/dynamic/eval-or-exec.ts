/** `eval` on text that is put together or comes from elsewhere, and `exec` where plain code does the same. */

import {
  asAttribute, asBinary, asCall, asComparison, asFunction, asIf, asMethodCall, asString, asSubscript, asTry, defineRule, excerpt, functionAround, importName, isConstant, previousStatement, replace, statementOf, statementsOf, unwrap, useOf,
  type Call, type Facts, type Node, type Site,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Text run as code with eval or exec",
  why: "Whoever can influence the text runs any code with the program's rights; empty builtins do not stop that. It is also slow, for the text is compiled at every call, and no tool can check what is inside.",
  guide: "dynamic-code",
  level: "hint",
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
    if (facts.isTest || !EVALUATORS.includes(node.field("function")?.text ?? "")) return undefined;
    const call = asCall(node);
    if (!call) return undefined;
    const name = facts.nameOf(call.callee);
    const [code] = call.args;
    if ((name !== "builtins.eval" && name !== "builtins.exec") || !code || isBuiltHere(code, facts) || isShownByNotebook(code, facts)) return undefined;
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
    if (missesValueError(call.node)) return undefined;
    const literal = importName(file, "ast", "literal_eval", at);
    return literal && { title: "Use ast.literal_eval (review: it reads literals only and raises ValueError on anything else)", safety: "review", edits: [...literal.edits, replace(at, literal.name)] };
  },
});

const EVALUATORS = ["eval", "exec"];

/** Names that are set from one another go round in a circle: `seen` has those that were looked at. */
function isNew(name: Node, seen: Set<Node>): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  return true;
}

/** Constant text, words of the program's own, what is put together of such alone, or code that was compiled first: whoever compiles means to run it. */
function isBuiltHere(node: Node, facts: Facts, seen = new Set<Node>()): boolean {
  const code = unwrap(node);
  const compiled = asCall(code);
  if (isConstant(code) || (compiled && facts.nameOf(compiled.callee) === "builtins.compile")) return true;
  const binary = asBinary(code);
  if (binary) return ["+", "%"].includes(binary.operator) && [binary.left, binary.right].every((it) => isBuiltHere(it, facts, seen));
  const parts = asString(code)?.parts;
  if (parts) return parts.every((it) => typeof it === "string" || isBuiltHere(it.expression, facts, seen));
  if (isChosen(code, facts)) return true;
  if (code.kind !== "identifier") return false;
  if (!isNew(code, seen)) return true;
  const sites = facts.reachingSites(code);
  return sites.length > 0 && sites.every(({ kind, path, value }) => {
    if (path.length > 0 || value === undefined) return false;
    return kind === "for" ? areOwnWords(value, facts) : kind === "assign" && value.text !== code.text && isBuiltHere(value, facts, seen);
  });
}

/** A list of constants: spelled out on the spot, or by a name or a class attribute that is set once and never added to. */
function areOwnWords(node: Node, facts: Facts): boolean {
  const words = unwrap(node);
  if (["list", "tuple", "set"].includes(words.kind)) return words.children.every(isConstant);
  if (words.kind === "identifier") {
    const site = onlySite(words, facts);
    const values = site?.path.length === 0 ? [site.value] : site ? columnOf(site, facts) : [];
    return values.length > 0 && values.every((it) => it !== undefined && it.kind !== "identifier" && areOwnWords(it, facts));
  }
  const attribute = asAttribute(words);
  const method = attribute && functionAround(words);
  const owner = method && ["self", "cls"].includes(attribute.object.text) ? facts.classOf(method) : undefined;
  const values = owner?.attributes.filter((it) => it.name === attribute?.name) ?? [];
  return values.length === 1 && values[0]!.value?.kind === "list" && areOwnWords(values[0]!.value, facts) && !owner!.writes.some((it) => it.name === attribute!.name);
}

/** Where the name is given its one value, which nothing adds to. */
function onlySite(name: Node, facts: Facts): Site | undefined {
  const [site, more] = facts.writesOf(name);
  const isGrown = facts.usesOf(name).some((it) => it.kind === "subscript-store" || (it.kind === "method" && !facts.isHarmless(it)));
  return site?.kind === "assign" && !site.isRemote && !more && !isGrown ? site : undefined;
}

/** What `_, words = TABLE[kind]` takes from each row of a table that the file spells out. */
function columnOf({ value, path: [place, deeper] }: Site, facts: Facts): readonly (Node | undefined)[] {
  const table = asSubscript(value)?.value;
  const rows = table?.kind === "identifier" ? onlySite(table, facts)?.value : undefined;
  if (rows?.kind !== "dictionary" || place === undefined || deeper !== undefined) return [];
  return rows.children.map((it) => {
    const row = it.kind === "pair" ? it.field("value") : undefined;
    return row?.kind === "tuple" ? row.children[place] : undefined;
  });
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

/** `if text in ["True", "False"]:` around it, or `if text not in ["True", "False"]: raise …` ahead of it, lets only the program's own words through. */
function isChosen(code: Node, facts: Facts): boolean {
  const tests = (condition: Node | undefined, operator: string): boolean => {
    const test = asComparison(condition);
    return test?.operator === operator && test.left.text === code.text && areOwnWords(test.right, facts);
  };
  for (let at = code.ancestor("if_statement", "elif_clause"); at; at = at.ancestor("if_statement", "elif_clause")) {
    if (tests(at.field("condition"), "in") && code.isInside(at.field("consequence")!)) return true;
  }
  if (code.kind !== "identifier") return false;
  const around = functionAround(code);
  for (let at: Node | undefined = statementOf(code); at && at !== around; at = at.parent) {
    for (let earlier = previousStatement(at); earlier; earlier = previousStatement(earlier)) {
      const guard = asIf(earlier);
      const leaves = guard && LEAVES.has(statementsOf(guard.body).at(-1)?.kind ?? "");
      const { start } = earlier;
      if (guard && leaves && tests(guard.condition, "not in")) return facts.reachingSites(code).every((it) => it.name.start < start);
    }
  }
  return false;
}

const LEAVES = new Set(["raise_statement", "return_statement", "continue_statement"]);

/** `_repr_html_` of a notebook's helper shows expressions that are written into its cells: who writes them and who runs them is one person. */
function isShownByNotebook(code: Node, facts: Facts): boolean {
  const method = asFunction(functionAround(code));
  return facts.isNotebook && method !== undefined && facts.classOf(method.node) !== undefined && /^(__repr__|__str__|_repr_\w+_)$/.test(method.name) && !isFromOutside(code, facts);
}

/** `except NameError` around it waits for what literal_eval never raises, and lets pass what it does raise. */
function missesValueError(node: Node): boolean {
  const attempt = asTry(node.ancestor("try_statement"));
  const types = attempt && node.isInside(attempt.body) ? attempt.handlers.map((it) => it.type?.text ?? "Exception") : [];
  return types.some((it) => /\b(Name|Type|Attribute)Error\b/.test(it)) && !types.some((it) => /\b(ValueError|(Base)?Exception)\b/.test(it));
}
