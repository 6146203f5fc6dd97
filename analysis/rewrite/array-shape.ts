/** What the code that makes a NumPy array or a tensor tells of it: how many axes it has, what numbers it holds, what it is as long as. */

import type { Facts } from "../semantics/facts.js";
import { fileQuestion } from "../semantics/file-questions.js";
import { isNumber } from "../semantics/types.js";
import { isStored } from "../semantics/uses.js";
import {
  argumentOf,
  asAttribute,
  asBinary,
  asCall,
  asMethodCall,
  asSubscript,
  integerOf,
  unwrap,
  type Call,
} from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";

/** What is known of an array; what is not known is undefined. */
export interface ArrayShape {
  readonly axes: number | undefined;
  readonly holds: "bool" | "int" | "float" | undefined;
  /** Written out in the source, so it has a handful of items. */
  readonly isWrittenOut: boolean;
  /** For each known axis: texts that mean its length; see `lengthOf`. */
  readonly lengths: readonly (readonly string[])[];
}

const UNKNOWN: ArrayShape = { axes: undefined, holds: undefined, isWrittenOut: false, lengths: [] };
const DEPTH = 6;

/** Functions that fill an array of a given shape. */
const FILLED: Readonly<Record<string, ArrayShape["holds"]>> = {
  "numpy.zeros": "float",
  "numpy.ones": "float",
  "numpy.empty": "float",
  "numpy.full": undefined,
};
/** They take the lengths one by one, or all of them as one value. */
const TENSORS = /^torch\.(zeros|ones|empty|rand|randn)$/;
const LIKE = new Set([
  "numpy.zeros_like",
  "numpy.ones_like",
  "numpy.empty_like",
  "numpy.full_like",
  "numpy.copy",
  "numpy.asarray",
  "numpy.ascontiguousarray",
]);
const SAME_SHAPE = new Set(["copy", "astype", "round", "clip", "conj"]);
const FLAT = new Set(["ravel", "flatten"]);
/** Whole numbers of the width that sums are made in. */
const INTEGERS = /^(builtins\.int|numpy\.(int64|intp|int_))$/;
const FLOATS = /^(builtins\.float|numpy\.(float(16|32|64)|double|single|half))$/;

/** What is known of the axes, the kind of elements and the lengths of an array expression. */
export function arrayShape(expression: Node, facts: Facts, depth = 0): ArrayShape {
  const node = unwrap(expression);
  if (depth > DEPTH) return UNKNOWN;
  const inner = (it: Node) => arrayShape(it, facts, depth + 1);
  switch (node.kind) {
    case "identifier":
      return ofName(node, facts, inner);
    case "call":
      return ofCall(node, facts, inner);
    case "binary_operator":
    case "comparison_operator":
      return ofOperation(node, facts, inner);
    case "unary_operator":
      return inner(node.field("argument")!);
    case "subscript": {
      const { value, indices } = asSubscript(node) ?? {};
      const [only, more] = indices ?? [];
      if (!value || !only || more) return UNKNOWN;
      const { axes, holds } = inner(value);
      const isPart = only.kind === "slice" || facts.typeOf(only)?.name === "numpy.ndarray";
      if (isPart) return { ...UNKNOWN, axes: only.kind === "slice" || axes === 1 ? axes : undefined, holds };
      return UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

/** Some array of the file gets other axes, another length or other numbers where it is: `x.shape = 2, 3`, `x.resize(0)`. */
const RESHAPES = fileQuestion(
  ({ view }) =>
    view.attributesOf("resize").some((it) => it.parent?.parent?.kind === "expression_statement") ||
    ["shape", "dtype", "strides"].some((name) => view.attributesOf(name).some(isStored)),
);

/** One answer only where all assignments that may have run last agree. */
function ofName(name: Node, facts: Facts, inner: (node: Node) => ArrayShape): ArrayShape {
  const sites = facts.reachingSites(name).filter((it) => it.kind !== "augment");
  if (sites.length === 0 || !sites.every((it) => it.kind === "assign" && it.path.length === 0 && it.value))
    return UNKNOWN;
  if (facts.ofFile(RESHAPES)) return UNKNOWN;
  const [first, ...rest] = sites.map((it) => inner(it.value!));
  const agree = <T>(pick: (shape: ArrayShape) => T) => rest.every((it) => pick(it) === pick(first!));
  return {
    axes: agree((it) => it.axes) ? first!.axes : undefined,
    holds: agree((it) => it.holds) ? first!.holds : undefined,
    isWrittenOut: agree((it) => it.isWrittenOut) && first!.isWrittenOut,
    lengths: rest.length === 0 ? first!.lengths : [],
  };
}

/** `torch.zeros(rows, columns)`, `torch.zeros((rows, columns))`, `torch.zeros(len(x))`. */
function tensorAxes(call: Call, facts: Facts): number | undefined {
  const [first, ...others] = call.args;
  if (!first) return undefined;
  if (others.length > 0) return call.args.length;
  const only = unwrap(first);
  if (only.kind === "tuple" || only.kind === "list") return only.children.length;
  const measured = asAttribute(asSubscript(only)?.value)?.name === "shape" || asMethodCall(only, "size")?.args[0];
  return measured || isNumber(facts.typeOf(only)) ? 1 : undefined;
}

function ofCall(node: Node, facts: Facts, inner: (node: Node) => ArrayShape): ArrayShape {
  const call = asCall(node);
  if (!call || call.hasSplat) return UNKNOWN;
  const name = facts.nameOf(call.callee);
  const [first] = call.args;
  if (name === undefined) return ofMethod(node, facts, inner);
  if (name in FILLED)
    return filled(
      argumentOf(call, "shape", 0),
      holding(call, name === "numpy.full" ? 2 : 1, FILLED[name], facts),
      facts,
    );
  if (TENSORS.test(name)) return { ...UNKNOWN, axes: tensorAxes(call, facts) };
  if (name === "numpy.arange")
    return {
      axes: 1,
      holds: holding(call, 3, call.args.every((it) => facts.typeOf(it)?.name === "int") ? "int" : undefined, facts),
      isWrittenOut: false,
      lengths: call.args.length === 1 ? [[lengthOf(first!, facts)]] : [],
    };
  if (name === "numpy.linspace")
    return { axes: 1, holds: holding(call, 5, "float", facts), isWrittenOut: false, lengths: [] };
  if (name === "numpy.ravel") return { ...UNKNOWN, axes: 1, holds: first && inner(first).holds };
  if ((name === "numpy.array" || name === "numpy.asarray") && first && unwrap(first).kind.startsWith("list"))
    return ofList(unwrap(first), call, facts);
  if (LIKE.has(name) && first && !call.keywords.has("shape"))
    return {
      ...inner(first),
      holds: holding(call, undefined, inner(first).holds, facts),
      isWrittenOut: false,
      lengths: likeOf(first, inner(first)),
    };
  if (name === "numpy.where" && call.args.length === 3) return { ...UNKNOWN, axes: inner(first!).axes };
  return UNKNOWN;
}

function ofMethod(node: Node, facts: Facts, inner: (node: Node) => ArrayShape): ArrayShape {
  const call = asMethodCall(node);
  const [first] = call?.args ?? [];
  if (!call) return UNKNOWN;
  const type = facts.typeOf(call.object)?.name;
  if (type === "numpy.random.Generator") return random(call, facts);
  if (type !== "numpy.ndarray") return UNKNOWN;
  const own = inner(call.object);
  if (FLAT.has(call.method)) return { ...UNKNOWN, axes: 1, holds: own.holds };
  if (call.method === "reshape" && call.args.length === 1 && integerOf(first) !== undefined)
    return { ...UNKNOWN, axes: 1, holds: own.holds };
  if (!SAME_SHAPE.has(call.method)) return UNKNOWN;
  const holds = call.method === "astype" ? holding(call, 0, undefined, facts) : own.holds;
  return { axes: own.axes, holds, isWrittenOut: false, lengths: likeOf(call.object, own) };
}

/** `rng.random(n)`, `rng.integers(0, 9, size=n)`, `rng.normal(size=n)`. */
function random(call: Call, facts: Facts): ArrayShape {
  const method = asAttribute(call.callee)?.name;
  const size =
    call.keywords.get("size") ?? (method === "random" || method === "standard_normal" ? call.args[0] : undefined);
  return size && !call.keywords.has("dtype") ? filled(size, method === "integers" ? "int" : "float", facts) : UNKNOWN;
}

function filled(shape: Node | undefined, holds: ArrayShape["holds"], facts: Facts): ArrayShape {
  const node = shape && unwrap(shape);
  if (!node) return UNKNOWN;
  if (node.kind === "tuple")
    return {
      axes: node.children.length,
      holds,
      isWrittenOut: false,
      lengths: node.children.map((it) => [lengthOf(it, facts)]),
    };
  const own = asAttribute(node);
  if (own?.name === "shape" && facts.typeOf(own.object)?.name === "numpy.ndarray")
    return { axes: undefined, holds, isWrittenOut: false, lengths: [0, 1].map((it) => [`${own.object.text}#${it}`]) };
  return { axes: isWhole(node, facts) ? 1 : undefined, holds, isWrittenOut: false, lengths: [[lengthOf(node, facts)]] };
}

/** An integer by its type, or by where it comes from: `x.shape[0]`, a name unpacked from a shape, a name that some `range` counts to. */
function isWhole(node: Node, facts: Facts): boolean {
  if (facts.typeOf(node)?.name === "int" || lengthOf(node, facts).includes("#")) return true;
  if (node.kind !== "identifier") return false;
  return facts
    .readsOf(node)
    .some(
      (it) =>
        it.parent?.kind === "argument_list" &&
        it.parent.parent?.kind === "call" &&
        facts.nameOf(it.parent.parent.field("function")!) === "builtins.range",
    );
}

function likeOf(original: Node, shape: ArrayShape): ArrayShape["lengths"] {
  const node = unwrap(original);
  return node.kind === "identifier"
    ? [0, 1].map((axis) => [`${node.text}#${axis}`, ...(shape.lengths[axis] ?? [])])
    : shape.lengths;
}

function ofList(list: Node, call: Call, facts: Facts): ArrayShape {
  const type = facts.typeOf(list);
  const item = type?.of[0];
  const holds = holding(
    call,
    1,
    item?.name === "int" || item?.name === "float" || item?.name === "bool" ? item.name : undefined,
    facts,
  );
  return {
    axes: isNumber(item) ? 1 : undefined,
    holds,
    isWrittenOut: list.kind === "list" && list.children.length > 0,
    lengths:
      list.kind === "list" && !list.children.some((it) => it.kind === "list_splat")
        ? [[String(list.children.length)]]
        : [],
  };
}

function ofOperation(node: Node, facts: Facts, inner: (node: Node) => ArrayShape): ArrayShape {
  const operands = node.children.filter((it) => !isNumber(facts.typeOf(it))).map(inner);
  const [first, ...rest] = operands;
  if (!first || node.hasToken("@")) return UNKNOWN;
  const axes = operands.some((it) => it.axes === undefined) ? undefined : Math.max(...operands.map((it) => it.axes!));
  const isAlike =
    rest.every((it) => it.holds === first.holds) &&
    node.children.every((it) => !isNumber(facts.typeOf(it)) || facts.typeOf(it)?.name === first.holds);
  const operator = asBinary(node)?.operator;
  const holds =
    node.kind === "comparison_operator"
      ? "bool"
      : operator === "/"
        ? "float"
        : isAlike && first.holds !== "bool"
          ? first.holds
          : undefined;
  return {
    axes,
    holds,
    isWrittenOut: operands.every((it) => it.isWrittenOut) || operands.some(isShort),
    lengths: rest.length === 0 ? first.lengths : [],
  };
}

/** Two items or more, written out: what stands beside them is as short, or is made of such rows. */
function isShort({ isWrittenOut, lengths }: ArrayShape): boolean {
  return isWrittenOut && Number(lengths[0]?.[0]) > 1;
}

/** By `dtype=` if it is given, else what the function makes by itself. */
function holding(
  call: Call,
  position: number | undefined,
  byItself: ArrayShape["holds"],
  facts: Facts,
): ArrayShape["holds"] {
  const dtype = argumentOf(call, "dtype", position);
  if (!dtype) return byItself;
  const name = facts.nameOf(dtype) ?? "";
  return INTEGERS.test(name)
    ? "int"
    : FLOATS.test(name)
      ? "float"
      : name === "builtins.bool" || name === "numpy.bool" || name === "numpy.bool_"
        ? "bool"
        : undefined;
}

/** The expression makes an array that shares its memory with no other. */
export function isNewArray(expression: Node, facts: Facts): boolean {
  const node = unwrap(expression);
  if (node.kind === "binary_operator" || node.kind === "comparison_operator" || node.kind === "unary_operator")
    return true;
  if (node.kind === "subscript") return isChosen(node, facts);
  const call = asCall(node);
  const copy = call?.keywords.get("copy");
  if (call?.keywords.has("out") || (copy !== undefined && copy.kind !== "true")) return false;
  const name = call && facts.nameOf(call.callee);
  if (name !== undefined) return NEW.test(name) && !givesArgument(name, call!);
  const method = asMethodCall(node);
  const receiver = method && facts.typeOf(method.object)?.name;
  return (
    receiver === "numpy.random.Generator" ||
    (receiver === "numpy.ndarray" &&
      (method!.method === "copy" ||
        method!.method === "flatten" ||
        (method!.method === "astype" && !method!.keywords.has("copy"))))
  );
}

/** `x[x > 0]`, `x[[1, 2]]`, `x[places]`: elements that a mask or places choose are copied. */
function isChosen(node: Node, facts: Facts): boolean {
  const { value, indices = [] } = asSubscript(node) ?? {};
  if (!value || !facts.isA(value, "numpy.ndarray")) return false;
  return indices.some((it) => /^(comparison_operator|list)$/.test(unwrap(it).kind) || facts.isA(it, "numpy.ndarray"));
}

const NEW =
  /^numpy\.((zeros|ones|empty|full)(_like)?|arange|linspace|array|copy|random\.\w+|concatenate|[vhd]?stack|column_stack|repeat|tile|where|sort|diff|cumsum|sqrt|exp|log)$/;

/** The place for the outcome may come without its name, and a difference of no steps is the array itself. */
function givesArgument(name: string, { args, keywords }: Call): boolean {
  if (name === "numpy.diff") return args.length > 1 || keywords.has("n");
  if (/\.(sqrt|exp|log)$/.test(name)) return args.length > 1;
  if (/\.(concatenate|stack)$/.test(name)) return args.length > 2;
  return name === "numpy.cumsum" && args.length > 3;
}

/** One text for one length: `len(x)`, `x.shape[0]`, `x.size` and a name set once from one of them all give `x#0`. */
export function lengthOf(length: Node, facts: Facts, depth = 0): string {
  const node = unwrap(length);
  const call = asCall(node);
  const [array, more] = call?.args ?? [];
  if (call && array && !more && facts.nameOf(call.callee) === "builtins.len") return `${array.text}#0`;
  const size = asAttribute(node);
  if (size?.name === "size") return `${size.object.text}#0`;
  const place = asSubscript(node);
  const shape = asAttribute(place?.value);
  const axis = integerOf(place?.indices[0]);
  if (shape?.name === "shape" && axis !== undefined) return `${shape.object.text}#${axis}`;
  if (node.kind !== "identifier" || depth >= DEPTH) return node.text;
  const [only, second] = facts.writesOf(node);
  if (only?.kind !== "assign" || second || !only.value || only.isRemote) return node.text;
  const value = unwrap(only.value);
  if (only.path.length === 1) {
    const unpacked = asAttribute(asSubscript(value)?.value ?? value);
    return unpacked?.name === "shape" && isSetOnce(unpacked.object, facts)
      ? `${unpacked.object.text}#${only.path[0]}`
      : node.text;
  }
  const found = only.path.length === 0 ? lengthOf(value, facts, depth + 1) : node.text;
  return value.descendants("identifier").every((it) => isSetOnce(it, facts)) ? found : node.text;
}

function isSetOnce(node: Node, facts: Facts): boolean {
  return node.kind !== "identifier" || facts.writesOf(node).length <= 1;
}
