/** A text that is built sign by sign, each looked up in a fixed table: `str.translate` does it in one call. */

import {
  asAttribute,
  asCall,
  asComparison,
  asComprehension,
  asConditional,
  asMethodCall,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  replace,
  textDoubts,
  textIn,
  textValue,
  unwrap,
  type Comprehension,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Text changed one sign at a time",
  why: "A loop over a text makes a string for each sign, and looks at it in Python. str.translate goes through the text once in C, with a table that says what becomes of each sign; str.maketrans makes that table.",
  guide: "code-level",
  level: "info",
  gain: "time",
  words: ["join"],
  fixes: "safe",

  examples: [
    {
      before: `
import string

def without_punctuation(text: str) -> str:
    return "".join(sign for sign in text if sign not in string.punctuation)
`,
      after: `
import string

def without_punctuation(text: str) -> str:
    return text.translate(str.maketrans("", "", string.punctuation))
`,
    },
  ],

  on: ["call"],
  methods: ["join"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const join = asMethodCall(node, "join");
    const [only, more] = join?.args ?? [];
    if (!join || !only || more || textValue(join.object) !== "") return undefined;
    const made = asComprehension(unwrap(only));
    const [clause, another] = made?.clauses ?? [];
    if (!made || !clause || another || clause.isAsync || clause.target.kind !== "identifier") return undefined;
    const change = changeOf(made, clause.target.text);
    if (!change) return undefined;
    const type = facts.typed(clause.iterable)?.type.name;
    if (type !== undefined && type !== "str") return undefined;
    // A list of words looks the same: only the signs of a text are each as long as what the table names.
    const isText =
      type === "str" || facts.takenFor(clause.iterable, "text") !== undefined || SIGNS.test(clause.target.text);
    if (!isText || !isTable(change.table, facts)) return undefined;
    const evidence = type === "str" ? facts.evidenceOf(clause.iterable)! : ("fair" as const);
    return { at: join.node, evidence, weight: facts.weightOf(node), text: clause.iterable, change };
  },

  message: ({ text, change }) =>
    `\`${excerpt(text.text, 30)}.translate(${excerpt(tableText(change, false), 60)})\` changes all signs in one call.`,

  fix({ at, text, change }, { facts }) {
    if (hasComments(at)) return declined("a comment would be lost");
    if (!facts.isBuiltin("str", at)) return declined("str is not the built-in here");
    if (change.kind === "replaced" && !isDict(change.table, facts))
      return declined("the table is not known to be a dict");
    if (text.text.includes("\n")) return declined("it goes over several lines");
    const isSingle = textValue(change.table) !== undefined || /^string\.\w+$/.test(facts.nameOf(change.table) ?? "");
    return fixOf(
      "Use str.translate()",
      [...textDoubts(text, facts), !isSingle && "the table must hold single signs"],
      [replace(at, `${textIn(text, ATOM)}.translate(${tableText(change, true)})`)],
    );
  },
});

const SIGNS = /^(?:c|ch|char|chr|character|letter|sign|symbol|digit)$/;

interface Change {
  /** `dropped`: signs in the table go · `replaced`: the table says what becomes of them · `swapped`: all become one other sign. */
  readonly kind: "dropped" | "replaced" | "swapped";
  readonly table: Node;
  readonly other?: string;
}

/** What becomes of each sign, where it hangs on a table alone. */
function changeOf({ element, conditions }: Comprehension, sign: string): Change | undefined {
  const value = unwrap(element);
  const isSign = (node: Node | undefined) => node !== undefined && unwrap(node).text === sign;
  const [condition, more] = conditions;
  if (condition) {
    const test = asComparison(unwrap(condition));
    const isDropping = isSign(value) && !more && test?.operator === "not in" && isSign(test.left);
    return isDropping ? { kind: "dropped", table: unwrap(test.right) } : undefined;
  }
  const got = asMethodCall(value, "get");
  if (got)
    return got.args.length === 2 && isSign(got.args[0]) && isSign(got.args[1])
      ? { kind: "replaced", table: got.object }
      : undefined;
  const either = asConditional(value);
  const test = either && asComparison(unwrap(either.condition));
  if (!either || !test || !isSign(test.left) || !/^(?:not )?in$/.test(test.operator)) return undefined;
  const [inside, outside] = test.operator === "in" ? [either.then, either.otherwise] : [either.otherwise, either.then];
  if (!isSign(outside)) return undefined;
  const other = textValue(inside);
  if (other === "") return { kind: "dropped", table: unwrap(test.right) };
  const looked = unwrap(inside);
  const isLookedUp =
    looked.kind === "subscript" &&
    looked.field("value")?.text === test.right.text &&
    isSign(looked.fieldAll("subscript")[0]);
  if (isLookedUp) return { kind: "replaced", table: unwrap(test.right) };
  return other === undefined ? undefined : { kind: "swapped", table: unwrap(test.right), other: inside.text };
}

/** A table that is the same for every sign and every text: a literal, a constant of the module or of `string`. */
function isTable(table: Node, facts: Facts): boolean {
  if (textValue(table) !== undefined || isLiteral(table)) return true;
  if (asAttribute(table))
    return /^string\.\w+$/.test(facts.nameOf(table) ?? "") || /^(?:self|cls)\.\w+$/.test(table.text);
  const given = table.kind === "identifier" ? facts.valueOf(table) : table;
  return (
    table.text === table.text.toUpperCase() ||
    isLiteral(given) ||
    textValue(given) !== undefined ||
    (given !== undefined && asCall(given) !== undefined && /^(?:set|frozenset)\(/.test(given.text))
  );
}

const isLiteral = (node: Node | undefined): boolean =>
  node !== undefined && /^(?:dictionary|set|list|tuple)$/.test(node.kind);

function isDict(table: Node, facts: Facts): boolean {
  return facts.typeOf(table)?.name === "dict";
}

/** The table as translate takes it. */
function tableText({ kind, table, other }: Change, isWhole: boolean): string {
  const text = isWhole ? table.text : excerpt(table.text, 30);
  if (kind === "replaced") return `str.maketrans(${text})`;
  const isText = table.kind === "string" || asAttribute(table) !== undefined;
  if (kind === "swapped") return `str.maketrans(dict.fromkeys(${text}, ${other}))`;
  return isText ? `str.maketrans("", "", ${text})` : `str.maketrans(dict.fromkeys(${text}))`;
}
