/** Work handed to a pool whose result nobody asks for: what goes wrong in it is never told. */

import {
  TASK_METHODS,
  asCall,
  asComprehension,
  asTry,
  callOf,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  insertAfter,
  insertBefore,
  jobOf,
  nameGiven,
  poolTaskOf,
  statementsOf,
  useOf,
  wrapped,
  type Call,
  type Declined,
  type Facts,
  type Fix,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Result of a pool that nobody reads",
  why: "A pool keeps the exception of a task until somebody asks for the result. Where nobody does, tasks fail without a word, and the program goes on as if all of them had been done.",
  guide: "concurrency-pitfalls",
  level: "warning",
  differs: { unknown: "kept" },
  gain: "safety",
  imports: ["concurrent", "multiprocessing"],
  fixes: "review",

  examples: [
    {
      before: `
from concurrent.futures import ThreadPoolExecutor

def save_all(save, rows: list[int]) -> None:
    with ThreadPoolExecutor() as pool:
        pool.map(save, rows)
`,
      after: `
from concurrent.futures import ThreadPoolExecutor

def save_all(save, rows: list[int]) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(save, rows))
`,
    },
  ],

  on: ["call"],
  methods: TASK_METHODS.filter((it) => it !== "apply" && it !== "starmap"),

  find(_node, { facts }, call) {
    const how = facts.isTest ? undefined : droppedAs(call, facts);
    const task = how && poolTaskOf(call, facts);
    // Pool.map waits and raises.
    if (!task || (task.style === "pool" && task.method === "map")) return undefined;
    if (call.keywords.has("error_callback")) return undefined;
    const def = jobOf(task, facts);
    if (def && tellsItself(def, facts)) return undefined;
    return { at: call.callee, evidence: task.evidence, weight: "unknown" as const, task, how };
  },

  message: ({ at, task, how }) =>
    how === "waited"
      ? `Nobody asks for the results of \`${excerpt(at.text, 40)}\`: \`wait\` raises nothing, so an error in \`${excerpt(task.job.text, 40)}\` is never told.`
      : `Nobody reads what \`${excerpt(at.text, 40)}\` gives: an error in \`${excerpt(task.job.text.replace(/\s+/g, " "), 40)}\` is never told.`,

  fix({ task, how }): Fix | Declined {
    const { node } = task.call;
    if (how !== "statement") return declined("the results have to be asked for where the work is to be done");
    if (!/^(?:map|imap|imap_unordered)$/.test(task.method))
      return declined("keep what it gives, and ask it for its result where the work has to be done");
    if (hasComments(node)) return declined("there is a comment inside the call");
    return fixOf(
      "Go through the results",
      ["it waits for all tasks, and the first error goes up"],
      [insertBefore(node, "list("), insertAfter(node, ")")],
    );
  },
});

type Dropped = "statement" | "name" | "list" | "waited";

function droppedAs({ node }: Call, facts: Facts): Dropped | undefined {
  const whole = wrapped(node);
  if (whole.parent?.kind === "expression_statement") return "statement";
  const name = nameGiven(node);
  if (name) return isLocal(name, facts) && facts.readsSeeing(name).length === 0 ? "name" : undefined;
  const list = listOf(whole);
  const kept = list && isLocal(list, facts) ? facts.readsOf(list) : undefined;
  if (!kept) return undefined;
  const others = kept.filter((it) => !isPut(it, whole));
  if (others.length === 0) return "list";
  return others.every((it) => isWaitedFor(it, facts)) ? "waited" : undefined;
}

function isLocal(name: Node, facts: Facts): boolean {
  return facts.scopeOf(name).kind === "function" && !facts.isRemote(name);
}

/** `futures` of `futures = [pool.submit(…) for …]` and `futures.append(pool.submit(…))`. */
function listOf(node: Node): Node | undefined {
  const inside = asComprehension(node.parent);
  if (inside?.element === node && node.parent!.kind === "list_comprehension") return nameGiven(node.parent!);
  if (node.parent?.kind !== "argument_list") return undefined;
  const call = asCall(node.parent.parent);
  const object = call?.callee.field("object");
  return call?.args.length === 1 && call.callee.field("attribute")?.text === "append" && object?.kind === "identifier"
    ? object
    : undefined;
}

function isPut(read: Node, given: Node): boolean {
  const use = useOf(read);
  return use.kind === "method" && use.name === "append" && given.isInside(use.call!);
}

function isWaitedFor(read: Node, facts: Facts): boolean {
  const call = asCall(useOf(read).call);
  const isWait = call !== undefined && facts.nameOf(call.callee) === "concurrent.futures.wait";
  return isWait && call.node.parent?.kind === "expression_statement" && callOf(call.callee) !== undefined;
}

/** All that it does stands in a `try` that catches what goes wrong. */
function tellsItself(def: FunctionDef, facts: Facts): boolean {
  const body = facts.bodyOf(def);
  return facts.memo("tells its errors", def.node, () => {
    // A decorator may catch and log what goes wrong.
    if (def.decorators.length > 0) return true;
    return body.descendants("try_statement").some((it) => {
      const attempt = functionAround(it) === def.node ? asTry(it) : undefined;
      const isBroad = attempt?.handlers.some(({ type }) => !type || /^(?:Base)?Exception$/.test(type.text));
      const rest = statementsOf(body).filter((other) => !it.isInside(other));
      return (
        isBroad === true &&
        rest.every((other) => other.descendants("call").length === 0 || other.kind === "return_statement")
      );
    });
  });
}
