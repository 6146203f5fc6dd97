/** Finds `np.array([x * 2 for x in values])` where `values` is an array, and `np.array(list(range(n)))`: the elements leave NumPy, or are made, one by one only to come back. */

import {
  arrayExpression,
  arrayShape,
  asAssignment,
  asAttribute,
  asBinary,
  asCall,
  asFor,
  asFunction,
  asMethodCall,
  asSubscript,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fillingOf,
  fixOf,
  hasComments,
  importModule,
  insteadOfFilling,
  integerOf,
  isCompiled,
  isElementwiseFunction,
  isNumber,
  itemsOf,
  onlyStatement,
  replace,
  seriesEvidence,
  textIn,
  textValue,
  rangeIn,
  unwrap,
  weakest,
  SMALL_TYPES,
  type ArrayExpression,
  type Call,
  type Declined,
  type Evidence,
  type Facts,
  type File,
  type Filling,
  type Fix,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

const REDUCTIONS = new Set("mean sum max min std var median prod any all argmax argmin".split(" "));

export default defineRule({
  title: "Comprehension over an array",
  why: "The comprehension wraps each element in a Python object, works on it through the interpreter and makes a list of the results, which np.array unwraps again. The same expression on the whole array is worked out in compiled code. Where the list itself is wanted, `.tolist()` of that result makes it.",
  guide: "numpy",
  level: "warning",
  gain: "time",
  imports: ["numpy"],
  overrides: ["iteration/range-len", "iteration/append-in-loop", "generators/accumulator-returned"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def fahrenheit(readings: np.ndarray) -> np.ndarray:
    return np.array([value * 1.8 + 32 for value in readings])
`,
      after: `
import numpy as np

def fahrenheit(readings: np.ndarray) -> np.ndarray:
    return readings * 1.8 + 32
`,
    },
  ],

  on: ["call", "list_comprehension", "for_statement"],
  calls: ["numpy.array", "numpy.asarray", "numpy.fromiter"],

  find(node, { facts }) {
    if (node.kind === "for_statement") return placesInLoop(node, facts);
    const call = asCall(node);
    const list = call ? call.args[0] && unwrap(call.args[0]) : node;
    if (call?.hasSplat || !list || facts.isTest) return undefined;
    const places = call || !isMadeAnArray(list, facts) ? placesOf(list, facts) : undefined;
    if (places) return placesFound(places, list, call, node, facts);
    // One that an array is made of is asked for with its call.
    if (!call && (!isComputed(list.children[0]) || isMadeAnArray(list, facts))) return undefined;
    const counted = call && rangeIn(list, facts);
    if (counted) return countedOut(counted, list, call, node, facts);
    const isGenerator = list.kind === "generator_expression";
    if (list.kind !== "list_comprehension" && !(isGenerator && call && facts.nameOf(call.callee) === "numpy.fromiter"))
      return undefined;
    const clauses = list.children.slice(1);
    const [clause, condition, third] = clauses;
    if (clause?.kind !== "for_in_clause" || third || (condition && condition.kind !== "if_clause")) return undefined;
    const source = sourceOf(clause, facts);
    const element = list.children[0]!;
    const form = source && formOf(element, source, facts);
    if (!source || !form || isCompiled(node, facts)) return undefined;
    const isSure = source.evidence !== "fair" && form.evidence !== "fair" && !source.counter;
    if (!call && !(isSure && form.kind === "expression")) return undefined;
    // Columns hold texts as well, and what is joined or compared there tells nothing: a function of numbers does.
    if (source.isColumn && !(form.kind === "expression" && isOfNumbers(element, facts))) return undefined;
    const size = weightOf(source, node, facts);
    // Somebody wants the list: whether an array would do is for the reader to see.
    const weight = !call && !source.isColumn && size === "unknown" ? "light" : size;
    const test = condition?.children[0];
    if (!weight || (test && !translate(test, source, facts, "np", [])?.leaves)) return undefined;
    const evidence = weakest(source.evidence, form.evidence) ?? "fair";
    return {
      at: list,
      construct: node,
      evidence,
      weight,
      call,
      list,
      element,
      source,
      form,
      isFiltered: condition !== undefined,
      filling: undefined,
    };
  },

  message: ({ call, source, form, element, evidence }) => {
    const over = excerpt(source.shown, 30);
    const taken = evidence !== "fair" ? "" : source.counter ? ", if all else is single numbers" : ", if it is an array";
    const body = excerpt(element.text.replace(/\s+/g, " "), 40);
    if (form.kind === "places")
      return `\`${over}\` is gone through in Python for the places that pass a test; \`${excerpt(form.write("np") ?? "np.flatnonzero", 60)}\` finds them in compiled code${taken}.`;
    if (form.kind === "reduction")
      return `\`${body}\` is worked out for one row of \`${over}\` at a time; with axis=1 NumPy does it for all rows at once${taken}.`;
    if (form.kind === "shape")
      return `Every row of \`${over}\` gets its shape in Python by itself; one reshape does it for the whole array${taken}.`;
    if (form.kind === "copy" && source.counter)
      return `\`${over}\` is counted out in Python one by one; \`np.arange\` makes the array directly.`;
    if (form.kind === "copy")
      return `The elements of \`${over}\` are taken out one by one only to be put into an array again${taken}.`;
    const listed = call || source.isColumn ? "" : ", and `.tolist()` makes a list of it";
    const all = source.isColumn ? "the same on the column does" : "NumPy does";
    return `\`${body}\` is worked out in Python for one element of \`${over}\` at a time; ${all} it for all of them at once${listed}${taken}.`;
  },

  fix({ call, list, element, source, form, isFiltered, filling }, file) {
    if (hasComments(list)) return declined("a comment would be lost");
    if (form.kind === "places") return asPlaces(call, list, source, form, filling, file);
    if (!call && !source.isColumn) return declined("the result is a list, and an array may not do instead of it");
    if (isFiltered) return declined("elements are left out by a condition");
    if (!call) return overColumn(list, element, source, form, file);
    if (source.isColumn) return declined("a column would come out instead of an array");
    const arrays = [...source.items.values()];
    if (arrays.length > 1 && arrays.some((it) => asSubscript(it)?.indices.some((part) => part.kind === "slice")))
      return declined("a part of an array is shorter than all of it");
    if (call.args.length + call.keywords.size > 1) return declined("the type of the result is given");
    const numpy = importModule(file, "numpy", call.node);
    if (!numpy) return declined("`numpy` cannot be imported here");
    const text = form.write(numpy.name);
    if (text === undefined) return declined("it cannot be written for the whole array here");
    const isTight = ![
      "return_statement",
      "assignment",
      "argument_list",
      "keyword_argument",
      "expression_list",
    ].includes(call.node.parent?.kind ?? "");
    const doubts = [
      source.evidence !== "proof" && `\`${excerpt(source.shown, 30)}\` must be an array`,
      source.items.size > 1 &&
        "the arrays must have one shape: zip stops where the first one ends, and pairs rows with numbers",
      ...form.doubts,
      "an empty array keeps its type",
    ];
    return fixOf("Work on the whole array", doubts, [
      ...numpy.edits,
      replace(call.node, isTight && !/^[\w.]+(\([^()]*\))?$/.test(text) ? `(${text})` : text),
    ]);
  },
});

interface Places {
  readonly source: Source;
  readonly test: Node;
}

/** `[i for i, x in enumerate(values) if x > 0]`, `[i for i in range(len(values)) if values[i] > 0]`: the places of what passes a test. */
function placesOf(list: Node, facts: Facts): Places | undefined {
  const [element, clause, condition, more] = list.children;
  const test = condition?.kind === "if_clause" ? condition.children[0] : undefined;
  if (list.kind !== "list_comprehension" || !element || !test || more) return undefined;
  if (clause?.kind !== "for_in_clause" || clause.hasToken("async")) return undefined;
  return placesBy(element, clause.field("left"), clause.field("right"), test, facts);
}

/** The same as a loop that fills a list. */
function placesInLoop(node: Node, facts: Facts) {
  const loop = asFor(node);
  if (!loop || facts.isTest || !/^(?:enumerate|range)\(/.test(loop.iterable.text)) return undefined;
  const filling = fillingOf(node, facts);
  const [, condition, more] = filling?.gathering.clauses ?? [];
  if (!filling || filling.kind !== "list" || filling.otherwise || more) return undefined;
  if (!condition || !("condition" in condition) || condition.isNegated) return undefined;
  const { value } = filling.item;
  const places = placesBy(value, loop.target, loop.iterable, condition.condition, facts);
  const found = places && placesFound(places, node, undefined, node, facts);
  return found && { ...found, at: loop.iterable, element: value, filling };
}

function placesBy(
  element: Node,
  target: Node | undefined,
  iterable: Node | undefined,
  test: Node,
  facts: Facts,
): Places | undefined {
  const call = asCall(iterable && unwrap(iterable));
  const [first, second] = call?.args ?? [];
  if (element.kind !== "identifier" || !target || !call || !first || second) return undefined;
  if (call.hasSplat || call.keywords.size > 0) return undefined;
  const name = facts.nameOf(call.callee);
  const counts = [test, ...test.descendants("identifier")].filter((it) => it.text === element.text);
  if (name === "builtins.range" && target.text === element.text) {
    const arrays = counts.map((it) => {
      const cell = asSubscript(it.parent);
      return cell?.indices.length === 1 ? cell.value : undefined;
    });
    const [array] = arrays;
    const known = arrays.map((it) => it && facts.takenFor(it, "array"));
    if (!array || known.includes(undefined)) return undefined;
    const counter = { name: element.text, stop: first };
    return { source: { evidence: weakest(...known) ?? "fair", shown: array.text, items: new Map(), counter }, test };
  }
  const [index, item, third] = name === "builtins.enumerate" ? itemsOf(target) : [];
  if (index?.text !== element.text || item?.kind !== "identifier" || third || counts.length > 0) return undefined;
  const array = facts.takenFor(first, "array");
  const evidence = array ?? columnEvidence(first, facts);
  if (!evidence) return undefined;
  const items = new Map([[item.text, unwrap(first)]]);
  return { source: { evidence, shown: first.text, items, isColumn: !array }, test };
}

function placesFound({ source, test }: Places, list: Node, call: Call | undefined, node: Node, facts: Facts) {
  const others: Node[] = [];
  const translated = translate(test, source, facts, "np", others);
  if (!translated?.leaves || others.some((it) => isWide(it, facts)) || isCompiled(node, facts)) return undefined;
  // Of two axes a row is compared, and no truth value comes of that.
  if ([...source.items.values()].some((it) => (arrayShape(it, facts).axes ?? 1) !== 1)) return undefined;
  const { counter, ...shown } = source;
  const weight = weightOf(shown, node, facts);
  if (!weight) return undefined;
  const unknown = others.filter((it) => !isNumber(facts.typeOf(it)) && it.text !== counter?.stop.text);
  const named = [...new Set(unknown.map((it) => excerpt(it.text, 20)))];
  const form: Form = {
    kind: "places",
    evidence: "proof",
    doubts: [
      ...named.map((it) => `\`${it}\` must be a single number`),
      ...(counter && !/^len\(|\.size$|\.shape\[0\]$/.test(counter.stop.text)
        ? ["the array must have as many elements as are counted"]
        : []),
      ...lengthDoubt(source),
      ...translated.expression.doubts,
    ],
    write: (numpy) => {
      const text = translate(test, source, facts, numpy, [])?.expression.text;
      return text && `${numpy}.flatnonzero(${text})`;
    },
  };
  return {
    at: list,
    construct: node,
    evidence: source.evidence,
    weight,
    call,
    list,
    element: list.children[0]!,
    source: shown as Source,
    form,
    isFiltered: false,
    filling: undefined,
  };
}

function asPlaces(
  call: Call | undefined,
  list: Node,
  source: Source,
  form: Form,
  filling: Filling | undefined,
  file: File,
): Fix | Declined {
  if (call && call.args.length + call.keywords.size > 1) return declined("the type of the result is given");
  const numpy = importModule(file, "numpy", list);
  const text = numpy && form.write(numpy.name);
  if (!numpy || text === undefined) return declined("it cannot be written for the whole array here");
  const listed = `${text}.tolist()`;
  const edits = filling ? insteadOfFilling(filling, listed) : [replace(call ? call.node : list, call ? text : listed)];
  if (!edits) return declined("a comment would be lost");
  return fixOf(
    "Find all places at once",
    [
      `\`${excerpt(source.shown, 30)}\` must be ${source.isColumn ? "a column" : "an array with one axis"}`,
      ...form.doubts,
      call && "an empty result is one of whole numbers",
      filling && "the names of the loop are not set",
    ],
    [...numpy.edits, ...edits],
  );
}

/** `table["log"] = [np.log(x) for x in table["price"]]`: the labels are the same on both sides. */
function overColumn(list: Node, element: Node, { shown, evidence }: Source, form: Form, file: File): Fix | Declined {
  const [target, more] = asAssignment(list.parent)?.targets ?? [];
  const into = target && !more ? asSubscript(target) : undefined;
  const frame = /^([\w.]+)(?:\[["'][^"']+["']\]|\.\w+)$/.exec(shown)?.[1];
  if (!into || into.value.text !== frame || textValue(into.indices[0]) === undefined)
    return declined("the result is a list, and a column may not do instead of it");
  const numpy = importModule(file, "numpy", list);
  const text = numpy && form.write(numpy.name);
  if (!numpy || text === undefined) return declined("it cannot be written for the whole column here");
  return fixOf(
    "Work on the whole column",
    [
      evidence !== "proof" && `\`${excerpt(shown, 30)}\` must be a column of a frame`,
      "the column must have a number dtype of NumPy",
      "whole numbers may wrap around, and float32 has fewer digits",
      ...columnDoubts(element),
      ...form.doubts,
      "an empty column keeps its type",
    ],
    [...numpy.edits, replace(list, text)],
  );
}

/** Iterated, a column gives numbers of Python. */
function columnDoubts(element: Node): readonly (string | false)[] {
  const operations = [element, ...element.descendants("binary_operator")].flatMap((it) => asBinary(it) ?? []);
  const isNumber = (it: Node) => /^[\d._]+$/.test(it.text) && Number(it.text.replaceAll("_", "")) !== 0;
  return [
    operations.some((it) => /^(?:\/|\/\/|%)$/.test(it.operator) && !isNumber(unwrap(it.right))) &&
      "division by zero gives inf or NaN instead of raising",
    operations.some((it) => it.operator === "**" && !isNumber(unwrap(it.right))) &&
      "negative powers of whole numbers raise an error",
  ];
}

/** `np.array(list(range(n)))` counts in Python, as `np.array([i for i in range(n)])` does. */
function countedOut(range: Call, list: Node, call: Call, node: Node, facts: Facts) {
  const stop = range.args[1] ?? range.args[0]!;
  const source: Source = { evidence: "proof", shown: range.node.text, items: new Map(), counter: { name: "", stop } };
  const given = range.args.map((it) => it.text).join(", ");
  const form: Form = { kind: "copy", evidence: "proof", doubts: [], write: (numpy) => `${numpy}.arange(${given})` };
  const weight = weightOf(source, node, facts);
  if (!weight || isCompiled(node, facts)) return undefined;
  return {
    at: list,
    construct: node,
    evidence: "proof" as const,
    weight,
    call,
    list,
    element: list,
    source,
    form,
    isFiltered: false,
    filling: undefined,
  };
}

/** With operators: what is only looked up or handed on is seldom a matter for whole arrays. */
function isComputed(element: Node | undefined): boolean {
  const node = element && unwrap(element);
  return node?.kind === "binary_operator" || (node?.kind === "call" && !/^(int|float)\(/.test(node.text));
}

/** `np.log(x)`, `math.sqrt(x)`, `x ** 2`: no text and no list can be meant. */
function isOfNumbers(element: Node, facts: Facts): boolean {
  return (
    [element, ...element.descendants("call")].some((it) =>
      /^(?:numpy|math)\./.test((it.kind === "call" && facts.nameOf(it.field("function")!)) || ""),
    ) ||
    [element, ...element.descendants("binary_operator")].some((it) =>
      /^(?:\*\*|\/|-)$/.test(asBinary(it)?.operator ?? ""),
    )
  );
}

function isMadeAnArray(list: Node, facts: Facts): boolean {
  const call = list.parent?.kind === "argument_list" ? asCall(list.parent.parent) : undefined;
  return call !== undefined && /^numpy\.(array|asarray|fromiter)$/.test(facts.nameOf(call.callee) ?? "");
}

/** What the comprehension goes through. */
interface Source {
  readonly evidence: Evidence;
  readonly shown: string;
  /** The arrays that the loop names stand for, as they are written. */
  readonly items: ReadonlyMap<string, Node>;
  /** It is a column of pandas, whose expression is one again. */
  readonly isColumn?: boolean;
  /** A counter, with what it counts to. */
  readonly counter?: { readonly name: string; readonly stop: Node };
}

function sourceOf(clause: Node, facts: Facts): Source | undefined {
  const target = clause.field("left");
  const iterable = clause.field("right") && unwrap(clause.field("right")!);
  if (!target || !iterable || clause.hasToken("async")) return undefined;
  const call = asCall(iterable);
  const name = call && facts.nameOf(call.callee);
  const [first, second] = call?.args ?? [];
  if (name === "builtins.range" && first && !second && target.kind === "identifier")
    return { evidence: "proof", shown: iterable.text, items: new Map(), counter: { name: target.text, stop: first } };
  if (name === "builtins.zip" && call && call.keywords.size === 0 && !call.hasSplat) {
    const names = itemsOf(target);
    if (names.length !== call.args.length || !names.every((it) => it.kind === "identifier")) return undefined;
    const evidence = weakest(...call.args.map((it) => facts.takenFor(it, "array")));
    return (
      evidence && {
        evidence,
        shown: iterable.text,
        items: new Map(names.map((it, at) => [it.text, unwrap(call.args[at]!)])),
      }
    );
  }
  if (target.kind !== "identifier") return undefined;
  const evidence = facts.takenFor(iterable, "array");
  const column = evidence ? undefined : columnEvidence(iterable, facts);
  const items = new Map([[target.text, iterable]]);
  if (column) return { evidence: column, shown: iterable.text, items, isColumn: true };
  return evidence && { evidence, shown: iterable.text, items };
}

/** `table["price"]`, and no labels or dates. */
function columnEvidence(iterable: Node, facts: Facts): Evidence | undefined {
  const isColumn = asSubscript(iterable) !== undefined || asAttribute(iterable) !== undefined;
  return isColumn && facts.view.imports("pandas") ? seriesEvidence(iterable, facts) : undefined;
}

interface Form {
  readonly kind: "expression" | "reduction" | "function" | "copy" | "shape" | "places";
  readonly evidence: Evidence;
  readonly doubts: readonly string[];
  /** The expression on the whole array; undefined where it cannot be written. */
  write(numpy: string): string | undefined;
}

function formOf(element: Node, source: Source, facts: Facts): Form | undefined {
  const node = unwrap(element);
  const [only, more] = source.items;
  const isItem = (it: Node | undefined) => it !== undefined && !more && unwrap(it).text === only?.[0];
  const { counter } = source;
  if (counter && node.text === counter.name)
    return { kind: "copy", evidence: "proof", doubts: [], write: (numpy) => `${numpy}.arange(${counter.stop.text})` };
  if (isItem(node))
    return {
      kind: "copy",
      evidence: "proof",
      doubts: [],
      write: (numpy) => `${numpy}.array(${source.items.get(node.text)!.text})`,
    };
  return (
    reductionOf(node, isItem, source, facts) ??
    functionOf(node, isItem, source, facts) ??
    shapeOf(node, isItem, source, facts) ??
    expressionOf(node, source, facts)
  );
}

/** `np.mean(row)`, `row.sum()`. */
function reductionOf(
  node: Node,
  isItem: (it: Node | undefined) => boolean,
  source: Source,
  facts: Facts,
): Form | undefined {
  const call = asCall(node);
  const method = asMethodCall(node);
  if (!call || call.hasSplat || call.keywords.size > 0) return undefined;
  const [first, more] = call.args;
  const isMethod = method !== undefined && isItem(method.object) && call.args.length === 0;
  const name = isMethod ? method.method : (facts.nameOf(call.callee) ?? "").replace(/^numpy\./, "");
  if (!REDUCTIONS.has(name) || !(isMethod || (isItem(first) && !more))) return undefined;
  const [array] = source.items.values();
  const axes = array && arrayShape(array, facts).axes;
  if (!array || axes === 1) return undefined;
  return {
    kind: "reduction",
    evidence: "proof",
    doubts:
      axes === 2
        ? ["last digits may differ"]
        : [`\`${excerpt(array.text, 30)}\` must have two axes`, "last digits may differ"],
    write: (numpy) => `${numpy}.${name}(${array.text}, axis=1)`,
  };
}

/** `row.reshape(28, 28)`, `np.array(np.array_split(row, 28))`: every row in another shape. */
function shapeOf(
  node: Node,
  isItem: (it: Node | undefined) => boolean,
  source: Source,
  facts: Facts,
): Form | undefined {
  const [array] = source.items.values();
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (!array || !call || call.hasSplat) return undefined;
  if (name === "numpy.array" || name === "numpy.asarray" || name === "numpy.stack") {
    const inner =
      call.args.length === 1 && asCall(call.args[0]) ? shapeOf(call.args[0]!, isItem, source, facts) : undefined;
    return inner && { ...inner, write: call.keywords.size > 0 ? () => undefined : inner.write };
  }
  if (call.keywords.size > 0) return undefined;
  const [first, count] = call.args;
  if (
    (name === "numpy.array_split" || name === "numpy.split") &&
    isItem(first) &&
    call.args.length === 2 &&
    integerOf(count) !== undefined
  )
    return {
      kind: "shape",
      evidence: "proof",
      doubts: ["each row must have two or more parts of one length"],
      write: () => `${array.text}.reshape(len(${array.text}), ${count!.text}, -1)`,
    };
  const method = asMethodCall(node, "reshape");
  const sizes = method ? method.args : [];
  const isPlain = method && isItem(method.object) && sizes.length > 0 && sizes.every((it) => (integerOf(it) ?? -1) > 0);
  return isPlain
    ? {
        kind: "shape",
        evidence: "proof",
        doubts: [],
        write: () => `${array.text}.reshape(len(${array.text}), ${sizes.map((it) => it.text).join(", ")}).copy()`,
      }
    : undefined;
}

/** A function of the file that only computes with its parameter. */
function functionOf(
  node: Node,
  isItem: (it: Node | undefined) => boolean,
  source: Source,
  facts: Facts,
): Form | undefined {
  const call = asCall(node);
  const [first, more] = call?.args ?? [];
  const def =
    call && !call.hasSplat && call.keywords.size === 0 && isItem(first) && !more
      ? facts.functionNamed(call.callee)
      : undefined;
  const [parameter, another] = def?.parameters ?? [];
  const [array] = source.items.values();
  if (!def || !array || !parameter || another || def.node.parent?.kind === "decorated_definition") return undefined;
  const returned = onlyStatement(facts.bodyOf(def));
  const value = returned?.kind === "return_statement" ? returned.children[0] : undefined;
  const isPlain =
    value &&
    arrayExpression(value, { leaf: (it) => (it.text === parameter.name ? "x" : undefined), isInvariant: () => false });
  if (!isPlain || asFunction(def.node) === undefined) return undefined;
  return {
    kind: "function",
    evidence: "proof",
    doubts: isPlain.doubts,
    write: () => `${call!.callee.text}(${array.text})`,
  };
}

function expressionOf(node: Node, source: Source, facts: Facts): Form | undefined {
  const others: Node[] = [];
  const translated = translate(node, source, facts, "np", others);
  // A value beside the elements that is an array itself makes a row for each of them.
  if (!translated || others.some((it) => isWide(it, facts))) return undefined;
  if (translated.leaves === 0) return undefined;
  const { counter } = source;
  const unknown = others.filter((it) => !isNumber(facts.typeOf(it)) && it.text !== counter?.stop.text);
  const named = [...new Set(unknown.map((it) => excerpt(it.text, 20)))];
  return {
    kind: "expression",
    // Beside a counter nothing shows that what it is joined with is a number and no array.
    evidence: named.length === 0 ? "proof" : counter ? "fair" : "strong",
    doubts: [
      ...named.map((it) => `\`${it}\` must be a single number`),
      ...translated.expression.doubts,
      ...(/\b(?:int|float)\(/.test(node.text) ? ["NaN and infinity become numbers instead of raising an error"] : []),
      ...(counter ? ["large integers wrap around"] : []),
      ...(!source.isColumn && (/\bmath\./.test(node.text) || isChosen(node)) ? [SMALL_TYPES] : []),
      ...(isChosen(node) ? namedArrays(source, facts) : []),
      ...lengthDoubt(source),
    ],
    write: (numpy) => translate(node, source, facts, numpy, [])?.expression.text,
  };
}

/** A condition asks for one truth value, so each element is a number: arrays with two axes come out in another shape. */
const isChosen = (node: Node): boolean =>
  /^(?:conditional_expression|boolean_operator|not_operator|comparison_operator)$/.test(node.kind) ||
  node.descendants("conditional_expression", "boolean_operator", "not_operator").length > 0;

function namedArrays({ items }: Source, facts: Facts): readonly string[] {
  const open = [...items.values()].filter((it) => arrayShape(it, facts).axes !== 1);
  return [...new Set(open.map((it) => `\`${excerpt(it.text, 30)}\` must have one axis`))];
}

/** `range(len(a) - window)`: no turn where the window is longer, but a part that is counted from the end. */
function lengthDoubt({ counter }: Source): readonly string[] {
  const less = counter && asBinary(counter.stop);
  return less?.operator === "-" && integerOf(less.right) !== 0
    ? [`\`${excerpt(less.right.text, 20)}\` must not be more than there are elements`]
    : [];
}

interface Translated {
  readonly expression: ArrayExpression;
  readonly leaves: number;
}

function translate(node: Node, source: Source, facts: Facts, numpy: string, others: Node[]): Translated | undefined {
  const { items, counter } = source;
  let leaves = 0;
  const isOwn = (it: Node) => items.has(it.text) || it.text === counter?.name;
  const expression = arrayExpression(node, {
    numpy,
    nameOf: (callee) => facts.nameOf(callee),
    isOwn: (call) => computesWith(call, isOwn, facts),
    leaf(it) {
      const cast = castOf(it, facts);
      const name = cast?.of ?? it;
      const array = name.kind === "identifier" ? items.get(name.text) : undefined;
      const plain = array ? textIn(array, ATOM) : cast ? undefined : leafOfCounter(it, source, facts, numpy);
      const text = cast && plain !== undefined ? `${plain}.astype(${cast.type})` : plain;
      if (text !== undefined) leaves++;
      return text;
    },
    isInvariant(it) {
      if (it.kind !== "identifier" && it.kind !== "attribute") return false;
      if (isOwn(it) || it.descendants("identifier").some(isOwn)) return false;
      others.push(it);
      return true;
    },
  });
  return expression && { expression, leaves };
}

/** `int(x)`, `float(x)` of an element. */
function castOf(node: Node, facts: Facts): { readonly type: string; readonly of: Node } | undefined {
  const call = asCall(node);
  const [only, more] = call?.args ?? [];
  if (!call || !only || more || call.hasSplat || call.keywords.size > 0) return undefined;
  const type = /^builtins\.(int|float)$/.exec(facts.nameOf(call.callee) ?? "")?.[1];
  return type === undefined ? undefined : { type, of: unwrap(only) };
}

/** A function of the file that only computes with those of its parameters that get elements, or with all of them. */
function computesWith(call: Call, isElement: (it: Node) => boolean, facts: Facts): boolean {
  const def = call.callee.kind === "identifier" ? facts.functionNamed(call.callee) : undefined;
  if (!def || call.args.length > def.parameters.length) return false;
  const holds = (it: Node) => [it, ...it.descendants("identifier")].some((name) => isElement(name));
  const given = def.parameters.filter((_, at) => call.args[at] && holds(call.args[at]!)).map((it) => it.name);
  // Without any element it gives the same in each turn.
  const all = def.parameters.map((it) => it.name);
  return isElementwiseFunction(def, new Set(given.length > 0 ? given : all), facts);
}

/** `i` becomes `np.arange(n)`, `x[i]` becomes `x` where `n` is its length. */
function leafOfCounter(node: Node, { counter }: Source, facts: Facts, numpy: string): string | undefined {
  if (!counter) return undefined;
  if (node.kind === "identifier" && node.text === counter.name) return `${numpy}.arange(${counter.stop.text})`;
  const cell = asSubscript(node);
  if (cell?.indices.length !== 1 || cell.indices[0]!.text !== counter.name || !facts.takenFor(cell.value, "array"))
    return undefined;
  const array = cell.value.text;
  return [`len(${array})`, `${array}.size`, `${array}.shape[0]`].includes(counter.stop.text)
    ? array
    : `${array}[:${counter.stop.text}]`;
}

function isWide(node: Node, facts: Facts): boolean {
  const type = facts.typed(node)?.type;
  if (type) return !isNumber(type);
  return ["array", "series", "frame", "tensor", "sequence", "text"].includes(facts.likeness(node)?.kind ?? "");
}

/** So few are worked out in no time. */
const FEW = 50;
/** What is counted so is a handful. */
const HANDFUL = /(^|[_.])(order|degree|n?dims?|rank|ndim)\b/;

function weightOf({ counter, items }: Source, node: Node, facts: Facts): Weight | undefined {
  const length = counter && integerOf(facts.valueOf(counter.stop) ?? counter.stop);
  if (counter && HANDFUL.test(counter.stop.text)) return undefined;
  if (length !== undefined) return length < FEW ? undefined : length < 10_000 ? "unknown" : "heavy";
  if ([...items.values()].some((it) => arrayShape(it, facts).isWrittenOut)) return undefined;
  const around = facts.weightOf(node);
  return around === "light" ? "light" : "unknown";
}
