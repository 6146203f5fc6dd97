/** Processes that are forked while other threads run, or after a GPU was used. */

import {
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  importModule,
  importEdits,
  insertBefore,
  replace,
  withArgument,
  type Call,
  type Declined,
  type Facts,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

const EXECUTOR = "concurrent.futures.ProcessPoolExecutor";
const MAKERS = ["multiprocessing.Pool", "multiprocessing.Process", EXECUTOR];
const THREADS = "concurrent.futures.ThreadPoolExecutor";

export default defineRule({
  title: "Processes forked while threads run",
  why: "A forked process has a copy of all memory, but only one of the threads. A lock that another thread held stays locked for ever in the copy, and CUDA refuses to work in it. On Linux processes are forked by default before Python 3.14; spawned processes begin afresh.",
  guide: "concurrency-pitfalls",
  level: "warning",
  gain: "safety",
  imports: ["multiprocessing", "concurrent"],
  fixes: "review",

  examples: [
    {
      before: `
import multiprocessing
import threading

def run(watch, work, values):
    watcher = threading.Thread(target=watch)
    watcher.start()
    with multiprocessing.Pool() as pool:
        print(pool.map(work, values))
    watcher.join()
`,
      after: `
import multiprocessing
import threading

def run(watch, work, values):
    watcher = threading.Thread(target=watch)
    watcher.start()
    with multiprocessing.get_context("spawn").Pool() as pool:
        print(pool.map(work, values))
    watcher.join()
`,
    },
  ],

  on: ["call"],
  calls: MAKERS,

  find(node, { facts }, call) {
    if (facts.isTest || call.keywords.has("mp_context") || facts.hasPython("3.14")) return undefined;
    const home = functionAround(node);
    if (!home || facts.ofFile(CHOOSES)) return undefined;
    const before = runningAt(node, home, facts);
    if (!before) return undefined;
    return { at: call.callee, ...before, call, related: [{ at: before.since, message: "Since here." }] };
  },

  message: ({ at, since, isCard }) =>
    isCard
      ? `\`${excerpt(at.text, 40)}\` forks on Linux before Python 3.14, after \`${excerpt(since.text.replace(/\s+/g, " "), 40)}\` used the GPU: CUDA refuses to work in such a process.`
      : `\`${excerpt(at.text, 40)}\` forks on Linux before Python 3.14, while the threads of \`${excerpt(since.text.replace(/\s+/g, " "), 40)}\` run: a lock that one holds stays locked in the copy.`,

  fix({ call }, file): Fix | Declined {
    const { facts } = file;
    const imported = importModule(file, "multiprocessing", call.node);
    if (!imported) return declined("the name `multiprocessing` means something else here");
    const context = `${imported.name}.get_context("spawn")`;
    const doubts = ["workers import the file anew, and get pickled copies of what they need"];
    if (facts.nameOf(call.callee) === EXECUTOR) {
      const added = withArgument(call, `mp_context=${context}`);
      return added
        ? fixOf("Spawn the workers", doubts, [...importEdits(imported), added])
        : declined("the arguments cannot be added to");
    }
    const object = call.callee.field("object");
    if (object) return fixOf("Spawn the workers", doubts, [replace(object, `${object.text}.get_context("spawn")`)]);
    return fixOf("Spawn the workers", doubts, [...importEdits(imported), insertBefore(call.callee, `${context}.`)]);
  },
});

/** The file says how processes are started. */
const CHOOSES = fileQuestion((facts) => facts.fileMatches(/\bset_start_method\b|["'](?:spawn|forkserver|fork)["']/));

interface Running {
  readonly since: Node;
  readonly isCard: boolean;
  readonly evidence: "proof" | "strong";
}

function runningAt(node: Node, home: Node, facts: Facts): Running | undefined {
  // In the `with` block of a pool of threads.
  for (let block = node.ancestor("with_statement"); block?.isInside(home); block = block.ancestor("with_statement")) {
    const pool =
      block.field("body") &&
      callsOf(block, facts).find(
        (it) => facts.nameOf(it.callee) === THREADS && it.node.end < node.start && !inBody(it.node, block!),
      );
    if (pool && usesBefore(pool, node, home)) return { since: pool.callee, isCard: false, evidence: "proof" };
  }
  const calls = startsIn(home, facts).filter((it) => it.end <= node.start && !isOtherWay(it, node));
  for (const it of calls.toReversed()) {
    const method = asMethodCall(it);
    if (
      method?.method === "start" &&
      facts.isA(method.object, "threading.Thread") &&
      !isJoined(method.object, it, node)
    )
      return { since: method.object, isCard: false, evidence: "proof" };
    if (isOnCard(it, facts)) return { since: it, isCard: true, evidence: "strong" };
  }
  return undefined;
}

/** What may start threads or use a card, of the function itself: looked for once, as most functions have none of it. */
function startsIn(home: Node, facts: Facts): readonly Node[] {
  return facts.memo("starts of threads", home, () =>
    home
      .descendants("call")
      .filter((it) => (asMethodCall(it, "start") !== undefined || isOnCard(it, facts)) && functionAround(it) === home),
  );
}

const callsOf = (block: Node, _facts: Facts): readonly Call[] =>
  block
    .descendants("call")
    .map((it) => asCall(it))
    .filter((it): it is Call => it !== undefined);
const inBody = (node: Node, block: Node): boolean => node.isInside(block.field("body")!);

/** The pool has been given something: until then it has no threads. */
function usesBefore({ node }: Call, at: Node, home: Node): boolean {
  return home
    .descendants("call")
    .some((it) => it.start > node.end && it.end < at.start && /^(?:submit|map)$/.test(asMethodCall(it)?.method ?? ""));
}

/** In another branch of the same `if`. */
function isOtherWay(first: Node, second: Node): boolean {
  const branch = first.ancestor("if_statement", "else_clause", "elif_clause", "except_clause");
  return branch !== undefined && !second.isInside(branch);
}

function isJoined(thread: Node, from: Node, to: Node): boolean {
  const between = from.tree.text.slice(from.end, to.start);
  return between.includes(`${thread.text}.join(`) || /\.join\(\)/.test(between);
}

/** `model.cuda()`, `x.to("cuda")`, `torch.zeros(3, device="cuda")` */
function isOnCard(node: Node, facts: Facts): boolean {
  if (!facts.view.imports("torch")) return false;
  const [call, method] = [asCall(node), asMethodCall(node)];
  if (!call) return false;
  if (method?.method === "cuda" && method.args.length === 0) return true;
  return (
    (method?.method === "to" || facts.nameOf(call.callee)?.startsWith("torch.") === true) &&
    /["']cuda(?::\d+)?["']/.test(call.argumentList.text) &&
    !/torch\.device$/.test(call.callee.text)
  );
}
