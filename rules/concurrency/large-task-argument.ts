/** A big array or table that is sent along with every task of a process pool. */

import {
  TASK_METHODS,
  asCall,
  asComprehension,
  defineRule,
  excerpt,
  itemsOf,
  poolTaskOf,
  unwrap,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Big array or table sent with every task",
  why: "What a task of another process is given is pickled, sent and unpickled each time. An array or table that all tasks share is sent once to each worker by an initializer, or not at all where it lies in shared memory.",
  guide: "multiprocessing",
  level: "info",
  differs: { unknown: "kept" },
  gain: "time",
  imports: ["concurrent", "multiprocessing"],

  examples: [
    {
      before: `
from concurrent.futures import ProcessPoolExecutor

import numpy as np

def total(table: np.ndarray, column: int) -> float:
    return float(table[:, column].sum())

def totals(table: np.ndarray, columns: list[int]) -> list[float]:
    with ProcessPoolExecutor() as pool:
        futures = [pool.submit(total, table, column) for column in columns]
        return [future.result() for future in futures]
`,
      after: `
from concurrent.futures import ProcessPoolExecutor

import numpy as np

def keep(given: np.ndarray) -> None:
    global table
    table = given

def total(column: int) -> float:
    return float(table[:, column].sum())

def totals(given: np.ndarray, columns: list[int]) -> list[float]:
    with ProcessPoolExecutor(initializer=keep, initargs=(given,)) as pool:
        return list(pool.map(total, columns))
`,
    },
  ],

  on: ["call"],
  methods: TASK_METHODS,

  find(node, { facts }, call) {
    const task = facts.isTest ? undefined : poolTaskOf(call, facts);
    if (task?.runner !== "process") return undefined;
    const loop = facts.loopAround(node);
    const isMany = !/^(?:submit|apply|apply_async)$/.test(task.method);
    if (!isMany && !loop) return undefined;
    const shared = isMany
      ? sentWithEach(task.job, task.given, facts)
      : [...partsOf(task.job, facts), ...task.given].filter((it) => isSame(it, loop!, facts));
    for (const it of shared) {
      const evidence = largeEvidence(it, facts);
      if (evidence) return { at: it, evidence, weight: "unknown" as const, method: call.callee };
    }
    return undefined;
  },

  message: ({ at, method }) =>
    `\`${excerpt(at.text, 40)}\` is pickled and sent with every task of \`${excerpt(method.text, 40)}\`; an initializer hands it to each worker once.`,
});

/** An array, a tensor or a table; not one number of it. */
function largeEvidence(value: Node, facts: Facts): Evidence | undefined {
  if (!/^(?:identifier|attribute)$/.test(value.kind)) return undefined;
  for (const kind of ["frame", "array", "tensor", "series"] as const) {
    const evidence = facts.takenFor(value, kind);
    if (evidence) return evidence;
  }
  return undefined;
}

function isSame(value: Node, loop: Node, facts: Facts): boolean {
  return value
    .descendants("identifier")
    .concat(value.kind === "identifier" ? [value] : [])
    .every((it) => facts.writesOf(it, loop).length === 0);
}

/** What `partial` binds. */
function partsOf(job: Node, facts: Facts): readonly Node[] {
  const value = job.kind === "identifier" ? (facts.valueOf(job) ?? job) : job;
  const call = asCall(value);
  if (!call || facts.nameOf(call.callee) !== "functools.partial") return [];
  return [...call.args.slice(1), ...call.keywords.values()];
}

/** What each of many tasks is given: by `partial`, by `repeat`, or in the tuples of a comprehension. */
function sentWithEach(job: Node, given: readonly Node[], facts: Facts): readonly Node[] {
  return [...partsOf(job, facts), ...given.flatMap((it) => sentAsItems(it, facts))];
}

function sentAsItems(items: Node, facts: Facts): readonly Node[] {
  const value = items.kind === "identifier" ? (facts.valueOf(items) ?? items) : unwrap(items);
  const call = asCall(value);
  if (call) {
    const name = facts.nameOf(call.callee);
    if (name === "itertools.repeat") return call.args.slice(0, 1);
    return name === "builtins.zip" ? call.args.flatMap((it) => sentAsItems(it, facts)) : [];
  }
  // `[table] * len(columns)`
  if (value.kind === "binary_operator") {
    const list = value.field("left");
    return list?.kind === "list" && list.children.length === 1 ? itemsOf(list) : [];
  }
  const made = asComprehension(value);
  const element = made && unwrap(made.element);
  if (element?.kind !== "tuple") return [];
  return itemsOf(element).filter((it) => isSame(it, value, facts));
}
