/** `paid = orders.copy()` that is only read after, and `orders.copy().sort_values("day")`, which makes a new frame anyway. */

import {
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  asAssignment,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  FRAME_NAMES,
  frameEvidence,
  functionAround,
  hasComments,
  isLastOfOwn,
  isPureCall,
  lastName,
  nameAtRoot,
  nameGiven,
  nextStatement,
  removeStatement,
  replace,
  SERIES_NAMES,
  seriesEvidence,
  statementOf,
  textIn,
  unwrap,
  useOf,
  weakest,
  wrapped,
  type Call,
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
  /^(builtins\.(len|print|float|int|list|set|sorted|str|sum|max|min)|(plotly|seaborn|matplotlib|streamlit|altair|numpy|pandas)\..+|sklearn\.model_selection\.\w+)$/;
/** Functions that are called like work with a table, not on it. */
const LOOKING =
  /^_?(?:fit|train|predict|score|evaluate|plot|draw|print|show|report|log|save|compute|calc|calculate)(?:_(?!and)\w+)?$|_(?:score|error|metrics?|mae|mse|rmse|r2|accuracy)$/;
/** Methods of models and of frames that are given a table and leave it as it is. */
const LEARNERS = new Set([
  "fit",
  "predict",
  "predict_proba",
  "score",
  "fit_predict",
  "partial_fit",
  "merge",
  "join",
  "isin",
]);

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
    if (!copy || !call || call.args.some((it) => it.text !== "True") || isShallow(call.keywords)) return undefined;
    const source = unwrap(copy.object);
    const why = reasonFor(node, source, facts);
    const evidence = why && tableEvidence(source, why, facts);
    if (!why || !evidence) return undefined;
    const weight = facts.weightOf(node);
    return {
      at: copy.methodNode,
      evidence,
      // A table is large, however often the script copies it.
      weight: weight === "light" && facts.sizeOf(source) !== "light" ? "unknown" : weight,
      construct: node,
      copy,
      why,
    };
  },

  message: ({ copy, why }) => `\`${shown(copy.object)}\` ${WORDS[why]}.`,

  fix({ construct, copy, why }) {
    if (hasComments(construct)) return declined("a comment would be lost");
    const text = why === "replaced" ? textIn(unwrap(copy.object), ATOM) : copy.object.text;
    const statement = statementOf(construct);
    // `df = df.copy()` says nothing any more.
    const isWhole = nameGiven(construct)?.text === text && (statement.parent?.children.length ?? 0) > 1;
    const gone = isWhole ? removeStatement(statement) : undefined;
    return fixOf(
      "Leave out the copy",
      [
        `\`${shown(copy.object)}\` must be a table of pandas`,
        why === "read" && "what is called meanwhile must not change the frame",
        (why === "dead" || why === "returned" || why === "again") && "no other name may lead to the same frame",
      ],
      [gone ?? replace(construct, text)],
    );
  },
});

/** Why a copy is not needed: what follows makes a new frame, what was copied is new, a copy itself or not used any more, or the copy is only read. */
type Reason = "replaced" | "new" | "again" | "dead" | "returned" | "read";

const WORDS: Readonly<Record<Reason, string>> = {
  replaced: "is copied whole, and what follows makes a new frame anyway",
  new: "makes a new frame, which is copied whole once more",
  again: "is a copy already that nothing else has, and is copied once more",
  dead: "is copied whole, and not used any more after that",
  returned: "is made here and copied whole to be returned, though nothing else has it",
  read: "is copied whole, and the copy is only read",
};

function reasonFor(copy: Node, source: Node, facts: Facts): Reason | undefined {
  if (isReplacedAtOnce(copy)) return "replaced";
  if (isNew(source, facts)) return "new";
  const name = nameGiven(copy);
  if (
    name &&
    isOnlyRead(name, facts) &&
    (isChosen(source, facts) || givesRows(source) || !isWrittenAfter(source, copy, facts))
  )
    return "read";
  if (name?.text === source.text && isCopied(source, copy, facts)) return "again";
  if (source.kind !== "identifier" || !isOwnFrame(source, copy, facts)) return undefined;
  if (copy.parent?.kind === "return_statement") return "returned";
  return name && name.text !== source.text ? "dead" : undefined;
}

function tableEvidence(source: Node, why: Reason, facts: Facts): Evidence | undefined {
  if (why === "new" || why === "dead" || why === "returned") {
    // Where it comes from was looked at.
    const value = why === "new" ? source : (facts.valueOf(source) ?? source);
    const made = asMethodCall(unwrap(value));
    const known = frameEvidence(source, facts) ?? seriesEvidence(source, facts);
    return known ?? (made ? (frameEvidence(made.object, facts) ?? seriesEvidence(made.object, facts)) : undefined);
  }
  const evidence =
    frameEvidence(source, facts) ??
    seriesEvidence(source, facts) ??
    (why === "replaced"
      ? partEvidence(source, facts)
      : isChosen(source, facts)
        ? chosenFrom(source, facts)
        : undefined);
  return weakest(evidence, why === "replaced" || source.kind === "identifier" ? "proof" : "strong");
}

/** Functions of pandas that make a table of their own. */
const MAKERS = /^pandas\.(concat|merge|read_\w+|json_normalize|pivot_table|pivot|melt|crosstab|get_dummies)$/;
/** Methods whose result is new, and taken for nobody's part: no version warns of writing into it. */
const FRESH = new Set([
  ...["merge", "fillna", "sort_values", "reset_index", "set_index", "assign", "astype", "pivot_table", "pivot", "melt"],
  ...["replace", "explode", "rename", "drop", "clip", "round", "ffill", "bfill", "interpolate", "join", "agg"],
]);
/** Give some rows: before pandas 3 they are taken for a part of the frame, and writing into them warns. */
const ROWS = new Set(["dropna", "query", "drop_duplicates", "sample", "nlargest", "nsmallest"]);

/** `orders.merge(shops)`, `pd.concat(parts)`, `df[df["a"] > 1].dropna()`: nobody else has what it gives. */
function isNew(value: Node, facts: Facts): boolean {
  const node = unwrap(value);
  const call = asCall(node);
  if (!call || call.hasSplat || call.keywords.has("inplace") || call.keywords.has("copy")) return false;
  const name = facts.nameOf(call.callee);
  if (name !== undefined) return MAKERS.test(name);
  const method = asMethodCall(node);
  if (!method) return false;
  const isRows = ROWS.has(method.method) && facts.hasLibrary("pandas", "3.0") === "yes";
  if (!FRESH.has(method.method) && !isRows) return false;
  return (
    (frameEvidence(method.object, facts) ?? seriesEvidence(method.object, facts)) !== undefined ||
    isNew(method.object, facts)
  );
}

/** A name of this function or script whose frame was made here, and that nothing uses after the copy. */
function isOwnFrame(source: Node, copy: Node, facts: Facts): boolean {
  return isLastOfOwn(
    source,
    copy,
    facts,
    (it) => isNew(it, facts),
    (it) => isRead(it, facts) || isStored(it),
  );
}

/** `df["a"] = 1`, which changes the frame and keeps nothing of it elsewhere. */
const isStored = (read: Node): boolean => useOf(read).kind === "subscript-store";

/** `rows = table[mask].copy()`, `rows["c"] = 1`, `rows = rows.copy()`: what is copied came out of a copy, and nobody else got it since. */
function isCopied(source: Node, copy: Node, facts: Facts): boolean {
  if (source.kind !== "identifier" || facts.isRemote(source) || facts.isNotebook) return false;
  const [site, more] = facts.reachingSites(source);
  if (more || site?.kind !== "assign" || site.path.length > 0 || !asMethodCall(unwrap(site.value!), "copy"))
    return false;
  if (facts.loopAround(copy) !== facts.loopAround(site.name) || functionAround(copy) !== functionAround(site.name))
    return false;
  const reads = facts.readsSeeing(site.name);
  // Where nothing is stored in between, the first of the copies is the one too many.
  return (
    reads.length <= 60 &&
    reads.some(isStored) &&
    reads.every((it) => it === source || isRead(it, facts) || isStored(it))
  );
}

/** `df[df["a"] > 1]`, `df[["a", "b"]]`: rows or columns that were chosen have values of their own. */
function isChosen(source: Node, facts: Facts): boolean {
  const subscript = asSubscript(source);
  const indexer = asAttribute(subscript?.value);
  const isLoc = indexer?.name === "loc" && subscript?.indices.length === 2;
  const [key, more] = subscript?.indices ?? [];
  if (!key || (more && !isLoc)) return false;
  const node = unwrap(key);
  if (/^(?:comparison_operator|list|binary_operator|unary_operator)$/.test(node.kind)) return true;
  const method = asMethodCall(node);
  if (method) return TESTS.has(method.method);
  const type = facts.typed(node, "fair")?.type.name;
  if (type === "list" || type === "pandas.Series") return true;
  const value = node.kind === "identifier" ? facts.valueOf(node) : undefined;
  return value !== undefined && /^(?:comparison_operator|list|list_comprehension)$/.test(unwrap(value).kind);
}

/** `df.query("a > 1")`, `df.dropna()`: they have values of their own too. */
function givesRows(source: Node): boolean {
  const call = asCall(source);
  const method = asMethodCall(source);
  return (
    call !== undefined &&
    method !== undefined &&
    ROWS.has(method.method) &&
    !call.keywords.has("inplace") &&
    !call.hasSplat
  );
}

const TESTS = new Set([
  "isin",
  "isna",
  "isnull",
  "notna",
  "notnull",
  "between",
  "contains",
  "startswith",
  "duplicated",
]);

/** The frame that rows or columns are chosen from. */
function chosenFrom(source: Node, facts: Facts): Evidence | undefined {
  const from = asSubscript(source)?.value;
  const indexer = asAttribute(from);
  const frame = indexer?.name === "loc" ? indexer.object : from;
  return frame && (frameEvidence(frame, facts) ?? seriesEvidence(frame, facts));
}

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
function isOnlyRead(name: Node, facts: Facts, depth = 0): boolean {
  if (facts.isRemote(name) || (facts.isNotebook && !functionAround(name))) return false;
  const all = facts.readsOf(name);
  if (all.length === 0 || all.length > 60) return false;
  const isOnly = facts.writesOf(name).every((it) => it.name === name);
  // `p = p.merge(...)`: what the name stands for after that is another frame.
  const reads = isOnly ? all : all.filter((it) => facts.reachingSites(it).some((site) => site.name === name));
  return reads.length > 0 && reads.every((it) => isRead(it, facts, depth));
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
      return isChosen(use.in, facts) || (depth < 3 && isRead(use.in, facts, depth + 1));
    case "argument": {
      const call = asCall(use.call);
      const given = call && facts.nameOf(call.callee);
      if (given !== undefined) return isPureCall(given) || LOOKERS.test(given) || LOOKING.test(lastName(call!.callee));
      if (call && isReadBy(call, read, use.name, facts, depth)) return true;
      // A function that fits, scores or draws by its name, of this file or another.
      if (call && given === undefined && LOOKING.test(lastName(call.callee))) return true;
      const method = call && asMethodCall(call.node);
      return method !== undefined && LEARNERS.has(method.method) && method.args.some((it) => unwrap(it) === read);
    }
    case "element":
      return isJoined(use.in, facts) || isOnlyReadAs(targetOf(read, use.in), facts, depth);
    case "assigned":
      return isCopiedInto(read, facts) || isOnlyReadAs(nameGiven(read), facts, depth);
    default:
      return false;
  }
}

/** The name that a part is given is only read too. */
/** `table.loc[rows, "c"] = part` and `table["c"] = part`: pandas copies the values into the table, whatever they were a part of. */
function isCopiedInto(value: Node, facts: Facts): boolean {
  const assignment = asAssignment(wrapped(value).parent);
  const [target, more] = assignment?.targets ?? [];
  if (!target || more || !assignment?.value || unwrap(assignment.value) !== value) return false;
  const into = asSubscript(target)?.value;
  const indexer = asAttribute(into);
  const table = indexer && /^(?:i?loc|i?at)$/.test(indexer.name) ? indexer.object : into;
  return table !== undefined && frameEvidence(table, facts) !== undefined;
}

function isOnlyReadAs(name: Node | undefined, facts: Facts, depth: number): boolean {
  return name !== undefined && depth < 3 && isOnlyRead(name, facts, depth + 1);
}

/** `X, y = df[names], df["y"]`: the name that stands where the part does. */
function targetOf(part: Node, list: Node): Node | undefined {
  const assignment = list.kind === "expression_list" ? asAssignment(list.parent) : undefined;
  const [targets, more] = assignment?.targets ?? [];
  if (!targets || more || targets.kind !== "pattern_list" || targets.children.length !== list.children.length)
    return undefined;
  const target = targets.children[list.children.findIndex((it) => unwrap(it) === part)];
  return target?.kind === "identifier" ? target : undefined;
}

/** `pd.concat([df, more])` makes a new frame of them all. */
function isJoined(list: Node, facts: Facts): boolean {
  const use = /^(?:list|tuple)$/.test(list.kind) ? useOf(list) : undefined;
  const call = use?.kind === "argument" ? asCall(use.call) : undefined;
  return call !== undefined && !call.keywords.has("copy") && facts.nameOf(call.callee) === "pandas.concat";
}

/** A function of the file, or a method of the same class, that reads what it is given there and hands it on to nobody. */
function isReadBy(call: Call, given: Node, keyword: string | undefined, facts: Facts, depth: number): boolean {
  if (depth >= 2 || call.hasSplat) return false;
  const def = facts.functionNamed(call.callee);
  if (!def || def.decorators.length > 0 || def.isAsync) return false;
  const index = call.args.findIndex((it) => unwrap(it) === given);
  const parameter = keyword === undefined ? def.parameters[index] : def.parameters.find((it) => it.name === keyword);
  if (!parameter || parameter.star !== "" || facts.bodyOf(def).descendants("yield").length > 0) return false;
  return isOnlyRead(parameter.nameNode, facts, depth + 1);
}

/** `df.columns = names`, `df.loc[0] = 1`. */
function isStoredThrough(node: Node): boolean {
  const use = useOf(node);
  return use.kind === "subscript-store" || use.kind === "attribute-store" || node.fieldName === "left";
}

/** `old = df.copy()`, `df = df[columns]`: the name stands for another frame from the next statement on, which has values of its own. */
function isRebound(source: Node, copy: Node, facts: Facts): boolean {
  if (source.kind !== "identifier" || facts.isRemote(source)) return false;
  const next = asAssignment(nextStatement(statementOf(copy)));
  const [target, more] = next?.targets ?? [];
  if (!next?.value || more || target?.kind !== "identifier" || target.text !== source.text) return false;
  const value = unwrap(next.value);
  const isOwn = isNew(value, facts) || isChosen(value, facts) || givesRows(value);
  // Nobody else may lead to the frame: a parameter is somebody's.
  const [site, another] = facts.reachingSites(source);
  return isOwn && site?.kind === "assign" && !another && site.path.length === 0;
}

/** What was copied is changed in the function later on, or may be another one then. */
function isWrittenAfter(source: Node, copy: Node, facts: Facts): boolean {
  const root = nameAtRoot(source);
  const def = functionAround(copy) ?? copy.tree.root;
  if (!root) return true;
  const loop = facts.loopsAround(copy).at(-1);
  if (!facts.loopAround(copy) && isRebound(source, copy, facts)) return false;
  // From the copy on, the name of the frame is the copy's, and nothing else leads to the frame here.
  if (root === source && nameGiven(copy)?.text === root.text) return loop !== undefined;
  // In a loop, what stands before the copy runs after it too. Another frame under the name leaves this one as it is.
  const from = loop?.start ?? copy.start;
  if (
    facts
      .writesOf(root, def)
      .some((it) => it.name.start > from && !(loop && /^(?:for|assign)$/.test(it.kind) && it.name.isInside(loop)))
  )
    return true;
  return facts
    .readsOf(root, def)
    .some(
      (it) =>
        it.start > from && it !== root && !isRead(it, facts) && !["argument", "returned"].includes(useOf(it).kind),
    );
}
