/** A tool that a language model may call, and that runs the model's text as code or in a shell. */

import { argumentOf, asCall, asMethodCall, defineRule, functionAround, asFunction, importModule, insertBefore, isConstant, replace, statementOf, type Call, type Facts, type File, type Fix, type Node } from "../../analysis/authoring.js";

const DECORATORS = new Set(["langchain_core.tools.tool", "langchain.tools.tool", "langchain.agents.tool", "crewai.tools.tool", "crewai_tools.tool", "smolagents.tool", "agents.function_tool", "autogen_core.tools.tool", "llama_index.core.tools.tool", "strands.tool"]);
const TOOL_CLASSES = new Set(["langchain_core.tools.BaseTool", "langchain.tools.BaseTool", "langchain_core.tools.base.BaseTool", "crewai.tools.BaseTool", "crewai_tools.BaseTool", "smolagents.Tool"]);
const MAKERS = new Set(["langchain_core.tools.StructuredTool.from_function", "langchain.tools.StructuredTool.from_function", "langchain_core.tools.Tool", "langchain.tools.Tool", "langchain.agents.Tool", "langchain_core.tools.Tool.from_function", "langchain.tools.Tool.from_function", "llama_index.core.tools.FunctionTool.from_defaults"]);
const METHODS = new Set(["_run", "_arun", "forward"]);
const SHELLS = new Set(["subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen", "subprocess.getoutput", "subprocess.getstatusoutput", "os.system", "os.popen"]);
const ALWAYS_SHELL = new Set(["subprocess.getoutput", "subprocess.getstatusoutput", "os.system", "os.popen"]);

export default defineRule({
  title: "Agent tool that runs the model's text as code",
  why: "What a tool is given was written by a model that reads web pages, mails and files: running it as code or in a shell lets any of them run commands on this machine.",
  guide: "agents",
  level: "error",
  gain: "safety",
  imports: ["langchain", "langchain_core", "crewai", "crewai_tools", "smolagents", "agents", "autogen_core", "llama_index", "strands"],
  overlaps: ["S307"],
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

def evaluate(expression: str) -> float:
    """Works out numbers joined by + - * / and parentheses; anything else is a ValueError."""

    def value_of(node: ast.expr) -> float:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
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

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const call = asCall(node);
    const danger = call && dangerOf(call, facts);
    const tool = danger && toolAround(node, facts);
    return tool ? { at: call!.callee, call: call!, tool, danger: danger! } : undefined;
  },

  message: ({ at, danger }) => `The model decides what \`${at.text}\` ${danger} here; allow only the operations the tool is for.`,

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

/** The outermost function around a node, if it is exposed as a tool. */
function toolAround(node: Node, facts: Facts): Node | undefined {
  let outermost: Node | undefined;
  for (let at = functionAround(node); at; at = functionAround(at)) outermost = at;
  const def = asFunction(outermost);
  if (!def) return undefined;
  if (def.decorators.some((it) => DECORATORS.has(facts.nameOf(asCall(it)?.callee ?? it) ?? ""))) return outermost;
  if (METHODS.has(def.name)) {
    const owner = facts.classOf(def.node);
    return owner && facts.basesOf(owner).some((it) => typeof it === "string" && TOOL_CLASSES.has(it)) ? outermost : undefined;
  }
  const isHanded = facts.usesOf(def.nameNode).some((use) => {
    const maker = use.kind === "argument" ? asCall(use.call) : undefined;
    return maker !== undefined && MAKERS.has(facts.nameOf(maker.callee) ?? "");
  });
  return isHanded ? outermost : undefined;
}

/** A small evaluator above the tool, in place of a plain `eval(text)`. */
function evaluator(call: Call, tool: Node, file: File): Fix | undefined {
  const { facts } = file;
  const def = asFunction(tool);
  const outer = def && statementOf(def.outer);
  const isPlain = facts.nameOf(call.callee) === "builtins.eval" && call.args.length === 1 && call.keywords.size === 0 && !asMethodCall(call.node);
  if (!isPlain || !outer || outer.parent !== outer.tree.root || outer.start > 0 && outer.tree.text[outer.start - 1] !== "\n" || facts.classOf(tool)) return undefined;
  const [ast, operator] = [importModule(file, "ast", call.node), importModule(file, "operator", call.node)];
  const isFree = ["OPERATORS", "evaluate"].every((it) => !facts.isTaken(it, call.node));
  if (!ast || !operator || !isFree) return undefined;
  return {
    title: "Work out arithmetic only (review: names, calls and other operators are refused)",
    safety: "review",
    edits: [...ast.edits, ...operator.edits, insertBefore(outer, evaluatorText(ast.name, operator.name)), replace(call.callee, "evaluate")],
  };
}

function evaluatorText(ast: string, operator: string): string {
  return `OPERATORS = {${ast}.Add: ${operator}.add, ${ast}.Sub: ${operator}.sub, ${ast}.Mult: ${operator}.mul, ${ast}.Div: ${operator}.truediv, ${ast}.USub: ${operator}.neg}

def evaluate(expression: str) -> float:
    """Works out numbers joined by + - * / and parentheses; anything else is a ValueError."""

    def value_of(node: ${ast}.expr) -> float:
        if isinstance(node, ${ast}.Constant) and type(node.value) in (int, float):
            return node.value
        if isinstance(node, ${ast}.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value_of(node.left), value_of(node.right))
        if isinstance(node, ${ast}.UnaryOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](value_of(node.operand))
        raise ValueError("only arithmetic on numbers is allowed")

    return value_of(${ast}.parse(expression.strip(), mode="eval").body)

`;
}
