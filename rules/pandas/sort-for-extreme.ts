/** `df.sort_values("price").head(5)`: all rows are sorted for the first few. */

import {
  argumentOf,
  asMethodCall,
  asSubscript,
  asAttribute,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameEvidence,
  hasComments,
  integerOf,
  isPandasAlone,
  replace,
  seriesEvidence,
  textValue,
  unwrap,
  type Facts,
  type MethodCall,
  type Node,
  type Subscript,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Table sorted for its first rows",
  why: "sort_values orders and copies all rows. nsmallest and nlargest find the few that are wanted, and idxmin or idxmax the label of the one. It pays from some ten thousand rows on.",
  guide: "pandas",
  level: "info",
  gain: "time",
  imports: ["pandas"],
  orWords: ["sort_values"],
  overrides: ["iteration/repeated-pure-call"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def cheapest(orders: pd.DataFrame) -> pd.DataFrame:
    return orders.sort_values("price").head(5)
`,
      after: `
import pandas as pd

def cheapest(orders: pd.DataFrame) -> pd.DataFrame:
    return orders.nsmallest(5, "price")
`,
    },
  ],

  on: ["call"],
  methods: ["sort_values"],

  find(node, { facts }) {
    const sort = facts.isTest ? undefined : asMethodCall(node, "sort_values");
    const taken = sort && takenOf(node);
    const order = sort && orderOf(sort);
    if (!sort || !taken || !order) return undefined;
    const known = order.column === undefined ? seriesEvidence(sort.object, facts) : frameEvidence(sort.object, facts);
    // The method is one of pandas, and so is what is known of the file.
    const evidence = known ?? (isPandasAlone(facts) && !facts.typed(sort.object, "fair") ? "fair" : undefined);
    if (!evidence || isText(sort, facts)) return undefined;
    // A handful of groups or counts is sorted as fast as it is searched, and so is what has one number for each column.
    const isSmall =
      facts.sizeOf(sort.object) === "light" ||
      /\b(groupby|value_counts|unique|describe|agg|pivot_table|corr|coef_|feature_importances_|isnull|isna|nunique|dtypes|columns)\b/.test(
        wholeText(sort.object, facts),
      ) ||
      COLUMNWISE.test(sort.object.text);
    return {
      at: sort.methodNode,
      evidence,
      // A few thousand rows are sorted as fast.
      weight: isSmall
        ? ("light" as const)
        : facts.sizeOf(sort.object) === "heavy"
          ? ("heavy" as const)
          : ("unknown" as const),
      sort,
      taken,
      order,
    };
  },

  message({ sort, taken, order }) {
    const shown = /^[\w.]{1,30}$/.test(sort.object.text) ? `\`${sort.object.text}\`` : "The table";
    const isLargest = order.isDescending !== taken.isLast;
    if (taken.isOne) return `${shown} is sorted for one row; \`${isLargest ? "idxmax" : "idxmin"}\` finds its label.`;
    return `${shown} is sorted for \`${excerpt(taken.count, 20)}\` rows; \`${isLargest ? "nlargest" : "nsmallest"}\` finds them without sorting the others, which pays if there are many.`;
  },

  fix({ sort, taken, order }, { facts }) {
    if (facts.typeOf(sort.object)?.name !== `pandas.${order.column === undefined ? "Series" : "DataFrame"}`)
      return declined("it is not certain to be a table of pandas");
    if (taken.isOne) return declined("several rows may have the label of the one that is wanted");
    if (taken.isLast) return declined("the rows come in the other order");
    if (hasComments(taken.node)) return declined("a comment would be lost");
    const column = order.column === undefined ? "" : `, ${order.column}`;
    return fixOf(
      `Use ${order.isDescending ? "nlargest" : "nsmallest"}()`,
      [
        "the column must hold numbers or dates",
        !/^\d+$/.test(taken.count) && `\`${excerpt(taken.count, 30)}\` must not be negative`,
        "rows with equal values may be other ones, and those with a missing one are left out",
      ],
      [
        replace(
          taken.node,
          `${sort.object.text}.${order.isDescending ? "nlargest" : "nsmallest"}(${taken.count}${column})`,
        ),
      ],
    );
  },
});

/** `frame.isna().mean()` has one value for each column. */
const COLUMNWISE = /\.(?:isna|isnull|notna|notnull)\(\)\s*\.\w+\(\)\)*$/;

interface Order {
  /** As written; undefined for a Series. */
  readonly column: string | undefined;
  readonly isDescending: boolean;
}

/** By one column, or several that are named, and nothing else asked. */
function orderOf(sort: MethodCall): Order | undefined {
  if (sort.hasSplat || sort.args.length > 1) return undefined;
  if ([...sort.keywords.keys()].some((it) => it !== "by" && it !== "ascending")) return undefined;
  const ascending = sort.keywords.get("ascending")?.text ?? "True";
  const by = argumentOf(sort, "by", 0);
  if (ascending !== "True" && ascending !== "False") return undefined;
  const inner = by?.kind === "list" && by.children.length === 1 ? by.children[0]! : by;
  // All of them in one direction, as nlargest and nsmallest take them.
  const areNames =
    inner?.kind === "list" && inner.children.length > 1 && inner.children.every((it) => textValue(it) !== undefined);
  if (inner && textValue(inner) === undefined && inner.kind !== "identifier" && !areNames) return undefined;
  return { column: inner?.text, isDescending: ascending === "False" };
}

interface Taken {
  /** The expression that gives the rows. */
  readonly node: Node;
  readonly count: string;
  readonly isOne: boolean;
  /** They stand at the end. */
  readonly isLast: boolean;
}

/** `[:k]`, `.head(k)`, `.tail(k)`, `.iloc[:k]`, `.iloc[0]`, `.iloc[-1]` around the sorted table. */
function takenOf(sorted: Node): Taken | undefined {
  const attribute = sorted.parent;
  // A slice of a table chooses rows, in whatever order they stand.
  const sliced = asSubscript(attribute);
  if (sliced?.value === sorted) return firstOf(sliced);
  const name =
    attribute?.kind === "attribute" && asAttribute(attribute)?.object === sorted
      ? asAttribute(attribute)!.name
      : undefined;
  const around = attribute?.parent;
  if (!around || name === undefined) return undefined;
  if (name === "head" || name === "tail") {
    const call = asMethodCall(around, name);
    const count = call && (argumentOf(call, "n", 0)?.text ?? "5");
    return count === undefined || count.startsWith("-")
      ? undefined
      : { node: around, count, isOne: false, isLast: name === "tail" };
  }
  const subscript = name === "iloc" ? asSubscript(around) : undefined;
  const [index, more] = subscript?.indices ?? [];
  if (!index || more || subscript!.value !== attribute) return undefined;
  const place = integerOf(index);
  if (place !== undefined)
    return place === 0 || place === -1 ? { node: around, count: "1", isOne: true, isLast: place === -1 } : undefined;
  return firstOf(subscript!);
}

/** `[:k]`, `[-k:]`. */
function firstOf({ node, indices: [index, more] }: Subscript): Taken | undefined {
  const [, first, last] = (index && !more && /^(?:(?:0\s*)?:\s*([\w.]+)|-\s*([\w.]+)\s*:)$/.exec(index.text)) || [];
  const count = first ?? last;
  return count === undefined ? undefined : { node, count, isOne: false, isLast: first === undefined };
}

/** The column is known to hold texts, which have no nlargest. */
function isText({ object }: MethodCall, facts: Facts): boolean {
  return asMethodCall(unwrap(object), "astype")?.args[0]?.text === "str" && !facts.isTest;
}

function wholeText(object: Node, facts: Facts): string {
  return object.kind === "identifier" ? (facts.valueOf(object)?.text ?? "") : object.text;
}
