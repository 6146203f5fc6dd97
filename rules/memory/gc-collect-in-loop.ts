/** `gc.collect()` in each iteration of a loop whose turns are short. */

import {
  asCall,
  asFunction,
  declined,
  defineRule,
  fixOf,
  functionAround,
  indentOf,
  lineBelow,
  onlyStatement,
  removeStatement,
  runsSeldom,
  startsLine,
  statementOf,
  statementsOf,
  trainingAround,
  turnTakesLong,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Garbage collected in every iteration",
  why: "gc.collect() goes through all objects of the program, however few of them the turn has made. It is needed for cycles alone, which Python finds by itself from time to time; everything else is freed as soon as nobody refers to it.",
  guide: "refcount-and-gc",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  words: ["collect"],
  fixes: "review",

  examples: [
    {
      before: `
import gc

def lengths(rows: list[str]) -> list[int]:
    found = []
    for row in rows:
        found.append(len(row.split()))
        gc.collect()
    return found
`,
      after: `
import gc

def lengths(rows: list[str]) -> list[int]:
    found = []
    for row in rows:
        found.append(len(row.split()))
    gc.collect()
    return found
`,
    },
  ],

  on: ["call"],
  calls: ["gc.collect"],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || facts.isTest || facts.nameOf(call.callee) !== "gc.collect") return undefined;
    if (
      node.parent?.kind !== "expression_statement" ||
      facts.fileMatches(/gc\.(disable|freeze|set_debug)\(|tracemalloc|memory_profiler|import timeit/)
    )
      return undefined;
    const often = oftenRun(node, facts);
    return often && { at: call.callee, weight: often.weight, often };
  },

  message: ({ at, often: { when } }) =>
    `\`${at.text}()\` goes through all objects of the program ${when}; Python finds cycles by itself, and frees everything else at once.`,

  fix({ at, often: { loop } }) {
    const statement = statementOf(at);
    if (!loop) return declined("there is no loop here that it could stand behind");
    if (onlyStatement(statement.parent) || statement.parent?.parent !== loop)
      return declined("it stands alone, or under a condition");
    if (
      loop.descendants("return_statement", "break_statement").length > 0 ||
      loop.field("alternative") ||
      !startsLine(loop)
    )
      return declined("the loop may end early");
    const isLast = statementsOf(loop.field("body")!).at(-1) === statement;
    // The last statement of the loop moves out where it stands.
    if (isLast)
      return startsLine(statement)
        ? fixOf(TITLE, DOUBTS, [
            {
              at: { tree: at.tree, start: statement.start - indentOf(statement).length, end: statement.start },
              text: indentOf(loop),
            },
          ])
        : declined("the line holds more");
    const edit = removeStatement(statement);
    return edit
      ? fixOf(TITLE, DOUBTS, [edit, lineBelow(loop, statement.text)])
      : declined("a comment would be lost, or the line holds more");
  },
});

const TITLE = "Collect once behind the loop";
const DOUBTS = ["what refers to itself in a cycle is freed later"];

interface Often {
  readonly weight: Weight;
  readonly when: string;
  readonly loop: Node | undefined;
}

/** Called for each step or sample by a library. */
const PER_CALL = /^(forward|__getitem__|training_step|on_train_batch_end|on_batch_end)$/;
/** A turn that does one of these takes longer than a collection; loading and deleting is also why people ask for one. */
const LONG =
  /(^|[._])(load|read|fit|train|evaluate|predict|generate|collect|sink|write|save|dump|run|process|download|from_pretrained|execute|backtest|simulate|epoch|query|fetch|sleep|sample|compute|build|transform|step|scan)|^(read|load|to|scan)_/i;

function oftenRun(node: Node, facts: Facts): Often | undefined {
  const training = trainingAround(node, facts);
  if (training)
    return runsSeldom(node, training, facts)
      ? undefined
      : {
          weight: "heavy",
          when: training.isLoop ? "in every step" : "in every call",
          loop: training.isLoop ? training.region : undefined,
        };
  const loop = facts.loopAround(node);
  if (loop?.kind === "for_statement" || loop?.kind === "while_statement") {
    if (
      runsSeldom(node, { region: loop }, facts) ||
      isAfterFailure(node, loop) ||
      turnTakesLong(node, facts) ||
      isLong(loop, node)
    )
      return undefined;
    return { weight: facts.weightOf(node), when: "in every iteration", loop };
  }
  const def = asFunction(functionAround(node));
  return !loop && def && PER_CALL.test(def.name) && facts.classOf(def.outer) && !node.ancestor("if_statement")
    ? { weight: "unknown", when: "in every call", loop: undefined }
    : undefined;
}

const isAfterFailure = (node: Node, loop: Node): boolean => {
  const handler = node.ancestor("except_clause", "finally_clause");
  return handler?.isInside(loop) === true;
};

/** Batches in a loop inside, or something deleted by name: a turn is a piece of work. */
const isLong = (loop: Node, node: Node): boolean => {
  const body = loop.field("body");
  return (
    body === undefined ||
    body.descendants("for_statement", "while_statement", "delete_statement", "with_statement").length > 0 ||
    body.descendants("call").some((it) => it !== node && LONG.test(asCall(it)?.callee.text ?? ""))
  );
};
