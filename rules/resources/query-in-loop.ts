/** A query for each item of a loop, where one query could ask for all of them. */

import {
  DATABASE_METHODS,
  DATABASE_SIGNS,
  areRowsOfQuery,
  asCall,
  asFor,
  asFunction,
  asMethodCall,
  asWhile,
  askedOfDatabase,
  asksForMany,
  deedByName,
  defineRule,
  entryOf,
  definitionCalled,
  excerpt,
  functionAround,
  functionQuestion,
  goesByPortions,
  goneThrough,
  hangsOnTurn,
  isDatabaseMethod,
  isOfOtherDatabase,
  nameAtRoot,
  sqlOf,
  statementsOf,
  variesInTable,
  type AskedOfDatabase,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

const isMethodMeant = (method: string): boolean => isDatabaseMethod(method) || method === "all" || method === "save";
const LOOPS = [
  "for_statement",
  "while_statement",
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
] as const;
const READERS = new Set(["pandas.read_sql", "pandas.read_sql_query", "polars.read_database"]);

export default defineRule({
  title: "Query for each item of a loop",
  why: "Each query is a way to the database and back, with a statement to be planned and rows to be found, so that the time grows with the number of items however little each of them asks for. A join, or one query for all keys, makes one of them all.",
  guide: "data-structures",
  level: "warning",
  gain: "time",

  examples: [
    {
      before: `
import sqlite3

def customers(db: sqlite3.Connection, orders: list[tuple[int, int]]) -> list[str]:
    names = []
    for number, customer in orders:
        row = db.execute("SELECT name FROM customers WHERE id = ?", (customer,)).fetchone()
        names.append(f"{number}: {row[0]}")
    return names
`,
      after: `
import sqlite3

def customers(db: sqlite3.Connection, orders: list[tuple[int, int]]) -> list[str]:
    wanted = {customer for _, customer in orders}
    marks = ", ".join("?" * len(wanted))
    found = dict(db.execute(f"SELECT id, name FROM customers WHERE id IN ({marks})", list(wanted)))
    names = []
    for number, customer in orders:
        names.append(f"{number}: {found[customer]}")
    return names
`,
    },
  ],

  on: [...LOOPS, "function_definition"],

  find(node, { facts }): PerTurn | undefined {
    if (node.kind === "function_definition") return perObject(node, facts);
    if (facts.isTest || !facts.fileMatches(DATABASE_SIGNS) || goesByPortions(node)) return undefined;
    // One finding for a loop: the first of its queries.
    const [first, ...more] = queriesIn(node, facts);
    if (!first || waitsForClick(first, node)) return undefined;
    const asked = perItem(first, node, facts);
    if (!asked) return undefined;
    const weight = weightIn(node, facts);
    if (!weight || countsWhatItAdds(first, node)) return undefined;
    const call = asCall(first)!;
    return {
      at: call.callee,
      evidence: asked.evidence,
      weight: endsEarly(node) || isPaced(node) || isReadAtOnce(node, facts) ? "light" : atHand(weight, first, facts),
      related: more.slice(0, 3).map((it) => ({ at: it.field("function")!, message: "another query for each item" })),
      call,
      loop: node,
      isWrite: asked.deed === "write",
      isByName: asked.isByName === true,
      isHidden: isHelper(call.callee, facts) && !asked.isDirect,
    };
  },

  message({ call, loop, isWrite, isHidden, isByName }) {
    const shown = excerpt(call.callee.text.replace(/\s+/g, ""), 40);
    if (!loop)
      return `\`${shown}\` is one query more for each object of a list that is ${asFunction(functionAround(call.node))?.name.startsWith("resolve_") ? "asked for" : "serialised"}; annotate or prefetch it in the query for the list.`;
    const each = excerpt(goneThrough(loop)?.target.text ?? "row", 30);
    if (isByName)
      return `By its name \`${shown}\` ${isWrite ? "writes to" : "asks"} the database for each \`${each}\`; one call for all of them does it once.`;
    if (isWrite)
      return `\`${shown}\` changes the table once per \`${each}\`; one bulk statement changes all of the rows.`;
    return isHidden
      ? `\`${shown}\` sends a query for each \`${each}\`; a join, or one query for all keys, asks once.`
      : `\`${shown}\` is one query per \`${each}\`; a join, or one query for all keys, asks once.`;
  },
});

interface PerTurn extends Match {
  readonly call: Call;
  /** Undefined for a method that a framework calls for each object. */
  readonly loop: Node | undefined;
  readonly isWrite: boolean;
  readonly isByName: boolean;
  readonly isHidden: boolean;
}

/** `get_status(self, book)` of a serializer of Django REST framework, `resolve_author(book, info)` of Graphene: called for each object of a list. */
function perObject(node: Node, facts: Facts): PerTurn | undefined {
  const def = PER_OBJECT.test(node.field("name")?.text ?? "") && !facts.isTest ? asFunction(node) : undefined;
  const owner = def && facts.classOf(node);
  if (!def || !owner) return undefined;
  const isField = !def.name.startsWith("resolve_");
  const bases = owner.def.bases.map((it) => it.text);
  if (!bases.some((it) => (isField ? /Serializer$/ : /(?:ObjectType|Node)$/).test(it))) return undefined;
  if (!isField && /^(?:Query|Mutation|Subscription)/.test(owner.name)) return undefined;
  const object = def.parameters[isField ? 1 : 0];
  // A field that is one of the serializer's own names is what the framework asks for by itself.
  if (!object || (isField && def.name !== "to_representation" && OWN_METHODS.has(def.name))) return undefined;
  const call = facts
    .bodyOf(def)
    .descendants("call")
    .flatMap((it) => asCall(it) ?? [])
    .find((it) => functionAround(it.node) === node && asksFor(it, object.nameNode, def, facts));
  if (!call) return undefined;
  return {
    at: call.callee,
    evidence: "strong",
    // One object alone needs its query.
    weight: /Detail|Single|Retrieve/.test(owner.name) ? "light" : "unknown",
    call,
    loop: undefined,
    isWrite: false,
    isByName: false,
    isHidden: false,
  };
}

const PER_OBJECT = /^(?:get_\w+|to_representation|resolve_\w+)$/;
const OWN_METHODS = new Set(
  "get_queryset get_fields get_field_names get_default_field_names get_extra_kwargs get_validators get_initial get_value get_attribute get_serializer_class get_serializer_context".split(
    " ",
  ),
);

/** `Vote.objects.filter(book=book).first()`, `book.votes.filter(…)`: what is fetched ahead is not asked again, unless it is filtered. */
function asksFor({ node, argumentList }: Call, object: Node, def: FunctionDef, facts: Facts): boolean {
  if (node.ancestor("except_clause")?.isInside(def.node)) return false;
  const method = asMethodCall(node);
  if (!method) return false;
  const isOf = (it: Node | undefined) =>
    it?.text === object.text && facts.writesOf(it).every((site) => site.kind === "parameter");
  if (
    /^(?:filter|exclude|aggregate|order_by|values_list)$/.test(method.method) &&
    /^\w+\.\w+$/.test(method.object.text)
  )
    if (isOf(nameAtRoot(method.object))) return true;
  const asked = askedOfDatabase(node, facts);
  if (asked?.deed !== "read" || asked.evidence === "fair" || !isForOne(asked.sql)) return false;
  const lists = [argumentList, ...asked.whole.descendants("argument_list")];
  return lists.some((list) => list.identifiers(object.text).some(isOf));
}

/** `if st.button("Send", key=row.id):`, of which at most one is pressed. */
function waitsForClick(node: Node, loop: Node): boolean {
  for (let it = node.ancestor("if_statement"); it?.isInside(loop); it = it.ancestor("if_statement"))
    if (/\b(?:button|form_submit_button|download_button)\(/.test(it.field("condition")?.text ?? "")) return true;
  return false;
}

/** `customer_of(…)`, `self.customer_of(…)`, `Shop.customer_of(…)`. */
const isHelper = (callee: Node, facts: Facts): boolean =>
  callee.kind === "identifier" || definitionCalled(callee, facts) !== undefined;

/** The calls that ask for one item, of the loop itself. */
function queriesIn(loop: Node, facts: Facts): readonly Node[] {
  return facts.memo("queries of a loop", loop, () =>
    (loop.field("body") ?? loop).descendants("call").filter((it) => {
      const callee = asCall(it)?.callee;
      const method = asMethodCall(it)?.method ?? "";
      const isMeant =
        callee &&
        (isHelper(callee, facts) ||
          isMethodMeant(method) ||
          method.startsWith("read_") ||
          deedByName(it, facts) !== undefined);
      return isMeant === true && facts.loopAround(it) === loop && perItem(it, loop, facts) !== undefined;
    }),
  );
}

interface PerItem {
  readonly deed: "read" | "write";
  readonly evidence: Evidence;
  readonly isDirect?: boolean;
  readonly isByName?: boolean;
}

function perItem(node: Node, loop: Node, facts: Facts): PerItem | undefined {
  const call = asCall(node)!;
  const method = asMethodCall(node);
  if (READERS.has(facts.nameOf(call.callee) ?? "")) {
    const [query = call.keywords.get("sql") ?? call.keywords.get("query"), connection] = call.args;
    const sql = query && sqlOf(query, facts);
    const isPlain = sql !== undefined && /\bwhere\b/i.test(sql) && !variesInTable(sql) && !asksForMany(sql);
    if (!isPlain || !hangsOnTurn(call.argumentList, loop, facts)) return undefined;
    if (connection && isOfOtherDatabase(connection, loop, facts)) return undefined;
    return { deed: "read", evidence: "strong", isDirect: true };
  }
  if (method?.method === "save" || method?.method === "all") return ofRow(node, loop, facts);
  const def = definitionCalled(call.callee, facts);
  if (method && !def) {
    const asked = ofRow(node, loop, facts) ?? askedOfDatabase(node, facts);
    if (asked && !("whole" in asked)) return asked;
    if (asked) return isPerItem(asked, loop, facts) ? asked : undefined;
  }
  if (!def) return byName(node, loop, facts);
  const evidence = hangsOnTurn(call.argumentList, loop, facts) && askedInside(def, facts);
  return evidence && !worksForItem(def, facts) ? { deed: "read", evidence } : undefined;
}

/** A function that another file holds, of which only the names tell. */
function byName(node: Node, loop: Node, facts: Facts): PerItem | undefined {
  const deed = deedByName(node, facts);
  const call = asCall(node)!;
  if (!deed || !hangsOnTurn(call.argumentList, loop, facts)) return undefined;
  return isOfOtherDatabase(call.callee, loop, facts) ? undefined : { deed, evidence: "fair", isByName: true };
}

/** How sure it is that a function of the file asks for one item. Most ask nothing of a database; they are looked at once. */
const askedInside = functionQuestion<Evidence | "">((def, facts) => askedWithin(def, facts) ?? "");

function askedWithin(def: FunctionDef, facts: Facts): Evidence | undefined {
  if (isRemembered(def, facts)) return undefined;
  return facts
    .bodyOf(def)
    .descendants("call")
    .map((it) => askedOfDatabase(it, facts))
    .find(
      (it) =>
        it?.deed === "read" &&
        it.evidence !== "fair" &&
        !facts.loopAround(it.call.node) &&
        isForOne(it.sql) &&
        isSameDatabase(it.through, facts),
    )?.evidence;
}

/** `if key in self.known: return self.known[key]`: it asks once for each key. */
function isRemembered(def: FunctionDef, facts: Facts): boolean {
  return facts
    .bodyOf(def)
    .descendants("comparison_operator")
    .some(
      (it) =>
        /^[\w.]+ in [\w.]+$/.test(it.text) &&
        /cache|memo|seen|known/i.test(it.text.split(" in ")[1]!) &&
        it.ancestor("if_statement", "function_definition")?.descendants("return_statement").length !== 0,
    );
}

/** It awaits something else than the database, and commits what comes of it, or commits step by step: a piece of work for each item, which no join does. */
function worksForItem(def: FunctionDef, facts: Facts): boolean {
  const body = facts.bodyOf(def);
  const isOfDatabase = (it: Node) => OF_SESSION.test(asMethodCall(it.children[0])?.method ?? "");
  const commits = body.descendants("call").filter((it) => asMethodCall(it)?.method === "commit").length;
  return commits > 2 || (commits > 0 && body.descendants("await").some((it) => !isOfDatabase(it)));
}
const OF_SESSION = new RegExp(`^(?:${DATABASE_METHODS.join("|")}|commit|rollback|refresh|flush|close|all|first|one)$`);

/** A function that opens a database which it is told opens another one each time. */
function isSameDatabase(through: Node, facts: Facts, depth = 0): boolean {
  const made = asCall(through);
  // `Manager().execute(…)`: told nothing, it opens the one there is.
  if (made && made.args.length + made.keywords.size === 0) return true;
  const root = nameAtRoot(through);
  if (!root || depth > 3) return false;
  return facts.reachingSites(root).every((site) => {
    if (site.kind === "parameter") return depth === 0;
    if (!site.value || site.kind === "import") return true;
    const call = asCall(site.value);
    return (
      !call ||
      (call.args.length + call.keywords.size === 0 &&
        (call.callee.kind === "identifier" || isSameDatabase(call.callee, facts, depth)))
    );
  });
}

/** Statements in SQL that write are left to another rule: they have a form for many rows. */
function isPerItem({ deed, sql, whole, through, call }: AskedOfDatabase, loop: Node, facts: Facts): boolean {
  if (deed === "write" && (/^(?:execute|exec|exec_driver_sql)$/.test(call.method) || /_one$/.test(call.method)))
    return false;
  if (!isForOne(sql) || isOfOtherDatabase(through, loop, facts)) return false;
  const given = whole.descendants("argument_list");
  return given.some((it) => hangsOnTurn(it, loop, facts));
}

const isForOne = (sql: string | undefined): boolean =>
  sql === undefined || (/\bwhere\b/i.test(sql) && !variesInTable(sql) && !asksForMany(sql));

/** `book.author_set.all()` and `book.save()` for the rows of a query of Django. */
function ofRow(node: Node, loop: Node, facts: Facts): PerItem | undefined {
  const { object, method, args, keywords } = asMethodCall(node)!;
  const through = goneThrough(loop);
  if (!through || through.target.kind !== "identifier" || !areObjects(through.iterable, facts)) return undefined;
  if (method === "save") {
    const isRow =
      object.text === through.target.text &&
      args.length === 0 &&
      [...keywords.keys()].every((it) => it === "update_fields");
    return isRow ? { deed: "write", evidence: "strong" } : undefined;
  }
  const isOther =
    object.kind === "attribute" &&
    object.text.startsWith(`${through.target.text}.`) &&
    /^\w+\.\w+_set$/.test(object.text);
  return isOther && !isFetchedAhead(through.iterable, facts) ? { deed: "read", evidence: "strong" } : undefined;
}

function areObjects(iterable: Node, facts: Facts): boolean {
  const value = iterable.kind === "identifier" ? facts.valueOf(iterable) : iterable;
  return value !== undefined && /^(?:\w+\.)?[A-Z]\w*\.objects\b/.test(value.text);
}

function isFetchedAhead(iterable: Node, facts: Facts): boolean {
  const value = iterable.kind === "identifier" ? facts.valueOf(iterable) : iterable;
  return /\.prefetch_related\(/.test(value?.text ?? "");
}

/** SQLite reads a file next door: a query costs microseconds and no way there and back. */
const isSqlite = (facts: Facts): boolean => facts.view.imports("sqlite3") && !facts.view.imports("sqlalchemy");

/** Where nobody is seen to wait, it takes the rows of another query to be many. */
function atHand(weight: Weight, node: Node, facts: Facts): Weight {
  if (isServed(node, facts)) return weight === "heavy" && isSqlite(facts) ? "unknown" : weight;
  return weight === "heavy" && !isSqlite(facts) ? "unknown" : "light";
}

/** Somebody waits for it, or everybody on the event loop does; a script takes as long as it takes. */
const isServed = (node: Node, facts: Facts): boolean => facts.isAsync(node) || entryOf(node, facts) !== undefined;

/** Each turn prints what it found, as somebody reads it who asked for it at a terminal. */
function isReadAtOnce(loop: Node, facts: Facts): boolean {
  const body = asFor(loop)?.body;
  return body !== undefined && isSqlite(facts) && statementsOf(body).some((it) => /^print\(.*\{/.test(it.text));
}

/** Undefined where there are a handful of turns, or somebody else decides how often: a worker that waits for what comes. */
function weightIn(loop: Node, facts: Facts): Weight | undefined {
  const through = goneThrough(loop);
  if (!through) {
    const condition = asWhile(loop)?.condition.text ?? "";
    return /\.fetchone\(/.test(condition) ? "heavy" : undefined;
  }
  if (areRowsOfQuery(through.iterable, facts)) return isLimited(through.iterable, facts) ? "unknown" : "heavy";
  const size = facts.sizeOf(through.iterable);
  return size === "light" ? undefined : size;
}

/** `SELECT MAX(version)` in a turn that inserts a version: the next turn has to see it. */
const countsWhatItAdds = (query: Node, loop: Node): boolean =>
  /\bselect\b[^;]{0,80}\b(?:max|count)\s*\(/i.test(query.text) && /\binsert\s+into\b/i.test(loop.text);

/** The rows of `select(Schedule).limit(20)`: as many as fit into a turn of something larger. */
const isLimited = (rows: Node, facts: Facts): boolean =>
  /\.limit\(|\bLIMIT\s+\d{1,3}\b/.test((facts.valueOf(rows) ?? rows).text);

/** Each turn waits on purpose, beside which a query does not show. */
const isPaced = (loop: Node): boolean =>
  loop
    .field("body")
    ?.descendants("call")
    .some((it) => /(?:^|\.)sleep$/.test(asCall(it)?.callee.text ?? "")) ?? false;

/** It looks for the first that is there. */
const endsEarly = (loop: Node): boolean =>
  loop.kind === "for_statement" && loop.field("body")!.descendants("break_statement", "return_statement").length > 0;
