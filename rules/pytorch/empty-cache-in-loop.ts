/** `torch.cuda.empty_cache()` in each step of a loop, or in each forward pass. */

import {
  asCall,
  asFunction,
  asIf,
  declined,
  defineRule,
  fixOf,
  functionAround,
  hasComments,
  onlyStatement,
  removeStatement,
  runsSeldom,
  statementOf,
  trainingAround,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

const CALLS = ["torch.cuda.empty_cache", "torch.mps.empty_cache", "torch.xpu.empty_cache"];

export default defineRule({
  title: "Memory of the device given back in every iteration",
  why: "PyTorch keeps freed memory of the device to use it again. empty_cache() waits for the device and gives that memory back, only for the next step to ask the driver for it anew, which is slow. It frees nothing that is still in use, so it seldom prevents running out of memory.",
  guide: "torch-data",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  unmeasured: "a graphics card",
  imports: ["torch"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

def train(model: nn.Module, optimizer: torch.optim.Optimizer, batches) -> None:
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()
        torch.cuda.empty_cache()
`,
      after: `
import torch
from torch import nn

def train(model: nn.Module, optimizer: torch.optim.Optimizer, batches) -> None:
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()
`,
    },
  ],

  on: ["call"],
  calls: CALLS,

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.args.length > 0 || facts.isTest || node.parent?.kind !== "expression_statement") return undefined;
    if (!CALLS.includes(facts.nameOf(call.callee) ?? "")) return undefined;
    const often = oftenRun(node, facts);
    return often && { at: call.callee, weight: often.weight, often, call };
  },

  message: ({ at, often: { when } }) =>
    `\`${at.text}()\` waits for the device and gives back memory ${when} that the next one asks for again; PyTorch reuses freed memory by itself.`,

  fix({ call }) {
    const statement = statementOf(call.node);
    const branch = asIf(statement.parent?.parent);
    const isAlone = branch !== undefined && onlyStatement(branch.body) !== undefined;
    if (
      isAlone &&
      (branch.elifs.length > 0 || branch.orElse || !/^torch\.\w+\.is_available\(\)$/.test(branch.condition.text))
    )
      return declined("it is the only statement of its branch");
    if (!isAlone && statement.parent && onlyStatement(statement.parent))
      return declined("it is all that the block does");
    const gone = isAlone ? branch.node : statement;
    if (gone.parent && onlyStatement(gone.parent)) return declined("it is all that the block does");
    const edit = hasComments(gone) ? undefined : removeStatement(gone);
    return edit
      ? fixOf("Leave the memory to PyTorch", ["other programs on the device do not get what is free meanwhile"], [edit])
      : declined("a comment would be lost, or the line holds more");
  },
});

interface Often {
  readonly weight: Weight;
  readonly when: string;
}

/** It runs for each step of training, each batch, or each forward pass; not between models, after an epoch or when memory has run out. */
function oftenRun(node: Node, facts: Facts): Often | undefined {
  const training = trainingAround(node, facts);
  if (training)
    return runsSeldom(node, training, facts) || (training.isLoop && facts.weightOf(node) === "light")
      ? undefined
      : { weight: "heavy", when: training.isLoop ? "in every step" : "in every call" };
  const loop = facts.loopAround(node);
  if (loop) {
    const isLoop = loop.kind === "for_statement" || loop.kind === "while_statement";
    return !isLoop || isSweep(loop) || isRetry(node, loop) || runsSeldom(node, { region: loop }, facts)
      ? undefined
      : { weight: facts.weightOf(node) === "light" ? "light" : "unknown", when: "in every iteration" };
  }
  const def = asFunction(functionAround(node));
  return def?.name === "forward" && facts.classOf(def.node) && !isConditional(node)
    ? { weight: "heavy", when: "in every forward pass" }
    : undefined;
}

/** A turn that succeeds leaves the loop: the others try again with less. */
const isRetry = (node: Node, loop: Node): boolean => {
  const attempt = node.ancestor("try_statement");
  return attempt?.isInside(loop) === true && attempt.descendants("return_statement", "break_statement").length > 0;
};

/** Under a condition, other than that there is a device at all. */
function isConditional(node: Node): boolean {
  for (let branch = node.ancestor("if_statement"); branch; branch = branch.ancestor("if_statement"))
    if (!/is_available\(\)/.test(branch.field("condition")?.text ?? "")) return true;
  return false;
}

/** Each turn loads or deletes a model, goes through batches of its own, or asks for the next task: once a turn is not often. */
function isSweep(loop: Node): boolean {
  const body = loop.field("body");
  if (!body) return true;
  if (body.descendants("for_statement", "while_statement").length > 0) return true;
  if (body.descendants("delete_statement").some((it) => /model|net\b|trainer|pipe|engine|optimizer/i.test(it.text)))
    return true;
  return body
    .descendants("call")
    .some((it) =>
      /(^|[._])(from_pretrained|load_state_dict|load_model|build_model|get_model|create_model|input|fit|train|train_model|evaluate|run_experiment)$|(Model|Net|Trainer|Pipeline)$/.test(
        asCall(it)?.callee.text ?? "",
      ),
    );
}
