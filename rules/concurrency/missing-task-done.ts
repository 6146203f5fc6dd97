/** A queue that is waited for by join(), with items that nobody reports as done. */

import {
  asComparison,
  asMethodCall,
  asTry,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  declined,
  functionAround,
  indentLines,
  indentOf,
  indentUnit,
  insertBefore,
  lastName,
  linesOf,
  nextStatement,
  previousStatement,
  replace,
  startsLine,
  statementOf,
  type Declined,
  type Facts,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

const QUEUES =
  /^(?:queue\.(?:Queue|LifoQueue|PriorityQueue)|asyncio\.(?:Queue|LifoQueue|PriorityQueue)|multiprocessing\.JoinableQueue)$/;

export default defineRule({
  title: "Queue item that is never reported as done",
  why: "join() of a queue waits until task_done() was called once for each item that was put. An item for which it is not called, because the work on it failed or the loop went on or ended before, makes join() wait for ever.",
  guide: "thread-sync",
  level: "warning",
  gain: "safety",
  words: ["task_done", "JoinableQueue", "Queue"],
  fixes: "review",

  examples: [
    {
      before: `
import queue
import threading

jobs = queue.Queue()

def worker(handle):
    while True:
        job = jobs.get()
        handle(job)
        jobs.task_done()

def run(handle, items):
    threading.Thread(target=worker, args=(handle,), daemon=True).start()
    for item in items:
        jobs.put(item)
    jobs.join()
`,
      after: `
import queue
import threading

jobs = queue.Queue()

def worker(handle):
    while True:
        job = jobs.get()
        try:
            handle(job)
        finally:
            jobs.task_done()

def run(handle, items):
    threading.Thread(target=worker, args=(handle,), daemon=True).start()
    for item in items:
        jobs.put(item)
    jobs.join()
`,
    },
  ],

  on: ["call"],
  methods: ["get", "get_nowait"],

  find(node, { facts }) {
    const get = asMethodCall(node, "get", "get_nowait");
    const home = functionAround(node);
    if (
      !get ||
      !home ||
      facts.isTest ||
      !/q(?:ueue)?s?$|jobs|tasks|work|todo|pending|inbox/i.test(lastName(get.object))
    )
      return undefined;
    const name = lastName(get.object);
    if (!facts.ofFile(JOINED).includes(`,${name},`) || !facts.ofFile(COUNTED).includes(`,${name},`)) return undefined;
    const dones = home.descendants("call").filter((it) => isDone(it, name));
    const [done] = dones;
    if (!done)
      // Somebody else may report it: a callback, a function that is given the item.
      return facts.ofFile(DONE)
        ? undefined
        : { at: node, evidence: "strong" as const, name, how: "never" as const, get: node, done: undefined };
    const statement = statementOf(node);
    const last = dones.at(-1)!;
    if (dones.some((it) => it.ancestor("finally_clause")?.isInside(home))) return undefined;
    const block = statement.parent;
    if (dones.length > 1 || statementOf(done).parent !== block) return undefined;
    const between = restBetween(statement, statementOf(last));
    const left = between
      .flatMap((it) => [it, ...it.descendants("continue_statement", "break_statement", "return_statement")])
      .find((it) => LEAVES.test(it.kind) && isOwn(it, statement, home) && !isAtEnd(it));
    if (left) return { at: left, evidence: "strong" as const, name, how: "left" as const, get: node, done };
    const fails = between.some((it) => !asTry(it) && it.descendants("call", "await").length > 0);
    return fails ? { at: node, evidence: "fair" as const, name, how: "fails" as const, get: node, done } : undefined;
  },

  message: ({ name, how }) =>
    how === "never"
      ? `Nothing calls \`task_done()\` for what is taken here, so \`${excerpt(name, 40)}.join()\` waits for ever.`
      : how === "left"
        ? `The item is left here without \`task_done()\`: \`${excerpt(name, 40)}.join()\` waits for it for ever.`
        : `If the work on this item fails, \`task_done()\` is not called and \`${excerpt(name, 40)}.join()\` waits for ever; a \`finally\` calls it in any case.`,

  fix({ get, done, how }, { facts }): Fix | Declined {
    const first = nextStatement(statementOf(get));
    const last = done && statementOf(done);
    if (how !== "fails" || !first || !last || !startsLine(first) || !linesOf(last))
      return declined("where an item is done with is for you to say");
    if (statementOf(get).kind !== "expression_statement") return declined("the item is taken inside another statement");
    const unit = indentUnit(statementOf(get), facts);
    const indent = indentOf(first);
    const body = { tree: first.tree, start: first.start, end: previousStatement(last)!.end };
    return fixOf(
      "Call task_done() in a finally",
      ["an item counts as done also where the work on it failed"],
      [
        insertBefore(first, `try:\n${indent}${unit}`),
        ...indentLines(body, unit).filter((it) => it.at.start > first.start),
        replace(last, `finally:\n${indent}${unit}${last.text}`),
      ],
    );
  },
});

const LEAVES = /^(?:continue|break|return)_statement$/;

/** What the objects of calls of a method are called, between commas. */
const namesOf = (facts: Facts, method: string, fits: (object: Node, given: number) => boolean = () => true): string => {
  const names = facts.view.attributesOf(method).flatMap((it) => {
    const call = asMethodCall(it.parent, method);
    return call && fits(call.object, call.args.length) ? [lastName(call.object)] : [];
  });
  return `,${[...new Set(names)].join(",")},`;
};
const isQueue = (facts: Facts) => (object: Node) => QUEUES.test(facts.typed(object, "fair")?.type.name ?? "");
const JOINED = fileQuestion((facts) => namesOf(facts, "join", (_object, given) => given === 0));
const DONE = fileQuestion((facts) => facts.view.attributesOf("task_done").length > 0);
/** The names that queues which count their items bear somewhere in the file. */
const COUNTED = fileQuestion((facts) =>
  ["join", "get", "put"].map((it) => namesOf(facts, it, isQueue(facts))).join(""),
);

function isDone(node: Node, name: string): boolean {
  const call = asMethodCall(node, "task_done");
  return call !== undefined && lastName(call.object) === name;
}

const ENDS = /STOP|SENTINEL|DONE|END|QUIT|EXIT/i;

/** `if job is None: break`: the last thing that is put, most often after join() came back. */
function isAtEnd(jump: Node): boolean {
  if (jump.kind === "continue_statement") return false;
  const condition = jump.ancestor("if_statement")?.field("condition");
  return (
    condition !== undefined &&
    (/\bNone\b|^not \w+$/.test(condition.text) ||
      condition.descendants("comparison_operator").some((it) => {
        const comparison = asComparison(it);
        return /^(?:is|==)$/.test(comparison?.operator ?? "") && ENDS.test(comparison!.right.text);
      }))
  );
}

/** The statements after one and before another of the same block. */
function restBetween(first: Node, last: Node): readonly Node[] {
  const found: Node[] = [];
  for (let at = nextStatement(first); at && at.start < last.start; at = nextStatement(at)) found.push(at);
  return found;
}

/** It leaves the turn in which the item was taken, not a loop inside it. */
function isOwn(jump: Node, taken: Node, home: Node): boolean {
  if (functionAround(jump) !== home) return false;
  if (jump.kind === "return_statement") return true;
  const loop = jump.ancestor("for_statement", "while_statement");
  return loop !== undefined && taken.isInside(loop);
}
