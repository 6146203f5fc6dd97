/** `except Exception: log(...); return []`: whoever asks cannot tell a failure from nothing found. */

import {
  asCall,
  asFunction,
  asHandler,
  asTry,
  callsUnder,
  defineRule,
  excerpt,
  fileQuestion,
  functionAround,
  functionQuestion,
  lastName,
  statementsOf,
  unwrap,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Empty extends Match {
  readonly name: string;
  readonly what: string;
}

export default defineRule({
  title: "Failure that looks like nothing found",
  why: "When a server is down, a file is damaged or a name is misspelt, the caller gets the same empty list or table as when there is nothing to find. It goes on: deletes what seems to be gone, stores zeros, caches the emptiness, reports success. The line in the log is read much later. An error that goes up, or None where the caller asks for it, keeps the two apart.",
  guide: "debugging",
  level: "info",
  gain: "safety",

  examples: [
    {
      before: `
import logging
import requests

def offers(url: str) -> list[dict]:
    try:
        answer = requests.get(url, timeout=10)
        answer.raise_for_status()
        return answer.json()["offers"]
    except requests.RequestException as error:
        logging.error("no offers: %s", error)
        return []
`,
      after: `
import requests

def offers(url: str) -> list[dict]:
    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    return answer.json()["offers"]
`,
    },
  ],

  on: ["except_clause"],

  find(node, { facts }): Empty | undefined {
    if (facts.isTest) return undefined;
    const attempt = asTry(node.parent);
    const handler = attempt && asHandler(node);
    if (!attempt || !handler || !mayBeAnything(handler.type)) return undefined;
    const last = statementsOf(handler.body).at(-1);
    const value = last?.kind === "return_statement" ? last.children[0] : undefined;
    const what = value && emptyOf(unwrap(value), facts);
    // What is passed over without a word has a rule of its own; a person at the screen has been told.
    if (!last || !what || !saysWhat(handler.body) || TELLS.test(handler.body.text)) return undefined;
    if (handler.body.descendants("raise_statement", "return_statement").length > 1) return undefined;
    const def = asFunction(functionAround(node));
    if (!def || isMeantSo(def) || !givesElse(def, facts)) return undefined;
    return {
      at: last,
      evidence: "strong",
      weight: reaches(attempt.body, facts) && facts.ofFile(LOOKS_AT, def.name) ? "heavy" : "unknown",
      name: def.name,
      what,
    };
  },

  message: ({ name, what }) =>
    `Whatever fails here, who calls \`${excerpt(name, 40)}\` gets ${what}, as if there were nothing: let the error go up, or return None and ask for it.`,
});

/** Every error, or those by which a server, a database or a disk says that it did not answer. */
const mayBeAnything = (type: Node | undefined): boolean =>
  type === undefined ||
  /\b(?:Base)?Exception\b|\b(?:RequestException|HTTPError|URLError|ConnectionError|ConnectError|TimeoutException|Timeout|ClientError|RequestError|APIError|OpenAIError|SQLAlchemyError|DatabaseError|OperationalError|PyMongoError|RedisError|psycopg2?\.Error|sqlite3\.Error|OSError|IOError)\b/.test(
    type.text,
  );

/** `[]`, `{}`, `pd.DataFrame()` and their like, in words. */
function emptyOf(value: Node, facts: Facts): string | undefined {
  if (value.kind === "list" && value.children.length === 0) return "an empty list";
  if (value.kind === "dictionary" && value.children.length === 0) return "an empty dict";
  const call = asCall(value);
  if (!call || call.args.length + call.keywords.size > 0) return undefined;
  switch (facts.nameOf(call.callee)) {
    case "builtins.list":
      return "an empty list";
    case "builtins.dict":
      return "an empty dict";
    case "builtins.set":
      return "an empty set";
    case "pandas.DataFrame":
    case "pandas.Series":
      return "an empty table";
    default:
      return undefined;
  }
}

/** It logs or prints. */
const saysWhat = (body: Node): boolean =>
  callsUnder(body).some((it) =>
    /^(?:print|debug|info|warn|warning|error|exception|critical|log|print_exc|capture_exception|echo)$/.test(
      lastName(it.callee),
    ),
  );

/** Those are shown to a person, who knows then. */
const TELLS =
  /\b(?:st\.|messagebox|QMessageBox|flash\(|showerror|notify|alert|toast|abort\(|errors?\.append\(|self\.(?:last_)?errors?\b)/;

/** By its name or its docstring it promises nothing else. */
const isMeantSo = (def: FunctionDef): boolean =>
  def.decorators.length > 0 ||
  /^_*(?:try|safe|safely|maybe|optional|suggest|complete|guess|parse|extract|load_cache|cached)(?:_|$)|_or_(?:empty|none|default)|_safe(?:ly)?$/.test(
    def.name,
  ) ||
  /\b(?:empty|\[\]|\{\})[^.\n]{0,60}\b(?:if|on|when|in case)\b[^.\n]{0,40}\b(?:fail|error|exception|unavailable|unreachable|not\b|cannot\b)/i.test(
    statementsOf(def.body)[0]?.text.slice(0, 2_000) ?? "",
  );

/** Where it works it gives what it has found. */
const givesElse = functionQuestion((def, facts): boolean =>
  facts
    .bodyOf(def)
    .descendants("return_statement")
    .some((it) => {
      const value = it.children[0];
      return (
        value !== undefined &&
        functionAround(it) === def.node &&
        !it.ancestor("except_clause") &&
        emptyOf(unwrap(value), facts) === undefined &&
        !isRecord(unwrap(value), facts) &&
        !/^(?:None|True|False|string|integer)$/i.test(value.kind)
      );
    }),
);

/** `{"count": count, "total": total}`: whoever looks for a field in an empty one is told at once. */
function isRecord(value: Node, facts: Facts): boolean {
  const made = value.kind === "identifier" ? facts.valueOf(value) : value;
  return made?.kind === "dictionary" && made.children.length > 0;
}

/** It asks something that may be down. */
const reaches = (body: Node, facts: Facts): boolean =>
  callsUnder(body).some(
    (it) =>
      /^(?:requests|httpx|urllib\.request|aiohttp|boto3|psycopg2?|sqlite3|pymongo|redis|pandas\.read_(?:sql\w*|html|json|gbq))\b/.test(
        facts.nameOf(it.callee) ?? "",
      ) || /^(?:get|post|fetch\w*|execute|request|query|scalars?|find|search|download\w*)$/.test(lastName(it.callee)),
  );

/** The same file goes through what comes, or measures it, at once: nobody asks there whether it failed. */
const LOOKS_AT = fileQuestion((facts, name) =>
  facts.fileMatches(
    new RegExp(`\\bin (?:self\\.|cls\\.|await )?${name}\\(|\\blen\\((?:self\\.|cls\\.|await )?${name}\\(`),
  ),
);
