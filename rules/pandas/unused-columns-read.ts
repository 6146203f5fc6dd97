/** `df = pd.read_csv(path)` of which only `df["a"]` and `df["b"]` are used: all other columns are parsed for nothing. */

import {
  argumentOf,
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
  functionCalled,
  methodCalled,
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
      columns.length <= 3 || columns.some(isMany)
        ? listed(columns.slice(0, 4), columns.length)
        : `${columns.length} columns`
    } ${columns.length === 1 && !columns.some(isMany) ? "is" : "are"} used; where the file has more, \`${option}=\` leaves them out.`,

  fix({ call, columns, option }) {
    if (
      ["names", "header", "skiprows", "index_col", "parse_dates", "dtype", "converters"].some((it) =>
        call.keywords.has(it),
      )
    )
      return declined("the other arguments name columns of their own");
    if (call.args.length > 1) return declined("the other arguments may name columns");
    if (columns.some((it) => it.startsWith(NAMED) || isMany(it)))
      return declined("some columns are known by a name alone");
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

/** Stands before what is no text of a column but the name of a variable that holds one. */
const NAMED = "\u0000";
/** Stands before the name of a list of columns. */
const LISTED = "\u0001";
const isMany = (column: string): boolean => column.startsWith(LISTED);

function listed(columns: readonly string[], count = columns.length): string {
  const shown = columns.map((it) =>
    isMany(it) ? `those of \`${excerpt(it.slice(1), 25)}\`` : `\`${excerpt(it.replace(NAMED, ""), 25)}\``,
  );
  if (count > columns.length) return `${shown.join(", ")} and ${count - columns.length} more`;
  return shown.length === 2 ? shown.join(" and ") : shown.join(", ");
}

/** Beyond so many the choice is no small one, */
const MOST_COLUMNS = 5;
/** unless a list says which. */
const MOST_LISTED = 20;
const MOST_READS = 80;
const STEPS = 3;

interface Columns {
  readonly read: Map<string, number>;
  readonly stored: Map<string, number>;
  /** A list of names is asked for: the program knows which columns it wants. */
  isListed: boolean;
  /** What the parameters of the function stand for that the table was handed to. */
  readonly given?: ReadonlyMap<string, Node | undefined>;
}

/** The names of the columns that are read of it, in the order of their first use; undefined where the frame is used as a whole. */
function columnsUsed(frame: Node, facts: Facts): readonly string[] | undefined {
  // A name of a module may be imported by another file; where it is a script or a notebook, nothing does so.
  if (facts.isRemote(frame) || (!functionAround(frame) && /^[A-Z_]+$/.test(frame.text))) return undefined;
  const chosen = chosenNext(frame, facts);
  if (chosen) return chosen;
  const columns: Columns = { read: new Map(), stored: new Map(), isListed: false };
  if (!addUses(frame, columns, facts, 0)) return undefined;
  const used = [...columns.read]
    .filter(([name, at]) => at < (columns.stored.get(name) ?? Number.POSITIVE_INFINITY))
    .sort(([, a], [, b]) => a - b)
    .map(([name]) => name);
  return used.length > 0 && used.length <= (columns.isListed ? MOST_LISTED : MOST_COLUMNS) ? used : undefined;
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

function addUses(name: Node, columns: Columns, facts: Facts, depth: number, home?: Node): boolean {
  if (depth > STEPS) return false;
  const def = home ?? functionAround(name);
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
  if (use.kind === "argument") return use.call !== undefined && addGiven(use.call, read, columns, facts, depth);
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
    const names = namesIn(key) ?? namesBehind(key, columns, facts);
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
function addGiven(node: Node, read: Node, columns: Columns, facts: Facts, depth: number): boolean {
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (call && (name === undefined || name.startsWith("local.")))
    return addHandedOver(call, read, columns, facts, depth);
  if (!call || name === undefined) return false;
  return name === "builtins.len" || (DRAWING.test(name) && !call.hasSplat && addNamed(call, columns, read));
}

/** A function of the file, or a method of the same object, that reads some columns of what it is given. */
function addHandedOver(call: Call, read: Node, columns: Columns, facts: Facts, depth: number): boolean {
  const def = depth < STEPS && !call.hasSplat ? functionCalled(call.callee, facts) : undefined;
  if (!def || def.isAsync || def.decorators.length > 0) return false;
  const own = methodCalled(call.callee, facts) ? def.parameters.slice(1) : def.parameters;
  const given = new Map(own.map((it, place) => [it.name, argumentOf(call, it.name, place)] as const));
  const parameter = own.find((it) => given.get(it.name) !== undefined && unwrap(given.get(it.name)!) === read);
  if (!parameter || parameter.star !== "" || facts.bodyOf(def).descendants("yield").length > 0) return false;
  const inner: Columns = { read: new Map(), stored: new Map(), isListed: false, given };
  if (!addUses(parameter.nameNode, inner, facts, depth + 1, def.node)) return false;
  columns.isListed ||= inner.isListed;
  for (const [name, at] of inner.read)
    if (at < (inner.stored.get(name) ?? Number.POSITIVE_INFINITY)) added(columns.read, name, read.start);
  for (const name of inner.stored.keys()) added(columns.stored, name, call.node.end);
  return true;
}

/** What a name of a column stands for: `df[PRICE]`, `df[columns]`, `df[[DAY, column]]`, `for it in columns: df[it]`. */
function namesBehind(key: Node, columns: Columns, facts: Facts, depth = 0): readonly string[] | undefined {
  const node = unwrap(key);
  if (node.kind === "list" && node.children.length > 0) {
    const all = node.children.map((it) =>
      it.kind === "list_splat"
        ? namesBehind(it.children[0]!, columns, facts, depth)
        : (namesIn(it) ?? columnOf(it, columns, facts)),
    );
    if (all.some((it) => it === undefined)) return undefined;
    columns.isListed = true;
    return all.flatMap((it) => it!);
  }
  if (node.kind !== "identifier" || depth > STEPS) return undefined;
  const passed = passedFor(node, columns, facts);
  const value = passed ?? facts.valueOf(node);
  const names = value && value !== node ? namesIn(value) : undefined;
  if (names) {
    columns.isListed ||= names.length > 1;
    return names;
  }
  // The turns of a loop over a list of names.
  const [site, more] = facts.reachingSites(node);
  if (site?.kind === "for" && !more && site.path.length === 0 && site.value) return manyOf(site.value, columns, facts);
  return manyOf(node, columns, facts);
}

/** What the call gives for a parameter of the function. */
const passedFor = (name: Node, { given }: Columns, facts: Facts): Node | undefined =>
  name.kind === "identifier" &&
  given?.has(name.text) &&
  facts.reachingSites(name).every((it) => it.kind === "parameter")
    ? given.get(name.text)
    : undefined;

/** A list of columns that is written out, or a parameter that is called one. */
function manyOf(list: Node, columns: Columns, facts: Facts): readonly string[] | undefined {
  const node = unwrap(list);
  if (node.kind === "list") return namesIn(node);
  if (node.kind !== "identifier") return undefined;
  const value = facts.valueOf(node);
  const names = value && unwrap(value).kind === "list" ? namesIn(value) : undefined;
  if (names) {
    columns.isListed = true;
    return names;
  }
  const [site, more] = facts.reachingSites(node);
  if (site?.kind !== "parameter" || more || !/(?:^|_)(?:col(?:umn)?s|features|fields)$/i.test(node.text))
    return undefined;
  columns.isListed = true;
  return [LISTED + node.text];
}

/** One column of a list of them: a name for a text, or any name, as nothing else stands there. */
function columnOf(item: Node, columns: Columns, facts: Facts): readonly string[] | undefined {
  const node = unwrap(item);
  if (node.kind !== "identifier" && node.kind !== "attribute") return undefined;
  const passed = passedFor(node, columns, facts);
  const value = passed ?? (node.kind === "identifier" ? facts.valueOf(node) : undefined);
  const text = value && textValue(unwrap(value));
  return [text ?? NAMED + excerpt((passed ?? node).text, 30)];
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
