/** A function gets the annotations that are certain: of parameters from their defaults, of the result from what is returned. */

import { certainHints, defineRefactoring, hintDoubts, hintEdits } from "../analysis/authoring.js";

export default defineRefactoring({
  title: "Type hints that are certain",
  guide: "type-hints",
  kind: "rewrite",
  on: ["function_definition"],
  reach: "head",

  example: {
    before: `
def ‸label(name, count=1, rate=0.5):
    if not name:
        return None
    return f"{name} x {count * rate}"
`,
    after: `
def label(name, count: int = 1, rate: float = 0.5) -> str | None:
    if not name:
        return None
    return f"{name} x {count * rate}"
`,
  },

  find: (node, _selection, { facts }) => certainHints(node, facts),

  offer({ def, parameters, result }) {
    const [only, more] = parameters;
    const what = only ? (more ? `${parameters.length} parameters` : `\`${only.parameter.name}\``) : undefined;
    return `Annotate ${[what, result === undefined ? undefined : "the result"].filter((it) => it !== undefined).join(" and ")} of \`${def.name}\``;
  },

  doubt: (found, { facts }) => hintDoubts(found, facts).join(" ") || undefined,

  apply: (found) => ({ edits: hintEdits(found) }),
});
