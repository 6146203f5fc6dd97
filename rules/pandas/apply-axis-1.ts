/** `df.apply(lambda row: …, axis=1)` whose body only works on values of the row. */

import {
  arrayExpression, asAttribute, asCall, asLambda, asMethodCall, asSubscript, defineRule, hasComments, importModule, inside, isNumber, parametersOf, replace, SERIES_NAMES, statementOf, asAssignment, textValue, unwrap, wrapped,
  type ArrayExpression, type Call, type Elementwise, type Facts, type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Function applied to each row of a DataFrame",
  why: "apply with axis=1 builds a Series for every row and calls the function on it through the interpreter; the same arithmetic on whole columns runs once, in compiled code.",
  guide: "pandas",
  level: "warning",
  gain: "time",
  imports: ["pandas"],
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

  find(node, { facts }) {
    const call = asMethodCall(node, "apply");
    const lambda = call && isByRow(call) ? asLambda(unwrap(call.keywords.get("func") ?? call.args[0] ?? call.callee)) : undefined;
    if (!call || !lambda) return undefined;
    const [row, more] = parametersOf(lambda.node.field("parameters"));
    if (!row || more || row.star !== "" || row.defaultValue || facts.typeOf(call.object)?.name !== "pandas.DataFrame") return undefined;
    // Any number of columns and any outer name will do to see that all of it is arithmetic on the row.
    const whole = translated(lambda.body, row.name, { text: "df", numpy: "np", isKnown: () => true }, facts);
    return whole ? { at: call.methodNode, call, row: row.name, body: lambda.body } : undefined;
  },

  message: ({ call }) => `${/^[\w.]{1,40}$/.test(call.object.text) ? `\`${call.object.text}.apply\`` : "apply"} with axis=1 makes a Series for every row to do arithmetic; work on whole columns.`,

  fix({ call, row, body }, file) {
    const { facts } = file;
    const frame = call.object;
    if (hasComments(call.node) || !/^[A-Za-z_][\w.]*$/.test(frame.text)) return undefined;
    const isKnown = (node: Node) => isNumber(facts.typeOf(node)) || facts.typeOf(node)?.name === "str";
    const plain = translated(body, row, { text: frame.text, isKnown }, facts);
    // `np.where` gives an array without an index: right only where it becomes a column of the same frame.
    const numpy = plain ? undefined : importModule(file, "numpy", call.node, "np");
    const chosen = numpy && (!body.descendants("conditional_expression").length || isColumnOf(call.node, frame)) ? translated(body, row, { text: frame.text, numpy: numpy.name, isKnown }, facts) : undefined;
    const whole = plain ?? chosen;
    if (!whole) return undefined;
    const doubts = ["values and empty results keep their column's dtype, an empty frame needs the columns too", ...(divides(body) ? ["mixed rows raise on division by zero, columns give inf"] : []), ...(joinsTexts(body) ? ["missing texts give missing results"] : []), ...whole.doubts];
    return {
      title: `Use whole columns (review: ${doubts.join(", ")})`,
      safety: "review",
      edits: [...(whole.usesNumpy ? (numpy?.edits ?? []) : []), replace(call.node, inside(whole, leastAround(call.node)))],
    };
  },
});

/** `axis=1` and nothing else that changes what the function is given or what comes out. */
function isByRow({ args, keywords, hasSplat }: Call): boolean {
  const axis = keywords.get("axis") ?? args[1];
  const known = [...keywords.keys()].every((it) => it === "axis" || it === "func");
  return !hasSplat && known && args.length <= 2 && axis !== undefined && (axis.text === "1" || textValue(axis) === "columns");
}

interface Target {
  readonly text: string;
  readonly numpy?: string;
  isKnown(node: Node): boolean;
}

function translated(body: Node, row: string, { text, numpy, isKnown }: Target, facts: Facts): ArrayExpression | undefined {
  let columns = 0;
  const options: Elementwise = {
    leaf(node) {
      const column = columnOf(node, row);
      if (column !== undefined) columns++;
      return column === undefined ? undefined : `${text}[${column}]`;
    },
    isInvariant: (node) => (node.kind === "identifier" || node.kind === "attribute") && node.identifiers(row).length === 0 && !isOther(node, facts) && isKnown(node),
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
  if (attribute) return attribute.object.text === row && !SERIES_NAMES.has(attribute.name) && !attribute.name.startsWith("_") ? `"${attribute.name}"` : undefined;
  const subscript = asSubscript(node);
  const [key, more] = subscript?.indices ?? [];
  return subscript?.value.text === row && key && !more && textValue(key) !== undefined ? key.text : undefined;
}

function divides(body: Node): boolean {
  return body.descendants("binary_operator").some((it) => it.field("operator")?.text === "/");
}

function joinsTexts(body: Node): boolean {
  return body.descendants("string").some((it) => it.parent?.kind === "binary_operator");
}

/** `df["c"] = df.apply(…)`. */
function isColumnOf(call: Node, frame: Node): boolean {
  const assignment = asAssignment(statementOf(call));
  const [target, more] = assignment?.targets ?? [];
  const subscript = asSubscript(target);
  return assignment?.value !== undefined && unwrap(assignment.value) === call && !more && subscript?.value.text === frame.text && textValue(subscript.indices[0]) !== undefined && asCall(call) !== undefined;
}

/** How tightly an expression has to bind where the call stands. */
function leastAround(call: Node): number {
  const node = wrapped(call);
  if (node !== call) return 0;
  switch (node.parent?.kind) {
    case "assignment":
    case "augmented_assignment":
    case "return_statement":
    case "expression_statement":
    case "argument_list":
    case "keyword_argument":
    case "list":
    case "tuple":
    case "pair":
    case "interpolation":
      return 0;
    case "subscript":
      return node.fieldName === "subscript" ? 0 : 20;
    default:
      return 20;
  }
}
