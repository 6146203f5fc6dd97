/** A tool that tells the model nothing but its name. */

import {
  asCall,
  asFunction,
  defineRule,
  expressionOf,
  statementsOf,
  toolEvidence,
  type Node,
  type Parameter,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Tool without a description",
  why: "A model chooses its tools by what their docstrings and annotations say. Of a tool without either it knows only the name, and guesses when to call it and with what; a parameter without a type it may fill with anything.",
  guide: "agents",
  level: "info",
  gain: "safety",
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
    const bare = def.parameters.filter(
      (it) => !it.annotation && it.star === "" && !/^(?:self|cls|ctx|context|_.*)$/.test(it.name),
    );
    const isDocumented = /^(?:concatenated_)?string$/.test((first && expressionOf(first)?.kind) ?? "");
    // A default other than None shows the type; NumPy's and Google's docstrings may say it, and some libraries read them.
    const showsType = (it: Parameter) => it.defaultValue !== undefined && it.defaultValue.kind !== "none";
    const untyped = bare.find((it) => !showsType(it) && !saysType(it.name, first));
    if (isDocumented && !untyped) return undefined;
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
    return isDocumented
      ? { at: untyped!.nameNode, evidence, weight: "unknown" as const, name: def.name, bare: [untyped!], isDocumented }
      : { at: def.nameNode, evidence, weight: "heavy" as const, name: def.name, bare, isDocumented };
  },

  message: ({ name, bare, isDocumented }) =>
    isDocumented
      ? `The model is not told which type \`${bare[0]!.name}\` of \`${name}\` has; an annotation puts it into the schema.`
      : `The model knows of \`${name}\` nothing but its name; a docstring${bare.length > 0 ? ` and a type of \`${bare[0]!.name}\`` : ""} would say when to call it.`,
});

/** `query (str): …`, `query : str`, `:type query: str`: for this parameter, or for some other as well. */
function saysType(name: string, docstring: Node | undefined): boolean {
  const text = docstring?.text ?? "";
  const at = text.indexOf(name);
  if (at < 0) return false;
  const behind = text.slice(at + name.length, at + name.length + 40);
  return /^[ \t]*\(\s*[a-zA-Z]|^ : \w|^:\s*\w+[ \t]*$/m.test(behind) || text.includes(`:type ${name}:`);
}
