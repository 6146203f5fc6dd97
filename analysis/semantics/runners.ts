/** Which thread, process or loop runs a function, as far as the file shows it: by how it is defined, by what it is handed to, and by who calls it. */

import { asAttribute, asCall, asMethodCall, wrapped, type Call } from "../syntax/expressions.js";
import { asFunction, functionAround, type FunctionDef } from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { functionKnownAs, globalNameOf, isInMainGuard } from "./callers.js";
import type { ClassInfo } from "./classes.js";
import type { ModuleView } from "./module.js";
import type { Names } from "./names.js";
import { mentionsOfClass } from "./places.js";
import { jottings, makeScratch } from "./store.js";
import type { Maybe } from "./types.js";
import { useOf } from "./uses.js";

/**
 * - `loop`: the thread of an asyncio event loop, which waits for nothing else meanwhile;
 * - `thread`: a worker thread, so that several may run the code at a time and share what is global;
 * - `process`: a worker process, which has globals of its own and gets pickled copies of what it is given;
 * - `import`: whoever imports the module, while it is imported.
 */
export type Runner = "loop" | "thread" | "process" | "import";

/** Several where the same function is run in several ways. None: the file does not show it. */
export type Runners = readonly Runner[];

export interface Running {
  runsIn(node: Node): Runners;
  /** Computes `runs:function` and `runs:Class.method`. */
  runnersOf(path: string): Runners;
}

export const NOBODY: Runners = [];

/** How many functions around functions, and callers that no other piece can see, are looked at. */
const NESTED = 4;
/** What is mentioned in more places is looked at no further. */
const MOST_MENTIONS = 60;

export function running(view: ModuleView, names: Names, typeOf: (node: Node) => Maybe, isNotebook: boolean): Running {
  /** For whoever asks outside of any question of the store. */
  const own = makeScratch();

  const runsIn = (node: Node, depth = 0): Runners => {
    const home = functionAround(node);
    if (!home) return isNotebook || isInMainGuard(node) ? NOBODY : AT_IMPORT;
    const known = jottings(view.store.scratch ?? own, "runners") as Map<Node, Runners>;
    const found = known.get(home) ?? ofFunction(home, depth);
    if (depth === 0) known.set(home, found);
    return found;
  };

  const ofFunction = (home: Node, depth: number): Runners => {
    const def = asFunction(home);
    if (!def) return depth < NESTED ? ofMention(home, depth + 1) : NOBODY;
    if (def.isAsync) return ON_LOOP;
    const path = globalNameOf(def, view);
    return path === undefined ? ofDefinition(def, depth) : view.store.ask<Runners>("runs", path);
  };

  const ofDefinition = (def: FunctionDef, depth: number): Runners => {
    if (def.isAsync) return ON_LOOP;
    const found = new Set<Runner>();
    for (const decorator of def.decorators) {
      const runner = ofDecorator(decorator);
      if (runner) found.add(runner);
    }
    const owner = view.classOf(def.outer);
    const byBase = owner && ofMethod(def, owner);
    if (byBase) found.add(byBase);
    for (const mention of mentionsOf(def, owner)) {
      // What it does itself says nothing about where it does it.
      if (mention.isInside(def.node)) continue;
      for (const it of ofMention(mention, depth + 1)) found.add(it);
    }
    return found.size === 0 ? NOBODY : [...found].sort();
  };

  const mentionsOf = (def: FunctionDef, owner: ClassInfo | undefined): readonly Node[] => {
    if (!owner) {
      const reads = names.bindingOf(def.nameNode)?.reads ?? [];
      return reads.length > MOST_MENTIONS ? [] : reads;
    }
    const mentions = mentionsOfClass(owner, def.name, view);
    if (!mentions || mentions.own.length + mentions.elsewhere.length > MOST_MENTIONS) return [];
    const isMine = (it: Node) => typeOf(asAttribute(it)!.object)?.name === `local.${owner.name}`;
    return [...mentions.own, ...mentions.elsewhere.filter(isMine)];
  };

  /** Who runs a function because of one place that reads it: the caller if it is called there, or what it is handed to. */
  const ofMention = (mention: Node, depth: number): Runners => {
    if (depth > NESTED) return NOBODY;
    const outer = wrapped(mention);
    if (outer.parent?.kind === "call" && outer.fieldName === "function") return runsIn(outer, depth);
    const use = useOf(mention);
    const call = use.kind === "argument" ? asCall(use.call) : undefined;
    if (!call) return NOBODY;
    const name = names.nameOf(call.callee);
    // The same function with some of its arguments: look at what becomes of that.
    if (name === "functools.partial") return ofMention(call.node, depth + 1);
    if (name !== undefined && CALLS_AT_ONCE.has(name)) return runsIn(call.node, depth);
    const runner = handedTo(call, outer, use.name, name);
    return runner ? RUNNERS[runner] : NOBODY;
  };

  const handedTo = (
    call: Call,
    given: Node,
    keyword: string | undefined,
    name: string | undefined,
  ): Runner | undefined => {
    const position = call.args.indexOf(given);
    if (name !== undefined) {
      const starter = STARTERS.get(name);
      if (starter) return isJob(starter, position, keyword) ? starter.runner : undefined;
    }
    if (keyword === "worker_init_fn") return "process";
    const method = asMethodCall(call.node);
    if (!method) return undefined;
    if (method.method === "run_in_executor") return position === 1 ? executorOf(call.args[0]!) : undefined;
    if (ON_LOOP_METHODS.has(method.method)) return "loop";
    if (!POOL_METHODS.has(method.method) || position !== 0) return undefined;
    return ofPool(typeOf(method.object)?.name);
  };

  const executorOf = (executor: Node): Runner | undefined =>
    executor.kind === "none" ? "thread" : ofPool(typeOf(executor)?.name);

  /** `@app.get("/")` over a plain function is run by the threads of the server; a task of a queue in a process of a worker. */
  const ofDecorator = (decorator: Node): Runner | undefined => {
    const call = asCall(decorator);
    const callee = call?.callee ?? decorator;
    const name = names.nameOf(callee);
    if (name !== undefined && TASKS.has(name)) return "process";
    const attribute = asAttribute(callee);
    if (!attribute) return undefined;
    if (attribute.name === "task" && view.imports("celery")) return "process";
    if (!ROUTES.has(attribute.name) || !SERVERS.some((it) => view.imports(it))) return undefined;
    return textValue(call?.args[0])?.startsWith("/") ? "thread" : undefined;
  };

  const ofMethod = (def: FunctionDef, owner: ClassInfo): Runner | undefined => {
    if (def.name !== "run") return undefined;
    for (const base of owner.def.bases) {
      const runner = RUNS_ITSELF.get(names.nameOf(base) ?? "");
      if (runner) return runner;
    }
    return undefined;
  };

  return {
    runsIn: (node) => runsIn(node),
    runnersOf(path) {
      const def = functionKnownAs(path, view);
      return def ? ofDefinition(def, 0) : NOBODY;
    },
  };
}

const AT_IMPORT: Runners = ["import"];
const ON_LOOP: Runners = ["loop"];
const RUNNERS: Readonly<Record<Runner, Runners>> = {
  import: AT_IMPORT,
  loop: ON_LOOP,
  thread: ["thread"],
  process: ["process"],
};

/** What starts a function that it is given: as a keyword, or at a position. */
interface Starter {
  readonly runner: Runner;
  readonly keyword: string | undefined;
  readonly position: number;
}

function isJob({ keyword, position }: Starter, at: number, by: string | undefined): boolean {
  return by === undefined ? at === position : by === keyword;
}

const STARTERS: ReadonlyMap<string, Starter> = new Map(
  (
    [
      ["threading.Thread", "thread", "target", 1],
      ["threading.Timer", "thread", "function", 1],
      ["_thread.start_new_thread", "thread", undefined, 0],
      ["asyncio.to_thread", "thread", undefined, 0],
      ["anyio.to_thread.run_sync", "thread", "func", 0],
      ["starlette.concurrency.run_in_threadpool", "thread", undefined, 0],
      ["fastapi.concurrency.run_in_threadpool", "thread", undefined, 0],
      ["fastapi.Depends", "thread", "dependency", 0],
      ["fastapi.BackgroundTasks.add_task", "thread", "func", 0],
      ["multiprocessing.Process", "process", "target", 1],
      ["torch.multiprocessing.Process", "process", "target", 1],
      ["torch.multiprocessing.spawn", "process", "fn", 0],
      ["torch.multiprocessing.start_processes", "process", "fn", 0],
      ["multiprocessing.Pool", "process", "initializer", 1],
      ["multiprocessing.pool.Pool", "process", "initializer", 1],
      ["concurrent.futures.ProcessPoolExecutor", "process", "initializer", -1],
      ["multiprocessing.pool.ThreadPool", "thread", "initializer", 1],
      ["concurrent.futures.ThreadPoolExecutor", "thread", "initializer", -1],
      ["tqdm.contrib.concurrent.process_map", "process", undefined, 0],
      ["tqdm.contrib.concurrent.thread_map", "thread", undefined, 0],
    ] as const
  ).map(([name, runner, keyword, position]) => [name, { runner, keyword, position }]),
);

const POOL_METHODS = new Set([
  "submit",
  "map",
  "imap",
  "imap_unordered",
  "starmap",
  "map_async",
  "starmap_async",
  "apply",
  "apply_async",
]);

function ofPool(type: string | undefined): Runner | undefined {
  switch (type) {
    case "concurrent.futures.ThreadPoolExecutor":
    case "multiprocessing.pool.ThreadPool":
    case "multiprocessing.dummy.Pool":
      return "thread";
    case "concurrent.futures.ProcessPoolExecutor":
    case "multiprocessing.pool.Pool":
    case "multiprocessing.Pool":
      return "process";
    default:
      return undefined;
  }
}

const ON_LOOP_METHODS = new Set(["call_soon", "call_soon_threadsafe", "call_later", "call_at", "add_signal_handler"]);

/** They call what they are given before they return, or where their result is gone through: nearly always in the same function. */
const CALLS_AT_ONCE = new Set([
  "builtins.map",
  "builtins.filter",
  "builtins.sorted",
  "builtins.min",
  "builtins.max",
  "functools.reduce",
  "itertools.groupby",
  "itertools.starmap",
]);

const TASKS = new Set([
  "celery.shared_task",
  "celery.task",
  "ray.remote",
  "rq.decorators.job",
  "huey.task",
  "dask.delayed",
]);
const ROUTES = new Set(["get", "post", "put", "delete", "patch", "head", "options", "route", "api_route"]);
/** Servers that run handlers which are no coroutines in threads. */
const SERVERS = ["fastapi", "flask", "starlette", "bottle"];
const RUNS_ITSELF: ReadonlyMap<string, Runner> = new Map([
  ["threading.Thread", "thread"],
  ["multiprocessing.Process", "process"],
  ["torch.multiprocessing.Process", "process"],
]);
