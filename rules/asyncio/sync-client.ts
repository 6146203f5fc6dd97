/** A call of a blocking client, a table that is read or a model that works in a coroutine, while the event loop stands still. */

import {
  definitionCalled,
  SYNC_LIBRARIES,
  aroundAwait,
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  askedOf,
  awaitedInThread,
  blockingCall,
  builderOf,
  builtAgain,
  calleeText,
  declined,
  defineRule,
  entryOf,
  excerpt,
  fixOf,
  functionAround,
  importModule,
  isAheadOfTasks,
  isCoroutineTest,
  isUsedAtOnce,
  insertAfter,
  insertBefore,
  asFunction,
  neverRuns,
  obstacleToAwait,
  remove,
  replace,
  slowFunction,
  syncClient,
  textValue,
  unwrap,
  useOf,
  lastName,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Match,
  type MethodCall,
  type Node,
  type SyncClient,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Blocking client in a coroutine",
  why: "A client that is not asynchronous keeps the only thread of the event loop until the server has answered, and so does a table that is read or a model that works. No other request, task or timeout is served meanwhile.",
  guide: "asyncio",
  level: "warning",
  gain: "time",
  words: ["async"],
  imports: SYNC_LIBRARIES,
  orWords: [
    "SELECT",
    "select ",
    "INSERT ",
    "insert into",
    "UPDATE ",
    "DELETE FROM",
    "to_dict",
    "SessionLocal",
    "similarity_search",
    "predict",
    "transcribe",
  ],
  overrides: ["asyncio/blocking-call", "asyncio/heavy-call-in-coroutine", "llm/sequential-invoke"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

import pandas as pd

async def rows_of(path: str) -> int:
    frame = pd.read_csv(path)
    return len(frame)
`,
      after: `
import asyncio

import pandas as pd

async def rows_of(path: str) -> int:
    frame = await asyncio.to_thread(pd.read_csv, path)
    return len(frame)
`,
    },
  ],

  on: ["call"],

  find(node, { facts }): Found | undefined {
    if (!facts.isAsync(node) || facts.isTest || isGivenOn(node)) return undefined;
    const call = asCall(node);
    const asked = call && (askedBy(call, facts) ?? askedInside(call, facts));
    if (!asked || neverRuns(node) || isAheadOfTasks(node, true, facts) || isCoroutineTest(node, facts))
      return undefined;
    if (isStarting(node)) return undefined;
    const method = asMethodCall(node);
    // Beside what failed, which is told about, taking it back is little.
    if (method?.method === "rollback" && node.ancestor("except_clause")) return undefined;
    return {
      at: method && asked.client && !asked.through ? method.methodNode : call.callee,
      weight: weightOf(asked.through ?? call, node, facts),
      construct: node,
      call,
      ...asked,
      handler: plainHandler(node, facts),
      related: asked.through
        ? [{ at: asked.through.callee, message: "This call waits, and the whole event loop with it." }]
        : [],
    };
  },

  message({ call, client, instead, through, handler }) {
    if (handler) {
      const asked = `\`${excerpt(call.callee.text.replaceAll(/\s+/g, " "), 40)}()\``;
      const blocking = through
        ? `${asked} calls \`${excerpt(calleeText(through.node), 40)}()\`, which blocks`
        : `${asked} blocks`;
      return `${blocking} every task of the event loop; nothing in \`${excerpt(handler.name, 30)}\` is awaited, and as a plain \`def\` FastAPI runs it in a thread.`;
    }
    if (through)
      return `\`${excerpt(call.callee.text, 50)}()\` calls \`${excerpt(calleeText(through.node), 50)}()\`, which blocks every task of the event loop until it is done; use asyncio.to_thread().`;
    const text = call.callee.text.replaceAll(/\s+/g, " ");
    const shown = text.length > 60 ? `….${asMethodCall(call.node)?.method ?? excerpt(text, 50)}` : text;
    const until = client?.isLocal || (instead === null && !client) ? "while it works" : "until the answer is there";
    const advice =
      instead === undefined || instead === null
        ? client?.isOfThread
          ? "an asynchronous driver does not"
          : "use asyncio.to_thread()"
        : instead === "a"
          ? `await a${asMethodCall(call.node)?.method}() instead`
          : `await ${instead} instead`;
    return `\`${shown}()\` blocks every task of the event loop ${until}; ${advice}.`;
  },

  fix({ call, client, instead, through, handler }, file) {
    if (handler) return asPlainFunction(handler, file.facts.view.imports("sqlite3"));
    const obstacle = obstacleToAwait(call.node, file);
    if (obstacle) return declined(obstacle);
    if (through) {
      if (client?.isOfThread) return declined("a connection belongs to the thread that opened it");
      const asyncio = importModule(file, "asyncio", call.node);
      if (!asyncio) return declined("the name `asyncio` means something else here");
      const made = awaitedInThread(call, asyncio.name, asyncio.edits);
      return {
        ...made,
        doubts: [...made.doubts, `\`${excerpt(call.callee.text, 40)}\` must not depend on the thread it runs in`],
      };
    }
    const method = asMethodCall(call.node);
    if (instead === "a" && method && method.method !== "stream") {
      const [open, close] = aroundAwait(call.node);
      return {
        title: `Await a${method.method}()`,
        doubts: ["other tasks run in the meantime"],
        edits: [
          insertBefore(call.node, `${open}await `),
          replace(method.methodNode, `a${method.method}`),
          ...(close ? [insertAfter(call.node, close)] : []),
        ],
      };
    }
    if (client?.isOfThread) return declined("a connection belongs to the thread that opened it");
    if (call.keywords.get("stream")?.text === "True" || /stream/.test(method?.method ?? ""))
      return declined("the answer comes bit by bit; an asynchronous client is needed");
    if (call.keywords.has("chunksize") || call.argumentList.kind !== "argument_list")
      return declined("the work is done later, bit by bit");
    const asyncio = importModule(file, "asyncio", call.node);
    if (!asyncio) return declined("the name `asyncio` means something else here");
    return awaitedInThread(call, asyncio.name, asyncio.edits);
  },
});

interface Asked {
  readonly client: SyncClient | undefined;
  readonly instead: string | null | undefined;
  readonly evidence: Evidence;
  /** The call in a function of the file that waits. */
  readonly through?: Call;
}

interface Found extends Match {
  readonly evidence: Evidence;
  readonly client: SyncClient | undefined;
  readonly instead: string | null | undefined;
  readonly through?: Call;
  readonly call: Call;
  /** The handler of a request around it that awaits nothing. */
  readonly handler: FunctionDef | undefined;
}

/** FastAPI and Starlette call handlers that are no coroutines in a thread of their own. */
function plainHandler(node: Node, facts: Facts): FunctionDef | undefined {
  if (!facts.view.imports("fastapi")) return undefined;
  const def = asFunction(functionAround(node));
  const entry = def?.isAsync && def.decorators.length === 1 ? entryOf(node, facts) : undefined;
  if (entry?.kind !== "request" || entry.def.node !== def!.node || /\.websocket\b/.test(def!.decorators[0]!.text))
    return undefined;
  const isPlain = facts.memo(
    "awaits nothing",
    def!.node,
    () => !WAITS.test(facts.bodyOf(def!).text) && facts.readsSeeing(def!.nameNode).length === 0,
  );
  return isPlain ? def : undefined;
}
/** Also what runs the event loop or needs it: tasks that are started, and names that another file may give. */
const WAITS =
  /\b(?:await|async|yield|asyncio|anyio|get_running_loop|create_task|StreamingResponse|TaskGroup|put_nowait|get_nowait|call_soon\w*)\b/;

function asPlainFunction({ node }: FunctionDef, isOfThread: boolean) {
  const keyword = /^async\s+(?=def\b)/.exec(node.text)?.[0];
  if (keyword === undefined) return declined("`async` cannot be taken away by itself");
  return fixOf(
    "Make it a plain function, which runs in a thread",
    [
      "it runs beside other requests then: what it shares with them must bear that",
      "who awaits it in another file has to change",
      isOfThread && "a connection of sqlite3 has to be opened in there: it belongs to one thread",
    ],
    [remove({ tree: node.tree, start: node.start, end: node.start + keyword.length })],
  );
}

/** Awaited, given to asyncio, or gone through by `async for`: then it is no blocking call. */
function isGivenOn(node: Node): boolean {
  const { parent } = node;
  if (parent?.kind === "await" || useOf(node).kind === "awaited") return true;
  if (parent?.kind === "argument_list" || parent?.kind === "list_splat")
    return /(?:create_task|ensure_future|gather|wait|wait_for|shield|run_coroutine_threadsafe|start_soon|aclosing)$/.test(
      node.ancestor("call")?.field("function")?.text ?? "",
    );
  const around =
    parent?.kind === "as_pattern" || parent?.kind === "with_item" ? node.ancestor("with_statement") : parent;
  return (
    around !== undefined &&
    (around.kind === "with_statement" || around.kind === "for_statement" || around.kind === "for_in_clause") &&
    around.hasToken("async")
  );
}

function askedBy(call: Call, facts: Facts): Asked | undefined {
  const name = facts.nameOf(call.callee);
  const slow = name === undefined ? undefined : slowFunction(name);
  if (slow !== undefined) {
    // Another rule says that it should not be built there at all.
    const isBuilt = builderOf(name) !== undefined && builtAgain(call, facts) !== undefined;
    return isBuilt || isInMemory(call, facts) ? undefined : { client: undefined, instead: slow, evidence: "proof" };
  }
  const method = asMethodCall(call.node);
  if (!method || method.method.startsWith("__")) return undefined;
  const known = clientOf(method.object, facts);
  if (known) {
    const { client, passed } = known;
    const isAnswer = passed.some((it) => client.asks.test(it) && !PARTS.test(it));
    return client.asks.test(method.method) && !isAnswer
      ? { client, instead: client.instead, evidence: "proof" }
      : undefined;
  }
  if (isQuery(call, method, facts)) return { client: DATABASE, instead: undefined, evidence: "strong" };
  if (isOfFirestore(call, facts)) return { client: FIRESTORE, instead: FIRESTORE.instead, evidence: "strong" };
  const text = calleeText(call.node);
  return !/\.a?(?:invoke|predict|run_sync)$|[aA]sync|\baio\b|\bacli/.test(text) &&
    askedOf(text) !== undefined &&
    (name === undefined || blockingCall(name) === undefined) &&
    facts.typeOf(method.object) === undefined &&
    isUsedAtOnce(call.node, true, facts)
    ? { client: undefined, instead: "an asynchronous client", evidence: "strong" }
    : undefined;
}

/** `database.one("select …")` whose answer is looked at at once, or which is only told to write: whoever is behind it, it has waited for the answer. */
function isQuery(call: Call, method: MethodCall, facts: Facts): boolean {
  if (!ASKS_DATABASE.test(method.method) || NO_DATABASE.test(method.object.text)) return false;
  const first = call.args[0] ?? call.keywords.get("sql") ?? call.keywords.get("query");
  const text = textValue(first && unwrap(facts.valueOf(first) ?? first))
    ?.replace(/\s+/g, " ")
    .trim();
  if (text === undefined || !SQL.test(text)) return false;
  const type = facts.typeOf(method.object)?.name ?? "";
  if (
    type.startsWith("local.")
      ? facts.classNamed(type.slice(6))?.methodNamed(method.method)?.def.isAsync !== false
      : type !== ""
  )
    return false;
  return isUsedAtOnce(call.node, true, facts) || isTestedAtOnce(call.node, facts);
}
const DATABASE = syncClient("sqlite3.connect")!;
const ASKS_DATABASE =
  /^_?(?:execute|query|fetch|get|select|find|run|read|scalar|first|one|all|count)(?:_?[A-Za-z]\w*)?$|^(?:one|first|all)$/;
const NO_DATABASE = /log|spark|duckdb|asyn|pool|\bre\b|context|\bai?o\w*|parser|session|engine/i;
const SQL =
  /^\s*(?:--[^\n]*\n\s*)*(?:select\s+(?:distinct\s+)?[^\s,]+(?:\s+as\s+\w+)?(?:\s+|\s*,[^;]*\s)from\b|insert\s+(?:or\s+\w+\s+)?into\b|update\s+\S+\s+set\b|delete\s+from\b|with\s+\w+\s+as\s*\()/i;

/** `rows = …` that a `for`, an `if not rows` or `len(rows)` reads. */
function isTestedAtOnce(node: Node, facts: Facts): boolean {
  const target = node.parent?.kind === "assignment" ? node.parent.field("left") : undefined;
  if (target?.kind !== "identifier") return node.parent?.kind === "for_statement" && !node.parent.hasToken("async");
  const uses = facts.readsSeeing(target).map((it) => ({ read: it, use: useOf(it) }));
  return (
    uses.some(({ use }) => use.kind === "iterated" && !use.in.hasToken("async")) &&
    uses.every(({ use }) => use.kind !== "awaited" && use.kind !== "argument")
  );
}

const FIRESTORE = syncClient("google.cloud.firestore.Client")!;

/** `reference.get()` and `query.stream()` that another file gives: only documents of Firestore are asked for `to_dict` then, and what is asked at once is no coroutine. */
function isOfFirestore(call: Call, facts: Facts): boolean {
  const method = asMethodCall(call.node, "get", "stream");
  if (!method || call.args.length + call.keywords.size > 0 || call.hasSplat) return false;
  if (!isReference(method.object) && !facts.fileMatches(/\bfirestore\b/)) return false;
  const { parent } = call.node;
  if (parent?.kind === "attribute") return asAttribute(parent)!.name === "to_dict";
  const target = parent?.kind === "assignment" ? parent.field("left") : undefined;
  if (target?.kind !== "identifier") return false;
  const isMany = method.method === "stream";
  return facts.readsSeeing(target).some((it) => {
    const loop = isMany && it.parent?.kind === "for_statement" && it.fieldName === "right" ? it.parent : undefined;
    const item = loop?.field("left");
    return item?.kind === "identifier"
      ? facts.readsOf(item, loop).some((each) => asAttribute(each.parent)?.name === "to_dict")
      : asAttribute(it.parent)?.name === "to_dict";
  });
}
const REFERENCE = /ref$|(?:^|_)(?:doc|query$|coll)/i;
const isReference = (object: Node): boolean =>
  REFERENCE.test(lastName(object)) || /\.(?:document|collection|where|limit|order_by)\(|await /i.test(object.text);

/** Methods of models and stores that nobody named a class of. */
const WORKS = /^(?:predict|predict_proba|transcribe|similarity_search\w*)$/;
const WORKERS = /(?:model|clf|classifier|encoder|estimator|detector|pipeline|whisper|store|db|index|retriever)$/i;

/** A plain function of the file, or a method of the same object, that asks a client, reads a table or lets a model work. */
function askedInside(call: Call, facts: Facts): Asked | undefined {
  const method = asMethodCall(call.node);
  if (method ? call.callee.text.length > 60 : call.callee.kind !== "identifier") return undefined;
  const def = definitionCalled(call.callee, facts) ?? (method && ofOpened(method, facts));
  if (!def || def.isAsync || def.decorators.length > 0 || /^(?:_?init|setup|load_model|__)/.test(def.name))
    return undefined;
  return facts.memo("asks inside", def.node, () => firstAsked(def, facts) ?? null) ?? undefined;
}

/** `with Database() as database: database.one(…)`, where the class is one of the file. */
function ofOpened({ object, method }: MethodCall, facts: Facts): FunctionDef | undefined {
  const [site, more] = object.kind === "identifier" ? facts.reachingSites(object) : [];
  const made = site?.kind === "with" && !more && !site.owner.hasToken("async") ? asCall(site.value) : undefined;
  const owner = made?.callee.kind === "identifier" ? facts.classNamed(made.callee.text) : undefined;
  const entered = owner?.methodNamed("__enter__")?.def;
  if (!entered || !/return self\s*$/.test(entered.body.text.trimEnd())) return undefined;
  const def = owner?.methodNamed(method)?.def;
  if (def) facts.view.looksInto(def.node.tree);
  return def;
}

function firstAsked(def: FunctionDef, facts: Facts): Asked | undefined {
  const body = facts.bodyOf(def);
  if (body.descendants("yield").length > 0) return undefined;
  for (const node of body.descendants("call")) {
    const inner = asCall(node);
    if (!inner || functionAround(node) !== def.node || node.ancestor("except_clause", "lambda")) continue;
    const asked = askedBy(inner, facts) ?? workedBy(inner, facts);
    if (asked && !ofCache(node)) return { ...asked, through: inner };
  }
  return undefined;
}

/** Loaded only the first time: `if model is None: model = load()`. */
const ofCache = (node: Node): boolean =>
  /\bis None\b|^not |\bnot in\b/.test(node.ancestor("if_statement")?.field("condition")?.text ?? "");

function workedBy(call: Call, facts: Facts): Asked | undefined {
  const method = asMethodCall(call.node);
  return method &&
    WORKS.test(method.method) &&
    call.args.length > 0 &&
    WORKERS.test(method.object.text) &&
    facts.typeOf(method.object)?.name.startsWith("local.") !== true
    ? { client: undefined, instead: null, evidence: "fair" }
    : undefined;
}

/** What these give is asked for more, and not an answer. */
const PARTS = /collection|index|cursor|session|table|bucket|document|open|sheet|client|resource|query/i;
const STEPS = 12;

/** The client that a chain such as `self.store.collection("x").document(y)` begins with, and the methods on the way. */
function clientOf(
  object: Node,
  facts: Facts,
): { readonly client: SyncClient; readonly passed: readonly string[] } | undefined {
  const passed: string[] = [];
  let at: Node | undefined = object;
  for (let step = 0; at && step < STEPS; step++) {
    const node = unwrap(at);
    const call = asCall(node);
    if (call) {
      const name = facts.nameOf(call.callee);
      const client = name === undefined ? undefined : syncClient(name);
      if (client) return { client, passed };
      const method = asMethodCall(node);
      if (method && isEngine(method, facts)) return { client: ENGINE, passed: [...passed, method.method] };
      if (!method || name !== undefined) {
        if (call.callee.text === "SessionLocal" && facts.valueOf(call.callee) === undefined)
          return { client: syncClient("sqlalchemy.orm.Session")!, passed };
        at = name === undefined ? (givenBy(call.callee, facts) ?? facts.valueOf(call.callee)) : undefined;
      } else {
        passed.push(method.method);
        at = method.object;
      }
      continue;
    }
    const type = facts.typeOf(node)?.name;
    const client = type === undefined ? undefined : syncClient(type);
    if (client) return { client, passed };
    if (node.kind === "identifier") at = valueOf(node, facts);
    else if (node.kind === "attribute") {
      if (asAttribute(node)!.name === "aio") return undefined;
      at = facts.valueOf(node) ?? asAttribute(node)!.object;
    } else at = asSubscript(node)?.value;
  }
  return undefined;
}

const ENGINE = syncClient("sqlalchemy.create_engine")!;

/** `engine.connect()` of an engine that another file makes: an asynchronous one is opened by `async with`. */
function isEngine({ object, method }: MethodCall, facts: Facts): boolean {
  return (
    (method === "connect" || method === "begin") &&
    /(?:^|_)engine$/.test(lastName(object)) &&
    !/async/i.test(object.text) &&
    facts.view.imports("sqlalchemy") &&
    (facts.valueOf(object)?.kind ?? "identifier") === "identifier"
  );
}

function valueOf(name: Node, facts: Facts): Node | undefined {
  const value = facts.valueOf(name);
  if (value) return value;
  const [site, more] = facts.reachingSites(name);
  return site?.kind === "with" && !more && !site.owner.hasToken("async") ? site.value : undefined;
}

/** What a plain function of the file returns, if it returns in one place. */
function givenBy(callee: Node, facts: Facts): Node | undefined {
  const def = callee.kind === "identifier" ? facts.functionNamed(callee) : undefined;
  if (!def || def.isAsync) return undefined;
  const [only, more] = facts.bodyOf(def).descendants("return_statement");
  return more ? undefined : only?.children[0];
}

/** `pd.read_csv(io.StringIO(text))` reads nothing from outside. */
function isInMemory({ args }: Call, facts: Facts): boolean {
  const first = args[0] && asCall(unwrap(facts.valueOf(args[0]) ?? args[0]));
  return /^(?:io\.)?(?:StringIO|BytesIO)$/.test(first?.callee.text ?? "");
}

/** Before the first request is served nobody waits. */
function isStarting(node: Node): boolean {
  const def = asFunction(functionAround(node));
  return (
    def !== undefined &&
    (/^(?:_?(?:lifespan|startup|on_startup|setup|setup_hook|initiali[sz]e|init|load_model\w*))$/.test(def.name) ||
      def.decorators.some((it) => /on_event|asynccontextmanager|before_serving|listener/.test(it.text)))
  );
}

function weightOf(call: Call, node: Node, facts: Facts): Weight {
  // One update after the other is served there, unless the program asks for more.
  const isOneByOne = facts.view.imports("telegram") && !facts.fileMatches(AT_ONCE);
  if (entryOf(node, facts)) return isOneByOne && isLookUp(call, facts) ? "unknown" : "heavy";
  return facts.weightOf(node) === "light" ? "light" : "unknown";
}
const AT_ONCE = /\bconcurrent_updates\b|\bblock\s*=\s*False\b|\bcreate_task\(/;

/** One row by its key, or one key of a store. */
function isLookUp(call: Call, facts: Facts): boolean {
  const method = asMethodCall(call.node);
  if (!method) return false;
  const first = call.args[0] ?? call.keywords.get("sql") ?? call.keywords.get("query");
  const text = first && textValue(unwrap(facts.valueOf(first) ?? first));
  if (text !== undefined && /^(?:select|insert|update|delete)\b/i.test(text))
    return BY_KEY.test(text) && !/\b(?:join|group by|order by|like|in)\b/i.test(text);
  return /^(?:get|hget|exists|get_item|find_one|set|hset|put_item|incr)$/.test(method.method) && call.args.length > 0;
}
const BY_KEY = /\bwhere [`"\w.]+ ?= ?[^\s;]+(?: limit 1)? ?;?$/i;
