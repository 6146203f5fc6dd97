/** `sum(x < 0 for x in rows) == 0`, `len([x for x in rows if x < 0]) > 0`: all are counted to learn whether there is one. */

import {
  asCall,
  asComparison,
  asComprehension,
  asConditional,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  isConstant,
  negated,
  ownCodeDoubt,
  replace,
  textIn,
  unwrap,
  wrapped,
  type Comprehension,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "All items counted to learn whether there is one",
  why: "The count goes through everything, and len builds a list for it as well. any stops at the first item that passes the test, and says what is meant.",
  guide: "code-level",
  level: "info",
  gain: "time",
  words: ["sum", "len"],
  fixes: "safe",

  examples: [
    {
      before: `
def has_gap(readings: list[int | None]) -> bool:
    return sum(reading is None for reading in readings) > 0
`,
      after: `
def has_gap(readings: list[int | None]) -> bool:
    return any(reading is None for reading in readings)
`,
    },
  ],

  on: ["comparison_operator"],

  find(node, { facts }) {
    const asked = askedOf(node);
    const counted = asked && countedIn(asked.count, facts);
    if (!asked || !counted) return undefined;
    const { clauses } = counted.made;
    const sizes = clauses.map((it) => facts.sizeOf(it.iterable));
    const isCold = facts.isTest || wrapped(node).parent?.kind === "assert_statement";
    const weight =
      isCold || sizes.every((it) => it === "light") ? "light" : sizes.includes("heavy") ? "heavy" : "unknown";
    return { at: asked.count, construct: node, weight, asked, counted };
  },

  message({ asked, counted }) {
    const items = counted.made.clauses.at(-1)!.iterable.text.replace(/\s+/g, " ");
    const what = counted.isList ? "A list is made of" : "`sum` goes through";
    return `${what} all of \`${excerpt(items, 40)}\` to learn whether there is one; \`${asked.isNone ? "not any" : "any"}(…)\` stops at the first.`;
  },

  fix({ asked, counted, construct }, { facts }) {
    const { made, test, isTail } = counted;
    const [first] = made.clauses;
    if (hasComments(construct)) return declined("a comment would be lost");
    if (!facts.isBuiltin("any", construct)) return declined("`any` means something else here");
    if (!first || made.clauses.some((it) => it.isAsync)) return declined("any() does not wait for items");
    const clause = made.node.children.find((it) => it.kind === "for_in_clause")!;
    const tail = isTail ? made.node.text.slice(clause.start - made.node.start, -1).trim() : clause.text;
    const isHeld = HELD.test(facts.typeOf(first.iterable)?.name ?? "") && made.clauses.length === 1;
    const isSimple = isSimpleTest(test, facts) && (!isTail || made.conditions.length === 0);
    if (
      !isTail &&
      facts.isPure(made.element) !== "yes" &&
      (made.element.kind === "call" || made.element.descendants("call").length > 0)
    )
      return declined("what is made of the items may have an effect of its own");
    const targets = made.clauses.map((it) => it.target.text);
    const isElementSimple = isTail || isConstant(made.element) || targets.includes(made.element.text);
    const text = `any(${counted.isNegated ? negated(test, "") : textIn(test, 0)} ${tail})`;
    const { parent } = wrapped(construct);
    const isBound =
      asked.isNone && wrapped(construct) === construct && parent !== null && BINDING.has(parent?.kind ?? "");
    if (/\w/.test(construct.tree.text[construct.start - 1] ?? ""))
      return declined("a word stands right in front of it");
    return fixOf(
      "Use any()",
      [
        !isHeld && "what gives the items is not read to its end",
        made.node
          .descendants("for_in_clause")
          .some((it) => /^(attribute|subscript)$/.test(it.field("left")?.kind ?? "")) &&
          "the last item is left in another place",
        ownCodeDoubt(first.iterable, facts),
        ...test.descendants("identifier").map((it) => ownCodeDoubt(it, facts)),
        !isElementSimple && "what is made of the items is dropped",
        !isSimple && "the test is not made of the items behind the first that passes",
      ],
      [replace(construct, asked.isNone ? (isBound ? `(not ${text})` : `not ${text}`) : text)],
    );
  },
});

const HELD = /^(list|tuple|set|frozenset|dict|str|range)$/;
const BINDING = new Set([
  "comparison_operator",
  "binary_operator",
  "unary_operator",
  "attribute",
  "subscript",
  "await",
]);

interface Asked {
  readonly count: Node;
  /** Whether there is none, not one. */
  readonly isNone: boolean;
}

const MIRRORED: Readonly<Record<string, string>> = {
  "<": ">",
  ">": "<",
  "<=": ">=",
  ">=": "<=",
  "==": "==",
  "!=": "!=",
};

/** `count == 0`, `count < 1`, `0 < count` and the like. */
function askedOf(node: Node): Asked | undefined {
  const comparison = asComparison(node);
  if (!comparison) return undefined;
  const isLeft = integerOf(comparison.right) !== undefined;
  const count = unwrap(isLeft ? comparison.left : comparison.right);
  const limit = integerOf(isLeft ? comparison.right : comparison.left);
  const operator = isLeft ? comparison.operator : MIRRORED[comparison.operator];
  if (count.kind !== "call" || limit === undefined || operator === undefined) return undefined;
  const question = `${operator} ${limit}`;
  if (["== 0", "< 1", "<= 0"].includes(question)) return { count, isNone: true };
  return ["> 0", ">= 1", "!= 0"].includes(question) ? { count, isNone: false } : undefined;
}

interface Counted {
  readonly made: Comprehension;
  /** What is asked of each item. */
  readonly test: Node;
  /** The clauses stay as they are; otherwise the only condition becomes the test. */
  readonly isTail: boolean;
  readonly isList: boolean;
  /** Those are counted that do not pass. */
  readonly isNegated?: boolean;
}

/** `sum(test for …)`, `sum(1 for … if test)`, `sum(1 if test else 0 for …)`, `len([x for … if test])`. */
function countedIn(count: Node, facts: Facts): Counted | undefined {
  const call = asCall(count);
  const name = call && facts.nameOf(call.callee);
  if (!call || (name !== "builtins.sum" && name !== "builtins.len") || call.keywords.size > 0) return undefined;
  const made = asComprehension(call.args[0] ?? call.argumentList) ?? asComprehension(call.argumentList);
  if (!made || call.args.length > 1 || (made.kind !== "list" && made.kind !== "generator")) return undefined;
  const isList = made.kind === "list";
  const [condition, more] = made.conditions;
  const only = condition && !more && made.clauses.length === 1 ? condition : undefined;
  if (name === "builtins.len") return only && isList ? { made, test: only, isTail: false, isList } : undefined;
  const element = unwrap(made.element);
  if (integerOf(element) === 1) return only && { made, test: only, isTail: false, isList };
  const chosen = asConditional(element);
  if (chosen) {
    const [then, otherwise] = [integerOf(chosen.then), integerOf(chosen.otherwise)];
    const isEither = then !== undefined && otherwise !== undefined && then + otherwise === 1 && then * otherwise === 0;
    return isEither ? { made, test: chosen.condition, isTail: true, isList, isNegated: then === 0 } : undefined;
  }
  return isTest(element, facts) ? { made, test: element, isTail: true, isList } : undefined;
}

const TESTS = /^builtins\.(isinstance|issubclass|callable|hasattr|bool|any|all)$/;

/** Is True or False for certain: arrays and columns compare otherwise. */
function isTest(element: Node, facts: Facts): boolean {
  if (element.kind === "not_operator") return true;
  const call = asCall(element);
  if (call)
    return (
      TESTS.test(facts.nameOf(call.callee) ?? "") ||
      /\.(startswith|endswith|isdigit|isalpha|isspace|isupper|islower|exists|is_file|is_dir)$/.test(call.callee.text)
    );
  const comparison = asComparison(element);
  return element.kind === "comparison_operator" && !(comparison && isArrayLike(comparison.left, facts));
}

const isArrayLike = (value: Node, facts: Facts): boolean =>
  /^(numpy|torch|pandas|polars|tensorflow)\./.test(facts.typed(value, "fair")?.type.name ?? "");

/** Cannot fail, and runs no code of anybody's. */
function isSimpleTest(test: Node, facts: Facts): boolean {
  const comparison = asComparison(unwrap(test));
  if (!comparison) return false;
  const isName = (it: Node) =>
    it.kind === "identifier" || it.kind === "none" || /^(integer|float|string|true|false)$/.test(it.kind);
  if (!isName(comparison.left) || !isName(comparison.right)) return false;
  if (/^is\b/.test(comparison.operator)) return true;
  const known = [comparison.left, comparison.right].map((it) => facts.typeOf(it)?.name ?? "");
  return (
    known.every((it) => /^(int|float|bool)$/.test(it)) ||
    (/^[!=]=$/.test(comparison.operator) && known.every((it) => /^(int|float|bool|str)$/.test(it)))
  );
}
