/** A breakpoint that was left in the code. */

import {
  asFunction,
  declined,
  defineRule,
  expressionOf,
  fixOf,
  functionAround,
  importsInstead,
  onlyStatement,
  previousStatement,
  remove,
  removeStatement,
  replace,
  statementOf,
  type Call,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Left extends Match {
  readonly statement: Node;
  readonly call: Call;
}

export default defineRule({
  title: "Breakpoint left in the code",
  why: "The program stops there and waits for somebody at a terminal: a worker, a server or a job in a queue hangs or fails.",
  guide: "debugging",
  level: "warning",
  differs: { unknown: "kept" },
  gain: "safety",
  words: ["breakpoint", "set_trace", "embed"],
  overlaps: ["T100"],
  leftToRuff: true,
  unlike: "IPython's `embed` counts too, a debugger behind a switch is left alone, and the fix takes the import along",
  fixes: "review",

  examples: [
    {
      before: `
def total(values: list[int]) -> int:
    result = 0
    for value in values:
        breakpoint()
        result += value
    return result
`,
      after: `
def total(values: list[int]) -> int:
    result = 0
    for value in values:
        result += value
    return result
`,
    },
  ],

  on: ["call"],
  calls: [
    "builtins.breakpoint",
    "pdb.set_trace",
    "ipdb.set_trace",
    "pudb.set_trace",
    "wdb.set_trace",
    "web_pdb.set_trace",
    "rpdb.set_trace",
    "celery.contrib.rdb.set_trace",
    "IPython.embed",
    "IPython.core.debugger.set_trace",
    "IPython.terminal.embed.embed",
  ],

  find(node, { facts }, call): Left | undefined {
    const statement = statementOf(node);
    if (facts.isTest || expressionOf(statement) !== node || isWanted(node)) return undefined;
    return { at: node, evidence: "proof", statement, call };
  },

  message: ({ call }) => `The program stops at this \`${call.callee.text}()\` and waits for somebody at a terminal.`,

  fix({ statement, call }, { facts }) {
    const doubts = ["the program no longer stops here"];
    const { tree } = statement;
    const before = previousStatement(statement);
    const lineStart = tree.text.lastIndexOf("\n", statement.start) + 1;
    const lineEnd = tree.text.indexOf("\n", statement.end);
    // `import pdb; pdb.set_trace()`
    if (before && before.start >= lineStart) {
      const rest = tree.text.slice(statement.end, lineEnd < 0 ? undefined : lineEnd).trim();
      const isImport =
        /^import (?:pdb|ipdb|pudb|wdb|rpdb|web_pdb)$/.test(before.text) &&
        tree.text.slice(lineStart, before.start).trim() === "";
      if (!isImport || rest !== "" || lineEnd < 0) return declined("other code shares its line");
      const block = statement.parent;
      const isAlone = block?.kind === "block" && block.children.length === 2;
      const span = isAlone
        ? { tree, start: before.start, end: statement.end }
        : { tree, start: lineStart, end: lineEnd + 1 };
      return fixOf("Remove the breakpoint", doubts, [isAlone ? replace(span, "pass") : remove(span)]);
    }
    const isOnly = statement.parent?.kind === "block" && onlyStatement(statement.parent) === statement;
    const edit = isOnly ? replace(statement, "pass") : removeStatement(statement);
    if (!edit) return declined("something else shares its line");
    const root = call.callee.field("object");
    const gone =
      root?.kind === "identifier" ? importsInstead(root, (it) => it.isInside(call.node), [], facts, false) : [];
    return fixOf("Remove the breakpoint", doubts, [edit, ...gone]);
  },
});

/** It stands in a tool for debugging, or somebody asked for it. */
function isWanted(node: Node): boolean {
  const def = asFunction(functionAround(node));
  if (def && /trace|break|debug|pdb|interact|shell|repl|embed|console/i.test(def.name)) return true;
  if (node.ancestor("except_clause") && /post_mortem|exc_info/.test(node.ancestor("except_clause")!.text)) return true;
  for (let at = node.ancestor("if_statement", "elif_clause"); at; at = at.ancestor("if_statement", "elif_clause"))
    // Under `if False:` it stops nobody.
    if (/debug|pdb|interactive|breakpoint|shell|^(?:False|0)$/i.test(at.field("condition")?.text ?? "")) return true;
  return false;
}
