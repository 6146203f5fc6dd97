/** `df["price"].fillna(0, inplace=True)`: what changes in place is a column taken out of the frame, not the frame. */

import {
  asAttribute,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  FRAME_NAMES,
  hasComments,
  insertBefore,
  replace,
  statementOf,
  textValue,
  unwrap,
  withoutArgument,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** What gives a column of the same rows, so that it can be assigned back. */
const KEEPS_ROWS = new Set(["fillna", "replace", "clip", "ffill", "bfill", "interpolate", "where", "mask"]);
/** What gives other rows, or a frame, or rows in another order. */
const OTHERS = ["dropna", "sort_values", "sort_index", "drop_duplicates", "drop", "reset_index", "rename", "set_index"];

export default defineRule({
  title: "In-place change of part of a DataFrame",
  why: "The column or the rows are taken out of the frame first, and that object is changed. From pandas 3 on the frame never changes, without an error; before, it did or did not, by how the part was taken.",
  guide: "pandas",
  level: "warning",
  gain: "safety",
  imports: ["pandas"],
  orWords: ["read_csv", "fillna", "reset_index"],
  overlaps: ["PD002"],
  unlike: "only changes of a part of a frame count, not every `inplace=True`",
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def complete(df: pd.DataFrame) -> pd.DataFrame:
    df["price"].fillna(0, inplace=True)
    return df
`,
      after: `
import pandas as pd

def complete(df: pd.DataFrame) -> pd.DataFrame:
    df["price"] = df["price"].fillna(0)
    return df
`,
    },
  ],

  on: ["call"],
  methods: [...KEEPS_ROWS, ...OTHERS],

  find(node, { facts }, call) {
    const changed = asMethodCall(node);
    if (!changed || call.keywords.get("inplace")?.kind !== "true") return undefined;
    const part = partOf(changed.object, changed.method, facts);
    if (!part) return undefined;
    // What is lost is lost however small the frame is; before pandas 3 most of it is not lost.
    const isKept = !part.isCopy && facts.hasLibrary("pandas", "3.0") === "no";
    return {
      at: call.callee,
      weight: isKept ? ("unknown" as const) : ("heavy" as const),
      node,
      call,
      method: changed.method,
      ...part,
    };
  },

  message: ({ frame, part, evidence, isCopy }) => {
    const shown = excerpt(frame.text, 30);
    const whose = evidence === "fair" ? `\`${shown}\`, taken for a DataFrame,` : `\`${shown}\``;
    return isCopy
      ? `\`${excerpt(part.text, 40)}\` is a copy: ${whose} does not change. Assign the result instead.`
      : `This changes \`${excerpt(part.text, 40)}\` alone; from pandas 3 on ${whose} does not change. Assign the result instead.`;
  },

  fix({ node, call, method, part, frame, column }, { facts }) {
    const statement = statementOf(node);
    if (expressionOf(statement) !== node) return declined("the result, which is None, is used");
    if (!KEEPS_ROWS.has(method)) return declined(`${method} gives other rows than the frame has`);
    if (!facts.isA(frame, "pandas.DataFrame")) return declined("it is not certain to be a DataFrame");
    const inPlace = withoutArgument(call.keywords.get("inplace")!.parent!);
    if (!inPlace || hasComments(part)) return declined("a comment would be lost");
    const target = column === undefined ? part.text : `${frame.text}[${column}]`;
    return fixOf(
      "Assign the result",
      ["the frame itself now changes, on every version"],
      [insertBefore(node, `${target} = `), ...(target === part.text ? [] : [replace(part, target)]), inPlace],
    );
  },
});

interface Part {
  readonly evidence: Evidence;
  /** What is changed: `df["price"]`. */
  readonly part: Node;
  readonly frame: Node;
  /** The column as written in a subscript, where the part is written as an attribute. */
  readonly column: string | undefined;
  /** Several columns, or the rows of a condition: never a view of the frame. */
  readonly isCopy: boolean;
}

/** `df["c"]`, `df.c`, `df[["a", "b"]]`, `df[mask]`, `df.loc[rows, "c"]`; undefined unless something shows that it is part of a frame. */
function partOf(object: Node, method: string, facts: Facts): Part | undefined {
  const part = unwrap(object);
  const attribute = asAttribute(part);
  if (attribute) {
    const { name, object: frame } = attribute;
    const known = FRAME_NAMES.has(name) ? undefined : facts.takenFor(frame, "frame");
    // An object of another class has attributes too: the frame must be known as one, or go by the name of one.
    const evidence = known && known !== "fair" ? known : isAttributeOf(frame, name, method, facts) ? "fair" : undefined;
    return evidence && { evidence, part, frame, column: JSON.stringify(name), isCopy: false };
  }
  const subscript = asSubscript(part);
  if (!subscript) return undefined;
  const located = asAttribute(subscript.value);
  const isLocated = located?.name === "loc" || located?.name === "iloc";
  const frame = isLocated ? located.object : subscript.value;
  const [first, second, more] = subscript.indices;
  if (!first || more || (second && !isLocated)) return undefined;
  const isList = first.kind === "list" || first.kind === "list_comprehension";
  const isMask =
    !isLocated && ["comparison_operator", "binary_operator", "unary_operator", "not_operator"].includes(first.kind);
  const known = facts.takenFor(frame, "frame") ?? (isLocated ? "strong" : undefined);
  const evidence = known ?? (isList || isColumnOf(frame, first, method, facts) ? "fair" : undefined);
  // `tables["prices"]` of a dict is a whole frame, and so may be `tables[name]`.
  const isName = textValue(first) !== undefined || isList || isMask || isLocated;
  const isKey = first.kind === "identifier" && (FRAME_LIKE.test(frame.text) || COLUMN_LIKE.test(first.text));
  if (!evidence || (evidence === "fair" && !isName && !isKey && facts.loopAround(part) === undefined)) return undefined;
  return { evidence, part, frame, column: undefined, isCopy: isList || isMask };
}

/** Methods for values that are missing or too large: of a column, mostly. */
const OF_COLUMNS = new Set(["fillna", "ffill", "bfill", "interpolate", "clip"]);
const HOLDS_FRAMES = /(?:s|dict|map|data)$|_by_\w/i;

/** What tables of features are called. */
const FRAME_LIKE =
  /^(x|df|test|train|valid|val|frame|dataframe|sub|submission)(_\w+|\d*)$|_(df|frame|x|train|test)\d*$/i;
/** What a column is called while a loop goes through them, and where its names come from. */
const COLUMN_LIKE = /^(c|f|col\w*|feat\w*|var|variable)$/i;

/** Nothing is known of the frame, and nothing speaks for a dict of frames. */
function isColumnOf(frame: Node, key: Node, method: string, facts: Facts): boolean {
  return (
    OF_COLUMNS.has(method) &&
    (textValue(key) !== undefined ||
      (key.kind === "identifier" && (FRAME_LIKE.test(frame.text) || COLUMN_LIKE.test(key.text)))) &&
    frame.kind === "identifier" &&
    facts.view.imports("pandas") &&
    !HOLDS_FRAMES.test(frame.text) &&
    facts.typed(frame, "fair") === undefined &&
    facts.takenFor(frame, "mapping") === undefined
  );
}

/** `test.AMOUNT.fillna(0, inplace=True)`, where the name is one for a frame and nothing else is known of it. */
function isAttributeOf(frame: Node, name: string, method: string, facts: Facts): boolean {
  return (
    OF_COLUMNS.has(method) &&
    frame.kind === "identifier" &&
    !FRAME_NAMES.has(name) &&
    FRAME_LIKE.test(frame.text) &&
    !/^(df|data|frame|x|y)$|_df$/i.test(name) &&
    facts.view.imports("pandas") &&
    (facts.typed(frame, "fair") === undefined || facts.takenFor(frame, "frame") !== undefined)
  );
}
