/** A request over the network that waits for ever if the server does not answer. */

import {
  argumentOf,
  asAttribute,
  declined,
  defineRule,
  entryOf,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  itemsOf,
  textValue,
  withArgument,
  isStarted,
  type Call,
  type Facts,
} from "../../analysis/authoring.js";

const METHODS = ["get", "post", "put", "delete", "head", "patch", "options", "request"];
const OPEN = "urllib.request.urlopen";
/** It takes no timeout: only the default of all sockets limits it. */
const RETRIEVE = "urllib.request.urlretrieve";
/** Clients of the standard library that connect when they are made, and how many arguments stand in front of their timeout. */
const CLIENTS: Readonly<Record<string, number>> = {
  "smtplib.SMTP": 3,
  "smtplib.SMTP_SSL": 3,
  "ftplib.FTP": 4,
  "ftplib.FTP_TLS": 4,
  "imaplib.IMAP4": 2,
  "imaplib.IMAP4_SSL": 2,
  "poplib.POP3": 2,
  "poplib.POP3_SSL": 2,
  "http.client.HTTPConnection": 2,
  "http.client.HTTPSConnection": 2,
};
const CONNECT = "socket.create_connection";
/** Clients of Redis, which wait without end for a server that is gone. */
const STORES = [
  "redis.Redis",
  "redis.StrictRedis",
  "redis.from_url",
  "redis.Redis.from_url",
  "redis.StrictRedis.from_url",
];
const FUNCTIONS = [
  OPEN,
  RETRIEVE,
  CONNECT,
  ...STORES,
  ...Object.keys(CLIENTS),
  ...METHODS.map((it) => `requests.${it}`),
];
/** Programs in which somebody else waits meanwhile. */
const SERVERS = ["fastapi", "flask", "django", "starlette", "celery", "streamlit", "gradio", "discord", "telegram"];

export default defineRule({
  title: "Request without a timeout",
  why: "requests, urlopen, urlretrieve, sockets, the clients for mail and FTP of the standard library and that of Redis wait without end unless they are given a timeout. A server that accepts the connection and then stays silent holds the thread, and whoever waits for it, until somebody stops the program.",
  guide: "networking",
  level: "warning",
  gain: "safety",
  imports: ["requests", "urllib", "smtplib", "ftplib", "imaplib", "poplib", "http", "socket", "redis"],
  overlaps: ["S113"],
  unlike: "sessions and `urlopen` count beside the functions of requests, and an explicit `timeout=None` is left alone",
  fixes: "review",

  examples: [
    {
      before: `
import requests

def price(symbol: str) -> float:
    answer = requests.get(f"https://example.com/prices/{symbol}")
    return answer.json()["price"]
`,
      after: `
import requests

def price(symbol: str) -> float:
    answer = requests.get(f"https://example.com/prices/{symbol}", timeout=10)
    return answer.json()["price"]
`,
    },
  ],

  on: ["call"],
  calls: FUNCTIONS,
  methods: METHODS,

  find(node, { facts }, call) {
    if (call.hasSplat || call.keywords.has("timeout") || facts.isTest) return undefined;
    const name = facts.nameOf(call.callee);
    const isOpen = name === OPEN;
    const isRetrieve = name === RETRIEVE;
    const isClient = name !== undefined && Object.hasOwn(CLIENTS, name);
    if (isClient && (call.args.length > CLIENTS[name]! || LOCAL_HOST.test(textValue(call.args[0]) ?? "")))
      return undefined;
    if (!(name !== undefined ? FUNCTIONS.includes(name) : isOfSession(call, facts))) return undefined;
    // Its third argument is the timeout.
    if (isOpen && call.args.length > 2) return undefined;
    const isStore = name !== undefined && STORES.includes(name);
    const isConnect = name === CONNECT;
    if (isStore && !waitsForStore(call, facts)) return undefined;
    if (isConnect && !waitsForPeer(call, facts)) return undefined;
    if ((isOpen || isRetrieve || isClient || isConnect) && facts.ofFile(HAS_DEFAULT)) return undefined;
    if (facts.ofFile(LIMITS_ELSEWHERE) || isLocal(call)) return undefined;
    const isServed = SERVERS.some((it) => facts.view.imports(it)) || entryOf(node, facts) !== undefined;
    // What hangs in a notebook, in a script of one piece or before somebody who types is seen at once; a job that nobody watches stands still.
    const isSeen = facts.isNotebook || !functionAround(node) || facts.ofFile(IS_WATCHED);
    const isOnce = isSeen || isStarted(facts);
    // A bar of progress shows somebody that nothing comes any more.
    const isWatched = isRetrieve && (call.args.length > 2 || call.keywords.has("reporthook"));
    const isSmall = isStore || isConnect || isWatched;
    const weight = isSmall
      ? isServed
        ? "unknown"
        : "light"
      : isServed
        ? "heavy"
        : isOnce && !facts.loopAround(node)
          ? // A file that is fetched whole is mostly fetched by hand.
            isSeen || isRetrieve
            ? "light"
            : "unknown"
          : facts.weightOf(node);
    return { at: call.callee, weight, call, isServed, isClient, isStore, isRetrieve };
  },

  message({ call: { callee }, isServed, isStore, isRetrieve }) {
    const held = `a server that stays silent holds ${isServed ? "whoever waits for an answer" : "the program"} for ever`;
    return isRetrieve
      ? `\`${excerpt(callee.text, 40)}\` takes no \`timeout\`: ${held}; \`urlopen\` and \`requests.get\` take one.`
      : `\`${excerpt(callee.text, 60)}\` has no \`${isStore ? "socket_timeout" : "timeout"}\`: ${held}.`;
  },

  fix({ call, isClient, isStore, isRetrieve }, { facts }) {
    if (isRetrieve)
      return declined(
        "it takes no timeout: use urlopen(…, timeout=…) with shutil.copyfileobj, or socket.setdefaulttimeout",
      );
    if (facts.nameOf(call.callee)?.startsWith("imaplib.") && !facts.hasPython("3.9"))
      return declined("imaplib knows timeouts from Python 3.9 on");
    const [seconds, words] = isClient
      ? [60, "a minute"]
      : TAKES_LONG.test(call.node.text)
        ? [120, "two minutes"]
        : [10, "ten seconds"];
    const added = withArgument(call, `${isStore ? "socket_timeout" : "timeout"}=${seconds}`);
    if (!added) return declined("the arguments cannot be added to");
    const isConnect = facts.nameOf(call.callee) === CONNECT;
    return fixOf(
      `Wait ${words} at most`,
      [
        "a server that stays silent for longer makes it fail",
        isConnect && "it also holds for what is sent and received later",
      ],
      [added],
    );
  },
});

/** Answers of models, and files that are sent, may well take longer than others. */
const TAKES_LONG =
  /ollama|openai|llm|gpt|\bmodels?\b|\/(?:query|chat|ask|generate|completions?|infer\w*|predict\w*|embed\w*|transcri\w+|upload)\b|\bfiles=|\bstream=True/i;

/** `session.get(…)`, where it is certain that it is one of requests. */
function isOfSession({ callee }: Call, facts: Facts): boolean {
  const method = asAttribute(callee);
  if (!method || !facts.view.imports("requests")) return false;
  return facts.isA(method.object, "requests.Session") && !facts.ofFile(CONFIGURES_SESSION);
}

/** The host may be another machine, and nothing in the file sets a limit or waits on purpose. */
function waitsForStore(call: Call, facts: Facts): boolean {
  if (
    ["socket_timeout", "socket_connect_timeout", "connection_pool", "unix_socket_path"].some((it) =>
      call.keywords.has(it),
    )
  )
    return false;
  const isAddress = /from_url$/.test(call.callee.text);
  const host = argumentOf(call, isAddress ? "url" : "host", 0);
  const text = textValue(host);
  if (!host || (text !== undefined && /localhost|127\.0\.0\.1|^unix:|timeout=/.test(text))) return false;
  return !WAITERS.some((it) => facts.view.imports(it)) && !facts.ofFile(WAITS_ON_PURPOSE);
}

/** Libraries for queues, whose workers wait for jobs by it. */
const WAITERS = ["rq", "arq", "huey", "dramatiq"];
const WAITS_ON_PURPOSE = fileQuestion((facts) =>
  facts.fileMatches(/\.(?:blpop|brpop|brpoplpush|blmove|bzpop\w+|listen|get_message|pubsub|xread\w*|monitor)\(/),
);

/** The third way to set a limit is `settimeout`, on whichever socket. */
function waitsForPeer(call: Call, facts: Facts): boolean {
  const [address, more] = call.args;
  if (more || !address) return false;
  const host = itemsOf(address)[0];
  return !LOCAL_HOST.test(textValue(host) ?? "") && !facts.ofFile(LIMITS_SOCKETS);
}

const LIMITS_SOCKETS = fileQuestion((facts) => facts.fileMatches(/\.(?:settimeout|setblocking)\(|\bselectors?\b/));

const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|::1)$/;

/** `file:` addresses are no network. */
function isLocal(call: Call): boolean {
  return /^file:/.test(textValue(argumentOf(call, "url", 0)) ?? "");
}

/** Somebody sits before it and types. */
const IS_WATCHED = fileQuestion((facts) => facts.fileMatches(/(?:^|[^\w.])input\(|\bipywidgets\b|\bprompt_toolkit\b/));

const HAS_DEFAULT = fileQuestion((facts) => facts.fileMatches(/\bsetdefaulttimeout\(/));

/** An adapter, a subclass or a replaced method may bring a timeout. */
const CONFIGURES_SESSION = fileQuestion((facts) =>
  facts.fileMatches(/\bHTTPAdapter\b|\.mount\(|\(requests\.Session\):|\(Session\):|\.(?:request|send) ?= /),
);

/** Something stops the call from outside. */
const LIMITS_ELSEWHERE = fileQuestion((facts) =>
  facts.fileMatches(/\bsignal\.(?:alarm|setitimer)\(|\btimeout_decorator\b|\bfunc_timeout\b|\bstopit\b/),
);
