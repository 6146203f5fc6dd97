/** A task in the background that loops for ever, until the first error ends it and nobody is told. */

import {
  asFunction,
  asCall,
  asMethodCall,
  asTry,
  asWhile,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  functionCalled,
  hasComments,
  indentLines,
  indentOf,
  indentUnit,
  insertBefore,
  lineBelow,
  moduleLogger,
  nameGiven,
  statementOf,
  statementsOf,
  unwrap,
  useOf,
  wrapped,
  asAssignment,
  type Call,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
  type Try,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Background loop that one error ends",
  why: "The error of a task is kept until somebody asks for it. Nobody asks a task that is to run for ever: after the first refused connection the loop is gone, the program goes on without it, and the log says nothing.",
  guide: "asyncio",
  level: "info",
  gain: "safety",
  words: ["create_task", "ensure_future", "sleep", "wait_for"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio
import logging

logger = logging.getLogger(__name__)

async def pump(queue: asyncio.Queue, store) -> None:
    while True:
        item = await queue.get()
        await store.save(item)

async def serve(queue: asyncio.Queue, store) -> None:
    pumping = asyncio.create_task(pump(queue, store))
    await store.closed.wait()
    pumping.cancel()
`,
      after: `
import asyncio
import logging

logger = logging.getLogger(__name__)

async def pump(queue: asyncio.Queue, store) -> None:
    while True:
        item = await queue.get()
        try:
            await store.save(item)
        except Exception:
            logger.exception("pump failed, and goes on")

async def serve(queue: asyncio.Queue, store) -> None:
    pumping = asyncio.create_task(pump(queue, store))
    await store.closed.wait()
    pumping.cancel()
`,
    },
  ],

  on: ["call", "function_definition"],
  calls: ["asyncio.create_task", "asyncio.ensure_future"],
  methods: ["create_task"],

  find(node, { facts }): Found | undefined {
    if (node.kind === "function_definition") return startedElsewhere(node, facts);
    const call = asCall(node);
    const work = call?.args[0] && asCall(unwrap(call.args[0]));
    if (!call || !work || facts.isTest || !isOfLoop(call, facts)) return undefined;
    const def = functionCalled(work.callee, facts);
    if (!def?.isAsync || def.decorators.length > 0) return undefined;
    const ending = facts.memo("dying loop", def.node, () => endingOf(def, facts) ?? null);
    if (!ending || isWatched(node, facts)) return undefined;
    return {
      at: work.callee,
      evidence: "strong",
      weight: "heavy",
      construct: work.node,
      related: [{ at: ending.risk, message: "What goes wrong here ends the loop." }],
      name: work.callee.text,
      isElsewhere: false,
      ...ending,
    };
  },

  message: ({ name, risk, isCaughtOutside, isElsewhere }) =>
    isElsewhere
      ? `If \`${excerpt(name, 50)}()\` runs as a task that nobody awaits, the first error of \`${excerpt(shown(risk), 50)}\` ends its loop for good. Catch and log it inside.`
      : isCaughtOutside
        ? `The handler of \`${excerpt(name, 50)}()\` stands outside its loop: the first error of \`${excerpt(shown(risk), 50)}\` ends the loop for good. Catch and log it inside.`
        : `Nobody awaits \`${excerpt(name, 50)}()\`: the first error of \`${excerpt(shown(risk), 50)}\` ends its loop for good. Catch and log it inside.`,

  fix({ name: callee, loop }, file) {
    const statements = statementsOf(loop.field("body")!);
    const rest = [...statements];
    // What only waits stays outside: otherwise an error that stays would be met again at once.
    while (rest[0] && onlyWaits(rest[0])) rest.shift();
    while (rest.length > 0 && onlyWaits(rest.at(-1)!)) rest.pop();
    const [first] = rest;
    const last = rest.at(-1);
    if (!first || !last) return declined("there is nothing to try");
    if (hasComments(first)) return declined("a comment stands in the way");
    const logger = moduleLogger(file, [loop]);
    if (!logger) return declined("the name of the logger means something else here");
    const unit = indentUnit(first, file.facts);
    const name = callee.slice(callee.lastIndexOf(".") + 1);
    const body = { tree: first.tree, start: first.start, end: last.end };
    return fixOf(
      "Log the error and go on",
      [
        "after an error the loop goes on",
        rest.length === statements.length &&
          "an error that stays is logged in every turn, and leaves other tasks no time if nothing in the turn waits",
      ],
      [
        ...logger.edits,
        insertBefore(
          { tree: first.tree, start: first.start - indentOf(first).length, end: first.start },
          `${indentOf(first)}try:\n`,
        ),
        ...indentLines(body, unit),
        lineBelow(last, `except Exception:\n${unit}${logger.name}.exception("${name} failed, and goes on")`),
      ],
    );
  },
});

interface Ending {
  readonly loop: Node;
  /** An await whose error ends the loop. */
  readonly risk: Node;
  /** A handler around the loop tells of the error, and the loop is over all the same. */
  readonly isCaughtOutside: boolean;
}

interface Found extends Match, Ending {
  /** The function as it is written where it is called, or by its own name. */
  readonly name: string;
  /** Another file starts it. */
  readonly isElsewhere: boolean;
}

/** `async def outbox_loop(stop)`, called so, of which nothing in this file makes a task: another file does. */
function startedElsewhere(node: Node, facts: Facts): Found | undefined {
  const def = asFunction(node);
  if (!def?.isAsync || !NAMED_LOOP.test(def.name) || facts.isTest || def.decorators.length > 0) return undefined;
  if (node.ancestor("class_definition", "function_definition") || facts.usesOf(def.nameNode).length > 0)
    return undefined;
  const ending = endingOf(def, facts);
  if (!ending || ending.isCaughtOutside || !isPeriodic(ending.loop)) return undefined;
  return {
    at: def.nameNode,
    evidence: "fair",
    weight: "heavy",
    related: [{ at: ending.risk, message: "What goes wrong here ends the loop." }],
    name: def.name,
    isElsewhere: true,
    ...ending,
  };
}

const NAMED_LOOP =
  /(?:^|_)(?:loop|worker|scheduler|poller|watcher|heartbeat|monitor|forever|periodic\w*|background\w*)(?:_task)?$/;

const shown = (risk: Node): string => /^await [\w.]+/.exec(risk.text)?.[0] ?? "await";

/** Groups of tasks, and other libraries, look after their tasks. */
function isOfLoop(call: Call, facts: Facts): boolean {
  if (facts.nameOf(call.callee)?.startsWith("asyncio.")) return true;
  const method = asMethodCall(call.node);
  return method !== undefined && /(?:^|[._])loop$|get_(?:running|event)_loop\(\)$/.test(method.object.text);
}

/** A loop that is to run until it is stopped, with something in it that may fail and is not caught. */
function endingOf(def: FunctionDef, facts: Facts): Ending | undefined {
  const body = facts.bodyOf(def);
  for (const loop of body.descendants("while_statement")) {
    const condition = asWhile(loop)?.condition;
    if (functionAround(loop) !== def.node || !condition || !ENDLESS.test(unwrap(condition).text)) continue;
    // Of a loop in another one the next turn begins it again.
    if (loop.ancestor("while_statement", "for_statement", "function_definition") !== def.node) continue;
    // It stops by itself when its stream has ended.
    if (loop.descendants("return_statement", "break_statement").some((it) => functionAround(it) === def.node))
      return undefined;
    const outside = caughtOutside(loop, def);
    if (outside && !(isPeriodic(loop) && onlyTells(outside.body))) continue;
    const risk = loop
      .descendants("await")
      .find((it) => functionAround(it) === def.node && !isWaiting(it) && !isCaught(it, outside ? loop : def.node));
    if (risk) return { loop, risk, isCaughtOutside: outside !== undefined };
  }
  return undefined;
}

/** The handler of a `try` around the whole loop that gets every error, after which the loop is gone. */
function caughtOutside(loop: Node, def: FunctionDef): Try["handlers"][number] | undefined {
  const attempt = loop.ancestor("try_statement", "function_definition");
  const tried = asTry(attempt);
  return tried && loop.isInside(tried.body) && functionAround(attempt!) === def.node
    ? tried.handlers.find(({ type }) => !type || /\bException$/.test(type.text))
    : undefined;
}

/** Work that is done every so often, and not what serves one connection until that ends. */
const isPeriodic = (loop: Node): boolean =>
  statementsOf(loop.field("body")!).some((it) =>
    /^(?:try:\s*)?await (?:asyncio\.)?(?:sleep\(|wait_for\([\w.]+\.wait\(\))/.test(it.text),
  );

/** The handler writes to the log and does nothing else. */
const onlyTells = (body: Node): boolean =>
  statementsOf(body).every((it) => it.kind === "pass_statement" || /^(?:[\w.]*log\w*\.\w+|print)\(/.test(it.text));

const ENDLESS = /^(?:True|1|not [\w.]+|not [\w.]+\.is_set\(\)|self\.\w+)$/;
const WAITING = /(?:^|\.)(?:sleep|get|wait|join|put|acquire|wait_closed|wait_for)$/;

function isWaiting(awaited: Node): boolean {
  const call = asCall(unwrap(awaited.children[0]!));
  return (
    !call ||
    (WAITING.test(call.callee.text) &&
      !/wait_for$/.test(call.callee.text) &&
      !/\b(?:client|session|http\w*|api|requests)\.get$/.test(call.callee.text))
  );
}

/** A statement that does nothing but wait for the time, or for what comes next. */
function onlyWaits(statement: Node): boolean {
  const awaits = statement.descendants("await");
  const value =
    asAssignment(statement)?.value ?? (statement.kind === "expression_statement" ? statement.children[0] : undefined);
  return awaits.length === 1 && value !== undefined && unwrap(value) === awaits[0] && isWaiting(awaits[0]!);
}

function isCaught(node: Node, end: Node): boolean {
  for (
    let at = node.ancestor("try_statement", "function_definition", "with_statement");
    at && at !== end && at.isInside(end);
    at = at.ancestor("try_statement", "function_definition", "with_statement")
  ) {
    if (
      at.kind === "with_statement"
        ? /suppress|catch|raises|TaskGroup|log_/i.test(at.text.split(":\n", 1)[0]!)
        : isBroad(at, node)
    )
      return true;
  }
  return false;
}

const isBroad = (attempt: Node, node: Node): boolean => {
  const tried = asTry(attempt);
  return (
    tried !== undefined &&
    tried.handlers.some((it) => !it.type || /Exception\b|(?<!Cancelled)Error\b/.test(it.type.text)) &&
    node.isInside(tried.body)
  );
};

/** Somebody waits for the task, asks how it ended, or is called when it does. */
function isWatched(node: Node, facts: Facts): boolean {
  const whole = wrapped(node);
  if (whole.parent?.kind === "expression_statement") return false;
  const name = nameGiven(node);
  if (name) {
    return facts.readsOf(name).some((it) => !isLetGo(it, facts));
  }
  const target = asAssignment(statementOf(node));
  const [attribute, more] = target?.targets ?? [];
  if (!attribute || more || attribute.kind !== "attribute" || !target?.value || wrapped(target.value) !== whole)
    return true;
  return isWatchedAttribute(attribute.field("attribute")?.text ?? "", facts);
}

/** The same of an attribute, by whatever object it is read. */
function isWatchedAttribute(name: string, facts: Facts): boolean {
  const uses = facts.view.attributesOf(name).map(useOf);
  const isCancelled = uses.some((it) => it.name === "cancel");
  return uses.some((it) =>
    it.kind === "method"
      ? it.name === "result" ||
        it.name === "exception" ||
        (it.name === "add_done_callback" && !LETS_GO.test(it.call?.text ?? ""))
      : !isCancelled && /^(?:awaited|argument|returned|element)$/.test(it.kind),
  );
}

const LETS_GO = /discard|remove/;

/** `task.cancel()`, `tasks.add(task)`, `task.add_done_callback(tasks.discard)`, `await task` once it was cancelled. */
function isLetGo(read: Node, facts: Facts): boolean {
  const use = useOf(read);
  if (use.kind === "method")
    return (
      use.name === "cancel" ||
      (use.name === "add_done_callback" && LETS_GO.test(use.call?.text ?? "")) ||
      use.name === "set_name" ||
      use.name === "done"
    );
  if (use.kind === "argument") return /\.add$/.test(asCall(use.call)?.callee.text ?? "");
  if (use.kind === "awaited" || use.kind === "element")
    return facts.readsOf(read).some((it) => useOf(it).name === "cancel" && it.start < read.start);
  return false;
}
