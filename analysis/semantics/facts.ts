/** The questions that a rule can ask about a file. Read-only. Each answer is yes, no or unknown; unknown is `undefined` or `"unknown"`. */

import { derivesFrom, otherWordsFor } from "../knowledge/index.js";
import { counted } from "../syntax/effort.js";
import { asClass, asFunction, functionAround, type FunctionDef } from "../syntax/statements.js";
import type { Node, Tree } from "../syntax/tree.js";
import { BUILTIN_NAMES } from "../knowledge/builtins.js";
import { LIBRARIES } from "../knowledge/library-names.js";
import { STDLIB_MODULES } from "../knowledge/stdlib-modules.js";
import { Choices } from "./chosen-names.js";
import { indexOfBinding } from "./binding-index.js";
import { hasFreeRead } from "./bound-names.js";
import { printClass, type ClassInfo } from "./classes.js";
import { EVIDENCE, type Evidence, type Weight } from "./evidence.js";
import { looksRun } from "./callers.js";
import { ALL_STRATA, LIKELY, STRATA } from "./sources.js";
import { effects, type Answer, type Effects } from "./effects.js";
import { isObserved, reachingSites, seenBy } from "./flow.js";
import { growthOf } from "./growth.js";
import type { Growth } from "./growth-terms.js";
import { inference, type Inference } from "./infer.js";
import { fitsGate, mayReach, type LibraryName, type LibraryVersions } from "./libraries.js";
import { likenesses, likenessOfName, type Alike, type Likeness } from "./likeness.js";
import { loopsAround } from "./loops.js";
import { computeClass, type ModuleView } from "./module.js";
import { names } from "./names.js";
import { objects, type Objects } from "./objects.js";
import { pieceOf } from "./piece.js";
import { isAtLeast, isFreeThreaded, type PythonVersion } from "./python-version.js";
import { returnTypeOf } from "./returns.js";
import { NOBODY, running, type Runner, type Runners, type Running } from "./runners.js";
import type { Binding, Scope, Site } from "./scopes.js";
import { answerOf, type FileQuestion } from "./file-questions.js";
import { jottings, makeScratch, type Evaluator, type Evaluators } from "./store.js";
import {
  attributeSites,
  mentionsOf,
  placeOf,
  printMentions,
  printSites,
  valueOf,
  type Mentions,
  type AttributeSites,
  type Place,
} from "./places.js";
import { isHashable, printType, type Maybe, type Type } from "./types.js";
import { weights, type Weights } from "./weights.js";
import type { Use } from "./uses.js";

export type {
  Alike,
  Answer,
  Binding,
  ClassInfo,
  Evidence,
  Likeness,
  Maybe,
  Place,
  Runner,
  Runners,
  Scope,
  Site,
  Use,
  Weight,
};

/** A type, and the evidence for it. */
export interface Typed {
  readonly type: Type;
  readonly evidence: Evidence;
}

/** All questions that can be asked about a file: names, types, uses, loops, effects, classes. */
export interface Facts extends Effects, Objects {
  /** The oldest Python that the project supports. */
  readonly python: PythonVersion;
  hasPython(version: PythonVersion): boolean;
  /** The project runs the build of Python without the global interpreter lock: its threads compute at the same time. */
  readonly isFreeThreaded: boolean;
  /** How long a line may be that a fix writes. */
  readonly lineLength: number;
  /** The release of a library that the project is known to run with, as its files say it: `2.1.0`. By the name it is imported by. */
  library(name: LibraryName): string | undefined;
  /** Whether every release of a library that the project is known to run with, or to allow, is at least this one. */
  hasLibrary(name: LibraryName, release: string): Answer;
  /** Whether the project may run with this release of a library or a later one: not where it has an older one, or allows only older ones. */
  mayHaveLibrary(name: LibraryName, release: string): boolean;
  /** The path is that of a test file; one that only its own name makes a test has to test something. */
  readonly isTest: boolean;
  /** The path lies in a folder of code that is kept and no longer looked after: `archive`, `attic`. */
  readonly isArchived: boolean;
  /** By its name the file is there to print: `printer.py`, `console.py`, `cli.py`. */
  readonly isForTerminal: boolean;
  /** The text is made of the cells of a notebook. */
  readonly isNotebook: boolean;
  /** How many ways a function may have, by McCabe's count: a setting of the project. */
  readonly maxComplexity: number;

  /** The qualified name, such as `pandas.read_csv` or `builtins.len`. Imports, aliases and shadowing are resolved. Undefined if not certain. */
  nameOf(expression: Node): string | undefined;
  /** The type as the code states it, by assignment, construction or annotation. A safe fix may rely on it. */
  typeOf(expression: Node): Maybe;
  /** The type by the best evidence, if that is at least `floor`. A type that `typeOf` knows is always included. */
  typed(expression: Node, floor?: Evidence): Typed | undefined;
  /** The evidence for the type, if it is known. */
  evidenceOf(expression: Node): Evidence | undefined;
  /** The value is known to be of a type, given by its name; base classes in libraries and in the file count too. Without `floor` only stated types count, as in `typeOf`. */
  isA(expression: Node, typeName: string, floor?: Evidence): boolean;

  /** The binding of a name. For a module-level name it covers the whole file. */
  bindingOf(identifier: Node): Binding | undefined;
  /** Reads of the same binding, everywhere in the file; with a region those inside it, in source order, without a walk over the others. */
  readsOf(identifier: Node, region?: Node): readonly Node[];
  writesOf(identifier: Node, region?: Node): readonly Site[];
  /** What each read of the binding does with the value. */
  usesOf(identifier: Node, region?: Node): readonly Use[];
  /** What is read out of all uses of the binding, and out of nothing else: computed once for whoever asks, whichever name of it is at hand. Undefined for what has no binding. */
  ofUses<T>(identifier: Node, name: string, compute: (uses: readonly Use[]) => T): T | undefined;
  /** The last place before a node of the same piece, in source order, that binds or reads the name. */
  writeBefore(identifier: Node, node: Node): Site | undefined;
  readBefore(identifier: Node, node: Node): Node | undefined;
  /** Some read of the binding stands outside a region. */
  isReadOutside(identifier: Node, region: Node): boolean;
  /** The reads that may see what the site of a name gives it, in the order of `readsOf`; with a region, whether one of them stands outside it. */
  readsSeeing(siteName: Node): readonly Node[];
  isSeenOutside(siteName: Node, region: Node): boolean;
  /** Written by way of `global` or `nonlocal` somewhere. */
  isRemote(identifier: Node): boolean;
  /** Unbound by `del` somewhere. */
  isDeleted(identifier: Node): boolean;
  /** Bound to `None` somewhere. */
  isSetToNone(identifier: Node): boolean;
  /**
   * Computes an answer once for each thing it is about, while the piece is looked at: for what a rule would work out anew at each of many nodes.
   * Two answers about one thing need two names.
   */
  memo<T>(name: string, about: object, compute: () => T): T;
  /** The answer to a question about the whole file (see `fileQuestion`), computed once for all pieces. */
  ofFile<T extends string | boolean | number>(question: FileQuestion<T>, about?: string): T;
  /** Computes once for a version of the file what several of its fixes need. Not for `find`: nothing of it is noted. */
  keptForFixes<T>(name: string, compute: () => T): T;
  /** The sites whose value this read may see. */
  reachingSites(identifier: Node): readonly Site[];
  /** Code outside the region may see the value of the name while the region runs, or after the region failed half-way. */
  isObserved(identifier: Node, region: Node): boolean;
  /** What the value probably is, judged by how it is used. For `find`, where the type is unknown; a fix must not rely on it. */
  likeness(expression: Node): Alike | undefined;
  /**
   * By which evidence a value can be taken for something of a kind: by its type, or else by its likeness. For `find` alone, with a message that claims no
   * more than the evidence: "`df` is taken for a DataFrame".
   */
  takenFor(expression: Node, kind: Likeness, floor?: Evidence): Evidence | undefined;
  /** A name, or an attribute of the method's own object, with its reads, writes and uses. Undefined for anything else, and if it may be set by code that is not in sight. */
  placeOf(expression: Node): Place | undefined;
  /** The expression whose value a read of a name or own attribute sees, if there is only one. Unpacking is followed; assignments that do not reach the read do not matter. */
  valueOf(expression: Node): Node | undefined;
  scopeOf(node: Node): Scope;

  /** How often code runs and how much depends on it: judged by the loops around it, its function, and the callers of that function in this file. */
  weightOf(node: Node): Weight;
  /** How many items there are: `heavy` for a file, a query or rows, `light` for a handful, else `unknown`. */
  sizeOf(iterable: Node): Weight;

  /**
   * Which thread, process or loop runs a node, as far as the file shows it: that of its function, by how this is defined, what it is handed to and who
   * calls it. Several where it is run in several ways; empty where the file does not show it.
   */
  runsIn(node: Node): Runners;

  /** How the work of a function grows with what it is given: an upper bound, and what is unknown of it. Not cheap: for what is rare. */
  growthOf(def: FunctionDef): Growth;

  /** Calls of the function with this qualified name, in this piece. */
  callsTo(name: string, within: Node): readonly Node[];

  /** The innermost loop or comprehension that runs the node once per iteration, within its function. */
  loopAround(node: Node): Node | undefined;
  loopsAround(node: Node): readonly Node[];
  loopDepth(node: Node): number;
  /** The node runs in the body of an `async def` itself, not in a lambda or plain function inside it. */
  isAsync(node: Node): boolean;

  /** The name of the class whose body directly contains the function or assignment: to turn most of them away before `classOf`, which looks at all of the class. */
  classNameOf(statement: Node): string | undefined;
  /** The class whose body directly contains the function or assignment. */
  classOf(statement: Node): ClassInfo | undefined;
  /** A module-level class of this file. */
  classNamed(name: string): ClassInfo | undefined;
  /** The class that a class definition defines. */
  classInfo(definition: Node): ClassInfo | undefined;
  /** The base classes in method resolution order: infos for those of this file, qualified names for the rest, undefined for unknown ones. */
  basesOf(info: ClassInfo): readonly (ClassInfo | string | undefined)[];
  /** Attributes that the file sets on anything but a method's own `self`; also `__dict__` and `__setattr__` if they are used at all. */
  foreignStores(): ReadonlySet<string>;
  /** The function of this file that a callee refers to, if only one is possible. */
  functionNamed(callee: Node): FunctionDef | undefined;
  returnType(def: FunctionDef): Maybe;
  /** The body of a method or function that comes from another piece's facts. Always use this to look into one, so that the store notes it. */
  bodyOf(def: FunctionDef): Node;

  /** At that place the name means the built-in. */
  isBuiltin(name: string, near: Node): boolean;
  /** The wanted name, or one like it, that is not used anywhere near. `value` is what a constant of the module will hold: fixes that go in together share it. */
  freshName(wanted: string, near: Node, value?: string): string;
  /** The name is bound or read in a scope that sees the node. */
  isTaken(name: string, near: Node): boolean;
  /** What the fix that is being made has chosen, for the engine. */
  readonly choices: Choices;
  /** The file's view, for the engine and the fix helpers. */
  readonly view: ModuleView;
}

type IsOfType = (type: Type, name: string) => boolean;

/** Which types are of a kind. */
const KINDS: Readonly<Record<Likeness, (type: Type, isOf: IsOfType) => boolean>> = {
  frame: (type, isOf) => isOf(type, "pandas.DataFrame"),
  series: (type, isOf) => isOf(type, "pandas.Series"),
  array: (type, isOf) => isOf(type, "numpy.ndarray"),
  tensor: (type, isOf) => isOf(type, "torch.Tensor"),
  module: (type, isOf) => isOf(type, "torch.nn.Module"),
  sequence: ({ name }) =>
    /^(list|tuple|range|typing\.Sequence|typing\.MutableSequence|collections\.abc\.Sequence)$/.test(name),
  mapping: ({ name }) =>
    /^(dict|collections\.(defaultdict|Counter|OrderedDict)|(typing|collections\.abc)\.(Mutable)?Mapping)$/.test(name),
  text: ({ name }) => name === "str",
  device: ({ name }) => name === "torch.device",
  hashable: (type) => isHashable(type),
};

/** A class that is imported from a module that is neither of Python nor of a library whose types are known. */
export function isOfOtherFile({ name }: Type): boolean {
  const dot = name.indexOf(".");
  const module = name.slice(0, dot);
  return dot >= 0 && module !== "local" && !STDLIB_MODULES.has(module) && !(module in LIBRARIES);
}

/** What methods and operators of libraries give. */
const FOLLOWING: ReadonlySet<Likeness> = new Set<Likeness>(["frame", "series", "array", "tensor"]);

/** What a file of tests holds. */
const TESTS = /\b(?:def test|class Test|unittest|pytest|TestCase|assert\b)/;

export interface FactsOptions {
  readonly python: PythonVersion;
  /** Left out where nothing is known of any. */
  readonly libraries?: LibraryVersions;
  /** 88 where left out. */
  readonly lineLength?: number;
  /** `by name`: only the file's own name says so, and it counts if something is tested in it. */
  readonly isTest: boolean | "by name";
  readonly isArchived?: boolean;
  readonly isForTerminal?: boolean;
  readonly isNotebook: boolean;
  /** `DEFAULT_COMPLEXITY` where left out. */
  readonly maxComplexity?: number;
}

/** The limit at which tools that count McCabe's ways speak by default, times a half more. */
export const DEFAULT_COMPLEXITY = 15;

/** The facts that are computed once for a file and asked from many pieces, by name: each is made when it is first asked, as most files ask for few. */
export function evaluators(view: ModuleView, options: FactsOptions): Evaluators {
  const made = new Map<string, Evaluator<unknown>>();
  let facts: Facts | undefined;
  const naming = names(view);
  const inferences = new Map<string, Inference>();
  const inferred = (prefix: string): Inference => {
    let known = inferences.get(prefix);
    const stratum = ALL_STRATA.find((it) => it.prefix === prefix);
    if (!known) inferences.set(prefix, (known = inference(view, naming, stratum)));
    return known;
  };

  /** The evidence of a type is in the name of its fact: one that is known by better evidence is another answer. */
  const typed = (prefix: string, kind: string): Evaluator<unknown> | undefined => {
    const by = (compute: (name: string) => Maybe) => ({ compute, print: typeInWords, whenCircular: undefined });
    switch (kind) {
      case "type":
        return by((name) => inferred(prefix).moduleType(name));
      case "returns":
        return by((name) => inferred(prefix).returnType(name));
      case "arguments":
        return by((name) => inferred(prefix).argumentType(name));
      case "attribute":
        return by((name) => {
          const [owner = "", attribute = ""] = name.split(".");
          return inferred(prefix).attributeType(owner, attribute);
        });
      default:
        return undefined;
    }
  };

  const evaluator = (fact: string): Evaluator<unknown> | undefined => {
    switch (fact) {
      case "file":
        return {
          compute: (key) => answerOf(key, () => (facts ??= makeFacts(view, options))),
          print: String,
          whenCircular: false,
        };
      case "name":
        return { compute: naming.moduleName, print: nameInWords, whenCircular: undefined };
      case "class":
        return { compute: (name) => computeClass(view, name), print: classInWords, whenCircular: undefined };
      case "mentions":
        return { compute: (name) => mentionsOf(name, view), print: mentionsInWords, whenCircular: NO_MENTIONS };
      case "place":
        return { compute: (name) => attributeSites(name, view), print: sitesInWords, whenCircular: undefined };
      case "likeness":
        return { compute: (name) => likenessOfName(name, view, naming), print: alikeInWords, whenCircular: undefined };
      case "changed":
        return {
          compute: (name) => {
            const binding = view.bindingOf(name);
            return binding === undefined || effects(view, naming, inferred("")).hasChange(binding);
          },
          print: String,
          whenCircular: true,
        };
      case "script":
        return { compute: () => looksRun(view), print: String, whenCircular: false };
      case "calls": {
        const { callsOf } = weights(view, naming, inferred("").typeOf);
        return { compute: callsOf, print: String, whenCircular: "unknown" };
      }
      case "row-wise": {
        const { isNameRowWise } = weights(view, naming, inferred("").typeOf);
        return { compute: isNameRowWise, print: String, whenCircular: false };
      }
      case "runs": {
        const { runnersOf } = running(view, naming, inferred("").typeOf, options.isNotebook);
        return { compute: runnersOf, print: String, whenCircular: NOBODY };
      }
      default: {
        const at = fact.lastIndexOf(".") + 1;
        return typed(fact.slice(0, at), fact.slice(at));
      }
    }
  };

  return (fact) => {
    let known = made.get(fact);
    if (!known && (known = evaluator(fact))) made.set(fact, known);
    return known;
  };
}

// Apart from what computes: a print that was not asked for yet must not keep the version of the file that an answer was computed from.
const nameInWords = (name: unknown): string => (name as string | undefined) ?? "";
const typeInWords = (type: unknown): string => printType(type as Maybe);
const mentionsInWords = (it: unknown): string => printMentions(it as Mentions);
const NO_MENTIONS: Mentions = { owned: new Map(), heirs: [], elsewhere: undefined };
const alikeInWords = (it: unknown): string => (it ? `${(it as Alike).kind} ${(it as Alike).evidence}` : "");
const sitesInWords = (sites: unknown): string => printSites(sites as AttributeSites | undefined);
const classInWords = (info: unknown): string => (info === undefined ? "" : printClass(info as ClassInfo));

export function makeFacts(view: ModuleView, options: FactsOptions): Facts {
  const naming = names(view);
  const inferring = inference(view, naming);
  const { typeOf } = inferring;
  const likeness = likenesses(view, naming);
  const choices = new Choices();
  let weighing: Weights | undefined;
  let runs: Running | undefined;
  const weaker: Partial<Record<Evidence, Inference>> = {};
  const typed = (expression: Node, floor: Evidence = "fair"): Typed | undefined => {
    const stated = typeOf(expression);
    if (stated) return { type: stated, evidence: "proof" };
    for (const evidence of EVIDENCE) {
      const found = (weaker[evidence] ??= inference(view, naming, STRATA[evidence])).typeOf(expression);
      if (found) return { type: found, evidence };
      if (evidence === floor) return undefined;
    }
    return undefined;
  };
  const { nameOf, bindingOf } = naming;

  const likely: Partial<Record<Evidence, Inference>> = {};
  /** What follows from what the values it is made of are like. */
  const followsAs = (expression: Node, kind: Likeness, floor: "strong" | "fair"): Evidence | undefined => {
    if (!FOLLOWING.has(kind)) return undefined;
    for (const evidence of ["strong", "fair"] as const) {
      const found = (likely[evidence] ??= inference(view, naming, LIKELY[evidence])).typeOf(expression);
      if (found) return KINDS[kind](found, isOfType) ? evidence : undefined;
      if (evidence === floor) return undefined;
    }
    return undefined;
  };

  /** For whoever asks outside of any question of the store. */
  const scratch = makeScratch();

  /** Most names that are asked about are no function of the file: that is told without scopes. */
  const mayBeFunction = (name: Node): boolean => {
    const piece = pieceOf(name.tree);
    const { text } = name;
    return (
      piece.functionNames.has(text) ||
      view.shownBySites(text).isFunction ||
      (piece.role === "member" && view.bodySitesOf(text, piece).some((it) => it.kind === "function"))
    );
  };

  const functionNamed = (callee: Node): FunctionDef | undefined => {
    if (callee.kind !== "identifier" || !mayBeFunction(callee)) return undefined;
    const [only, more] = naming.sitesOf(callee);
    if (more || only?.kind !== "function") return undefined;
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

  const isOfType = (found: Maybe, typeName: string): boolean => {
    if (!found) return false;
    if (!found.name.startsWith("local.")) return found.name === typeName || derivesFrom(found.name, typeName);
    const info = view.classByName(found.name.slice(6));
    return (
      info !== undefined &&
      basesOf(info).some((it) =>
        typeof it === "string"
          ? it === typeName || derivesFrom(it, typeName)
          : it?.name === typeName.replace(/^local\./, ""),
      )
    );
  };

  const ownClass = (identifier: Node): ClassInfo | undefined => {
    const own = pieceOf(identifier.tree).bindingOf(identifier);
    const inBody = naming.bodyBindingOf(identifier);
    if (!own?.scope.parent && !inBody) return view.classByName(identifier.text);
    const [only, more] = (inBody ?? own)?.sites ?? [];
    const def = only?.kind === "class" && !more ? asClass(only.value) : undefined;
    return def && view.infoOf(def);
  };

  const isTaken = (name: string, near: Node): boolean => {
    if (BUILTIN_NAMES.has(name) || view.sitesOf(name).length > 0) return true;
    if (naming.isOfBody(near, name)) return true;
    const { scopes } = pieceOf(near.tree);
    if (scopes.free.has(name)) return true;
    let outermost = scopes.scopeOf(near);
    while (outermost.parent?.parent) outermost = outermost.parent;
    return hasFreeRead(outermost.node, name);
  };

  /** Which names are taken in a function, or at the top level of a piece: at one place of it as at another. */
  const takenAt = new Map<Node | Tree, Map<string, boolean>>();
  const takenIn = (place: Node | Tree): Map<string, boolean> => {
    let known = takenAt.get(place);
    if (!known) takenAt.set(place, (known = new Map()));
    return known;
  };

  const effect = effects(view, naming, inferring);
  const object = objects(naming, inferring, effect, view);
  const { python, libraries = {}, isTest, isArchived = false, isForTerminal = false, isNotebook } = options;
  const { maxComplexity = DEFAULT_COMPLEXITY } = options;
  const facts: Facts = {
    // One by one: to spread them takes longer than all else that is done here, and every file pays it.
    isPure: effect.isPure,
    isStableIn: effect.isStableIn,
    isHarmless: effect.isHarmless,
    hasChange: effect.hasChange,
    unknownCallsIn: effect.unknownCallsIn,
    runsUnknownCode: effect.runsUnknownCode,
    isUnshared: object.isUnshared,
    mayBeSame: object.mayBeSame,
    isUntouchedIn: object.isUntouchedIn,
    changesIn: object.changesIn,
    lazyReaders: object.lazyReaders,
    maySwallow: object.maySwallow,
    swallowedAround: object.swallowedAround,
    readsCallersFrame: object.readsCallersFrame,
    frameReader: object.frameReader,
    runsOwnCode: object.runsOwnCode,
    fileMatches: object.fileMatches,
    python,
    get isTest() {
      return isTest === "by name" ? view.matches(TESTS) : isTest;
    },
    isArchived,
    isForTerminal,
    isNotebook,
    maxComplexity,
    view,
    lineLength: options.lineLength ?? 88,
    hasPython: (version) => isAtLeast(options.python, version),
    isFreeThreaded: isFreeThreaded(options.python),
    library: (name) => libraries[name]?.version,
    hasLibrary: (name, release) => fitsGate({ from: release }, libraries[name]),
    mayHaveLibrary: (name, release) => mayReach(release, libraries[name]),
    nameOf,
    typeOf,
    typed,
    evidenceOf: (expression) => typed(expression)?.evidence,
    isA: (expression, typeName, floor) =>
      isOfType(floor ? typed(expression, floor)?.type : typeOf(expression), typeName),
    bindingOf,
    readsOf(identifier, region) {
      const binding = bindingOf(identifier);
      if (!binding) return [];
      return counted(region ? indexOfBinding(binding).reads.inside(region) : binding.reads);
    },
    writesOf(identifier, region) {
      if (!region) return counted(naming.sitesOf(identifier));
      const binding = bindingOf(identifier);
      return binding ? counted(indexOfBinding(binding).sites.inside(region)) : [];
    },
    usesOf(identifier, region) {
      const binding = bindingOf(identifier);
      if (!binding) return [];
      const index = indexOfBinding(binding);
      return counted(region ? index.orderedUses.inside(region) : index.uses);
    },
    ofUses(identifier, name, compute) {
      const binding = bindingOf(identifier);
      return binding && indexOfBinding(binding).ofUses(name, compute);
    },
    writeBefore(identifier, node) {
      const binding = bindingOf(identifier);
      return binding && indexOfBinding(binding).sites.before(node);
    },
    readBefore(identifier, node) {
      const binding = bindingOf(identifier);
      return binding && indexOfBinding(binding).reads.before(node);
    },
    isReadOutside(identifier, region) {
      const binding = bindingOf(identifier);
      if (!binding) return false;
      const { reads, isDeleted } = indexOfBinding(binding);
      // `del i` needs it too.
      return isDeleted || reads.count > reads.countInside(region);
    },
    readsSeeing(siteName) {
      const binding = bindingOf(siteName);
      return binding ? counted(seenBy(binding).readsOf(siteName)) : [];
    },
    isSeenOutside(siteName, region) {
      const binding = bindingOf(siteName);
      return binding !== undefined && seenBy(binding).isOutside(siteName, region);
    },
    memo(name, about, compute) {
      const known = jottings(view.store.scratch ?? scratch, name);
      if (!known.has(about)) known.set(about, compute());
      return known.get(about) as ReturnType<typeof compute>;
    },
    ofFile: (question, about = "") => view.store.ask("file", `${question.id}:${about}`),
    keptForFixes(name, compute) {
      const { more } = view.keptForFixes;
      if (!more.has(name)) more.set(name, compute());
      return more.get(name) as ReturnType<typeof compute>;
    },
    isDeleted(identifier) {
      const binding = bindingOf(identifier);
      return binding !== undefined && indexOfBinding(binding).isDeleted;
    },
    isSetToNone(identifier) {
      const binding = bindingOf(identifier);
      return binding !== undefined && indexOfBinding(binding).isSetToNone;
    },
    isRemote(identifier) {
      const binding = bindingOf(identifier);
      return binding !== undefined && indexOfBinding(binding).isRemote;
    },
    reachingSites(identifier) {
      const binding = bindingOf(identifier);
      return binding ? counted(reachingSites(binding, identifier)) : [];
    },
    isObserved(identifier, region) {
      const binding = bindingOf(identifier);
      return !binding || isObserved(binding, region);
    },
    likeness,
    takenFor(expression, kind, floor = "fair") {
      const known = typed(expression, floor);
      // A class of another file of the project may well be a module: its name says nothing against it.
      if (known && !(kind === "module" && isOfOtherFile(known.type)))
        return KINDS[kind](known.type, isOfType) ? known.evidence : undefined;
      const found = floor === "proof" ? undefined : likeness(expression);
      if (found) {
        if (floor === "strong" && found.evidence === "fair") return undefined;
        return found.kind === kind || (kind === "hashable" && (found.kind === "text" || found.kind === "device"))
          ? found.evidence
          : undefined;
      }
      return floor === "proof" ? undefined : followsAs(expression, kind, floor);
    },
    placeOf: (expression) => placeOf(expression, view, naming),
    valueOf: (expression) => valueOf(expression, view, naming),
    scopeOf: (node) => pieceOf(node.tree).scopes.scopeOf(node),
    weightOf: (node) => (facts.isTest ? "light" : (weighing ??= weights(view, naming, typeOf)).weightOf(node)),
    sizeOf: (iterable) => (weighing ??= weights(view, naming, typeOf)).sizeOf(iterable),
    growthOf: (def) => facts.memo("growth", def.node, () => growthOf(def, facts)),
    runsIn: (node) => (runs ??= running(view, naming, typeOf, isNotebook)).runsIn(node),
    callsTo(name, within) {
      const words = [name.slice(name.lastIndexOf(".") + 1), ...otherWordsFor(name)];
      return within.descendants("call").filter((it) => {
        const callee = it.field("function")!;
        const word = callee.field("attribute")?.text;
        return (word === undefined || words.includes(word)) && nameOf(callee) === name;
      });
    },
    loopAround: (node) => loopsAround(node)[0],
    loopsAround,
    loopDepth: (node) => loopsAround(node).length,
    isAsync: (node) => functionAround(node)?.hasToken("async") ?? false,
    classNameOf: (statement) => view.classNameOf(statement),
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
    isBuiltin: naming.isBuiltin,
    isTaken,
    choices,
    freshName(wanted, near, value) {
      const around = functionAround(near);
      const scope = value === undefined ? around : undefined;
      // Many fixes ask for one name, and each has to pass by those that are taken.
      const known = takenIn(around ?? near.tree);
      return choices.choose({ name: wanted, scope, value }, (it) => {
        if (!known.has(it)) known.set(it, isTaken(it, near));
        return known.get(it)!;
      });
    },
  };
  return facts;
}
