/** Frames of pandas, their columns, groups and rows, as code that works with them one by one writes them. */

import { FRAME_NAMES, OTHER_FRAMES } from "../knowledge/pandas-names.js";
import { weakest, type Evidence } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import {
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asLambda,
  asMethodCall,
  asSubscript,
  unwrap,
  type MethodCall,
} from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
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

/** `df[column]`, where the name holds one column: that of the turn in a loop, a text, or so it is called. */
export function columnByName(
  expression: Node,
  facts: Facts,
): { readonly frame: Node; readonly evidence: Evidence } | undefined {
  const subscript = asSubscript(unwrap(expression));
  const [key, more] = subscript?.indices ?? [];
  if (!subscript || more || (key?.kind !== "identifier" && key?.kind !== "attribute")) return undefined;
  const frame = subscript.value;
  const typed = facts.typed(key, "fair");
  if (typed) return /^(str|int)$/.test(typed.type.name) ? { frame, evidence: typed.evidence } : undefined;
  const [site, other] = key.kind === "identifier" ? facts.reachingSites(key) : [];
  if (!other && site?.kind === "for")
    return { frame, evidence: /\.columns\b/.test(site.value?.text ?? "") ? "strong" : "fair" };
  return CALLED_COLUMN.test(key.text) ? { frame, evidence: "fair" } : undefined;
}

const CALLED_COLUMN = /(?:^|[._])(?:col|column|field|feature|target|label)(?:_name)?$/i;

/** The rows of a frame that a mask chooses. */
export interface Filter {
  readonly frame: Node;
  readonly mask: Node;
}

/** `df[mask]` and `df.loc[mask]`; whether it is a mask, `maskEvidence` tells. */
export function filterIn(expression: Node | undefined): Filter | undefined {
  const subscript = asSubscript(expression);
  const [mask, more] = subscript?.indices ?? [];
  if (!subscript || !mask || more) return undefined;
  const viaLoc = asAttribute(subscript.value);
  return { frame: viaLoc?.name === "loc" ? viaLoc.object : subscript.value, mask };
}

/** By which evidence the expression compares columns of the frame, or combines such comparisons. */
export function maskEvidence(mask: Node, frame: string, facts: Facts): Evidence | undefined {
  const node = unwrap(mask);
  const inner = (it: Node) => maskEvidence(it, frame, facts);
  if (node.kind === "unary_operator") return node.text.startsWith("~") ? inner(node.field("argument")!) : undefined;
  const binary = asBinary(node);
  if (binary) return /^[&|^]$/.test(binary.operator) ? weakest(inner(binary.left), inner(binary.right)) : undefined;
  const ofColumn = (whole: Node, depth = 8): Evidence | undefined => {
    const it = columnBehind(whole);
    if (frameColumn(it)?.frame.text === frame) return "proof";
    const named = columnByName(it, facts);
    if (named) return named.frame.text === frame ? named.evidence : undefined;
    const sum = depth > 0 ? asBinary(it) : undefined;
    return sum && SUMS.test(sum.operator)
      ? (ofColumn(sum.left, depth - 1) ?? ofColumn(sum.right, depth - 1))
      : undefined;
  };
  const comparison = asComparison(node);
  if (comparison)
    return /^([<>]=?|[=!]=)$/.test(comparison.operator)
      ? (ofColumn(comparison.left) ?? ofColumn(comparison.right))
      : undefined;
  const method = asMethodCall(node);
  const text = asAttribute(method?.object);
  if (method && text?.name === "str") return TEXT_TESTS.test(method.method) ? ofColumn(text.object) : undefined;
  return method && TESTS.has(method.method) ? ofColumn(method.object) : undefined;
}

/** The column of which each row gives one row: `df["c"]` of `df["c"].str.strip().str.lower()`, `df["day"].dt.year`, `df["c"].fillna(0)`. */
function columnBehind(expression: Node): Node {
  let at = unwrap(expression);
  for (let steps = 0; steps < 6; steps++) {
    const method = asMethodCall(at);
    const attribute = method ? undefined : asAttribute(at);
    const held = asAttribute(method?.object ?? attribute?.object);
    if (method && held?.name === "str" && ROW_TEXTS.test(method.method)) at = unwrap(held.object);
    else if (held?.name === "dt") at = unwrap(held.object);
    else if (method && ROW_METHODS.test(method.method)) at = unwrap(method.object);
    else return at;
  }
  return at;
}

const ROW_TEXTS = /^(?:lower|upper|strip|lstrip|rstrip|title|capitalize|casefold|len|get|slice|replace|count|find)$/;
const ROW_METHODS = /^(?:astype|fillna|abs|round|shift|diff|clip|replace)$/;
const SUMS = /^(?:[-+*/%]|\/\/)$/;

const TESTS = new Set("isin isna isnull notna notnull between eq ne lt le gt ge duplicated".split(" "));
const TEXT_TESTS = /^(contains|startswith|endswith|match|fullmatch|is\w+)$/;

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

/** By which evidence a name is the parameter of a lambda that groups or windows call with a Series: `df.groupby("shop")["price"].agg(lambda x: …)`. */
export function groupParameterEvidence(name: Node, facts: Facts): Evidence | undefined {
  const [site, more] = name.kind === "identifier" ? facts.reachingSites(name) : [];
  const parameters = site?.kind === "parameter" && !more ? site.name.parent : undefined;
  const lambda = parameters?.kind === "lambda_parameters" ? asLambda(parameters.parent) : undefined;
  if (!lambda || lambda.parameters[0] !== site!.name) return undefined;
  let given: Node | undefined = lambda.node.parent;
  while (given && (HOLDING.has(given.kind) || isNamedAggregate(given, facts))) given = given.parent;
  const call = asMethodCall(given, "agg", "aggregate", "apply", "transform");
  const grouped = call && groupedOf(call.object, facts);
  if (!grouped) return undefined;
  // What `apply` gets of several columns is a frame.
  const isColumn = grouped.columns !== undefined && textValue(grouped.columns) !== undefined;
  return call.method !== "apply" || isColumn ? grouped.evidence : undefined;
}

/** What functions are given in: `agg([("low", f)])`, `agg({"price": f})`, `agg(low=("price", f))`. */
const HOLDING = new Set<Kind>([
  "argument_list",
  "keyword_argument",
  "parenthesized_expression",
  "list",
  "tuple",
  "dictionary",
  "pair",
]);

function isNamedAggregate(node: Node, facts: Facts): boolean {
  const call = asCall(node);
  return call !== undefined && facts.nameOf(call.callee) === "pandas.NamedAgg";
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
  if (call.args.length === 2 && isFromOtherLoop(call.args[0]!, facts)) return undefined;
  const counted = countedFrame(call.args.at(-1), facts);
  return counted && { frame: counted, label: first, isCounter: true, row: undefined };
}

/** What is counted from hangs on a loop around, or is more than a sum of names and numbers. */
function isFromOtherLoop(start: Node, facts: Facts): boolean {
  const node = unwrap(start);
  if (node.kind === "integer") return false;
  if (node.kind === "binary_operator") return node.children.some((it) => it.isNamed && isFromOtherLoop(it, facts));
  return node.kind !== "identifier" || facts.loopsAround(start).length > 0;
}

/** The frame in `len(df)`, `len(df.index)`, `df.shape[0]`, also by a name for it. */
function countedFrame(end: Node | undefined, facts: Facts): Node | undefined {
  const written = end && unwrap(end);
  // `n = len(df)` above the loop.
  const held = written?.kind === "identifier" ? facts.valueOf(written) : undefined;
  const node = held ? unwrap(held) : written;
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
