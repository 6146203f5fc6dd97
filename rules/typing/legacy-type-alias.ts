/** `X: TypeAlias = …`, which is `type X = …` since Python 3.12. */

import {
  asAssignment,
  asClass,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  replace,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Legacy extends Match {
  readonly at: Node;
  readonly name: Node;
  readonly value: Node;
}

export default defineRule({
  title: "Type alias written as an annotated assignment",
  why: "Since Python 3.12 `type X = …` names a type without an import, may name classes that stand further down, and can have type parameters of its own.",
  guide: "type-hints",
  level: "hint",
  gain: "clarity",
  overlaps: ["UP040"],
  leftToRuff: true,
  unlike: "an alias that is used as a value is told without a fix",
  words: ["TypeAlias"],
  fixes: "review",

  examples: [
    {
      before: `
from typing import TypeAlias

type Row = dict[str, int]
Rows: TypeAlias = list[Row]

def total(rows: Rows) -> int:
    return sum(sum(row.values()) for row in rows)
`,
      after: `
from typing import TypeAlias

type Row = dict[str, int]
type Rows = list[Row]

def total(rows: Rows) -> int:
    return sum(sum(row.values()) for row in rows)
`,
    },
  ],

  on: ["assignment"],

  find(node, { facts }): Legacy | undefined {
    const annotation = node.field("type");
    if (!annotation || !/\bTypeAlias$/.test(annotation.text)) return undefined;
    const assignment = asAssignment(node.parent);
    const [name, more] = assignment?.targets ?? [];
    if (!assignment?.value || name?.kind !== "identifier" || more) return undefined;
    if (!/^(typing|typing_extensions)\.TypeAlias$/.test(facts.nameOf(annotation.children[0] ?? annotation) ?? ""))
      return undefined;
    if (functionAround(node)) return undefined;
    // A file that has the new forms already is written for such a Python, whatever the project says.
    if (!facts.hasPython("3.12") && !facts.fileMatches(NEW_FORMS)) return undefined;
    return { at: name, evidence: "proof", weight: "heavy", name, value: assignment.value };
  },

  message: ({ name }) =>
    `\`${excerpt(name.text, 40)}\` can be named by \`type ${excerpt(name.text, 40)} = …\`, without an import.`,

  fix({ name, value }, { facts }) {
    const statement = name.parent!;
    if (facts.writesOf(name).length > 1) return declined("it is bound more than once");
    const use = facts.readsOf(name).find((it) => !isInAnnotation(it));
    if (use)
      return declined(
        `it is used as a value in \`${excerpt((use.parent ?? use).text, 40)}\`, where such a name is no class`,
      );
    if (hasComments(statement)) return declined("a comment would be lost");
    if (value.kind === "string")
      return fixOf("Use a type statement", DOUBTS, [
        replace(
          { tree: value.tree, start: statement.start, end: value.end },
          `type ${name.text} = ${value.text.slice(1, -1)}`,
        ),
      ]);
    return fixOf("Use a type statement", DOUBTS, [
      replace({ tree: value.tree, start: statement.start, end: value.start }, `type ${name.text} = `),
    ]);
  },
});

const NEW_FORMS = /^[ \t]*(?:type[ \t]+\w+[ \t]*[[=]|class[ \t]+\w+\[|(?:async[ \t]+)?def[ \t]+\w+\[)/m;
const DOUBTS = [
  "in other files isinstance() and calls of the name would fail",
  "code that reads annotations sees an alias",
];

/** Read by type checkers, or to name another type, and not run as a class. */
function isInAnnotation(read: Node): boolean {
  const around = read.ancestor("type");
  if (around) return true;
  const list = read.ancestor("argument_list");
  return (
    list !== undefined &&
    asClass(list.parent) === undefined &&
    /^(?:typing\.)?cast$/.test(list.parent?.field("function")?.text ?? "")
  );
}
