/** `loop = asyncio.new_event_loop()`, `loop.run_until_complete(main())`, `loop.close()` become `asyncio.run(main())`. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  asTry,
  between,
  defineRefactoring,
  expressionOf,
  hasComments,
  nextStatement,
  onlyStatement,
  previousStatement,
  replace,
  startsLine,
  statementOf,
  type Facts,
  type Node,
} from "../analysis/authoring.js";

/** From the cursor back to where the loop is made: over `close`, the run and `set_event_loop`. */
const FARTHEST = 3;

const MAKERS = new Set(["asyncio.get_event_loop", "asyncio.new_event_loop"]);

export default defineRefactoring({
  title: "Event loop created by hand to asyncio.run",
  guide: "asyncio",
  kind: "rewrite",
  on: ["expression_statement"],
  reach: "inside",
  imports: ["asyncio"],

  example: {
    before: `
import asyncio

async def main() -> None:
    await asyncio.sleep(0)

loop = asyncio.new_event_loop()
‸loop.run_until_complete(main())
loop.close()
`,
    after: `
import asyncio

async def main() -> None:
    await asyncio.sleep(0)

asyncio.run(main())
`,
  },

  find(node, _selection, { facts }) {
    // There a loop is running, and asyncio.run would raise.
    if (facts.isAsync(node)) return undefined;
    let maker: Node | undefined = asTry(node.parent?.parent)?.node ?? node;
    for (let steps = 0; maker && !loopOf(maker, facts); steps++)
      maker = steps < FARTHEST ? previousStatement(maker) : undefined;
    const loop = maker && loopOf(maker, facts);
    if (!maker || !loop) return undefined;
    const plumbing = statementsAfter(maker, loop, facts);
    if (!plumbing) return undefined;
    // Every use of the loop has to be one that goes away.
    const span = between(maker, plumbing.last);
    const uses = [...facts.readsOf(loop.target)].filter(
      (it) => it.tree !== maker.tree || it.start < span.start || it.end > span.end,
    );
    if (uses.length > 0 || facts.writesOf(loop.target).length !== 1) return undefined;
    return { ...plumbing, span, module: loop.module };
  },

  offer: ({ coroutine }) => `Run \`${coroutine.text.split("(")[0]}\` with asyncio.run`,

  doubt: () =>
    "asyncio.run creates its own loop, cancels the tasks that are left, closes the loop, and cannot be called while a loop is running.",

  apply({ span, module, coroutine, target }) {
    const text = `${module}.run(${coroutine.text})`;
    return { edits: [replace(span, target === undefined ? text : `${target} = ${text}`)] };
  },
});

/** `loop = asyncio.new_event_loop()`, with what the module is called here. */
function loopOf(statement: Node, facts: Facts): { readonly target: Node; readonly module: string } | undefined {
  const assignment = asAssignment(statement.kind === "expression_statement" ? statement : undefined);
  const call = asCall(assignment?.value);
  const [target, more] = assignment?.targets ?? [];
  const module = call?.callee.kind === "attribute" ? call.callee.field("object")?.text : undefined;
  const isMaker = call !== undefined && call.args.length === 0 && MAKERS.has(facts.nameOf(call.callee) ?? "");
  return isMaker && module !== undefined && target?.kind === "identifier" && !more && !assignment?.annotation
    ? { target, module }
    : undefined;
}

interface Plumbing {
  readonly last: Node;
  readonly coroutine: Node;
  /** What the result is assigned to. */
  readonly target: string | undefined;
}

/** `set_event_loop`, one `run_until_complete`, `close`; the last perhaps in a `finally`. Nothing else. */
function statementsAfter(maker: Node, { target }: { readonly target: Node }, facts: Facts): Plumbing | undefined {
  let at = nextStatement(maker);
  if (
    at &&
    asCall(expressionOf(at)) &&
    facts.nameOf(asCall(expressionOf(at))!.callee) === "asyncio.set_event_loop" &&
    startsLine(at)
  )
    at = nextStatement(at);
  if (!at || !startsLine(at)) return undefined;
  const tried = asTry(at);
  if (tried) {
    const [only, last] = [onlyStatement(tried.body), onlyStatement(tried.finalizer)];
    const run = only ? runOf(only, target) : undefined;
    const isPlain =
      tried.handlers.length === 0 && !tried.orElse && last !== undefined && isClose(last, target) && !hasComments(at);
    return run && isPlain ? { ...run, last: at } : undefined;
  }
  const run = runOf(at, target);
  const next = run && nextStatement(at);
  if (!run) return undefined;
  const last = next && isClose(next, target) ? next : at;
  const gap = at.tree.text.slice(maker.start, last.end);
  return /#/.test(gap) &&
    between(maker, last).tree.root.comments.some((it) => it.start > maker.start && it.end <= last.end)
    ? undefined
    : { ...run, last };
}

function runOf(statement: Node, loop: Node): Omit<Plumbing, "last"> | undefined {
  const assignment = asAssignment(statement.kind === "expression_statement" ? statement : undefined);
  const call = asMethodCall(assignment ? assignment.value : expressionOf(statement), "run_until_complete");
  const [coroutine, more] = call?.args ?? [];
  if (
    !call ||
    call.object.text !== loop.text ||
    !coroutine ||
    more ||
    call.keywords.size > 0 ||
    coroutine.kind !== "call"
  )
    return undefined;
  if (assignment && (assignment.targets.length !== 1 || assignment.annotation || statementOf(call.node) !== statement))
    return undefined;
  return { coroutine, target: assignment?.targets[0]!.text };
}

function isClose(statement: Node, loop: Node): boolean {
  const call = asMethodCall(expressionOf(statement), "close");
  return call !== undefined && call.object.text === loop.text && call.args.length === 0;
}
