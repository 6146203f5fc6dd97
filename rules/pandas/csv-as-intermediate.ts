/**
 * `df.to_csv(path)`, then `pd.read_csv(path)`: a table goes through text and back.
 * Also where one run writes what a later run reads: `if path.exists(): df = pd.read_csv(path)`, `else: df.to_csv(path)`.
 */

import {
  argumentOf,
  asAssignment,
  asCall,
  asMethodCall,
  asString,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  integerOf,
  replace,
  textValue,
  useOf,
  wrapped,
  type Call,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "CSV file written and read back",
  why: "Each value is written as text and parsed again, and what the text does not say is guessed: dates and categories come back as text, gaps change the dtype of their column. The frame itself is still at hand, and Parquet keeps the columns as they are and is read many times as fast.",
  guide: "pandas-scale",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  imports: ["pandas", "polars"],
  overrides: ["pandas/whole-csv-read"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def stored(orders: pd.DataFrame) -> pd.DataFrame:
    orders.to_csv("orders.csv", index=False)
    return pd.read_csv("orders.csv")
`,
      after: `
import pandas as pd

def stored(orders: pd.DataFrame) -> pd.DataFrame:
    orders.to_parquet("orders.parquet", index=False)
    return pd.read_parquet("orders.parquet")
`,
    },
  ],

  on: ["call"],
  calls: ["pandas.read_csv", "pandas.read_table", "polars.read_csv"],

  find(node, { facts }) {
    const call = facts.isTest ? undefined : asCall(node);
    const path = call && (argumentOf(call, "filepath_or_buffer", 0) ?? call.keywords.get("source"));
    if (!call || !path || !isPlainPath(path)) return undefined;
    const written = writingBefore(call, path, facts);
    const kept = written ? undefined : writingOfOtherRun(call, path, facts);
    if (kept && !isOnlyShown(node, facts))
      return {
        at: call.callee,
        construct: node,
        evidence: "strong" as const,
        weight: "unknown" as const,
        related: [{ at: kept.callee, message: "written here" }],
        call,
        path,
        written: kept,
        isOfOtherRun: true,
      };
    if (!written || mayChangeBetween(written, call, path, facts) || isOnlyShown(node, facts)) return undefined;
    const isKept = textValue(path) !== undefined || facts.writesOf(rootOf(path) ?? path).length <= 1;
    const weight = facts.weightOf(node);
    return {
      at: call.callee,
      construct: node,
      evidence: isKept ? ("proof" as const) : ("strong" as const),
      weight: weight === "light" ? ("unknown" as const) : weight,
      related: [{ at: written.callee, message: "written here" }],
      call,
      path,
      written,
      isOfOtherRun: false,
    };
  },

  message: ({ path, written, isOfOtherRun }) => {
    if (isOfOtherRun)
      return `\`${excerpt(path.text, 40)}\` keeps a table for later runs as CSV, which does not say the types of its columns; Parquet keeps them, and is read faster.`;
    const frame = asMethodCall(written.node, "to_csv", "write_csv")!.object.text.replace(/\s+/g, " ");
    return `\`${excerpt(path.text, 40)}\` was written from \`${excerpt(frame, 30)}\` just above; hand the frame on, or store it as Parquet, which keeps its types.`;
  },

  fix({ call, path, written, isOfOtherRun }) {
    if (isOfOtherRun) return declined("files of earlier runs may be there, and others may read them");
    const name = textValue(path);
    if (name === undefined || !name.endsWith(".csv") || !/^["']/.test(path.text))
      return declined("the name of the file is not written out");
    const out = asMethodCall(written.node, "to_csv");
    if (!out) return declined("what Polars writes may be read as other types");
    const index = written.keywords.get("index");
    if (
      call.args.length + call.keywords.size > 1 ||
      written.args.length !== 1 ||
      written.keywords.size !== 1 ||
      index?.text !== "False"
    )
      return declined("the file is written or read in a form of its own");
    const reader = call.callee.field("attribute");
    if (!reader || integerOf(path) !== undefined) return declined("`read_parquet` is not imported");
    const renamed = (it: Node) => replace(it, it.text.replace(/\.csv(["']+)$/, ".parquet$1"));
    return fixOf(
      "Store it as Parquet",
      [
        "values come back with the types that they have",
        "nothing else must read the CSV file",
        "the names of the columns must be texts, and pyarrow must be installed",
      ],
      [
        replace(out.methodNode, "to_parquet"),
        renamed(written.args[0]!),
        replace(reader, "read_parquet"),
        renamed(path),
      ],
    );
  },
});

/** It is read back to look at what was written. */
function isOnlyShown(node: Node, facts: Facts): boolean {
  if (isShown(node)) return true;
  const assignment = asAssignment(wrapped(node).parent);
  const [target, more] = assignment?.targets ?? [];
  const reads = target?.kind === "identifier" && !more ? facts.readsOf(target) : [];
  return reads.length > 0 && reads.every(isShown);
}

function isShown(node: Node): boolean {
  const { kind, call } = useOf(node);
  return kind === "discarded" || (kind === "argument" && /^(?:print|display)$/.test(asCall(call)?.callee.text ?? ""));
}

/** A text, a name, an attribute, or a path made of these. */
function isPlainPath(path: Node): boolean {
  if (asString(path)) return true;
  return /^(identifier|attribute|binary_operator|concatenated_string)$/.test(path.kind) && path.text.length < 120;
}

/** The calls of `to_csv` in the same function, by their paths. */
function writingsIn(
  call: Call,
  facts: Facts,
  by: "as written" | "worked out",
  keyOf: (path: Node) => string,
): ReadonlyMap<string, readonly Call[]> {
  const home = functionAround(call.node) ?? call.node.tree.root;
  return facts.memo(`files that to_csv writes, ${by}`, home, () => {
    const found = new Map<string, Call[]>();
    for (const it of home.descendants("call")) {
      const written = asMethodCall(it, "to_csv", "write_csv") ? asCall(it) : undefined;
      const to = written && (argumentOf(written, "path_or_buf", 0) ?? written.keywords.get("file"));
      if (!written || !to || functionAround(it) !== functionAround(call.node)) continue;
      const key = keyOf(to);
      const known = found.get(key);
      if (known) known.push(written);
      else found.set(key, [written]);
    }
    return found;
  });
}

/** The path as it is put together, so that two names for one path are told to be the same. */
function workedOut(path: Node, facts: Facts): string {
  const value = path.kind === "identifier" ? facts.valueOf(path) : undefined;
  const isPlain = value && (asString(value) || /^(?:os\.path\.\w+|\w*join|(?:pathlib\.)?Path)\(|\//.test(value.text));
  const shown = isPlain ? value : path;
  return textValue(shown) ?? shown.text.replace(/\s+/g, " ");
}

/** A `to_csv` of the same path that does not run where this read does: what it writes is read by a later run. */
function writingOfOtherRun(call: Call, path: Node, facts: Facts): Call | undefined {
  const key = workedOut(path, facts);
  const writings = writingsIn(call, facts, "worked out", (it) => workedOut(it, facts)).get(key);
  if (!writings || facts.loopAround(call.node)) return undefined;
  const root = rootOf(path);
  // The name may stand for another path there.
  if (root && key === path.text.replace(/\s+/g, " ") && facts.writesOf(root).length > 1) return undefined;
  return writings.find(
    (it) =>
      !textValue(it.keywords.get("mode"))?.startsWith("a") && areExclusive(call.node, it.node) && !isBlank(it, facts),
  );
}

/** No run comes to both: in two branches, in a body and its handler, or one behind the `return` of the other. */
function areExclusive(read: Node, write: Node): boolean {
  for (let outer = read.parent, inner = read; outer; inner = outer, outer = outer.parent) {
    if (/^(?:function_definition|lambda)$/.test(outer.kind)) return false;
    if (write.isInside(outer)) {
      if (outer.kind === "if_statement") return !isSameBranch(read, write, outer);
      return (
        outer.kind === "try_statement" &&
        inner === outer.field("body") &&
        write.ancestor("except_clause")?.parent === outer
      );
    }
    // `if path.exists(): return pd.read_csv(path)`
    const isLeft = outer.kind === "block" && outer.parent?.kind === "if_statement" && write.start > outer.end;
    if (isLeft && outer.children.at(-1)?.kind === "return_statement") return true;
  }
  return false;
}

/** A table without rows, to be filled. */
function isBlank(written: Call, facts: Facts): boolean {
  const { object } = asMethodCall(written.node)!;
  const value = asCall(object.kind === "identifier" ? facts.valueOf(object) : object);
  const name = value && facts.nameOf(value.callee);
  return name !== undefined && /^(?:pandas|polars)\.DataFrame$/.test(name) && value!.args.length === 0;
}

/** The last `to_csv` above with the same path, in the same function. */
function writingBefore(call: Call, path: Node, facts: Facts): Call | undefined {
  const keyOf = (it: Node) => textValue(it) ?? it.text;
  const writings = writingsIn(call, facts, "as written", keyOf);
  const before = writings.get(keyOf(path))?.filter((it) => it.node.end < call.node.start) ?? [];
  const last = before.at(-1);
  // Rows are added to what is there, or the other branch runs.
  if (!last || textValue(last.keywords.get("mode"))?.startsWith("a")) return undefined;
  return isOnTheWay(last.node, call.node) ? last : undefined;
}

/** What runs before the other whenever that runs: no branch or handler around it that is not around both. */
function isOnTheWay(first: Node, second: Node): boolean {
  for (let outer = first.parent; outer; outer = outer.parent) {
    if (second.isInside(outer))
      return (
        !/^(if_statement|try_statement|match_statement|conditional_expression)$/.test(outer.kind) ||
        isSameBranch(first, second, outer)
      );
    if (
      /^(if_statement|elif_clause|else_clause|except_clause|for_statement|while_statement|function_definition|lambda|case_clause)$/.test(
        outer.kind,
      )
    )
      return false;
  }
  return false;
}

function isSameBranch(first: Node, second: Node, around: Node): boolean {
  return around.children.some((it) => first.isInside(it) && second.isInside(it));
}

/** The path may name another file by then, or somebody else is told of it. */
function mayChangeBetween(written: Call, call: Call, path: Node, facts: Facts): boolean {
  const root = rootOf(path);
  if (!root) return path.kind !== "string";
  const home = functionAround(call.node) ?? call.node.tree.root;
  if (facts.writesOf(root, home).some((it) => it.name.start > written.node.start && it.name.start < call.node.start))
    return true;
  return facts
    .readsOf(root, home)
    .some((it) => it.start > written.node.end && it.end < call.node.start && it.text !== "self");
}

/** `path` of `path`, `folder` of `folder / "a.csv"`, `self` of `self.path`. */
function rootOf(path: Node): Node | undefined {
  if (path.kind === "identifier") return path;
  return path.descendants("identifier")[0];
}
