/** `rows.pop(i)`, then `rows.insert(i, row)`: all items behind are moved twice to put one in the place of another. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  hasComments,
  integerOf,
  isConstant,
  nextStatement,
  ownCodeDoubt,
  removeStatement,
  replace,
  rereadDoubt,
  statementOf,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Item taken out of a list and another put in its place",
  why: "pop and del move all items behind the place forward, and insert moves them back again. An assignment to the place changes that one item.",
  guide: "data-structures",
  level: "info",
  gain: "time",
  words: ["insert"],
  fixes: "safe",

  examples: [
    {
      before: `
def renamed(names: list[str], place: int, name: str) -> list[str]:
    names = list(names)
    del names[0]
    names.insert(0, name)
    return names
`,
      after: `
def renamed(names: list[str], place: int, name: str) -> list[str]:
    names = list(names)
    names[0] = name
    return names
`,
    },
  ],

  on: ["call"],
  methods: ["insert"],

  find(node, { facts }) {
    const insert = asMethodCall(node, "insert");
    const [index, value, more] = insert?.args ?? [];
    const statement = statementOf(node);
    if (!insert || !index || !value || more || expressionOf(statement) !== node) return undefined;
    const taken = takenAbove(statement, insert.object.text);
    if (!taken || unwrap(taken.index).text !== unwrap(index).text || !isPlainIndex(index)) return undefined;
    if (mentionsList(value, insert.object)) return undefined;
    const type = facts.typed(insert.object, "fair");
    if (type && type.type.name !== "list") return undefined;
    const evidence = type?.evidence ?? ("strong" as const);
    const weight = facts.isTest ? ("light" as const) : facts.weightOf(node);
    return {
      at: insert.methodNode,
      construct: statement,
      evidence,
      weight,
      related: [{ at: taken.at, message: "taken out here" }],
      insert,
      index,
      value,
      taken,
    };
  },

  message: ({ insert, index }) =>
    `\`${excerpt(insert.object.text, 30)}\` moves all items behind \`${excerpt(index.text, 20)}\` forward and back; an assignment puts one in the place of the other.`,

  fix({ insert, index, value, taken, construct }, { facts }) {
    if (hasComments(construct) || hasComments(taken.statement)) return declined("a comment would be lost");
    const old = `${insert.object.text}[${index.text}]`;
    if (value.kind === "list_splat" || value.kind === "named_expression" || value.text.includes("\n"))
      return declined("the value cannot stand behind the equals sign as it is");
    const gone = taken.isUsed ? replace(taken.at, old) : removeStatement(taken.statement);
    if (!gone) return declined("the line is shared with something else");
    const isList = facts.typeOf(insert.object)?.name === "list";
    const place = integerOf(index);
    const isKnown = place !== undefined;
    // Another name may hold the same list, and what fails would leave it without the item.
    const isValue = isConstant(value) || (value.kind === "identifier" && isThere(value, construct, facts));
    return fixOf(
      "Assign to the place",
      [
        !isList && `\`${excerpt(insert.object.text, 30)}\` must be a list`,
        !isKnown && `\`${excerpt(index.text, 20)}\` must not be negative`,
        !isValue && "the value must not look at the list, nor fail",
        taken.at.kind === "call" && "the error for an empty list has another text",
        ownCodeDoubt(insert.object, facts),
        rereadDoubt(insert.object, facts),
        facts.fileMatches(/\bdef __del__\(/) && "the old item is let go when the new one is in its place",
      ],
      [gone, replace(construct, `${old} = ${value.text}`)],
    );
  },
});

interface Taken {
  readonly statement: Node;
  readonly at: Node;
  readonly index: Node;
  /** `old = rows.pop(i)`. */
  readonly isUsed: boolean;
}

/** `rows.pop(i)`, `del rows[i]` or `old = rows.pop(i)` in the statement above. */
function takenAbove(statement: Node, list: string): Taken | undefined {
  const above = statement.parent?.children
    .filter((it) => it.isNamed && it.kind !== "comment" && it.end <= statement.start)
    .at(-1);
  if (!above || nextStatement(above) !== statement) return undefined;
  const assignment = asAssignment(above);
  const pop = asMethodCall(assignment?.value ? unwrap(assignment.value) : expressionOf(above), "pop");
  if (pop) {
    const [index, more] = pop.args;
    // Another target may be the list itself, or a place in it.
    const [target, another] = assignment?.targets ?? [];
    const root = /^\w+/.exec(list)?.[0] ?? list;
    const isPlain =
      !assignment || (target?.kind === "identifier" && !another && target.text !== root && target.text !== index?.text);
    return index && !more && isPlain && pop.object.text === list
      ? { statement: above, at: pop.node, index, isUsed: assignment !== undefined }
      : undefined;
  }
  if (above.kind !== "delete_statement") return undefined;
  const target = asSubscript(above.children.find((it) => it.isNamed));
  const [index, more] = target?.indices ?? [];
  return target && index && !more && index.kind !== "slice" && target.value.text === list
    ? { statement: above, at: target.node, index, isUsed: false }
    : undefined;
}

/** The same number both times, and not counted from the end: there insert means another place. */
function isPlainIndex(index: Node): boolean {
  const place = integerOf(unwrap(index));
  if (place !== undefined) return place >= 0;
  return (
    /^(identifier|attribute|binary_operator)$/.test(unwrap(index).kind) &&
    asCall(unwrap(index)) === undefined &&
    !/[([]/.test(index.text) &&
    !/^\s*-/.test(index.text)
  );
}

/** The name has a value for certain by then: it is a parameter, or set in a statement that ran before. */
function isThere(name: Node, at: Node, facts: Facts): boolean {
  if (facts.isDeleted(name)) return false;
  return facts.writesOf(name).some((site) => {
    if (site.kind === "parameter" || site.isRemote) return site.kind === "parameter";
    const statement = statementOf(site.name);
    if (at.isInside(statement)) return site.name.start < at.start;
    return statement.end <= at.start && statement.parent !== undefined && at.isInside(statement.parent);
  });
}

/** The value is asked of the list without the item. */
function mentionsList(value: Node, list: Node): boolean {
  const root = /^\w+/.exec(list.text)?.[0] ?? list.text;
  return (value.kind === "identifier" && value.text === root) || value.identifiers(root).length > 0;
}
