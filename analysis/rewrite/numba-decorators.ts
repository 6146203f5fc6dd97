/** What a decorator of Numba compiles a function to: for the processor, for the graphics card, or to a function over arrays. */

import { replace } from "../rule/edits.js";
import { importName } from "../rule/importing.js";
import type { Edit, File } from "../rule/rule.js";
import type { Facts } from "../semantics/facts.js";
import { asAttribute, asCall, type Call } from "../syntax/expressions.js";
import type { FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { importsInstead } from "./imports-instead.js";

/** A decorator of Numba, with the call that configures it. */
export interface NumbaDecorator {
  readonly node: Node;
  /** `njit`, `jit`, `cuda.jit`, `vectorize` …: what stands behind `numba.` in the qualified name. */
  readonly name: string;
  readonly callee: Node;
  /** Absent for a bare `@njit`. */
  readonly call: Call | undefined;
}

/** The decorator of Numba on a function, if there is one. */
export function numbaDecorator(def: FunctionDef, facts: Facts): NumbaDecorator | undefined {
  for (const node of def.decorators) {
    const call = asCall(node);
    const callee = call?.callee ?? node;
    const name = facts.nameOf(callee);
    if (name?.startsWith("numba.")) return { node, name: name.slice("numba.".length), callee, call };
  }
  return undefined;
}

/** A function that runs on the graphics card and is started from Python, with a number of blocks and threads. */
export function isKernel(def: FunctionDef, facts: Facts): boolean {
  const decorator = numbaDecorator(def, facts);
  if (decorator?.name !== "cuda.jit") return false;
  const { call } = decorator;
  if (!call) return true;
  // With a signature that returns something it is a device function.
  const [signature] = call.args;
  const isVoid =
    !signature ||
    /^["'](void)?\(/.test(signature.text) ||
    signature.kind === "tuple" ||
    /\bvoid\(/.test(signature.text);
  return !call.hasSplat && isVoid && call.keywords.get("device")?.kind !== "true";
}

/** `@njit(parallel=True)`. */
export function isParallelJit(def: FunctionDef, facts: Facts): boolean {
  return isJit(def, facts) && numbaDecorator(def, facts)?.call?.keywords.get("parallel")?.kind === "true";
}

/** `@njit` and `@jit`: compiled for the processor. */
export function isJit(def: FunctionDef, facts: Facts): boolean {
  return /^n?jit$/.test(numbaDecorator(def, facts)?.name ?? "");
}

/** A `jit` that asks for Python objects, or that falls back to them: before 0.59 it did so unless `nopython=True` was said. */
export function mayRunObjects(def: FunctionDef, facts: Facts): boolean {
  const decorator = numbaDecorator(def, facts);
  if (decorator?.name !== "jit") return false;
  const asks = (name: string, kind: string) => decorator.call?.keywords.get(name)?.kind === kind;
  if (asks("forceobj", "true") || decorator.call?.hasSplat === true) return true;
  return !asks("nopython", "true") && facts.hasLibrary("numba", "0.59") === "no";
}

/** The edits that make `njit` of the `jit` that is called, and leave the arguments: the name that is there, or an import of it. Undefined where it cannot be imported. */
export function asNjit({ callee, node }: Pick<Call, "callee" | "node">, file: File): readonly Edit[] | undefined {
  const { facts } = file;
  if (facts.nameOf(callee) === "numba.njit") return [];
  const attribute = asAttribute(callee);
  if (attribute) return [replace(callee, `${attribute.object.text}.njit`)];
  const imported = importName(file, "numba", "njit", node);
  if (!imported) return undefined;
  return [
    replace(callee, imported.name),
    ...importsInstead(
      callee,
      (read) => read.start === callee.start && read.tree === callee.tree,
      imported.edits,
      facts,
    ),
  ];
}
