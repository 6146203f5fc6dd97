/** Loops that turn once for each axis of an array or level of an index: a handful, whatever the data. */

import type { Facts } from "../semantics/facts.js";
import { turnsOf } from "../semantics/loops.js";
import { asAttribute, asBinary, asCall, asSubscript, integerOf, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { givenOnce } from "./given-once.js";

const MOST_AXES = 8;
/** Names that lead on to others; so many steps are enough. */
const MOST_STEPS = 4;

/** The turns that are written down, or at most as many as arrays have axes; undefined where it may be any number. */
export function turnsOrAxes(loop: Node, facts: Facts): number | undefined {
  const turns = turnsOf(loop);
  if (turns !== undefined) return turns;
  const iterable = loop.field("right");
  return iterable && goesThroughAxes(unwrap(iterable), facts) ? MOST_AXES : undefined;
}

/** `x.shape`, `range(len(x.shape))`, `enumerate(x.shape)`, `range(x.ndim - 1)`. */
function goesThroughAxes(iterable: Node, facts: Facts): boolean {
  const call = asCall(iterable);
  if (!call) return isShape(iterable, facts);
  const { args } = call;
  const name = facts.nameOf(call.callee);
  if (name === "builtins.enumerate" || name === "builtins.reversed")
    return args[0] !== undefined && goesThroughAxes(unwrap(args[0]), facts);
  return (
    name === "builtins.range" &&
    args.some((it) => isAxisCount(it, facts)) &&
    args.every((it) => integerOf(it) !== undefined || isAxisCount(it, facts))
  );
}

/** `len(x.shape)`, `x.ndim`, either of them with a number added or taken away, or a name for that. */
function isAxisCount(expression: Node, facts: Facts, steps = MOST_STEPS): boolean {
  const node = unwrap(expression);
  const call = asCall(node);
  if (call)
    return (
      facts.nameOf(call.callee) === "builtins.len" && call.args[0] !== undefined && isShape(call.args[0], facts, steps)
    );
  const sum = asBinary(node);
  if (sum)
    return (
      ["+", "-"].includes(sum.operator) && integerOf(sum.right) !== undefined && isAxisCount(sum.left, facts, steps)
    );
  if (asAttribute(node)) return /^(ndim|nlevels)$/.test(asAttribute(node)!.name);
  return standsFor(node, facts, steps, isAxisCount);
}

/** `x.shape`, a slice of it, or a name for that. */
function isShape(expression: Node, facts: Facts, steps = MOST_STEPS): boolean {
  const node = unwrap(expression);
  if (asAttribute(node)) return asAttribute(node)!.name === "shape";
  const part = asSubscript(node);
  if (part) return part.indices[0]?.kind === "slice" && isShape(part.value, facts, steps);
  return standsFor(node, facts, steps, isShape);
}

/** A name that is given one such value, and never another. */
function standsFor(
  node: Node,
  facts: Facts,
  steps: number,
  isWanted: (value: Node, facts: Facts, steps: number) => boolean,
): boolean {
  const value = steps > 0 ? givenOnce(node, facts) : undefined;
  return value !== undefined && isWanted(value, facts, steps - 1);
}
