/** `is` and `is not` against a number, a text or another literal. */

import {
  asComparison,
  declined,
  defineRule,
  excerpt,
  fixOf,
  replace,
  unwrap,
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

  find(node): Identity | undefined | readonly Identity[] {
    const comparison = asComparison(node);
    if (comparison?.operator !== "is" && comparison?.operator !== "is not") return undefined;
    const { left, right, operator } = comparison;
    const literal = [right, left].find((it) => isLiteral(unwrap(it)));
    if (!literal) return undefined;
    const other = literal === right ? left : right;
    const isNew = NEW.has(unwrap(literal).kind);
    return { at: node, literal, other, operator, left, right, isNew };
  },

  message({ literal, operator, isNew }) {
    const shown = excerpt(literal.text, 30);
    return isNew
      ? `\`${shown}\` is a new object each time, so this is always ${operator === "is" ? "false" : "true"}; \`${EQUAL[operator]}\` compares the values.`
      : `\`${operator}\` asks whether it is the same object as \`${shown}\`, which is up to the interpreter; \`${EQUAL[operator]}\` compares the values.`;
  },

  fix({ left, right, operator, other }, { facts }) {
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
