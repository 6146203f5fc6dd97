/** `asyncio.get_event_loop()`: in a coroutine there is a plainer name, elsewhere there may be no loop to get. */

import {
  asFunction,
  asTry,
  declined,
  defineRule,
  fixOf,
  functionAround,
  isCaught,
  importName,
  replace,
  replacedDoubt,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Event loop taken by get_event_loop",
  why: "What it gives depends on where it runs: the running loop in a coroutine, else one that was set before, and once it made a new one. From Python 3.14 on it raises RuntimeError where there is none. get_running_loop() and asyncio.run() say what is meant.",
  guide: "asyncio",
  level: "warning",
  gain: "safety",
  imports: ["asyncio"],
  fixes: "safe",

  examples: [
    {
      before: `
import asyncio

async def now() -> bool:
    loop = asyncio.get_event_loop()
    return loop.time() > 0
`,
      after: `
import asyncio

async def now() -> bool:
    loop = asyncio.get_running_loop()
    return loop.time() > 0
`,
    },
  ],

  on: ["call"],
  calls: ["asyncio.get_event_loop"],

  find(node, { facts }, call) {
    // Twisted's reactor sets a loop of its own.
    if (facts.isTest || isPrepared(node) || hasTriedRun(node) || facts.fileMatches(/\btwisted\b/)) return undefined;
    const isAsync = facts.isAsync(node);
    const runners = isAsync ? [] : facts.runsIn(node);
    // Called by nothing but coroutines, it gets the running loop as they do.
    const isOnLoop = isAsync || (runners.length === 1 && runners[0] === "loop");
    return {
      at: call.callee,
      evidence: "proof",
      weight: isOnLoop ? "light" : isThread(runners) || facts.hasPython("3.12") ? "heavy" : "unknown",
      call,
      isAsync,
      isOnLoop,
      isOfThread: isThread(runners),
      runsIt:
        RUNS.test(node.parent?.parent?.text ?? "") ||
        RUNS.test(node.ancestor("block", "module")?.text.slice(0, 3000) ?? ""),
    };
  },

  message: ({ call, isOnLoop, isOfThread, runsIt }) => {
    const shown = `\`${call.callee.text}()\``;
    if (isOnLoop)
      return `${shown} gives the running loop here; \`get_running_loop()\` says so, and fails where there is none.`;
    if (isOfThread)
      return `${shown} raises RuntimeError in a worker thread, which has no loop; hand the loop over, or use asyncio.run().`;
    return `${shown} raises RuntimeError from Python 3.14 on where no loop runs; ${runsIt ? "asyncio.run() makes one" : "take the loop in a coroutine, or use asyncio.run()"}.`;
  },

  fix({ call, isAsync, isOnLoop }, file) {
    const { facts } = file;
    if (!isOnLoop) return declined("where the loop is to come from has to be decided");
    const attribute = call.callee.kind === "attribute" ? call.callee.field("attribute") : undefined;
    const doubts = [
      !isAsync && "where no loop runs it raises RuntimeError",
      call.node.ancestor("generator_expression", "function_definition")?.kind === "generator_expression" &&
        "a generator may be read where no loop runs",
      facts.fileMatches(/\.send\(None\)|\.__await__\(/) && "a coroutine that is driven by hand has no running loop",
      replacedDoubt("asyncio.get_event_loop", facts),
    ];
    if (attribute) return fixOf("Use get_running_loop()", doubts, [replace(attribute, "get_running_loop")]);
    const running = importName(file, "asyncio", "get_running_loop", call.node);
    if (!running) return declined("the name `get_running_loop` means something else here");
    return fixOf("Use get_running_loop()", doubts, [...running.edits, replace(call.callee, running.name)]);
  },
});

const RUNS = /\.run_until_complete\(/;
const isThread = (runners: readonly string[]): boolean => runners.includes("thread");

/** Somebody thought of a thread without a loop: the error is caught, or a loop was set just before. */
/** `asyncio.run` was tried above, and this is what is done where it refuses. */
function hasTriedRun(node: Node): boolean {
  const handler = node.ancestor("except_clause", "function_definition");
  const attempt = handler?.kind === "except_clause" ? asTry(handler.parent) : undefined;
  return attempt !== undefined && /\basyncio\.run\(/.test(attempt.body.text);
}

function isPrepared(node: Node): boolean {
  if (isCaught(node, (type) => !type || /RuntimeError|Exception|DeprecationWarning/.test(type.text))) return true;
  const home = asFunction(functionAround(node));
  const before = node.tree.text.slice(home?.body.start ?? 0, node.start);
  return /\bset_event_loop\(|\bnest_asyncio\.apply\(|policy/i.test(before) || /policy|reactor/i.test(home?.name ?? "");
}
