/** `paid = orders.copy()` that is only read after, and `orders.copy().sort_values("day")`, which makes a new frame anyway. */

import {
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  FRAME_NAMES,
  frameEvidence,
  functionAround,
  hasComments,
  isPureCall,
  nameAtRoot,
  nameGiven,
  replace,
  SERIES_NAMES,
  seriesEvidence,
  textIn,
  unwrap,
  useOf,
  weakest,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** Change the frame where it stands, besides all that is told `inplace=True`. */
const CHANGES = new Set(["insert", "pop", "update", "setitem", "set_flags", "eval"]);
/** Give the frame itself, or a part that shares its memory before pandas 3. */
const SHARES = new Set([
  ...["loc", "iloc", "at", "iat", "T", "values", "array", "transpose", "squeeze", "to_numpy", "pipe", "view", "items"],
  ...[
    "head",
    "tail",
    "get",
    "xs",
    "iterrows",
    "swapaxes",
    "set_axis",
    "rename",
    "infer_objects",
    "index",
    "columns",
    "attrs",
    "flags",
    "style",
    "plot",
  ],
]);
/** Of these, what only looks at the frame however it goes on. */
const LOOKS = new Set(["index", "columns", "shape", "size", "dtypes", "empty", "ndim", "plot", "hist", "str", "dt"]);

/** Functions that look at a table and leave it as it is. */
const LOOKERS =
  /^(builtins\.(len|print|float|int|list|set|sorted|str|sum|max|min)|(plotly|seaborn|matplotlib|streamlit|altair|numpy|pandas)\..+)$/;

export default defineRule({
  title: "Table duplicated that is only read",
  why: "Every column gets new memory, and all values are written there once more. Where that is only read, or the next method makes a new table anyway, the one that is there does as well.",
  guide: "pandas-scale",
  level: "hint",
  differs: { light: "off" },
  gain: "time",
  imports: ["pandas"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def revenue(orders: pd.DataFrame) -> float:
    paid = orders.copy()
    return float(paid["price"].sum())
`,
      after: `
import pandas as pd

def revenue(orders: pd.DataFrame) -> float:
    paid = orders
    return float(paid["price"].sum())
`,
    },
  ],

  on: ["call"],
  methods: ["copy"],

  find(node, { facts }) {
    const copy = facts.isTest ? undefined : asMethodCall(node, "copy");
    const call = copy && asCall(node);
    if (!copy || !call || call.args.length > 0 || isShallow(call.keywords)) return undefined;
    const source = unwrap(copy.object);
    const isChained = isReplacedAtOnce(node);
    const name = isChained ? undefined : nameGiven(node);
    if (!isChained && (!name || !isOnlyRead(name, facts) || isWrittenAfter(source, node, facts))) return undefined;
    const evidence =
      frameEvidence(source, facts) ??
      seriesEvidence(source, facts) ??
      (isChained ? partEvidence(source, facts) : undefined);
    const sure = weakest(evidence, isChained || source.kind === "identifier" ? "proof" : "strong");
    return (
      sure && { at: copy.methodNode, evidence: sure, weight: facts.weightOf(node), construct: node, copy, isChained }
    );
  },

  message: ({ copy, isChained }) =>
    isChained
      ? `\`${shown(copy.object)}\` is copied whole, and what follows makes a new frame anyway.`
      : `\`${shown(copy.object)}\` is copied whole, and the copy is only read.`,

  fix({ construct, copy, isChained }) {
    if (hasComments(construct)) return declined("a comment would be lost");
    const text = isChained ? textIn(unwrap(copy.object), ATOM) : copy.object.text;
    return fixOf(
      "Leave out the copy",
      [
        `\`${shown(copy.object)}\` must be a table of pandas`,
        !isChained && "what is called meanwhile must not change the frame",
      ],
      [replace(construct, text)],
    );
  },
});

/** `frame.loc[rows]`: rows or one column of a frame, of which the next method makes a new one either way. */
function partEvidence(source: Node, facts: Facts): Evidence | undefined {
  const indexer = asAttribute(asSubscript(source)?.value);
  return indexer && /^i?loc$/.test(indexer.name) ? frameEvidence(indexer.object, facts) : undefined;
}

const shown = (source: Node): string => excerpt(source.text.replace(/\s+/g, " "), 40);

/** `copy(deep=False)` shares the values, and `deep=deep` is somebody's choice. */
function isShallow(keywords: ReadonlyMap<string, Node>): boolean {
  const deep = keywords.get("deep");
  return keywords.size > (deep ? 1 : 0) || (deep !== undefined && deep.text !== "True");
}

/** `frame.copy().dropna()`: the next method makes a new frame of it, and nobody else sees the copy. */
function isReplacedAtOnce(copy: Node): boolean {
  const use = useOf(copy);
  const call = use.kind === "method" ? asCall(use.call) : undefined;
  if (
    !call ||
    !use.name ||
    CHANGES.has(use.name) ||
    SHARES.has(use.name) ||
    call.keywords.has("inplace") ||
    call.hasSplat
  )
    return false;
  return MAKES_NEW.has(use.name);
}

const MAKES_NEW = new Set([
  ...[
    "sort_values",
    "sort_index",
    "dropna",
    "fillna",
    "drop",
    "drop_duplicates",
    "reset_index",
    "merge",
    "astype",
    "query",
  ],
  ...[
    "groupby",
    "melt",
    "pivot_table",
    "pivot",
    "replace",
    "explode",
    "describe",
    "mean",
    "sum",
    "agg",
    "corr",
    "assign",
  ],
  ...[
    "diff",
    "shift",
    "pct_change",
    "rolling",
    "resample",
    "sample",
    "clip",
    "round",
    "isna",
    "notna",
    "set_index",
    "to_csv",
  ],
]);

/** Every use of the name reads values, and hands on nothing that shares memory with it. */
function isOnlyRead(name: Node, facts: Facts): boolean {
  const def = functionAround(name);
  if (!def || facts.isRemote(name)) return false;
  const reads = facts.readsOf(name);
  if (reads.length === 0 || reads.length > 60) return false;
  return facts.writesOf(name).every((it) => it.name === name) && reads.every((it) => isRead(it, facts));
}

function isRead(read: Node, facts: Facts, depth = 0): boolean {
  const use = useOf(read);
  switch (use.kind) {
    case "operand":
    case "compared":
    case "tested":
    case "membership":
    case "formatted":
      return true;
    case "iterated":
      return depth === 0;
    case "method": {
      const call = asCall(use.call);
      const method = use.name ?? "";
      if (!call || call.keywords.has("inplace") || CHANGES.has(method) || call.keywords.has("copy")) return false;
      if (!FRAME_NAMES.has(method) && !SERIES_NAMES.has(method)) return false;
      return !SHARES.has(method) || (depth < 3 && isRead(call.node, facts, depth + 1));
    }
    case "attribute": {
      const attribute = asAttribute(use.in);
      if (!attribute) return false;
      return LOOKS.has(attribute.name) ? !isStoredThrough(use.in) : depth < 3 && isRead(use.in, facts, depth + 1);
    }
    case "subscript":
      return depth < 3 && isRead(use.in, facts, depth + 1);
    case "argument": {
      const given = use.call && facts.nameOf(asCall(use.call)!.callee);
      return given !== undefined && (isPureCall(given) || LOOKERS.test(given));
    }
    default:
      return false;
  }
}

/** `df.columns = names`, `df.loc[0] = 1`. */
function isStoredThrough(node: Node): boolean {
  const use = useOf(node);
  return use.kind === "subscript-store" || use.kind === "attribute-store" || node.fieldName === "left";
}

/** What was copied is changed in the function later on, or may be another one then. */
function isWrittenAfter(source: Node, copy: Node, facts: Facts): boolean {
  const root = nameAtRoot(source);
  const def = functionAround(copy);
  if (!root || !def) return true;
  if (facts.writesOf(root, def).some((it) => it.name.start > copy.start)) return true;
  if (facts.loopAround(copy)) return true;
  return facts
    .readsOf(root, def)
    .some((it) => it.start > copy.end && !isRead(it, facts) && !["argument", "returned"].includes(useOf(it).kind));
}
