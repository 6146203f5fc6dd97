/** Training in float32 on a card whose tensor cores are left out. */

import {
  asFor,
  cardTraining,
  declined,
  defineRule,
  fileQuestion,
  fixOf,
  importModule,
  lineAbove,
  startsLine,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Matrix products without tensor cores",
  why: "Cards since Ampere multiply float32 matrices several times faster in TF32, which keeps ten bits of the fraction. PyTorch leaves that off unless told. Off by default: whether the precision is enough is for people to say, and the gain needs a card, so it could not be measured here.",
  guide: "pytorch",
  level: "off",
  gain: "time",
  unmeasured: "a graphics card",
  imports: ["torch"],
  words: ["backward"],
  library: { torch: { from: "1.12" } },
  fixes: "review",

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
    torch.set_float32_matmul_precision("high")
    for inputs, targets in batches:
        optimizer.zero_grad()
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
    return { at: asFor(node)!.iterable, evidence: "strong" as const, outermost: training.outermost };
  },

  message: () =>
    'This trains in float32 with the default precision of matrix products; torch.set_float32_matmul_precision("high") lets newer cards use their tensor cores.',

  fix({ outermost }, file) {
    const torch = importModule(file, "torch", outermost);
    if (!torch || !startsLine(outermost)) return declined("there is no line for it above the loop");
    return fixOf(
      "Allow TF32 in matrix products",
      ["products of float32 are less precise"],
      [...torch.edits, lineAbove(outermost, `${torch.name}.set_float32_matmul_precision("high")`)],
    );
  },
});

/** The file says it, or trains in another precision. */
const SAYS_PRECISION = fileQuestion(({ view }) =>
  view.matches(/matmul_precision|allow_tf32|fp32_precision|autocast|\.half\(\)|bfloat16|\bamp\b|float64|\.double\(\)/),
);
