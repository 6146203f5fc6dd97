/** `sum(array)`, `max(array)`, `any(array)` … with the built-in functions, and `len(list(array))`. */

import {
  arrayShape,
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asIf,
  asLambda,
  asMethodCall,
  asSubscript,
  ATOM,
  axesOf,
  declined,
  defineRule,
  fileQuestion,
  excerpt,
  columnByName,
  FITTED_ARRAY,
  fixOf,
  frameColumn,
  frameEvidence,
  functionAround,
  functionCalled,
  groupParameterEvidence,
  hasComments,
  importModule,
  isCompiled,
  onlyStatement,
  replace,
  textIn,
  textValue,
  unwrap,
  useOf,
  wrapped,
  type ArrayShape,
  type Call,
  type Declined,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

const REDUCTIONS = new Set(["builtins.sum", "builtins.min", "builtins.max", "builtins.any", "builtins.all"]);
const ASKED = new Set([...REDUCTIONS, "builtins.len", "builtins.sorted"]);

export default defineRule({
  title: "Built-in function that iterates over a NumPy array",
  why: "The built-in function iterates over the array and wraps every element in a Python object; the array's own method works on the typed memory in compiled code.",
  guide: "numpy",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  imports: ["numpy", "pandas"],
  overrides: ["generators/list-built-to-be-consumed"],
  fixes: "safe",

  examples: [
    {
      before: `
import numpy as np

counts = np.arange(1_000)
total = sum(counts)
`,
      after: `
import numpy as np

counts = np.arange(1_000)
total = counts.sum()
`,
    },
  ],

  on: ["call"],
  calls: [...ASKED],

  find(node, { facts }) {
    const call = asCall(node);
    const [array, more] = call?.args ?? [];
    if (call?.callee.text === "sorted" && call.keywords.has("key") && !facts.isTest) return placesInOrder(call, facts);
    // What tests look at is short, and reads best in plain words.
    if (
      !call ||
      facts.isTest ||
      call.callee.kind !== "identifier" ||
      !array ||
      more ||
      call.hasSplat ||
      call.keywords.size > 0
    )
      return undefined;
    const name = facts.nameOf(call.callee);
    if (name === undefined || !ASKED.has(name)) return undefined;
    const walked = name === "builtins.len" ? listed(array, facts) : array;
    const series = walked && facts.typed(walked, "strong");
    const isSeries = series?.type.name === "pandas.Series";
    const known = isSeries ? series.evidence : walked && facts.takenFor(walked, "array");
    const column = known || !walked ? undefined : columnEvidence(walked, facts);
    const fitted = known || column || !walked ? undefined : fittedEvidence(walked, facts);
    const part = known || column || fitted || !walked ? undefined : partEvidence(walked, facts);
    const isCount = name === "builtins.sum" && walked !== undefined && isElementwise(walked);
    const evidence = known ?? column ?? fitted ?? part ?? (isCount ? ("strong" as const) : undefined);
    if (!walked || !evidence || isMixedColumn(walked, facts)) return undefined;
    if (name === "builtins.sorted" && !fitted && !becomesArray(node, facts)) return undefined;
    if (
      isCompared(walked, name.replace("builtins.", ""), facts) ||
      (isCheck(node, facts) && !((column || isSeries) && isMask(walked)))
    )
      return undefined;
    const shape = arrayShape(walked, facts);
    // Over a few numbers the built-in function is no slower, and over rows it does something else.
    if (
      shape.isWrittenOut ||
      (name !== "builtins.len" && shape.axes !== undefined && shape.axes !== 1) ||
      isCompiled(node, facts)
    )
      return undefined;
    const weight = facts.weightOf(node) === "heavy" ? "heavy" : "unknown";
    return {
      at: call.callee,
      construct: node,
      evidence,
      weight,
      call,
      array: walked,
      name: name.replace("builtins.", ""),
      shape,
      isSeries:
        isSeries ||
        (column !== undefined && !/\.values\b|\.to_numpy\(/.test(walked.text) && !hasPrediction(walked, facts)),
    };
  },

  message: ({ name, array, shape, evidence, isSeries, weight }) => {
    const known = /^[\w.]{1,40}$/.test(array.text) ? `\`${array.text}\`` : isSeries ? "the Series" : "the array";
    const shown = evidence === "fair" && !isSeries ? `${known} (taken for an array)` : known;
    if (name === "order")
      return `\`sorted()\` looks up and compares the values of ${shown} one by one; \`np.argsort\` gives their order in compiled code.`;
    if (name === "sorted")
      return `\`sorted()\` compares the numbers of ${shown} one by one as Python objects; \`np.sort()\` sorts them in compiled code.`;
    if (name === "len")
      return `list() copies ${shown} into Python objects only to count them; len() of the ${isSeries ? "Series" : "array"} gives the same number.`;
    return `\`${name}()\` iterates over ${shown} in Python; ${name === "sum" && shape.axes === undefined && !isSeries && !isElementwise(array) ? "`.sum(axis=0)`" : `\`.${name}()\``} does it in compiled code${weight === "heavy" ? "" : ", which shows where it is long"}.`;
  },

  fix({ call, array, name, shape, isSeries }, file) {
    const { facts } = file;
    if (name === "order") return byArgsort(call, array, file);
    if (name === "sorted") return declined("an array has no methods of a list");
    if (isSeries && name !== "len")
      return declined(
        isMask(array)
          ? `the Series gives a ${name === "sum" ? "number" : "truth value"} of NumPy`
          : "the Series leaves missing values out",
      );
    if (hasComments(call.node)) return declined("there is a comment inside the call");
    if (array.text.includes("\n")) return declined("the argument stands on several lines");
    if (!facts.isA(array, "numpy.ndarray"))
      return declined(`\`${excerpt(array.text, 40)}\` is not known for certain to be an array`);
    const owner = textIn(unwrap(array), ATOM);
    if (name === "len") {
      const hasAxes = shape.axes !== undefined;
      return {
        title: "Take the length of the array",
        doubts: hasAxes ? [] : ["the error message for an array without axes differs"],
        edits: [replace(call.argumentList, `(${array.text})`)],
      };
    }
    const method = name === "sum" && shape.axes === undefined ? "sum(axis=0)" : `${name}()`;
    return fixOf(`Use .${method}`, doubtsOf(name, shape, call, facts), [replace(call.node, `${owner}.${method}`)]);
  },
});

/** `sum(labels == predicted)`: one truth value cannot be gone through, so what is compared are arrays or columns. */
function isElementwise(node: Node): boolean {
  const comparison = asComparison(unwrap(node));
  return comparison !== undefined && /^(?:[<>]=?|[!=]=)$/.test(comparison.operator);
}

/** `sorted(range(len(values)), key=lambda i: values[i])`: the places of an array by its values. */
function placesInOrder(call: Call, facts: Facts) {
  const [places, more] = call.args;
  if (facts.nameOf(call.callee) !== "builtins.sorted" || !places || more || call.hasSplat) return undefined;
  const range = asCall(unwrap(places));
  if (!range || facts.nameOf(range.callee) !== "builtins.range" || range.args.length !== 1) return undefined;
  const key = call.keywords.get("key")!;
  const asked = asLambda(unwrap(key));
  const [parameter, another] = asked?.parameters ?? [];
  const cell = asSubscript(asked && unwrap(asked.body));
  const bound = asAttribute(key);
  const array =
    parameter && !another && cell?.indices.length === 1 && cell.indices[0]!.text === parameter.text
      ? cell.value
      : bound?.name === "__getitem__"
        ? bound.object
        : undefined;
  const evidence = array && facts.takenFor(array, "array");
  if (!array || !evidence || isCompiled(call.node, facts)) return undefined;
  const shape = arrayShape(array, facts);
  if (shape.isWrittenOut || (shape.axes !== undefined && shape.axes !== 1)) return undefined;
  const weight = facts.weightOf(call.node) === "light" ? ("light" as const) : ("unknown" as const);
  return {
    at: call.callee,
    construct: call.node,
    evidence,
    weight,
    call,
    array,
    name: "order",
    shape,
    isSeries: false,
  };
}

function byArgsort(call: Call, array: Node, file: File): Fix | Declined {
  const [stop] = asCall(unwrap(call.args[0]!))!.args;
  if (call.keywords.size > 1) return declined("the order of equal values would be another one");
  const lengths = [`len(${array.text})`, `${array.text}.size`, `${array.text}.shape[0]`];
  if (!lengths.includes(stop!.text)) return declined("it is not certain that all places are sorted");
  if (hasComments(call.node)) return declined("there is a comment inside the call");
  const numpy = importModule(file, "numpy", call.node);
  if (!numpy) return declined("`numpy` cannot be imported here");
  const isSure = file.facts.isA(array, "numpy.ndarray");
  return fixOf(
    "Use np.argsort",
    [!isSure && `\`${excerpt(array.text, 30)}\` must be an array`, "NaN comes last", "the array must have one axis"],
    [...numpy.edits, replace(call.node, `${numpy.name}.argsort(${array.text}, kind="stable").tolist()`)],
  );
}

/** By which evidence it is a column of a frame, or worked out of one: `df["c"] > 3`, `df["c"].isna()`, `df["c"].values`. */
function columnEvidence(expression: Node, facts: Facts, depth = 0): Evidence | undefined {
  const node = unwrap(expression);
  const inner = (it: Node | undefined) => (it && depth < MOST_STEPS ? columnEvidence(it, facts, depth + 1) : undefined);
  const typed = facts.typed(node, "fair");
  if (typed) return facts.isA(node, "pandas.Series", "fair") ? typed.evidence : undefined;
  const comparison = asComparison(node);
  if (comparison)
    return /^([<>]=?|[=!]=)$/.test(comparison.operator)
      ? (inner(comparison.left) ?? inner(comparison.right))
      : undefined;
  const binary = asBinary(node);
  if (binary) return /^(and|or)$/.test(binary.operator) ? undefined : (inner(binary.left) ?? inner(binary.right));
  if (node.kind === "unary_operator") return inner(node.field("argument"));
  const method = asMethodCall(node);
  if (method) {
    const accessor = asAttribute(method.object);
    // `df.name.str.len()` has a number or a truth value for each text.
    if (accessor?.name === "str") return TEXT_MEASURES.test(method.method) ? inner(accessor.object) : undefined;
    return ELEMENTWISE.has(method.method) ? inner(method.object) : undefined;
  }
  if (isArrayOfColumn(node)) return inner(asAttribute(node)?.object) ?? valuesEvidence(node, facts);
  const column = frameColumn(node) ?? columnByName(node, facts);
  if (column) return frameEvidence(column.frame, facts) && "fair";
  const grouped = groupParameterEvidence(node, facts);
  if (grouped) return grouped;
  const value = node.kind === "identifier" ? facts.valueOf(node) : undefined;
  if (depth > 0 && value && isPrediction(value, facts)) return "fair";
  return value && value !== node ? inner(value) : undefined;
}

/** `scores["target"].values`: nothing but a column has them as an attribute. */
function valuesEvidence(node: Node, facts: Facts): Evidence | undefined {
  const values = asAttribute(node);
  const [key] = asSubscript(values?.object)?.indices ?? [];
  return values?.name === "values" && textValue(key) !== undefined && facts.view.imports("pandas") ? "fair" : undefined;
}

const hasPrediction = (walked: Node, facts: Facts): boolean =>
  walked.descendants("identifier").some((it) => {
    const value = facts.valueOf(it);
    return value !== undefined && isPrediction(value, facts);
  });

/** What a model gives for many rows, compared with the labels: `predicted == wanted`. */
function isPrediction(value: Node, facts: Facts): boolean {
  const method = asMethodCall(value, "predict", "fit_predict", "predict_classes");
  return (
    method !== undefined &&
    method.args.length > 0 &&
    ["sklearn", "xgboost", "lightgbm", "catboost", "keras", "tensorflow"].some(facts.view.imports)
  );
}

const MOST_STEPS = 6;
const MASKS = "isna isnull notna notnull isin between eq ne gt ge lt le duplicated".split(" ");
/** Methods of a Series that give another one as long, or nearly. */
const ELEMENTWISE = new Set([
  ...MASKS,
  ..."abs diff shift cumsum fillna dropna astype round clip to_numpy map".split(" "),
]);

const TEXT_MEASURES = /^(?:len|count|find|rfind|contains|startswith|endswith|match|fullmatch|is[a-z]+)$/;

/** `model.feature_importances_` of whatever has been fitted; an own attribute of that name the class sets as it likes. */
function fittedEvidence(node: Node, facts: Facts): Evidence | undefined {
  const attribute = asAttribute(unwrap(node));
  return attribute &&
    FITTED_ARRAY.test(attribute.name) &&
    !facts.typed(node, "fair") &&
    !/^(?:self|cls)$/.test(attribute.object.text)
    ? "fair"
    : undefined;
}

/** A row or a column of a matrix, or a choice of what is an array: `weights[0]`, `table[:, 2]`. */
function partEvidence(node: Node, facts: Facts): Evidence | undefined {
  const part = asSubscript(unwrap(node));
  if (!part || part.indices.length === 0 || part.indices.some((it) => it.kind === "string")) return undefined;
  const whole = facts.takenFor(part.value, "array") ?? unpackedEvidence(part.value, facts);
  if (!whole) return undefined;
  const places = part.indices.filter((it) => it.kind !== "slice");
  const axes = axesOf(part.value, facts);
  // An element of an array of one axis that can be walked through is an object of Python.
  if (axes && (axes.count !== 2 || places.length !== 1)) return undefined;
  if (axes && facts.typeOf(places[0]!) && facts.typeOf(places[0]!)?.name !== "int") return undefined;
  if (arrayShape(part.value, facts).isWrittenOut || isNarrow(part.value, facts)) return undefined;
  return axes ? weakerOf(whole, axes.evidence) : "fair";
}

const weakerOf = (a: Evidence, b: Evidence): Evidence => (a === "fair" || b === "fair" ? "fair" : "strong");

/** Its rows have a handful of numbers: `np.zeros((n, 3))`. */
function isNarrow(matrix: Node, facts: Facts): boolean {
  const last = arrayShape(matrix, facts).lengths[1];
  if (last?.some((it) => /^\d{1,2}$/.test(it))) return true;
  const made = matrix.kind === "identifier" ? facts.valueOf(matrix) : matrix;
  return made !== undefined && /,\s*\d{1,2}\s*[)\]]+$/.test(made.text);
}

/** `weights` of `weights, _ = self.estimate(rows)`, a function of this file that gives an array there. */
function unpackedEvidence(node: Node, facts: Facts): Evidence | undefined {
  const name = unwrap(node);
  const sites = name.kind === "identifier" ? facts.reachingSites(name) : [];
  const [site] = sites;
  const call = asCall(site?.value);
  if (!site || sites.length > 1 || site.path.length !== 1 || !call) return undefined;
  const def = functionCalled(call.callee, facts);
  const returns = def?.body.descendants("return_statement").filter((it) => functionAround(it) === def.node) ?? [];
  const given = returns.map((it) => {
    const all = it.children[0] && unwrap(it.children[0]);
    return all && /^(?:tuple|expression_list)$/.test(all.kind) ? all.children[site.path[0]!] : undefined;
  });
  return given.length > 0 && given.every((it) => it && (facts.takenFor(it, "array") || isCutByAxes(it, facts)))
    ? "fair"
    : undefined;
}

/** `gamma[d, :] = row` and no tensor: neither a list nor a dict can do that. */
const isCutByAxes = (name: Node, facts: Facts): boolean =>
  name.kind === "identifier" &&
  !facts.view.imports("torch") &&
  !facts.likeness(name) &&
  facts.readsOf(name).some((it) => {
    const { indices = [] } = asSubscript(useOf(it).in) ?? {};
    return indices.length > 1 && indices.some((index) => index.kind === "slice");
  });

/** Truth values, none of which is missing: comparisons, `isna()`, `isin()`, and what combines them. */
function isMask(expression: Node): boolean {
  const whole = unwrap(expression);
  const node = isArrayOfColumn(whole) ? unwrap(asAttribute(whole)?.object ?? whole) : whole;
  if (node.kind === "unary_operator") return node.text.startsWith("~");
  const binary = asBinary(node);
  if (binary) return /^[&|^]$/.test(binary.operator) && isMask(binary.left) && isMask(binary.right);
  return asComparison(node) !== undefined || asMethodCall(node, ...MASKS) !== undefined;
}

/** The one column of values of a long table, which has what it is a value of in another: numbers beside texts, so objects of Python. */
function isMixedColumn(walked: Node, facts: Facts): boolean {
  const node = unwrap(walked);
  const column = asSubscript(node.kind === "identifier" ? (facts.valueOf(node) ?? node) : node);
  if (!/^value$/i.test(textValue(column?.indices[0]) ?? "")) return false;
  const rows = column!.value;
  const made = rows.kind === "identifier" ? facts.valueOf(rows) : rows;
  return made !== undefined && LONG_TABLE.test(made.text);
}

const LONG_TABLE = /\.melt\(|\b(?:property|variable|attribute|parameter|metric|statistic)\b["'\]`)]*\s*==/i;

/** The sorted list, or a part of it, goes to a function of NumPy, which makes an array of it again. */
function becomesArray(sorted: Node, facts: Facts): boolean {
  let use = useOf(sorted);
  while (use.kind === "subscript") {
    if (!asSubscript(use.in)?.indices.every((it) => it.kind === "slice")) return false;
    use = useOf(use.in);
  }
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  return call !== undefined && facts.nameOf(call.callee)?.startsWith("numpy.") === true;
}

const isArrayOfColumn = (node: Node): boolean =>
  /^(?:values|array)$/.test(asAttribute(unwrap(node))?.name ?? "") ||
  asMethodCall(unwrap(node), "to_numpy") !== undefined;

/** NumPy is asked the same of the same array nearby: the two stand there to be compared. */
function isCompared(array: Node, name: string, facts: Facts): boolean {
  const binding = array.kind === "identifier" ? facts.bindingOf(array) : undefined;
  if (!binding) return false;
  return binding.scope.kind === "module" && !binding.scope.parent
    ? facts.ofFile(IS_COMPARED, `${name} ${array.text}`)
    : facts.memo(`compared ${name}`, binding, () => binding.reads.some((it) => isCalledWith(it, name, facts)));
}

const IS_COMPARED = fileQuestion((facts, about) => {
  const [name = "", array = ""] = about.split(" ");
  return facts.view.readsOf(array).some((it) => isCalledWith(it, name, facts));
});

/** `np.sum(values)`, `values.sum()`. */
function isCalledWith(array: Node, name: string, facts: Facts): boolean {
  const { kind, call: node, name: method } = useOf(array);
  const call = asCall(node);
  if (!call || call.keywords.size > 0 || call.hasSplat) return false;
  return kind === "argument"
    ? call.args.length === 1 && facts.nameOf(call.callee) === `numpy.${name}`
    : kind === "method" && method === name && call.args.length === 0;
}

/** Looked at once to raise an error or not: the check of an argument, which costs next to nothing beside what follows it. */
function isCheck(call: Node, facts: Facts): boolean {
  if (facts.loopAround(call)) return false;
  let test = wrapped(call);
  while (test.parent && CONDITIONS.has(test.parent.kind)) test = wrapped(test.parent);
  if (test.parent?.kind === "assert_statement") return true;
  const branch = asIf(test.parent);
  return (
    branch !== undefined &&
    unwrap(branch.condition) === unwrap(test) &&
    !branch.orElse &&
    branch.elifs.length === 0 &&
    onlyStatement(branch.body)?.kind === "raise_statement"
  );
}

const CONDITIONS = new Set(["not_operator", "boolean_operator", "comparison_operator"]);

/** The array in `list(array)`. */
function listed(node: Node, facts: Facts): Node | undefined {
  const call = asCall(unwrap(node));
  const [array, more] = call?.args ?? [];
  return call &&
    array &&
    !more &&
    !call.hasSplat &&
    call.keywords.size === 0 &&
    facts.nameOf(call.callee) === "builtins.list"
    ? array
    : undefined;
}

/** What may come out differently. */
function doubtsOf(name: string, shape: ArrayShape, call: Call, facts: Facts): readonly string[] {
  const { axes, holds } = shape;
  if (name === "any" || name === "all") {
    if (axes === 1 && holds !== undefined && isTested(call.node, facts)) return [];
    return ["returns a NumPy bool", ...(axes === 1 ? [] : ["an array of rows gives a single value"])];
  }
  const isFilled = shape.lengths[0]?.some((it) => /^(?=[\d_]*[1-9])[\d_]+$/.test(it)) ?? false;
  const empty = name === "sum" ? "an empty array gives a NumPy number" : "the error message for an empty array differs";
  const others =
    name === "sum"
      ? ofSum(shape)
      : [
          ...(holds === "int" || holds === "bool" ? [] : ["NaN makes the result NaN"]),
          ...(axes === 1 ? [] : ["an array of rows gives one number"]),
        ];
  return isFilled ? others : [...others, empty];
}

function ofSum({ axes, holds }: ArrayShape): string[] {
  if (holds === "bool" || (axes === 1 && holds === "int")) return [];
  return holds === "int"
    ? ["small integers are added in a wider type"]
    : ["floats are added in another order", "small integers in a wider type"];
}

/** Only its truth is asked for. */
function isTested(call: Node, facts: Facts): boolean {
  const use = useOf(call);
  if (use.kind === "tested") return true;
  const around = call.parent;
  return (
    use.kind === "operand" &&
    around?.kind === "boolean_operator" &&
    facts.typeOf(around)?.name === "bool" &&
    isTested(around, facts)
  );
}
