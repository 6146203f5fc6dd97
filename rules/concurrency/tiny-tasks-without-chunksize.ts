/** A process pool that sends tiny tasks to its workers one at a time. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  isPureCall,
  isQuick,
  useOf,
  withArgument,
  type Call,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** `Pool.map` and `starmap` choose a chunk size by themselves, and threads have nothing to send. */
const ONE_AT_A_TIME = new Map<string, RegExp>([
  ["concurrent.futures.ProcessPoolExecutor", /^map$/],
  ["multiprocessing.Pool", /^imap(?:_unordered)?$/],
  ["multiprocessing.pool.Pool", /^imap(?:_unordered)?$/],
]);

export default defineRule({
  title: "Tiny tasks sent to processes one at a time",
  why: "Each task travels to a worker and its result back, which takes far longer than a small piece of arithmetic. With chunksize many tasks travel together, and results are the same.",
  guide: "multiprocessing",
  level: "hint",
  gain: "time",
  imports: ["concurrent", "multiprocessing"],
  fixes: "review",

  examples: [
    {
      before: `
from concurrent.futures import ProcessPoolExecutor

def square(value: int) -> int:
    return value * value

def squares(values: list[int]) -> list[int]:
    with ProcessPoolExecutor() as pool:
        return list(pool.map(square, values))
`,
      after: `
from concurrent.futures import ProcessPoolExecutor

def square(value: int) -> int:
    return value * value

def squares(values: list[int]) -> list[int]:
    with ProcessPoolExecutor() as pool:
        return list(pool.map(square, values, chunksize=100))
`,
    },
  ],

  on: ["call"],
  calls: [...ONE_AT_A_TIME.keys()],

  find(_node, { facts }, call) {
    const sends = ONE_AT_A_TIME.get(facts.nameOf(call.callee) ?? "");
    if (!sends || facts.isTest) return undefined;
    return usesOf(call, facts).flatMap((it) => {
      const [job, items] = it.args;
      const method = asMethodCall(it.node)?.method ?? "";
      if (!job || !items || !sends.test(method) || it.hasSplat || it.keywords.has("chunksize")) return [];
      // `imap(job, items, 100)`
      if (method !== "map" && it.args.length > 2) return [];
      const size = facts.sizeOf(items);
      if (size === "light" || !isTiny(job, facts)) return [];
      return [{ at: it.callee, weight: size, call: it, job }];
    });
  },

  message: ({ at, job }) =>
    `\`${excerpt(job.text, 40)}\` is done sooner than it is sent: \`${excerpt(at.text, 40)}\` sends one at a time; \`chunksize\` sends many together.`,

  fix({ call }) {
    const added = withArgument(call, "chunksize=100");
    if (!added) return declined("the arguments cannot be added to");
    return fixOf("Send a hundred at a time", ["results of a hundred come together"], [added]);
  },
});

/** The calls of methods of the pool, by the name that it is given. */
function usesOf({ node }: Call, facts: Facts): readonly Call[] {
  const pool =
    node.parent?.kind === "as_pattern"
      ? node.parent.field("alias")?.children[0]
      : asAssignment(node.parent)?.targets[0];
  if (pool?.kind !== "identifier") return [];
  return facts.readsSeeing(pool).flatMap((it) => {
    const use = useOf(it);
    const call = use.kind === "method" ? asCall(use.call) : undefined;
    return call ? [call] : [];
  });
}

/** Statements of a function that is tiny. */
const FEW = 4;

/** A few statements without a loop, which call nothing that takes long. */
function isTiny(job: Node, facts: Facts): boolean {
  const def = job.kind === "identifier" ? facts.functionNamed(job) : undefined;
  if (!def) return isPureCall(facts.nameOf(job) ?? "");
  if (def.isAsync) return false;
  const body = facts.bodyOf(def);
  const isLong =
    body.descendants("for_statement", "while_statement", "for_in_clause", "with_statement", "yield").length > 0 ||
    body.children.filter((it) => it.kind !== "comment").length > FEW;
  return !isLong && body.descendants("call").every((it) => isQuick(asCall(it), facts));
}
