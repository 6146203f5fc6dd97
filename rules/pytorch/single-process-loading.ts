/** A DataLoader over samples that are read or decoded one by one, in the process that trains. */

import { argumentOf, asAssignment, asAttribute, asCall, asFunction, asMethodCall, defineRule, functionAround, insertAfter, integerOf, statementOf, useOf, wrapped, type Call, type Facts, type Node } from "../../analysis/authoring.js";

const LOADER = "torch.utils.data.DataLoader";

/** `num_workers` is the sixth parameter. */
const WORKERS = 5;

/** Reading or decoding one sample with these takes far longer than handing it to another process. */
const READERS = new Set(
  ("builtins.open gzip.open json.load pickle.load PIL.Image.open cv2.imread imageio.imread imageio.v2.imread imageio.v3.imread skimage.io.imread matplotlib.image.imread " +
    "numpy.load torch.load torchaudio.load librosa.load soundfile.read torchvision.io.read_image torchvision.io.decode_image torchvision.io.read_file torchvision.io.read_video " +
    "pandas.read_csv pandas.read_parquet pandas.read_json pandas.read_pickle h5py.File rasterio.open nibabel.load pydicom.dcmread").split(" "),
);
/** They show a part of the dataset that they are given first. */
const PARTS = new Set(["torch.utils.data.random_split", "torch.utils.data.Subset"]);
/** These need workers and fail without: another matter, and no slow loading. */
const OF_WORKERS = ["num_workers", "persistent_workers", "prefetch_factor", "multiprocessing_context"];

export default defineRule({
  title: "DataLoader without worker processes",
  why: "Without workers every sample is read, decoded and transformed by the process that trains, and the model waits for each batch; workers prepare the next batches meanwhile.",
  guide: "torch-data",
  level: "info",
  gain: "time",
  imports: ["torch"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch.utils.data import DataLoader, Dataset

class Samples(Dataset):
    def __init__(self, paths: list[str]) -> None:
        self.paths = paths

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> torch.Tensor:
        return torch.load(self.paths[index])

def batches(paths: list[str]) -> DataLoader:
    return DataLoader(Samples(paths), batch_size=64, shuffle=True)
`,
      after: `
import torch
from torch.utils.data import DataLoader, Dataset

class Samples(Dataset):
    def __init__(self, paths: list[str]) -> None:
        self.paths = paths

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> torch.Tensor:
        return torch.load(self.paths[index])

def batches(paths: list[str]) -> DataLoader:
    return DataLoader(Samples(paths), batch_size=64, shuffle=True, num_workers=4, persistent_workers=True)
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat || facts.isTest || facts.nameOf(call.callee) !== LOADER) return undefined;
    const dataset = argumentOf(call, "dataset", 0);
    // A zero that is written out is a decision.
    if (!dataset || argumentOf(call, "num_workers", WORKERS) || isDebugging(call) || OF_WORKERS.some((it) => call.keywords.has(it))) return undefined;
    // In a loop the workers would be started again in each turn.
    if (isPeeked(node) || isInTest(node) || facts.loopAround(node)) return undefined;
    return isCostly(dataset, facts) ? { at: call.callee, call } : undefined;
  },

  message: () => "Without num_workers every sample is read in the process that trains; workers read ahead.",

  fix({ call }) {
    const last = call.argumentList.children.at(-1);
    // A lambda cannot be sent to a worker that is spawned.
    if (!last || [...call.keywords.values()].some((it) => it.kind === "lambda")) return undefined;
    return {
      title: "Read in four worker processes (review: choose by cores and memory; what the dataset changes or draws stays in the workers; scripts need a main guard where processes are spawned)",
      safety: "review",
      edits: [insertAfter(last, ", num_workers=4, persistent_workers=True")],
    };
  },
});

/** Options that only make sense for one sample at a time. */
function isDebugging(call: Call): boolean {
  const size = argumentOf(call, "batch_size", 1);
  return size !== undefined && integerOf(size) === 1;
}

/** Pictures that torchvision decodes and transforms, or a dataset of this file that reads its samples; also a part of one. */
function isCostly(dataset: Node, facts: Facts, depth = 0): boolean {
  if (depth > 4) return false;
  if (readsItems(dataset, facts)) return true;
  const values = valuesOf(dataset, facts);
  return values.length > 0 && values.every((it) => {
    const call = asCall(it);
    const name = call && facts.nameOf(call.callee);
    if (!call || !name) return it !== undefined && it !== dataset && isCostly(it, facts, depth + 1);
    if (PARTS.has(name)) return call.args[0] !== undefined && isCostly(call.args[0], facts, depth + 1);
    return (name.startsWith("torchvision.datasets.") && call.keywords.has("transform")) || (it !== dataset && readsItems(it!, facts));
  });
}

/** What a name or an attribute of the class was given. */
function valuesOf(dataset: Node, facts: Facts): readonly (Node | undefined)[] {
  if (dataset.kind === "identifier") return facts.reachingSites(dataset).map((it) => it.value);
  const attribute = asAttribute(dataset);
  if (!attribute) return [dataset];
  const owner = attribute.object.text === "self" ? facts.classOf(functionAround(dataset) ?? dataset) : undefined;
  return owner?.writes.filter((it) => it.name === attribute.name).map((it) => it.value ?? asAssignment(statementOf(it.node))?.value) ?? [];
}

/** Each worker would go through an iterable dataset from its beginning: only those with an index count. */
function readsItems(dataset: Node, facts: Facts): boolean {
  const type = facts.typeOf(dataset)?.name ?? "";
  const item = type.startsWith("local.") && !facts.isA(dataset, "torch.utils.data.IterableDataset") ? facts.classNamed(type.slice(6))?.methods.find((it) => it.def.name === "__getitem__") : undefined;
  return item !== undefined && facts.bodyOf(item.def).descendants("call").some((it) => READERS.has(facts.nameOf(it.field("function")!) ?? "") || asMethodCall(it, "read_bytes", "read_text")?.args.length === 0);
}

function isInTest(node: Node): boolean {
  return asFunction(functionAround(node))?.name.startsWith("test_") === true;
}

/** `next(iter(DataLoader(…)))` takes one batch: starting workers for it would be slower. */
function isPeeked(node: Node): boolean {
  const use = useOf(wrapped(node));
  const outer = use.kind === "argument" ? asCall(use.call) : undefined;
  return outer?.callee.text === "iter";
}
