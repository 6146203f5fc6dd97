/** A model that is trained step by step without torch.compile. */

import {
  cardTraining,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  importModule,
  lineAbove,
  startsLine,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Model trained without torch.compile",
  why: "torch.compile fuses small operations, so that fewer kernels are started and less is written to memory; long trainings earn back the time of compiling. Off by default: models with branches on values or changing shapes gain little or fail, and the gain needs a card, so it could not be measured here.",
  guide: "pytorch",
  level: "off",
  gain: "time",
  unmeasured: "a graphics card",
  imports: ["torch"],
  words: ["backward"],
  library: { torch: { from: "2.0" } },
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
    model = torch.compile(model)
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
    if (!training?.model || facts.ofFile(COMPILES)) return undefined;
    return { at: training.model, evidence: "strong" as const, outermost: training.outermost };
  },

  message: ({ at }) =>
    `\`${excerpt(at.text, 40)}\` is trained without torch.compile, which fuses its small operations; a long training earns back the time of compiling.`,

  fix({ at, outermost }, file) {
    const torch = importModule(file, "torch", outermost);
    if (!torch || !startsLine(outermost)) return declined("there is no line for it above the loop");
    if (at.kind !== "identifier" || file.facts.writesOf(at, outermost).length > 0)
      return declined("the model is an attribute, or another one in each turn");
    return fixOf(
      "Compile the model",
      [
        "the first steps take long, and so does each new shape of a batch",
        "its state_dict has longer names",
        "numbers are rounded otherwise",
      ],
      [...torch.edits, lineAbove(outermost, `${at.text} = ${torch.name}.compile(${at.text})`)],
    );
  },
});

/** The file speaks of compiling. */
const COMPILES = fileQuestion(({ view }) => view.matches(/\bcompile\(|torch\.compile|\bjit\b/));
