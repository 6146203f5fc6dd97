/** Distances between two rows that are written out by hand, under the names that SciPy has for them. */

import type { Facts } from "../semantics/facts.js";
import {
  asBinary,
  asCall,
  asComparison,
  asLambda,
  asMethodCall,
  asSubscript,
  integerOf,
  unwrap,
  type Call,
} from "../syntax/expressions.js";
import { asAssignment, asFunction, statementsOf, type FunctionDef } from "../syntax/statements.js";
import { lastIdentifier } from "../text/identifiers.js";
import type { Node } from "../syntax/tree.js";

/** What an expression stands for: one row, the other one, or undefined where it is neither. */
export type RowRole = "A" | "B" | undefined;

/** What is known around an expression that may be a distance. */
export interface RowNames {
  /** Asked of names, attributes and subscripts. */
  readonly roleOf: (node: Node) => RowRole;
  /** Forms of names that were given a value on the way. */
  readonly locals: ReadonlyMap<string, string>;
  /** A tiny number that keeps a division from failing makes no difference. */
  readonly isLoose: boolean;
}

const DEPTH = 12;
/** The longest expression that is looked at. */
const LONGEST = 300;
const SUMS = /^(numpy\.n?a?n?sum|builtins\.sum)$/;
const ABSOLUTES = /^(numpy\.(abs|absolute|fabs)|builtins\.abs|math\.fabs)$/;
const MAXIMA = /^(numpy\.(a?max)|builtins\.max)$/;
const NORMS = /^((numpy|scipy|torch)\.linalg\.norm|torch\.norm)$/;
const DOTS = /^numpy\.(dot|vdot|inner|matmul)$|^torch\.dot$/;
const SCIPY =
  /^scipy\.spatial\.distance\.(euclidean|sqeuclidean|cityblock|chebyshev|cosine|correlation|canberra|braycurtis|hamming|jaccard)$/;
/** They work on all pairs, and are asked for one of them. */
const WHOLE = new Map([
  ["sklearn.metrics.pairwise.cosine_similarity", "cosine similarity"],
  ["sklearn.metrics.pairwise.euclidean_distances", "euclidean"],
  ["sklearn.metrics.pairwise.cosine_distances", "cosine"],
  ["sklearn.metrics.pairwise.manhattan_distances", "cityblock"],
  ["sentence_transformers.util.cos_sim", "cosine similarity"],
  ["sentence_transformers.util.pytorch_cos_sim", "cosine similarity"],
]);
/** What functions that are not in sight say they work out. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^_*((compute|calc|calculate|get)_)?(cosine_sim(ilarity)?|cos_sim(ilarity)?)$/, "cosine similarity"],
  [/^_*((compute|calc|calculate|get)_)?cosine_dist(ance)?$/, "cosine"],
  [/^_*((compute|calc|calculate|get)_)?(euclidean|l2)_?(dist(ance)?)?$/, "euclidean"],
  [/^_*((compute|calc|calculate|get)_)?(manhattan|cityblock|l1)_?(dist(ance)?)?$/, "cityblock"],
];
/** They leave the row as it is. */
const SAME_METHODS = [
  "reshape",
  "flatten",
  "ravel",
  "astype",
  "copy",
  "numpy",
  "cpu",
  "detach",
  "unsqueeze",
  "squeeze",
];
const SAME = /^(numpy\.(array|asarray|ravel|squeeze|atleast_2d|expand_dims|reshape)|builtins\.(float|list))$/;

const COSINE = /^\(P \/ \(norm\([AB]\) \* norm\([AB]\)\)\)$/;
/** What the forms mean; `cosine similarity` and `product` are no metrics. */
const METRICS: ReadonlyMap<string, string> = new Map([
  ["norm(D)", "euclidean"],
  ["sum(pow2(D))", "sqeuclidean"],
  ["pow2(norm(D))", "sqeuclidean"],
  ["sum(abs(D))", "cityblock"],
  ["norm1(D)", "cityblock"],
  ["max(abs(D))", "chebyshev"],
  ["(1 - cosine similarity)", "cosine"],
  ["cosine similarity", "cosine similarity"],
  ["P", "product"],
  ["mean(A != B)", "hamming"],
  ...["euclidean", "sqeuclidean", "cityblock", "chebyshev", "cosine", "correlation"].map((it) => [it, it] as const),
  ...["canberra", "braycurtis", "hamming", "jaccard"].map((it) => [it, it] as const),
]);

/** SciPy's name of the distance that an expression is, or `cosine similarity` or `product`; undefined for anything else. */
export function metricOf(expression: Node, names: RowNames, facts: Facts): string | undefined {
  return METRICS.get(formOf(expression, names, facts));
}

/** Of a lambda, of a function of the file that works out nothing but a distance, or of a function of SciPy's. */
export function namedMetric(given: Node, facts: Facts): string | undefined {
  const known = facts.nameOf(given);
  if (known !== undefined) return SCIPY.exec(known)?.[1];
  const lambda = asLambda(given);
  if (lambda) {
    const [a, b, more] = lambda.parameters.map((it) => it.text);
    return a === undefined || b === undefined || more !== undefined
      ? undefined
      : onlyMetric(formOf(lambda.body, { roleOf: noRole, locals: roles(a, b), isLoose: false }, facts));
  }
  const def = given.kind === "identifier" ? facts.functionNamed(given) : undefined;
  const [a, b, more] = def?.parameters.map((it) => it.name) ?? [];
  if (!def || a === undefined || b === undefined || more !== undefined) return undefined;
  return onlyMetric(resultOf(def, roles(a, b), false, facts, DEPTH));
}

const noRole = (): RowRole => undefined;
const roles = (a: string, b: string): ReadonlyMap<string, string> =>
  new Map([
    [a, "A"],
    [b, "B"],
  ]); // prettier-ignore

function onlyMetric(form: string): string | undefined {
  const metric = METRICS.get(form);
  return metric === "product" || metric === "cosine similarity" ? undefined : metric;
}

/** An expression in a plain form: `D` is the difference of the rows, `P` their product, `?` what is not understood. */
export function formOf(expression: Node, names: RowNames, facts: Facts, depth = DEPTH): string {
  const node = unwrap(expression);
  if (depth <= 0 || node.end - node.start > LONGEST) return "?";
  const inner = (it: Node) => formOf(it, names, facts, depth - 1);
  const role = names.roleOf(node);
  if (role) return role;
  if (node.kind === "identifier") return names.locals.get(node.text) ?? "?";
  if (node.kind === "integer" || node.kind === "float") return String(Number(node.text));
  const binary = asBinary(node);
  if (binary) return ofOperation(binary.operator, inner(binary.left), inner(binary.right), names.isLoose);
  const unequal = asComparison(node);
  if (unequal) return unequal.operator === "!=" && isPair(inner(unequal.left), inner(unequal.right)) ? "A != B" : "?";
  const part = asSubscript(node);
  if (part) return part.indices.every((it) => integerOf(it) === 0) ? plain(inner(part.value)) : "?";
  if (node.kind === "list") return node.children.length === 1 ? inner(node.children[0]!) : "?";
  const call = asCall(node);
  return call && !call.hasSplat ? ofCall(call, names, facts, inner, depth) : "?";
}

/** The first cell of a whole table of distances. */
const plain = (form: string): string => (METRICS.has(form) ? form : "?");

const isPair = (left: string, right: string): boolean =>
  (left === "A" && right === "B") || (left === "B" && right === "A");

function ofOperation(operator: string, left: string, right: string, isLoose: boolean): string {
  if (operator === "-" && isPair(left, right)) return "D";
  if (operator === "**" && right === "2") return squared(left);
  if (operator === "**" && right === "0.5") return rooted(left);
  if (operator === "*" && left === right) return squared(left);
  if (operator === "*" && isPair(left, right)) return "A * B";
  if (operator === "@") return product(left, right);
  if (operator === "+" && isLoose && (isTiny(right) || right === "?")) return left;
  const whole = `(${left} ${operator} ${right})`;
  return COSINE.test(whole) ? "cosine similarity" : whole;
}

const isTiny = (form: string): boolean => Number(form) > 0 && Number(form) <= 1e-4;
const squared = (form: string): string => `pow2(${form})`;
const rooted = (form: string): string =>
  /^sum\(pow2\((\w+)\)\)$/.test(form) ? `norm(${form.slice(9, -2)})` : `sqrt(${form})`;
const product = (left: string, right: string): string =>
  isPair(left, right) ? "P" : left === right ? `sum(${squared(left)})` : "?";
const summed = (form: string): string => (form === "A * B" ? "P" : `sum(${form})`);

function ofCall(call: Call, names: RowNames, facts: Facts, inner: (node: Node) => string, depth: number): string {
  const name = facts.nameOf(call.callee);
  const [first, second, third] = call.args;
  if (name === undefined) {
    const method = asMethodCall(call.node);
    const known = method
      ? ofMethod(method.method, method.object, first, inner)
      : ofFunction(call, names, facts, inner, depth);
    return known === "?" && names.isLoose ? byName(call, inner) : known;
  }
  if (!first) return "?";
  const pair = second && isPair(inner(first), inner(second));
  if (pair && WHOLE.has(name)) return WHOLE.get(name)!;
  const scipy = SCIPY.exec(name)?.[1];
  if (scipy !== undefined) return pair && !third && call.keywords.size === 0 ? scipy : "?";
  if (name === "math.dist") return pair ? "norm(D)" : "?";
  if (NORMS.test(name)) return ofNorm(inner(first), call.keywords.get("ord") ?? second, call);
  if (SAME.test(name)) return inner(first);
  if (pair && names.isLoose && byName(call, inner) !== "?") return byName(call, inner);
  if (call.keywords.size > 0) return "?";
  if (DOTS.test(name)) return second ? product(inner(first), inner(second)) : "?";
  if (second) return name === "numpy.power" ? ofOperation("**", inner(first), inner(second), false) : "?";
  if (SUMS.test(name)) return summed(inner(first));
  if (ABSOLUTES.test(name)) return `abs(${inner(first)})`;
  if (MAXIMA.test(name)) return `max(${inner(first)})`;
  if (name === "numpy.mean") return `mean(${inner(first)})`;
  if (name === "numpy.square") return squared(inner(first));
  return /^(numpy|math)\.sqrt$/.test(name) ? rooted(inner(first)) : "?";
}

function ofFunction(call: Call, names: RowNames, facts: Facts, inner: (node: Node) => string, depth: number): string {
  const def = facts.functionNamed(call.callee);
  const params = def?.parameters.map((it) => it.name) ?? [];
  if (!def || call.keywords.size > 0 || params.length !== call.args.length) return "?";
  const given = new Map(params.map((it, index) => [it, inner(call.args[index]!)] as const));
  return resultOf(def, given, names.isLoose, facts, depth - 1);
}

/** `cosine_similarity(a, b)`, wherever it comes from. */
function byName(call: Call, inner: (node: Node) => string): string {
  const [first, second, third] = call.args;
  const word = lastIdentifier(call.callee.text);
  const metric = BY_NAME.find(([pattern]) => pattern.test(word))?.[1];
  return metric !== undefined && first && second && !third && isPair(inner(first), inner(second)) ? metric : "?";
}

function ofNorm(form: string, order: Node | undefined, call: Call): string {
  if ([...call.keywords.keys()].some((it) => it !== "ord" && it !== "axis")) return "?";
  const wanted = order ? Number(order.text) : 2;
  if (wanted === 2) return `norm(${form})`;
  if (wanted === 1) return `norm1(${form})`;
  return order && /\binf$/.test(order.text) ? `max(abs(${form}))` : "?";
}

function ofMethod(method: string, object: Node, first: Node | undefined, inner: (node: Node) => string): string {
  if (SAME_METHODS.includes(method)) return inner(object);
  if (method === "dot") return first ? product(inner(object), inner(first)) : "?";
  if (method === "item") return plain(inner(object));
  if (first) return "?";
  if (method === "sum") return summed(inner(object));
  return method === "max" || method === "mean" ? `${method}(${inner(object)})` : "?";
}

/** What a function of the file returns, if it does nothing but name values on the way. */
function resultOf(
  def: FunctionDef,
  given: ReadonlyMap<string, string>,
  isLoose: boolean,
  facts: Facts,
  depth: number,
): string {
  const locals = new Map(given);
  const statements = statementsOf(facts.bodyOf(def));
  if (depth <= 0 || statements.length > 6 || !asFunction(def.node) || def.isAsync) return "?";
  for (const it of statements) {
    const names = { roleOf: noRole, locals, isLoose };
    if (it.kind === "return_statement") return it.children[0] ? formOf(it.children[0], names, facts, depth - 1) : "?";
    const { targets, value } = asAssignment(it) ?? {};
    const [target, more] = targets ?? [];
    if (target?.kind === "identifier" && !more && value)
      locals.set(target.text, formOf(value, names, facts, depth - 1));
    else if (it.kind !== "expression_statement" || it.children[0]?.kind !== "string") return "?";
  }
  return "?";
}
