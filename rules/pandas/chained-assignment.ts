/** `df[rows][column] = value`: what is written to may be a copy, and in pandas 3 always is. */

import {
  asAssignment,
  asAttribute,
  asAugmented,
  asComparison,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  FRAME_NAMES,
  replace,
  textValue,
  type Evidence,
  type Facts,
  type Node,
  type Subscript,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Chained assignment to a DataFrame, the cause of the copy warning",
  why: "The first index creates a new object and the second writes into that object. Before pandas 3 it depended on the frame's layout whether the frame changed, with a warning about a copy at best; from pandas 3 on it never changes. One loc with row and column writes to the frame itself.",
  guide: "pandas",
  level: "warning",
  gain: "safety",
  imports: ["pandas"],
  orWords: ["groupby", "read_csv", "iterrows", "reset_index", "set_index", "iloc"],
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
      const chains = partsOf(it).flatMap((part) => chainOf(part, facts) ?? []);
      const [chain, ...others] = chains;
      if (!chain) return [];
      const related = others.map((other) => ({ at: other.outer.node, message: "another one" }));
      // What is lost is lost however small the frame is.
      return [{ at: chain.outer.node, weight: "heavy" as const, related, others, ...chain }];
    });
  },

  message: ({ frame, evidence, outer }) => {
    const byPlace = /\.i(?:loc|at)\b/.test(outer.value.text);
    const instead = byPlace ? ".iloc[row, columns.get_loc(column)]" : ".loc[rows, column]";
    const shown = excerpt(frame.text, 30);
    const whose = evidence === "fair" ? `\`${shown}\`, taken for a DataFrame` : `\`${shown}\` itself`;
    return `This writes into the result of the first index, which from pandas 3 on is never ${whose}; use one \`${instead}\`.`;
  },

  fix({ outer, frame, rows, column, others }, { facts }) {
    if (others.length > 0) return declined("several places are written to at once");
    if (!rows || !column) return declined("it is not certain which index chooses rows and which a column");
    if (facts.typeOf(frame)?.name !== "pandas.DataFrame") return declined("it is not certain to be a DataFrame");
    return fixOf(
      "Assign with one loc",
      ["the frame itself now changes"],
      [replace(outer.node, `${frame.text}.loc[${rows.text}, ${column}]`)],
    );
  },
});

interface Chain {
  readonly evidence: Evidence;
  readonly outer: Subscript;
  readonly frame: Node;
  readonly rows: Node | undefined;
  /** As written in a subscript. */
  readonly column: string | undefined;
}

/** `a` and `b` of `a, b = …`. */
function partsOf(target: Node | undefined): readonly (Node | undefined)[] {
  return target && PATTERNS.has(target.kind) ? target.children.flatMap(partsOf) : [target];
}

const PATTERNS: ReadonlySet<string> = new Set(["pattern_list", "tuple_pattern", "list_pattern"]);

/** `frame[a][b]`, `frame.a[b]`, `frame.loc[a][b]`, `frame[a].loc[b]`; undefined unless something shows that it is a frame. */
function chainOf(target: Node | undefined, facts: Facts): Chain | undefined {
  const outer = asSubscript(target);
  if (!outer || outer.indices.length !== 1) return undefined;
  const second = outer.indices[0]!;
  const viaLoc = asAttribute(outer.value);
  const isLoc = viaLoc?.name === "loc" || viaLoc?.name === "iloc";
  const base = isLoc ? viaLoc.object : outer.value;
  const named = asAttribute(base);
  const namedEvidence = named && !FRAME_NAMES.has(named.name) ? facts.takenFor(named.object, "frame") : undefined;
  if (named && namedEvidence) {
    const isRows = viaLoc?.name === "loc" || isRowChoice(second, facts);
    return {
      evidence: namedEvidence,
      outer,
      frame: named.object,
      rows: isRows && viaLoc?.name !== "iloc" ? second : undefined,
      column: `"${named.name}"`,
    };
  }
  const inner = asSubscript(base);
  const [first, more] = inner?.indices ?? [];
  if (!inner || !first || more) return undefined;

  const innerLoc = asAttribute(inner.value);
  const frame = innerLoc?.name === "loc" ? innerLoc.object : inner.value;
  const evidence = facts.takenFor(frame, "frame");
  if (!evidence) return undefined;
  const byName = textValue(first) !== undefined;
  const isMask = isRowChoice(first, facts);
  if (innerLoc?.name === "loc")
    return isMask && !isLoc
      ? { evidence, outer, frame, rows: first, column: textValue(second) === undefined ? undefined : second.text }
      : undefined;
  if (isMask && !isLoc)
    return { evidence, outer, frame, rows: first, column: textValue(second) === undefined ? undefined : second.text };
  // A column, then rows: by label or mask. Two texts may be two levels of column names.
  if (!byName) return undefined;
  const rows = viaLoc?.name === "iloc" || textValue(second) !== undefined ? undefined : second;
  // A dict of frames by name goes by such names too, and gives the frame itself.
  if (evidence === "fair" && textValue(second) !== undefined) return undefined;
  return {
    evidence,
    outer,
    frame,
    rows: rows && (viaLoc?.name === "loc" || isRowChoice(rows, facts)) ? rows : undefined,
    column: first.text,
  };
}

/** A condition on a column, or a name that holds one. */
function isRowChoice(index: Node, facts: Facts): boolean {
  const left = asComparison(index)?.left;
  if (facts.typeOf(index)?.name === "pandas.Series" || (left && facts.typeOf(left)?.name === "pandas.Series"))
    return true;
  const read = asSubscript(left);
  if (read && textValue(read.indices[0]) !== undefined && facts.takenFor(read.value, "frame")) return true;
  const column = asAttribute(left);
  return column !== undefined && !FRAME_NAMES.has(column.name) && facts.takenFor(column.object, "frame") !== undefined;
}
