/** An event loop that is made, run and closed by hand for one coroutine. */

import {
  asCall,
  asFunction,
  asTry,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importModule,
  linesOf,
  nameGiven,
  nextStatement,
  onlyStatement,
  replace,
  statementOf,
  statementsOf,
  type Call,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Event loop made by hand",
  why: "asyncio.run makes a loop, runs the coroutine, cancels what is left, closes asynchronous generators and the loop, also after an error. By hand some of it is forgotten: a loop that is never closed keeps its files and threads.",
  guide: "asyncio",
  level: "info",
  gain: "safety",
  imports: ["asyncio"],
  overrides: ["concurrency/pool-in-loop"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

async def work(number: int) -> int:
    await asyncio.sleep(0)
    return number * 2

def answer(number: int) -> int:
    loop = asyncio.new_event_loop()
    try:
        found = loop.run_until_complete(work(number))
    finally:
        loop.close()
    return found
`,
      after: `
import asyncio

async def work(number: int) -> int:
    await asyncio.sleep(0)
    return number * 2

def answer(number: int) -> int:
    found = asyncio.run(work(number))
    return found
`,
    },
  ],

  on: ["call"],
  calls: ["asyncio.new_event_loop"],

  find(node, { facts }, call) {
    const name = nameGiven(node);
    if (!name || facts.isTest || facts.isRemote(name) || facts.writesOf(name).length !== 1) return undefined;
    const runs: Call[] = [];
    let isClosed = false;
    for (const use of facts.usesOf(name)) {
      const given = use.kind === "argument" ? asCall(use.call) : undefined;
      if (given && facts.nameOf(given.callee) === "asyncio.set_event_loop") continue;
      const run = use.kind === "method" && use.name === "run_until_complete" ? asCall(use.call) : undefined;
      if (run) {
        // What it takes down is no work of its own.
        if (!/shutdown_|gather\(\*/.test(run.argumentList.text)) runs.push(run);
      } else if (use.kind === "method" && use.name === "close") isClosed = true;
      else if (
        !(use.kind === "method" && TIDY.test(use.name ?? "")) &&
        !(use.kind === "argument" && /run_until_complete$/.test(asCall(use.call)?.callee.text ?? ""))
      )
        return undefined;
    }
    if (runs.length === 0) return undefined;
    return {
      at: call.callee,
      evidence: "proof" as const,
      weight: isClosed ? ("unknown" as const) : ("heavy" as const),
      call,
      name,
      runs,
      isClosed,
    };
  },

  message: ({ name, runs, isClosed }) => {
    const shown = `\`${excerpt(name.text, 40)}\``;
    const instead = runs.length > 1 ? "`asyncio.Runner` serves several coroutines" : "`asyncio.run()` does it all";
    return isClosed
      ? `${shown} is made, run and closed by hand; ${instead}, and cancels what is left.`
      : `${shown} is never closed, and keeps its threads and files; ${instead} and closes it.`;
  },

  fix({ call, name, runs }, file) {
    const [run] = runs;
    const [coroutine, more] = run?.args ?? [];
    if (!run || runs.length > 1 || !coroutine || more) return declined("several coroutines share the loop");
    const made = asCall(coroutine);
    const isKnown = made && file.facts.functionNamed(made.callee)?.isAsync;
    if (!made || isKnown === false) return declined("asyncio.run takes a coroutine, and this may be something else");
    const asyncio = importModule(file, "asyncio", call.node);
    const form = asyncio && formOf(statementOf(call.node), name, run, file.facts);
    if (!form) return declined("something else is done while the loop is there");
    const [statement, another] = form.kept;
    if (!statement || another) return declined("something else is done while the loop is there");
    const isLeft = file.facts
      .readsOf(name)
      .some((it) => it.tree !== name.tree || it.start < form.first.start || it.end > form.last.end);
    if (isLeft) return declined(`\`${excerpt(name.text, 40)}\` is read after it was closed`);
    const replaced = { tree: form.first.tree, start: form.first.start, end: form.last.end };
    if (form.first.parent && commentsIn(form.first.parent, replaced)) return declined("a comment would be lost");
    const start = run.node.start - statement.start;
    const before = statement.text.slice(0, start);
    const after = statement.text.slice(start + run.node.text.length);
    return fixOf(
      "Use asyncio.run()",
      ["tasks that are left are cancelled", !isKnown && "it must be a coroutine", "the loop is not set for later code"],
      [
        ...asyncio.edits,
        replace(
          { tree: form.first.tree, start: form.first.start, end: form.last.end },
          `${before}${asyncio.name}.run(${coroutine.text})${after}`,
        ),
      ],
    );
  },
});

/** Asked or tidied up, on the way out. */
const TIDY =
  /^(?:shutdown_asyncgens|shutdown_default_executor|stop|is_closed|is_running|set_debug|run_until_complete)$/;

interface Form {
  readonly first: Node;
  readonly last: Node;
  /** What stays, in its order. */
  readonly kept: readonly Node[];
}

/** The statements from the one that makes the loop to the one that closes it, if they do nothing else. */
function formOf(made: Node, name: Node, run: Call, facts: Facts): Form | undefined {
  if (asFunction(statementOf(run.node)) || hasComments(made)) return undefined;
  const kept: Node[] = [];
  let last = made;
  for (let at = nextStatement(made); at; at = nextStatement(at)) {
    if (isAbout(at, name, "set_event_loop", facts)) {
      last = at;
      continue;
    }
    if (isAbout(at, name, "close", facts)) return kept.length > 0 ? { first: made, last: at, kept } : undefined;
    const attempt = asTry(at);
    if (
      attempt &&
      attempt.handlers.length === 0 &&
      !attempt.orElse &&
      attempt.finalizer &&
      run.node.isInside(attempt.body)
    ) {
      const closes = at.descendants("finally_clause").flatMap((it) => it.descendants("expression_statement"));
      const isOnlyClosing =
        closes.length > 0 &&
        closes.every(
          (it) => isAbout(it, name, "close", facts) || /set_event_loop\(None\)|shutdown_asyncgens/.test(it.text),
        );
      const only = onlyStatement(attempt.body);
      return isOnlyClosing && only && !hasComments(at) && kept.length === 0
        ? { first: made, last: at, kept: [only] }
        : undefined;
    }
    if (!run.node.isInside(at) || statementsOf(at).length > 1 || kept.length > 0) return undefined;
    if (at.kind === "return_statement") return { first: made, last: at, kept: [at] };
    if (at.kind !== "expression_statement") return undefined;
    kept.push(at);
    last = at;
  }
  return kept.length === 1 && linesOf(last) ? { first: made, last, kept } : undefined;
}

function isAbout(statement: Node, name: Node, what: string, facts: Facts): boolean {
  const call = statement.kind === "expression_statement" ? asCall(statement.children[0]) : undefined;
  if (!call) return false;
  return what === "close"
    ? call.callee.text === `${name.text}.close`
    : facts.nameOf(call.callee) === `asyncio.${what}` && call.args[0]?.text === name.text;
}

/** Behind the first of its lines, or between them. */
function commentsIn(block: Node, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return block.comments.some((it) => it.start >= start && it.end <= end);
}
