/** What becomes of the array that an expression gives: only read, or kept and written to. */

import { isPureCall } from "../knowledge/index.js";
import { isWritingKeyword, outcomePlace } from "../knowledge/numpy-outcomes.js";
import type { Answer, Facts } from "../semantics/facts.js";
import { useOf, type Use } from "../semantics/uses.js";
import { asCall, asConditional, wrapped, type Call } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** They tell something of the array without its elements. */
const PLAIN_ATTRIBUTES = words("shape dtype ndim size nbytes itemsize strides");
/** What shares its memory with the array. */
const VIEW_ATTRIBUTES = words("T mT real imag flat");
const VIEW_METHODS = words("ravel reshape squeeze swapaxes transpose view diagonal");
const READING_METHODS = words(
  "all any argmax argmin argpartition argsort choose clip compress copy cumprod cumsum dot dumps flatten item max mean min nonzero prod " +
    "repeat round searchsorted std sum take tobytes tofile tolist trace var ptp",
);
const VIEW_FUNCTIONS = new Set(
  (
    "asarray asanyarray ascontiguousarray asfortranarray atleast_1d atleast_2d atleast_3d array_split broadcast_arrays broadcast_to diag diagonal dsplit " +
    "expand_dims flip fliplr flipud hsplit matrix_transpose moveaxis permute_dims ravel real imag reshape rollaxis rot90 split squeeze swapaxes transpose unstack vsplit " +
    "asarray_chkfinite asmatrix bmat require from_dlpack frombuffer nan_to_num array astype real_if_close einsum histogram histogram_bin_edges histogram2d ix_ " +
    "meshgrid polyder polyint trim_zeros"
  )
    .split(" ")
    .map((it) => `numpy.${it}`),
);
const READING_FUNCTIONS = new Set(
  "len sum min max any all float int bool abs sorted print str repr isinstance round id type"
    .split(" ")
    .map((it) => `builtins.${it}`),
);
/** What stands around a value that is given on as it is. */
const DEPTH = 5;

/** `yes`: the array and its views are only read. `no`: something writes to it, keeps it or hands it on. `unknown`: a function that is not known gets it. */
export function isOnlyRead(expression: Node, facts: Facts, depth = 0): Answer {
  if (depth > DEPTH) return "unknown";
  return fate(useOf(expression), facts, depth);
}

function fate(use: Use, facts: Facts, depth: number): Answer {
  const around = (node: Node) => isOnlyRead(node, facts, depth + 1);
  switch (use.kind) {
    case "operand":
      return ofOperand(use, around);
    case "compared":
    case "membership":
    case "formatted":
    case "tested":
    case "discarded":
      return "yes";
    case "iterated":
      return use.in.kind === "for_in_clause" || use.in.kind === "for_statement"
        ? ofItems(use.in, facts, depth)
        : "unknown";
    case "subscript":
      return around(use.in);
    case "attribute":
      if (PLAIN_ATTRIBUTES.has(use.name ?? "")) return "yes";
      return VIEW_ATTRIBUTES.has(use.name ?? "") ? around(use.in) : "unknown";
    case "method":
      return ofMethod(use, around);
    case "argument":
      return ofArgument(use, facts, around);
    case "element":
      return isJoined(use.in, facts) ? "yes" : "no";
    case "assigned":
      return ofAssigned(use.node, facts, depth);
    default:
      return "no";
  }
}

function ofOperand(use: Use, around: (node: Node) => Answer): Answer {
  const outer = use.in;
  if (outer.kind === "boolean_operator") return around(outer);
  const choice = asConditional(outer);
  return choice && wrapped(use.node) !== wrapped(choice.condition) ? around(outer) : "yes";
}

/** The rows that a loop over it gives are views. */
function ofItems(loop: Node, facts: Facts, depth: number): Answer {
  const target = loop.field("left");
  if (target?.kind !== "identifier") return "unknown";
  return worst(
    facts
      .readsOf(target, loop.kind === "for_statement" ? loop : loop.parent)
      .map((it) => isOnlyRead(it, facts, depth + 1)),
  );
}

function ofMethod(use: Use, around: (node: Node) => Answer): Answer {
  const name = use.name ?? "";
  if (READING_METHODS.has(name)) return "yes";
  if (isViewByMethod(use)) return around(use.in);
  return name === "astype" ? "yes" : "unknown";
}

/** What a method gives may share its memory with the array. */
function isViewByMethod({ name = "", call: node }: Use): boolean {
  if (name !== "astype") return VIEW_METHODS.has(name);
  const call = asCall(node);
  return call?.keywords.has("copy") || (call?.args.length ?? 0) > 1;
}

/** What a function of NumPy gives may share its memory with the argument. */
function isViewByFunction(use: Use, call: Call, name: string): boolean {
  if (!VIEW_FUNCTIONS.has(name)) return false;
  if (name === "numpy.array" || name === "numpy.meshgrid") return call.keywords.has("copy");
  if (name === "numpy.einsum") return call.args.length < 3;
  // Of a histogram the edges may be the array that was given for them.
  return !name.startsWith("numpy.histogram") || !call.args[0] || wrapped(call.args[0]) !== wrapped(use.node);
}

/** What comes of the use may be a view of the array, and show what becomes of it later. */
export function mayBeView(use: Use, facts: Facts): boolean {
  if (use.kind === "subscript") return true;
  if (use.kind === "attribute") return VIEW_ATTRIBUTES.has(use.name ?? "");
  if (use.kind === "method") return isViewByMethod(use);
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  return call !== undefined && isViewByFunction(use, call, facts.nameOf(call.callee) ?? "");
}

function ofArgument(use: Use, facts: Facts, around: (node: Node) => Answer): Answer {
  const call = asCall(use.call);
  const name = call && facts.nameOf(call.callee);
  if (!call || use.name === "out" || [...call.keywords.keys()].some((it) => it !== "out" && isWritingKeyword(it)))
    return "no";
  if (name === undefined) return "unknown";
  if (isPlaceForOutcome(use, call, name)) return "no";
  if (READING_FUNCTIONS.has(name)) return "yes";
  if (isViewByFunction(use, call, name)) return around(use.in);
  return /^(numpy|math)\./.test(name) && isPureCall(name) ? "yes" : "unknown";
}

/** `np.add(x, y, row)`. */
function isPlaceForOutcome(use: Use, { args }: Call, name: string): boolean {
  const outcome = outcomePlace(name);
  return outcome !== undefined && args.findIndex((it) => wrapped(it) === wrapped(use.node)) >= outcome;
}

/** `np.stack([x, y])`: the list goes to a function that joins arrays. */
function isJoined(list: Node, facts: Facts): boolean {
  const use = useOf(list);
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  return call !== undefined && JOINS.test(facts.nameOf(call.callee) ?? "");
}

const JOINS = /^numpy\.(concatenate|concat|stack|vstack|hstack|dstack|column_stack|array)$/;

function ofAssigned(value: Node, facts: Facts, depth: number): Answer {
  const parent = wrapped(value).parent;
  const target = parent?.field("left") ?? parent?.field("name");
  const outer = parent?.parent;
  if (!target || outer?.kind === "assignment") return "no";
  // `x, y = points[0]`: parts of it, by names of their own.
  if (target.kind === "pattern_list" || target.kind === "tuple_pattern")
    return worst(target.children.map((it) => (it.kind === "identifier" ? ofHolder(it, facts, depth) : "no")));
  return target.kind === "identifier" ? ofHolder(target, facts, depth) : "no";
}

function ofHolder(name: Node, facts: Facts, depth: number): Answer {
  const binding = facts.bindingOf(name);
  if (!binding || binding.scope.kind !== "function" || facts.isRemote(name)) return "no";
  return worst(
    facts.readsSeeing(name).map((it) => (isCaptured(it, name) ? "unknown" : isOnlyRead(it, facts, depth + 1))),
  );
}

/** Read by a function inside this one, which may run later. */
function isCaptured(read: Node, target: Node): boolean {
  const of = (node: Node) => node.ancestor("function_definition", "lambda");
  return of(read) !== of(target);
}

function worst(answers: readonly Answer[]): Answer {
  return answers.includes("no") ? "no" : answers.includes("unknown") ? "unknown" : "yes";
}
