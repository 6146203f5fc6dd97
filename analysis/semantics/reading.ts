/** Whether awaiting a call only reads: no order of effects to keep, no connection, lock or turn that it shares with others. */

import { isPureCall, mutates } from "../knowledge/index.js";
import { asCall, asMethodCall, unwrap, type Call } from "../syntax/expressions.js";
import { asWith, functionAround, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { methodCalled } from "./called.js";
import type { Facts } from "./facts.js";

/** Clients made to be used by many tasks at a time, and what only reads from the other side. */
const READS =
  /^(aiohttp\.ClientSession\.(get|head|options)|httpx2?\.AsyncClient\.(get|head|options)|asyncpg\.Pool\.(fetch|fetchrow|fetchval))$/;
const CLIENTS = new Set([
  "aiohttp.ClientSession",
  "httpx.AsyncClient",
  "httpx2.AsyncClient",
  "asyncpg.Pool",
  "asyncio.Timeout",
]);
const ANSWER = /^(json|text|read|raise_for_status)$/;

/** Awaiting the call asks for something and changes nothing, so that several such calls may run at once in any order. */
export function onlyReads(call: Call, facts: Facts): boolean {
  if (call.argumentList.descendants("call", "await", "yield", "named_expression", "lambda").length > 0) return false;
  return (
    isClientRead(call, facts) ||
    (definitionOf(call, facts) !== undefined && onlyWaits(definitionOf(call, facts)!, facts, 1))
  );
}

/**
 * The name of what is awaited says that it asks for something: `fetch_user(…)`, `model.aembed_query(…)`. For `find` alone, with a message that claims no more.
 * Not where a connection, page or stream is named, which serves one task at a time (unless each turn has its own, as one of `items`), nor where the function of the file that is called changes something.
 */
export function looksLikeReading(call: Call, facts: Facts, items: readonly string[] = []): boolean {
  const { argumentList } = call;
  const callee = givenToThread(call) ?? call.callee;
  // `await self.fetchers[name](…)`: a table of functions is named for what they do.
  const named = (callee.kind === "subscript" ? callee.field("value") : callee) ?? callee;
  const word = (named.kind === "attribute" ? named.field("attribute") : named)?.text ?? "";
  if (!QUESTION.test(word) && !MODEL.test(callee.text)) return false;
  if (argumentList.descendants("await", "yield", "named_expression", "lambda").length > 0) return false;
  const isShared = call.node
    .descendants("identifier")
    .some((it) => ONE_AT_A_TIME.test(it.text) && !items.includes(it.text) && it.end !== callee.end);
  if (isShared && !isClientRead(call, facts)) return false;
  if (callee !== call.callee) return true;
  const def = definitionOf(call, facts) ?? methodCalled(call.callee, facts)?.def;
  if (!def) return true;
  const body = facts.bodyOf(def);
  const waits = body.descendants("await").length > 0 || /\basync (with|for)\b/.test(body.text);
  return waits && def.isAsync && def.decorators.length === 0 && !CHANGES.test(body.text) && !isPaced(body.text);
}

/** `asyncio.to_thread(…)`, `loop.run_in_executor(…)`: a pool runs it, which has only so many workers. */
export function isGivenToPool({ callee }: Call): boolean {
  return /(?:^|\.)(?:to_thread|run_in_threadpool|run_in_executor)$/.test(callee.text);
}

/** The function in `asyncio.to_thread(fetch, url)` and `loop.run_in_executor(None, fetch, url)`. */
function givenToThread(call: Call): Node | undefined {
  const { callee, args } = call;
  if (!isGivenToPool(call) || callee.text === "run_in_executor") return undefined;
  const given = args[callee.text.endsWith("run_in_executor") ? 1 : 0];
  return given?.kind === "identifier" || given?.kind === "attribute" ? given : undefined;
}

/** `load` is not among them, as it often stores what it loaded. A bare `get` or `read` may take from a queue or a stream. */
const QUESTION =
  /^_*a?(fetch|query|search|lookup|select|retrieve|download|embed|generate|complete$|invoke|predict|translate|summari[sz]e|classify|score|rerank|analy[sz]e|scrape|crawl|describe|extract|transcribe|getnameinfo|getaddrinfo|(get|read|find|list|count|check|resolve|collect)_)(?!_?(next|and_(store|save|update|set|lock|delete)|or_(create|insert|set)))/;
const MODEL = /\b(completions|embeddings|messages|responses)\.(create|parse)$/;
const ONE_AT_A_TIME =
  /^(\w*_)?(db|conn|connection|session|cursor|cur|tx|transaction|uow|lock|ws|websocket|socket|reader|writer|stream|queue|page|tab|browser|driver|element|conversation|history|chat|cache)$/i;
const CHANGES =
  /\b(semaphore|limiter|throttle|global|nonlocal)\b|(\b|_)lock\b|\brate_limit|\bself\.\w+\s*[-+*|]?=[^=]|\.(add|commit|insert\w*|update\w*|delete\w*|remove|put|write|send\w*|publish|save\w*)\(/i;
/** A pause between requests is meant; one behind a failed request is not about those that succeed. */
const isPaced = (body: string) => /\bsleep\(/.test(body) && !/\bexcept\b/.test(body);

function isClientRead(call: Call, facts: Facts): boolean {
  const method = asMethodCall(call.node);
  return method !== undefined && READS.test(`${facts.typeOf(method.object)?.name}.${method.method}`);
}

/** A coroutine function of the file, or a method of the class that the receiver belongs to. */
function definitionOf(call: Call, facts: Facts): FunctionDef | undefined {
  const own = facts.functionNamed(call.callee);
  if (own) return own;
  const method = asMethodCall(call.node);
  const owner = method && facts.typeOf(method.object)?.name;
  if (!owner?.startsWith("local.")) return undefined;
  const found = facts.classNamed(owner.slice("local.".length))?.methodNamed(method!.method);
  return found?.kind === "instance" ? found.def : undefined;
}

/** Waits, but changes nothing, tells nobody and takes no turn: every call in it is known to do neither. */
function onlyWaits(def: FunctionDef, facts: Facts, depth: number): boolean {
  const body = facts.bodyOf(def);
  if (
    !def.isAsync ||
    def.decorators.length > 0 ||
    body.descendants("yield", "global_statement", "nonlocal_statement", "lambda", "function_definition").length > 0
  )
    return false;
  const isOwn = (it: Node) =>
    it.kind === "identifier" &&
    facts.writesOf(it).length > 0 &&
    facts.writesOf(it).every((site) => site.kind !== "parameter" && functionAround(site.name) === def.node);
  const stores = body
    .descendants("attribute", "subscript")
    .filter(
      (it) => it.fieldName === "left" || it.parent?.kind === "delete_statement" || it.parent?.kind === "pattern_list",
    );
  if (!stores.every((it) => isOwn(it.field("object") ?? it.field("value")!))) return false;
  if (
    !body
      .descendants("with_statement")
      .every((it) => asWith(it)?.isAsync && asWith(it)!.items.every((item) => isSharedClient(item.value, facts)))
  )
    return false;
  if (body.descendants("await", "with_statement").length === 0) return false;
  return body
    .descendants("call")
    .every((it) => it.ancestor("raise_statement") !== undefined || isWaitingCall(it, isOwn, facts, depth));
}

function isWaitingCall(node: Node, isOwn: (it: Node) => boolean, facts: Facts, depth: number): boolean {
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (!call) return false;
  if (name !== undefined)
    return isPureCall(name) || name === "asyncio.sleep" || name === "asyncio.timeout" || CLIENTS.has(name);
  const method = asMethodCall(node);
  if (method) {
    const type = facts.typeOf(method.object)?.name;
    if (isClientRead(call, facts) || (type !== undefined && isPureCall(`${type}.${method.method}`))) return true;
    if (type !== undefined && mutates(type, method.method) && isOwn(method.object)) return true;
    if (ANSWER.test(method.method) && isAnswer(method.object, facts)) return true;
  }
  const own = depth > 0 ? definitionOf(call, facts) : undefined;
  return own !== undefined && onlyWaits(own, facts, depth - 1);
}

/** What a client's read gave: `response = await client.get(url)`, `async with session.get(url) as response`. */
function isAnswer(node: Node, facts: Facts): boolean {
  if (node.kind !== "identifier") return false;
  const sites = facts.writesOf(node);
  return (
    sites.length > 0 &&
    sites.every(({ value }) => {
      const made = asCall(value?.kind === "await" ? unwrap(value.children[0]!) : value);
      return made !== undefined && isClientRead(made, facts);
    })
  );
}

/** A client that many tasks may use at a time, or an answer of one. */
export function isSharedClient(value: Node, facts: Facts): boolean {
  const call = asCall(value);
  return CLIENTS.has(facts.typeOf(value)?.name ?? "") || (call !== undefined && isClientRead(call, facts));
}
