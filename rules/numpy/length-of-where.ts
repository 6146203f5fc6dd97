/** Finds `len(np.where(mask)[0])` and `len(x[x > 0])`: places or elements collected only to be counted. */

import {
  asAttribute,
  asCall,
  asComparison,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importModule,
  integerOf,
  isCompiled,
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
    if (!collected || facts.isTest) return undefined;
    const found = placesIn(collected, facts) ?? chosenIn(collected, facts);
    // `size` of np.argwhere counts one number for each axis.
    if (node.kind === "attribute" && asAttribute(node)?.name === "size" && isArgwhere(collected, facts))
      return undefined;
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
    const numpy = importModule(file, "numpy", node);
    if (!numpy) return declined("`numpy` cannot be imported here");
    return fixOf("Use count_nonzero", doubts, [
      ...numpy.edits,
      replace(wholeOf(node), `int(${numpy.name}.count_nonzero(${mask.text}))`),
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
  // These ask the array itself; np.count_nonzero looks at its cells.
  const isOwn = name !== "numpy.where" && facts.fileMatches(/\bmasked|\bma\b|sparse/);
  return { mask, evidence: "proof", doubts: [isOwn && "masked and sparse arrays are counted in another way"] };
}

/** The condition in `x[x > 0]`, which copies the elements that fit. */
function chosenIn(node: Node, facts: Facts): Found | undefined {
  const part = asSubscript(node);
  const [mask, more] = part?.indices ?? [];
  const compared = mask && asComparison(unwrap(mask));
  if (!part || !mask || more || !compared || /^(in|not in|is|is not)$/.test(compared.operator)) return undefined;
  // A mask of its own cells is as long as the array and has as many axes.
  if (unwrap(compared.left).text !== part.value.text && unwrap(compared.right).text !== part.value.text)
    return undefined;
  const evidence = facts.takenFor(part.value, "array");
  if (!evidence) return undefined;
  return { mask, evidence, doubts: [evidence !== "proof" && `\`${excerpt(part.value.text, 30)}\` must be an array`] };
}
