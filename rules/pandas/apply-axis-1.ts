/** `df.apply(function, axis=1)`: a function called with a Series for every row. */

import {
  arrayExpression,
  asAttribute,
  asCall,
  asLambda,
  asMethodCall,
  asSubscript,
  becomesColumnOf,
  declined,
  defineRule,
  divides,
  excerpt,
  fixOf,
  hasComments,
  hasRowPerGroup,
  importModule,
  inside,
  isNumber,
  leastAround,
  parametersOf,
  replace,
  SERIES_NAMES,
  textValue,
  unwrap,
  type ArrayExpression,
  type Call,
  type Elementwise,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Function applied to each row of a DataFrame",
  why: "apply with axis=1 builds a Series for every row and calls the function on it through the interpreter; the same arithmetic on whole columns runs once, in compiled code.",
  guide: "pandas",
  level: "warning",
  gain: "time",
  imports: ["pandas"],
  orWords: ["apply"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def totals(orders: pd.DataFrame) -> pd.Series:
    return orders.apply(lambda row: row["price"] * row["quantity"], axis=1)
`,
      after: `
import pandas as pd

def totals(orders: pd.DataFrame) -> pd.Series:
    return orders["price"] * orders["quantity"]
`,
    },
  ],

  on: ["call"],
  methods: ["apply"],

  find(node, { facts }) {
    const call = asMethodCall(node, "apply");
    const applied = call && isByRow(call) ? (call.keywords.get("func") ?? call.args[0]) : undefined;
    // The name of a method is looked up at the frame, which works on whole columns.
    if (!call || !applied || facts.isTest || textValue(applied) !== undefined) return undefined;
    const evidence = frameEvidence(call.object, applied, facts);
    if (!evidence) return undefined;
    const byRow = rowFunction(applied);
    // Any number of columns and any outer name will do to see that all of it is arithmetic on the row.
    const whole = byRow && translated(byRow.body, byRow.row, { text: "df", numpy: "np", isKnown: () => true }, facts);
    const isHandful = facts.sizeOf(call.object) === "light" || isDrawnByRow(call.object, facts);
    const reduction = reductionOf(applied, facts);
    const isCheap =
      reduction !== undefined ||
      whole !== undefined ||
      (byRow !== undefined && facts.unknownCallsIn(byRow.body).length === 0);
    return {
      at: call.methodNode,
      evidence,
      weight: isHandful ? "light" : isCheap && !hasRowPerGroup(call.object, facts) ? "heavy" : "unknown",
      call,
      applied,
      arithmetic: whole && byRow,
      reduction,
    };
  },

  message({ call, applied, arithmetic, reduction }) {
    const hasName = /^[\w.]{1,40}$/.test(call.object.text);
    const shown = hasName ? `\`${call.object.text}.apply\`` : "apply";
    if (reduction)
      return `${shown} with axis=1 makes a Series for every row; \`${hasName ? call.object.text : ""}.${reduction}(axis=1)\` works on whole columns.`;
    if (arithmetic) return `${shown} with axis=1 makes a Series for every row to do arithmetic; work on whole columns.`;
    const called = applied.kind === "lambda" ? "the lambda" : `\`${excerpt(applied.text, 30)}\``;
    return `${shown} with axis=1 makes a Series for every row to call ${called}; pass it the columns it reads, or whole columns.`;
  },

  fix({ call, arithmetic, reduction }, file) {
    const { facts } = file;
    const frame = call.object;
    if ([...call.keywords.keys()].some((it) => it !== "axis" && it !== "func"))
      return declined("other arguments change the result");
    if (reduction && !arithmetic)
      return declined("missing values and columns of other types may be treated differently");
    if (!arithmetic) return declined("no equivalent of this function for whole columns is known");
    if (facts.typeOf(frame)?.name !== "pandas.DataFrame") return declined("it is not certain to be a DataFrame");
    if (hasComments(call.node)) return declined("a comment would be lost");
    if (!/^[A-Za-z_][\w.]*$/.test(frame.text))
      return declined("the frame has no name, so its expression would be evaluated several times");
    const { row, body } = arithmetic;
    const isKnown = (node: Node) => isNumber(facts.typeOf(node)) || facts.typeOf(node)?.name === "str";
    const plain = translated(body, row, { text: frame.text, isKnown }, facts);
    // `np.where` gives an array without an index: right only where it becomes a column of the same frame.
    const numpy = plain ? undefined : importModule(file, "numpy", call.node, "np");
    const chosen =
      numpy && (!body.descendants("conditional_expression").length || becomesColumnOf(call.node, frame))
        ? translated(body, row, { text: frame.text, numpy: numpy.name, isKnown }, facts)
        : undefined;
    const whole = plain ?? chosen;
    if (!whole) return declined("a value in it may not be a number or text, or the index of the result is needed");
    const doubts = [
      "values and empty results keep their column's dtype, and an empty frame must have the columns too",
      "categories have no operators",
      ...(divides(body) ? ["division by zero raises for rows of mixed types, but gives inf for columns"] : []),
      ...(joinsTexts(body) ? ["missing strings give missing results"] : []),
      ...whole.doubts,
    ];
    return fixOf("Use whole columns", doubts, [
      ...(whole.usesNumpy ? (numpy?.edits ?? []) : []),
      replace(call.node, inside(whole, leastAround(call.node))),
    ]);
  },
});

/** Plotly draws a bar, slice or box for each of its rows: there are as many as somebody can look at. */
function isDrawnByRow(frame: Node, facts: Facts): boolean {
  const place = facts.placeOf(frame);
  return (
    place?.ofUses("are drawn by row", (uses) =>
      uses.some((it) => it.kind === "argument" && DRAWN_BY_ROW.test(asCall(it.call)?.callee.text ?? "")),
    ) ?? false
  );
}

const DRAWN_BY_ROW = /^(?:px|ff|plotly\.express)\.(?:timeline|create_gantt|pie|treemap|sunburst|funnel)$/;

/** `axis=1`, and the function is given Series: with `raw=True` it is given arrays, which cost far less. */
function isByRow({ args, keywords, hasSplat }: Call): boolean {
  const axis = keywords.get("axis") ?? args[1];
  const isOther = ["raw", "engine"].some((it) => keywords.has(it));
  return (
    !hasSplat &&
    !isOther &&
    args.length <= 2 &&
    axis !== undefined &&
    (axis.text === "1" || textValue(axis) === "columns")
  );
}

/** A frame by its type or its uses; or something unknown whose function reads columns by name, as it does for rows of frames. */
function frameEvidence(frame: Node, applied: Node, facts: Facts): Evidence | undefined {
  // A styler has the same method, for the looks of cells.
  if (
    /(^|[._])(style|sty|styler|styled)($|[._])/.test(frame.text) ||
    /\.style\b/.test(facts.valueOf(frame)?.text ?? "")
  )
    return undefined;
  const typed = facts.typed(frame, "fair");
  if (typed) return facts.isA(frame, "pandas.DataFrame", "fair") ? typed.evidence : undefined;
  const alike = facts.takenFor(frame, "frame");
  if (alike || !facts.view.imports("pandas")) return alike;
  const byRow = rowFunction(applied);
  const reads = byRow?.body.identifiers(byRow.row) ?? [];
  return reads.some((it) => columnOf(it.parent!, byRow!.row) !== undefined && it.parent!.kind === "subscript")
    ? "strong"
    : "fair";
}

/** `df.apply(np.max, axis=1)`, `df.apply(sum, axis=1)`, `df.apply(lambda row: row.sum(), axis=1)`: the method of the frame that does it. */
function reductionOf(applied: Node, facts: Facts): string | undefined {
  const name = facts.nameOf(applied);
  const called = name === undefined ? undefined : /^(?:builtins|numpy)\.(\w+)$/.exec(name)?.[1];
  if (called !== undefined) return REDUCTIONS.has(called) ? called : undefined;
  const byRow = rowFunction(applied);
  const method = asMethodCall(byRow && unwrap(byRow.body));
  return method &&
    byRow &&
    method.object.text === byRow.row &&
    method.args.length === 0 &&
    REDUCTIONS.has(method.method)
    ? method.method
    : undefined;
}

const REDUCTIONS = new Set([
  "sum",
  "min",
  "max",
  "mean",
  "median",
  "std",
  "var",
  "prod",
  "any",
  "all",
  "idxmax",
  "idxmin",
]);

/** The only parameter of a lambda, and what it gives. */
function rowFunction(applied: Node): { readonly row: string; readonly body: Node } | undefined {
  const lambda = asLambda(unwrap(applied));
  const [row, more] = parametersOf(lambda?.node.field("parameters"));
  if (!lambda || !row || more || row.star !== "" || row.defaultValue) return undefined;
  return { row: row.name, body: lambda.body };
}

interface Target {
  readonly text: string;
  readonly numpy?: string;
  isKnown(node: Node): boolean;
}

function translated(
  body: Node,
  row: string,
  { text, numpy, isKnown }: Target,
  facts: Facts,
): ArrayExpression | undefined {
  let columns = 0;
  const options: Elementwise = {
    leaf(node) {
      const column = columnOf(node, row);
      if (column !== undefined) columns++;
      return column === undefined ? undefined : `${text}[${column}]`;
    },
    isInvariant: (node) =>
      (node.kind === "identifier" || node.kind === "attribute") &&
      node.identifiers(row).length === 0 &&
      !isOther(node, facts) &&
      isKnown(node),
    nameOf: (callee) => facts.nameOf(callee),
    ...(numpy === undefined ? {} : { numpy }),
  };
  const whole = arrayExpression(body, options);
  return whole && columns > 0 && columnOf(unwrap(body), row) === undefined ? whole : undefined;
}

/** Known to be something else than one number or text. */
function isOther(node: Node, facts: Facts): boolean {
  const type = facts.typeOf(node);
  return type !== undefined && !isNumber(type) && type.name !== "str";
}

/** `row["price"]` and `row.price`, as the column is written in a subscript. */
function columnOf(node: Node, row: string): string | undefined {
  const attribute = asAttribute(node);
  if (attribute)
    return attribute.object.text === row && !SERIES_NAMES.has(attribute.name) && !attribute.name.startsWith("_")
      ? `"${attribute.name}"`
      : undefined;
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  return subscript?.value.text === row && key && !more && textValue(key) !== undefined ? key.text : undefined;
}

function joinsTexts(body: Node): boolean {
  return body.descendants("string").some((it) => it.parent?.kind === "binary_operator");
}
