/** A tool that a language model may call, and that runs the model's text as code or in a shell. */

import {
  argumentOf,
  asCall,
  asComparison,
  asIf,
  asMethodCall,
  declined,
  defineRule,
  fixOf,
  functionAround,
  asFunction,
  importModule,
  indentUnit,
  insertBefore,
  isConstant,
  replace,
  statementOf,
  textValue,
  toolEvidence,
  type Call,
  type Declined,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

const SHELLS = new Set([
  "subprocess.run",
  "subprocess.call",
  "subprocess.check_call",
  "subprocess.check_output",
  "subprocess.Popen",
  "subprocess.getoutput",
  "subprocess.getstatusoutput",
  "os.system",
  "os.popen",
]);
const ALWAYS_SHELL = new Set(["subprocess.getoutput", "subprocess.getstatusoutput", "os.system", "os.popen"]);

export default defineRule({
  title: "Agent tool that runs the model's text as code",
  why: "A tool's input is written by a model that reads web pages, mails and files. If the tool runs that input as code or in a shell, any of these sources can run commands on this machine.",
  guide: "agents",
  level: "error",
  gain: "safety",
  imports: [
    "langchain",
    "langchain_core",
    "crewai",
    "crewai_tools",
    "smolagents",
    "agents",
    "autogen_core",
    "llama_index",
    "strands",
    "mcp",
    "fastmcp",
    "pydantic_ai",
    "autogen",
    "langgraph",
    "agno",
    "haystack",
    "semantic_kernel",
  ],
  orWords: ["BaseTool"],
  overlaps: ["S307", "S102"],
  unlike: "only functions that a model may call are reported, and as errors, a shell among them",
  overrides: ["dynamic/eval-or-exec", "dynamic/fake-sandbox"],
  fixes: "review",

  examples: [
    {
      before: `
from langchain_core.tools import tool

@tool
def calculate(expression: str) -> str:
    """Works out an arithmetic expression."""
    return str(eval(expression))
`,
      after: `
import ast
import operator

from langchain_core.tools import tool

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.USub: operator.neg}
NUMBERS = (int, float)

def evaluate(expression: str) -> float:
    """Works out numbers joined by + - * / and parentheses; anything else is a ValueError."""

    def value_of(node: ast.expr) -> float:
        if isinstance(node, ast.Constant) and type(node.value) in NUMBERS:
            return node.value
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value_of(node.left), value_of(node.right))
        if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value_of(node.operand))
        raise ValueError("only arithmetic on numbers is allowed")

    return value_of(ast.parse(expression.strip(), mode="eval").body)

@tool
def calculate(expression: str) -> str:
    """Works out an arithmetic expression."""
    return str(evaluate(expression))
`,
    },
  ],

  on: ["call"],
  calls: ["builtins.eval", "builtins.exec", ...SHELLS],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const call = asCall(node);
    const danger = call && dangerOf(call, facts);
    const found = danger && toolAround(node, facts);
    if (!found) return undefined;
    const { tool, evidence } = found;
    // What the tool puts together without its input is not written by the model.
    if (!comesFromInput(call!.args[0]!, tool, facts)) return undefined;
    const isChecked = danger === "runs" && isSumOnly(call!, tool, facts);
    return {
      at: call!.callee,
      evidence: isChecked ? "fair" : evidence,
      weight: "heavy",
      call: call!,
      tool,
      danger: danger!,
      isChecked,
    };
  },

  message: ({ at, danger, evidence, isChecked }) =>
    isChecked
      ? `The check leaves \`${at.text}\` nothing but arithmetic, but a power such as 9**9**9 written by the model keeps it busy for ever; work out the syntax tree.`
      : evidence === "fair"
        ? `If a model calls this tool, it decides what \`${at.text}\` ${danger} here; allow only the operations the tool is for.`
        : `The model decides what \`${at.text}\` ${danger} here; allow only the operations the tool is for.`,

  fix: ({ call, tool }, file) => evaluator(call, tool, file),
});

function dangerOf(call: Call, facts: Facts): string | undefined {
  const [first] = call.args;
  const name = facts.nameOf(call.callee);
  if (name === undefined || !first || isConstant(first)) return undefined;
  if (name === "builtins.eval" || name === "builtins.exec") return "runs";
  if (!SHELLS.has(name)) return undefined;
  return ALWAYS_SHELL.has(name) || argumentOf(call, "shell")?.kind === "true" ? "passes to the shell" : undefined;
}

interface Tool {
  readonly tool: Node;
  readonly evidence: Evidence;
}

/** The outermost function around a node, if it is exposed as a tool, or is a method that such a one calls. */
function toolAround(node: Node, facts: Facts): Tool | undefined {
  let outermost: Node | undefined;
  for (let at = functionAround(node); at; at = functionAround(at)) outermost = at;
  const def = asFunction(outermost);
  if (!def || !outermost) return undefined;
  const exposed = toolEvidence(def, facts);
  if (exposed) return { tool: outermost, evidence: exposed };
  const owner = facts.classOf(def.node);
  if (!owner || !def.name.startsWith("_")) return undefined;
  for (const { def: method } of owner.methods) {
    const evidence = method.name === def.name ? undefined : toolEvidence(method, facts);
    const isCalled =
      evidence &&
      facts
        .bodyOf(method)
        .descendants("call")
        .some((it) => it.field("function")!.text === `self.${def.name}`);
    if (isCalled) return { tool: outermost, evidence: evidence === "proof" ? "strong" : evidence };
  }
  return undefined;
}

/** Signs of which a sum is made: no letter, no quote, no underscore. */
const SIGNS = /^[^A-Za-z_"'`\\\x80-\uffff]+$/;
/** A character class of digits and such signs, and nothing beside. */
const SIGN_PATTERN = /^\^?\[(?:\\[sd.+*/()\-^%]|[^A-Za-z_"'`\\\]])+\][+*]\$?$/;

/** Above it, or around it, stands a test that the text holds only the signs of a sum. */
function isSumOnly(call: Call, tool: Node, facts: Facts): boolean {
  return tool
    .descendants("if_statement")
    .filter((it) => it.start < call.node.start)
    .some((it) => {
      const test = asIf(it);
      if (!test) return false;
      const { condition, body } = test;
      const isGuard =
        call.node.isInside(body) || ["return_statement", "raise_statement"].includes(body.lastChild?.kind ?? "");
      return isGuard && [condition, ...condition.descendants("call", "comparison_operator")].some(isSignTest(facts));
    });
}

const isSignTest =
  (facts: Facts) =>
  (test: Node): boolean => {
    const call = asCall(test);
    const name = call && facts.nameOf(call.callee);
    if (name === "re.fullmatch" || name === "re.match") {
      const pattern = textValue(call!.args[0]) ?? "";
      return SIGN_PATTERN.test(pattern) && (name === "re.fullmatch" || pattern.endsWith("$"));
    }
    if (name === "builtins.all" || name === "builtins.any") {
      const comparison = call!.node.descendants("comparison_operator")[0];
      return comparison !== undefined && SIGNS.test(signsOf(comparison.lastChild, facts) ?? "");
    }
    // `set(text) <= set("0123456789+-*/")`
    const limits = asComparison(test);
    return limits?.operator === "<=" && SIGNS.test(signsOf(limits.right, facts) ?? "");
  };

/** The text itself, or that of `set("…")`, also behind a name. */
function signsOf(value: Node | undefined, facts: Facts): string | undefined {
  if (!value) return undefined;
  const text = textValue(value);
  if (text !== undefined) return text;
  const call = asCall(value);
  if (call) return /^(set|frozenset|list)$/.test(call.callee.text) ? textValue(call.args[0]) : undefined;
  const held = value.kind === "identifier" ? facts.valueOf(value) : undefined;
  return held && held !== value && held.kind !== "identifier" ? signsOf(held, facts) : undefined;
}

/** How many names are followed back from what is run to what the tool is given. */
const STEPS = 5;

/** A parameter of the tool, or something computed from one, is a part of it; also what nobody can tell. */
function comesFromInput(value: Node, tool: Node, facts: Facts, depth = 0): boolean {
  if (depth > STEPS) return true;
  return [value, ...value.descendants("identifier")].some((it) => {
    if (it.kind !== "identifier" || it.fieldName === "attribute") return false;
    if (it.text === "self" || it.text === "cls") return it.parent?.kind === "attribute";
    return facts
      .reachingSites(it)
      .some(
        (site) =>
          site.name.isInside(tool) &&
          (site.kind === "parameter" || !site.value || comesFromInput(site.value, tool, facts, depth + 1)),
      );
  });
}

/** A small evaluator above the tool, in place of a plain `eval(text)`. */
function evaluator(call: Call, tool: Node, file: File): Fix | Declined | undefined {
  const { facts } = file;
  const def = asFunction(tool);
  const outer = def && statementOf(def.outer);
  const isPlain =
    facts.nameOf(call.callee) === "builtins.eval" &&
    call.args.length === 1 &&
    call.keywords.size === 0 &&
    !asMethodCall(call.node);
  if (!isPlain) return declined("only a plain eval of one text can become arithmetic");
  if (
    !outer ||
    outer.parent !== outer.tree.root ||
    (outer.start > 0 && outer.tree.text[outer.start - 1] !== "\n") ||
    facts.classOf(tool)
  )
    return declined("the tool is no function of the module's top level");
  const [ast, operator] = [importModule(file, "ast", call.node), importModule(file, "operator", call.node)];
  const isFree = ["OPERATORS", "NUMBERS", "evaluate"].every((it) => !facts.isTaken(it, call.node));
  if (!ast || !operator || !isFree) return declined("a name that the evaluator needs is taken");
  return fixOf(
    "Evaluate arithmetic only",
    ["names, calls and other operators are rejected"],
    [
      ...ast.edits,
      ...operator.edits,
      insertBefore(outer, evaluatorText(ast.name, operator.name).replaceAll("    ", indentUnit(outer, facts))),
      replace(call.callee, "evaluate"),
    ],
  );
}

function evaluatorText(ast: string, operator: string): string {
  return `OPERATORS = {${ast}.Add: ${operator}.add, ${ast}.Sub: ${operator}.sub, ${ast}.Mult: ${operator}.mul, ${ast}.Div: ${operator}.truediv, ${ast}.USub: ${operator}.neg}
NUMBERS = (int, float)

def evaluate(expression: str) -> float:
    """Works out numbers joined by + - * / and parentheses; anything else is a ValueError."""

    def value_of(node: ${ast}.expr) -> float:
        if isinstance(node, ${ast}.Constant) and type(node.value) in NUMBERS:
            return node.value
        if isinstance(node, ${ast}.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value_of(node.left), value_of(node.right))
        if isinstance(node, ${ast}.UnaryOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value_of(node.operand))
        raise ValueError("only arithmetic on numbers is allowed")

    return value_of(${ast}.parse(expression.strip(), mode="eval").body)

`;
}
