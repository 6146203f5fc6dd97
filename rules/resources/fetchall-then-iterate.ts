/** `for row in cursor.fetchall()`, which makes a list of all rows only to go through it. */

import {
  asMethodCall,
  askedOfDatabase,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  nameAtRoot,
  nextStatement,
  replace,
  statementOf,
  unwrap,
  wrapped,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "All rows fetched, then looped over",
  why: "fetchall makes a list of the whole result before the first row is looked at. The cursor itself gives one row after another, so that only one of them is in memory with sqlite3 and with cursors of a server.",
  guide: "generators",
  level: "info",
  gain: "memory",
  words: ["fetchall", "mappings"],
  fixes: "review",

  examples: [
    {
      before: `
import sqlite3

def longest(db: sqlite3.Connection) -> int:
    most = 0
    for row in db.execute("SELECT text FROM notes").fetchall():
        most = max(most, len(row[0]))
    return most
`,
      after: `
import sqlite3

def longest(db: sqlite3.Connection) -> int:
    most = 0
    for row in db.execute("SELECT text FROM notes"):
        most = max(most, len(row[0]))
    return most
`,
    },
  ],

  on: ["call"],
  methods: ["fetchall", "all"],

  find(node, { facts }) {
    const call = asMethodCall(node)!;
    if (call.args.length > 0 || facts.isTest) return undefined;
    // `.mappings().all()`: how SQLAlchemy says it.
    const isResult = asMethodCall(call.object, "mappings") !== undefined;
    if (call.method === "all" && !isResult) return undefined;
    const { loop, rows } = loopOver(node, facts) ?? {};
    if (!loop || !rows) return undefined;
    const body = loop.kind === "for_statement" ? loop.field("body")! : undefined;
    // The connection is needed for something else meanwhile.
    const part = body ?? loop;
    // Whoever takes the rows of a generator may ask the same connection meanwhile, unless nobody else has it.
    const isGenerator = functionAround(node)
      ?.descendants("yield")
      .some((it) => it.isInside(loop));
    if (isGenerator && !isOfOwnConnection(call.object, facts)) return undefined;
    if (
      part
        .descendants("call")
        .some((it) => it !== node && !it.isInside(rows) && USES.test(asMethodCall(it)?.method ?? "")) ||
      isShort(call.object, facts)
    )
      return undefined;
    const typed = facts.typed(call.object, "strong")?.type.name;
    const isCursor = /cur(?:sor)?$/i.test(call.object.text);
    // What DuckDB gives cannot be looped over.
    if (!typed && facts.fileMatches(DUCKDB)) return undefined;
    // A list with a name that becomes another list: not worth it where the rows may be in memory already.
    if (!typed && !isCursor && !isResult && !body && rows !== node) return undefined;
    return {
      at: call.methodNode,
      evidence: typed ? "proof" : isCursor || isResult ? "strong" : "fair",
      // What a comprehension makes has as many items again; how many rows there are is not in sight.
      weight: body && !isResult ? "unknown" : "light",
      call,
      rows,
      isSure: typed !== undefined || isCursor || isResult,
      isLocal: typed === "sqlite3.Cursor",
      isDirect: rows === node,
    };
  },

  message: ({ call }) => {
    const shown = excerpt(call.object.text.replace(/\s+/g, " "), 50);
    return `This makes a list of all rows only to go through it; \`${shown}\` gives them one by one.`;
  },

  fix({ call, isDirect, isSure }) {
    if (!isDirect) return declined("the list has a name of its own");
    if (hasComments(call.node)) return declined("there is a comment in the call");
    return fixOf(
      "Go through the cursor",
      [
        !isSure && "what the query gives must be something to loop over",
        "the query stays open until the loop has ended",
        "a row that cannot be read fails later",
      ],
      [replace(call.node, call.object.text)],
    );
  },
});

/** `import duckdb`, or what only its connections have: `con.execute(…).fetchdf()`, `connect(read_only=True)`. */
const DUCKDB = /\bduckdb\b|\.(?:fetchdf|fetch_df|fetchnumpy|fetch_arrow_table|fetch_record_batch)\(|\bread_only\s*=/;

/** What asks the same connection, or ends its transaction, while the rows are still coming; the body calls what is not in sight with it. */
const USES = /^(?:execute|executemany|commit|rollback|cursor|fetchone|fetchall|fetchmany|query|save)$/;

/** The `for` around the call, or around the only read of the name that it is given. */
function loopOver(node: Node, facts: Facts): { readonly loop: Node; readonly rows: Node } | undefined {
  const { parent } = wrapped(node);
  if (parent?.kind === "for_in_clause" && parent.parent && unwrap(parent.field("right")!) === node)
    return { loop: parent.parent, rows: node };
  if (parent?.kind === "for_statement")
    return unwrap(parent.field("right")!) === node ? { loop: parent, rows: node } : undefined;
  if (parent?.kind !== "assignment" || parent.field("left")?.kind !== "identifier") return undefined;
  const name = parent.field("left")!;
  const [only, ...more] = facts.readsOf(name);
  if (!only || more.length > 0 || facts.writesOf(name).length !== 1 || !functionAround(node)) return undefined;
  const around = only.parent;
  if (around?.field("right") !== only) return undefined;
  const loop = around.kind === "for_in_clause" ? around.parent : around.kind === "for_statement" ? around : undefined;
  // Between the two nobody may ask the cursor for something else, which is sure where one follows the other.
  return loop && nextStatement(statementOf(parent)) === statementOf(loop) ? { loop, rows: only } : undefined;
}

/** `db = connect()`, `cursor = db.cursor()` in the function itself. */
function isOfOwnConnection(cursor: Node, facts: Facts): boolean {
  const name = nameAtRoot(asMethodCall(cursor, "execute")?.object ?? cursor);
  const [site, more] = name ? facts.writesOf(name) : [];
  if (!name || !site?.value || more || functionAround(site.name) !== functionAround(name)) return false;
  const made = asMethodCall(site.value, "cursor", "execute");
  return made
    ? isOfOwnConnection(made.object, facts)
    : /(?:^|[._])(?:connect|(?:get|open|new)_(?:\w+_)?conn\w*)\(/.test(site.value.text);
}

/** What is known to have few rows: the tables and columns of a database, the first few rows. */
function isShort(cursor: Node, facts: Facts): boolean {
  const call = asMethodCall(cursor);
  const text = call?.args[0]?.text ?? "";
  if (givesFew(text)) return true;
  if (call)
    return (
      askedOfDatabase(call.node, facts)?.deed !== "read" &&
      /^(?:execute)$/.test(call.method) &&
      /^[rbf]*["']/.test(text)
    );
  // `cur.execute("…")` on one of the lines above.
  const last = facts
    .scopeOf(cursor)
    .node.descendants("call")
    .filter((it) => it.end <= cursor.start && asMethodCall(it, "execute")?.object.text === cursor.text)
    .at(-1);
  const sql = asMethodCall(last)?.args[0]?.text ?? "";
  return givesFew(sql);
}

const givesFew = (sql: string): boolean =>
  /pragma|sqlite_master|information_schema|distinct|group by|show tables/i.test(sql) ||
  /\blimit\s+\d{1,3}\b/i.test(sql);
