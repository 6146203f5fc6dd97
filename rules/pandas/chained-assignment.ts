/** `df[rows][column] = value`: what is written to may be a copy, and in pandas 3 always is. */

import { asAssignment, asAttribute, asAugmented, asComparison, asSubscript, defineRule, FRAME_NAMES, replace, textValue, type Facts, type Node, type Subscript } from "../../analysis/authoring.js";

export default defineRule({
  title: "Assignment through two index steps of a DataFrame",
  why: "The first step makes a new object and the second writes into it: before pandas 3 the frame changed or not depending on its layout, from pandas 3 on it never changes. One loc with row and column writes to the frame itself.",
  guide: "pandas",
  level: "warning",
  gain: "safety",
  imports: ["pandas"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def cap(df: pd.DataFrame) -> None:
    df[df["score"] > 100]["score"] = 100
`,
      after: `
import pandas as pd

def cap(df: pd.DataFrame) -> None:
    df.loc[df["score"] > 100, "score"] = 100
`,
    },
  ],

  on: ["assignment", "augmented_assignment"],

  find(node, { facts }) {
    if (node.parent?.kind === "assignment") return undefined;
    const targets = asAssignment(node)?.targets ?? [asAugmented(node)?.target];
    return targets.flatMap((it) => {
      const chain = chainOf(it, facts);
      return chain ? [{ at: chain.outer.node, ...chain }] : [];
    });
  },

  message: ({ frame }) => `This writes into what the first index gave, which from pandas 3 on is never \`${frame.text}\` itself; use one \`.loc[rows, column]\`.`,

  fix({ outer, frame, rows, column }) {
    if (!rows || !column) return undefined;
    return {
      title: "Assign with one loc (review: now the frame does change)",
      safety: "review",
      edits: [replace(outer.node, `${frame.text}.loc[${rows.text}, ${column}]`)],
    };
  },
});

interface Chain {
  readonly outer: Subscript;
  readonly frame: Node;
  readonly rows: Node | undefined;
  /** As written in a subscript. */
  readonly column: string | undefined;
}

/** `frame[a][b]`, `frame.a[b]`, `frame.loc[a][b]`, `frame[a].loc[b]`; undefined unless the frame is known to be one. */
function chainOf(target: Node | undefined, facts: Facts): Chain | undefined {
  const outer = asSubscript(target);
  if (!outer || outer.indices.length !== 1) return undefined;
  const second = outer.indices[0]!;
  const viaLoc = asAttribute(outer.value);
  const isLoc = viaLoc?.name === "loc" || viaLoc?.name === "iloc";
  const base = isLoc ? viaLoc.object : outer.value;
  const named = asAttribute(base);
  if (named && !FRAME_NAMES.has(named.name) && facts.typeOf(named.object)?.name === "pandas.DataFrame") {
    const isRows = viaLoc?.name === "loc" || isRowChoice(second, facts);
    return { outer, frame: named.object, rows: isRows && viaLoc?.name !== "iloc" ? second : undefined, column: `"${named.name}"` };
  }
  const inner = asSubscript(base);
  const [first, more] = inner?.indices ?? [];
  if (!inner || !first || more) return undefined;

  const innerLoc = asAttribute(inner.value);
  const frame = innerLoc?.name === "loc" ? innerLoc.object : inner.value;
  if (facts.typeOf(frame)?.name !== "pandas.DataFrame") return undefined;
  const byName = textValue(first) !== undefined;
  const isMask = isRowChoice(first, facts);
  if (innerLoc?.name === "loc") return isMask && !isLoc ? { outer, frame, rows: first, column: textValue(second) === undefined ? undefined : second.text } : undefined;
  if (isMask && !isLoc) return { outer, frame, rows: first, column: textValue(second) === undefined ? undefined : second.text };
  // A column, then rows: by label or mask. Two texts may be two levels of column names.
  if (!byName) return undefined;
  const rows = viaLoc?.name === "iloc" || textValue(second) !== undefined ? undefined : second;
  return { outer, frame, rows: rows && (viaLoc?.name === "loc" || isRowChoice(rows, facts)) ? rows : undefined, column: first.text };
}

/** A condition on a column, or a name that holds one. */
function isRowChoice(index: Node, facts: Facts): boolean {
  const left = asComparison(index)?.left;
  if (facts.typeOf(index)?.name === "pandas.Series" || (left && facts.typeOf(left)?.name === "pandas.Series")) return true;
  const column = asAttribute(left);
  return column !== undefined && !FRAME_NAMES.has(column.name) && facts.typeOf(column.object)?.name === "pandas.DataFrame";
}
