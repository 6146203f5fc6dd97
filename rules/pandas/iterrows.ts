/** `for index, row in df.iterrows()` builds one Series per row. */

import {
  asAssignment, asAttribute, asAugmented, asCall, asComprehension, asFor, asMethodCall, asSubscript, between, defineRule, elementwise, hasComments, isNumber, isQuick, replace, SERIES_NAMES, statementsOf, textValue, unwrap, useOf, wrapped,
  type Edit, type Facts, type File, type Fix, type ForLoop, type MethodCall, type Node,
} from "../../analysis/authoring.js";

/** Columns whose names cannot be fields of a named tuple, or mean something else there. */
const FIELD = /^[A-Za-z]\w*$/;
const KEYWORDS = new Set("and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield None True False Index".split(" "));

const COPIES = new Set(["list", "tuple", "dict", "set"].map((it) => `builtins.${it}`));

/** What gives the rows on one by one: a counter, a part of them, a progress bar. */
const HANDS_ON = /^(builtins\.(enumerate|list|tuple)|itertools\.islice|tqdm\.(\w+\.)*(tqdm|trange)|rich\.progress\.track)$/;

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
    const [target, right] = [node.field("left"), node.field("right")];
    if (!target || !right?.text.includes("iterrows")) return undefined;
    const iterable = unwrap(right);
    const around = asCall(iterable);
    const wrapper = around && facts.nameOf(around.callee);
    const call = asMethodCall(iterable, "iterrows") ?? (wrapper !== undefined && HANDS_ON.test(wrapper) ? asMethodCall(around!.args[0], "iterrows") : undefined);
    if (!call || call.args.length > 0 || facts.typeOf(call.object)?.name !== "pandas.DataFrame") return undefined;
    const pair = wrapper === "builtins.enumerate" ? (target.children.length === 2 ? target.children[1] : undefined) : target;
    const region = asFor(node)?.body ?? node.parent!;
    const rows = pair ? namesOfRow(pair, region, facts) : [];
    if (rows.length > 0 && !isLightWork(region, right, rows, facts)) return undefined;
    return { at: call.methodNode, construct: asFor(node)?.node ?? node.parent!, call, isDirect: call.node === iterable, pair, node };
  },

  message: ({ call }) => `${/^[\w.]{1,60}$/.test(call.object.text) ? `\`${call.object.text}.iterrows()\`` : "iterrows()"} makes a Series for every row; work on whole columns, or use itertuples().`,

  fix({ call, pair, isDirect, node }, file) {
    const loop = asFor(node);
    const region = loop?.body ?? (asComprehension(node.parent) ? node.parent : undefined);
    const names = pair && rowNames(pair);
    if (!names || !region || node.hasToken("async")) return undefined;
    return (loop && isDirect ? wholeColumns(loop, call.object, names, file) : undefined) ?? tuples(region, pair, call, names, file);
  },
});

/**
 * Little else is done than to look at the row: then what a turn costs is the Series made for it. Beside unknown calls
 * it may cost nothing to speak of, and whoever only makes lists or dicts of whole rows is not helped by columns.
 */
function isLightWork(region: Node, head: Node, rows: readonly Node[], facts: Facts): boolean {
  const isOfRow = (it: Node): boolean => (it.kind === "identifier" ? rows.some((row) => row.text === it.text) : [it.field("object"), it.field("value"), it.field("function")].some((inner) => inner !== undefined && isOfRow(inner)));
  const isLight = (it: Node) => it.isInside(head) || isQuick(asCall(it), facts) || isOfRow(it.field("function")!);
  const reads = rows.flatMap((row) => facts.readsOf(row)).filter((it) => it.isInside(region) && !rowTakenOut(it));
  const isTakenWhole = (read: Node) => {
    const use = useOf(read);
    return (use.kind === "method" && SERIES_NAMES.has(use.name ?? "")) || (use.kind === "argument" && COPIES.has(facts.nameOf(asCall(use.call)?.callee ?? read) ?? ""));
  };
  return region.descendants("call").every(isLight) && (reads.length === 0 || !reads.every(isTakenWhole));
}

/** What the row goes by in a turn: its own name, or that of the pair and what is taken out of it. */
function namesOfRow(pair: Node, region: Node, facts: Facts): readonly Node[] {
  if (pair.kind !== "identifier") return [rowNames(pair)?.row].filter((it) => it !== undefined);
  const taken = facts.readsOf(pair).flatMap((it) => (it.isInside(region) && rowTakenOut(it)) || []);
  return taken.length > 0 ? [pair, ...taken] : [];
}

/** `_, row = pair` and `row = pair[1]`. */
function rowTakenOut(pair: Node): Node | undefined {
  const part = asSubscript(pair.parent);
  const isRow = part?.value === pair && part.indices.length === 1 && part.indices[0]!.text === "1";
  const [target, more] = asAssignment(wrapped(isRow ? pair.parent! : pair).parent)?.targets ?? [];
  if (!target || more) return undefined;
  return isRow ? (target.kind === "identifier" ? target : undefined) : rowNames(target)?.row;
}

type RowNames = Readonly<Record<"index" | "row", Node>>;

function rowNames(pair: Node): RowNames | undefined {
  const [index, row, more] = pair.children;
  return (pair.kind === "pattern_list" || pair.kind === "tuple_pattern") && index?.kind === "identifier" && row?.kind === "identifier" && !more && index.text !== row.text ? { index, row } : undefined;
}

/** The reads that may see what the loop gives the name; undefined if one of them stands outside it, or something else binds the name there. */
function readsIn(region: Node, name: Node, { facts }: File): readonly Node[] | undefined {
  if (facts.writesOf(name).some((it) => it.isRemote || (it.name !== name && it.name.isInside(region)))) return undefined;
  const reads = facts.readsOf(name).filter((it) => it.isInside(region) || facts.reachingSites(it).some((site) => site.name === name));
  return reads.every((it) => it.isInside(region)) ? reads : undefined;
}

/** `total += expression of the row`, alone in the loop: one sum over columns. */
function wholeColumns(loop: ForLoop, frame: Node, { index, row }: RowNames, file: File): Fix | undefined {
  const { facts } = file;
  const [only, more] = statementsOf(loop.body);
  const sum = only && asAugmented(only);
  if (!sum || more || loop.orElse || sum.operator !== "+=" || sum.target.kind !== "identifier" || hasComments(loop.node)) return undefined;
  if (frame.kind !== "identifier" || [index, row].some((it) => !readsIn(loop.body, it, file))) return undefined;
  const starts = facts.reachingSites(sum.target).filter((it) => it.owner !== sum.node);
  if (starts.length === 0 || !starts.every((it) => it.kind === "augment" || (it.kind === "assign" && it.value && isNumber(facts.typeOf(it.value))))) return undefined;

  let columns = 0;
  const expression = elementwise(sum.value, {
    leaf(node) {
      const column = columnOf(node, row);
      if (column === undefined) return undefined;
      columns++;
      return `${frame.text}[${column}]`;
    },
    isInvariant: (it) => it.kind === "identifier" && ["int", "float"].includes(facts.typeOf(it)?.name ?? "") && ![row, index, sum.target].some((name) => name.text === it.text),
  });
  if (expression === undefined || columns === 0) return undefined;
  const total = /^\w+\["[^"]*"\]$/.test(expression) ? `${expression}.sum()` : `(${expression}).sum()`;
  return {
    title: "Sum whole columns (review: floats are added in another order, missing values are skipped, values keep their column's dtype, the sum is a NumPy number even without a row, which still needs the columns)",
    safety: "review",
    edits: [replace(between(loop.node, sum.node), `${sum.target.text} += ${total}`)],
  };
}

/** The column of `row["column"]`, as written, or of `row.column`. */
function columnOf(node: Node, row: Node): string | undefined {
  const attribute = asAttribute(node);
  if (attribute) return attribute.object.kind === "identifier" && attribute.object.text === row.text && !SERIES_NAMES.has(attribute.name) ? `"${attribute.name}"` : undefined;
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  const isRow = subscript?.value.kind === "identifier" && subscript.value.text === row.text;
  return isRow && key && !more && textValue(key) !== undefined ? key.text : undefined;
}

/** `for row in frame.itertuples()` with `row["a"]` as `row.a`; only where every use of the row is such a read and the frame stays as it is. */
function tuples(region: Node, pair: Node, call: MethodCall, { index, row }: RowNames, file: File): Fix | undefined {
  const [reads, indexReads] = [readsIn(region, row, file), readsIn(region, index, file)];
  if (!reads || !indexReads || hasComments(call.argumentList) || (call.object.kind === "identifier" && file.facts.isStableIn(call.object, region) === "no")) return undefined;

  // A column that is missing raises another error: somebody may wait for the one there is now.
  if (reads.some((it) => it.ancestor("try_statement")?.children.some((part) => part.kind === "except_clause" && /KeyError|LookupError/.test(part.text)))) return undefined;
  const edits: Edit[] = [];
  for (const read of reads) {
    const field = fieldOf(read, row);
    if (!field) return undefined;
    edits.push(...field);
  }
  for (const read of indexReads) {
    if (isShownByName(read)) return undefined;
    edits.push(replace(wrapped(read), `${row.text}.Index`));
  }
  return {
    title: "Use itertuples() (review: rows become tuples, values keep their column's dtype instead of being cast to the row's)",
    safety: "review",
    edits: [replace(pair, row.text), replace(call.methodNode, "itertuples"), replace(call.argumentList, indexReads.length > 0 ? "()" : "(index=False)"), ...edits],
  };
}

/** `row["a"]` becomes `row.a`, and `row.a` stays; undefined where a field of a tuple cannot stand for it. */
function fieldOf(read: Node, row: Node): readonly Edit[] | undefined {
  const use = useOf(read);
  if (isShownByName(read)) return undefined;
  if (use.kind === "attribute") {
    const attribute = asAttribute(use.in);
    return attribute && isField(attribute.name) && !SERIES_NAMES.has(attribute.name) ? [] : undefined;
  }
  if (use.kind !== "subscript" || columnOf(use.in, row) === undefined || hasComments(use.in)) return undefined;
  const name = textValue(asSubscript(use.in)?.indices[0]);
  return name !== undefined && isField(name) ? [replace(use.in, `${row.text}.${name}`)] : undefined;
}

/** `{row["a"]=}` in an f-string shows the text of the code. */
const isShownByName = (read: Node): boolean => read.ancestor("interpolation")?.hasToken("=") ?? false;

const isField = (name: string): boolean => FIELD.test(name) && !KEYWORDS.has(name);
