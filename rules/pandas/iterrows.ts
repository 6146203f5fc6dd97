/** `for index, row in df.iterrows()` builds one Series per row. */

import {
  asAssignment,
  asAttribute,
  asAugmented,
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  asSubscript,
  behindProgress,
  between,
  declined,
  defineRule,
  excerpt,
  fixOf,
  elementwise,
  hasComments,
  hasRowPerGroup,
  isNumber,
  isQuick,
  onlyPrints,
  onlyStatement,
  previousStatement,
  replace,
  returnBehind,
  SERIES_NAMES,
  textValue,
  unwrap,
  turnAsksModel,
  waitsOutside,
  useOf,
  wrapped,
  drawsCharts,
  type Declined,
  type Edit,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type ForLoop,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

/** Columns whose names cannot be fields of a named tuple, or mean something else there. */
const FIELD = /^[A-Za-z]\w*$/;
const KEYWORDS = new Set(
  "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield None True False Index".split(
    " ",
  ),
);

const COPIES = new Set(["list", "tuple", "dict", "set"].map((it) => `builtins.${it}`));

/** Libraries whose own frames have an `iterrows`; what Polars gives is called `iter_rows`. */
const OTHER_FRAMES = ["dask", "pyspark", "cudf", "modin", "vaex"];

/** What gives the rows on one by one: a counter, a part of them. */
const HANDS_ON = /^(builtins\.(enumerate|list|tuple)|itertools\.islice)$/;

export default defineRule({
  title: "DataFrame rows looped over with iterrows",
  why: "iterrows builds a new Series for every row and casts the row to one dtype. Operations on whole columns run in compiled code; if you need rows, itertuples gives lightweight tuples.",
  guide: "pandas",
  level: "warning",
  gain: "time",
  imports: ["pandas"],
  orWords: ["iterrows"],
  overrides: ["algorithms/nested-loop-join", "generators/accumulator-returned", "iteration/append-in-loop"],
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
    return (df["price"] * df["count"]).sum()
`,
    },
  ],

  on: ["for_statement", "for_in_clause"],

  find(node, { facts }) {
    const [target, right] = [node.field("left"), node.field("right")];
    if (!target || !right?.text.includes("iterrows")) return undefined;
    const iterable = behindProgress(right, facts.nameOf);
    const around = asCall(iterable);
    const wrapper = around && facts.nameOf(around.callee);
    const call =
      asMethodCall(iterable, "iterrows") ??
      (wrapper !== undefined && HANDS_ON.test(wrapper) ? asMethodCall(around!.args[0], "iterrows") : undefined);
    if (!call || call.args.length > 0) return undefined;
    const pair =
      wrapper === "builtins.enumerate" ? (target.children.length === 2 ? target.children[1] : undefined) : target;
    const region = asFor(node)?.body ?? node.parent!;
    const rows = pair ? namesOfRow(pair, region, facts) : [];
    const evidence = frameEvidence(call.object, rows.length > 0, facts);
    if (!evidence) return undefined;
    const isHandful =
      facts.isTest ||
      facts.sizeOf(iterable) === "light" ||
      isTypedIn(call.object, facts) ||
      hasRowPerGroup(call.object, facts) ||
      drawsCharts(region) ||
      onlyPrints(region) ||
      region.descendants("break_statement").length > 0 ||
      isSlow(region) ||
      (asFor(node) !== undefined && turnAsksModel(region, facts)) ||
      region.descendants("call").some((it) => waitsOutside(asCall(it), facts));
    const isLabelAlone = asksLabelsAlone(pair, region, facts);
    return {
      at: call.methodNode,
      evidence,
      weight:
        isHandful || takesRowsWhole(rows, region, facts)
          ? "light"
          : (rows.length === 0 || isLightWork(region, right, rows, facts)) && !isPart(call.object, facts)
            ? "heavy"
            : "unknown",
      construct: asFor(node)?.node ?? node.parent!,
      call,
      isDirect: call.node === unwrap(right),
      isLabelAlone,
      wayOut: wayOutOf(rows, region, facts),
      pair,
      node,
    };
  },

  message({ call, weight, isLabelAlone, wayOut }) {
    const hasName = /^[\w.]{1,60}$/.test(call.object.text);
    const shown = hasName ? `\`${call.object.text}.iterrows()\`` : "iterrows()";
    if (isLabelAlone)
      return `${shown} makes a Series for every row, and only the label is used: loop over ${hasName ? `\`${call.object.text}.index\`` : "the index"}.`;
    const isShown = weight === "unknown" ? ", which is noticeable unless each iteration takes far longer" : "";
    if (wayOut === "columns")
      return `${shown} makes a Series for every row${isShown}; work on whole columns where you can.`;
    const other = wayOut === "zip" ? "zip() over the columns" : "itertuples()";
    return isShown === ""
      ? `${shown} makes a Series for every row; work on whole columns, or use ${other}.`
      : `${shown} makes a Series for every row; ${other} does not${isShown}.`;
  },

  fix({ call, pair, isDirect, isLabelAlone, node }, file) {
    const loop = asFor(node);
    const region = loop?.body ?? (asComprehension(node.parent) ? node.parent : undefined);
    const names = pair && rowNames(pair);
    if (!names || !region || node.hasToken("async")) return declined("the pair of label and row is not unpacked here");
    if (isLabelAlone) return labels(region, pair, call, names, file);
    const isStated = file.facts.typeOf(call.object)?.name === "pandas.DataFrame";
    const summed = loop && isDirect && isStated ? wholeColumns(loop, call.object, names, file) : undefined;
    return summed ?? tuples(region, pair, call, names, file);
  },
});

/**
 * Only frames of pandas, and what is made like them, have a method of this name that gives pairs: where pairs are taken apart, it is evidence by itself.
 * A type that is known to be another is none.
 */
function frameEvidence(frame: Node, givesPairs: boolean, facts: Facts): Evidence | undefined {
  const typed = facts.typed(frame, "fair");
  if (typed) return facts.isA(frame, "pandas.DataFrame", "fair") ? typed.evidence : undefined;
  const alike = givesPairs ? facts.takenFor(frame, "frame") : undefined;
  return alike ?? (givesPairs && !OTHER_FRAMES.some((it) => facts.view.imports(it)) ? "strong" : undefined);
}

type WayOut = "tuples" | "zip" | "columns";

/** What could stand in its place: a tuple has no field `Total sales` or `_a`, and nothing but a Series is written to or handed on as one. */
function wayOutOf(rows: readonly Node[], region: Node, facts: Facts): WayOut {
  const reads = rows.flatMap((row) => facts.readsOf(row, region)).filter((it) => !rowTakenOut(it));
  if (reads.some((it) => isNeededAsSeries(it, facts))) return "columns";
  const columns = reads.map((it) => textValue(asSubscript(useOf(it).in)?.indices[0]));
  return columns.some((it) => it !== undefined && !isField(it)) ? "zip" : "tuples";
}

function isNeededAsSeries(read: Node, facts: Facts): boolean {
  const { kind, call } = useOf(read);
  if (kind === "argument") return !/^builtins\./.test(facts.nameOf(asCall(call)!.callee) ?? "");
  return ["attribute-store", "subscript-store", "subscript-delete", "returned", "yielded", "element"].includes(kind);
}

/** A table that a person edits in a page. */
function isTypedIn(frame: Node, facts: Facts): boolean {
  const value = frame.kind === "identifier" ? facts.valueOf(frame) : undefined;
  return /(?:^|\.)(?:experimental_)?data_editor$/.test(asCall(value)?.callee.text ?? "");
}

/** Some rows of a table: those that fit a condition, or one of each kind. How many is left open. */
function isPart(frame: Node, facts: Facts): boolean {
  const made = frame.kind === "identifier" ? facts.valueOf(frame) : unwrap(frame);
  const method = asMethodCall(made);
  if (method) return /^(?:query|drop_duplicates|isin|sample|nlargest|nsmallest)$/.test(method.method);
  const [index] = asSubscript(made)?.indices ?? [];
  return index !== undefined && /^(?:comparison|boolean|binary|unary|not)_operator$/.test(unwrap(index).kind);
}

/** Each turn copies whole settings or objects, groups a table, or makes a document or picture: beside that a Series is nothing. */
const isSlow = (region: Node): boolean =>
  /\bdeepcopy\(|\.groupby\(|\b(?:generate|create|make|render|build|save|write)_(?:\w+_)?(?:pdf|image|report|chart|plot|map)\w*\(/.test(
    region.text,
  );

/** Only the label is asked for: the index has it, and there is nothing to look up in rows. */
function asksLabelsAlone(pair: Node | undefined, region: Node, facts: Facts): boolean {
  const names = pair && pair.kind !== "identifier" ? rowNames(pair) : undefined;
  return names !== undefined && facts.readsOf(names.row, region).length === 0;
}

/** The row is never asked for a column: `*row.astype(str)`, `**row`, `row.values`. Neither columns nor tuples would do that for less work. */
function takesRowsWhole(rows: readonly Node[], region: Node, facts: Facts): boolean {
  const reads = rows.flatMap((row) => facts.readsOf(row, region)).filter((it) => !rowTakenOut(it));
  return reads.length > 0 && reads.every((it) => isTakenWhole(it));
}

/** These are asked of the whole table as well. */
const EASY = new Set(["get", "to_dict", "tolist", "to_list", "items"]);

function isTakenWhole(read: Node): boolean {
  const use = useOf(read);
  if (read.parent?.kind === "dictionary_splat" || read.parent?.kind === "list_splat") return true;
  return (
    (use.kind === "method" && SERIES_NAMES.has(use.name ?? "") && !EASY.has(use.name ?? "")) ||
    (use.kind === "attribute" && use.name === "values")
  );
}

/**
 * Little else is done than to look at the row: then what a turn costs is the Series made for it. Beside unknown calls
 * it may cost nothing to speak of, and whoever only makes lists or dicts of whole rows is not helped by columns.
 */
function isLightWork(region: Node, head: Node, rows: readonly Node[], facts: Facts): boolean {
  const isOfRow = (it: Node): boolean =>
    it.kind === "identifier"
      ? rows.some((row) => row.text === it.text)
      : [it.field("object"), it.field("value"), it.field("function")].some(
          (inner) => inner !== undefined && isOfRow(inner),
        );
  const isLight = (it: Node) => it.isInside(head) || isQuick(asCall(it), facts) || isOfRow(it.field("function")!);
  const reads = rows.flatMap((row) => facts.readsOf(row, region)).filter((it) => !rowTakenOut(it));
  const isTakenWhole = (read: Node) => {
    const use = useOf(read);
    return (
      (use.kind === "method" && SERIES_NAMES.has(use.name ?? "")) ||
      (use.kind === "argument" && COPIES.has(facts.nameOf(asCall(use.call)?.callee ?? read) ?? ""))
    );
  };
  // A turn that loops itself takes longer than the Series.
  const isNested = (it: Node) => {
    const over = it.field("right");
    return over?.id !== head.id && !rows.some((row) => asksFor(over, row));
  };
  if (region.descendants("for_statement", "while_statement", "for_in_clause").some(isNested)) return false;
  return region.descendants("call").every(isLight) && (reads.length === 0 || !reads.every(isTakenWhole));
}

const asksFor = (iterable: Node | undefined, row: Node): boolean => iterable?.identifiers(row.text)[0] !== undefined;

/** What the row goes by in a turn: its own name, or that of the pair and what is taken out of it. */
function namesOfRow(pair: Node, region: Node, facts: Facts): readonly Node[] {
  if (pair.kind !== "identifier") return [rowNames(pair)?.row].filter((it) => it !== undefined);
  const taken = facts.readsOf(pair, region).flatMap((it) => rowTakenOut(it) ?? []);
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
  return (pair.kind === "pattern_list" || pair.kind === "tuple_pattern") &&
    index?.kind === "identifier" &&
    row?.kind === "identifier" &&
    !more &&
    index.text !== row.text
    ? { index, row }
    : undefined;
}

/** The reads that may see what the loop gives the name; undefined if one of them stands outside it, or something else binds the name there. */
function readsIn(region: Node, name: Node, { facts }: File): readonly Node[] | undefined {
  if (facts.isRemote(name) || facts.writesOf(name, region).some((it) => it.name !== name)) return undefined;
  return facts.isSeenOutside(name, region) ? undefined : facts.readsOf(name, region);
}

/** `total += expression of the row`, alone in the loop: one sum over columns. */
function wholeColumns(loop: ForLoop, frame: Node, { index, row }: RowNames, file: File): Fix | undefined {
  const { facts } = file;
  const sum = asAugmented(onlyStatement(loop.body));
  if (!sum || loop.orElse || sum.operator !== "+=" || sum.target.kind !== "identifier" || hasComments(loop.node))
    return undefined;
  if (frame.kind !== "identifier" || [index, row].some((it) => !readsIn(loop.body, it, file))) return undefined;
  const starts = facts.reachingSites(sum.target).filter((it) => it.owner !== sum.node);
  if (
    starts.length === 0 ||
    !starts.every(
      (it) => it.kind === "augment" || (it.kind === "assign" && it.value && isNumber(facts.typeOf(it.value))),
    )
  )
    return undefined;

  let columns = 0;
  const expression = elementwise(sum.value, {
    leaf(node) {
      const column = columnOf(node, row);
      if (column === undefined) return undefined;
      columns++;
      return `${frame.text}[${column}]`;
    },
    isInvariant: (it) =>
      it.kind === "identifier" &&
      ["int", "float"].includes(facts.typeOf(it)?.name ?? "") &&
      ![row, index, sum.target].some((name) => name.text === it.text),
  });
  if (expression === undefined || columns === 0) return undefined;
  const total = /^\w+\["[^"]*"\]$/.test(expression) ? `${expression}.sum()` : `(${expression}).sum()`;
  return {
    title: "Sum whole columns",
    doubts: [
      "floats are added in another order",
      "missing values are skipped",
      "values keep their column's dtype",
      "the sum is a NumPy number even for an empty frame, which must have the columns too",
    ],
    edits: summed(loop, sum.target, sum.node, total, facts),
  };
}

/** The sum alone where the name begins at nothing right above, and is returned where that is all there is of it. */
function summed(loop: ForLoop, name: Node, statement: Node, total: string, facts: Facts): readonly Edit[] {
  const start = previousStatement(loop.node);
  const begun = asAssignment(start);
  const [target, more] = begun?.targets ?? [];
  const isNothing = start && begun?.value && /^0(\.0*)?$/.test(begun.value.text) && target?.text === name.text && !more;
  const last = isNothing ? returnBehind(start, loop.node, name, facts) : undefined;
  return last
    ? [replace(between(start!, last), `return ${total}`)]
    : [replace(between(loop.node, statement), `${name.text} += ${total}`)];
}

/** The column of `row["column"]`, as written, or of `row.column`. */
function columnOf(node: Node, row: Node): string | undefined {
  const attribute = asAttribute(node);
  if (attribute)
    return attribute.object.kind === "identifier" &&
      attribute.object.text === row.text &&
      !SERIES_NAMES.has(attribute.name)
      ? `"${attribute.name}"`
      : undefined;
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  const isRow = subscript?.value.kind === "identifier" && subscript.value.text === row.text;
  return isRow && key && !more && textValue(key) !== undefined ? key.text : undefined;
}

/** `for label in frame.index`: nobody asks for the row, after the loop either. */
function labels(region: Node, pair: Node, call: MethodCall, { index, row }: RowNames, file: File): Fix | Declined {
  if (!readsIn(region, row, file)) return declined("the row is used after the loop");
  if (hasComments(pair) || hasComments(call.node)) return declined("a comment would be lost");
  return fixOf(
    "Loop over the index",
    ["the loop must not change the labels", `\`${excerpt(call.object.text, 30)}\` must be a DataFrame`],
    [replace(pair, index.text), replace(call.node, `${call.object.text}.index`)],
  );
}

/** `for row in frame.itertuples()` with `row["a"]` as `row.a`; only where every use of the row is such a read and the frame stays as it is. */
function tuples(region: Node, pair: Node, call: MethodCall, { index, row }: RowNames, file: File): Fix | Declined {
  const [reads, indexReads] = [readsIn(region, row, file), readsIn(region, index, file)];
  if (!reads || !indexReads) return declined("a name of the loop is used after it, or assigned in it");
  if (hasComments(call.argumentList)) return declined("a comment would be lost");
  if (call.object.kind === "identifier" && file.facts.isStableIn(call.object, region) === "no")
    return declined(`the loop changes \`${call.object.text}\``);
  // A column that is missing raises another error: somebody may wait for the one there is now.
  if (reads.some(isInKeyErrorHandler)) return declined("a KeyError is caught here, but tuples raise AttributeError");
  if ([...reads, ...indexReads].some(isShownByName)) return declined("an f-string shows the text of the code");
  const fields = reads.map((it) => fieldOf(it, row));
  if (!fields.every((it) => it !== undefined))
    return declined(`\`${row.text}\` is used as a whole, or by a column name that is not an attribute of a tuple`);
  const edits = [...fields.flat(), ...indexReads.map((it) => replace(wrapped(it), `${row.text}.Index`))];
  const isStated = file.facts.typeOf(call.object)?.name === "pandas.DataFrame";
  return fixOf(
    "Use itertuples()",
    [
      "rows become tuples, and values keep their column's dtype instead of being cast to one dtype per row",
      "numbers are those of Python, not of NumPy: dividing by zero raises",
      "no two columns may have one name",
      !isStated && `\`${excerpt(call.object.text, 30)}\` must be a DataFrame`,
    ],
    [
      replace(pair, row.text),
      replace(call.methodNode, "itertuples"),
      replace(call.argumentList, indexReads.length > 0 ? "()" : "(index=False)"),
      ...edits,
    ],
  );
}

function isInKeyErrorHandler(read: Node): boolean {
  const parts = read.ancestor("try_statement")?.children ?? [];
  return parts.some((it) => it.kind === "except_clause" && /KeyError|LookupError/.test(it.text));
}

/** `row["a"]` becomes `row.a`, and `row.a` stays; undefined where a field of a tuple cannot stand for it. */
function fieldOf(read: Node, row: Node): readonly Edit[] | undefined {
  const use = useOf(read);
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
