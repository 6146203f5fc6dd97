/** `pl.read_parquet(path).filter(…)`: a whole file is read, and a part of it kept. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  insertAfter,
  replace,
  statementOf,
  textValue,
  unwrap,
  wrapped,
  type Call,
  type Facts,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

const READERS: Readonly<Record<string, string>> = {
  "polars.read_csv": "scan_csv",
  "polars.read_parquet": "scan_parquet",
  "polars.read_ipc": "scan_ipc",
  "polars.read_ndjson": "scan_ndjson",
};

export default defineRule({
  title: "Polars file read whole and then narrowed",
  why: "read_csv and read_parquet bring every row and column into memory before the next step throws most of them away. A query that begins with scan hands the columns and the condition to the reader, which then skips the rest of the file.",
  guide: "pandas-scale",
  level: "info",
  gain: "time",
  imports: ["polars"],
  fixes: "review",

  examples: [
    {
      before: `
import polars as pl

def dear(path: str) -> pl.DataFrame:
    return pl.read_csv(path).filter(pl.col("price") > 100).select("shop", "price")
`,
      after: `
import polars as pl

def dear(path: str) -> pl.DataFrame:
    return pl.scan_csv(path).filter(pl.col("price") > 100).select("shop", "price").collect()
`,
    },
  ],

  on: ["call"],
  calls: Object.keys(READERS),

  find(node, { facts }, call) {
    const reader = READERS[facts.nameOf(call.callee) ?? ""];
    const [source] = call.args;
    if (!reader || facts.isTest || (source && /BytesIO|StringIO|\.read\(|\bopen\(/.test(source.text))) return undefined;
    if (source && facts.typed(source, "fair") && !PATHS.test(facts.typed(source, "fair")!.type.name)) return undefined;
    const start = chainStart(node, facts);
    const steps = start ? lazySteps(start.node, start.name) : [];
    const narrowing = steps.find((it) => NARROWS.has(it.method));
    if (!narrowing || (call.keywords.has("columns") && steps.every((it) => it.method !== "filter"))) return undefined;
    if (call.keywords.has("n_rows")) return undefined;
    const isOnce = facts.weightOf(node) === "light";
    return {
      at: call.callee,
      evidence: "proof",
      weight: isOnce ? "unknown" : "heavy",
      call,
      reader,
      narrowing,
      last: steps.at(-1)!,
    };
  },

  message: ({ call, reader, narrowing }) =>
    `All of \`${excerpt(call.args[0]?.text ?? "the file", 40)}\` is read before \`${narrowing.method}\` keeps a part; \`${reader}\` with \`collect\` behind it reads that part alone.`,

  fix({ call, reader, last }, { facts }) {
    if (hasComments(call.callee)) return declined("a comment would be lost");
    for (const [name] of call.keywords)
      if (!OPTIONS.has(name)) return declined(`\`${reader}\` has no \`${name}\` of this kind`);
    if (call.hasSplat || call.args.length !== 1) return declined("its arguments are not in sight");
    const source = call.args[0]!;
    // On a line of its own where the steps are.
    const gap = last.node.tree.text.slice(last.object.end, last.methodNode.start);
    const isPath = textValue(source) !== undefined || PATHS.test(facts.typeOf(source)?.name ?? "");
    return fixOf(
      "Scan, and collect what is left",
      [
        !isPath && `\`${excerpt(source.text, 40)}\` must be a path`,
        "a file that changes meanwhile is read at another time",
      ],
      [
        replace(call.callee, call.callee.text.replace(/\b\w+$/, reader)),
        insertAfter(last.node, /^\s*\.\s*$/.test(gap) ? `${gap}collect()` : ".collect()"),
      ],
    );
  },
});

const PATHS = /^(?:str|pathlib\.\w+)$/;
const NARROWS = new Set(["filter", "select", "head", "limit", "slice"]);
/** Steps that lazy frames have too, with the same arguments. */
const LAZY = new Set([
  ...NARROWS,
  "with_columns",
  "drop",
  "drop_nulls",
  "rename",
  "cast",
  "sort",
  "unique",
  "fill_null",
  "with_row_index",
]);
const OPTIONS = new Set([
  "separator",
  "has_header",
  "schema",
  "schema_overrides",
  "null_values",
  "skip_rows",
  "infer_schema_length",
  "encoding",
  "try_parse_dates",
  "ignore_errors",
  "quote_char",
  "comment_prefix",
  "low_memory",
  "hive_partitioning",
  "glob",
]);

interface Start {
  /** What the chain of steps hangs on: the call, or the only read of the name that it is bound to. */
  readonly node: Node;
  readonly name: string | undefined;
}

function chainStart(node: Node, facts: Facts): Start | undefined {
  const whole = wrapped(node);
  if (whole.parent?.kind === "attribute") return { node: whole, name: undefined };
  const assignment = asAssignment(statementOf(node));
  const [target, more] = assignment?.targets ?? [];
  if (!assignment?.value || unwrap(assignment.value) !== node || target?.kind !== "identifier" || more)
    return undefined;
  const [read, another] = facts.readsSeeing(target);
  if (!read || another || facts.loopAround(read) !== facts.loopAround(node) || read.tree !== node.tree)
    return undefined;
  // Between them a branch may decide otherwise.
  if (statementOf(read).parent !== statementOf(node).parent) return undefined;
  return { node: read, name: target.text };
}

/** The steps that a lazy frame can do, up to the first one that it cannot. */
function lazySteps(start: Node, name: string | undefined): readonly MethodCall[] {
  const steps: MethodCall[] = [];
  for (let at = start; ; ) {
    const call: Call | undefined = at.parent?.kind === "attribute" ? asCall(at.parent.parent) : undefined;
    const step = asMethodCall(call?.node);
    if (!step || step.object !== at || !LAZY.has(step.method)) return steps;
    if (name !== undefined && step.argumentList.identifiers(name).length > 0) return steps;
    steps.push(step);
    at = wrapped(step.node);
  }
}
