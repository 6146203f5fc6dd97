/** A class over stored data that can be gone through only once. */

import {
  asAssignment,
  asAttribute,
  asAugmented,
  asClass,
  defineRule,
  expressionOf,
  onlyStatement,
  statementsOf,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Collection that can be gone through once",
  why: "Where __iter__ gives the object itself and nothing sets its position back, the first loop uses the object up: a second one finds nothing, and two loops at a time take each other's items. A generator method __iter__ begins anew for each loop and needs no position.",
  guide: "generators",
  level: "info",
  gain: "safety",
  words: ["__next__"],

  examples: [
    {
      before: `
class Rows:
    def __init__(self, rows):
        self.rows = rows
        self.at = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.at >= len(self.rows):
            raise StopIteration
        row = self.rows[self.at]
        self.at += 1
        return row
`,
      after: `
class Rows:
    def __init__(self, rows):
        self.rows = rows

    def __iter__(self):
        yield from self.rows
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }) {
    const definition = asClass(node);
    const info = definition && facts.classInfo(node);
    // What is called an iterator is made anew for each loop.
    if (!info || facts.isTest || info.isDynamic || /Iter(?:ator)?$/.test(info.name)) return undefined;
    const iter = info.methodNamed("__iter__");
    const next = info.methodNamed("__next__");
    if (!iter || !next?.self || !iter.self) return undefined;
    const given = onlyStatement(facts.bodyOf(iter.def)) ?? statementsOf(facts.bodyOf(iter.def)).at(-1);
    const isItself = given?.kind === "return_statement" && given.children[0]?.text === iter.self;
    if (
      !isItself ||
      statementsOf(facts.bodyOf(iter.def)).some((it) => it !== given && expressionOf(it)?.kind !== "string")
    )
      return undefined;
    const position = positionIn(facts.bodyOf(next.def), next.self);
    if (!position) return undefined;
    // Set back somewhere, at the end or by a method: it was thought of.
    const writes = info.writes.filter((it) => it.name === position);
    if (writes.some((it) => it.method.def.name !== "__init__" && it.kind === "assign" && !reads(it.value, position)))
      return undefined;
    // Whether somebody goes through it twice is not in sight.
    return { at: iter.def.nameNode, weight: "unknown", name: info.name, position };
  },

  message: ({ name, position }) =>
    `A second loop over the same \`${name.slice(0, 40)}\` finds nothing, as nothing sets \`${position.slice(0, 40)}\` back; \`__iter__\` as a generator begins anew each time.`,
});

const reads = (value: Node | undefined, position: string): boolean => value?.text.includes(position) === true;

/** `at` where `self.at` is moved on, and says what is given or where the end is. */
function positionIn(body: Node, self: string): string | undefined {
  if (!/\bStopIteration\b/.test(body.text)) return undefined;
  const moved = body.descendants("augmented_assignment", "assignment").flatMap((it) => {
    const target = asAugmented(it)?.target ?? asAssignment(it)?.targets[0];
    const attribute = asAttribute(target);
    const isStep = it.kind === "augmented_assignment" || reads(it.field("right"), `${self}.${attribute?.name}`);
    return attribute?.object.text === self && isStep ? [attribute.name] : [];
  });
  return moved.find((name) =>
    body.descendants("subscript", "comparison_operator").some((it) => {
      // `self.rows[self.at]`, `self.at == self.stop`
      const part = it.kind === "subscript" ? it.field("subscript") : it;
      return part?.text.includes(`${self}.${name}`) === true && it.text.split(`${self}.`).length > 2;
    }),
  );
}
