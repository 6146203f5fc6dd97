/** `for name in names: df = df.withColumn(name, …)`: a plan of Spark that gets a step for each column. */

import {
  argumentOf,
  asAssignment,
  asCall,
  asFor,
  asFunction,
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
  type MethodCall,
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
    const turns = knownTurns(loop, facts) ?? columnsGiven(loop, facts);
    return {
      at: call.methodNode,
      evidence,
      weight: turns !== undefined && turns <= FEW ? "light" : "heavy",
      call,
      loop,
      target,
    };
  },

  message: ({ call, target }, { facts }) =>
    `\`${excerpt(target.text, 40)}\` gets one step of its plan for each column; \`${hasPlural(call, facts) ? pluralOf(call) : "select"}\` sets all of them in one.`,

  fix({ call, loop, target }, { facts }) {
    const method = pluralOf(call);
    if (!hasPlural(call, facts))
      return declined(
        `the project has a PySpark without \`${method}\`: \`select\` has to name the other columns as well`,
      );
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
    return fixOf(
      `Set all columns in one ${method}()`,
      [
        facts.hasLibrary("pyspark", releaseOf(call)) !== "yes" && `\`${method}\` came with Spark ${releaseOf(call)}`,
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
const FEW = 10;

const pluralOf = ({ method }: MethodCall): string => (method === "withColumn" ? "withColumns" : "withColumnsRenamed");
const releaseOf = ({ method }: MethodCall): string => (method === "withColumn" ? "3.3" : "3.4");
const hasPlural = (call: MethodCall, facts: Facts): boolean => facts.mayHaveLibrary("pyspark", releaseOf(call));

/** How many columns the calls in the file give at most, where the loop goes through a parameter. */
function columnsGiven(loop: Node, facts: Facts): number | undefined {
  let over = asFor(loop)?.iterable;
  const call = asCall(over);
  if (call?.callee.text === "enumerate") over = call.args[0];
  else over = asMethodCall(over, "items", "keys", "values")?.object ?? over;
  return over && lengthOf(over, facts, STEPS);
}
const STEPS = 3;

/** Of a list or dict that is written out, also where it arrives as an argument, or by way of the own object; undefined where it is not known. */
function lengthOf(value: Node, facts: Facts, steps: number): number | undefined {
  const node = unwrap(value);
  if (/^(?:list|tuple|set|dictionary)$/.test(node.kind))
    return node.children.some((it) => /splat/.test(it.kind)) ? undefined : node.children.length;
  if (steps === 0 || (node.kind !== "identifier" && node.kind !== "attribute")) return undefined;
  const [site, more] = node.kind === "identifier" ? facts.writesOf(node) : [];
  if (site?.kind === "parameter" && !more) return lengthGiven(site.name, facts, steps - 1);
  const held = facts.valueOf(node);
  return held && held !== node ? lengthOf(held, facts, steps - 1) : undefined;
}

/** Of what the calls of the function give for a parameter, the longest. */
function lengthGiven(parameter: Node, facts: Facts, steps: number): number | undefined {
  const def = asFunction(parameter.ancestor("function_definition"));
  if (!def) return undefined;
  const owner = facts.classOf(def.outer);
  const place = def.parameters.findIndex((it) => it.nameNode === parameter) - (owner ? 1 : 0);
  const callees =
    owner === undefined
      ? facts.readsOf(def.nameNode)
      : def.name === "__init__"
        ? facts.readsOf(owner.def.nameNode)
        : facts.view.attributesOf(def.name);
  let longest: number | undefined;
  for (const callee of callees.slice(0, MOST_CALLS + 1)) {
    const call = asCall(callee.parent);
    const given = call?.callee === callee ? argumentOf(call, parameter.text, place) : undefined;
    if (given?.kind === "none") continue;
    const length = given && lengthOf(given, facts, steps);
    // A call that leaves it out takes what is there by default.
    if (length === undefined && (given || call?.callee !== callee)) return undefined;
    longest = Math.max(longest ?? 0, length ?? 0);
  }
  return callees.length > MOST_CALLS ? undefined : longest;
}
const MOST_CALLS = 30;

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
