/** `len(df[df["a"] > 3])`: rows are copied to be counted. */

import {
  asAttribute,
  asCall,
  asSubscript,
  ATOM,
  declined,
  defineRule,
  excerpt,
  filterIn,
  fixOf,
  frameEvidence,
  functionAround,
  hasComments,
  maskEvidence,
  nameGiven,
  replace,
  textIn,
  unwrap,
  useOf,
  weakest,
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
    const counted = facts.isTest ? undefined : countedIn(node, facts);
    const name = counted || facts.isTest ? undefined : onlyCounted(node, facts);
    const filter = filterIn(counted ?? (name && node));
    const masked = filter && maskEvidence(filter.mask, filter.frame.text, facts);
    if (!filter || !masked) return undefined;
    const { frame, mask } = filter;
    // What is looked up by a name may be the row of an array: there the frame has to be known.
    const isTaken = masked === "proof" && facts.view.imports("pandas") && !facts.typed(frame, "fair");
    const evidence = weakest(name ? "fair" : masked, frameEvidence(frame, facts) ?? (isTaken ? "fair" : undefined));
    if (!evidence) return undefined;
    // Once, the copy costs less than what is read or drawn around it.
    const isRepeated = facts.loopAround(node) !== undefined;
    const weight =
      facts.sizeOf(frame) === "light" ? ("light" as const) : isRepeated ? ("heavy" as const) : ("unknown" as const);
    return { at: node, evidence, weight, node, frame, mask, masked, name: name?.text };
  },

  message: ({ frame, mask, name }) =>
    name !== undefined
      ? `\`${excerpt(name, 30)}\` is only counted, and the rows of \`${excerpt(frame.text, 30)}\` are copied for that; \`.sum()\` of the mask counts them.`
      : `The rows of \`${excerpt(frame.text, 30)}\` are copied to be counted; \`.sum()\` of the mask \`${excerpt(mask.text.replace(/\s+/g, " "), 40)}\` counts them.`,

  fix({ node, mask, frame, masked, name }, { facts }) {
    if (name !== undefined) return declined("each place that counts it has to change with it");
    if (masked === "fair") return declined("the name may stand for several columns");
    if (facts.typeOf(frame)?.name !== "pandas.DataFrame") return declined("it is not certain to be a DataFrame");
    if (hasComments(node)) return declined("a comment would be lost");
    return fixOf("Sum the mask", ["the count is a number of NumPy"], [replace(node, `${textIn(mask, ATOM)}.sum()`)]);
  },
});

/** `late = orders[mask]` of which nothing but the number of rows is asked. */
function onlyCounted(node: Node, facts: Facts): Node | undefined {
  if (node.kind !== "subscript" || node.parent?.kind !== "assignment" || node.fieldName !== "right") return undefined;
  const name = nameGiven(node);
  if (name?.kind !== "identifier" || !functionAround(name) || facts.isRemote(name)) return undefined;
  const reads = facts.readsOf(name);
  const isCounted = reads.length > 0 && facts.writesOf(name).length === 1 && reads.every((it) => isCount(it));
  return isCounted ? name : undefined;
}

/** `len(late)`, `late.empty`, `late.shape[0]`. */
function isCount(read: Node): boolean {
  const use = useOf(read);
  if (use.kind === "argument") return asCall(use.call)?.callee.text === "len";
  if (use.kind !== "attribute") return false;
  return use.name === "empty" || (use.name === "shape" && asSubscript(use.in.parent)?.indices[0]?.text === "0");
}

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
