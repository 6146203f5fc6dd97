/** What hovers say of context managers: the statement, the class form, the generator form. */

import {
  asCall,
  asFunction,
  asTry,
  asWith,
  callOf,
  defineConstructs,
  functionAround,
  type File,
  type Node,
} from "../../analysis/authoring.js";
import { decorated } from "./parts/places.js";

export default defineConstructs([
  {
    name: "with statement",
    guide: "context-managers",
    at: [{ token: "with", of: "with_statement" }],
    when: (node) => !node.parent!.hasToken("async"),
    says: "Calls `__enter__`, runs the block, then `__exit__` on every way out: end, `return`, `break`, exception. What `as` binds is the result of `__enter__`, not always the manager, and it stays bound after the block. A failing `__enter__` gets no `__exit__`. For a number of managers known only at run time use `contextlib.ExitStack`.",
    here: withNote,
    example: "‸with open('notes.txt', encoding='utf-8') as file:\n    print(file.read())\n",
    unlike: [
      "async def main(lock):\n    async ‸with lock:\n        pass\n",
      "import threading\n\nlock = threading.Lock()\nlock.‸__enter__()\n",
    ],
  },
  {
    name: "__exit__",
    guide: "context-managers",
    at: [{ defines: ["__exit__", "__aexit__"] }],
    says: "Gets type, value and traceback of the exception that left the block, or three times None. A true return value hides that exception; None and False let it pass on, so raising it again here is not needed. An error raised in here takes its place, with the first one as `__context__`.",
    here: exitNote,
    example:
      "class Timer:\n    def __enter__(self):\n        return self\n\n    def ‸__exit__(self, *exc):\n        return None\n",
    unlike: [
      "def ‸__exit__(*exc):\n    return None\n",
      "class Timer:\n    def stop(self):\n        self.‸__exit__(None, None, None)\n",
    ],
  },
  {
    name: "@contextmanager",
    guide: "context-managers",
    at: [{ name: ["contextlib.contextmanager", "contextlib.asynccontextmanager"] }],
    says: "The generator yields exactly once: before it is the entry, after it the exit. An exception of the block is raised at the `yield`, so the exit belongs into `finally`; catching it there without raising hides it. The manager serves one `with`; used as a decorator, it is made anew for each call.",
    here: generatorNote,
    example:
      "from contextlib import contextmanager\n\n@‸contextmanager\ndef quiet():\n    try:\n        yield\n    finally:\n        print('done')\n",
  },
  {
    name: "ExitStack",
    guide: "context-managers",
    at: [{ name: ["contextlib.ExitStack", "contextlib.AsyncExitStack"] }],
    says: "Holds any number of managers and leaves them in reverse order, also when entering a later one fails. `enter_context` enters one and returns what its `as` would bind; `callback` adds a plain function. `pop_all` hands everything on, so that an object can keep open what its constructor opened.",
    example: "from contextlib import ExitStack\n\nwith ‸ExitStack() as stack:\n    stack.callback(print)\n",
    unlike: ["class ExitStack:\n    pass\n\n‸ExitStack()\n"],
  },
  {
    name: "contextlib.suppress",
    guide: "context-managers",
    at: [{ name: "contextlib.suppress" }],
    says: "Swallows the named exceptions and goes on after the block; what stood behind the failing line is left out. Keep the block to the one call that may fail, and name the narrowest class. It says in one line what `try` … `except` … `pass` says in four, and takes effect on parts of exception groups since 3.12.",
    here: suppressNote,
    example:
      "from contextlib import suppress\nfrom pathlib import Path\n\nwith ‸suppress(FileNotFoundError):\n    Path('a').unlink()\n",
    unlike: ["def suppress(kind): ...\n\n‸suppress(OSError)\n"],
  },
]);

function suppressNote(node: Node): string | undefined {
  const kinds = callOf(node)?.args.map((it) => it.text) ?? [];
  const wide = kinds.find((it) => it === "Exception" || it === "BaseException");
  return wide && `\`${wide}\` hides mistakes in the block as well.`;
}

const MANAGERS: Readonly<Record<string, string>> = {
  "builtins.open": "The file is closed at the end, also after an error.",
  "contextlib.suppress": "The block ends at the first such exception; what stands behind it in the block does not run.",
  "contextlib.closing": "Only calls `close()` at the end.",
  "contextlib.redirect_stdout": "Replaces `sys.stdout` for the whole process, other threads included.",
  "contextlib.redirect_stderr": "Replaces `sys.stderr` for the whole process, other threads included.",
  "contextlib.chdir": "Changes the directory of the whole process, other threads included.",
  "tempfile.TemporaryDirectory": "The directory and everything in it are deleted at the end.",
  "tempfile.NamedTemporaryFile": "The file is deleted when it is closed, by default.",
  "concurrent.futures.ThreadPoolExecutor": "The end of the block waits for all submitted calls.",
  "concurrent.futures.ProcessPoolExecutor": "The end of the block waits for all submitted calls.",
  "multiprocessing.Pool": "The end of the block terminates the workers and does not wait for open jobs.",
  "sqlite3.connect": "Commits at the end, rolls back after an exception; the connection stays open.",
  "torch.no_grad": "Inside, no gradients are recorded.",
  "torch.inference_mode": "Inside, no gradients are recorded.",
};

function withNote(node: Node, { facts }: File): string | undefined {
  const block = asWith(node.parent);
  if (!block || block.items.length === 0) return undefined;
  if (block.items.length > 1)
    return "Entered from left to right, left in reverse order; if one fails to enter, those before it are still left.";
  const value = block.items[0]!.value;
  const call = asCall(value);
  const known = MANAGERS[(call && facts.nameOf(call.callee)) ?? ""];
  if (known) return known;
  const type = facts.typeOf(value)?.name;
  return type === "threading.Lock" || type === "threading.RLock"
    ? "The lock is given back at the end, also after an error."
    : undefined;
}

function exitNote(node: Node): string | undefined {
  const def = asFunction(node.parent);
  if (!def || def.isAsync !== (def.name === "__aexit__")) return undefined;
  const returns = def.body.descendants("return_statement").filter((it) => functionAround(it) === def.node);
  const last = def.body.children.at(-1);
  const [only, more] = returns;
  const raises = def.body.descendants("raise_statement").length > 0;
  if (only && !more && only === last && only.children[0]?.kind === "true" && !raises)
    return "Returns True whatever happened: every exception of the block is hidden, KeyboardInterrupt included.";
  return returns.every(
    (it) => it.children.length === 0 || it.children[0]!.kind === "none" || it.children[0]!.kind === "false",
  )
    ? "Hides no exception: it never returns a true value."
    : undefined;
}

function generatorNote(node: Node, { facts }: File): string | undefined {
  const def = asFunction(decorated(node));
  if (!def) return undefined;
  const yields = def.body.descendants("yield").filter((it) => functionAround(it) === def.node);
  const [only, more] = yields;
  if (!only) return "No `yield` in here: entering fails.";
  if (more) return undefined;
  if (facts.loopAround(only))
    return "The `yield` stands in a loop; if it is reached a second time, leaving raises RuntimeError.";
  const isGuarded = isIn(only, def.body);
  const statement = def.body.children.find((it) => only === it || only.isInside(it))!;
  const isLast = statement === def.body.children.at(-1) && statement.kind === "expression_statement";
  return isGuarded || isLast
    ? undefined
    : "After an exception in the block the lines behind this `yield` are skipped: no `try` and no `with` is around it.";
}

/** Some `try` or `with` of the function runs the yield. */
function isIn(node: Node, body: Node): boolean {
  for (let at = node.parent; at && at !== body; at = at.parent)
    if (at.kind === "with_statement" || (asTry(at) && node.isInside(asTry(at)!.body))) return true;
  return false;
}
