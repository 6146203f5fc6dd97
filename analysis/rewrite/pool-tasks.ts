/** What is handed to a pool of processes or threads, or to a process of its own. */

import { methodCalled } from "../semantics/called.js";
import type { Evidence, Facts } from "../semantics/facts.js";
import { asCall, asMethodCall, type Call } from "../syntax/expressions.js";
import type { FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** A call that hands a function to a pool or process. */
export interface PoolTask {
  readonly call: Call;
  /** `map`, `submit` …, or `Process`. */
  readonly method: string;
  /** The function, as it is handed over. */
  readonly job: Node;
  /** What is handed over with it. */
  readonly given: readonly Node[];
  readonly runner: "process" | "thread";
  /** `futures`: an executor · `pool`: one of multiprocessing · `alone`: a process. */
  readonly style: "futures" | "pool" | "alone";
  readonly evidence: Evidence;
}

/** The methods by which pools take functions, as a rule's `methods`. */
export const TASK_METHODS: readonly string[] = [
  "submit",
  "map",
  "imap",
  "imap_unordered",
  "starmap",
  "map_async",
  "starmap_async",
  "apply",
  "apply_async",
];
/** What starts a process of its own, as a rule's `calls`. */
export const PROCESS_CALLS: readonly string[] = ["multiprocessing.Process"];

const FUTURES = /^(?:submit|map)$/;
/** These take what they hand on as one tuple. */
const TUPLED = /^apply/;

/** Undefined where the object is not known to be a pool. */
export function poolTaskOf(call: Call, facts: Facts): PoolTask | undefined {
  const method = asMethodCall(call.node);
  if (
    PROCESS_CALLS.includes(facts.nameOf(call.callee) ?? "") ||
    (method?.method === "Process" && isContext(method.object, facts))
  ) {
    const job = call.keywords.get("target");
    const given = call.keywords.get("args");
    return (
      job && {
        call,
        method: "Process",
        job,
        given: given?.children ?? [],
        runner: "process",
        style: "alone",
        evidence: "proof",
      }
    );
  }
  if (!method || !TASK_METHODS.includes(method.method)) return undefined;
  const [job, ...rest] = call.args;
  const typed = job && poolTyped(method.object, facts);
  const kind = typed && poolKind(typed.name);
  if (!job || !kind || ((kind.style === "futures") !== FUTURES.test(method.method) && method.method !== "map"))
    return undefined;
  const given = TUPLED.test(method.method) ? ((rest[0] ?? call.keywords.get("args"))?.children ?? []) : rest;
  return { call, method: method.method, job, given, ...kind, evidence: typed.evidence };
}

/** Also where the name holds None until a pool is made. */
function poolTyped(object: Node, facts: Facts): { readonly name: string; readonly evidence: Evidence } | undefined {
  const typed = facts.typed(object, "fair");
  if (typed) return { name: typed.type.name, evidence: typed.evidence };
  if (object.kind !== "identifier") return undefined;
  const made = facts.reachingSites(object).filter((it) => it.value?.kind !== "none");
  const [site, more] = made;
  const name = !more && site?.kind === "assign" && site.value ? facts.typeOf(site.value)?.name : undefined;
  return name === undefined ? undefined : { name, evidence: "strong" };
}

function isContext(object: Node, facts: Facts): boolean {
  return facts.isA(object, "multiprocessing.context.BaseContext");
}

function poolKind(type: string): Pick<PoolTask, "runner" | "style"> | undefined {
  switch (type) {
    case "concurrent.futures.ProcessPoolExecutor":
      return { runner: "process", style: "futures" };
    case "concurrent.futures.ThreadPoolExecutor":
      return { runner: "thread", style: "futures" };
    case "multiprocessing.Pool":
    case "multiprocessing.pool.Pool":
      return { runner: "process", style: "pool" };
    case "multiprocessing.pool.ThreadPool":
    case "multiprocessing.dummy.Pool":
      return { runner: "thread", style: "pool" };
    default:
      return undefined;
  }
}

/** The function of the file that is run in the end: `work` of `work`, `partial(work, x)` and `context.run` with it. */
export function jobOf({ job, given }: Pick<PoolTask, "job" | "given">, facts: Facts): FunctionDef | undefined {
  if (job.kind === "identifier") {
    const own = facts.functionNamed(job);
    if (own) return own;
    const value = facts.valueOf(job);
    return value && value !== job && value.kind === "call" ? jobOf({ job: value, given: [] }, facts) : undefined;
  }
  const call = asCall(job);
  if (call && facts.nameOf(call.callee) === "functools.partial" && call.args[0]?.kind === "identifier")
    return facts.functionNamed(call.args[0]);
  if (job.kind === "attribute" && job.field("attribute")?.text === "run" && given[0]?.kind === "identifier")
    return facts.functionNamed(given[0]);
  return methodCalled(job, facts)?.def;
}
