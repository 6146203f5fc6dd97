/** Frames of pandas, their columns, groups and rows, as code that works with them one by one writes them. */

import { FRAME_NAMES, OTHER_FRAMES } from "../knowledge/pandas-names.js";
import type { Evidence } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import { asAttribute, asCall, asMethodCall, asSubscript, unwrap, type MethodCall } from "../syntax/expressions.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { lastIdentifier } from "../text/identifiers.js";

/** Libraries whose own tables have methods of the same names. */
const OTHERS = [...OTHER_FRAMES, "xarray"];

/** By its type or its uses; by its name alone where pandas is imported and no other library has tables like these. */
export function frameEvidence(frame: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(frame, "fair");
  if (typed) return facts.isA(frame, "pandas.DataFrame", "fair") ? typed.evidence : undefined;
  const alike = facts.takenFor(frame, "frame");
  if (alike || !isPandasAlone(facts)) return alike;
  return /(^|_)(df|frame|dataframe)\d*(_|$)|df$/i.test(lastIdentifier(frame.text)) ? "fair" : undefined;
}

/** pandas is imported, and no other library whose tables look the same. */
export function isPandasAlone(facts: Facts): boolean {
  return facts.view.imports("pandas") && !OTHERS.some((it) => facts.view.imports(it));
}

/** A column as it is read. */
export interface FrameColumn {
  readonly frame: Node;
  /** Its name as it is written in a subscript. */
  readonly key: string;
}

/** `df["c"]` and `df.c`. */
export function frameColumn(expression: Node): FrameColumn | undefined {
  const node = unwrap(expression);
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  if (subscript)
    return key && !more && textValue(key) !== undefined ? { frame: subscript.value, key: key.text } : undefined;
  const attribute = asAttribute(node);
  return attribute && !FRAME_NAMES.has(attribute.name)
    ? { frame: attribute.object, key: `"${attribute.name}"` }
    : undefined;
}

/** Groups or windows of rows. */
export interface Grouped {
  /** `df.groupby("shop")`. */
  readonly call: MethodCall;
  /** The columns that are chosen of the groups: `"price"` in `df.groupby("shop")["price"]`. */
  readonly columns: Node | undefined;
  readonly evidence: Evidence;
}

const GROUPERS = ["groupby", "resample", "rolling", "expanding"];

/** What `df.groupby("shop")["price"]` or a name for it is made of; undefined for the groups of other libraries. */
export function groupedOf(expression: Node, facts: Facts): Grouped | undefined {
  let node = unwrap(expression);
  let columns: Node | undefined;
  for (let steps = 0; steps < 4; steps++) {
    const call = asMethodCall(node, ...GROUPERS);
    if (call) {
      const evidence = groupEvidence(call, facts);
      return evidence && { call, columns, evidence };
    }
    const subscript = asSubscript(node);
    const held =
      subscript?.value ??
      (node.kind === "identifier" || node.kind === "attribute"
        ? (facts.valueOf(node) ?? chosenColumn(node))
        : undefined);
    if (!held) return undefined;
    columns ??= subscript?.indices[0];
    node = unwrap(held);
  }
  return undefined;
}

/** `groups` of `groups.price`. */
function chosenColumn(node: Node): Node | undefined {
  return asAttribute(node)?.object;
}

function groupEvidence({ object }: MethodCall, facts: Facts): Evidence | undefined {
  const typed = facts.typed(object, "fair");
  if (typed)
    return facts.isA(object, "pandas.DataFrame", "fair") || facts.isA(object, "pandas.Series", "fair")
      ? typed.evidence
      : undefined;
  return (
    facts.takenFor(object, "frame") ?? facts.takenFor(object, "series") ?? (isPandasAlone(facts) ? "fair" : undefined)
  );
}

/** A loop that goes through the rows of a frame. */
export interface RowLoop {
  /** The frame as it is written. */
  readonly frame: Node;
  /** What holds the row's label or number; undefined where it is not unpacked. */
  readonly label: string | undefined;
  /** `range(len(df))` counts, the others give labels. */
  readonly isCounter: boolean;
  /** What holds the row itself. */
  readonly row: string | undefined;
}

/** `for i, row in df.iterrows()`, `for row in df.itertuples()`, `for i in df.index`, `for i in range(len(df))`. */
export function rowLoop(target: Node, iterable: Node, facts: Facts): RowLoop | undefined {
  const node = unwrap(iterable);
  const names = target.kind === "identifier" ? [target] : target.children.filter((it) => it.isNamed);
  const [first, second, more] = names.map((it) => (it.kind === "identifier" ? it.text : undefined));
  const rows = asMethodCall(node, "iterrows", "itertuples");
  if (rows?.method === "iterrows")
    return names.length === 2 ? { frame: rows.object, label: first, isCounter: false, row: second } : undefined;
  if (rows)
    return names.length === 1 && first !== undefined
      ? { frame: rows.object, label: `${first}.Index`, isCounter: false, row: first }
      : undefined;
  if (names.length !== 1 || more !== undefined || first === undefined) return undefined;
  const index = asAttribute(node);
  if (index?.name === "index") return { frame: index.object, label: first, isCounter: false, row: undefined };
  const call = asCall(node);
  if (!call || facts.nameOf(call.callee) !== "builtins.range" || call.args.length > 2) return undefined;
  // From another loop's place on: rows are compared with one another.
  if (call.args.length === 2 && call.args[0]!.kind !== "integer") return undefined;
  const counted = countedFrame(call.args.at(-1), facts);
  return counted && { frame: counted, label: first, isCounter: true, row: undefined };
}

/** The frame in `len(df)`, `len(df.index)`, `df.shape[0]`. */
function countedFrame(end: Node | undefined, facts: Facts): Node | undefined {
  const node = end && unwrap(end);
  const call = asCall(node);
  const [counted] = call?.args ?? [];
  if (counted && facts.nameOf(call!.callee) === "builtins.len") {
    const index = asAttribute(counted);
    return index?.name === "index" ? index.object : counted;
  }
  const subscript = asSubscript(node);
  const shape = asAttribute(subscript?.value);
  return shape?.name === "shape" && subscript!.indices[0]?.text === "0" ? shape.object : undefined;
}
