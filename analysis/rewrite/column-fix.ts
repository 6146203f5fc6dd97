/** The fix that rules about functions of each value share: the work of the function, written for the whole column. */

import { hasComments, replace } from "../rule/edits.js";
import { importModule } from "../rule/importing.js";
import { declined, fixOf, type Declined, type File, type Fix } from "../rule/rule.js";
import { isNumber } from "../semantics/types.js";
import { asAttribute, asSubscript, bindingStrength, textIn } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import type { Applied, GivenFunction } from "./applied-function.js";
import { becomesColumnOf, divides, leastAround } from "./column-place.js";
import { columnForm } from "./column-work.js";
import { inside } from "./elementwise.js";

const ATOM = 20;

/** Undefined doubts are left out. Declined where the column is not certain, or where what stands around the call needs something else. */
export function columnFix(
  title: string,
  { call, fn, work, evidence }: Applied,
  doubts: readonly (string | false | undefined)[],
  file: File,
): Fix | Declined {
  const { facts } = file;
  const { object, node } = call;
  if (fn.isMethod) return declined("a subclass may have a method of its own of that name");
  if (fn.hasMore) return declined("other arguments are handed to the function");
  if (object.field("attribute")?.text === "index")
    return declined("the labels are dates only by what is asked of them");
  if (work.isGuess) return declined("it is not certain that the column holds texts");
  const isStated = facts.typeOf(object)?.name === "pandas.Series";
  if (!isStated && evidence === "fair") return declined("it is not certain to be a pandas Series");
  const { table } = work;
  if (
    table &&
    table.kind !== "dictionary" &&
    !facts.takenFor(table, "mapping", "proof") &&
    !facts.isA(table, "pandas.Series")
  )
    return declined(`it is not certain that \`${table.text}\` is a dict`);
  if (hasComments(node)) return declined("a comment would be lost");
  // A column that is read several times must have a name.
  const isName = /^[A-Za-z_][\w.]*(\[("[^"\\\]]*"|'[^'\\\]]*'|\w+)\])*$/.test(object.text);
  if (!isName && readsOf(fn) !== 1)
    return declined("the column has no name, so its expression would be evaluated several times");
  const base = textIn(object, ATOM);
  const isKnown = (it: Node) => isNumberOrText(it, fn, file);
  const frame = asSubscript(object)?.value ?? asAttribute(object)?.object;
  const needsLabels = !(frame && becomesColumnOf(node, frame));
  if (node.kind === "list_comprehension" && needsLabels)
    return declined("the result is a list, and a column may not do instead of it");
  const plain = columnForm(fn, { base, isKnown, needsLabels }, facts);
  const numpy = plain ? undefined : importModule(file, "numpy", node, "np");
  const whole = plain ?? (numpy && columnForm(fn, { base, numpy: numpy.name, isKnown, needsLabels }, facts));
  if (!whole)
    return declined(
      "a value in it may not be one number or text, or something is worked out that the condition guards",
    );
  if (whole.isBare && needsLabels)
    return declined("NumPy gives an array, and the labels of the column are needed here");
  return fixOf(
    title,
    [
      !isStated && `\`${object.text.replace(/`/g, "")}\` must be a pandas Series`,
      ...doubts,
      fn.cases.some(({ value }) => divides(value.parent ?? value)) &&
        "division by zero gives inf or NaN instead of raising",
      ...whole.doubts,
    ],
    [...(whole.usesNumpy ? (numpy?.edits ?? []) : []), replace(node, inside(whole, leastAround(node)))],
  );
}

/** How often the function reads its value. */
function readsOf({ parameter, cases }: GivenFunction): number {
  if (parameter === undefined) return 1;
  const parts = cases.flatMap(({ test, value }) => (test ? [test, value] : [value]));
  return parts.reduce(
    (sum, it) => sum + (it.kind === "identifier" ? Number(it.text === parameter) : it.identifiers(parameter).length),
    0,
  );
}

/** A number or text that means the same at the call: in a `def`, not one of its other parameters. */
function isNumberOrText(node: Node, { def }: GivenFunction, { facts }: File): boolean {
  const root = /^\w+/.exec(node.text)?.[0];
  if (bindingStrength(node) < ATOM || def?.parameters.some((it) => it.name === root)) return false;
  const type = facts.typeOf(node);
  return isNumber(type) || type?.name === "str";
}
