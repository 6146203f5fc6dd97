/** `df.loc[i, "c"]`, `df["c"].iloc[i]`, `df.loc[i]["c"]` in a loop over rows: one value at a time, each looked up with what serves for whole slices. */

import {
  behindProgress,
  asAttribute,
  asAugmented,
  asBinary,
  asCall,
  asFor,
  asFunction,
  asSubscript,
  asWhile,
  changeDoubt,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameEvidence,
  growthWeight,
  hasComments,
  integerOf,
  isPandasAlone,
  isQuick,
  isStored,
  lineAbove,
  replace,
  rowLoop,
  seriesEvidence,
  textValue,
  unwrap,
  type ClassInfo,
  type Declined,
  type Edit,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type Match,
  type Node,
  type RowLoop,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Single values of a frame looked up in a loop",
  why: "loc and iloc are made for slices, masks and lists: for one value they go through all of that, and a row taken whole becomes a Series first. The column as an array gives its values hundreds of times as fast, and where single cells are set, at and iat leave most of the work out.",
  guide: "pandas",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  imports: ["pandas"],
  orWords: ["iterrows", "iloc"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def drawdowns(prices: pd.DataFrame) -> list[float]:
    peak = 0.0
    found = []
    for i in range(len(prices)):
        peak = max(peak, prices["close"].iloc[i])
        found.append(peak - prices["close"].iloc[i])
    return found
`,
      after: `
import pandas as pd

def drawdowns(prices: pd.DataFrame) -> list[float]:
    peak = 0.0
    found = []
    close_values = prices["close"].to_numpy()
    for i in range(len(prices)):
        peak = max(peak, close_values[i])
        found.append(peak - close_values[i])
    return found
`,
    },
  ],

  on: ["for_statement", "while_statement", "for_in_clause", "function_definition"],

  find(node, { facts }): Found | readonly Found[] | undefined {
    if (facts.isTest) return undefined;
    if (node.kind === "function_definition")
      return forEachItem(node, facts) ?? forEachStep(node, facts) ?? ofOneRow(node, facts);
    const region =
      asFor(node)?.body ?? asWhile(node)?.body ?? (node.kind === "for_in_clause" ? node.parent : undefined);
    if (!region) return undefined;
    const rows = rowsOf(node, facts);
    const names = rows?.label === undefined ? countersOf(node, facts) : [rows.label.split(".")[0]!];
    const found = new Map<string, Access[]>();
    for (const name of names)
      for (const it of region.identifiers(name)) {
        const access = accessAt(it, rows);
        const key = access && (access.column === undefined ? access.object.text : access.frame.text);
        if (!access || key === undefined || rebindsCounter(name, it, node, facts)) continue;
        const known = found.get(key);
        if (known) known.push(access);
        else found.set(key, [access]);
      }
    if (found.size === 0) return acrossColumns(node, region, facts);
    return [...found.values()].flatMap((group) => {
      const [first, ...others] = group;
      const known = first && evidenceOf(first, facts);
      if (!first || !known) return [];
      // `df["c"].iloc[i] = x` is lost by newer releases, however the cell is named: another rule says so.
      if (first.isStored && first.accessor !== undefined && first.object.kind === "subscript") return [];
      const loops = facts.loopsAround(first.node).filter((it) => it === node || node.isInside(it));
      return {
        at: first.node,
        evidence: known.evidence,
        isRow: known.isRow && !first.isStored,
        weight: weightIn(loops, region, first, rows, known.isRow, facts),
        loop: node,
        region,
        rows,
        group,
        isItem: false,
        related: others.slice(0, 5).map((it) => ({ at: it.node, message: "another one" })),
      };
    });
  },

  message({ group: [first], rows, region, isRow, isItem, isStep, isSameRow, isAcross, related }, { facts }) {
    const shown = `\`${excerpt(first!.node.text, 50)}\``;
    if (isAcross)
      return `${shown} looks up one value at a time in the same row; take all of them out of it at once, before the loop.`;
    if (isStep)
      return first!.isRowWhole || isRow
        ? `${shown} makes a Series of the whole row in every step; keep the columns as arrays.`
        : `${shown} looks up one value, by way of slices, in every step; keep the columns as arrays.`;
    if (isSameRow)
      return `${shown} makes a Series of the whole row for each of ${related.length + 1} values of the same row; take the row out once, or keep the columns as arrays.`;
    if (isItem)
      return first!.isRowWhole || isRow
        ? `${shown} makes a Series of the whole row for each item that is asked for; keep the columns as arrays or lists.`
        : `${shown} looks up one value, by way of slices, for each item that is asked for; keep the column as an array or list.`;
    if (first!.isStored) return `${shown} sets one cell by way of slices; \`.${cellOf(first!)}\` sets a cell directly.`;
    if (isRowAtHand(first!, rows))
      return `${shown} looks up again what the loop gives as \`${excerpt(rows!.row!, 20)}\`.`;
    if (isRow) return `${shown} makes a Series of every row; itertuples(), or the columns as arrays, do without.`;
    const how = first!.isRowWhole ? "makes a Series of the whole row for one value" : "looks up one value at a time";
    const isNumbered = first!.accessor === "iloc" || rows === undefined || rows.isCounter;
    return isNumbered && isUnchanged(first!, region, facts)
      ? `${shown} ${how}; take the ${first!.column ? "column" : "values"} out as an array before the loop.`
      : `${shown} ${how}, by way of slices; \`.${cellOf(first!)}\` reads a cell directly.`;
  },

  fix({ group, rows, loop, region, isRow, isItem, isStep, isSameRow, isAcross }, file) {
    const { facts } = file;
    if (isAcross) return declined("labels that are missing are treated in the loop, if at all");
    if (isStep) return declined("the columns are taken out where the object is made");
    if (isSameRow) return declined("where the row is to be taken out is for the reader to see");
    if (isItem) return declined("the columns are taken out where the object is made");
    if (group.some((it) => hasComments(it.node))) return declined("a comment would be lost");
    const reads = group.filter((it) => !it.isStored);
    const isStable = reads.length === group.length && group.every((it) => isUnchanged(it, region, facts));
    if (isStable && group.every((it) => isRowAtHand(it, rows) && isRowKept(rows!, region, facts)))
      return fixOf(
        `Use \`${excerpt(rows!.row!, 30)}\``,
        ["labels must be unique", "a row has one dtype for all its values"],
        [
          ...group.map((it) => replace(it.node, it.column ? `${rows!.row!}[${it.column.text}]` : rows!.row!)),
          kept(loop),
        ],
      );
    if (isRow) return declined("a row is taken whole");
    if (loop.kind === "for_in_clause" && isStable) return declined("the array has to be made in a line of its own");
    return (isStable ? asArrays(loop, group, rows, file) : undefined) ?? asCells(group, facts);
  },
});

/** The names of the loop stay as they are: another fix that drops the row, or makes it a tuple, cannot go in together with this one. */
function kept(loop: Node): Edit {
  const names = loop.field("left")!;
  return replace(names, names.text);
}

interface Found extends Match {
  readonly at: Node;
  readonly isRow: boolean;
  readonly loop: Node;
  readonly region: Node;
  readonly rows: RowLoop | undefined;
  readonly group: readonly Access[];
  /** In the `__getitem__` of a data set, which is called for each item. */
  readonly isItem: boolean;
  /** By the place at which an object stands, which it moves on with each step. */
  readonly isStep?: boolean;
  /** Several values of one row, outside of loops. */
  readonly isSameRow?: boolean;
  /** The loop goes through the labels of columns, and the row stays. */
  readonly isAcross?: boolean;
  readonly related: readonly { readonly at: Node; readonly message: string }[];
}

interface Access {
  /** All of it: `df.loc[i]["c"]`. */
  readonly node: Node;
  /** What `loc` or `iloc` belongs to, or the column that is subscripted. */
  readonly object: Node;
  readonly frame: Node;
  /** `loc`, `iloc`, or undefined for `df["c"][i]`. */
  readonly accessor: string | undefined;
  readonly accessorNode: Node | undefined;
  readonly row: Node;
  /** Undefined for a Series without a frame in sight. */
  readonly column: Node | undefined;
  /** `df.loc[i]["c"]`, or `df.loc[i]` alone. */
  readonly isRowWhole: boolean;
  readonly isStored: boolean;
}

/** `self.table.iloc[index]["label"]` in the `__getitem__` of a data set: a loader calls it for each item, in each epoch. */
function forEachItem(node: Node, facts: Facts): Found | undefined {
  if (node.field("name")?.text !== "__getitem__") return undefined;
  const def = asFunction(node);
  const index = def?.parameters[1];
  const info = def && facts.classOf(node);
  if (!index || !info || !isDataSet(info, facts)) return undefined;
  const group = def.body.identifiers(index.name).flatMap((it) => {
    const access = accessAt(it, undefined);
    const isHeld = access !== undefined && /^self\.\w+$/.test(access.frame.text);
    return isHeld && access.accessor && !access.isStored && !facts.loopAround(it) ? [withField(access)] : [];
  });
  const [first, ...others] = group;
  const known = first && evidenceOf(first, facts);
  if (!known) return undefined;
  return {
    at: first.node,
    evidence: known.evidence,
    isRow: known.isRow || (first.column === undefined && first.object === first.frame),
    // Beside a file that is opened the look-up is little.
    weight: READS_FILE.test(def.body.text) ? "unknown" : "heavy",
    loop: node,
    region: def.body,
    rows: undefined,
    group,
    isItem: true,
    related: others.slice(0, 5).map((it) => ({ at: it.node, message: "another one" })),
  };
}

/** `self.prices.loc[self.step, "close"]` of an environment, which counts its steps in `self.step`. */
function forEachStep(node: Node, facts: Facts): Found | undefined {
  const def = asFunction(node);
  if (!def || !/loc\[\s*self\./.test(def.body.text)) return undefined;
  const info = facts.classOf(node);
  if (!info || node.field("name")?.text === "__init__") return undefined;
  const counters = facts.memo("counted attributes", info.def.node, () => countedIn(info));
  if (counters.size === 0) return undefined;
  const group = def.body.identifiers("self").flatMap((it) => {
    const label = it.parent?.kind === "attribute" && counters.has(it.parent.text) ? it.parent.text : undefined;
    const access = label === undefined ? undefined : accessAt(it, { label } as RowLoop);
    const isHeld = access !== undefined && /^self\.\w+$/.test(access.frame.text);
    return isHeld && access.accessor && !access.isStored && !facts.loopAround(it) ? [withField(access)] : [];
  });
  const [first, ...others] = group;
  const known = first && evidenceOf(first, facts);
  if (!known) return undefined;
  return {
    at: first.node,
    evidence: known.evidence,
    isRow: known.isRow || (first.column === undefined && first.object === first.frame),
    weight: info.def.bases.some((it) => /Env(?:ironment)?$/.test(it.text)) ? "heavy" : "unknown",
    loop: node,
    region: def.body,
    rows: undefined,
    group,
    isItem: false,
    isStep: true,
    related: others.slice(0, 5).map((it) => ({ at: it.node, message: "another one" })),
  };
}

/** `sum(similar.loc[item, other] for other in rated)`: one row, and a look-up for each label of a column. */
function acrossColumns(node: Node, region: Node, facts: Facts): Found | undefined {
  const target = node.field("left");
  if (target?.kind !== "identifier" || !/\.loc\[/.test(region.text)) return undefined;
  for (const it of region.identifiers(target.text)) {
    const subscript = asSubscript(it.parent);
    const [row, column, more] = subscript?.indices ?? [];
    const via = subscript && asAttribute(subscript.value);
    if (!subscript || !row || column !== it || more || via?.name !== "loc" || isStored(subscript.node)) continue;
    if (row.kind !== "identifier" || facts.writesOf(row, region).length > 0) continue;
    if (rebindsCounter(target.text, it, node, facts)) continue;
    const frame = via.object;
    const access = { object: frame, frame, accessor: "loc", accessorNode: via.node.field("attribute"), row, column };
    const first = { ...access, node: subscript.node, isRowWhole: false, isStored: false };
    const known = evidenceOf(first, facts);
    if (!known) continue;
    return {
      at: first.node,
      evidence: known.evidence,
      isRow: false,
      weight: facts.weightOf(node) === "light" ? "light" : "unknown",
      loop: node,
      region,
      rows: undefined,
      group: [first],
      isItem: false,
      isAcross: true,
      related: [],
    };
  }
  return undefined;
}

/** What methods of a class count up: `self.step += 1`. */
function countedIn({ methods }: ClassInfo): ReadonlySet<string> {
  const counted = methods
    .flatMap((it) => it.def.body.descendants("augmented_assignment"))
    .map((it) => asAugmented(it))
    .filter((it) => it?.operator === "+=" && it.value.kind === "integer" && /^self\.\w+$/.test(it.target.text));
  return new Set(counted.map((it) => it!.target.text));
}

/** `table.loc[label]["price"]`, `table.loc[label]["count"]`, `table.loc[label]["shop"]`, of a row that the function is given. */
function ofOneRow(node: Node, facts: Facts): Found | undefined {
  const def = asFunction(node);
  if (!def?.body.text.includes("loc[")) return undefined;
  const groups = new Map<string, Access[]>();
  for (const { name } of def.parameters)
    for (const it of def.body.identifiers(name)) {
      const access = accessAt(it, undefined);
      if (!access?.isRowWhole || access.isStored || facts.loopAround(it) || facts.writesOf(it).length !== 1) continue;
      const key = `${access.frame.text} ${access.row.text}`;
      const group = groups.get(key);
      if (group) group.push(access);
      else groups.set(key, [access]);
    }
  const group = [...groups.values()].find((it) => it.length >= MANY);
  const [first, ...others] = group ?? [];
  const known = first && evidenceOf(first, facts);
  if (!group || !first || !known) return undefined;
  return {
    at: first.node,
    evidence: known.evidence,
    isRow: false,
    weight: "unknown",
    loop: node,
    region: def.body,
    rows: undefined,
    group,
    isItem: false,
    isSameRow: true,
    related: others.map((it) => ({ at: it.node, message: "another one" })),
  };
}

/** So many whole rows are made for one. */
const MANY = 3;

/** `self.table.iloc[index].label`. */
function withField(access: Access): Access {
  const field = asAttribute(access.node.parent);
  const isField =
    access.column === undefined &&
    field?.object === access.node &&
    asCall(field.node.parent)?.callee !== field.node &&
    !/^(?:values|name|index|size|shape|dtype|str|dt)$/.test(field.name);
  return isField ? { ...access, node: field.node, isRowWhole: true } : access;
}

const READS_FILE = /\b(?:open|imread|read_image|load|loadtxt|read|read_\w+|Image)\b/;

/** A `Dataset` of PyTorch or a `Sequence` of Keras, by its base or by what it defines where one of these is imported. */
const isDataSet = (info: ClassInfo, { view }: Facts): boolean =>
  info.def.bases.some((it) => /(?:Dataset|Sequence)$/.test(it.text)) ||
  (info.def.bases.length === 0 && info.definesMethod("__len__") && view.imports("torch"));

/** The access to one value around a counter or label. */
function accessAt(name: Node, rows: RowLoop | undefined): Access | undefined {
  let key = name;
  if (rows?.label !== undefined && rows.label !== name.text) {
    if (name.parent?.text !== rows.label) return undefined;
    key = name.parent;
  }
  // `i - 1`, `i + lag`.
  const sum = asBinary(key.parent);
  if (sum && (sum.operator === "+" || sum.operator === "-") && sum.left === key && isPlain(sum.right)) key = sum.node;
  const subscript = asSubscript(key.parent);
  const [row, column, more] = subscript?.indices ?? [];
  if (!subscript || row !== key || more) return undefined;
  const via = asAttribute(subscript.value);
  if (via && (via.name === "loc" || via.name === "iloc")) {
    const common = { object: via.object, accessor: via.name, accessorNode: via.node.field("attribute"), row };
    if (column)
      return isOne(column, via.name)
        ? {
            ...common,
            node: subscript.node,
            frame: via.object,
            column,
            isRowWhole: false,
            isStored: isStored(subscript.node),
          }
        : undefined;
    const of = columnIn(via.object);
    if (of) return { ...common, node: subscript.node, ...of, isRowWhole: false, isStored: isStored(subscript.node) };
    const outer = asSubscript(subscript.node.parent);
    const [cell, another] = outer?.value === subscript.node ? outer.indices : [];
    if (outer && cell && !another && textValue(cell) !== undefined)
      return {
        ...common,
        node: outer.node,
        frame: via.object,
        column: cell,
        isRowWhole: true,
        isStored: isStored(outer.node),
      };
    return {
      ...common,
      node: subscript.node,
      frame: via.object,
      column: undefined,
      isRowWhole: false,
      isStored: isStored(subscript.node),
    };
  }
  const of = column ? undefined : columnIn(subscript.value);
  // A store would be a chained assignment, which another rule speaks of.
  return of && !isStored(subscript.node)
    ? {
        node: subscript.node,
        object: subscript.value,
        ...of,
        accessor: undefined,
        accessorNode: undefined,
        row,
        isRowWhole: false,
        isStored: false,
      }
    : undefined;
}

const isPlain = (node: Node): boolean => integerOf(node) !== undefined || node.kind === "identifier";

/** `df["c"]`. */
function columnIn(node: Node): { readonly frame: Node; readonly column: Node } | undefined {
  const subscript = asSubscript(unwrap(node));
  const [column, more] = subscript?.indices ?? [];
  return subscript && column && !more && textValue(column) !== undefined
    ? { frame: subscript.value, column }
    : undefined;
}

/** A column of its own: no slice, list or mask. */
function isOne(column: Node, accessor: string): boolean {
  if (textValue(column) !== undefined || integerOf(column) !== undefined) return true;
  return column.kind === "identifier"
    ? /^(?:[a-z]|\w*(?:col|column|idx|name|key|field))$/.test(column.text)
    : accessor === "iloc" && column.kind === "call";
}

function rowsOf(node: Node, facts: Facts): RowLoop | undefined {
  const [target, items] = [node.field("left"), node.field("right")];
  return target && items ? rowLoop(target, items, facts) : undefined;
}

/** What counts the turns: of a `range`, of `enumerate`, or by hand in a `while`. */
function countersOf(node: Node, facts: Facts): readonly string[] {
  const loop = asWhile(node);
  if (loop) {
    const { condition } = loop;
    const tested = [...(condition.kind === "identifier" ? [condition] : []), ...condition.descendants("identifier")];
    return [
      ...new Set(
        tested
          .filter((it) => facts.writesOf(it, loop.body).some((site) => site.kind === "augment"))
          .map((it) => it.text),
      ),
    ];
  }
  const [target, items] = [node.field("left"), node.field("right")];
  const call = asCall(items && unwrap(items));
  const name = call && facts.nameOf(call.callee);
  if (!target || !call) return [];
  if (name === "builtins.range" || /(^|\.)(trange|prange)$/.test(call.callee.text))
    return target.kind === "identifier" ? [target.text] : [];
  const [first] = target.children.filter((it) => it.isNamed);
  if (name === "builtins.enumerate") return first?.kind === "identifier" ? [first.text] : [];
  const inner = behindProgress(call.node, facts.nameOf);
  return inner !== call.node && target.kind === "identifier" && asCall(inner)?.callee.text === "range"
    ? [target.text]
    : [];
}

/** A loop inside gives the name another meaning, or looks at the place itself. */
function rebindsCounter(name: string, read: Node, loop: Node, facts: Facts): boolean {
  for (const it of facts.loopsAround(read)) {
    if (it === loop || it === loop.parent) return false;
    const target = it.field("left");
    if (target && (target.text === name || target.identifiers(name).length > 0)) return true;
  }
  return false;
}

/** Undefined where the table may be another library's, or a dict of lists. */
function evidenceOf(
  access: Access,
  facts: Facts,
): { readonly evidence: Evidence; readonly isRow: boolean } | undefined {
  const { frame, object, accessor, column, isStored } = access;
  if (column) {
    const evidence = frameEvidence(frame, facts) ?? (isUnknown(frame, facts) && accessor ? "strong" : undefined);
    return evidence && { evidence, isRow: false };
  }
  const series = seriesEvidence(object, facts);
  if (series) return { evidence: series, isRow: false };
  const row = frameEvidence(object, facts);
  // A row that is set whole is no single cell, and another rule's where it is a new one.
  const isFrame = facts.isA(object, "pandas.DataFrame", "fair");
  if (row) return isStored || (!isFrame && accessor !== "iloc") ? undefined : { evidence: row, isRow: isFrame };
  return isUnknown(object, facts) && !isStored && accessor === "iloc"
    ? { evidence: "fair", isRow: hasTwoAxes(object, facts) }
    : undefined;
}

/** `table.iloc[row, column]` stands elsewhere: one number gives a whole row. */
const hasTwoAxes = (object: Node, facts: Facts): boolean =>
  object.kind === "identifier" &&
  facts.readsOf(object).some((it) => {
    const place = asAttribute(it.parent);
    return place?.name === "iloc" && asSubscript(it.parent?.parent)?.indices.length === 2;
  });

/** Nothing but pandas and what is made like it has `iloc`. */
const isUnknown = (node: Node, facts: Facts): boolean => !facts.typed(node, "fair") && isPandasAlone(facts);

function weightIn(
  loops: readonly Node[],
  region: Node,
  { node, isStored }: Access,
  rows: RowLoop | undefined,
  isRow: boolean,
  facts: Facts,
): Weight {
  const counted = loops.filter((it) => it.kind !== "while_statement");
  const turns = counted.length > 0 ? growthWeight(node, counted, facts) : "unknown";
  if (turns === "light" || (rows && facts.sizeOf(rows.frame) === "light")) return "light";
  const isMany = turns === "heavy" || (rows !== undefined && !isStored);
  // Beside calls that take their time the look-up may be nothing.
  return isMany && !isRow && region.descendants("call").every((it) => isQuick(asCall(it), facts)) ? "heavy" : "unknown";
}

/** The loop gives the row itself. */
function isRowAtHand({ frame, row, accessor, column }: Access, rows: RowLoop | undefined): boolean {
  return (
    rows?.row !== undefined &&
    !rows.isCounter &&
    !rows.label?.includes(".") &&
    rows.frame.text === frame.text &&
    row.text === rows.label &&
    accessor !== "iloc"
  );
}

function isRowKept(rows: RowLoop, region: Node, facts: Facts): boolean {
  const [read] = region.identifiers(rows.row!);
  return !read || facts.writesOf(read, region).length === 0;
}

/** The frame is the same in all turns, and nothing in sight writes to it. */
function isUnchanged({ frame }: Access, region: Node, facts: Facts): boolean {
  const root = frame.kind === "identifier" ? frame : undefined;
  if (!root || facts.writesOf(root, region).length > 0) return false;
  return facts.readsOf(root, region).every((it) => !isStoredThrough(it));
}

/** `df.loc[i, "c"] = 1`, `df["c"] = 1`, `df.c[i] += 1`. */
function isStoredThrough(read: Node): boolean {
  let at = read;
  for (let steps = 0; steps < 5; steps++) {
    const { parent } = at;
    if (!parent) return false;
    if (isStored(at)) return true;
    if (parent.field("object") !== at && parent.field("value") !== at) return false;
    at = parent;
  }
  return false;
}

const cellOf = ({ accessor }: Access): string => (accessor === "iloc" ? "iat" : "at");

/** The columns as arrays above the loop; undefined where rows are not counted from 0. */
function asArrays(loop: Node, group: readonly Access[], rows: RowLoop | undefined, { facts }: File): Fix | undefined {
  if (rows && !rows.isCounter) return undefined;
  const names = new Map<string, string>();
  const taken: string[] = [];
  for (const { column, object, accessor, row, isRowWhole } of group) {
    const isNumbered = accessor === "iloc" || (rows?.isCounter && row.kind === "identifier");
    if (!isNumbered || (column ? textValue(column) === undefined : isRowWhole)) return undefined;
    const key = column ? textValue(column)! : object.text;
    if (names.has(key)) continue;
    const wanted = `${/^[A-Za-z_]\w*$/.test(key) ? key : "column"}_values`;
    let name = facts.freshName(wanted, loop);
    for (let number = 2; taken.includes(name); number++) name = facts.freshName(`${wanted}_${number}`, loop);
    taken.push(name);
    names.set(key, name);
  }
  const lines = group.flatMap(({ column, frame, object }) => {
    const key = column ? textValue(column)! : object.text;
    const name = names.get(key);
    if (name === undefined || !taken.includes(name)) return [];
    taken.splice(taken.indexOf(name), 1);
    return [`${name} = ${column ? `${frame.text}[${column.text}]` : object.text}.to_numpy()`];
  });
  return fixOf(
    "Take the column out as an array",
    [
      "dates and missing whole numbers become values of NumPy",
      /\binplace\s*=\s*True/.test(loop.text)
        ? "code in the loop may change the frame"
        : changeDoubt(group[0]!.frame, loop, facts),
      group.some((it) => it.accessor !== "iloc") && "the rows must be numbered 0, 1, 2 and so on",
      "a column that is missing fails before the loop",
    ],
    [
      lineAbove(loop, lines.join("\n")),
      ...group.map(({ node, column, object, row }) =>
        replace(node, `${names.get(column ? textValue(column)! : object.text)!}[${row.text}]`),
      ),
    ],
  );
}

/** `at` and `iat` for single cells. */
function asCells(group: readonly Access[], facts: Facts): Fix | Declined {
  const edits = group.flatMap((it) => {
    const { accessor, accessorNode, isRowWhole, column, frame, row, node } = it;
    if (!accessor || !accessorNode || !column || node === undefined) return [];
    const isText = textValue(column) !== undefined;
    if (isRowWhole || it.object !== frame)
      return accessor === "loc" && isText ? [replace(node, `${frame.text}.at[${row.text}, ${column.text}]`)] : [];
    const isSingle = accessor === "loc" ? isText : integerOf(column) !== undefined;
    return isSingle ? [replace(accessorNode, cellOf(it))] : [];
  });
  if (edits.length === 0 || edits.length < group.length)
    return declined("not all of the places are shown to be one cell");
  return fixOf(
    "Use at for single cells",
    [
      "labels must be unique",
      group.some((it) => it.isRowWhole) && "values keep their column's dtype",
      group.some((it) => it.isStored && !isSingleValue(it, facts)) && "what is stored must be a single value",
    ],
    edits,
  );
}

function isSingleValue({ node }: Access, facts: Facts): boolean {
  const value = node.parent?.field("right");
  return value !== undefined && ["int", "float", "str", "bool"].includes(facts.typeOf(value)?.name ?? "");
}
