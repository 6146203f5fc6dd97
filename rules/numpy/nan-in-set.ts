/** Finds `set(array)` and `len(set(series))`, in which every NaN counts as a value of its own. */

import {
  arrayShape,
  asCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importModule,
  replace,
  seriesEvidence,
  textIn,
  unwrap,
  ATOM,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Set of an array that may hold NaN",
  why: "NaN is not equal to itself, so a set keeps each of them: three missing values are three different ones. A set of an array is slow besides, as each number becomes an object of Python. np.unique and nunique count NaN once.",
  guide: "numpy",
  level: "info",
  gain: "safety",
  imports: ["numpy", "pandas"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def distinct(values: np.ndarray) -> int:
    rates = values / 10
    return len(set(rates))
`,
      after: `
import numpy as np

def distinct(values: np.ndarray) -> int:
    rates = values / 10
    return len(np.unique(rates))
`,
    },
  ],

  on: ["call"],
  calls: ["builtins.set", "builtins.frozenset"],

  find(node, { facts }) {
    const call = asCall(node);
    const [only, more] = call?.args ?? [];
    if (!call || call.hasSplat || !only || more || call.keywords.size > 0 || facts.isTest) return undefined;
    if (!/^(identifier|attribute|subscript|call|binary_operator)$/.test(unwrap(only).kind)) return undefined;
    const counted = countOf(node, facts);
    const array = arrayOf(only, facts);
    if (array)
      return {
        at: only,
        construct: counted ?? node,
        evidence: array,
        weight: facts.weightOf(node),
        node,
        only,
        counted,
        isSeries: false,
      };
    const series = counted ? seriesOf(only, facts) : undefined;
    return (
      counted &&
      series && {
        at: only,
        construct: counted,
        evidence: series,
        weight: facts.weightOf(node),
        node,
        only,
        counted,
        isSeries: true,
      }
    );
  },

  message({ only, evidence, isSeries, counted }) {
    const shown = excerpt(only.text.replace(/\s+/g, " "), 40);
    const better = isSeries ? "nunique" : "np.unique";
    return `A set ${counted ? "counts" : "keeps"} every NaN of \`${shown}\` on its own${evidence === "fair" ? ", if it holds floats" : ""}; \`${better}\` takes them for one value.`;
  },

  fix({ node, only, counted, isSeries }, file) {
    if (hasComments(counted ?? node)) return declined("a comment would be lost");
    const doubts = ["NaN counts once"];
    if (isSeries)
      return fixOf(
        "Use nunique",
        [...doubts, "the column must not hold lists"],
        [replace(counted!, `${textIn(unwrap(only), ATOM)}.nunique(dropna=False)`)],
      );
    const numpy = importModule(file, "numpy", node);
    if (!numpy) return declined("`numpy` cannot be imported here");
    if (!counted) return declined("a set of what np.unique gives still has numbers of NumPy in it");
    return fixOf(
      "Use np.unique",
      [...doubts, "an array of rows no longer raises an error"],
      [...numpy.edits, replace(node, `${numpy.name}.unique(${only.text})`)],
    );
  },
});

/** The `len(…)` around it. */
function countOf(node: Node, facts: Facts): Node | undefined {
  const outer = asCall(node.parent?.parent);
  const isArgument = outer?.args.length === 1 && outer.args[0] === node && outer.callee.text === "len";
  return isArgument && facts.nameOf(outer.callee) === "builtins.len" ? outer.node : undefined;
}

/** An array of floats for certain, or one that is put through arithmetic. */
function arrayOf(value: Node, facts: Facts): Evidence | undefined {
  const taken = facts.takenFor(value, "array", "strong");
  if (!taken) return undefined;
  const { holds, axes, isWrittenOut } = arrayShape(value, facts);
  if (isWrittenOut || (axes !== undefined && axes !== 1) || (holds !== undefined && holds !== "float"))
    return undefined;
  if (holds === "float") return taken;
  // Of other arrays only a question tells that there may be NaN: most hold labels, places or names.
  return asksForNan(value, facts) ? "strong" : undefined;
}

/** `np.isnan(x)` in the same function. */
function asksForNan(value: Node, facts: Facts): boolean {
  if (unwrap(value).kind !== "identifier") return false;
  return facts.usesOf(unwrap(value)).some((it) => {
    const call = it.kind === "argument" ? asCall(it.call) : undefined;
    return call !== undefined && /^numpy\.(isnan|isfinite|nan\w+)$/.test(facts.nameOf(call.callee) ?? "");
  });
}

/** A column that is compared with or divided as numbers are; of most columns nothing tells what they hold. */
function seriesOf(value: Node, facts: Facts): Evidence | undefined {
  const found = seriesEvidence(value, facts);
  const part = asSubscript(unwrap(value));
  const column = part?.indices[0]?.text ?? value.text;
  // By its name alone.
  return found && /price|rate|score|amount|value|weight|ratio|return|temperature|cost|prob|lat|lon/i.test(column)
    ? "fair"
    : undefined;
}
