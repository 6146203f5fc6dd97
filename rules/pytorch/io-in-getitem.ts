/** `__getitem__` of a dataset that reads the same file, or loads the same model, for each sample. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asFunction,
  contextsAround,
  defineRule,
  functionAround,
  statementOf,
  unwrap,
  type Call,
  type ClassInfo,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** They read a whole file, or get something large ready. */
const LOADERS =
  /^(pandas\.read_\w+|polars\.read_\w+|numpy\.(load|loadtxt|genfromtxt|fromfile)|torch\.load|json\.load|pickle\.load|yaml\.safe_load|yaml\.load|joblib\.load|scipy\.io\.loadmat|scipy\.sparse\.load_npz|datasets\.(load_dataset|load_from_disk)|gensim\.models\.\w+\.load\w*|spacy\.load|torch\.hub\.load|torchvision\.models\.\w+|(transformers|diffusers|sentence_transformers|timm)\.\w+(\.from_pretrained)?)$/;
/** They open something that could stay open in each worker. */
const OPENERS =
  /^(h5py\.File|zipfile\.ZipFile|tarfile\.open|sqlite3\.connect|lmdb\.open|zarr\.open|netCDF4\.Dataset|rasterio\.open|xarray\.open_dataset|tables\.open_file|psycopg2\.connect|pyarrow\.parquet\.(ParquetFile|read_table))$/;
const DATASET = /(^|\.)(\w*Dataset|VisionDataset|ImageFolder|LightningDataModule)$/;
const STEPS = 6;

export default defineRule({
  title: "Dataset that reads the same file for every sample",
  why: "__getitem__ runs for every sample of every epoch. What does not depend on the index is read or loaded again each time. Read it once in __init__; files that workers cannot share, such as HDF5, are opened at the first sample and kept.",
  guide: "torch-data",
  level: "warning",
  gain: "time",
  imports: ["torch"],

  overrides: ["llm/model-loaded-per-call", "pandas/whole-csv-read"],
  examples: [
    {
      before: `
import numpy as np
import torch
from torch.utils.data import Dataset

class Features(Dataset):
    def __init__(self, path: str) -> None:
        self.path = path

    def __len__(self) -> int:
        return len(np.load(self.path))

    def __getitem__(self, index: int) -> torch.Tensor:
        features = np.load(self.path)
        return torch.from_numpy(features[index])
`,
      after: `
import numpy as np
import torch
from torch.utils.data import Dataset

class Features(Dataset):
    def __init__(self, path: str) -> None:
        self.features = np.load(path)

    def __len__(self) -> int:
        return len(self.features)

    def __getitem__(self, index: int) -> torch.Tensor:
        return torch.from_numpy(self.features[index])
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const def = asFunction(functionAround(node));
    if (def?.name !== "__getitem__" || facts.isTest) return undefined;
    const call = asCall(node);
    const name = call && facts.nameOf(call.callee);
    if (!call || name === undefined || !(LOADERS.test(name) || OPENERS.test(name))) return undefined;
    const owner = facts.classOf(def.node);
    const evidence = owner && datasetEvidence(owner, facts);
    if (!evidence || isKept(node) || isConditional(node)) return undefined;
    // A table in memory that is read as if it were a file, a memory map that reads what it is asked for.
    if (call.keywords.has("mmap_mode") || call.keywords.has("mmap")) return undefined;
    const given = [...call.args, ...call.keywords.values()];
    if (given.length === 0 || !given.every((it) => isSame(it, facts, STEPS))) return undefined;
    return { at: call.callee, evidence, isOpened: OPENERS.test(name), call };
  },

  message: ({ at, isOpened }) =>
    isOpened
      ? `\`${at.text}\` opens the same file for every sample; open it at the first one and keep it, once in each worker.`
      : `\`${at.text}\` loads the same for every sample; do it once in \`__init__\`.`,
});

/** A dataset by its base, or a class that has a length and items as one has. */
function datasetEvidence(owner: ClassInfo, facts: Facts): Evidence | undefined {
  const bases = facts.basesOf(owner);
  if (bases.some((it) => it === "torch.utils.data.Dataset" || (typeof it === "string" && it.startsWith("torch"))))
    return "proof";
  if (owner.def.bases.some((it) => DATASET.test(it.text))) return "strong";
  return owner.def.bases.length === 0 && owner.definesMethod("__len__") ? "fair" : undefined;
}

/** `self.file = h5py.File(…)` */
const isKept = (node: Node): boolean =>
  asAssignment(statementOf(node))?.targets.some((it) => asAttribute(it) || it.kind === "subscript") === true;

/** `if self.file is None:`, or a branch for a sample of another kind. */
function isConditional(node: Node): boolean {
  for (const kind of ["if_statement", "except_clause", "conditional_expression"] as const)
    if (node.ancestor(kind)) return true;
  return false;
}

/** It has no part that changes from sample to sample: constants, own attributes, names of the module, and what is made of these alone. */
function isSame(value: Node, facts: Facts, steps: number): boolean {
  const node = unwrap(value);
  if (steps === 0 || node.kind === "lambda") return false;
  if (node.kind === "identifier") return isSameName(node, facts, steps);
  const attribute = asAttribute(node);
  if (attribute) return attribute.object.text === "self" || isSame(attribute.object, facts, steps - 1);
  const call = asCall(node);
  if (call) return isSameCall(call, facts, steps);
  return node.children.every(
    (it) =>
      it.kind === "comment" ||
      isSame(it.kind === "keyword_argument" ? (it.field("value") ?? it) : it, facts, steps - 1),
  );
}

/** A path that is put together, a file that is opened. */
function isSameCall(call: Call, facts: Facts, steps: number): boolean {
  const name = facts.nameOf(call.callee);
  const isOwn = asAttribute(call.callee)?.object.text === "self";
  const isKnown = name !== undefined && /^(os\.path\.|pathlib\.|builtins\.(open|str|int)$|io\.|gzip\.open)/.test(name);
  return (
    !call.hasSplat &&
    (isOwn || isKnown) &&
    [...call.args, ...call.keywords.values()].every((it) => isSame(it, facts, steps - 1))
  );
}

function isSameName(name: Node, facts: Facts, steps: number): boolean {
  if (name.text === "self") return false;
  const sites = facts.reachingSites(name);
  if (sites.length === 0) return facts.nameOf(name) !== undefined;
  return sites.every((it) => {
    if (it.kind === "import") return true;
    if (it.kind === "with") {
      const opened = contextsAround(name).find((context) => context.isInside(it.owner));
      return opened !== undefined && isSame(opened, facts, steps - 1);
    }
    const isLocal = functionAround(it.name) !== undefined;
    if (it.kind !== "assign" || it.value === undefined) return false;
    return !isLocal || (it.path.length === 0 && isSame(it.value, facts, steps - 1));
  });
}
