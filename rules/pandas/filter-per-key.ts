/** A loop over keys that filters the whole frame again for each of them. */

import {
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asFor,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  FRAME_NAMES,
  hasComments,
  isConstant,
  replace,
  textValue,
  unwrap,
  drawsCharts,
  type Call,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Frame filtered once for each key of a column",
  why: "Every iteration compares the whole column again, so the work grows with rows times keys. groupby splits the rows into groups in one pass.",
  guide: "pandas",
  level: "warning",
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
    for shop, group in df.groupby("shop", sort=False):
        chosen = group
        result[shop] = chosen["stars"].mean()
    return result
`,
    },
  ],

  on: ["for_statement", "for_in_clause"],

  find(node, { facts }) {
    const loop = loopOf(node);
    if (facts.isTest || !loop?.body.text.includes("==")) return undefined;
    const isLoopName = (it: Node) => loop.names.some(({ text }) => text === it.text) && !it.isInside(loop.iterable);
    const isKey = (it: Node) => isMadeOf(unwrap(it), isLoopName) || isTakenInTurn(unwrap(it), loop, isLoopName, facts);
    const keys = keysOf(loop.iterable, facts);
    const held = keys ? undefined : facts.valueOf(loop.iterable);
    const isOfColumn = keys !== undefined || (held !== undefined && keysOf(held, facts) !== undefined);
    // With keys from elsewhere, a mask that has a name is often one of two or three.
    const all = filtersIn(loop.body, isKey, isOfColumn ? facts : undefined);
    const [first] = all;
    const evidence = first && frameEvidence(first, facts);
    if (!first || !evidence || !staysTheSame(first.of, node, facts)) return undefined;
    if (
      loop.names.some((it) => facts.writesOf(it).some((site) => site.owner !== node && site.name.isInside(loop.body)))
    )
      return undefined;
    const isHandful = facts.sizeOf(held ?? loop.iterable) === "light" || drawsCharts(loop.body);
    return {
      at: loop.iterable,
      construct: loop.construct,
      evidence,
      weight: isHandful
        ? "light"
        : isOfColumn
          ? "heavy"
          : // Keys from elsewhere, and one column alone: what is asked for may be a few.
            first.of.key === ""
            ? "unknown"
            : facts.weightOf(first.node),
      loop,
      keys,
      column: first.of,
      filters: all.filter((it) => isSameColumn(it.of, first.of)),
      key: first.key,
    };
  },

  message: ({ column, key, evidence }) =>
    column.key === ""
      ? `\`${excerpt(column.frame.text, 30)}\` is searched as a whole again for each \`${key}\`; an index made once finds the rows of every key.`
      : `\`${excerpt(column.frame.text, 30)}\`${evidence === "fair" ? ", taken for a DataFrame," : ""} is filtered again for each \`${key}\`; groupby gives every group in one pass.`,

  fix({ loop, keys, column, filters }, { facts }) {
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
    const group = facts.freshName("group", loop.node);
    const doubts = [
      "missing keys are skipped, and before pandas 3 unused categories are looped over too",
      keys.order === "any" && "keys come in the order of their first appearance",
      facts.isStableIn(frame, loop.node) !== "yes" && "the frame must not change in the loop",
    ];
    return fixOf("Loop over groupby", doubts, [
      replace(loop.target, `${loop.target.text}, ${group}`),
      replace(loop.iterable, `${frame.text}.groupby(${keys.key}${keys.order === "sorted" ? "" : ", sort=False"})`),
      ...filters.map((it) => replace(it.node, `${group}${it.column}`)),
    ]);
  },
});

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

/** Neither the frame nor the name of the column is bound or changed in the loop, as far as can be seen. */
function staysTheSame({ frame, keyNode }: Column, node: Node, facts: Facts): boolean {
  const names = keyNode ? [keyNode, ...keyNode.descendants("identifier")].filter((it) => it.kind === "identifier") : [];
  if (names.some((it) => facts.writesOf(it).some((site) => site.name.isInside(node)))) return false;
  if (frame.kind === "identifier") return facts.isStableIn(frame, node) !== "no";
  const place = facts.placeOf(frame);
  return place !== undefined && !place.writes.some((it) => it.name.isInside(node));
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
const HANDS_ON = /^(builtins\.(list|tuple)|tqdm\.(\w+\.)*tqdm|rich\.progress\.track)$/;

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
  const keys = name === "builtins.sorted" || HANDS_ON.test(name) ? keysOf(only, facts) : undefined;
  if (!keys) return undefined;
  if (name === "builtins.sorted") return { ...keys, order: isBare ? "sorted" : undefined };
  return { ...keys, order: name.startsWith("builtins.") ? keys.order : undefined };
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
  if (subscript && key && !more && textValue(key) !== undefined) return { frame: subscript.value, key: key.text };
  const isNamed = key?.kind === "identifier" || (asAttribute(key) && asAttribute(key)!.object.kind === "identifier");
  if (subscript && key && !more && isNamed) return { frame: subscript.value, key: key.text, keyNode: key };
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
): Pick<Filter, "of" | "key" | "isWhole"> | undefined {
  const both = asBinary(condition);
  if (both?.operator === "&") {
    const part = testedIn(unwrap(both.left), frame, isKey) ?? testedIn(unwrap(both.right), frame, isKey);
    return part && { ...part, isWhole: false };
  }
  const comparison = asComparison(condition);
  if (comparison?.operator !== "==") return undefined;
  for (const [column, key] of [
    [comparison.left, comparison.right],
    [comparison.right, comparison.left],
  ] as const) {
    // `codes[codes == code]`: the column itself, held by a name.
    if (isKey(key) && column.text === frame && column.kind === "identifier")
      return { of: { frame: column, key: "" }, key: key.text, isWhole: false };
    const of = isKey(key) ? columnOf(column) : undefined;
    if (of?.frame.text === frame)
      return { of, key: key.text, isWhole: key.kind === "identifier" && !column.text.includes(".loc[") };
  }
  return undefined;
}

function unquoted(text: string): string {
  return text.replace(/^['"]|['"]$/g, "");
}
