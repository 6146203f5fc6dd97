/** What a loop goes through: whether it comes in one item at a time, so that nothing else holds all of it, and whether it is long for certain. How long a loop is, `facts.sizeOf` and `facts.weightOf` say in three words; `turnsOften` stands until no rule asks it. */

import { asCall, asComprehension, asMethodCall, unwrap } from "../syntax/expressions.js";
import { asFor } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import type { Facts } from "./facts.js";
import { turnProduct, turnsOf } from "./loops.js";
import { MANY } from "./sizes.js";

const STREAMS = /^(file|binary-file|iterator|generator|typing\.Iterator)$/;
/** Functions that hand on what they are given, item by item. */
const PASSES_ON =
  /^(builtins\.(zip|enumerate|map|filter|reversed|iter)|itertools\.(chain|islice|takewhile|dropwhile|filterfalse|starmap|zip_longest|pairwise|groupby))$/;

/** Iterates over something whose length is not bounded by the program: a file, a query, a data loader. */
export function isStream(iterable: Node, facts: Facts): boolean {
  return sources(iterable, facts).some((it) => STREAMS.test(facts.typeOf(it)?.name ?? "") && !isOfModel(it, facts));
}

/** `model.parameters()`: the few hundred things that a model holds anyway. */
function isOfModel(iterable: Node, facts: Facts): boolean {
  const method = asMethodCall(iterable);
  return method !== undefined && facts.isA(method.object, "torch.nn.Module");
}

/** What is gone through in the end. */
function sources(iterable: Node, facts: Facts): readonly Node[] {
  const node = unwrap(iterable);
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  return call && name !== undefined && PASSES_ON.test(name) ? call.args.flatMap((it) => sources(it, facts)) : [node];
}

/** Many turns for certain, or as many as a text has signs, a stream items, a table cells. Innermost loop first. */
export function turnsOften(loops: readonly Node[], facts: Facts): boolean {
  const [open, more] = loops.filter((it) => turnsOf(it) === undefined);
  if (turnProduct(loops, turnsOf, 1) >= MANY || more) return true;
  return open !== undefined && isLong(open, facts);
}

function isLong(loop: Node, facts: Facts): boolean {
  const iterable = asFor(loop)?.iterable ?? asComprehension(loop)?.clauses[0]?.iterable;
  if (!iterable) return ["true", "named_expression"].includes(unwrap(loop.field("condition") ?? loop).kind);
  const counted = /^range\(len\((.+)\)\)$/s.test(iterable.text)
    ? asCall(asCall(iterable)?.args[0])?.args[0]
    : undefined;
  return sources(counted ?? iterable, facts).some(
    (it) => facts.typeOf(it)?.name === "str" || isStream(it, facts) || asMethodCall(it, "readlines") !== undefined,
  );
}
