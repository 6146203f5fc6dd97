/** A DataLoader over samples that are read or decoded one by one, in the process that trains. */

import {
  argumentOf,
  asAssignment,
  asAttribute,
  asCall,
  asFunction,
  asMethodCall,
  asSubscript,
  commentsAbove,
  declined,
  defineRule,
  fixOf,
  functionAround,
  integerOf,
  knownTurns,
  lastName,
  statementOf,
  textValue,
  transformPlace,
  useOf,
  withArgument,
  wrapped,
  type Call,
  type ClassInfo,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

const LOADER = "torch.utils.data.DataLoader";

/** `num_workers` is the sixth parameter. */
const WORKERS = 5;

/** Reading or decoding one sample with these takes far longer than handing it to another process. */
const READERS = new Set(
  (
    "builtins.open gzip.open json.load pickle.load PIL.Image.open cv2.imread imageio.imread imageio.v2.imread imageio.v3.imread skimage.io.imread matplotlib.image.imread " +
    "numpy.load torch.load torchaudio.load librosa.load soundfile.read torchvision.io.read_image torchvision.io.decode_image torchvision.io.read_file torchvision.io.read_video " +
    "pandas.read_csv pandas.read_parquet pandas.read_json pandas.read_pickle h5py.File rasterio.open nibabel.load pydicom.dcmread"
  ).split(" "),
);
/** They show a part of the dataset that they are given first. */
const PARTS = new Set(["torch.utils.data.random_split", "torch.utils.data.Subset"]);
/** These need workers and fail without: another matter, and no slow loading. */
const OF_WORKERS = ["num_workers", "persistent_workers", "prefetch_factor", "multiprocessing_context"];

export default defineRule({
  title: "DataLoader without worker processes",
  why: "Without workers the training process reads, decodes and transforms every sample itself, and the model waits for each batch. Workers prepare the next batches in the meantime.",
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
  calls: [LOADER],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat || facts.isTest || facts.nameOf(call.callee) !== LOADER) return undefined;
    const dataset = argumentOf(call, "dataset", 0);
    const workers = argumentOf(call, "num_workers", WORKERS);
    const isZero = workers !== undefined && integerOf(workers) === 0;
    if (
      !dataset ||
      (workers && !isZero) ||
      isDebugging(call) ||
      OF_WORKERS.some((it) => it !== "num_workers" && call.keywords.has(it))
    )
      return undefined;
    // A zero that is written out is a decision: one that is explained, or made for a notebook, is let be.
    if (isZero && (facts.isNotebook || isZeroExplained(call, facts) || isTiny(call))) return undefined;
    // In a loop the workers would be started again in each turn.
    if (isPeeked(node) || isInTest(node) || facts.loopAround(node)) return undefined;
    const cost = costOf(dataset, facts);
    const hasLambda = facts.fileMatches(/\btransforms\.Lambda\(\s*lambda\b|\b(?:target_)?transform=lambda\b/);
    const weight = hasLambda && cost ? "unknown" : cost;
    return (
      weight && {
        at: isZero ? workers : call.callee,
        evidence: weight === "heavy" ? ("proof" as const) : ("strong" as const),
        weight: isZero ? ("light" as const) : weight,
        call,
        hasLambda,
        isZero,
      }
    );
  },

  message: ({ weight, hasLambda, isZero }) =>
    isZero
      ? "With no workers the training process makes every sample itself, and the model waits for each batch; some workers read ahead."
      : weight === "heavy"
        ? "Without num_workers the training process reads every sample itself; workers read ahead."
        : hasLambda
          ? "Without num_workers the training process makes every sample itself; spawned workers need a function in place of the lambda."
          : "Without num_workers the training process makes every sample itself; that matters where a sample is read or decoded.",

  fix({ call, hasLambda, isZero }, { facts }) {
    if (isZero) return declined("the zero may have a reason: a lambda, a debugger, a system that spawns");
    const option = optionFor(call.node, facts);
    const workers = withArgument(call, option ? `num_workers=${option}` : "num_workers=4, persistent_workers=True");
    if (!workers) return declined("the arguments cannot be added to");
    if (hasLambda || [...call.keywords.values()].some((it) => it.kind === "lambda"))
      return declined("a lambda cannot be sent to a worker that is spawned");
    const made = asCall(argumentOf(call, "dataset", 0));
    const own = made && localClass(made.callee, facts);
    if (own && functionAround(own.def.node))
      return declined("what a function defines for itself cannot be sent to a worker that is spawned");
    return fixOf(
      option ? "Read in as many processes as the option says" : "Read in four worker processes",
      [
        option === undefined && "choose the number by cores and memory",
        "changes to the dataset and random numbers drawn in it stay in the workers",
        "scripts need a main guard where processes are spawned",
      ],
      [workers],
    );
  },
});

/** A few samples at a time: somebody tries something out. */
const isTiny = (call: Call): boolean => (integerOf(argumentOf(call, "batch_size", 1)) ?? MANY_SAMPLES) < MANY_SAMPLES;
const MANY_SAMPLES = 8;

/** Something is said of the loader, or the file knows systems and debuggers for which zero is right. */
const isZeroExplained = (call: Call, facts: Facts): boolean =>
  /#/.test(call.node.text) ||
  commentsAbove(statementOf(call.node)) !== "" ||
  facts.fileMatches(/\b(?:win32|Windows|darwin|debug(?:ging)?)\b/i);

const OPTION = /^(num_|n_|max_|dataloader_|data_)?(num_)?(workers|worker|n_cpu|n_cpus|n_jobs)$/;

/** A parameter of the function, or an option of the command line, that says how many workers there are to be and that nobody gives to this loader. */
function optionFor(node: Node, facts: Facts): string | undefined {
  const parameter = asFunction(functionAround(node))?.parameters.find((it) => OPTION.test(it.name));
  if (parameter) return parameter.name;
  const { root } = node.tree;
  const flag = root
    .descendants("call")
    .flatMap((it) => asMethodCall(it, "add_argument")?.args ?? [])
    .map((it) => textValue(it)?.replace(/^--/, "").replaceAll("-", "_") ?? "")
    .find((it) => OPTION.test(it));
  const parsed = flag && root.descendants("call").find((it) => asMethodCall(it, "parse_args")?.args.length === 0);
  const [options] = (parsed && asAssignment(statementOf(parsed))?.targets) || [];
  return options?.kind === "identifier" &&
    facts.readsOf(options).some((it) => functionAround(it) === functionAround(node))
    ? `${options.text}.${flag}`
    : undefined;
}

/** Options that only make sense for one sample at a time. */
function isDebugging(call: Call): boolean {
  const size = argumentOf(call, "batch_size", 1);
  return size !== undefined && integerOf(size) === 1;
}

/** A dataset of another file, by its name; those that hold tensors or make them up have nothing to read. */
const DATASET = /Dataset$/;
const IN_MEMORY =
  /Prompt|Tensor|Array|Memory|Toy|Dummy|Fake|Random|Synthetic|Simple|Iterable|Stream|Cached|Concat|Chain/;

/** Heavy: pictures that torchvision decodes and transforms, or a dataset of this file that reads its samples, also a part of one. Unknown: a dataset of another file. */
function costOf(dataset: Node, facts: Facts, depth = 0): "heavy" | "unknown" | undefined {
  if (depth > 4) return undefined;
  const own = readsItems(dataset, facts);
  if (own) return own;
  const costs = valuesOf(dataset, facts).map((it): "heavy" | "unknown" | undefined => {
    const call = asCall(it);
    const passed = call && passedOn(call, facts);
    if (passed) return costOf(passed, facts, depth + 1);
    const name = call && facts.nameOf(call.callee);
    if (!call || !name) return it !== undefined && it !== dataset ? costOf(it, facts, depth + 1) : undefined;
    if (PARTS.has(name)) return call.args[0] && costOf(call.args[0], facts, depth + 1);
    if (name.startsWith("torchvision.datasets.")) return isTransformed(call, name) ? "heavy" : undefined;
    if (isForeign(name) && TRANSFORMS.some((it) => isGiven(call.keywords.get(it)))) return "unknown";
    if (it !== dataset) return readsItems(it!, facts);
    return undefined;
  });
  const foreign = valuesOf(dataset, facts).every((it) => {
    const name = asCall(it) && facts.nameOf(asCall(it)!.callee);
    return name !== undefined && DATASET.test(name) && isForeign(name) && !IN_MEMORY.test(name);
  });
  if (costs.length === 0) return undefined;
  if (foreign) return "unknown";
  return costs.includes(undefined) ? undefined : costs.includes("unknown") ? "unknown" : "heavy";
}

/** Datasets of these are files that are mapped into memory, or are no datasets of samples. */
const LIBRARIES = /^(torch|torchvision|datasets|tensorflow|xarray|netCDF4|torch_geometric|lightgbm|builtins)\./;

/** Of another file of the project, or of a library that is not known. */
const isForeign = (name: string): boolean => !LIBRARIES.test(name) && !name.startsWith("local.");

/** By these names a dataset is given what it does to each sample. */
const TRANSFORMS = ["transform", "transforms"];

const isGiven = (value: Node | undefined): boolean => value !== undefined && value.kind !== "none";

/** A dataset of torchvision with a `transform`, by name or in its place. */
function isTransformed(call: Call, name: string): boolean {
  if (!name.startsWith("torchvision.datasets.")) return false;
  const place = transformPlace(name);
  return isGiven(place === undefined ? call.keywords.get("transform") : argumentOf(call, "transform", place));
}

/** What a name or an attribute of the class was given. */
function valuesOf(dataset: Node, facts: Facts): readonly (Node | undefined)[] {
  if (dataset.kind === "identifier") return facts.reachingSites(dataset).map((it) => it.value);
  const attribute = asAttribute(dataset);
  if (!attribute) return [dataset];
  const owner = attribute.object.text === "self" ? facts.classOf(functionAround(dataset) ?? dataset) : undefined;
  return (
    owner?.writes
      .filter((it) => it.name === attribute.name)
      .map((it) => it.value ?? asAssignment(statementOf(it.node))?.value) ?? []
  );
}

/** Each worker would go through an iterable dataset from its beginning: only those with an index count. */
function readsItems(dataset: Node, facts: Facts): "heavy" | "unknown" | undefined {
  const owner = ownerOf(dataset, facts);
  const item = owner?.methodNamed("__getitem__");
  return owner && item && costOfBody(facts.bodyOf(item.def), owner, facts);
}

/** The dataset whose items a class of this file passes on: `return self.samples[self.kept[index]]`, where `samples` is a parameter. */
function passedOn(call: Call, facts: Facts): Node | undefined {
  const owner = ownerOf(call.node, facts) ?? localClass(call.callee, facts);
  const item = owner?.methodNamed("__getitem__");
  const init = owner?.methodNamed("__init__");
  if (!owner || !item || !init || costOfBody(facts.bodyOf(item.def), owner, facts)) return undefined;
  for (const node of facts.bodyOf(item.def).descendants("subscript")) {
    const attribute = asAttribute(asSubscript(node)?.value);
    if (attribute?.object.text !== "self") continue;
    const given = owner.writes
      .filter((it) => it.name === attribute.name)
      .map((it) => (it.value ?? asAssignment(statementOf(it.node))?.value)?.text);
    const place = init.def.parameters.findIndex((it) => it.name === given[0]);
    const passed = given.length === 1 && place > 0 ? argumentOf(call, given[0]!, place - 1) : undefined;
    if (passed) return passed;
  }
  return undefined;
}

/** The class of this file that a dataset is of, if it has an index. */
function ownerOf(dataset: Node, facts: Facts): ClassInfo | undefined {
  const type = facts.typed(dataset, "fair")?.type.name ?? "";
  return type.startsWith("local.") && !facts.isA(dataset, "torch.utils.data.IterableDataset", "fair")
    ? facts.classNamed(type.slice(6))
    : undefined;
}

/** A class that the function around defines for itself. */
function localClass(callee: Node, facts: Facts): ClassInfo | undefined {
  const [site, more] = callee.kind === "identifier" ? facts.reachingSites(callee) : [];
  const definition = site?.name.parent;
  return definition?.kind === "class_definition" && !more ? facts.classInfo(definition) : undefined;
}

/** How many methods and functions are entered from `__getitem__`. */
const HELPERS = 2;

function costOfBody(body: Node, owner: ClassInfo, facts: Facts, depth = 0): "heavy" | "unknown" | undefined {
  // A loop in Python over what one sample consists of.
  let isWork = body.descendants("for_statement").some((it) => knownTurns(it, facts) === undefined);
  for (const node of body.descendants("call")) {
    const callee = node.field("function")!;
    if (READERS.has(facts.nameOf(callee) ?? "") || asMethodCall(node, "read_bytes", "read_text")?.args.length === 0)
      return "heavy";
    // `self.transform(image)`, `self.tokenizer(text)`: work on each sample, and nobody can tell how much.
    isWork ||= /(^|_)(augment|(transforms?|tokenizer|processor|encode_plus)$)/.test(lastName(callee));
    const helper = depth < HELPERS ? helperOf(callee, owner, facts) : undefined;
    const found = helper && costOfBody(facts.bodyOf(helper), owner, facts, depth + 1);
    if (found === "heavy") return "heavy";
    isWork ||= found === "unknown";
  }
  return isWork ? "unknown" : undefined;
}

function helperOf(callee: Node, owner: ClassInfo, facts: Facts): FunctionDef | undefined {
  const attribute = asAttribute(callee);
  if (!attribute) return facts.functionNamed(callee);
  return attribute.object.text === "self" && attribute.name !== "__getitem__"
    ? owner.methodNamed(attribute.name)?.def
    : undefined;
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
