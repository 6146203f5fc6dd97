/** `execute` of one and the same statement for each row, where `executemany` takes all of them. */

import {
  asFor,
  asMethodCall,
  askedOfDatabase,
  asksForMany,
  declined,
  defineRule,
  excerpt,
  fixOf,
  expressionOf,
  fileQuestion,
  goesByPortions,
  goneThrough,
  hangsOnTurn,
  hasComments,
  isOfOtherDatabase,
  onlyStatement,
  replace,
  statementOf,
  textIn,
  variesInTable,
  turnAsksModel,
  type Declined,
  type Facts,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

/** Stores of vectors and documents: what takes one at a time takes many at once too. */
const UPSERTS = /^(?:upsert|add_documents|add_texts|insert_one|replace_one)$/;

export default defineRule({
  title: "Statement executed for each row",
  why: "Every call plans the statement and sends it off anew, for one row. executemany takes all rows in one call; it knows the statement already when the next row comes, and most drivers send many rows together.",
  guide: "data-structures",
  level: "info",
  gain: "time",
  words: ["execute", "upsert", "add_documents", "add_texts", "insert_one", "replace_one"],
  within: "loop",
  fixes: "review",

  examples: [
    {
      before: `
import sqlite3

def store(db: sqlite3.Connection, prices: list[tuple[str, float]]) -> None:
    for name, price in prices:
        db.execute("INSERT INTO prices (name, price) VALUES (?, ?)", (name, price))
    db.commit()
`,
      after: `
import sqlite3

def store(db: sqlite3.Connection, prices: list[tuple[str, float]]) -> None:
    db.executemany("INSERT INTO prices (name, price) VALUES (?, ?)", [(name, price) for name, price in prices])
    db.commit()
`,
    },
  ],

  on: ["call"],
  methods: ["execute", "upsert", "add_documents", "add_texts", "insert_one", "replace_one"],

  find(node, { facts }) {
    const call = asMethodCall(node)!;
    const loop = facts.loopAround(node);
    const through = loop && goneThrough(loop);
    if (!loop || !through || facts.isTest || goesByPortions(loop)) return undefined;
    const isStore = call.method !== "execute";
    const isWrittenOut = !isStore && isInsertOfList(node, loop);
    const asked = isStore
      ? ofStore(node, loop, facts)
      : isWrittenOut
        ? ("fair" as const)
        : ofStatement(node, loop, facts);
    const size = facts.sizeOf(through.iterable);
    if (!asked || size === "light") return undefined;
    // A migration runs once for each database; next to a model that is asked in each turn a statement is nothing.
    const weight = facts.view.imports("alembic") || turnAsksModel(node, facts) ? "light" : size;
    return { at: call.callee, evidence: asked, weight, call, loop, each: through.target, isStore, isWrittenOut };
  },

  message({ call, each, isStore, isWrittenOut }, { facts }) {
    const shown = excerpt(call.callee.text.replace(/\s+/g, ""), 40);
    const item = excerpt(each.text, 30);
    if (isStore) return `\`${shown}\` is one request per \`${item}\`; it, or its twin for many, takes a whole list.`;
    if (isWrittenOut)
      return `\`${shown}\` runs a statement with its values written out per \`${item}\`; one INSERT with placeholders and \`executemany\` store all rows in one call.`;
    const many = excerpt(call.object.text.replace(/\s+/g, ""), 30);
    if (isOfSqlAlchemy(call.object, facts))
      return `\`${shown}\` runs once per \`${item}\`; with a list of parameters (not an empty one) as its second argument one call runs for all rows.`;
    return isOfPsycopg2(call.object, facts)
      ? `\`${shown}\` sends one statement per \`${item}\`; \`execute_values\` of psycopg2.extras sends many rows in one.`
      : `\`${shown}\` runs once per \`${item}\`; \`${many}.executemany\` takes all rows in one call.`;
  },

  fix({ call, loop, isStore }, { facts }): Fix | Declined {
    if (isStore) return declined("what it takes for many items is not in sight");
    if (isOfPsycopg2(call.object, facts)) return declined("`executemany` of psycopg2 is no faster");
    const { args, keywords, hasSplat } = call;
    const [sql, values] = args;
    if (!sql || !values || args.length !== 2 || keywords.size > 0 || hasSplat)
      return declined("the values of a row are not given as one argument");
    const own = asFor(loop);
    const statement = statementOf(call.node);
    if (!own || own.isAsync || onlyStatement(own.body) !== statement || own.orElse)
      return declined("the loop does something else too");
    const expression = expressionOf(statement);
    const isAwaited = expression?.kind === "await";
    if (expression !== call.node && !(isAwaited && call.node.parent === expression))
      return declined("its result is used");
    if (hasComments(loop)) return declined("there is a comment in the loop");
    if (hangsOnTurn(sql, loop, facts)) return declined("the statement is made in the loop");
    if (isAwaited ? values.descendants("await").length > 0 : isOfSqlAlchemy(call.object, facts))
      return declined("SQLAlchemy takes a list of parameters in `execute` itself");
    if (own.target.descendants("identifier", "attribute").some((it) => facts.isReadOutside(it, loop)))
      return declined("the loop's variable is read later");
    const rows =
      values.text === own.target.text
        ? textIn(own.iterable, 1)
        : `[${textIn(values, 1)} for ${own.target.text} in ${textIn(own.iterable, 1)}]`;
    const once = `${call.object.text}.executemany(${sql.text}, ${rows})`;
    return fixOf(
      "Use executemany()",
      [
        "all values are worked out before the first row is written",
        "without rows the statement is looked at all the same",
        "`lastrowid` and what else the cursor says of a single row differ",
      ],
      [replace(loop, `${isAwaited ? "await " : ""}${once}`)],
    );
  },
});

/** The statement is the same in each turn, its values are not. */
function ofStatement(node: Node, loop: Node, facts: Facts) {
  const asked = askedOfDatabase(node, facts);
  if (!asked || asked.deed !== "write" || asked.whole !== (node.parent?.kind === "await" ? node.parent : node))
    return undefined;
  const { call, sql, through } = asked;
  const [statement, values] = call.args;
  if (
    sql === undefined ? asked.evidence !== "fair" : variesInTable(sql) || asksForMany(sql) || /\breturning\b/i.test(sql)
  )
    return undefined;
  if (!statement || !values || !hangsOnTurn(values, loop, facts) || isMadeInLoop(statement, loop, facts))
    return undefined;
  if (isOfOtherDatabase(through, loop, facts) || isTried(node, loop) || isAskedAfter(loop)) return undefined;
  return asked.evidence;
}

/** `for query in insert_queries: cursor.execute(query)`: statements that differ in their values alone, put together before the loop. */
function isInsertOfList(node: Node, loop: Node): boolean {
  const { args, keywords } = asMethodCall(node)!;
  const { target, iterable } = goneThrough(loop) ?? {};
  const [statement, more] = args;
  const named = asMethodCall(statement)?.object ?? statement;
  return (
    iterable?.kind === "identifier" &&
    /(?:^|_)(?:inserts?|upserts?)(?:_|$)/i.test(iterable.text) &&
    target?.kind === "identifier" &&
    named?.text === target.text &&
    more === undefined &&
    keywords.size === 0 &&
    expressionOf(statementOf(node)) === node &&
    !isTried(node, loop)
  );
}

/** Its text is put together of what the turn brings: each may be another statement. */
const isMadeInLoop = (statement: Node, loop: Node, facts: Facts): boolean =>
  hangsOnTurn(statement, loop, facts) ||
  (statement.kind === "identifier" &&
    facts.writesOf(statement, loop).some((it) => it.value !== undefined && hangsOnTurn(it.value, loop, facts)));

/** A row that fails is passed over, and the others are written. */
function isTried(node: Node, loop: Node): boolean {
  const attempt = node.ancestor("try_statement");
  return attempt?.isInside(loop) === true;
}

/** What the cursor says of the row that was written is read in the same turn. */
const isAskedAfter = (loop: Node): boolean =>
  (loop.field("body") ?? loop)
    .descendants("attribute")
    .some((it) => /^(?:lastrowid|rowcount|fetchone|fetchall|inserted_primary_key)$/.test(it.field("attribute")!.text));

function ofStore(node: Node, loop: Node, facts: Facts) {
  const call = asMethodCall(node)!;
  if (!UPSERTS.test(call.method) || !hangsOnTurn(call.argumentList, loop, facts)) return undefined;
  // A dictionary or an index in memory has methods of these names too.
  if (/^add_/.test(call.method) && !facts.ofFile(hasStores)) return undefined;
  if (isOfOtherDatabase(call.object, loop, facts) || isTried(node, loop)) return undefined;
  // `documents=[text]`: a list of one, where the call takes many.
  const given = [...call.args, ...call.keywords.values()];
  const isForOne = given.some(
    (it) =>
      it.kind === "list" &&
      it.children.length === 1 &&
      it.children[0]!.kind !== "list_splat" &&
      hangsOnTurn(it, loop, facts),
  );
  if (/_one$/.test(call.method)) return "strong" as const;
  return isForOne ? ("strong" as const) : undefined;
}

const isOf = (object: Node, library: string, facts: Facts): boolean => {
  const typed = facts.typed(object, "strong")?.type.name;
  return typed === undefined ? facts.view.imports(library) : typed.startsWith(`${library}.`);
};
const hasStores = fileQuestion((facts) =>
  facts.fileMatches(
    /^[ \t]*(?:import|from)[ \t]+(?:langchain|llama_index|haystack|chromadb|qdrant|pinecone|weaviate|milvus|pymilvus|elasticsearch|opensearch)|vector_?(?:store|db)/im,
  ),
);
const isOfPsycopg2 = (cursor: Node, facts: Facts): boolean => isOf(cursor, "psycopg2", facts);
const isOfSqlAlchemy = (connection: Node, facts: Facts): boolean => isOf(connection, "sqlalchemy", facts);
