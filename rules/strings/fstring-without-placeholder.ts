/** `f"done"`: an f-string in which nothing is put in. */

import {
  asString,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  previousStatement,
  replace,
  statementOf,
  unwrap,
  withoutF,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Formatted string without a placeholder",
  why: "The f says that values are put in, and there are none. Either it is left over, or the braces around a name were forgotten.",
  guide: "code-level",
  level: "hint",
  gain: "clarity",
  overlaps: ["F541"],
  leftToRuff: true,
  unlike: "the fix is refused where the letters before the quotes would be read together",
  fixes: "safe",

  examples: [
    {
      before: `
def report(count: int) -> str:
    if count == 0:
        return f"nothing was found"
    return f"{count} were found"
`,
      after: `
def report(count: int) -> str:
    if count == 0:
        return "nothing was found"
    return f"{count} were found"
`,
    },
  ],

  on: ["string"],
  begins: /[rR]?[fF]/,

  find(node) {
    if (node.children.some((it) => it.kind === "interpolation")) return undefined;
    // Of literals side by side one with a placeholder is enough: the f in front of all of them is a habit.
    const { parent } = node;
    if (
      parent?.kind === "concatenated_string" &&
      parent.children.some((it) => it.children.some((part) => part.kind === "interpolation"))
    )
      return undefined;
    const literal = asString(node);
    return literal?.isFormatted ? { at: node, literal } : undefined;
  },

  message: ({ at }) =>
    `Nothing is put into \`${excerpt(at.text.replace(/\s+/g, " "), 60)}\`: the \`f\` is left over, or braces are missing.`,

  fix({ at, literal }) {
    const text = withoutF(at);
    if (text === undefined) return declined("its braces are not clear");
    if (opensBody(at)) return declined("it would become a docstring");
    if (joins(at)) return declined("it would join with the literal in front of it");
    return literal.parts.length > 1
      ? declined("its parts are not clear")
      : fixOf(
          "Drop the f",
          [at.ancestor("type") && "code that reads annotations as they are written sees another text"],
          [replace(at, text)],
        );
  },
});

/** The first statement of a module, class or function: a plain text there is its docstring, and no f-string is. */
function opensBody(node: Node): boolean {
  const statement = statementOf(node);
  const value = expressionOf(statement);
  const literal = node.parent?.kind === "concatenated_string" ? node.parent : node;
  if (!value || unwrap(value) !== literal || previousStatement(statement)) return false;
  const home = statement.parent;
  return home?.kind === "module" || /^(?:function|class)_definition$/.test(home?.parent?.kind ?? "");
}

/** `""f"x"` without its f would begin a literal over several lines. */
function joins(node: Node): boolean {
  return /["'\w]/.test(node.tree.text[node.start - 1] ?? "");
}
