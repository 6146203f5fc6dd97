/** What hovers say of large tables: reading, storing, dtypes, memory, and work spread over cores or machines. */

import {
  asCall,
  callOf,
  defineConstructs,
  dottedName,
  integerOf,
  textValue,
  unwrap,
  type Call,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "pd.read_csv",
    guide: "pandas-scale",
    at: [{ name: "pandas.read_csv" }],
    says: 'Types are guessed from the text: an id `007` becomes 7, and the words NA, None and NULL become missing. `dtype=` and `usecols=` settle that and save memory that no later step gives back as cheaply. `chunksize=` yields frames instead of one; `engine="pyarrow"` reads on several cores but refuses chunks.',
    here: readNote,
    example: "import pandas as pd\n\norders = pd.‸read_csv('orders.csv')\n",
    unlike: [
      "def read_csv(path): ...\n\n‸read_csv('orders.csv')\n",
      "import polars as pl\n\norders = pl.‸read_csv('orders.csv')\n",
    ],
  },
  {
    name: "DataFrame.to_parquet",
    guide: "pandas-scale",
    at: [{ attribute: "to_parquet", of: "pandas.DataFrame" }],
    says: "Keeps dtypes, categories and the index, compresses with snappy unless told otherwise, and lets a reader take single columns: all that CSV cannot. It needs pyarrow or fastparquet. An object column of mixed types raises, so give it one type first. Rows cannot be appended to a file; write one file per part.",
    here(node, { facts }) {
      if (callOf(node)?.keywords.has("partition_cols"))
        return "Partitioned: the path is a folder with a subfolder per value. With pyarrow a second run adds its files to the first, so the rows are there twice.";
      return facts.loopAround(node) && textValue(callOf(node)?.args[0]) !== undefined
        ? "In a loop with one path: each turn replaces the file."
        : undefined;
    },
    example:
      "import pandas as pd\n\ndef save(orders: pd.DataFrame) -> None:\n    orders.‸to_parquet('orders.parquet')\n",
    unlike: [
      "class Table:\n    def to_parquet(self, path): ...\n\nTable().‸to_parquet('a')\n",
      "def save(orders):\n    orders.‸to_parquet('a')\n",
    ],
  },
  {
    name: "astype('category')",
    guide: "pandas-scale",
    at: [{ attribute: "astype", of: ["pandas.DataFrame", "pandas.Series"] }],
    when: (node, file) => isCategorical(callOf(node), file),
    says: "Stores each distinct value once and a small code per row: 20,000 strings of three values took 0.02 MB, against 1.3 MB as objects and 0.28 MB as `str` (pandas 3.0). Text that hardly repeats gains nothing. A value that is no category yet raises TypeError, and joining columns with different categories gives up the dtype.",
    example:
      "import pandas as pd\n\ndef small(people: pd.DataFrame) -> pd.Series:\n    return people['city'].‸astype('category')\n",
    unlike: [
      "import pandas as pd\n\ndef small(people: pd.DataFrame) -> pd.Series:\n    return people['age'].‸astype('int32')\n",
      "import numpy as np\n\nnp.arange(3).‸astype('category')\n",
    ],
  },
  {
    name: "pd.to_numeric",
    guide: "pandas-scale",
    at: [{ name: "pandas.to_numeric" }],
    says: '`downcast=` picks the smallest type that holds today\'s values, so later sums can wrap (int8: 120 + 10 gives -126), and `"float"` means float32, which keeps about seven digits without a word. `errors="coerce"` turns what it cannot read into NaN: count them afterwards. `errors="ignore"` raises in pandas 3.',
    here(node) {
      const call = callOf(node);
      if (textValue(call?.keywords.get("errors")) === "ignore")
        return '`errors="ignore"` was removed: ValueError in pandas 3.';
      const downcast = textValue(call?.keywords.get("downcast"));
      return downcast === "float"
        ? "Never below float32, and digits beyond the seventh or so are lost."
        : downcast === "unsigned"
          ? "Stays signed where a value is negative."
          : undefined;
    },
    example:
      "import pandas as pd\n\ndef small(column: pd.Series) -> pd.Series:\n    return pd.‸to_numeric(column, downcast='integer')\n",
    unlike: [
      "import pandas as pd\n\npd.‸to_datetime('2026-01-01')\n",
      "def to_numeric(text): ...\n\n‸to_numeric('1')\n",
    ],
  },
  {
    name: "memory_usage(deep=True)",
    guide: "pandas-scale",
    at: [{ attribute: "memory_usage", of: ["pandas.DataFrame", "pandas.Series", "pandas.Index"] }],
    says: "Bytes per column. Without `deep=True` an object column counts 8 bytes a row, whatever its values take: 1,000 strings of 50 letters showed as 8 kB instead of 107 kB. The `str` dtype of pandas 3 shows its size either way. Shared objects are counted once for each row.",
    here(node) {
      const call = callOf(node);
      return call && !call.hasSplat && !call.keywords.has("deep") && call.args.length < 2
        ? "Not deep: object columns are counted by their pointers."
        : undefined;
    },
    example:
      "import pandas as pd\n\ndef size(orders: pd.DataFrame) -> int:\n    return orders.‸memory_usage(deep=True).sum()\n",
    unlike: [
      "from memory_profiler import memory_usage\n\n‸memory_usage()\n",
      "class Cache:\n    def memory_usage(self): ...\n\nCache().‸memory_usage()\n",
    ],
  },
  {
    name: "dask",
    guide: "parallel-strategies",
    at: [
      { module: ["dask", "dask.dataframe", "dask.array", "dask.bag", "dask.delayed", "dask.distributed"] },
      { name: ["dask", "dask.*"] },
    ],
    says: 'Builds a graph of tasks; nothing runs before `compute()`. Each `compute` runs its graph anew, so ask for several results in one `dask.compute(a, b)`. Arrays, frames and `delayed` run on threads by default: pure Python needs `scheduler="processes"` or a cluster. A result must fit into memory when it is computed.',
    here: (node, { facts }) =>
      facts.nameOf(dottedName(node)) === "dask.compute" && facts.loopAround(node)
        ? "In a loop: one graph after the other; collect them and compute once."
        : undefined,
    example: "import dask.dataframe as dd\n\ntrips = ‸dd.read_parquet('trips/')\n",
    unlike: ["dask = 1\nprint(‸dask)\n", "import pandas as dd\n\ntrips = ‸dd.read_parquet('trips/')\n"],
  },
  {
    name: "joblib.Parallel",
    guide: "parallel-strategies",
    at: [{ name: ["joblib.Parallel", "joblib.delayed"] }],
    says: 'Runs the delayed calls of one loop on worker processes and returns the results in order. `n_jobs` is 1 unless set here or by `parallel_config`; -1 takes all CPUs. Arrays above 1 MB reach processes as read-only memory maps, so writing in place raises. `prefer="threads"` suits code that releases the GIL.',
    here: jobsNote,
    example:
      "from joblib import Parallel, delayed\n\nroots = ‸Parallel(n_jobs=2)(delayed(abs)(n) for n in range(10))\n",
    unlike: ["class Parallel:\n    pass\n\n‸Parallel()\n", "import dask\n\n@dask.‸delayed\ndef load(): ...\n"],
  },
  {
    name: "@ray.remote",
    guide: "parallel-strategies",
    at: [{ name: ["ray.remote", "ray.get"] }],
    says: "A function becomes a task, a class an actor with a process and state of its own; `.remote()` starts it and returns a reference at once. Start all tasks before `ray.get`, or they run one after the other. An argument given to many tasks is stored once with `ray.put`. Tiny tasks cost more than they save.",
    here: rayNote,
    example: "import ray\n\n@ray.‸remote\ndef play(seed: int) -> float:\n    return float(seed % 7)\n",
    unlike: [
      "class ray:\n    remote = staticmethod(abs)\n\nray.‸remote(1)\n",
      "def load(session):\n    return session.‸get('/')\n",
    ],
  },
]);

const LESS = ["usecols", "dtype", "chunksize", "nrows", "iterator", "converters"];

function readNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (!call || call.hasSplat) return undefined;
  const { keywords } = call;
  if (textValue(keywords.get("engine")) === "pyarrow" && keywords.has("chunksize"))
    return '`engine="pyarrow"` with `chunksize=` raises ValueError.';
  if (integerOf(keywords.get("chunksize")) !== undefined)
    return `Yields frames of ${integerOf(keywords.get("chunksize"))!.toLocaleString("en")} rows; each guesses its dtypes anew unless \`dtype=\` is given.`;
  if (facts.loopAround(node) && textValue(call.args[0]) !== undefined)
    return "In a loop: the same file is parsed at each turn.";
  return LESS.some((it) => keywords.has(it)) ? undefined : "Reads every column and guesses every type.";
}

/** `"category"`, `pd.CategoricalDtype(…)`, or a dict with one of them among its values. */
function isCategorical(call: Call | undefined, { facts }: File): boolean {
  const dtype = call?.keywords.get("dtype") ?? call?.args[0];
  if (!dtype) return false;
  const isOne = (it: Node) =>
    textValue(it) === "category" || facts.nameOf(asCall(unwrap(it))?.callee ?? it) === "pandas.CategoricalDtype";
  const value = unwrap(dtype);
  return value.kind === "dictionary"
    ? value.children.some((it) => it.kind === "pair" && isOne(it.field("value")!))
    : isOne(value);
}

function jobsNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (!call || call.hasSplat || facts.nameOf(call.callee) !== "joblib.Parallel") return undefined;
  const jobs = call.keywords.get("n_jobs") ?? call.args[0];
  return jobs ? undefined : "No `n_jobs`: one call after the other, unless a `parallel_config` block says otherwise.";
}

function rayNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (!call || facts.nameOf(call.callee) !== "ray.get") return undefined;
  const started = asCall(call.args[0]);
  const startsHere = started?.callee.kind === "attribute" && started.callee.field("attribute")?.text === "remote";
  return startsHere && facts.loopAround(node)
    ? "Started and awaited in the same turn: nothing runs side by side."
    : undefined;
}
