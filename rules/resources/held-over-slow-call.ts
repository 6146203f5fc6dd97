/** A connection to a database, or a lock, that is kept while a server, a model or the clock lets the program wait. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asFunction,
  asMethodCall,
  asWith,
  callsUnder,
  defineRule,
  excerpt,
  fileQuestion,
  functionAround,
  isStarted,
  nameAtRoot,
  sessionEvidence,
  slowCall,
  sqlOf,
  statementsOf,
  unwrap,
  weakest,
  type Call,
  type Evidence,
  type Facts,
  type Match,
  type Node,
  type SlowCall,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Connection or lock held while somebody else answers",
  why: "A pool has a dozen connections, and a lock lets one thread through. Held while a server, a model or a chat is asked, they are taken for seconds without being used: a few requests at a time, and all others wait although the database has nothing to do. Read first, let go, ask, and take it again for what has to be stored.",
  guide: "context-managers",
  level: "warning",
  gain: "safety",
  words: ["Lock", "session", "Session", "connect", "acquire", "connection", "engine", "db", "cursor"],

  examples: [
    {
      before: `
import threading
import requests

class Prices:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known = {}

    def load(self, name: str) -> None:
        with self.lock:
            answer = requests.get(f"https://example.com/{name}", timeout=30)
            self.known[name] = answer.text
`,
      after: `
import threading
import requests

class Prices:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known = {}

    def load(self, name: str) -> None:
        answer = requests.get(f"https://example.com/{name}", timeout=30)
        with self.lock:
            self.known[name] = answer.text
`,
    },
  ],

  on: ["with_statement", "function_definition"],

  find(node, { facts }): Held | undefined {
    if (facts.isTest) return undefined;
    if (node.kind === "function_definition") return ofParameters(node, facts);
    const block = asWith(node);
    if (!block) return undefined;
    for (const { value, alias } of block.items) {
      const lock = block.isAsync ? undefined : lockEvidence(value, facts);
      if (lock) return overLock(value, lock, block.body, node, facts);
      if (alias?.kind !== "identifier") continue;
      const found = overHandle(alias, value, block.body, facts);
      if (found) return found;
    }
    return undefined;
  },

  message: ({ held, slow, isLock, isRepeated }) => {
    const shown = excerpt(slow.shown.text.replace(/\s+/g, ""), 40);
    const of = excerpt(held.text.replace(/\s+/g, ""), 30);
    const turns = isRepeated ? " in every turn" : "";
    return isLock
      ? `\`${of}\` is held while \`${shown}\` ${WAITS[slow.waits]}${turns}, so that all other threads that need it wait as long.`
      : `\`${of}\` keeps its connection while \`${shown}\` ${WAITS[slow.waits]}${turns}; a pool has few, and others wait for it.`;
  },
});

const WAITS = {
  request: "waits for a server",
  model: "waits for a model",
  message: "waits for another service",
  pause: "pauses",
  program: "waits for another program",
} as const;

interface Held extends Match {
  readonly held: Node;
  readonly slow: SlowCall;
  readonly isLock: boolean;
  readonly isRepeated: boolean;
}

// What a connection is told.

const ASKS =
  /^(?:execute|executemany|exec|scalars?|query|get|get_one|merge|refresh|flush|stream|fetch|fetchrow|fetchval|fetchone|fetchall|first|all|one|copy_\w+)$/;
const FREES = /^(?:commit|rollback|close|aclose|remove|invalidate|reset|expunge_all|release)$/;

/** A `with` that binds a session or a connection. */
function overHandle(alias: Node, value: Node, body: Node, facts: Facts): Held | undefined {
  if (/sqlite|lock|open\(/i.test(value.text) || facts.ofFile(isOfFiles)) return undefined;
  // A cursor of what a block around it binds is part of that.
  const owner = asMethodCall(unwrap(value), "cursor")?.object.text;
  if (owner !== undefined && isBoundAround(owner, body)) return undefined;
  const session = sessionEvidence(alias, facts);
  const isPooled = CONNECTS.test(value.text.replace(/\s+/g, ""));
  if (!session && !isPooled && !/^[A-Z]\w*\(|[cC]onn|cursor/.test(value.text)) return undefined;
  return heldIn(alias, session, body, facts);
}

function isBoundAround(name: string, body: Node): boolean {
  const own = body.ancestor("with_statement");
  for (
    let at = own?.ancestor("with_statement", "function_definition");
    at?.kind === "with_statement";
    at = at.ancestor("with_statement", "function_definition")
  )
    if (asWith(at)?.items.some(({ alias }) => alias?.text === name)) return true;
  return false;
}

const CONNECTS =
  /(?:pool|engine|db|database)\w*\.(?:acquire|connection|connect|begin|getconn|get_connection)\(|\bpsycopg2?\.connect\(|\basyncpg\.connect\(/i;
/** A database in a file has no pool, and a program of one user nobody who waits. */
const isOfFiles = fileQuestion(
  (facts) => ["sqlite3", "aiosqlite", "duckdb"].some((it) => facts.view.imports(it)) || facts.fileMatches(/sqlite:/),
);

/** The sessions that a function is handed: whoever calls it took them from the pool. */
function ofParameters(node: Node, facts: Facts): Held | undefined {
  const def = asFunction(node);
  if (
    !def ||
    !def.parameters.some(
      ({ name, annotation }) => annotation && /Session|Connection/.test(annotation.text) && /sess|db|conn/i.test(name),
    )
  )
    return undefined;
  if (facts.ofFile(isOfFiles)) return undefined;
  for (const { nameNode, annotation } of def.parameters) {
    const session = annotation && sessionEvidence(nameNode, facts);
    if (!session || session === "fair") continue;
    const found = heldIn(nameNode, session, def.body, facts);
    if (found) return found;
  }
  return undefined;
}

interface Step {
  readonly node: Node;
  readonly isAsked: boolean;
}
/** So many slow calls of one block are looked at. */
const MOST = 12;

/** The first call that waits after something was asked through the handle and before that was ended. */
function heldIn(handle: Node, session: Evidence | undefined, body: Node, facts: Facts): Held | undefined {
  const home = functionAround(body.children[0] ?? body);
  const steps: Step[] = [];
  const cursors = new Set([handle.text]);
  let evidence = session;
  let looked = 0;
  let worst: Held | undefined;
  for (const call of callsUnder(body)) {
    if (functionAround(call.node) !== home) continue;
    const method = asMethodCall(call.node);
    if (method && cursors.has(method.object.text)) {
      if (method.method === "cursor") cursors.add(nameOfCursor(call.node) ?? "");
      const isSql = saysSql(call, facts);
      if (isSql || (session && ASKS.test(method.method))) {
        evidence ??= isSql ? "strong" : undefined;
        steps.push({ node: call.node, isAsked: true });
      } else if (FREES.test(method.method)) steps.push({ node: call.node, isAsked: false });
      continue;
    }
    // Somebody else is handed it, and may do either.
    if ([...call.args, ...call.keywords.values()].some((it) => cursors.has(it.text))) continue;
    if (steps.length === 0 || looked >= MOST || isHandedOn(call.node, body)) continue;
    const slow = slowCall(call, facts);
    if (!slow) continue;
    looked++;
    if (!evidence || !isHeldAt(call.node, steps, body)) continue;
    const loop = facts.loopAround(call.node);
    const isRepeated = loop !== undefined && loop.isInside(body);
    const weight = weightOf(slow, isRepeated, facts);
    if (worst && (worst.weight === weight || weight !== "heavy")) continue;
    worst = {
      at: slow.shown,
      evidence: weakest(evidence, slow.evidence) ?? "fair",
      weight,
      related: [{ at: steps[0]!.node, message: "the connection is taken here" }],
      held: handle,
      slow,
      isLock: false,
      isRepeated,
    };
  }
  return worst;
}

/** `cursor` of `cursor = connection.cursor()` and `with connection.cursor() as cursor`. */
function nameOfCursor(call: Node): string | undefined {
  const item = call.ancestor("with_item");
  const alias = item && asWith(item.ancestor("with_statement"))?.items.find((it) => it.node === item)?.alias;
  return alias?.text ?? asAssignment(call.parent)?.targets[0]?.text;
}

/** What it is given is a statement. */
function saysSql({ args }: Call, facts: Facts): boolean {
  const [given] = args;
  const sql = given && sqlOf(given, facts);
  return sql !== undefined && /^[rbfuRBFU]{0,2}["']{1,3}\s*(?:select|insert|update|delete|with)\b/i.test(sql);
}

/** Something was asked, and nothing that runs in any case has ended that since. */
function isHeldAt(at: Node, steps: readonly Step[], body: Node): boolean {
  for (let index = steps.length - 1; index >= 0; index--) {
    const { node, isAsked } = steps[index]!;
    if (isElsewhere(node, at, body)) continue;
    return isAsked;
  }
  return false;
}

/** It stands in a branch that ends the block, or in the other one of an `if`. */
function isElsewhere(node: Node, at: Node, body: Node): boolean {
  for (
    let block = node.ancestor("block");
    block && block !== body && block.isInside(body);
    block = block.ancestor("block")
  ) {
    if (at.isInside(block)) return false;
    const last = statementsOf(block).at(-1)?.kind;
    if (/^(?:return|raise|continue|break)_statement$/.test(last ?? "")) return true;
    const owner = block.parent;
    if (
      owner &&
      at.isInside(owner.kind === "if_statement" || owner.kind === "try_statement" ? owner : (owner.parent ?? owner)) &&
      !/^(?:with|for|while|try)_statement$/.test(owner.kind)
    )
      return true;
  }
  return false;
}

/** It is only made here, and runs at another time: `asyncio.create_task(send())`. */
function isHandedOn(node: Node, body: Node): boolean {
  for (let at = node.parent; at && at !== body; at = at.parent) {
    if (
      at.kind === "call" &&
      /(?:create_task|ensure_future|run_coroutine_threadsafe|submit|add_task|apply_async|delay|start_soon|Thread|spawn)$/.test(
        asCall(at)?.callee.text ?? "",
      )
    )
      return true;
    if (at.kind === "lambda" || at.kind === "except_clause") return true;
  }
  return false;
}

/** Programs that serve several at a time. */
const SERVERS = [
  "fastapi",
  "flask",
  "django",
  "starlette",
  "celery",
  "streamlit",
  "telegram",
  "telebot",
  "aiogram",
  "discord",
  "aiohttp",
  "sanic",
  "quart",
  "apscheduler",
];

function weightOf({ waits }: SlowCall, isRepeated: boolean, facts: Facts): Weight {
  if (facts.isNotebook) return "light";
  if (!SERVERS.some((it) => facts.view.imports(it)) && isStarted(facts)) return "light";
  return isRepeated || waits === "model" ? "heavy" : "unknown";
}

// Locks.

/** A lock of threads that others need too: one of the module, or of an object. */
function lockEvidence(value: Node, facts: Facts): Evidence | undefined {
  const lock = unwrap(value);
  const isOfObject = asAttribute(lock)?.object.text === "self";
  if (!isOfObject && (lock.kind !== "identifier" || !isOfModule(lock, facts))) return undefined;
  if (FOR_ONE.test(lock.text)) return undefined;
  const type = facts.typeOf(lock)?.name ?? "";
  if (/^threading\.R?Lock$/.test(type)) return "proof";
  const made = asCall(facts.valueOf(lock));
  return made && /^threading\.(?:R?Lock)$/.test(facts.nameOf(made.callee) ?? "") ? "proof" : undefined;
}

const isOfModule = (lock: Node, facts: Facts): boolean => {
  const [site] = facts.writesOf(lock);
  return site !== undefined && facts.scopeOf(site.name).kind === "module";
};

/** By its name it is there so that one at a time asks: that is what it is held for. */
const FOR_ONE =
  /(?:rate|throttl|limit|api|llm|model|client|request|http|io|send|print|browser|driver|page|serial|port|device|inference|gpu|camera|call|init|load|start|refresh|reload|token|connect|process|subprocess|run)\w*_?lock|_lock_for/i;

function overLock(lock: Node, held: Evidence, body: Node, node: Node, facts: Facts): Held | undefined {
  const def = asFunction(functionAround(node));
  if (LIMITS.test(`${def?.name ?? ""} ${(def && facts.classNameOf(def.outer)) ?? ""}`)) return undefined;
  if (!changesState(body)) return undefined;
  const home = functionAround(node);
  for (const call of callsUnder(body).slice(0, MANY)) {
    if (functionAround(call.node) !== home || isHandedOn(call.node, body)) continue;
    const slow = slowCall(call, facts);
    if (!slow || slow.evidence === "fair" || isChosen(call.node, body)) continue;
    const loop = facts.loopAround(call.node);
    const isRepeated = loop !== undefined && loop.isInside(body);
    return {
      at: call.callee,
      evidence: weakest(held, slow.evidence) ?? "fair",
      weight: facts.isNotebook
        ? "light"
        : isRepeated || slow.waits === "model" || slow.waits === "request"
          ? "heavy"
          : "unknown",
      related: [{ at: lock, message: "the lock is taken here" }],
      held: lock,
      slow,
      isLock: true,
      isRepeated,
    };
  }
  return undefined;
}
const MANY = 60;
const LIMITS = /rate|limit|throttl|bucket|backoff|pace|cooldown|wait/i;

/** It is there for what others change as well: something is stored or looked up beside the call. */
const changesState = (body: Node): boolean =>
  body.descendants("attribute", "subscript").some((it) => {
    const root = nameAtRoot(it);
    return (
      root !== undefined &&
      (it.fieldName === "left" ||
        it.parent?.kind === "for_statement" ||
        FILLS.test(asMethodCall(it.parent)?.method ?? ""))
    );
  });
const FILLS = /^(?:append|add|pop|popleft|remove|discard|update|clear|setdefault|items|values|keys|extend|insert)$/;

/** Only where nothing is known yet, or it is too old: then the lock is there so that one asks for all. */
function isChosen(node: Node, body: Node): boolean {
  for (let at = node.parent; at && at !== body; at = at.parent)
    if (at.kind === "if_statement" || at.kind === "conditional_expression" || at.kind === "while_statement")
      return true;
  return body
    .descendants("if_statement")
    .some((it) => it.start < node.start && it.descendants("return_statement", "continue_statement").length > 0);
}
