/** What the callers of a function give it, where all of them are in sight: those of nested and `_private` functions, of `_private` methods, and of the functions of a script. */

import { asAttribute, asCall, asComparison, unwrap, wrapped, type Call } from "../syntax/expressions.js";
import { asFunction, functionAround, type FunctionDef, type Parameter } from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import type { ClassInfo } from "./classes.js";
import type { ModuleView } from "./module.js";
import type { Names } from "./names.js";
import { ownObjectOf } from "./own-object.js";
import { mentionsOfClass } from "./places.js";
import { pieceOf } from "./piece.js";
import { joinAll, type Maybe } from "./types.js";
import { useOf } from "./uses.js";

/** Parameters that hand on what they are given are followed to their own callers, so many in all. */
const MOST_FOLLOWED = 24;
/** What is called from more places is looked at no further. */
const MOST_CALLS = 60;

/** A function, and how many of its parameters a call does not write: the method's own object. */
interface Callee {
  readonly def: FunctionDef;
  readonly owner: ClassInfo | undefined;
  readonly skipped: number;
}

/**
 * The type that all callers agree on. Undefined where one of them cannot be seen, gives something unknown, or something else than the others.
 * @param typeOf of an argument; must not itself ask for callers
 */
export function givenType(
  def: FunctionDef,
  parameter: string,
  view: ModuleView,
  names: Names,
  typeOf: (argument: Node) => Maybe,
): Maybe {
  const seen = new Set<Node>();
  const types: Maybe[] = [];
  const queue: (readonly [FunctionDef, string])[] = [[def, parameter]];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [target, name] = next;
    const wanted = target.parameters.find((it) => it.name === name);
    if (!wanted || wanted.star !== "") return undefined;
    if (seen.has(wanted.nameNode)) continue;
    seen.add(wanted.nameNode);
    const calls = seen.size > MOST_FOLLOWED ? undefined : callsInSight(target, view, names);
    if (!calls || calls.length === 0) return undefined;
    for (const { call, skipped } of calls) {
      const value = argumentFor(call, target, wanted, skipped);
      if (!value) return undefined;
      const found = typeOf(value);
      const passedOn = found ? undefined : parameterBehind(value);
      if (passedOn) queue.push(passedOn);
      else if (found) types.push(found);
      else return undefined;
    }
  }
  const given = types.length === 0 ? undefined : joinAll(types);
  // A parameter that nobody gives anything else yet is made for something else.
  return given?.name === "None" ? undefined : given;
}

/** What a call gives for a parameter, its default included. Undefined where it cannot be told. */
function argumentFor(call: Call, target: FunctionDef, wanted: Parameter, skipped: number): Node | undefined {
  if (call.hasSplat) return undefined;
  const named = call.keywords.get(wanted.name);
  if (named) return named;
  const position = wanted.isKeywordOnly ? -1 : target.parameters.indexOf(wanted) - skipped;
  return call.args[position] ?? wanted.defaultValue;
}

/** The argument is a parameter of the calling function, handed on as it came. */
function parameterBehind(value: Node): readonly [FunctionDef, string] | undefined {
  const node = unwrap(value);
  if (node.kind !== "identifier") return undefined;
  const sites = pieceOf(node.tree).bindingOf(node)?.sites ?? [];
  const [site, more] = sites;
  if (site?.kind !== "parameter" || more || site.annotation) return undefined;
  const def = functionOf(site.name);
  return def && [def, node.text];
}

/** The function whose parameter a name is. */
export function functionOf(parameterName: Node): FunctionDef | undefined {
  const list = parameterName.ancestor("parameters", "lambda_parameters");
  return list?.kind === "parameters" ? asFunction(list.parent) : undefined;
}

/** The name by which other pieces know a function: `name`, or `Class.name`; undefined for those that only their own piece can see. */
export function globalNameOf(def: FunctionDef, view: ModuleView): string | undefined {
  const owner = view.classOf(def.outer);
  if (owner) return view.classByName(owner.name)?.def.node === owner.def.node ? `${owner.name}.${def.name}` : undefined;
  return isModuleLevel(def) ? def.name : undefined;
}

function isModuleLevel({ nameNode }: FunctionDef): boolean {
  const piece = pieceOf(nameNode.tree);
  return piece.role !== "member" && !piece.localBindingOf(nameNode);
}

interface CallInSight {
  readonly call: Call;
  readonly skipped: number;
}

/** All calls of a function; undefined where there may be others. */
function callsInSight(def: FunctionDef, view: ModuleView, names: Names): readonly CallInSight[] | undefined {
  const owner = view.classOf(def.outer);
  if (owner) return isPrivate(def.name) ? methodCalls({ def, owner, skipped: 1 }, view) : undefined;
  if (
    def.decorators.length > 0 &&
    !def.decorators.every((it) => KEEPS_ARGUMENTS.has(names.nameOf(asCall(it)?.callee ?? it) ?? ""))
  )
    return undefined;
  const isOpen = isModuleLevel(def) && !isPrivate(def.name);
  if (isOpen && !isScript(view)) return undefined;
  const sites = names.sitesOf(def.nameNode);
  if (sites.length !== 1 || isListed(def.name, view)) return undefined;
  const reads = names.bindingOf(def.nameNode)?.reads ?? [];
  if (reads.length > MOST_CALLS) return undefined;
  const calls: CallInSight[] = [];
  for (const read of reads) {
    const call = useOf(read).kind === "call" ? asCall(wrapped(read).parent) : undefined;
    if (!call) return undefined;
    calls.push({ call, skipped: 0 });
  }
  return calls;
}

const KEEPS_ARGUMENTS = new Set([
  "functools.cache",
  "functools.lru_cache",
  "numba.jit",
  "numba.njit",
  "torch.no_grad",
  "torch.inference_mode",
]);

/** A method that is called on the method's own object alone, wherever its name stands in the file. */
function methodCalls({ def, owner }: Callee, view: ModuleView): readonly CallInSight[] | undefined {
  const method = owner?.methodNamed(def.name);
  if (!owner || !method || method.def.node !== def.node || owner.isDynamic) return undefined;
  const isPlain = def.decorators.every((it) => it.text === "staticmethod" || it.text === "classmethod");
  const mentions = isPlain ? mentionsOfClass(owner, def.name, view) : undefined;
  if (!mentions || mentions.own.length + mentions.elsewhere.length > MOST_CALLS || reachesByName(view))
    return undefined;
  const calls: CallInSight[] = [];
  for (const mention of [...mentions.own, ...mentions.elsewhere]) {
    const call = mention.fieldName === "function" ? asCall(mention.parent) : undefined;
    const { object } = asAttribute(mention)!;
    // `cls.method()` and `Class.method()`; of an instance's method those write the object.
    const isByClass = object.text === owner.name || ownObjectOf(object, view)?.owner.def.node === owner.def.node;
    if (!call || (!mentions.own.includes(mention) && (!isByClass || method.kind === "instance"))) return undefined;
    calls.push({ call, skipped: method.kind === "static" ? 0 : 1 });
  }
  return calls;
}

/** `getattr(self, f"_visit_{kind}")` calls methods that nothing names. */
function reachesByName(view: ModuleView): boolean {
  return view.readsOf("getattr").some((it) => {
    const call = asCall(it.parent);
    return !call?.args[1] || textValue(call.args[1]) === undefined;
  });
}

/** By custom nobody else's: `_name`. */
export function isPrivate(name: string): boolean {
  return name.startsWith("_") && !name.endsWith("__");
}

/** Made public after all, by `__all__`. */
export function isListed(name: string, view: ModuleView): boolean {
  return view
    .sitesOf("__all__")
    .some((it) => it.value?.text.includes(`"${name}"`) || it.value?.text.includes(`'${name}'`));
}

/** The file is run, and imported by nobody: it has a main guard and no `__all__`. */
export function isScript(view: ModuleView): boolean {
  return view.store.ask<boolean>("script", "");
}

/** Computes `script:`. */
export function looksRun(view: ModuleView): boolean {
  return view.sitesOf("__all__").length === 0 && view.readsOf("__name__").some(isMainGuard);
}

/** `__name__` in `if __name__ == "__main__":`. */
export function isMainGuard(read: Node): boolean {
  const comparison = asComparison(wrapped(read).parent);
  const other = comparison && [comparison.left, comparison.right].find((it) => it !== read);
  return (
    comparison?.operator === "==" &&
    textValue(other) === "__main__" &&
    comparison.node.ancestor("if_statement") !== undefined &&
    functionAround(read) === undefined
  );
}

/** Stands in an `if __name__ == "__main__":`, or in another `if` that asks the same. */
export function isInMainGuard(node: Node): boolean {
  return node.tree.root.identifiers("__name__").some((it) => {
    const guard = isMainGuard(it) ? it.ancestor("if_statement") : undefined;
    return guard !== undefined && node.isInside(guard);
  });
}

/** The function or method that a global name stands for, if it can be only one; see `globalNameOf`. */
export function functionKnownAs(name: string, view: ModuleView): FunctionDef | undefined {
  const [owner = "", method] = name.split(".");
  if (method === undefined) {
    const [only, more] = view.sitesOf(owner);
    if (more || only?.kind !== "function") return undefined;
    view.looksInto(only.name.tree);
    return asFunction(only.value);
  }
  const found = view.classByName(owner)?.methodNamed(method);
  if (!found) return undefined;
  view.looksInto(found.def.node.tree);
  return found.def;
}
