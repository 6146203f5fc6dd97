/** What hovers say of asyncio: coroutines, tasks, waiting for several. */

import {
  asCall,
  asWith,
  callOf,
  defineConstructs,
  expressionOf,
  functionAround,
  unwrap,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "asyncio.gather",
    guide: "async-patterns",
    at: [{ name: "asyncio.gather" }],
    says: "Runs the awaitables together and returns their results in the order they were given. When one fails, its error is raised at once while the others run on unseen; `return_exceptions=True` collects the errors instead. Since 3.11 a `TaskGroup` cancels the rest and waits for it.",
    example: `
import asyncio

async def main() -> None:
    await asyncio.‸gather(asyncio.sleep(1), asyncio.sleep(2))
`,
    unlike: [
      `
class Crop:
    def gather(self, *parts: str) -> None: ...

Crop().‸gather("a")
`,
    ],
  },
  {
    name: "await",
    guide: "asyncio",
    at: [{ token: "await", of: "await" }],
    says: "The only kind of place where the event loop may switch to another task. The awaits of one coroutine run one after the other, so independent waits add up unless they are started together, as by `asyncio.gather` or tasks.",
    example: `
import asyncio

async def main() -> None:
    ‸await asyncio.sleep(1)
`,
  },
  {
    name: "async def",
    guide: "asyncio",
    at: [{ token: ["async", "def"], of: "function_definition" }],
    when: (node) => node.parent!.hasToken("async"),
    says: "A call only makes a coroutine object; the body starts when that is awaited or put into a task. Until the next `await` it runs without a break, so a blocking call inside stops the whole loop, file reading with `open` included. A coroutine is a type of its own, not a generator.",
    here: bodyNote,
    example: "import asyncio\n\n‸async def main():\n    await asyncio.sleep(1)\n",
    unlike: ["‸def main():\n    pass\n"],
  },
  {
    name: "asyncio.run",
    guide: "asyncio",
    at: [{ name: "asyncio.run" }],
    says: "Makes a loop, runs one coroutine, cancels the tasks that are left, and closes the loop and its default executor. A program needs it once, at the top; for several calls on one loop there is `asyncio.Runner` (3.11). It raises RuntimeError where a loop is running already.",
    here: (node, { facts }) =>
      facts.isAsync(node)
        ? "Inside a coroutine it raises RuntimeError: write `await`."
        : facts.isNotebook
          ? "A notebook's cells run on a loop already, so this raises RuntimeError: write `await` in the cell."
          : undefined,
    example: "import asyncio\n\nasync def main(): ...\n\nasyncio.‸run(main())\n",
    unlike: ["import subprocess\n\nsubprocess.‸run(['ls'])\n"],
  },
  {
    name: "asyncio.create_task",
    guide: "async-patterns",
    at: [
      { name: ["asyncio.create_task", "asyncio.ensure_future"] },
      { attribute: "create_task", of: "asyncio.AbstractEventLoop" },
    ],
    says: "Schedules the coroutine, which starts when the current task next waits. The loop holds a weak reference only: keep the task in a variable or set until it is done, or it may vanish half-way. Its error is raised where the task is awaited. A `TaskGroup` (3.11) keeps, awaits and cancels its tasks by itself.",
    here: taskNote,
    example: "import asyncio\n\nasync def main():\n    task = asyncio.‸create_task(asyncio.sleep(1))\n    await task\n",
    unlike: ["class Board:\n    def create_task(self, title): ...\n\nBoard().‸create_task('a')\n"],
  },
  {
    name: "asyncio.Task",
    guide: "asyncio",
    at: [
      { name: "asyncio.Task" },
      { attribute: ["done", "result", "exception", "cancel", "cancelled"], of: "asyncio.Task" },
    ],
    says: "`result()` and `exception()` never wait: on an unfinished task they raise InvalidStateError, so await the task instead. `cancel()` only asks: CancelledError is raised inside at the next `await`, and the task may clean up first. That error is no `Exception`; code that catches it has to raise it again.",
    here: (node) =>
      node.text === "cancel" ? "Await the task afterwards: it ends only when its clean-up has run." : undefined,
    example:
      "import asyncio\n\nasync def main():\n    task = asyncio.create_task(asyncio.sleep(1))\n    task.‸cancel()\n",
    unlike: [
      "from concurrent.futures import ThreadPoolExecutor\n\nwith ThreadPoolExecutor() as pool:\n    pool.submit(len, 'a').‸cancel()\n",
    ],
  },
  {
    name: "asyncio.wait",
    guide: "async-patterns",
    at: [{ name: "asyncio.wait" }],
    says: "Takes tasks; bare coroutines raise TypeError since 3.11. Unlike other waits it neither raises at a timeout nor cancels: the unfinished tasks come back as the second set and run on. Errors stay in the tasks until `result()` is called. `return_when=asyncio.FIRST_COMPLETED` comes back at the first one.",
    example: "import asyncio\n\nasync def main(tasks):\n    done, pending = await asyncio.‸wait(tasks)\n",
    unlike: ["import os\n\nos.‸wait()\n", "import concurrent.futures\n\nconcurrent.futures.‸wait([])\n"],
  },
  {
    name: "asyncio.wait_for",
    guide: "async-patterns",
    at: [{ name: "asyncio.wait_for" }],
    says: "At the timeout it cancels what it waits for and raises TimeoutError, which before 3.11 was a class of asyncio's own. It returns only when the cancelled part has really ended, so it may take longer than asked. `asyncio.shield` lets the inner task go on, and `asyncio.timeout` (3.11) bounds a whole block.",
    here: (_, { facts }) =>
      facts.hasPython("3.11") ? "This project's Python has `async with asyncio.timeout(…)`." : undefined,
    example: "import asyncio\n\nasync def main():\n    await asyncio.‸wait_for(asyncio.sleep(1), timeout=0.5)\n",
  },
  {
    name: "asyncio.as_completed",
    guide: "async-patterns",
    at: [{ name: "asyncio.as_completed" }],
    says: "Starts the coroutines it is given, and a plain `for` then yields new ones in the order of finishing: await each, and do not look for your own tasks. From 3.13 `async for` yields the very tasks that were passed in, so an input can be looked up. At a `timeout=` the rest runs on.",
    example:
      "import asyncio\n\nasync def main(tasks):\n    for first in asyncio.‸as_completed(tasks):\n        print(await first)\n",
    unlike: ["from concurrent.futures import as_completed\n\nfor job in ‸as_completed([]):\n    pass\n"],
  },
  {
    name: "asyncio.open_connection",
    guide: "networking",
    at: [{ name: ["asyncio.open_connection", "asyncio.open_unix_connection"] }],
    says: '`read(n)` gives whatever has come, up to n bytes, and `b""` at the end; `readexactly` and `readuntil` wait for a message, and `readline` raises ValueError beyond the limit of 64 KiB. After `write`, await `drain()` or the buffer grows without bound. End with `close()` and `await writer.wait_closed()`; there is no timeout by itself.',
    example:
      "import asyncio\n\nasync def main():\n    reader, writer = await asyncio.‸open_connection('localhost', 8080)\n",
  },
  {
    name: "async for",
    guide: "async-iteration",
    at: [{ token: "async", of: ["for_statement", "for_in_clause"] }],
    says: "Awaits the next item at each turn, so other tasks run while it waits, but the items themselves are handled one after the other. An early `break` leaves an async generator's clean-up to the loop; `contextlib.aclosing` runs it at once.",
    here: iterationNote,
    example: "async def show(rows):\n    ‸async for row in rows:\n        print(row)\n",
  },
  {
    name: "async with",
    guide: "async-iteration",
    at: [{ token: ["async", "with"], of: "with_statement" }],
    when: (node) => node.parent!.hasToken("async"),
    says: "Enters and leaves by awaiting `__aenter__` and `__aexit__`, the second on every way out, cancellation included. Other tasks may run at both ends. An object with only `__enter__`, such as a `threading.Lock`, raises TypeError here.",
    here: entryNote,
    example:
      "async def fetch(session):\n    ‸async with session.get('/') as answer:\n        return await answer.text()\n",
    unlike: ["‸with open('a') as file:\n    pass\n"],
  },
  {
    name: "run_in_executor",
    guide: "asyncio",
    at: [{ attribute: "run_in_executor", of: "asyncio.AbstractEventLoop" }],
    says: "Moves a blocking call to a worker, so that you can await it. None means the loop's own thread pool, which fits waiting; computing in Python needs a `ProcessPoolExecutor`. It passes no keyword arguments, so wrap them in `functools.partial`. `asyncio.to_thread` is shorter and takes the context variables along; cancelling either does not stop the call.",
    here(node) {
      const [executor] = callOf(node)?.args ?? [];
      return executor?.kind === "none"
        ? "None: the default thread pool, `min(32, CPUs + 4)` threads for the whole loop."
        : undefined;
    },
    example:
      "import asyncio\n\nasync def main():\n    loop = asyncio.get_running_loop()\n    await loop.‸run_in_executor(None, print)\n",
    unlike: ["class Runner:\n    def run_in_executor(self): ...\n\nRunner().‸run_in_executor()\n"],
  },
  {
    name: "asyncio.TaskGroup",
    guide: "async-patterns",
    at: [{ name: "asyncio.TaskGroup" }],
    says: "Waits at the end of its block for all tasks that `create_task` started in it, and keeps references to them. When one fails the others are cancelled, and the errors come together in an `ExceptionGroup`, which `except*` takes apart. `gather` lets the others run on instead. New in 3.11.",
    example:
      "import asyncio\n\nasync def main() -> None:\n    async with asyncio.‸TaskGroup() as group:\n        group.create_task(asyncio.sleep(1))\n",
    unlike: ["class TaskGroup:\n    pass\n\n‸TaskGroup()\n"],
  },
  {
    name: "asyncio.to_thread",
    guide: "async-patterns",
    at: [{ name: "asyncio.to_thread" }],
    says: "Runs a blocking call in the loop's thread pool, with the context variables of the caller, while other tasks go on. It fits calls that wait: Python code that computes still holds the GIL and slows the loop. Cancelling the await does not stop the call, and the pool has at most 32 threads.",
    example: "import asyncio\nimport time\n\nasync def main() -> None:\n    await asyncio.‸to_thread(time.sleep, 1)\n",
    unlike: ["def to_thread(call): ...\n\n‸to_thread(print)\n"],
  },
  {
    name: "asyncio.timeout",
    guide: "async-patterns",
    at: [{ name: ["asyncio.timeout", "asyncio.timeout_at"] }],
    says: "Cancels what its block awaits when the time is over and raises TimeoutError after the block, so the `except` belongs outside. It takes effect only at an `await`: a blocking call inside runs to its end. A `try` in the block that swallows CancelledError defeats it. New in 3.11.",
    example:
      "import asyncio\n\nasync def main() -> None:\n    async with asyncio.‸timeout(5):\n        await asyncio.sleep(1)\n",
    unlike: ["import socket\n\nprint(socket.‸timeout)\n"],
  },
]);

function bodyNote(node: Node): string | undefined {
  const body = node.parent!.field("body");
  if (!body) return undefined;
  const own = (it: Node) => functionAround(it) === node.parent;
  if (body.descendants("yield").some(own))
    return "With `yield` in it this is an async generator: read it with `async for`, do not await it.";
  const isStub = body.children.every(
    (it) =>
      it.kind === "pass_statement" ||
      it.kind === "raise_statement" ||
      ["ellipsis", "string"].includes(expressionOf(it)?.kind ?? ""),
  );
  const waits = body
    .descendants("await", "for_statement", "with_statement", "for_in_clause")
    .some((it) => (it.kind === "await" || it.hasToken("async")) && own(it));
  return isStub || waits ? undefined : "Nothing is awaited in it: it never lets another task run.";
}

function taskNote(node: Node): string | undefined {
  const parent = callOf(node)?.node.parent;
  if (parent?.kind === "expression_statement") return "Nothing keeps this task.";
  return parent?.kind === "await" ? "Awaited at once: nothing runs beside it." : undefined;
}

function iterationNote(node: Node, { facts }: File): string | undefined {
  const call = asCall(node.parent!.field("right"));
  const isNew = call && facts.nameOf(call.callee) === "asyncio.as_completed";
  return isNew && !facts.hasPython("3.13")
    ? `\`asyncio.as_completed\` can be read this way only from 3.13; the lowest Python of this project is ${facts.python}.`
    : undefined;
}

const ENTERED: Readonly<Record<string, string>> = {
  "asyncio.TaskGroup":
    "Left only when all tasks are done; the first that fails cancels the others, and the errors come out as an ExceptionGroup.",
  "asyncio.timeout": "At the deadline the block is cancelled from inside, and TimeoutError is raised behind it.",
  "asyncio.Lock": "The lock stays held across every `await` in the block.",
};

function entryNote(node: Node, { facts }: File): string | undefined {
  const statement = node.parent!;
  const items = asWith(statement)?.items ?? [];
  for (const { value } of items) {
    const call = asCall(unwrap(value));
    const name = call ? facts.nameOf(call.callee) : facts.typeOf(value)?.name;
    if (name !== undefined && ENTERED[name] !== undefined) return ENTERED[name];
    if (call && SESSIONS.has(name ?? "") && facts.loopAround(statement))
      return "In a loop: each turn opens a session and its connections anew.";
  }
  return undefined;
}

const SESSIONS: ReadonlySet<string> = new Set(["aiohttp.ClientSession", "httpx.AsyncClient"]);
