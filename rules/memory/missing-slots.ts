/** A small class made in bulk whose attributes are all known: each instance carries a dictionary it does not need. */

import {
  asAssignment, asAttribute, asCall, asClass, asComprehension, defineRule, functionAround, importsWeak, isSlottable, isStream, slotNames, slotsEdit, turnsOf, unwrap, useOf,
  type ClassDef, type Facts, type Fix, type Node,
} from "../../analysis/authoring.js";

/** Fewer instances than this save nothing that anybody would notice. */
const BULK = 1000;
/** With more attributes than this it is no small object, and the dictionary is a small part of it. */
const FEW = 10;

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

def load(path: str) -> list[Particle]:
    with open(path, encoding="utf-8") as lines:
        return [Particle(float(line), 1.0) for line in lines]
`,
      after: `
class Particle:
    """A point that moves."""

    __slots__ = ("x", "speed")

    def __init__(self, x: float, speed: float) -> None:
        self.x = x
        self.speed = speed

def load(path: str) -> list[Particle]:
    with open(path, encoding="utf-8") as lines:
        return [Particle(float(line), 1.0) for line in lines]
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }) {
    if (facts.isTest || node.parent?.kind === "decorated_definition") return undefined;
    const def = asClass(node);
    if (!def || !hasPlainBases(def, facts)) return undefined;
    // Few classes are made in a loop, and looking into a class costs most of what the rule does.
    const reads = facts.readsOf(def.nameNode);
    if (reads.some(isBase) || !reads.some((it) => isMadeInBulk(it, facts))) return undefined;
    const info = facts.classInfo(node);
    if (!info || !isSlottable(info, facts)) return undefined;
    const names = slotNames(info);
    if (!names || names.length > FEW) return undefined;
    if (isOpen(names, facts)) return undefined;
    return { at: info.def.nameNode, info, names };
  },

  message: ({ info, names }) => `Every \`${info.name}\` keeps a dictionary for ${names.length === 1 ? "one attribute" : `the same ${names.length} attributes`}; \`__slots__\` saves that memory.`,

  fix({ info, names }): Fix | undefined {
    const edit = slotsEdit(info, names);
    return edit && { title: "Add __slots__ (review: other attributes, set from elsewhere, and weak references then fail)", safety: "review", edits: [edit] };
  },
});

/** Nothing of the file's own among them. */
function hasPlainBases({ bases, hasSplat }: ClassDef, facts: Facts): boolean {
  return !hasSplat && bases.every((it) => facts.nameOf(it.kind === "subscript" ? (it.field("value") ?? it) : it) !== undefined);
}

function isBase(read: Node): boolean {
  const list = read.ancestor("argument_list");
  return list?.parent?.kind === "class_definition";
}

/** Code of the file reaches into instances, or sets attributes that no method sets. */
function isOpen(names: readonly string[], facts: Facts): boolean {
  return (
    [...facts.foreignStores()].some((it) => !names.includes(it)) ||
    ["setattr", "delattr", "vars"].some((it) => facts.view.readsOf(it).length > 0) ||
    importsWeak(facts)
  );
}

/** Called in a loop of many turns for certain, or over what comes in one by one, and the instance outlives the turn. */
function isMadeInBulk(read: Node, facts: Facts): boolean {
  const call = asCall(read.parent);
  if (call?.callee !== read) return false;
  const loops = facts.loopsAround(call.node).flatMap((it) => asComprehension(it)?.clauses.map((clause) => clause.target.parent!) ?? [it]);
  const isLong = loops.reduce((product, it) => product * (turnsOf(it) ?? 1), 1) >= BULK || loops.some((it) => it.fieldAll("right")[0] !== undefined && isStream(it.fieldAll("right")[0]!, facts));
  return isLong && isKept(call.node, facts);
}

const KEEPERS = new Set(["append", "appendleft", "add", "insert", "put", "put_nowait", "push", "setdefault", "heappush"]);

function isKept(value: Node, facts: Facts): boolean {
  const use = useOf(value);
  // `first, second = Point(1), Point(2)` takes the container apart again.
  if (use.kind === "element") return !asAssignment(unwrap(use.in).parent)?.targets.some((it) => it.kind === "pattern_list" || it.kind === "tuple_pattern");
  if (use.kind === "yielded") return true;
  if (use.kind === "argument") return KEEPERS.has(asAttribute(asCall(use.call)?.callee)?.name ?? "");
  if (use.kind !== "assigned") return false;
  const [target, more] = asAssignment(use.in)?.targets ?? [];
  if (!target || more) return false;
  if (target.kind !== "identifier") return target.kind === "subscript" || target.kind === "attribute";
  return facts.readsOf(target).some((it) => functionAround(it) === functionAround(value) && useOf(it).kind !== "assigned" && isKept(it, facts));
}
