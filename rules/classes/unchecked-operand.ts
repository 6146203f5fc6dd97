/** `__eq__` and its like that read attributes of the other object without asking what it is. */

import {
  asAttribute,
  asFunction,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  functionAround,
  indentOf,
  indentUnit,
  insertBefore,
  startsLine,
  statementsOf,
  type ClassInfo,
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Unchecked extends Match {
  readonly at: Node;
  readonly def: FunctionDef;
  readonly info: ClassInfo;
  readonly other: string;
}

const COMPARING = new Set(["__eq__", "__ne__"]);
const OPERATORS = new Set([
  ...COMPARING,
  "__lt__",
  "__le__",
  "__gt__",
  "__ge__",
  "__add__",
  "__sub__",
  "__mul__",
  "__truediv__",
  "__floordiv__",
  "__mod__",
  "__and__",
  "__or__",
  "__xor__",
  "__matmul__",
]);

export default defineRule({
  title: "Operator that does not ask what the other operand is",
  why: "`==` is asked with anything: None, a text, an object of another library, also by `in` and `list.remove`. A method that reads attributes of the other object raises AttributeError then. NotImplemented lets Python ask the other object, and say False or raise TypeError if that does not know either.",
  guide: "data-model",
  level: "info",
  gain: "safety",
  words: [...OPERATORS],
  fixes: "review",

  examples: [
    {
      before: `
class Version:
    def __init__(self, major: int, minor: int) -> None:
        self.major = major
        self.minor = minor

    def __eq__(self, other):
        return self.major == other.major and self.minor == other.minor
`,
      after: `
class Version:
    def __init__(self, major: int, minor: int) -> None:
        self.major = major
        self.minor = minor

    def __eq__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return self.major == other.major and self.minor == other.minor
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }): Unchecked | undefined {
    const def = asFunction(node);
    if (!def || !OPERATORS.has(def.name) || def.parameters.length !== 2 || facts.isTest) return undefined;
    const other = def.parameters[1]!;
    const info = facts.classOf(def.outer);
    if (!info || info.name.startsWith("_") || functionAround(info.def.outer)) return undefined;
    if (facts.writesOf(other.nameNode).length > 1) return undefined;
    if (
      def.body.descendants("try_statement", "match_statement", "raise_statement").length > 0 ||
      CHECKS.test(def.body.text)
    )
      return undefined;
    const reads = facts.usesOf(other.nameNode);
    // `other is None`, `if other:`, a call that may look at it.
    if (
      reads.some(
        (it) =>
          it.kind === "tested" ||
          it.kind === "argument" ||
          (it.kind === "compared" && /\bis\b|\bin\b/.test(it.in.text)),
      )
    )
      return undefined;
    const first = reads.find((it) => it.kind === "attribute" && !/^__/.test(asAttribute(it.in)?.name ?? "__"));
    if (!first) return undefined;
    const isDeclared = other.annotation !== undefined && !/^(object|Any|typing\.Any)$/.test(other.annotation.text);
    return {
      at: first.in,
      evidence: "proof",
      weight: COMPARING.has(def.name) && !isDeclared ? "heavy" : "light",
      def,
      info,
      other: other.name,
    };
  },

  message({ at, def, info }) {
    const what = COMPARING.has(def.name) ? "Compared" : "Used";
    return `${what} with what is no \`${excerpt(info.name, 30)}\`, \`${excerpt(at.text, 40)}\` in \`${def.name}\` raises AttributeError.`;
  },

  fix({ def, info, other }, { facts }) {
    const first = statementsOf(facts.bodyOf(def)).find((it) => expressionOf(it)?.kind !== "string");
    if (!first || !startsLine(first)) return declined("the method stands on one line");
    if (facts.isTaken(info.name, first) && facts.bindingOf(info.def.nameNode)?.sites.length !== 1)
      return declined("the name of the class means several things");
    return fixOf(
      "Return NotImplemented for other objects",
      [
        def.name === "__eq__"
          ? "comparing with another object gives False, where it failed before"
          : "another object raises TypeError, where it raised AttributeError before",
        "objects of other classes that have the same attributes no longer match",
      ],
      [
        insertBefore(
          first,
          `if not isinstance(${other}, ${info.name}):\n${indentOf(first)}${indentUnit(first, facts)}return NotImplemented\n${indentOf(first)}`,
        ),
      ],
    );
  },
});

/** An attribute that is called `type` checks nothing. */
const CHECKS = /(?<![.\w])(?:isinstance|issubclass|type|hasattr|getattr|assert|NotImplemented)\b|\b_check|__class__/;
