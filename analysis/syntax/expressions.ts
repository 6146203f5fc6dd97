/** Typed views on expressions: the grammar's shapes are known here and in statements.ts, and nowhere else. */

import type { Node } from "./tree.js";

/** The expression without the parentheses around it. */
export function unwrap(node: Node): Node {
  let inner = node;
  while (inner.kind === "parenthesized_expression") {
    const only = inner.firstChild;
    if (!only) return inner;
    inner = only;
  }
  return inner;
}

/** The widest parenthesised form of the same expression: what has to be replaced to replace it whole. */
export function wrapped(node: Node): Node {
  let outer = node;
  while (outer.parent?.kind === "parenthesized_expression") outer = outer.parent;
  return outer;
}

/** A longer chain is followed no further. */
const MOST_LINKS = 8;

/** The name at the start of `x`, `x.T`, `x[0]`, `self` of `self.x["c"]`; undefined for what a call gives. */
export function nameAtRoot(node: Node): Node | undefined {
  let at = unwrap(node);
  for (let steps = 0; steps < MOST_LINKS; steps++) {
    if (at.kind === "identifier") return at;
    const inner = at.field("object") ?? at.field("value");
    if (!inner || (at.kind !== "attribute" && at.kind !== "subscript")) return undefined;
    at = unwrap(inner);
  }
  return undefined;
}

/** View of a call. */
export interface Call {
  readonly node: Node;
  readonly callee: Node;
  /** Positional arguments, up to the first starred one. */
  readonly args: readonly Node[];
  readonly keywords: ReadonlyMap<string, Node>;
  /** `*rest` or `**rest` is passed: the arguments are not all known. */
  readonly hasSplat: boolean;
  readonly argumentList: Node;
}

/** `callee(args, key=value)`. */
export function asCall(node: Node | undefined): Call | undefined {
  if (node?.kind !== "call" || node.isBroken) return undefined;
  return (node.view ??= callView(node)) as Call | undefined;
}

/** The calls inside a node, in source order. Those that are damaged are left out: nothing is known of them. */
export function callsUnder(node: Node): readonly Call[] {
  return node.descendants("call").flatMap((it) => asCall(it) ?? []);
}

function callView(node: Node): Call | undefined {
  const callee = node.field("function");
  const argumentList = node.field("arguments");
  if (!callee || !argumentList) return undefined;
  if (argumentList.kind === "generator_expression") {
    return { node, callee: unwrap(callee), args: [argumentList], keywords: NO_KEYWORDS, hasSplat: false, argumentList };
  }

  const args: Node[] = [];
  let keywords: Map<string, Node> | undefined;
  let hasSplat = false;
  for (const argument of argumentList.children) {
    if (argument.kind === "keyword_argument") {
      const name = argument.field("name");
      const value = argument.field("value");
      if (name && value) (keywords ??= new Map()).set(name.text, value);
    } else if (argument.kind === "list_splat" || argument.kind === "dictionary_splat") hasSplat = true;
    else if (!hasSplat) args.push(argument);
  }
  return { node, callee: unwrap(callee), args, keywords: keywords ?? NO_KEYWORDS, hasSplat, argumentList };
}

const NO_KEYWORDS: ReadonlyMap<string, Node> = new Map();

/** The value of a parameter, by keyword or by position. */
export function argumentOf(call: Call, name: string, position?: number): Node | undefined {
  return call.keywords.get(name) ?? (position === undefined ? undefined : call.args[position]);
}

/** View of `object.name`. */
export interface Attribute {
  readonly node: Node;
  readonly object: Node;
  readonly name: string;
  readonly nameNode: Node;
}

/** `object.name`. */
export function asAttribute(node: Node | undefined): Attribute | undefined {
  return node?.kind === "attribute" ? ((node.view ??= attributeView(node)) as Attribute | undefined) : undefined;
}

function attributeView(node: Node): Attribute | undefined {
  const object = node.field("object");
  const nameNode = node.field("attribute");
  return object && nameNode ? { node, object: unwrap(object), name: nameNode.text, nameNode } : undefined;
}

/** View of a call `object.method(…)`. */
export interface MethodCall extends Call {
  readonly object: Node;
  readonly method: string;
  readonly methodNode: Node;
}

/** `object.method(…)`. */
export function asMethodCall(node: Node | undefined, ...methods: readonly string[]): MethodCall | undefined {
  const callee = node?.kind === "call" ? node.field("function") : undefined;
  const attribute = callee && asAttribute(unwrap(callee));
  // Most calls are of another method: nobody needs to take their arguments apart.
  const call = attribute && (methods.length === 0 || methods.includes(attribute.name)) ? asCall(node) : undefined;
  if (!call || !attribute) return undefined;
  const { args, keywords, hasSplat, argumentList } = call;
  return {
    node: call.node,
    callee: call.callee,
    args,
    keywords,
    hasSplat,
    argumentList,
    object: attribute.object,
    method: attribute.name,
    methodNode: attribute.nameNode,
  };
}

/** View of `value[index, …]`. */
export interface Subscript {
  readonly node: Node;
  readonly value: Node;
  /** Everything between the brackets, one entry for each comma-separated part. */
  readonly indices: readonly Node[];
}

/** `value[index, …]`. */
export function asSubscript(node: Node | undefined): Subscript | undefined {
  if (node?.kind !== "subscript" || node.isBroken) return undefined;
  return (node.view ??= subscriptView(node)) as Subscript | undefined;
}

function subscriptView(node: Node): Subscript | undefined {
  const value = node.field("value");
  return value ? { node, value: unwrap(value), indices: node.fieldAll("subscript") } : undefined;
}

/** View of a comparison with one operator. */
export interface Comparison {
  readonly node: Node;
  readonly left: Node;
  readonly operator: string;
  readonly right: Node;
}

/** A comparison with one operator; chains such as `a < b < c` are none. */
export function asComparison(node: Node | undefined): Comparison | undefined {
  if (node?.kind !== "comparison_operator" || node.isBroken) return undefined;
  return (node.view ??= comparisonView(node)) as Comparison | undefined;
}

function comparisonView(node: Node): Comparison | undefined {
  const operands = node.children;
  const operators = node.allChildren.filter((it) => !it.isNamed);
  const [left, right] = operands;
  const [operator] = operators;
  if (!left || !right || !operator || operands.length !== 2 || operators.length !== 1) return undefined;
  return { node, left, operator: operator.token!, right };
}

/** View of `left operator right`, `and` and `or` included. */
export interface Binary {
  readonly node: Node;
  readonly left: Node;
  readonly operator: string;
  readonly right: Node;
}

/** Arithmetic (`+`, `@`, `&` …) and `and`/`or`. */
export function asBinary(node: Node | undefined): Binary | undefined {
  if ((node?.kind !== "binary_operator" && node?.kind !== "boolean_operator") || node.isBroken) return undefined;
  return (node.view ??= binaryView(node)) as Binary | undefined;
}

function binaryView(node: Node): Binary | undefined {
  const left = node.field("left");
  const operator = node.field("operator");
  const right = node.field("right");
  return left && operator && right ? { node, left, operator: operator.text, right } : undefined;
}

/** View of a comprehension or generator expression. */
export interface Comprehension {
  readonly node: Node;
  readonly kind: "list" | "set" | "dict" | "generator";
  readonly element: Node;
  readonly clauses: readonly { readonly target: Node; readonly iterable: Node; readonly isAsync: boolean }[];
  readonly conditions: readonly Node[];
}

const COMPREHENSIONS = {
  list_comprehension: "list",
  set_comprehension: "set",
  dictionary_comprehension: "dict",
  generator_expression: "generator",
} as const;

/** A list, set or dict comprehension, or a generator expression. */
export function asComprehension(node: Node | undefined): Comprehension | undefined {
  if (!node || !(node.kind in COMPREHENSIONS) || node.isBroken) return undefined;
  return (node.view ??= comprehensionView(node)) as Comprehension | undefined;
}

function comprehensionView(node: Node): Comprehension | undefined {
  const element = node.field("body");
  if (!element) return undefined;
  const clauses = node.children.flatMap((it) => {
    const [target, iterable] = [it.field("left"), it.fieldAll("right")[0]];
    return it.kind === "for_in_clause" && target && iterable
      ? [{ target, iterable, isAsync: it.hasToken("async") }]
      : [];
  });
  const conditions = node.children.flatMap((it) => (it.kind === "if_clause" ? it.children.slice(0, 1) : []));
  return { node, kind: COMPREHENSIONS[node.kind as keyof typeof COMPREHENSIONS], element, clauses, conditions };
}

/** View of `then if condition else otherwise`. */
export interface Conditional {
  readonly node: Node;
  readonly then: Node;
  readonly condition: Node;
  readonly otherwise: Node;
}

/** `then if condition else otherwise`. */
export function asConditional(node: Node | undefined): Conditional | undefined {
  if (node?.kind !== "conditional_expression" || node.isBroken) return undefined;
  const [then, condition, otherwise] = node.children;
  return then && condition && otherwise ? { node, then, condition, otherwise } : undefined;
}

/** View of a lambda. */
export interface Lambda {
  readonly node: Node;
  readonly parameters: readonly Node[];
  readonly body: Node;
}

/** `lambda parameters: body`. */
export function asLambda(node: Node | undefined): Lambda | undefined {
  const body = node?.kind === "lambda" && !node.isBroken ? node.field("body") : undefined;
  return node && body ? { node, parameters: node.field("parameters")?.children ?? [], body } : undefined;
}

/** The `list` in the annotation `list[str]`. */
export function typeHead(annotation: Node): Node | undefined {
  const node = annotation.kind === "type" ? annotation.children[0] : unwrap(annotation);
  return node?.kind === "generic_type" ? node.children[0] : node?.kind === "subscript" ? node.field("value") : node;
}

/** The items of a list, tuple, set or bare comma list. */
export function itemsOf(node: Node): readonly Node[] {
  return node.children;
}

const CONSTANTS = new Set(["integer", "float", "true", "false", "none", "ellipsis"]);

/** A number, plain string, bytes, bool, None, or a signed number: evaluating it can neither fail nor differ. */
export function isConstant(node: Node): boolean {
  const inner = unwrap(node);
  if (CONSTANTS.has(inner.kind)) return true;
  if (inner.kind === "unary_operator")
    return isConstant(inner.field("argument")!) && inner.field("operator")!.text !== "~";
  if (inner.kind === "concatenated_string") return inner.children.every(isConstant);
  return inner.kind === "string" && !inner.children.some((it) => it.kind === "interpolation");
}

/** The value of an integer literal, signed or not. */
export function integerOf(node: Node | undefined): number | undefined {
  if (!node) return undefined;
  const inner = unwrap(node);
  if (inner.kind === "integer") {
    const value = Number(inner.text.replaceAll("_", ""));
    return Number.isSafeInteger(value) ? value : undefined;
  }
  if (inner.kind === "unary_operator" && inner.field("operator")?.text === "-") {
    const value = integerOf(inner.field("argument"));
    return value === undefined ? undefined : -value;
  }
  return undefined;
}

/** How tightly an expression binds: a lower number needs parentheses inside a higher one. */
const BINDING: Readonly<Record<string, number>> = {
  named_expression: 0,
  lambda: 1,
  conditional_expression: 2,
  boolean_operator: 3,
  not_operator: 4,
  comparison_operator: 5,
  unary_operator: 12,
  await: 14,
};
const OPERATOR_BINDING: Readonly<Record<string, number>> = {
  or: 3,
  and: 3.5,
  "|": 6,
  "^": 7,
  "&": 8,
  "<<": 9,
  ">>": 9,
  "+": 10,
  "-": 10,
  "*": 11,
  "/": 11,
  "//": 11,
  "%": 11,
  "@": 11,
  "**": 13,
};
const TIGHT = 20;

/** How tightly an expression binds: 20 for an atom, less for operators, -1 for a bare comma list. */
export function bindingStrength(node: Node): number {
  const binary = asBinary(node);
  if (binary) return OPERATOR_BINDING[binary.operator] ?? 0;
  if (node.kind === "expression_list" || node.kind === "yield" || node.kind === "pattern_list") return -1;
  return BINDING[node.kind] ?? TIGHT;
}

/** The text of an expression, in parentheses if it binds looser than `least` (see `bindingStrength`; 20 asks for an atom). */
export function textIn(node: Node, least: number): string {
  return bindingStrength(node) < least ? `(${node.text})` : node.text;
}

/** What an operand of a method call, subscript or attribute must bind like. */
export const ATOM = TIGHT;

/** The dotted name that an identifier ends, or the identifier itself: of the last name in `a.b.c` the whole. */
export function dottedName(identifier: Node): Node {
  return identifier.parent?.kind === "attribute" && identifier.fieldName === "attribute"
    ? identifier.parent
    : identifier;
}

/** The call whose callee a name is, or ends. */
export function callOf(identifier: Node): Call | undefined {
  const callee = dottedName(identifier);
  return callee.fieldName === "function" ? asCall(callee.parent) : undefined;
}
