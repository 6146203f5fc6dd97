/** A call in a coroutine that makes the thread wait, and with it every task of the event loop. */

import {
  asCall,
  asFunction,
  asMethodCall,
  asWith,
  blockingCall,
  declined,
  defineRule,
  functionAround,
  importModule,
  neverRuns,
  qualifiedName,
  replace,
  textValue,
  unwrap,
  useOf,
  wrapped,
  type Call,
  type Facts,
  type File,
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
  overlaps: ["ASYNC210", "ASYNC220", "ASYNC221", "ASYNC222", "ASYNC230", "ASYNC250", "ASYNC251"],
  overrides: ["concurrency/request-without-timeout"],
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
      const made = inThread(call, asyncio.name, asyncio.edits);
      return { ...made, doubts: [...made.doubts, `\`${call.callee.text}\` must not depend on the thread it runs in`] };
    }
    const isSleep = name === "time.sleep" && call.args.length === 1 && call.keywords.size === 0;
    if ((!isSleep && !THREADABLE.test(name)) || call.argumentList.kind !== "argument_list")
      return declined("what it works on may belong to this thread, or is used after the call");
    const obstacle = obstacleToAwait(call.node, file);
    if (obstacle) return declined(obstacle);
    const asyncio = importModule(file, "asyncio", call.node);
    if (!asyncio) return declined("the name `asyncio` means something else here");
    return isSleep ? sleep(call, asyncio.name, asyncio.edits) : inThread(call, asyncio.name, asyncio.edits);
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
  const def = call.callee.kind === "identifier" ? facts.functionNamed(call.callee) : ownMethod(call, facts);
  if (!def || def.isAsync || def.decorators.length > 0 || isAlone(call.node, false, facts) || neverRuns(call.node))
    return undefined;
  const waits = facts.memo("waits long", def.node, () => longWaitIn(def, facts));
  if (!waits || isTestCase(call.node, facts)) return undefined;
  const weight = facts.weightOf(call.node) === "light" ? "unknown" : "heavy";
  const { call: through, name } = waits;
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

function ownMethod(call: Call, facts: Facts): FunctionDef | undefined {
  const method = asMethodCall(call.node);
  const around = functionAround(call.node);
  if (method?.object.text !== "self" || !around) return undefined;
  return facts.classOf(around)?.methods.find((it) => it.def.name === method.method)?.def;
}

/** The first call in its own body that waits long, unless it yields what it gets bit by bit. */
function longWaitIn(def: FunctionDef, facts: Facts): { readonly call: Call; readonly name: string } | undefined {
  const body = facts.bodyOf(def);
  if (body.descendants("yield").length > 0) return undefined;
  for (const node of body.descendants("call")) {
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

/** A model or chain that works while the loop stands still: told by its method, and by its name or the route around it. */
function ofModel(call: Call, facts: Facts): Blocking | undefined {
  const method = asMethodCall(call.node);
  const isChain = method?.method === "invoke" || method?.method === "batch";
  if (!method || !(isChain || WORKS.test(method.method)) || method.object.kind === "call") return undefined;
  const def = asFunction(functionAround(call.node));
  const isKnown = isChain
    ? facts.fileMatches(LANG) || CHAIN.test(method.object.text)
    : def?.decorators.some((it) => /\.(get|post|put|patch|websocket)\(/.test(it.text));
  if (!isKnown || isAlone(call.node, false, facts) || facts.typeOf(method.object)?.name.startsWith("local."))
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

/** A file of this machine opens at once; a pause, the network or another program takes as long as it likes. How long the rest takes is not in the code. */
function weightOf(node: Node, name: string, facts: Facts): Weight {
  if (facts.isTest || OPENS.test(name) || /^pathlib\./.test(name)) return "light";
  return TAKES_LONG.test(name) && facts.weightOf(node) !== "light" ? "heavy" : "unknown";
}

const TAKES_LONG =
  /^(time\.sleep$|requests\.|urllib|http\.|httpx\.|socket\.|subprocess\.|os\.system$|threading\.|queue\.|multiprocessing\.|concurrent\.|openai\.|anthropic\.|groq\.)/;

/** Calls that do not wait, wait for something that is there, or read one small file of the program. */
function isExempt(call: Call, name: string, facts: Facts): boolean {
  const goesOn = WAITS.test(name) && [...call.args, ...call.keywords.values()].some((it) => NO_WAIT.has(it.text));
  if (
    goesOn ||
    useOf(call.node).kind === "awaited" ||
    SILENT.test(name) ||
    neverRuns(call.node) ||
    isAlone(call.node, OPENS.test(name), facts) ||
    isTestCase(call.node, facts)
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

/** Ahead of the first await of the coroutine that the program runs no other task has had its turn; one that was made may wait while a file is opened, not while the thread sleeps. */
function isAlone(node: Node, isOpening: boolean, facts: Facts): boolean {
  const def = asFunction(functionAround(node));
  const uses = def ? facts.usesOf(def.nameNode).map((it) => (it.kind === "call" ? useOf(it.in) : it)) : [];
  const isRun =
    uses.length > 0 &&
    uses.every(
      (it) =>
        it.kind === "argument" &&
        /^asyncio\.run$|run_until_complete$/.test(
          facts.nameOf(asCall(it.call)!.callee) ?? asCall(it.call)!.callee.text,
        ),
    );
  const isRepeated = facts.loopsAround(node).some((it) => it.hasToken("async") || it.descendants("await").length > 0);
  return (
    isRun &&
    !isRepeated &&
    ![...def!.body.descendants("await", "for_statement", "with_statement")].some(
      (it) => it.start < node.start && (it.kind === "await" || it.hasToken("async")),
    ) &&
    (isOpening || !/create_task|ensure_future|start_soon/.test(def!.body.text.slice(0, node.start - def!.body.start)))
  );
}

/** `async def test_…` of a `class Test…`, wherever the file lies: a loop that runs one case at a time has nobody to hold up. */
function isTestCase(node: Node, facts: Facts): boolean {
  const def = asFunction(functionAround(node));
  return (
    def !== undefined &&
    def.name.startsWith("test_") &&
    /^_?Test|Tests?(Base|Case)?$/.test(facts.classOf(def.node)?.name ?? "")
  );
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
  /^(requests\.(Session\.)?\w+|urllib3\.request|urllib\.request\.(urlopen|urlretrieve)|subprocess\.(run|call|check_call|check_output|getoutput|getstatusoutput|Popen\.(wait|communicate))|shutil\.\w+|os\.(fsync|system)|socket\.(getaddrinfo|gethostbyname|gethostbyaddr)|joblib\.(load|dump)|getpass\.getpass|builtins\.input|pathlib\.Path\.(read|write)_(text|bytes)|threading\.(Thread\.join|Event\.wait)|multiprocessing\.Process\.join|queue\.Queue\.get|concurrent\.futures\.wait)$/;

/** Other event loops know no asyncio, a lock must not be held over an await, and a generator would become an asynchronous one. */
function obstacleToAwait(node: Node, { facts }: File): string | undefined {
  const isOtherLoop = ["trio", "anyio", "curio"].some((it) => facts.view.imports(it));
  const around = functionAround(node);
  if (isOtherLoop) return "the file uses another event loop than asyncio's";
  if (node.ancestor("generator_expression", "function_definition") !== around)
    return "await would turn the generator into an asynchronous one";
  if (node.ancestor("with_item")) return "a with statement takes its result";
  for (
    let block = node.ancestor("with_statement", "function_definition");
    block && block !== around;
    block = block.ancestor("with_statement", "function_definition")
  ) {
    const items = asWith(block)?.isAsync === false ? asWith(block)!.items : [];
    if (
      items.some((it) =>
        /lock|mutex|semaphore|condition/i.test(`${facts.typeOf(it.value)?.name ?? ""} ${it.value.text}`),
      )
    )
      return "a lock is held, and would stay so while other tasks run";
  }
  return undefined;
}

function sleep(call: Call, asyncio: string, imports: Fix["edits"]): Fix {
  return {
    title: "Await asyncio.sleep",
    doubts: ["other tasks run in the meantime", "a negative delay raises no error"],
    edits: [...imports, replace(call.callee, `await ${asyncio}.sleep`)],
  };
}

/** `f(a, b=c)` as `await asyncio.to_thread(f, a, b=c)`, in parentheses where more hangs on the result. */
function inThread(call: Call, asyncio: string, imports: Fix["edits"]): Fix {
  const { node, callee, argumentList } = call;
  const { tree } = node;
  const outer = node.parent;
  const isTight =
    outer?.kind === "attribute" ||
    (outer?.kind === "subscript" && node.fieldName === "value") ||
    (outer?.kind === "call" && node.fieldName === "function");
  const [open, close] = isTight && wrapped(node) === node ? ["(", ")"] : ["", ""];
  const inside = tree.text.slice(argumentList.start + 1, argumentList.end - 1);
  const comma = argumentList.children.length === 0 ? "" : /^\s*\n/.test(inside) ? "," : ", ";
  return {
    title: "Run it in a thread",
    doubts: ["other tasks run in the meantime"],
    edits: [
      ...imports,
      replace(
        { tree, start: node.start, end: argumentList.start + 1 },
        `${open}await ${asyncio}.to_thread(${unwrap(callee).text}${comma}`,
      ),
      ...(close ? [replace({ tree, start: node.end, end: node.end }, close)] : []),
    ],
  };
}
