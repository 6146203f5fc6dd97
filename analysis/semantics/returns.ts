/** The type a function of the file returns: its annotation, else what its return statements agree on. */

import { asFunction, functionAround, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { annotationType } from "./annotations.js";
import type { Inference } from "./infer.js";
import type { Names } from "./names.js";
import { joinAll, NONE, type, type Maybe } from "./types.js";

/** Decorators that leave the result of a call alone. */
const TRANSPARENT = new Set([
  "functools.cache",
  "functools.lru_cache",
  "functools.wraps",
  "builtins.staticmethod",
  "builtins.classmethod",
  "typing.override",
  "typing.final",
  "abc.abstractmethod",
]);

export function returnTypeOf(def: FunctionDef, inference: Inference, names?: Names): Maybe {
  if (!def.decorators.every((it) => isTransparent(it, names))) return undefined;
  const declared = def.returns && names && annotationType(def.returns, names);
  const result = declared ?? (def.returns ? undefined : inferred(def, inference));
  if (def.isAsync) return isGenerator(def) ? type("async-generator") : type("coroutine", result);
  return result;
}

function isTransparent(decorator: Node, names: Names | undefined): boolean {
  const callee = decorator.kind === "call" ? decorator.field("function") : decorator;
  const name = callee && names?.nameOf(callee);
  return name !== undefined && TRANSPARENT.has(name);
}

/** `yield` in its own body, not in a function inside it. */
export function isGenerator(def: FunctionDef): boolean {
  return def.body.descendants("yield").some((it) => functionAround(it) === def.node);
}

function inferred(def: FunctionDef, inference: Inference): Maybe {
  if (isGenerator(def)) return type("generator", undefined);
  const returns = def.body.descendants("return_statement").filter((it) => functionAround(it) === def.node);
  if (returns.length === 0) return raisesOnly(def) ? undefined : NONE;
  return joinAll(returns.map((it) => (it.children[0] ? inference.typeOf(it.children[0]) : NONE)));
}

/** A body that is a stub (`...`, `raise NotImplementedError`) says nothing of what overriding ones return. */
function raisesOnly(def: FunctionDef): boolean {
  const last = def.body.lastChild;
  return (
    last?.kind === "raise_statement" ||
    last?.text === "..." ||
    (last?.kind === "pass_statement" && asFunction(def.node) !== undefined)
  );
}
