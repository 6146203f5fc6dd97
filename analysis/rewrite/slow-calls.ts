/** Calls that wait for somebody else: a server, a model, a chat, a mail, a program, or the clock. For what is held meanwhile. */

import { isGivenToPool } from "../semantics/reading.js";
import { definitionCalled } from "../semantics/called.js";
import { functionQuestion } from "../semantics/definition-questions.js";
import type { Evidence } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import { qualifiedName } from "../semantics/qualified.js";
import { askedOf, MODEL_LIBRARIES } from "../knowledge/model-calls.js";
import { soundsLikeAsking } from "../knowledge/heavy-calls.js";
import { slowFunction } from "../knowledge/sync-clients.js";
import { argumentOf, asCall, asMethodCall, unwrap, type Call } from "../syntax/expressions.js";
import { functionAround } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { calleeText } from "./calls-inside.js";

/** What a call waits for. */
export type Waits = "request" | "model" | "message" | "pause" | "program";

/** A call that waits, and how sure that is. */
export interface SlowCall {
  readonly call: Call;
  /** What is called in the end: `summarize` of `asyncio.to_thread(summarize, text)`. */
  readonly shown: Node;
  readonly waits: Waits;
  readonly evidence: Evidence;
}

const VERBS = "get|post|put|patch|delete|head|options|request|stream|send";
const REQUESTS = new RegExp(
  `^(?:(?:requests|httpx|requests\\.(?:sessions\\.)?Session|httpx\\.(?:Async)?Client|aiohttp(?:\\.client)?\\.ClientSession)\\.(?:${VERBS})|urllib\\.request\\.(?:urlopen|urlretrieve)|(?:smtplib|ftplib|imaplib|poplib)\\.\\w+(?:\\.(?:sendmail|send_message|login|storbinary|retrbinary|fetch|search))?|yfinance\\.download|wikipedia\\.\\w+|feedparser\\.parse)$`,
);
const CHATS = ["telegram", "telebot", "aiogram", "discord", "pyrogram", "telethon", "slack_sdk", "nextcord", "disnake"];
const MESSAGES =
  /^(?:reply_\w+|send_(?:message|photo|document|audio|voice|video|media_group|poll|animation|chat_action)|edit_message_\w+|edit_text|chat_postMessage)$/;
/** Functions of other files that are called like what sends something. */
const SENDS =
  /^_?(?:send|notify|publish)_(?:\w+_)?(?:e?mails?|messages?|telegram|slack|sms|push|notifications?|webhook|admins?|users?|discord)$/;
const PROGRAMS = /^(?:subprocess\.(?:run|call|check_call|check_output)|os\.system)$/;
/** A function of a module that is called for the model it asks: `services.openai_summary.summarize`. */
const OF_MODELS = /(?:^|[._])(?:openai|llm|gpt|anthropic|gemini|ollama|claude)(?:_\w+)?\.\w+$/;
const CLIENT = /(?:^|\.)(?:\w+_client|[A-Z]\w*Client)$/;
/** What is no further away than the database itself. */
const OWN_CLIENT = /db|sql|redis|cache|mongo|prisma|pg|test|mock|lock|queue/i;
/** Seconds below which a pause is no pause. */
const SHORTEST = 0.05;

/** What a call waits for, itself or in the function of the file that it calls; undefined where it waits for nobody, or only hands work on. */
export function slowCall(call: Call, facts: Facts): SlowCall | undefined {
  const own = directWait(call, facts);
  if (own) return { call, shown: call.callee, ...own };
  const given = handedToPool(call);
  if (given) {
    const def = definitionCalled(given, facts);
    const name = facts.nameOf(given);
    if (name !== undefined && REQUESTS.test(name)) return { call, shown: given, waits: "request", evidence: "proof" };
    if (def) return through(call, given, slowInside(def, facts));
    return name !== undefined && OF_MODELS.test(name)
      ? { call, shown: given, waits: "model", evidence: "fair" }
      : undefined;
  }
  const def = definitionCalled(call.callee, facts);
  if (!def || (def.isAsync && !isAwaited(call.node))) return undefined;
  return through(call, call.callee, slowInside(def, facts));
}

/** The function that a pool of threads is given to run. */
const handedToPool = (call: Call): Node | undefined =>
  isGivenToPool(call) ? call.args[call.callee.text.endsWith("run_in_executor") ? 1 : 0] : undefined;

function through(call: Call, shown: Node, said: string): SlowCall | undefined {
  const [waits = "", evidence = ""] = said.split(" ");
  return waits === "" ? undefined : { call, shown, waits: waits as Waits, evidence: evidence as Evidence };
}

const isAwaited = (node: Node): boolean => unwrapped(node).parent?.kind === "await";
const unwrapped = (node: Node): Node => (node.parent?.kind === "parenthesized_expression" ? node.parent : node);

/** What a function of the file waits for, whatever else it does. */
const slowInside = functionQuestion<string>((def, facts) => {
  const body = facts.bodyOf(def);
  for (const node of body.descendants("call")) {
    const call = asCall(node);
    // Not what it does after a failure, or leaves to a function inside it.
    if (!call || functionAround(node) !== def.node || node.ancestor("except_clause")?.isInside(body)) continue;
    const found = directWait(call, facts);
    // What is only called like one is not followed.
    if (found && found.evidence !== "fair") return `${found.waits} strong`;
  }
  return "";
});

function directWait(call: Call, facts: Facts): Omit<SlowCall, "call" | "shown"> | undefined {
  const name = qualifiedName(call, facts);
  if (name !== undefined) {
    if (REQUESTS.test(name)) return { waits: "request", evidence: "proof" };
    if (PROGRAMS.test(name)) return { waits: "program", evidence: "proof" };
    if (/^(?:time|asyncio|anyio|trio)\.sleep$/.test(name)) return isLongPause(call.args[0], facts);
    if (name === "psutil.cpu_percent" || name === "psutil.cpu_times_percent")
      return isLongPause(argumentOf(call, "interval", 0), facts);
    if (/^(?:litellm|ollama|replicate|openai)\./.test(name) && slowFunction(name) !== undefined)
      return { waits: "model", evidence: "proof" };
  }
  const text = calleeText(call.node);
  if (askedOf(text) !== undefined && MODEL_LIBRARIES.some((it) => facts.view.imports(it)))
    return { waits: "model", evidence: "strong" };
  const method = asMethodCall(call.node);
  if (method && MESSAGES.test(method.method) && CHATS.some((it) => facts.view.imports(it)))
    return { waits: "message", evidence: "strong" };
  const word = method?.method ?? call.callee.text;
  // Of a function of another file there is only the name.
  if (definitionCalled(call.callee, facts)) return undefined;
  if (isAwaited(call.node)) {
    if (name !== undefined && OF_MODELS.test(name)) return { waits: "model", evidence: "fair" };
    // `await ZendeskClient().tickets(…)`: what is called a client asks over the network.
    const object = method && (asCall(unwrap(method.object))?.callee ?? method.object).text;
    if (
      object !== undefined &&
      CLIENT.test(object) &&
      !OWN_CLIENT.test(object) &&
      !/^(?:a?close|connect|disconnect)$/.test(word)
    )
      return { waits: "request", evidence: "fair" };
  }
  if (SENDS.test(word) || (soundsLikeAsking(word) && !/_(?:db|database)$/.test(word)))
    return { waits: "message", evidence: "fair" };
  return undefined;
}

/** Undefined for a turn of the loop (`sleep(0)`) and for what is too short to matter. */
function isLongPause(given: Node | undefined, facts: Facts): Omit<SlowCall, "call" | "shown"> | undefined {
  if (!given) return undefined;
  const value = unwrap(given.kind === "identifier" ? (facts.valueOf(given) ?? given) : given);
  const seconds = /^(?:integer|float)$/.test(value.kind) ? Number(value.text.replaceAll("_", "")) : undefined;
  if (seconds !== undefined) return seconds >= SHORTEST ? { waits: "pause", evidence: "proof" } : undefined;
  return { waits: "pause", evidence: "fair" };
}
