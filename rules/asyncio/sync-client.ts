/** A call of a blocking client, a table that is read or a model that works in a coroutine, while the event loop stands still. */

import {
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
  functionAround,
  importModule,
  isAheadOfTasks,
  isCoroutineTest,
  insertAfter,
  insertBefore,
  asFunction,
  neverRuns,
  obstacleToAwait,
  replace,
  slowFunction,
  syncClient,
  unwrap,
  useOf,
  type Call,
  type Evidence,
  type Facts,
  type Match,
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
  overrides: ["asyncio/blocking-call", "llm/sequential-invoke"],
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
    const asked = call && askedBy(call, facts);
    if (!asked || neverRuns(node) || isAheadOfTasks(node, true, facts) || isCoroutineTest(node, facts))
      return undefined;
    if (isStarting(node)) return undefined;
    const method = asMethodCall(node);
    return {
      at: method && asked.client ? method.methodNode : call.callee,
      weight: weightOf(node, facts),
      construct: node,
      call,
      ...asked,
    };
  },

  message({ call, client, instead }) {
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

  fix({ call, client, instead }, file) {
    const obstacle = obstacleToAwait(call.node, file);
    if (obstacle) return declined(obstacle);
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
}

interface Found extends Match {
  readonly evidence: Evidence;
  readonly client: SyncClient | undefined;
  readonly instead: string | null | undefined;
  readonly call: Call;
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
  const text = calleeText(call.node);
  return !/\.a?(?:invoke|predict|run_sync)$|[aA]sync|\baio\b|\bacli/.test(text) &&
    askedOf(text) !== undefined &&
    (name === undefined || blockingCall(name) === undefined) &&
    facts.typeOf(method.object) === undefined &&
    isUsedAtOnce(call.node, facts)
    ? { client: undefined, instead: "an asynchronous client", evidence: "strong" }
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
      if (!method || name !== undefined) at = name === undefined ? givenBy(call.callee, facts) : undefined;
      else {
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

function valueOf(name: Node, facts: Facts): Node | undefined {
  const value = facts.valueOf(name);
  if (value) return value;
  const [site, more] = facts.reachingSites(name);
  return site?.kind === "with" && !more ? site.value : undefined;
}

/** What a plain function of the file returns, if it returns in one place. */
function givenBy(callee: Node, facts: Facts): Node | undefined {
  const def = callee.kind === "identifier" ? facts.functionNamed(callee) : undefined;
  if (!def || def.isAsync) return undefined;
  const [only, more] = facts.bodyOf(def).descendants("return_statement");
  return more ? undefined : only?.children[0];
}

/** The answer is read as if it were there already: it cannot be a coroutine. */
function isUsedAtOnce(node: Node, facts: Facts): boolean {
  const { parent } = node;
  if (parent?.kind === "attribute" || (parent?.kind === "subscript" && node.fieldName === "value")) return true;
  const target = parent?.kind === "assignment" ? parent.field("left") : undefined;
  if (target?.kind !== "identifier") return false;
  const reads = facts.readsSeeing(target);
  return (
    reads.length > 0 &&
    reads.every((it) => it.parent?.kind !== "await" && !it.parent?.hasToken("async")) &&
    reads.some((it) => it.parent?.kind === "attribute" || it.parent?.kind === "subscript")
  );
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

function weightOf(node: Node, facts: Facts): Weight {
  if (entryOf(node, facts)) return "heavy";
  return facts.weightOf(node) === "light" ? "light" : "unknown";
}
