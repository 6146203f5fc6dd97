/** `sys.getsizeof(rows)`: the size of the container alone, not of what is in it. */

import { defineRule, excerpt, functionAround, type Facts, type Node } from "../../analysis/authoring.js";

export default defineRule({
  title: "Size of a container without what is in it",
  why: "sys.getsizeof counts the object itself: of a list its references, of a dict its table, of an instance not even its attributes. What they refer to, mostly nearly all of it, is not counted. tracemalloc shows what some code really takes, `pympler.asizeof` adds up everything that an object refers to, and a tensor or array has `nbytes`.",
  guide: "memory-profiling",
  level: "info",
  gain: "safety",
  words: ["getsizeof"],

  examples: [
    {
      before: `
import sys

def size_of(lines: list[str]) -> int:
    return sys.getsizeof(lines)
`,
      after: `
import sys

def size_of(lines: list[str]) -> int:
    return sys.getsizeof(lines) + sum(sys.getsizeof(line) for line in lines)
`,
    },
  ],

  on: ["call"],
  calls: ["sys.getsizeof"],

  find(node, { facts }, call) {
    const [given] = call.args;
    // `sys.getsizeof(())` asks for the overhead itself.
    if (!given || facts.isTest || EMPTY.test(given.text) || node.ancestor("assert_statement") || addsUp(node, facts))
      return undefined;
    const type = facts.typed(given, "strong");
    const counted = type && COUNTED.find(([kind]) => kind.test(type.type.name))?.[1];
    if (!type || !counted) return undefined;
    return { at: node, evidence: type.evidence, given, counted };
  },

  message: ({ given, counted }) => `\`sys.getsizeof(${excerpt(given.text, 40)})\` counts ${counted}.`,
});

const EMPTY = /^(?:[[({]|(?:list|tuple|set|dict|frozenset)\(\)$)/;

const COUNTED: readonly (readonly [RegExp, string])[] = [
  [/^(?:list|tuple|set|frozenset|collections\.deque)$/, "the references alone, not what they refer to"],
  [/^(?:dict|collections\.(?:defaultdict|Counter|OrderedDict))$/, "the table alone, not its keys and values"],
  [/^torch\.(?:Tensor|nn\.Parameter)$/, "the object alone, not its elements; `nbytes` counts those"],
  [/^local\./, "the object alone, not what its attributes hold"],
];

/** The function counts what is inside as well, or goes on with the parts. */
function addsUp(node: Node, facts: Facts): boolean {
  const around = functionAround(node);
  if (facts.loopAround(node) !== undefined) return true;
  return around !== undefined && facts.memo("adds up sizes", around, () => addsUpSizes(around, facts));
}

function addsUpSizes(def: Node, facts: Facts): boolean {
  const calls = def.descendants("call");
  const name = def.field("name");
  const isOwn = name !== undefined && facts.functionNamed(name) !== undefined;
  if (isOwn && calls.some((it) => it.field("function")?.text === name.text)) return true;
  return calls.filter((it) => /\bgetsizeof\($/.test(it.text.slice(0, 14))).length > 1;
}
