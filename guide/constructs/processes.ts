/** What hovers say of multiprocessing: processes, pools, what passes between them, how many. */

import { argumentOf, callOf, defineConstructs, dottedName, type File, type Node } from "../../analysis/authoring.js";
import { isUnguarded } from "./parts/places.js";

const CONTEXT = "multiprocessing.context.BaseContext";

export default defineConstructs([
  {
    name: "multiprocessing.Process",
    guide: "multiprocessing",
    at: [{ name: "multiprocessing.Process" }, { attribute: "Process", of: CONTEXT }],
    says: 'Has an interpreter, memory and GIL of its own: what the child changes in a global stays in the child. Windows and macOS start it by spawn, Linux by forkserver from 3.14 and by fork before. The first two pickle the arguments and import the main module, so start it under `if __name__ == "__main__":`. A bare child took 20 to 34 MB.',
    here: (node, { facts }) =>
      guardNote(node, facts) ??
      (callOf(node)?.keywords.get("daemon")?.kind === "true"
        ? "A daemon process is terminated when its parent ends, and may not start processes itself."
        : undefined),
    example: "import multiprocessing\n\ndef main():\n    multiprocessing.‸Process(target=print).start()\n",
    unlike: ["import psutil\n\npsutil.‸Process()\n"],
  },
  {
    name: "multiprocessing.Pool",
    guide: "multiprocessing",
    at: [
      { name: "multiprocessing.Pool" },
      { attribute: "Pool", of: CONTEXT },
      {
        attribute: ["map", "starmap", "imap", "imap_unordered", "apply", "apply_async", "map_async", "starmap_async"],
        of: "multiprocessing.Pool",
      },
    ],
    when: (node, { facts }) => !isThreads(node, facts),
    says: "`map` and `starmap` return all results in order, `imap` hands them out in order while others are made, `imap_unordered` as they come; all read their whole input at once. `map` cuts the input into about four chunks for each worker, `imap` sends single items unless `chunksize=` is given. Leaving `with Pool()` terminates the workers, so read every result inside.",
    here: poolNote,
    example:
      "import multiprocessing\n\ndef main():\n    with multiprocessing.Pool() as pool:\n        print(pool.‸map(abs, [-1, -2]))\n",
    unlike: [
      "print(list(‸map(abs, [-1])))\n",
      "from multiprocessing.pool import ThreadPool\n\nwith ThreadPool(2) as pool:\n    print(pool.‸map(abs, [-1]))\n",
    ],
  },
  {
    name: "multiprocessing.Queue",
    guide: "ipc",
    at: [
      { name: ["multiprocessing.Queue", "multiprocessing.JoinableQueue", "multiprocessing.SimpleQueue"] },
      { attribute: ["Queue", "JoinableQueue", "SimpleQueue"], of: CONTEXT },
    ],
    says: "Pickles each item and sends it through a pipe to other processes. Take everything out before you `join` the child that put it in: a child with unsent items does not end, and both wait. Pass it to `Process(args=…)`; as an argument of a pool's job it raises RuntimeError, where `Manager().Queue()` works.",
    example: "import multiprocessing\n\ndef main():\n    results = multiprocessing.‸Queue()\n",
    unlike: ["import queue\n\nresults = queue.‸Queue()\n"],
  },
  {
    name: "multiprocessing.Pipe",
    guide: "ipc",
    at: [{ name: ["multiprocessing.Pipe", "multiprocessing.connection.Pipe"] }, { attribute: "Pipe", of: CONTEXT }],
    says: "Two connected ends that pickle what they send; lighter than a queue, which adds a thread and locks. Only one process or thread may use an end at a time, or messages get mixed up. `send` blocks while the pipe is full, and `recv` raises EOFError only when every copy of the other end is closed.",
    here(node) {
      const call = callOf(node);
      return call && argumentOf(call, "duplex", 0)?.kind === "false"
        ? "One way: the first end only receives, the second only sends."
        : undefined;
    },
    example: "import multiprocessing\n\nhere, there = multiprocessing.‸Pipe()\n",
    unlike: ["class Pipe:\n    pass\n\n‸Pipe()\n"],
  },
  {
    name: "multiprocessing.Value / Array",
    guide: "ipc",
    at: [
      {
        name: [
          "multiprocessing.Value",
          "multiprocessing.Array",
          "multiprocessing.sharedctypes.Value",
          "multiprocessing.sharedctypes.Array",
        ],
      },
      { attribute: ["Value", "Array"], of: CONTEXT },
    ],
    says: "One C value or array in shared memory, with a lock that guards each single read or write. `counter.value += 1` is a read and a write: put it into `with counter.get_lock():`. Hand it over in `Process(args=…)`; for NumPy data `multiprocessing.shared_memory` fits better.",
    here(node) {
      const call = callOf(node);
      return call?.keywords.get("lock")?.kind === "false"
        ? "`lock=False`: no lock at all, and no `get_lock()`."
        : undefined;
    },
    example: "import multiprocessing\n\ncounter = multiprocessing.‸Value('i', 0)\n",
  },
  {
    name: "os.cpu_count",
    guide: "multiprocessing",
    at: [{ name: ["os.cpu_count", "multiprocessing.cpu_count", "os.process_cpu_count"] }],
    says: "`os.cpu_count()` gives the logical CPUs of the machine, twice the cores where each runs two threads. `os.process_cpu_count()` (3.13) counts those that affinity leaves to this process. Neither sees a container's CPU quota, both can return None, and `PYTHON_CPU_COUNT` (3.13) overrides them. Workers that call BLAS start threads of their own on top.",
    here: cpuNote,
    example: "import os\n\nprint(os.‸cpu_count())\n",
    unlike: ["import psutil\n\nprint(psutil.‸cpu_count())\n"],
  },
  {
    name: "SharedMemory",
    guide: "ipc",
    at: [{ name: "multiprocessing.shared_memory.SharedMemory" }],
    says: "A block of bytes that several processes map under one name, without pickling or copying; `np.ndarray(shape, dtype, buffer=block.buf)` makes it an array. Every process calls `close`, and one of them `unlink`, or the memory stays. The size may be rounded up to whole pages, and nothing locks it for you.",
    here: memoryNote,
    example: "from multiprocessing.shared_memory import SharedMemory\n\nblock = ‸SharedMemory(create=True, size=8)\n",
    unlike: ["class SharedMemory:\n    pass\n\n‸SharedMemory()\n"],
  },
]);

function memoryNote(node: Node): string | undefined {
  const call = callOf(node);
  if (!call || call.hasSplat) return undefined;
  return call.keywords.get("create")?.kind === "true"
    ? "Creates the block: this side calls `unlink` at the end."
    : undefined;
}

function guardNote(node: Node, facts: File["facts"]): string | undefined {
  const call = callOf(node);
  return call && isUnguarded(call.node, facts)
    ? "At module level without a main guard: a child that imports this module comes by here again."
    : undefined;
}

function isThreads(node: Node, facts: File["facts"]): boolean {
  const object = node.parent?.kind === "attribute" ? node.parent.field("object") : undefined;
  return object !== undefined && facts.typeOf(object)?.name === "multiprocessing.pool.ThreadPool";
}

const LAZY: ReadonlySet<string> = new Set(["imap", "imap_unordered", "apply_async", "map_async", "starmap_async"]);

function poolNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (!call) return undefined;
  if (node.text === "Pool")
    return (
      guardNote(node, facts) ??
      (facts.loopAround(call.node) ? "In a loop: each turn starts and stops a pool of its own." : undefined)
    );
  return LAZY.has(node.text) && call.node.parent?.kind === "expression_statement"
    ? "Nobody reads the result, so an error of the job goes unseen."
    : undefined;
}

function cpuNote(node: Node, { facts }: File): string | undefined {
  const isNew = facts.nameOf(dottedName(node)) === "os.process_cpu_count";
  if (isNew)
    return facts.hasPython("3.13")
      ? undefined
      : `The lowest Python of this project is ${facts.python}, which does not have it.`;
  return facts.hasPython("3.13") ? "This project's Python has `os.process_cpu_count()`." : undefined;
}
