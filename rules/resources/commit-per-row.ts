/** A transaction that is ended for each row, where one around the loop holds all of them. */

import {
  asAttribute,
  asCall,
  asFor,
  asMethodCall,
  askedOfDatabase,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  goesByPortions,
  goneThrough,
  indentOf,
  isInLastTurn,
  isOfOtherDatabase,
  nameAtRoot,
  replace,
  startsLine,
  statementOf,
  statementsOf,
  waitsOutside,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Commit for each row",
  why: "A commit waits until the disk has what was written. Ended once behind the loop, or after some thousand rows, the same transaction waits once, and a failure in the middle leaves nothing half done.",
  guide: "data-structures",
  level: "warning",
  gain: "time",
  words: ["commit"],
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
  methods: ["commit"],

  find(node, { facts }) {
    const call = asMethodCall(node)!;
    const loop = facts.loopAround(node);
    const through = loop && goneThrough(loop);
    const body = loop?.field("body");
    if (!loop || !through || !body || call.args.length > 0 || facts.isTest || goesByPortions(loop)) return undefined;
    const written = writtenIn(body, node, facts) ?? changedIn(body, through.target, call.object);
    // Now and then is what is meant; a turn that takes long has something to keep; what fails may be undone for that row alone.
    if (!written || isNowAndThen(node, loop) || isUndone(body) || takesLong(body, facts)) return undefined;
    if (isInLastTurn(node, loop)) return undefined;
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
    };
  },

  message: ({ call, each }) =>
    `\`${excerpt(call.callee.text, 40)}\` waits for the disk at every \`${excerpt(each.text, 30)}\`; one commit behind the loop waits once.`,

  fix({ call, loop }) {
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
const takesLong = (body: Node, facts: Facts): boolean =>
  body
    .descendants("call")
    .some(
      (it) =>
        !/^(?:commit|execute|exec|flush|refresh|add|merge|delete|fetch\w*|query)$/.test(
          asMethodCall(it)?.method ?? "",
        ) && waitsOutside(asCall(it), facts),
    );

const isUndone = (body: Node): boolean =>
  body.descendants("attribute").some((it) => /^(?:rollback|begin_nested|savepoint)$/.test(asAttribute(it)?.name ?? ""));
