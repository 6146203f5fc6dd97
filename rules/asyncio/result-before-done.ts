/** `task.result()` of a task that was only just started. */

import {
  asCall,
  asComprehension,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  itemsOf,
  replace,
  useOf,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Result of a task that is not done",
  why: "A task begins to run when the coroutine waits for something. Until it is done result() does not wait for it, but raises InvalidStateError; to wait for the task gives the result.",
  guide: "asyncio",
  level: "warning",
  gain: "safety",
  imports: ["asyncio"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

async def load(number: int) -> int:
    await asyncio.sleep(0)
    return number * 2

async def main(number: int) -> int:
    task = asyncio.create_task(load(number))
    return task.result()
`,
      after: `
import asyncio

async def load(number: int) -> int:
    await asyncio.sleep(0)
    return number * 2

async def main(number: int) -> int:
    task = asyncio.create_task(load(number))
    return await task
`,
    },
  ],

  on: ["call"],
  methods: ["result"],

  find(node, { facts }) {
    const method = asMethodCall(node, "result");
    if (!method || method.args.length > 0 || method.object.kind !== "identifier" || !facts.isAsync(node))
      return undefined;
    const begun = startOf(method.object, facts);
    if (!begun) return undefined;
    const { made, name } = begun;
    if (functionAround(made) !== functionAround(node)) return undefined;
    // Whoever waits for it, asks whether it is done, or is handed it may know more.
    const others = facts.readsOf(name).filter((it) => it !== name && it.start < node.start);
    if (others.some((it) => !isHarmless(it)) || isGuarded(node) || facts.isTest) return undefined;
    const waits = awaitsBetween(made, node, facts);
    return {
      at: method.methodNode,
      evidence: waits ? ("strong" as const) : ("proof" as const),
      weight: waits ? ("unknown" as const) : ("heavy" as const),
      node,
      task: method.object,
      waits,
    };
  },

  message: ({ task, waits }) =>
    waits
      ? `\`${excerpt(task.text, 40)}.result()\` raises InvalidStateError if the task is not done by then; \`await ${excerpt(task.text, 40)}\` waits for it.`
      : `\`${excerpt(task.text, 40)}\` has not begun to run here, so that result() raises InvalidStateError; \`await ${excerpt(task.text, 40)}\` waits for it.`,

  fix({ node, task }) {
    if (node.ancestor("lambda", "generator_expression", "function_definition")?.kind !== "function_definition")
      return declined("it cannot be awaited there");
    const outer = node.parent;
    const isTight =
      outer?.kind === "attribute" ||
      outer?.kind === "call" ||
      (outer?.kind === "subscript" && node.fieldName === "value");
    return fixOf(
      "Await the task",
      ["it waits for the task in the place of raising InvalidStateError"],
      [replace(node, isTight ? `(await ${task.text})` : `await ${task.text}`)],
    );
  },
});

/** What starts the task, and the name by which others could wait for it: its own, or that of the list it is in. */
function startOf(task: Node, facts: Facts): { readonly made: Node; readonly name: Node } | undefined {
  const isStart = (it: Node | undefined) => STARTS.test(facts.nameOf(asCall(it)?.callee ?? task) ?? "");
  const made = facts.valueOf(task);
  if (made) return isStart(made) ? { made, name: task } : undefined;
  const [site, more] = facts.reachingSites(task);
  const list = site?.kind === "for" && !more ? site.value : undefined;
  const tasks = list?.kind === "identifier" ? facts.valueOf(list) : undefined;
  const element = asComprehension(tasks)?.element ?? (tasks?.kind === "list" ? itemsOf(tasks)[0] : undefined);
  return list && tasks && isStart(element) ? { made: tasks, name: list } : undefined;
}

const STARTS = /^asyncio\.(?:create_task|ensure_future)$/;

/** `task.set_name(…)`, `task.add_done_callback(…)`: nothing that waits. */
function isHarmless(read: Node): boolean {
  const use = useOf(read);
  return use.kind === "method" && /^(?:set_name|get_name|add_done_callback)$/.test(use.name ?? "");
}

/** In a try for that very error, or where the task is known to be done. */
function isGuarded(node: Node): boolean {
  const attempt = node.ancestor("try_statement", "function_definition");
  return attempt?.kind === "try_statement" && /InvalidStateError/.test(attempt.text);
}

function awaitsBetween(made: Node, node: Node, facts: Facts): boolean {
  const body = functionAround(node)!;
  return (
    facts.loopAround(node) !== facts.loopAround(made) ||
    body
      .descendants("await", "with_statement", "for_statement")
      .some((it) => it.start > made.start && it.start < node.start && (it.kind === "await" || it.hasToken("async")))
  );
}
