/** Turns the expression of one element or row into the same expression over whole arrays or columns, where every operation is in a closed table. */

import {
  asBinary,
  asCall,
  asConditional,
  bindingStrength,
  isConstant,
  unwrap,
  type Call,
} from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";

/** How an expression over one element is turned into one over arrays: what its leaves stand for, what stays. */
export interface Elementwise {
  /** The text that stands for a leaf: `df["price"]` for `row["price"]`. Undefined: no leaf of ours, go on looking. */
  leaf(node: Node): string | undefined;
  /** An operand that is the same for every element may stay as it is. */
  isInvariant(node: Node): boolean;
  /** How NumPy is called here; without it `a if c else b` and functions cannot be translated. */
  readonly numpy?: string;
  /** The qualified name of a function that is called. */
  nameOf?(callee: Node): string | undefined;
  /** A leaf or operand that holds truth values alone may stand as a condition. */
  isTruth?(node: Node): boolean;
  /** A call that can be worked out for every element, those a condition rules out included. */
  isSafe?(call: Node): boolean;
  /** The elements are NumPy's own numbers: then `//`, `%` and the operators on bits give the same for one of them and for an array, division by zero included. */
  readonly isNumpy?: boolean;
  /** Whether the call is of a function of the file that computes with arrays as it does with elements. */
  readonly isOwn?: (call: Call) => boolean;
}

/** Source text of an expression over whole arrays, with what may come out differently. */
export interface ArrayExpression {
  readonly text: string;
  /** How tightly it binds, on the scale of `bindingStrength`. */
  readonly binding: number;
  /** What may come out differently, in words for the title of a fix. */
  readonly doubts: readonly string[];
  readonly usesNumpy: boolean;
}

const ATOM = 20;
const ARITHMETIC: ReadonlySet<string> = new Set(["+", "-", "*", "/", "**"]);
const NUMPY_ARITHMETIC: ReadonlySet<string> = new Set(["//", "%", "&", "|", "^", "<<", ">>"]);
const COMPARISONS: ReadonlySet<string> = new Set(["<", "<=", ">", ">=", "==", "!="]);

const ROUNDING = "last digits may differ";
const DOMAIN = "math errors give NaN or inf instead of raising";
const MISSING = "a NaN in the input makes the result NaN";
/** Where Python's own numbers come out of each element, and the array's type for the whole of it. */
export const SMALL_TYPES = "an array of a small number type keeps it: fewer digits, and whole numbers may wrap around";

interface Twin {
  readonly name: string;
  readonly arity: 1 | 2;
  readonly doubts: readonly string[];
}

/** NumPy's functions of the same name as those of `math`, and those it calls otherwise. */
const MATH =
  "exp log log2 log10 log1p expm1 sin cos tan sinh cosh tanh asin:arcsin acos:arccos atan:arctan asinh:arcsinh acosh:arccosh atanh:arctanh atan2:arctan2/2 hypot/2".split(
    " ",
  );

const twins = (): ReadonlyMap<string, Twin> => {
  const table = new Map<string, Twin>([
    ["math.sqrt", { name: "sqrt", arity: 1, doubts: [DOMAIN] }],
    ["math.fabs", { name: "fabs", arity: 1, doubts: [] }],
    ["builtins.min", { name: "minimum", arity: 2, doubts: [MISSING] }],
    ["builtins.max", { name: "maximum", arity: 2, doubts: [MISSING] }],
  ]);
  for (const name of ["sqrt", "abs", "absolute", "fabs", "sign", "square"])
    table.set(`numpy.${name}`, { name, arity: 1, doubts: [] });
  for (const name of ["minimum", "maximum"]) table.set(`numpy.${name}`, { name, arity: 2, doubts: [] });
  for (const entry of MATH) {
    const [, own = "", other, arity] = /^(\w+)(?::(\w+))?(?:\/(\d))?$/.exec(entry) ?? [];
    const name = other ?? own;
    const count = arity === "2" ? 2 : 1;
    table.set(`math.${own}`, { name, arity: count, doubts: [ROUNDING, DOMAIN] });
    table.set(`numpy.${name}`, { name, arity: count, doubts: [ROUNDING] });
  }
  return table;
};
const FUNCTIONS = twins();

/** Undefined if some part of the expression is not in the tables. */
export function elementwise(expression: Node, options: Elementwise): string | undefined {
  return arrayExpression(expression, options)?.text;
}

/** An expression over one element as an expression over whole arrays; undefined if some part of it is not in the tables. */
export function arrayExpression(expression: Node, options: Elementwise): ArrayExpression | undefined {
  const doubts = new Set<string>();
  let usesNumpy = false;

  interface Part {
    readonly text: string;
    readonly binding: number;
  }

  const translate = (part: Node): Part | undefined => {
    const node = unwrap(part);
    const leaf = options.leaf(node);
    if (leaf !== undefined) return { text: leaf, binding: ATOM };
    if (isConstant(node))
      return node.kind === "none" || node.kind === "ellipsis"
        ? undefined
        : { text: node.text, binding: bindingStrength(node) };
    if (options.isInvariant(node)) return { text: node.text, binding: bindingStrength(node) };
    switch (node.kind) {
      case "binary_operator":
        return infix(node);
      case "boolean_operator":
        return combined(node);
      case "comparison_operator":
        return compared(node);
      case "unary_operator": {
        const operand = node.field("operator")!.text === "-" ? translate(node.field("argument")!) : undefined;
        return operand && { text: `-${inside(operand, 12)}`, binding: 12 };
      }
      case "not_operator": {
        const operand = condition(node.field("argument")!);
        return operand && { text: `~${inside(operand, ATOM)}`, binding: 12 };
      }
      case "conditional_expression":
        return choice(node);
      default:
        return called(node);
    }
  };

  const infix = (node: Node): Part | undefined => {
    const binary = asBinary(node);
    if (
      !binary ||
      !(ARITHMETIC.has(binary.operator) || (options.isNumpy === true && NUMPY_ARITHMETIC.has(binary.operator)))
    )
      return undefined;
    const [left, right] = [translate(binary.left), translate(binary.right)];
    if (!left || !right) return undefined;
    const binding = bindingStrength(node);
    if (binary.operator !== "**")
      return { text: `${inside(left, binding)} ${binary.operator} ${inside(right, binding + 0.5)}`, binding };
    doubts.add(ROUNDING);
    return { text: `${inside(left, 14)} ** ${inside(right, 12)}`, binding };
  };

  /** The right side is worked out for every element here, so nothing may stand there that the left side guards. */
  const combined = (node: Node): Part | undefined => {
    const binary = asBinary(node);
    const [left, right] =
      binary && isTotal(binary.right, options) ? [condition(binary.left), condition(binary.right)] : [];
    if (!binary || !left || !right) return undefined;
    const binding = binary.operator === "and" ? 8 : 6;
    return {
      text: `${inside(left, binding)} ${binary.operator === "and" ? "&" : "|"} ${inside(right, binding + 0.5)}`,
      binding,
    };
  };

  const compared = (node: Node): Part | undefined => {
    const operators = node.allChildren.filter((it) => !it.isNamed).map((it) => it.token ?? "");
    const operands = node.children.map(translate);
    if (node.isBroken || !operators.every((it) => COMPARISONS.has(it)) || operands.includes(undefined))
      return undefined;
    const tests = operators.map(
      (it, index) => `${inside(operands[index]!, 9)} ${it} ${inside(operands[index + 1]!, 9)}`,
    );
    return tests.length === 1
      ? { text: tests[0]!, binding: 5 }
      : { text: tests.map((it) => `(${it})`).join(" & "), binding: 8 };
  };

  /** A comparison or a combination of such: its truth is the same for an element and for an array of them. */
  const condition = (part: Node): Part | undefined => (isTest(part, options) ? translate(part) : undefined);

  const choice = (node: Node): Part | undefined => {
    const conditional = asConditional(node);
    if (!conditional || options.numpy === undefined) return undefined;
    const branches = [conditional.then, conditional.otherwise];
    const texts = branches.filter((it) => TEXTS.has(unwrap(it).kind)).length;
    if (texts === 1 || !branches.every((it) => isTotal(it, options))) return undefined;
    const [test, then, otherwise] = [
      condition(conditional.condition),
      translate(conditional.then),
      translate(conditional.otherwise),
    ];
    if (!test || !then || !otherwise) return undefined;
    usesNumpy = true;
    return { text: `${options.numpy}.where(${test.text}, ${then.text}, ${otherwise.text})`, binding: ATOM };
  };

  const called = (node: Node): Part | undefined => {
    const call = asCall(node);
    const isOwn = call !== undefined && options.isOwn?.(call) === true;
    const name = call && (isOwn ? call.callee.text : options.nameOf?.(call.callee));
    if (!call || name === undefined || call.hasSplat || call.keywords.size > 0) return undefined;
    const args = call.args.map(translate);
    if (args.length === 0 || args.includes(undefined)) return undefined;
    const list = args.map((it) => it!.text).join(", ");
    if (isOwn) return { text: `${name}(${list})`, binding: ATOM };
    if (name === "builtins.abs" && args.length === 1) return { text: `abs(${list})`, binding: ATOM };
    const twin = FUNCTIONS.get(name);
    if (!twin || twin.arity !== args.length || options.numpy === undefined) return undefined;
    for (const doubt of twin.doubts) doubts.add(doubt);
    usesNumpy = true;
    return { text: `${options.numpy}.${twin.name}(${list})`, binding: ATOM };
  };

  const whole = translate(expression);
  return whole && { ...whole, doubts: [...doubts], usesNumpy };
}

const TEXTS = new Set(["string", "concatenated_string"]);

/** The text, in parentheses if it binds looser than `least`. */
export function inside({ text, binding }: { readonly text: string; readonly binding: number }, least: number): string {
  return binding < least ? `(${text})` : text;
}

/** Can be worked out for an element that a condition rules out: no division, no power, no function that is undefined somewhere. */
export function isTotal(expression: Node, options: Elementwise): boolean {
  if (expression.descendants("binary_operator").some((it) => PARTIAL.has(asBinary(it)?.operator ?? "/"))) return false;
  return expression
    .descendants("call")
    .every((it) => TOTAL.has(options.nameOf?.(it.field("function")!) ?? "") || (options.isSafe?.(it) ?? false));
}

const PARTIAL = new Set(["/", "//", "%", "**"]);
const TOTAL = new Set(["builtins.abs", "builtins.min", "builtins.max", "numpy.abs", "numpy.minimum", "numpy.maximum"]);

function isTest(expression: Node, options: Elementwise): boolean {
  const node = unwrap(expression);
  if (node.kind === "not_operator") return isTest(node.field("argument")!, options);
  if (node.kind === "boolean_operator")
    return isTest(node.field("left")!, options) && isTest(node.field("right")!, options);
  return node.kind === "comparison_operator" || (options.isTruth?.(node) ?? false);
}
