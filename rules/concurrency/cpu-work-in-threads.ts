/** Threads that only compute in Python take turns at the interpreter's lock. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asMethodCall,
  computesInPython,
  declined,
  defineRule,
  fixOf,
  functionAround,
  importName,
  mayRunInProcess,
  replace,
  useOf,
  type Call,
  type Edit,
  type Facts,
  type File,
  type FunctionDef,
  type Match,
  type Node,
  type Related,
  type Use,
} from "../../analysis/authoring.js";

const POOLS = new Set([
  "concurrent.futures.ThreadPoolExecutor",
  "multiprocessing.pool.ThreadPool",
  "multiprocessing.dummy.Pool",
]);

export default defineRule({
  title: "Pure Python computation in threads",
  why: "On a Python build with the global interpreter lock (GIL), only one thread at a time runs Python code, so threads that only compute run one after another and pay for the switching. Processes run on several cores at once.",
  guide: "concurrency-choice",
  level: "warning",
  gain: "time",
  imports: ["threading", "concurrent", "multiprocessing"],
  fixes: "review",

  examples: [
    {
      before: `
from concurrent.futures import ThreadPoolExecutor

def checksum(rounds: int) -> int:
    value = 1
    for turn in range(rounds):
        value = (value * 31 + turn) % 1_000_003
    return value

def main() -> None:
    with ThreadPoolExecutor() as pool:
        print(list(pool.map(checksum, [2_000_000, 3_000_000])))

if __name__ == "__main__":
    main()
`,
      after: `
from concurrent.futures import ProcessPoolExecutor

def checksum(rounds: int) -> int:
    value = 1
    for turn in range(rounds):
        value = (value * 31 + turn) % 1_000_003
    return value

def main() -> None:
    with ProcessPoolExecutor() as pool:
        print(list(pool.map(checksum, [2_000_000, 3_000_000])))

if __name__ == "__main__":
    main()
`,
    },
  ],

  on: ["call"],
  calls: ["threading.Thread", ...POOLS],

  find(node, { facts }) {
    if (facts.isFreeThreaded) return undefined;
    const call = asCall(node);
    const name = call && facts.nameOf(call.callee);
    if (!call || name === undefined) return undefined;
    const at = asAttribute(call.callee)?.nameNode ?? call.callee;
    if (name === "threading.Thread") {
      const found = startedThreads(call, facts);
      return found && { at, ...matters(facts), call, job: found.def, jobs: undefined, related: found.others };
    }
    if (!POOLS.has(name) || (call.args[0] ?? call.keywords.get("max_workers"))?.text === "1") return undefined;
    const jobs = jobsOf(call, facts);
    const defs = jobs?.map((it) => facts.functionNamed(it.args[0]!)) ?? [];
    const [job] = defs;
    if (
      !jobs ||
      !job ||
      jobsAtATime(jobs, facts) < 2 ||
      !defs.every((it) => it !== undefined && computesInPython(it, facts))
    )
      return undefined;
    return { at, ...matters(facts), call, job, jobs, related: [] };
  },

  message: ({ job }) =>
    `\`${job.name}\` only computes, and with the GIL only one thread computes at a time; processes use several cores.`,

  fix({ at, call, job, jobs }, file) {
    if (!jobs)
      return declined("threads that are started by hand have no counterpart among processes that works the same");
    if (file.facts.nameOf(call.callee) !== "concurrent.futures.ThreadPoolExecutor")
      return declined("this pool has other methods than a pool of processes");
    const options = [...call.keywords.keys()];
    const isPlain =
      options.every((it) => it === "max_workers") &&
      call.args.length <= 1 &&
      !call.hasSplat &&
      jobs.every((it) => !it.hasSplat && !it.args.some((arg) => arg.kind === "lambda"));
    if (!isPlain) return declined("an option of the pool or an argument of its jobs does not work with processes");
    if (!mayRunInProcess(job, file.facts)) return declined(`\`${job.name}\` cannot run in another process as it is`);
    if (!isGuarded(call.node, file.facts))
      return declined('the code that starts processes must stand under `if __name__ == "__main__":`');
    const edits = swapped(at, file);
    if (!edits) return declined("the name `ProcessPoolExecutor` means something else here");
    return fixOf(
      "Use processes",
      ["arguments, results and exceptions are pickled, and processes take longer to start"],
      edits,
    );
  },
});

/** What the job does is known to take long; nobody waits for it in a test. */
function matters(facts: Facts): Pick<Match, "evidence" | "weight"> {
  return { evidence: "proof", weight: facts.isTest ? "light" : "heavy" };
}

const SUBMITS = new Set(["submit", "apply_async", "apply"]);
const MAPS = new Set(["map", "imap", "imap_unordered", "starmap", "map_async", "starmap_async"]);
const MANAGES = new Set(["shutdown", "close", "join", "terminate"]);

/** The calls that hand jobs to a pool; undefined where the pool is used in another way too. */
function jobsOf({ node }: Call, facts: Facts): readonly Call[] | undefined {
  const pool =
    node.parent?.kind === "as_pattern"
      ? node.parent.field("alias")?.children[0]
      : asAssignment(node.parent)?.targets[0];
  if (pool?.kind !== "identifier") return undefined;
  const reads = facts.readsSeeing(pool);
  if (reads.some((it) => facts.reachingSites(it).length > 1)) return undefined;
  const uses = reads.map(useOf).filter((it) => !(it.kind === "method" && MANAGES.has(it.name ?? "")));
  const calls = uses.map((it: Use) =>
    it.kind === "method" && (SUBMITS.has(it.name ?? "") || MAPS.has(it.name ?? "")) ? asCall(it.call) : undefined,
  );
  return calls.every((it): it is Call => it?.args[0] !== undefined) ? calls : undefined;
}

/** How many jobs run side by side: two stands for many. One job in the background is no attempt at speed. */
function jobsAtATime(jobs: readonly Call[], facts: Facts): number {
  return jobs.reduce(
    (sum, it) => sum + (MAPS.has(asMethodCall(it.node)?.method ?? "") || facts.loopAround(it.node) ? 2 : 1),
    0,
  );
}

/** Several threads with the same computing target; the first of them speaks for all. */
function startedThreads(
  call: Call,
  facts: Facts,
): { readonly def: FunctionDef; readonly others: readonly Related[] } | undefined {
  const target = call.keywords.get("target");
  const def = target && facts.functionNamed(target);
  if (!def) return undefined;
  const isStart = (it: Node): boolean => {
    const other = asCall(useOf(it).call);
    return other?.keywords.get("target") === it && facts.nameOf(other.callee) === "threading.Thread";
  };
  const reads = facts.readsOf(target);
  // All of them are looked at for the first one alone.
  if (!computesInPython(def, facts) || reads.find(isStart) !== target) return undefined;
  const starts = reads.filter(isStart);
  if (starts.length < 2 && !facts.loopAround(call.node)) return undefined;
  return { def, others: starts.slice(1).map((it) => ({ at: it, message: "Started here too." })) };
}

/** The file has a main guard, and the pool is not made while it is imported. */
function isGuarded(node: Node, facts: Facts): boolean {
  const guards = facts.keptForFixes("main guards", () => mainGuards(facts));
  if (functionAround(node)) return guards.size > 0;
  for (let around = node.ancestor("if_statement"); around; around = around.ancestor("if_statement"))
    if (guards.has(around)) return true;
  return false;
}

/** What compares `__name__` and, where that is a statement of its own, the `if` around it. */
function mainGuards({ view }: Facts): ReadonlySet<Node | undefined> {
  const compared = view
    .readsOf("__name__")
    .flatMap((it) => (it.parent?.kind === "comparison_operator" && it.parent.text.includes("==") ? [it.parent] : []));
  return new Set(compared.map((it) => it.parent));
}

/** The other class, under the import that is there if nothing else needs the old one. */
function swapped(at: Node, file: File): readonly Edit[] | undefined {
  if (at.parent?.kind === "attribute") return [replace(at, "ProcessPoolExecutor")];
  const [site, more] = file.facts.writesOf(at);
  const isOnlyUse =
    site &&
    !more &&
    file.facts.readsOf(at).length === 1 &&
    site.imported?.name === site.name.text &&
    !file.facts.isTaken("ProcessPoolExecutor", at);
  if (isOnlyUse) return [replace(site.name, "ProcessPoolExecutor"), replace(at, "ProcessPoolExecutor")];
  const imported = importName(file, "concurrent.futures", "ProcessPoolExecutor", at);
  return imported ? [...imported.edits, replace(at, imported.name)] : undefined;
}
