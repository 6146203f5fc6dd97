/** Finds `[x[:, j].mean() for j in range(x.shape[1])]`: columns of an array that are reduced one by one. */

import {
  asCall,
  asComprehension,
  asMethodCall,
  asSubscript,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  isCompiled,
  replace,
  textIn,
  unwrap,
  useOf,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const REDUCTIONS = new Set(
  "mean sum max min std var prod any all argmax argmin ptp median nanmean nansum nanmax nanmin nanstd".split(" "),
);
const METHODS = new Set("mean sum max min std var prod any all argmax argmin".split(" "));

export default defineRule({
  title: "Columns of an array reduced one by one",
  why: "An array lies in memory row by row unless it is told otherwise, so a column is spread over all of it: each pass reads the whole array for a part of the numbers. With axis=0 NumPy goes through the memory once and works out all columns together.",
  guide: "numpy-advanced",
  // Arrays of a few columns lose nothing, and nothing here shows how many there are.
  level: "off",
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def means(table: np.ndarray) -> list[float]:
    return [table[:, j].mean() for j in range(table.shape[1])]
`,
      after: `
import numpy as np

def means(table: np.ndarray) -> list[float]:
    return list(table.mean(axis=0))
`,
    },
  ],

  on: ["subscript"],
  within: "loop",

  find(node, { facts }) {
    const part = asSubscript(node);
    const [rows, column, more] = part?.indices ?? [];
    if (!part || rows?.text !== ":" || column?.kind !== "identifier" || more || facts.isTest) return undefined;
    const reduction = reductionOf(node, facts);
    const loop = reduction && facts.loopAround(node);
    if (!reduction || !loop || !isCounted(loop, part.value, column, facts) || isCompiled(node, facts)) return undefined;
    // What is written to a column may be what the next turn reads.
    if (isWritten(part.value, loop, facts)) return undefined;
    const evidence = facts.takenFor(part.value, "array");
    return (
      evidence && {
        at: reduction.node,
        construct: node,
        evidence,
        weight: facts.weightOf(node),
        array: part.value,
        reduction,
        loop,
      }
    );
  },

  message: ({ array, reduction }) =>
    `\`${excerpt(reduction.node.text, 40)}\` goes through all of \`${excerpt(array.text, 30)}\` for each column; with \`axis=0\` one pass works out all of them.`,

  fix({ array, reduction, loop }, { facts }) {
    const list = reduction.node.parent;
    if (
      list?.kind !== "list_comprehension" ||
      asComprehension(list) === undefined ||
      (loop !== list && loop.parent !== list) ||
      list.children.length !== 2
    )
      return declined("the columns are worked out in a loop that does more");
    if (hasComments(list)) return declined("a comment would be lost");
    const { method, callee } = reduction;
    const whole =
      method === undefined ? `${callee}(${array.text}, axis=0)` : `${textIn(array, ATOM)}.${method}(axis=0)`;
    const outer = asCall(list.parent?.parent);
    const isArray =
      outer?.args.length === 1 &&
      outer.args[0] === list &&
      outer.keywords.size === 0 &&
      /^numpy\.(as)?array$/.test(facts.nameOf(outer.callee) ?? "");
    return fixOf(
      "Reduce all columns at once",
      ["last digits may differ", `\`${excerpt(array.text, 30)}\` must have two axes`],
      [isArray ? replace(outer!.node, whole) : replace(list, `list(${whole})`)],
    );
  },
});

function isWritten(array: Node, loop: Node, facts: Facts): boolean {
  const node = unwrap(array);
  return node.kind !== "identifier" || facts.usesOf(node, loop).some((it) => /store|augmented/.test(it.kind));
}

interface Reduction {
  readonly node: Node;
  readonly method: string | undefined;
  readonly callee: string;
}

/** `x[:, j].mean()`, `np.mean(x[:, j])`. */
function reductionOf(column: Node, facts: Facts): Reduction | undefined {
  const use = useOf(column);
  const call = asCall(use.call);
  if (!call || call.hasSplat || call.keywords.size > 0) return undefined;
  const method = use.kind === "method" ? asMethodCall(call.node) : undefined;
  if (method)
    return METHODS.has(method.method) && call.args.length === 0
      ? { node: call.node, method: method.method, callee: "" }
      : undefined;
  const name =
    use.kind === "argument" && call.args.length === 1
      ? /^numpy\.(\w+)$/.exec(facts.nameOf(call.callee) ?? "")?.[1]
      : undefined;
  return name !== undefined && REDUCTIONS.has(name)
    ? { node: call.node, method: undefined, callee: call.callee.text }
    : undefined;
}

/** `for j in range(x.shape[1])`. */
function isCounted(loop: Node, array: Node, column: Node, facts: Facts): boolean {
  const clause = asComprehension(loop) ? loop.children.find((it) => it.kind === "for_in_clause") : loop;
  if (clause?.field("left")?.text !== column.text) return false;
  const range = asCall(unwrap(clause.field("right") ?? clause));
  const [stop, more] = range?.args ?? [];
  if (!range || !stop || more || facts.nameOf(range.callee) !== "builtins.range") return false;
  const given = stop.kind === "identifier" ? (facts.valueOf(stop) ?? stop) : stop;
  const shape = asSubscript(unwrap(given));
  return (
    shape !== undefined &&
    shape.value.text === `${unwrap(array).text}.shape` &&
    shape.indices.length === 1 &&
    [1, -1].includes(integerOf(shape.indices[0]) ?? 0)
  );
}
