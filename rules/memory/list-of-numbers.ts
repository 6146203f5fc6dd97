/** A long list of floats that never holds anything else: each number is an object of its own. */

import {
  asComprehension,
  declined,
  defineRule,
  fixOf,
  hasComments,
  importName,
  nameGiven,
  replace,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Long list of floats",
  why: "In a list every float is an object of 24 bytes, beside the 8 of the reference to it. `array.array` or an array of NumPy keeps the numbers themselves, in 8 bytes each. It pays for many numbers that stay for long; taking one out makes an object of it each time.",
  guide: "compact-structures",
  level: "off",
  gain: "memory",
  words: ["float"],
  fixes: "review",

  examples: [
    {
      before: `
from array import array

def prices(lines: list[str]) -> float:
    values = [float(line) for line in lines]
    return sum(values) / len(values)
`,
      after: `
from array import array

def prices(lines: list[str]) -> float:
    values = array("d", [float(line) for line in lines])
    return sum(values) / len(values)
`,
    },
  ],

  on: ["list_comprehension"],

  find(node, { facts }) {
    const made = asComprehension(node);
    if (!made || facts.isTest || facts.typeOf(made.element)?.name !== "float") return undefined;
    const name = nameGiven(node);
    if (name?.kind !== "identifier" || facts.writesOf(name).length !== 1 || !isNumbersOnly(name, facts))
      return undefined;
    const weight = facts.sizeOf(made.clauses[0]!.iterable);
    return weight === "light" ? undefined : { at: node, weight, name };
  },

  message: ({ name }) =>
    `\`${name.text}\` holds nothing but floats, each as an object; an array (\`array.array\`, NumPy) keeps the numbers themselves.`,

  fix({ at }, file) {
    if (hasComments(at)) return declined("a comment would be lost");
    const imported = importName(file, "array", "array", at);
    if (!imported) return declined("array means something else here");
    return fixOf(
      "Keep them in an array",
      ["an array is no list: it is shown and compared in another way, and takes numbers alone"],
      [...imported.edits, replace(at, `${imported.name}("d", ${at.text})`)],
    );
  },
});

const READING = new Set(["sum", "len", "min", "max", "sorted", "enumerate", "zip", "any", "all", "fsum"]);

/** Only read by place, gone through or added up. */
function isNumbersOnly(name: Node, facts: Facts): boolean {
  return facts.usesOf(name).every((use) => {
    if (use.kind === "argument") return READING.has(use.call?.field("function")?.text.replace(/^math\./, "") ?? "");
    return use.kind === "iterated" || use.kind === "subscript";
  });
}
