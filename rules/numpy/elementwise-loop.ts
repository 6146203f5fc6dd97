/** A Python loop that works on the elements of NumPy arrays one at a time, each by itself. */

import {
  arrayLoop, arrayStatements, asAssignment, asCall, asFor, defineRule, expressionsOf, hasComments, holdsNumbers, importModule, indentOf, isCompiled, isTranslatable, replace, shapeDoubt, statementOf, statementsOf,
  type ArrayLoop, type Facts, type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Loop over the elements of a NumPy array",
  why: "Each turn wraps elements in Python objects, works on them through the interpreter and unwraps the result. An expression over whole arrays does the same once, in compiled code over typed memory.",
  guide: "numpy",
  level: "warning",
  gain: "time",
  imports: ["numpy"],
  yieldsTo: ["numpy/pairwise-loop"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def calibrated(readings: np.ndarray) -> np.ndarray:
    result = np.zeros(len(readings))
    for i in range(len(readings)):
        result[i] = readings[i] * 1.8 + 32.0
    return result
`,
      after: `
import numpy as np

def calibrated(readings: np.ndarray) -> np.ndarray:
    result = np.zeros(len(readings))
    result[:] = readings * 1.8 + 32.0
    return result
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }) {
    const loop = facts.isTest ? undefined : found(node, facts);
    if (!loop || isCompiled(node, facts) || isFilledSlowly(loop, facts)) return undefined;
    const outer = node.parent?.parent;
    if (outer?.kind === "for_statement" && statementsOf(node.parent!).length === 1 && found(outer, facts)) return undefined;
    return { at: asFor(node)!.iterable, construct: node, loop };
  },

  message: ({ loop }) => {
    const [first] = loop.steps.filter((it) => it.kind !== "name");
    const name = first?.kind === "sum" ? first.name.text : first && "cell" in first ? first.cell.array.text : "";
    return `This loop works out \`${name}\` element by element in Python; an expression over whole arrays does it in compiled code.`;
  },

  fix({ loop }, file) {
    const numpy = hasComments(loop.node) ? undefined : importModule(file, "numpy", loop.node, "np");
    const whole = numpy && arrayStatements(loop, file.facts, numpy.name);
    if (!whole) return undefined;
    return {
      title: `Use whole arrays (review: ${[shapeDoubt(loop), ...whole.doubts].join(", ")})`,
      safety: "review",
      edits: [...(whole.usesNumpy ? numpy.edits : []), replace(loop.node, whole.lines.join(`\n${indentOf(loop.node)}`))],
    };
  },
});

/** A table that is filled from its indices alone is made once and mostly small: no elements are taken out of an array for it. */
function readsElements({ axes, steps, cellOf }: ArrayLoop): boolean {
  const parts = steps.flatMap((it) => [...expressionsOf(it), ...(it.kind === "store" && it.operator !== "" ? [it.cell.array.parent!] : [])]);
  return axes.some((it) => it.items.size > 0) || parts.some((it) => [it, ...it.descendants("subscript")].some((part) => cellOf(part) !== undefined));
}

/** Whatever it reads was stored cell by cell just before, by a loop that has to stay: whole arrays would save little of the time of both. */
function isFilledSlowly({ node, steps, cells }: ArrayLoop, facts: Facts): boolean {
  const stored = steps.flatMap((it) => ("cell" in it ? [it.cell.array.text] : []));
  const read = cells.map((it) => it.array).filter((it) => !stored.includes(it.text));
  const isFilled = (array: Node) => array.kind === "identifier" && facts.usesOf(array).some((use) => {
    const around = facts.loopsAround(use.in);
    return use.kind === "subscript-store" && use.in.end < node.start && around.length > facts.loopsAround(node).length && around.every((it) => it.kind === "for_statement" && !found(it, facts)) && callsUnknown(use.in, facts);
  });
  return read.length > 0 && read.every(isFilled);
}

/** The value that is stored comes from a function that has no counterpart for whole arrays. */
function callsUnknown(cell: Node, facts: Facts): boolean {
  const value = asAssignment(statementOf(cell))?.value;
  return value !== undefined && value.descendants("call").some((it) => !/^(builtins|math|numpy)\./.test(facts.nameOf(asCall(it)!.callee) ?? ""));
}

/** The loop, if all it computes is in the tables and its elements are numbers rather than rows. */
function found(node: Node, facts: Facts): ArrayLoop | undefined {
  const loop = arrayLoop(node, facts);
  const isWorth = loop && loop.steps.some((it) => it.kind !== "name") && readsElements(loop) && isTranslatable(loop, facts) && holdsNumbers(loop, facts) === "yes";
  return isWorth ? loop : undefined;
}
