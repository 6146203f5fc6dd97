/** A Python list that is handed to a function compiled by Numba. */

import {
  asCall,
  asComparison,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importModule,
  isCompiled,
  isJit,
  isNumber,
  replace,
  unwrap,
  type Call,
  type FunctionDef,
  type Node,
  type Parameter,
  type Use,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "List passed to a compiled function",
  why: "At each call Numba converts every item of a Python list to a machine value, and back again afterwards. An array is handed over as it is. Lists as arguments are also deprecated in Numba.",
  guide: "jit-numba",
  level: "warning",
  gain: "time",
  imports: ["numba"],
  fixes: "review",

  examples: [
    {
      before: `
from numba import njit

@njit
def total(values):
    result = 0.0
    for value in values:
        result += value
    return result

def mean(prices: list[float]) -> float:
    return total(prices) / len(prices)
`,
      after: `
import numpy as np
from numba import njit

@njit
def total(values):
    result = 0.0
    for value in values:
        result += value
    return result

def mean(prices: list[float]) -> float:
    return total(np.asarray(prices)) / len(prices)
`,
    },
  ],

  on: ["call"],

  find(_node, { facts }, call) {
    if (call.callee.kind !== "identifier") return undefined;
    const def = facts.functionNamed(call.callee);
    if (!def || !isJit(def, facts) || isCompiled(call.node, facts)) return undefined;
    return given(call, def).flatMap(([parameter, argument]) => {
      const known = facts.typed(argument, "fair");
      if (known?.type.name !== "list") return [];
      const size = facts.sizeOf(argument);
      const weight = size === "light" ? size : facts.loopAround(call.node) ? "heavy" : facts.weightOf(call.node);
      return [{ at: argument, evidence: known.evidence, weight, parameter, def, item: known.type.of[0] }];
    });
  },

  message: ({ at, def }) =>
    `\`${excerpt(at.text, 40)}\` is a list: Numba converts every item at each call of \`${def.name}\`; pass an array instead.`,

  fix({ at, parameter, def, item }, file) {
    const { facts } = file;
    if (!isNumber(item)) return declined("its items are not known to be numbers");
    const kept = facts
      .usesOf(parameter.nameNode)
      .map(needsList)
      .find((it) => it !== undefined);
    if (kept) return declined(`\`${def.name}\` ${kept}`);
    if (hasComments(at)) return declined("a comment would be lost");
    const numpy = importModule(file, "numpy", at, "np");
    if (!numpy) return declined("numpy cannot be imported here");
    return fixOf(
      "Pass an array",
      [
        `\`${def.name}\` must treat an array as it treats the list`,
        "an empty list, which Numba refuses, becomes an array of floats",
        "indices of an array are not checked",
      ],
      [...numpy.edits, replace(at, `${numpy.name}.asarray(${unwrap(at).text})`)],
    );
  },
});

/** What each parameter of the function gets, as far as it is written in the call. */
function given(call: Call, def: FunctionDef): readonly (readonly [Parameter, Node])[] {
  const byPlace = def.parameters.filter((it) => it.star === "" && !it.isKeywordOnly);
  return def.parameters.flatMap((it) => {
    const argument = call.keywords.get(it.name) ?? call.args[byPlace.indexOf(it)];
    return argument && it.star === "" && argument.kind !== "list_splat" ? [[it, argument] as const] : [];
  });
}

/** Why an array cannot stand for the list that a compiled function uses in this way. */
function needsList({ kind, name, in: whole, call }: Use): string | undefined {
  switch (kind) {
    case "tested":
      return "asks whether the list is empty, which an array does not tell";
    case "compared": {
      const operator = asComparison(whole)?.operator;
      return operator === "is" || operator === "is not"
        ? undefined
        : "compares the list, which an array does item by item";
    }
    case "argument":
      return /^(bool|str|print|list|tuple|isinstance|type|repr)$/.test(asCall(call)?.callee.text ?? "")
        ? "hands the list to a function that takes an array for something else"
        : undefined;
    case "method":
      return `calls \`${name}\` of the list`;
    case "subscript-store":
    case "subscript-delete":
    case "augmented":
      return "changes the list";
    case "returned":
    case "yielded":
    case "assigned":
    case "element":
    case "operand":
      return "does with the list what means something else for an array";
    default:
      return undefined;
  }
}
