/** `df.loc[len(df)] = row` in a loop: each row makes a longer copy of the frame. */

import {
  asAssignment,
  asAttribute,
  asAugmented,
  asBinary,
  asCall,
  asFor,
  asSubscript,
  begunFrame,
  declined,
  defineRule,
  excerpt,
  fixOf,
  freshRows,
  grownFrame,
  growthWeight,
  integerOf,
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
  title: "Rows appended to a DataFrame with loc",
  why: "Each row that loc adds makes new columns with one more element and copies all that is there: the work grows with the square of the number of rows, and a single row takes as long as thousands in a list. Rows collected in a list become a frame in one step.",
  guide: "pandas-scale",
  level: "warning",
  differs: { light: "off" },
  gain: "time",
  imports: ["pandas"],
  orWords: ["iterrows", "reset_index"],
  overrides: ["iteration/loop-invariant-expression", "pandas/scalar-loc-access"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def table(names: list[str]) -> pd.DataFrame:
    result = pd.DataFrame(columns=["name", "length"])
    for name in names:
        result.loc[len(result)] = [name, len(name)]
    return result
`,
      after: `
import pandas as pd

def table(names: list[str]) -> pd.DataFrame:
    result = pd.DataFrame(columns=["name", "length"])
    result_rows = []
    for name in names:
        result_rows.append([name, len(name)])
    result = pd.DataFrame(result_rows, columns=result.columns)
    return result
`,
    },
  ],

  on: ["assignment"],
  within: "loop",

  find(node, { facts }) {
    const assignment = asAssignment(node);
    const [target, more] = assignment?.targets ?? [];
    const stored = target && !more ? storeOf(target) : undefined;
    if (!assignment?.value || !stored || facts.isTest) return undefined;
    const { frame, key } = stored;
    const loops = facts.loopsAround(node).filter((it) => it.kind === "for_statement" || it.kind === "while_statement");
    const inner = loops[0];
    if (!inner) return undefined;
    const isBehind = isEndOf(key, frame) || isHeldEnd(key, frame, facts);
    const counted = isBehind ? undefined : loops.find((it) => isBoundBy(key, it, facts));
    if (!isBehind && !counted) return undefined;
    const loop = counted ?? inner;
    const evidence = grownFrame(frame, loop, facts);
    // A frame that was begun without rows has none of that name.
    if (!evidence || (!isBehind && !(isStillEmpty(frame, loop, facts) && (!stored.isCell || loops.length === 1))))
      return undefined;
    if (isSecondCell(stored, node, loop, facts)) return undefined;
    return {
      at: target!,
      construct: statementOf(node),
      evidence,
      weight: growthWeight(node, loops, facts),
      stored,
      // The outermost loop that goes on with the same frame.
      loop: loops.findLast((it) => begunFrame(frame, it, facts)) ?? inner,
      value: assignment.value,
      isBehind,
    };
  },

  message: ({ stored, evidence, weight }) => {
    const frame = `\`${excerpt(stored.frame.text, 40)}\``;
    const isMany = weight === "heavy" ? "" : ", which matters if there are many";
    return `Each row that \`.${stored.accessor}\` adds copies all of ${frame}${evidence === "fair" ? ", taken for a DataFrame" : ""}${isMany}; collect the rows in a list and make the frame once.`;
  },

  fix({ stored, loop, value, isBehind, construct }, { facts }) {
    const { frame } = stored;
    const begun = begunFrame(frame, loop, facts);
    if (!begun?.isWithoutRows) return declined("the frame is not seen to begin without rows");
    if (!isBehind || stored.isCell) return declined("the rows have names of their own, or are filled cell by cell");
    if (begun.isWithoutColumns) return declined("the frame begins without columns");
    if (value.kind !== "list" && value.kind !== "tuple")
      return declined("the row is no list, so its values may go by name");
    const callee = asCall(begun.value)!;
    if (callee.keywords.has("dtype")) return declined("the columns were given a type");
    const key = key0(stored.key, facts);
    if (key?.kind === "binary_operator") return declined("the rows are not numbered from 0");
    if (!startsLine(loop) || construct.comments.length > 0) return declined("a comment would be lost");
    if (asFor(loop)?.orElse) return declined("the loop has an else branch");
    const reads = facts.readsOf(frame, loop);
    if (reads.some((it) => it !== frame && !it.isInside(construct)) || facts.isObserved(frame, loop))
      return declined(`\`${frame.text}\` may be looked at before the loop ends`);
    if (reads.some((it) => it.isInside(value))) return declined("the row is made from the frame itself");
    const list = freshRows(frame, loop, facts);
    return fixOf(
      "Collect the rows and make the frame once",
      [
        "the types of the columns follow from all rows at once",
        "a row of another length fails after the loop",
        "no other name may hold the empty frame",
      ],
      [
        lineAbove(loop, `${list} = []`),
        replace(construct, `${list}.append(${value.text})`),
        lineBelow(loop, `${frame.text} = ${callee.callee.text}(${list}, columns=${frame.text}.columns)`),
      ],
    );
  },
});

interface Store {
  readonly accessor: string;
  readonly frame: Node;
  readonly key: Node;
  /** One column of the row is given. */
  readonly isCell: boolean;
  readonly column: Node | undefined;
}

/** `df.loc[key]`, `df.loc[key, :]`, `df.loc[key, "a"]`, `df.at[key, "a"]`. */
function storeOf(target: Node): Store | undefined {
  const subscript = asSubscript(target);
  const accessor = asAttribute(subscript?.value);
  if (!subscript || !accessor || (accessor.name !== "loc" && accessor.name !== "at")) return undefined;
  const [key, column, more] = subscript.indices;
  if (!key || more || (accessor.name === "at" && !column)) return undefined;
  const isCell = column !== undefined && column.text !== ":";
  return { accessor: accessor.name, frame: accessor.object, key: unwrap(key), isCell, column };
}

const key0 = (key: Node, facts: Facts): Node | undefined => (key.kind === "identifier" ? facts.valueOf(key) : key);

/** `len(df)`, `len(df.index)`, `df.shape[0]`, `df.index.size`, `df.index.max() + 1`, `df.index[-1] + 1`. */
function isEndOf(key: Node, frame: Node): boolean {
  const sum = asBinary(key);
  if (sum) {
    return (
      sum.operator === "+" &&
      integerOf(sum.right) !== undefined &&
      (isEndOf(unwrap(sum.left), frame) || isLastOf(unwrap(sum.left), frame))
    );
  }
  const isFrame = (it: Node | undefined) => it?.text === frame.text || it?.text === `${frame.text}.index`;
  const call = asCall(key);
  if (call) return call.callee.text === "len" && call.args.length === 1 && isFrame(call.args[0]);
  const size = asAttribute(key);
  if (size) return size.name === "size" && size.object.text === `${frame.text}.index`;
  const rows = asSubscript(key);
  const shape = asAttribute(rows?.value);
  return shape?.name === "shape" && isFrame(shape.object) && integerOf(rows?.indices[0]) === 0;
}

function isLastOf(key: Node, frame: Node): boolean {
  const call = asCall(key);
  const max = asAttribute(call?.callee);
  if (call) return max?.name === "max" && max.object.text === `${frame.text}.index`;
  const last = asSubscript(key);
  return last?.value.text === `${frame.text}.index` && integerOf(last.indices[0]) === -1;
}

/** `i = len(df)` in the turn. */
function isHeldEnd(key: Node, frame: Node, facts: Facts): boolean {
  const held = key.kind === "identifier" ? facts.valueOf(key) : undefined;
  return held !== undefined && isEndOf(unwrap(held), frame);
}

/** The loop gives the name another value in each turn, or raises it by hand and never sets it back. */
function isBoundBy(key: Node, loop: Node, facts: Facts): boolean {
  const names = [key, ...key.descendants("identifier")].filter((it) => it.kind === "identifier");
  return names.some((name) => {
    const writes = facts.writesOf(name, loop);
    return (
      writes.some((it) => it.kind === "for" && it.owner === loop) ||
      (writes.length > 0 && writes.every((it) => isRaise(it.owner, name)))
    );
  });
}

/** `n += 1`, `n = n + 1`. */
function isRaise(write: Node, name: Node): boolean {
  const augmented = asAugmented(write);
  if (augmented) return augmented.operator.startsWith("+");
  const sum = asBinary(asAssignment(write)?.value);
  return sum?.operator === "+" && sum.left.text === name.text && integerOf(sum.right) !== undefined;
}

/** Another cell of the same row is stored further up: one finding for the row. */
function isSecondCell({ frame, key, isCell }: Store, node: Node, loop: Node, facts: Facts): boolean {
  if (!isCell) return false;
  const first = facts.memo("first cells of rows", loop, () => {
    const found = new Map<string, Node>();
    for (const it of loop.descendants("assignment")) {
      const store = storeOf(asAssignment(it)?.targets[0] ?? it);
      const row = store && `${store.frame.text} ${store.key.text}`;
      if (row !== undefined && !found.has(row)) found.set(row, it);
    }
    return found;
  });
  return first.get(`${frame.text} ${key.text}`) !== node;
}

/** Begun without rows, and given none in front of the loop. */
function isStillEmpty(frame: Node, loop: Node, facts: Facts): boolean {
  const begun = begunFrame(frame, loop, facts);
  if (!begun?.isWithoutRows) return false;
  return facts.usesOf(frame).every(({ node, kind, name }) => {
    if (node.start >= loop.start || node.start < begun.value.end) return true;
    return kind === "attribute-store" || (kind === "attribute" && name === "columns");
  });
}
