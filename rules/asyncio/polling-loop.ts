/** `while not ready: await asyncio.sleep(0.1)`, `while voice.is_playing(): pass`: code asks again and again for what somebody could tell. */

import { asksAgain, type Again } from "./polling-loop/asks-again.js";
import { idlesOn, spinningOn, type Idle, type Spinning } from "./polling-loop/spinning.js";
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
  type Match,
  type Node,
} from "../../analysis/authoring.js";

const SLEEPS = ["asyncio.sleep", "anyio.sleep", "trio.sleep"];

export default defineRule({
  title: "Loop that waits by asking",
  why: "Between two looks the task sleeps, so what it waits for is noticed late; short sleeps wake the event loop for nothing. An asyncio.Event, a Condition or the task itself wakes the waiting code at once. A loop that does not even sleep keeps a core busy, or floods a server with requests; in a coroutine nothing else runs until it ends.",
  guide: "async-patterns",
  level: "warning",
  differs: { light: "kept" },
  gain: "time",
  words: ["while"],
  overrides: ["iteration/loop-invariant-expression"],
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

  find(node, { facts }): Found | undefined {
    const loop = asWhile(node);
    if (!loop || facts.isTest) return undefined;
    const isAsync = facts.isAsync(node);
    const spinning = spinningOn(loop, isAsync, facts);
    if (spinning) {
      const { at, evidence } = spinning;
      return { at, construct: node, evidence, weight: "heavy", spinning, node, isAsync, shown: shownOf(at) };
    }
    const idle = idlesOn(loop, facts);
    if (idle) {
      const { at, queue } = idle;
      return { at, construct: node, evidence: "strong", weight: "heavy", idle, node, isAsync, shown: shownOf(queue) };
    }
    const again = asksAgain(loop, facts);
    if (again) {
      const { at, evidence } = again;
      return { at, construct: node, evidence, weight: "heavy", again, node, isAsync, shown: shownOf(at) };
    }
    if (!isAsync) return undefined;
    const waited =
      unwrap(loop.condition).kind === "true"
        ? checkedInside(loop.body, facts)
        : sleepsAlone(loop.body, facts)
          ? loop.condition
          : undefined;
    const flag = waited && flagOf(waited, facts);
    if (!flag) return undefined;
    const shown = shownOf(flag.place);
    return { at: waited, construct: node, evidence: flag.evidence, weight: "unknown", flag, node, isAsync, shown };
  },

  message({ shown, flag, idle, spinning, isAsync }) {
    if (idle)
      return isAsync
        ? `The event loop stands still and a core is busy while \`${shown}\` is empty; await the get() of an asyncio.Queue.`
        : `A core is busy while \`${shown}\` is empty, and slows the other threads; \`get(timeout=…)\` waits without work.`;
    if (flag)
      return `\`${shown}\` is looked at between two sleeps, so the change is noticed late; ${flag.waits ? "it can be awaited itself" : "an asyncio.Event that is set with it wakes this task at once"}.`;
    if (!spinning)
      return `\`${shown}\` is asked again as soon as it has answered, so the server is flooded with requests; ${isAsync ? "await asyncio.sleep()" : "call time.sleep()"} between two of them.`;
    if (isAsync)
      return spinning.isTime
        ? "The event loop stands still and a core is busy until this time has passed; await asyncio.sleep() instead."
        : `The event loop stands still and a core is busy while \`${shown}\` is asked again and again; await an asyncio.Event, or asyncio.sleep() in each turn.`;
    if (spinning.isTime) return "A core is busy until this time has passed; time.sleep() waits without work.";
    return spinning.isEndless
      ? "This loop keeps a core busy for ever; threading.Event().wait() or join() waits without work."
      : `A core is busy while \`${shown}\` is asked again and again; ${spinning.isThread ? "join() waits without work" : "an Event, join() or a sleep in each turn waits without work"}.`;
  },

  fix({ flag, idle, node }, { facts }) {
    if (idle) return declined("how long it may wait is not in the code");
    if (!flag) return declined("what tells when it is done is not in the code");
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

interface Found extends Match {
  readonly evidence: Evidence;
  readonly flag?: Flag;
  readonly spinning?: Spinning;
  readonly idle?: Idle;
  readonly again?: Again;
  readonly node: Node;
  readonly isAsync: boolean;
  readonly shown: string;
}

const shownOf = (node: Node): string => excerpt(node.text.replaceAll(/\s+/g, " "), 40);

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
