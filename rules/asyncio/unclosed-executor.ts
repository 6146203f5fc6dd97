/** Workers that a coroutine starts and nobody ends. */

import {
  argumentOf,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  lastIdentifier,
  nameGiven,
  replace,
  useOf,
  asCall,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Executor that a coroutine leaves running",
  why: "Each call starts threads or processes of its own, and they stay until the program ends: a server has more of them with every request. One executor for the whole program, or the default one of the event loop, serves all calls.",
  guide: "async-patterns",
  level: "warning",
  gain: "safety",
  words: ["async"],
  overrides: ["resources/unmanaged-resource", "concurrency/pool-in-loop"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio
from concurrent.futures import ThreadPoolExecutor

async def size(names: list[str]) -> int:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(ThreadPoolExecutor(), len, names)
`,
      after: `
import asyncio
from concurrent.futures import ThreadPoolExecutor

async def size(names: list[str]) -> int:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, len, names)
`,
    },
  ],

  on: ["call"],
  calls: [
    "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.ProcessPoolExecutor",
    "concurrent.futures.InterpreterPoolExecutor",
  ],

  find(node, { facts }, call) {
    if (facts.isTest || !facts.isAsync(node)) return undefined;
    const isInline = isExecutorOf(node);
    if (!isInline && !isLeft(node, facts)) return undefined;
    return {
      at: call.callee,
      evidence: "proof" as const,
      weight: facts.weightOf(node) === "light" ? ("unknown" as const) : ("heavy" as const),
      call,
      isInline,
    };
  },

  message: ({ call }) =>
    `\`${excerpt(lastIdentifier(call.callee.text), 50)}\` starts workers in every call of this coroutine, and nobody ends them; make it once, outside.`,

  fix({ call, isInline }) {
    if (!isInline)
      return declined(
        "how long it is needed has to be decided; a `with` block would wait for its jobs and hold up the event loop",
      );
    if (!/ThreadPoolExecutor$/.test(call.callee.text)) return declined("processes have to be made once, outside");
    if ([...call.keywords.keys()].some((it) => it !== "max_workers") || call.args.length > 1)
      return declined("its threads are named or begun in a way of their own");
    return fixOf(
      "Use the executor of the event loop",
      ["it has workers of its own number, which others use too"],
      [replace(call.node, "None")],
    );
  },
});

/** `loop.run_in_executor(ThreadPoolExecutor(), …)`. */
function isExecutorOf(node: Node): boolean {
  const outer = asCall(node.ancestor("call"));
  return (
    outer !== undefined &&
    asMethodCall(outer.node)?.method === "run_in_executor" &&
    argumentOf(outer, "executor", 0) === node
  );
}

/** Bound to a name of the coroutine that only hands it jobs. */
function isLeft(node: Node, facts: Facts): boolean {
  const name = nameGiven(node);
  if (!name || facts.isRemote(name) || facts.writesOf(name).length !== 1) return false;
  const uses = facts.usesOf(name);
  return (
    uses.length > 0 &&
    uses.every((it) =>
      it.kind === "method"
        ? it.name === "submit" || it.name === "map"
        : it.kind === "argument" &&
          asMethodCall(it.call)?.method === "run_in_executor" &&
          useOf(it.call!).kind !== "returned",
    )
  );
}
