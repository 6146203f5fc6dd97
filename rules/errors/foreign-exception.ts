/** A handler waits for the errors of one HTTP library, and the code above it calls another. */

import {
  asCall,
  asHandler,
  asTry,
  callsUnder,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  functionCalled,
  importModule,
  itemsOf,
  qualifiedName,
  replace,
  STDLIB_MODULES,
  textValue,
  unwrap,
  type Call,
  type Facts,
  type Match,
  type Node,
  type Try,
  type Weight,
} from "../../analysis/authoring.js";

/** How far functions of the file are followed. */
const DEPTH = 3;
/** So many calls are looked at. */
const MOST_CALLS = 60;

type Sort = "any" | "timeout" | "connection" | "status";
/** The libraries, with the errors that they raise. */
const ERRORS: Readonly<Record<string, Readonly<Record<Sort, string>>>> = {
  requests: {
    any: "requests.RequestException",
    timeout: "requests.Timeout",
    connection: "requests.ConnectionError",
    status: "requests.HTTPError",
  },
  httpx: {
    any: "httpx.HTTPError",
    timeout: "httpx.TimeoutException",
    connection: "httpx.ConnectError",
    status: "httpx.HTTPStatusError",
  },
  aiohttp: {
    any: "aiohttp.ClientError",
    timeout: "aiohttp.ServerTimeoutError",
    connection: "aiohttp.ClientConnectionError",
    status: "aiohttp.ClientResponseError",
  },
  urllib: {
    any: "urllib.error.URLError",
    timeout: "urllib.error.URLError",
    connection: "urllib.error.URLError",
    status: "urllib.error.HTTPError",
  },
};

interface Foreign extends Match {
  readonly named: Node;
  /** `urllib.error.HTTPError`. */
  readonly error: string;
  readonly library: string;
  readonly sort: Sort;
  readonly isRead: boolean;
  /** Python's own ConnectionError or TimeoutError. */
  readonly isBuiltin: boolean;
  readonly asked: string;
}

export default defineRule({
  title: "Handler for the errors of another library",
  why: "Each HTTP library has errors of its own, which have no class in common: a handler for those of requests never runs when httpx fails, and neither does one for Python's ConnectionError. What it was written for, another try or an empty answer, does not happen, and the error goes up to somebody who does not expect it.",
  guide: "networking",
  level: "warning",
  gain: "safety",
  imports: ["requests", "httpx", "aiohttp", "urllib"],
  fixes: "review",

  examples: [
    {
      before: `
import httpx
import requests

def offers(url: str) -> list | None:
    try:
        answer = httpx.get(url, timeout=10)
        answer.raise_for_status()
        return answer.json()
    except requests.RequestException:
        return None
`,
      after: `
import httpx
import requests

def offers(url: str) -> list | None:
    try:
        answer = httpx.get(url, timeout=10)
        answer.raise_for_status()
        return answer.json()
    except httpx.HTTPError:
        return None
`,
    },
  ],

  on: ["except_clause"],

  find(node, { facts }): Foreign | undefined {
    const attempt = asTry(node.parent);
    const handler = attempt && asHandler(node);
    if (!attempt || !handler?.type || facts.isTest) return undefined;
    const named = foreignIn(handler.type, facts);
    if (!named) return undefined;
    const called = facts.memo("libraries called", attempt.node, () => librariesIn(attempt.body, facts));
    if (called.libraries.size !== 1 || called.raises) return undefined;
    const [library, asked] = [...called.libraries][0]!;
    if (named.library === library || (named.library === "builtins" && !/^(?:requests|httpx)$/.test(library)))
      return undefined;
    // The rest of the tuple, or a handler beside it, waits for the right one: this one is only too many.
    if (attempt.handlers.some((it) => it.type && covers(it.type, library, facts))) return undefined;
    if (called.isOpen && named.library === "builtins") return undefined;
    return {
      at: named.at,
      evidence: called.isOpen ? "fair" : "strong",
      weight: weightOf(attempt),
      related: [{ at: asked, message: `${library} is called here` }],
      named: named.at,
      error: (facts.nameOf(named.at) ?? named.at.text).replace("builtins.", ""),
      library,
      sort: sortOf(named.at.text),
      isRead: handler.alias !== undefined && readsParts(handler, handler.alias, facts),
      isBuiltin: named.library === "builtins",
      asked: asked.text,
    };
  },

  message: ({ error: name, library, isBuiltin, asked }) => {
    const [error, call] = [excerpt(name, 45), excerpt(asked.replace(/\s+/g, " "), 40)];
    return isBuiltin
      ? `\`${call}\` of ${library} raises errors of its own, which Python's \`${error}\` is no base of: this handler never runs for them.`
      : `\`${call}\` is ${library}, which never raises \`${error}\`: this handler does not run when the request fails.`;
  },

  fix({ named, library, sort, isRead }, file) {
    if (isRead) return declined("the handler looks at parts of the error that the right one may not have");
    const [, name] = /^[^.]+\.(.+)$/.exec(ERRORS[library]![sort])!;
    const imported = importModule(file, library === "urllib" ? "urllib.error" : library, named);
    if (!imported) return declined(`the name ${library} means something else here`);
    const error = `${imported.name}.${library === "urllib" ? name!.replace("error.", "") : name}`;
    return fixOf(
      `Wait for ${error}`,
      ["the handler has never run for this, and runs now", "other calls inside may have relied on the old one"],
      [...imported.edits, replace(named, error)],
    );
  },
});

/** The types that a handler names. */
const typesOf = (type: Node): readonly Node[] =>
  unwrap(type).kind === "tuple" ? itemsOf(unwrap(type)) : [unwrap(type)];

/** `requests` of `requests.exceptions.Timeout`. */
function libraryOf(type: Node, facts: Facts): string | undefined {
  const name = facts.nameOf(type);
  if (name === undefined) return undefined;
  if (/^builtins\.(?:ConnectionError|ConnectionRefusedError|TimeoutError)$/.test(name)) return "builtins";
  if (/^(?:urllib\.error|urllib2)\./.test(name)) return "urllib";
  return /^(requests|httpx|aiohttp)\./.exec(name)?.[1];
}

/** The first type of a handler that is an error of one of the libraries. */
function foreignIn(type: Node, facts: Facts): { readonly at: Node; readonly library: string } | undefined {
  for (const at of typesOf(type)) {
    const library = libraryOf(at, facts);
    if (library !== undefined) return { at, library };
  }
  return undefined;
}

/** An error of the library is named, or one that all of its errors are. */
const covers = (type: Node, library: string, facts: Facts): boolean =>
  typesOf(type).some((it) => {
    const name = facts.nameOf(it);
    // A tuple or class of another place.
    if (name === undefined) return true;
    if (name.startsWith(`${library}.`)) return true;
    if (!name.startsWith("builtins.")) return false;
    // Errors of requests and urllib are OSErrors.
    return library !== "httpx" && /^builtins\.(?:OSError|IOError|EnvironmentError)$/.test(name);
  });

/** A broad handler beside it takes what this one lets by. */
const weightOf = (attempt: Try): Weight =>
  attempt.handlers.some((it) => !it.type || /\b(?:Base)?Exception\b/.test(it.type.text)) ? "unknown" : "heavy";

const sortOf = (name: string): Sort =>
  /Time_?out/i.test(name)
    ? "timeout"
    : /Connect/i.test(name)
      ? "connection"
      : /HTTPError|HTTPStatusError|ResponseError/.test(name)
        ? "status"
        : "any";

/** `error.response.status_code`. */
const readsParts = (handler: Try["handlers"][number], alias: Node, facts: Facts): boolean =>
  facts.readsOf(alias, handler.body).some((it) => it.parent?.kind === "attribute" && it.fieldName === "object");

interface Called {
  /** The libraries whose functions are called, each with one of the calls. */
  readonly libraries: Map<string, Node>;
  /** It calls something that is not in sight. */
  isOpen: boolean;
  /** What it calls may well ask a server in another way. */
  raises: boolean;
}

function librariesIn(body: Node, facts: Facts): Called {
  const found: Called = { libraries: new Map(), isOpen: false, raises: false };
  follow(body, facts, found, { left: MOST_CALLS }, 0, functionAround(body));
  return found;
}

function follow(
  body: Node,
  facts: Facts,
  found: Called,
  budget: { left: number },
  depth: number,
  home: Node | undefined,
): void {
  if (body.descendants("raise_statement").some((it) => mayBeForeign(it, facts))) found.raises = true;
  for (const call of callsUnder(body)) {
    if (found.raises) return;
    if (budget.left-- <= 0 || depth > DEPTH) {
      found.raises = true;
      return;
    }
    if (functionAround(call.node) !== home) continue;
    const library = calledLibrary(call, facts);
    if (library !== undefined && library !== "") {
      // Of `httpx.get(url).json()` the request is shown.
      if (!found.libraries.has(library) || VERB.test(call.callee.text)) found.libraries.set(library, call.callee);
      continue;
    }
    if (library === "") continue;
    const def = functionCalled(call.callee, facts);
    if (def) {
      follow(facts.bodyOf(def), facts, found, budget, depth + 1, def.node);
      continue;
    }
    if (readsKey(call)) continue;
    if (ASKS.test(call.callee.text)) found.raises = true;
    else if (!HARMLESS.test(call.callee.text)) found.isOpen = true;
  }
}

/** What is raised by hand may be just what the handler waits for; Python's own errors are not, but for two. */
function mayBeForeign(raised: Node, facts: Facts): boolean {
  const error = raised.children[0];
  const name = error && facts.nameOf(asCall(error)?.callee ?? error);
  return name === undefined || !name.startsWith("builtins.") || /\.(?:Connection|Timeout)/.test(name);
}

/** `data.get("price", 0)`. */
function readsKey({ callee, args }: Call): boolean {
  const key = textValue(args[0]);
  return key !== undefined && !/[/:]/.test(key) && /\.(?:get|pop|setdefault)$/.test(callee.text);
}

const VERB = /\.(?:get|post|put|patch|delete|head|options|request|send|stream|urlopen|urlretrieve)$/;

/** What is called like something that may ask a server. */
const ASKS =
  /(?:^|[._])(?:get|post|put|patch|delete|head|options|request|send|fetch|download|upload|call|invoke|ainvoke|query|search|connect|login|execute|run|chat|complete|generate|create|scrape|crawl|load|open|urlopen|api|client|session|ask|process|handle|predict|next|func|fn|callback|handler)(?=$|[._(])|fetch|request|download|api|client/i;

/** Methods of texts, collections, answers, loggers and bars. */
const HARMLESS =
  /(?:^|\.)(?:json|raise_for_status|read|aread|text|close|aclose|iter_\w+|aiter_\w+|append|extend|items|keys|values|strip|split|join|format|lower|upper|replace|startswith|endswith|update|add|encode|decode|info|debug|warning|error|exception|log|print|write|release|acquire|info|find|find_all|select|select_one|get_text|set|sort|pop|sleep)$|^(?:\w+\.)*log(?:ger|ging)?\.\w+$/;

/** The HTTP library that a call asks; empty for what has nothing to do with any, undefined for what is not known. */
function calledLibrary(call: Call, facts: Facts): string | undefined {
  const name = qualifiedName(call, facts);
  if (name === undefined) {
    // `answer.get(…)` of a dict, `line.strip()`.
    const object = unwrap(call.callee).field("object");
    const type = object && facts.typed(object)?.type.name;
    return type !== undefined && /^(?:str|bytes|list|dict|set|tuple|int|float)$/.test(type) ? "" : undefined;
  }
  if (/^urllib\.request\.(?:urlopen|urlretrieve)$/.test(name)) return "urllib";
  const library = /^(requests|httpx|aiohttp)\./.exec(name)?.[1];
  // Settings and the names of errors ask nobody.
  if (library !== undefined) return /\.(?:[A-Z]\w*|utils\.\w+|codes\.\w+)$/.test(name) ? "" : library;
  const root = name.slice(0, Math.max(name.indexOf("."), 0)) || name;
  return (STDLIB_MODULES.has(root) && !OTHER_SOURCES.test(name)) || root === "builtins" || PLAIN.test(root)
    ? ""
    : undefined;
}

/** Of Python itself, what raises ConnectionError or TimeoutError, or runs what it is given. */
const OTHER_SOURCES =
  /^(?:socket|ssl|http|urllib\.request|asyncio|concurrent|multiprocessing|subprocess|smtplib|ftplib|imaplib|poplib|telnetlib|xmlrpc|signal|queue|threading|select|importlib|functools|contextlib|runpy)\b|^builtins\.(?:getattr|exec|eval|map|next|iter|__import__)$/;
/** Libraries that ask no server. */
const PLAIN =
  /^(?:bs4|lxml|numpy|yaml|tqdm|pydantic|dateutil|pytz|PIL|loguru|structlog|rich|orjson|ujson|typing_extensions)$/;
