/** `@profile` that nothing imports: it is there only under kernprof, mprof or scalene. */

import { declined, defineRule, fixOf, linesOf, remove, type Match, type Node } from "../../analysis/authoring.js";

interface Left extends Match {
  readonly decorator: Node;
  readonly name: string;
}

export default defineRule({
  title: "Profiler's decorator left in the code",
  why: "The name is there only while kernprof or mprof runs the program. Everywhere else the module fails with a NameError when it is imported.",
  guide: "profilers",
  level: "warning",
  gain: "safety",
  words: ["profile"],
  overlaps: ["F821"],
  unlike: "it knows the decorator of the profilers and takes it away, where they see an unknown name",
  fixes: "review",

  examples: [
    {
      before: `
@profile
def total(values: list[int]) -> int:
    return sum(values)
`,
      after: `
def total(values: list[int]) -> int:
    return sum(values)
`,
    },
  ],

  on: ["decorator"],

  find(node, { facts }): Left | undefined {
    const [name] = node.children;
    if (name?.kind !== "identifier" || name.text !== "profile") return undefined;
    if (facts.view.sitesOf("profile").length > 0 || facts.writesOf(name).length > 0 || facts.view.stars().length > 0)
      return undefined;
    // A file that makes the name in some other way knows what it does.
    if (facts.fileMatches(MADE)) return undefined;
    return {
      at: node,
      evidence: "proof",
      decorator: node,
      name: node.parent?.field("definition")?.field("name")?.text ?? "",
    };
  },

  message: () =>
    "Nothing here defines `profile`: without kernprof or mprof this line raises a NameError when the module is imported.",

  fix({ decorator }) {
    const lines = linesOf(decorator);
    if (!lines || decorator.tree.text.slice(decorator.end, lines.end).includes("#"))
      return declined("a comment would be lost");
    return fixOf(
      "Remove the decorator",
      ["a profiler that looks for it no longer measures the function"],
      [remove(lines)],
    );
  },
});

/** The name is put among the builtins, asked for, or made by code. A run ends where the next one begins, so that a line is read once. */
const MADE = /builtins?__?\b(?:(?!builtins?_)[^\n])*profile|\bglobals\(\)|\bNameError\b|\bexec\(/;
