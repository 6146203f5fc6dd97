/** `df = df.sort_values("day")`, then `df = df[df["count"] > 1]`: all rows are sorted or merged, and most of them thrown away after. */

import {
  argumentOf,
  asAssignment,
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameEvidence,
  functionAround,
  hasComments,
  replace,
  statementOf,
  textValue,
  unwrap,
  wrapped,
  type Assignment,
  type Call,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** What a test of a row asks of the rows around it: it gives another answer for fewer rows, or in another order. */
const OF_OTHER_ROWS =
  /\.(?:columns|iloc|shift|diff|cumsum|cumcount|cummax|cummin|rank|duplicated|rolling|expanding|pct_change|ffill|bfill|groupby|nlargest|nsmallest|transform|sample|head|tail)\b/;
/** It goes by the place of a row. */
const BY_PLACE = /(?<![.\w])(?:len|range|enumerate)\(|\barange\(|\.(?:values|to_numpy\(\)|array)\b/;
/** And of all rows, as their mean. */
const OF_ALL_ROWS = /\.(?:mean|median|max|min|sum|std|quantile|mode|nunique|value_counts)\(/;

export default defineRule({
  title: "Rows filtered after they were sorted or merged",
  why: "Sorting and merging take most of the time for rows that are thrown away in the next step. The filter first leaves less to be sorted or merged, and gives the same rows.",
  guide: "pandas-scale",
  level: "hint",
  differs: { unknown: "kept", light: "off" },
  gain: "time",
  imports: ["pandas"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def recent(orders: pd.DataFrame, year: int) -> pd.DataFrame:
    orders = orders.sort_values("price", kind="stable")
    orders = orders[orders["year"] == year]
    return orders
`,
      after: `
import pandas as pd

def recent(orders: pd.DataFrame, year: int) -> pd.DataFrame:
    orders = orders[orders["year"] == year]
    orders = orders.sort_values("price", kind="stable")
    return orders
`,
    },
  ],

  on: ["call"],
  calls: ["pandas.merge"],
  methods: ["sort_values", "merge"],

  find(node, { facts }) {
    const call = facts.isTest ? undefined : asCall(node);
    const work = call && workOf(call, facts);
    if (!work || call.hasSplat || ["inplace", "ignore_index", "indicator"].some((it) => call.keywords.has(it)))
      return undefined;
    const made = asAssignment(wrapped(node).parent);
    const [name, more] = made?.targets ?? [];
    if (!made || name?.kind !== "identifier" || more || !(functionAround(node) || facts.isNotebook)) return undefined;
    const filters = filtersOf(name, made, work.isMerge, facts);
    const [filter] = filters;
    if (!filter || (work.isMerge && !mayComeFirst(call, work.isFunction, columnsOf(filters)))) return undefined;
    const evidence = work.isFunction
      ? ("proof" as const)
      : (frameEvidence(work.object, facts) ?? (work.isMerge ? undefined : ("fair" as const)));
    if (!evidence) return undefined;
    return {
      at: work.at,
      evidence,
      weight: facts.weightOf(node),
      construct: made.node,
      related: filters.map((it) => ({ at: it.node, message: "filtered here" })),
      work,
      call,
      made,
      name,
      filter,
      isOnly: filters.length === 1,
    };
  },

  message: ({ work, filter }) =>
    `All rows are ${work.isMerge ? "merged" : "sorted"} before \`${excerpt(filter.node.text.replace(/\s+/g, " "), 50)}\` leaves some of them; filter ${
      !work.isMerge ? "first" : "the side it comes from first"
    }.`,

  fix({ work, made, name, filter, isOnly, call }, { facts }) {
    if (work.isMerge) return declined("it is not shown which side the column comes from");
    if (work.object.text !== name.text) return declined("the frame that is sorted has another name");
    if (!isOnly) return declined("the rows are filtered in several places");
    const then = asAssignment(wrapped(filter.node).parent);
    if (!then?.value || unwrap(then.value) !== filter.node || hasComments(made.node) || hasComments(filter.node))
      return declined("more is done with the rows where they are filtered");
    const isStable = /stable|mergesort/.test(call.keywords.get("kind")?.text ?? "");
    return fixOf(
      "Filter first",
      [
        !isStable && "rows that sort alike may come in another order",
        "the rows that are left out are not looked at by the sort",
        ...besides(filter, name, facts),
      ],
      [replace(made.value!, filter.node.text), replace(then.value, made.value!.text)],
    );
  },
});

interface Work {
  readonly at: Node;
  /** What is sorted, or the left side of a merge. */
  readonly object: Node;
  readonly isMerge: boolean;
  /** `pd.merge(a, b)`. */
  readonly isFunction: boolean;
}

function workOf(call: Call, facts: Facts): Work | undefined {
  const left = argumentOf(call, "left", 0);
  if (facts.nameOf(call.callee) === "pandas.merge")
    return left ? { at: call.callee, object: left, isMerge: true, isFunction: true } : undefined;
  const method = asMethodCall(call.node, "sort_values", "merge");
  return (
    method && { at: method.methodNode, object: method.object, isMerge: method.method === "merge", isFunction: false }
  );
}

/** What else is asked in the test: one value for all rows, or an answer that is the same whatever row comes first. */
function besides({ node }: Filter, name: Node, facts: Facts): readonly string[] {
  const mask = asSubscript(node)!.indices[0]!;
  const names = [mask, ...mask.descendants("identifier")].filter(
    (it) => it.kind === "identifier" && it.fieldName !== "attribute" && it.text !== name.text,
  );
  const compared = names.find(
    (it) => /^(?:comparison_operator|argument_list)$/.test(wrapped(it).parent?.kind ?? "") && mayBeMany(it, facts),
  );
  return [
    ...(compared ? [`\`${excerpt(compared.text, 30)}\` must not go by the order of the rows`] : []),
    ...(/\.(?:apply|map)\(/.test(mask.text) ? ["what is called for each row must not go by their order"] : []),
  ];
}

const mayBeMany = (it: Node, facts: Facts): boolean =>
  facts.nameOf(it) === undefined && !/^(?:int|float|str|bool|datetime\.)/.test(facts.typeOf(it)?.name ?? "?");

interface Filter {
  readonly node: Node;
  /** Of the same name, in the test. */
  readonly reads: Node[];
}

const MOST_READS = 16;

/** The only uses of what was made: some of its rows. */
function filtersOf(name: Node, made: Assignment, isMerge: boolean, facts: Facts): readonly Filter[] {
  const all = facts.readsSeeing(name);
  // `df = df[…]` further down in the same block: what stands behind it sees those rows.
  const next = statementOf(all[0] ?? name);
  const isReplaced =
    next.parent === statementOf(made.node).parent && asAssignment(next)?.targets[0]?.text === name.text;
  const reads = isReplaced ? all.filter((it) => it.start < next.end) : all;
  if (reads.length < 2 || reads.length > MOST_READS || facts.isRemote(name)) return [];
  const filters: Filter[] = [];
  for (const read of reads) {
    const last = filters.at(-1);
    if (last && read.isInside(last.node)) last.reads.push(read);
    else {
      const filter = filterAt(read, made, isMerge, facts);
      if (!filter) return [];
      filters.push(filter);
    }
  }
  return filters.every((it) => it.reads.length > 0) ? filters : [];
}

function filterAt(read: Node, made: Assignment, isMerge: boolean, facts: Facts): Filter | undefined {
  const subscript = subscriptAround(read);
  const [mask, more] = subscript?.indices ?? [];
  if (!subscript || !mask || more || subscript.node.start < made.node.end) return undefined;
  if (facts.loopsAround(subscript.node).length > facts.loopsAround(made.node).length) return undefined;
  const node = unwrap(mask);
  if (!/^(comparison_operator|binary_operator|unary_operator|call|attribute)$/.test(node.kind)) return undefined;
  if (OF_OTHER_ROWS.test(mask.text) || BY_PLACE.test(mask.text) || OF_ALL_ROWS.test(mask.text)) return undefined;
  // A merge gives its rows new labels.
  return isMerge && mask.text.includes(".index") ? undefined : { node: subscript.node, reads: [] };
}

/** `df[…]` or `df.loc[…]` that a read of `df` begins. */
function subscriptAround(read: Node) {
  const place = asAttribute(read.parent);
  const value = place?.object === read && place.name === "loc" ? place.node : read;
  const subscript = asSubscript(value.parent);
  return subscript?.value === value ? subscript : undefined;
}

/** The columns that are tested; undefined where it is not plain which. */
function columnsOf(filters: readonly Filter[]): readonly string[] | undefined {
  const columns = filters.flatMap((it) => it.reads).map((it) => columnOf(it));
  return columns.every((it) => it !== undefined) ? [...new Set(columns)] : undefined;
}

function columnOf(read: Node): string | undefined {
  const subscript = asSubscript(read.parent);
  if (subscript?.value === read) return textValue(subscript.indices[0]);
  const attribute = asAttribute(read.parent);
  return attribute?.object === read ? attribute.name : undefined;
}

/** One column of an inner merge comes from one side; of another merge only the key does for certain. */
function mayComeFirst(call: Call, isFunction: boolean, columns: readonly string[] | undefined): boolean {
  const [only, more] = columns ?? [];
  if (only === undefined || more !== undefined) return false;
  const how = argumentOf(call, "how", isFunction ? 2 : 1);
  if (!how) return !/_[xy]$/.test(only);
  if (textValue(how) === "inner") return !/_[xy]$/.test(only);
  const on = argumentOf(call, "on", isFunction ? 3 : 2);
  return textValue(how) === "left" && textValue(on) === only;
}
