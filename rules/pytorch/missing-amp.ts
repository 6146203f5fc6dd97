/** A training loop on a card in full precision. */

import { asMethodCall, cardTraining, defineRule, excerpt, fileQuestion } from "../../analysis/authoring.js";

export default defineRule({
  title: "Training on a card without mixed precision",
  why: "Under torch.autocast matrix products and convolutions run in half the bits: on cards with tensor cores that is faster and keeps half as much for the backward pass. Off by default: not every model keeps its quality, and the gain needs a card, so it could not be measured here.",
  guide: "pytorch",
  level: "off",
  gain: "time",
  unmeasured: "a graphics card",
  imports: ["torch"],
  words: ["backward"],

  examples: [
    {
      before: `
import torch
from torch import nn

def train(model: nn.Module, optimizer: torch.optim.Optimizer, batches) -> None:
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs.to("cuda")), targets.to("cuda"))
        loss.backward()
        optimizer.step()
`,
      after: `
import torch
from torch import nn

def train(model: nn.Module, optimizer: torch.optim.Optimizer, batches) -> None:
    for inputs, targets in batches:
        optimizer.zero_grad()
        with torch.autocast("cuda", dtype=torch.bfloat16):
            loss = nn.functional.cross_entropy(model(inputs.to("cuda")), targets.to("cuda"))
        loss.backward()
        optimizer.step()
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }) {
    const training = cardTraining(node, facts);
    if (!training || facts.ofFile(SAYS_PRECISION)) return undefined;
    const call = asMethodCall(training.backward);
    return call && { at: call.methodNode, evidence: "strong" as const, call };
  },

  message: ({ call }) =>
    `The pass that \`${excerpt(call.callee.text.replaceAll(/\s+/g, " "), 40)}()\` goes back through ran in full precision; torch.autocast would run it in half the bits.`,
});

/** The file speaks of precision: it was thought of. */
const SAYS_PRECISION = fileQuestion(({ view }) =>
  view.matches(/autocast|GradScaler|\.half\(\)|bfloat16|float16|\bfp16\b|\bamp\b|float64|\.double\(\)/),
);
