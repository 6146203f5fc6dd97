/** `udf(lambda x: x.upper())`: a Python function for each row of Spark, where Spark has the same built in. */

import {
  asCall,
  asFunction,
  asLambda,
  casesOfBody,
  defineRule,
  excerpt,
  expressionWork,
  parametersOf,
  unwrap,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Python function on Spark rows that Spark has built in",
  why: "Each row leaves the engine, is made Python objects in another process, and comes back. The optimizer cannot look inside, so filters stay behind it, and a missing value ends the job with a TypeError. The functions of pyspark.sql.functions run in the engine, and leave missing values missing.",
  guide: "parallel-strategies",
  level: "warning",
  gain: "safety",
  imports: ["pyspark"],

  examples: [
    {
      before: `
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StringType

shout = F.udf(lambda name: name.upper(), StringType())

def loud(people: DataFrame) -> DataFrame:
    return people.withColumn("name", shout(F.col("name")))
`,
      after: `
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StringType

def loud(people: DataFrame) -> DataFrame:
    return people.withColumn("name", F.upper(F.col("name")))
`,
    },
  ],

  on: ["call", "function_definition"],
  calls: ["pyspark.sql.functions.udf"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const def = asFunction(node);
    const found = def ? decorated(def, facts) : called(node, facts);
    if (!found) return undefined;
    const { body, parameter, name, at } = found;
    const cases = casesOfBody(body);
    const work = expressionWork({ given: body, parameter, cases, def: undefined, name: undefined }, false, facts);
    return work === undefined ? undefined : { at, evidence: "proof", weight: "heavy", name, work };
  },

  message: ({ name, work }) =>
    `${name === undefined ? "The function" : `\`${excerpt(name, 40)}\``} runs in Python for each row; ${TWINS[work] ?? "`pyspark.sql.functions` has the same"} inside the engine, and leaves missing values missing.`,
});

const TWINS: Readonly<Record<string, string>> = {
  when: "`F.when` chooses",
  operators: "operators on columns do the same",
  "str.to_uppercase": "`F.upper` does the same",
  "str.to_lowercase": "`F.lower` does the same",
  "str.to_titlecase": "`F.initcap` does nearly the same",
  "str.strip_chars": "`F.trim` does the same",
  "str.split": "`F.split` does the same",
  "str.replace_all": "`F.replace` does the same",
  "str.len_chars": "`F.length` does the same",
  "str.slice": "`F.substring` does the same",
  "list.get": "`F.split` with `getItem` does the same",
  "list.join": "`F.split` with `F.array_join` does the same",
  replace_strict: "a join with the table, or `F.create_map`, does the same",
  round: "`F.round` does nearly the same",
  abs: "`F.abs` does the same",
};

interface Found {
  readonly at: Node;
  readonly body: Node;
  readonly parameter: string;
  readonly name: string | undefined;
}

/** `@udf`, `@F.udf(StringType())`. */
function decorated(def: FunctionDef, facts: Facts): Found | undefined {
  const decorator = def.decorators.find((it) => facts.nameOf(asCall(it)?.callee ?? it) === "pyspark.sql.functions.udf");
  const [first] = def.parameters;
  return decorator && first?.star === "" && !def.isAsync
    ? { at: def.nameNode, body: facts.bodyOf(def), parameter: first.name, name: def.name }
    : undefined;
}

/** `udf(lambda x: …)`, `F.udf(function, StringType())`. */
function called(node: Node, facts: Facts): Found | undefined {
  const call = asCall(node);
  const given = call && (call.args[0] ?? call.keywords.get("f"));
  if (!call || !given || node.parent?.kind === "decorator") return undefined;
  const lambda = asLambda(unwrap(given));
  if (lambda) {
    const [first] = parametersOf(lambda.node.field("parameters"));
    return first?.star === ""
      ? { at: call.callee, body: lambda.body, parameter: first.name, name: undefined }
      : undefined;
  }
  const def = facts.functionNamed(given);
  const [first] = def?.parameters ?? [];
  return def && first?.star === "" && !def.isAsync
    ? { at: call.callee, body: facts.bodyOf(def), parameter: first.name, name: def.name }
    : undefined;
}
