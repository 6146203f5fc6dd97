/** `for name in names: df = df.withColumn(name, …)`: a plan of Spark that gets a step for each column. */

import {
  asAssignment,
  asFor,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  knownTurns,
  onlyStatement,
  replace,
  sparkEvidence,
  statementOf,
  textIn,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Columns of a Spark frame set one by one in a loop",
  why: "Each withColumn puts another projection of all columns on the query plan, and Spark analyses the whole plan again each time. Some hundred of them take minutes before a single row is read, or end in a StackOverflowError. withColumns and select take all columns at once.",
  guide: "parallel-strategies",
  level: "warning",
  gain: "safety",
  imports: ["pyspark"],
  fixes: "review",

  examples: [
    {
      before: `
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

def trimmed(df: DataFrame, names: list[str]) -> DataFrame:
    for name in names:
        df = df.withColumn(name, F.trim(F.col(name)))
    return df
`,
      after: `
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

def trimmed(df: DataFrame, names: list[str]) -> DataFrame:
    df = df.withColumns({name: F.trim(F.col(name)) for name in names})
    return df
`,
    },
  ],

  on: ["call"],
  methods: ["withColumn", "withColumnRenamed"],
  within: "loop",

  find(node, { facts }) {
    const call = asMethodCall(node, "withColumn", "withColumnRenamed");
    const loop = call && facts.loopAround(node);
    if (!call || !loop || facts.isTest || /comprehension|for_in_clause|generator/.test(loop.kind)) return undefined;
    const target = grownBy(node);
    if (!target || (target.kind === "identifier" && facts.writesOf(target, loop).length === 0)) return undefined;
    const [first] = call.args;
    // A name that is written out is one column, set again and again.
    if (!first || (first.kind === "string" && !first.text.includes("{"))) return undefined;
    const evidence = sparkEvidence(target, facts) ?? (call.method === "withColumn" ? "strong" : "fair");
    const turns = knownTurns(loop, facts);
    return {
      at: call.methodNode,
      evidence,
      weight: turns !== undefined && turns <= FEW ? "light" : "heavy",
      call,
      loop,
      target,
    };
  },

  message: ({ call, target }) =>
    `\`${excerpt(target.text, 40)}\` gets one step of its plan for each column; \`${call.method === "withColumn" ? "withColumns" : "withColumnsRenamed"}\` sets all of them in one.`,

  fix({ call, loop, target }, { facts }) {
    const head = asFor(loop);
    if (!head || head.orElse || head.isAsync) return declined("the loop is not a plain one");
    const [name, column] = call.args;
    const only = onlyStatement(head.body);
    if (!only || only !== statementOf(call.node) || asAssignment(only)?.value !== call.node)
      return declined("the loop does more than set the column");
    if (!name || !column || call.args.length !== 2 || call.keywords.size > 0 || hasComments(loop))
      return declined("the call cannot be written as an item of a dict");
    if (call.object.text !== target.text || column.identifiers(target.text).length > 0)
      return declined(`the new column looks at \`${target.text}\`, as the turns before left it`);
    if (mentionsOther(column, head.target, facts)) return declined("a column may look at one that was set before it");
    const method = call.method === "withColumn" ? "withColumns" : "withColumnsRenamed";
    return fixOf(
      `Set all columns in one ${method}()`,
      [
        `\`${method}\` came with Spark ${call.method === "withColumn" ? "3.3" : "3.4"}`,
        "no column may look at another one of the loop",
        "`" + head.target.text + "` is not left behind",
      ],
      [
        replace(
          loop,
          `${target.text} = ${target.text}.${method}({${name.text}: ${textIn(column, 1)} for ${head.target.text} in ${head.iterable.text}})`,
        ),
      ],
    );
  },
});

/** A handful of steps more does not show. */
const FEW = 5;

/** The name that the result goes back to: `df = df.withColumn(…)`, also in the middle of a chain. */
function grownBy(node: Node): Node | undefined {
  const assignment = asAssignment(statementOf(node));
  const [target, more] = assignment?.targets ?? [];
  if (!target || more || (target.kind !== "identifier" && target.kind !== "attribute")) return undefined;
  let at = unwrap(assignment?.value ?? target);
  for (let call = asMethodCall(at); call; call = asMethodCall(at)) {
    at = unwrap(call.object);
    if (at.text === target.text) return target;
  }
  return undefined;
}

/** The column is made of another one than the turn's: `F.col("total") + F.col(name)`. */
function mentionsOther(column: Node, turn: Node, facts: Facts): boolean {
  const names = turn.kind === "identifier" ? [turn.text] : turn.descendants("identifier").map((it) => it.text);
  return column.descendants("call").some((it) => {
    const callee = it.field("function");
    const [given] = it.field("arguments")?.children ?? [];
    return (
      callee !== undefined &&
      /(?:^|\.)col$/.test(facts.nameOf(callee) ?? callee.text) &&
      given !== undefined &&
      !names.includes(given.text)
    );
  });
}
