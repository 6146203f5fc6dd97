/** A task that is started and that nobody keeps. */

import {
  asAssignment,
  asCall,
  asLambda,
  asMethodCall,
  callOf,
  declined,
  definitionAbove,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  hasComments,
  lineBelow,
  replace,
  standsAbove,
  startsLine,
  statementOf,
  topStatement,
  useOf,
  wrapped,
  asFunction,
  type Call,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const CALLS = ["asyncio.create_task", "asyncio.ensure_future"];

export default defineRule({
  title: "Task that nobody keeps",
  why: "The event loop only has a weak reference to its tasks. One that nobody else holds may be collected in the middle of its work, and what goes wrong in it is told late or never. Keep it in a set until it is done, await it, or start it in a TaskGroup.",
  guide: "asyncio",
  level: "warning",
  differs: { light: "kept", unknown: "kept" },
  gain: "safety",
  words: ["create_task", "ensure_future"],
  overlaps: ["RUF006"],
  unlike:
    "a name that holds the task while the function waits is enough, and the fix keeps the task in a set until it is done",
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

async def greet(names: list[str]) -> list[str]:
    greeted = []

    async def work() -> None:
        greeted.extend(names)

    asyncio.create_task(work())
    await asyncio.sleep(0.01)
    return greeted
`,
      after: `
import asyncio

background_tasks: set[asyncio.Task] = set()

async def greet(names: list[str]) -> list[str]:
    greeted = []

    async def work() -> None:
        greeted.extend(names)

    task = asyncio.create_task(work())
    background_tasks.add(task)
    task.add_done_callback(background_tasks.discard)
    await asyncio.sleep(0.01)
    return greeted
`,
    },
  ],

  on: ["call"],
  calls: CALLS,
  methods: ["create_task"],

  find(node, { facts }) {
    const call = asCall(node);
    // An object that goes has nowhere to keep a task.
    if (!call || facts.isTest || asFunction(functionAround(node))?.name === "__del__") return undefined;
    const evidence = taskEvidence(call, facts);
    const how = evidence && droppedAs(node, facts);
    return how && { at: call.callee, evidence: how === "local" ? "strong" : evidence, call, how };
  },

  message: ({ call, how }) =>
    `Nobody keeps the task${workOf(call)}${how === "local" ? " once this function returns" : ""}: the event loop only refers to it weakly, so it may vanish before it is done.`,

  fix({ call, how }, file) {
    const { facts } = file;
    const statement = statementOf(call.node);
    if (how === "lambda") return declined("a lambda has no room for the set that keeps the task");
    if (how === "local" || how === "chain" || hasComments(statement))
      return declined("the task has a name or a callback already");
    if (!startsLine(statement) || functionAround(call.node) === undefined)
      return declined("the statement stands where no lines can follow");
    const known = facts.view.sitesOf(KEPT);
    if (known.length > 1 || (known.length === 1 && !/^set\(/.test(known[0]!.value?.text ?? "")))
      return declined(`\`${KEPT}\` means something else here`);
    if (known.length === 0 && facts.ofFile(DROPPED) > 1)
      return declined("several tasks are dropped here: make one set for all of them, and keep each in it");
    const name = facts.freshName("task", call.node);
    const asyncio = /^(\w+)\.(create_task|ensure_future)$/.exec(call.callee.text)?.[1];
    const top = topStatement(call.node, facts);
    // An import inside the function says nothing to the line above it.
    const isKnownAbove = facts.view.sitesOf(asyncio ?? "").some((it) => standsAbove(it.owner, top, facts));
    const annotation =
      asyncio && isKnownAbove && facts.nameOf(call.callee) === `asyncio.${call.callee.text.split(".")[1]}`
        ? `: set[${asyncio}.Task]`
        : "";
    return fixOf(
      "Keep the task until it is done",
      [
        "the task lives until its work is over",
        !facts.hasPython("3.9") && annotation !== "" && "set[…] as an annotation needs Python 3.9",
      ],
      [
        ...(known.length === 0 ? [definitionAbove(top, `${KEPT}${annotation} = set()`, facts)] : []),
        replace(statement, `${name} = ${call.node.text}`),
        lineBelow(statement, `${KEPT}.add(${name})\n${name}.add_done_callback(${KEPT}.discard)`),
      ],
    );
  },
});

const KEPT = "background_tasks";

/** `asyncio.create_task(…)`, or that of an event loop: those of a TaskGroup and of other libraries keep their tasks. */
function taskEvidence(call: Call, facts: Facts): Evidence | undefined {
  const name = facts.nameOf(call.callee);
  if (name !== undefined) return CALLS.includes(name) ? "proof" : undefined;
  const method = asMethodCall(call.node, "create_task");
  if (!method) return undefined;
  const typed = facts.typed(method.object);
  if (typed)
    return /^asyncio\.(.*\.)?(AbstractEventLoop|BaseEventLoop)$/.test(typed.type.name) ? typed.evidence : undefined;
  const made = asCall(method.object) ?? asCall(facts.valueOf(method.object));
  if (made && /^asyncio\.(get_running_loop|get_event_loop|new_event_loop)$/.test(facts.nameOf(made.callee) ?? ""))
    return "proof";
  return /(^|[._])(event_)?loop$/.test(method.object.text) && facts.view.imports("asyncio") ? "strong" : undefined;
}

/** They take a function and throw away what it gives. */
const CALLBACKS =
  /(^|\.)(call_soon|call_soon_threadsafe|call_later|call_at|add_signal_handler|add_done_callback|add_reader|add_writer)$/;

type Dropped = "statement" | "chain" | "lambda" | "local";

function droppedAs(node: Node, facts: Facts): Dropped | undefined {
  const whole = wrapped(node);
  if (whole.parent?.kind === "expression_statement") return "statement";
  const use = useOf(node);
  // The callback is called when the task is done: nothing keeps the task until then.
  if (use.kind === "method" && use.name === "add_done_callback" && use.call?.parent?.kind === "expression_statement")
    return "chain";
  const lambda = asLambda(whole.parent);
  if (lambda && whole.fieldName === "body") {
    const given = useOf(lambda.node);
    return given.kind === "argument" && CALLBACKS.test(asCall(given.call)?.callee.text ?? "") ? "lambda" : undefined;
  }
  const statement = statementOf(node);
  const assignment = asAssignment(statement);
  const [target, more] = assignment?.targets ?? [];
  const value = assignment?.value;
  if (!value || !target || more || target.kind !== "identifier" || wrapped(value) !== whole) return undefined;
  if (facts.scopeOf(target).kind !== "function" || facts.isRemote(target)) return undefined;
  if (facts.readsOf(target).length > 0) return undefined;
  // While the function waits for other things its names hold what they hold.
  const def = functionAround(node);
  const goesOn = def
    ?.descendants("await", "yield", "while_statement")
    .some((it) => it.start > node.end && functionAround(it) === def);
  return goesOn || facts.loopAround(node)
    ? target.text === "_" && facts.loopAround(node)
      ? "local"
      : undefined
    : "local";
}

/** " of `save(row)`", where it is short. */
function workOf({ args }: Call): string {
  const [work] = args;
  const callee = work && asCall(work)?.callee;
  return callee && /^[\w.]+$/.test(callee.text) ? ` of \`${excerpt(callee.text, 40)}()\`` : "";
}

/** How many tasks the file drops. */
const DROPPED = fileQuestion(
  (facts) =>
    [
      ...facts.view.attributesOf("create_task"),
      ...facts.view.readsOf("create_task"),
      ...facts.view.attributesOf("ensure_future"),
    ].filter((it) => {
      const call = callOf(it);
      return (
        call !== undefined &&
        call.node.parent?.kind === "expression_statement" &&
        taskEvidence(call, facts) !== undefined
      );
    }).length,
);
