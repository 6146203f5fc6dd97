/** A small class made in bulk whose attributes are all known: each instance carries a dictionary it does not need. */

import {
  asAssignment, asAttribute, asCall, asComprehension, defineRule, expressionOf, functionAround, indentOf, lineBelow, statementsOf, turnsOf, useOf,
  type ClassInfo, type Edit, type Facts, type Fix, type Node,
} from "../../analysis/authoring.js";

/** Fewer instances than this save nothing that anybody would notice. */
const BULK = 1000;
/** With more attributes than this it is no small object, and the dictionary is a small part of it. */
const FEW = 10;
const WIDTH = 88;

export default defineRule({
  title: "Class made in bulk without `__slots__`",
  why: "Without `__slots__` every instance keeps its attributes in a dictionary of its own; a class that always sets the same few can hold them in fixed fields and takes less memory for each instance.",
  guide: "slots",
  level: "hint",
  gain: "memory",
  fixes: "review",

  examples: [
    {
      before: `
class Particle:
    """A point that moves."""

    def __init__(self, x: float, speed: float) -> None:
        self.x = x
        self.speed = speed

def load(lines: list[str]) -> list[Particle]:
    return [Particle(float(line), 1.0) for line in lines]
`,
      after: `
class Particle:
    """A point that moves."""

    __slots__ = ("x", "speed")

    def __init__(self, x: float, speed: float) -> None:
        self.x = x
        self.speed = speed

def load(lines: list[str]) -> list[Particle]:
    return [Particle(float(line), 1.0) for line in lines]
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }) {
    if (facts.isTest || node.parent?.kind === "decorated_definition") return undefined;
    const info = facts.classInfo(node);
    if (!info || info.slots !== undefined || info.isDynamic || info.def.keywords.size > 0 || !hasSlottedBases(info, facts)) return undefined;
    const names = closedAttributes(info);
    if (!names || !info.methods.every((it) => it.def.decorators.every((decorator) => needsNoDict(decorator, facts)))) return undefined;
    const reads = facts.readsOf(info.def.nameNode);
    if (reads.some(isBase) || !reads.some((it) => isMadeInBulk(it, facts)) || isOpen(names, facts)) return undefined;
    return { at: info.def.nameNode, info, names };
  },

  message: ({ info, names }) => `Every \`${info.name}\` keeps a dictionary for ${names.length === 1 ? "one attribute" : `the same ${names.length} attributes`}; \`__slots__\` saves that memory.`,

  fix({ info, names }): Fix | undefined {
    const edit = insertion(info, names);
    return edit && { title: "Add __slots__ (review: other attributes, set from elsewhere, and weak references then fail)", safety: "review", edits: [edit] };
  },
});

/** A base with a dictionary gives one to every instance, and an unknown one may set attributes. */
function hasSlottedBases(info: ClassInfo, facts: Facts): boolean {
  return facts.basesOf(info).every((it) => it === "builtins.object" || it === "typing.Generic");
}

/** The attributes that the methods set, in order of first assignment, `__init__` first. Undefined where one of them means something in the class body too. */
function closedAttributes(info: ClassInfo): readonly string[] | undefined {
  const writes = info.writes.filter((it) => it.kind === "assign" || it.kind === "unpack");
  const first = writes.filter((it) => it.method.def.name === "__init__");
  if (first.length === 0) return undefined;
  const names = [...new Set([...first, ...info.writes].map((it) => it.name))];
  const inBody = new Set([...info.methods.map((it) => it.def.name), ...info.attributes.filter((it) => it.value).map((it) => it.name), ...nestedClasses(info)]);
  return names.length > FEW || names.some((it) => inBody.has(it) || /^__\w+__$/.test(it)) ? undefined : names;
}

function nestedClasses(info: ClassInfo): readonly string[] {
  const trees = new Set([info.def.node.tree, ...info.methods.map((it) => it.def.node.tree)]);
  return [...trees].flatMap((it) => it.root.descendants("class_definition").map((inner) => inner.field("name")?.text ?? ""));
}

const DESCRIPTORS = new Set(["builtins.property", "builtins.staticmethod", "builtins.classmethod", "abc.abstractmethod", "typing.override", "typing.final", "typing.overload", "contextlib.contextmanager"]);

/** An unknown decorator may keep something in the instance's dictionary, as `cached_property` does. */
function needsNoDict(decorator: Node, facts: Facts): boolean {
  const accessor = asAttribute(decorator)?.name;
  return accessor === "setter" || accessor === "deleter" || DESCRIPTORS.has(facts.nameOf(decorator) ?? "");
}

function isBase(read: Node): boolean {
  const list = read.ancestor("argument_list");
  return list?.parent?.kind === "class_definition";
}

/** What a file imports to hold instances weakly: that needs a slot of its own. */
const WEAK = ["weakref", "ref", "proxy", "finalize", "WeakMethod", "WeakSet", "WeakKeyDictionary", "WeakValueDictionary"];

/** Code of the file reaches into instances, or sets attributes that no method sets. */
function isOpen(names: readonly string[], facts: Facts): boolean {
  return (
    [...facts.foreignStores()].some((it) => !names.includes(it)) ||
    ["setattr", "delattr", "vars"].some((it) => facts.view.readsOf(it).length > 0) ||
    WEAK.some((it) => facts.view.sitesOf(it).some(({ imported }) => imported?.module === "weakref"))
  );
}

/** Called in a loop of many turns, or of unknown length, and the instance outlives the turn. */
function isMadeInBulk(read: Node, facts: Facts): boolean {
  const call = asCall(read.parent);
  if (call?.callee !== read) return false;
  const loops = facts.loopsAround(call.node);
  if (loops.length === 0) return false;
  const turns = loops.flatMap((it) => asComprehension(it)?.clauses.map((clause) => clause.target.parent!) ?? [it]).map(turnsOf);
  const isFew = turns.every((it) => it !== undefined) && turns.reduce((product, it) => product * it, 1) < BULK;
  return !isFew && isKept(call.node, facts);
}

const KEEPERS = new Set(["append", "appendleft", "add", "insert", "put", "put_nowait", "push", "setdefault", "heappush"]);

function isKept(value: Node, facts: Facts): boolean {
  const use = useOf(value);
  if (use.kind === "element" || use.kind === "yielded") return true;
  if (use.kind === "argument") return KEEPERS.has(asAttribute(asCall(use.call)?.callee)?.name ?? "");
  if (use.kind !== "assigned") return false;
  const [target, more] = asAssignment(use.in)?.targets ?? [];
  if (!target || more) return false;
  if (target.kind !== "identifier") return target.kind === "subscript" || target.kind === "attribute";
  return facts.readsOf(target).some((it) => functionAround(it) === functionAround(value) && useOf(it).kind !== "assigned" && isKept(it, facts));
}

/** Below the docstring, or else below the line that ends the head of the class. */
function insertion({ def, methods }: ClassInfo, names: readonly string[]): Edit | undefined {
  const [first = methods[0]!.def.outer] = def.body ? statementsOf(def.body) : [];
  const colon = def.node.allChildren.findLast((it) => it.token === ":");
  const unit = indentOf(first).slice(indentOf(def.node).length);
  const isDocstring = expressionOf(first)?.kind === "string" && first.tree === def.node.tree;
  if (!colon || unit === "") return undefined;
  const lines = list(names, indentOf(first), unit);
  const isSpaced = /^[^\n]*\n[ \t]*\r?\n/.test(def.node.tree.text.slice(isDocstring ? first.end : colon.end));
  if (isDocstring) return lineBelow(first, isSpaced ? `\n${lines}` : `${lines}\n`);
  return lineBelow(colon, `${lines.replace(/^/gm, unit)}${isSpaced ? "" : "\n"}`);
}

function list(names: readonly string[], indent: string, unit: string): string {
  const quoted = names.map((it) => `"${it}"`);
  const line = `__slots__ = (${quoted.join(", ")}${quoted.length === 1 ? "," : ""})`;
  return indent.length + line.length <= WIDTH ? line : `__slots__ = (\n${quoted.map((it) => `${unit}${it},\n`).join("")})`;
}
