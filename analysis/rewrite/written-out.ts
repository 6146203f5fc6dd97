/** Lists whose items somebody wrote out one by one: the arguments of a call, the words of a text. They are few. */

import type { Facts } from "../semantics/facts.js";
import { asCall, asComprehension, asMethodCall } from "../syntax/expressions.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { givenOnce } from "./given-once.js";

const MOST_STEPS = 8;

/** A function's `*args`, or `list(args)`; also by way of `range(len(args))`, of a comprehension over them and of another name. */
export function isWrittenOut(value: Node, facts: Facts, steps = MOST_STEPS): boolean {
  if (steps === 0) return false;
  const call = asCall(value);
  if (call)
    return (
      /^builtins\.(list|range|len|reversed|sorted)$/.test(facts.nameOf(call.callee) ?? "") &&
      call.args.length === 1 &&
      isWrittenOut(call.args[0]!, facts, steps - 1)
    );
  const [clause, more] = asComprehension(value)?.clauses ?? [];
  if (clause) return !more && isWrittenOut(clause.iterable, facts, steps - 1);
  const given = givenOnce(value, facts);
  if (given) return isWrittenOut(given, facts, steps - 1);
  const [site, other] = value.kind === "identifier" ? facts.writesOf(value) : [];
  return site?.kind === "parameter" && !other && site.owner.text.startsWith("*");
}

/** The words in `"one two".split()`. */
export function wordsOf(value: Node): readonly string[] | undefined {
  const call = asMethodCall(value, "split");
  const text = call && textValue(call.object);
  const [separator, more] = call?.args ?? [];
  if (text === undefined || more || call!.keywords.size > 0 || call!.hasSplat) return undefined;
  if (!separator) return text.split(/\s+/).filter((it) => it !== "");
  const between = textValue(separator);
  return between ? text.split(between) : undefined;
}
