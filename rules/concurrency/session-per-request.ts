/** Requests in a loop that each open a connection of their own. */

import {
  argumentOf,
  asAttribute,
  asBinary,
  asCall,
  asFor,
  asFunction,
  asMethodCall,
  asString,
  type Call,
  callsUnder,
  type Declined,
  declined,
  defineRule,
  type Edit,
  type Entry,
  entryOf,
  type Evidence,
  excerpt,
  type Facts,
  fileQuestion,
  type Fix,
  type FunctionDef,
  fixOf,
  functionAround,
  hasComments,
  indentLines,
  indentOf,
  indentUnit,
  insertBefore,
  lastIdentifier,
  type Match,
  nameGiven,
  type Node,
  replace,
  startsLine,
  statementOf,
  useOf,
  methodCalled,
} from "../../analysis/authoring.js";

const VERBS = ["get", "post", "put", "delete", "head", "patch", "options", "request"];
const REQUESTS = VERBS.flatMap((it) => [`requests.${it}`, `httpx.${it}`]);
const SESSIONS = ["requests.Session", "requests.session", "requests.sessions.Session", "httpx.Client"];

export default defineRule({
  title: "New connection for each request",
  why: "requests.get and httpx.get open a connection and close it again, and so does a session that is made anew in each turn. A name has to be looked up, and TLS takes several round trips, often longer than the answer. One session keeps its connections open.",
  guide: "networking",
  level: "info",
  differs: { light: "off", unknown: "kept" },
  gain: "time",
  imports: ["requests", "httpx"],
  fixes: "review",

  examples: [
    {
      before: `
import requests

def prices(symbols: list[str]) -> list[float]:
    found = []
    for symbol in symbols:
        answer = requests.get(f"https://example.com/prices/{symbol}", timeout=10)
        found.append(answer.json()["price"])
    return found
`,
      after: `
import requests

def prices(symbols: list[str]) -> list[float]:
    found = []
    with requests.Session() as session:
        for symbol in symbols:
            answer = session.get(f"https://example.com/prices/{symbol}", timeout=10)
            found.append(answer.json()["price"])
    return found
`,
    },
  ],

  on: ["call"],
  calls: [...REQUESTS, ...SESSIONS],

  find(node, { facts }, call): NewConnection | undefined {
    if (facts.isTest || facts.isAsync(node)) return undefined;
    const around = facts.loopAround(node);
    // A helper that tries again is called by the loop that counts.
    const isTried = around !== undefined && triesAgain(around, node);
    const loop = isTried ? undefined : around;
    const turns = loop ?? loopCalling(node, facts);
    const name = facts.nameOf(call.callee)!;
    const isSession = SESSIONS.includes(name);
    if (!turns) return isSession ? undefined : ofService(call, facts);
    if (asksAgain(turns)) return undefined;
    if (isSession && (isTried || isKept(node) || isOfTurn(node, turns, facts))) return undefined;
    if (!isSession && !isTried && asksAgain(functionAround(node) ?? turns)) return undefined;
    if (loop && !isSession && !changes(call.argumentList, loop, facts)) return undefined;
    if (/\b(?:localhost|127\.0\.0\.1)\b/.test(call.argumentList.text)) return undefined;
    const evidence = isSession ? ("strong" as const) : serverEvidence(call, loop, facts);
    // A large answer takes longer than the connection.
    const isLarge = /\bstream=True\b/.test(call.argumentList.text);
    const size = sizeOfLoop(turns, facts);
    const caller = loop ? undefined : functionAround(node)?.field("name")?.text;
    return {
      at: call.callee,
      evidence,
      weight: isLarge ? "light" : size,
      call,
      loop,
      isSession,
      caller,
      per: undefined,
    };
  },

  message({ call, evidence, isSession, caller, per }) {
    const callee = excerpt(call.callee.text, 40);
    if (per)
      return `\`${callee}\` looks the server up and agrees on encryption anew for each ${per}; a session that is kept, one for each thread, holds the connection open.`;
    const when = caller ? `each time the loop calls \`${excerpt(caller, 40)}\`` : "in every turn";
    if (isSession)
      return `\`${callee}\` opens connections of its own ${when}; one session for all turns keeps them open.`;
    const where = evidence === "fair" ? ", if they go to the same server" : "";
    return `\`${callee}\` opens a new connection ${when}; one session keeps it open for all requests${where}.`;
  },

  fix({ call, loop, isSession, caller, per }, { facts }): Fix | Declined {
    if (per) return declined("where the session is made and kept has to be decided");
    if (isSession) return declined("what the session is set up with may belong to one turn");
    if (caller) return declined("the session has to be made by the caller and handed in");
    if (!loop || !asFor(loop)) return declined("the session has to be made in front of the loop");
    const module = /^(\w+)\.\w+$/.exec(call.callee.text)?.[1];
    if (module === undefined) return declined("the function is imported by its own name");
    if (!startsLine(loop) || hasComments(call.callee)) return declined("the loop shares its line with other code");
    const isRequests = facts.nameOf(call.callee)!.startsWith("requests.");
    const session = facts.freshName(isRequests ? "session" : "client", loop);
    const unit = indentUnit(loop, facts);
    const others = callsUnder(loop).filter(
      (it) => facts.loopAround(it.node) === loop && REQUESTS.includes(facts.nameOf(it.callee) ?? ""),
    );
    const moved = others.flatMap((it): readonly Edit[] => {
      const object = it.callee.field("object");
      return object?.text === module ? [replace(object, session)] : [];
    });
    const lines = indentLines(loop, unit).filter((it) => it.at.start > loop.start);
    return fixOf(
      `Keep one ${isRequests ? "session" : "client"} for all turns`,
      ["cookies that an answer sets are sent with the requests after it"],
      [
        insertBefore(
          loop,
          `with ${module}.${isRequests ? "Session" : "Client"}() as ${session}:\n${indentOf(loop)}${unit}`,
        ),
        ...lines,
        ...moved,
      ],
    );
  },
});

interface NewConnection extends Match {
  readonly call: Call;
  readonly loop: Node | undefined;
  readonly isSession: boolean;
  /** The function that a loop calls. */
  readonly caller: string | undefined;
  /** What opens the connection again where no loop does: a call of a tool, a request that is served, a method of a client. */
  readonly per: string | undefined;
}

/** A request to one server, for each call of a tool or each request that is served, or in a method of the class that stands for that server. */
function ofService(call: Call, facts: Facts): NewConnection | undefined {
  const home = functionAround(call.node);
  if (!home || !asFunction(home) || facts.isNotebook) return undefined;
  if (/\bstream=True\b/.test(call.argumentList.text) || isOnThisMachine(call, home, facts)) return undefined;
  // A server is looked for, or asked for a token, now and then.
  if (SELDOM.test(asFunction(home)!.name)) return undefined;
  const per = ofClient(call, home, facts) ?? ofEntry(call, home, facts);
  if (per === undefined) return undefined;
  const common = { call, loop: undefined, isSession: false, caller: undefined } as const;
  return { at: call.callee, evidence: "fair", weight: "unknown", ...common, per };
}

const SELDOM =
  /(?:^|_)(?:health|check|ping|probe|login|auth\w*|token|connect|main|test|verify|validate|setup|init\w*|download|upload|oauth|callback|webhook|notify|notification|alert)(?:_|$)/i;

function isOnThisMachine({ argumentList }: Call, home: Node, facts: Facts): boolean {
  const isLocal = (text: string) => /\blocalhost\b|\b127\.0\.0\.1\b|\b0\.0\.0\.0\b/.test(text);
  return isLocal(argumentList.text) || isLocal(home.text) || facts.ofFile(NAMES_THIS_MACHINE);
}
const NAMES_THIS_MACHINE = fileQuestion((facts) => facts.fileMatches(/\blocalhost\b|\b127\.0\.0\.1\b/));

/** `requests.get(f"{self.base_url}/items")`, the first of its class, which has no session. */
function ofClient(call: Call, home: Node, facts: Facts): string | undefined {
  const info = facts.classOf(home);
  if (!info || !isOfOwnServer(call)) return undefined;
  const first = facts.memo("first request of a class", info.def.node, () => {
    const calls = info.methods.flatMap(({ def }) =>
      callsUnder(facts.bodyOf(def)).filter((it) =>
        /^(?:requests|httpx)\.\w+$|Session$|\bsession\.\w+$/.test(it.callee.text),
      ),
    );
    const isPlain = calls.every((it) => REQUESTS.includes(facts.nameOf(it.callee) ?? ""));
    const own = calls.filter(
      (it) => isOfOwnServer(it) && !SELDOM.test(asFunction(functionAround(it.node))?.name ?? ""),
    );
    return isPlain ? own[0]?.node : undefined;
  });
  return first === call.node ? `call of a method of \`${excerpt(info.name, 40)}\`` : undefined;
}

/** The address begins with an attribute of the object. */
function isOfOwnServer(call: Call): boolean {
  const url = argumentOf(call, "url", /\.request$/.test(call.callee.text) ? 1 : 0);
  return url !== undefined && /^(?:f["']\{)?self\.\w*(?:url|base|host|api|endpoint|root|server)/i.test(url.text);
}

/** For what a function is called from outside that asks, itself or through at most two more functions. Said once for a function. */
function ofEntry(call: Call, home: Node, facts: Facts): string | undefined {
  const first = callsUnder(home).find((it) => REQUESTS.includes(facts.nameOf(it.callee) ?? ""));
  if (first?.node !== call.node || serverEvidence(call, undefined, facts) !== "strong") return undefined;
  const entry = entryCalling(home, ENTRY_STEPS, facts);
  if (!entry || SELDOM.test(entry.def.name)) return undefined;
  const what = {
    request: "request to",
    event: "event",
    message: "message",
    task: "run of the task",
    tool: "call of the tool",
  };
  return `${what[entry.kind]} \`${excerpt(entry.def.name, 40)}\``;
}
const ENTRY_STEPS = 3;

const entryCalling = (home: Node, steps: number, facts: Facts): Entry | null =>
  facts.memo(`entry that calls, ${steps}`, home, () => entryAbove(home, steps, facts) ?? null);

function entryAbove(home: Node, steps: number, facts: Facts): Entry | undefined {
  const def = asFunction(home);
  if (!def || def.isAsync) return undefined;
  const own = entryOf(def.body, facts);
  if (own || steps === 1) return own;
  for (const it of callsOf(def, facts)) {
    const caller = functionAround(it);
    const entry = caller && caller !== home ? entryCalling(caller, steps - 1, facts) : null;
    if (entry) return entry;
  }
  return undefined;
}

/** The loop that calls the function around a node in each of its turns, itself or through one more function; a pool's threads cannot share a session. */
function loopCalling(node: Node, facts: Facts): Node | undefined {
  const home = functionAround(node);
  return home && facts.memo("loop that calls", home, () => loopAroundCalls(home, THROUGH, facts));
}

/** Functions between the loop and the request: further away what asks is a small part of what a turn does. */
const THROUGH = 2;
/** `@retry`, `@tenacity.retry(…)`, `@backoff.on_exception(…)`: they call the function as it is, only more than once. */
const RETRIES = /^@?(?:\w+\.)*(?:retry|retrying|on_exception|on_predicate)\b/;

function loopAroundCalls(home: Node, through: number, facts: Facts): Node | undefined {
  const def = asFunction(home);
  if (!def || def.isAsync || !def.decorators.every((it) => RETRIES.test(it.text))) return undefined;
  const calls = callsOf(def, facts).filter((it) => !it.isInside(home));
  const loop = calls.map((it) => facts.loopAround(it)).find((it) => it !== undefined);
  if (loop || through === 1) return loop;
  return calls
    .map(functionAround)
    .map((it) => (it && it !== home ? loopAroundCalls(it, through - 1, facts) : undefined))
    .find((it) => it !== undefined);
}

/** Where a function is called by its name, or a method by `self`. */
function callsOf(def: FunctionDef, facts: Facts): readonly Node[] {
  const reads = facts.classOf(def.node)
    ? facts.view.attributesOf(def.name).filter((it) => methodCalled(it, facts)?.def.node === def.node)
    : facts.readsOf(def.nameNode);
  return reads.filter((it) => useOf(it).kind === "call");
}

/** A pause of a part of a second between pages only spares the server. */
function waits(node: Node): boolean {
  const call = asCall(node);
  if (!call || !/(?:^|[._])(?:sleep|wait|input|prompt)$/.test(call.callee.text)) return false;
  return !(/(?:^|[._])sleep$/.test(call.callee.text) && /^0?\.[0-4]\d*$/.test(call.args[0]?.text ?? ""));
}

/** It waits until something is ready, for somebody who types, or tries until it works. */
function asksAgain(loop: Node): boolean {
  if (loop.kind.endsWith("comprehension") || loop.kind === "generator_expression") return false;
  if (loop.descendants("call").some(waits)) return true;
  // One server or model after the other, until one of them answers.
  if (loop.descendants("return_statement").some((it) => it.ancestor("try_statement")?.isInside(loop) === true))
    return true;
  return /\b(?:retr(?:y|ies)|attempts?|tries)\b/i.test(loop.text.slice(0, 400));
}

/** `while attempts < limit:`, `for attempt in range(3):`: it waits only where a try failed, and leaves with the first answer. */
function triesAgain(loop: Node, request: Node): boolean {
  const head = loop.field("condition") ?? loop.field("left");
  if (!head || !/\b(?:\w+_)?(?:retr(?:y|ies)|attempts?|tries)(?:_\w+)?\b/i.test(head.text)) return false;
  const home = functionAround(loop);
  if (!home || loop.descendants("return_statement").length === 0) return false;
  return home.descendants("call").every((it) => {
    if (!waits(it)) return true;
    const under = it.ancestor(
      "if_statement",
      "except_clause",
      "for_statement",
      "while_statement",
      "function_definition",
    );
    // An `if` around the whole of it does not count.
    return (
      (under?.kind === "if_statement" || under?.kind === "except_clause") &&
      under.isInside(loop) &&
      !request.isInside(under)
    );
  });
}

/** Put into a collection or an attribute: there are to be several. */
function isKept(node: Node): boolean {
  const { parent } = node;
  if (parent?.kind === "assignment") return /^(?:attribute|subscript)$/.test(parent.field("left")?.kind ?? "");
  return /^(?:argument_list|list|list_comprehension|dictionary_comprehension|pair|return_statement|yield)$/.test(
    parent?.kind ?? "",
  );
}

/** It is returned, or set up with what belongs to one turn: cookies of an account, a login, a proxy. */
function isOfTurn(node: Node, turns: Node, facts: Facts): boolean {
  const session = nameGiven(node);
  if (!session) return false;
  const def = functionAround(node);
  const isTurns = (it: Node) =>
    facts
      .writesOf(it)
      .some((site) => site.name.isInside(turns) || (site.kind === "parameter" && site.name.isInside(def ?? turns)));
  return facts.readsOf(session).some((read) => {
    if (read.parent?.kind === "return_statement") return true;
    if (!SET_UP.test(asAttribute(read.parent)?.name ?? "")) return false;
    const others = statementOf(read).descendants("identifier");
    return others.some((it) => it.text !== session.text && it.fieldName !== "attribute" && isTurns(it));
  });
}
const SET_UP = /^(?:cookies|auth|headers|proxies|cert|verify|params)$/;

/** Something in it is bound by the loop. */
function changes(part: Node, loop: Node, facts: Facts): boolean {
  return part.descendants("identifier").some((it) => facts.writesOf(it, loop).length > 0);
}

/** All requests go to one server: the address begins with it, or stays the same while the parameters change. */
function serverEvidence(call: Call, loop: Node | undefined, facts: Facts): Evidence {
  const isRequest = /\.request$/.test(call.callee.text);
  const url = argumentOf(call, "url", isRequest ? 1 : 0);
  if (!url) return "fair";
  if (loop && !changes(url, loop, facts)) return "strong";
  return beginsWithServer(url, loop, facts) ? "strong" : "fair";
}

function beginsWithServer(url: Node, loop: Node | undefined, facts: Facts): boolean {
  const value = url.kind === "identifier" ? facts.valueOf(url) : undefined;
  const text = value ?? url;
  const sum = asBinary(text);
  // `URL.format(name=name)`, `BASE + name`
  const first = sum?.operator === "+" ? sum.left : (asMethodCall(text, "format")?.object ?? text);
  const literal = asString(first);
  if (literal && /^\w*["']+https?:\/\/[\w.:-]+\//.test(first.text)) return true;
  const begin = literal ? /^f["']+\{([\w.]+)\}/i.exec(first.text)?.[1] : first === text ? undefined : first.text;
  if (begin === undefined) return false;
  if (!/url|base|host|api|endpoint|root|server/i.test(lastIdentifier(begin))) return false;
  const [name] = first.descendants("identifier");
  return !loop || !name || facts.writesOf(name, loop).length === 0;
}

function sizeOfLoop(loop: Node, facts: Facts): "heavy" | "unknown" | "light" {
  const items = asFor(loop)?.iterable ?? loop.descendants("for_in_clause")[0]?.field("right");
  return loop.kind === "while_statement" || !items ? "unknown" : facts.sizeOf(items);
}
