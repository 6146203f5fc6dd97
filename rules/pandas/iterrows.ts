/** `for index, row in df.iterrows()` builds one Series per row. */

import {
  asAttribute, asAugmented, asFor, asMethodCall, asSubscript, between, defineRule, elementwise, hasComments, isNumber, replace, statementsOf, textValue, useOf, wrapped,
  type Edit, type File, type Fix, type ForLoop, type Node,
} from "../../analysis/authoring.js";

/** Columns whose names cannot be fields of a named tuple, or mean something else there. */
const FIELD = /^[A-Za-z]\w*$/;
const KEYWORDS = new Set("and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield None True False Index".split(" "));

export default defineRule({
  title: "Rows of a DataFrame visited with iterrows",
  why: "iterrows makes a new Series for every row and casts the row to one dtype; whole columns are worked on in compiled code, and itertuples at least gives light tuples.",
  guide: "pandas",
  level: "warning",
  gain: "time",
  imports: ["pandas"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def revenue(df: pd.DataFrame) -> float:
    total = 0.0
    for _, row in df.iterrows():
        total += row["price"] * row["count"]
    return total
`,
      after: `
import pandas as pd

def revenue(df: pd.DataFrame) -> float:
    total = 0.0
    total += (df["price"] * df["count"]).sum()
    return total
`,
    },
  ],

  on: ["for_statement", "for_in_clause"],

  find(node, { facts }) {
    const iterable = node.field("right");
    const call = asMethodCall(iterable, "iterrows");
    if (!call || call.args.length > 0 || facts.typeOf(call.object)?.name !== "pandas.DataFrame") return undefined;
    return { at: call.methodNode, frame: call.object, call: call.node, loop: asFor(node) };
  },

  message: ({ frame }, _file) => `\`${frame.text}.iterrows()\` makes a Series for every row; work on whole columns, or use itertuples().`,

  fix({ frame, call, loop }, file) {
    if (!loop || loop.isAsync) return undefined;
    const names = rowNames(loop);
    if (!names) return undefined;
    return wholeColumns(loop, frame, names, file) ?? tuples(loop, frame, call, names, file);
  },
});

interface RowNames {
  readonly index: Node;
  readonly row: Node;
}

function rowNames(loop: ForLoop): RowNames | undefined {
  const [index, row, more] = loop.target.children;
  return loop.target.kind === "pattern_list" && index?.kind === "identifier" && row?.kind === "identifier" && !more ? { index, row } : undefined;
}

/** `total += expression of the row`, alone in the loop: one sum over columns. */
function wholeColumns(loop: ForLoop, frame: Node, { index, row }: RowNames, { facts }: File): Fix | undefined {
  const [only, more] = statementsOf(loop.body);
  const sum = only && asAugmented(only);
  if (!sum || more || loop.orElse || sum.operator !== "+=" || sum.target.kind !== "identifier" || hasComments(loop.node)) return undefined;
  if (frame.kind !== "identifier" || facts.readsOf(row).length === 0 || [index, row].some((it) => facts.readsOf(it).some((read) => !read.isInside(loop.body)))) return undefined;
  const starts = facts.writesOf(sum.target).filter((it) => it.owner !== sum.node);
  if (starts.length === 0 || !starts.every((it) => it.kind === "assign" && it.value && isNumber(facts.typeOf(it.value)))) return undefined;

  let columns = 0;
  const expression = elementwise(sum.value, {
    leaf(node) {
      const column = columnOf(node, row);
      if (column === undefined) return undefined;
      columns++;
      return `${frame.text}[${column.text}]`;
    },
    isInvariant: (it) => it.kind === "identifier" && ["int", "float"].includes(facts.typeOf(it)?.name ?? "") && ![row, index, sum.target].some((name) => name.text === it.text),
  });
  if (expression === undefined || columns === 0) return undefined;
  const total = /^\w+\["[^"]*"\]$/.test(expression) ? `${expression}.sum()` : `(${expression}).sum()`;
  return {
    title: "Sum whole columns (review: floats are added in another order, missing values are skipped)",
    safety: "review",
    edits: [replace(between(loop.node, sum.node), `${sum.target.text} += ${total}`)],
  };
}

/** The column of `row["column"]`, as written. */
function columnOf(node: Node, row: Node): Node | undefined {
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  const isRow = subscript?.value.kind === "identifier" && subscript.value.text === row.text;
  return isRow && key && !more && textValue(key) !== undefined ? key : undefined;
}

/** `for row in frame.itertuples()` with `row["a"]` as `row.a`; only where every use of the row is such a read. */
function tuples(loop: ForLoop, frame: Node, call: Node, { index, row }: RowNames, { facts }: File): Fix | undefined {
  const reads = facts.readsOf(row);
  const indexReads = facts.readsOf(index);
  if (facts.writesOf(row).length !== 1 || (index.text !== "_" && facts.writesOf(index).length !== 1)) return undefined;
  if (![...reads, ...indexReads].every((it) => it.isInside(loop.body))) return undefined;

  const edits: Edit[] = [];
  for (const read of reads) {
    const field = fieldOf(read, row);
    if (!field) return undefined;
    edits.push(field);
  }
  for (const read of indexReads) edits.push(replace(wrapped(read), `${row.text}.Index`));
  const options = indexReads.length > 0 ? "" : "index=False";
  return {
    title: "Use itertuples() (review: values keep their column's dtype instead of being cast to the row's)",
    safety: "review",
    edits: [replace(loop.target, row.text), replace(call, `${frame.text}.itertuples(${options})`), ...edits],
  };
}

function fieldOf(read: Node, row: Node): Edit | undefined {
  const use = useOf(read);
  if (use.kind === "attribute") {
    const attribute = asAttribute(use.in);
    return attribute && isField(attribute.name) && !SERIES_ATTRIBUTES.has(attribute.name) ? replace(use.in, use.in.text) : undefined;
  }
  const column = use.kind === "subscript" ? columnOf(use.in, row) : undefined;
  const name = textValue(column);
  return name !== undefined && isField(name) ? replace(use.in, `${row.text}.${name}`) : undefined;
}

function isField(name: string): boolean {
  return FIELD.test(name) && !KEYWORDS.has(name);
}

/** Read on a Series these are not columns. */
const SERIES_ATTRIBUTES = new Set(["name", "index", "values", "size", "shape", "dtype", "empty", "ndim", "T", "array", "axes", "nbytes", "hasnans", "is_unique", "str", "dt", "cat", "plot", "iloc", "loc", "at", "iat"]);
