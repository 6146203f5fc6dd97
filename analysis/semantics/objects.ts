/** Objects behind names: whether another name can reach one, whether two expressions may be one object, and what runs or looks on where the source does not show it. */

import { derivesFrom, isPureCall, mutates } from "../knowledge/index.js";
import {
  asAttribute,
  asCall,
  asConditional,
  asMethodCall,
  asSubscript,
  isConstant,
  unwrap,
  wrapped,
  type Call,
} from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { asAssignment, asAugmented, asFunction, asWith, functionAround } from "../syntax/statements.js";
import { asString } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { HARMLESS_MANAGERS, keepsArgument, LOOKS_AT_FRAMES, makesList } from "../knowledge/objects.js";
import { indexOfBinding } from "./binding-index.js";
import { loopsAround } from "./loops.js";
import type { Answer, Effects } from "./effects.js";
import type { Document } from "./document.js";
import type { Inference } from "./infer.js";
import type { ModuleView } from "./module.js";
import type { Names } from "./names.js";
import type { Piece } from "./piece.js";
import type { Binding, Site } from "./scopes.js";
import { elementOf, isNumber, UNCHANGING, type Maybe } from "./types.js";
import { useOf, type Use } from "./uses.js";

/** Asked by fixes, whose answers nobody keeps: what `find` says rests on cheaper facts about names. */
export interface Objects {
  /** The object that the name stands for in the region is made in this function, and until the region ends nothing but this name leads to it. */
  isUnshared(place: Node, region: Node): Answer;
  /** Both expressions may stand for one object that can change. */
  mayBeSame(a: Node, b: Node): boolean;
  /** Whatever runs in the region, the object stays as it is and the place goes on to stand for it, by whatever name it may be reached. */
  isUntouchedIn(place: Node, region: Node): Answer;
  /** What is changed in a region by its own statements: `x` in `x.append(1)`, `x[0] = 1`, `del x[0]`, `x += [1]`, `shuffle(x)`. */
  changesIn(region: Node): readonly Node[];
  /** Calls that go through the object later than they are made, where what they give is kept: `zip(items)`, `map(f, items)`, `items.values()`, a generator over it. */
  lazyReaders(place: Node): readonly Node[];
  /** The block may go on after an exception inside it: all managers but those known to pass it on. */
  maySwallow(statement: Node): boolean;
  /** A `with` around the region that may swallow what fails there, though the name is read or set outside it too. */
  swallowedAround(name: Node, region: Node): Node | undefined;
  /** The call sees the variables of the code that calls it: `locals()`, `eval(text)`, `frame.query("a > @limit")`. */
  readsCallersFrame(call: Node): boolean;
  /** A call that sees the variables of the function, or of the module's own code, in which the node stands. */
  frameReader(node: Node): Node | undefined;
  /** Asking the value for its length, items, a comparison or a sum may run code of this file: its class, or one that derives from its type. */
  runsOwnCode(expression: Node): boolean;
  /** Some statement or member at the top level of the file has text like this; no pattern with the `g` flag. */
  fileMatches(pattern: RegExp): boolean;
}

export function objects(names: Names, inference: Inference, effects: Effects, view: ModuleView): Objects {
  const { typeOf } = inference;
  const readers = new Map<Node, Node | undefined>();
  let methods: ReadonlyMap<string, Piece> | undefined;
  const kindOf = (node: Node): string | undefined => typeOf(node)?.name;

  function isUnshared(place: Node, region: Node): Answer {
    const binding = place.kind === "identifier" ? names.bindingOf(place) : undefined;
    if (!binding || binding.scope.kind !== "function") return "unknown";
    if (indexOfBinding(binding).isRemote) return "unknown";
    const made = binding.sites.filter(
      (it) => it.kind !== "delete" && it.kind !== "augment" && !isAfter(it.name, region),
    );
    if (made.length === 0) return "unknown";
    for (const site of made) {
      const answer = isMadeBy(site, binding);
      if (answer !== "yes") return answer;
    }
    const own = binding.scope.node;
    for (const read of binding.reads) {
      if (functionAround(read) !== own) return "no";
      if (!isAfter(read, region, made) && escapes(useOf(read))) return "unknown";
    }
    return "yes";
  }

  /** The place comes after the region, in each turn of the loops that the object outlives. */
  function isAfter(node: Node, region: Node, made: readonly Site[] = []): boolean {
    if (node.tree !== region.tree || node.start < region.end) return false;
    return !loopsAround(region).some((it) => node.isInside(it) && !made.some((site) => site.name.isInside(it)));
  }

  function isMadeBy(site: Site, binding: Binding): Answer {
    if (site.kind === "parameter") return "no";
    if (site.kind !== "assign" || site.path.length > 0 || !site.value) return "unknown";
    if (asAssignment(site.owner)?.targets.length !== 1) return "no";
    return makesNew(site.value, binding) ? "yes" : "unknown";
  }

  /** Evaluating it makes an object that nothing else holds. `items = items + more` is new where `items` is a list. */
  function makesNew(value: Node, binding?: Binding): boolean {
    const node = unwrap(value);
    if (LITERALS.has(node.kind) || isConstant(node)) return true;
    const choice = asConditional(node);
    if (choice) return makesNew(choice.then, binding) && makesNew(choice.otherwise, binding);
    if (node.kind === "binary_operator") return BUILTIN.has(kindOf(node) ?? "");
    const part = asSubscript(node);
    if (part)
      return part.indices.length === 1 && part.indices[0]!.kind === "slice" && BUILTIN.has(kindOf(part.value) ?? "");
    const call = asCall(node);
    if (!call) return false;
    const name = names.nameOf(call.callee);
    if (name !== undefined) return (NEW.has(name) || makesList(name)) && !call.hasSplat;
    const method = asMethodCall(node);
    const receiver = method && kindOf(method.object);
    return receiver !== undefined && NEW_METHODS.test(`${receiver}.${method!.method}`);
  }

  /** After this use something else may lead to the object. */
  function escapes(use: Use): boolean {
    switch (use.kind) {
      case "subscript":
      case "subscript-store":
      case "subscript-delete":
      case "membership":
      case "tested":
      case "iterated":
      case "formatted":
      case "discarded":
      case "compared":
      case "deleted":
      case "starred":
      case "augmented":
        return false;
      case "operand":
        if (use.in.kind === "boolean_operator") return escapes(useOf(use.in));
        if (use.in.kind === "conditional_expression")
          return asConditional(use.in)?.condition !== wrapped(use.node) && escapes(useOf(use.in));
        return !BUILTIN.has(kindOf(use.node) ?? "");
      case "method":
        return !BUILTIN.has(kindOf(use.node) ?? "") || /^__/.test(use.name ?? "");
      // The function is over then, unless something is done on the way out.
      case "returned":
        return use.node.ancestor("try_statement")?.children.some((it) => it.kind === "finally_clause") ?? false;
      case "argument":
        return !use.call || !isLetGo(asCall(use.call), use.node);
      default:
        return true;
    }
  }

  /** The call keeps nothing of this argument and gives back something else, or goes through it bit by bit. */
  function isLetGo(call: Call | undefined, argument: Node): boolean {
    if (!call || call.hasSplat) return false;
    const position = call.args.indexOf(wrapped(argument));
    const name = names.nameOf(call.callee);
    if (name !== undefined) return position >= 0 && !keepsArgument(name, position, call.args.length);
    const method = asMethodCall(call.node);
    const receiver = method && kindOf(method.object);
    return receiver !== undefined && position === 0 && READ_BY_METHOD.test(`${receiver}.${method!.method}`);
  }

  function mayBeSame(a: Node, b: Node): boolean {
    const [one, other] = [unwrap(a), unwrap(b)];
    if (isSamePlace(one, other)) return true;
    if (areApart(typeOf(one), typeOf(other))) return false;
    if (makesNew(one) || makesNew(other)) return false;
    return !isOwnObject(one, other) && !isOwnObject(other, one);
  }

  function isSamePlace(one: Node, other: Node): boolean {
    if (one.kind === "identifier" && other.kind === "identifier") {
      const [first, second] = [names.bindingOf(one), names.bindingOf(other)];
      return first !== undefined && one.text === other.text && first.scope === second?.scope;
    }
    return one.kind === other.kind && one.text === other.text;
  }

  /** The name leads to an object that nothing else leads to by then. */
  function isOwnObject(name: Node, other: Node): boolean {
    const later = name.tree === other.tree && name.start > other.start ? name : other;
    return name.kind === "identifier" && later.tree === name.tree && isUnshared(name, later) === "yes";
  }

  /** No value is of both types: text is never a list. */
  function areApart(one: Maybe, other: Maybe): boolean {
    if (!one || !other) return (one && UNCHANGING.has(one.name)) || (other && UNCHANGING.has(other.name)) || false;
    if (UNCHANGING.has(one.name) || UNCHANGING.has(other.name)) return true;
    if (one.name !== other.name) {
      if (BUILTIN.has(one.name) && BUILTIN.has(other.name))
        return !derivesFrom(one.name, other.name) && !derivesFrom(other.name, one.name);
      return isBareClass(one, other) || isBareClass(other, one);
    }
    const [[first], [second]] = [one.of, other.of];
    return first !== undefined && second !== undefined && first.name !== second.name && holdsOthers(first, second);
  }

  /** Numbers and text in one container, lists in the other: only empty ones could be the same. */
  function holdsOthers(first: Maybe, second: Maybe): boolean {
    const [a, b] = [first!, second!];
    if (isNumber(a) && isNumber(b)) return false;
    return (UNCHANGING.has(a.name) || BUILTIN.has(a.name)) && (UNCHANGING.has(b.name) || BUILTIN.has(b.name));
  }

  /** A class of the file that derives from nothing, and a built-in type. */
  function isBareClass(one: NonNullable<Maybe>, other: NonNullable<Maybe>): boolean {
    if (!one.name.startsWith("local.") || !BUILTIN.has(other.name)) return false;
    const info = view.classByName(one.name.slice("local.".length));
    return info !== undefined && info.def.bases.length === 0 && !info.def.hasSplat;
  }

  function changesIn(region: Node): readonly Node[] {
    const found: Node[] = [];
    for (const node of region.descendants("call", "subscript", "augmented_assignment", "attribute")) {
      if (node.kind === "call") {
        const target = changedByCall(asCall(node));
        if (target) found.push(target);
      } else if (node.kind === "augmented_assignment") {
        const change = asAugmented(node);
        if (change && INPLACE.has(change.operator)) found.push(change.target);
      } else {
        const object = node.field(node.kind === "subscript" ? "value" : "object");
        if (object && isStoredTo(node)) found.push(unwrap(object));
      }
    }
    return found;
  }

  function changedByCall(call: Call | undefined): Node | undefined {
    if (!call) return undefined;
    const name = names.nameOf(call.callee);
    if (name !== undefined) return CHANGES_FIRST.test(name) ? call.args[0] : undefined;
    const method = asMethodCall(call.node);
    if (!method) return undefined;
    const type = kindOf(method.object);
    const changes = type === undefined ? undefined : mutates(type, method.method);
    if (changes === true) return method.object;
    // Of a type that the tables do not know, the method may be any.
    return changes === undefined && !(type && isPureCall(`${type}.${method.method}`)) ? method.object : undefined;
  }

  function isUntouchedIn(place: Node, region: Node): Answer {
    const node = unwrap(place);
    const isName = node.kind === "identifier";
    if (isName) {
      const byName = effects.isStableIn(node, region);
      const isUnknownUse = byName === "unknown" && !isReadAlone(node, region);
      if (byName === "no" || isUnknownUse) return byName;
    } else {
      const own = region.descendants("attribute").filter((it) => it.text === node.text);
      if (node.kind !== "attribute" || !own.every((it) => effects.isHarmless(useOf(it)))) return "unknown";
      if (mayBeProperty(asAttribute(node)!.name)) return "unknown";
    }
    const type = typeOf(node);
    if (isName && type && UNCHANGING.has(type.name)) return "yes";
    if (isName && isUnshared(node, region) === "yes") return "yes";
    if (effects.runsUnknownCode(region) || walksLazily(region) || looksIntoOwn(region)) return "unknown";
    const changes = changesIn(region);
    return changes.some((it) => mayReach(it, node, type)) ? "unknown" : "yes";
  }

  /** Some class of the file, perhaps one that derives from the object's, works the attribute out. */
  function mayBeProperty(name: string): boolean {
    methods ??= methodsByName(view.document);
    return [name, "__getattr__", "__getattribute__"].some((it) => {
      const home = methods!.get(it);
      if (home) view.looksInto(home.tree);
      return home !== undefined;
    });
  }

  /** Nothing that the name is used for in the region can change the object: what else may reach it is asked apart. */
  function isReadAlone(name: Node, region: Node): boolean {
    const binding = names.bindingOf(name);
    if (binding?.scope.kind !== "function") return false;
    const index = indexOfBinding(binding);
    return (
      !index.isRemote &&
      index.sites.countInside(region) === 0 &&
      index.reads.inside(region).every((it) => effects.isHarmless(useOf(it)))
    );
  }

  function mayReach(change: Node, place: Node, type: Maybe): boolean {
    const parent = change.parent;
    const augmented = asAugmented(parent);
    // `count += 1` is no change of a list, whoever holds it.
    if (augmented?.target === change) {
      const added = typeOf(augmented.value);
      if (augmented.operator === "+=" && type?.name === "list" && added && isNumber(added)) return false;
      if (areApart(typeOf(change), type)) return false;
    }
    // What an attribute is set to matters to places that go through an object with that attribute.
    if (parent?.kind === "attribute" && place.kind === "attribute" && isStoredTo(parent))
      return asAttribute(parent)?.name === asAttribute(place)?.name;
    if (parent?.kind === "attribute" && isStoredTo(parent)) return type === undefined || !BUILTIN.has(type.name);
    return mayBeSame(change, place);
  }

  /** A loop of the region goes through something that runs code for each item. */
  function walksLazily(region: Node): boolean {
    const isLazy = (it: Node | undefined): boolean => {
      const value = it && unwrap(it);
      if (!value) return false;
      const type = kindOf(value);
      if (type !== undefined) return LAZY.has(type);
      const call = asCall(value);
      return call !== undefined && names.nameOf(call.callee) === undefined;
    };
    return (
      region.descendants("for_statement", "for_in_clause").some((it) => isLazy(it.fieldAll("right")[0])) ||
      region.descendants("call").some((it) => {
        const call = asCall(it);
        return call !== undefined && ADVANCES.test(names.nameOf(call.callee) ?? "") && isLazy(call.args[0]);
      })
    );
  }

  /** An object of a class of the file is asked for something, told something or let go: its own methods may run. */
  function looksIntoOwn(region: Node): boolean {
    return (
      region.descendants("identifier").some((it) => hasOwnMethods(it) || isLetGoWith(it)) ||
      region.descendants("attribute").some((it) => hasOwnMethods(it) || isAskedFor(it)) ||
      region.descendants("call", "subscript").some(hasOwnMethods)
    );
  }

  function hasOwnMethods(node: Node): boolean {
    const type = kindOf(node);
    if (!type?.startsWith("local.")) return false;
    const info = view.classByName(type.slice("local.".length));
    return !info || info.methods.some((it) => /^__(?!init__|new__|repr__|hash__|post_init__)/.test(it.def.name));
  }

  /** `guard = None`, after which its `__del__` runs. */
  function isLetGoWith(name: Node): boolean {
    if (useOf(name).kind !== "other" && name.fieldName !== "left") return false;
    return names.sitesOf(name).some((it) => it.value !== undefined && it.name !== name && hasOwnMethods(it.value));
  }

  /** A property, or what `__getattr__` makes. */
  function isAskedFor(attribute: Node): boolean {
    const { object, name } = asAttribute(attribute)!;
    const type = kindOf(object);
    if (!type?.startsWith("local.")) return false;
    const info = view.classByName(type.slice("local.".length));
    return !info || info.methods.some((it) => it.def.name === name && it.kind === "property");
  }

  function lazyReaders(place: Node): readonly Node[] {
    const binding = place.kind === "identifier" ? names.bindingOf(place) : undefined;
    return (binding?.reads ?? []).flatMap((read) => {
      const use = useOf(read);
      const made =
        use.kind === "argument" && READS_LATER.test(names.nameOf(asCall(use.call)!.callee) ?? "")
          ? use.call
          : use.kind === "method" && VIEWS.has(use.name ?? "")
            ? use.call
            : read.ancestor("generator_expression");
      return made && !isTakenAtOnce(made) ? [made] : [];
    });
  }

  /** What reads lazily is all read where it stands. */
  function isTakenAtOnce(node: Node): boolean {
    const use = useOf(node);
    if (use.kind === "argument") {
      const name = names.nameOf(asCall(use.call)!.callee) ?? "";
      return (
        TAKES_ALL.test(name) ||
        /\.join$/.test(asCall(use.call)!.callee.text) ||
        (READS_LATER.test(name) && isTakenAtOnce(use.call!))
      );
    }
    if (node.parent?.kind === "call" && node.kind === "generator_expression") {
      const call = asCall(node.parent);
      return (
        call !== undefined && (TAKES_ALL.test(names.nameOf(call.callee) ?? "") || /\.join$/.test(call.callee.text))
      );
    }
    return use.kind === "membership" || use.kind === "starred" || use.kind === "discarded";
  }

  function maySwallow(statement: Node): boolean {
    return asWith(statement)?.items.some((it) => !isHarmlessManager(it.value)) ?? true;
  }

  function isHarmlessManager(value: Node): boolean {
    const node = unwrap(value);
    const type = kindOf(node);
    if (type !== undefined && HARMLESS_MANAGERS.has(type)) return true;
    const call = asCall(node);
    const name = names.nameOf(call?.callee ?? node);
    if (name !== undefined && HARMLESS_MANAGERS.has(name)) return true;
    const method = asMethodCall(node);
    const receiver = method && kindOf(method.object);
    return receiver !== undefined && HARMLESS_MANAGERS.has(`${receiver}.${method!.method}`);
  }

  function swallowedAround(name: Node, region: Node): Node | undefined {
    const binding = names.bindingOf(name);
    for (
      let inner = region, outer = region.parent;
      outer && outer.kind !== "function_definition";
      inner = outer, outer = outer.parent
    ) {
      if (outer.kind !== "with_statement" || inner.fieldName !== "body" || !maySwallow(outer)) continue;
      const block = outer;
      const isOutside = (it: Node) => !it.isInside(block);
      if (!binding || binding.reads.some(isOutside)) return block;
    }
    return undefined;
  }

  function readsCallersFrame(node: Node): boolean {
    const call = asCall(node);
    if (!call) return false;
    const name = names.nameOf(call.callee);
    if (name !== undefined) {
      if (name === "builtins.vars" || name === "builtins.dir") return call.args.length === 0;
      if (name === "builtins.eval" || name === "builtins.exec")
        return call.args.length < 2 || call.hasSplat || call.args.slice(1).some((it) => readsCallersFrame(it));
      return LOOKS_AT_FRAMES.has(name);
    }
    const own = definitionOf(call);
    if (own) return FRAME_WORDS.test(own.text);
    const method = asMethodCall(node);
    return (
      method !== undefined &&
      (method.method === "query" || method.method === "eval") &&
      mayNameVariables(method.args[0])
    );
  }

  /** A condition for rows that may take values of the code around it: `"price > @limit"`, or one that is not written out. */
  function mayNameVariables(text: Node | undefined): boolean {
    if (!text) return false;
    return asString(unwrap(text)) !== undefined ? text.text.includes("@") : !isConstant(text);
  }

  function definitionOf(call: Call): Node | undefined {
    if (call.callee.kind === "identifier") {
      const [site, more] = names.sitesOf(call.callee);
      if (site?.kind !== "function" || more) return undefined;
      view.looksInto(site.name.tree);
      return asFunction(site.value)?.body;
    }
    const method = asMethodCall(call.node);
    const type = method && kindOf(method.object);
    if (!type?.startsWith("local.")) return undefined;
    const def = view.classByName(type.slice("local.".length))?.methodNamed(method!.method)?.def;
    if (def) view.looksInto(def.node.tree);
    return def?.body;
  }

  function frameReader(node: Node): Node | undefined {
    const home = functionAround(node);
    const region = home?.field("body") ?? node.tree.root;
    if (readers.has(region)) return readers.get(region);
    const own = region.descendants("call").find((it) => functionAround(it) === home && readsCallersFrame(it));
    const found = own ?? (home ? undefined : readerOfGlobals());
    readers.set(region, found);
    return found;
  }

  /** `globals()` anywhere in the file sees the variables of the module's own code. */
  function readerOfGlobals(): Node | undefined {
    const byText = fileMatches(MODULE_WORDS) ? [...view.readsOf("sys"), ...view.readsOf("vars")][0] : undefined;
    if (byText) return byText;
    return ["globals", "locals", "vars", "dir"]
      .flatMap((it) => [...view.readsOf(it)])
      .find((it) => {
        const name = names.nameOf(it);
        return (
          name === "builtins.globals" || (functionAround(it) === undefined && asCall(it.parent)?.args.length === 0)
        );
      });
  }

  function runsOwnCode(expression: Node): boolean {
    const type = kindOf(expression);
    if (type === undefined) return false;
    if (type.startsWith("local.")) return hasOwnMethods(expression);
    const element = elementOf(typeOf(expression))?.name;
    if (element !== undefined && element !== type && isDerivedHere(element)) return true;
    return (type === "str" || !makesNew(expression)) && isDerivedHere(type);
  }

  /** A class of the file derives from the type and has methods of its own that operators call. */
  function isDerivedHere(type: string): boolean {
    const last = type.slice(type.lastIndexOf(".") + 1);
    const short = last === "int" ? "(?:int|IntEnum|IntFlag)" : last === "str" ? "(?:str|StrEnum)" : last;
    const head = new RegExp(`^[ \\t]*class \\w+\\((?:[^)\\n]*[\\s,.])?${short}(?:\\[|\\s*[,)])`, "m");
    return fileMatches(head);
  }

  function fileMatches(pattern: RegExp): boolean {
    return view.matches(pattern);
  }

  return {
    isUnshared,
    mayBeSame,
    isUntouchedIn,
    changesIn,
    lazyReaders,
    maySwallow,
    swallowedAround,
    readsCallersFrame,
    frameReader,
    runsOwnCode,
    fileMatches,
  };
}

/** A store or deletion through the expression. */
function isStoredTo(node: Node): boolean {
  const { kind } = useOf(node);
  const parent = wrapped(node).parent;
  if (parent?.kind === "delete_statement") return true;
  if (parent?.kind === "expression_list" && parent.parent?.kind === "delete_statement") return true;
  return kind === "augmented" || isTarget(wrapped(node));
}

function isTarget(node: Node): boolean {
  const { parent, fieldName } = node;
  if (!parent) return false;
  if (parent.kind === "assignment" || parent.kind === "for_statement" || parent.kind === "for_in_clause")
    return fieldName === "left";
  if (parent.kind === "as_pattern_target") return true;
  return PATTERNS.has(parent.kind) && isTarget(parent);
}

const PATTERNS: ReadonlySet<Kind> = new Set<Kind>([
  "pattern_list",
  "tuple_pattern",
  "list_pattern",
  "list_splat_pattern",
]);
const LITERALS: ReadonlySet<Kind> = new Set<Kind>([
  "list",
  "set",
  "dictionary",
  "tuple",
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
]);
/** Their operators and methods are known, and give out nothing that leads back to them. */
const BUILTIN = new Set([
  "list",
  "dict",
  "set",
  "bytearray",
  "collections.deque",
  "collections.Counter",
  "collections.defaultdict",
  "collections.OrderedDict",
  ...UNCHANGING,
]);
const LAZY = new Set(["generator", "iterator", "typing.Iterator", "typing.Generator", "typing.Iterable"]);
const NEW = new Set(
  "list dict set tuple frozenset bytearray sorted str repr bytes int float range"
    .split(" ")
    .map((it) => `builtins.${it}`)
    .concat(
      "collections.deque",
      "collections.Counter",
      "collections.defaultdict",
      "collections.OrderedDict",
      "copy.copy",
      "copy.deepcopy",
      "numpy.zeros",
      "numpy.ones",
      "numpy.empty",
      "numpy.array",
    ),
);
const NEW_METHODS =
  /^(str\.(split|rsplit|splitlines|partition|encode)|(list|dict|set|collections\.\w+)\.copy|(file|binary-file)\.readlines|set\.(union|intersection|difference)|bytes\.(split|decode))$/;
/** Take the items of their first argument one by one, or only look at them. */
const READ_BY_METHOD =
  /^(list\.extend|(set|dict|collections\.\w+)\.(update|extend|union|intersection|difference|issubset|issuperset|isdisjoint)|str\.(join|format)|bytes\.join|file\.writelines|(file|binary-file)\.write)$/;
const INPLACE = new Set(["+=", "*=", "|=", "&=", "-=", "^=", "@=", "/=", "//=", "%=", "**=", ">>=", "<<="]);
const CHANGES_FIRST =
  /^(heapq\.(heappush|heappop|heapify|heapreplace|heappushpop)|bisect\.insort(_left|_right)?|random\.shuffle|builtins\.(setattr|delattr)|operator\.(setitem|delitem|iadd|iconcat|imul)|numpy\.(put|place|copyto|fill_diagonal|random\.shuffle))$/;
const ADVANCES =
  /^builtins\.(next|list|tuple|set|frozenset|dict|sorted|sum|min|max|any|all|zip|enumerate|map|filter|iter)$/;
const READS_LATER = /^(builtins\.(zip|enumerate|map|filter|reversed|iter)|itertools\.\w+(\.from_iterable)?)$/;
const VIEWS = new Set(["keys", "values", "items", "__iter__"]);
const TAKES_ALL = /^builtins\.(list|tuple|set|frozenset|dict|sorted|sum|min|max|any|all|len)$/;
/** Text of a file that looks at variables by other ways than their names. */
export const FRAME_WORDS =
  /\b(_getframe|currentframe|f_back|f_locals|getouterframes|inspect\.stack|gi_frame|cr_frame|tb_frame|settrace|setprofile)\b/;
const MODULE_WORDS = /\bsys\.modules\b|\.__dict__\b|\b__import__\b/;

/** What is defined with an indentation, by its name, with the first piece that does. */
function methodsByName({ pieces }: Document): ReadonlyMap<string, Piece> {
  const found = new Map<string, Piece>();
  for (const piece of pieces)
    for (const [, name] of piece.text.matchAll(/^[ \t]+def ([^\s(]+)\(/gm))
      if (!found.has(name!)) found.set(name!, piece);
  return found;
}
