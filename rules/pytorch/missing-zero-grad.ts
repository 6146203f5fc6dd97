/** A training loop that never resets the gradients: each step adds its own to those of all steps before. */

import {
  asAttribute,
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  isTrainingStep,
  knownTurns,
  lineAbove,
  lineBelow,
  nextStatement,
  startsLine,
  statementOf,
  trainingOf,
  type Call,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** Whatever resets gradients, or takes care of them. */
const RESETS = /zero_?grad|\.grad\b|clear_?grad|reset_grad|set_to_none/i;
/** Names of functions that may do it out of sight. */
const MAY_RESET = /zero|grad|reset|clear|optim|update|before|begin|start|prepare|train_step|train_batch|callback|hook/i;
/** They look at the optimizer or its gradients, and reset nothing. */
const KNOWN =
  /^(step|unscale_|clip_grad_norm_|clip_grad_value_|backward|manual_backward|state_dict|update|clip_gradients|get_last_lr)$/;

export default defineRule({
  title: "Training loop without zero_grad",
  why: "backward() adds its gradients to those that are there. Without zero_grad() every step follows the sum of all gradients since the start, so the steps grow and point to where the model was long ago.",
  guide: "torch-data",
  level: "warning",
  gain: "safety",
  imports: ["torch"],
  overrides: ["pytorch/missing-amp"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

def train(model: nn.Module, batches) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for inputs, targets in batches:
        loss = nn.functional.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()
`,
      after: `
import torch
from torch import nn

def train(model: nn.Module, batches) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for inputs, targets in batches:
        loss = nn.functional.cross_entropy(model(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
`,
    },
  ],

  on: ["for_statement", "while_statement"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const training = trainingOf(node, facts);
    // What stands around the loop may reset them as well: then it is a matter of how many batches make a step.
    const around = functionAround(node)?.field("body") ?? node.tree.root;
    if (!training || facts.weightOf(node) === "light" || RESETS.test(around.text)) return undefined;
    // The gradients of the only step there is are nobody's but its own.
    if ((knownTurns(node, facts) ?? 2) < 2 && !facts.loopAround(node)) return undefined;
    const calls = node.descendants("call").filter((it) => functionAround(it) === functionAround(node));
    const backwards = calls.filter((it) => asMethodCall(it, "backward") && facts.loopsAround(it).includes(node));
    const steps = calls.flatMap((it) => optimizerOf(it) ?? []);
    const [backward] = backwards;
    const [step] = steps;
    if (!backward || !step || endsAtOnce(statementOf(step.node)) || endsAtOnce(statementOf(backward))) return undefined;
    if (steps.some((it) => isMadeIn(it.optimizer, node, facts))) return undefined;
    if (calls.flatMap((it) => asCall(it) ?? []).some((it) => mayReset(it, steps, facts))) return undefined;
    const evidence = evidenceOf(step.optimizer, facts);
    return (
      evidence && {
        at: asMethodCall(backward)!.methodNode,
        construct: node,
        evidence,
        backward,
        backwards,
        step,
        steps,
      }
    );
  },

  message: ({ step: { optimizer } }) =>
    `The gradients are never reset, so each step of \`${excerpt(optimizer.text, 30)}\` also follows those of all steps before; call \`${excerpt(optimizer.text, 30)}.zero_grad()\` in each step.`,

  fix({ backward, backwards, step, steps }) {
    if (backwards.length > 1 || steps.length > 1) return declined("there are several passes or optimizers");
    const [pass, update] = [statementOf(backward), statementOf(step.node)];
    const reset = `${step.optimizer.text}.zero_grad()`;
    const isEach = pass.parent === update.parent;
    if (!startsLine(isEach ? pass : update)) return declined("the statements share a line");
    return fixOf(
      "Reset the gradients",
      ["the model learns otherwise than before"],
      // Where only some of the passes are followed by a step, the others add to it on purpose.
      [isEach ? lineAbove(pass, reset) : lineBelow(update, reset)],
    );
  },
});

interface Step {
  readonly node: Node;
  readonly optimizer: Node;
}

/** `optimizer.step()`, `scaler.step(optimizer)` */
function optimizerOf(node: Node): Step | undefined {
  const call = asMethodCall(node, "step");
  if (!call || !isTrainingStep(node)) return undefined;
  const [given] = call.args;
  const isScaler = /scaler$/i.test(call.object.text);
  const optimizer = isScaler ? given : call.object;
  // A closure works out the gradients itself.
  if (!optimizer || (!isScaler && given) || !/^[\w.]+$/.test(optimizer.text)) return undefined;
  return { node, optimizer };
}

/** Only one turn gets there. */
function endsAtOnce(statement: Node): boolean {
  for (let next = nextStatement(statement); next; next = nextStatement(next))
    if (/^(break|return|raise)_statement$/.test(next.kind)) return true;
  return false;
}

/** Each turn has a model and an optimizer of its own. */
function isMadeIn(optimizer: Node, loop: Node, facts: Facts): boolean {
  const root = asAttribute(optimizer)?.object ?? optimizer;
  return (
    facts.writesOf(root, loop).length > 0 ||
    loop.descendants("assignment").some((it) => it.field("left")?.text === optimizer.text)
  );
}

/** A function of the file that resets them, one out of sight that may, or one that is given the optimizer. */
function mayReset(call: Call, steps: readonly Step[], facts: Facts): boolean {
  const last = asAttribute(call.callee)?.name ?? call.callee.text;
  const def = facts.functionNamed(call.callee);
  if (def) return RESETS.test(facts.bodyOf(def).text) || /optim/.test(facts.bodyOf(def).text);
  if (KNOWN.test(last)) return false;
  if (steps.some((step) => call.args.some((it) => it.text === step.optimizer.text))) return true;
  // `torch.cat`, `random.update`: a library that knows nothing of the optimizer.
  return facts.nameOf(call.callee) === undefined && MAY_RESET.test(last);
}

function evidenceOf(optimizer: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(optimizer, "fair");
  if (!typed) return "strong";
  return typed.type.name.startsWith("torch.optim") || facts.isA(optimizer, "torch.optim.Optimizer", "fair")
    ? typed.evidence
    : undefined;
}
