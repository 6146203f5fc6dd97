/** Whether a call is done at once, so that running it beside others gains nothing. */

import { isPureCall } from "../knowledge/index.js";
import { asCall, asMethodCall, type Call } from "../syntax/expressions.js";
import { computesInPython } from "./computing.js";
import type { Facts } from "./facts.js";

const QUICK = /^builtins\.(?!open\b|input\b)/;
const PLAIN = /^(str|bytes|int|float|list|dict|set|tuple|re\.\w+|logging\.Logger)$/;

/** A built-in, something known to have no effects, a method of a plain value or of a list that is being filled, or a function of the file that calls nothing else and does not compute for long. */
export function isQuick(call: Call | undefined, facts: Facts, depth = 2): boolean {
  if (!call) return true;
  const name = facts.nameOf(call.callee);
  if (name !== undefined) return QUICK.test(name) || isPureCall(name);
  const own = depth > 0 ? facts.functionNamed(call.callee) : undefined;
  if (own) return !isComputing(call, facts) && facts.bodyOf(own).descendants("call").every((it) => isQuick(asCall(it), facts, depth - 1));
  const method = asMethodCall(call.node);
  const type = method && facts.typeOf(method.object)?.name;
  return method?.method === "append" || (type !== undefined && PLAIN.test(type));
}

/** It calls a function of the file that computes in Python for long. */
export function isComputing(call: Call | undefined, facts: Facts): boolean {
  const def = call && facts.functionNamed(call.callee);
  return def !== undefined && computesInPython(def, facts);
}
