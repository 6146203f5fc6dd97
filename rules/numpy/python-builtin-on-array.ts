/** `sum(array)`, `max(array)`, `any(array)` … with the built-in functions, and `len(list(array))`. */

import {
  arrayShape, asCall, asIf, ATOM, defineRule, hasComments, isCompiled, replace, statementsOf, textIn, unwrap, useOf, wrapped,
  type ArrayShape, type Call, type Facts, type Node, type Safety,
} from "../../analysis/authoring.js";

const REDUCTIONS = new Set(["builtins.sum", "builtins.min", "builtins.max", "builtins.any", "builtins.all"]);

export default defineRule({
  title: "Built-in function that walks a NumPy array",
  why: "The built-in function takes the array apart and wraps every element in a Python object; the array's own method runs over the typed memory in compiled code.",
  guide: "numpy",
  level: "off",
  gain: "time",
  imports: ["numpy"],
  yieldsTo: ["numpy/length-of-where"],
  fixes: "safe",

  examples: [
    {
      before: `
import numpy as np

counts = np.arange(1_000)
total = sum(counts)
`,
      after: `
import numpy as np

counts = np.arange(1_000)
total = counts.sum()
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = asCall(node);
    const [array, more] = call?.args ?? [];
    // What tests look at is short, and reads best in plain words.
    if (!call || facts.isTest || call.callee.kind !== "identifier" || !array || more || call.hasSplat || call.keywords.size > 0) return undefined;
    const name = facts.nameOf(call.callee);
    if (name === undefined || !(REDUCTIONS.has(name) || name === "builtins.len")) return undefined;
    const walked = name === "builtins.len" ? listed(array, facts) : array;
    if (!walked || facts.typeOf(walked)?.name !== "numpy.ndarray") return undefined;
    if (isCompared(walked, name.replace("builtins.", ""), facts) || isCheck(node, facts)) return undefined;
    const shape = arrayShape(walked, facts);
    // Over a few numbers the built-in function is no slower, and over rows it does something else.
    if (shape.isWrittenOut || (name !== "builtins.len" && shape.axes !== undefined && shape.axes !== 1) || isCompiled(node, facts)) return undefined;
    return { at: call.callee, construct: node, call, array: walked, name: name.replace("builtins.", ""), shape };
  },

  message: ({ name, array, shape }) => {
    const shown = /^[\w.]+$/.test(array.text) ? `\`${array.text}\`` : "the array";
    if (name === "len") return `list() copies ${shown} into Python objects only to count them; len() of the array says the same.`;
    return `\`${name}()\` walks ${shown} in Python; ${name === "sum" && shape.axes === undefined ? "`.sum(axis=0)`" : `\`.${name}()\``} does it in compiled code.`;
  },

  fix({ call, array, name, shape }, { facts }) {
    if (hasComments(call.node) || array.text.includes("\n")) return undefined;
    const owner = textIn(unwrap(array), ATOM);
    if (name === "len") {
      const hasAxes = shape.axes !== undefined;
      return { title: `Take the length of the array${hasAxes ? "" : " (review: an array without axes raises with another message)"}`, safety: hasAxes ? "safe" : "review", edits: [replace(call.argumentList, `(${array.text})`)] };
    }
    const method = name === "sum" && shape.axes === undefined ? "sum(axis=0)" : `${name}()`;
    const doubt = doubtOf(name, shape, call, facts);
    const safety: Safety = doubt === undefined ? "safe" : "review";
    return { title: `Use .${method}${doubt === undefined ? "" : ` (review: ${doubt})`}`, safety, edits: [replace(call.node, `${owner}.${method}`)] };
  },
});

/** NumPy is asked the same of the same array nearby: the two stand there to be compared. */
function isCompared(array: Node, name: string, facts: Facts): boolean {
  if (array.kind !== "identifier") return false;
  return facts.usesOf(array).some(({ kind, call: node, name: method }) => {
    const call = asCall(node);
    if (!call || call.keywords.size > 0 || call.hasSplat) return false;
    return kind === "argument" ? call.args.length === 1 && facts.nameOf(call.callee) === `numpy.${name}` : kind === "method" && method === name && call.args.length === 0;
  });
}

/** Looked at once to raise an error or not: the check of an argument, which costs next to nothing beside what follows it. */
function isCheck(call: Node, facts: Facts): boolean {
  if (facts.loopAround(call)) return false;
  let test = wrapped(call);
  while (test.parent && CONDITIONS.has(test.parent.kind)) test = wrapped(test.parent);
  if (test.parent?.kind === "assert_statement") return true;
  const branch = asIf(test.parent);
  const [only, more] = branch ? statementsOf(branch.body) : [];
  return branch !== undefined && unwrap(branch.condition) === unwrap(test) && !branch.orElse && branch.elifs.length === 0 && only?.kind === "raise_statement" && !more;
}

const CONDITIONS = new Set(["not_operator", "boolean_operator", "comparison_operator"]);

/** The array in `list(array)`. */
function listed(node: Node, facts: Facts): Node | undefined {
  const call = asCall(unwrap(node));
  const [array, more] = call?.args ?? [];
  return call && array && !more && !call.hasSplat && call.keywords.size === 0 && facts.nameOf(call.callee) === "builtins.list" ? array : undefined;
}

/** What may come out differently; undefined where it cannot. */
function doubtOf(name: string, shape: ArrayShape, call: Call, facts: Facts): string | undefined {
  const { axes, holds } = shape;
  const isFilled = shape.lengths[0]?.some((it) => /^[\d_]*[1-9][\d_]*$/.test(it)) ?? false;
  if (name === "any" || name === "all") {
    if (axes === 1 && holds !== undefined && isTested(call.node, facts)) return undefined;
    return axes === 1 ? "gives a NumPy bool" : "gives a NumPy bool, and one answer for rows";
  }
  const doubts = name === "sum" ? ofSum(shape) : [...(holds === "int" || holds === "bool" ? [] : ["nan is passed on"]), ...(axes === 1 ? [] : ["rows give one number"])];
  if (!isFilled) doubts.push(name === "sum" ? "an empty array gives a NumPy number" : "an empty array raises with another message");
  return doubts.length > 0 ? doubts.join(", ") : undefined;
}

function ofSum({ axes, holds }: ArrayShape): string[] {
  if (holds === "bool" || (axes === 1 && holds === "int")) return [];
  return holds === "int" ? ["small integers are added in a wider type"] : ["floats are added in another order", "small integers in a wider type"];
}

/** Only its truth is asked for. */
function isTested(call: Node, facts: Facts): boolean {
  const use = useOf(call);
  if (use.kind === "tested") return true;
  const around = call.parent;
  return use.kind === "operand" && around?.kind === "boolean_operator" && facts.typeOf(around)?.name === "bool" && isTested(around, facts);
}
