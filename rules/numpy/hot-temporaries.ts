/** `x = x + y` in a loop, where `x += y` works in the memory that `x` has already. */

import {
  asAssignment,
  asBinary,
  asCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  isCompiled,
  isNewArray,
  replace,
  unwrap,
  useOf,
  wrapped,
  type Facts,
  type Node,
  type Use,
} from "../../analysis/authoring.js";

const OPERATORS = new Set(["+", "-", "*", "/", "**"]);
/** They read the array and keep no part of it. */
const READING =
  /^(numpy\.(sum|mean|max|min|abs|sqrt|exp|log|dot|all|any|isnan|isfinite|allclose|linalg\.norm|argmax|argmin)|builtins\.(len|print|float|int))$/;
const METHODS = /^(sum|mean|max|min|std|var|all|any|argmax|argmin|copy|tolist|item|dot|astype)$/;

export default defineRule({
  title: "Array built anew in every turn of a loop",
  why: "The operator writes its result into new memory, which has to be fetched, filled and given back in every turn. The same operator with an equals sign behind it writes into the array that is there.",
  guide: "numpy",
  level: "hint",
  differs: { light: "off" },
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def settled(size: int, steps: int) -> np.ndarray:
    heat = np.ones(size)
    for step in range(steps):
        heat = heat * 0.5
    return heat
`,
      after: `
import numpy as np

def settled(size: int, steps: int) -> np.ndarray:
    heat = np.ones(size)
    for step in range(steps):
        heat *= 0.5
    return heat
`,
    },
  ],

  on: ["binary_operator"],
  within: "loop",

  find(node, { facts }) {
    const sum = asBinary(node);
    const outer = wrapped(node).parent;
    if (!sum || !OPERATORS.has(sum.operator) || outer?.kind !== "assignment" || facts.isTest) return undefined;
    const assignment = asAssignment(outer.parent ?? undefined);
    const [target, more] = assignment?.targets ?? [];
    const name = unwrap(sum.left);
    if (target?.kind !== "identifier" || more || assignment?.annotation || name.text !== target.text) return undefined;
    const loop = facts.loopAround(node);
    if (!loop || name.kind !== "identifier" || isCompiled(node, facts)) return undefined;
    // Nobody else may look at the array that would be written over.
    const sites = facts.reachingSites(name);
    const begun = sites.filter((it) => !it.name.isInside(loop));
    if (begun.length !== 1 || !begun[0]!.value || !isOwn(begun[0]!.value, facts)) return undefined;
    if (facts.isRemote(name) || !isKeptWithin(name, loop, facts)) return undefined;
    const value = unwrap(sum.right);
    if (value.descendants("identifier").some((it) => it.text === name.text) || value.text === name.text)
      return undefined;
    return {
      at: node,
      construct: outer,
      evidence: "strong",
      weight: facts.weightOf(node),
      assignment: assignment!,
      name,
      sum,
      begun: begun[0]!.value,
    };
  },

  message: ({ name, sum }) =>
    `\`${excerpt(name.text, 30)}\` is made anew in every turn; \`${excerpt(name.text, 30)} ${sum.operator}= …\` writes into the array that is there.`,

  fix({ assignment, name, sum, begun }, { facts }) {
    const { node } = assignment;
    if (hasComments(node)) return declined("a comment would be lost");
    const isFloat =
      FLOATS.test(facts.nameOf(asCall(unwrap(begun))?.callee ?? begun) ?? "") && !/dtype/.test(begun.text);
    return fixOf(
      "Write into the array",
      [
        !isFloat && `\`${name.text}\` keeps its type: an array of whole numbers takes no fractions`,
        "what is combined with it must not be larger than it",
      ],
      [replace(node, `${name.text} ${sum.operator}= ${unwrap(sum.right).text}`)],
    );
  },
});

const FLOATS = /^numpy\.(zeros|ones|empty|linspace|eye|identity|random\..*)$/;

/** An array that was just made, by NumPy or by an operator. */
function isOwn(value: Node, facts: Facts): boolean {
  return facts.isA(value, "numpy.ndarray") && isNewArray(value, facts);
}

/** In the loop the array is only worked with: nothing keeps it, or a part of it, until the next turn. */
function isKeptWithin(name: Node, loop: Node, facts: Facts): boolean {
  const def = functionAround(loop);
  const captured = facts.readsOf(name).some((it) => functionAround(it) !== def);
  return !captured && facts.usesOf(name, loop).every((it) => isPassing(it, facts));
}

function isPassing(use: Use, facts: Facts, depth = 3): boolean {
  switch (use.kind) {
    case "operand":
    case "compared":
    case "tested":
    case "formatted":
    case "augmented":
    case "subscript-store":
      return true;
    case "method":
      return METHODS.test(use.name ?? "");
    case "attribute":
      return /^(shape|size|ndim|dtype)$/.test(use.name ?? "");
    case "subscript":
      return depth > 0 && isPassing(useOf(use.in), facts, depth - 1);
    case "argument":
      return READING.test(facts.nameOf(asCall(use.call)?.callee ?? use.in) ?? "");
    default:
      return false;
  }
}
