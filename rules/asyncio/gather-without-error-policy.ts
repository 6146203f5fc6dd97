/**
 * `gather(a(), b())` whose results nobody takes: when one fails, the others go on unattended.
 * `await gather(*tasks)`, then `await pool.close()`: when one fails, nothing is closed.
 */

import {
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  calleeText,
  fixOf,
  functionAround,
  isCaught,
  hasComments,
  importModule,
  indentOf,
  indentUnit,
  replace,
  runsAsOf311,
  startsLine,
  statementOf,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Gather that leaves tasks behind",
  why: "When one of the coroutines fails, gather raises its error at once; the others go on in the background, and their errors are lost. A TaskGroup cancels them and waits for them, and return_exceptions=True says that each is looked at.",
  guide: "async-patterns",
  level: "hint",
  gain: "safety",
  imports: ["asyncio"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

async def fill(rows: list[int], row: int) -> None:
    await asyncio.sleep(0)
    rows.append(row)

async def main(rows: list[int]) -> int:
    async with asyncio.timeout(5):
        await asyncio.gather(fill(rows, 1), fill(rows, 2))
    return len(rows)
`,
      after: `
import asyncio

async def fill(rows: list[int], row: int) -> None:
    await asyncio.sleep(0)
    rows.append(row)

async def main(rows: list[int]) -> int:
    async with asyncio.timeout(5):
        async with asyncio.TaskGroup() as group:
            group.create_task(fill(rows, 1))
            group.create_task(fill(rows, 2))
    return len(rows)
`,
    },
  ],

  on: ["call"],
  calls: ["asyncio.gather"],

  find(node, { facts }, call) {
    // What is given back tells who failed, and is asked for elsewhere; a policy that is written out is one.
    if (facts.isTest || call.keywords.size > 0 || !facts.isAsync(node)) return undefined;
    const statement = statementOf(node);
    if (
      node.parent?.kind !== "await" ||
      statement.children[0] !== node.parent ||
      statement.kind !== "expression_statement"
    )
      return undefined;
    const skipped = call.args.some((it) => it.kind === "call") ? undefined : skippedBehind(statement);
    if (skipped)
      return {
        at: call.callee,
        evidence: "strong" as const,
        weight: "heavy" as const,
        construct: statement,
        related: [{ at: skipped, message: "skipped if one of them fails" }],
        call,
        statement,
        skipped,
      };
    if (!runsAsOf311(facts) || call.args.length < 2 || !call.args.every((it) => it.kind === "call")) return undefined;
    // Where an error is caught the others may well go on.
    return {
      at: call.callee,
      evidence: "strong" as const,
      weight: isCaught(node) ? ("heavy" as const) : ("unknown" as const),
      construct: statement,
      related: [],
      call,
      statement,
      skipped: undefined,
    };
  },

  message: ({ call, skipped }) =>
    skipped
      ? `If one of these fails or was cancelled, its error leaves the function here, and \`${excerpt(skipped.text, 40)}\` does not run; take \`return_exceptions=True\`, or a \`finally\`.`
      : `If one of these fails, \`${excerpt(calleeText(call.args[1]!), 40)}()\` and the others go on and nobody hears of their errors; a TaskGroup ends them.`,

  fix({ call, statement, skipped }, file) {
    if (skipped) return declined("whether the errors are to be raised has to be chosen");
    const { facts } = file;
    if (isCaught(call.node)) return declined("an error would be caught as an ExceptionGroup, by `except*`");
    if (hasComments(statement) || !startsLine(statement)) return declined("a comment would be lost");
    if (call.args.some((it) => !/^\w/.test(it.text) || /^(?:asyncio\.)?(?:create_task|ensure_future)\(/.test(it.text)))
      return declined("some of them are tasks already");
    const asyncio = importModule(file, "asyncio", call.node);
    if (!asyncio || !functionAround(call.node)) return declined("the name `asyncio` means something else here");
    const group = facts.freshName("group", statement);
    const own = indentOf(statement);
    const unit = indentUnit(statement, facts);
    const lines = call.args.map((it) => `${own}${unit}${group}.create_task(${it.text})`);
    const isFuture = call.args.some((it) => {
      const task = asCall(it);
      return !task || facts.functionNamed(task.callee)?.isAsync !== true;
    });
    return fixOf(
      "Use a TaskGroup",
      [
        "errors are raised as an ExceptionGroup, when the others have ended",
        isFuture && "each of them must be a coroutine",
      ],
      [
        ...asyncio.edits,
        replace(statement, `async with ${asyncio.name}.TaskGroup() as ${group}:\n${lines.join("\n")}`),
      ],
    );
  },
});

/** How many statements behind it are looked through: clean-up stands near what it cleans up after. */
const NEAR = 40;

/** The first statement behind it that closes something, where no `try` lets it run after an error. */
function skippedBehind(statement: Node): Node | undefined {
  if (statement.ancestor("try_statement", "function_definition")?.kind === "try_statement") return undefined;
  let it = statement.nextSibling;
  for (let count = 0; it && count < NEAR; count++, it = it.nextSibling) {
    if (it.kind !== "expression_statement") continue;
    const value = it.children[0];
    const call = asMethodCall(value?.kind === "await" ? value.children[0] : value);
    if (call && CLOSING.test(call.method)) return it;
  }
  return undefined;
}

const CLOSING = /^(?:a?close|dispose|disconnect|shutdown|wait_closed|cleanup|release|close_all|stop)$/;
