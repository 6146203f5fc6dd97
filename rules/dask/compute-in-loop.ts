/** `for x in xs: parts.append(work.compute())`: a graph of Dask that is computed in every turn of a loop. */

import {
  asCall,
  askedPerTurn,
  askedTogether,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  importModule,
  madeBy,
  originOf,
  rootOf,
  unwrap,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Dask graph computed in a loop",
  why: "compute waits until its graph is done, so that the turns run one after the other, and what the graphs have in common, such as reading the data, is done in each of them. One dask.compute for all of them reads the data once and keeps all workers busy.",
  guide: "parallel-strategies",
  level: "warning",
  gain: "time",
  imports: ["dask"],
  fixes: "review",

  examples: [
    {
      before: `
import dask.array as da

def percentiles(values: da.Array, limits: list[float]) -> list[int]:
    ranked = (values - values.mean()) / values.std()
    return [(ranked > limit).sum().compute() for limit in limits]
`,
      after: `
import dask
import dask.array as da

def percentiles(values: da.Array, limits: list[float]) -> list[int]:
    ranked = (values - values.mean()) / values.std()
    return list(dask.compute(*[(ranked > limit).sum() for limit in limits]))
`,
    },
  ],

  on: ["call"],
  methods: ["compute"],
  within: "loop",

  find(node, { facts }) {
    const call = facts.isTest ? undefined : asMethodCall(node, "compute");
    const evidence = call && !PARTS.test(call.object.text) && daskEvidence(call.object, facts);
    const asked = evidence && askedPerTurn(call, facts);
    if (!evidence || !asked || !(asked.isSameSource || asked.kept)) return undefined;
    const weight =
      facts.weightOf(node) === "light" ? "light" : asked.isSameSource && evidence !== "fair" ? "heavy" : "unknown";
    return { at: call.methodNode, evidence, weight, asked };
  },

  message: ({ asked: { query, isSameSource } }) =>
    `\`${excerpt(query.text, 50)}\` is computed alone in every turn${isSameSource ? ", from its source on" : ""}; one \`dask.compute\` for all turns runs them together and does common parts once.`,

  fix({ asked, evidence }, file) {
    if (evidence === "fair") return declined("it is not known to be an object of Dask");
    const dask = importModule(file, "dask", asked.call.node);
    if (!dask) return declined("Dask cannot be imported under its name here");
    return askedTogether(
      asked,
      "Compute all of them at once",
      ["they run at the same time, and take more memory while they do"],
      { open: `list(${dask.name}.compute(*`, close: "))" },
      dask.edits,
      file.facts,
    );
  },
});

/** By its type or annotation, by what its chain begins with, or by its name. */
function daskEvidence(object: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(object, "fair") ?? facts.typed(rootOf(object), "fair");
  if (typed) return typed.type.name.startsWith("dask.") ? typed.evidence : undefined;
  const made = madeBy(object, /^dask\b/, facts);
  if (made) return made;
  const origin = originOf(object, facts);
  const called = asCall(origin);
  const def = called && facts.functionNamed(called.callee);
  if (def?.decorators.some((it) => /(?:^|\.)delayed\b/.test(it.text))) return "strong";
  const parameter = origin.kind === "identifier" ? facts.writesOf(origin)[0] : undefined;
  const annotation = parameter?.kind === "parameter" ? parameter.name.parent?.field("type") : undefined;
  if (annotation && /^(?:dd|da|db|dask)\./.test(annotation.text)) return "proof";
  if (/(?:^|[._])(?:ddf|dask\w*|delayed\w*)(?:$|[._])/i.test(origin.text)) return "strong";
  // A metric has a method of this name too.
  return unwrap(object).kind === "identifier" || unwrap(object).kind === "attribute" ? undefined : "fair";
}

/** Parts are asked for one at a time where all of them do not fit. */
const PARTS = /\.(?:get_partition|partitions|blocks|to_delayed)\b/;
