/** `array * 2.5 / total` with plain numbers: the array is gone through once for each of them. */

import {
  asBinary,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  isCompiled,
  isConstant,
  replace,
  textIn,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** How tightly `*` binds, and what the right side of it needs. */
const PRODUCT = 12;
const RIGHT = 13;

export default defineRule({
  title: "Array multiplied by one number after the other",
  why: "Each operator goes through the whole array and makes another one. The numbers can be combined first, which costs nothing, so that the array is gone through once.",
  guide: "numpy",
  // On real code the arrays were small or the line ran once: 12 of 12 findings were true and not worth the time.
  level: "off",
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def in_miles(lengths: np.ndarray, scale: float) -> np.ndarray:
    return lengths * scale / 1609.344
`,
      after: `
import numpy as np

def in_miles(lengths: np.ndarray, scale: float) -> np.ndarray:
    return lengths * (scale / 1609.344)
`,
    },
  ],

  on: ["binary_operator"],

  find(node, { facts }) {
    const outer = asBinary(node);
    if (!outer || !isScaling(outer.operator) || facts.isTest) return undefined;
    const left = unwrap(outer.left);
    const inner = asBinary(left);
    if (!inner || !isScaling(inner.operator) || !isScalar(outer.right, facts)) return undefined;
    const isBehind = isScalar(inner.right, facts);
    // In front of a division the array would have to stay where it is.
    if (!isBehind && (inner.operator !== "*" || !isScalar(inner.left, facts))) return undefined;
    const array = unwrap(isBehind ? inner.left : inner.right);
    const factor = isBehind ? inner.right : inner.left;
    const known = facts.typed(array, "strong");
    if (known?.type.name !== "numpy.ndarray" || isCompiled(node, facts)) return undefined;
    const weight = facts.weightOf(node);
    return { at: node, evidence: known.evidence, weight, outer, inner, array, factor, isBehind };
  },

  message: ({ array, factor, outer }) =>
    `\`${excerpt(array.text.replace(/\s+/g, " "), 30)}\` is gone through twice; \`${excerpt(factor.text, 20)}\` and \`${excerpt(outer.right.text, 20)}\` can be combined first.`,

  fix({ at, outer, inner, array, factor, isBehind }) {
    if (hasComments(at)) return declined("a comment would be lost");
    const [first, second] = [textIn(unwrap(factor), PRODUCT), textIn(unwrap(outer.right), RIGHT)];
    const [one, two] = [inner.operator, outer.operator];
    const own = isBehind ? textIn(array, PRODUCT) : textIn(array, RIGHT);
    const doubts = [
      "the last digits may differ",
      !isConstant(outer.right) && `where \`${excerpt(outer.right.text, 20)}\` is zero an error is raised`,
    ];
    if (!isBehind)
      return fixOf("Combine the numbers first", doubts, [replace(at, `${first} ${two} ${second} * ${own}`)]);
    const combined =
      one === two
        ? `${first} * ${second}`
        : one === "*"
          ? `${first} / ${second}`
          : `${textIn(unwrap(outer.right), PRODUCT)} / ${textIn(unwrap(factor), RIGHT)}`;
    const operator = one === "/" && two === "/" ? "/" : "*";
    return fixOf("Combine the numbers first", doubts, [replace(at, `${own} ${operator} (${combined})`)]);
  },
});

const isScaling = (operator: string): boolean => operator === "*" || operator === "/";

/** A number of Python's own: one of NumPy's may have a type that the array takes on. */
function isScalar(value: Node, facts: Facts): boolean {
  const node = unwrap(value);
  if (node.kind === "integer" || node.kind === "float") return true;
  const name = facts.nameOf(node);
  if (name !== undefined) return /^(numpy|math)\.(pi|e|tau)$/.test(name);
  const type = facts.typeOf(node)?.name;
  return type === "float" || type === "int";
}
