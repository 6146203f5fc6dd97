/** What a function does with its sessions and connections, in the order of the source: the calls that ask something of a database, those that take a failure back, and those that hand the session on. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  asWith,
  functionAround,
  functionCalled,
  functionQuestion,
  lastIdentifier,
  unwrap,
  type Call,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../../analysis/authoring.js";

/** One step that matters to a handle: a session, or a connection with its cursors. */
export interface Deed {
  /** `asks` the database; `ends` the transaction by a commit; `clears`: after it a failure no longer counts; `given` to a function of another file. */
  readonly what: "asks" | "ends" | "clears" | "given";
  readonly node: Node;
  /** What is called, as it is shown. */
  readonly shown: Node;
}

const ASKS =
  /^(?:execute|executemany|exec|exec_driver_sql|scalar|scalars|query|get|get_one|merge|refresh|flush|stream|stream_scalars|fetch|fetchrow|fetchval|copy_\w+|callproc|bulk_\w+|begin_nested|run_sync)$/;
const CLEARS = /^(?:rollback|close|aclose|close_all|remove|invalidate|reset|rollback_async|terminate)$/;
const GIVEN_BACK =
  /(?:^|[._])(?:rollback|close|release|remove|putconn|return_connection|dispose|reset|cleanup|undo)(?:_\w+)?$/i;
/** `execute_values(cur, sql, rows)` of psycopg2. */
export const HELPERS = /(?:^|\.)(?:execute_values|execute_batch)$/;

/** The connection of each cursor in a function, by their texts. */
function connectionsIn(body: Node): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const note = (target: Node | undefined, value: Node | undefined) => {
    const made = asMethodCall(value?.kind === "await" ? value.children[0] : value, "cursor");
    if (target && made) found.set(target.text, made.object.text);
  };
  for (const it of body.descendants("assignment")) {
    const assignment = asAssignment(it);
    note(assignment?.targets[0], assignment?.value && unwrap(assignment.value));
  }
  for (const it of body.descendants("with_statement"))
    for (const item of asWith(it)?.items ?? []) note(item.alias, item.value);
  return found;
}

/** What stands for the transaction that an object takes part in: the connection of a cursor, or the object itself. */
export const handleOf = (object: string, body: Node, facts: Facts): string =>
  facts.memo("cursors", body, () => connectionsIn(body)).get(object) ?? object;

/** By the text of the handle; in source order. */
export const deedsIn = (body: Node, facts: Facts): ReadonlyMap<string, readonly Deed[]> =>
  facts.memo("deeds of sessions", body, () => collect(body, facts));

function collect(body: Node, facts: Facts): ReadonlyMap<string, readonly Deed[]> {
  const home = functionAround(body.children[0] ?? body);
  const found = new Map<string, Deed[]>();
  const add = (handle: string, deed: Deed) => {
    const known = found.get(handle);
    if (known) known.push(deed);
    else found.set(handle, [deed]);
  };
  for (const node of body.descendants("call", "assignment", "with_item")) {
    if (functionAround(node) !== home) continue;
    if (node.kind !== "call") {
      // Another object stands there from now on. A cursor is not the handle.
      const left =
        node.kind === "assignment"
          ? node.field("left")
          : asWith(node.ancestor("with_statement"))?.items.find((it) => it.node === node)?.alias;
      if (left && handleOf(left.text, body, facts) === left.text) add(left.text, { what: "clears", node, shown: left });
      continue;
    }
    const call = asCall(node);
    if (!call) continue;
    const method = asMethodCall(node);
    if (method) {
      const handle = handleOf(method.object.text, body, facts);
      const isCursor = handle !== method.object.text;
      const what = CLEARS.test(method.method)
        ? isCursor
          ? undefined
          : "clears"
        : method.method === "commit"
          ? "ends"
          : ASKS.test(method.method)
            ? "asks"
            : undefined;
      if (what) add(handle, { what, node, shown: call.callee });
    }
    for (const given of [...call.args, ...call.keywords.values()]) {
      if (given.kind !== "identifier" && given.kind !== "attribute") continue;
      if (HELPERS.test(call.callee.text)) {
        add(handleOf(given.text, body, facts), { what: "asks", node, shown: call.callee });
        break;
      }
      if (!HANDED.test(lastIdentifier(given.text))) continue;
      const deed = handedOn(call, given, facts);
      if (deed) add(handleOf(given.text, body, facts), { what: deed, node, shown: call.callee });
    }
    const own = asMethodCall(node) && functionCalled(call.callee, facts);
    if (own) for (const [handle, what] of ownDeeds(own, facts)) add(handle, { what, node, shown: call.callee });
  }
  return found;
}

const HANDED = /(?:session|sess|conn|connection)$|^_?(?:db|cursor|cur)$/i;

/** What a function does that is handed a session: nothing where it only keeps it. */
function handedOn({ callee, args, keywords }: Call, given: Node, facts: Facts): Deed["what"] | undefined {
  const name = callee.text;
  if (GIVEN_BACK.test(name)) return "clears";
  // A class that keeps it, and what looks at it.
  if (
    /(?:^|\.)_?[A-Z]\w*$/.test(name) ||
    /^(?:isinstance|print|len|str|repr|id|type|hasattr|getattr|Depends|bool)$/.test(name)
  )
    return undefined;
  const def = functionCalled(callee, facts);
  if (!def) return "given";
  const names = def.parameters.map((it) => it.name).filter((it) => it !== "self" && it !== "cls");
  const keyword = [...keywords].find(([, it]) => it === given)?.[0];
  const parameter = keyword ?? names[args.indexOf(given)];
  if (parameter === undefined) return "given";
  const done = deedsOf(def, facts);
  return done.get(parameter);
}

/** The deeds of methods on attributes of their own object: `self.db` of `self._save()`. */
const ownDeeds = (def: FunctionDef, facts: Facts): readonly (readonly [string, Deed["what"]])[] =>
  [...deedsOf(def, facts)].filter(([handle]) => handle.startsWith("self."));

const deedsOf = (def: FunctionDef, facts: Facts): ReadonlyMap<string, Deed["what"]> =>
  new Map(
    summary(def, facts)
      .split(" ")
      .filter((it) => it !== "")
      .map((it) => it.split("=") as [string, Deed["what"]]),
  );

/** What it does to each handle, the mildest that it may do: `session=asks self.db=clears`. */
const summary = functionQuestion<string>((def, facts) => {
  const body = facts.bodyOf(def);
  const found = new Map<string, Deed["what"]>();
  for (const node of body.descendants("call")) {
    const method = asMethodCall(node);
    if (!method) continue;
    const handle = handleOf(method.object.text, body, facts);
    if (CLEARS.test(method.method) && handle === method.object.text) found.set(handle, "clears");
    else if ((ASKS.test(method.method) || method.method === "commit") && !found.has(handle)) found.set(handle, "asks");
  }
  return [...found].flatMap(([handle, what]) => (/^[\w.]+$/.test(handle) ? `${handle}=${what}` : [])).join(" ");
});
