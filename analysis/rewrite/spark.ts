/** What is taken for a frame of Spark. */

import type { Evidence, Facts } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";
import { madeBy, originOf } from "./lazy-result.js";

/** Other libraries whose frames have some of the same methods. */
const OTHERS = ["pandas", "polars", "dask"];
const MADE = /^(?:spark|self\.spark|session|ss|sqlContext)\.(?:read|readStream|table|sql|createDataFrame|range)\b/;

/** By which evidence an expression is a frame of Spark: annotated, made by a session, or taken for one by its name. */
export function sparkEvidence(object: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(object, "fair");
  if (typed) return typed.type.name.startsWith("pyspark.") ? typed.evidence : undefined;
  if (madeBy(object, /^pyspark\.sql\b/, facts)) return "strong";
  const origin = originOf(object, facts);
  const site = origin.kind === "identifier" ? facts.writesOf(origin)[0] : undefined;
  const annotation = site?.kind === "parameter" ? site.name.parent?.field("type") : undefined;
  if (annotation) {
    const [head] = [annotation, ...annotation.descendants("identifier", "attribute")].filter((it) => facts.nameOf(it));
    const name = head && facts.nameOf(head);
    return name?.startsWith("pyspark.") || /(?:^|\b(?:pyspark|sql)\.|Spark)DataFrame\b/i.test(annotation.text)
      ? "proof"
      : undefined;
  }
  // The chain begins with a session: `spark.read.parquet(…)`.
  const begun = [object, ...(site?.value ? [site.value] : [])].some((it) => MADE.test(it.text.replace(/\s+/g, "")));
  if (begun) return "strong";
  const isAlone = !OTHERS.some((it) => facts.view.imports(it));
  return /(?:^|_)(?:s?df|frame|dataframe|data|table|sdf)\d*$|^(?:sdf|spark_)\w*/i.test(origin.text) &&
    (isAlone || /^(?:sdf|spark)/i.test(origin.text))
    ? "fair"
    : undefined;
}
