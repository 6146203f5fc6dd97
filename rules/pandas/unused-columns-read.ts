/** `df = pd.read_csv(path)` of which only `df["a"]` and `df["b"]` are used: all other columns are parsed for nothing. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asFor,
  asMethodCall,
  asSubscript,
  choosesPart,
  COLUMN_OPTIONS,
  declined,
  defineRule,
  excerpt,
  fixOf,
  FRAME_NAMES,
  functionAround,
  nameGiven,
  readsMemory,
  textValue,
  unwrap,
  useOf,
  withArgument,
  wrapped,
  type Call,
  type Facts,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Columns read that nothing uses",
  why: "Every column of the file is parsed and kept in memory as long as the frame is, though only a few are looked at. Told which columns are wanted, the reader skips the others; of a Parquet file they are not even read from the disk.",
  guide: "pandas-scale",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  imports: ["pandas"],
  overrides: ["iteration/repeated-pure-call", "pandas/whole-csv-read"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def revenue(path: str) -> float:
    orders = pd.read_csv(path)
    return float((orders["price"] * orders["count"]).sum())
`,
      after: `
import pandas as pd

def revenue(path: str) -> float:
    orders = pd.read_csv(path, usecols=["price", "count"])
    return float((orders["price"] * orders["count"]).sum())
`,
    },
  ],

  on: ["call"],
  calls: Object.keys(COLUMN_OPTIONS),

  find(node, { facts }) {
    const call = asCall(node);
    const name = call && facts.nameOf(call.callee);
    const option = name === undefined ? undefined : COLUMN_OPTIONS[name];
    if (!call || call.hasSplat || option === undefined || facts.isTest || choosesPart(call) || readsMemory(call, facts))
      return undefined;
    const frame = nameGiven(node);
    const columns = frame && columnsUsed(frame, facts);
    const names = call.keywords.get("names");
    const all = names && namesIn(names);
    if (!frame || !columns || (names && !all) || all?.every((it) => columns.includes(it))) return undefined;
    // A file of dates and one more column has nothing else.
    if (columns.length === 1 && (call.keywords.has("index_col") || call.keywords.has("parse_dates"))) return undefined;
    const weight = facts.weightOf(node);
    return {
      at: call.callee,
      construct: node,
      weight: weight === "light" ? "unknown" : weight,
      call,
      frame,
      columns,
      option,
    };
  },

  message: ({ frame, columns, option }) =>
    `Of \`${excerpt(frame.text, 30)}\` only ${
      columns.length <= 3 ? listed(columns) : `${columns.length} columns`
    } ${columns.length === 1 ? "is" : "are"} used; where the file has more, \`${option}=\` leaves them out.`,

  fix({ call, columns, option }) {
    if (
      ["names", "header", "skiprows", "index_col", "parse_dates", "dtype", "converters"].some((it) =>
        call.keywords.has(it),
      )
    )
      return declined("the other arguments name columns of their own");
    if (call.args.length > 1) return declined("the other arguments may name columns");
    const edit = withArgument(call, `${option}=[${columns.map((it) => `"${it}"`).join(", ")}]`);
    if (!edit || columns.some((it) => /["\\\n]/.test(it))) return declined("the arguments cannot be added to");
    return fixOf(
      "Read these columns only",
      [
        "a missing column fails when the file is read",
        "no line may have more fields than the header",
        "nothing else must look at the frame",
      ],
      [edit],
    );
  },
});

const listed = (columns: readonly string[]): string =>
  columns.map((it) => `\`${excerpt(it, 25)}\``).join(columns.length === 2 ? " and " : ", ");

/** Beyond so many the choice is no small one. */
const MOST_COLUMNS = 5;
const MOST_READS = 80;
const STEPS = 3;

interface Columns {
  readonly read: Map<string, number>;
  readonly stored: Map<string, number>;
}

/** The names of the columns that are read of it, in the order of their first use; undefined where the frame is used as a whole. */
function columnsUsed(frame: Node, facts: Facts): readonly string[] | undefined {
  // A name of a module may be imported by another file; where it is a script or a notebook, nothing does so.
  if (facts.isRemote(frame) || (!functionAround(frame) && /^[A-Z_]+$/.test(frame.text))) return undefined;
  const chosen = chosenNext(frame, facts);
  if (chosen) return chosen;
  const columns: Columns = { read: new Map(), stored: new Map() };
  if (!addUses(frame, columns, facts, 0)) return undefined;
  const used = [...columns.read]
    .filter(([name, at]) => at < (columns.stored.get(name) ?? Number.POSITIVE_INFINITY))
    .sort(([, a], [, b]) => a - b)
    .map(([name]) => name);
  return used.length > 0 && used.length <= MOST_COLUMNS ? used : undefined;
}

/** `train = pd.read_csv(path)`, `train = train[columns]`: the choice is all that the table is used for. */
function chosenNext(frame: Node, facts: Facts): readonly string[] | undefined {
  const [only, more] = facts.readsSeeing(frame);
  const use = only && !more ? useOf(only) : undefined;
  if (use?.kind !== "subscript" || functionAround(only!) !== functionAround(frame)) return undefined;
  const [key, another] = asSubscript(use.in)?.indices ?? [];
  if (!key || another) return undefined;
  const list = key.kind === "identifier" ? facts.valueOf(key) : unwrap(key);
  return list && unwrap(list).kind === "list" ? namesIn(list) : undefined;
}

function addUses(name: Node, columns: Columns, facts: Facts, depth: number): boolean {
  if (depth > STEPS) return false;
  const def = functionAround(name);
  const reads = facts.readsOf(name);
  if (reads.length === 0 || reads.length > MOST_READS) return false;
  return reads.every((it) => functionAround(it) === def && addUse(it, columns, facts, depth));
}

/** Methods that give the same columns, and what they are told are columns or nothing. */
const KEEPS = new Set([
  "copy",
  "dropna",
  "sort_values",
  "head",
  "tail",
  "sample",
  "reset_index",
  "query",
  "drop_duplicates",
]);
/** Keywords that name columns. */
const NAMING = new Set(["by", "subset", "on", "columns"]);

/** Puts down what a use reads; false where it may read any column. */
function addUse(read: Node, columns: Columns, facts: Facts, depth: number): boolean {
  const use = useOf(read);
  if (use.kind === "argument") return use.call !== undefined && addGiven(use.call, read, columns, facts);
  if (use.kind === "tested") return false;
  if (use.kind === "attribute") {
    const attribute = asAttribute(use.in)!;
    if (/^(loc)$/.test(attribute.name)) return addPlace(use.in, columns, facts, depth);
    if (/^(index|shape|empty)$/.test(attribute.name)) {
      const outer = asSubscript(use.in.parent);
      return attribute.name !== "shape" || outer?.indices[0]?.text === "0";
    }
    if (FRAME_NAMES.has(attribute.name)) return false;
    return added(columns.read, attribute.name, read.start);
  }
  if (use.kind === "subscript" || use.kind === "subscript-store") {
    const [key, more] = asSubscript(use.in)?.indices ?? [];
    if (!key || more) return false;
    const names = namesIn(key);
    const isStored = use.kind === "subscript-store";
    if (!names) return !isStored && isMask(key) && addUse(use.in, columns, facts, depth + 1);
    return names.every((it) => (isStored ? addStored(columns, it, use.in) : added(columns.read, it, read.start)));
  }
  if (use.kind === "method") {
    const call = asCall(use.call);
    if (!call || call.hasSplat) return false;
    const given = [...call.args, ...[...call.keywords].filter(([it]) => NAMING.has(it)).map(([, it]) => it)];
    if (use.name === "groupby" || use.name === "set_index") {
      const names = given.flatMap((it) => namesIn(it) ?? [""]);
      if (names.includes("") || names.length === 0 || !names.every((it) => added(columns.read, it, read.start)))
        return false;
      return use.name === "groupby" ? addChosen(call.node, columns) : addUse(call.node, columns, facts, depth + 1);
    }
    if (use.name === "pivot_table" || use.name === "pivot" || use.name === "plot") return addNamed(call, columns, read);
    if (use.name === "iterrows" || use.name === "itertuples") return addRows(call.node, use.name, columns, facts);
    if (!use.name || !KEEPS.has(use.name) || use.name === "query") return false;
    if (use.name === "dropna" || use.name === "drop_duplicates") if (!call.keywords.has("subset")) return false;
    const isCounted = /^(head|tail|sample|copy)$/.test(use.name);
    const names = isCounted ? [] : given.map((it) => namesIn(it));
    if (names.some((it) => it === undefined)) return false;
    for (const it of names.flat()) added(columns.read, it!, read.start);
    return call.keywords.has("inplace") ? true : addUse(call.node, columns, facts, depth + 1);
  }
  return addHeld(read, columns, facts, depth);
}

/** Drawing functions whose arguments name columns. */
const DRAWING = /^(plotly\.express|seaborn)\./;

/** `len(df)`, `px.line(df, x="day", y="price")`, `sns.barplot(data=df, x="shop")`. */
function addGiven(node: Node, read: Node, columns: Columns, facts: Facts): boolean {
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (!call || name === undefined) return false;
  return name === "builtins.len" || (DRAWING.test(name) && !call.hasSplat && addNamed(call, columns, read));
}

/** Arguments of which a text or a list of texts names columns; false where none does. */
const NAMES_COLUMNS = new Set(
  "x y z hue color size style facet_row facet_col hover_name hover_data text names values path index columns symbol row col".split(
    " ",
  ),
);

function addNamed(call: Call, columns: Columns, read: Node): boolean {
  const given = [...call.keywords].filter(([it]) => NAMES_COLUMNS.has(it)).map(([, it]) => it);
  const others = call.args.filter((it) => unwrap(it) !== read);
  const names = given.map((it) => namesIn(it));
  if (others.length > 0 || given.length < 2 || names.includes(undefined)) return false;
  return names.flat().every((it) => added(columns.read, it!, read.start));
}

/** `for _, row in df.iterrows(): row["price"]`: what is asked of the row. */
function addRows(node: Node, method: string, columns: Columns, facts: Facts): boolean {
  const loop = asFor(node.parent);
  if (!loop || unwrap(loop.iterable) !== node) return false;
  const targets = loop.target.kind === "identifier" ? [loop.target] : loop.target.children.filter((it) => it.isNamed);
  const row = targets.at(-1);
  if (row?.kind !== "identifier" || targets.length !== (method === "iterrows" ? 2 : 1)) return false;
  if (facts.writesOf(row, loop.node).length !== 1 || facts.isSeenOutside(row, loop.node)) return false;
  const reads = facts.readsOf(row, loop.node);
  return (
    reads.length > 0 &&
    reads.length <= MOST_READS &&
    reads.every((it) => {
      const use = useOf(it);
      const attribute = use.kind === "attribute" ? asAttribute(use.in)?.name : undefined;
      if (attribute !== undefined)
        return (
          attribute === "Index" ||
          (!attribute.startsWith("_") &&
            (method === "itertuples" || !FRAME_NAMES.has(attribute)) &&
            added(columns.read, attribute, node.start))
        );
      const [key, more] = use.kind === "subscript" && method === "iterrows" ? (asSubscript(use.in)?.indices ?? []) : [];
      const name = key && !more ? textValue(key) : undefined;
      return name !== undefined && added(columns.read, name, node.start);
    })
  );
}

/** `orders = orders[mask]`: the name goes on for the rows. */
function addHeld(value: Node, columns: Columns, facts: Facts, depth: number): boolean {
  const target = nameGiven(value);
  if (!target) return false;
  // Reads of the same name are looked at anyway.
  if (facts.readsOf(target).some((it) => it.isInside(value))) return true;
  return addUses(target, columns, facts, depth + 1);
}

/** `df.loc[mask, "a"]`, read or stored. */
function addPlace(loc: Node, columns: Columns, facts: Facts, depth: number): boolean {
  const subscript = asSubscript(loc.parent);
  const [, column, more] = subscript?.indices ?? [];
  if (!subscript || subscript.value !== loc || more) return false;
  if (!column) return addUse(subscript.node, columns, facts, depth + 1);
  const names = namesIn(column);
  return names !== undefined && names.every((it) => added(columns.read, it, loc.start));
}

/** `["price"]` of `df.groupby("shop")["price"]`. */
function addChosen(grouped: Node, columns: Columns): boolean {
  const chosen = asSubscript(wrapped(grouped).parent);
  const key = chosen?.value === grouped ? chosen.indices[0] : undefined;
  const names = key && namesIn(key);
  if (names) return names.every((it) => added(columns.read, it, grouped.end));
  const method = asMethodCall(wrapped(grouped).parent?.parent);
  if (method && unwrap(method.object) === grouped && /^(agg|aggregate)$/.test(method.method))
    return addAggregated(method, columns);
  const size = asAttribute(wrapped(grouped).parent);
  return size?.name === "size" || size?.name === "ngroups";
}

/** `.agg({"price": "sum"})`, `.agg(total=("price", "sum"))`. */
function addAggregated({ args, keywords, hasSplat, node }: MethodCall, columns: Columns): boolean {
  if (hasSplat || args.length + keywords.size === 0 || args.length > 1) return false;
  const [only] = args;
  const pairs = only ? (only.kind === "dictionary" ? only.children : [undefined]) : [...keywords.values()];
  return pairs.every((it) => {
    const name = it?.kind === "pair" ? it.field("key") : it?.kind === "tuple" ? it.children[0] : undefined;
    const text = name && textValue(name);
    return text !== undefined && added(columns.read, text, node.end);
  });
}

function added(columns: Map<string, number>, name: string, at: number): boolean {
  if (!columns.has(name) || columns.get(name)! > at) columns.set(name, at);
  return true;
}

/** What stands on the right is read before. */
function addStored({ stored }: Columns, name: string, place: Node): boolean {
  const end = asAssignment(place.parent)?.node.end ?? place.end;
  return added(stored, name, place.parent?.kind === "augmented_assignment" ? Number.POSITIVE_INFINITY : end);
}

/** `df[df["a"] > 3]`: a test, and no name of a column. */
function isMask(key: Node): boolean {
  const node = unwrap(key);
  return (
    /^(comparison_operator|binary_operator|unary_operator|call|slice|not_operator)$/.test(node.kind) &&
    node.text.length < 300
  );
}

/** `"a"`, `["a", "b"]`. */
function namesIn(key: Node): readonly string[] | undefined {
  const node = unwrap(key);
  const name = textValue(node);
  if (name !== undefined) return [name];
  if (node.kind !== "list" || node.children.length === 0) return undefined;
  const names = node.children.map((it) => textValue(it));
  return names.every((it): it is string => it !== undefined) ? names : undefined;
}
