/** What hovers say of concurrent.futures: the executors, their futures, reading results. */

import {
  argumentOf,
  asCall,
  asFor,
  asMethodCall,
  callOf,
  defineConstructs,
  integerOf,
  type File,
  type Node,
} from "../../analysis/authoring.js";
import { isUnguarded } from "./parts/places.js";

export default defineConstructs([
  {
    name: "ThreadPoolExecutor",
    guide: "futures",
    at: [{ name: "concurrent.futures.ThreadPoolExecutor" }],
    says: "Its jobs share all memory and should be calls that wait; on the default build pure Python runs no faster. Leaving the `with` block waits for every job. `map` reads its whole input at once (3.14 adds `buffersize=`), an error stays unseen until somebody reads the result, and jobs that wait for other jobs of the pool can block it for ever.",
    here: (node, { facts }) =>
      inLoop(node, facts) ?? (hasSize(node) ? undefined : "No `max_workers`: at most `min(32, CPUs + 4)` threads."),
    example: "from concurrent.futures import ‸ThreadPoolExecutor\n",
    unlike: ["class ThreadPoolExecutor:\n    pass\n\npool = ‸ThreadPoolExecutor()\n"],
  },
  {
    name: "ProcessPoolExecutor",
    guide: "futures",
    at: [{ name: "concurrent.futures.ProcessPoolExecutor" }],
    says: "Runs Python on several cores and pickles every argument and result. A job must be a function at module level, no lambda or nested one. `map` sends single items unless `chunksize=` is set: with 5,000 trivial calls, 1,000 at a time was over 50 times faster (3.11). Children import the main module under spawn and forkserver (Linux default from 3.14), so start it under a main guard.",
    here: processNote,
    example:
      "from concurrent.futures import ProcessPoolExecutor\n\ndef main():\n    with ‸ProcessPoolExecutor() as pool:\n        print(list(pool.map(abs, [-1])))\n",
  },
  {
    name: "InterpreterPoolExecutor",
    guide: "futures",
    at: [{ name: "concurrent.futures.InterpreterPoolExecutor" }],
    says: "New in 3.14: each worker is a thread with an interpreter and a GIL of its own, so Python code runs in parallel within one process. Functions, arguments and results are pickled as for processes, and for one defined in the main file each worker loads that file again, so start it under a main guard; one typed at a prompt cannot be sent. Modules are imported anew, and extension modules that do not support several interpreters fail there.",
    here: (_, { facts }) =>
      facts.hasPython("3.14")
        ? undefined
        : `The lowest Python of this project is ${facts.python}, which does not have it.`,
    example: "from concurrent.futures import InterpreterPoolExecutor\n\npool = ‸InterpreterPoolExecutor()\n",
  },
  {
    name: "Future.result",
    guide: "futures",
    at: [{ attribute: ["result", "exception"], of: "concurrent.futures.Future" }],
    says: "Blocks until the job is done, without limit unless `timeout=` is given. The job's exception appears here and nowhere else, so a future that nobody asks hides its error. A timeout ends the waiting, not the job; its TimeoutError is the built-in one since 3.11.",
    here: resultNote,
    example:
      "from concurrent.futures import ThreadPoolExecutor\n\nwith ThreadPoolExecutor() as pool:\n    future = pool.submit(len, 'abc')\n    print(future.‸result())\n",
    unlike: [
      "class Game:\n    def result(self): ...\n\nGame().‸result()\n",
      "import asyncio\n\nasync def main():\n    task = asyncio.create_task(asyncio.sleep(1))\n    await task\n    print(task.‸result())\n",
    ],
  },
  {
    name: "as_completed",
    guide: "futures",
    at: [{ name: "concurrent.futures.as_completed" }],
    says: "Gives futures in the order they finish; a dict from future to input tells which job each one was. Call `result()` on every one, or its error goes unseen. `timeout=` counts from this call for the whole loop, and the jobs run on after the TimeoutError.",
    example:
      "from concurrent.futures import ThreadPoolExecutor, as_completed\n\nwith ThreadPoolExecutor() as pool:\n    jobs = {pool.submit(len, it): it for it in ['a', 'bc']}\n    for job in ‸as_completed(jobs):\n        print(jobs[job], job.result())\n",
    unlike: [
      "import asyncio\n\nasync def main(jobs):\n    for job in asyncio.‸as_completed(jobs):\n        await job\n",
    ],
  },
]);

function inLoop(node: Node, facts: File["facts"]): string | undefined {
  const call = callOf(node);
  return call && facts.loopAround(call.node) ? "In a loop: each turn starts and stops a pool of its own." : undefined;
}

/** The number of workers is given, or nothing is called here. */
function hasSize(node: Node): boolean {
  const call = callOf(node);
  return !call || call.hasSplat || argumentOf(call, "max_workers", 0) !== undefined;
}

function processNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (!call) return undefined;
  if (isUnguarded(call.node, facts))
    return "At module level without a main guard: a child that imports this module comes by here again.";
  if ((integerOf(argumentOf(call, "max_workers", 0)) ?? 0) > 61)
    return "Windows allows at most 61 workers and raises ValueError beyond.";
  return inLoop(node, facts) ?? (hasSize(node) ? undefined : "No `max_workers`: one worker for each CPU.");
}

function resultNote(node: Node, { facts }: File): string | undefined {
  const object = node.parent?.field("object");
  if (!object) return undefined;
  if (asMethodCall(object, "submit")) return "Waits right after the submit, so the jobs run one after the other.";
  if (facts.loopsAround(node).some((it) => isCompletedBy(it, object, facts)))
    return "Already done here: `as_completed` hands it out when it has finished.";
  return facts.isAsync(node)
    ? "In a coroutine this stops the loop; write `await asyncio.wrap_future(future)`."
    : undefined;
}

function isCompletedBy(loop: Node, object: Node, facts: File["facts"]): boolean {
  const found = asFor(loop);
  const call = asCall(found?.iterable);
  return (
    found !== undefined &&
    call !== undefined &&
    found.target.text === object.text &&
    facts.nameOf(call.callee) === "concurrent.futures.as_completed"
  );
}
