/** What is taken for a session of SQLAlchemy: the object through which rows are loaded, changed and committed. */

import { asCall, asMethodCall, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import type { Evidence, Facts } from "../semantics/facts.js";

const OF_SQLALCHEMY = /^(?:sqlalchemy|sqlmodel|flask_sqlalchemy)\.(?:\w+\.)*(?:Async)?(?:Session|scoped_session)$/;
/** Classes of other libraries that are called sessions. */
const OF_OTHERS =
  /^(?:requests|aiohttp|httpx|boto3|aioboto3|botocore|tensorflow|ftplib|cassandra|neo4j|snowflake|pymongo|motor|onnxruntime|curl_cffi|starlette|flask|streamlit|telethon|pyrogram|mcp)\b/;
/** `SessionLocal`, `async_session_maker`, `get_db_session`, and names of annotations such as `SessionDep`. */
const MAKER =
  /(?:^|[._])(?:(?:async|sync|db|sql|scoped|new|get|create|make|open|thread|test)_?)*(?:session|Session)(?:Local|_?[mM]aker|_?[fF]actory|_?scope|_?context|_?manager|Dep)?$|(?:^|\.)\w*Session(?:Local|Maker|maker|Factory|Dep)$/;
const NAMED = /(?:^|[._])(?:(?:db|sql|async|thread|orm|sa)_?)?(?:session|sess)$|(?:^|\.)_?db$/i;
const ASKED = /^(?:add|add_all|merge|refresh|flush|query|scalars|exec|expunge|bulk_save_objects)$/;

/** By which evidence an expression is a session of SQLAlchemy: annotated, made by a factory, or called like one and told to add, flush or query. */
export function sessionEvidence(object: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(object, "fair");
  if (typed && OF_SQLALCHEMY.test(typed.type.name)) return typed.evidence;
  if (typed && (OF_OTHERS.test(typed.type.name) || !MAKER.test(typed.type.name))) return undefined;
  const made = madeBy(object, facts);
  if (made !== undefined && OF_OTHERS.test(made)) return undefined;
  const isMade = typed !== undefined || (made !== undefined && MAKER.test(made));
  if (!isMade && !NAMED.test(object.text)) return undefined;
  const told = toldOf(object, facts);
  if (told === "connection" || (told === undefined && !importsOrm(facts))) return undefined;
  return isMade || (told === "session" && importsOrm(facts)) ? "strong" : "fair";
}

const importsOrm = (facts: Facts): boolean =>
  ["sqlalchemy", "sqlmodel", "flask_sqlalchemy"].some((it) => facts.view.imports(it));

/** The name of the factory that a name gets its value from: `SessionLocal` of `async with SessionLocal() as session`. */
function madeBy(object: Node, facts: Facts): string | undefined {
  if (object.kind !== "identifier") return undefined;
  for (const site of facts.writesOf(object)) {
    const value = site.value && unwrap(site.value);
    const call = asCall(value?.kind === "await" ? value.children[0] : value);
    if (call) return facts.nameOf(call.callee) ?? call.callee.text;
  }
  return undefined;
}

/** What it is, by what it is told in the piece of the file: a session knows methods that no plain connection has. */
function toldOf(object: Node, facts: Facts): "session" | "connection" | undefined {
  const { root } = object.tree;
  return facts.memo("told like sessions", root, () => toldIn(root)).get(object.text);
}

function toldIn(root: Node): ReadonlyMap<string, "session" | "connection"> {
  const told = new Map<string, "session" | "connection">();
  for (const it of root.descendants("call")) {
    const call = asMethodCall(it);
    if (!call) continue;
    const { text } = call.object;
    if (call.method === "cursor") told.set(text, "connection");
    else if (ASKED.test(call.method) && !told.has(text)) told.set(text, "session");
  }
  return told;
}
