/** `len(df[df["a"] > 3])`: rows are copied to be counted. */

import {
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asMethodCall,
  asSubscript,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameColumn,
  frameEvidence,
  hasComments,
  replace,
  textIn,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Rows copied to be counted",
  why: "A frame filtered by a mask is a copy of all columns of the chosen rows. The sum of the mask counts them without that.",
  guide: "pandas",
  level: "info",
  gain: "time",
  imports: ["pandas"],
  orWords: ["groupby", "reset_index", "set_index", "read_csv", "sort_values"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def late(orders: pd.DataFrame) -> int:
    return len(orders[orders["days"] > 30])
`,
      after: `
import pandas as pd

def late(orders: pd.DataFrame) -> int:
    return (orders["days"] > 30).sum()
`,
    },
  ],

  on: ["call", "subscript"],

  find(node, { facts }) {
    const filtered = facts.isTest ? undefined : countedIn(node, facts);
    const subscript = asSubscript(filtered);
    const viaLoc = asAttribute(subscript?.value);
    const [mask, more] = subscript?.indices ?? [];
    if (!subscript || !mask || more) return undefined;
    const frame = viaLoc?.name === "loc" ? viaLoc.object : subscript.value;
    if (!isMask(mask, frame.text)) return undefined;
    const evidence =
      frameEvidence(frame, facts) ?? (facts.view.imports("pandas") && !facts.typed(frame, "fair") ? "fair" : undefined);
    if (!evidence) return undefined;
    // Once, the copy costs less than what is read or drawn around it.
    const isRepeated = facts.loopAround(node) !== undefined;
    const weight =
      facts.sizeOf(frame) === "light" ? ("light" as const) : isRepeated ? ("heavy" as const) : ("unknown" as const);
    return { at: node, evidence, weight, node, frame, mask };
  },

  message: ({ frame, mask }) =>
    `The rows of \`${excerpt(frame.text, 30)}\` are copied to be counted; \`.sum()\` of the mask \`${excerpt(mask.text.replace(/\s+/g, " "), 40)}\` counts them.`,

  fix({ node, mask, frame }, { facts }) {
    if (facts.typeOf(frame)?.name !== "pandas.DataFrame") return declined("it is not certain to be a DataFrame");
    if (hasComments(node)) return declined("a comment would be lost");
    return fixOf("Sum the mask", ["the count is a number of NumPy"], [replace(node, `${textIn(mask, ATOM)}.sum()`)]);
  },
});

/** What is counted: the argument of `len`, or what is asked for `shape[0]`. */
function countedIn(node: Node, facts: Facts): Node | undefined {
  if (node.kind === "call") {
    const call = asCall(node);
    const [only, more] = call?.args ?? [];
    if (!only || more || call!.callee.text !== "len" || unwrap(only).kind !== "subscript") return undefined;
    return facts.isBuiltin("len", node) ? unwrap(only) : undefined;
  }
  const subscript = asSubscript(node);
  const shape = asAttribute(subscript?.value);
  return shape?.name === "shape" && subscript!.indices[0]?.text === "0" ? unwrap(shape.object) : undefined;
}

const TESTS = new Set("isin isna isnull notna notnull between eq ne lt le gt ge duplicated".split(" "));

/** Compares columns of the frame, and combines such comparisons. */
function isMask(mask: Node, frame: string): boolean {
  const node = unwrap(mask);
  if (node.kind === "unary_operator") return node.text.startsWith("~") && isMask(node.field("argument")!, frame);
  const binary = asBinary(node);
  if (binary) return /^[&|^]$/.test(binary.operator) && isMask(binary.left, frame) && isMask(binary.right, frame);
  const isColumn = (it: Node) => frameColumn(it)?.frame.text === frame;
  const comparison = asComparison(node);
  if (comparison)
    return /^([<>]=?|[=!]=)$/.test(comparison.operator) && (isColumn(comparison.left) || isColumn(comparison.right));
  const method = asMethodCall(node);
  const text = asAttribute(method?.object);
  if (method && text?.name === "str")
    return /^(contains|startswith|endswith|match|fullmatch|is\w+)$/.test(method.method) && isColumn(text.object);
  return method !== undefined && TESTS.has(method.method) && isColumn(method.object);
}
