/** Functions that only loop and reckon over numbers and arrays, so that Numba can compile them as they are. */

import type { Facts } from "../semantics/facts.js";
import { elementOf, isNumber } from "../semantics/types.js";
import { useOf } from "../semantics/uses.js";
import { asAttribute, asCall, asMethodCall, asSubscript, typeHead, unwrap } from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { asAssignment, functionAround, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { isCompiled } from "./compiled.js";

const PARTS: ReadonlySet<Kind> = new Set<Kind>([
  "block",
  "expression_statement",
  "assignment",
  "augmented_assignment",
  "if_statement",
  "elif_clause",
  "else_clause",
  "for_statement",
  "while_statement",
  "return_statement",
  "break_statement",
  "continue_statement",
  "pass_statement",
  "raise_statement",
  "identifier",
  "attribute",
  "subscript",
  "slice",
  "call",
  "argument_list",
  "keyword_argument",
  "integer",
  "float",
  "true",
  "false",
  "binary_operator",
  "unary_operator",
  "boolean_operator",
  "not_operator",
  "comparison_operator",
  "conditional_expression",
  "parenthesized_expression",
  "tuple",
  "expression_list",
  "pattern_list",
  "tuple_pattern",
]);

/** What Numba compiles, as tried with 0.68. */
const NUMPY =
  "abs absolute all any arange arccos arcsin arctan arctan2 argmax argmin ceil copy cos cosh cumsum degrees diff dot empty empty_like exp expm1 fabs floor full hypot isfinite isinf isnan linspace log log10 log1p log2 max maximum mean median min minimum ones ones_like power prod radians rint sign sin sinh sort sqrt square std sum tan tanh trunc var where zeros zeros_like float32 float64 int32 int64 bool_ pi e inf nan";
const MATH =
  "acos acosh asin asinh atan atan2 atanh ceil copysign cos cosh degrees erf erfc exp expm1 fabs floor gamma gcd hypot isfinite isinf isnan lgamma log log10 log1p log2 pow radians sin sinh sqrt tan tanh trunc pi e inf nan";
const BUILTINS =
  "range len abs min max int float bool round enumerate zip sum ValueError IndexError ZeroDivisionError RuntimeError";
const KNOWN = new Set([
  ...NUMPY.split(" ").map((it) => `numpy.${it}`),
  ...MATH.split(" ").map((it) => `math.${it}`),
  ...BUILTINS.split(" ").map((it) => `builtins.${it}`),
]);
const METHODS = new Set([
  "sum",
  "min",
  "max",
  "mean",
  "std",
  "copy",
  "argmax",
  "argmin",
  "any",
  "all",
  "ravel",
  "flatten",
  "fill",
]);
const ATTRIBUTES = new Set(["shape", "size", "ndim", "T", "dtype"]);
const ANNOTATIONS = /^(int|float|bool|numpy\.ndarray|numpy\.typing\.NDArray|numpy\.(float|int)(32|64))$/;

/** A function of the module that Numba compiles as it stands, and that is called with what it takes. */
export function isCompilable(def: FunctionDef, facts: Facts): boolean {
  if (
    def.isAsync ||
    def.decorators.length > 0 ||
    def.parameters.length === 0 ||
    def.outer.parent !== def.node.tree.root ||
    facts.classOf(def.outer) ||
    isCompiled(def.body, facts)
  )
    return false;
  const isPlain = def.parameters.every(
    (it) =>
      it.star === "" &&
      (!it.annotation || isNumeric(it.annotation, facts)) &&
      (!it.defaultValue || isNumber(facts.typeOf(it.defaultValue))),
  );
  if (
    !isPlain ||
    (def.returns && !/^(int|float|bool|None)$|ndarray|NDArray|tuple\[/.test(def.returns.text)) ||
    !loopsOverNumbers(def) ||
    !body(def).every((it) => compiles(it, def, facts))
  )
    return false;
  // Without NumPy in the file, what has an index is a list.
  const usesArrays = facts.view.document.pieces.some((it) => it.imports.has("numpy"));
  if (!usesArrays && def.body.descendants("subscript").length > 0) return false;
  return isCalledWithArrays(def, facts);
}

function isNumeric(annotation: Node, facts: Facts): boolean {
  const head = typeHead(annotation);
  return head !== undefined && ANNOTATIONS.test((facts.nameOf(head) ?? head.text).replace(/^builtins\./, ""));
}

/** The nodes that are compiled: all but the docstring and annotations. */
function body({ body: block }: FunctionDef): readonly Node[] {
  const first = block.firstChild;
  const docstring = first?.children[0]?.kind === "string" ? first : undefined;
  return block.descendants().filter((it) => !(docstring && it.isInside(docstring)) && !isAnnotation(it));
}

function isAnnotation(node: Node): boolean {
  return node.kind === "type" || node.ancestor("type") !== undefined;
}

/** A loop that does arithmetic in each turn. */
function loopsOverNumbers({ node, body: block }: FunctionDef): boolean {
  return block
    .descendants("for_statement", "while_statement")
    .some(
      (it) =>
        functionAround(it) === node &&
        it.field("body")!.descendants("binary_operator", "augmented_assignment", "comparison_operator").length > 0,
    );
}

function compiles(node: Node, def: FunctionDef, facts: Facts): boolean {
  if (node.isBroken) return false;
  if (node.ancestor("raise_statement") && node.kind.startsWith("string"))
    return node.descendants("interpolation").length === 0;
  if (!PARTS.has(node.kind)) return false;
  if (
    node.kind === "subscript" &&
    asSubscript(node)?.indices.some((it) => it.descendants("comparison_operator", "not_operator").length > 0)
  )
    return false;
  if (node.kind === "call") return callCompiles(node, facts);
  if (node.kind === "keyword_argument")
    return node.field("name")!.text === "dtype" && /^numpy\./.test(facts.nameOf(node.field("value")!) ?? "")
      ? true
      : node.field("value")!.text === "float" || asAttribute(node.field("value"))?.name === "dtype";
  if (node.kind === "attribute")
    return (
      KNOWN.has(facts.nameOf(node) ?? "") ||
      ATTRIBUTES.has(asAttribute(node)!.name) ||
      (METHODS.has(asAttribute(node)!.name) && asCall(node.parent)?.callee === node)
    );
  if (node.kind === "assignment") return (asAssignment(node)?.targets ?? []).every((it) => it.kind !== "attribute");
  if (node.kind === "identifier") return nameCompiles(node, def, facts);
  if (node.kind === "return_statement") return true;
  return node.kind !== "raise_statement" || asCall(node.children[0]) !== undefined;
}

/** A name of its own, an argument, a number that the module sets once, or something known. */
function nameCompiles(node: Node, def: FunctionDef, facts: Facts): boolean {
  if (node.fieldName === "attribute" || (node.parent?.kind === "keyword_argument" && node.fieldName === "name"))
    return true;
  if (node.kind === "identifier" && (node.text === "numpy" || /^(numpy|math)$/.test(facts.nameOf(node) ?? "")))
    return node.parent?.kind === "attribute";
  if (KNOWN.has(facts.nameOf(node) ?? "")) return node.text !== "np";
  const sites = facts.writesOf(node);
  const isOwn = sites.length > 0 && sites.every((it) => !it.isRemote && it.name.isInside(def.node));
  if (isOwn)
    return sites.every(
      (it) =>
        it.kind === "parameter" ||
        it.kind === "for" ||
        it.kind === "assign" ||
        it.kind === "augment" ||
        it.kind === "annotate",
    );
  if (asCall(node.parent)?.callee === node) return true;
  const [only, more] = sites;
  return (
    only?.kind === "assign" &&
    !more &&
    only.value !== undefined &&
    /^-?[\d.]/.test(only.value.text) &&
    isNumber(facts.typeOf(only.value))
  );
}

function callCompiles(node: Node, facts: Facts): boolean {
  const call = asCall(node);
  if (!call || call.hasSplat || call.argumentList.kind !== "argument_list") return false;
  const name = facts.nameOf(call.callee);
  const last = call.args.at(-1);
  if (name !== undefined)
    return (
      KNOWN.has(name) &&
      !(last && /^builtins\.(int|bool|float)$/.test(facts.nameOf(last) ?? "")) &&
      (call.keywords.size === 0 || name.startsWith("numpy."))
    );
  if (asMethodCall(node))
    return (
      METHODS.has(asMethodCall(node)!.method) &&
      call.args.length === (asMethodCall(node)!.method === "fill" ? 1 : 0) &&
      call.keywords.size === 0
    );
  const own = facts.functionNamed(call.callee);
  return (
    own !== undefined &&
    own.decorators.some((it) =>
      /^numba\.n?jit$/.test(facts.nameOf(it.kind === "call" ? it.field("function")! : it) ?? ""),
    )
  );
}

/** No call in the file hands it a list, text or table, and its result is not asked for what a plain function alone has. */
function isCalledWithArrays(def: FunctionDef, facts: Facts): boolean {
  const isFit = (it: Node) => {
    const type = facts.typeOf(it);
    return (
      type === undefined ||
      isNumber(type) ||
      type.name === "numpy.ndarray" ||
      (type.name === "tuple" && isNumber(elementOf(type)))
    );
  };
  return facts.readsOf(def.nameNode).every((it) => {
    const use = useOf(it);
    const call = use.kind === "call" ? asCall(use.call) : undefined;
    return (
      use.kind !== "attribute" &&
      (!call ||
        (!call.hasSplat &&
          [...call.args, ...call.keywords.values()]
            .map(unwrap)
            .every((arg) => isFit(arg) && !asSubscript(arg)?.indices.some((index) => index.kind === "string"))))
    );
  });
}
