/** `rows = [… for …]` and then one `for row in rows`: the list has a name, and nobody else uses it. */

import {
  asAssignment,
  asCall,
  asComprehension,
  asFor,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  heldWeight,
  declined,
  replace,
  statementOf,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Held extends Match {
  readonly list: Node;
  readonly name: string;
  readonly statement: Node;
  readonly read: Node;
}

/** They take one item at a time. */
const TAKES_ONE = new Set(
  ["sum", "any", "all", "max", "min", "set", "frozenset", "dict"].map((it) => `builtins.${it}`),
);

export default defineRule({
  title: "List with a name that is gone through once",
  why: "The list holds every item until its last use, although they are taken one at a time. A generator expression makes each when it is taken and holds none. That saves memory where the items come one by one from a file or another stream, or are many.",
  guide: "generators",
  level: "hint",
  differs: { light: "off", unknown: "off" },
  gain: "memory",
  overrides: ["memory/list-of-numbers"],
  fixes: "review",

  examples: [
    {
      before: `
def total(path: str) -> int:
    with open(path, encoding="utf-8") as lines:
        sizes = [len(line) for line in lines]
        return sum(sizes)
`,
      after: `
def total(path: str) -> int:
    with open(path, encoding="utf-8") as lines:
        sizes = (len(line) for line in lines)
        return sum(sizes)
`,
    },
  ],

  on: ["list_comprehension"],

  find(node, { facts }): Held | undefined {
    const assignment = asAssignment(node.parent);
    const target = assignment?.targets.length === 1 ? assignment.targets[0] : undefined;
    if (!assignment || assignment.value !== node || target?.kind !== "identifier" || facts.isTest) return undefined;
    const list = asComprehension(node);
    if (!list || node.descendants("await", "yield", "named_expression").length > 0) return undefined;
    // What is made of a list in memory is in memory: only what comes in one by one, or in great numbers, is asked further.
    if (heldWeight(list, facts) !== "heavy" || !functionAround(node)) return undefined;
    const [read, more] = facts.readsOf(target);
    if (!read || more || facts.writesOf(target).length !== 1) return undefined;
    const statement = statementOf(node);
    if (!isTakenOneByOne(read, facts) || !isSameStretch(statement, read, facts)) return undefined;
    return { at: node, evidence: "proof", weight: "heavy", list: node, name: target.text, statement, read };
  },

  message: ({ name }) =>
    `\`${excerpt(name, 40)}\` is gone through once; a generator expression does not hold all items in memory.`,

  fix({ list, name, statement, read }, { facts }) {
    if (hasComments(list)) return declined("there is a comment inside the list");
    const user = statementOf(read);
    const isNext = statement.nextSibling === user;
    const { tree, start, end } = list;
    return fixOf(
      "Use a generator expression",
      [
        `the items of \`${name}\` are made when they are taken, and an error in one of them is raised then`,
        !isNext && "what runs in between may change what they are made of",
        user.kind === "for_statement" && facts.runsUnknownCode(user) && "the loop may change what they are made of",
      ],
      [replace({ tree, start, end: start + 1 }, "("), replace({ tree, start: end - 1, end }, ")")],
    );
  },
});

function isTakenOneByOne(read: Node, facts: Facts): boolean {
  const loop = asFor(read.parent);
  if (loop) return loop.iterable === read && !loop.isAsync;
  const call = asCall(read.parent?.parent);
  return call?.args[0] === read && call.args.length === 1 && TAKES_ONE.has(facts.nameOf(call.callee) ?? "");
}

/** Both run the same number of times, in one function, and the source is still there: a file is closed behind its `with`. */
function isSameStretch(statement: Node, read: Node, facts: Facts): boolean {
  const user = statementOf(read);
  return (
    user.parent === statement.parent &&
    user.start > statement.end &&
    functionAround(read) === functionAround(statement) &&
    facts.loopAround(user) === facts.loopAround(statement)
  );
}
