/** A session or connection that is used again after a failure, although nobody took the failed transaction back. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asFunction,
  asMethodCall,
  asTry,
  asWith,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  functionCalled,
  functionQuestion,
  indentLines,
  indentOf,
  indentUnit,
  insertBefore,
  itemsOf,
  kindSet,
  lineAbove,
  replace,
  sessionEvidence,
  startsLine,
  statementOf,
  statementsOf,
  textValue,
  sqlOf,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
  type Try,
} from "../../analysis/authoring.js";
import { deedsIn, handleOf, HELPERS } from "./session-not-rolled-back/deeds.js";
import { nextAfter, nextDeed, type Next } from "./session-not-rolled-back/next.js";

export default defineRule({
  title: "Session used again after a failure without rollback",
  why: "After a failed commit or flush a session of SQLAlchemy refuses all that follows until it is rolled back, and after a failed statement PostgreSQL refuses the rest of the transaction. A handler that goes on without a rollback makes of one bad row a failure of all that come after it, or loses what the last commit was to keep.",
  guide: "context-managers",
  level: "warning",
  gain: "safety",
  words: ["commit", "flush", "execute", "executemany", "exec"],
  overrides: ["errors/silent-broad-except"],
  fixes: "review",

  examples: [
    {
      before: `
from sqlalchemy.orm import Session

def store(session: Session, rows: list) -> list[str]:
    failures = []
    for row in rows:
        try:
            session.add(row)
            session.commit()
        except Exception as error:
            failures.append(str(error))
    return failures
`,
      after: `
from sqlalchemy.orm import Session

def store(session: Session, rows: list) -> list[str]:
    failures = []
    for row in rows:
        try:
            session.add(row)
            session.commit()
        except Exception as error:
            session.rollback()
            failures.append(str(error))
    return failures
`,
    },
  ],

  on: ["try_statement"],

  find(node, { facts }): Left | undefined {
    const tried = asTry(node);
    if (!tried || tried.handlers.length === 0 || facts.isTest) return undefined;
    const handlers = tried.handlers.filter(({ type, body }) => catchesFailure(type) && !UNDONE.test(body.text));
    const [handler] = handlers;
    // Where one of them takes it back, they are told apart on purpose.
    if (!handler || handlers.length < tried.handlers.filter(({ type }) => catchesFailure(type)).length)
      return undefined;
    const home = functionAround(node)?.field("body") ?? node.tree.root;
    for (const failing of failuresIn(tried, home, facts)) {
      const outcome = nextDeed(tried, handler.body, { handle: failing.handle, home, facts });
      const next: Called | "cleared" = outcome === "left" ? nextOfCallers(node, failing, facts) : outcome;
      if (next === "cleared" || !matters(next, failing, tried, home, facts)) continue;
      return {
        at: handler.type ?? statementsOf(handler.body)[0]!,
        evidence: next.deed.what === "given" ? "fair" : failing.evidence,
        // Of a long block it is mostly something else that fails.
        weight: facts.isNotebook ? "light" : isLong(tried.body) && next.where !== "turn" ? "unknown" : "heavy",
        related: [
          { at: failing.call.callee, message: "what may fail" },
          ...(next.deed.shown === failing.call.callee ? [] : [{ at: next.deed.shown, message: "what needs it again" }]),
        ],
        failing,
        next,
        by: next.caller,
        tried,
        handler: handler.body,
      };
    }
    return undefined;
  },

  message: ({ failing: { kind, call, handle }, next: { where, deed }, by }) => {
    const place = where === "handler" ? "here" : by ? `in \`${by}\`` : "below";
    const shown = excerpt(deed.shown.text.replace(/\s+/g, ""), 40);
    const of = excerpt(handle, 30);
    if (kind === "session")
      return where === "turn"
        ? `If \`${excerpt(call.callee.text, 40)}\` fails, \`${of}\` refuses all that follows until a rollback, so every later turn fails as well.`
        : `If \`${excerpt(call.callee.text, 40)}\` fails, \`${of}\` refuses all that follows until a rollback, so \`${shown}\` ${place} fails as well.`;
    return deed.what === "ends"
      ? `After a failed statement nothing of the transaction is kept: \`${shown}\` undoes what was written before, without an error.`
      : where === "turn"
        ? "After a failed statement PostgreSQL refuses the rest of the transaction, so every later turn fails as well; a savepoint for each keeps them apart."
        : `After a failed statement PostgreSQL refuses the rest of the transaction, so \`${shown}\` ${place} fails as well.`;
  },

  fix({ failing: { kind, call, handle, library }, tried, handler }, { facts }) {
    const isAwaited = call.node.parent?.kind === "await";
    const [first] = statementsOf(handler);
    if (kind === "session") {
      const line = `${isAwaited ? "await " : ""}${handle}.rollback()`;
      if (!startsLine(first!)) return declined("the handler stands on the line of its except");
      return fixOf(
        "Roll back first in the handler",
        ["what was added or changed since the last commit is undone, also what did not fail"],
        [first!.kind === "pass_statement" ? replace(first!, line) : lineAbove(first!, line)],
      );
    }
    if (library === "psycopg2")
      return declined(
        "a rollback would undo the rows before it as well: set a SAVEPOINT for each statement that may fail, or commit before it",
      );
    const begin = statementsOf(tried.body)[0]!;
    if (!startsLine(begin)) return declined("the block stands on the line of its try");
    const unit = indentUnit(begin, facts);
    const head = `${isAwaited ? "async " : ""}with ${handle}.${library === "sqlalchemy" ? "begin_nested" : "transaction"}():`;
    return fixOf(
      "Give what may fail a savepoint of its own",
      ["what the block wrote before it failed is undone"],
      [
        insertBefore(begin, `${head}\n${indentOf(begin)}${unit}`),
        ...indentLines({ tree: begin.tree, start: begin.start, end: tried.body.end }, unit).filter(
          ({ at }) => at.start > begin.start,
        ),
      ],
    );
  },
});

/** Many steps, or a question to somebody else among them. */
const isLong = (body: Node): boolean => body.count(STEPS) > MANY;
const STEPS = kindSet("expression_statement", "return_statement", "if_statement", "for_statement", "with_statement");
const MANY = 12;

interface Left extends Match {
  readonly failing: Failing;
  readonly next: Next;
  /** The function that comes to it, where that is another one. */
  readonly by: string | undefined;
  readonly tried: Try;
  readonly handler: Node;
}

/** It, or what takes its place, is among what the handler does: a rollback, a new session, a way out of the program. */
const UNDONE = /\b(?:rollback|begin_nested|savepoint|close|aclose|invalidate|exit|_exit|abort)\b|SAVEPOINT/;

const parts = (type: Node): readonly string[] =>
  type.kind === "tuple" ? itemsOf(type).map((it) => it.text) : [type.text];

/** Errors that a database raises. */
const catchesFailure = (type: Node | undefined): boolean =>
  type === undefined ||
  parts(type).some((it) =>
    /^(?:builtins\.)?(?:Base)?Exception$|(?:^|\.)(?:SQLAlchemyError|IntegrityError|DBAPIError|OperationalError|DataError|ProgrammingError|StatementError|FlushError|InvalidRequestError|DatabaseError|PostgresError|UniqueViolation(?:Error)?|ForeignKeyViolation(?:Error)?|NotNullViolation(?:Error)?)$|^(?:psycopg2?|asyncpg)\.(?:Error|errors\.\w+|exceptions\.\w+)$/.test(
      it,
    ),
  );

/** What a function of the file does with its session once it has called the one that left it broken. */
function nextOfCallers(node: Node, { kind, handle }: Failing, facts: Facts): Called | "cleared" {
  const def = asFunction(functionAround(node));
  if (!def || kind !== "session") return "cleared";
  const isOwn = handle.startsWith("self.");
  const names = def.parameters.map((it) => it.name).filter((it) => it !== "self" && it !== "cls");
  const place = names.indexOf(handle);
  if (!isOwn && place < 0) return "cleared";
  const reads =
    facts.classNameOf(def.outer) === undefined ? facts.readsOf(def.nameNode) : facts.view.attributesOf(def.name);
  for (const read of reads.slice(0, MOST)) {
    const dotted = read.kind === "identifier" && read.fieldName === "attribute" ? read.parent! : read;
    const call = asCall(dotted.parent);
    const caller = call && asFunction(functionAround(call.node));
    if (!call || call.callee !== dotted || !caller || caller.node === def.node) continue;
    const given = isOwn
      ? asAttribute(call.callee)?.object.text === "self"
        ? handle
        : undefined
      : (call.keywords.get(handle) ?? call.args[place])?.text;
    const statement = statementOf(call.node);
    // A coroutine that is not awaited here runs at another time; whoever asks what came of it can tell.
    if (def.isAsync && call.node.parent?.kind !== "await") continue;
    if (given === undefined || !/^[\w.]+$/.test(given) || !/^(?:expression_statement)$/.test(statement.kind)) continue;
    const marks = new Set(asAssignment(statement)?.targets.map((it) => it.text));
    const next = nextAfter(statement, undefined, marks, { handle: given, home: facts.bodyOf(caller), facts });
    if (next !== "cleared" && next !== "left") return { ...next, caller: caller.name };
  }
  return "cleared";
}

interface Called extends Next {
  readonly caller?: string;
}

interface Failing {
  readonly kind: "session" | "statement";
  readonly call: Call;
  readonly handle: string;
  readonly evidence: Evidence;
  readonly library: "sqlalchemy" | "psycopg2" | "transaction";
}

const STATEMENTS = /^(?:execute|executemany|exec|exec_driver_sql|fetch|fetchrow|fetchval|copy_\w+|callproc|scalars?)$/;
const MOST = 40;

/** What in the block may fail and leave a transaction that is good for nothing: one for each handle. */
function failuresIn({ node, body }: Try, home: Node, facts: Facts): readonly Failing[] {
  const found = new Map<string, Failing>();
  const add = (failing: Failing | undefined) => {
    if (failing && !found.has(failing.handle)) found.set(failing.handle, failing);
  };
  for (const it of body.descendants("call").slice(0, MOST)) {
    const call = asCall(it);
    if (!call || functionAround(it) !== functionAround(node) || isDealtWith(it, node, facts)) continue;
    const method = asMethodCall(it);
    if (method && (method.method === "commit" || method.method === "flush")) add(ofSession(call, method.object, facts));
    else if (method && STATEMENTS.test(method.method)) add(ofStatement(call, method.object, node, home, facts));
    else if (call.args[0] && HELPERS.test(call.callee.text)) add(ofStatement(call, call.args[0], node, home, facts));
    else add(throughFunction(call, facts));
  }
  return [...found.values()].filter(({ handle }) => !isMadeInside(handle, body, home, facts));
}

function ofSession(call: Call, object: Node, facts: Facts): Failing | undefined {
  const evidence = sessionEvidence(object, facts);
  return evidence && { kind: "session", call, handle: object.text, evidence, library: "sqlalchemy" };
}

/** A `try` inside it swallows the failure itself, or a savepoint or transaction inside it is undone with it. */
function isDealtWith(node: Node, outer: Node, facts: Facts): boolean {
  for (let at = node.parent; at && at !== outer; at = at.parent) {
    const inner = asTry(at);
    if (inner && node.isInside(inner.body) && inner.handlers.some(({ type }) => catchesFailure(type))) return true;
    const block = node.isInside(at) ? asWith(at) : undefined;
    if (block?.items.some(({ value }) => /\.(?:begin|begin_nested|transaction|atomic|savepoint)\(/.test(value.text)))
      return true;
  }
  return facts.memo("savepoints", outer, () => /savepoint/i.test(asTry(outer)!.body.text));
}

/** The block makes the session itself: whoever comes after the failure has another one, or none. */
function isMadeInside(handle: string, body: Node, home: Node, facts: Facts): boolean {
  return (deedsIn(home, facts).get(handle) ?? []).some(
    ({ what, node }) => what === "clears" && node.kind !== "call" && node.isInside(body),
  );
}

/** `self._store(session, row)`, which commits what it is handed. */
function throughFunction(call: Call, facts: Facts): Failing | undefined {
  const def = functionCalled(call.callee, facts);
  if (!def) return undefined;
  const [handle = "", evidence = ""] = committing(def, facts).split(" ");
  if (handle === "") return undefined;
  const common = { kind: "session", call, evidence: evidence as Evidence, library: "sqlalchemy" } as const;
  if (handle.includes(".")) return { ...common, handle };
  const names = def.parameters.map((it) => it.name).filter((it) => it !== "self" && it !== "cls");
  const given = call.keywords.get(handle) ?? call.args[names.indexOf(handle)];
  return given && /^[\w.]+$/.test(given.text) ? { ...common, handle: given.text } : undefined;
}

/** The session that a function commits or flushes and does not roll back: its parameter, or an attribute of its object, and how sure it is one. */
const committing = functionQuestion<string>((def: FunctionDef, facts) => {
  const body = facts.bodyOf(def);
  if (/\brollback\b|begin_nested/.test(body.text)) return "";
  for (const it of body.descendants("call")) {
    const method = asMethodCall(it, "commit", "flush");
    if (!method || it.ancestor("try_statement")) continue;
    const { text } = method.object;
    if (!text.startsWith("self.") && !def.parameters.some((parameter) => parameter.name === text)) continue;
    const evidence = sessionEvidence(method.object, facts);
    if (evidence) return `${text} ${evidence}`;
  }
  return "";
});

/** Each statement is a transaction of its own. */
const commitsItself = fileQuestion((facts) =>
  facts.fileMatches(
    /autocommit\s*=\s*True|autocommit\(True|set_isolation_level|ISOLATION_LEVEL_AUTOCOMMIT|"AUTOCOMMIT"|'AUTOCOMMIT'/,
  ),
);
const OTHER_DATABASES = [
  "sqlite3",
  "aiosqlite",
  "pymysql",
  "MySQLdb",
  "mysql",
  "pyodbc",
  "duckdb",
  "databases",
  "aiomysql",
  "oracledb",
  "cx_Oracle",
  "snowflake",
  "clickhouse_driver",
];
/** What only PostgreSQL understands, or is called. */
const POSTGRES =
  /postgres|psycopg|asyncpg|pg_insert|\bJSONB\b|\bILIKE\b|::(?:text|int|float|numeric|jsonb|date|timestamp)|\bpg_\w+\(|TIMESTAMPTZ|\bSERIAL\b/;
const isOfPostgres = fileQuestion((facts) => facts.fileMatches(POSTGRES) && !facts.fileMatches(/sqlite|mysql/i));

function ofStatement(call: Call, object: Node, node: Node, home: Node, facts: Facts): Failing | undefined {
  const handle = handleOf(object.text, home, facts);
  if (!/^[\w.]+$/.test(handle) || facts.ofFile(commitsItself) || OTHER_DATABASES.some((it) => facts.view.imports(it)))
    return undefined;
  // Whether the server is there at all.
  const [given] = call.args;
  const sql = given && (sqlOf(given, facts) ?? textValue(given));
  if (sql !== undefined && /^\W*select\s+1\W*$|^\W*(?:savepoint|rollback|begin)\b/i.test(sql)) return undefined;
  const common = { kind: "statement", call, handle } as const;
  if (isInTransaction(handle, node)) return { ...common, evidence: "strong", library: "transaction" };
  if (handle !== object.text) {
    const isPsycopg = ["psycopg2", "psycopg"].some((it) => facts.view.imports(it));
    return isPsycopg ? { ...common, evidence: "strong", library: "psycopg2" } : undefined;
  }
  if (!facts.ofFile(isOfPostgres)) return undefined;
  const isConnection = /(?:^|[._])(?:conn|connection)$/.test(handle) && isOfEngine(handle, node);
  if (!isConnection && !sessionEvidence(object, facts)) return undefined;
  return { ...common, evidence: "fair", library: "sqlalchemy" };
}

/** `async with connection.transaction():` around it. */
function isInTransaction(handle: string, node: Node): boolean {
  for (let at = node.ancestor("with_statement"); at; at = at.ancestor("with_statement"))
    if (
      functionAround(at) === functionAround(node) &&
      asWith(at)?.items.some(({ value }) => value.text.startsWith(`${handle}.transaction(`))
    )
      return true;
  return false;
}

/** `with engine.begin() as connection:`. */
function isOfEngine(handle: string, node: Node): boolean {
  for (let at = node.ancestor("with_statement"); at; at = at.ancestor("with_statement")) {
    const own = asWith(at)?.items.find(({ alias }) => alias?.text === handle);
    if (own) return /engine\w*\.(?:begin|connect)\(/.test(own.value.text);
  }
  return false;
}

/** A commit behind a failed statement only loses what was written before it, in the same transaction. */
function matters(
  { deed, where }: Next,
  { kind, handle, call }: Failing,
  { node }: Try,
  home: Node,
  facts: Facts,
): boolean {
  if (kind === "session") return true;
  if (deed.what !== "ends") return true;
  // The turns before this one wrote as well, where none of them committed.
  if (where === "turn") return false;
  const deeds = deedsIn(home, facts).get(handle) ?? [];
  const before = deeds.filter((it) => it.node.start < node.start);
  const last = before.findLastIndex((it) => it.what !== "asks" && it.what !== "given");
  const isInLoop = facts.loopAround(node) !== undefined && !deed.node.isInside(facts.loopAround(node)!);
  return (
    isInLoop || before.slice(last + 1).some((it) => WRITES.test(it.node.text)) || hasTwo(call, node, handle, deeds)
  );
}
const WRITES = /\b(?:insert|update|delete|create|alter|drop|execute_values|execute_batch|executemany|copy_\w+|add)\b/i;

/** The block itself writes something before what may fail. */
const hasTwo = (call: Call, node: Node, handle: string, deeds: readonly { readonly node: Node }[]): boolean =>
  deeds.filter((it) => it.node.isInside(node) && it.node.start < call.node.start).length > 0 && handle !== "";
