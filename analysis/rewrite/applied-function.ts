/**
 * The function given to `.apply`, `.map` or `.transform`, or what a list comprehension over a column works out: to whose values it is applied,
 * what it gives for one of them, and what kind of work that is. Read once for each, so that of all the rules about such functions only one speaks of it.
 */

import {
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asLambda,
  asMethodCall,
  asSubscript,
  nameAtRoot,
  unwrap,
  wrapped,
  type Comparison,
  type MethodCall,
} from "../syntax/expressions.js";
import {
  asAssignment,
  asIf,
  functionAround,
  parametersOf,
  statementsOf,
  type FunctionDef,
} from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import { methodCalled } from "../semantics/called.js";
import type { Evidence, Weight } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import type { Method } from "../semantics/classes.js";
import type { Node } from "../syntax/tree.js";
import { lastIdentifier } from "../text/identifiers.js";
import { FRAME_NAMES, OTHER_FRAMES } from "../knowledge/pandas-names.js";
import { becomesColumnOf } from "./column-place.js";
import { columnWork, type Work } from "./column-work.js";

/** How sure the finding is and how much it matters: columns have many values, unless a few are taken. */
export function appliedWeight({ call, evidence }: Applied, facts: Facts): { evidence: Evidence; weight: Weight } {
  const frame = asSubscript(unwrap(call.object))?.value ?? asAttribute(unwrap(call.object))?.object;
  // Somebody wants a list, mostly to colour or label what a chart shows.
  const isList = call.method === "" && !(frame && becomesColumnOf(call.node, frame));
  const isSmall =
    isList ||
    facts.sizeOf(call.object) === "light" ||
    (frame?.kind === "identifier" && (facts.sizeOf(frame) === "light" || hasRowPerGroup(frame, facts)));
  if (isSmall) return { evidence, weight: "light" };
  return { evidence, weight: isBesideRows(call, facts) ? "unknown" : "heavy" };
}

/** The same function goes through the same table row by row, each row made a Series: beside that, what is done with the values of a column does not show. */
function isBesideRows({ object, node }: Applying, facts: Facts): boolean {
  const frame = nameAtRoot(object);
  if (!frame) return false;
  const around = functionAround(node) ?? node.tree.root;
  const byName = facts.memo("tables gone through row by row", around, () => rowsTaken(around));
  const binding = facts.bindingOf(frame);
  return byName.some((it) => it.call !== node && it.frame.text === frame.text && facts.bindingOf(it.frame) === binding);
}

/** `df.iterrows()`, `df.apply(f, axis=1)`, with the name of each table. */
function rowsTaken(around: Node): readonly { readonly call: Node; readonly frame: Node }[] {
  return around.descendants("call").flatMap((call) => {
    const method = asMethodCall(call, "iterrows", "apply");
    const axis = method?.keywords.get("axis")?.text ?? "";
    if (!method || (method.method === "apply" && !/^(?:1|["']columns["'])$/.test(axis))) return [];
    const frame = nameAtRoot(method.object);
    return frame ? [{ call, frame }] : [];
  });
}

/** A table that has one row for each group of another. */
export function hasRowPerGroup(frame: Node, facts: Facts, depth = 0): boolean {
  let made = frame.kind === "identifier" ? facts.valueOf(frame) : unwrap(frame);
  for (let step = asMethodCall(made); made && step && KEEPS_ROWS.test(step.method); step = asMethodCall(made))
    made = unwrap(step.object);
  // `pd.DataFrame({"year": counts.index, "count": counts.values})`
  const table = asCall(made);
  if (table && depth === 0 && facts.nameOf(table.callee) === "pandas.DataFrame") {
    const column = table.args[0]?.children[0]?.field("value");
    const of = asAttribute(column);
    return of !== undefined && /^(?:index|values)$/.test(of.name) && hasRowPerGroup(of.object, facts, 1);
  }
  const reduced = asMethodCall(made);
  if (!reduced) return false;
  if (reduced.method === "value_counts") return true;
  if (!REDUCES.test(reduced.method)) return false;
  for (let inner = unwrap(reduced.object); ; ) {
    const of = asSubscript(inner)?.value ?? asAttribute(inner)?.object;
    if (!of) return asMethodCall(inner)?.method === "groupby";
    inner = unwrap(of);
  }
}

const KEEPS_ROWS =
  /^(?:reset_index|reindex|rename|rename_axis|sort_values|sort_index|round|fillna|copy|astype|add_suffix|add_prefix)$/;
const REDUCES = /^(?:mean|sum|size|count|min|max|first|last|median|std|var|nunique|agg|aggregate)$/;

/** `` `df["c"].apply` `` for a message, at its beginning. */
export function shownCall({ call: { object, method } }: Applied): string {
  const { text } = wrapped(object);
  const isShort = /^[^`\n]{1,40}$/.test(text);
  if (method === "") return isShort ? `The comprehension over \`${text}\`` : "The comprehension";
  return isShort ? `\`${text}.${method}\`` : `\`.${method}\``;
}

/** "the lambda" or the function's name, for a message. */
export function called({ fn: { given } }: Applied): string {
  return given.kind === "lambda" ? "a lambda" : `\`${given.text.slice(0, 30)}\``;
}

/** A function of one value: a lambda, a `def` of the file, a built-in function or a method. */
export interface GivenFunction {
  readonly given: Node;
  /** What the value is called; undefined where the function has no source here. */
  readonly parameter: string | undefined;
  /** What it gives, the first case whose test holds; the last one has no test. Empty where the function does more than that. */
  readonly cases: readonly Case[];
  /** The function of the file, where it is no lambda. */
  readonly def: FunctionDef | undefined;
  /** `builtins.len`, where it is given by name. */
  readonly name: string | undefined;
  /** More arguments are handed on to it. */
  readonly hasMore?: boolean;
  /** It is a method of the class around, which a subclass may have in its own way. */
  readonly isMethod?: boolean;
}

/** One way through a function that does nothing but choose what it gives. */
export interface Case {
  readonly test: Node | undefined;
  readonly value: Node;
}

/** `x in ids`, `int(x in ids)`: all that the function does is to look its value up. */
export function lookUpIn({ cases, parameter }: GivenFunction): Comparison | undefined {
  const [only, more] = cases;
  const value = only && !more ? unwrap(only.value) : undefined;
  const cast = asCall(value);
  const isCast = cast?.args.length === 1 && /^(?:int|bool|float)$/.test(cast.callee.text);
  const test = asComparison(isCast ? unwrap(cast.args[0]!) : value);
  return test && /^(?:not )?in$/.test(test.operator) && unwrap(test.left).text === parameter ? test : undefined;
}

/** What goes through the values of a Series. */
interface Applying {
  readonly node: Node;
  /** The Series. */
  readonly object: Node;
  /** Where to point. */
  readonly methodNode: Node;
  /** Empty for a comprehension. */
  readonly method: string;
}

/** A function that is called for each value of a Series, or what a comprehension does with each. */
export interface Applied {
  readonly call: Applying;
  readonly evidence: Evidence;
  readonly fn: GivenFunction;
  readonly work: Work;
}

/** Methods of a Series that call what they are given for every value. */
export const APPLYING = ["apply", "map", "transform"];
/** What such a file holds, for rules that may meet a Series as a parameter. */
export const APPLYING_WORDS = ["apply", "transform"];

/** Undefined where it is not a function of each value of a Series, or is given anything else besides. */
export function appliedTo(node: Node, facts: Facts): Applied | undefined {
  return facts.memo("applied function", node, () => read(node, facts));
}

/** Arguments of the methods themselves: not handed on, and some of them show that it is no Series. */
const OWN_OPTIONS = ["axis", "raw", "result_type", "by_row", "convert_dtype", "engine", "engine_kwargs"];

function read(node: Node, facts: Facts): Applied | undefined {
  if (node.kind === "list_comprehension") return listed(node, facts);
  const call = asMethodCall(node, ...APPLYING);
  const given = call?.args[0] ?? call?.keywords.get("func") ?? call?.keywords.get("arg");
  if (!call || !given || call.hasSplat || call.args.length > 1) return undefined;
  const others = [...call.keywords.keys()].filter((it) => it !== "func" && it !== "arg");
  if (others.some((it) => OWN_OPTIONS.includes(it))) return undefined;
  const fn = functionGiven(given, facts, others.length > 0);
  const work = fn && columnWork(fn, facts, call.method);
  if (!work || (work.isGuess && work.by !== "slice" && !isTextual(call.object, fn))) return undefined;
  const evidence =
    seriesEvidence(call.object, facts) ??
    labelEvidence(call.object, work, facts) ??
    (call.method === "apply" ? byWork(call, work, facts) : undefined) ??
    byColumnName(call, work, facts);
  return evidence && { call, evidence: work.isGuess ? "fair" : evidence, fn, work };
}

/** `[names[shop] for shop in orders["shop"]]`: what `orders["shop"].map(lambda shop: names[shop])` does, as a list. */
function listed(node: Node, facts: Facts): Applied | undefined {
  const [element, clause, more] = node.children;
  const target = clause?.field("left");
  const items = clause?.field("right");
  if (!element || clause?.kind !== "for_in_clause" || more || clause.hasToken("async")) return undefined;
  if (target?.kind !== "identifier" || !items) return undefined;
  const object = columnGoneThrough(unwrap(items));
  const isColumn = asSubscript(object) !== undefined || asAttribute(object) !== undefined;
  if (!isColumn || asAttribute(object)?.name === "index") return undefined;
  const fn = functionOfElement(unwrap(element), target.text, facts);
  const work = fn && columnWork(fn, facts, "map");
  // Parsing and arithmetic have rules of their own for what goes through values.
  if (!work || work.isGuess || work.deed === "parsing" || work.deed === "arithmetic") return undefined;
  const evidence = seriesEvidence(object, facts);
  return evidence && { call: { node, object, methodNode: node, method: "" }, evidence, fn, work };
}

/** `df["c"]` of `df["c"].values`, `df["c"].tolist()` or `list(df["c"])`. */
function columnGoneThrough(items: Node): Node {
  const values = asAttribute(items);
  if (values?.name === "values") return unwrap(values.object);
  const method = asMethodCall(items, "tolist", "to_list", "to_numpy");
  if (method && method.args.length + method.keywords.size === 0) return unwrap(method.object);
  const list = asCall(items);
  const [only, more] = list?.args ?? [];
  return list?.callee.text === "list" && only && !more ? unwrap(only) : items;
}

/** `label(shop)` is the function's own work; any other element is that of a lambda. */
function functionOfElement(element: Node, parameter: string, facts: Facts): GivenFunction | undefined {
  const call = asCall(element);
  const [only, more] = call?.args ?? [];
  const isHandedOver = call && !call.hasSplat && call.keywords.size === 0 && !more && only?.text === parameter;
  const fn = isHandedOver ? functionGiven(call.callee, facts) : undefined;
  if (fn?.def) return fn;
  return { given: element, parameter, cases: casesOf(element), def: undefined, name: undefined };
}

/** Names of columns that hold texts and no lists. */
const TEXTS =
  /(?:^|_)(?:full_?|first_?|last_?)?(?:text|name|title|comment|review|descr\w*|url|e?mail|address|sentence|caption|tweet|content|message|headline|abstract|summary|query|question|answer|sms|body|file_?name|path|ticket|cabin|street|city|country)(?:_|$)/i;

/** The column or what its values are called says that they are texts. */
function isTextual(object: Node, { parameter }: GivenFunction): boolean {
  const node = unwrap(object);
  const name = textValue(asSubscript(node)?.indices.at(-1)) ?? asAttribute(node)?.name ?? "";
  return TEXTS.test(name) || (parameter !== undefined && TEXTS.test(parameter));
}

/** Undefined for what takes more than one value, and for what is not in sight; with `hasMore` the call hands on more arguments. */
export function functionGiven(argument: Node, facts: Facts, hasMore = false): GivenFunction | undefined {
  const given = unwrap(argument);
  const lambda = asLambda(given);
  if (lambda) {
    const [only, more] = parametersOf(lambda.node.field("parameters"));
    if (!only || (more && !hasMore) || only.star !== "" || only.defaultValue) return undefined;
    return { given, parameter: only.name, cases: casesOf(lambda.body), def: undefined, name: undefined, hasMore };
  }
  if (given.kind !== "identifier" && given.kind !== "attribute") return undefined;
  const method = given.kind === "attribute" ? methodGiven(given, facts) : undefined;
  const def = method?.def ?? facts.functionNamed(given);
  if (!def) return { given, parameter: undefined, cases: [], def: undefined, name: facts.nameOf(given), hasMore };
  const [only, ...more] = method && method.kind !== "static" ? def.parameters.slice(1) : def.parameters;
  if (!only || only.star !== "" || (!hasMore && more.some((it) => !it.defaultValue && it.star === "")))
    return undefined;
  if (def.isAsync || (def.decorators.length > 0 && method?.kind !== "static" && method?.kind !== "class"))
    return undefined;
  const cases = casesIn(facts.bodyOf(def)) ?? [];
  const isMethod = method !== undefined;
  return { given, parameter: only.name, cases, def, name: undefined, hasMore, isMethod };
}

/** `self._label`, a method of the class around. */
function methodGiven(given: Node, facts: Facts): Method | undefined {
  const method = methodCalled(given, facts);
  return method && /^(instance|class|static)$/.test(method.kind) ? method : undefined;
}

/** What the body of a function or lambda gives; empty where it does more than choose that. */
export function casesOfBody(body: Node): readonly Case[] {
  return body.kind === "block" ? (casesIn(body) ?? []) : casesOf(body);
}

/** `a if c else b if d else e` as its cases. */
function casesOf(expression: Node): readonly Case[] {
  const cases: Case[] = [];
  let rest = unwrap(expression);
  while (rest.kind === "conditional_expression" && rest.children.length === 3) {
    const [value, test, otherwise] = rest.children;
    cases.push({ test: test!, value: value! });
    rest = unwrap(otherwise!);
  }
  return [...cases, { test: undefined, value: rest }];
}

/** `if c: return a`, `elif`, `else`, one below the other, up to a last `return`; undefined where anything else is done. */
function casesIn(block: Node): readonly Case[] | undefined {
  const statements = statementsRun(block);
  const byName = casesByName(statements);
  if (byName) return byName;
  const cases: Case[] = [];
  for (const statement of statements) {
    const value = returned(statement);
    if (value) return [...cases, ...(cases.length > 0 ? [{ test: undefined, value }] : casesOf(value))];
    const branch = asIf(statement);
    if (!branch) return undefined;
    for (const { condition, body } of [branch, ...branch.elifs]) {
      const [only, more] = statementsOf(body);
      const chosen = only && !more ? returned(only) : undefined;
      if (!chosen) return undefined;
      cases.push({ test: condition, value: chosen });
    }
    const [last, more] = branch.orElse ? statementsOf(branch.orElse) : [];
    if (!last) continue;
    const chosen = more ? undefined : returned(last);
    return chosen && [...cases, { test: undefined, value: chosen }];
  }
  return undefined;
}

/** `kind = "small"`, `if c: kind = "large"`, `return kind`: the same choice, kept in a name first. */
function casesByName(statements: readonly Node[]): readonly Case[] | undefined {
  const last = statements.at(-1);
  const name = last && returned(last);
  if (name?.kind !== "identifier" || statements.length < 2 || statements.length > 3) return undefined;
  const given = (statement: Node | undefined): Node | undefined => {
    const assignment = statement && asAssignment(statement);
    const [target, more] = assignment?.targets ?? [];
    return assignment?.value && target?.kind === "identifier" && target.text === name.text && !more
      ? assignment.value
      : undefined;
  };
  const only = (block: Node): Node | undefined => {
    const [first, more] = statementsOf(block);
    return more ? undefined : given(first);
  };
  const branch = asIf(statements.at(-2));
  const before = statements.length === 3 ? given(statements[0]) : undefined;
  const otherwise = branch?.orElse ? only(branch.orElse) : before;
  if (!branch || !otherwise || (statements.length === 3 && !before)) return undefined;
  const cases: Case[] = [];
  for (const { condition, body } of [branch, ...branch.elifs]) {
    const value = only(body);
    // What was given before may be used on the way.
    if (!value || [condition, value].some((it) => it.identifiers(name.text).length > 0 || it.text === name.text))
      return undefined;
    cases.push({ test: condition, value });
  }
  return [...cases, { test: undefined, value: otherwise }];
}

/** The statements of a body without the text that describes it. */
export function statementsRun(block: Node): readonly Node[] {
  const all = statementsOf(block);
  return all[0] && isDocstring(all[0]) ? all.slice(1) : all;
}

function isDocstring(statement: Node): boolean {
  return statement.kind === "expression_statement" && statement.children[0]?.kind === "string";
}

function returned(statement: Node): Node | undefined {
  return statement.kind === "return_statement" ? statement.children[0] : undefined;
}

/** Other libraries whose columns have an `apply` or `map` too. */
const OTHERS = [...OTHER_FRAMES, "databricks"];
const hasOtherFrames = (facts: Facts) => OTHERS.some((it) => facts.view.imports(it));

/** Groups and windows have the same methods, for a whole group at a time. */
const GROUPING = /\b(groupby|rolling|expanding|resample|ewm|style)\b/;

/** By which evidence a value is a Series: its type or uses, or as a column of what is a frame. */
export function seriesEvidence(expression: Node, facts: Facts, depth = 0): Evidence | undefined {
  const node = unwrap(expression);
  const typed = facts.typed(node, "fair");
  if (typed) return facts.isA(node, "pandas.Series", "fair") ? typed.evidence : undefined;
  const method = asMethodCall(node);
  if (method) {
    const accessor = asAttribute(method.object);
    // `df["c"].str.lower()`, `df["c"].dt.floor("D")`.
    if (accessor && ["str", "dt"].includes(accessor.name)) return seriesEvidence(accessor.object, facts, depth + 1);
    const windows = windowsIn(node);
    if (windows) return seriesEvidence(windows.object, facts, depth + 1);
    return KEEPS.has(method.method) ? seriesEvidence(method.object, facts, depth + 1) : undefined;
  }
  const binary = depth < MOST_STEPS ? asBinary(node) : undefined;
  if (binary) return seriesEvidence(binary.left, facts, depth + 1) ?? seriesEvidence(binary.right, facts, depth + 1);
  const column = columnOf(node, facts);
  if (column) {
    const evidence = facts.takenFor(column.frame, "frame");
    if (evidence) return column.isCertain ? evidence : "fair";
    if (facts.typed(column.frame, "fair")) return undefined;
    // Nothing is known of it but that a column, by its name, is asked for it.
    return column.isNamed && !hasOtherFrames(facts) && !isGrouped(column.frame, facts)
      ? likelyFrame(column.frame, facts.view.imports("pandas"))
      : undefined;
  }
  const held = node.kind === "identifier" && depth < MOST_STEPS ? facts.valueOf(node) : undefined;
  if (isGrouped(node, facts) && !(held && windowsIn(unwrap(held)))) return undefined;
  const alike = facts.takenFor(node, "series");
  const value = alike ? undefined : held;
  return value && value !== node ? seriesEvidence(value, facts, depth + 2) : alike;
}

const MOST_STEPS = 6;

/** `df`, `train_df`, `self.frame`, `data`: names that a frame goes by, where no use of it says more. */
function likelyFrame(frame: Node, isPandas: boolean): Evidence | undefined {
  const last = lastIdentifier(frame.text);
  // In a notebook or a script of a project it may come from another file of it.
  if (!isPandas) return /(^|_)df\d*$|^df_/.test(last) ? "fair" : undefined;
  return /(^|_)(df|dfs|frame|dataframe|data|table|train|test|result|results|report|out|output|temp|tmp|merged|trials|records|stats|summary|metadata|samples|products|orders|users|sales|prices)\d*$/i.test(
    last,
  ) || /^df|df$/i.test(last)
    ? "fair"
    : undefined;
}

/** Methods of a Series that give one again, of as many values or fewer. */
const KEEPS = new Set(
  "dropna fillna astype copy head tail sort_values sort_index reset_index rename apply map round abs clip shift replace explode drop_duplicates infer_objects where mask".split(
    " ",
  ),
);

/** `df["c"].rolling(7)` of `df["c"].rolling(7).mean()`, which has one value for each window. */
function windowsIn(node: Node): MethodCall | undefined {
  const reduced = asMethodCall(node, "mean", "sum", "std", "var", "min", "max", "median");
  return reduced && asMethodCall(reduced.object, "rolling", "expanding", "ewm");
}

interface ColumnRead {
  readonly frame: Node;
  /** One column is named, so that it is certainly a Series of what is certainly a frame. */
  readonly isCertain: boolean;
  /** By a text. */
  readonly isNamed: boolean;
}

/** `df["c"]`, `df[name]`, `df.loc[rows, "c"]`, `df.c`. */
function columnOf(node: Node, facts: Facts): ColumnRead | undefined {
  const subscript = asSubscript(node);
  if (subscript) {
    const viaLoc = asAttribute(subscript.value);
    const isLoc = viaLoc?.name === "loc";
    const [key, other] = isLoc ? [subscript.indices[1], undefined] : subscript.indices;
    if (!key || other) return undefined;
    const isNamed = textValue(key) !== undefined || key.kind === "string";
    if (!isNamed && !["identifier", "attribute"].includes(key.kind)) return undefined;
    // Several columns are a frame again.
    if (!isNamed && /[^s]s$|list/i.test(key.text)) return undefined;
    const type = isNamed ? "str" : facts.typed(key, "fair")?.type.name;
    if (type !== undefined && type !== "str" && type !== "int") return undefined;
    return { frame: isLoc ? viaLoc.object : subscript.value, isCertain: type !== undefined, isNamed };
  }
  const attribute = asAttribute(node);
  return attribute && !FRAME_NAMES.has(attribute.name) && facts.takenFor(attribute.object, "frame")
    ? { frame: attribute.object, isCertain: true, isNamed: true }
    : undefined;
}

function isGrouped(node: Node, facts: Facts): boolean {
  return GROUPING.test(node.text) || GROUPING.test(facts.valueOf(node)?.text ?? "") || /group/i.test(node.text);
}

/** `df.index.map(lambda day: day.month)`: the labels of a frame that are dates have the same fields. */
function labelEvidence(object: Node, work: Work, facts: Facts): Evidence | undefined {
  const labels = asAttribute(unwrap(object));
  if (labels?.name !== "index" || work.deed !== "field") return undefined;
  return facts.takenFor(labels.object, "frame") ?? facts.takenFor(labels.object, "series");
}

/** Libraries whose data sets are asked by name for a part, which has a `map` as well. */
const DATA_SETS = ["tensorflow", "tensorflow_datasets", "datasets", "keras", "torch", "webdataset"];

/** `view["rank"].map(...)`, where pandas is imported and no other library has tables or data sets like these. */
function byColumnName({ object }: MethodCall, work: Work, facts: Facts): Evidence | undefined {
  if (work.isGuess || !facts.view.imports("pandas") || hasOtherFrames(facts)) return undefined;
  if (DATA_SETS.some((it) => facts.view.imports(it))) return undefined;
  const subscript = asSubscript(unwrap(object));
  const [key, more] = subscript?.indices ?? [];
  const held = subscript?.value;
  if (!held || !key || more || textValue(key) === undefined || held.kind !== "identifier") return undefined;
  if (/^(g|gr|gb|grp|by)\d*$/i.test(held.text) || isGrouped(held, facts)) return undefined;
  return facts.typed(held, "fair") || facts.typed(object, "fair") ? undefined : "fair";
}

/** Where pandas is imported and nothing else has such a method: a group or frame cannot be asked for its truth, nor for the methods of a text. */
function byWork({ object, node }: MethodCall, work: Work, facts: Facts): Evidence | undefined {
  if (!work.needsOneValue || !facts.view.imports("pandas") || hasOtherFrames(facts)) return undefined;
  if (facts.typed(object, "fair") || isGrouped(object, facts)) return undefined;
  if (/\.(style|model|net|module)\b/.test(object.text) || asCall(node) === undefined) return undefined;
  return object.kind === "identifier" || object.kind === "subscript" || object.kind === "attribute"
    ? "fair"
    : undefined;
}
