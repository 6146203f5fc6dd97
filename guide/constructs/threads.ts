/** What hovers say of threads and of what threads share: locks, the other primitives, queues. */

import { callOf, defineConstructs, dottedName, type File, type Node } from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "threading.Thread",
    guide: "threading",
    at: [{ name: "threading.Thread" }],
    says: "Helps where calls wait or release the GIL: HTTP, files, databases, large NumPy operations. On the default build pure Python gains nothing; the free-threaded build (experimental in 3.13, supported from 3.14) runs such threads side by side. The stack reserves address space (mostly 8 MB on Linux), of which an idle thread used under 20 KB. Its errors are printed and reach nobody, so an executor whose results you read is safer.",
    here: (node) =>
      callOf(node)?.keywords.get("daemon")?.kind === "true"
        ? "A daemon thread is cut off when the program ends, even in the middle of a write."
        : undefined,
    example: "import threading\n\nworker = threading.‸Thread(target=print)\n",
    unlike: ["class Thread:\n    pass\n\n‸Thread()\n"],
  },
  {
    name: "threading.Lock",
    guide: "thread-sync",
    at: [{ name: ["threading.Lock", "threading.RLock"] }],
    says: "One thread holds it at a time; `with lock:` gives it back on every path, a bare `acquire` does not. A `Lock` blocks even its holder at a second acquire, an `RLock` lets the holder in again. Take two locks always in the same order. In coroutines use `asyncio.Lock`, because this one stops the loop.",
    here: (node) =>
      isEntered(callOf(node)?.node)
        ? "Made anew at each entry: no other thread can hold it, so it protects nothing."
        : undefined,
    example: "import threading\n\nlock = threading.‸Lock()\n",
    unlike: ["import asyncio\n\nlock = asyncio.‸Lock()\n"],
  },
  {
    name: "threading.Semaphore / Event / Condition / Barrier",
    guide: "thread-sync",
    at: [
      {
        name: [
          "threading.Semaphore",
          "threading.BoundedSemaphore",
          "threading.Event",
          "threading.Condition",
          "threading.Barrier",
        ],
      },
    ],
    says: "A semaphore limits how many proceed, an event tells that something happened, a condition waits until shared data has a state, a barrier waits until n threads have come. Every wait and acquire blocks for ever if the partner is gone, so pass `timeout=` where that can happen.",
    here: (node, { facts }) => PRIMITIVES[facts.nameOf(dottedName(node)) ?? ""],
    example: "import threading\n\nready = threading.‸Event()\n",
    unlike: ["import asyncio\n\nready = asyncio.‸Event()\n"],
  },
  {
    name: "threading.local",
    guide: "concurrency-pitfalls",
    at: [{ name: "threading.local" }],
    says: "Each thread sees attributes of its own on one shared object, so make that object once, at module level. In a pool the values of one job are still there for the thread's next job. Tasks on an event loop share their thread and so these values; they need a `contextvars.ContextVar`.",
    here(node) {
      const call = callOf(node)?.node;
      return call?.parent?.kind === "attribute" && call.fieldName === "object"
        ? "A fresh object without attributes: nothing stored here can be found again."
        : undefined;
    },
    example: "import threading\n\nstate = threading.‸local()\n",
  },
  {
    name: "queue.Queue",
    guide: "thread-sync",
    at: [{ name: ["queue.Queue", "queue.LifoQueue", "queue.PriorityQueue", "queue.SimpleQueue"] }],
    says: "Hands items from thread to thread with a lock of its own. A `maxsize` makes a fast producer wait; the default 0 is no limit. `join()` returns only after a `task_done()` for every item put in, end marks included, and each consumer needs its own end mark; 3.13 adds `shutdown()` for that.",
    here: queueNote,
    example: "import queue\n\njobs = queue.‸Queue(maxsize=100)\n",
    unlike: ["import asyncio\n\njobs = asyncio.‸Queue()\n"],
  },
]);

function isEntered(call: Node | undefined): boolean {
  return (
    call?.parent?.kind === "with_item" ||
    (call?.parent?.kind === "as_pattern" && call.parent.parent?.kind === "with_item")
  );
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  "threading.Semaphore": "A release too many raises the limit unseen; `BoundedSemaphore` raises ValueError instead.",
  "threading.BoundedSemaphore": "Raises ValueError at a release that was not acquired.",
  "threading.Event": "Stays set, and lets every waiter pass, until `clear()`.",
  "threading.Condition": "A waiter can wake without cause, so `wait_for(predicate)` is safer than `wait()`.",
  "threading.Barrier": "A timeout or `abort()` breaks it: all waiting threads get BrokenBarrierError.",
};

function queueNote(node: Node, { facts }: File): string | undefined {
  const name = facts.nameOf(dottedName(node));
  if (name === "queue.SimpleQueue") return "A `SimpleQueue` has no limit, no `task_done` and no `join`.";
  const call = callOf(node);
  if (name === "queue.PriorityQueue")
    return "Equal priorities are settled by comparing the next field, which must have an order: put a running number in between.";
  return call && !call.hasSplat && call.args.length === 0 && !call.keywords.has("maxsize")
    ? "No `maxsize`: a producer that is faster than its consumers fills the memory."
    : undefined;
}
