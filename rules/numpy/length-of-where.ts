/** Finds `len(np.where(mask)[0])` and `len(x[x > 0])`: places or elements collected only to be counted. */

import {
  asAttribute,
  asCall,
  asComparison,
  asSubscript,
  arrayShape,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importName,
  integerOf,
  isCompiled,
  isDeleted,
  isNumber,
  isStored,
  replace,
  unwrap,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const PLACES = new Set(["numpy.where", "numpy.nonzero"]);
const ROWS = new Set(["numpy.flatnonzero", "numpy.argwhere"]);

export default defineRule({
  title: "Elements collected only to be counted",
  why: "np.where makes an array with the place of every element that fits, and a mask as an index copies those elements, only for the sake of their number. np.count_nonzero counts them and makes no array.",
  guide: "numpy",
  level: "info",
  gain: "time",
  imports: ["numpy"],
  fixes: "safe",

  examples: [
    {
      before: `
import numpy as np

def failures(codes: np.ndarray) -> int:
    return len(np.flatnonzero(codes != 0))
`,
      after: `
import numpy as np

def failures(codes: np.ndarray) -> int:
    return int(np.count_nonzero(codes != 0))
`,
    },
  ],

  on: ["call", "attribute"],

  find(node, { facts }) {
    const collected = countedIn(node, facts);
    if (!collected || facts.isTest || isStored(wholeOf(node)) || isDeleted(wholeOf(node))) return undefined;
    // It counts the numbers, not the rows.
    const isSize = asAttribute(node)?.name === "size";
    const found = placesIn(collected, facts) ?? chosenIn(collected, isSize, facts);
    // `size` of np.argwhere counts one number for each axis.
    if (isSize && isArgwhere(collected, facts)) return undefined;
    if (!found || isCompiled(node, facts)) return undefined;
    const weight = facts.weightOf(node) === "heavy" ? "heavy" : "unknown";
    return { at: collected, construct: node, weight, node, ...found };
  },

  message: ({ at, mask, evidence }) =>
    `\`${excerpt(at.text.replace(/\s+/g, " "), 40)}\` makes an array only to be counted${evidence === "fair" ? ", if it is an array" : ""}; \`np.count_nonzero(${excerpt(mask.text.replace(/\s+/g, " "), 30)})\` makes none.`,

  fix({ node, mask, doubts }, file) {
    const { facts } = file;
    if (hasComments(node)) return declined("a comment would be lost");
    // NumPy 2.4 gives a number of its own here.
    if (!facts.isBuiltin("int", node)) return declined("`int` means something else here");
    const count = importName(file, "numpy", "count_nonzero", node);
    if (!count) return declined("`numpy` cannot be imported here");
    return fixOf("Use count_nonzero", doubts, [
      ...count.edits,
      replace(wholeOf(node), `int(${count.name}(${unwrap(mask).text}))`),
    ]);
  },
});

/** The `x.shape[0]` of `x.shape`. */
function wholeOf(node: Node): Node {
  return asAttribute(node)?.name === "shape" ? node.parent! : node;
}

/** What is counted: `len(it)`, `it.size`, `it.shape[0]`. */
function countedIn(node: Node, facts: Facts): Node | undefined {
  const call = asCall(node);
  if (call) {
    const [only, more] = call.args;
    if (call.callee.text !== "len" || !only || more || call.keywords.size > 0) return undefined;
    const inner = unwrap(only);
    const isFit = inner.kind === "call" || inner.kind === "subscript";
    return isFit && facts.nameOf(call.callee) === "builtins.len" ? inner : undefined;
  }
  const attribute = asAttribute(node);
  const object = attribute && unwrap(attribute.object);
  if (!object || (object.kind !== "call" && object.kind !== "subscript")) return undefined;
  if (attribute.name === "size") return object;
  const first = attribute.name === "shape" ? asSubscript(node.parent) : undefined;
  return first?.value === node && first.indices.length === 1 && integerOf(first.indices[0]) === 0 ? object : undefined;
}

function isArgwhere(node: Node, facts: Facts): boolean {
  const call = asCall(node);
  return call !== undefined && facts.nameOf(call.callee) === "numpy.argwhere";
}

interface Found {
  readonly mask: Node;
  readonly evidence: Evidence;
  readonly doubts: readonly (string | false)[];
}

/** The condition in `np.where(mask)[0]`, `np.flatnonzero(mask)`. */
function placesIn(node: Node, facts: Facts): Found | undefined {
  const part = asSubscript(node);
  const call = asCall(part ? unwrap(part.value) : node);
  const [mask, more] = call?.args ?? [];
  if (!call || !mask || more || call.hasSplat || call.keywords.size > 0) return undefined;
  const name = facts.nameOf(call.callee) ?? "";
  const isFirst = part?.indices.length === 1 && integerOf(part.indices[0]) === 0;
  const fits = part ? isFirst && PLACES.has(name) : ROWS.has(name);
  if (!fits) return undefined;
  const isArray = facts.typeOf(mask)?.name === "numpy.ndarray";
  const doubts = [
    // These ask the object itself, as a tensor can be asked; np.count_nonzero looks at its cells.
    name !== "numpy.where" &&
      (!isArray || facts.fileMatches(/\bmasked|\bma\b|sparse/)) &&
      "tensors, masked and sparse arrays are counted in another way",
    PLACES.has(name) && !((arrayShape(mask, facts).axes ?? 0) > 0) && "an array without axes no longer raises an error",
  ];
  return { mask, evidence: "proof", doubts };
}

/** The condition in `x[x > 0]` or `x[labels == 1]`, which copies the elements or rows that fit. */
function chosenIn(node: Node, isSize: boolean, facts: Facts): Found | undefined {
  const part = asSubscript(node);
  const [mask, more] = part?.indices ?? [];
  const compared = mask && asComparison(unwrap(mask));
  if (!part || !mask || more || !compared || /^(in|not in|is|is not)$/.test(compared.operator)) return undefined;
  // A mask of its own cells is as long as the array and has as many axes; one of another array chooses rows.
  const sides = [unwrap(compared.left), unwrap(compared.right)];
  const isOwn = sides.some((it) => it.text === part.value.text);
  if (!isOwn && (isSize || !sides.some((it) => facts.takenFor(it, "array")))) return undefined;
  const evidence = facts.takenFor(part.value, "array");
  // A matrix keeps its two axes.
  if (!evidence || facts.typeOf(part.value)?.name === "numpy.matrix") return undefined;
  const shown = excerpt(part.value.text.replace(/\s+/g, " "), 30);
  if (!isOwn) {
    const doubt = `\`${excerpt(mask.text.replace(/\s+/g, " "), 30)}\` must have one axis, and one cell for each row of \`${shown}\``;
    return { mask, evidence: evidence === "proof" ? "strong" : evidence, doubts: [doubt] };
  }
  const other = unwrap(compared.left).text === part.value.text ? compared.right : compared.left;
  const doubts = [
    evidence !== "proof" && `\`${shown}\` must be an array`,
    facts.isPure(part.value) !== "yes" && `\`${shown}\` is worked out once, not twice`,
    !isNumber(facts.typeOf(other)) &&
      `\`${excerpt(other.text, 30)}\` must not have more axes or cells than \`${shown}\``,
  ];
  return { mask, evidence, doubts };
}
