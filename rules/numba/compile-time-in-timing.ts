/** A timer around the first call of a function that Numba compiles at its first call. */

import {
  asAssignment,
  asBinary,
  asCall,
  asFunction,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  isJit,
  lineAbove,
  numbaDecorator,
  previousStatement,
  standsAbove,
  startsLine,
  statementOf,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const CLOCKS = /^time\.(?:perf_counter|time|monotonic|process_time)(?:_ns)?$/;

export default defineRule({
  title: "Compile time inside a measurement",
  why: "Numba compiles a function when it is first called with arguments of some types. A timer around that call shows the compiler's time, often a thousand times that of the function.",
  guide: "benchmarking",
  level: "info",
  gain: "safety",
  imports: ["numba"],
  words: ["perf_counter", "time", "monotonic", "process_time", "perf_counter_ns", "time_ns"],
  fixes: "review",

  examples: [
    {
      before: `
import time
import numpy as np
from numba import njit

@njit
def total(values):
    result = 0.0
    for value in values:
        result += value
    return result

def measure(values: np.ndarray) -> float:
    start = time.perf_counter()
    total(values)
    return time.perf_counter() - start
`,
      after: `
import time
import numpy as np
from numba import njit

@njit
def total(values):
    result = 0.0
    for value in values:
        result += value
    return result

def measure(values: np.ndarray) -> float:
    total(values)
    start = time.perf_counter()
    total(values)
    return time.perf_counter() - start
`,
    },
  ],

  on: ["call"],

  find(node, { facts }, call) {
    if (call.callee.kind !== "identifier") return undefined;
    const def = facts.functionNamed(call.callee);
    // With a signature it is compiled where it is defined, with a cache perhaps in an earlier run.
    const decorator = def && isJit(def, facts) ? numbaDecorator(def, facts) : undefined;
    if (!decorator || (decorator.call && decorator.call.args.length > 0) || decorator.call?.keywords.has("cache"))
      return undefined;
    const timer = timerAbove(statementOf(node), facts);
    // `compile_start`: compiling is what is measured.
    if (!timer || MEASURES_IT.test(timer.name)) return undefined;
    const home = functionAround(node);
    const isWarm = facts.readsOf(call.callee).some((it) => !it.isInside(def!.node) && isBefore(it, node, facts));
    if (isWarm || facts.loopAround(node) || runsTwice(home, facts)) return undefined;
    // Another function may have called it before.
    return { at: call.callee, evidence: home ? "fair" : "strong", node, call, timer };
  },

  message: ({ at, timer }) =>
    `The first call of \`${excerpt(at.text, 40)}\` compiles it, and \`${timer.name}\` counts that; call it once before the timer starts.`,

  fix({ node, timer }) {
    if (!startsLine(timer.statement) || hasComments(node)) return declined("a comment would be lost");
    return fixOf(
      "Call it once before the timer",
      ["it runs once more, with all that it changes"],
      [lineAbove(timer.statement, node.text)],
    );
  },
});

const MEASURES_IT = /compil|warm|jit|first/i;

/** Runs before the call: above it in the same function, or in one around it before the function of the call is defined. */
function isBefore(read: Node, node: Node, facts: Facts): boolean {
  const around = functionAround(read);
  if (around === functionAround(node)) return standsAbove(read, node, facts);
  return around !== undefined && node.isInside(around) && read.start < node.start;
}

/** A function that is called from two places measures twice, and the second time nothing is compiled. */
function runsTwice(home: Node | undefined, facts: Facts): boolean {
  const def = asFunction(home);
  return def !== undefined && facts.readsOf(def.nameNode).length > 1;
}

interface Timer {
  readonly name: string;
  readonly statement: Node;
}

/** How many statements above may lie between the timer and the call. */
const NEAR = 4;

/** `start = time.perf_counter()` above the statement in its block, where the time since then is asked for later. */
function timerAbove(statement: Node, facts: Facts): Timer | undefined {
  let above = previousStatement(statement);
  for (let step = 0; above && step < NEAR; step++, above = previousStatement(above)) {
    const assignment = asAssignment(above);
    const [target, more] = assignment?.targets ?? [];
    const clock = assignment?.value && asCall(unwrap(assignment.value));
    if (!clock || !target || more || target.kind !== "identifier" || !CLOCKS.test(facts.nameOf(clock.callee) ?? ""))
      continue;
    const isAsked = facts.readsOf(target).some((it) => it.start > statement.start && isSubtracted(it));
    return isAsked ? { name: target.text, statement: above } : undefined;
  }
  return undefined;
}

/** `time.perf_counter() - start`. */
function isSubtracted(read: Node): boolean {
  const difference = asBinary(read.parent);
  return difference?.operator === "-" && difference.right === read;
}
