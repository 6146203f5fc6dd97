/** A descriptor that says it is read-only and has no `__set__`: an assignment to the attribute hides it. */

import {
  asFunction,
  between,
  declined,
  defineRule,
  excerpt,
  fixOf,
  indentUnit,
  lineBelow,
  startsLine,
  statementsOf,
  textValue,
  expressionOf,
  type FunctionDef,
  type Match,
} from "../../analysis/authoring.js";

interface Unprotected extends Match {
  readonly def: FunctionDef;
  readonly owner: string;
}

export default defineRule({
  title: "Read-only descriptor without `__set__`",
  why: "A descriptor that has only `__get__` does not stop assignments: `instance.attribute = value` puts the value into the instance, and it is found there from then on, before the descriptor is asked.",
  guide: "descriptors",
  level: "warning",
  gain: "safety",
  words: ["__get__"],
  fixes: "review",

  examples: [
    {
      before: `
class ReadOnly:
    def __init__(self, value: int) -> None:
        self.value = value

    def __get__(self, instance, owner=None) -> int:
        return self.value
`,
      after: `
class ReadOnly:
    def __init__(self, value: int) -> None:
        self.value = value

    def __get__(self, instance, owner=None) -> int:
        return self.value

    def __set__(self, instance, value) -> None:
        raise AttributeError("this attribute is read-only")
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }): Unprotected | undefined {
    const def = asFunction(node);
    if (def?.name !== "__get__") return undefined;
    const info = facts.classOf(def.outer);
    if (!info || info.methods.some((it) => /^__(set|delete|call)__$/.test(it.def.name))) return undefined;
    // `property` has a `__set__`, and an unknown base may.
    if (!facts.basesOf(info).every((it) => it === "builtins.object" || it === "typing.Generic")) return undefined;
    // A value that is kept in the instance is meant to hide the descriptor.
    if (/__dict__|\bsetattr\(/.test(def.body.text) || /class|cached|lazy/i.test(info.name)) return undefined;
    const isNamed = /Read_?Only|Constant|Immutable|^Const$|Final$/i.test(info.name);
    const first = info.def.body && statementsOf(info.def.body)[0];
    const says = first && textValue(expressionOf(first));
    if (!isNamed && !(says !== undefined && /\bread-?\s?only\b|\bimmutable\b|cannot be (?:changed|set)/i.test(says)))
      return undefined;
    return {
      at: info.def.body ? info.def.nameNode : def.nameNode,
      evidence: isNamed ? "strong" : "fair",
      weight: facts.isTest ? "light" : "heavy",
      def,
      owner: info.name,
    };
  },

  message: ({ owner }) =>
    `\`${excerpt(owner, 40)}\` has no \`__set__\`, so assigning to the attribute does not fail: the value hides the descriptor from then on.`,

  fix({ def }, { facts }) {
    const [self, instance] = def.parameters;
    if (!self || !instance || !startsLine(def.outer)) return declined("the method is written in a form of its own");
    const text = `\ndef __set__(${self.name}, ${instance.name}, value)${def.returns ? " -> None" : ""}:\n${indentUnit(def.outer, facts)}raise AttributeError("this attribute is read-only")`;
    return fixOf(
      "Add a __set__ that refuses",
      ["code that assigns to the attribute then fails"],
      [lineBelow(between(def.outer, statementsOf(def.body).at(-1)!), text)],
    );
  },
});
