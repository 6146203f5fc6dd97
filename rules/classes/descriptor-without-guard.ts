/** `__get__` that asks something of the instance without thinking of None, which it is given for `Class.attribute`. */

import {
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
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Unguarded extends Match {
  readonly at: Node;
  readonly def: FunctionDef;
  readonly owner: string;
  readonly instance: string;
}

export default defineRule({
  title: "Descriptor that forgets access by way of the class",
  why: "For `Class.attribute` Python calls `__get__` with None in the place of the instance. A descriptor that does not expect this raises AttributeError about NoneType, also for `help()`, `inspect`, mocks and documentation tools, which look at all attributes of a class.",
  guide: "descriptors",
  level: "info",
  gain: "safety",
  words: ["__get__"],
  fixes: "review",

  examples: [
    {
      before: `
class Celsius:
    def __get__(self, instance, owner=None):
        return (instance.fahrenheit - 32) * 5 / 9

class Reading:
    celsius = Celsius()

    def __init__(self, fahrenheit: float) -> None:
        self.fahrenheit = fahrenheit

print(Reading(212.0).celsius)
`,
      after: `
class Celsius:
    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return (instance.fahrenheit - 32) * 5 / 9

class Reading:
    celsius = Celsius()

    def __init__(self, fahrenheit: float) -> None:
        self.fahrenheit = fahrenheit

print(Reading(212.0).celsius)
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }): Unguarded | undefined {
    const def = asFunction(node);
    if (def?.name !== "__get__" || def.parameters.length < 2) return undefined;
    const info = facts.classOf(def.outer);
    const instance = def.parameters[1]!;
    if (!info || instance.star !== "" || facts.writesOf(instance.nameNode).length > 1) return undefined;
    if (def.body.descendants("try_statement", "match_statement").length > 0) return undefined;
    const uses = facts.usesOf(instance.nameNode);
    // Any test of it, `is None` or not, is thought of enough.
    if (uses.some((it) => it.kind === "compared" || it.kind === "tested") || asks(def, instance.name)) return undefined;
    const first = uses.find((it) => ASKED.has(it.kind) && functionAround(it.node) === node);
    if (!first) return undefined;
    return {
      at: first.in,
      evidence: "proof",
      weight: facts.isTest || functionAround(info.def.outer) ? "light" : "unknown",
      def,
      owner: info.name,
      instance: instance.name,
    };
  },

  message: ({ at, owner, instance }) =>
    `Read from the class, \`${excerpt(owner, 30)}\` is given None as \`${excerpt(instance, 20)}\`, and \`${excerpt(at.text, 40)}\` fails.`,

  fix({ def, instance }, { facts }) {
    const first = statementsOf(facts.bodyOf(def)).find((it) => expressionOf(it)?.kind !== "string");
    const self = def.parameters[0]!.name;
    if (!first || !startsLine(first)) return declined("the method stands on one line");
    return fixOf(
      "Give back the descriptor itself",
      ["reading it from the class gives the descriptor, where it failed before"],
      [
        insertBefore(
          first,
          `if ${instance} is None:\n${indentOf(first)}${indentUnit(first, facts)}return ${self}\n${indentOf(first)}`,
        ),
      ],
    );
  },
});

const ASKED = new Set(["method", "attribute", "attribute-store", "subscript", "subscript-store"]);

/** `if instance:`, `not instance`, `instance and …`, `isinstance(instance, …)`. */
function asks({ body }: FunctionDef, name: string): boolean {
  return body.identifiers(name).some((it) => {
    const { parent } = it;
    return (
      parent?.kind === "not_operator" ||
      parent?.kind === "boolean_operator" ||
      (parent?.kind === "if_statement" && it.fieldName === "condition") ||
      parent?.kind === "conditional_expression" ||
      (parent?.kind === "argument_list" && /^(isinstance|hasattr|getattr)\(/.test(parent.parent?.text ?? ""))
    );
  });
}
