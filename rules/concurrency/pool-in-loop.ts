/** Workers or an event loop that are made and thrown away in every turn of a loop. */

import {
  argumentOf,
  asCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  integerOf,
  lastIdentifier,
  swappedHeads,
  type Call,
  type Declined,
  type Facts,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

const LOOPS = ["asyncio.run", "asyncio.new_event_loop", "asyncio.Runner"];
const POOLS = [
  "concurrent.futures.ThreadPoolExecutor",
  "concurrent.futures.ProcessPoolExecutor",
  "multiprocessing.Pool",
  "multiprocessing.pool.Pool",
  "multiprocessing.pool.ThreadPool",
];

export default defineRule({
  title: "Pool or event loop made in a loop",
  why: "Each turn starts its workers anew, waits for the last of them and throws them away: processes take a tenth of a second and more each, and what a thread or an event loop had open is closed. Made once around the loop they serve all turns.",
  guide: "concurrency-pitfalls",
  level: "warning",
  gain: "time",
  imports: ["asyncio", "concurrent", "multiprocessing"],
  within: "loop",
  overrides: ["resources/unmanaged-resource"],
  fixes: "review",

  examples: [
    {
      before: `
from concurrent.futures import ThreadPoolExecutor

def show_sizes(batches: list[list[str]]) -> None:
    for names in batches:
        with ThreadPoolExecutor(max_workers=8) as pool:
            print(sum(pool.map(len, names)))
`,
      after: `
from concurrent.futures import ThreadPoolExecutor

def show_sizes(batches: list[list[str]]) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        for names in batches:
            print(sum(pool.map(len, names)))
`,
    },
  ],

  on: ["call"],
  calls: [...LOOPS, ...POOLS],

  find(node, { facts }, call) {
    const loop = facts.loopAround(node);
    if (!loop || facts.isTest || isRetried(node, loop) || asksSomebody(loop)) return undefined;
    const name = facts.nameOf(call.callee)!;
    const isPool = POOLS.includes(name);
    // A single process serves to give its memory back, or to be safe from what the work does.
    if (isPool && (isAlone(call) || !isSame(call, loop, facts))) return undefined;
    if (isPool ? isKept(node) : functionAround(node) === undefined && facts.isNotebook) return undefined;
    return { at: call.callee, weight: facts.weightOf(node), call, loop, isPool };
  },

  message: ({ call: { callee }, isPool }) =>
    isPool
      ? `\`${excerpt(callee.text, 60)}\` starts its workers anew in every iteration; made once around the loop they serve all of them.`
      : `\`${excerpt(callee.text, 60)}\` makes and closes an event loop in every iteration; one coroutine around the loop needs only one.`,

  fix({ call, loop, isPool }, { facts }): Fix | Declined {
    if (!isPool) return declined("the loop has to move into a coroutine");
    const block = call.node.ancestor("with_statement");
    const edits = swappedHeads(loop, block);
    if (typeof edits === "string") return declined(edits);
    if (facts.loopAround(loop)) return declined("the loop stands in another one");
    return fixOf(
      `Make ${lastIdentifier(call.callee.text)} once`.slice(0, 60),
      ["what is started in one iteration may still run in the next"],
      edits,
    );
  },
});

/** Nothing that the pool is made of is bound in the loop. */
function isSame({ argumentList }: Call, loop: Node, facts: Facts): boolean {
  return argumentList
    .descendants("identifier")
    .every(
      (it) =>
        it.fieldName === "attribute" ||
        (it.parent?.kind === "keyword_argument" && it.fieldName === "name") ||
        facts.writesOf(it, loop).length === 0,
    );
}

function isAlone(call: Call): boolean {
  const workers =
    argumentOf(call, "max_workers", 0) ?? call.keywords.get("processes") ?? call.keywords.get("max_tasks_per_child");
  return integerOf(workers) === 1 || call.keywords.has("maxtasksperchild") || call.keywords.has("max_tasks_per_child");
}

/** Put into a list or an attribute: there are to be several. */
function isKept(node: Node): boolean {
  const { parent } = node;
  if (parent?.kind === "assignment") return /^(?:attribute|subscript)$/.test(parent.field("left")?.kind ?? "");
  return /^(?:argument_list|list|list_comprehension|dictionary_comprehension|pair)$/.test(parent?.kind ?? "");
}

/** The loop ends as soon as it went well. */
function isRetried(node: Node, loop: Node): boolean {
  const attempt = node.ancestor("try_statement");
  if (!attempt?.isInside(loop)) return false;
  return attempt.descendants("break_statement", "return_statement").some((it) => !it.isInside(node));
}

/** Waits for somebody who types, beside whom nothing shows. */
function asksSomebody(loop: Node): boolean {
  return loop
    .descendants("call")
    .some((it) => /^(?:input|prompt|\w+\.prompt|click\.prompt)$/.test(asCall(it)?.callee.text ?? ""));
}
