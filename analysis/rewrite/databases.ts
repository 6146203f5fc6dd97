/** What a call asks of a database: an SQL statement, a query of an ORM, a document. */

import {
  asAttribute,
  asCall,
  asComprehension,
  asMethodCall,
  nameAtRoot,
  unwrap,
  type Call,
  type MethodCall,
} from "../syntax/expressions.js";
import { asFor } from "../syntax/statements.js";
import type { Evidence } from "../semantics/evidence.js";
import type { Facts, Site } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";

/** One request to a database. */
export interface AskedOfDatabase {
  readonly call: MethodCall;
  readonly deed: "read" | "write";
  /** The whole request, as far as it stands in one expression: `session.query(User).filter(…).first()`. */
  readonly whole: Node;
  /** The connection, cursor, session, collection or model. */
  readonly through: Node;
  /** The source text of an SQL statement, with its quotes; undefined for what an ORM is asked. */
  readonly sql: string | undefined;
  readonly evidence: Evidence;
}

const SQL_METHODS = "execute exec scalar scalars fetch fetchrow fetchval fetch_one fetch_all fetch_val exec_driver_sql";
const ORM_METHODS = "merge query get filter_by filter exclude create get_or_create update_or_create";
const DOCUMENT_METHODS = "find_one insert_one update_one replace_one delete_one find_one_and_update";

/** The methods by which `askedOfDatabase` knows a request. */
export const DATABASE_METHODS: readonly string[] = `${SQL_METHODS} ${ORM_METHODS} ${DOCUMENT_METHODS}`.split(" ");
const SQL = new Set(SQL_METHODS.split(" "));
const ORM = new Set(ORM_METHODS.split(" "));
const DOCUMENT = new Set(DOCUMENT_METHODS.split(" "));
/** What programs call their own way to a database: `execute_query("SELECT …")`, `_run(…)`. Its text says that it is one. */
const SQL_WRAPPER = /^_?(?:exec|execute|run|query|fetch|select)(?:_\w+)?$/;
/** By its name a method may ask a database: to be told from others by what it is given. */
export const isDatabaseMethod = (method: string): boolean =>
  SQL.has(method) || ORM.has(method) || DOCUMENT.has(method) || SQL_WRAPPER.test(method);
/** Where a database sends a query off, at the end of a chain. */
const ENDS =
  /^(?:first|all|one|one_or_none|scalar|scalars|scalar_one|scalar_one_or_none|count|get|exists|first_or_404|get_or_404|last|values|values_list)$/;
const WRITING_ENDS = /^(?:update|delete)$/;
const MODEL = /^(?:\w+\.)?[A-Z]\w*(?:\.\w+)?$/;
const SESSION = /(?:^|[._])(?:s|db|session|dbsession)$/i;

/** Undefined for what is not known to be asked of a database, and for what changes its tables rather than their rows. */
export function askedOfDatabase(node: Node, facts: Facts): AskedOfDatabase | undefined {
  const call = asMethodCall(node);
  if (!call) return undefined;
  const { method, object } = call;
  if (SQL.has(method)) return ofSql(call, facts);
  if (DOCUMENT.has(method)) {
    const deed = method === "find_one" ? "read" : "write";
    return { call, deed, whole: requestAround(node), through: object, sql: undefined, evidence: "strong" };
  }
  if (method === "merge") return ofMerge(call, facts);
  return (
    (ORM.has(method) ? ofOrm(call, facts) : undefined) ?? (SQL_WRAPPER.test(method) ? ofText(call, facts) : undefined)
  );
}

/** A statement that is written out, given to a method of any name. */
function ofText(call: MethodCall, facts: Facts): AskedOfDatabase | undefined {
  const [given] = call.args;
  const sql = given && sqlOf(given, facts);
  const verb = sql === undefined ? undefined : verbOf(sql);
  if (verb === undefined || verb === "other") return undefined;
  return { call, deed: verb, whole: requestAround(call.node), through: call.object, sql, evidence: "strong" };
}

/** `session.merge(row)` looks the row up by its key before it stores it. */
function ofMerge(call: MethodCall, facts: Facts): AskedOfDatabase | undefined {
  const typed = facts.typed(call.object, "strong")?.type.name;
  const isSession = typed ? /Session$/.test(typed) : /(?:^|[._])session$/i.test(call.object.text);
  if (call.args.length !== 1 || !isSession) return undefined;
  return {
    call,
    deed: "write",
    whole: requestAround(call.node),
    through: call.object,
    sql: undefined,
    evidence: typed ? "proof" : "strong",
  };
}

function ofSql(call: MethodCall, facts: Facts): AskedOfDatabase | undefined {
  const [given = call.keywords.get("query") ?? call.keywords.get("statement")] = call.args;
  if (!given) return undefined;
  const common = { call, whole: requestAround(call.node), through: call.object };
  const sql = sqlOf(given, facts);
  const verb = sql && verbOf(sql);
  if (verb) return verb === "other" ? undefined : { ...common, deed: verb, sql, evidence: "strong" };
  const root = firstCall(facts.valueOf(given) ?? given);
  const name = root && facts.nameOf(root.field("function")!);
  const [, deed = ""] = /^(?:sqlalchemy|sqlmodel)\.(?:\w+\.)*(select|insert|update|delete)$/.exec(name ?? "") ?? [];
  if (deed) return { ...common, deed: deed === "select" ? "read" : "write", sql: undefined, evidence: "strong" };
  // What the name says, where the text comes from elsewhere: `cur.execute(insert_query, row)`.
  const [, said = ""] =
    /(?:^|_)(select|insert|upsert|update|delete)(?:_|$)/i.exec(given.kind === "identifier" ? given.text : "") ?? [];
  if (!said || call.args.length < 2 || call.method !== "execute") return undefined;
  return { ...common, deed: said.toLowerCase() === "select" ? "read" : "write", sql: undefined, evidence: "fair" };
}

function ofOrm(call: MethodCall, facts: Facts): AskedOfDatabase | undefined {
  const { node, method, object, args } = call;
  const whole = requestAround(node);
  const last = asMethodCall(whole)?.method ?? "";
  const owner = asAttribute(object);
  const common = { call, whole, through: object, sql: undefined };
  // `User.objects.get(id=key)`: Django and what is written like it.
  if (owner?.name === "objects") {
    if (!MODEL.test(owner.object.text) && !(owner.object.kind === "identifier" && facts.view.imports("django")))
      return undefined;
    const isWrite = /create/.test(method) || WRITING_ENDS.test(last);
    const isSent = isWrite || method === "get" || ENDS.test(last) || isGoneThrough(whole);
    return isSent ? { ...common, deed: isWrite ? "write" : "read", evidence: "strong" } : undefined;
  }
  // `User.query.filter_by(name=name).first()`: Flask-SQLAlchemy.
  if (owner?.name === "query" && MODEL.test(owner.object.text)) {
    const isSent = method === "get" || ENDS.test(last) || WRITING_ENDS.test(last) || isGoneThrough(whole);
    return isSent ? { ...common, deed: WRITING_ENDS.test(last) ? "write" : "read", evidence: "strong" } : undefined;
  }
  const [model] = args;
  if (!model || !MODEL.test(model.text)) return undefined;
  const typed = facts.typed(object, "strong")?.type.name;
  const isSession = typed ? /Session$/.test(typed) : SESSION.test(object.text);
  if (!isSession) return undefined;
  if (method === "get")
    return args.length === 2 ? { ...common, deed: "read", evidence: typed ? "proof" : "fair" } : undefined;
  if (method !== "query") return undefined;
  const isWrite = WRITING_ENDS.test(last);
  if (!isWrite && !ENDS.test(last) && !isGoneThrough(whole)) return undefined;
  return { ...common, deed: isWrite ? "write" : "read", evidence: "strong" };
}

/** The module, class or object through which a program reaches its database: `crud`, `user_dao`, `database_manager`, `ItemRepository`. */
const LAYER =
  /(?:^|_)(?:dao|crud|db|database|[a-z]\w*_repository)(?:_(?:manager|service|helpers?|utils?|client|handler|operations|ops|queries|functions))?$|[a-z](?:DAO|Dao|Repository|Database|DB|Db)(?:Manager|Service|Helper|Client|Handler)?$/;
const READING_NAME =
  /^_?(?:get|find|fetch|load|select|lookup|look_up|is|has|exists|check|count|read|search)_\w+$|^(?:find|exists|lookup)$/;
const WRITING_NAME =
  /^_?(?:add|insert|update|save|store|delete|remove|upsert|create|mark|record)_\w+$|^(?:insert|upsert)$/;
/** Many at once, or no rows at all. */
const OTHER_NAME =
  /_(?:all|many|bulk|batch)_|(?:^|_)(?:many|all|batch|bulk|multiple|list|ids|keys|rows|collection|table|tables|database|db|session|connection|conn|cursor|engine|client|schema|index|documents|texts|vectors?|embeddings?|field|fields|column|columns|config|settings?|lock|name|type|logger|path|url)$/;

/** One of these stands in each file in which something is asked of a database: a method of one, a text in SQL, a name of a session or of a layer. `get` and the like, which stand in nearly all files, only count beside one of them. */
export const DATABASE_SIGNS = new RegExp(
  [
    `\\.(?:${SQL_METHODS} ${DOCUMENT_METHODS} query objects filter_by get_or_create update_or_create)\\b`.replaceAll(
      " ",
      "|",
    ),
    "\\b(?:[sS]ession|dbsession|read_sql|read_sql_query|read_database|SELECT|INSERT)\\b",
    "(?:\\b|_)(?:dao|crud|db|database)(?:\\b|_)|_repository(?:\\b|_)",
    "[a-z](?:DAO|Dao|Repository|Database|DB|Db)(?:\\b|Manager|Service|Helper|Client|Handler)",
  ].join("|"),
);

/** What a call of the program's own layer over its database does, as far as the names show it: `crud.get_user(db, key)`, `is_known(key)` of a module `database_manager`. Less sure than a statement in sight. */
export function deedByName(node: Node, facts: Facts): "read" | "write" | undefined {
  const callee = asCall(node)?.callee;
  if (!callee) return undefined;
  const attribute = asAttribute(callee);
  const name = attribute?.name ?? callee.text;
  const deed = READING_NAME.test(name) ? "read" : WRITING_NAME.test(name) ? "write" : undefined;
  if (!deed || OTHER_NAME.test(name)) return undefined;
  const layer = attribute ? lastWord(attribute.object) : facts.nameOf(callee)?.split(".").at(-2);
  if (layer !== undefined && LAYER.test(layer) && isOfProgram(callee, facts)) return deed;
  return !attribute && isGivenSession(asCall(node)!, facts) ? deed : undefined;
}

/** `mark_as_sent(key, session)`: a function of another file that is handed what it is to ask. */
const isGivenSession = ({ callee, args, keywords }: Call, facts: Facts): boolean =>
  facts.nameOf(callee) !== undefined &&
  ASKS_DATABASES.some((it) => facts.view.imports(it)) &&
  [...args, ...keywords.values()].some(
    (it) =>
      it.kind === "identifier" &&
      HANDED.test(it.text) &&
      !/^(?:aiohttp|requests|httpx|tensorflow|boto3)\b/.test(facts.typed(it, "fair")?.type.name ?? ""),
  );
const HANDED = /^(?:(?:db|async|sql)_?)?(?:session|conn|connection)$|^(?:db|cursor|cur)$/i;
const ASKS_DATABASES = [
  "sqlalchemy",
  "sqlmodel",
  "sqlite3",
  "aiosqlite",
  "psycopg",
  "psycopg2",
  "asyncpg",
  "pymysql",
  "databases",
];

/** `user_dao` of `self.user_dao` and `DBManager` of `DBManager()`. */
function lastWord(object: Node): string | undefined {
  const named = asCall(object)?.callee ?? object;
  return asAttribute(named)?.name ?? (named.kind === "identifier" ? named.text : undefined);
}

/** Nothing known to be of a library. */
function isOfProgram(callee: Node, facts: Facts): boolean {
  const object = asAttribute(callee)?.object;
  const typed = object && facts.typed(object, "fair")?.type.name;
  return typed === undefined || typed.startsWith("local.");
}

/** The chain of methods and attributes that goes on from a call, with the `await` around it. */
function requestAround(call: Node): Node {
  let whole = call;
  for (;;) {
    const { parent } = whole;
    if (!parent) return whole;
    const isChain =
      (parent.kind === "attribute" && whole.fieldName === "object") ||
      (parent.kind === "call" && whole.fieldName === "function") ||
      (parent.kind === "parenthesized_expression" && whole.kind === "await") ||
      parent.kind === "await";
    if (!isChain) return whole.kind === "attribute" ? (whole.children[0] ?? whole) : whole;
    whole = parent;
  }
}

function isGoneThrough(whole: Node): boolean {
  const { parent } = whole;
  if (parent?.kind === "for_statement" || parent?.kind === "for_in_clause") return parent.field("right") === whole;
  const outer = asCall(parent?.parent);
  return outer?.argumentList === parent && /^(?:list|set|tuple|len|dict)$/.test(outer?.callee.text ?? "");
}

/** `select` of `select(User).where(…)`. */
function firstCall(value: Node): Node | undefined {
  let node = unwrap(value);
  let call: Node | undefined;
  while (node.kind === "call" || node.kind === "attribute") {
    if (node.kind === "call") call = node;
    node = node.field(node.kind === "call" ? "function" : "object")!;
  }
  return call;
}

const LONGEST = 2_000;

/** The source text of a statement that is written out: a literal, an f-string, literals that are put together, `text("…")`, or a name for one. */
export function sqlOf(given: Node, facts: Facts): string | undefined {
  let node = unwrap(given);
  if (node.kind === "identifier" || node.kind === "attribute") node = unwrap(facts.valueOf(node) ?? node);
  const wrapped = asCall(node);
  if (wrapped) {
    const format = asMethodCall(node, "format", "strip");
    if (format) return sqlOf(format.object, facts);
    return /(?:^|[._])(?:text|SQL|dedent)$/.test(wrapped.callee.text) && wrapped.args[0]
      ? sqlOf(wrapped.args[0], facts)
      : undefined;
  }
  if (!/^(?:string|concatenated_string|binary_operator)$/.test(node.kind)) return undefined;
  const { text } = node;
  return /^[rbfuRBFU]{0,2}["']/.test(text) ? text.slice(0, LONGEST) : undefined;
}

/** What the statement does: `other` for tables, transactions and settings; undefined where the text is no SQL. */
function verbOf(sql: string): "read" | "write" | "other" | undefined {
  const text = sql.replace(/^[rbfuRBFU]{0,2}["']{1,3}(?:\\n|\\|\s)*/, "");
  const verb = /^[a-z]+/i.exec(text)?.[0].toLowerCase();
  switch (verb) {
    case "select":
      return /\bfrom\b/i.test(text)
        ? /\b(?:sqlite_master|information_schema|pg_catalog)\b/i.test(text)
          ? "other"
          : "read"
        : undefined;
    case "with":
      return /\bselect\b/i.test(text) ? "read" : undefined;
    case "insert":
    case "replace":
    case "merge":
      return /\b(?:into|or)\b/i.test(text) ? "write" : undefined;
    case "update":
      return /\bset\b/i.test(text) ? "write" : undefined;
    case "delete":
      return /\bfrom\b/i.test(text) ? "write" : undefined;
    case "create":
    case "drop":
    case "alter":
    case "pragma":
    case "truncate":
    case "begin":
    case "vacuum":
    case "attach":
      return "other";
    default:
      return undefined;
  }
}

/** The name of the table, or of columns, is filled in: each turn may ask another one, so that no single statement does for all. */
export function variesInTable(sql: string): boolean {
  return /\b(?:from|into|update|join|table)\s+(?:["'`[]+\s*)?(?:\{|%s|["']\s*[+%])/i.test(sql);
}

/** It asks for many rows at once: `IN (…)`, `= ANY(…)`, or for one page after another. */
export function asksForMany(sql: string): boolean {
  return /\bin\s*(?:\(\s*(?!select\b)|[:%{?])|\bany\s*\(|\boffset\b/i.test(sql);
}

const STEPS = 4;

/** What the value is made of hangs on the loop's own variable, directly or by way of names that the loop sets. */
export function hangsOnTurn(value: Node, loop: Node, facts: Facts): boolean {
  const seen = new Set([value]);
  let values = [value];
  for (let step = 0; step <= STEPS && values.length > 0; step++) {
    const sites = values.flatMap((it) => sitesOfTurn(it, loop, facts));
    if (sites.some((it) => it.kind === "for" && isOf(it.owner, loop))) return true;
    values = sites.flatMap((it) => (it.kind !== "for" && it.value && !seen.has(it.value) ? [it.value] : []));
    for (const it of values) seen.add(it);
  }
  return false;
}

/** Where the names in an expression are bound, as far as the loop does it. */
function sitesOfTurn(value: Node, loop: Node, facts: Facts): readonly Site[] {
  return value
    .descendants("identifier")
    .filter((it) => it.fieldName !== "attribute")
    .flatMap((it) => facts.reachingSites(it))
    .filter((it) => it.name.isInside(loop) || loop.isInside(it.owner));
}

/** The `for` that binds a name is the loop itself, or stands in it. */
const isOf = (owner: Node, loop: Node): boolean => owner === loop || owner.isInside(loop) || loop.isInside(owner);

/** Each turn has a database of its own: what is asked through is reached by something the loop's variable says. */
export function isOfOtherDatabase(through: Node, loop: Node, facts: Facts): boolean {
  const root = nameAtRoot(through) ?? firstName(through);
  return root !== undefined && hangsOnTurn(root, loop, facts);
}

const firstName = (node: Node): Node | undefined => {
  const call = firstCall(node);
  return call && nameAtRoot(call.field("function")!);
};

/** What a `for` or comprehension goes through, and the name it gives to one item. */
export function goneThrough(loop: Node): { readonly target: Node; readonly iterable: Node } | undefined {
  return asFor(loop) ?? asComprehension(loop)?.clauses[0];
}

/** The loop takes the rows in portions already: `for start in range(0, n, size)`, `for batch in batches`. */
export function goesByPortions(loop: Node): boolean {
  const through = goneThrough(loop);
  if (!through) return false;
  const range = asCall(unwrap(through.iterable));
  return (
    /chunk|batch|page|portion|part\b|slice|window/i.test(through.target.text) ||
    /batched|chunk/i.test(through.iterable.text) ||
    (range?.callee.text === "range" && range.args.length === 3)
  );
}

/** What the loop goes through are the rows of a query. */
export function areRowsOfQuery(iterable: Node, facts: Facts, depth = 0): boolean {
  const node = unwrap(iterable);
  if (/\.(?:fetchall|fetchmany|objects\.\w+|query|scalars|execute)\b\(?/.test(node.text)) return true;
  const value = depth < 2 && node.kind === "identifier" ? facts.valueOf(node) : undefined;
  return value !== undefined && areRowsOfQuery(value, facts, depth + 1);
}
