/** Two jobs over one frame of Spark that nobody keeps: `df.write.parquet(…)`, then `df.count()`. */

import {
  asAttribute,
  asCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  lineBelow,
  originOf,
  sparkEvidence,
  statementOf,
  startsLine,
  type Evidence,
  type Facts,
  type Match,
  type Node,
  type Site,
} from "../../analysis/authoring.js";

/** What runs the whole plan, and what may stop after some rows. */
const WHOLE = ["count", "collect", "toPandas", "foreach", "foreachPartition", "toLocalIterator"];
const PARTS = ["show", "take", "first", "head", "tail", "isEmpty"];
const WRITES = ["parquet", "csv", "json", "orc", "text", "jdbc", "save", "saveAsTable", "insertInto"];

export default defineRule({
  title: "Spark frame computed again for a second action",
  why: "A frame of Spark is a plan: each write, count or toPandas reads the sources and runs all joins and groups of it anew. The second run costs as much as the first, and may see other data, so that the rows it counts are not those that were written. cache() in front keeps the result for both.",
  guide: "parallel-strategies",
  level: "warning",
  gain: "safety",
  imports: ["pyspark"],
  fixes: "review",

  examples: [
    {
      before: `
from pyspark.sql import DataFrame

def store(orders: DataFrame, shops: DataFrame, path: str) -> int:
    sales = orders.join(shops, "shop").groupBy("town").sum("price")
    sales.write.parquet(path)
    return sales.count()
`,
      after: `
from pyspark.sql import DataFrame

def store(orders: DataFrame, shops: DataFrame, path: str) -> int:
    sales = orders.join(shops, "shop").groupBy("town").sum("price")
    sales.cache()
    sales.write.parquet(path)
    return sales.count()
`,
    },
  ],

  on: ["call"],
  methods: [...WHOLE, ...PARTS, ...WRITES],

  find(node, { facts }): Again | undefined {
    if (facts.isTest) return undefined;
    const root = rootOf(node);
    if (root?.kind !== "identifier") return undefined;
    const own = actionAt(root);
    if (own?.node !== node) return undefined;
    const [site, more] = facts.reachingSites(root);
    if (!site || more || site.kind !== "assign" || !site.value || functionAround(site.name) !== functionAround(node))
      return undefined;
    const frame = facts.memo("jobs over a frame", site, () => frameOf(site, root, site.value!, facts));
    if (frame?.second.node !== node) return undefined;
    const { first, evidence, plan } = frame;
    const isPart = first.isPart || own.isPart;
    return {
      at: own.method,
      evidence,
      weight: facts.isNotebook ? "light" : isPart || plan === "cheap" ? "unknown" : "heavy",
      related: [{ at: first.method, message: "computed here before" }],
      name: root,
      site,
      first,
      second: own,
    };
  },

  message: ({ name, first, second }) =>
    `\`${second.method.text}\` computes \`${excerpt(name.text, 30)}\` again from its sources on, as \`${first.method.text}\` did; with \`${excerpt(name.text, 30)}.cache()\` in front it is computed once.`,

  fix({ name, site }) {
    const statement = statementOf(site.name);
    if (statement.kind !== "expression_statement" || !startsLine(statement))
      return declined("the name is bound in another way");
    return fixOf(
      "Keep the frame for both actions",
      ["the rows take memory, or disk, until unpersist() or the end of the session"],
      [lineBelow(statement, `${name.text}.cache()`)],
    );
  },
});

interface Again extends Match {
  readonly name: Node;
  readonly site: Site;
  readonly first: Action;
  readonly second: Action;
}

/** A call that starts a job. */
interface Action {
  readonly node: Node;
  readonly method: Node;
  /** It may stop after some rows. */
  readonly isPart: boolean;
}

/** `df` of `df.filter(…).write.mode("overwrite").parquet(…)`. */
function rootOf(node: Node): Node | undefined {
  let at: Node | undefined = node;
  while (at?.kind === "call" || at?.kind === "attribute") at = at.field(at.kind === "call" ? "function" : "object");
  return at;
}

/** The job that the chain of methods behind a name starts, if it does. */
function actionAt(read: Node): Action | undefined {
  let isWritten = false;
  let isGrouped = false;
  for (let at: Node = read; ; ) {
    const attribute = at.parent?.kind === "attribute" && at.fieldName === "object" ? asAttribute(at.parent) : undefined;
    if (!attribute) return undefined;
    const { name, node } = attribute;
    if (name === "write") isWritten = true;
    if (/^(?:writeStream|readStream|explain|printSchema|columns|schema|dtypes|groupByKey)$/.test(name))
      return undefined;
    const call = node.parent?.kind === "call" && node.fieldName === "function" ? asCall(node.parent) : undefined;
    if (!call) {
      at = node;
      continue;
    }
    const isAction = isWritten
      ? WRITES.includes(name)
      : !isGrouped && (WHOLE.includes(name) || PARTS.includes(name)) && isPlain(name, call.args);
    if (isAction) return { node: call.node, method: attribute.nameNode, isPart: PARTS.includes(name) };
    isGrouped = /^(?:groupBy|groupby|rollup|cube|pivot)$/.test(name);
    at = call.node;
  }
}

/** `"text".count("a")` and `rows.head("a")` are something else. */
const isPlain = (name: string, args: readonly Node[]): boolean =>
  /^(?:foreach|foreachPartition|show|toLocalIterator)$/.test(name) ||
  (args.length <= 1 && args[0]?.kind !== "string" && (args.length === 0 || /^(?:take|head|tail)$/.test(name)));

/** The first two jobs over one frame that somebody should have kept. */
interface Frame {
  readonly first: Action;
  readonly second: Action;
  readonly evidence: Evidence;
  readonly plan: Plan;
}

function frameOf(site: Site, root: Node, value: Node, facts: Facts): Frame | undefined {
  const home = functionAround(site.name);
  const reads = facts.readsSeeing(site.name).filter((it) => it.tree === site.name.tree && it.start > site.name.start);
  const actions = reads.flatMap((it) => (functionAround(it) === home ? (actionAt(it) ?? []) : []));
  if (actions.length < 2) return undefined;
  const evidence = evidenceOf(root, reads, facts);
  const plan = evidence && planOf(value, facts, STEPS);
  if (!evidence || !plan || plan === "local") return undefined;
  const wholes = actions.filter((it) => !it.isPart);
  // Of what is cheap to begin with a few rows are there at once.
  const pair = pairOf(wholes, facts) ?? (plan === "costly" ? pairOf(actions, facts) : undefined);
  return pair && !isKept(value, reads, pair.second, facts) ? { ...pair, evidence, plan } : undefined;
}

/** The first of which one always runs before the other. Jobs in the turns of a loop are told of by another rule. */
function pairOf(actions: readonly Action[], facts: Facts): Pick<Frame, "first" | "second"> | undefined {
  const [first] = actions;
  const second = actions.find(
    (it) =>
      it !== first && facts.loopAround(it.node) === facts.loopAround(first!.node) && runsBefore(first!.node, it.node),
  );
  return first && second && { first, second };
}

/** It stands in a block that the other one comes behind, or is inside. */
function runsBefore(first: Node, second: Node): boolean {
  for (let block = first.ancestor("block"); block; block = block.ancestor("block")) {
    if (second.isInside(block)) return true;
    const owner = block.parent;
    if (owner?.kind === "with_statement" || (owner?.kind === "try_statement" && owner.field("body") === block))
      continue;
    return false;
  }
  return true;
}

const KEEPS = /\.(?:cache|persist|checkpoint|localCheckpoint|cacheTable)\b/;

/** Somebody keeps it: where it is made, or before the second action. */
function isKept(value: Node, reads: readonly Node[], second: Action, facts: Facts): boolean {
  const made = value.kind === "identifier" ? (facts.valueOf(value) ?? value) : value;
  if (KEEPS.test(made.text)) return true;
  return reads.some((read) => {
    if (read.start >= second.node.start) return false;
    const attribute = asAttribute(read.parent);
    if (attribute && read.fieldName === "object" && KEEPS.test(`.${attribute.name}`)) return true;
    const given = read.parent?.kind === "argument_list" ? asCall(read.parent.parent) : undefined;
    return given !== undefined && /cache|persist|checkpoint/i.test(given.callee.text);
  });
}

/** Some of what is asked of it only a frame of Spark knows. */
function evidenceOf(root: Node, reads: readonly Node[], facts: Facts): Evidence | undefined {
  const known = sparkEvidence(root, facts);
  if (known) return known;
  const typed = facts.typed(root, "fair");
  if (typed && !/^(?:pyspark|local)\./.test(typed.type.name)) return undefined;
  return reads.some((it) =>
    /^(?:write|toPandas|withColumn|withColumnRenamed|createOrReplaceTempView|toLocalIterator|rdd)$/.test(
      asAttribute(it.parent)?.name ?? "",
    ),
  )
    ? "strong"
    : undefined;
}

const COSTLY =
  /\.(?:join|groupBy|groupby|agg|distinct|dropDuplicates|drop_duplicates|orderBy|sort|repartition|crossJoin|applyInPandas|mapInPandas|pivot|rollup|cube|intersect|exceptAll|subtract|over)\(|\b(?:udf|explode)\b/;
const READS = /^(?:\w+\.)*(?:read|table|readStream)\b|\.read\.|\.sql\(/;
const LOCAL = /\.createDataFrame\(|\.range\(/;
const STEPS = 4;

/** What a plan is made of: `local` rows of this program, `cheap` steps over a source, `costly` ones, or `unknown` to this file. */
type Plan = "local" | "cheap" | "costly" | "unknown";

function planOf(value: Node, facts: Facts, steps: number): Plan {
  const text = value.text.replace(/\s+/g, "");
  if (COSTLY.test(text)) return "costly";
  if (LOCAL.test(text)) return "local";
  if (READS.test(text)) return "cheap";
  const origin = originOf(value, facts);
  const root = rootOf(origin) ?? origin;
  if (steps === 0 || root.kind !== "identifier") return "unknown";
  const [site, more] = facts.reachingSites(root);
  if (!site || more || !site.value || site.value === value) return "unknown";
  return planOf(site.value, facts, steps - 1);
}
