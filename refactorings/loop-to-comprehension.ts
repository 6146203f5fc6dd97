/** A loop that does nothing but fill an empty list, set or dict becomes a comprehension. */

import {
  bindingStrength,
  comprehension,
  copied,
  defineRefactoring,
  fillingOf,
  headOf,
  insteadOfFilling,
  isCompiled,
  isCopy,
  nextStatement,
  reindented,
  type Edit,
  type Facts,
  type Filling,
  type Node,
} from "../analysis/authoring.js";

const BRACKETS: Readonly<Record<Filling["kind"], [string, string]>> = {
  list: ["[", "]"],
  set: ["{", "}"],
  dict: ["{", "}"],
};

/** What an expression has to bind like to stand in `… if … else …` or beside a comma without parentheses. */
const IN_CHOICE = 3;
const ALONE = 1;

export default defineRefactoring({
  title: "Loop that fills a list, set or dict to comprehension",
  guide: "code-level",
  kind: "rewrite",
  on: ["for_statement", "expression_statement"],
  reach: "inside",
  rules: ["iteration/append-in-loop"],

  example: {
    before: `
def stock(rows: list[dict]) -> dict[str, int]:
    left = {}
    ‸for row in rows:
        if row["left"] is None:
            continue
        left[row["name"]] = int(row["left"])
    return left
`,
    after: `
def stock(rows: list[dict]) -> dict[str, int]:
    left = {row["name"]: int(row["left"]) for row in rows if row["left"] is not None}
    return left
`,
  },

  find(node, _selection, { facts }) {
    const next = node.kind === "expression_statement" ? nextStatement(node) : node;
    const filling = next && fillingOf(next, facts);
    const isMeant = filling && (next === node || filling.start === node);
    return isMeant && !isCompiled(next, facts) && edits(filling, facts.isBuiltin(filling.kind, next), facts)
      ? filling
      : undefined;
  },

  offer: ({ name, kind }) => `Fill \`${name.text}\` with a ${kind} comprehension`,

  doubt: () => undefined,

  apply(filling, { facts }) {
    const made = edits(filling, facts.isBuiltin(filling.kind, filling.name), facts);
    return made && { edits: made };
  },
});

function edits(filling: Filling, mayCopy: boolean, { lineLength }: Facts): readonly Edit[] | undefined {
  const { kind, gathering, item, otherwise, assignment } = filling;
  const isPlain = mayCopy && kind !== "dict" && !otherwise && isCopy(gathering, item.value);
  const filled = comprehension(
    gathering,
    (indent) => itemText(filling, indent, lineLength),
    headOf(assignment),
    lineLength,
    BRACKETS[kind],
  );
  return filled === undefined ? undefined : insteadOfFilling(filling, isPlain ? copied(gathering, kind) : filled);
}

function itemText({ item, otherwise }: Filling, indent: string, lineLength: number): string {
  const keys = item.key.map((it) => part(it, ALONE, indent)).join(", ");
  const key = item.key.length > 1 ? `(${keys}): ` : keys && `${keys}: `;
  if (!otherwise) return key + part(item.value, ALONE, indent);
  const parts = [
    `${key}${part(item.value, IN_CHOICE, indent)}`,
    `if ${part(otherwise.condition, IN_CHOICE, indent)}`,
    `else ${part(otherwise.item.value, IN_CHOICE, indent)}`,
  ];
  const line = parts.join(" ");
  return indent.length + line.length > lineLength || line.includes("\n") ? parts.join(`\n${indent}`) : line;
}

function part(node: Node, least: number, indent: string): string {
  const text = reindented(node, indent);
  return bindingStrength(node) < least ? `(${text})` : text;
}
