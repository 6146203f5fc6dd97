/** `for i, row in df.iterrows(): df.loc[i, "c"] = …`: a column filled row by row. */

import {
  arrayExpression,
  asAssignment,
  asAttribute,
  asAugmented,
  asCall,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameEvidence,
  hasComments,
  isNumber,
  nameAtRoot,
  onlyStatement,
  replace,
  rowLoop,
  textValue,
  unwrap,
  useOf,
  wrapped,
  type Elementwise,
  type Facts,
  type ForLoop,
  type Node,
  type RowLoop,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Column filled row by row",
  why: "Each assignment looks up the label and the column and writes one value through the interpreter. An expression over whole columns, np.where or a list that becomes the column at the end sets all values at once.",
  guide: "pandas",
  level: "warning",
  gain: "time",
  imports: ["pandas"],
  orWords: ["iterrows", "itertuples", "loc", "iloc"],
  overrides: ["pandas/iterrows", "pandas/scalar-loc-access", "iteration/range-len"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def add_totals(orders: pd.DataFrame) -> None:
    for i, order in orders.iterrows():
        orders.loc[i, "total"] = order["price"] * order["count"]
`,
      after: `
import pandas as pd

def add_totals(orders: pd.DataFrame) -> None:
    orders["total"] = orders["price"] * orders["count"]
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }, loop) {
    if (facts.isTest) return undefined;
    const rows = rowLoop(loop.target, loop.iterable, facts);
    const writes = rows?.label === undefined ? [] : writesIn(loop.body, rows, facts);
    const [first] = writes;
    if (!rows || !first) return undefined;
    // A row that is worked out from the row before it has no form for columns.
    const isApart = hasColumnsOfItsOwn(loop.body, writes);
    if (
      loop.body
        .descendants("subscript")
        .some((it) => readsOtherRow(it, rows) && !(isApart && isByColumn(it, rows, facts)))
    )
      return undefined;
    const evidence = frameEvidence(rows.frame, facts) ?? (/^iter/.test(iterName(loop)) ? "strong" : undefined);
    if (!evidence) return undefined;
    const isLight = facts.sizeOf(rows.frame) === "light";
    const isCheap = facts.unknownCallsIn(loop.body).length === 0;
    return {
      at: first.target,
      construct: loop.node,
      evidence,
      weight: isLight ? ("light" as const) : isCheap ? ("heavy" as const) : ("unknown" as const),
      loop,
      rows,
      write: first,
      related: writes.slice(1).map((it) => ({ at: it.target, message: "another one" })),
    };
  },

  message: ({ rows, write, weight }) =>
    `\`${excerpt(rows.frame.text, 30)}\` is written one value at a time; ${weight === "unknown" ? "collect the values and set" : "set"} ${write.column === undefined ? "the column" : `\`${excerpt(write.column.text, 25)}\``} for all rows at once.`,

  fix({ loop, rows, write }, { facts }) {
    const { frame } = rows;
    const only = onlyStatement(loop.body);
    if (!only || loop.orElse || write.statement !== only || !write.value || write.isAugmented)
      return declined("the loop does more than to set one value");
    if (facts.typeOf(frame)?.name !== "pandas.DataFrame") return declined("it is not certain to be a DataFrame");
    if (hasComments(loop.node)) return declined("a comment would be lost");
    if (!write.column || textValue(write.column) === undefined)
      return declined("the name of the column is not written out");
    if (!/^[A-Za-z_][\w.]*$/.test(frame.text)) return declined("the frame has no name");
    let columns = 0;
    const options: Elementwise = {
      leaf(part) {
        const column = readColumn(part, rows);
        if (column !== undefined) columns++;
        return column === undefined ? undefined : `${frame.text}[${column}]`;
      },
      isInvariant: (part) => {
        const type = facts.typeOf(part);
        return (part.kind === "identifier" || part.kind === "attribute") && (isNumber(type) || type?.name === "str");
      },
      nameOf: (callee) => facts.nameOf(callee),
    };
    const whole = arrayExpression(write.value, options);
    if (!whole || columns === 0) return declined("no form of the value for whole columns is known");
    return fixOf(
      "Set the whole column",
      [
        "values keep their column's dtype, and an empty frame gets the column too",
        "missing values and division by zero give NaN or inf",
        "labels must be unique, and those of all rows",
        "a column that is there takes the dtype of the values",
        "the names of the loop are not set",
        ...whole.doubts,
      ],
      [replace(loop.node, `${frame.text}[${write.column.text}] = ${whole.text}`)],
    );
  },
});

interface Write {
  readonly target: Node;
  readonly statement: Node;
  readonly column: Node | undefined;
  readonly value: Node | undefined;
  readonly isAugmented: boolean;
}

const PLACES = new Set(["loc", "at", "iloc", "iat"]);

/** `df.loc[i, c] = …`, `df.at[i, c] += …` for the row of the turn, wherever in the loop. */
function writesIn(body: Node, rows: RowLoop, facts: Facts): readonly Write[] {
  return [...body.descendants("assignment"), ...body.descendants("augmented_assignment")].flatMap(
    (it): readonly Write[] => {
      const statement = it.parent?.kind === "expression_statement" ? it.parent : undefined;
      const assignment = statement && asAssignment(statement);
      const augmented = statement && asAugmented(statement);
      const [only, more] = assignment?.targets ?? [];
      const target = augmented ? augmented.target : more ? undefined : only;
      // `df["c"][i] = …` is a chained assignment, which may not reach the frame at all: another rule's.
      const isChained =
        asSubscript(unwrap(asAttribute(asSubscript(target)?.value)?.object ?? asSubscript(target)?.value ?? it)) !==
        undefined;
      const place = target && !isChained ? placeOf(target, rows.frame.text) : undefined;
      if (!statement || !target || !place || place.row.text !== rows.label || facts.loopAround(it) === undefined)
        return [];
      return [
        { target, statement, column: place.column, value: assignment?.value, isAugmented: augmented !== undefined },
      ];
    },
  );
}

/** The row and the column of one value of the frame. */
function placeOf(node: Node, frame: string): { readonly row: Node; readonly column: Node | undefined } | undefined {
  const subscript = asSubscript(unwrap(node));
  const [row, column] = subscript?.indices ?? [];
  if (!subscript || !row) return undefined;
  const via = asAttribute(subscript.value);
  if (via && PLACES.has(via.name)) {
    if (via.object.text === frame) return column && isOne(column) ? { row, column } : undefined;
    return column ? undefined : columnPlace(via.object, row, frame);
  }
  return column ? undefined : columnPlace(subscript.value, row, frame);
}

function columnPlace(
  node: Node,
  row: Node,
  frame: string,
): { readonly row: Node; readonly column: Node | undefined } | undefined {
  const subscript = asSubscript(unwrap(node));
  const [column, more] = subscript?.indices ?? [];
  return subscript?.value.text === frame && column && !more && textValue(column) !== undefined
    ? { row, column }
    : undefined;
}

/** The names of the columns that are set stand nowhere else in the loop: no row is worked out from what was set in another. */
function hasColumnsOfItsOwn(body: Node, writes: readonly Write[]): boolean {
  const names = new Set(writes.map((it) => nameOfColumn(it.column)));
  if (names.has(undefined) || writes.some((it) => it.isAugmented)) return false;
  return body
    .descendants("string")
    .every((it) => !names.has(textValue(it)) || writes.some(({ target }) => it.isInside(target)));
}

/** `"signal"`, `df.columns.get_loc("signal")`. */
const nameOfColumn = (column: Node | undefined): string | undefined =>
  textValue(column) ?? textValue(asMethodCall(column, "get_loc")?.args[0]);

/** Other rows are asked for columns by their names, and handed to nobody. */
function isByColumn(subscript: Node, { frame }: RowLoop, facts: Facts): boolean {
  if (nameAtRoot(subscript)?.text !== frame.text) return false;
  // `df["close"].iloc[i - 1]`
  const value = asSubscript(subscript)?.value;
  const column = asSubscript(asAttribute(value)?.object ?? value);
  if (column && textValue(column.indices[0]) !== undefined) return true;
  const assignment = asAssignment(wrapped(subscript).parent);
  const [name, more] = assignment?.targets ?? [];
  if (!assignment) return isAskedForColumn(subscript, facts);
  return name?.kind === "identifier" && !more && facts.readsSeeing(name).every((it) => isAskedForColumn(it, facts));
}

function isAskedForColumn(read: Node, facts: Facts): boolean {
  const own = asSubscript(read)?.indices[1];
  if (own && textValue(own) !== undefined) return true;
  const use = useOf(read);
  if (use.kind === "subscript") return textValue(asSubscript(use.in)?.indices[0]) !== undefined;
  if (use.kind === "argument") return facts.nameOf(asCall(use.call)!.callee) === "builtins.len";
  return use.kind === "attribute" && /^(?:loc|iloc|index|at|iat|shape|empty)$/.test(asAttribute(use.in)?.name ?? "");
}

/** One column: not a list of them, nor a slice. */
function isOne(column: Node): boolean {
  return !["list", "tuple", "slice"].includes(unwrap(column).kind);
}

/** Reads the frame at `i - 1` and the like. */
function readsOtherRow(node: Node, { label }: RowLoop): boolean {
  const root = label!.split(".")[0]!;
  return (asSubscript(node)?.indices ?? []).some(
    (it) =>
      it.text !== label && ["binary_operator", "slice"].includes(unwrap(it).kind) && it.identifiers(root).length > 0,
  );
}

/** `row["price"]`, `row.price`, `df.loc[i, "price"]`. */
function readColumn(part: Node, { frame, row, label }: RowLoop): string | undefined {
  const node = unwrap(part);
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  if (subscript && row !== undefined && subscript.value.text === row && key && !more && textValue(key) !== undefined)
    return key.text;
  const place = subscript && placeOf(node, frame.text);
  return place?.column && place.row.text === label && textValue(place.column) !== undefined
    ? place.column.text
    : undefined;
}

function iterName({ iterable }: ForLoop): string {
  return /\.(iterrows|itertuples)\(/.exec(iterable.text)?.[1] ?? "";
}
