/** `F.cross_entropy(F.softmax(scores), labels)`: the loss takes scores, and applies a softmax of its own. */

import {
  argumentOf,
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  lossCallOf,
  probabilityOf,
  replace,
  useOf,
  type Call,
  type Evidence,
  type Facts,
  type LossCall,
  type Node,
  type Probability,
} from "../../analysis/authoring.js";

/** What each loss expects, by the last part of its name. */
const TAKES: Readonly<Record<string, "scores" | "logarithms">> = {
  CrossEntropyLoss: "scores",
  cross_entropy: "scores",
  BCEWithLogitsLoss: "scores",
  binary_cross_entropy_with_logits: "scores",
  NLLLoss: "logarithms",
  nll_loss: "logarithms",
};

export default defineRule({
  title: "Probabilities given to a loss that takes scores",
  why: "cross_entropy and binary_cross_entropy_with_logits apply softmax or sigmoid themselves, and nll_loss expects logarithms. Probabilities are taken for scores between 0 and 1: the loss cannot come near zero and its gradients are small, so training is slow and ends early, without any error.",
  guide: "pytorch",
  level: "warning",
  gain: "safety",
  imports: ["torch"],
  words: ["softmax", "sigmoid", "Softmax", "Softmax2d", "Sigmoid", "expit"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
import torch.nn.functional as F
from torch import nn

def loss_of(model: nn.Module, batch: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(F.softmax(model(batch), dim=1), labels)
`,
      after: `
import torch
import torch.nn.functional as F
from torch import nn

def loss_of(model: nn.Module, batch: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(model(batch), labels)
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const loss = lossCallOf(node, facts);
    const takes = loss && TAKES[lastPart(loss.name)];
    if (!loss || !takes) return undefined;
    const probability = probabilityOf(loss.input, facts);
    if (!probability || (probability.kind === "sigmoid" && !loss.name.includes("BCE") && !loss.name.includes("binary")))
      return undefined;
    if (!isFirst(node, loss, probability, facts)) return undefined;
    // The softmax itself where it stands in the call, else what the call is given.
    const at = probability.call?.isInside(node) ? asCall(probability.call)!.callee : loss.input;
    const evidence: Evidence = probability.evidence;
    return { at, evidence, construct: node, node, loss, takes, probability };
  },

  message({ loss, takes, probability }) {
    const name = lastPart(loss.name);
    const given = excerpt(loss.input.text, 40);
    return takes === "scores"
      ? `\`${name}\` applies a ${probability.kind} itself, and \`${given}\` comes from one: give it the scores.`
      : `\`${name}\` expects logarithms, and \`${given}\` comes from a ${probability.kind}: use log_softmax.`;
  },

  fix({ loss, takes, probability }, { facts }) {
    const call = asCall(probability.call);
    if (!call || !probability.isFunction) return declined("a layer gives the probabilities: take it out of the model");
    if (probability.names.length > 0 || !probability.isDirect)
      return declined("the probabilities have a name and may be wanted elsewhere");
    if (hasComments(call.node)) return declined("a comment would be lost");
    if (takes === "logarithms") {
      const better = call.callee.text.replace(/(^|\.)softmax$/, "$1log_softmax");
      if (!better.includes(".")) return declined("the name of log_softmax is not imported");
      return fixOf(
        "Use log_softmax",
        ["the loss is another number, the one that was meant"],
        [replace(call.callee, better)],
      );
    }
    const scores = scoresOf(call, facts);
    if (!scores) return declined("the scores are not written in the call");
    return fixOf(
      `Give \`${lastPart(loss.name)}\` the scores`.slice(0, 60),
      ["the loss is another number, the one that was meant"],
      [replace(call.node, scores.text)],
    );
  },
});

const lastPart = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

function scoresOf(call: Call, facts: Facts): Node | undefined {
  return facts.nameOf(call.callee) === undefined ? asMethodCall(call.node)?.object : argumentOf(call, "input", 0);
}

/** A model that ends in a softmax is one mistake, however often its answers go to the loss: the first place carries the finding. */
function isFirst(node: Node, { made }: LossCall, { call }: Probability, facts: Facts): boolean {
  const binding = call || made?.kind !== "identifier" ? undefined : facts.bindingOf(made);
  if (!binding) return true;
  const first = facts.memo("pytorch/softmax-before-loss", binding, () =>
    binding.reads.find((read) => {
      const use = useOf(read);
      const loss = use.kind === "call" && use.call ? lossCallOf(use.call, facts) : undefined;
      const probability = loss && probabilityOf(loss.input, facts);
      return probability !== undefined && !probability.call;
    }),
  );
  return first?.parent === node;
}
