/** A Python loop that works on the elements of NumPy arrays or tensors one at a time, each by itself. */

import {
  arrayLoop,
  arrayShape,
  arrayStatements,
  asAssignment,
  asAugmented,
  asBinary,
  asCall,
  asComparison,
  callsUnder,
  asFor,
  asSubscript,
  between,
  declined,
  defineRule,
  elementLoop,
  excerpt,
  fixOf,
  hasComments,
  holdsNumbers,
  importModule,
  indentOf,
  integerOf,
  isCompiled,
  isTranslatable,
  lastIdentifier,
  onlyStatement,
  previousStatement,
  replace,
  returnBehind,
  shapeDoubt,
  statementOf,
  statementsOf,
  unwrap,
  type ArrayLoop,
  type Call,
  type ArrayStatements,
  type Edit,
  type ElementLoop,
  type Evidence,
  type Facts,
  type ForLoop,
  type LoopResult,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** `counts[group] += 1`, where the data say the place and may say it again: an indexed `+=` of whole arrays adds only once there. */
function addsAtPlacesOfData(array: Node, facts: Facts): boolean {
  const cell = asSubscript(array.parent);
  const sum = cell?.value === array ? asAugmented(cell.node.parent) : undefined;
  if (!cell || sum?.target !== cell.node || !/^[-+]=$/.test(sum.operator)) return false;
  return cell.indices.every((it) => it.kind !== "slice") && cell.indices.some((it) => !isCounter(it, facts));
}

/** A number, or the name that a `range` or `enumerate` counts with. */
function isCounter(index: Node, facts: Facts): boolean {
  if (integerOf(index) !== undefined) return true;
  if (index.kind !== "identifier")
    return !/^(?:subscript|call)$/.test(index.kind) && index.descendants("subscript", "call").length === 0;
  return facts.reachingSites(index).every(({ kind, owner, name }) => {
    const head = kind === "for" ? asCall(owner.field("right") && unwrap(owner.field("right")!)) : undefined;
    const counts = /^(?:range|prange|nb\.prange|numba\.prange)$/.test(head?.callee.text ?? "");
    return counts || (head?.callee.text === "enumerate" && owner.field("left")?.children[0] === name);
  });
}

export default defineRule({
  title: "Loop over the elements of an array",
  why: "Each iteration wraps elements in Python objects, works on them through the interpreter and unwraps the result. An expression over whole arrays does the same work at once, in compiled code on typed memory. With tensors each element costs more still: every step of it is an operation of its own, on a GPU a launch.",
  guide: "numpy",
  level: "warning",
  differs: { light: "off" },
  gain: "time",
  imports: ["numpy", "torch"],
  overrides: [
    "iteration/append-in-loop",
    "iteration/range-len",
    "numba/uncompiled-numeric-loop",
    "numpy/copying-flatten",
  ],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def calibrated(readings: np.ndarray) -> np.ndarray:
    result = np.zeros(len(readings))
    for i in range(len(readings)):
        result[i] = readings[i] * 1.8 + 32.0
    return result
`,
      after: `
import numpy as np

def calibrated(readings: np.ndarray) -> np.ndarray:
    return readings * 1.8 + 32.0
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }, loop) {
    const found = facts.isTest ? undefined : elementLoop(node, facts);
    if (!found || isCompiled(node, facts) || isFilledSlowly(found, facts)) return undefined;
    // The outermost of several is the one to rewrite.
    const outer = node.parent?.parent;
    if (outer?.kind === "for_statement" && elementLoop(outer, facts)) return undefined;
    if (isOtherwiseWhole(node, loop)) return undefined;
    const evidence: Evidence = found.isThorough ? found.evidence : "fair";
    const library = facts.isA(found.array, "torch.Tensor", "fair") ? "PyTorch" : "NumPy";
    const grouped = library === "NumPy" ? comparedPerValue(loop, facts) : undefined;
    return {
      at: loop.iterable,
      construct: node,
      evidence,
      weight: weightOf(found, loop, facts),
      found,
      library,
      grouped,
    };
  },

  message: ({ found, evidence, weight, library, grouped }, { facts }) => {
    const [{ name, kind }] = found.results as [LoopResult];
    const array = excerpt(found.array.text, 30);
    const shown = excerpt(name.text, 30);
    const where = weight === "heavy" ? "" : `, which is far faster if \`${array}\` is long`;
    if (grouped)
      return `Each turn compares all of \`${excerpt(grouped.text, 30)}\` with one of its values; \`np.bincount\` counts and adds up the parts of all values in one pass.`;
    if (found.form === "calls")
      return `This loop calls a function for each place of \`${shown}\`; on shifted slices of \`${array}\` its steps work on all places at once${where}.`;
    if (kind === "counts" || addsAtPlacesOfData(name, facts))
      return `This loop counts into \`${shown}\` one place at a time; ${library === "NumPy" ? "`np.add.at` or `np.bincount`" : "`index_add_` or `torch.bincount`"} takes all places at once, as arrays${weight === "heavy" ? "" : ", which is far faster if there are many"}.`;
    if (found.form === "windows")
      return `This loop looks at \`${array}\` window by window; shifted slices or ${library === "NumPy" ? "sliding_window_view" : "unfold"} work on all of it at once${where}.`;
    if (found.form === "rows")
      return `This loop works on \`${array}\` one row at a time; ${library} can work on all rows at once${found.isThorough ? ` (\`${library === "NumPy" ? "axis" : "dim"}=\`)` : ""}${where}.`;
    if (found.form === "items")
      return `This loop works on \`${array}\` one item at a time; ${library} can work on all of it at once${where}.`;
    const verb =
      kind === "sum" ? "adds up" : kind === "extreme" ? "searches for" : found.isThorough ? "computes" : "fills";
    const taken = evidence === "fair" && weight === "heavy" ? ` (\`${array}\` is taken for an array)` : "";
    const whole = `This loop ${verb} \`${shown}\` element by element in Python${taken}; an expression over whole arrays does it in compiled code`;
    return evidence === "fair" && weight !== "heavy"
      ? `${whole}, which is far faster if \`${array}\` is a long array.`
      : `${whole}${where}.`;
  },

  fix({ found: { node, form, array, evidence, results } }, file) {
    const { facts } = file;
    if (hasComments(node)) return declined("there is a comment inside the loop");
    if (evidence !== "proof") return declined(`\`${array.text}\` is not known for certain to be an array`);
    if (form === "windows") return declined("each turn reads a part of the array");
    if (results.some((it) => it.kind === "counts")) return declined("the places have to be looked up as arrays first");
    const loop = arrayLoop(node, facts);
    if (!loop || !isTranslatable(loop, facts))
      return declined("the loop does more than can be written as one expression for each result");
    if (holdsNumbers(loop, facts) !== "yes") return declined("the elements may be rows");
    const numpy = importModule(file, "numpy", node, "np");
    const whole = numpy && arrayStatements(loop, facts, numpy.name);
    if (!whole) return declined("indices, conditions or operators of the loop have no plain form for whole arrays");
    const direct = atOnce(loop, whole, facts);
    return fixOf(
      "Use whole arrays",
      [shapeDoubt(loop), ...whole.doubts, ...(direct?.doubts ?? [])],
      [
        ...(whole.usesNumpy ? numpy.edits : []),
        ...(direct?.edits ?? [replace(node, whole.lines.join(`\n${indentOf(node)}`))]),
      ],
    );
  },
});

/** `for label in np.unique(labels): … labels == label …`: what is compared with each of its own values. */
function comparedPerValue({ iterable, target, body }: ForLoop, facts: Facts): Node | undefined {
  const source = facts.valueOf(unwrap(iterable)) ?? unwrap(iterable);
  const call = asCall(unwrap(source));
  const [values] = call && facts.nameOf(call.callee) === "numpy.unique" ? call.args : [];
  if (!values || target.kind !== "identifier") return undefined;
  const isCompared = body.descendants("comparison_operator").some((it) => {
    const test = asComparison(it);
    const sides = test?.operator === "==" ? [test.left.text, test.right.text] : [];
    return sides.includes(values.text) && sides.includes(target.text);
  });
  return isCompared ? values : undefined;
}

/** Fewer turns than this are hardly faster on whole arrays, or so seldom run that nobody sees it. */
const FEW = 100;
const FEW_AGAIN = 20;
const MANY = 1000;
/** What there are a handful of. */
const HANDFULS =
  /^_?(K|k_\w+|(n|num|nr|n_?of|max)?_?(dims?|ndims?|axes|classes|class|labels|channels|comps?|components?|clusters?|centers|centroids|folds?|splits?|layers?|heads|models?|levels|order|orders|lags?|maxlags?|max_lag|degree|groups?|regimes?|states?|factors?|endog|exog|trend|ar|ma|neqs|vars|params|outputs|targets|qubits|bins|quantiles|horizons?|seasons?|periods|seeds?))$/;

/** By how often the loops turn together. */
function weightOf({ node, heads, turns, form }: ElementLoop, { body }: ForLoop, facts: Facts): Weight {
  if (turns !== undefined) {
    const few = facts.loopsAround(node).length > 0 ? FEW_AGAIN : FEW;
    return turns < few ? "light" : turns < MANY ? "unknown" : "heavy";
  }
  const sizes = heads.map(({ over, depth }) => ({
    depth,
    size: isHandful(over, facts) ? "light" : facts.sizeOf(over),
  }));
  if (sizes.every((it) => it.size === "light")) return "light";
  const long = new Set(sizes.flatMap((it) => (it.size === "light" ? [] : [it.depth])));
  if (facts.weightOf(statementsOf(body)[0] ?? body) === "light") return "light";
  if (form === "rows" || form === "items" || form === "calls") return "unknown";
  return long.size > 1 || sizes.some((it) => it.size === "heavy") ? "heavy" : "unknown";
}

/** `range(n_classes)`, `range(len(folds))`, `range(x.ndim)`. */
function isHandful(over: Node, facts: Facts): boolean {
  const call = asCall(unwrap(over));
  const name = call && facts.nameOf(call.callee);
  if (!call || name === undefined || !/^builtins\.(range|enumerate|len)$|^numpy\.arange$/.test(name)) return false;
  // Down to a place it is the start that counts.
  const isDown = call.args[2]?.text.startsWith("-") === true;
  const end = name === "builtins.range" && call.args.length > 1 && !isDown ? call.args[1]! : call.args[0];
  if (!end) return false;
  const inner = unwrap(end);
  const counted = asCall(inner);
  const value = counted?.callee.text === "len" ? counted.args[0] : (asBinary(inner)?.left ?? inner);
  return value !== undefined && HANDFULS.test(lastIdentifier(value.text));
}

/** The other branch does the same to the whole: the loop is for what is not one array. */
function isOtherwiseWhole(node: Node, { target, body }: ForLoop): boolean {
  const value = asAssignment(onlyStatement(body))?.value;
  const whole = value?.text.replaceAll(`[${target.text}]`, "");
  return whole !== value?.text && node.ancestor("if_statement", "function_definition")?.kind === "if_statement"
    ? node.ancestor("if_statement")!.text.includes(whole!)
    : false;
}

/** Whatever it reads was stored cell by cell just before, by a loop that has to stay: whole arrays would save little of the time of both. */
function isFilledSlowly({ node, array, results }: ElementLoop, facts: Facts): boolean {
  const isStored = (it: Node) => results.some((result) => result.name.text === it.text);
  const read = asFor(node)!
    .body.descendants("subscript")
    .flatMap((it) => asSubscript(it)?.value ?? [])
    .filter((it) => it.kind === "identifier" && !isStored(it) && facts.isA(it, "numpy.ndarray", "fair"));
  const depth = facts.loopsAround(node).length;
  const isFilled = (it: Node) =>
    slowFills(it, facts).some((cell) => cell.end < node.start && facts.loopsAround(cell).length > depth);
  return read.length > 0 && [...read, ...(isStored(array) ? [] : [array])].every(isFilled);
}

/** Where loops that have to stay put something into the places of an array. */
function slowFills(array: Node, facts: Facts): readonly Node[] {
  return facts.memo("slow fills", facts.bindingOf(array) ?? array, () =>
    facts
      .usesOf(array)
      .filter(
        (use) =>
          use.kind === "subscript-store" &&
          facts.loopsAround(use.in).every((it) => it.kind === "for_statement" && !elementLoop(it, facts)) &&
          callsUnknown(use.in, facts),
      )
      .map((use) => use.in),
  );
}

/** The value that is stored comes from a function that has no counterpart for whole arrays. */
function callsUnknown(cell: Node, facts: Facts): boolean {
  const value = asAssignment(statementOf(cell))?.value;
  return (
    value !== undefined &&
    callsUnder(value).some((it) => !/^(builtins|math|numpy)\./.test(facts.nameOf(it.callee) ?? ""))
  );
}

interface AtOnce {
  readonly edits: readonly Edit[];
  readonly doubts: readonly string[];
}

/** Where the loop filled what the line above it began with zeros: the expression alone, in the `return` if that is all there is of it. */
function atOnce(loop: ArrayLoop, { lines }: ArrayStatements, facts: Facts): AtOnce | undefined {
  const start = previousStatement(loop.node);
  const begun = asAssignment(start);
  const [target, more] = begun?.targets ?? [];
  const [step, another] = loop.steps;
  const [line] = lines;
  if (!start || !begun?.value || begun.annotation || target?.kind !== "identifier" || more || !step || another || !line)
    return undefined;
  const value =
    step.kind === "sum"
      ? ofSum(step, line, target, begun.value)
      : ofStore(loop, step, line, target, begun.value, facts);
  if (
    value === undefined ||
    hasComments(start) ||
    loop.node.descendants("identifier").some((it) => it.text === target.text && !it.isInside(asFor(loop.node)!.body))
  )
    return undefined;
  const gap = loop.node.tree.text.slice(start.end, loop.node.start);
  if (gap.trim() !== "") return undefined;
  const name = step.kind === "sum" ? step.name : (step as { readonly cell: { readonly array: Node } }).cell.array;
  const last = returnBehind(start, loop.node, name, facts);
  return {
    edits: [
      last
        ? replace(between(start, last), `return ${value}`)
        : replace(between(start, loop.node), `${target.text} = ${value}`),
    ],
    doubts: [
      step.kind !== "sum"
        ? "float32 arrays give a float32 result"
        : !(begun.value.text === "0" && value.includes("count_nonzero(")) && "a sum has the type of what is added",
    ].filter((it) => it !== false),
  };
}

type Step = ArrayLoop["steps"][number];

/** `total = 0` above. */
function ofSum(step: Extract<Step, { kind: "sum" }>, line: string, target: Node, begun: Node): string | undefined {
  const head = `${step.name.text} += `;
  return target.text === step.name.text && /^0(\.0*)?$/.test(begun.text) && line.startsWith(head)
    ? line.slice(head.length)
    : undefined;
}

/** `out = np.zeros(len(x))` above, whose elements are floats, as those of the expression are; the expression is as long as it. */
function ofStore(
  loop: ArrayLoop,
  step: Step,
  line: string,
  target: Node,
  begun: Node,
  facts: Facts,
): string | undefined {
  if (step.kind !== "store" || step.operator !== "" || step.cell.array.text !== target.text) return undefined;
  const head = `${target.text}[:] = `;
  const made = asCall(begun);
  const isMade = made && /^numpy\.(zeros|empty|ones)(_like)?$/.test(facts.nameOf(made.callee) ?? "");
  const shape = arrayShape(step.cell.array, facts);
  const whole = loop.cells.filter((it) => it.array.text !== target.text);
  const order = loop.axes.map((_, axis) => axis).join();
  const isWhole = (it: (typeof whole)[number]) =>
    it.places.map((place) => ("axis" in place ? place.axis : "")).join() === order;
  const readsItself = step.value.descendants("identifier").some((it) => it.text === target.text);
  return line.startsWith(head) &&
    isMade &&
    isAsLong(
      made,
      loop,
      whole.filter(isWhole).map((it) => it.array.text),
      facts,
    ) &&
    shape.holds === "float" &&
    shape.axes === loop.axes.length &&
    isFloat(step.value, facts) &&
    !readsItself &&
    whole.some(isWhole)
    ? line.slice(head.length)
    : undefined;
}

/** It is made in the shape the loop goes through, and of the usual floats. */
function isAsLong(made: Call, { axes }: ArrayLoop, read: readonly string[], facts: Facts): boolean {
  const [shape, more] = made.args;
  const dtype = made.keywords.get("dtype");
  if (!shape || more || made.keywords.size > (dtype ? 1 : 0)) return false;
  if (dtype && !/^(?:float|np\.float64|numpy\.float64|["'](?:float|float64)["'])$/.test(dtype.text)) return false;
  if (made.callee.text.endsWith("_like")) return !dtype && read.includes(shape.text);
  if (read.some((it) => shape.text === `${it}.shape`)) return true;
  const node = unwrap(shape);
  const lengths = node.kind === "tuple" || node.kind === "list" ? node.children : [node];
  const lengthOf = (it: Node) =>
    (facts.valueOf(it) ?? it).text.replace(/^len\((\w+)\)$|^(\w+)\.(?:size|shape\[0\])$/, "$1$2 long");
  return (
    lengths.length === axes.length &&
    axes.every(({ stop, items }, axis) => {
      const goes = stop ? lengthOf(stop) : `${[...items.values()][0]?.array.text} long`;
      return lengthOf(lengths[axis]!) === goes;
    })
  );
}

/** Whatever numbers stand in it, the expression gives floats. */
function isFloat(value: Node, facts: Facts): boolean {
  const node = unwrap(value);
  if (node.kind === "float" || facts.typeOf(node)?.name === "float") return true;
  const binary = asBinary(node);
  if (binary) return binary.operator === "/" || [binary.left, binary.right].some((it) => isFloat(it, facts));
  if (node.kind === "unary_operator") return isFloat(node.field("argument")!, facts);
  const call = asCall(node);
  if (call) return /^(math|numpy)\.(sqrt|exp|log\w*|sin|cos|tan|tanh)$/.test(facts.nameOf(call.callee) ?? "");
  const array = asSubscript(node)?.value;
  return array !== undefined && arrayShape(array, facts).holds === "float";
}
