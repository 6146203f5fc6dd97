/** Requests over the network that a loop makes one after the other, although none needs the answer of another. */

import {
  asAttribute,
  asAugmented,
  asCall,
  asComprehension,
  asFor,
  asLambda,
  asMethodCall,
  asWhile,
  callsUnder,
  comesFromTurn,
  defineRule,
  excerpt,
  drawsInOrder,
  functionAround,
  functionCalled,
  parameterBehind,
  isConstant,
  lastIdentifier,
  nameAtRoot,
  statementOf,
  type Call,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
  type Site,
} from "../../analysis/authoring.js";

const ASKS =
  /^(?:requests|httpx)\.(?:get|head)$|^urllib\.request\.(?:urlopen|urlretrieve)$|^(?:requests\.Session|httpx\.Client)\.(?:get|head)$|^yfinance\.(?:download|Ticker)$/;
/** Who waits between requests, or counts them, was asked to. */
const WAITS = /(?:^|[._])(?:sleep|wait|acquire|limit(?:er|s)?|throttle|backoff|retry)\b/i;
const DOWNLOADS = /\bstream=True\b|\biter_content\b|\burlretrieve\b|\btqdm\(|\bcopyfileobj\(/;

export default defineRule({
  title: "Requests made one after the other",
  why: "While a request waits for its answer the program does nothing, and the waiting times add up. A thread pool, or asyncio with an asynchronous client, waits for several answers at the same time.",
  guide: "networking",
  level: "info",
  differs: { unknown: "kept" },
  gain: "time",
  imports: ["requests", "httpx", "urllib", "yfinance", "bs4", "boto3", "botocore"],
  orWords: ["client", "api", "fetch_function", "fetcher"],
  overrides: ["iteration/append-in-loop"],

  examples: [
    {
      before: `
import requests

def pages(urls: list[str]) -> list[str]:
    texts = []
    for url in urls:
        texts.append(requests.get(url, timeout=10).text)
    return texts
`,
      after: `
from concurrent.futures import ThreadPoolExecutor

import requests

def page(url: str) -> str:
    return requests.get(url, timeout=10).text

def pages(urls: list[str]) -> list[str]:
    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(page, urls))
`,
    },
  ],

  on: ["for_statement", "while_statement", "list_comprehension", "dictionary_comprehension", "call"],
  methods: ["apply", "map"],

  find(node, { facts }): Sequential | undefined {
    if (node.kind === "call") return byApply(node, facts);
    if (asComprehension(node)) return inComprehension(node, facts);
    const loop = asFor(node);
    if (!loop || !importsClient(facts)) return bySdk(node, facts);
    // What blocks an event loop is said by another rule.
    if (facts.isTest || loop.isAsync || facts.isAsync(node)) return undefined;
    const request = callsUnder(loop.body).find(
      (it) => facts.loopAround(it.node) === node && asks(it, facts) && isOfTurn(it, node, facts),
    );
    if (!request) return bySdk(node, facts);
    if (isInOrder(loop.body, request.node)) return undefined;
    const size = facts.sizeOf(loop.iterable);
    const isLarge = isDownload(request, facts);
    if (isLarge && size === "light") return undefined;
    // What a function of a function asks for may be a small part of what it does.
    const evidence = isLarge || !asks(request, facts, 1) ? ("fair" as const) : ("strong" as const);
    return {
      at: loop.iterable,
      items: loop.iterable,
      construct: node,
      evidence,
      weight: size,
      request,
      isTaken: false,
    };
  },

  message: ({ items, request, isTaken }, { facts }) =>
    facts.nameOf(request.callee) === "yfinance.download"
      ? `\`${excerpt(request.callee.text, 50)}\` waits for one answer after the other; given all of \`${excerpt(items.text, 40)}\` it asks for several at once.`
      : isTaken
        ? `\`${excerpt(request.callee.text, 50)}\`, by its name a request, waits for one answer after the other; a few threads could wait for several at once.`
        : `\`${excerpt(request.callee.text, 50)}\` waits for one answer after the other; for \`${excerpt(items.text, 40)}\` a few threads could wait for several at once.`,
});

interface Sequential extends Match {
  /** What there is a request for each of. */
  readonly items: Node;
  readonly request: Call;
  /** Only its name says that it is a request. */
  readonly isTaken: boolean;
}

/** `[requests.get(it).json() for it in addresses]` */
function inComprehension(node: Node, facts: Facts): Sequential | undefined {
  const made = asComprehension(node)!;
  const [clause, another] = made.clauses;
  if (!clause || another || clause.isAsync || facts.isTest || facts.isAsync(node)) return undefined;
  // `as_completed(jobs)`: what is waited for is under way.
  const request = callsUnder(made.element).find(
    (it) =>
      facts.loopAround(it.node) === node &&
      isOfTurn(it, node, facts) &&
      ((importsClient(facts) && asks(it, facts)) || (isSdkCall(it, facts) && !isOfEach(it, node, facts))),
  );
  if (!request || isInOrder(made.element, request.node)) return undefined;
  const weight = facts.sizeOf(clause.iterable);
  if (weight === "light") return undefined;
  const isTaken = !importsClient(facts) || !asks(request, facts);
  const isNear = !isTaken && !isDownload(request, facts) && asks(request, facts, 1);
  const evidence = isNear ? "strong" : "fair";
  return { at: clause.iterable, items: clause.iterable, construct: node, evidence, weight, request, isTaken };
}

/** `client.get_name()` for each of several clients. */
function isOfEach({ callee }: Call, loop: Node, facts: Facts): boolean {
  const root = nameAtRoot(callee);
  return root !== undefined && facts.writesOf(root, loop).length > 0;
}

/** `frame["id"].apply(lambda it: fetch_song(it))`, `frame["id"].map(fetch_song)`: a request for each row. */
function byApply(node: Node, facts: Facts): Sequential | undefined {
  const method = asMethodCall(node, "apply", "map");
  const [given, more] = method?.args ?? [];
  const isColumn = method && (method.object.kind === "subscript" || /^\w+\.\w+$/.test(method.object.text));
  if (!given || more || !isColumn || facts.isTest || facts.isAsync(node)) return undefined;
  if (!facts.view.imports("pandas") && !facts.view.imports("polars")) return undefined;
  const lambda = asLambda(given);
  const names = lambda?.parameters.map((it) => it.text) ?? [];
  const request = lambda
    ? callsUnder(lambda.body).find(
        (it) =>
          names.some((name) => it.argumentList.identifiers(name).length > 0) &&
          ((importsClient(facts) && asks(it, facts)) || isSdkCall(it, facts)),
      )
    : undefined;
  if (!request || isInOrder(lambda!.body, request.node)) return undefined;
  const isTaken = !importsClient(facts) || !asks(request, facts);
  return {
    at: method.object,
    items: method.object,
    construct: node,
    evidence: isTaken || !asks(request, facts, 1) ? "fair" : "strong",
    weight: "unknown",
    request,
    isTaken,
  };
}

const importsClient = ({ view }: Facts): boolean =>
  ["requests", "httpx", "urllib", "yfinance", "boto3", "botocore"].some((it) => view.imports(it));

/** The client of some service, by what it and its method are called: `client.get_activities(day)`, `fetch_function(day)` for a parameter. */
function bySdk(loop: Node, facts: Facts): Sequential | undefined {
  if (facts.isTest || facts.isAsync(loop)) return undefined;
  const body = asFor(loop)?.body ?? asWhile(loop)?.body;
  if (!body || asFor(loop)?.isAsync) return undefined;
  const request = callsUnder(body).find(
    (it) => isSdkCall(it, facts) && facts.loopAround(it.node) === loop && hangsOnTurn(it, loop, facts),
  );
  if (!request || isInOrder(body, request.node)) return undefined;
  const at = asFor(loop)?.iterable ?? asWhile(loop)!.condition;
  const weight = asFor(loop) ? facts.sizeOf(at) : "unknown";
  return weight === "light"
    ? undefined
    : { at, items: at, construct: loop, evidence: "fair", weight, request, isTaken: true };
}

function isSdkCall(call: Call, facts: Facts): boolean {
  const { callee, node, args } = call;
  if (args.length === 0 || node.parent?.kind === "await") return false;
  if (isPageReader(call, facts)) return true;
  if (callee.kind === "identifier" && REQUESTS.test(callee.text)) {
    const sites = facts.writesOf(callee);
    return sites.length > 0 && sites.every((it) => it.kind === "import");
  }
  if (callee.kind === "identifier")
    return (
      FETCHES.test(callee.text) &&
      (facts.writesOf(callee).every((it) => it.kind === "parameter") ||
        FETCHING_MODULE.test(facts.nameOf(callee)?.split(".").at(-2) ?? ""))
    );
  const method = asAttribute(callee);
  return (
    method !== undefined &&
    READS.test(method.name) &&
    CLIENTS.test(lastIdentifier(method.object.text)) &&
    facts.nameOf(callee) === undefined
  );
}

/** `execute_spotify_api_request(…)`, imported from another file. */
const REQUESTS = /^(?:execute|make|send|do|call)_(?:\w+_)?(?:api|request)$|^\w+_api_(?:request|call)$/;
const FETCHES = /^(?:fetch|download)(?:er|_\w+)$/;
/** A module of the program that asks a service: `data_fetcher`, `weather_api`. */
const FETCHING_MODULE = /(?:^|_)(?:fetcher|client|api|scraper|crawler|downloader)$/;
const READS = /^(?:get|fetch|download|retrieve)_\w+$/;
const CLIENTS = /^(?:\w+_)?(?:api|api_client|rest_client|http_client|client)$/;

/** By what the loop gives, or by a day or number that counts up whatever the answers are. */
function hangsOnTurn(call: Call, loop: Node, facts: Facts): boolean {
  if (asFor(loop)) return isOfTurn(call, loop, facts);
  const names = call.argumentList.descendants("identifier").filter((it) => it.fieldName !== "attribute");
  const own = names.filter((it) => facts.writesOf(it, loop).length > 0);
  return (
    own.length > 0 &&
    own.every((it) =>
      facts
        .writesOf(it, loop)
        .every((site) => /^\+= *(?:\d+|(?:datetime\.)?timedelta\([\w\s=]*\))$/.test(stepOf(site.name))),
    )
  );
}

/** `+= 1` of `day += 1`. */
function stepOf(name: Node): string {
  const sum = asAugmented(statementOf(name));
  return sum && sum.target === name ? `${sum.operator} ${sum.value.text}` : "";
}

/** Large files share one line, whoever waits for them. */
function isDownload({ node, callee }: Call, facts: Facts): boolean {
  const def = functionCalled(callee, facts);
  return DOWNLOADS.test(def ? facts.bodyOf(def).text : node.text);
}

/** It asks a server, itself or in the function of the file that it calls. */
function asks(call: Call, facts: Facts, depth = HELPERS): boolean {
  if (asksItself(call, facts)) return true;
  const def = functionCalled(call.callee, facts);
  return def !== undefined && !def.isAsync && asksInside(def, depth, facts);
}

/** How many functions of the file may stand between. */
const HELPERS = 2;

/** Worked out once for each function, however many call it. */
const asksInside = (def: FunctionDef, depth: number, facts: Facts): boolean =>
  facts.memo(`asks a server, ${depth}`, def.node, () => hasRequest(def, depth, facts));

function hasRequest(def: FunctionDef, depth: number, facts: Facts): boolean {
  const body = facts.bodyOf(def);
  const calls = callsUnder(body);
  // A page is drawn in order. What went wrong could be told there afterwards.
  if (calls.some((it) => !it.node.ancestor("except_clause") && drawsInOrder(it, facts, 1))) return false;
  // Lazily, again until it works, or not too fast.
  if (body.descendants("yield", "while_statement").length > 0 || calls.some(({ callee }) => WAITS.test(callee.text)))
    return false;
  return calls.some((it) => {
    if (asksItself(it, facts)) return !isOneAddress(it, facts);
    if (depth > 1 && isPageReader(it, facts)) return true;
    // What it hands on is of its own parameters: another answer for each call of it.
    const isOfCall = depth > 1 && parameterBehind(it.argumentList, facts, 2) !== undefined;
    const inner = isOfCall ? functionCalled(it.callee, facts) : undefined;
    return (
      inner !== undefined && !inner.isAsync && inner.decorators.length === 0 && asksInside(inner, depth - 1, facts)
    );
  });
}

/** What is asked for has nothing of the call: the answer is always the same one, and could be fetched once. */
function isOneAddress({ argumentList }: Call, facts: Facts): boolean {
  const isFixed = (site: Site) =>
    (site.kind !== "parameter" && functionAround(site.name) === undefined) ||
    (site.kind === "assign" && site.value !== undefined && isConstant(site.value));
  return (
    argumentList.descendants("call").length === 0 &&
    namesIn(argumentList).every((it) => facts.writesOf(it).every(isFixed))
  );
}

/** `get_html(url)`, imported from another file: by its name and what it is given it asks a server. */
function isPageReader({ callee, args: [address] }: Call, facts: Facts): boolean {
  if (
    callee.kind !== "identifier" ||
    !PAGES.test(callee.text) ||
    !address ||
    !ADDRESS.test(lastIdentifier(address.text))
  )
    return false;
  const sites = facts.writesOf(callee);
  return sites.length > 0 && sites.every((it) => it.kind === "import");
}
const PAGES =
  /^_?(?:get|fetch|request|download|load|crawl|scrape|retrieve|open)_(?:\w+_)?(?:html|soup|page|webpage|url|site|response)(?:_\w+)?$/;
const ADDRESS = /(?:^|_)(?:url|uri|link|href|address)$/i;

function asksItself(call: Call, facts: Facts): boolean {
  const { callee } = call;
  if (isObjectOfS3(call, facts)) return true;
  const name = facts.nameOf(callee);
  if (name !== undefined) return ASKS.test(name);
  const method = asAttribute(callee);
  if (!method || !/^(?:get|head)$/.test(method.name)) return false;
  const type = facts.typeOf(method.object)?.name;
  return type !== undefined && ASKS.test(`${type}.${method.name}`);
}

/** `s3.get_object(Bucket=bucket, Key=key)`: clients of boto3 may be used by several threads. */
function isObjectOfS3({ callee, args, keywords }: Call, { view }: Facts): boolean {
  const method = asAttribute(callee)?.name ?? "";
  if (!view.imports("boto3") && !view.imports("botocore")) return false;
  return (
    (/^(?:get|head)_object$/.test(method) && keywords.has("Key")) ||
    (method === "download_file" && (args.length === 3 || keywords.has("Key")))
  );
}

/** Each turn asks for something else, by what the loop gives it and not by what the turn before found out. */
function isOfTurn(call: Call, loop: Node, facts: Facts): boolean {
  const names = namesIn(call.argumentList);
  const own = names.filter((it) => facts.writesOf(it, loop).length > 0);
  return own.length > 0 && own.every((it) => comesFromTurn(it, loop, facts));
}

/** The names that are read there; not those of attributes and keywords. */
const namesIn = (argumentList: Node): readonly Node[] =>
  argumentList
    .descendants("identifier")
    .filter(
      (it) => it.fieldName !== "attribute" && !(it.parent?.kind === "keyword_argument" && it.fieldName === "name"),
    );

/** The turns have to come one after the other: the loop ends when something is found, waits, tries again, or hands on what it has. */
function isInOrder(body: Node, request: Node): boolean {
  const ends = body.descendants("break_statement", "return_statement", "yield", "await");
  // What cannot be read ends it all: the others may be under way then.
  if (ends.some((it) => it.kind !== "return_statement" || !it.ancestor("except_clause")?.isInside(body))) return true;
  // `while` between the loop and the request asks again.
  const again = request.ancestor("while_statement");
  if (again?.isInside(body)) return true;
  return body.descendants("call").some((it) => WAITS.test(asCall(it)?.callee.text ?? ""));
}
