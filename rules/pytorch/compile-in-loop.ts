/** `torch.compile(model)` in each turn of a loop, or in the expression that calls the result. */

import {
  asAssignment,
  asCall,
  asFunction,
  defineRule,
  functionAround,
  nextStatement,
  statementOf,
  useOf,
  wrapped,
  excerpt,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const COMPILE = "torch.compile";
/** They run once for each object, or for the whole program. */
const ONCE = /^(__init__|setup|configure_model|main|__post_init__|on_fit_start|build|load|init)|warm/;

export default defineRule({
  title: "Model compiled anew in every iteration",
  why: "Each call of torch.compile wraps the model anew, sets up the compiler and looks for code that fits. Done in every iteration or call, this costs more than a small model saves, and a model that is given its own compiled form is wrapped once more each time. Compile once and keep the result.",
  guide: "torch-data",
  level: "warning",
  differs: { light: "off" },
  gain: "time",
  imports: ["torch"],
  library: { torch: { from: "2.0" } },

  examples: [
    {
      before: `
import torch
from torch import nn

def predict(model: nn.Module, batches: list[torch.Tensor]) -> list[torch.Tensor]:
    found = []
    for batch in batches:
        fast = torch.compile(model)
        found.append(fast(batch))
    return found
`,
      after: `
import torch
from torch import nn

def predict(model: nn.Module, batches: list[torch.Tensor]) -> list[torch.Tensor]:
    fast = torch.compile(model)
    found = []
    for batch in batches:
        found.append(fast(batch))
    return found
`,
    },
  ],

  on: ["call"],
  calls: [COMPILE],

  find(node, { facts }) {
    const call = asCall(node);
    const [model] = call?.args ?? [];
    if (!call || !model || facts.isTest || facts.nameOf(call.callee) !== COMPILE) return undefined;
    const loop = facts.loopAround(node);
    if (loop ? !isSameEachTurn(node, loop, facts) || isLastTurn(node) : !isCalledAtOnce(node)) return undefined;
    return { at: call.callee, weight: facts.weightOf(node), model, isLoop: loop !== undefined };
  },

  message: ({ model, isLoop }) =>
    `\`${excerpt(model.text.replaceAll(/\s+/g, " "), 40)}\` is wrapped and set up for the compiler again in every ${isLoop ? "iteration" : "call"}; compile it once and keep the result.`,
});

/** Nothing that is compiled, or says how, is given anew by the loop, other than by this very statement. */
function isSameEachTurn(node: Node, loop: Node, facts: Facts): boolean {
  if (node.descendants("lambda").length > 0) return false;
  const own = statementOf(node);
  const targets = asAssignment(own)?.targets ?? [];
  // `self.blocks[i] = …`, `compiled.append(…)`: each turn keeps one of its own.
  if (targets.some((it) => it.kind !== "identifier") || useOf(wrapped(node)).kind === "argument") return false;
  return node
    .descendants("identifier")
    .filter((it) => it.fieldName !== "attribute" && it.fieldName !== "name")
    .every((it) => facts.writesOf(it, loop).every((site) => statementOf(site.name) === own));
}

/** The loop is left right after it. */
function isLastTurn(node: Node): boolean {
  for (let at: Node | undefined = statementOf(node); at; at = nextStatement(at))
    if (/^(break|return|raise)_statement$/.test(at.kind)) return true;
  return node.ancestor("except_clause", "if_statement") !== undefined;
}

/** `torch.compile(model)(batch)` in a function that runs more than once. */
function isCalledAtOnce(node: Node): boolean {
  const def = asFunction(functionAround(node));
  return def !== undefined && !ONCE.test(def.name) && useOf(wrapped(node)).kind === "call";
}
