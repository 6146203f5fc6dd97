/**
 * `pd.read_csv(path)["price"]`, `table.to_pandas().set_index("day")["price"]`, `pd.read_csv(path).head()`: all is read or converted, and a part of it kept.
 * `table[table["price"] > 3]["count"]`: the rows are copied with all of their columns, and one of these kept.
 * `a.merge(b, on="day")[["price", "count"]]`: two whole tables are joined or sorted, and some columns kept.
 * `a.groupby("day").mean()["price"]`: every column is worked out for each group, and one of them kept.
 */

import {
  argumentOf,
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  between,
  choosesPart,
  COLUMN_OPTIONS,
  declined,
  defineRule,
  excerpt,
  filterIn,
  fixOf,
  frameEvidence,
  functionAround,
  hasComments,
  integerOf,
  maskEvidence,
  readsMemory,
  remove,
  replace,
  ROW_OPTIONS,
  textIn,
  ATOM,
  textValue,
  unwrap,
  weakest,
  withArgument,
  wrapped,
  type Call,
  type Evidence,
  type Facts,
  type Filter,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

/** What makes a table of pandas of another one, column by column. */
const CONVERTS = new Set(["to_pandas", "toPandas"]);

export default defineRule({
  title: "Part of a table chosen after all of it was read or copied",
  why: "The reader parses all rows and columns, or a conversion or a mask of rows copies them, and then most of it is thrown away. Told at once which columns or how many rows are wanted, it does nothing else.",
  guide: "pandas-scale",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  overrides: ["iteration/repeated-pure-call", "pandas/whole-csv-read"],
  imports: ["pandas", "polars"],
  orWords: ["to_pandas", "toPandas"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def prices(path: str) -> list[float]:
    return pd.read_csv(path)["price"].tolist()
`,
      after: `
import pandas as pd

def prices(path: str) -> list[float]:
    return pd.read_csv(path, usecols=["price"])["price"].tolist()
`,
    },
    {
      before: `
import pandas as pd

def preview(path: str) -> pd.DataFrame:
    return pd.read_csv(path).head(20)
`,
      after: `
import pandas as pd

def preview(path: str) -> pd.DataFrame:
    return pd.read_csv(path, nrows=20)
`,
    },
  ],

  on: ["subscript", "call", "attribute"],

  find(node, { facts }): Found | undefined {
    const ofRows = ofMaskedRows(node, facts);
    if (ofRows) return ofRows;
    const ofJoined = ofMadeTable(node, facts) ?? ofGroups(node, facts);
    if (ofJoined) return ofJoined;
    const chosen = withIndex(choiceOf(node));
    const call = asCall(chosen?.of);
    if (!chosen || !call || call.hasSplat || facts.isTest) return undefined;
    const converted = chosen.columns && convertedBy(call, facts);
    const name = converted ? undefined : facts.nameOf(call.callee);
    const option = name && (chosen.columns ? COLUMN_OPTIONS : ROW_OPTIONS)[name];
    if (!converted && !option) return undefined;
    // Only to make a Series of a file that has one column beside its index.
    if (option && chosen.isByPlace && chosen.columns![0] === "0") return undefined;
    if (choosesPart(call) || readsMemory(call, facts)) return undefined;
    // A column that the reader makes an index of is not among the others.
    if (chosen.index && call.keywords.has("index_col")) return undefined;
    const isNamed = chosen.key !== undefined && namesIn(chosen.key) === undefined;
    const known = isNamed ? facts.typed(chosen.key!, "fair")?.type.name : undefined;
    if (known !== undefined && known !== "str" && known !== "list") return undefined;
    const weight = facts.weightOf(node) === "light" ? ("unknown" as const) : facts.weightOf(node);
    return {
      at: call.callee,
      construct: node,
      evidence: converted
        ? converted.evidence
        : isNamed && known === undefined
          ? ("fair" as const)
          : ("proof" as const),
      weight,
      chosen,
      call,
      converted,
      option,
      masked: undefined,
      made: undefined,
    };
  },

  message({ chosen, call, converted, option, masked, made }) {
    if (made) return MADE_MESSAGES[made](chosen);
    if (masked) {
      const columns = chosen.columns!.length === 1 ? `\`${excerpt(chosen.columns![0]!, 30)}\`` : "these columns";
      return `The rows are copied with all columns of \`${excerpt(masked.frame.text, 30)}\`, and only ${columns} ${chosen.columns!.length === 1 ? "is" : "are"} kept; \`.loc\` takes rows and columns at once.`;
    }
    const what = `\`${excerpt(call.callee.text, 40)}\``;
    const kept = chosen.columns
      ? chosen.columns.length === 1
        ? chosen.isByPlace
          ? "only one of them is kept"
          : chosen.index
            ? `only \`${excerpt(chosen.columns[0]!, 30)}\` and the index are kept`
            : `only \`${excerpt(chosen.columns[0]!, 30)}\` is kept`
        : "only some columns are kept"
      : chosen.isHeader
        ? "only the names of the columns are kept"
        : "only the first rows are kept";
    return converted
      ? `${what} converts every column, and ${kept}; choose before the conversion.`
      : `${what} reads ${chosen.columns ? "all columns" : "the whole file"}, and ${kept}; \`${option!}=\` reads nothing else.`;
  },

  fix({ chosen, call, converted, option, construct, masked, made, evidence }, { facts }) {
    if (made) return declined(MADE_DECLINED[made]);
    if (hasComments(construct)) return declined("a comment would be lost");
    if (masked) {
      if (evidence === "fair") return declined("it is not certain to be a DataFrame, or the mask to be one");
      return fixOf(
        "Take rows and columns at once",
        [`\`${excerpt(masked.frame.text, 30)}\` must be a DataFrame`],
        [replace(construct, `${textIn(unwrap(masked.frame), ATOM)}.loc[${masked.mask.text}, ${chosen.key!.text}]`)],
      );
    }
    if (converted) {
      if (!converted.isSubscriptable || !chosen.key)
        return declined("how columns are chosen depends on what is converted");
      const method = asMethodCall(call.node)!;
      const of = textIn(unwrap(method.object), ATOM);
      const converting = `${method.method}${call.argumentList?.text ?? "()"}`;
      const text = chosen.index
        ? `${of}[[${wantedOf(chosen).join(", ")}]].${converting}${construct.text.slice(call.node.end - construct.start)}`
        : `${of}[${chosen.key.text}].${converting}`;
      if (chosen.index && construct.start !== call.node.start) return declined("there are parentheses around it");
      return fixOf(
        "Choose the columns first",
        ["the rows must keep no index of their own"],
        [replace(construct, text)],
      );
    }
    if (call.keywords.has("index_col") || call.args.length > 1)
      return declined("the other arguments name columns or rows of their own");
    if (chosen.columns) {
      if (chosen.isByPlace) return declined("the column is chosen by its place");
      if (chosen.key && namesIn(chosen.key) === undefined && facts.typeOf(chosen.key)?.name !== "str")
        return declined("it is not certain that one column is named");
      if (call.keywords.has("names") || call.keywords.has("header") || call.keywords.has("skiprows"))
        return declined("the columns get their names from the arguments");
      const list = `[${wantedOf(chosen).join(", ")}]`;
      const edit = withArgument(call, `${option!}=${list}`);
      return edit
        ? fixOf("Read these columns only", ["a missing column fails with another error"], [edit])
        : declined("the arguments cannot be added to");
    }
    const edit = withArgument(call, `nrows=${chosen.rows!}`);
    if (!edit) return declined("the arguments cannot be added to");
    if (chosen.isHeader)
      return fixOf("Read the names only", ["mistakes further down in the file are not seen"], [edit]);
    if (construct.start !== call.node.start) return declined("there are parentheses around it");
    return fixOf(
      "Read these rows only",
      [
        "types follow from these rows alone",
        "mistakes further down in the file are not seen",
        !/^\d+$/.test(chosen.rows!) && `\`${chosen.rows!}\` must be an int that is not negative`,
      ],
      [edit, remove({ ...between(call.node, construct), start: call.node.end })],
    );
  },
});

interface Chosen extends Match {
  readonly construct: Node;
  readonly chosen: Choice;
}

/** Of a table that a call reads or converts. */
interface OfTable extends Chosen {
  readonly call: Call;
  readonly converted: Converted | undefined;
  readonly option: string | undefined;
  readonly masked: undefined;
  readonly made: undefined;
}

/** Of the rows that a mask has chosen before. */
interface OfRows extends Chosen {
  readonly call: undefined;
  readonly converted: undefined;
  readonly option: undefined;
  readonly masked: Filter;
  readonly made: undefined;
}

/** Of what a join or a sort has made of whole tables. */
interface OfMade extends Chosen {
  readonly call: undefined;
  readonly converted: undefined;
  readonly option: undefined;
  readonly masked: undefined;
  readonly made: Making;
}

type Making = "merge" | "sort" | "groups";

type Found = OfTable | OfRows | OfMade;

const columnsOf = ({ columns }: Choice): string =>
  columns!.length === 1 ? `\`${excerpt(columns![0]!, 30)}\` is` : "some are";

const MADE_MESSAGES: Readonly<Record<Making, (chosen: Choice) => string>> = {
  merge: (chosen) =>
    `Both tables are joined with all of their columns, and only ${columnsOf(chosen)} kept; choose the columns of each before the join.`,
  sort: (chosen) =>
    `All columns are put in order, and only ${columnsOf(chosen)} kept; choose the columns before they are sorted.`,
  groups: (chosen) =>
    `Every column is worked out for each group, and only ${columnsOf(chosen)} kept; choose the columns behind the grouping.`,
};

const MADE_DECLINED: Readonly<Record<Making, string>> = {
  merge: "which table has which column is not known",
  sort: "the order may go by other columns",
  groups: "whether the column is one of the groups' keys is not known",
};

/** More columns than this may well be all that there are. */
const MANY = 8;

/** `pd.merge(a, b)[["x", "y"]]`, `a.sort_values("x")[["x", "y"]]`, also by way of a name that serves for nothing else. */
function ofMadeTable(node: Node, facts: Facts): OfMade | undefined {
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  const columns = key && !more && !facts.isTest && !isStored(node) ? namesIn(key) : undefined;
  if (!subscript || !key || !columns || columns.length > MANY) return undefined;
  const of = unwrap(subscript.value);
  const made = of.kind === "identifier" ? madeForOnly(of, node, facts) : of;
  const call = asCall(made);
  if (!call || call.hasSplat) return undefined;
  const method = asMethodCall(call.node, "merge", "sort_values");
  const isFunction = facts.nameOf(call.callee) === "pandas.merge";
  // `column.sort_values()` has nothing to sort by.
  if (!isFunction && (!method || call.keywords.has("inplace") || !argumentOf(call, "by", 0))) return undefined;
  const isMerge = isFunction || method!.method === "merge";
  const right = isMerge ? argumentOf(call, "right", isFunction ? 1 : 0) : undefined;
  const left = isFunction ? argumentOf(call, "left", 0) : method!.object;
  const sides = isMerge ? [left, right] : [left];
  const wide = sides.filter((it) => it && !isNarrow(it, facts));
  if (wide.length === 0 || sides.some((it) => !it)) return undefined;
  const evidence = isFunction ? ("strong" as const) : frameEvidence(left!, facts);
  if (!evidence || wide.every((it) => facts.sizeOf(it!) === "light")) return undefined;
  // What was worked out is put in order in no time; what was read may be long and wide.
  if (!isMerge && !isRead(left!, facts)) return undefined;
  return {
    at: key,
    construct: node,
    evidence,
    weight: facts.weightOf(node) === "heavy" ? "heavy" : "unknown",
    chosen: { of, columns, key },
    call: undefined,
    converted: undefined,
    option: undefined,
    masked: undefined,
    made: isMerge ? "merge" : "sort",
  };
}

/** One value of each column for each group. */
const OF_GROUPS = new Set("mean sum count min max median std var first last nunique prod sem quantile".split(" "));

/** `a.groupby("day").mean()["price"]`, `a.resample("W").sum()[["price"]]`, also behind `reset_index()` or by a name of which nothing else is read than its index. */
function ofGroups(node: Node, facts: Facts): OfMade | undefined {
  if (facts.isTest || node.kind !== "subscript" || asSubscript(node)?.indices.length !== 1) return undefined;
  const home = functionAround(node) ?? node.tree.root;
  return facts.memo("columns of groups", home, () => groupsIn(home, facts)).get(node);
}

/** One finding for a table in a function or script: who does it once mostly does it in each line. */
function groupsIn(home: Node, facts: Facts): ReadonlyMap<Node, OfMade> {
  const told = new Map<string, OfMade>();
  for (const it of home.descendants("subscript")) {
    const found = (functionAround(it) ?? it.tree.root) === home ? groupsAt(it, facts) : undefined;
    if (found && !told.has(found.table)) told.set(found.table, found.made);
  }
  return new Map([...told.values()].map((it) => [it.construct, it]));
}

function groupsAt(node: Node, facts: Facts): { readonly table: string; readonly made: OfMade } | undefined {
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  const columns = key && !more && !isStored(node) ? namesIn(key) : undefined;
  if (!subscript || !key || !columns || columns.length > FEW) return undefined;
  const of = unwrap(subscript.value);
  const value = of.kind === "identifier" ? facts.valueOf(of) : of;
  const reduced = value && aggregateOf(unwrap(value));
  if (!reduced || (of.kind === "identifier" && !isReadForOne(of, node, columns, value!, facts))) return undefined;
  const grouping = asMethodCall(unwrap(reduced.object), "groupby", "resample");
  if (!grouping || grouping.hasSplat || grouping.keywords.has("axis")) return undefined;
  const table = grouping.object;
  const evidence = frameEvidence(table, facts);
  if (!evidence || facts.sizeOf(table) === "light" || isNarrow(table, facts)) return undefined;
  // The key itself is all that is asked for, or stands among the columns again.
  const keys = grouping.args[0]?.text ?? "";
  if (columns.every((it) => keys.includes(it.slice(1, -1)))) return undefined;
  const made: OfMade = {
    at: key,
    construct: node,
    evidence,
    weight: facts.weightOf(node) === "heavy" ? "heavy" : "unknown",
    chosen: { of, columns, key },
    call: undefined,
    converted: undefined,
    option: undefined,
    masked: undefined,
    made: "groups",
  };
  return { table: table.text, made };
}

/** More columns of groups than this may well be all that there are. */
const FEW = 3;

/** Looks through `reset_index()`. */
function aggregateOf(value: Node) {
  const reset = asMethodCall(value, "reset_index");
  const method = asMethodCall(reset && !reset.hasSplat ? unwrap(reset.object) : value);
  if (!method || method.hasSplat) return undefined;
  const isNamed = /^agg(?:regate)?$/.test(method.method) && method.keywords.size === 0 && method.args.length === 1;
  return OF_GROUPS.has(method.method) || (isNamed && OF_GROUPS.has(textValue(method.args[0]) ?? ""))
    ? method
    : undefined;
}

/** Every read of the name takes the same columns, or the index; only the first of them is told. */
function isReadForOne(name: Node, choice: Node, columns: readonly string[], value: Node, facts: Facts): boolean {
  const [site, more] = facts.reachingSites(name);
  if (!site || more || facts.isRemote(name) || facts.loopAround(value) !== facts.loopAround(choice)) return false;
  const reads = facts.memo("reads of a table that is made", site.name, () => facts.readsSeeing(site.name));
  return (
    reads.length <= MANY &&
    reads.find((it) => asSubscript(it.parent)) === name &&
    reads.every((it) => {
      const [key, another] = asSubscript(it.parent)?.indices ?? [];
      return key
        ? !another && namesIn(key)?.join() === columns.join() && !isStored(it.parent!)
        : asAttribute(it.parent)?.name === "index" && !isStored(it.parent!);
    })
  );
}

/** What a reader gave, by a name or not. */
function isRead(table: Node, facts: Facts): boolean {
  const node = unwrap(table);
  const call = asCall(node.kind === "identifier" ? facts.valueOf(node) : node);
  return call !== undefined && /^pandas\.read_/.test(facts.nameOf(call.callee) ?? "");
}

/** What the name stands for, if nothing else reads that. */
function madeForOnly(name: Node, choice: Node, facts: Facts): Node | undefined {
  const value = facts.valueOf(name);
  const isMaking = value && /^(?:merge|sort_values)$/.test(asAttribute(asCall(unwrap(value))?.callee)?.name ?? "");
  const [site, more] = isMaking ? facts.reachingSites(name) : [];
  if (!site || more || facts.isRemote(name)) return undefined;
  const [only, others] = facts.memo("reads of a table that is made", site.name, () => facts.readsSeeing(site.name));
  return only && !others && only.isInside(choice) && facts.loopAround(value!) === facts.loopAround(choice)
    ? unwrap(value!)
    : undefined;
}

/** Some columns are chosen already, or it is made with a few. */
function isNarrow(table: Node, facts: Facts, depth = 0): boolean {
  const node = unwrap(table);
  if (depth > 4) return false;
  const [key, more] = asSubscript(node)?.indices ?? [];
  if (key) return more !== undefined || key.kind === "list" || isNarrow(asSubscript(node)!.value, facts, depth + 1);
  if (node.kind === "identifier") {
    const value = facts.valueOf(node);
    return value !== undefined && isNarrow(value, facts, depth + 1);
  }
  const call = asCall(node);
  if (!call) return false;
  const method = asMethodCall(node);
  // `drop(columns=…)` names what goes.
  const isPart = method?.method !== "drop" && choosesPart(call);
  if (isPart || facts.nameOf(call.callee) === "pandas.DataFrame") return true;
  if (!method) return false;
  return (
    /^(?:agg|aggregate|value_counts|to_frame|melt|stack|filter|select|size|count|sum|mean|nunique|pivot|pivot_table|crosstab|isna|describe)$/.test(
      method.method,
    ) || isNarrow(method.object, facts, depth + 1)
  );
}

/** One finding for a table in a function, where it matters most: who does it once mostly does it in each line. */
function ofMaskedRows(node: Node, facts: Facts): OfRows | undefined {
  if (facts.isTest || !maskedRows(node)) return undefined;
  const home = functionAround(node) ?? node.tree.root;
  return facts.memo("columns of masked rows", home, () => toldIn(home, facts)).get(node);
}

/** By the place that runs most often of all that take columns of one table. */
function toldIn(home: Node, facts: Facts): ReadonlyMap<Node, OfRows> {
  const groups = new Map<string, OfRows[]>();
  for (const it of home.descendants("subscript")) {
    const form = maskedRows(it);
    const found = form && (functionAround(it) ?? it.tree.root) === home ? foundOf(it, form, facts) : undefined;
    if (!found) continue;
    const group = groups.get(found.masked.frame.text);
    if (group) group.push(found);
    else groups.set(found.masked.frame.text, [found]);
  }
  const told = [...groups.values()].map((group) => {
    const first = group.find((it) => it.weight === "heavy") ?? group[0]!;
    const others = group.filter((it) => it !== first).slice(0, 5);
    return { ...first, related: others.map((it) => ({ at: it.masked.mask, message: "another one" })) };
  });
  return new Map(told.map((it) => [it.construct, it]));
}

interface MaskedRows {
  readonly masked: Filter;
  readonly key: Node;
  readonly columns: readonly string[];
}

/** `table[table["price"] > 3]["count"]`, `table.loc[mask][["price", "count"]]`, by their form. */
function maskedRows(node: Node): MaskedRows | undefined {
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  const columns = key && !more ? namesIn(key) : undefined;
  const masked = subscript && columns ? filterIn(unwrap(subscript.value)) : undefined;
  return masked && key && columns && textValue(masked.mask) === undefined && !isStored(node)
    ? { masked, key, columns }
    : undefined;
}

function foundOf(node: Node, { masked, key, columns }: MaskedRows, facts: Facts): OfRows | undefined {
  const evidence = weakest(
    maskEvidence(masked.mask, masked.frame.text, facts) ?? heldMask(masked, facts),
    frameEvidence(masked.frame, facts),
  );
  if (!evidence || facts.sizeOf(masked.frame) === "light" || filterIn(unwrap(masked.frame))) return undefined;
  return {
    at: masked.mask,
    construct: node,
    evidence,
    weight: facts.weightOf(node) === "heavy" ? "heavy" : "unknown",
    chosen: { of: asSubscript(node)!.value, columns, key },
    call: undefined,
    converted: undefined,
    option: undefined,
    masked,
    made: undefined,
  };
}

/** `is_new = table["age"] < 3` further up. */
function heldMask({ mask, frame }: Filter, facts: Facts): Evidence | undefined {
  const held = mask.kind === "identifier" ? facts.valueOf(mask) : undefined;
  return held && maskEvidence(held, frame.text, facts);
}

interface Choice {
  /** What it is chosen from. */
  readonly of: Node;
  /** The names of columns, as written. */
  readonly columns?: readonly string[];
  readonly key?: Node;
  /** How many rows, as written. */
  readonly rows?: string;
  /** By a number. */
  readonly isByPlace?: boolean;
  /** The names of the columns are kept, and no rows. */
  readonly isHeader?: boolean;
  /** The columns that became the index in between, as written. */
  readonly index?: readonly string[];
}

/** All columns that have to be there, each once. */
const wantedOf = ({ columns, index }: Choice): readonly string[] => [...new Set([...(index ?? []), ...columns!])];

/** Looks through `.set_index("day")` and `.sort_index()`, which need no column but those they name. */
function withIndex(chosen: Choice | undefined): Choice | undefined {
  if (!chosen?.key) return chosen;
  let { of } = chosen;
  let index: readonly string[] | undefined;
  for (
    let method = asMethodCall(of, "set_index", "sort_index");
    method;
    method = asMethodCall(of, "set_index", "sort_index")
  ) {
    if (method.hasSplat || method.keywords.has("inplace")) return undefined;
    if (method.method === "set_index") {
      const [key, more] = method.args;
      const names = key && !more && method.keywords.size === 0 ? namesIn(key) : undefined;
      if (!names || index) return undefined;
      index = names;
    }
    of = unwrap(method.object);
  }
  return index ? { ...chosen, of, index } : chosen;
}

function choiceOf(node: Node): Choice | undefined {
  const subscript = asSubscript(node);
  if (subscript) {
    const [key, more, third] = subscript.indices;
    const part = asAttribute(subscript.value);
    if (key?.text === ":" && more && !third && (part?.name === "loc" || part?.name === "iloc")) {
      const columns = part.name === "loc" ? namesIn(more) : integerOf(more) === undefined ? undefined : [more.text];
      return columns && !isStored(node)
        ? { of: unwrap(part.object), columns, isByPlace: part.name === "iloc" }
        : undefined;
    }
    if (!key || more) return undefined;
    const columns = namesIn(key) ?? (NAMED.test(key.text) || isOneColumn(key, node) ? [key.text] : undefined);
    if (columns) return isStored(node) ? undefined : { of: unwrap(subscript.value), columns, key };
    const rows = /^:\s*(\d+|[A-Za-z_]\w*)$/.exec(key.text)?.[1];
    return rows === undefined ? undefined : { of: unwrap(part?.name === "iloc" ? part.object : subscript.value), rows };
  }
  const head = asMethodCall(node, "head");
  if (head) {
    const call = asCall(node)!;
    const count = argumentOf(call, "n", 0);
    if (count && integerOf(count) === undefined && count.kind !== "identifier") return undefined;
    return (integerOf(count) ?? 1) > 0 ? { of: unwrap(head.object), rows: count?.text ?? "5" } : undefined;
  }
  const columns = asAttribute(node);
  return columns?.name === "columns" ? { of: unwrap(columns.object), rows: "0", isHeader: true } : undefined;
}

/** A name that says it holds the name of a column. */
const NAMED = /^[\w.]*(?:col|column|columns|cols|field|fields|feature|features|_name|target|label)$/i;

/** What is chosen is asked for what only a single column has. */
const isOneColumn = (key: Node, chosen: Node): boolean =>
  key.kind === "identifier" && /^(?:tolist|to_list|unique|nunique)$/.test(asAttribute(chosen.parent)?.name ?? "");

/** `"a"`, `["a", "b"]`. */
function namesIn(key: Node): readonly string[] | undefined {
  if (textValue(key) !== undefined) return [key.text];
  if (key.kind !== "list" || key.children.length === 0) return undefined;
  return key.children.every((it) => textValue(it) !== undefined) ? key.children.map((it) => it.text) : undefined;
}

const isStored = (node: Node): boolean => {
  const parent = wrapped(node).parent;
  return parent?.field("left") === node && parent.kind !== "comparison_operator" && parent.kind !== "binary_operator";
};

interface Converted {
  readonly evidence: "proof" | "strong" | "fair";
  /** `table[column].to_pandas()` works too. */
  readonly isSubscriptable: boolean;
}

/** A table of another library becomes one of pandas. */
function convertedBy(call: Call, facts: Facts): Converted | undefined {
  const method = asMethodCall(call.node, ...CONVERTS);
  if (!method) return undefined;
  const type = facts.typed(method.object, "fair");
  if (!type) return { evidence: "fair", isSubscriptable: false };
  const { name } = type.type;
  if (/LazyFrame$/.test(name)) return { evidence: type.evidence, isSubscriptable: false };
  return /^(polars|pyarrow|pyspark|datasets)\./.test(name)
    ? { evidence: type.evidence, isSubscriptable: name === "polars.DataFrame" && type.evidence === "proof" }
    : undefined;
}
