/** `__slots__` lists a name that a base lists already: each instance has the field twice. */

import {
  declined,
  defineRule,
  fixOf,
  mayBeImported,
  PLAIN_BASES,
  slotKey,
  slotsAsWritten,
  slotsValue,
  withoutSlots,
  type ClassInfo,
  type Facts,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Slot that a base has already",
  why: "A slot that is listed again is a second field of every instance. Nobody can reach the first one any more, and it takes eight bytes in each. A subclass lists only the names that it adds.",
  guide: "slots",
  level: "info",
  gain: "memory",
  words: ["__slots__"],
  overlaps: ["PLW0244"],
  unlike: "private names and `__dict__` are left alone, and the fix takes the name out",
  fixes: "safe",

  examples: [
    {
      before: `
class Point:
    __slots__ = ("x", "y", "z")

class Vertex(Point):
    __slots__ = ("x", "y", "z", "colour")

    def __init__(self, x: float, y: float, z: float) -> None:
        self.x = x
        self.y = y
        self.z = z
        self.colour = None

def vertices(count: int) -> list[Vertex]:
    return [Vertex(number, 0.0, 1.0) for number in range(count)]

if __name__ == "__main__":
    print(len(vertices(1_000)))
`,
      after: `
class Point:
    __slots__ = ("x", "y", "z")

class Vertex(Point):
    __slots__ = ("colour",)

    def __init__(self, x: float, y: float, z: float) -> None:
        self.x = x
        self.y = y
        self.z = z
        self.colour = None

def vertices(count: int) -> list[Vertex]:
    return [Vertex(number, 0.0, 1.0) for number in range(count)]

if __name__ == "__main__":
    print(len(vertices(1_000)))
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }) {
    if (facts.isTest || (node.field("superclasses")?.children.length ?? 0) === 0) return undefined;
    const info = facts.classInfo(node);
    if (!Array.isArray(info?.slots)) return undefined;
    const value = slotsValue(info);
    if (!value || info.def.keywords.size > 0) return undefined;
    const repeated = new Map(info.slots.map((it) => [it, listing(it, info, facts)] as const));
    const names = info.slots.filter((it) => repeated.get(it));
    const [first] = names;
    // Eight bytes for each object: how many there are is not in sight.
    return first === undefined ? undefined : { at: value, weight: "unknown", info, names, base: repeated.get(first)! };
  },

  message: ({ info, names, base }) =>
    names.length === 1
      ? `\`${base.name}\` has the slot \`${names[0]}\` already: each \`${info.name}\` has room for it twice.`
      : `\`${base.name}\` has ${names.length} of these slots already: each \`${info.name}\` has room for them twice.`,

  fix({ info, names, base }, { facts }) {
    const edit = withoutSlots(info, new Set(names));
    if (!edit) return declined("the slots are written in a form that cannot be shortened, or have a comment inside");
    return fixOf(
      "Leave out what the base has",
      [
        facts.fileMatches(/\.__slots__|["']__slots__["']/)
          ? "code here reads `__slots__`, and finds fewer names"
          : mayBeImported(facts) && "another file may read `__slots__`, and finds fewer names",
        slotsAsWritten(info, facts) === undefined && "a decorator or other code may look at the slots",
        facts.basesOf(info).some((it) => typeof it !== "object" && !PLAIN_BASES.has(it ?? "")) &&
          "a base of another file may look at the slots, or have something else under the name",
        isAskedOfBase(base.name, names, facts) &&
          `code here asks \`${base.name}\` for it, whose field is another one until then`,
        facts.fileMatches(/\.__class__\s*=[^=]/) && "an object can then become one of the base",
      ],
      [edit],
    );
  },
});

/** The base that lists the same name. */
function listing(name: string, info: ClassInfo, facts: Facts): ClassInfo | undefined {
  if (/^__\w+__$/.test(name)) return undefined;
  const key = slotKey(name, info);
  for (const it of facts.basesOf(info)) {
    if (typeof it !== "object") continue;
    if (Array.isArray(it.slots) && it.slots.some((slot: string) => slotKey(slot, it) === key)) return it;
    // A property or value of a nearer base hides the field: the class lists it to have it back.
    if ([...it.attributes, ...it.methods.map(({ def }) => def)].some((own) => own.name === name)) return undefined;
  }
  return undefined;
}

/** `super().x`, `Base.x`, `"x", property(…)`. */
function isAskedOfBase(base: string, names: readonly string[], facts: Facts): boolean {
  const { ofSuper, ofBases, properties } = facts.keptForFixes("asked of bases", () => askedOfBases(facts));
  return names.some((it) => ofSuper.has(it) || ofBases.has(`${base}.${it}`) || properties.has(it));
}

/** Looked for once for all classes: each has names of its own. */
function askedOfBases({ view }: Facts): Readonly<Record<"ofSuper" | "ofBases" | "properties", ReadonlySet<string>>> {
  const [ofSuper, ofBases, properties] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { text } of view.document.pieces) {
    for (const [, base, name] of text.matchAll(OF_BASE))
      if (base === undefined) ofSuper.add(name!);
      else ofBases.add(`${base}.${name}`);
    for (const [, name] of text.matchAll(PROPERTY)) properties.add(name!);
  }
  return { ofSuper, ofBases, properties };
}

/** The dot comes first: it is quick to find, and what stands before it is looked at once. */
const OF_BASE = /\.(?<=(?:\bsuper\([^()\n]*\)|([\p{L}\p{M}\p{N}_]+))\.)([\p{L}\p{M}\p{N}_]+)/gu;
const PROPERTY = /["']([\p{L}\p{M}\p{N}_]+)["']\s*,\s*property/gu;
