/** `df[f"lag_{i}"] = column` in a loop over many: each column is put into the frame by itself. */

import {
  argumentOf,
  asAssignment,
  asCall,
  asFor,
  asMethodCall,
  asSubscript,
  begunFrame,
  declined,
  defineRule,
  excerpt,
  fixOf,
  freshRows,
  grownFrame,
  growthWeight,
  importModule,
  lineAbove,
  lineBelow,
  replace,
  startsLine,
  statementOf,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Columns put into a DataFrame one by one",
  why: "Each new column becomes a block of its own and the list of all column names is made anew, so that hundreds of columns take seconds, and each later step on the frame is slow too; pandas warns of a fragmented frame. Columns collected in a dict are joined in one step.",
  guide: "pandas-scale",
  // Most loops make a dozen columns: only a number that is known to be large is worth more than a hint.
  level: "info",
  differs: { light: "off" },
  gain: "time",
  imports: ["pandas"],
  orWords: ["iterrows", "reset_index"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def lags(prices: pd.Series, count: int) -> pd.DataFrame:
    table = pd.DataFrame(index=prices.index)
    for lag in range(count):
        table[f"lag_{lag}"] = prices.shift(lag)
    return table
`,
      after: `
import pandas as pd

def lags(prices: pd.Series, count: int) -> pd.DataFrame:
    table = pd.DataFrame(index=prices.index)
    table_columns = {}
    for lag in range(count):
        table_columns[f"lag_{lag}"] = prices.shift(lag)
    table = pd.concat([table, pd.DataFrame(table_columns, index=table.index)], axis=1)
    return table
`,
    },
  ],

  on: ["assignment", "call"],
  within: "loop",

  find(node, { facts }) {
    const put = putOf(node);
    if (!put || facts.isTest) return undefined;
    const loops = facts.loopsAround(node).filter((it) => it.kind === "for_statement" || it.kind === "while_statement");
    const keyed = loops.filter((it) => isMadeIn(put.key, it, facts));
    const loop = keyed[0];
    if (!loop || !isNew(put, loop, facts) || !isFirst(put, node, loop, facts)) return undefined;
    const evidence = grownFrame(put.frame, loop, facts);
    if (!evidence) return undefined;
    return {
      at: put.at,
      construct: statementOf(node),
      evidence,
      // A table has any number of columns, and most have a dozen.
      weight: asFor(loop)?.iterable.text.endsWith(".columns") ? "unknown" : growthWeight(node, keyed, facts),
      put,
      loop,
      assigned: asAssignment(node),
    };
  },

  message: ({ put, evidence, weight }) => {
    const frame = `\`${excerpt(put.frame.text, 40)}\``;
    const isMany = weight === "heavy" ? "" : ", which matters if there are many";
    return `Every turn puts one more column into ${frame}${evidence === "fair" ? ", taken for a DataFrame" : ""}${isMany}; collect the columns in a dict and join them once.`;
  },

  fix({ put, loop, assigned, construct }, file) {
    const { facts } = file;
    const { frame, key } = put;
    if (!assigned?.value) return declined("insert says where the column stands");
    if (frame.kind !== "identifier" || facts.typeOf(frame)?.name !== "pandas.DataFrame")
      return declined("it is not certain to be a DataFrame");
    if (facts.writesOf(frame).some((it) => it.kind === "parameter" && it.name.isInside(functionOrFile(loop))))
      return declined("the caller's own frame gets the columns");
    if (begunFrame(frame, loop, facts)?.isWithoutRows) return declined("the first column gives the frame its rows");
    if (!startsLine(loop) || construct.comments.length > 0) return declined("a comment would be lost");
    if (facts.loopsAround(loop).length > 0) return declined("the loop stands in another loop");
    if (asFor(loop)?.orElse) return declined("the loop has an else branch");
    if (facts.readsOf(frame, loop).some((it) => it !== frame) || facts.isObserved(frame, loop))
      return declined(`\`${frame.text}\` may be looked at before the loop ends`);
    const pandas = importModule(file, "pandas", loop, "pd");
    if (!pandas) return declined("the name of pandas means something else here");
    const dict = freshRows(frame, loop, facts, "columns");
    const joined = `${pandas.name}.concat([${frame.text}, ${pandas.name}.DataFrame(${dict}, index=${frame.text}.index)], axis=1)`;
    return fixOf(
      "Collect the columns and join them once",
      [
        "no column of that name may be there before",
        "no other name may hold the frame",
        "the columns must have plain names, and each value one axis",
        "errors of a column that does not fit are raised after the loop",
      ],
      [
        ...pandas.edits,
        lineAbove(loop, `${dict} = {}`),
        replace(put.at, `${dict}[${key.text}]`),
        lineBelow(loop, `${frame.text} = ${joined}`),
      ],
    );
  },
});

const functionOrFile = (node: Node): Node => node.ancestor("function_definition", "module") ?? node;

interface Put {
  readonly at: Node;
  readonly frame: Node;
  readonly key: Node;
  readonly value: Node | undefined;
}

/** `df[key] = value` with one key, `df.insert(place, key, value)`. */
function putOf(node: Node): Put | undefined {
  if (node.kind === "call") {
    const insert = asMethodCall(node, "insert");
    const call = asCall(node);
    const key = call && argumentOf(call, "column", 1);
    return insert && call && key && call.args.length + call.keywords.size >= 3
      ? { at: insert.methodNode, frame: insert.object, key, value: argumentOf(call, "value", 2) }
      : undefined;
  }
  const assignment = asAssignment(node);
  const [target, more] = assignment?.targets ?? [];
  const subscript = asSubscript(target);
  const [key, second] = subscript?.indices ?? [];
  return subscript && assignment?.value && key && !more && !second
    ? { at: subscript.node, frame: subscript.value, key: unwrap(key), value: assignment.value }
    : undefined;
}

/** The key is another one in each turn: it has a name in it that the loop binds. */
function isMadeIn(key: Node, loop: Node, facts: Facts): boolean {
  const names = key.kind === "identifier" ? [key] : key.descendants("identifier");
  return names.some((it) => facts.writesOf(it, loop).length > 0);
}

/** Shown to be a new column: the frame begins without any, or the name is put together from a text and what the loop brings, and read nowhere else in the loop. */
function isNew({ frame, key, at, value }: Put, loop: Node, facts: Facts): boolean {
  const held = key.kind === "identifier" ? facts.valueOf(key) : undefined;
  const made = unwrap(held ?? key);
  const isPutTogether =
    (made.kind === "string" && made.descendants("interpolation").length > 0) ||
    (made.kind === "binary_operator" && made.descendants("string").length > 0) ||
    (made.kind === "call" && made.text.startsWith("str("));
  if (!isPutTogether && !beginsWithFew(frame, key, loop, facts)) return false;
  // `df[c] = df[c].astype(int)`: it is there.
  const sought = `${frame.text}[${key.text}]`;
  if (value?.text.includes(sought)) return false;
  const reads = facts.memo("subscripts by their text", loop, () => {
    const found = new Map<string, number>();
    for (const it of loop.descendants("subscript"))
      found.set(it.text, Math.min(found.get(it.text) ?? it.start, it.start));
    return found;
  });
  return (reads.get(sought) ?? at.start) >= at.start;
}

/** The frame begins without columns, or with one or two that are written down, and each turn brings a name of its own. */
function beginsWithFew(frame: Node, key: Node, loop: Node, facts: Facts): boolean {
  const begun = begunFrame(frame, loop, facts);
  if (!begun) return false;
  if (begun.isWithoutColumns) return true;
  const [data] = asCall(begun.value)?.args ?? [];
  const isWritten =
    data?.kind === "dictionary" &&
    data.children.length <= MOST_BEGUN &&
    data.children.every((it) => it.field("key")?.kind === "string");
  // `for c in frame.columns` names the columns that are there.
  const items = asFor(loop)?.iterable.text ?? "";
  return isWritten && key.kind === "identifier" && !items.includes(`${frame.text}.`) && items !== frame.text;
}

const MOST_BEGUN = 2;

/** One finding for all that a loop puts into a frame. */
function isFirst({ frame }: Put, node: Node, loop: Node, facts: Facts): boolean {
  const first = facts.memo("first columns put into frames", loop, () => {
    const found = new Map<string, Node>();
    for (const it of loop.descendants("assignment", "call")) {
      const put = putOf(it);
      const { text } = put?.frame ?? { text: "" };
      if (put && !found.has(text) && isMadeIn(put.key, loop, facts) && isNew(put, loop, facts)) found.set(text, it);
    }
    return found;
  });
  return first.get(frame.text) === node;
}
