/** `type(x) == T`, which says no to every subclass. */

import {
  asCall,
  asComparison,
  asFunction,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  itemsOf,
  replace,
  unwrap,
  wrapped,
  type Evidence,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Equality extends Match {
  readonly node: Node;
  readonly value: Node;
  readonly type: Node;
  readonly isNot: boolean;
}

export default defineRule({
  title: "Type compared by equality",
  why: "Only the very class is equal to itself: a bool is no int then, an OrderedDict no dict, a subclass of somebody's own nothing at all. isinstance takes subclasses too; where they must stay out, `type(x) is T` says so.",
  guide: "introspection",
  level: "info",
  gain: "safety",
  words: ["type"],
  overlaps: ["E721", "C0123"],
  unlike: "two types that should be the same, and a method that asks for its own class, are left alone",
  fixes: "review",

  examples: [
    {
      before: `
def words(text) -> list[str]:
    if type(text) == list:
        return text
    return str(text).split()
`,
      after: `
def words(text) -> list[str]:
    if isinstance(text, list):
        return text
    return str(text).split()
`,
    },
  ],

  on: ["comparison_operator"],

  find(node, { facts }): Equality | undefined {
    const comparison = asComparison(node);
    if (!comparison || !OPERATORS.has(comparison.operator) || facts.isTest) return undefined;
    const isMember = comparison.operator.endsWith("in");
    const left = typeCall(comparison.left, facts);
    const right = isMember ? undefined : typeCall(comparison.right, facts);
    // Two types that are compared with each other are meant to be the same.
    if ((left === undefined) === (right === undefined)) return undefined;
    const value = left ?? right!;
    const type = unwrap(left ? comparison.right : comparison.left);
    if (/^(?:self|cls)$/.test(value.text) || isMeant(node) || isExplained(node)) return undefined;
    const evidence = isMember ? allClasses(type, facts) : classEvidence(type, facts);
    if (!evidence) return undefined;
    return {
      at: node,
      evidence,
      weight: "unknown",
      node,
      value,
      type,
      isNot: comparison.operator.startsWith("not") || comparison.operator === "!=",
    };
  },

  message: ({ value, type }) =>
    `This says no to subclasses of \`${excerpt(type.text.replace(/\s+/g, " "), 40)}\`; \`isinstance(${excerpt(value.text, 30)}, …)\` takes them too.`,

  fix({ node, value, type, isNot }, { facts }) {
    if (hasComments(node)) return declined("there is a comment inside the comparison");
    if (facts.isTaken("isinstance", node) && !facts.isBuiltin("isinstance", node))
      return declined("isinstance means something else here");
    const types =
      itemsOf(type).length > 0 && type.kind !== "identifier" && type.kind !== "attribute" ? itemsOf(type) : [type];
    const takesBool = types.some((it) => it.text === "int") && !types.some((it) => it.text === "bool");
    const text = types.length > 1 ? `(${types.map((it) => it.text).join(", ")})` : types[0]!.text;
    const test = `isinstance(${value.text}, ${text})`;
    const outer = wrapped(node).parent;
    const needsParens = isNot && (outer?.kind === "comparison_operator" || outer?.kind === "binary_operator");
    return fixOf(
      "Use isinstance()",
      ["subclasses are taken too", takesBool && "a bool is taken too, as it is an int"],
      [replace(node, isNot ? (needsParens ? `(not ${test})` : `not ${test}`) : test)],
    );
  },
});

const OPERATORS = new Set(["==", "!=", "in", "not in"]);

/** `x` of `type(x)`. */
function typeCall(node: Node, facts: Facts): Node | undefined {
  const call = asCall(unwrap(node));
  if (call?.callee.kind !== "identifier" || call.callee.text !== "type" || call.args.length !== 1) return undefined;
  return facts.isBuiltin("type", node) ? call.args[0] : undefined;
}

/** In `__eq__` and the like the very class is asked for. */
function isMeant(node: Node): boolean {
  const def = asFunction(functionAround(node));
  return def !== undefined && /^__(?:eq|ne|lt|le|gt|ge|hash|reduce|copy|deepcopy|new)__$|equal|same/.test(def.name);
}

/** A comment of the function says why not isinstance. */
function isExplained(node: Node): boolean {
  const home = functionAround(node);
  return home?.comments.some((it) => /\b(?:isinstance|subclass)/.test(it.text)) === true;
}

/** A class, and not a name that holds one. */
function classEvidence(type: Node, facts: Facts): Evidence | undefined {
  const name = facts.nameOf(type);
  if (name !== undefined && BUILTIN.test(name)) return "proof";
  if (type.kind === "identifier" && facts.classNamed(type.text)) return "proof";
  const last = name?.slice(name.lastIndexOf(".") + 1) ?? "";
  return /^[A-Z][a-z]\w*$/.test(last) || name === "numpy.ndarray" || name === "collections.OrderedDict"
    ? "strong"
    : undefined;
}

function allClasses(types: Node, facts: Facts): Evidence | undefined {
  if (!/^(?:list|tuple|set)$/.test(types.kind)) return undefined;
  const items = itemsOf(types);
  return items.length > 0 && items.every((it) => classEvidence(it, facts)) ? "proof" : undefined;
}

const BUILTIN = /^builtins\.(?:str|int|float|bool|list|dict|set|tuple|bytes|bytearray|complex|frozenset)$/;
