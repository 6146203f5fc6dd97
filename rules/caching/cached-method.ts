/** `@lru_cache` on a method: the cache belongs to the class and holds on to every instance. */

import {
  asAttribute,
  asCall,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  functionAround,
  importName,
  integerOf,
  linesOf,
  remove,
  replace,
  textValue,
  unwrap,
  useOf,
  type ClassInfo,
  type Declined,
  type Edit,
  type Facts,
  type File,
  type Fix,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

const CACHES = new Set(["functools.cache", "functools.lru_cache"]);

export default defineRule({
  title: "Cache on a method keeps its instances alive",
  why: "The decorator creates one cache for the whole class and uses `self` as part of the key. An instance whose method was called is not freed while its entry is in the cache, and all instances share the same maximum number of entries.",
  guide: "caching",
  level: "warning",
  gain: "memory",
  imports: ["functools"],
  overlaps: ["B019", "W1518"],
  leftToRuff: true,
  unlike:
    "caches of one place and classes of which there is one object are left alone, and the fix writes a cached property",
  fixes: "review",

  examples: [
    {
      before: `
import functools

class Corpus:
    def __init__(self, texts: list[str]) -> None:
        self.texts = texts

    @functools.lru_cache
    def vocabulary(self) -> frozenset[str]:
        return frozenset(word for text in self.texts for word in text.split())

    def size(self) -> int:
        return len(self.vocabulary())
`,
      after: `
import functools

class Corpus:
    def __init__(self, texts: list[str]) -> None:
        self.texts = texts

    @functools.cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(word for text in self.texts for word in text.split())

    def size(self) -> int:
        return len(self.vocabulary)
`,
    },
  ],

  on: ["decorator"],

  find(node, { facts }) {
    const decorator = unwrap(node.children[0]!);
    const callee = asCall(decorator)?.callee ?? decorator;
    const def = asFunction(node.parent);
    if (!def || def.isAsync || !CACHES.has(facts.nameOf(callee) ?? "")) return undefined;
    const info = facts.classOf(def.node);
    const method = info?.methodOf(def.node);
    const places = placesOf(decorator, facts);
    if (!info || method?.self === undefined || places === 1 || isShared(info, facts) || !givesValue(def))
      return undefined;
    if (places !== Infinity && isValue(info, facts)) return undefined;
    const isBounded = places !== Infinity;
    // How much memory some instances take is not in the code.
    const weight = facts.isTest ? "light" : isBounded ? "unknown" : "heavy";
    return { at: callee, evidence: "proof", weight, def, info, self: method.self, isBounded };
  },

  message: ({ def, self, isBounded }) =>
    isBounded
      ? `The cache of \`${def.name}\` belongs to the class: its entries keep their \`${self}\` alive, and all instances share its limited size.`
      : `The cache of \`${def.name}\` belongs to the class and keeps alive every \`${self}\` that it was called on.`,

  fix({ def, info, self }, file) {
    if (def.parameters.length !== 1)
      return declined(`\`${def.name}\` takes more than \`${self}\`, so that one result per instance is not enough`);
    if (def.name.startsWith("__")) return declined("Python calls a special method by itself");
    if (!hasRoom(info, file.facts)) return declined(`the objects of \`${info.name}\` may have no room for the result`);
    return cachedProperty(def, info, file);
  },
});

/** How many results the cache holds: one place is meant for the one instance there is, none for nothing. */
function placesOf(decorator: Node, facts: Facts): number {
  const call = asCall(decorator);
  const size = call?.keywords.get("maxsize") ?? call?.args[0];
  if (facts.nameOf(call?.callee ?? decorator) === "functools.cache" || size?.kind === "none") return Infinity;
  return Math.max(1, integerOf(size) ?? DEFAULT_PLACES);
}

const DEFAULT_PLACES = 128;

/** Without a result the cache only remembers that something was done. */
function givesValue({ node, body }: FunctionDef): boolean {
  return body.descendants("return_statement").some((it) => it.children.length > 0 && functionAround(it) === node);
}

/** Equal instances share one entry: the cache is meant for the value they stand for. */
function isValue(info: ClassInfo, facts: Facts): boolean {
  const infos = [info, ...facts.basesOf(info).filter((it) => typeof it === "object")];
  return infos.some((it) => it.definesMethod("__eq__") || it.definesMethod("__hash__") || isFrozen(it, facts));
}

/** A frozen dataclass or pydantic model is compared and hashed by its fields, a named tuple by its items. */
function isFrozen({ def, attributes }: ClassInfo, facts: Facts): boolean {
  const isTrue = (it: Node | undefined) => it?.kind === "true";
  const decorators = def.decorators.map((it) => asCall(it)).filter((it) => it !== undefined);
  if (
    decorators.some(
      (it) =>
        FREEZING.test(facts.nameOf(it.callee) ?? "") &&
        isTrue(it.keywords.get("frozen")) &&
        it.keywords.get("eq")?.kind !== "false",
    )
  )
    return true;
  const config = asCall(attributes.find((it) => it.name === "model_config")?.value);
  if (facts.nameOf(config?.callee ?? def.node) === "pydantic.ConfigDict" && isTrue(config!.keywords.get("frozen")))
    return true;
  return isTrue(def.keywords.get("frozen")) || def.bases.some((it) => facts.nameOf(it) === "typing.NamedTuple");
}

const FREEZING = /^(dataclasses\.dataclass|pydantic\.dataclasses\.dataclass|attrs?\.(s|attrs|define))$/;

/** Members of an enumeration and classes live as long as the program, and so do singletons. */
function isShared(info: ClassInfo, facts: Facts): boolean {
  const bases = facts
    .basesOf(info)
    .map((it) => (typeof it === "object" ? it.name : it))
    .filter((it) => it !== undefined);
  const written = info.def.bases.map((it) => it.text);
  const metaclass = info.def.keywords.get("metaclass");
  const isKind = [...bases, ...written].some(
    (it) => it === "builtins.type" || it === "type" || /(Enum|Flag|Meta|Singleton)$/.test(it),
  );
  const isOnlyOne =
    info.definesMethod("__new__") || info.attributes.some((it) => /^_*(instance|singleton)$/.test(it.name));
  return isKind || isOnlyOne || (metaclass !== undefined && facts.nameOf(metaclass) !== "abc.ABCMeta");
}

const PLAIN_BASES = new Set(["builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"]);

/** The instances have a `__dict__` for `cached_property` to write into. */
function hasRoom(info: ClassInfo, facts: Facts): boolean {
  const bases = facts.basesOf(info);
  if (!bases.every((it) => (typeof it === "object" ? true : it !== undefined && PLAIN_BASES.has(it)))) return false;
  const infos = [info, ...bases.filter((it) => typeof it === "object")];
  return (
    infos.some((it) => it.slots === undefined) &&
    infos.every((it) => it.def.decorators.every((decorator) => leavesDict(decorator, facts)))
  );
}

function leavesDict(decorator: Node, facts: Facts): boolean {
  const call = asCall(decorator);
  const name = facts.nameOf(call?.callee ?? decorator);
  return (
    name === "functools.total_ordering" ||
    name === "typing.final" ||
    (name === "dataclasses.dataclass" && (call?.keywords.get("slots")?.kind ?? "false") === "false")
  );
}

/** Declined unless every use in the file can be rewritten with it. */
function cachedProperty(def: FunctionDef, info: ClassInfo, file: File): Fix | Declined {
  const { facts } = file;
  const [first, second, more] = def.outer.children.filter((it) => it.kind === "decorator");
  const isProperty =
    second !== undefined && first !== undefined && facts.nameOf(unwrap(first.children[0]!)) === "builtins.property";
  const cache = isProperty ? second : first;
  if (!cache || more || (second && !isProperty)) return declined("there is another decorator");
  if (cache.comments.length > 0) return declined("a comment would be lost");
  const replacement = importName(file, "functools", "cached_property", def.node);
  if (!replacement) return declined("the name `cached_property` means something else here");
  const calls = callsOf(def, info, isProperty, facts);
  if (!calls) return declined(`\`${def.name}\` is used in this file in a way that a property does not allow`);

  const edits: Edit[] = [...replacement.edits, replace(cache.children[0]!, replacement.name), ...calls];
  const lines = isProperty ? linesOf(first) : undefined;
  if (isProperty && (!lines || lines.tree.text.slice(first.children[0]!.end, lines.end).trim() !== ""))
    return declined("a comment would be lost");
  const doubt = isProperty
    ? "the attribute can then be assigned to"
    : "callers in other places must drop the parentheses";
  return {
    title: "Turn it into a cached_property",
    doubts: [doubt],
    edits: lines ? [...edits, remove(lines)] : edits,
  };
}

/** The edits that turn `self.method()` into `self.method` throughout the file. */
function callsOf(def: FunctionDef, info: ClassInfo, isProperty: boolean, facts: Facts): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  if (facts.readsOf(def.nameNode).length > 0) return undefined;
  const { byName, showsInstances } = facts.keptForFixes("cached-method", () => mentions(facts));
  // The value would show among the instance's own.
  if (showsInstances) return undefined;
  for (const node of byName.get(def.name) ?? []) {
    const isOther = node !== def.node && node.kind === "function_definition";
    if (isOther || node.kind === "string") return undefined;
    const attribute = asAttribute(node);
    if (!attribute) continue;
    const call = asMethodCall(node.parent, def.name);
    if (call?.callee !== node || call.argumentList.children.length > 0) {
      if (isProperty && !call && useOf(attribute.object).kind === "attribute") continue;
      return undefined;
    }
    if (
      isProperty ||
      facts.typeOf(attribute.object)?.name !== `local.${info.name}` ||
      call.argumentList.comments.length > 0
    )
      return undefined;
    edits.push(remove(call.argumentList));
  }
  return edits;
}

interface Mentions {
  /** Attributes, functions and strings, by the name that they say. */
  readonly byName: ReadonlyMap<string, readonly Node[]>;
  /** Some code looks at all attributes that an object has. */
  readonly showsInstances: boolean;
}

function mentions(facts: Facts): Mentions {
  const byName = new Map<string, Node[]>();
  for (const { tree } of facts.view.document.pieces)
    for (const node of tree.root.descendants("attribute", "function_definition", "string")) {
      const name = node.kind === "string" ? textValue(node) : (asAttribute(node) ?? asFunction(node))?.name;
      if (name === undefined) continue;
      const known = byName.get(name);
      if (known) known.push(node);
      else byName.set(name, [node]);
    }
  const showsInstances = facts.view.document.pieces.some((it) => /\b(__dict__|vars\()/.test(it.text));
  return { byName, showsInstances };
}
