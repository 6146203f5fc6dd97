/** A process pool for work that only waits. */

import {
  TASK_METHODS,
  asAssignment,
  asCall,
  asMethodCall,
  blockingCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  importEdits,
  importName,
  isPureCall,
  jobOf,
  poolTaskOf,
  replace,
  useOf,
  type Call,
  type Declined,
  type Facts,
  type Fix,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

const TWINS = new Map([
  ["concurrent.futures.ProcessPoolExecutor", ["concurrent.futures", "ThreadPoolExecutor"]],
  ["multiprocessing.Pool", ["multiprocessing.pool", "ThreadPool"]],
]);

export default defineRule({
  title: "Processes for work that only waits",
  why: "A task that waits for a server or a disk needs no core of its own. Threads wait just as well, start in no time, take little memory, and need not pickle what they are given and give back.",
  guide: "concurrency-choice",
  level: "info",
  differs: { unknown: "kept" },
  gain: "time",
  imports: ["concurrent", "multiprocessing"],
  fixes: "review",

  examples: [
    {
      before: `
import time
from concurrent.futures import ProcessPoolExecutor

def wait(seconds: float) -> float:
    time.sleep(seconds)
    return seconds

def wait_all(times: list[float]) -> list[float]:
    with ProcessPoolExecutor() as pool:
        return list(pool.map(wait, times))
`,
      after: `
import time
from concurrent.futures import ThreadPoolExecutor

def wait(seconds: float) -> float:
    time.sleep(seconds)
    return seconds

def wait_all(times: list[float]) -> list[float]:
    with ThreadPoolExecutor() as pool:
        return list(pool.map(wait, times))
`,
    },
  ],

  on: ["call"],
  calls: [...TWINS.keys()],

  find(node, { facts }, call) {
    if (facts.isTest || call.keywords.has("initializer") || call.keywords.has("maxtasksperchild")) return undefined;
    const jobs = jobsGiven(node, facts);
    const [job] = jobs;
    if (!job || !jobs.every((it) => it !== undefined && onlyWaits(it, facts))) return undefined;
    return { at: call.callee, evidence: "strong" as const, weight: "unknown" as const, job, call };
  },

  message: ({ at, job }) =>
    `\`${excerpt(job.name, 40)}\` only waits, which threads do as well as the processes of \`${excerpt(at.text, 40)}\`, with less memory and nothing to pickle.`,

  fix({ call }, file): Fix | Declined {
    const { facts } = file;
    const [module, name] = TWINS.get(facts.nameOf(call.callee)!)!;
    if ([...call.keywords.keys()].some((it) => !/^(?:max_workers|processes)$/.test(it)) || call.args.length > 1)
      return declined("an option of the pool means something else for threads");
    const imported = importName(file, module!, name!, call.node);
    if (!imported) return declined(`the name \`${name}\` means something else here`);
    const [site, more] = call.callee.kind === "identifier" ? facts.writesOf(call.callee) : [];
    const isOnly = site && !more && facts.readsOf(call.callee).length === 1 && site.imported?.name === site.name.text;
    const isFutures = module === "concurrent.futures";
    const attribute = isFutures ? call.callee.field("attribute") : undefined;
    const edits = attribute
      ? [replace(attribute, name!)]
      : isOnly && isFutures && !facts.isTaken(name!, call.node)
        ? [replace(site.name, name!), replace(call.callee, name!)]
        : [...importEdits(imported), replace(call.callee, imported.name)];
    return fixOf("Use threads", ["all tasks share what is global, and the libraries they call"], edits);
  },
});

/** The functions that the pool runs; one undefined where something is not known. */
function jobsGiven(node: Node, facts: Facts): readonly (FunctionDef | undefined)[] {
  const pool =
    node.parent?.kind === "as_pattern"
      ? node.parent.field("alias")?.children[0]
      : asAssignment(node.parent)?.targets[0];
  if (pool?.kind !== "identifier") return [];
  return facts.readsSeeing(pool).flatMap((read) => {
    const method = asMethodCall(useOf(read).call);
    if (method && /^(?:shutdown|close|join|terminate)$/.test(method.method)) return [];
    const call = useOf(read).kind === "method" ? asCall(useOf(read).call) : undefined;
    const task = call && TASK_METHODS.includes(method?.method ?? "") ? poolTaskOf(call, facts) : undefined;
    return [task && task.runner === "process" ? jobOf(task, facts) : undefined];
  });
}

/** It calls something that waits for a server or the clock, and nothing else that is unknown; without loops and arithmetic. */
function onlyWaits(def: FunctionDef, facts: Facts): boolean {
  if (def.isAsync || def.decorators.length > 0 || facts.classOf(def.outer)) return false;
  const body = facts.bodyOf(def);
  if (
    body.descendants(
      "for_statement",
      "while_statement",
      "for_in_clause",
      "binary_operator",
      "augmented_assignment",
      "global_statement",
    ).length > 0
  )
    return false;
  const calls = body
    .descendants("call")
    .filter((it) => functionAround(it) === def.node)
    .map((it) => asCall(it));
  return (
    calls.some((it) => it && waits(it, facts)) && calls.every((it) => it && (waits(it, facts) || isSmall(it, facts)))
  );
}

/** Parsing and reading of tables computes; what is asked of a server or of the system waits. */
const WAITS =
  /^(?:time\.sleep|requests\.|httpx\.|urllib\.request\.|subprocess\.|socket\.|shutil\.(?:copy|move)|builtins\.open|os\.system)/;

function waits({ callee }: Call, facts: Facts): boolean {
  const name = facts.nameOf(callee);
  return name !== undefined && WAITS.test(name) && (blockingCall(name) !== undefined || name === "builtins.open");
}

/** What is done with an answer: its text, its size. */
function isSmall({ node, callee }: Call, facts: Facts): boolean {
  const name = facts.nameOf(callee);
  if (name !== undefined)
    return isPureCall(name) || /^(?:builtins\.(?:print|len|str|open)|os\.path\.|os\.makedirs)/.test(name);
  return /^(?:read|write|raise_for_status|close|get|strip|lower|decode|encode|format)$/.test(
    asMethodCall(node)?.method ?? "",
  );
}
