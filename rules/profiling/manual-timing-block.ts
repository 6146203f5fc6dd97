/** `start = time.time()` … `print(time.time() - start)` in one function after the other. */

import {
  asAssignment,
  asBinary,
  asCall,
  asFunction,
  defineRule,
  fileQuestion,
  functionAround,
  statementOf,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Timed extends Match {
  readonly count: number;
}

const CLOCKS = ["time.time", "time.perf_counter", "time.monotonic", "time.process_time", "timeit.default_timer"];
/** So many functions of a file make it a habit. */
const HABIT = 3;

export default defineRule({
  title: "Timing written out again and again",
  why: "The same lines stand in several functions, between those that matter, and each measures a little differently. A context manager or decorator that times a block is written once, and can be turned off in one place.",
  guide: "profiling-method",
  level: "hint",
  gain: "clarity",
  imports: ["time", "timeit"],

  examples: [
    {
      before: `
import time

def load(names: list[str]) -> list[str]:
    start = time.perf_counter()
    found = [name.strip() for name in names]
    print("load", time.perf_counter() - start)
    return found

def sort(names: list[str]) -> list[str]:
    start = time.perf_counter()
    found = sorted(names)
    print("sort", time.perf_counter() - start)
    return found

def count(names: list[str]) -> int:
    start = time.perf_counter()
    found = len(set(names))
    print("count", time.perf_counter() - start)
    return found
`,
      after: `
import contextlib
import time

@contextlib.contextmanager
def timed(name: str):
    start = time.perf_counter()
    try:
        yield
    finally:
        print(name, time.perf_counter() - start)

def load(names: list[str]) -> list[str]:
    with timed("load"):
        return [name.strip() for name in names]

def sort(names: list[str]) -> list[str]:
    with timed("sort"):
        return sorted(names)

def count(names: list[str]) -> int:
    with timed("count"):
        return len(set(names))
`,
    },
  ],

  on: ["call"],
  calls: CLOCKS,

  find(node, { facts }): Timed | undefined {
    if (facts.isTest || facts.isNotebook || !isStart(node, facts)) return undefined;
    const count = facts.ofFile(TIMED);
    if (count < HABIT || facts.ofFile(FIRST) !== placeIn(node)) return undefined;
    return { at: asAssignment(statementOf(node))!.node, evidence: "proof", weight: "unknown", count };
  },

  message: ({ count }) =>
    `${count} functions of this file time themselves with lines of their own; one context manager around each block says it once.`,
});

/** The clock is kept in a name, and what is done with the difference is to show it. */
function isStart(node: Node, facts: Facts): boolean {
  const def = asFunction(functionAround(node));
  const [target, more] = asAssignment(statementOf(node))?.targets ?? [];
  if (!def || more || target?.kind !== "identifier" || asAssignment(statementOf(node))?.value !== node) return false;
  // A tool that times.
  if (/tim(?:e|ing|er)|wrap|bench|measure|profil|^__/i.test(def.name) || functionAround(def.outer)) return false;
  const reads = facts.readsOf(target);
  return reads.length > 0 && reads.every((it) => isShown(it, facts));
}

function isShown(read: Node, facts: Facts): boolean {
  const difference = asBinary(read.parent);
  if (difference?.operator !== "-" || difference.right !== read) return false;
  for (let at = difference.node.parent; at; at = at.parent) {
    const call = asCall(at);
    if (call && SHOWS.test(call.callee.text)) return true;
    const assignment = asAssignment(at);
    const [name] = assignment?.targets ?? [];
    if (assignment && name?.kind === "identifier") {
      const uses = facts.readsOf(name);
      return uses.length > 0 && uses.every((it) => isInShow(it));
    }
    if (/_statement$/.test(at.kind)) return false;
  }
  return false;
}

function isInShow(read: Node): boolean {
  for (let at = read.parent; at && !/_statement$/.test(at.kind); at = at.parent) {
    const call = asCall(at);
    if (call && SHOWS.test(call.callee.text)) return true;
  }
  return false;
}

const SHOWS = /^(?:print|tqdm\.write|(?:\w+\.)*(?:logger|log|logging|_logger|LOGGER)\.\w+)$/;

const placeIn = (node: Node) => `${node.start}:${node.tree.text.slice(0, 200)}`;

function startsOf(facts: Facts): readonly Node[] {
  const names = [...new Set(CLOCKS.map((it) => it.split(".")[1]!))];
  return names.flatMap((name) =>
    [...facts.view.attributesOf(name), ...facts.view.readsOf(name)].flatMap((it) => {
      facts.view.looksInto(it.tree);
      const call = it.parent?.kind === "call" && it.fieldName === "function" ? it.parent : undefined;
      return call && CLOCKS.includes(facts.nameOf(it) ?? "") && isStart(call, facts) ? [call] : [];
    }),
  );
}

const TIMED = fileQuestion((facts) => new Set(startsOf(facts).map((it) => functionAround(it))).size);
const FIRST = fileQuestion((facts) => {
  const [first] = startsOf(facts);
  return first ? placeIn(first) : "";
});
