/** `eval(text, {"__builtins__": {}})`, which looks like a sandbox and is none. */

import {
  asCall,
  asSubscript,
  defineRule,
  fileQuestion,
  isConstant,
  nameGiven,
  textValue,
  unwrap,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Sandbox extends Match {
  readonly what: string;
}

export default defineRule({
  title: "Sandbox that lets code out",
  why: "Every value leads to its class, from there to all classes of the program, and from these to files and processes: an empty dict of built-ins keeps nobody in. Data is read by ast.literal_eval; formulas by a walk over the tree that ast.parse gives, which allows the few kinds of nodes that are meant.",
  guide: "dynamic-code",
  level: "warning",
  differs: { unknown: "kept" },
  gain: "safety",
  words: ["__builtins__"],
  overlaps: ["S307", "S102"],
  unlike: "it says why an empty `__builtins__` does not help, instead of only that `eval` is used",
  overrides: ["dynamic/eval-or-exec"],

  examples: [
    {
      before: `
def area(formula: str, width: float) -> float:
    return eval(formula, {"__builtins__": {}}, {"width": width})
`,
      after: `
import ast
import operator

SIGNS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}

def area(formula: str, width: float) -> float:
    def value(node: ast.AST) -> float:
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name) and node.id == "width":
            return width
        if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
            return SIGNS[type(node.op)](value(node.left), value(node.right))
        raise ValueError("not a formula")

    return value(ast.parse(formula, mode="eval").body)
`,
    },
  ],

  on: ["call"],
  calls: ["builtins.eval", "builtins.exec"],

  find(_node, { facts }, call): Sandbox | undefined {
    const [code, names] = call.args;
    if (!code || facts.isTest || isConstant(code) || textValue(code) !== undefined) return undefined;
    const given = names ?? call.keywords.get("globals");
    if (!given || !isEmptied(given, facts)) return undefined;
    const weight = isOwnCode(code, facts) ? "light" : "heavy";
    return { at: call.callee, evidence: "proof", weight, construct: call.node, what: call.callee.text };
  },

  message: ({ what }) =>
    `An empty \`__builtins__\` does not hold what \`${what}\` runs: any value leads to all classes of the program, and to files and processes.`,
});

/** A text that is put together here around fixed code, or code whose tree was looked at before. */
function isOwnCode(code: Node, facts: Facts): boolean {
  const made = unwrap(facts.valueOf(code) ?? code);
  if (made.kind === "string") return true;
  return asCall(made)?.callee.text === "compile" && facts.ofFile(looksAtTrees);
}

const looksAtTrees = fileQuestion((facts) =>
  facts.fileMatches(/\bast\.(?:walk|parse|NodeVisitor|NodeTransformer)\b|NodeVisitor\b/),
);

/** A dict that gives the code no built-ins, or few. */
function isEmptied(given: Node, facts: Facts): boolean {
  const node = unwrap(given);
  if (node.kind === "dictionary")
    return node.children.some((it) => {
      const value = it.kind === "pair" && textValue(it.field("key")) === "__builtins__" ? it.field("value") : undefined;
      return value !== undefined && isFew(unwrap(value), facts);
    });
  if (node.kind !== "identifier") return false;
  const value = facts.valueOf(node);
  if (value && value.kind === "dictionary" && isEmptied(value, facts)) return true;
  // `names["__builtins__"] = {}`
  return facts.usesOf(node).some((it) => {
    const subscript = it.kind === "subscript-store" ? asSubscript(it.in) : undefined;
    const stored =
      subscript && textValue(subscript.indices[0]) === "__builtins__"
        ? subscript.node.parent?.field("right")
        : undefined;
    return stored !== undefined && isFew(unwrap(stored), facts);
  });
}

const isFew = (value: Node, facts: Facts): boolean =>
  value.kind === "none" ||
  value.kind === "dictionary" ||
  value.kind === "dictionary_comprehension" ||
  (value.kind === "call" && value.text === "dict()") ||
  (value.kind === "identifier" && nameGiven(value) === undefined && facts.valueOf(value)?.kind === "dictionary");
