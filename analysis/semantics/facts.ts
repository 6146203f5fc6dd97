/** The questions a rule may ask about a file. Read-only; each answer is yes, no or unknown, and unknown is `undefined` or `"unknown"`. */

import { derivesFrom } from "../knowledge/index.js";
import { asClass, asFunction, functionAround, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { BUILTIN_NAMES } from "../knowledge/builtins.js";
import { freeReads } from "./bound-names.js";
import { printClass, type ClassInfo } from "./classes.js";
import { effects, type Answer, type Effects } from "./effects.js";
import { isObserved, reachingSites } from "./flow.js";
import { inference, type Inference } from "./infer.js";
import { loopsAround } from "./loops.js";
import { computeClass, type ModuleView } from "./module.js";
import { names } from "./names.js";
import { pieceOf } from "./piece.js";
import { isAtLeast, type PythonVersion } from "./python-version.js";
import { returnTypeOf } from "./returns.js";
import type { Binding, Scope, Site } from "./scopes.js";
import type { Evaluator } from "./store.js";
import { printType, type Maybe } from "./types.js";
import { useOf, type Use } from "./uses.js";

export type { Answer, Binding, ClassInfo, Maybe, Scope, Site, Use };

export interface Facts extends Effects {
  /** The project's lowest Python. */
  readonly python: PythonVersion;
  hasPython(version: PythonVersion): boolean;
  /** A test file or a stub by its path. */
  readonly isTest: boolean;
  /** Cells of a notebook, put together. */
  readonly isNotebook: boolean;

  /** `pandas.read_csv`, `builtins.len`: through imports, aliases and shadowing. Undefined when not certain. */
  nameOf(expression: Node): string | undefined;
  typeOf(expression: Node): Maybe;
  /** The value is known to be of a type, by name, a base class of the libraries or of the file included. */
  isA(expression: Node, typeName: string): boolean;

  /** Of a module-level name: joined over the whole file. */
  bindingOf(identifier: Node): Binding | undefined;
  /** Reads of the same binding, everywhere in the file. */
  readsOf(identifier: Node): readonly Node[];
  writesOf(identifier: Node): readonly Site[];
  /** What each read of the binding does with the value. */
  usesOf(identifier: Node): readonly Use[];
  /** The sites that can have given a name the value which this read sees. */
  reachingSites(identifier: Node): readonly Site[];
  /** Code outside the region may see the value of the name while the region runs, or after it failed half-way. */
  isObserved(identifier: Node, region: Node): boolean;
  scopeOf(node: Node): Scope;

  /** Calls in this piece of a function with a qualified name. */
  callsTo(name: string, within: Node): readonly Node[];

  /** The innermost loop or comprehension that runs the node once per turn, within its function. */
  loopAround(node: Node): Node | undefined;
  loopsAround(node: Node): readonly Node[];
  loopDepth(node: Node): number;
  /** Runs in the body of an `async def` itself, not in a lambda or plain function inside it. */
  isAsync(node: Node): boolean;

  /** The class whose body directly holds a function or assignment. */
  classOf(statement: Node): ClassInfo | undefined;
  /** A module-level class of this file. */
  classNamed(name: string): ClassInfo | undefined;
  /** The class that a class definition defines. */
  classInfo(definition: Node): ClassInfo | undefined;
  /** The base classes in method resolution order: infos for those of this file, qualified names for the rest, undefined for unknown ones. */
  basesOf(info: ClassInfo): readonly (ClassInfo | string | undefined)[];
  /** Attributes that the file stores on anything but a method's own `self`; `__dict__` and `__setattr__` if they are used at all. */
  foreignStores(): ReadonlySet<string>;
  /** The function of this file that a callee names, if it can be only one. */
  functionNamed(callee: Node): FunctionDef | undefined;
  returnType(def: FunctionDef): Maybe;
  /** The body of a method or function met through another piece's facts; whoever looks into one has to ask for it here. */
  bodyOf(def: FunctionDef): Node;

  /** A built-in's name that means the built-in at that place. */
  isBuiltin(name: string, near: Node): boolean;
  /** A name not used anywhere near. */
  freshName(wanted: string, near: Node): string;
  /** The name is bound or read in any scope that sees the node. */
  isTaken(name: string, near: Node): boolean;
  /** The file's view, for the engine and the fix helpers. */
  readonly view: ModuleView;
}

export interface FactsOptions {
  readonly python: PythonVersion;
  readonly isTest: boolean;
  readonly isNotebook: boolean;
}

/** The facts that are computed once for a file and asked from many pieces, by name. */
export function evaluators(view: ModuleView): Readonly<Record<string, Evaluator<unknown>>> {
  let made: Inference | undefined;
  const inferred = (): Inference => (made ??= inference(view, names(view)));
  const typed = (compute: (name: string) => Maybe): Evaluator<unknown> => ({ compute, print: typeInWords, whenCircular: undefined });
  return {
    type: typed((name) => inferred().moduleType(name)),
    returns: typed((name) => inferred().returnType(name)),
    attribute: typed((name) => {
      const [owner = "", attribute = ""] = name.split(".");
      return inferred().attributeType(owner, attribute);
    }),
    class: {
      compute: (name) => computeClass(view, name),
      print: classInWords,
      whenCircular: undefined,
    },
  };
}

// Apart from what computes: a print that was not asked for yet must not keep the version of the file that an answer was computed from.
const typeInWords = (type: unknown): string => printType(type as Maybe);
const classInWords = (info: unknown): string => (info === undefined ? "" : printClass(info as ClassInfo));

export function makeFacts(view: ModuleView, options: FactsOptions): Facts {
  const naming = names(view);
  const inferring = inference(view, naming);
  const { typeOf } = inferring;
  const { nameOf, bindingOf } = naming;

  const functionNamed = (callee: Node): FunctionDef | undefined => {
    const sites = naming.sitesOf(callee);
    const [only] = sites;
    if (callee.kind !== "identifier" || sites.length !== 1 || only?.kind !== "function") return undefined;
    view.looksInto(only.name.tree);
    return asFunction(only.value);
  };

  const basesOf = (info: ClassInfo, depth = 0): readonly (ClassInfo | string | undefined)[] => {
    if (info.def.hasSplat || depth > 16) return [undefined];
    return info.def.bases.flatMap((base): readonly (ClassInfo | string | undefined)[] => {
      const node = base.kind === "subscript" ? (base.field("value") ?? base) : base;
      const name = nameOf(node);
      if (name !== undefined) return [name];
      const own = node.kind === "identifier" ? ownClass(node) : undefined;
      return own && own !== info ? [own, ...basesOf(own, depth + 1)] : [undefined];
    });
  };

  const ownClass = (identifier: Node): ClassInfo | undefined => {
    const own = pieceOf(identifier.tree).bindingOf(identifier);
    if (!own?.scope.parent) return view.classByName(identifier.text);
    const [only, more] = own.sites;
    const def = only?.kind === "class" && !more ? asClass(only.value) : undefined;
    return def && view.infoOf(def);
  };

  const isTaken = (name: string, near: Node): boolean => {
    if (BUILTIN_NAMES.has(name) || view.sitesOf(name).length > 0) return true;
    const { scopes } = pieceOf(near.tree);
    if (scopes.free.has(name)) return true;
    let outermost = scopes.scopeOf(near);
    while (outermost.parent?.parent) outermost = outermost.parent;
    return freeReads(outermost.node, name).length > 0;
  };

  const { isPure, isStableIn, isHarmless, unknownCallsIn, runsUnknownCode } = effects(naming, inferring);
  const { python, isTest, isNotebook } = options;
  return {
    isPure,
    isStableIn,
    isHarmless,
    unknownCallsIn,
    runsUnknownCode,
    python,
    isTest,
    isNotebook,
    view,
    hasPython: (version) => isAtLeast(options.python, version),
    nameOf,
    typeOf,
    isA(expression, typeName) {
      const found = typeOf(expression);
      if (!found) return false;
      if (!found.name.startsWith("local.")) return found.name === typeName || derivesFrom(found.name, typeName);
      const info = view.classByName(found.name.slice(6));
      return info !== undefined && basesOf(info).some((it) => (typeof it === "string" ? it === typeName || derivesFrom(it, typeName) : it?.name === typeName.replace(/^local\./, "")));
    },
    bindingOf,
    readsOf: (identifier) => bindingOf(identifier)?.reads ?? [],
    writesOf: (identifier) => naming.sitesOf(identifier),
    usesOf: (identifier) => (bindingOf(identifier)?.reads ?? []).map(useOf),
    reachingSites(identifier) {
      const binding = bindingOf(identifier);
      return binding ? reachingSites(binding, identifier) : [];
    },
    isObserved(identifier, region) {
      const binding = bindingOf(identifier);
      return !binding || isObserved(binding, region);
    },
    scopeOf: (node) => pieceOf(node.tree).scopes.scopeOf(node),
    callsTo: (name, within) => within.descendants("call").filter((it) => nameOf(it.field("function")!) === name),
    loopAround: (node) => loopsAround(node)[0],
    loopsAround,
    loopDepth: (node) => loopsAround(node).length,
    isAsync: (node) => functionAround(node)?.hasToken("async") ?? false,
    classOf: (statement) => view.classOf(statement),
    classNamed: (name) => view.classByName(name),
    classInfo(definition) {
      const def = asClass(definition);
      return def && view.infoOf(def);
    },
    basesOf,
    foreignStores: () => view.foreignStores(),
    functionNamed,
    returnType: (def) => returnTypeOf(def, inferring, naming),
    bodyOf(def) {
      view.looksInto(def.node.tree);
      return def.body;
    },
    isBuiltin(name, near) {
      const piece = pieceOf(near.tree);
      if (piece.mayBind(name)) for (let scope: Scope | undefined = piece.scopes.scopeOf(near); scope; scope = scope.parent) if (scope.bindings.has(name)) return false;
      return BUILTIN_NAMES.has(name) && view.sitesOf(name).length === 0 && view.stars().length === 0;
    },
    isTaken,
    freshName(wanted, near) {
      if (!isTaken(wanted, near)) return wanted;
      for (let number = 2; ; number++) if (!isTaken(`${wanted}_${number}`, near)) return `${wanted}_${number}`;
    },
  };
}
