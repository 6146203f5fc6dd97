/** A transaction that is ended for each row, where one around the loop holds all of them. */

import {
  asAttribute,
  asCall,
  asFor,
  asMethodCall,
  askedOfDatabase,
  asksForMany,
  declined,
  defineRule,
  definitionCalled,
  excerpt,
  expressionOf,
  fixOf,
  functionQuestion,
  goesByPortions,
  goneThrough,
  hangsOnTurn,
  indentOf,
  isInLastTurn,
  isOfOtherDatabase,
  nameAtRoot,
  replace,
  startsLine,
  statementOf,
  statementsOf,
  waitsOutside,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Commit for each row",
  why: "A commit waits until the disk has what was written. Ended once behind the loop, or after some thousand rows, the same transaction waits once, and a failure in the middle leaves nothing half done.",
  guide: "data-structures",
  level: "info",
  gain: "time",
  words: ["commit", "connect"],
  within: "loop",
  fixes: "review",

  examples: [
    {
      before: `
import sqlite3

def store(db: sqlite3.Connection, prices: dict[str, float]) -> None:
    for name, price in prices.items():
        print(name)
        db.execute("INSERT INTO prices (name, price) VALUES (?, ?)", (name, price))
        db.commit()
`,
      after: `
import sqlite3

def store(db: sqlite3.Connection, prices: dict[str, float]) -> None:
    for name, price in prices.items():
        print(name)
        db.execute("INSERT INTO prices (name, price) VALUES (?, ?)", (name, price))
    db.commit()
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = asMethodCall(node, "commit");
    const def = call ? undefined : definitionOf(node, facts);
    if (!call && !def) return undefined;
    const loop = facts.loopAround(node);
    const through = loop && goneThrough(loop);
    const body = loop?.field("body");
    if (!loop || !through || !body || facts.isTest || goesByPortions(loop)) return undefined;
    // What a handler writes down is not written for each row.
    if (node.ancestor("except_clause")?.isInside(loop)) return undefined;
    if (!call) return def && throughHelper(asCall(node)!, def, loop, facts);
    if (call.args.length > 0) return undefined;
    const calls = body.descendants("call");
    const written = writtenIn(body, node, facts) ?? changedIn(body, through.target, call.object);
    // Now and then is what is meant; a turn that takes long has something to keep; what fails may be undone for that row alone.
    if (!written || isNowAndThen(node, loop) || isUndone(body) || calls.some((it) => takesLong(it, facts)))
      return undefined;
    if (isInLastTurn(node, loop)) return undefined;
    // Said once for a loop.
    if (calls.find((it) => asMethodCall(it, "commit")?.object.text === call.object.text) !== node) return undefined;
    const size = facts.sizeOf(through.iterable);
    if (size === "light" || isOfOtherDatabase(call.object, loop, facts)) return undefined;
    const isBackAndForth = body
      .descendants("await")
      .some((it) => !/\.(?:commit|execute|flush|refresh|add|delete)\(/.test(it.text));
    return {
      at: call.callee,
      evidence: written,
      weight: isBackAndForth ? "light" : size,
      call,
      loop,
      each: through.target,
      isHidden: false,
    };
  },

  message: ({ call, each, isHidden }) =>
    isHidden
      ? `\`${excerpt(call.callee.text, 40)}\` ends a transaction of its own for each \`${excerpt(each.text, 30)}\`; one that takes all rows waits for the disk once.`
      : `\`${excerpt(call.callee.text, 40)}\` waits for the disk at every \`${excerpt(each.text, 30)}\`; one commit behind the loop waits once.`,

  fix({ call, loop, isHidden }) {
    if (isHidden) return declined("the function that commits may have other callers");
    const own = asFor(loop);
    const statement = statementOf(call.node);
    const expression = expressionOf(statement);
    const isAlone = expression === call.node || (expression?.kind === "await" && call.node.parent === expression);
    if (!own || !isAlone || statementsOf(own.body).at(-1) !== statement)
      return declined("the commit is not the last step of the loop");
    if (statementsOf(own.body).length === 1) return declined("the loop does nothing else");
    if (own.orElse || own.isAsync) return declined("it is a loop of another kind");
    if (own.body.descendants("break_statement", "return_statement", "raise_statement", "yield").length > 0)
      return declined("the loop can be left before its end");
    if (!startsLine(statement)) return declined("it shares its line with another statement");
    const indent = indentOf(statement);
    return fixOf(
      "Commit once behind the loop",
      ["a failure in the middle leaves no row behind", "others see the rows only when all are there"],
      // The line stays where it is, below the loop's other lines, and moves out of the loop.
      [replace({ tree: loop.tree, start: statement.start - indent.length, end: statement.start }, indentOf(loop))],
    );
  },
});

/** A function of the file that is called for a row, or for some of them. */
const definitionOf = (node: Node, facts: Facts): FunctionDef | undefined => {
  const callee = asCall(node)?.callee;
  return callee && facts.loopAround(node) ? definitionCalled(callee, facts) : undefined;
};

/** The turn calls a function that writes one row and commits it, be it with a connection of its own. */
function throughHelper(call: Call, def: FunctionDef, loop: Node, facts: Facts) {
  const body = loop.field("body")!;
  const { target, iterable } = goneThrough(loop)!;
  const size = facts.sizeOf(iterable);
  if (size === "light" || !hangsOnTurn(call.argumentList, loop, facts)) return undefined;
  const evidence = committedInside(def, facts);
  if (!evidence || isUndone(body) || isNowAndThen(call.node, loop) || isInLastTurn(call.node, loop)) return undefined;
  const isBesides = body.descendants("call").some((it) => {
    const own = definitionOf(it, facts);
    return !(own && committedInside(own, facts)) && takesLong(it, facts);
  });
  if (isBesides) return undefined;
  return { at: call.callee, evidence, weight: size, call, loop, each: target, isHidden: true };
}

/** How sure it is that a function writes a row and ends the transaction for it; most do nothing of the kind. */
const committedInside = functionQuestion<Evidence | "">((def, facts) => {
  const body = facts.bodyOf(def);
  const calls = body.descendants("call").filter((it) => !facts.loopAround(it)?.isInside(body));
  const commits = calls.filter((it) => asMethodCall(it, "commit"));
  const written = calls.filter((it) => /^(?:execute|exec)$/.test(asMethodCall(it)?.method ?? ""));
  if (written.length === 0 || body.descendants("yield").length > 0) return "";
  // `with sqlite3.connect(path) as db:` commits at its end.
  const isEnded = commits.length > 0 || body.descendants("with_item").some((it) => CONNECTING.test(it.text));
  if (!isEnded || calls.some((it) => takesLong(it, facts))) return "";
  const asked = written.map((it) => askedOfDatabase(it, facts));
  const write = asked.find((it) => it?.deed === "write" && !(it.sql !== undefined && asksForMany(it.sql)));
  // A statement that is handed in, and a commit behind it.
  return write ? write.evidence : commits.length > 0 && asked.every((it) => !it) ? "fair" : "";
});

const CONNECTING = /(?:^|[._])(?:connect|(?:get|open|new)_(?:\w+_)?conn\w*)\(/;

/** By which evidence something is written to a database in the turn itself. */
function writtenIn(body: Node, commit: Node, facts: Facts): "proof" | "strong" | "fair" | undefined {
  const root = nameAtRoot(asMethodCall(commit)!.object)?.text;
  for (const it of body.descendants("call")) {
    const call = asMethodCall(it);
    if (!call || it === commit) continue;
    if (/^(?:executemany|add_all|bulk_\w+)$/.test(call.method)) return undefined;
    if (
      /^(?:add|merge|delete)$/.test(call.method) &&
      nameAtRoot(call.object)?.text === root &&
      /session|db|sess\b/i.test(call.object.text)
    )
      return "strong";
    const asked = /^(?:execute|exec|query)$/.test(call.method) ? askedOfDatabase(it, facts) : undefined;
    if (asked?.deed === "write") return asked.evidence;
  }
  return undefined;
}

/** `task.status = "open"` for the rows that a session has loaded. */
const changedIn = (body: Node, target: Node, session: Node): "fair" | undefined =>
  /(?:^|[._])(?:db|session)$|_session$/i.test(session.text) &&
  target.kind === "identifier" &&
  body
    .descendants("assignment")
    .some((it) => it.field("left")?.kind === "attribute" && it.field("left")!.text.startsWith(`${target.text}.`))
    ? "fair"
    : undefined;

/** `if count % 1000 == 0:`, `if len(rows) > 500:`. */
function isNowAndThen(node: Node, loop: Node): boolean {
  for (let around = node.ancestor("if_statement"); around?.isInside(loop); around = around.ancestor("if_statement")) {
    const condition = around.field("condition")?.text ?? "";
    if (/%|\blen\(|>=?\s*\w*(?:size|limit|batch|max)|count|last|time/i.test(condition)) return true;
  }
  return false;
}

/** Something else in the turn waits for a server or a program: beside that the commit does not show. */
const takesLong = (call: Node, facts: Facts): boolean =>
  !/(?:^|[._])(?:commit|execute|exec|flush|refresh|add|merge|delete|query)$|connect(?:ion|or)?$|\.fetch(?:one|all|many|row|val)?$/.test(
    asCall(call)?.callee.text ?? "",
  ) && waitsOutside(asCall(call), facts);

const isUndone = (body: Node): boolean =>
  body.descendants("attribute").some((it) => /^(?:rollback|begin_nested|savepoint)$/.test(asAttribute(it)?.name ?? ""));
