/** A DataLoader that reads its data in the process that trains. */

import { argumentOf, asCall, asFunction, defineRule, functionAround, insertAfter, integerOf, replace, useOf, wrapped, type Call, type Facts, type Node } from "../../analysis/authoring.js";

const LOADER = "torch.utils.data.DataLoader";

/** `num_workers` is the sixth parameter. */
const WORKERS = 5;

/** Data that is ready in memory: a worker would only copy it to and fro. */
const READY = ["torch.utils.data.TensorDataset", "torch.Tensor", "numpy.ndarray", "list"];
/** They show a part of the dataset that they are given first. */
const PARTS = new Set(["torch.utils.data.random_split", "torch.utils.data.Subset"]);
/** These need workers and fail without: another matter, and no slow loading. */
const OF_WORKERS = ["persistent_workers", "prefetch_factor", "multiprocessing_context"];

export default defineRule({
  title: "DataLoader without worker processes",
  why: "With num_workers=0 every sample is read, decoded and transformed by the process that trains, and the model waits for each batch; workers prepare the next batches meanwhile.",
  guide: "torch-data",
  level: "info",
  gain: "time",
  imports: ["torch"],
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
    if (!call || call.hasSplat || facts.isTest || facts.nameOf(call.callee) !== LOADER) return undefined;
    const dataset = argumentOf(call, "dataset", 0);
    const workers = argumentOf(call, "num_workers", WORKERS);
    if (!dataset || (workers && integerOf(workers) !== 0) || isDebugging(call) || OF_WORKERS.some((it) => call.keywords.has(it))) return undefined;
    // Each worker would go through an iterable dataset from its beginning.
    if (facts.isA(dataset, "torch.utils.data.IterableDataset") || isReady(dataset, facts) || isPeeked(node) || isInTest(node)) return undefined;
    return { at: call.callee, call, workers };
  },

  message: ({ workers }) => (workers ? "num_workers=0 reads every batch in the process that trains" : "Without num_workers every batch is read in the process that trains") + "; workers read ahead.",

  fix({ call, workers }) {
    const last = call.argumentList.children.at(-1);
    // A lambda cannot be sent to a worker that is spawned.
    if (!last || [...call.keywords.values()].some((it) => it.kind === "lambda")) return undefined;
    const added = insertAfter(last, `${workers ? "" : ", num_workers=4"}, persistent_workers=True`);
    return {
      title: "Read in four worker processes (review: choose by cores and memory; scripts need a main guard where processes are spawned)",
      safety: "review",
      edits: workers ? [replace(workers, "4"), added] : [added],
    };
  },
});

/** Options that only make sense for one sample at a time. */
function isDebugging(call: Call): boolean {
  const size = argumentOf(call, "batch_size", 1);
  return size !== undefined && integerOf(size) === 1;
}

function isReady(dataset: Node, facts: Facts, depth = 0): boolean {
  if (READY.some((it) => facts.isA(dataset, it)) || onlyIndexes(dataset, facts)) return true;
  const sites = dataset.kind === "identifier" ? facts.reachingSites(dataset) : [];
  const values = dataset.kind === "identifier" ? sites.map((it) => it.value) : [dataset];
  return values.length > 0 && depth < 4 && values.every((it) => {
    const call = asCall(it);
    return call?.args[0] !== undefined && PARTS.has(facts.nameOf(call.callee) ?? "") && isReady(call.args[0], facts, depth + 1);
  });
}

/** A dataset of this file whose items are picked out of what it holds, made into tensors at most. */
function onlyIndexes(dataset: Node, facts: Facts): boolean {
  const type = facts.typeOf(dataset)?.name ?? "";
  const item = type.startsWith("local.") ? facts.classNamed(type.slice(6))?.methods.find((it) => it.def.name === "__getitem__") : undefined;
  if (!item || !facts.basesOf(facts.classNamed(type.slice(6))!).every((it) => typeof it === "string")) return false;
  const body = facts.bodyOf(item.def);
  return body.descendants("subscript").length > 0 && body.descendants("call").every((it) => MAKERS.has(facts.nameOf(it.field("function")!) ?? ""));
}

const MAKERS = new Set(["torch.tensor", "torch.as_tensor", "torch.from_numpy", "torch.FloatTensor", "torch.LongTensor", "builtins.int", "builtins.float", "builtins.len"]);

function isInTest(node: Node): boolean {
  return asFunction(functionAround(node))?.name.startsWith("test_") === true;
}

/** `next(iter(DataLoader(…)))` takes one batch: starting workers for it would be slower. */
function isPeeked(node: Node): boolean {
  const use = useOf(wrapped(node));
  const outer = use.kind === "argument" ? asCall(use.call) : undefined;
  return outer?.callee.text === "iter";
}
