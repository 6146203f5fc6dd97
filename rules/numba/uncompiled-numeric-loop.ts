/** A function of nested loops over the elements of arrays that Numba could compile, in a project that has Numba. */

import {
  asFor,
  asSubscript,
  defineRule,
  excerpt,
  fixOf,
  declined,
  functionAround,
  importName,
  isCompilable,
  lineAbove,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Nested numeric loops that Numba could compile",
  why: "Python works through nested loops one number at a time, with an object for each. Numba compiles such a function to machine code as it stands, also where a turn needs the result of the one before, which whole arrays cannot express.",
  guide: "jit-numba",
  level: "hint",
  gain: "time",
  imports: ["numba", "numpy"],
  overrides: ["iteration/range-len"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np
from numba import njit

def cheapest(costs: np.ndarray) -> float:
    rows, columns = costs.shape
    best = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            before = 0.0
            if i > 0:
                before = best[i - 1, j]
            if j > 0 and (i == 0 or best[i, j - 1] < before):
                before = best[i, j - 1]
            best[i, j] = before + costs[i, j]
    return best[rows - 1, columns - 1]
`,
      after: `
import numpy as np
from numba import njit

@njit
def cheapest(costs: np.ndarray) -> float:
    rows, columns = costs.shape
    best = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            before = 0.0
            if i > 0:
                before = best[i - 1, j]
            if j > 0 and (i == 0 or best[i, j - 1] < before):
                before = best[i, j - 1]
            best[i, j] = before + costs[i, j]
    return best[rows - 1, columns - 1]
`,
    },
  ],

  on: ["function_definition"],

  find(_node, { facts }, def) {
    // Nobody is asked to depend on something new.
    if (!facts.view.imports("numba") && facts.hasLibrary("numba", "0") !== "yes") return undefined;
    if (facts.isTest || def.decorators.length > 0) return undefined;
    const found = nestedLoop(def, facts);
    if (!found || !isCompilable(def, facts)) return undefined;
    return {
      at: def.nameNode,
      construct: found.loop,
      evidence: found.evidence,
      weight: facts.weightOf(found.inner),
      def,
    };
  },

  message: ({ def }) =>
    `\`${excerpt(def.name, 60)}\` goes through arrays in nested loops, one number at a time; Numba could compile it as it stands.`,

  fix({ def }, file) {
    const njit = importName(file, "numba", "njit", def.node);
    if (!njit) return declined("njit cannot be imported here");
    const open = def.parameters.filter((it) => !it.annotation).map((it) => `\`${it.name}\``);
    return fixOf(
      "Compile it with Numba",
      [
        open.length > 0 && `${excerpt(open.join(", "), 60)} must be arrays or numbers, not lists`,
        "integers have 64 bits and wrap, and indices are not checked",
        "the first call compiles the function, or fails with a reason",
      ],
      [...njit.edits, lineAbove(def.outer, `@${njit.name}`)],
    );
  },
});

/** A loop in a loop in which an array is asked for by its counter. */
function nestedLoop(
  def: FunctionDef,
  facts: Facts,
): { readonly loop: Node; readonly inner: Node; readonly evidence: Evidence } | undefined {
  for (const inner of def.body.descendants("for_statement")) {
    const outer = inner.ancestor("for_statement", "while_statement");
    if (!outer?.isInside(def.body) || functionAround(inner) !== def.node) continue;
    const target = asFor(inner)?.target;
    if (target?.kind !== "identifier") continue;
    for (const node of inner.field("body")!.descendants("subscript")) {
      const subscript = asSubscript(node);
      if (!subscript) continue;
      const isCounted = subscript.indices.some((it) =>
        it === undefined
          ? false
          : it.text === target.text || it.descendants("identifier").some((name) => name.text === target.text),
      );
      const evidence = isCounted ? facts.takenFor(arrayOf(subscript.value), "array", "fair") : undefined;
      if (evidence) return { loop: outer, inner, evidence };
    }
  }
  return undefined;
}

/** Of `grid[i][j]` the grid. */
function arrayOf(value: Node): Node {
  return value.kind === "subscript" ? arrayOf(asSubscript(value)!.value) : value;
}
