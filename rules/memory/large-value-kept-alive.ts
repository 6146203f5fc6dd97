/** A table that was read, is not used any more, and stays in memory while the rest of a long function runs. */

import {
  declined,
  defineRule,
  fixOf,
  functionAround,
  lineBelow,
  nameGiven,
  startsLine,
  statementOf,
  statementsOf,
} from "../../analysis/authoring.js";

/** Fewer statements than this are no long tail. */
const LONG = 4;

export default defineRule({
  title: "Table that outlives its last use",
  why: "What a name refers to stays in memory until the function ends. A large table that is read at the beginning and no longer needed is kept while the rest makes its own. `del` frees it, or a function of its own that reads it and returns what is needed.",
  guide: "memory-habits",
  level: "off",
  gain: "memory",
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def run(path: str) -> float:
    table = np.load(path)
    total = float(table.sum())
    count = len(table)
    weights = np.ones(count)
    shares = weights / total
    for _ in range(3):
        shares = shares * 2
    return float(shares.sum())
`,
      after: `
import numpy as np

def run(path: str) -> float:
    table = np.load(path)
    total = float(table.sum())
    count = len(table)
    del table
    weights = np.ones(count)
    shares = weights / total
    for _ in range(3):
        shares = shares * 2
    return float(shares.sum())
`,
    },
  ],

  on: ["call"],
  calls: [
    "numpy.load",
    "numpy.loadtxt",
    "pandas.read_csv",
    "pandas.read_parquet",
    "pandas.read_pickle",
    "pandas.read_json",
    "pandas.read_excel",
  ],

  find(node, { facts }) {
    const around = functionAround(node);
    const name = nameGiven(node);
    if (facts.isTest || around?.kind !== "function_definition" || name?.kind !== "identifier" || facts.loopAround(node))
      return undefined;
    if (facts.writesOf(name).length !== 1 || facts.isReadOutside(name, around)) return undefined;
    const reads = facts.readsOf(name);
    const last = reads.at(-1);
    const block = statementOf(node).parent;
    // A read in a function inside it may come later.
    if (!last || !block || reads.some((it) => functionAround(it) !== around)) return undefined;
    const statements = statementsOf(block);
    const used = statements.findIndex((it) => it === last || last.isInside(it));
    const rest = statements.slice(used + 1);
    const works = rest.some(
      (it) => /^(?:for|while|with)_statement$/.test(it.kind) || it.descendants("for_in_clause").length > 0,
    );
    if (used < 0 || rest.length < LONG || !works || /\breturn\b/.test(statements[used]!.text)) return undefined;
    return { at: name, evidence: "fair" as const, statement: statements[used]! };
  },

  message: ({ at }) =>
    `\`${at.text}\` stays in memory to the end of the function although it is not used below; \`del\`, or a function of its own, frees it.`,

  fix({ at, statement }) {
    if (!startsLine(statement)) return declined("the line holds more");
    return fixOf(
      "Delete the name behind its last use",
      ["parts of it may be in use under another name, which keeps it in memory"],
      [lineBelow(statement, `del ${at.text}`)],
    );
  },
});
