/** `for day in days: df.filter(…).count()`: a job of Spark in every turn of a loop. */

import {
  asComprehension,
  askedPerTurn,
  asMethodCall,
  defineRule,
  excerpt,
  integerOf,
  knownTurns,
  sparkEvidence,
  type AskedPerTurn,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Spark job in every turn of a loop",
  why: "collect, count and toPandas run the whole plan of their frame, from reading the data on, and wait for it. In a loop that is one job after the other over the same data; a groupBy, or one select with a column for each turn, does it in one pass, and cache keeps what is needed again. Each job may also meet other data than the one before.",
  guide: "parallel-strategies",
  level: "warning",
  gain: "safety",
  imports: ["pyspark"],

  examples: [
    {
      before: `
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

def counts(orders: DataFrame, shops: list[str]) -> dict[str, int]:
    found = {}
    for shop in shops:
        found[shop] = orders.filter(F.col("shop") == shop).count()
    return found
`,
      after: `
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

def counts(orders: DataFrame, shops: list[str]) -> dict[str, int]:
    rows = orders.filter(F.col("shop").isin(shops)).groupBy("shop").count().collect()
    return {row["shop"]: row["count"] for row in rows}
`,
    },
  ],

  on: ["call"],
  methods: ["collect", "count", "toPandas", "first", "head", "take", "show", "isEmpty", "toLocalIterator"],
  within: "loop",

  find(node, { facts }) {
    const call = asMethodCall(
      node,
      "collect",
      "count",
      "toPandas",
      "first",
      "head",
      "take",
      "show",
      "isEmpty",
      "toLocalIterator",
    );
    if (!call || facts.isTest || !isAction(call.method, call.args)) return undefined;
    // `F.count("x")` is a column, and so is `df.groupBy("a").count()`, which runs nothing.
    if (/(?:^|\.)(?:groupBy|groupby|rollup|cube)$/.test(asMethodCall(call.object)?.callee.text ?? "")) return undefined;
    const evidence = sparkEvidence(call.object, facts);
    const asked = evidence && askedPerTurn(call, facts);
    if (!evidence || !asked || !asked.isSameSource) return undefined;
    // Rows that are fetched for the loop to go through come once.
    const turns = knownTurns(asked.loop, facts);
    const weight = turns !== undefined && turns <= FEW ? "light" : isCached(asked, facts) ? "unknown" : "heavy";
    return { at: call.methodNode, evidence, weight, asked };
  },

  message: ({ asked: { query, call } }) =>
    `\`${excerpt(query.text, 50)}\` runs from its source on in every turn, as \`${call.method}\` starts a job of its own; one job for all turns makes one pass.`,
});

/** Each job takes seconds: a dozen columns are many. */
const FEW = 3;

/** `"text".count("a")` and `list.count(x)` have an argument; `show` shows a few rows, and still runs. */
function isAction(method: string, args: readonly Node[]): boolean {
  const [first] = args;
  if (/^(?:head|take|show)$/.test(method))
    return first === undefined || integerOf(first) !== undefined || first.kind === "identifier";
  return args.length === 0;
}

/** What the turns share is kept in memory. */
function isCached({ query, loop }: AskedPerTurn, facts: Facts): boolean {
  const [root] = query.kind === "identifier" ? [query] : query.descendants("identifier");
  const home = asComprehension(loop)?.node ?? loop;
  return (
    (root !== undefined &&
      facts
        .readsOf(root)
        .some(
          (it) =>
            it.start < home.start && /\.(?:cache|persist|checkpoint|localCheckpoint)$/.test(it.parent?.text ?? ""),
        )) ||
    /\.(?:cache|persist)\(\)/.test((root && facts.valueOf(root)?.text) ?? "")
  );
}
