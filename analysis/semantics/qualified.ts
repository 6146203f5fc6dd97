/** The qualified name of what a call calls, methods of values included. */

import { asMethodCall, type Call } from "../syntax/expressions.js";
import type { Facts } from "./facts.js";

/** `subprocess.run`; `pathlib.Path.read_text` for a method of a value whose type is known. Undefined when not certain. */
export function qualifiedName({ node, callee }: Call, facts: Facts): string | undefined {
  const name = facts.nameOf(callee);
  const method = name === undefined ? asMethodCall(node) : undefined;
  const receiver = method && facts.typeOf(method.object)?.name;
  return receiver === undefined ? name : `${receiver}.${method!.method}`;
}
