/** `for x in xs: parts.append(query.collect())`: a lazy query of Polars that is run in every turn of a loop. */

import {
  askedPerTurn,
  askedTogether,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  importModule,
  madeBy,
  rootOf,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Lazy query collected in a loop",
  why: "Each collect plans and runs one query alone: what the queries have in common, such as a join or a sum by groups, is done again in every turn, and small ones leave most of the cores idle. collect_all runs them together and does common parts once.",
  guide: "pandas-scale",
  level: "warning",
  gain: "time",
  imports: ["polars"],
  fixes: "review",

  examples: [
    {
      before: `
import polars as pl

def above(path: str, limits: list[float]) -> list[pl.DataFrame]:
    shops = pl.scan_csv(path).group_by("shop").agg(pl.col("price").median()).sort("shop")
    return [shops.filter(pl.col("price") > limit).collect() for limit in limits]
`,
      after: `
import polars as pl

def above(path: str, limits: list[float]) -> list[pl.DataFrame]:
    shops = pl.scan_csv(path).group_by("shop").agg(pl.col("price").median()).sort("shop")
    return pl.collect_all([shops.filter(pl.col("price") > limit) for limit in limits])
`,
    },
  ],

  on: ["call"],
  methods: ["collect"],
  within: "loop",

  find(node, { facts }) {
    const call = facts.isTest ? undefined : asMethodCall(node, "collect");
    const evidence = call && lazyEvidence(call.object, facts);
    const asked = evidence && askedPerTurn(call, facts);
    if (!evidence || !asked || !(asked.isSameSource || asked.kept)) return undefined;
    const common = asked.isSameSource ? commonWork(rootOf(asked.query), facts) : undefined;
    // A filter of its own on the same plain rows shares nothing: measured, it is as fast in a loop.
    if (common === "none") return undefined;
    const size = facts.weightOf(node);
    const weight = size === "light" ? "light" : common === "much" ? "heavy" : "unknown";
    return { at: call.methodNode, evidence, weight, asked };
  },

  message: ({ asked: { query, isSameSource } }) =>
    isSameSource
      ? `\`${excerpt(query.text, 50)}\` is run from the beginning in every turn; \`pl.collect_all\` does what the queries have in common once.`
      : `\`${excerpt(query.text, 50)}\` is run alone in every turn; \`pl.collect_all\` runs all the queries at the same time.`,

  fix({ asked, evidence }, file) {
    if (evidence === "fair") return declined("it is not known to be a lazy query of Polars");
    const polars = importModule(file, "polars", asked.call.node, "pl");
    if (!polars) return declined("Polars cannot be imported under its name here");
    return askedTogether(
      asked,
      "Collect all queries at once",
      ["the queries run at the same time, and take more memory while they do"],
      { open: `${polars.name}.collect_all(`, close: ")" },
      polars.edits,
      file.facts,
    );
  },
});

const WORK =
  /\.(?:group_by|agg|join\w*|sort|unique|pivot|unpivot|explode|with_columns|rolling\w*|over|top_k|rank|map_batches)\(/;

/** What is worked out before the queries part: `none` for a frame or file that is only read. */
function commonWork(root: Node, facts: Facts): "much" | "none" | undefined {
  if (facts.typed(root, "fair")?.type.name === "polars.DataFrame") return "none";
  const held = root.kind === "identifier" ? facts.valueOf(root) : undefined;
  return held && (WORK.test(held.text) ? "much" : "none");
}

/** A lazy frame by its type, or by what stands at the beginning of the chain; else anything that is collected where Polars alone is imported. */
function lazyEvidence(object: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(object, "fair");
  if (typed) return typed.type.name === "polars.LazyFrame" ? typed.evidence : undefined;
  if (/\.lazy\(\)|\bpl\.scan_/.test(object.text)) return "strong";
  const made = madeBy(object, /^polars\.scan_/, facts);
  if (made) return made;
  const isOther = ["pyspark", "dask", "narwhals", "ray", "gc"].some((it) => facts.view.imports(it) && it !== "gc");
  return isOther || facts.nameOf(object) === "gc" || object.text === "gc" ? undefined : "fair";
}
