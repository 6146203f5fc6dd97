/** A name that `__slots__` lists and the class body gives a value: Python refuses to make the class. */

import {
  asFunction,
  declined,
  defineRule,
  expressionOf,
  fixOf,
  indentOf,
  insertBefore,
  PLAIN_BASES,
  removeStatement,
  slotKey,
  startsLine,
  statementOf,
  statementsOf,
  type ClassInfo,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Slot with a default in the class body",
  why: "A slot is kept in the class under its name, and so is a value, method or property of the class body. Python refuses a class with both: `ValueError: 'x' in __slots__ conflicts with class variable`. Defaults of slots go into `__init__`.",
  guide: "slots",
  level: "error",
  gain: "safety",
  words: ["__slots__"],
  fixes: "review",

  examples: [
    {
      before: `
class Point:
    __slots__ = ("x", "y")
    y = 0.0

    def __init__(self, x: float) -> None:
        self.x = x
`,
      after: `
class Point:
    __slots__ = ("x", "y")

    def __init__(self, x: float) -> None:
        self.y = 0.0
        self.x = x
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const info = facts.classInfo(node);
    if (!info || !Array.isArray(info.slots) || !isMadePlainly(info, facts)) return undefined;
    const keys = new Set(info.slots.map((it) => slotKey(it, info)));
    return [
      ...info.attributes
        .filter((it) => it.value && keys.has(slotKey(it.name, info)) && isAlwaysRun(it.statement))
        .map(({ nameNode, name, statement, value }) => ({ at: nameNode, name, info, statement, value })),
      ...info.methods
        .filter(({ def }) => keys.has(slotKey(def.name, info)) && isAlwaysRun(def.outer))
        .map(({ def }) => ({ at: def.nameNode, name: def.name, info, statement: def.outer, value: undefined })),
    ].slice(0, 3);
  },

  message: ({ name, info }) =>
    `\`${name}\` is a slot of \`${info.name}\` and has a value in its body: Python refuses such a class with a ValueError.`,

  fix({ at, name, info, statement, value }, { facts }) {
    if (!value)
      return declined("a method or property of that name is meant, or the slot; one of them needs another name");
    if (facts.readsOf(at).length > 0) return declined("the value is read in the body of the class");
    const removed = removeStatement(statement);
    const init = info.methodNamed("__init__");
    if (!removed || !init?.self) return declined("there is no `__init__` that could set it, or the line holds more");
    const isSet = info.writes.some(
      (it) =>
        it.name === name &&
        it.method === init &&
        it.kind === "assign" &&
        statementOf(it.node).parent?.parent === init.def.node &&
        !it.value?.text.includes(`${init.self}`),
    );
    const doubts = [
      "the class has no such value any more, only its instances",
      facts.fileMatches(/\b__new__\b|\bcopy\b|\bpickle\b/) && "objects made without `__init__` do not have it",
    ];
    if (isSet) return fixOf("Leave it to __init__", doubts, [removed]);
    const body = asFunction(init.def.node)?.body;
    const statements = body ? statementsOf(body) : [];
    const first = expressionOf(statements[0]!)?.kind === "string" ? statements[1] : statements[0];
    if (!first || !startsLine(first)) return declined("`__init__` has no line that it could stand in front of");
    return fixOf("Set it in __init__", doubts, [
      removed,
      insertBefore(first, `${init.self}.${name} = ${value.text}\n${indentOf(first)}`),
    ]);
  },
});

/** By `type` itself: no metaclass that is not in sight changes what stands in the body. */
function isMadePlainly(info: ClassInfo, facts: Facts): boolean {
  const isPlain = (it: ClassInfo) => it.def.keywords.size === 0;
  return (
    isPlain(info) &&
    facts.basesOf(info).every((it) => (typeof it === "string" ? PLAIN_BASES.has(it) : it !== undefined && isPlain(it)))
  );
}

/** Not under a condition. */
function isAlwaysRun(statement: Node): boolean {
  const around = statement.ancestor(
    "if_statement",
    "try_statement",
    "with_statement",
    "class_definition",
    "for_statement",
  );
  return around === undefined || around.kind === "class_definition";
}
