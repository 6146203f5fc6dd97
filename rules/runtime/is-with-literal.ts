/** `is` and `is not` against a number, a text or another literal. */

import {
  asComparison,
  asFunction,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  replace,
  unwrap,
  type Facts,
  type Kind,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Identity compared with a literal",
  why: "`is` asks whether two expressions are one object. Whether equal numbers or texts are one object depends on the interpreter, its version and where the value comes from, so the test may work in a trial and fail with real data. Python warns about it since 3.8.",
  guide: "object-model",
  level: "warning",
  gain: "safety",
  words: ["is"],
  overlaps: ["F632"],
  unlike: "columns and arrays that are compared with `True` by `is` count too",
  fixes: "review",

  examples: [
    {
      before: `
def is_full(count: int) -> bool:
    return count is 1000
`,
      after: `
def is_full(count: int) -> bool:
    return count == 1000
`,
    },
  ],

  on: ["comparison_operator"],

  find(node, { facts }): Identity | undefined {
    const comparison = asComparison(node);
    if (comparison?.operator !== "is" && comparison?.operator !== "is not") return undefined;
    const { left, right, operator } = comparison;
    const literal = [right, left].find((it) => isLiteral(unwrap(it)));
    if (!literal) return expressionIs(node, left, right, operator, facts);
    const other = literal === right ? left : right;
    const isNew = NEW.has(unwrap(literal).kind);
    // CPython keeps one empty text and one of each small number: the test works there, and is a warning of the compiler alone.
    const isKept = /^(?:""|''|\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-6])$/.test(unwrap(literal).text);
    const weight = isKept ? ("light" as const) : ("heavy" as const);
    return { at: node, weight, literal, other, operator, left, right, isNew, kind: undefined };
  },

  message({ literal, other, operator, isNew, kind }) {
    if (kind !== undefined)
      return `\`${excerpt(other.text, 40)}\` is ${kind}, never the object \`${literal.text}\`: this is always ${operator === "is" ? "false" : "true"}.`;
    const shown = excerpt(literal.text, 30);
    return isNew
      ? `\`${shown}\` is a new object each time, so this is always ${operator === "is" ? "false" : "true"}; \`${EQUAL[operator]}\` compares the values.`
      : `\`${operator}\` asks whether it is the same object as \`${shown}\`, which is up to the interpreter; \`${EQUAL[operator]}\` compares the values.`;
  },

  fix({ left, right, operator, other, literal, kind }, { facts }) {
    if (kind !== undefined) return truthFix(left, other, literal, operator);
    const type = facts.typed(other)?.type.name ?? "";
    if (/^(numpy\.ndarray|pandas\.|torch\.Tensor|tensorflow\.)/.test(type))
      return declined(`\`${excerpt(other.text, 40)}\` compares item by item with ==`);
    const between = { tree: left.tree, start: left.end, end: right.start };
    const text = left.tree.text.slice(between.start, between.end);
    const sign = /^(\)*\s*)is(?:\s+not)?(\s*\(*)$/.exec(text);
    if (!sign) return declined("a comment stands between the two");
    const isPlain = PLAIN.has(type);
    return fixOf(
      `Compare with ${EQUAL[operator]}`,
      ["equal values that are not one object now count as equal", !isPlain && "a class may have an == of its own"],
      [replace(between, `${sign[1]}${EQUAL[operator]}${sign[2]}`)],
    );
  },
});

interface Identity extends Match {
  readonly literal: Node;
  readonly other: Node;
  readonly operator: "is" | "is not";
  readonly left: Node;
  readonly right: Node;
  /** Made anew each time. */
  readonly isNew: boolean;
  /** What the other side is, where it can be no truth value. */
  readonly kind: string | undefined;
}

/** What polars and pandas make of a column is compared item by item with ==, and with `is` as the object that it is. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^polars\.(?:expr\.\w+\.)?(?:Expr|Series)$/, "an expression of polars"],
  [/^polars\.(?:Lazy|Data)Frame$|^pandas\.(?:core\.\w+\.)?(?:Series|DataFrame|Index)$/, "a whole table or column"],
  [/^numpy\.ndarray$/, "a whole array"],
  [/^torch\.Tensor$/, "a tensor"],
];

/** `pl.col("paid") is True`: the test runs on the expression, not on the values of the column. */
function expressionIs(
  node: Node,
  left: Node,
  right: Node,
  operator: "is" | "is not",
  facts: Facts,
): Identity | undefined {
  const literal = [right, left].find((it) => /^(?:true|false)$/.test(unwrap(it).kind));
  // A test that passes shows what it is: of units that do not fit, == gives a plain bool.
  if (!literal || isChecked(node)) return undefined;
  const other = literal === right ? left : right;
  const name = facts.typed(other, "strong")?.type.name;
  const kind = name === undefined ? undefined : KINDS.find(([pattern]) => pattern.test(name))?.[1];
  return kind === undefined ? undefined : { at: node, literal, other, operator, left, right, isNew: false, kind };
}

/** `assert … is False` of a test. */
function isChecked(node: Node): boolean {
  return node.ancestor("assert_statement") !== undefined && /^test/.test(asFunction(functionAround(node))?.name ?? "");
}

/** `pl.col("paid")` for `pl.col("paid") is True`, and `~pl.col("paid")` for False. */
function truthFix(left: Node, other: Node, literal: Node, operator: "is" | "is not") {
  if (left !== other) return declined("the literal stands first");
  const wants = (unwrap(literal).kind === "true") === (operator === "is") ? "True" : "False";
  const node = left.parent!;
  const isLoose = !/^(?:parenthesized_expression|argument_list|assignment|return_statement)$/.test(
    node.parent?.kind ?? "",
  );
  if (isLoose) return declined("it stands among other operators");
  if (hasComments(node)) return declined("a comment stands between the two");
  return fixOf("Compare the values with ==", ["the values decide now"], [replace(node, `${left.text} == ${wants}`)]);
}

const EQUAL = { is: "==", "is not": "!=" } as const;
const PLAIN = new Set(["int", "float", "str", "bytes", "bool", "tuple", "list", "dict", "set"]);
const NEW = new Set<Kind>([
  "list",
  "dictionary",
  "set",
  "list_comprehension",
  "dictionary_comprehension",
  "set_comprehension",
]);
const LITERALS = new Set<Kind>(["integer", "float", "string", "concatenated_string", "tuple", ...NEW]);

function isLiteral(node: Node): boolean {
  if (node.kind !== "unary_operator") return LITERALS.has(node.kind);
  const operand = node.field("argument");
  return operand?.kind === "integer" || operand?.kind === "float";
}
