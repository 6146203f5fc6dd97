/** Facts about the standard library, kept by hand. First draft. */

import type { LibraryFacts } from "./library.js";
import { constructors, lists, spread } from "./table.js";

export const STDLIB: LibraryFacts = {
  returns: {
    ...spread({
      "": { file: "builtins.open pathlib.Path.open", anyfile: "gzip.open bz2.open lzma.open codecs.open", "sqlite3.Connection": "sqlite3.connect", "logging.Logger": "logging.getLogger", "re.Pattern": "re.compile" },
      time: { float: "time monotonic perf_counter process_time", int: "time_ns perf_counter_ns monotonic_ns", None: "sleep" },
      asyncio: { "coroutine[None]": "sleep", coroutine: "wait_for wait to_thread", "asyncio.Task": "create_task ensure_future", "asyncio.Future[list]": "gather" },
      "pathlib.Path": { "self": "resolve absolute joinpath with_suffix with_name expanduser", str: "read_text as_posix", bytes: "read_bytes", bool: "exists is_file is_dir" },
    }),
    ...constructors({
      threading: "Thread Lock RLock Event Condition Semaphore BoundedSemaphore Barrier Timer local",
      "concurrent.futures": "ThreadPoolExecutor ProcessPoolExecutor",
      multiprocessing: "Pool Process",
      queue: "Queue LifoQueue PriorityQueue SimpleQueue",
      collections: "deque defaultdict Counter OrderedDict ChainMap",
      socket: "socket", pathlib: "Path", datetime: "datetime date time timedelta",
    }),
  },
  aliases: { "concurrent.futures.thread.ThreadPoolExecutor": "concurrent.futures.ThreadPoolExecutor", "concurrent.futures.process.ProcessPoolExecutor": "concurrent.futures.ProcessPoolExecutor", "multiprocessing.pool.Pool": "multiprocessing.Pool" },
  bases: lists({ "concurrent.futures.ThreadPoolExecutor": "concurrent.futures.Executor", "concurrent.futures.ProcessPoolExecutor": "concurrent.futures.Executor", "collections.defaultdict": "dict", "collections.Counter": "dict", "collections.OrderedDict": "dict", binaryfile: "file", anyfile: "file" }),
  mutators: lists({ "collections.deque": "append appendleft extend extendleft insert remove pop popleft clear rotate reverse __setitem__ __delitem__" }),
  blocking: { "time.sleep": "asyncio.sleep", "builtins.open": null, "builtins.input": null },
};
