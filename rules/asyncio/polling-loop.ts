/** `while not ready: await asyncio.sleep(0.1)`: a task asks again and again for what another one could tell. */

import {
  asAttribute,
  asCall,
  asComparison,
  asMethodCall,
  asWhile,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  onlyStatement,
  replace,
  statementsOf,
  unwrap,
  asIf,
  type Evidence,
  expressionOf,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const SLEEPS = ["asyncio.sleep", "anyio.sleep", "trio.sleep"];

export default defineRule({
  title: "Loop that waits by asking",
  why: "Between two looks the task sleeps, so what it waits for is noticed late; short sleeps wake the event loop for nothing. An asyncio.Event, a Condition or the task itself wakes the waiting code at once.",
  guide: "async-patterns",
  level: "info",
  differs: { light: "kept", unknown: "kept" },
  gain: "time",
  words: ["sleep"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

async def started(ready: asyncio.Event) -> bool:
    while not ready.is_set():
        await asyncio.sleep(0.1)
    return True
`,
      after: `
import asyncio

async def started(ready: asyncio.Event) -> bool:
    await ready.wait()
    return True
`,
    },
  ],

  on: ["while_statement"],

  find(node, { facts }) {
    const loop = asWhile(node);
    if (!loop || facts.isTest || !facts.isAsync(node)) return undefined;
    const waited =
      unwrap(loop.condition).kind === "true"
        ? checkedInside(loop.body, facts)
        : sleepsAlone(loop.body, facts)
          ? loop.condition
          : undefined;
    const flag = waited && flagOf(waited, facts);
    return flag && { at: waited, construct: node, evidence: flag.evidence, flag, node };
  },

  message: ({ flag }) =>
    `\`${excerpt(flag.place.text, 40)}\` is looked at between two sleeps, so the change is noticed late; ${flag.waits ? "it can be awaited itself" : "an asyncio.Event that is set with it wakes this task at once"}.`,

  fix({ flag, node }, { facts }) {
    if (!flag.waits) return declined("whoever changes it has to set an event as well");
    if (hasComments(node) || node.field("alternative")) return declined("a comment or an else would be lost");
    if (!facts.isA(flag.place, "asyncio.Event"))
      return declined(`\`${excerpt(flag.place.text, 30)}\` is not known to be an asyncio.Event`);
    return fixOf(
      "Wait for the event",
      ["other tasks run once more, or once less, before this one goes on"],
      [replace(node, `await ${flag.place.text}.wait()`)],
    );
  },
});

/** `await asyncio.sleep(0.1)`; a sleep of nothing only lets others run. */
function isSleep(statement: Node | undefined, facts: Facts): boolean {
  const awaited = statement?.kind === "expression_statement" ? statement.children[0] : undefined;
  const call = awaited?.kind === "await" ? asCall(awaited.children[0]) : undefined;
  return (
    call !== undefined &&
    SLEEPS.includes(facts.nameOf(call.callee) ?? "") &&
    call.args.length > 0 &&
    !/^0(\.0*)?$/.test(call.args[0]!.text)
  );
}

/** Nothing but a sleep, and perhaps a line for people. */
function sleepsAlone(body: Node, facts: Facts): boolean {
  const working = statementsOf(body).filter((it) => !isShown(it));
  return working.length === 1 && isSleep(working[0], facts);
}

/** `print(…)`, `logger.info(…)`. */
function isShown(statement: Node): boolean {
  const callee = asCall(expressionOf(statement))?.callee;
  const object = asAttribute(callee)?.object;
  return callee?.text === "print" || (object?.kind === "identifier" && /log/i.test(object.text));
}

/** `while True:` with nothing but `if ready: break` and the sleep. */
function checkedInside(body: Node, facts: Facts): Node | undefined {
  const [first, second, more] = statementsOf(body).filter((it) => !isShown(it));
  if (!first || !second || more) return undefined;
  const [test, sleep] = first.kind === "if_statement" ? [first, second] : [second, first];
  const branch = asIf(test);
  const only = branch && branch.elifs.length === 0 && !branch.orElse ? onlyStatement(branch.body) : undefined;
  return only && /^(break|return)_statement$/.test(only.kind) && isSleep(sleep, facts) ? branch!.condition : undefined;
}

interface Flag {
  readonly place: Node;
  readonly evidence: Evidence;
  /** It has something that can be awaited: an event, a task. */
  readonly waits: boolean;
}

/** What is asked whether something is so; other calls may ask a server, a file or a program, where nobody could tell. */
const STATES = /^(is_set|done|locked|empty|full)$/;

function flagOf(condition: Node, facts: Facts): Flag | undefined {
  const node = unwrap(condition);
  if (node.kind === "not_operator") return flagOf(node.lastChild!, facts);
  const comparison = asComparison(node);
  if (comparison) {
    const isPlain = /^(none|true|false|integer|string)$/.test(comparison.right.kind);
    return isPlain ? flagOf(comparison.left, facts) : undefined;
  }
  const method = asMethodCall(node);
  if (method) {
    if (method.args.length > 0 || !STATES.test(method.method)) return undefined;
    const typed = facts.typed(method.object);
    if (typed && !typed.type.name.startsWith("asyncio.")) return undefined;
    // An event of threads cannot be awaited.
    if (!typed && facts.view.imports("threading")) return undefined;
    return {
      place: method.object,
      evidence: typed?.evidence ?? "strong",
      waits: /^(is_set|done)$/.test(method.method),
    };
  }
  if (node.kind === "identifier") {
    const isLocal = facts.bindingOf(node) !== undefined && facts.isRemote(node);
    return isLocal ? { place: node, evidence: "proof", waits: false } : undefined;
  }
  const attribute = asAttribute(node);
  if (!attribute || !/^\w+$/.test(attribute.object.text)) return undefined;
  // Somebody of this file sets it, or nobody in sight.
  const isSet = (facts.placeOf(node)?.writes.length ?? 0) > 1;
  return { place: node, evidence: isSet ? "proof" : "fair", waits: false };
}
