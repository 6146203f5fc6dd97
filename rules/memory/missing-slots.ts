/** A small class made in bulk whose attributes are all known: each instance has room for a dictionary it does not need. */

import {
  type Binding,
  asAssignment,
  asAttribute,
  asCall,
  asClass,
  asComprehension,
  declined,
  defineRule,
  fileQuestion,
  fixOf,
  functionAround,
  importsWeak,
  isSlottable,
  isStream,
  slotNames,
  slotsEdit,
  turnProduct,
  turnsOf,
  unwrap,
  useOf,
  type ClassDef,
  type Declined,
  type Evidence,
  type Facts,
  type Fix,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** Fewer instances than this save nothing that anybody would notice. */
const BULK = 1000;
/** With more attributes than this it is no small object, and the dictionary is a small part of it. */
const FEW = 10;

export default defineRule({
  title: "Class with many instances but no `__slots__`",
  why: "Without `__slots__` every instance has room for a dictionary and for more attributes than it sets. With `__slots__` it has fixed fields: 32 to 48 bytes less per instance on CPython 3.11 to 3.13 (with two attributes 48 instead of 88, or of 80 on 3.12), and about 100 bytes less before 3.11, where each instance has a dictionary of its own.",
  guide: "slots",
  level: "info",
  differs: { light: "off" },
  gain: "memory",
  overrides: ["classes/missing-repr", "architecture/large-class"],
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
    if (facts.isTest) return undefined;
    const def = asClass(node);
    if (!def || !hasPlainBases(def, facts)) return undefined;
    if (!def.decorators.every((it) => GIVE_BACK.has(facts.nameOf(it) ?? ""))) return undefined;
    if (!MANY.test(def.name) && !facts.view.isCalledInLoops(def.name)) return undefined;
    // Few classes are made in a loop, and looking into a class costs most of what the rule does.
    const binding = facts.bindingOf(def.nameNode);
    const made = binding && madeOf(binding, facts);
    if (!made) return undefined;
    const info = facts.classInfo(node);
    if (!info || !isSlottable(info, facts)) return undefined;
    // What is trained or asked to predict is no small object.
    if (info.methods.some((it) => WORKS.test(it.def.name))) return undefined;
    const names = slotNames(info);
    if (!names || names.length > FEW) return undefined;
    // What a property of the class takes needs no room of its own.
    const taken = [...names, ...info.methods.map((it) => it.def.name)];
    if (isOpen(taken, facts)) return undefined;
    return { at: info.def.nameNode, ...made, info, names };
  },

  message({ info, names, weight, evidence }) {
    const few = names.length === 1 ? "one attribute" : `the same ${names.length} attributes`;
    const room = `Every \`${info.name}\` sets ${few} and has room for a dictionary`;
    if (weight === "heavy") return `${room}; \`__slots__\` saves that memory.`;
    return evidence === "fair"
      ? `${room}; \`__slots__\` saves that memory, which matters if there are many.`
      : `${room}; \`__slots__\` saves that memory, which matters if the loop that makes them is long.`;
  },

  fix({ info, names }, { facts }): Fix | Declined {
    const edit = slotsEdit(info, names, facts);
    return edit
      ? fixOf(
          "Add __slots__",
          ["setting other attributes from outside, `vars()` of an object and weak references then fail"],
          [edit],
        )
      : declined("the class stands on one line");
  },
});

/** Decorators that give back the class itself. */
const GIVE_BACK = new Set(["functools.total_ordering", "typing.final", "typing_extensions.final"]);

/** Nothing of the file's own among them. */
function hasPlainBases({ bases, hasSplat }: ClassDef, facts: Facts): boolean {
  return (
    !hasSplat &&
    bases.every((it) => facts.nameOf(it.kind === "subscript" ? (it.field("value") ?? it) : it) !== undefined)
  );
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

/** Classes of which programs make many, by their names. */
const MANY =
  /^_?([A-Z]\w*)?(Node|Point|Particle|Edge|Vertex|Token|Cell|Vector|Vec[23]|Pixel|Voxel|Atom|Transition|Segment|Leaf)$|^_?([a-z]+_)?(node|point|particle|edge|vertex|token|cell|vector|pixel|voxel|atom|transition|segment|leaf)$/;

const WORKS = /^(fit|predict|transform|forward|train|__call__)$/;

type Bulk = { readonly evidence: Evidence; readonly weight: Weight };

/** Worked out once for all classes of a name. */
function madeOf(binding: Binding, facts: Facts): Bulk | undefined {
  const { name, scope } = binding;
  if (scope.kind !== "module" || scope.parent)
    return facts.memo("is worth slots", binding, () => bulkOf(binding.reads, name, facts));
  const [evidence, weight] = facts.ofFile(BULK_OF_NAME, name).split(" ") as [Evidence | "", Weight];
  return evidence === "" ? undefined : { evidence, weight };
}

const BULK_OF_NAME = fileQuestion((facts, name) => {
  const bulk = bulkOf(facts.view.readsOf(name), name, facts);
  return bulk ? `${bulk.evidence} ${bulk.weight}` : "";
});

/** How many instances there are, by the calls of the class; undefined where they are few, or the name alone says nothing. */
function bulkOf(reads: readonly Node[], name: string, facts: Facts): Bulk | undefined {
  if (reads.some(isBase)) return undefined;
  const weights = reads.map((it) => madeInBulk(it, facts));
  if (weights.includes("heavy")) return { evidence: "proof", weight: "heavy" };
  if (weights.includes("unknown")) return { evidence: "proof", weight: "unknown" };
  if (!MANY.test(name)) return undefined;
  const isMade = reads.some((it) => asCall(it.parent)?.callee === it && facts.weightOf(it) !== "light");
  return isMade ? { evidence: "fair", weight: "unknown" } : undefined;
}

/** Called in a loop, and the instance outlives the turn: heavy where there are many turns for certain, or what comes in one by one. */
function madeInBulk(read: Node, facts: Facts): Weight | undefined {
  const call = asCall(read.parent);
  if (call?.callee !== read) return undefined;
  const loops = facts
    .loopsAround(call.node)
    .flatMap((it) => asComprehension(it)?.clauses.map((clause) => clause.target.parent!) ?? [it]);
  if (loops.length === 0) return undefined;
  const isLong =
    turnProduct(loops, turnsOf, 1) >= BULK ||
    loops.some((it) => it.fieldAll("right")[0] !== undefined && isStream(it.fieldAll("right")[0]!, facts));
  if ((!isLong && turnProduct(loops, turnsOf, Infinity) < BULK) || !isKept(call.node, facts)) return undefined;
  if (isLong) return "heavy";
  return facts.weightOf(call.node) === "light" ? undefined : "unknown";
}

const KEEPERS = new Set([
  "append",
  "appendleft",
  "add",
  "insert",
  "put",
  "put_nowait",
  "push",
  "setdefault",
  "heappush",
]);

function isKept(value: Node, facts: Facts): boolean {
  const use = useOf(value);
  // `first, second = Point(1), Point(2)` takes the container apart again.
  if (use.kind === "element")
    return !asAssignment(unwrap(use.in).parent)?.targets.some(
      (it) => it.kind === "pattern_list" || it.kind === "tuple_pattern",
    );
  if (use.kind === "yielded") return true;
  if (use.kind === "argument") return KEEPERS.has(asAttribute(asCall(use.call)?.callee)?.name ?? "");
  if (use.kind !== "assigned") return false;
  const [target, more] = asAssignment(use.in)?.targets ?? [];
  if (!target || more) return false;
  if (target.kind !== "identifier") return target.kind === "subscript" || target.kind === "attribute";
  return facts
    .readsOf(target)
    .some((it) => functionAround(it) === functionAround(value) && useOf(it).kind !== "assigned" && isKept(it, facts));
}
