/** An `__exit__` that returns True whatever was raised. */

import {
  defineRule,
  fixOf,
  functionAround,
  replace,
  statementOf,
  statementsOf,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Context manager that swallows every exception",
  why: "A true result of __exit__ tells Python to drop the exception that ended the with block. Returned always, it hides every error in the block, misspelt names and Ctrl-C included, and the code below goes on with results that are not there.",
  guide: "context-managers",
  level: "warning",
  gain: "safety",
  words: ["__exit__", "__aexit__"],
  fixes: "review",

  examples: [
    {
      before: `
class Timed:
    def __enter__(self):
        print("start")
        return self

    def __exit__(self, kind, error, trace):
        print("end")
        return True

def run(work) -> None:
    with Timed():
        work()
`,
      after: `
class Timed:
    def __enter__(self):
        print("start")
        return self

    def __exit__(self, kind, error, trace):
        print("end")
        return False

def run(work) -> None:
    with Timed():
        work()
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }, def) {
    if (!def || (def.name !== "__exit__" && def.name !== "__aexit__") || facts.isTest) return undefined;
    const owner = facts.classOf(def.outer);
    if (!owner || /suppress|swallow|ignor|silenc|catch|guard|quiet/i.test(owner.name)) return undefined;
    const returns = def.body.descendants("return_statement").filter((it) => functionAround(it) === def.node);
    const last = statementsOf(def.body).at(-1);
    if (returns.length === 0 || !last || !returns.includes(last) || !returns.every(isTrue)) return undefined;
    // It looks at what was raised, and may have reason to take it as dealt with.
    if (looksAtError(def)) return undefined;
    return { at: last, returns, owner: owner.name };
  },

  message: ({ owner }) =>
    `\`with ${owner}…\` drops every exception of its block, as this returns True always; return False.`,

  fix: ({ returns }) =>
    fixOf(
      "Let exceptions go on",
      ["exceptions of the with block now reach the code around it"],
      returns.map((it) => replace(it, "return False")),
    ),
});

const isTrue = (statement: Node): boolean => statement.children.length === 1 && statement.children[0]!.kind === "true";

/** A parameter beyond `self` is read, or the documentation says that it is meant so. */
function looksAtError(def: FunctionDef): boolean {
  const names = def.parameters.slice(1).map((it) => it.name);
  if (
    /suppress|swallow|ignore/i.test(
      statementsOf(def.body)[0]?.kind === "expression_statement" ? statementsOf(def.body)[0]!.text : "",
    )
  )
    return true;
  return def.body
    .descendants("identifier")
    .some(
      (it) =>
        names.includes(it.text) && it.fieldName !== "attribute" && statementOf(it).kind !== "expression_statement",
    );
}
