/** `groupby(…).agg(lambda x: x.sum())`: a function called for each group, for what groups have a method of their own for. */

import {
  asBinary,
  asCall,
  asComparison,
  argumentOf,
  asAttribute,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionGiven,
  groupedOf,
  hasComments,
  isConstant,
  replace,
  textValue,
  unwrap,
  type Declined,
  type Facts,
  type Fix,
  type GivenFunction,
  type Grouped,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";
import { groupPart, REDUCTIONS, RUNNING, setColumns } from "./groupby-lambda/columns.js";

/** Windows know only these. */
const OF_WINDOWS = new Set("sum mean median min max std var sem count skew".split(" "));
/** Functions of one group, by the method that does the same. */
const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ...["sum", "min", "max"].map((it) => [`builtins.${it}`, it] as const),
  ["builtins.len", "size"] as const,
  ...["sum", "mean", "min", "max", "prod", "any", "all"].map((it) => [`numpy.${it}`, it] as const),
  ...["sum", "mean", "min", "max", "median", "std", "var"].map((it) => [`numpy.nan${it}`, it] as const),
]);

export default defineRule({
  title: "Function called for each group where groups have a method",
  why: "A function is called once for every group with a Series or frame made for it. The methods of groups, also by their names as texts, work through all groups in one compiled pass.",
  guide: "pandas",
  level: "warning",
  gain: "time",
  imports: ["pandas"],
  orWords: ["groupby"],
  overrides: ["numpy/python-builtin-on-array"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def highest(orders: pd.DataFrame) -> pd.Series:
    return orders.groupby("shop")["price"].agg(lambda prices: prices.max())
`,
      after: `
import pandas as pd

def highest(orders: pd.DataFrame) -> pd.Series:
    return orders.groupby("shop")["price"].agg("max")
`,
    },
  ],

  on: ["call"],
  methods: ["agg", "aggregate", "apply", "transform"],

  find(node, { facts }) {
    const call = facts.isTest ? undefined : asMethodCall(node, "agg", "aggregate", "apply", "transform");
    const given = call ? functionsIn(call) : [];
    if (!call || given.length === 0) return undefined;
    const works = given.flatMap((it) => workOf(it, call, facts) ?? []);
    if (works.length === 0) return undefined;
    const grouped = groupedOf(call.object, facts);
    if (!grouped) return undefined;
    const isWindow = ["rolling", "expanding"].includes(grouped.call.method);
    const isLight = facts.sizeOf(grouped.call.object) === "light" || isByCalendar(grouped.call);
    return works
      .filter(
        ({ work }) =>
          !isWindow || (!work.steps && work.column === undefined && work.uses.every((it) => OF_WINDOWS.has(it))),
      )
      .map(({ fn, work }) => ({
        at: fn.given,
        evidence: grouped.evidence,
        isSwapped: isSwapped(fn, call, isWindow),
        // Before pandas 3 it takes its own method for these, and warns.
        weight: isLight
          ? ("light" as const)
          : isSwapped(fn, call, isWindow)
            ? ("unknown" as const)
            : ("heavy" as const),
        call,
        grouped,
        fn,
        work,
      }));
  },

  message({ call, fn, work, grouped, isSwapped }) {
    const what = ["rolling", "expanding"].includes(grouped.call.method) ? "window" : "group";
    const shown = fn.given.kind === "lambda" ? "A lambda" : `\`${excerpt(fn.given.text, 30)}\``;
    const [first] = work.uses;
    if (work.steps) return `${shown} is called for every ${what}; ${advice(work.steps, work.isPart)}.`;
    if (isSwapped)
      return `pandas 3 calls ${shown} for every ${what}; \`"${first}"\` does the same for all of them in one pass.`;
    if (work.isWhole)
      return `${shown} is called for every ${what}; ${call.method === "apply" ? `\`.${first}()\`` : `\`"${first}"\``} does the same for all of them in one pass.`;
    const names = work.uses.map((it) => `\`"${it}"\``).join(" and ");
    return `${shown} is called for every ${what}; take ${names} of all of them at once and combine the results.`;
  },

  fix({ call, fn, work, grouped }) {
    const [name] = work.uses;
    if (fn.isMethod) return declined("a subclass may have a method of its own of that name");
    if (work.isPart) return declined("the results of several methods have to be combined by hand");
    if (work.steps) return stepsFix(call, fn, work.steps, grouped);
    if (!work.isWhole || name === undefined)
      return declined("the results of several methods have to be combined by hand");
    if (work.isConverted) return declined("the function makes another kind of number of it");
    if (grouped.evidence === "fair") return declined("it is not certain to be a pandas frame");
    if (hasComments(call.node)) return declined("a comment would be lost");
    if (/\bnan(?:std|var)\b/.test(fn.given.text))
      return declined("NumPy divides by the number of values, and pandas by one less");
    const isNamedAfter = call.method !== "apply" && fn.given.parent?.kind === "list";
    const doubts = [
      (isNamedAfter || (call.method === "apply" && work.column !== undefined)) &&
        `the result is called ${isNamedAfter ? `\`${name}\`` : "like the column"}`,
      work.skips && "missing values are left out",
      "results may have another dtype where a group is empty or holds no numbers",
    ];
    if (call.method !== "apply") {
      if (work.column !== undefined) return declined("the function takes one column of each group");
      if (name === "size" && !isColumn(grouped))
        return declined("the size of a group is one number, not one for each column");
      return fixOf("Name the method", doubts, [replace(fn.given, `"${name}"`)]);
    }
    if (["rolling", "expanding"].includes(grouped.call.method))
      return fixOf("Call the method", doubts, [replace(call.node, `${call.object.text}.${name}()`)]);
    if (RUNNING.has(name)) return declined("apply and the method may label the rows differently");
    if (call.args.length !== 1 || call.keywords.size > 0) return declined("other arguments are given");
    const whole = work.column === undefined ? "" : `[${work.column}]`;
    if (whole === "" && !isColumn(grouped)) return declined("the grouping column is treated differently");
    if (whole !== "" && grouped.columns) return declined("columns are chosen already");
    return fixOf("Call the method", doubts, [replace(call.node, `${call.object.text}${whole}.${name}()`)]);
  },
});

/** One group for each year, month or hour: the function is called a handful of times. */
function isByCalendar(call: MethodCall): boolean {
  if (call.method !== "groupby") return false;
  const given = argumentOf(call, "by", 0);
  const [only, more] = given?.kind === "list" ? given.children : [given];
  if (!only || more) return false;
  return CALENDAR.test(textValue(only) ?? asAttribute(only)?.name ?? "");
}

const CALENDAR = /^(?:year|quarter|month|week_?day|day_?of_?week|hour|season|decade)$/i;

/** A function of Python's or NumPy's, for which older releases put the method of the same name. */
const isSwapped = ({ given }: GivenFunction, { method }: MethodCall, isWindow: boolean): boolean =>
  !isWindow && /^agg/.test(method) && /^(?:(?:np|numpy)\.)?(?:min|max|sum|mean|median|std|var|prod)$/.test(given.text);

/** `x.shift(7)` of `transform`, which gives a value for each row as the groups' own method does. */
function stepsFix(call: MethodCall, fn: GivenFunction, steps: Steps, grouped: Grouped): Fix | Declined {
  const [only, more] = steps.calls;
  if (!only || more || steps.test || only.method !== "shift" || call.method !== "transform")
    return declined("the groups give their results in another order or under other labels");
  if (grouped.evidence === "fair") return declined("it is not certain to be a pandas frame");
  if (!isColumn(grouped)) return declined("the grouping column is treated differently");
  if (hasComments(call.node)) return declined("a comment would be lost");
  if (fn.def) return declined("the function is written elsewhere");
  return fixOf(
    "Call the method",
    ["rows without a group are treated differently"],
    [replace(call.node, `${call.object.text}.${only.text}`)],
  );
}

/** One column is chosen, by a text. */
function isColumn({ columns }: Grouped): boolean {
  return columns !== undefined && textValue(columns) !== undefined;
}

/** The functions that are called for groups: the argument, those in a list or dict, those of `name=(column, function)`. */
function functionsIn({ method, args, keywords, hasSplat }: MethodCall): readonly Node[] {
  if (hasSplat || args.length > 1) return [];
  const [first] = args;
  const only = first ?? keywords.get("func");
  if (only) {
    const given = unwrap(only);
    if (method === "apply" || method === "transform") return keywords.size === (first ? 0 : 1) ? [given] : [];
    if (given.kind === "list") return given.children;
    if (given.kind === "dictionary")
      return given.children.flatMap((it) => {
        const value = it.kind === "pair" ? it.field("value") : undefined;
        return value?.kind === "list" ? value.children : value ? [value] : [];
      });
    return [given];
  }
  if (method === "apply" || method === "transform") return [];
  return [...keywords.values()].flatMap((it) => {
    const pair = unwrap(it);
    return pair.kind === "tuple" && pair.children.length === 2 ? [pair.children[1]!] : [];
  });
}

/** What is done with a group one after another, where each of it can be done with all groups. */
interface Steps {
  /** The test of the values that comes first, as written. */
  readonly test: string | undefined;
  readonly calls: readonly Step[];
}

interface Step {
  readonly method: string;
  /** `shift(28)`, `rolling(7).mean()`. */
  readonly text: string;
}

function advice({ test, calls }: Steps, isPart = false): string {
  const [first, second] = calls;
  if (isPart) {
    const before = test === undefined ? "" : "test the whole column first, ";
    const again = second ? `, group the result again for \`.${excerpt(second.text, 40)}\`` : "";
    return `${before}take \`.${excerpt(first!.text, 40)}\` of all groups at once${again}, and do the rest with whole columns`;
  }
  if (test !== undefined) return `test the whole column first, and take \`.${first!.text}\` of the groups`;
  return second
    ? `take \`.${excerpt(first!.text, 40)}\` of all groups first, and group the result again for \`.${excerpt(second.text, 40)}\``
    : `\`.${excerpt(first!.text, 40)}\` of the groups does the same for all of them in one pass`;
}

/** Methods of groups with arguments that say how. */
const WITH_ARGUMENTS = new Set(["shift", "diff", "pct_change", "rank", "quantile", "nth", "cumsum", "ffill", "bfill"]);
const WINDOWS = new Set(["rolling", "expanding", "ewm"]);
const TESTS = new Set(["isna", "isnull", "notna", "notnull", "eq", "ne", "gt", "ge", "lt", "le", "isin"]);

/** `x.shift(28)`, `x.rolling(7).mean()`, `x.shift(1).rolling(7).mean()`, `x.isnull().sum()`, `(x > 0).mean()`. */
function stepsIn(body: Node, group: string, facts: Facts): Steps | undefined {
  const calls: Step[] = [];
  let node = unwrap(body);
  let test: string | undefined;
  const share = shareOf(node, group, facts);
  if (share) return { test, calls: [share] };
  const fraction = fractionOf(node, group, facts);
  if (fraction) return fraction;
  for (let count = 0; count < 5; count++) {
    if (node.kind === "identifier" && node.text === group) break;
    const inner = testedIn(node, group);
    if (inner) {
      test = excerpt(node.text, 30);
      break;
    }
    const method = asMethodCall(node);
    if (!method || method.hasSplat || /\n/.test(method.node.text)) return undefined;
    const given = [...method.args, ...method.keywords.values()];
    if (given.some((it) => it.text === group || it.identifiers(group).length > 0)) return undefined;
    const text = `${method.method}${method.node.field("arguments")?.text ?? "()"}`;
    const window =
      OF_WINDOWS.has(method.method) || method.method === "quantile" ? asMethodCall(unwrap(method.object)) : undefined;
    if (window && WINDOWS.has(window.method)) {
      const how = [...window.args, ...window.keywords.values()];
      if (window.hasSplat || how.some((it) => it.identifiers(group).length > 0)) return undefined;
      calls.unshift({
        method: window.method,
        text: `${window.method}${window.node.field("arguments")?.text ?? "()"}.${text}`,
      });
      node = unwrap(window.object);
      continue;
    }
    const isLast = calls.length === 0;
    const isKnown =
      WITH_ARGUMENTS.has(method.method) || (isLast && REDUCTIONS.has(method.method) && given.length === 0);
    if (!isKnown) return undefined;
    calls.unshift({ method: method.method, text });
    node = unwrap(method.object);
  }
  const [first, second, more] = calls;
  if (!first || more || (test !== undefined && (second || !/^(sum|mean|any|all)$/.test(first.method))))
    return undefined;
  return node.kind === "identifier" || test !== undefined ? { test, calls } : undefined;
}

/** `np.percentile(x, 90)` is the quantile of each group. */
function shareOf(node: Node, group: string, facts: Facts): Step | undefined {
  const call = asCall(node);
  const [values, share, more] = call?.args ?? [];
  const name = call && facts.nameOf(call.callee);
  const [, kind] = /^numpy\.(?:nan)?(percentile|quantile)$/.exec(name ?? "") ?? [];
  if (!call || !kind || !values || !share || more || call.keywords.size > 0 || call.hasSplat) return undefined;
  if (values.text !== group || !isConstant(share)) return undefined;
  // 33.3 / 100 is 0.33299999999999996.
  const text = kind === "quantile" ? share.text : String(Number((Number(share.text) / 100).toPrecision(12)));
  return { method: "quantile", text: `quantile(${text})` };
}

/** `(x > 0).sum() / len(x)`, `sum(x > 0) / x.size`: the share of the values that pass a test is its mean. */
function fractionOf(node: Node, group: string, facts: Facts): Steps | undefined {
  const quotient = asBinary(node);
  if (quotient?.operator !== "/") return undefined;
  const counted = asCall(unwrap(quotient.left));
  const name = counted && facts.nameOf(counted.callee);
  const method = name === undefined && counted ? asMethodCall(counted.node, "sum") : undefined;
  const isSum = /^(?:builtins|numpy)\.sum$/.test(name ?? "") && counted?.args.length === 1;
  const passed = isSum ? counted.args[0] : method && method.args.length === 0 ? method.object : undefined;
  if (!passed || counted!.keywords.size > 0 || !testedIn(passed, group)) return undefined;
  const all = unwrap(quotient.right);
  const length = asCall(all);
  const isAll =
    (length && facts.nameOf(length.callee) === "builtins.len" && length.args[0]?.text === group) ||
    all.text === `${group}.size` ||
    all.text === `${group}.shape[0]`;
  if (!isAll) return undefined;
  return { test: excerpt(unwrap(passed).text, 30), calls: [{ method: "mean", text: "mean()" }] };
}

/** `x.isnull()`, `x > 0`: a test of each value by something that is the same for all groups. */
function testedIn(part: Node, group: string): boolean {
  const node = unwrap(part);
  const method = asMethodCall(node);
  const isGroup = (it: Node) => groupPart(it, group) !== undefined;
  if (method)
    return (
      TESTS.has(method.method) &&
      isGroup(method.object) &&
      [...method.args, ...method.keywords.values()].every((it) => it.identifiers(group).length === 0 && !isGroup(it))
    );
  const comparison = asComparison(node);
  return (
    comparison !== undefined &&
    /^[<>=!]=?$/.test(comparison.operator) &&
    isGroup(comparison.left) &&
    isConstant(unwrap(comparison.right))
  );
}

interface GroupWork {
  /** Steps that are more than one bare method. */
  readonly steps?: Steps;
  /** They are a part of it; the rest is done to each value by itself. */
  readonly isPart?: boolean;
  /** The methods whose results it is made of. */
  readonly uses: readonly string[];
  /** It is nothing but one of them. */
  readonly isWhole: boolean;
  /** The one column it takes of a group that is a frame, as written. */
  readonly column: string | undefined;
  /** The method leaves out missing values, which the function does not. */
  readonly skips: boolean;
  /** The function makes an int, float or bool of it. */
  readonly isConverted?: boolean;
}

function workOf(
  given: Node,
  call: MethodCall,
  facts: Facts,
): { readonly fn: GivenFunction; readonly work: GroupWork } | undefined {
  const node = unwrap(given);
  if (!["lambda", "identifier", "attribute"].includes(node.kind)) return undefined;
  const fn = functionGiven(node, facts);
  // Before pandas 3 these functions were taken for the methods.
  const named =
    fn?.name === undefined || facts.hasLibrary("pandas", "3.0") === "no" ? undefined : FUNCTIONS.get(fn.name);
  if (fn && named !== undefined)
    return named === "size" && call.method === "transform"
      ? undefined
      : { fn, work: { uses: [named], isWhole: true, column: undefined, skips: fn.name!.startsWith("builtins.") } };
  if (!fn || fn.parameter === undefined) return undefined;
  const set = call.method === "apply" ? setColumns(fn, facts) : [];
  if (set.length > 0) return { fn, work: { uses: set, isWhole: false, column: undefined, skips: false } };
  const [only, more] = fn.cases;
  if (!only || more) return undefined;
  const value = bareValue(only.value, facts);
  const work = groupWork(value, fn.parameter, facts);
  if (work) return { fn, work: { ...work, isConverted: value !== unwrap(only.value) } };
  const steps = stepsIn(value, fn.parameter, facts);
  if (steps) return { fn, work: { uses: [], isWhole: false, column: undefined, skips: false, steps } };
  const part = combinedWork(value, fn.parameter, facts);
  return part && { fn, work: part };
}

/** `float(x.mean())`: what is made a number of Python's goes into a column again. */
function bareValue(value: Node, facts: Facts): Node {
  const node = unwrap(value);
  const call = asCall(node);
  const [only, more] = call?.args ?? [];
  const isNumber = call && /^builtins\.(?:float|int|bool)$/.test(facts.nameOf(call.callee) ?? "");
  return isNumber && only && !more && call.keywords.size === 0 ? unwrap(only) : node;
}

/** What a function does with a group; undefined where it does anything that groups have no method for. */
function groupWork(body: Node, group: string, facts: Facts): GroupWork | undefined {
  const single = resultOf(body, group, facts);
  if (single) return { uses: [single.name], isWhole: true, column: single.column, skips: single.skips };
  const uses = new Set<string>();
  let isSound = true;
  const look = (part: Node): void => {
    const node = unwrap(part);
    const result = resultOf(node, group, facts);
    const binary = asBinary(node);
    const filled = asMethodCall(node, "fillna");
    if (result && !result.column && REDUCTIONS.has(result.name)) uses.add(result.name);
    else if (binary && /^(\+|-|\*|\/|\*\*)$/.test(binary.operator)) [binary.left, binary.right].forEach(look);
    else if (filled && filled.args.length === 1 && filled.keywords.size === 0)
      [filled.object, filled.args[0]!].forEach(look);
    else if (node.kind !== "integer" && node.kind !== "float" && !(node.kind === "identifier" && node.text === group))
      isSound = false;
  };
  look(body);
  return isSound && uses.size > 0 ? { uses: [...uses], isWhole: false, column: undefined, skips: false } : undefined;
}

/** `x.shift(1).rolling(7).mean() * 100`, `x.diff().abs()`, `x.rolling(7).std() / x.mean()`: what groups have methods for, put together value by value. */
function combinedWork(body: Node, group: string, facts: Facts): GroupWork | undefined {
  const found: Steps[] = [];
  const isSound = (part: Node): boolean => {
    const node = unwrap(part);
    if (node.identifiers(group).length === 0 && node.text !== group) return true;
    if (node.kind === "identifier") return true;
    const result = resultOf(node, group, facts);
    if (result) {
      found.push({ test: undefined, calls: [{ method: result.name, text: `${result.name}()` }] });
      return result.column === undefined;
    }
    const steps = stepsIn(node, group, facts);
    if (steps) return found.push(steps) > 0;
    const binary = asBinary(node);
    if (binary) return !binary.node.hasToken("@") && isSound(binary.left) && isSound(binary.right);
    const comparison = asComparison(node);
    if (comparison)
      return /^[<>=!]=?$/.test(comparison.operator) && isSound(comparison.left) && isSound(comparison.right);
    if (node.kind === "unary_operator") return isSound(node.field("argument")!);
    const method = asMethodCall(node);
    // `fillna(method="ffill")` looks at the rows before, which may be of another group.
    if (method && EACH.has(method.method) && !method.keywords.has("method"))
      return !method.hasSplat && [method.object, ...method.args, ...method.keywords.values()].every(isSound);
    const call = asCall(node);
    return (
      call !== undefined &&
      !call.hasSplat &&
      EACH_BY_NUMPY.test(facts.nameOf(call.callee) ?? "") &&
      call.keywords.size === 0 &&
      call.args.every(isSound)
    );
  };
  const isWhole = isSound(body);
  const [first] = found;
  return isWhole && first
    ? { uses: [], isWhole: false, column: undefined, skips: false, steps: first, isPart: true }
    : undefined;
}

/** Methods that work on each value by itself, so that a group or the whole column is the same to them. */
const EACH = new Set("abs round clip fillna astype add sub mul div mod pow eq ne gt ge lt le isna notna".split(" "));
const EACH_BY_NUMPY =
  /^numpy\.(?:abs|absolute|log|log2|log10|log1p|exp|expm1|sqrt|square|sign|tanh|maximum|minimum|clip|round|isnan|isfinite|where)$/;

interface Result {
  readonly name: string;
  readonly column: string | undefined;
  readonly skips: boolean;
}

/** `x.sum()`, `x["c"].sum()`, `x["c"].values.sum()` is none, `np.mean(x)`, `len(x)`, `x.iloc[0]`, `len(x.unique())`. */
function resultOf(node: Node, group: string, facts: Facts): Result | undefined {
  const method = asMethodCall(node);
  const isBare = method !== undefined && method.args.length === 0 && method.keywords.size === 0 && !method.hasSplat;
  if (method) {
    const of =
      isBare && (REDUCTIONS.has(method.method) || RUNNING.has(method.method))
        ? groupPart(method.object, group)
        : undefined;
    if (of) return { name: method.method, column: of.column, skips: false };
  }
  const call = asCall(node);
  const [value, more] = call?.args ?? [];
  if (!call || !value || more || call.keywords.size > 0 || call.hasSplat) return undefined;
  const name = FUNCTIONS.get(facts.nameOf(call.callee) ?? "");
  if (name === undefined) return undefined;
  const distinct = name === "size" ? asMethodCall(unwrap(value), "unique") : undefined;
  if (distinct && distinct.args.length === 0) {
    const of = groupPart(distinct.object, group);
    return of && { name: "nunique", column: of.column, skips: true };
  }
  const of = groupPart(value, group);
  return (
    of && { name, column: of.column, skips: facts.nameOf(call.callee)!.startsWith("builtins.") && name !== "size" }
  );
}
