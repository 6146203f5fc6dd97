/** Local type inference: what kind of value an expression gives, from literals, constructors, annotations and known functions. Unknown unless shown. */

import { functionGives, methodGives, type Arguments } from "../knowledge/calls.js";
import { attributeOf, derivesFrom } from "../knowledge/index.js";
import {
  asAttribute,
  asBinary,
  asCall,
  asComprehension,
  asConditional,
  unwrap,
  type Call,
} from "../syntax/expressions.js";
import { asFunction, functionAround, type FunctionDef } from "../syntax/statements.js";
import { asString } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { annotationType } from "./annotations.js";
import { functionKnownAs, functionOf, givenType, globalNameOf } from "./callers.js";
import { constructed, SPLITS } from "./constructors.js";
import { isProgressBar } from "./progress.js";
import { reachingSites } from "./flow.js";
import { itemType } from "./items.js";
import { likenessByMethod, likenesses, type Alike, type Likeness } from "./likeness.js";
import type { ModuleView } from "./module.js";
import type { Names } from "./names.js";
import { isShown, shownOf, type Shown } from "./narrowing.js";
import { arithmetic } from "./operators.js";
import { pieceOf } from "./piece.js";
import { siteOfTarget } from "./places.js";
import { returnTypeOf } from "./returns.js";
import type { Binding, Site } from "./scopes.js";
import { WRITTEN, type Stratum } from "./sources.js";
import { jottings, makeScratch, type Scratch } from "./store.js";
import { agreed, defaultType, documentedParameter, documentedReturn } from "./undeclared.js";
import { BOOL, elementOf, FLOAT, INT, join, joinAll, NONE, STR, type, type Maybe } from "./types.js";
import { isUpdate, updated } from "./updates.js";

export interface Inference {
  typeOf(expression: Node): Maybe;
  /** The type one binding site gives, without looking at the others. */
  siteType(site: Site): Maybe;
  /** Computes what the store keeps as `type:name`. */
  moduleType(name: string): Maybe;
  /** Computes `attribute:Class.name`. */
  attributeType(className: string, name: string): Maybe;
  /** Computes `returns:function` and `returns:Class.method`. */
  returnType(name: string): Maybe;
  /** Computes `arguments:function parameter` and `arguments:Class.method parameter`, for strata that ask callers. */
  argumentType(name: string): Maybe;
}

/** Fewer are gone through as quickly as they are looked up. */
const MANY_SITES = 8;

/** How deep expressions and bindings are followed before the answer is unknown. */
const DEPTH = 40;

/** Stands where a type is being worked out: to whoever meets it on the way it is unknown. */
const OPEN: Maybe = type("");

function cutShort(scratch: Scratch): undefined {
  scratch.cuts++;
  return undefined;
}

/** @param stratum where the types of parameters may come from; see `sources.ts` */
export function inference(view: ModuleView, names: Names, stratum: Stratum = WRITTEN): Inference {
  /** For whoever asks outside of any question of the store. */
  const own = makeScratch();

  /** A fact of this stratum. */
  const ask = (fact: "type" | "returns" | "attribute" | "arguments", name: string): Maybe =>
    view.store.ask<Maybe>(stratum.prefix + fact, name);

  const typeOf = (expression: Node): Maybe => {
    const node = unwrap(expression);
    const scratch = view.store.scratch ?? own;
    const known = (stratum === WRITTEN ? scratch.types : jottings(scratch, stratum.prefix)) as Map<Node, Maybe>;
    const found = known.get(node);
    if (found !== undefined) return found === OPEN ? cutShort(scratch) : found;
    if (node.isBroken || known.has(node)) return undefined;
    if (scratch.depth > DEPTH) return cutShort(scratch);
    scratch.depth++;
    known.set(node, OPEN);
    let result: Maybe;
    try {
      result = compute(node);
    } finally {
      // Whoever asked too much is stopped on the way: then nothing is known, and nothing is open any more.
      known.set(node, result);
      scratch.depth--;
    }
    return result;
  };

  const byKind: Readonly<Record<string, (node: Node) => Maybe>> = {
    integer: () => INT,
    float: () => FLOAT,
    true: () => BOOL,
    false: () => BOOL,
    none: () => NONE,
    string: (node) => (asString(node)?.isBytes ? type("bytes") : STR),
    concatenated_string: (node) => typeOf(node.children[0]!),
    list: (node) => type("list", ...elements(node)),
    set: (node) => type("set", ...elements(node)),
    tuple: (node) => type("tuple", ...items(node)),
    expression_list: (node) => type("tuple", ...items(node)),
    dictionary: (node) => dictType(node),
    list_comprehension: (node) => type("list", typeOf(asComprehension(node)!.element)),
    set_comprehension: (node) => type("set", typeOf(asComprehension(node)!.element)),
    generator_expression: (node) => type("generator", typeOf(asComprehension(node)!.element)),
    dictionary_comprehension: (node) =>
      type("dict", ...["key", "value"].map((it) => fieldType(asComprehension(node)!.element, it as "key" | "value"))),
    conditional_expression: (node) => {
      const conditional = asConditional(node);
      return conditional && join(typeOf(conditional.then), typeOf(conditional.otherwise));
    },
    boolean_operator: (node) => join(fieldType(node, "left"), fieldType(node, "right")),
    not_operator: () => BOOL,
    comparison_operator: (node) => comparisonType(node),
    binary_operator: (node) => {
      const binary = asBinary(node);
      return binary && arithmetic(typeOf(binary.left), binary.operator, typeOf(binary.right));
    },
    unary_operator: (node) => {
      const operand = fieldType(node, "argument");
      return operand?.name === "bool" ? INT : operand;
    },
    await: (node) => {
      const awaited = node.children[0] && typeOf(node.children[0]);
      return awaited && AWAITABLE.has(awaited.name) ? awaited.of[0] : undefined;
    },
    named_expression: (node) => fieldType(node, "value"),
    lambda: () => type("function"),
    call: (node) => callType(node),
    attribute: (node) => attributeType(node),
    subscript: (node) => itemType(node, typeOf),
    identifier: (node) => identifierType(node),
  };

  const compute = (node: Node): Maybe => byKind[node.kind]?.(node) ?? (stratum.likeness && likelyType(node));

  let alike: ((expression: Node) => Alike | undefined) | undefined;

  /** What it is taken for by what the code does with it; what a method gives that only one kind of value has. */
  const likelyType = (node: Node): Maybe => {
    if (node.kind === "identifier" || node.kind === "attribute") {
      const found = (alike ??= likenesses(view, names))(node);
      return found && (stratum.likeness === "fair" || found.evidence === "strong")
        ? LIKELY_TYPES[found.kind]
        : undefined;
    }
    const call = node.kind === "call" ? asCall(node) : undefined;
    const attribute = call && asAttribute(call.callee);
    if (!call || !attribute || names.nameOf(call.callee) !== undefined) return undefined;
    if (attribute.name === "numpy" && view.imports("torch") && !view.imports("tensorflow"))
      return type("numpy.ndarray");
    const kind = typeOf(attribute.object) ? undefined : likenessByMethod(attribute.name, view);
    const receiver = kind && LIKELY_TYPES[kind];
    return receiver && methodGives(receiver, attribute.name, argumentsOf(call));
  };
  const fieldType = (node: Node, field: "left" | "right" | "value" | "argument" | "key"): Maybe => {
    const inner = node.field(field);
    return inner && typeOf(inner);
  };

  const items = (node: Node) => node.children.map((it) => (it.kind.endsWith("splat") ? undefined : typeOf(it)));
  const elements = (node: Node): readonly Maybe[] => (node.children.length === 0 ? [] : [joinAll(items(node))]);

  const dictType = (node: Node): Maybe => {
    const pairs = node.children;
    if (pairs.length === 0) return type("dict");
    if (pairs.some((it) => it.kind !== "pair")) return type("dict", undefined, undefined);
    return type(
      "dict",
      joinAll(pairs.map((it) => fieldType(it, "key"))),
      joinAll(pairs.map((it) => fieldType(it, "value"))),
    );
  };

  const comparisonType = (node: Node): Maybe => {
    const operands = node.children.map(typeOf);
    const arrayLike = operands.find((it) => it && ELEMENTWISE.has(it.name));
    const only = node.allChildren.filter((it) => !it.isNamed).map((it) => it.token);
    if (only.every((it) => it === "is" || it === "is not" || it === "in" || it === "not in")) return BOOL;
    if (arrayLike) return operands.length === 2 ? arrayLike : undefined;
    return operands.every((it) => it !== undefined && PLAIN.has(it.name)) ? BOOL : undefined;
  };

  const callType = (node: Node): Maybe => {
    const call = asCall(node);
    if (!call) return undefined;
    const name = names.nameOf(call.callee);
    if (name !== undefined)
      return (
        (name === "typing.cast" && call.args[0] ? annotationType(call.args[0], names) : undefined) ??
        constructed(call, name, typeOf) ??
        functionGives(name, argumentsOf(call)) ??
        (isKnownClass(name) ? type(name) : undefined)
      );
    const attribute = asAttribute(call.callee);
    const given = attribute
      ? methodType(call, attribute.object, attribute.name)
      : call.callee.kind === "identifier"
        ? ownCallType(call.callee)
        : undefined;
    return given ?? instanceCallType(call);
  };

  /** `criterion(output, target)`: an object that is called like a function. */
  const instanceCallType = (call: Call): Maybe => {
    const instance = typeOf(call.callee);
    return instance && methodGives(instance, "__call__", argumentsOf(call));
  };

  const methodType = (call: Call, object: Node, method: string): Maybe => {
    const receiver = typeOf(object);
    if (!receiver) return undefined;
    if (receiver.name.startsWith("local."))
      return ask("returns", `${receiver.name.slice(6)}.${method}`) ?? inheritedMethod(receiver, method, call);
    return containerMethod(receiver, method, call) ?? methodGives(receiver, method, argumentsOf(call));
  };

  /** A method that a class of this file has from its one base of a library: `Net().to(device)` is still a `Net`. */
  const inheritedMethod = (receiver: NonNullable<Maybe>, method: string, call: Call): Maybe => {
    const info = view.classByName(receiver.name.slice(6));
    const [base, more] = info?.def.bases ?? [];
    const name = base && !more && !info?.definesMethod(method) ? names.nameOf(base) : undefined;
    const library = type(name ?? "?");
    const given = name === undefined ? undefined : methodGives(library, method, argumentsOf(call));
    return given === library ? receiver : given;
  };

  const argumentsOf = (call: Call): Arguments => new CallArguments(call, typeOf);

  const containerMethod = (receiver: NonNullable<Maybe>, method: string, call: Call): Maybe => {
    const [first, second] = receiver.of;
    const isDict = receiver.name === "dict" || receiver.name === "collections.defaultdict";
    if (isDict && method === "keys") return type("typing.Collection", first);
    if (isDict && method === "values") return type("typing.Collection", second);
    if (isDict && method === "items") return type("typing.Collection", type("tuple", first, second));
    if (isDict && method === "get" && call.args.length === 1) return second;
    if (receiver.name === "list" && method === "pop") return first;
    if (receiver.name === "collections.deque" && (method === "pop" || method === "popleft")) return first;
    return undefined;
  };

  /** A class or function of this file. */
  const ownCallType = (callee: Node): Maybe => {
    const sites = names.sitesOf(callee);
    const [only] = sites;
    if (sites.length !== 1 || !only) return undefined;
    const isModuleLevel =
      pieceOf(only.name.tree).scopes.bindingOf(only.name)?.scope.parent === undefined &&
      pieceOf(only.name.tree).role !== "member";
    if (only.kind === "class" && isModuleLevel) return type(`local.${callee.text}`);
    if (only.kind !== "function") return undefined;
    if (isModuleLevel) return ask("returns", callee.text);
    view.looksInto(only.name.tree);
    const def = asFunction(only.value);
    return def && returnTypeOf(def, inner);
  };

  const attributeType = (node: Node): Maybe => {
    const attribute = asAttribute(node);
    if (!attribute) return undefined;
    const name = names.nameOf(node);
    if (name !== undefined) return CONSTANTS[name];
    const receiver = typeOf(attribute.object);
    if (!receiver) return undefined;
    if (receiver.name.startsWith("local.")) return ask("attribute", `${receiver.name.slice(6)}.${attribute.name}`);
    return attributeOf(receiver, attribute.name);
  };

  const identifierType = (node: Node): Maybe => {
    const own = pieceOf(node.tree).bindingOf(node);
    if (own && own.scope.parent) return bindingType(own, node);
    const inBody = names.bodyBindingOf(node);
    if (inBody) return bindingType(inBody, node);
    if (!own || own.scope.kind === "module") {
      const local = own && moduleFlow(own, node);
      return local === undefined ? ask("type", node.text) : local.value;
    }
    return bindingType(own, node);
  };

  /** A script's own flow: inside one piece the last assignment before a read counts, if no function rebinds the name. */
  const moduleFlow = (own: Binding, read: Node): { readonly value: Maybe } | undefined => {
    if (functionAround(read)) return undefined;
    const { isRemote, tree } = view.shownBySites(read.text);
    if (isRemote) return undefined;
    const reaching = reachingSites(own, read);
    const isDecided =
      reaching.length > 0 &&
      reaching.every((it) => it.name.tree === read.tree) &&
      reaching.some((it) => it.name.start < read.start);
    if (
      !isDecided ||
      (tree !== read.tree &&
        !reaching.some((it) => it.owner.parent === read.tree.root || it.owner.parent?.parent === read.tree.root))
    )
      return undefined;
    return { value: sitesType(reaching) };
  };

  const bindingType = (binding: Binding, read: Node): Maybe =>
    reachingType(reachingSites(binding, read)) ?? (stratum === WRITTEN ? undefined : shownType(binding, read));

  /** Of a name with many sites, read in many functions, the sites that reach are one list: its type is worked out once. Not kept where it rests on a type that is still being worked out. */
  const reachingType = (sites: readonly Site[]): Maybe => {
    if (sites.length < MANY_SITES) return sitesType(sites);
    const scratch = view.store.scratch ?? own;
    const known = jottings(scratch, `${stratum.prefix}sites`) as Map<object, Maybe>;
    if (known.has(sites)) return known.get(sites);
    const { cuts } = scratch;
    const found = sitesType(sites);
    if (scratch.cuts === cuts) known.set(sites, found);
    return found;
  };

  /** What `isinstance` showed. */
  const shownType = (binding: Binding, read: Node): Maybe => {
    const known = jottings(view.store.scratch ?? own, "shown") as Map<Binding, readonly Shown[]>;
    let shown = known.get(binding);
    if (!shown) known.set(binding, (shown = shownOf(binding, (it) => names.nameOf(it) === "builtins.isinstance")));
    const found = shown.find((it) => isShown(it, read));
    return found && annotationType(found.type, names);
  };

  /** A declared type holds wherever it is declared; `+=` keeps the type it finds. */
  const sitesType = (sites: readonly Site[]): Maybe => {
    const declared = sites.find((it) => it.annotation && it.kind !== "parameter");
    if (declared) return annotationType(declared.annotation!, names) ?? siteType(declared);
    const plain = sites.filter((it) => it.kind !== "augment");
    if (plain.length === 0) return undefined;
    const updates = new Set(plain.filter(isUpdate));
    const starts = updates.size < plain.length ? plain.filter((it) => !updates.has(it)) : plain;
    let result = joinAll(starts.map(siteType));
    if (starts !== plain) for (const site of updates) result = result && updated(site, result, typeOf, names);
    for (const site of sites) {
      if (site.kind !== "augment" || !result) continue;
      const after = arithmetic(
        result,
        site.owner.field("operator")!.text.slice(0, -1),
        site.value && typeOf(site.value),
      );
      result = after && join(result, after);
    }
    return result;
  };

  const siteType = (site: Site): Maybe => {
    const { kind, value, annotation } = site;
    switch (kind) {
      case "assign":
      case "walrus":
        if (annotation) return annotationType(annotation, names) ?? (value && typeOf(value));
        return value && unpacked(value, site.path);
      case "annotate":
        return annotation && annotationType(annotation, names);
      case "parameter":
        return parameterType(site);
      case "for": {
        const element = value && iterated(value);
        return site.path.length === 0 ? element : at(element, site.path);
      }
      case "with":
        return value && site.path.length === 0 ? entered(value) : undefined;
      case "function":
        return type("function");
      case "class":
        return type("type");
      default:
        return undefined;
    }
  };

  const iterated = (iterable: Node): Maybe => {
    const call = asCall(unwrap(iterable));
    const name = call && names.nameOf(call.callee);
    if (call && name === "builtins.enumerate" && call.args[0]) return type("tuple", INT, iterated(call.args[0]));
    if (call && name === "builtins.zip") return type("tuple", ...call.args.map(iterated));
    if (call && (name === "builtins.reversed" || name === "builtins.iter" || isProgressBar(name)) && call.args[0])
      return iterated(call.args[0]);
    return elementOf(typeOf(iterable));
  };

  const unpacked = (value: Node, path: readonly number[]): Maybe => {
    const [index, ...rest] = path;
    if (index === undefined) return typeOf(value);
    const node = unwrap(value);
    const item =
      (node.kind === "tuple" || node.kind === "expression_list" || node.kind === "list") &&
      !node.children.some((it) => it.kind === "list_splat")
        ? node.children[index]
        : undefined;
    return item ? unpacked(item, rest) : at(typeOf(node), path);
  };

  const at = (value: Maybe, path: readonly number[]): Maybe =>
    path.reduce<Maybe>(
      (inner, index) => (inner && INDEXED.has(inner.name) ? inner.of[index] : elementOf(inner)),
      value,
    );

  /** Most context managers give themselves; where that is known to be so, `as` has the type of the expression. */
  const entered = (context: Node): Maybe => {
    const value = typeOf(context);
    if (!value) return undefined;
    return ENTERS_SELF.has(value.name) || derivesFrom(value.name, "concurrent.futures.Executor") ? value : undefined;
  };

  const parameterType = (site: Site): Maybe => {
    const declared = site.annotation && annotationType(site.annotation, names);
    const star = site.owner.kind === "typed_parameter" ? site.owner.children[0]?.kind : site.owner.kind;
    if (star === "list_splat_pattern") return type("tuple");
    if (star === "dictionary_splat_pattern") return type("dict", STR, declared);
    if (declared || site.annotation) return declared;
    const list = site.owner.parent;
    const isFirst = list?.kind === "parameters" && list.children[0] === site.owner;
    const def = isFirst ? list.parent : undefined;
    const owner = def && view.classOf(def);
    const method = def && owner?.methodOf(def);
    if (method?.self === site.name.text && owner) return type(`local.${owner.name}`);
    return stratum === WRITTEN ? undefined : undeclaredType(site);
  };

  /** Of a parameter without annotation: what its callers give it, its docstring or its default say, as far as this stratum goes. Contradictions give nothing. */
  const undeclaredType = (site: Site): Maybe => {
    const def = functionOf(site.name);
    const given = def && stratum.callers && callersGive(def, site.name.text);
    if (stratum.floor === "proof") return given;
    const documented = def && documentedParameter(def, site.name.text, view);
    const defaulted = stratum.floor === "fair" && site.value ? defaultType(site.value) : undefined;
    return agreed([given, documented, defaulted]);
  };

  const callersGive = (def: FunctionDef, parameter: string): Maybe => {
    const name = globalNameOf(def, view);
    if (name !== undefined) return ask("arguments", `${name} ${parameter}`);
    const known = jottings(view.store.scratch ?? own, `${stratum.prefix}arguments`) as Map<Node, Maybe>;
    const list = def.parameters.find((it) => it.name === parameter)?.nameNode;
    if (!list || known.has(list)) return list && known.get(list);
    const found = givenType(def, parameter, view, names, callersTypeOf());
    known.set(list, found);
    return found;
  };

  let below: Inference | undefined;
  const callersTypeOf = () => (below ??= inference(view, names, stratum.callers)).typeOf;

  const inner: Inference = {
    typeOf,
    siteType,
    moduleType(name) {
      const sites = view.sitesOf(name);
      view.looksIntoBinders(name);
      const [first] = sites;
      if (!first) return undefined;
      return sitesType(sites.filter((it) => it.kind !== "delete"));
    },
    attributeType(className, name) {
      const info = view.classByName(className);
      if (!info) return undefined;
      const own = info.attributes.filter((it) => it.name === name);
      const writes = info.writes.filter((it) => it.name === name && it.kind !== "delete" && it.kind !== "augment");
      for (const { node } of writes) view.looksInto(node.tree);
      for (const { nameNode } of own) view.looksInto(nameNode.tree);
      const declared = [...writes, ...own].find((it) => it.annotation)?.annotation;
      if (declared) return annotationType(declared, names);
      if (info.isDynamic || writes.length + own.length === 0) return undefined;
      return joinAll([
        ...own.map((it) => it.value && typeOf(it.value)),
        ...writes.map((it) => {
          if (it.kind === "assign") return it.value && typeOf(it.value);
          const site = it.whole && siteOfTarget(it.node);
          return site && !isStarred(it.node) ? siteType(site) : undefined;
        }),
      ]);
    },
    argumentType(name) {
      const [path = "", parameter = ""] = name.split(" ");
      const def = functionKnownAs(path, view);
      return def && givenType(def, parameter, view, names, callersTypeOf());
    },
    returnType(name) {
      const def = functionKnownAs(name, view);
      if (!def) return undefined;
      return returnTypeOf(def, inner, names) ?? (stratum.floor === "proof" ? undefined : documentedReturn(def, view));
    },
  };
  return inner;
}

/** Kinds that have one type only. */
const LIKELY_TYPES: Partial<Readonly<Record<Likeness, Maybe>>> = {
  frame: type("pandas.DataFrame"),
  series: type("pandas.Series"),
  array: type("numpy.ndarray"),
  tensor: type("torch.Tensor"),
  module: type("torch.nn.Module"),
};

/** Beside a starred target places are counted from the end, or hold several. */
function isStarred(target: Node): boolean {
  for (let node: Node | undefined = target; node && node.kind !== "assignment"; node = node.parent)
    if (node.kind === "list_splat_pattern" || node.children.some((it) => it.kind === "list_splat_pattern")) return true;
  return false;
}

const AWAITABLE = new Set(["coroutine", "asyncio.Task", "asyncio.Future"]);
/** Each place has a type of its own. */
const INDEXED = new Set(["tuple", SPLITS]);
const ELEMENTWISE = new Set([
  "numpy.ndarray",
  "pandas.Series",
  "pandas.DataFrame",
  "pandas.Index",
  "torch.Tensor",
  "tensorflow.Tensor",
]);
const PLAIN = new Set(["int", "float", "bool", "str", "bytes", "None", "list", "tuple", "dict", "set", "complex"]);
const ENTERS_SELF = new Set([
  "file",
  "binary-file",
  "socket.socket",
  "tarfile.TarFile",
  "zipfile.ZipFile",
  "mmap.mmap",
  "multiprocessing.Pool",
  "requests.Session",
  "sqlite3.Connection",
  "aiohttp.ClientSession",
  "httpx.Client",
  "httpx.AsyncClient",
  "httpx2.Client",
  "httpx2.AsyncClient",
  "asyncio.TaskGroup",
  "pandas.TextFileReader",
  "pandas.JsonReader",
]);
const CONSTANTS: Readonly<Record<string, Maybe>> = {
  "math.pi": FLOAT,
  "math.e": FLOAT,
  "math.inf": FLOAT,
  "math.nan": FLOAT,
  "numpy.pi": FLOAT,
  "numpy.e": FLOAT,
  "numpy.inf": FLOAT,
  "numpy.nan": FLOAT,
  "sys.argv": type("list", STR),
};

/** Most of what is called gives the same whatever it is given, so its arguments are looked at only on demand. */
class CallArguments implements Arguments {
  constructor(
    private readonly call: Call,
    private readonly typeOf: (expression: Node) => Maybe,
  ) {}

  get positional(): readonly Maybe[] {
    return this.call.args.map(this.typeOf);
  }

  get keywords(): readonly string[] {
    return [...this.call.keywords.keys()];
  }

  get hasSplat(): boolean {
    return this.call.hasSplat;
  }
}

/** Classes whose call gives an instance named like the class: known because something is known of their methods or bases. */
function isKnownClass(name: string): boolean {
  return (
    derivesFrom(name, "torch.nn.Module") ||
    derivesFrom(name, "torch.optim.Optimizer") ||
    derivesFrom(name, "concurrent.futures.Executor")
  );
}
