/** A `try` around `torch.compile`, which compiles nothing yet. */

import {
  asAssignment,
  asTry,
  asCall,
  defineRule,
  excerpt,
  functionAround,
  statementOf,
  statementsOf,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const COMPILE = "torch.compile";

export default defineRule({
  title: "Handler around torch.compile alone",
  why: "torch.compile only wraps the model: it compiles when the model is called for the first time, and fails there. The handler never sees the error, and the program ends in its first step. A call with an example inside the try shows whether it works.",
  guide: "pytorch",
  level: "info",
  differs: { light: "kept", unknown: "kept" },
  gain: "safety",
  imports: ["torch"],
  words: ["compile"],
  library: { torch: { from: "2.0" } },

  examples: [
    {
      before: `
import torch

def prepared(model: torch.nn.Module, example: torch.Tensor) -> torch.nn.Module:
    try:
        model = torch.compile(model)
    except Exception as error:
        print("not compiled", error)
    return model
`,
      after: `
import torch

def prepared(model: torch.nn.Module, example: torch.Tensor) -> torch.nn.Module:
    try:
        compiled = torch.compile(model)
        compiled(example)
    except Exception as error:
        print("not compiled", error)
        return model
    return compiled
`,
    },
  ],

  on: ["call"],
  calls: [COMPILE],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || facts.nameOf(call.callee) !== COMPILE) return undefined;
    const attempt = attemptAround(node);
    const evidence = attempt && handlerEvidence(attempt);
    if (!attempt || !evidence || goesOn(node, attempt, facts)) return undefined;
    return { at: call.callee, evidence, model: call.args[0] };
  },

  message: ({ model }) =>
    `torch.compile only wraps ${model ? `\`${excerpt(model.text.replaceAll(/\s+/g, " "), 30)}\`` : "the function"}: it compiles in the first call, and fails there, where this handler does not see it; try a call in here.`,
});

/** The `try` whose body the call stands in, within its function. */
function attemptAround(node: Node): Node | undefined {
  for (let inner = node, at = node.parent; at; inner = at, at = at.parent) {
    if (at.kind === "function_definition" || at.kind === "lambda" || at.kind === "class_definition") return undefined;
    if (at.kind === "try_statement") return inner.fieldName === "body" ? at : undefined;
  }
  return undefined;
}

/** Who asks for a missing torch.compile is right; torch.compile itself refuses a platform with a RuntimeError. */
function handlerEvidence(attempt: Node): Evidence | undefined {
  const caught = asTry(attempt)?.node.children.filter((it) => it.kind === "except_clause") ?? [];
  if (caught.length === 0) return undefined;
  const names = caught.map((it) => it.text.split(":")[0]!);
  if (names.some((it) => /AttributeError|ImportError|ModuleNotFoundError|TypeError/.test(it))) return undefined;
  return names.some((it) => /^except$|Exception|dynamo|Compil|Inductor/i.test(it.trim()))
    ? "proof"
    : /Runtime/.test(names.join())
      ? "fair"
      : undefined;
}

/** More is tried than the wrapping: the result, or what it is a part of, is called or handed on. */
function goesOn(node: Node, attempt: Node, facts: Facts): boolean {
  const body = attempt.field("body");
  const own = statementOf(node);
  const assignment = asAssignment(own);
  if (!body || (!assignment && own.kind !== "return_statement")) return true;
  const targets = assignment?.targets.map((it) => it.text) ?? [];
  return statementsOf(body).some(
    (it) =>
      it.start > own.start &&
      (facts.loopAround(it) !== undefined && functionAround(it) === undefined
        ? true
        : it.descendants("call").some((call) => {
            const tried = asCall(call);
            if (!tried) return false;
            const { callee, args } = tried;
            const last = callee.text.split(".")[0]!;
            return (
              targets.includes(callee.text) ||
              targets.some((name) => args.some((arg) => arg.text === name) || callee.text.startsWith(`${name}.`)) ||
              /train|fit|forward|warm|run|generate|step|evaluate|benchmark/i.test(callee.text) ||
              targets.includes(last)
            );
          })),
  );
}
