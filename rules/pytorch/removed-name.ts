/** Finds what PyTorch, torchvision, torchaudio and PyTorch Lightning took out. */

import { PYTORCH_REMOVED, defineRule, removals, removedFix, removedMessage } from "../../analysis/authoring.js";

const REMOVED = removals(PYTORCH_REMOVED);

export default defineRule({
  title: "Name or argument that PyTorch no longer has",
  why: "PyTorch and the libraries around it take out names and arguments every few releases. Code that uses one fails with an AttributeError, TypeError or RuntimeError as soon as the environment has a newer release, for the training loop often only when the scheduler or trainer is made.",
  guide: "pytorch",
  level: "error",
  gain: "safety",
  imports: ["torch", "torchvision", "torchaudio", "pytorch_lightning", "lightning"],
  words: REMOVED.words,
  fixes: "safe",

  examples: [
    {
      before: `
import torch
from torch._six import inf

def largest(rows: torch.Tensor) -> torch.Tensor:
    return rows[rows < inf].max()
`,
      after: `
import torch
from torch import inf

def largest(rows: torch.Tensor) -> torch.Tensor:
    return rows[rows < inf].max()
`,
    },
  ],

  ...REMOVED.asked,

  find: (node, { facts }) => REMOVED.find(node, facts),

  message: removedMessage,

  fix: removedFix,
});
