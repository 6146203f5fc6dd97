/** A Python loop that works on the elements of NumPy arrays one at a time, each by itself. */

import {
  arrayLoop, arrayShape, arrayStatements, asFor, defineRule, expressionsOf, hasComments, importModule, indentOf, isCompiled, isTranslatable, replace, startsAsNumber, statementsOf,
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
    const loop = found(node, facts);
    if (!loop || isCompiled(node, facts)) return undefined;
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

function shapeDoubt({ axes, cells }: ArrayLoop): string {
  const arrays = new Set([...cells.map((it) => it.array.text), ...axes.flatMap((it) => [...it.items.values()].map(({ array }) => array.text))]);
  const [only, more] = arrays;
  return more === undefined && axes.length === 1 ? `${only} must have one axis` : "the arrays must have one shape";
}

/** The loop, if all it computes is in the tables and its elements are numbers rather than rows. */
function found(node: Node, facts: Facts): ArrayLoop | undefined {
  const loop = arrayLoop(node, facts);
  const isWorth = loop && loop.steps.some((it) => it.kind !== "name") && isTranslatable(loop, facts) && worksOnNumbers(loop, facts);
  return isWorth ? loop : undefined;
}

/** Some element is shown to be a number: by how its array was made, by two indices, by a test or a sum of it. */
function worksOnNumbers(loop: ArrayLoop, facts: Facts): boolean {
  const { axes, cells, steps } = loop;
  const shapes = cells.map((it) => ({ axes: arrayShape(it.array, facts).axes, places: it.places.length }));
  const items = axes.flatMap((it) => [...it.items.values()]);
  for (const { array } of items) shapes.push({ axes: arrayShape(array, facts).axes, places: 1 });
  if (shapes.length === 0 || shapes.some((it) => it.axes !== undefined && it.axes !== it.places)) return false;
  if (shapes.some((it) => it.axes === it.places || it.places > 1)) return true;

  if (axes.some(({ stop }) => stop?.kind === "attribute" && stop.field("attribute")!.text === "size")) return true;
  const isElement = (node: Node) => loop.cellOf(node) !== undefined || items.some((it) => it.name.text === node.text);
  const tested = steps.flatMap((it) => (it.kind === "choice" ? it.branches.map((branch) => branch.condition) : it.kind === "sum" && it.condition ? [it.condition] : []));
  if (tested.some((it) => it.descendants("subscript", "identifier").some(isElement))) return true;
  if (steps.some((it) => it.kind === "sum" && startsAsNumber(it.name, facts))) return true;
  return steps.some((it) => expressionsOf(it).some((part) => part.descendants("call").some((call) => facts.nameOf(call.field("function")!)?.startsWith("math."))));
}
