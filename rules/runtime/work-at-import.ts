/** A client, a model, a file or a download at the top level of a module that others import. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asClass,
  asFunction,
  builderOf,
  defineRule,
  excerpt,
  expressionOf,
  fileQuestion,
  functionAround,
  isStarted,
  statementsOf,
  waitsOutside,
  type Call,
  type ClassInfo,
  type Evidence,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Work extends Match {
  readonly callee: Node;
  readonly how: "built" | "reads" | "does";
}

export default defineRule({
  title: "Work done while a module is imported",
  why: "Whoever imports the module waits for it, tests and command-line help too, and without the service, the key or the file the import itself fails. A function that makes it when it is first asked for, with functools.cache above, does it once as well.",
  guide: "system-architecture",
  level: "hint",
  gain: "safety",

  examples: [
    {
      before: `
import sqlite3

connection = sqlite3.connect("shop.db")

def orders() -> list:
    return connection.execute("select * from orders").fetchall()
`,
      after: `
import functools
import sqlite3

@functools.cache
def connection() -> sqlite3.Connection:
    return sqlite3.connect("shop.db")

def orders() -> list:
    return connection().execute("select * from orders").fetchall()
`,
    },
  ],

  on: ["expression_statement"],
  values: { expression_statement: ["call", "assignment"] },

  find(node, { facts }): Work | undefined {
    if (node.parent !== node.tree.root || facts.isTest || facts.isNotebook) return undefined;
    const value = asAssignment(node)?.value ?? expressionOf(node);
    // By its name first: a table may be a call with thousands of arguments.
    const callee = value?.kind === "call" ? value.field("function") : undefined;
    const found = callee && workOf(callee, value!, facts);
    if (!found || isStarted(facts) || facts.ofFile(IS_SCRIPT)) return undefined;
    return { at: callee, weight: "unknown", callee, ...found };
  },

  message: ({ callee, how }) => {
    const name = excerpt(callee.text.replace(/\s+/g, ""), 40);
    return how === "built"
      ? `Importing this module builds what \`${name}\` makes, and fails where that fails; a cached function would wait until it is needed.`
      : how === "reads"
        ? `Importing this module runs \`${name}\`, which waits for a file or the net; a cached function would wait until it is needed.`
        : `Importing this module runs \`${name}\`, which works outside of the program; call it where the program starts.`;
  },
});

interface Found {
  readonly how: Work["how"];
  readonly evidence: Evidence;
}

function workOf(callee: Node, call: Node, facts: Facts): Found | undefined {
  const name = facts.nameOf(callee);
  const known = name === undefined ? undefined : howOf(name);
  if (known) return { how: known, evidence: "proof" };
  if (callee.kind !== "identifier" || (name !== undefined && ENGINE.test(name))) return undefined;
  const made = /^[A-Z]/.test(callee.text) ? facts.classNamed(callee.text) : undefined;
  if (made) return facts.writesOf(callee).length === 1 ? madeInside(made, asCall(call)!, facts) : undefined;
  const def = facts.functionNamed(callee);
  // What a decorator makes of it may only be registered by the call.
  if (def && def.decorators.length > 0) return undefined;
  if (def) return waitsOutside(asCall(call), facts) ? { how: "does", evidence: "strong" } : undefined;
  return isImported(callee, facts) && MAKES.test(callee.text) ? { how: "built", evidence: "fair" } : undefined;
}

function howOf(name: string): "built" | "reads" | undefined {
  if (ENGINE.test(name)) return undefined;
  return builderOf(name) ? "built" : READS.test(name) ? "reads" : undefined;
}

/** An engine connects when it is first asked, and is meant to be made once for the module. */
const ENGINE = /^sqlalchemy\.(?:\w+\.)*create_(?:async_)?engine$/;

/** `search = Search()`, where `__init__`, or a method that it calls, makes a client. */
function madeInside(made: ClassInfo, { args, keywords }: Call, facts: Facts): Found | undefined {
  const isGiven = args.length + keywords.size > 0;
  const looked = new Set<string>();
  for (const todo = ["__init__"]; todo.length > 0 && looked.size < MOST_METHODS; ) {
    const method = todo.pop()!;
    const def = looked.has(method) ? undefined : made.methodNamed(method)?.def;
    looked.add(method);
    if (!def) continue;
    for (const node of facts.bodyOf(def).descendants("call")) {
      if (functionAround(node) !== def.node || node.ancestor("lambda", "except_clause")) continue;
      const callee = node.field("function")!;
      const own = asAttribute(callee);
      if (own?.object.text === "self") todo.push(own.name);
      // `client or OpenAI()`, where a client may be given.
      if (isGiven && /^(?:boolean_operator|conditional_expression|if_statement)$/.test(node.parent?.kind ?? ""))
        continue;
      const name = facts.nameOf(callee);
      const how = name === undefined ? undefined : howOf(name);
      if (how) return { how, evidence: "strong" };
      if (callee.kind === "identifier" && CLIENTS.test(callee.text) && isImported(callee, facts))
        return { how: "built", evidence: "fair" };
    }
  }
  return undefined;
}

const MOST_METHODS = 6;
/** Classes of other files that open a connection or load a model, by their names. */
const CLIENTS =
  /^[A-Z]\w*(?:[a-z]Client|VectorStore|VectorDB|Database|Retriever|Embeddings)$|^(?:VectorStore|Database)$/;
const isImported = (name: Node, facts: Facts): boolean => facts.reachingSites(name).some((it) => it.kind === "import");

const READS =
  /^(?:requests\.(?:get|post)|httpx\.(?:get|post)|urllib\.request\.(?:urlopen|urlretrieve)|nltk\.download|gdown\.download|torch\.hub\.load|torch\.load|joblib\.load|spacy\.load|whisper\.load_model|sqlite3\.connect|psycopg2?\.connect|mysql\.connector\.connect|pymysql\.connect|redis\.(?:Redis|StrictRedis|from_url)|tensorflow\.keras\.models\.load_model|keras\.models\.load_model|pandas\.read_(?:csv|table|fwf|parquet|excel|sql|sql_query|sql_table|pickle|feather|hdf|json|stata|sas|spss)|polars\.read_(?:csv|parquet)|numpy\.load(?:txt)?|subprocess\.(?:run|call|check_output|check_call)|datasets\.load_dataset|huggingface_hub\.(?:hf_hub_download|snapshot_download))$/;
const MAKES =
  /^(?:create|make|get|build|load|init)_(?:\w+_)?(?:llm|client|model|chat_model|engine|database|db|connection|vector_?store|embeddings|embedding_model|retriever|pipeline|agent)$/;

/** It does more on its top level than to define and prepare things: a script. */
const IS_SCRIPT = fileQuestion((facts) => {
  let defines = false;
  for (const { tree } of facts.view.pieces()) {
    facts.view.looksInto(tree);
    for (const statement of statementsOf(tree.root)) {
      if (asFunction(statement) || asClass(statement)) defines = true;
      if (/^(?:for|while|with|assert|print)_statement$/.test(statement.kind)) return true;
      const callee = asCall(expressionOf(statement))?.callee.text;
      if (callee !== undefined && SCRIPTED.test(callee)) return true;
    }
  }
  return !defines || facts.fileMatches(/^# (?:%%|In\[)/m);
});

const SCRIPTED =
  /^(?:print|main|run|cli|sys\.exit|exit|plt\.\w+|asyncio\.run|input|app\.run|st\.\w+|model\.\w+|train|test|\w+\.(?:fit|compile|show|plot|summary|head|to_csv|savefig|close|train))$/;
