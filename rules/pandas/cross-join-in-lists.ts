/** `pd.MultiIndex.from_tuples([(a, b) for a in shops for b in days])`: every pair is made as a tuple, where pandas makes them in columns. */

import {
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  itemsOf,
  replace,
  textValue,
  unwrap,
  useOf,
  type Call,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "All combinations of values made in lists",
  why: "A tuple is made for every combination, and then all of them are taken apart again to become columns. Repeating the values in compiled code needs no Python object for each.",
  guide: "pandas-scale",
  level: "warning",
  gain: "time",
  imports: ["pandas"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def every(sales: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_tuples([(shop, day) for shop in sales["shop"].unique() for day in sales["day"].unique()], names=["shop", "day"])
`,
      after: `
import pandas as pd

def every(sales: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_product([sales["shop"].unique(), sales["day"].unique()], names=["shop", "day"])
`,
    },
  ],

  on: ["call"],
  calls: ["pandas.DataFrame", "pandas.MultiIndex.from_tuples"],

  find(node, { facts }) {
    const call = facts.isTest ? undefined : asCall(node);
    const [given] = call?.args ?? [];
    const pairs = given && productOf(given, facts);
    const weight = pairs && weightOf(pairs, facts);
    if (!call || !weight || weight === "light") return undefined;
    // A table has few columns, and what has a name serves for more than this.
    const isSmall =
      useOf(node).name === "columns" ||
      (unwrap(given).kind === "identifier" && facts.readsOf(unwrap(given)).length > 1);
    return {
      at: call.callee,
      construct: node,
      evidence: "proof" as const,
      weight: isSmall ? ("light" as const) : weight,
      call,
      given,
      pairs,
      isIndex: facts.nameOf(call.callee) !== "pandas.DataFrame",
      related: pairs.made === given ? [] : [{ at: pairs.made, message: "the pairs are made here" }],
    };
  },

  message: ({ pairs, isIndex }) => {
    const named = pairs.sides.slice(0, 2).map((it) => `\`${excerpt(it.text.replace(/\s+/g, " "), 28)}\``);
    const of = pairs.sides.length === 0 ? "All combinations" : `All pairs of ${named.join(" and ")}`;
    return `${of} are made as tuples first; \`${isIndex ? "MultiIndex.from_product" : 'merge(how="cross")'}\` makes them in whole columns.`;
  },

  fix({ call, given, pairs, isIndex }) {
    if (hasComments(call.node)) return declined("a comment would be lost");
    if (!isIndex) return declined("how the columns get their names is for the reader to say");
    if (unwrap(given) !== pairs.made) return declined("the pairs have a name, and may be used otherwise");
    const word = call.callee.field("attribute");
    if (!word || call.callee.kind !== "attribute") return declined("the function has another name here");
    const sides = pairs.starred?.text ?? `[${pairs.sides.map((it) => it.text).join(", ")}]`;
    return fixOf(
      "Use from_product",
      ["values keep the types of the lists they come from", "an empty list gives an empty index instead of an error"],
      [replace(word, "from_product"), replace(given, sides)],
    );
  },
});

interface Pairs {
  /** The expression or loop that makes them. */
  readonly made: Node;
  readonly sides: readonly Node[];
  /** `lists` of `product(*lists)`. */
  readonly starred?: Node;
}

/** So many names and calls of `list` are looked through: `pairs = list(pairs)` leads back to itself. */
const MOST_STEPS = 8;

/** Every combination of the items of some lists, as tuples. */
function productOf(value: Node, facts: Facts, steps = 0): Pairs | undefined {
  if (steps > MOST_STEPS) return undefined;
  const node = unwrap(value);
  if (node.kind === "identifier") {
    const held = facts.valueOf(node);
    if (!held) return undefined;
    const empty = unwrap(held);
    return empty.kind === "list" && empty.children.length === 0
      ? filledBy(node, facts)
      : productOf(empty, facts, steps + 1);
  }
  const call = asCall(node);
  if (call) {
    const name = facts.nameOf(call.callee);
    const [first] = call.args;
    if (name === "builtins.list" && first) {
      const inner = productOf(first, facts, steps + 1);
      return inner && { ...inner, made: node };
    }
    return name === "itertools.product" && call.keywords.size === 0 ? productCall(call) : undefined;
  }
  const made = asComprehension(node);
  if (!made || made.conditions.length > 0 || made.clauses.length < 2) return undefined;
  const names = made.clauses.map((it) => (it.target.kind === "identifier" ? it.target.text : ""));
  const sides = made.clauses.map((it) => it.iterable);
  return namesGiven(made.element)?.join() === names.join() && areApart(names, sides)
    ? { made: node, sides }
    : undefined;
}

function productCall(call: Call): Pairs | undefined {
  const given = call.argumentList?.children.filter((it) => it.isNamed) ?? [];
  const [first] = given;
  if (first?.kind === "list_splat" && given.length === 1) {
    const list = first.children.find((it) => it.isNamed);
    return list && { made: call.node, sides: unwrap(list).kind === "list" ? itemsOf(unwrap(list)) : [], starred: list };
  }
  return given.length > 1 && given.every((it) => it.kind !== "list_splat")
    ? { made: call.node, sides: given }
    : undefined;
}

/** `for a in x: for b in y: rows.append((a, b))`, and nothing else is put into the list. */
function filledBy(list: Node, facts: Facts): Pairs | undefined {
  const puts = facts.usesOf(list).filter((it) => it.node !== list);
  const [put] = puts;
  if (!put || puts.length !== 1 || put.kind !== "method" || put.name !== "append") return undefined;
  const append = asMethodCall(put.call, "append");
  const inner = asFor(append && facts.loopAround(append.node));
  const outer = asFor(inner && facts.loopAround(inner.node));
  const [item] = append?.args ?? [];
  if (!inner || !outer || !item) return undefined;
  const isAlone = (body: Node, only: Node) =>
    body.children.filter((it) => it.kind !== "comment").length === 1 && only.isInside(body);
  if (!isAlone(inner.body, append!.node) || !isAlone(outer.body, inner.node)) return undefined;
  const names = [outer, inner].map((it) => (it.target.kind === "identifier" ? it.target.text : ""));
  const sides = [outer.iterable, inner.iterable];
  const given = namesGiven(unwrap(item));
  return given && [...given].sort().join() === [...names].sort().join() && areApart(names, sides)
    ? { made: outer.node, sides }
    : undefined;
}

/** The names in `(a, b)`, `[a, b]` and `{"x": a, "y": b}`. */
function namesGiven(element: Node): readonly string[] | undefined {
  const node = unwrap(element);
  const parts =
    node.kind === "dictionary"
      ? node.children.map((it) => (textValue(it.field("key")) === undefined ? undefined : it.field("value")))
      : node.kind === "tuple" || node.kind === "list"
        ? itemsOf(node)
        : [];
  const names = parts.map((it) => (it?.kind === "identifier" ? it.text : undefined));
  return names.length > 1 && names.every((it): it is string => it !== undefined) ? names : undefined;
}

/** No list hangs on the item of another one. */
function areApart(names: readonly string[], sides: readonly Node[]): boolean {
  return (
    names.every((it) => it !== "" && it !== "_") &&
    sides.every((side) => names.every((name) => side.text !== name && side.identifiers(name).length === 0))
  );
}

/** A handful of names on both sides is no work. */
function weightOf({ sides }: Pairs, facts: Facts): Weight {
  const sizes = sides.map((it) =>
    /\bunique\(|\]\.tolist\(|\.index\b|date_range\(/.test(it.text) ? "heavy" : facts.sizeOf(it),
  );
  if (sizes.length === 0 || sizes.includes("unknown")) return "unknown";
  return sizes.includes("heavy") ? "heavy" : "light";
}
