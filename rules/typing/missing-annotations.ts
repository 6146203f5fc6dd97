/** A public function without annotations in a module whose other functions have them. */

import {
  asFunction,
  certainHints,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hintDoubts,
  hintEdits,
  type FunctionDef,
  type Match,
} from "../../analysis/authoring.js";

interface Bare extends Match {
  readonly def: FunctionDef;
}

export default defineRule({
  title: "Function without annotations among annotated ones",
  why: "What calls such a function is not checked, and what it gives back is unknown to type checkers and editors, although others of the module tell it.",
  guide: "type-hints",
  level: "off",
  gain: "clarity",
  fixes: "review",

  examples: [
    {
      before: `
def load(path: str) -> list[str]:
    return path.split("/")

def join(parts: list[str]) -> str:
    return "/".join(parts)

def label(name, count=1):
    return f"{name} x {count}"
`,
      after: `
def load(path: str) -> list[str]:
    return path.split("/")

def join(parts: list[str]) -> str:
    return "/".join(parts)

def label(name, count: int = 1) -> str:
    return f"{name} x {count}"
`,
    },
  ],

  on: ["function_definition"],
  words: ["->"],

  find(node, { facts }): Bare | undefined {
    const def = asFunction(node);
    if (!def || def.returns || def.name.startsWith("_") || def.parameters.length === 0 || facts.isTest)
      return undefined;
    if (
      def.parameters.some((it) => it.annotation) ||
      functionAround(def.outer) ||
      def.decorators.some((it) => it.text.includes("overload"))
    )
      return undefined;
    // What takes and gives back functions has no types that are worth their room.
    if (def.body.descendants("function_definition").length > 0) return undefined;
    const own = facts.classOf(def.outer) ? def.parameters.slice(1) : def.parameters;
    if (own.length === 0 || !facts.fileMatches(ANNOTATED)) return undefined;
    return { at: def.nameNode, evidence: "proof", weight: "heavy", def };
  },

  message: ({ def }) => `\`${excerpt(def.name, 40)}\` has no annotations, unlike other functions of the module.`,

  fix({ def }, { facts }) {
    const hints = certainHints(def.node, facts);
    if (!hints) return declined("no type is certain here");
    const doubts = hintDoubts(hints, facts).map((it) =>
      it.replace(/\.$/, "").replace(/^[TC]/, (first) => first.toLowerCase()),
    );
    return fixOf(
      "Add the annotations that are certain",
      doubts.length > 0 ? doubts : ["code that reads annotations sees more of them"],
      hintEdits(hints),
    );
  },
});

/** Some function takes what is annotated and says what it gives. */
const ANNOTATED = /\bdef \w+\([^\n():]*:[^\n()]*\) *->/;
