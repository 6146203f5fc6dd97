/** `[x.iloc[i - n : i].mean() for i in range(n, len(x))]`: a moving window that is cut out and worked out anew in each turn. */

import {
  asAssignment,
  asAttribute,
  asBinary,
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fillingOf,
  fixOf,
  frameEvidence,
  growthWeight,
  hasComments,
  importModule,
  insteadOfFilling,
  integerOf,
  isCompiled,
  isPandasAlone,
  isQuick,
  nameAtRoot,
  onlyStatement,
  replace,
  seriesEvidence,
  textValue,
  unwrap,
  useOf,
  wrapped,
  type Edit,
  type Evidence,
  type Facts,
  type File,
  type Node,
} from "../../analysis/authoring.js";

/** What a window is boiled down to, under the name that `rolling` has for it. */
const REDUCTIONS = new Set(["mean", "std", "var", "sum", "max", "min", "median"]);
/** The same as functions. */
const FUNCTIONS = new Map<string, string>([
  ...["mean", "std", "var", "sum", "max", "min", "median"].map((it): [string, string] => [`numpy.${it}`, it]),
  ...["ptp", "prod", "percentile", "quantile", "nanmax", "nanmin", "nansum", "nanmedian", "dot", "inner", "vdot"].map(
    (it): [string, string] => [`numpy.${it}`, it],
  ),
  ["numpy.linalg.norm", "norm"],
  ["numpy.nanmean", "mean"],
  ["numpy.nanstd", "std"],
  ["numpy.amax", "max"],
  ["numpy.amin", "min"],
  ["statistics.mean", "mean"],
  ["statistics.fmean", "mean"],
  ["builtins.sum", "sum"],
  ["builtins.max", "max"],
  ["builtins.min", "min"],
]);

/** They take a second array or a share. */
const OF_TWO = new Set(["percentile", "quantile", "dot", "inner", "vdot"]);
/** Functions that work on each value by itself. */
const ELEMENTWISE =
  /^numpy\.(abs|absolute|square|sqrt|exp|log|log2|log10|log1p|power|subtract|multiply|minimum|maximum|sign)$/;

export default defineRule({
  title: "Moving window worked out by hand",
  why: "Each turn cuts a window out, makes an object of it and goes through all of its values again. rolling of pandas keeps what it knows and moves on by one value, and sliding_window_view gives all windows of an array at once, both in compiled code.",
  guide: "pandas",
  level: "warning",
  differs: { light: "off" },
  gain: "time",
  imports: ["pandas", "numpy"],
  orWords: ["iloc"],
  overrides: ["iteration/append-in-loop", "numpy/elementwise-loop", "generators/accumulator-returned"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def smoothed(prices: pd.Series, days: int) -> list[float]:
    return [prices.iloc[i - days : i].mean() for i in range(days, len(prices) + 1)]
`,
      after: `
import pandas as pd

def smoothed(prices: pd.Series, days: int) -> list[float]:
    return prices.rolling(days).mean().iloc[days - 1:].tolist()
`,
    },
  ],

  on: ["subscript"],
  within: "loop",

  find(node, { facts }) {
    const window = facts.isTest ? undefined : windowOf(node, facts);
    const asked = window && askedOf(node, window.loop, facts);
    const evidence = asked && evidenceOf(window, asked, facts);
    if (!window || !asked || !evidence || isWrittenIn(window, asked, facts) || isCompiled(node, facts))
      return undefined;
    const region = asFor(window.loop)?.body ?? window.loop.parent!;
    const loops = facts.loopsAround(node).filter((it) => it === window.loop || window.loop.isInside(it));
    const turns = growthWeight(node, loops, facts);
    const isAlone = region
      .descendants("call")
      .every((it) => it === asked.call || it.isInside(asked.call) || isQuick(asCall(it), facts));
    return {
      at: node,
      construct: asked.call,
      evidence,
      weight:
        turns === "light"
          ? ("light" as const)
          : isAlone &&
              !asked.isWorkedOn &&
              !asked.isOneOfSeveral &&
              (turns === "heavy" || rangeOf(window.loop, facts)?.stopText.includes("len("))
            ? ("heavy" as const)
            : ("unknown" as const),
      window,
      asked,
    };
  },

  message: ({ window, asked }) =>
    `\`${excerpt(window.node.text, 45)}\` is cut out and gone through in every turn; ${
      window.isTable && REDUCTIONS.has(asked.name) && !asked.isWorkedOn
        ? `\`.rolling(…).${asked.name}()\``
        : window.low
          ? "sliding_window_view"
          : `\`rolling(…${window.isCutBehind ? ", center=True" : ""}, min_periods=1)\` of pandas`
    } works on all windows at once${window.low || window.isTable ? "" : `, those cut short at the ${window.isCutBehind ? "ends" : "start"} too`}.`,

  fix({ window, asked, evidence }, file) {
    const { facts } = file;
    const { loop, source, index } = window;
    if (evidence === "fair") return declined("it is not certain what the windows are taken from");
    if (hasComments(asFor(loop)?.node ?? loop.parent!)) return declined("a comment would be lost");
    const width = widthOf(window);
    const range = rangeOf(loop, facts);
    if (width === undefined || !range) return declined("the windows do not all have one width");
    // The first window begins at the first value; the last one ends so many values before the end.
    const first = window.low && plus(window.low, range.start, index);
    const last = plus(plus(window.high, range.stop, index), linearOf(undefined, facts, -1));
    const left = last && plus(last, new Map([[`len ${source.text}`, -1]]));
    const behind = left && (left.size === 0 ? 0 : left.size === 1 ? left.get("") : undefined);
    if (!first || first.size > 0 || behind === undefined || behind > 0)
      return declined("where the first and the last window lie is not plain");
    const isNumber = /^\d+$/.test(width);
    const cut = behind === 0 ? "" : String(behind);
    const values = asked.isBuiltin ? undefined : windowsOf(window, asked.name, width, cut, isNumber, file, asked.node);
    if (!values) return declined("no form of it for all windows is certain");
    const doubts = [
      "floats are added in another order",
      "whole numbers become floats",
      window.isTable
        ? "a missing or infinite value in a window gives NaN"
        : "there must be as many values as a window has, along one axis",
      !isNumber && `\`${width}\` must be at least 1`,
    ];
    const comprehension = asComprehension(loop.parent);
    if (comprehension) {
      if (comprehension.kind !== "list" || comprehension.clauses.length > 1 || comprehension.conditions.length > 0)
        return declined("windows are left out");
      if (unwrap(comprehension.element) !== asked.node) return declined("each turn does more with the window");
      return fixOf(
        "Work on all windows at once",
        [...doubts, PLAIN],
        [...values.edits, replace(comprehension.node, `${values.text}.tolist()`)],
      );
    }
    const filling = fillingOf(loop, facts);
    if (filling?.kind === "list" && !filling.otherwise && filling.gathering.clauses.length === 1) {
      if (unwrap(filling.item.value) !== asked.node) return declined("each turn does more with the window");
      const edits = insteadOfFilling(filling, `${values.text}.tolist()`);
      return edits
        ? fixOf("Work on all windows at once", [...doubts, PLAIN], [...values.edits, ...edits])
        : declined("a comment would be lost");
    }
    const { body, orElse } = asFor(loop)!;
    const only = asAssignment(onlyStatement(body));
    const [target, more] = only?.targets ?? [];
    const stored = asSubscript(target);
    if (!only?.value || unwrap(only.value) !== asked.node || !stored || more || orElse)
      return declined("each turn does more with the window");
    if (stored.indices.length !== 1 || stored.indices[0]!.text !== index || !facts.isA(stored.value, "numpy.ndarray"))
      return declined("what is stored is not certain to be an array");
    const place = `${stored.value.text}[${range.startText === "0" ? "" : range.startText}:${range.stopText}]`;
    return fixOf(
      "Work on all windows at once",
      [...doubts, `\`${index}\` is not set`],
      [...values.edits, replace(loop, `${place} = ${values.text}${window.isTable ? ".to_numpy()" : ""}`)],
    );
  },
});

const PLAIN = "the numbers are those of Python, not of NumPy";

/** A sum of names, each so many times; what stands under the empty name is a number. */
type Linear = ReadonlyMap<string, number>;

interface Window {
  readonly node: Node;
  /** What it is cut out of, without `iloc`. */
  readonly source: Node;
  /** By way of `iloc`, or of a Series or frame itself. */
  readonly isTable: boolean;
  readonly hasIloc: boolean;
  readonly loop: Node;
  /** The name that moves the window. */
  readonly index: string;
  /** Undefined for `max(0, i - n)`, and for windows that are cut short at the end. */
  readonly low: Linear | undefined;
  readonly high: Linear;
  /** `min(len(x), i + n)`. */
  readonly isCutBehind: boolean;
}

interface Asked {
  /** The whole of it: `x[a:b].mean()`. */
  readonly node: Node;
  readonly call: Node;
  readonly name: string;
  /** Of the form that has no fix: by a built-in, by way of a name, or of what is worked out of the window first. */
  readonly isBuiltin: boolean;
  /** `np.sum(np.abs(x[a:b] - y))`. */
  readonly isWorkedOn?: boolean;
  /** The columns of a frame that are asked for: all that count. */
  readonly columns?: readonly string[];
  /** More is done with the window than that. */
  readonly isOneOfSeveral?: boolean;
}

/** `x[i - n : i]`, `x.iloc[i : i + n]`, `x[max(0, i - n) : i]`, where a loop counts `i`. */
function windowOf(node: Node, facts: Facts): Window | undefined {
  const subscript = asSubscript(node);
  const [slice, more] = subscript?.indices ?? [];
  if (!subscript || !slice || more || slice.kind !== "slice") return undefined;
  // `x[a:b]`: both ends, and no step.
  const [lower, upper, step] = slice.children;
  if (!lower || !upper || step || /^\s*:|:\s*:/.test(slice.text)) return undefined;
  const via = asAttribute(subscript.value);
  const hasIloc = via?.name === "iloc";
  const source = unwrap(hasIloc ? via.object : subscript.value);
  const inner = new Set<string>();
  for (const around of facts.loopsAround(node)) {
    const clauses = around.children.filter((it) => it.kind === "for_in_clause");
    const loop = clauses.length === 1 ? clauses[0]! : around;
    const index = counterOf(loop, facts);
    if (index === undefined) return undefined;
    // `start = max(0, i - n)` in the turn.
    const from = namedBound(lower, index, loop, facts);
    const to = namedBound(upper, index, loop, facts);
    if (!mentions(to, index) && !mentions(from, index)) {
      inner.add(index);
      continue;
    }
    const low = linearOf(from, facts);
    const lowest = low ?? linearOfClipped(from, "max", facts);
    const whole = linearOf(to, facts);
    const high = whole ?? linearOfClipped(to, "min", facts);
    if (!high || !lowest || high.get(index) !== 1 || lowest.get(index) !== 1) return undefined;
    // `x[k:k + 1]` is one value; a width that another loop changes is no moving window.
    const width = difference(high, lowest);
    if (width.size === 0 || (width.size === 1 && width.has("") && (width.get("") ?? 0) < 2)) return undefined;
    if ([...width.keys()].some((it) => it !== "" && (inner.has(it) || isBoundIn(it, loop)))) return undefined;
    if (mentions(source, index) || isInSteps(loop, width)) return undefined;
    return {
      node,
      source,
      isTable: hasIloc || seriesEvidence(source, facts) !== undefined,
      hasIloc,
      loop,
      index,
      low: whole && low,
      high,
      isCutBehind: !whole,
    };
  }
  return undefined;
}

/** What stands under the name of an end of the window, if the turn works it out of the counter. */
function namedBound(end: Node, index: string, loop: Node, facts: Facts): Node {
  const value = end.kind === "identifier" && end.text !== index ? facts.valueOf(end) : undefined;
  const body = asFor(loop)?.body;
  return value && body && value.isInside(body) && mentions(value, index) ? unwrap(value) : end;
}

/** `i - n` of `max(0, i - n)`, `i + n` of `min(len(x), i + n)`. */
function linearOfClipped(node: Node, by: "max" | "min", facts: Facts): Linear | undefined {
  const call = asCall(node);
  if (call?.callee.text !== by || call.args.length !== 2) return undefined;
  const isEnd = (it: Node) =>
    by === "max"
      ? integerOf(it) === 0
      : [...(linearOf(it, facts)?.keys() ?? [])].some((name) => name.startsWith("len "));
  const end = call.args.findIndex(isEnd);
  return end < 0 ? undefined : linearOf(call.args[1 - end], facts);
}

/** `range(0, len(x), n)`: each part for itself, or far apart. */
function isInSteps(loop: Node, width: Linear): boolean {
  const step = asCall(unwrap(loop.field("right")!))?.args[2];
  const wide = [...width].map(([name, times]) => (name === "" ? String(times) : name)).join("+");
  return step !== undefined && (integerOf(step) === undefined ? true : wide === step.text);
}

function isBoundIn(name: string, loop: Node): boolean {
  const region = asFor(loop)?.body ?? loop;
  return region.identifiers(name).some((it) => it.fieldName === "left" && it.parent?.kind !== "binary_operator");
}

const mentions = (node: Node, name: string): boolean =>
  (node.kind === "identifier" && node.text === name) || node.identifiers(name).length > 0;

/** What a `for` over a `range` or `enumerate` counts with. */
function counterOf(loop: Node, facts: Facts): string | undefined {
  const [target, items] = [loop.field("left"), loop.field("right")];
  const call = asCall(items && unwrap(items));
  const name = call && facts.nameOf(call.callee);
  const counted = name === "builtins.enumerate" ? target?.children.find((it) => it.isNamed) : target;
  if (
    name !== "builtins.range" &&
    name !== "builtins.enumerate" &&
    !/(^|\.)(tqdm|trange|prange)$/.test(call?.callee.text ?? "")
  )
    return undefined;
  return counted?.kind === "identifier" ? counted.text : undefined;
}

/** Sums and differences of names, whole numbers and lengths; undefined for anything else. Without a node the number alone. */
function linearOf(node: Node | undefined, facts: Facts, number = 0, depth = 0): Linear | undefined {
  if (!node) return number === 0 ? new Map() : new Map([["", number]]);
  const it = unwrap(node);
  const value = integerOf(it);
  if (value !== undefined) return value === 0 ? new Map() : new Map([["", value]]);
  const measured = lengthOf(it);
  if (measured) return new Map([[`len ${measured.text}`, 1]]);
  if (it.kind === "identifier") {
    const held = depth < 2 ? facts.valueOf(it) : undefined;
    return held && lengthOf(unwrap(held)) ? linearOf(held, facts, 0, depth + 1) : new Map([[it.text, 1]]);
  }
  if (it.kind === "attribute") return new Map([[it.text, 1]]);
  const sum = asBinary(it);
  if (!sum || (sum.operator !== "+" && sum.operator !== "-")) return undefined;
  const [left, right] = [linearOf(sum.left, facts, 0, depth), linearOf(sum.right, facts, 0, depth)];
  return left && right && (sum.operator === "+" ? added(left, right, 1) : added(left, right, -1));
}

/** `x` of `len(x)`, `x.shape[0]`, `x.size`. */
function lengthOf(node: Node): Node | undefined {
  const call = asCall(node);
  if (call) return call.callee.text === "len" && call.args.length === 1 ? call.args[0] : undefined;
  const size = asAttribute(node);
  if (size) return size.name === "size" ? size.object : undefined;
  const rows = asSubscript(node);
  const shape = asAttribute(rows?.value);
  return shape?.name === "shape" && integerOf(rows?.indices[0]) === 0 ? shape.object : undefined;
}

function added(left: Linear, right: Linear, sign: number): Linear {
  const sum = new Map(left);
  for (const [name, times] of right) {
    const all = (sum.get(name) ?? 0) + sign * times;
    if (all === 0) sum.delete(name);
    else sum.set(name, all);
  }
  return sum;
}

const difference = (left: Linear, right: Linear): Linear => added(left, right, -1);

/** With the value of a name put in, if one is named. */
function plus(left: Linear | undefined, right: Linear | undefined, name?: string): Linear | undefined {
  if (!left || !right) return undefined;
  if (name === undefined) return added(left, right, 1);
  const rest = new Map(left);
  rest.delete(name);
  return added(rest, right, 1);
}

/** As text: a number or one name. */
function widthOf({ low, high }: Window): string | undefined {
  const width = low && difference(high, low);
  const [only, more] = width ? [...width] : [];
  if (!only || more) return undefined;
  const [name, times] = only;
  return name === ""
    ? times > 1
      ? String(times)
      : undefined
    : times === 1 && !name.startsWith("len ")
      ? name
      : undefined;
}

function rangeOf(loop: Node, facts: Facts) {
  const call = asCall(unwrap(loop.field("right")!));
  if (!call || facts.nameOf(call.callee) !== "builtins.range" || call.args.length > 2) return undefined;
  const [from, to] = call.args.length === 2 ? call.args : [undefined, call.args[0]];
  return {
    start: linearOf(from, facts),
    stop: to && linearOf(to, facts),
    startText: from?.text ?? "0",
    stopText: to?.text ?? "",
  };
}

/** What the turn asks of the window: of it directly, or of the name that it is given. */
function askedOf(node: Node, loop: Node, facts: Facts): Asked | undefined {
  const use = useOf(node);
  if (use.kind === "method")
    return REDUCTIONS.has(use.name ?? "") && use.call && asCall(use.call)!.args.length === 0
      ? { node: use.call, call: use.call, name: use.name!, isBuiltin: false }
      : undefined;
  if (use.kind === "argument" && use.call) {
    const call = asCall(use.call)!;
    const name = facts.nameOf(call.callee);
    const reduction = name === undefined ? undefined : FUNCTIONS.get(name);
    // Of rows that are vectors each turn has much to do, and `rolling` is slower.
    if (call.keywords.get("axis")?.text === "0") return undefined;
    if (name !== undefined && ELEMENTWISE.test(name)) return workedOn(use.call, loop, facts);
    if (reduction === undefined || (OF_TWO.has(reduction) ? call.args.length !== 2 : call.args.length !== 1))
      return undefined;
    return call.args[0] === node || OF_TWO.has(reduction)
      ? {
          node: use.call,
          call: use.call,
          name: reduction,
          isBuiltin: !name!.startsWith("numpy.") || !REDUCTIONS.has(reduction),
        }
      : undefined;
  }
  if (use.kind === "operand" && use.in.kind !== "comparison_operator" && use.in.kind !== "boolean_operator")
    return workedOn(use.in, loop, facts);
  // `df.iloc[a:b]["close"].mean()`, `x.iloc[a:b].values.mean()`.
  const column = use.kind === "subscript" ? textValue(asSubscript(use.in)?.indices[0]) : undefined;
  if (column !== undefined) {
    const asked = askedOf(use.in, loop, facts);
    return asked && { ...asked, isBuiltin: true, columns: [column] };
  }
  if (use.kind === "attribute" && /^values$/.test(asAttribute(use.in)?.name ?? "")) {
    const asked = askedOf(use.in, loop, facts);
    return asked && { ...asked, isBuiltin: true };
  }
  const assignment = asAssignment(wrapped(node).parent);
  const [target, more] = assignment?.targets ?? [];
  if (target?.kind !== "identifier" || more || assignment?.value !== node) return undefined;
  // One value of the window is read beside what it is boiled down to: `max(window) - window[0]`.
  const reads = facts.readsSeeing(target).filter((it) => !isOneValue(it));
  const all = reads.map((it) => (it.kind === "identifier" ? askedOfRead(it, loop, facts) : undefined));
  const first = all.find((it) => it !== undefined);
  if (!first) return undefined;
  if (all.every((it) => it !== undefined))
    return {
      ...first,
      isBuiltin: true,
      columns: all.every((it) => it.columns) ? all.flatMap((it) => it.columns!) : [],
    };
  // A frame for each row, of which columns are boiled down beside what else is done with it.
  const columns = all.flatMap((it) => it?.columns ?? []);
  return asAttribute(asSubscript(node)?.value)?.name === "iloc" && first.columns
    ? { ...first, isBuiltin: true, columns, isOneOfSeveral: true }
    : undefined;
}

/** `x[a:b] - y`, `np.abs(x[a:b])`: what the turn asks of that. */
function workedOn(whole: Node, loop: Node, facts: Facts): Asked | undefined {
  const asked = askedOf(wrapped(whole), loop, facts);
  return asked &&
    asked.name !== "max" &&
    asked.name !== "min" &&
    !facts.nameOf(asCall(asked.node)?.callee ?? whole)?.startsWith("builtins.")
    ? { ...asked, isBuiltin: true, isWorkedOn: true }
    : undefined;
}

function isOneValue(read: Node): boolean {
  const use = useOf(read);
  return use.kind === "subscript" && integerOf(asSubscript(use.in)?.indices[0]) !== undefined;
}

function askedOfRead(read: Node, loop: Node, facts: Facts): Asked | undefined {
  const use = useOf(read);
  // A test of its length, or of its being empty.
  if (use.kind === "argument" || use.kind === "method" || use.kind === "subscript") return askedOf(read, loop, facts);
  return undefined;
}

function evidenceOf({ source, hasIloc, loop }: Window, { node }: Asked, facts: Facts): Evidence | undefined {
  const array = facts.takenFor(source, "array", "fair");
  const table = seriesEvidence(source, facts) ?? frameEvidence(source, facts);
  if (hasIloc) return table ?? (isPandasAlone(facts) ? "strong" : undefined);
  if (table || array) return table ?? array;
  if (facts.typed(source, "fair")) return undefined;
  // A function of NumPy is given it: an array mostly, else a list of numbers.
  // So is what a loop goes through to its end, beside the tables or arrays of the file.
  return facts.nameOf(asCall(node)?.callee ?? node)?.startsWith("numpy.") ||
    rangeOf(loop, facts)?.stopText.includes(`len(${source.text})`)
    ? "fair"
    : undefined;
}

/** The values are worked out from those of the turn before. */
function isWrittenIn({ source, loop }: Window, { columns = [] }: Asked, facts: Facts): boolean {
  const region = asFor(loop)?.body;
  if (!region) return false;
  const root = nameAtRoot(source);
  if (!root) return true;
  if (facts.writesOf(root, region).length > 0) return true;
  return facts.readsOf(root, region).some((it) => {
    const use = useOf(it);
    if (columns.length > 0 && setsOtherColumn(it, columns)) return false;
    return (
      use.kind === "subscript-store" ||
      (use.kind === "subscript" && isTarget(use.in)) ||
      (use.kind === "attribute" && isTarget(asSubscript(use.in.parent)?.node)) ||
      (use.kind === "method" && /^(append|extend|insert|pop|update|appendleft)$/.test(use.name ?? ""))
    );
  });
}

/** `df.loc[i, "signal"] = …` where other columns are boiled down. */
function setsOtherColumn(read: Node, columns: readonly string[]): boolean {
  const place = asAttribute(read.parent);
  const target = asSubscript(
    place?.object === read && /^i?(?:loc|at)$/.test(place.name) ? place.node.parent : undefined,
  );
  const column = target?.indices[1];
  const named = textValue(column) ?? textValue(asMethodCall(column, "get_loc")?.args[0]);
  return target !== undefined && isTarget(target.node) && named !== undefined && !columns.includes(named);
}

const isTarget = (node: Node | undefined): boolean =>
  node?.fieldName === "left" && /assignment$/.test(node.parent?.kind ?? "");

/** The reductions of all windows, as an expression. */
function windowsOf(
  { source, hasIloc, low, high }: Window,
  name: string,
  width: string,
  cut: string,
  isNumber: boolean,
  file: File,
  near: Node,
): { readonly text: string; readonly edits: readonly Edit[] } | undefined {
  const { facts } = file;
  if (!low || !high || !/^[\w.]+(\["\w+"\])?$/.test(source.text)) return undefined;
  if (facts.isA(source, "pandas.Series") || (hasIloc && seriesEvidence(source, facts) === "proof")) {
    const given = /^(std|var)$/.test(name) && !asMethodCall(near) ? "ddof=0" : "";
    const start = isNumber ? String(Number(width) - 1) : `${width} - 1`;
    return { text: `${source.text}.rolling(${width}).${name}(${given}).iloc[${start}:${cut}]`, edits: [] };
  }
  if (hasIloc || !facts.isA(source, "numpy.ndarray")) return undefined;
  const numpy = importModule(file, "numpy", near, "np");
  if (!numpy) return undefined;
  const windows = `${numpy.name}.lib.stride_tricks.sliding_window_view(${source.text}, ${width})${cut === "" ? "" : `[:${cut}]`}`;
  const text = name === "median" ? `${numpy.name}.median(${windows}, axis=-1)` : `${windows}.${name}(axis=-1)`;
  return { text, edits: numpy.edits };
}
