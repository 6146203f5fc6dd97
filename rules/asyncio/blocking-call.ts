/** A call in a coroutine that makes the thread wait, and with it every task of the event loop. */

import {
  asCall,
  asFunction,
  asMethodCall,
  asWith,
  awaitedInThread,
  blockingCall,
  declined,
  defineRule,
  fileQuestion,
  functionAround,
  functionCalled,
  importModule,
  isAheadOfTasks,
  isCoroutineTest,
  isOnlyTask,
  isUsedAtOnce,
  neverRuns,
  obstacleToAwait,
  qualifiedName,
  replace,
  textValue,
  useOf,
  type Call,
  type Facts,
  type Fix,
  type FunctionDef,
  type Match,
  type Node,
  type Tree,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Call that blocks the event loop",
  why: "An event loop runs all tasks in one thread and switches between them only at an await. A call that makes the thread wait blocks every other task, timeout and connection until it returns.",
  guide: "asyncio",
  level: "warning",
  gain: "time",
  overlaps: ["ASYNC210", "ASYNC221", "ASYNC230", "ASYNC250", "ASYNC251"],
  unlike: "queues, threads, models and functions of the file count too, and the fix awaits the call in a thread",
  overrides: [
    "asyncio/heavy-call-in-coroutine",
    "concurrency/request-without-timeout",
    "resources/open-without-encoding",
  ],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio
import time

async def next_attempt(delay: float) -> str:
    time.sleep(delay)
    return "again"
`,
      after: `
import asyncio
import time

async def next_attempt(delay: float) -> str:
    await asyncio.sleep(delay)
    return "again"
`,
    },
    {
      before: `
import asyncio
import subprocess

async def revision(folder: str) -> str:
    return subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True).stdout
`,
      after: `
import asyncio
import subprocess

async def revision(folder: str) -> str:
    return (await asyncio.to_thread(subprocess.run, ["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True)).stdout
`,
    },
  ],

  on: ["call"],
  words: ["async"],

  find(node, { facts }): Blocking | undefined {
    if (facts.isTest) return undefined;
    const isAsync = facts.isAsync(node);
    if (!isAsync && !isLong(node)) return undefined;
    const call = asCall(node);
    const lock = isAsync && call ? fileLock(call, facts) : undefined;
    if (lock && !isCoroutineTest(node, facts) && !isAheadOfTasks(node, false, facts)) {
      const weight = isOnlyTask(node, facts) ? "light" : "unknown";
      const common = { evidence: "proof", instead: null, through: undefined, isCallback: false } as const;
      return { at: call!.callee, construct: node, weight, call: call!, name: lock, ...common };
    }
    const name = call && qualifiedName(call, facts);
    if (!call || !(isAsync || TAKES_LONG.test(name ?? ""))) return undefined;
    const instead = name === undefined ? undefined : blockingCall(name);
    if (name === undefined || instead === undefined)
      return isAsync && useOf(node).kind !== "awaited"
        ? (throughHelper(call, facts) ?? ofModel(call, facts))
        : undefined;
    if (isExempt(call, name, facts) || (!isAsync && !isLoopCallback(node, facts))) return undefined;
    return {
      at: asMethodCall(node) && !facts.nameOf(call.callee) ? asMethodCall(node)!.methodNode : call.callee,
      evidence: isAsync ? "proof" : "strong",
      weight: weightOf(node, name, facts),
      construct: node,
      call,
      name,
      instead,
      through: undefined,
      isCallback: !isAsync,
    };
  },

  message({ call, name, instead, through, isCallback }) {
    const shown = call.callee.text.length <= 40 && !call.callee.text.includes("\n") ? call.callee.text : name;
    if (name === MODEL)
      return `\`${shown}()\` holds up every task of the event loop while it works; ${instead === null ? "run it in another thread (a route that is a plain def does)" : `await ${instead}() instead`}.`;
    if (through)
      return `\`${shown}()\` calls \`${through.callee.text}()\`, which blocks every task of the event loop while it waits; use asyncio.to_thread().`;
    if (isCallback)
      return `The event loop calls this function, and \`${shown}()\` blocks all its tasks while it waits; ${name === "time.sleep" ? "use loop.call_later() or a coroutine" : "start a coroutine instead"}.`;
    return `\`${shown}()\` blocks every task of the event loop while it waits; ${adviceFor(name, instead)}.`;
  },

  fix({ call, name, through, isCallback }, file) {
    if (isCallback) return declined("a callback cannot await; what follows belongs into a coroutine");
    if (name === MODEL) return declined("which methods the object has is not known");
    if (through) {
      const obstacle = obstacleToAwait(call.node, file);
      const asyncio = importModule(file, "asyncio", call.node);
      if (obstacle || !asyncio) return declined(obstacle ?? "the name `asyncio` means something else here");
      const made = awaitedInThread(call, asyncio.name, asyncio.edits);
      return { ...made, doubts: [...made.doubts, `\`${call.callee.text}\` must not depend on the thread it runs in`] };
    }
    const isSleep = name === "time.sleep" && call.args.length === 1 && call.keywords.size === 0;
    if ((!isSleep && !THREADABLE.test(name)) || call.argumentList.kind !== "argument_list")
      return declined("what it works on may belong to this thread, or is used after the call");
    const obstacle = obstacleToAwait(call.node, file);
    if (obstacle) return declined(obstacle);
    const asyncio = importModule(file, "asyncio", call.node);
    if (!asyncio) return declined("the name `asyncio` means something else here");
    return isSleep ? sleep(call, asyncio.name, asyncio.edits) : awaitedInThread(call, asyncio.name, asyncio.edits);
  },
});

interface Blocking extends Match {
  readonly call: Call;
  readonly name: string;
  readonly instead: string | null;
  /** The call in a function of the file that makes it wait. */
  readonly through: Call | undefined;
  readonly isCallback: boolean;
}

/** What may wait long, told by the text alone: asked for every call in a plain function of a file with coroutines. */
function isLong(node: Node): boolean {
  const text = node.field("function")!.text;
  return (
    text.length < 60 &&
    /(^|\.)(sleep|get|post|put|delete|request|run|call|check_call|check_output|urlopen|system)$/.test(text)
  );
}

/** A plain function that the event loop calls: `task.add_done_callback(f)`, `loop.call_soon(partial(f, x))`. */
function isLoopCallback(node: Node, facts: Facts): boolean {
  const name = asFunction(functionAround(node))?.name;
  if (name === undefined || !/^\w+$/.test(name) || facts.fileMatches(THREADS)) return false;
  if (!facts.fileMatches(/\basyncio\b/)) return false;
  // Whoever names it may hand it to the loop: to ask is to be told when that changes.
  if (facts.view.readsOf(name).length + facts.view.attributesOf(name).length === 0) return false;
  const home = facts.keptForFixes("loop callbacks", () => loopCallbacks(facts)).get(name);
  if (home) facts.view.looksInto(home);
  return home !== undefined;
}

/** By its name, where each function is first given to the loop: a file with many functions is read once for all of them. */
function loopCallbacks({ view }: Facts): ReadonlyMap<string, Tree> {
  const found = new Map<string, Tree>();
  for (const { tree, text } of view.document.pieces)
    for (const [, plain = "", last = ""] of text.matchAll(TAKES_CALLBACK))
      for (const argument of `${plain}${last}`.split(",", plain.split(",").length)) {
        const name = CALLBACK.exec(argument)?.[1];
        if (name !== undefined && !found.has(name)) found.set(name, tree);
      }
  return found;
}

const TAKES_CALLBACK =
  /\.(?:add_done_callback|call_soon|call_soon_threadsafe|call_later|call_at|add_reader|add_writer|add_signal_handler)\((?=([^()]*)(\([^()]*\(?)?)/g;
const CALLBACK = /^\s*(?:(?:functools\.)?partial\(\s*)?(?:self\.)?(\w+)\b(?!\()/;

/** Callbacks of its jobs run in its threads. */
const THREADS = /\.submit\(|ThreadPoolExecutor|ProcessPoolExecutor/;

/** A plain function of the file, called in a coroutine, that waits for the network, a program or a clock. */
function throughHelper(call: Call, facts: Facts): Blocking | undefined {
  const def = functionCalled(call.callee, facts);
  if (
    !def ||
    def.isAsync ||
    def.decorators.length > 0 ||
    isAheadOfTasks(call.node, false, facts) ||
    neverRuns(call.node)
  )
    return undefined;
  const waits = facts.memo("waits long", def.node, () => longWaitIn(def, facts));
  if (!waits || isCoroutineTest(call.node, facts)) return undefined;
  const { call: through, name } = waits;
  // Most of the time nobody else has the lock.
  const seldom = facts.weightOf(call.node) === "light" || FILE_LOCK.test(name) ? "unknown" : "heavy";
  const weight = isOnlyTask(call.node, facts) ? "light" : seldom;
  return {
    at: call.callee,
    evidence: "strong",
    weight,
    construct: call.node,
    related: [{ at: through.callee, message: "This call waits, and the whole event loop with it." }],
    call,
    name,
    instead: null,
    through,
    isCallback: false,
  };
}

/** The first call in its own body that waits long, unless it yields what it gets bit by bit. */
function longWaitIn(def: FunctionDef, facts: Facts): { readonly call: Call; readonly name: string } | undefined {
  const body = facts.bodyOf(def);
  if (body.descendants("yield").length > 0) return undefined;
  for (const node of body.descendants("call")) {
    const lock = node.parent?.kind === "with_item" && asCall(node) ? fileLock(asCall(node)!, facts) : undefined;
    if (lock && functionAround(node) === def.node) return { call: asCall(node)!, name: lock };
    if (
      !isLong(node) ||
      functionAround(node) !== def.node ||
      node.ancestor("except_clause", "function_definition")?.kind === "except_clause"
    )
      continue;
    const call = asCall(node);
    const name = call && qualifiedName(call, facts);
    if (name === undefined || !TAKES_LONG.test(name) || blockingCall(name) === undefined) continue;
    if (!isExempt(call!, name, facts)) return { call: call!, name };
  }
  return undefined;
}

/** `with FileLock(path, timeout=10):`, by its qualified name: it waits for as long as another program has the file. */
function fileLock({ node, callee, args, keywords }: Call, facts: Facts): string | undefined {
  const item = node.parent;
  const block = item?.kind === "with_item" ? item.ancestor("with_statement") : undefined;
  if (!block || asWith(block)?.isAsync !== false) return undefined;
  const name = facts.nameOf(callee) ?? "";
  const limit = keywords.get("timeout") ?? args[1];
  return FILE_LOCK.test(name) && !NO_WAIT.has(limit?.text ?? "") && keywords.get("blocking")?.text !== "False"
    ? name
    : undefined;
}

const FILE_LOCK = /^(?:filelock\.(?:\w*FileLock)|portalocker\.(?:Lock|RLock)|fasteners\.InterProcessLock)$/;

/** A model or chain that works while the loop stands still: told by its method, and by its name or the route around it. */
function ofModel(call: Call, facts: Facts): Blocking | undefined {
  const method = asMethodCall(call.node);
  const isChain = method?.method === "invoke" || method?.method === "batch";
  if (!method || !(isChain || WORKS.test(method.method)) || method.object.kind === "call") return undefined;
  const def = asFunction(functionAround(call.node));
  const isKnown = isChain
    ? facts.fileMatches(LANG) || CHAIN.test(method.object.text)
    : def?.decorators.some((it) => ROUTE.test(it.text)) ||
      (WORKERS.test(method.object.text) && call.args.length > 0 && isUsedAtOnce(call.node, true, facts));
  if (!isKnown || isAheadOfTasks(call.node, false, facts) || facts.typeOf(method.object)?.name.startsWith("local."))
    return undefined;
  return {
    at: method.methodNode,
    evidence: "fair",
    weight: isChain && facts.weightOf(call.node) !== "light" ? "heavy" : "unknown",
    construct: call.node,
    call,
    name: MODEL,
    instead: isChain ? `a${method.method}` : null,
    through: undefined,
    isCallback: false,
  };
}

const WORKERS = /(?:model|clf|classifier|estimator|detector|pipeline|whisper)$/i;
const ROUTE = /\.(get|post|put|patch|websocket|api_route)\(|^(bentoml|svc|service)\.api\b/;

/** Stands for the qualified name of what has none. */
const MODEL = "a model";
const WORKS = /^(predict|predict_proba|predict_batch|transcribe|similarity_search)$/;
const LANG = /^[ \t]*(from|import) lang(chain|graph)/m;
const CHAIN = /(chain|graph|llm|agent|workflow|retriever|runnable)$/i;

function adviceFor(name: string, instead: string | null): string {
  if (name === "time.sleep") return "await asyncio.sleep() instead";
  if (instead !== null && !name.startsWith("subprocess.")) return `use ${instead} instead`;
  return THREADABLE.test(name) ? "use asyncio.to_thread()" : "run that step in another thread";
}

const DOES_SEVERAL = fileQuestion(({ view }) =>
  view.matches(
    /\b(create_task|ensure_future|gather|TaskGroup|start_server|run_in_executor|to_thread)\b|\b(fastapi|aiohttp|discord|websockets|telegram)\b/,
  ),
);

/** A file of this machine opens at once; a pause, the network or another program takes as long as it likes. How long the rest takes is not in the code. */
function weightOf(node: Node, name: string, facts: Facts): Weight {
  if (facts.isTest || OPENS.test(name) || /^pathlib\./.test(name) || isOnlyTask(node, facts)) return "light";
  if (name.endsWith("Executor.shutdown")) return isEnding(node) ? "light" : "unknown";
  // A program that talks to one person waits for nobody else, unless it does several things at a time.
  if (/^(builtins\.input|getpass\.getpass)$/.test(name)) return facts.ofFile(DOES_SEVERAL) ? "unknown" : "light";
  return TAKES_LONG.test(name) && facts.weightOf(node) !== "light" ? "heavy" : "unknown";
}

/** There is little left that could be served meanwhile. */
const isEnding = (node: Node): boolean =>
  node.ancestor("finally_clause") !== undefined ||
  /stop|shut_?down|close|exit|end|teardown|clean_?up|lifespan|dispose|terminate/.test(
    asFunction(functionAround(node))?.name ?? "",
  );

const TAKES_LONG =
  /^(time\.sleep$|requests\.|urllib|http\.|httpx2?\.|socket\.|subprocess\.|os\.system$|threading\.|queue\.|multiprocessing\.|concurrent\.|openai\.|anthropic\.|groq\.)/;

/** Calls that do not wait, wait for something that is there, or read one small file of the program. */
function isExempt(call: Call, name: string, facts: Facts): boolean {
  const goesOn = WAITS.test(name) && [...call.args, ...call.keywords.values()].some((it) => NO_WAIT.has(it.text));
  if (
    goesOn ||
    useOf(call.node).kind === "awaited" ||
    SILENT.test(name) ||
    neverRuns(call.node) ||
    isAheadOfTasks(call.node, OPENS.test(name), facts) ||
    isCoroutineTest(call.node, facts)
  )
    return true;
  // What was awaited before tells that the thread is at its end.
  if (name.endsWith(".join") && call.node.ancestor("finally_clause")) return true;
  const method = asMethodCall(call.node);
  // Of a chain such as `connection.execute(…).fetchall()` the first link speaks.
  const earlier = asCall(method?.object);
  if (earlier && blockingCall(qualifiedName(earlier, facts) ?? "") !== undefined) return true;
  if (name.startsWith("socket.socket.") || name === "concurrent.futures.Future.result") {
    return (
      method?.object.kind !== "identifier" ||
      facts.usesOf(method.object).some((it) => it.kind === "argument" || READIED.has(it.name ?? ""))
    );
  }
  const path = name.startsWith("pathlib.")
    ? asCall(method?.object)?.args[0]
    : OPENS.test(name)
      ? call.args[0]
      : undefined;
  return path !== undefined && (textValue(path) !== undefined || isOfModule(path, facts));
}

/** A path that the file names once and for all. */
function isOfModule(path: Node, facts: Facts): boolean {
  const [site, more] = path.kind === "identifier" ? facts.writesOf(path) : [];
  return site?.kind === "assign" && !more && !site.isRemote && facts.scopeOf(site.name).kind === "module";
}

/** `get(False)`, `wait(timeout=0)`, `sleep(0)`: asks and goes on. */
const WAITS = /^(time\.sleep|(threading|queue|multiprocessing|concurrent)\.)/;
const NO_WAIT = new Set(["False", "0", "0.0"]);
/** Only a full queue waits in put(). Where a file is read, the call that opened it is the one to mend. */
const SILENT = /^(queue\.\w+\.put|(binary-)?file\.\w+|json\.\w+|pickle\.\w+|sqlite3\.connect)$/;
const OPENS = /^(builtins|io|gzip|bz2|lzma|codecs|tarfile)\.open$/;
const READIED = new Set(["setblocking", "settimeout", "done"]);

/** Calls that may as well run in another thread: no connection, lock or window that belongs to this one. */
const THREADABLE =
  /^(requests\.(Session\.)?\w+|urllib3\.request|urllib\.request\.(urlopen|urlretrieve)|subprocess\.(run|call|check_call|check_output|getoutput|getstatusoutput|Popen\.(wait|communicate))|shutil\.\w+|os\.(fsync|system)|socket\.(getaddrinfo|gethostbyname|gethostbyaddr)|joblib\.(load|dump)|getpass\.getpass|builtins\.input|pathlib\.Path\.(read|write)_(text|bytes)|threading\.(Thread\.join|Event\.wait)|multiprocessing\.Process\.join|queue\.Queue\.get|concurrent\.futures\.wait|concurrent\.futures\.\w+Executor\.shutdown)$/;

function sleep(call: Call, asyncio: string, imports: Fix["edits"]): Fix {
  return {
    title: "Await asyncio.sleep",
    doubts: ["other tasks run in the meantime", "a negative delay raises no error"],
    edits: [...imports, replace(call.callee, `await ${asyncio}.sleep`)],
  };
}
