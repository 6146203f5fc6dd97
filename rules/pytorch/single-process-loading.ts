/** A DataLoader that reads its data in the process that trains. */

import { argumentOf, asCall, defineRule, insertAfter, integerOf, replace, useOf, wrapped, type Call, type Facts, type Node } from "../../analysis/authoring.js";

const LOADERS = new Set(["torch.utils.data.DataLoader", "torch_geometric.loader.DataLoader"]);

/** `num_workers` is the sixth parameter. */
const WORKERS = 5;

/** Datasets that hold ready tensors: a worker would only copy them to and fro. */
const IN_MEMORY = new Set(["torch.utils.data.TensorDataset"]);

export default defineRule({
  title: "DataLoader without worker processes",
  why: "With num_workers=0 every sample is read, decoded and transformed by the process that trains, and the model waits for each batch; workers prepare the next batches meanwhile.",
  guide: "torch-data",
  level: "info",
  gain: "time",
  imports: ["torch", "torch_geometric"],
  fixes: "review",

  examples: [
    {
      before: `
from torch.utils.data import DataLoader, Dataset

def batches(images: Dataset) -> DataLoader:
    return DataLoader(images, batch_size=64, shuffle=True)
`,
      after: `
from torch.utils.data import DataLoader, Dataset

def batches(images: Dataset) -> DataLoader:
    return DataLoader(images, batch_size=64, shuffle=True, num_workers=4, persistent_workers=True)
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat || facts.isTest || !LOADERS.has(facts.nameOf(call.callee) ?? "")) return undefined;
    const dataset = argumentOf(call, "dataset", 0);
    const workers = argumentOf(call, "num_workers", WORKERS);
    if (!dataset || (workers && integerOf(workers) !== 0) || isDebugging(call)) return undefined;
    if (isInMemory(dataset, facts) || isPeeked(node)) return undefined;
    return { at: call.callee, call, workers };
  },

  message: ({ workers }) => (workers ? "num_workers=0 reads every batch in the process that trains" : "Without num_workers every batch is read in the process that trains") + "; workers read ahead.",

  fix({ call, workers }) {
    const title = "Read in four worker processes (review: choose by cores and memory; scripts need a main guard where processes are spawned)";
    const persistent = call.keywords.has("persistent_workers") ? "" : ", persistent_workers=True";
    if (workers) return { title, safety: "review", edits: [replace(workers, "4"), ...(persistent ? [insertAfter(call.argumentList.children.at(-1)!, persistent)] : [])] };
    const last = call.argumentList.children.at(-1);
    return last && { title, safety: "review", edits: [insertAfter(last, `, num_workers=4${persistent}`)] };
  },
});

/** Options that only make sense for one sample at a time. */
function isDebugging(call: Call): boolean {
  const size = argumentOf(call, "batch_size", 1);
  return size !== undefined && integerOf(size) === 1;
}

function isInMemory(dataset: Node, facts: Facts): boolean {
  if (facts.typeOf(dataset)?.name === "list") return true;
  return [...IN_MEMORY].some((it) => facts.isA(dataset, it)) || IN_MEMORY.has(facts.nameOf(asCall(dataset)?.callee ?? dataset) ?? "");
}

/** `next(iter(DataLoader(…)))` takes one batch: starting workers for it would be slower. */
function isPeeked(node: Node): boolean {
  const use = useOf(wrapped(node));
  const outer = use.kind === "argument" ? asCall(use.call) : undefined;
  return outer?.callee.text === "iter";
}
