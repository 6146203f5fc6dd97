/** A loop over keys that filters the whole frame again for each of them. */

import {
  callsUnder,
  isProgressBar,
  asAssignment,
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asFor,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  drawsCharts,
  excerpt,
  fitsModel,
  fixOf,
  functionAround,
  FRAME_NAMES,
  hasComments,
  isConstant,
  integerOf,
  lastName,
  nameGiven,
  removeStatement,
  replace,
  statementOf,
  textValue,
  unwrap,
  wrapped,
  useOf,
  turnAsksOutside,
  type Call,
  type Edit,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Frame filtered once for each key of a column",
  why: "Every iteration compares the whole column again, so the work grows with rows times keys. groupby splits the rows into groups in one pass.",
  guide: "pandas",
  level: "info",
  gain: "time",
  imports: ["pandas"],
  orWords: ["groupby", "iterrows", "reset_index", "set_index", "read_csv"],
  overrides: ["iteration/repeated-pure-call"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def means(df: pd.DataFrame) -> dict[str, float]:
    result = {}
    for shop in df["shop"].unique():
        chosen = df[df["shop"] == shop]
        result[shop] = chosen["stars"].mean()
    return result
`,
      after: `
import pandas as pd

def means(df: pd.DataFrame) -> dict[str, float]:
    result = {}
    for shop, chosen in df.groupby("shop", sort=False):
        result[shop] = chosen["stars"].mean()
    return result
`,
    },
  ],

  on: ["for_statement", "for_in_clause"],

  find(node, { facts }) {
    const loop = loopOf(node);
    if (facts.isTest || !loop || !/==|\.eq\(/.test(loop.body.text)) return undefined;
    const isLoopName = (it: Node) => loop.names.some(({ text }) => text === it.text) && !it.isInside(loop.iterable);
    const counted = countedKeys(loop.iterable, facts);
    const isKey = (it: Node) =>
      isMadeOf(unwrap(it), isLoopName) ||
      isTakenInTurn(unwrap(it), loop, isLoopName, facts) ||
      (counted !== undefined && isItemOf(unwrap(it), counted, isLoopName));
    const source = counted ?? loop.iterable;
    const keys = counted ? undefined : keysOf(source, facts);
    const held = keys ? undefined : facts.valueOf(source);
    const ofColumn = keys ?? (held && keysOf(held, facts));
    const isOfColumn = ofColumn !== undefined;
    if (
      loop.names.some((it) => facts.writesOf(it).some((site) => site.owner !== node && site.name.isInside(loop.body)))
    )
      return undefined;
    // With keys from elsewhere, a mask that has a name is often one of two or three.
    const all = [...filtersIn(loop.body, isKey, isOfColumn ? facts : undefined), ...queriesIn(loop, isKey, facts)];
    const first = all.find((it) => frameEvidence(it, facts) && staysTheSame(it.of, loop, isKey, facts));
    const elsewhere = first || !ofColumn ? undefined : rowsElsewhere(loop, ofColumn, isKey, facts);
    if (elsewhere && staysTheSame(elsewhere.of, loop, isKey, facts))
      return {
        at: loop.iterable,
        construct: loop.construct,
        evidence: facts.isA(elsewhere.of.frame, "pandas.DataFrame", "fair")
          ? (facts.typed(elsewhere.of.frame, "fair")?.evidence ?? "fair")
          : ("fair" as Evidence),
        weight: isLongTurn(loop, facts) ? "light" : "unknown",
        loop,
        keys: undefined as Keys | undefined,
        areKeysHeld: false,
        isLookUp: false,
        isCollected: false,
        hasOwnRest: false,
        column: elsewhere.of,
        filters: [] as readonly Filter[],
        key: elsewhere.key,
        isSet: false,
        isSetAlike: false,
        isCount: elsewhere.isCount,
      };
    const evidence = first && frameEvidence(first, facts);
    if (!first || !evidence) return undefined;
    const targets = rowsSet(first.of, loop.body);
    const isSet = targets.length > 0;
    const isPerRow = /\.(?:iterrows|itertuples)\(/.test(source.text);
    const isHandful =
      facts.sizeOf(held ?? loop.iterable) === "light" || isLongTurn(loop, facts) || isOfBins(ofColumn, facts);
    const filters = all.filter((it) => isSameColumn(it.of, first.of));
    return {
      at: loop.iterable,
      construct: loop.construct,
      evidence,
      weight: isHandful
        ? "light"
        : isSet && !isPerRow
          ? "unknown"
          : isOfColumn
            ? "heavy"
            : // Keys from elsewhere, and one column alone: what is asked for may be a few.
              first.of.key === ""
              ? "unknown"
              : facts.weightOf(first.node),
      loop,
      keys,
      areKeysHeld: isOfColumn && !keys,
      isLookUp: filters.every((it) => takesFirstRow(it.node, facts)),
      isCollected: !isOfColumn && filters.every((it) => isPutTogether(it.node, facts)),
      hasOwnRest: first.hasOwnRest,
      column: first.of,
      filters,
      key: first.key,
      isSet,
      isSetAlike: isSet && isSetAlike(targets, loop, facts),
      isCount: false,
    };
  },

  message: ({ column, key, evidence, filters, isSet, isSetAlike, isCount, isLookUp, isCollected, hasOwnRest }) =>
    filters.length === 0
      ? `The whole column \`${excerpt(`${column.frame.text}[${column.key}]`, 30)}\` is compared again for each \`${key}\`; ${isCount ? "value_counts counts" : "groupby finds"} the rows of all of them in one pass.`
      : isSet
        ? `\`${excerpt(column.frame.text, 30)}\` is searched again for each \`${key}\` whose rows are set; ${isSetAlike ? "one mask with `isin` sets" : filters.every((it) => it.node.parent?.kind === "assignment" && isTarget(it.node)) ? "`map` with a dict, or a merge, sets" : "groupby and `transform` set"} all of them in one pass.`
        : isCollected
          ? `\`${excerpt(column.frame.text, 30)}\` is searched as a whole again for each \`${key}\`; one mask with \`isin\` takes the rows of all of them.`
          : column.key === "" || isLookUp
            ? `\`${excerpt(column.frame.text, 30)}\` is searched as a whole again for each \`${key}\`; an index made once finds the rows of every key.`
            : `\`${excerpt(column.frame.text, 30)}\`${evidence === "fair" ? ", taken for a DataFrame," : ""} is filtered again for each \`${key}\`; ${hasOwnRest ? "with the groups of groupby at hand each turn looks through one of them alone" : "groupby gives every group in one pass"}.`,

  fix({ loop, keys, areKeysHeld, isLookUp, isCollected, column, filters, isSet }, { facts }) {
    if (filters.length === 0) return declined("the rows that are chosen belong to something else");
    if (isSet) return declined("the loop sets the rows that it chooses");
    if (isCollected) return declined("a mask with `isin` gives the rows in the order of the frame, not of the keys");
    if (isLookUp) return declined("one row is read for each key: a dict or an index of the frame finds it");
    if (areKeysHeld) return declined("the keys were taken from the column further up, and may be others by now");
    if (!keys || !isSameColumn(keys, column)) return declined("the keys do not come from the filtered column itself");
    const { frame } = column;
    if (facts.typeOf(frame)?.name !== "pandas.DataFrame") return declined("it is not certain to be a DataFrame");
    if (frame.kind !== "identifier") return declined("the attribute may be set anew while the loop runs");
    if (loop.orElse) return declined("the loop has an else branch");
    if (hasComments(loop.iterable) || filters.some((it) => hasComments(it.node)))
      return declined("a comment would be lost");
    if (filters.some((it) => !it.isWhole)) return declined("rows are chosen by another condition too");
    if (keys.order === undefined) return declined("groupby does not give the keys in this order");
    if (keys.keyNode && facts.typeOf(keys.keyNode)?.name !== "str")
      return declined("it is not certain that one column is named");
    const named = groupWithName(loop, filters, facts);
    const group = named?.name ?? facts.freshName("group", loop.node);
    const doubts = [
      "missing keys are skipped, and before pandas 3 unused categories are looped over too",
      "no level of the index may have the name of the column",
      keys.order === "any" && "keys come in the order of their first appearance",
      facts.isStableIn(frame, loop.node) !== "yes" && "the frame must not change in the loop",
    ];
    return fixOf("Loop over groupby", doubts, [
      replace(loop.target, `${loop.target.text}, ${group}`),
      replace(loop.iterable, `${frame.text}.groupby(${keys.key}${keys.order === "sorted" ? "" : ", sort=False"})`),
      ...filters.map((it) => (it.node === named?.filter ? named.gone : replace(it.node, `${group}${it.column}`))),
    ]);
  },
});

/** `pd.cut` and `pd.qcut` give a few bins. */
const BINS = /^pandas\.q?cut$/;

function isOfBins(keys: Column | undefined, facts: Facts): boolean {
  if (!keys) return false;
  const { tree } = keys.frame;
  const bins = facts.memo("columns of bins", tree, () => {
    const targets = callsUnder(tree.root).flatMap(({ callee, node }) =>
      BINS.test(facts.nameOf(callee) ?? "") ? (asAssignment(statementOf(node))?.targets ?? []) : [],
    );
    return new Set(targets.map((it) => textValue(asSubscript(it)?.indices[0])));
  });
  return bins.has(keys.key.slice(1, -1));
}

/** The rows of each key only go into a list or frame of all of them. */
function isPutTogether(filter: Node, facts: Facts): boolean {
  const name = nameGiven(filter);
  const scope = functionAround(filter) ?? filter.tree.root;
  const isPut = (it: Node) => {
    const use = useOf(it);
    const call = asCall(use.kind === "element" ? use.in.parent?.parent : use.call);
    if (!call || (use.kind !== "argument" && use.kind !== "element")) return false;
    if (lastName(call.callee) === "concat") return true;
    // Parts in a list may be wanted one by one.
    const list = asMethodCall(call.node, "append")?.object;
    return list !== undefined && scope.text.includes(`concat(${list.text}`);
  };
  if (!name) return isPut(filter);
  const uses = facts.readsSeeing(name).filter((it) => !isShown(it));
  return uses.length > 0 && uses.every(isPut);
}

const isShown = (read: Node): boolean => asCall(useOf(read).call)?.callee.text === "print";

/** It draws or fits a model for each key, by itself or in a function of the file: beside that a filter does not show, and there are few keys. */
function isLongTurn({ body }: Loop, facts: Facts): boolean {
  const isLong = (it: Node) => drawsCharts(it) || callsUnder(it).some((call) => fits(call, facts));
  return (
    turnAsksOutside(body, facts) ||
    isLong(body) ||
    callsUnder(body).some(({ callee }) => {
      const def = facts.functionNamed(callee);
      return def !== undefined && isLong(facts.bodyOf(def));
    })
  );
}

const fits = (call: Call, facts: Facts): boolean =>
  fitsModel(call) ||
  /^(?:scipy\.stats\.(?:linregress|theilslopes|kstest|gaussian_kde)|numpy\.polyfit)$/.test(
    facts.nameOf(call.callee) ?? "",
  );

/** `df[df["c"] == key].iloc[0]`, `df.loc[df["c"] == key, "d"].values[0]`, `.item()`: one row is looked up, and there is no group. */
function takesFirstRow(filter: Node, facts: Facts): boolean {
  const outer = useOf(filter);
  if (outer.kind === "assigned") {
    const name = nameGiven(filter);
    const binding = name && facts.bindingOf(name);
    return binding !== undefined && facts.memo("read for its first row", binding, () => isReadForFirst(name!, facts));
  }
  return isFirstOf(filter);
}

function isReadForFirst(name: Node, facts: Facts): boolean {
  const reads = facts.readsOf(name);
  const isAsked = (it: Node) => {
    const use = useOf(it);
    return (use.kind === "attribute" && use.name === "empty") || asCall(use.call)?.callee.text === "len";
  };
  return reads.some((it) => isFirstOf(it)) && reads.every((it) => isFirstOf(it) || isAsked(it));
}

/** `[0]` and `.item()` may stand behind a column and its values. */
function isFirstOf(node: Node, depth = 3): boolean {
  const use = useOf(node);
  if (use.kind === "method") return use.name === "item" || use.name === "squeeze";
  if (use.kind === "subscript") {
    const [index] = asSubscript(use.in)?.indices ?? [];
    if (integerOf(index) === 0) return true;
    return depth > 0 && textValue(index) !== undefined && isFirstOf(use.in, depth - 1);
  }
  return depth > 0 && use.kind === "attribute" && isFirstOf(use.in, depth - 1);
}

/** `part = df[df["c"] == key]` at the top of the turn names the group: the loop can bind that name itself. */
function groupWithName(
  { node, body }: Loop,
  filters: readonly Filter[],
  facts: Facts,
): { readonly name: string; readonly filter: Node; readonly gone: Edit } | undefined {
  if (node.kind !== "for_statement") return undefined;
  const [first, ...rest] = filters;
  const name = first && first.column === "" ? nameGiven(first.node) : undefined;
  if (!first || !name || facts.writesOf(name).length !== 1 || facts.isRemote(name)) return undefined;
  const statement = statementOf(first.node);
  const isPlain = statement.parent === body && !name.parent?.field("type") && body.children.length > 1;
  if (!isPlain || rest.some((it) => it.node.start < statement.end)) return undefined;
  const gone = removeStatement(statement);
  return gone && { name: name.text, filter: first.node, gone };
}

/** A loop or the \`for\` of a comprehension. */
interface Loop {
  readonly node: Node;
  readonly target: Node;
  /** What the target binds. */
  readonly names: readonly Node[];
  readonly iterable: Node;
  /** Where each turn's code stands; the head may stand in it too. */
  readonly body: Node;
  readonly orElse: Node | undefined;
  readonly construct: Node;
}

function loopOf(node: Node): Loop | undefined {
  const loop = asFor(node);
  const target = loop?.target ?? node.field("left");
  const iterable = loop?.iterable ?? node.field("right");
  const body = loop?.body ?? node.parent;
  if (!target || !iterable || !body) return undefined;
  const names = target.kind === "identifier" ? [target] : target.descendants("identifier");
  return { node, target, names, iterable, body, orElse: loop?.orElse, construct: loop ? node : body };
}

/** By its type or its uses, or by the way a condition on one column chooses rows. */
function frameEvidence({ of: { frame, key, keyNode }, isLoc }: Filter, facts: Facts): Evidence | undefined {
  // Several columns are chosen, not rows.
  if (keyNode && ["list", "tuple"].includes(facts.typeOf(keyNode)?.name ?? "")) return undefined;
  if (key === "") return facts.isA(frame, "pandas.Series", "strong") ? "strong" : undefined;
  const typed = facts.typed(frame, "fair");
  if (typed) return facts.isA(frame, "pandas.DataFrame", "fair") ? typed.evidence : undefined;
  return facts.takenFor(frame, "frame") ?? (facts.view.imports("pandas") && (isLoc || !keyNode) ? "fair" : undefined);
}

/** Neither the frame nor the name of the column is bound or changed in the loop, as far as can be seen; rows of the key itself may be set. */
function staysTheSame(column: Column, { node, body }: Loop, isKey: (node: Node) => boolean, facts: Facts): boolean {
  const { frame, keyNode } = column;
  const names = keyNode ? [keyNode, ...keyNode.descendants("identifier")].filter((it) => it.kind === "identifier") : [];
  if (names.some((it) => facts.writesOf(it).some((site) => site.name.isInside(node)))) return false;
  if (frame.kind === "identifier")
    return facts.isStableIn(frame, node) !== "no" || setsOwnRows(column, node, body, isKey, facts);
  const place = facts.placeOf(frame);
  return place !== undefined && !place.writes.some((it) => it.name.isInside(node));
}

/** All that the loop does with the frame is to read and set values of the rows that have the key. */
function setsOwnRows(column: Column, node: Node, body: Node, isKey: (node: Node) => boolean, facts: Facts): boolean {
  const { frame } = column;
  if (facts.writesOf(frame, node).length > 0 || changesWhole(column, body)) return false;
  const isOfKey = (condition: Node) => testedIn(condition, frame.text, isKey) !== undefined;
  const all = rowsOf(column, body);
  const own = all.filter((it) => {
    const rows = asSubscript(it)!.indices[0]!;
    return isOfKey(heldMask(rows, body, facts) ?? unwrap(rows));
  });
  if (!all.some(isTarget) || all.some((it) => isTarget(it) && !own.includes(it))) return false;
  const isMask = (it: Node) => {
    const target = asAssignment(statementOf(it));
    return target?.value !== undefined && isOfKey(unwrap(target.value));
  };
  return facts.readsOf(frame, body).every((it) => own.some((rows) => it.isInside(rows)) || isMask(it));
}

/** `frame.loc[rows, …]` and `frame[rows]`. */
function rowsOf({ frame }: Column, body: Node): readonly Node[] {
  return body.descendants("subscript").filter((it) => {
    const value = asSubscript(it)?.value;
    const viaLoc = asAttribute(value);
    return value?.text === frame.text || (viaLoc?.name === "loc" && viaLoc.object.text === frame.text);
  });
}

/** The targets `frame.loc[rows, …]` of what the loop sets. */
function rowsSet(column: Column, body: Node): readonly Node[] {
  return rowsOf(column, body).filter((it) => isTarget(it) && asAttribute(asSubscript(it)!.value) !== undefined);
}

/** One value that does not depend on the turn is set. */
function isSetAlike(targets: readonly Node[], { node, names }: Loop, facts: Facts): boolean {
  const isOfTurn = (it: Node) =>
    it.kind !== "identifier" ||
    names.some(({ text }) => text === it.text) ||
    facts.writesOf(it).some((site) => site.name.isInside(node));
  return targets.every((it) => {
    const value = asAssignment(statementOf(it))?.value;
    return (
      value !== undefined &&
      ![value, ...value.descendants("identifier", "call")].some((part) => isOfTurn(part) && !isConstant(part))
    );
  });
}

/** The loop sets or drops a column, or sorts, fills or drops in place. */
function changesWhole({ frame }: Column, body: Node): boolean {
  const isWholeColumn = body.descendants("subscript", "attribute").some((it) => {
    const object = asSubscript(it)?.value ?? asAttribute(it)?.object;
    return object?.text === frame.text && isTarget(it);
  });
  return (
    isWholeColumn ||
    body.descendants("call").some((it) => {
      const call = asMethodCall(it);
      return (
        call?.object.text === frame.text &&
        (call.keywords.has("inplace") || /^(insert|pop|update|drop_duplicates)$/.test(call.method))
      );
    })
  );
}

/** What an assignment sets, augmented or not, or `del` takes away. */
function isTarget(node: Node): boolean {
  const { parent } = node;
  return (
    parent !== undefined &&
    ((/^(augmented_)?assignment$/.test(parent.kind) && parent.field("left") === node) ||
      parent.kind === "delete_statement")
  );
}

interface Column {
  readonly frame: Node;
  /** The column's name as written in code: `"shop"`. */
  readonly key: string;
  /** Where the column's name is held by a name. */
  readonly keyNode?: Node;
}

interface Keys extends Column {
  /** How the keys come: as they appear, as a set gives them, or sorted; undefined for what a groupby does not give. */
  readonly order: "first" | "any" | "sorted" | undefined;
}

/** What hands the keys on as they come. */
const HANDS_ON = /^builtins\.(list|tuple)$/;

/** The column whose unique values are looped over: `df["c"].unique()`, `set(df["c"])`, `df["c"].drop_duplicates()`, `np.unique(df["c"])`, one of these sorted. */
function keysOf(iterable: Node, facts: Facts): Keys | undefined {
  const node = unwrap(iterable);
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (call && name !== undefined) return keysOfCall(call, name, facts);
  const method = asMethodCall(node);
  if (method && ["unique", "drop_duplicates", "tolist", "dropna"].includes(method.method)) {
    if (method.args.length > 0 || method.keywords.size > 0) return undefined;
    if (method.method === "tolist" || method.method === "dropna") return keysOf(method.object, facts);
    const values = asMethodCall(unwrap(method.object), "dropna");
    const column = columnOf(
      values && values.args.length === 0 && values.keywords.size === 0 ? values.object : method.object,
    );
    return column && (!column.keyNode || method.method === "unique") ? { ...column, order: "first" } : undefined;
  }
  return undefined;
}

function keysOfCall(call: Call, name: string, facts: Facts): Keys | undefined {
  const [only, more] = call.args;
  if (!only || more || call.hasSplat) return undefined;
  const isBare = call.keywords.size === 0;
  const column = isBare && (name === "builtins.set" || name === "numpy.unique") ? columnOf(only) : undefined;
  if (column && !column.keyNode) return { ...column, order: name === "builtins.set" ? "any" : "sorted" };
  const keys =
    name === "builtins.sorted" || HANDS_ON.test(name) || isProgressBar(name) ? keysOf(only, facts) : undefined;
  if (!keys) return undefined;
  if (name === "builtins.sorted") return { ...keys, order: isBare ? "sorted" : undefined };
  return { ...keys, order: name.startsWith("builtins.") ? keys.order : undefined };
}

/** `keys` of `range(len(keys))`. */
function countedKeys(iterable: Node, facts: Facts): Node | undefined {
  const range = asCall(unwrap(iterable));
  const [end, more] = range?.args ?? [];
  const length = asCall(end);
  const [keys] = length?.args ?? [];
  return range &&
    length &&
    keys &&
    !more &&
    facts.nameOf(range.callee) === "builtins.range" &&
    facts.nameOf(length.callee) === "builtins.len"
    ? keys
    : undefined;
}

/** `keys[i]`. */
function isItemOf(node: Node, keys: Node, isLoopName: (node: Node) => boolean): boolean {
  const item = asSubscript(node);
  const [index, more] = item?.indices ?? [];
  return (
    item !== undefined &&
    item.value.text === keys.text &&
    index !== undefined &&
    !more &&
    index.kind === "identifier" &&
    isLoopName(index)
  );
}

/** The key itself, `item[0]`, `trade.pair`, `f"group{number}"`, `"group{}".format(number)`, `str(number)`. */
function isMadeOf(node: Node, isLoopName: (node: Node) => boolean): boolean {
  if (node.kind === "identifier") return isLoopName(node);
  const subscript = asSubscript(node);
  if (subscript) return subscript.indices.every(isConstant) && isMadeOf(subscript.value, isLoopName);
  const attribute = asAttribute(node);
  if (attribute) return isMadeOf(attribute.object, isLoopName);
  const call = asCall(node);
  if (call) {
    const isText = /^(str|int)$/.test(call.callee.text) || asMethodCall(node, "format")?.object.kind === "string";
    return isText && call.args.length > 0 && call.args.every((it) => isConstant(it) || isMadeOf(it, isLoopName));
  }
  const parts = node.kind === "string" ? node.descendants("interpolation") : [];
  return parts.length > 0 && parts.every((it) => it.children[0] !== undefined && isMadeOf(it.children[0], isLoopName));
}

/** `pair = trade["pair"]` at the top of the turn: a name for a part of what the loop brings. */
function isTakenInTurn(key: Node, { body }: Loop, isLoopName: (node: Node) => boolean, facts: Facts): boolean {
  if (key.kind !== "identifier") return false;
  const [site, more] = facts.reachingSites(key);
  if (more || site?.kind !== "assign" || site.path.length > 0 || !site.value || !site.name.isInside(body)) return false;
  // The label of one row that is searched for: that row can be read directly.
  if (/\.(?:idx(?:min|max)|arg(?:min|max))\(/.test(site.value.text)) return false;
  const names = site.value.kind === "identifier" ? [site.value] : site.value.descendants("identifier");
  return names.some((it) => it.fieldName !== "attribute" && isLoopName(it));
}

/** `df["c"]`, `df.c` or `df.loc[:, "c"]`. */
function columnOf(expression: Node): Column | undefined {
  const node = unwrap(expression);
  const subscript = asSubscript(node);
  const viaLoc = asAttribute(subscript?.value);
  if (subscript && viaLoc?.name === "loc") {
    const [rows, key] = subscript.indices;
    return subscript.indices.length === 2 && rows!.text === ":" && textValue(key) !== undefined
      ? { frame: viaLoc.object, key: key!.text }
      : undefined;
  }
  const [key, more] = subscript?.indices ?? [];
  if (subscript && key && !more && textValue(key) !== undefined)
    return { frame: subscript.value, key: unwrap(key).text };
  const isNamed = key?.kind === "identifier" || (asAttribute(key) && asAttribute(key)!.object.kind === "identifier");
  if (subscript && key && !more && isNamed) return { frame: subscript.value, key: unwrap(key).text, keyNode: key };
  const attribute = asAttribute(node);
  return attribute && !FRAME_NAMES.has(attribute.name)
    ? { frame: attribute.object, key: `"${attribute.name}"` }
    : undefined;
}

interface Filter {
  readonly node: Node;
  readonly of: Column;
  /** The name that the column is compared with. */
  readonly key: string;
  readonly isLoc: boolean;
  /** The key is all that is asked for, so the group can stand for it. */
  readonly isWhole: boolean;
  /** What else is asked for hangs on the turn too, so that a group is not the answer yet. */
  readonly hasOwnRest: boolean;
  /** `["v"]` of `df.loc[df["c"] == key, "v"]`. */
  readonly column: string;
}

function isSameColumn(a: Column, b: Column): boolean {
  return a.frame.text === b.frame.text && unquoted(a.key) === unquoted(b.key);
}

/** `df[df["c"] == key]` and `df.loc[df["c"] == key]` in the loop's body, and those that ask for something else besides. */
function filtersIn(body: Node, isKey: (node: Node) => boolean, facts: Facts | undefined): readonly Filter[] {
  return body.descendants("subscript").flatMap((it): readonly Filter[] => {
    const subscript = asSubscript(it);
    const [condition, part, more] = subscript?.indices ?? [];
    const viaLoc = asAttribute(subscript?.value);
    const isLoc = viaLoc?.name === "loc";
    if (!subscript || !condition || more || (part && !isLoc)) return [];
    const frame = (isLoc ? viaLoc.object : subscript.value).text;
    const held = facts && heldMask(condition, body, facts);
    const tested = testedIn(held ?? unwrap(condition), frame, isKey);
    if (!tested) return [];
    return [
      {
        node: it,
        ...tested,
        isLoc,
        isWhole: !held && tested.isWhole && (!part || textValue(part) !== undefined),
        column: part ? `[${part.text}]` : "",
      },
    ];
  });
}

/** `df.query("c == @key")` and `df.query(f"c == '{key}'")`, and those that ask for something else besides. */
function queriesIn(loop: Loop, isKey: (node: Node) => boolean, facts: Facts): readonly Filter[] {
  if (!loop.body.text.includes(".query(")) return [];
  return loop.body.descendants("call").flatMap((it): readonly Filter[] => {
    const query = asMethodCall(it, "query");
    const [text, more] = query?.args ?? [];
    const asked = query && text?.kind === "string" && !more ? askedFor(text, loop, isKey) : undefined;
    if (!query || !text || !asked) return [];
    // Databases are asked in the same words.
    if (!asked.isHeld && !facts.isA(query.object, "pandas.DataFrame", "fair") && !facts.takenFor(query.object, "frame"))
      return [];
    const hasOwnRest = / and | & /.test(text.text);
    const of = { frame: query.object, key: `"${asked.column}"` };
    return [{ node: it, of, key: asked.key, isLoc: true, isWhole: false, hasOwnRest, column: "" }];
  });
}

/** The column that the text compares with a key of this turn; held by a name behind an `@`, or put into the text. */
function askedFor(
  text: Node,
  loop: Loop,
  isKey: (node: Node) => boolean,
): { readonly column: string; readonly key: string; readonly isHeld: boolean } | undefined {
  const [, quoted, plain, name] = /(?:`([^`]+)`|\b([A-Za-z_]\w*)) *== *@(\w+)/.exec(text.text) ?? [];
  if (name !== undefined)
    return isOfTurn(name, loop, isKey) ? { column: quoted ?? plain!, key: name, isHeld: true } : undefined;
  for (const it of text.descendants("interpolation")) {
    const before = /(?:`([^`{}]+)`|\b([A-Za-z_]\w*)) *== *\\?["']?$/.exec(text.text.slice(0, it.start - text.start));
    const key = it.children[0];
    if (before && key && isKey(unwrap(key)))
      return { column: before[1] ?? before[2]!, key: unwrap(key).text, isHeld: false };
  }
  return undefined;
}

/** The loop binds the name, or the turn gives it a part of what the loop brings. */
function isOfTurn(name: string, { names, body }: Loop, isKey: (node: Node) => boolean): boolean {
  if (names.some(({ text }) => text === name)) return true;
  return body.descendants("assignment").some((it) => {
    const { targets = [], value } = asAssignment(it) ?? {};
    return (
      targets.some((target) => target.text === name) &&
      value !== undefined &&
      [value, ...value.descendants("identifier")].some((part) => part.kind === "identifier" && isKey(part))
    );
  });
}

/** `mask = df["c"] == key` in the same turn, which chooses rows below. */
function heldMask(condition: Node, body: Node, facts: Facts): Node | undefined {
  if (condition.kind !== "identifier") return undefined;
  const [site, more] = facts.reachingSites(condition);
  const isOfTurn = !more && site?.kind === "assign" && site.path.length === 0 && site.name.isInside(body);
  return isOfTurn && site.value ? unwrap(site.value) : undefined;
}

/** The column of the frame that a condition, or a part of one, compares with the key. */
function testedIn(
  condition: Node,
  frame: string,
  isKey: (node: Node) => boolean,
): Pick<Filter, "of" | "key" | "isWhole" | "hasOwnRest"> | undefined {
  const both = asBinary(condition);
  if (both?.operator === "&") {
    const [left, right] = [unwrap(both.left), unwrap(both.right)];
    const first = testedIn(left, frame, isKey);
    const part = first ?? testedIn(right, frame, isKey);
    const isOfTurn = (first ? right : left).descendants("identifier").some(isKey);
    return part && { ...part, isWhole: false, hasOwnRest: part.hasOwnRest || isOfTurn };
  }
  for (const [column, key] of equated(condition)) {
    // `codes[codes == code]`: the column itself, held by a name.
    if (isKey(key) && column.text === frame && column.kind === "identifier")
      return { of: { frame: column, key: "" }, key: unwrap(key).text, isWhole: false, hasOwnRest: false };
    const of = isKey(key) ? columnOf(column) : undefined;
    if (of?.frame.text === frame)
      return {
        of,
        key: unwrap(key).text,
        isWhole: key.kind === "identifier" && !column.text.includes(".loc["),
        hasOwnRest: false,
      };
  }
  return undefined;
}

/** Both ways round for `a == b`, once for `a.eq(b)`; with `.values` or `to_numpy()` taken off. */
function equated(condition: Node): readonly (readonly [column: Node, key: Node])[] {
  const comparison = asComparison(condition);
  if (comparison)
    return comparison.operator === "=="
      ? [
          [bare(comparison.left), comparison.right],
          [bare(comparison.right), comparison.left],
        ]
      : [];
  const method = asMethodCall(condition, "eq");
  const [key, more] = method?.args ?? [];
  return method && key && !more && method.keywords.size === 0 ? [[method.object, key]] : [];
}

/** `df["k"]` of `df["k"].values` and `df["k"].to_numpy()`. */
function bare(column: Node): Node {
  const node = unwrap(column);
  const attribute = asAttribute(node);
  if (attribute?.name === "values") return unwrap(attribute.object);
  const method = asMethodCall(node, "to_numpy");
  return method && method.args.length === 0 ? unwrap(method.object) : node;
}

/** Rows of something else that are chosen where the column of the keys has one of them: `X[y["k"] == key]`; and how many there are. */
function rowsElsewhere(
  { body }: Loop,
  column: Column,
  isKey: (node: Node) => boolean,
  facts: Facts,
): { readonly of: Column; readonly key: string; readonly isCount: boolean } | undefined {
  for (const node of body.descendants("comparison_operator", "call")) {
    for (const [compared, key] of equated(node)) {
      const of = isKey(key) ? columnOf(compared) : undefined;
      if (!of || !isSameColumn(of, column)) continue;
      const whole = wholeMask(node);
      const target = whole.parent?.kind === "assignment" ? whole.parent.field("left") : undefined;
      const reads = target?.kind === "identifier" ? facts.readsOf(target, body) : [];
      if (choosesRows(whole) || reads.some((it) => choosesRows(wholeMask(it))))
        return { of, key: unwrap(key).text, isCount: false };
      if (countsRows(whole)) return { of, key: unwrap(key).text, isCount: unwrap(whole) === node };
    }
  }
  return undefined;
}

/** The mask with what is joined to it by `&`, and what makes an array of it. */
function wholeMask(node: Node): Node {
  let at = node;
  for (;;) {
    const { parent } = at;
    if (!parent) return at;
    const isAnd = asBinary(parent)?.operator === "&";
    const isArray = parent.kind === "attribute" && asAttribute(parent)!.name === "values";
    if (isAnd || isArray || parent.kind === "parenthesized_expression") at = parent;
    else if (asMethodCall(parent.parent, "to_numpy")?.object === at) at = parent.parent!;
    else if (
      parent.kind === "argument_list" &&
      /^(np|numpy)\.(as)?array$/.test(asCall(parent.parent)?.callee.text ?? "")
    )
      at = parent.parent!;
    else return at;
  }
}

/** `X[mask]`, `X.loc[mask, …]`. */
function choosesRows(mask: Node): boolean {
  const [rows] = asSubscript(mask.parent)?.indices ?? [];
  return rows === mask && mask.parent !== undefined && !isTarget(mask.parent);
}

/** `(df["k"] == key).sum()`. */
function countsRows(mask: Node): boolean {
  const count = asMethodCall(mask.parent?.parent, "sum");
  return count !== undefined && count.args.length === 0 && wrapped(unwrap(count.object)) === wrapped(unwrap(mask));
}

function unquoted(text: string): string {
  return text.replace(/^['"]|['"]$/g, "");
}
