/** The `__init__` of a package that hands on names of its modules without saying which of them are meant. */

import {
  defineRule,
  excerpt,
  fixOf,
  expressionOf,
  declined,
  lineBelow,
  linesOf,
  statementsOf,
  textValue,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Unlisted extends Match {
  readonly names: readonly string[];
  readonly last: Node;
}

export default defineRule({
  title: "Package that does not list what it offers",
  why: "Without `__all__` a linter takes the imports of a package for unused, a type checker may not let others import them, and `from package import *` brings in the modules too.",
  guide: "project-layout",
  level: "hint",
  gain: "clarity",
  overlaps: ["F401"],
  leftToRuff: true,
  unlike: "it writes the list for the whole package, instead of calling each import unused",
  words: ["from"],
  fixes: "review",

  examples: [
    {
      before: `
"""Shapes and what they weigh."""

from .circle import Circle
from .square import Square, area
`,
      after: `
"""Shapes and what they weigh."""

from .circle import Circle
from .square import Square, area

__all__ = ["Circle", "Square", "area"]
`,
    },
  ],

  on: ["import_from_statement"],

  find(node, { facts }): Unlisted | undefined {
    const { root } = node.tree;
    if (node.parent !== root || facts.isTest || facts.isNotebook) return undefined;
    const statements = statementsOf(root);
    // Asked once, at the first of them.
    if (
      statements.find((it) => it.kind === "import_from_statement") !== node ||
      facts.view.sitesOf("__all__").length > 0
    )
      return undefined;
    const names: string[] = [];
    for (const it of statements) {
      if (it.kind === "import_from_statement") {
        const added = handedOn(it);
        if (!added) return undefined;
        names.push(...added);
      } else if (!isHeader(it)) return undefined;
    }
    const unique = [...new Set(names)];
    if (unique.length < 2 || facts.fileMatches(OTHER)) return undefined;
    // Of a long file only a part is in sight here. That the order of what it binds was asked for lets this be asked again when a part comes or goes.
    facts.view.stars();
    if (facts.view.document.pieces.length > 1) return undefined;
    // What is used here is no offer alone.
    if (unique.some((it) => facts.view.readsOf(it).length > 0)) return undefined;
    return {
      at: node.field("module_name") ?? node,
      evidence: "strong",
      weight: "heavy",
      names: unique,
      last: statements.findLast((it) => it.kind === "import_from_statement")!,
    };
  },

  message: ({ names }) =>
    `\`${excerpt(names[0]!, 30)}\`, \`${excerpt(names[1]!, 30)}\`${names.length > 2 ? " and others" : ""} are handed on, and no \`__all__\` says that they are meant.`,

  fix({ names, last }, { facts }) {
    if (!linesOf(last)) return declined("the last import shares its line");
    const line = `__all__ = [${names.map((it) => `"${it}"`).join(", ")}]`;
    const text =
      line.length <= facts.lineLength ? line : `__all__ = [\n${names.map((it) => `    "${it}",\n`).join("")}]`;
    return fixOf(
      "List the names",
      ["`from package import *` then brings in these alone"],
      [lineBelow(last, `\n${text}`)],
    );
  },
});

/** A line of the top level that is neither such an import nor a header. */
const OTHER =
  /^(?:def|class|async|if|for|while|with|try|import|@|(?!from\b)[A-Za-z]\w*[ \t]*[=(.[:]|from[ \t]+(?!__future__)[^.\s])/m;

/** The names of `from .module import …`; none of `from __future__`, undefined where it is anything else. */
function handedOn(statement: Node): readonly string[] | undefined {
  const module = statement.field("module_name")?.text ?? "";
  if (module === "__future__" || statement.kind !== "import_from_statement") return [];
  if (!module.startsWith(".") || statement.children.some((it) => it.kind === "wildcard_import")) return undefined;
  const names: string[] = [];
  for (const it of statement.fieldAll("name")) {
    // `import B as B` says already that it is handed on.
    const name = it.kind === "aliased_import" ? it.field("alias")?.text : it.text;
    if (name === undefined || (it.kind === "aliased_import" && it.field("name")?.text === name)) return undefined;
    if (!name.startsWith("_")) names.push(name);
  }
  return names;
}

/** A docstring, `__version__ = "1.0"`. */
function isHeader(statement: Node): boolean {
  const value = expressionOf(statement);
  if (value && textValue(value) !== undefined) return true;
  return (
    /^__(?:version|author|email|license|copyright)__\s*=/.test(statement.text) ||
    /^from __future__/.test(statement.text)
  );
}
