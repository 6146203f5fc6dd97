/** `nn.DataParallel(model)`: threads of one process that copy the model to each GPU in every step. */

import { asCall, defineRule } from "../../analysis/authoring.js";

const NAMES = ["torch.nn.DataParallel", "torch.nn.parallel.DataParallel", "torch.nn.parallel.data_parallel"];

export default defineRule({
  title: "Model on several GPUs by threads",
  why: "DataParallel copies the model to all GPUs and gathers the answers on one of them in every step, and its threads wait for each other at the interpreter's lock. DistributedDataParallel has a process for each GPU and only exchanges gradients; PyTorch itself recommends it, on one machine too.",
  guide: "pytorch",
  level: "warning",
  gain: "time",
  unmeasured: "several graphics cards",
  imports: ["torch"],
  words: ["DataParallel", "data_parallel"],

  examples: [
    {
      before: `
import torch
from torch import nn

def spread(model: nn.Module) -> nn.Module:
    return nn.DataParallel(model)
`,
      after: `
import torch
from torch import nn

def spread(model: nn.Module, rank: int) -> nn.Module:
    return nn.parallel.DistributedDataParallel(model.to(rank), device_ids=[rank])
`,
    },
  ],

  on: ["call"],
  calls: NAMES,

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || facts.isTest || (call.args.length === 0 && call.keywords.size === 0)) return undefined;
    // Where the other form is there too, this one is for those who start a single process; without training there are no gradients to exchange.
    const hasBoth = facts.fileMatches(/DistributedDataParallel/);
    const trains = facts.fileMatches(/\.backward\(|optim/i);
    // One process with threads is the simple way to infer.
    if (!hasBoth && !trains && facts.fileMatches(/\bno_grad\b|\binference_mode\b|\.eval\(\)/)) return undefined;
    // A class of that name offers it to those who ask for it.
    if (/DataParallel/.test(node.ancestor("class_definition")?.field("name")?.text ?? "")) return undefined;
    return { at: call.callee, evidence: "proof", weight: hasBoth ? "light" : trains ? "heavy" : "unknown" };
  },

  message: ({ at }) =>
    `\`${at.text}\` copies the model to every GPU in each step and runs in threads; DistributedDataParallel has one process for each GPU.`,
});
