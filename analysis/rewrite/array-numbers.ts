/** Whether a loop works on the numbers of its arrays or on their rows, and what has to be said of their shapes. */

import type { Answer, Facts } from "../semantics/facts.js";
import { asCall, unwrap } from "../syntax/expressions.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import type { ArrayLoop } from "./array-loop.js";
import { arrayShape } from "./array-shape.js";
import { expressionsOf, startsAsNumber } from "./array-statements.js";

/** What the array form expects of the shapes of its arrays, in words for a doubt. */
export function shapeDoubt({ axes, cells }: ArrayLoop): string {
  const arrays = new Set([
    ...cells.map((it) => it.array.text),
    ...axes.flatMap((it) => [...it.items.values()].map(({ array }) => array.text)),
  ]);
  const [only, more] = arrays;
  if (axes.length > 1) return "each array must have as many axes as indices";
  return more === undefined ? `${only} must have one axis` : "the arrays must have one shape";
}

/** Made with a `dtype` that is known to be none of numbers: then an element may be anything. */
export function holdsObjects(array: Node, facts: Facts): boolean {
  return facts.reachingSites(array).some((site) => {
    const call = site.kind === "assign" && site.value ? asCall(unwrap(site.value)) : undefined;
    const dtype = call?.keywords.get("dtype");
    const name = dtype && (textValue(dtype) ?? facts.nameOf(dtype));
    return (
      name !== undefined &&
      /^(builtins\.(object|str|bytes)|numpy\.(object_|str_|bytes_|datetime64|timedelta64)|object|str|O|[<>|=]?[USOMm]\d*(\[\w+\])?|datetime64.*|timedelta64.*)$/.test(
        name,
      )
    );
  });
}

/** Some element is shown to be a number: by how its array was made, by two indices, by a test or a sum of it. `no`: some element is a row. */
export function holdsNumbers(loop: ArrayLoop, facts: Facts): Answer {
  const { axes, cells, steps } = loop;
  const shapes = cells.map((it) => ({ axes: arrayShape(it.array, facts).axes, places: it.places.length }));
  const items = axes.flatMap((it) => [...it.items.values()]);
  for (const { array } of items) shapes.push({ axes: arrayShape(array, facts).axes, places: 1 });
  if (
    shapes.length === 0 ||
    cells.some((it) => holdsObjects(it.array, facts)) ||
    shapes.some((it) => it.axes !== undefined && it.axes !== it.places)
  )
    return "no";
  if (shapes.some((it) => it.axes === it.places || it.places > 1)) return "yes";

  if (axes.some(({ stop }) => stop?.kind === "attribute" && stop.field("attribute")!.text === "size")) return "yes";
  const isElement = (node: Parameters<ArrayLoop["cellOf"]>[0]) =>
    loop.cellOf(node) !== undefined || items.some((it) => it.name.text === node.text);
  const tested = steps.flatMap((it) =>
    it.kind === "choice"
      ? it.branches.map((branch) => branch.condition)
      : it.kind === "sum" && it.condition
        ? [it.condition]
        : [],
  );
  if (tested.some((it) => it.descendants("subscript", "identifier").some(isElement))) return "yes";
  if (steps.some((it) => it.kind === "sum" && startsAsNumber(it.name, facts))) return "yes";
  return steps.some((it) =>
    expressionsOf(it).some((part) =>
      part.descendants("call").some((call) => facts.nameOf(call.field("function")!)?.startsWith("math.")),
    ),
  )
    ? "yes"
    : "unknown";
}
