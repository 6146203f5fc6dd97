/** Whether a function of the file only computes, in Python itself: a long loop over plain values, nothing waited for, nothing that compiled code would do meanwhile. */

import { asAugmented, asFor, asFunction, asWhile, functionAround, type FunctionDef } from "../syntax/statements.js";
import {
  asBinary,
  asCall,
  asComparison,
  asConditional,
  asMethodCall,
  asSubscript,
  integerOf,
  isConstant,
  unwrap,
} from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Node } from "../syntax/tree.js";
import type { Facts, Site } from "./facts.js";
import { useOf } from "./uses.js";

/** Calls of built-in code that holds the interpreter's lock and waits for nothing. */
const COMPUTING =
  /^(builtins\.(abs|all|any|bin|bool|bytearray|chr|dict|divmod|enumerate|filter|float|frozenset|hash|hex|int|isinstance|len|list|map|max|min|ord|pow|range|repr|reversed|round|set|sorted|str|sum|tuple|zip)|math\.\w+|cmath\.\w+|itertools\.[\w.]+|functools\.reduce|operator\.\w+|random\.\w+|collections\.\w+|fractions\.Fraction|decimal\.Decimal|heapq\.\w+|bisect\.\w+)$/;
const PLAIN =
  /^(int|float|bool|complex|str|bytes|bytearray|None|list|dict|set|frozenset|tuple|range|iterator|generator|collections\.\w+|random\.Random|fractions\.Fraction|decimal\.Decimal|typing\.(Iterable|Sequence|Collection))$/;
const WAITING: ReadonlySet<Kind> = new Set<Kind>([
  "await",
  "yield",
  "with_statement",
  "import_statement",
  "import_from_statement",
  "exec_statement",
  "print_statement",
]);

/** A loop of fewer turns is over before another process or thread has started. */
const LONG = 10_000;

/** A function of the file that computes for long in Python itself, so that threads do not help it. */
export function computesInPython(def: FunctionDef, facts: Facts): boolean {
  return isBusy(def, facts, 1) && loopsIn(def, facts).some((it) => isLong(it, facts) && reckons(it, facts));
}

/** Nothing in the body waits, and every call in it is known to compute; functions of the file are followed so many steps deep. */
function isBusy(def: FunctionDef, facts: Facts, depth: number): boolean {
  if (def.isAsync || def.decorators.length > 0) return false;
  const body = facts.bodyOf(def);
  const seen = new Set<Node>();
  return body.descendants().every((it) => {
    if (WAITING.has(it.kind) || it.kind === "lambda" || it.kind === "function_definition") return false;
    if (it.kind === "call") return it.ancestor("raise_statement") !== undefined || isComputingCall(it, facts, depth);
    if (it.kind === "binary_operator" || it.kind === "augmented_assignment")
      return it.ancestor("raise_statement") !== undefined || isSumOfNoArrays(it, facts, seen);
    return true;
  });
}

function isComputingCall(node: Node, facts: Facts, depth: number): boolean {
  const call = asCall(node);
  if (!call) return false;
  const name = facts.nameOf(call.callee);
  if (name !== undefined) return COMPUTING.test(name);
  const method = asMethodCall(node);
  if (method) return PLAIN.test(facts.typeOf(method.object)?.name ?? "");
  const own = depth > 0 ? facts.functionNamed(call.callee) : undefined;
  return own !== undefined && isBusy(own, facts, depth - 1);
}

function isSumOfNoArrays(node: Node, facts: Facts, seen: Set<Node>): boolean {
  const binary = asBinary(node);
  if (binary)
    return binary.operator !== "@" && isNoArray(binary.left, facts, seen) && isNoArray(binary.right, facts, seen);
  const augmented = asAugmented(node);
  return (
    augmented !== undefined &&
    augmented.operator !== "@=" &&
    isNoArray(augmented.target, facts, seen) &&
    isNoArray(augmented.value, facts, seen)
  );
}

/** Not an array: numbers, text and containers, followed to where names get their values. */
function isNoArray(expression: Node, facts: Facts, seen: Set<Node>): boolean {
  const node = unwrap(expression);
  const type = facts.typeOf(node);
  if (type) return PLAIN.test(type.name);
  if (isConstant(node) || seen.has(node)) return true;
  seen.add(node);
  const plain = (it: Node) => isNoArray(it, facts, seen);
  if (node.kind === "identifier") {
    const sites = facts.writesOf(node);
    return sites.length > 0 && sites.every((it) => givesNoArray(it, node, facts, plain));
  }
  if (node.kind === "binary_operator") return isSumOfNoArrays(node, facts, seen);
  if (node.kind === "unary_operator") return plain(node.field("argument")!);
  if (node.kind === "comparison_operator" || node.kind === "not_operator") return node.children.every(plain);
  if (node.kind === "expression_list" || node.kind === "tuple" || node.kind === "list")
    return node.children.every(plain);
  const conditional = asConditional(node);
  if (conditional) return plain(conditional.then) && plain(conditional.otherwise);
  const subscript = asSubscript(node);
  if (subscript) return plain(subscript.value);
  const call = asCall(node);
  return (
    call !== undefined &&
    [...call.args, ...call.keywords.values()].every((it) => it.kind === "generator_expression" || plain(it))
  );
}

function givesNoArray(
  { kind, value, isRemote }: Site,
  read: Node,
  facts: Facts,
  plain: (node: Node) => boolean,
): boolean {
  if (isRemote) return false;
  if (kind === "parameter") return facts.readsOf(read).some((it) => isNumberUse(it, facts));
  return (
    value !== undefined &&
    (kind === "assign" || kind === "augment" || kind === "for" || kind === "walrus") &&
    plain(value)
  );
}

/** What is handed to `range` or `int`, or compared to decide something, is one value. */
function isNumberUse(read: Node, facts: Facts): boolean {
  const use = useOf(read);
  if (use.kind === "argument")
    return /^(builtins\.(range|int|float|chr|divmod)|math\.\w+)$/.test(facts.nameOf(asCall(use.call)!.callee) ?? "");
  return (
    use.kind === "compared" &&
    asComparison(use.in) !== undefined &&
    ["if_statement", "elif_clause", "while_statement", "if_clause"].includes(use.in.parent?.kind ?? "")
  );
}

function loopsIn(def: FunctionDef, facts: Facts): readonly Node[] {
  return facts
    .bodyOf(def)
    .descendants("for_statement", "while_statement", "list_comprehension", "generator_expression")
    .filter((it) => asFunction(functionAround(it))?.node === def.node);
}

/** Unless the number of turns is written out and small. A loop in a loop is as long as both together. */
function isLong(loop: Node, facts: Facts): boolean {
  if (asWhile(loop))
    return (
      asComparison(unwrap(asWhile(loop)!.condition)) !== undefined ||
      loop.field("condition")?.kind === "true" ||
      facts.loopAround(loop) !== undefined
    );
  const turns = turnsOf(loop, facts);
  const around = facts.loopAround(loop);
  return turns * (around ? turnsOf(around, facts) : 1) >= LONG;
}

function turnsOf(loop: Node, facts: Facts): number {
  const iterable =
    asFor(loop)?.iterable ?? loop.children.find((it) => it.kind === "for_in_clause")?.fieldAll("right")[0];
  if (!iterable) return Infinity;
  const inner = unwrap(iterable);
  if (["list", "tuple", "set", "string"].includes(inner.kind)) return inner.children.length;
  const call = asCall(inner);
  if (!call || facts.nameOf(call.callee) !== "builtins.range") return Infinity;
  const bounds = call.args.map((it) => integerOf(it));
  const [first, second] = bounds;
  if (bounds.length === 0 || bounds.includes(undefined)) return Infinity;
  return Math.abs(second === undefined ? first! : second - first!);
}

/** In each turn, here or in a function of the file that it calls. */
function reckons(loop: Node, facts: Facts): boolean {
  const isSum = (it: Node) => it.descendants("binary_operator", "augmented_assignment").length > 0;
  return (
    isSum(loop) ||
    loop.descendants("call").some((it) => {
      const own = facts.functionNamed(it.field("function")!);
      return own !== undefined && isSum(facts.bodyOf(own));
    })
  );
}
