/** `typing.List` and its like, for which the built-in types serve since Python 3.9. */

import {
  declined,
  defineRule,
  fixOf,
  isNeededInText,
  replace,
  typingNames,
  withoutNames,
  type Facts,
  type Match,
  type Node,
  type TypingName,
} from "../../analysis/authoring.js";

interface Legacy extends Match {
  readonly names: readonly TypingName[];
  readonly statement: Node;
}

const BUILT_IN: Readonly<Record<string, string>> = {
  List: "list",
  Dict: "dict",
  Set: "set",
  FrozenSet: "frozenset",
  Tuple: "tuple",
  Type: "type",
};
const WANTED = new Set(Object.keys(BUILT_IN));

export default defineRule({
  title: "Alias of `typing` for a built-in type",
  why: "Since Python 3.9 `list[int]` and the like can be written as they are; the aliases in `typing` are deprecated and have to be imported.",
  guide: "type-hints",
  level: "hint",
  gain: "clarity",
  python: { from: "3.9" },
  overlaps: ["UP006", "UP035"],
  leftToRuff: true,
  unlike: "the import is rewritten with it, and kept where a text in quotes needs it",
  words: [...WANTED],
  fixes: "review",

  examples: [
    {
      before: `
import math
from typing import Dict, List

def count(words: List[str]) -> Dict[str, int]:
    return {word: words.count(word) + math.floor(0.5) for word in set(words)}
`,
      after: `
import math

def count(words: list[str]) -> dict[str, int]:
    return {word: words.count(word) + math.floor(0.5) for word in set(words)}
`,
    },
  ],

  on: ["import_from_statement"],

  find(node, { facts }): Legacy | undefined {
    const names = typingNames(node, WANTED, facts);
    const [first] = names;
    return (
      first && { at: first.node, evidence: "proof", weight: facts.isTest ? "light" : "unknown", names, statement: node }
    );
  },

  message({ names }) {
    const places = names.reduce((sum, it) => sum + it.reads.length, 0);
    const list = (of: (it: TypingName) => string) => names.map((it) => `\`${of(it)}\``).join(", ");
    return `${list((it) => it.name)} of typing can be ${list((it) => BUILT_IN[it.name]!)}, in ${places === 1 ? "one place" : `${places} places`}.`;
  },

  fix({ names, statement }, { facts }) {
    const good = names.map((it) => ({
      ...it,
      reads: it.reads.filter((read) => fits(read, BUILT_IN[it.name]!, facts)),
    }));
    const edits = good.flatMap((it) => it.reads.map((read) => replace(read, BUILT_IN[it.name]!)));
    if (edits.length === 0) return declined("the names of the built-in types mean something else there");
    const gone = good.filter(
      (it, index) => it.reads.length === names[index]!.reads.length && !isNeededInText(it.name, facts),
    );
    return fixOf(
      "Use the built-in types",
      [
        "code that reads annotations sees other objects",
        gone.length > 0 && "another file may import the names from here",
      ],
      [...withoutNames(statement, new Set(gone.map((it) => it.name)), facts), ...edits],
    );
  },
});

/** Not where it is compared with the alias itself, nor where the built-in name is taken: by a method `list`, for example. */
function fits(read: Node, name: string, facts: Facts): boolean {
  return facts.isBuiltin(name, read) && read.parent?.kind !== "comparison_operator" && read.parent?.kind !== "call";
}
