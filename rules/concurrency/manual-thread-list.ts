/** A list of threads that are started one by one and then waited for. */

import {
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  defineRule,
  excerpt,
  nameGiven,
  statementsOf,
  useOf,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "List of threads started and joined by hand",
  why: "One thread is started for each item, however many there are, an error in a thread only prints a traceback while the program goes on, and results have to be carried out by hand. ThreadPoolExecutor.map runs a few at a time, gives the results in order, and raises what went wrong.",
  guide: "threading",
  level: "info",
  differs: { light: "off" },
  gain: "safety",
  imports: ["threading"],

  examples: [
    {
      before: `
import threading

def fetch_all(fetch, urls: list[str]) -> None:
    threads = []
    for url in urls:
        thread = threading.Thread(target=fetch, args=(url,))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
`,
      after: `
from concurrent.futures import ThreadPoolExecutor

def fetch_all(fetch, urls: list[str]) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(fetch, urls))
`,
    },
  ],

  on: ["call"],
  calls: ["threading.Thread"],
  within: "loop",

  find(node, { facts }, call) {
    const loop = facts.loopAround(node);
    const target = call.keywords.get("target");
    if (!loop || facts.isTest || !target || call.keywords.has("daemon")) return undefined;
    // Each turn starts something else, or as many workers as somebody wants.
    if (facts.writesOf(target, loop).length > 0 || asCall(target)) return undefined;
    const items = asFor(loop)?.iterable ?? clauseItems(node);
    if (!items || asCall(items)?.callee.text === "range") return undefined;
    const list = listOf(node, facts);
    if (!list || !isJoinedOnly(list, loop, facts)) return undefined;
    const args = call.keywords.get("args");
    if (args && SHARED.test(args.text)) return undefined;
    const def = target.kind === "identifier" ? facts.functionNamed(target) : undefined;
    if (def && /\bwhile\b|\.wait\(|Barrier|\.get\(\)/.test(facts.bodyOf(def).text)) return undefined;
    return { at: call.callee, evidence: "proof" as const, weight: facts.sizeOf(items), items, target };
  },

  message: ({ items, target }) =>
    `Each item of \`${excerpt(items.text.replace(/\s+/g, " "), 40)}\` gets a thread, and errors in \`${excerpt(target.text, 40)}\` are lost; \`ThreadPoolExecutor.map\` bounds the threads and raises.`,
});

/** Things by which threads wait for each other. */
const SHARED = /queue|lock|event|barrier|semaphore|condition/i;

const clauseItems = (node: Node): Node | undefined =>
  asComprehension(node.parent) && node.parent!.descendants("for_in_clause")[0]?.field("right");

/** `threads` of `threads = [Thread(…) for …]`, `threads.append(Thread(…))`, `t = Thread(…); threads.append(t)`. */
function listOf(node: Node, facts: Facts): Node | undefined {
  if (asComprehension(node.parent)) return nameGiven(node.parent!);
  const inside = appendedTo(node);
  if (inside) return inside;
  const name = nameGiven(node);
  if (!name) return undefined;
  return facts
    .readsSeeing(name)
    .map(appendedTo)
    .find((it) => it !== undefined);
}

function appendedTo(value: Node): Node | undefined {
  const use = useOf(value);
  const method = use.kind === "argument" ? asMethodCall(use.call, "append") : undefined;
  return method?.object.kind === "identifier" ? method.object : undefined;
}

/** The list is filled, its threads are started and joined without a limit, and nothing else. */
function isJoinedOnly(list: Node, loop: Node, facts: Facts): boolean {
  const uses = facts
    .readsOf(list)
    .filter((it) => !it.isInside(loop))
    .map(useOf);
  let isJoined = false;
  for (const use of uses) {
    if (use.kind === "method" && use.name === "append") continue;
    const turn = use.kind === "iterated" ? asFor(use.in) : undefined;
    if (!turn || turn.target.kind !== "identifier") return false;
    const calls = statementsOf(turn.body).map((it) => asMethodCall(it.children[0], "start", "join"));
    if (calls.some((it) => it?.object.text !== turn.target.text || it.args.length + it.keywords.size > 0)) return false;
    isJoined ||= calls.some((it) => it?.method === "join");
  }
  return isJoined;
}
