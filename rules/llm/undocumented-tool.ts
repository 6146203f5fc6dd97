/** A tool that tells the model nothing but its name. */

import { asCall, asFunction, defineRule, expressionOf, statementsOf, toolEvidence } from "../../analysis/authoring.js";

export default defineRule({
  title: "Tool without a description",
  why: "A model chooses its tools by what their docstrings and annotations say. Of a tool without either it knows only the name, and guesses when to call it and with what.",
  guide: "agents",
  level: "info",
  gain: "clarity",
  words: ["tool"],

  examples: [
    {
      before: `
from smolagents import tool

@tool
def search(query: str, limit: int) -> list[str]:
    return [query] * limit
`,
      after: `
from smolagents import tool

@tool
def search(query: str, limit: int) -> list[str]:
    """Searches the notes and returns the lines that fit best.

    Args:
        query: Words to look for.
        limit: How many lines to return at most.
    """
    return [query] * limit
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }) {
    const def = asFunction(node);
    if (!def || def.decorators.length === 0 || facts.isTest || facts.classOf(def.outer)) return undefined;
    const [first] = statementsOf(def.body);
    const isDocumented = first && expressionOf(first)?.kind === "string";
    if (isDocumented || /^(?:concatenated_string)$/.test((first && expressionOf(first)?.kind) ?? "")) return undefined;
    const evidence = toolEvidence(def, facts);
    if (!evidence || evidence === "fair") return undefined;
    for (const it of def.decorators) {
      const call = asCall(it);
      if (call?.hasSplat) return undefined;
      if (
        call &&
        ["description", "args_schema", "description_override", "docstring"].some((key) => call.keywords.has(key))
      )
        return undefined;
    }
    const bare = def.parameters.filter((it) => !it.annotation && !/^(?:self|cls|ctx|context)$/.test(it.name));
    return { at: def.nameNode, evidence, weight: "heavy", name: def.name, bare };
  },

  message: ({ name, bare }) =>
    `The model knows of \`${name}\` nothing but its name; a docstring${bare.length > 0 ? ` and a type of \`${bare[0]!.name}\`` : ""} would say when to call it.`,
});
