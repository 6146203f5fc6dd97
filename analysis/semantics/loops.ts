/** The loops around a node, within the function that runs it. */

import type { Kind } from "../syntax/kinds.generated.js";
import { asCall, asComprehension, integerOf, unwrap } from "../syntax/expressions.js";
import { KIND_IDS, type Node } from "../syntax/tree.js";

const COMPREHENSIONS: readonly Kind[] = [
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
];

/** Every kind of loop. */
export const LOOPS: readonly Kind[] = ["for_statement", "while_statement", ...COMPREHENSIONS];

/** The same by kind id, for walks over the numbers of a tree: 1 for a loop. */
export const IS_LOOP = new Uint8Array(KIND_IDS.size);
for (const kind of LOOPS) IS_LOOP[KIND_IDS.get(kind)!] = 1;

const ENDS = (["function_definition", "lambda", "class_definition"] as const).map((kind) => KIND_IDS.get(kind)!);
const NO_LOOPS: readonly Node[] = [];

/** Loops that run the node once per turn, innermost first: `for`, `while` and comprehensions. A loop's iterable and `else` run once. */
export function loopsAround(node: Node): readonly Node[] {
  const { tree } = node;
  const { kinds, parents } = tree.arrays;
  let loops: Node[] | undefined;
  for (let inner = node.id, outer = parents[inner]!; outer >= 0; inner = outer, outer = parents[outer]!) {
    const kind = kinds[outer]!;
    if (ENDS.includes(kind)) break;
    if (IS_LOOP[kind] === 1 && isTurn(tree.node(inner), tree.node(outer), node)) (loops ??= []).push(tree.node(outer));
  }
  return loops ?? NO_LOOPS;
}

function isTurn(inner: Node, outer: Node, node: Node): boolean {
  if (outer.kind === "for_statement") return inner.fieldName === "body";
  if (outer.kind === "while_statement") return inner.fieldName === "body" || inner.fieldName === "condition";
  const first = asComprehension(outer)?.clauses[0];
  return first !== undefined && !node.isInside(first.iterable);
}

/** How often a `for` runs or a comprehension's clause gives an item, where the source shows it: a literal, or `range` of literals. */
export function turnsOf(loop: Node): number | undefined {
  const iterable = loop.field("right");
  return iterable && turnsThrough(iterable);
}

/** The same of what a loop goes through. */
export function turnsThrough(iterable: Node): number | undefined {
  const node = unwrap(iterable);
  if (LITERALS.includes(node.kind))
    return node.children.some((it) => it.kind === "list_splat") ? undefined : node.children.length;
  if (node.kind === "string")
    return node.children.some((it) => it.kind === "interpolation") ? undefined : node.text.length;
  const call = asCall(node);
  const bounds = call?.args.map(integerOf);
  if (call?.callee.text !== "range" || !bounds || !bounds.every((it) => it !== undefined)) return undefined;
  const [first = 0, second, step = 1] = bounds;
  const [from, to] = second === undefined ? [0, first] : [first, second];
  return Math.max(0, Math.ceil((to - from) / step));
}

/** How often what stands in all of these loops runs: the product of their turns, `unknown` for each where they are not known. */
export function turnProduct(
  loops: readonly Node[],
  turns: (loop: Node) => number | undefined,
  unknown: number,
): number {
  return loops.reduce((product, it) => product * (turns(it) ?? unknown), 1);
}

const LITERALS: readonly Kind[] = ["list", "tuple", "set", "expression_list"];
