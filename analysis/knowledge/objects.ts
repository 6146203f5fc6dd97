/** What calls do with the objects they are given: whether they keep them, look at their callers' variables, or swallow exceptions. */

import { members } from "./table.js";

/**
 * Functions that keep nothing of an argument and do not hand it back. A number says in which position alone that holds: `max(items)` gives an item, `max(items, others)` one of the two,
 * and `sum(lists, start)` gives `start` itself where there are none.
 */
const LETS_GO: ReadonlyMap<string, number | "any" | "alone"> = new Map<string, number | "any" | "alone">([
  ...entries(
    "any",
    "builtins",
    "len print str repr ascii list tuple set frozenset dict any all bool sorted isinstance type id hash callable enumerate zip reversed iter filter map format",
  ),
  ...entries("alone", "builtins", "min max"),
  ["builtins.sum", 0],
  ["builtins.next", 0],
  ...entries(
    "any",
    "itertools",
    "chain chain.from_iterable islice zip_longest pairwise accumulate product combinations permutations groupby takewhile dropwhile filterfalse starmap tee compress batched",
  ),
  ...entries(0, "collections", "deque Counter OrderedDict"),
  ...entries("any", "math", "fsum prod dist"),
  ...entries(0, "statistics", "mean median mode fmean stdev pstdev variance pvariance quantiles multimode"),
  ...entries(0, "heapq", "heapify heappop merge"),
  ["heapq.heappush", 0],
  ["heapq.nlargest", 1],
  ["heapq.nsmallest", 1],
  ...entries(0, "bisect", "bisect bisect_left bisect_right insort insort_left insort_right"),
  ...entries(0, "random", "shuffle choice choices sample"),
  ...entries(0, "json", "dumps dump"),
  ...entries(0, "copy", "copy deepcopy"),
  ...entries(
    0,
    "numpy",
    "array asarray mean sum std var median max min argmax argmin percentile quantile stack concatenate vstack hstack unique",
  ),
  ...entries("any", "pprint", "pprint pformat"),
]);

function entries<T extends number | "any" | "alone">(
  how: T,
  module: string,
  names: string,
): readonly (readonly [string, T])[] {
  return names.split(" ").map((it) => [`${module}.${it}`, how] as const);
}

/** The function may keep the argument at a position, or give it back. Unknown functions may. */
export function keepsArgument(name: string, position: number, count: number): boolean {
  const how = LETS_GO.get(name);
  if (how === undefined) return true;
  if (how === "any") return false;
  return how === "alone" ? count !== 1 : position !== how;
}

/** Functions and methods whose call makes a list that nothing else holds. */
const NEW_LISTS: ReadonlySet<string> = new Set(
  members({
    builtins: "list sorted dir",
    difflib: "get_close_matches",
    file: "readlines",
    fnmatch: "filter",
    glob: "glob",
    heapq: "nlargest nsmallest",
    list: "copy",
    "numpy.ndarray": "tolist",
    os: "listdir",
    "pandas.Index": "tolist to_list",
    "pandas.Series": "tolist to_list",
    random: "choices sample",
    re: "findall split",
    "re.Pattern": "findall split",
    shlex: "split",
    statistics: "multimode quantiles",
    str: "rsplit split splitlines",
    bytes: "rsplit split splitlines",
    textwrap: "wrap",
  }),
);

/** A call of the function or method makes a new list, each time another one. */
export function makesList(name: string): boolean {
  return NEW_LISTS.has(name);
}

/** They see the variables of the code that calls them. */
export const LOOKS_AT_FRAMES: ReadonlySet<string> = new Set([
  "builtins.locals",
  "sys._getframe",
  "sys._current_frames",
  "inspect.currentframe",
  "inspect.stack",
  "inspect.getouterframes",
  "inspect.getargvalues",
  "inspect.trace",
  "pandas.eval",
  "numexpr.evaluate",
  "code.interact",
]);

/** Managers, by the call or the type, that let every exception through. */
export const HARMLESS_MANAGERS: ReadonlySet<string> = new Set([
  "builtins.open",
  "file",
  "binary-file",
  "pathlib.Path.open",
  "gzip.open",
  "bz2.open",
  "lzma.open",
  "zipfile.ZipFile",
  "tarfile.open",
  "tempfile.TemporaryDirectory",
  "tempfile.NamedTemporaryFile",
  "tempfile.TemporaryFile",
  "io.StringIO",
  "io.BytesIO",
  "socket.socket",
  "sqlite3.connect",
  "os.scandir",
  "urllib.request.urlopen",
  "subprocess.Popen",
  "memoryview",
  "contextlib.closing",
  "contextlib.nullcontext",
  "contextlib.redirect_stdout",
  "contextlib.redirect_stderr",
  "contextlib.chdir",
  "warnings.catch_warnings",
  "decimal.localcontext",
  "threading.Lock",
  "threading.RLock",
  "threading.Condition",
  "threading.Semaphore",
  "threading.BoundedSemaphore",
  "multiprocessing.Lock",
  "multiprocessing.RLock",
  "multiprocessing.Pool",
  "multiprocessing.Manager",
  "multiprocessing.pool.Pool",
  "multiprocessing.pool.ThreadPool",
  "concurrent.futures.ThreadPoolExecutor",
  "concurrent.futures.ProcessPoolExecutor",
  "asyncio.Lock",
  "asyncio.Semaphore",
  "asyncio.timeout",
  "asyncio.TaskGroup",
  "torch.no_grad",
  "torch.enable_grad",
  "torch.inference_mode",
  "torch.set_grad_enabled",
  "torch.autocast",
  "torch.device",
  "torch.cuda.amp.autocast",
  "torch.amp.autocast",
  "torch.autograd.profiler.record_function",
  "torch.autograd.set_detect_anomaly",
  "torch.cuda.device",
  "torch.cuda.stream",
  "torch.profiler.profile",
  "tensorflow.GradientTape",
  "tensorflow.device",
  "tensorflow.name_scope",
  "numpy.errstate",
  "numpy.printoptions",
  "numpy.load",
  "pandas.option_context",
  "pandas.ExcelWriter",
  "pandas.HDFStore",
  "h5py.File",
  "PIL.Image.open",
  "requests.Session",
  "requests.get",
  "requests.post",
  "httpx.Client",
  "httpx.AsyncClient",
  "aiohttp.ClientSession",
  "unittest.mock.patch",
  "unittest.mock.patch.object",
  "unittest.mock.patch.dict",
  "tqdm.tqdm",
]);
