/** A class with two bases that both have fields of their own: Python cannot lay out its instances. */

import { defineRule, type ClassInfo, type Facts, type Node } from "../../analysis/authoring.js";

export default defineRule({
  title: "Two bases with slots",
  why: "Slots are at fixed places in an instance, and only one base can have the first places. A class with two such bases fails while it is defined: `TypeError: multiple bases have instance lay-out conflict`. All bases but one need empty slots (`__slots__ = ()`), and the class lists the names itself.",
  guide: "slots",
  level: "error",
  gain: "safety",
  words: ["__slots__"],

  examples: [
    {
      before: `
class Named:
    __slots__ = ("name",)

class Weighed:
    __slots__ = ("weight",)

class Parcel(Named, Weighed):
    __slots__ = ()
`,
      after: `
class Named:
    __slots__ = ()

class Weighed:
    __slots__ = ()

class Parcel(Named, Weighed):
    __slots__ = ("name", "weight")
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }) {
    const info = (node.field("superclasses")?.children.length ?? 0) > 1 ? facts.classInfo(node) : undefined;
    if (!info || info.def.bases.length < 2 || facts.isTest || node.ancestor("try_statement")) return undefined;
    const held = info.def.bases.flatMap((base) => {
      const lineage = lineageOf(base, info, facts);
      return lineage.length > 0 ? [{ base, lineage }] : [];
    });
    for (const [index, one] of held.entries())
      for (const other of held.slice(index + 1)) {
        const isRelated = one.lineage.includes(other.lineage[0]!) || other.lineage.includes(one.lineage[0]!);
        const hasSlots = [one, other].some((it) => !it.lineage[0]!.startsWith("builtins."));
        if (!isRelated && hasSlots) return { at: info.def.nameNode, name: info.name, one: one.base, other: other.base };
      }
    return undefined;
  },

  message: ({ name, one, other }) =>
    `\`${one.text}\` and \`${other.text}\` both have fields at fixed places: defining \`${name}\` fails with a TypeError.`,
});

const OWN_LAYOUT =
  /^builtins\.(?:int|float|complex|str|bytes|bytearray|tuple|list|dict|set|frozenset|BaseException|Exception|ValueError|TypeError|RuntimeError|KeyError|LookupError|IndexError)$/;

/** The classes that give a base its fields, itself first: a class with slots that are not empty, a built-in type. Empty where none does, or it is not known. */
function lineageOf(base: Node, of: ClassInfo, facts: Facts, depth = 8): readonly string[] {
  const node = base.kind === "subscript" ? (base.field("value") ?? base) : base;
  const name = facts.nameOf(node);
  if (name !== undefined) {
    if (!OWN_LAYOUT.test(name)) return [];
    return [/(?:Error|Exception)$/.test(name) ? "builtins.BaseException" : name];
  }
  const info = facts.memo("classes above", of, () => classesAbove(of, facts)).get(node.text);
  if (!info || depth === 0 || info.def.keywords.size > 0 || info.def.decorators.length > 0) return [];
  if (info.slots === "unknown" || info.attributes.filter((it) => it.name === "__slots__").length > 1) return [];
  const above = info.def.bases.map((it) => lineageOf(it, info, facts, depth - 1)).find((it) => it.length > 0) ?? [];
  const hasFields = info.slots?.some((it) => it !== "__dict__" && it !== "__weakref__");
  return hasFields ? [info.name, ...above] : above;
}

function classesAbove(info: ClassInfo, facts: Facts): ReadonlyMap<string, ClassInfo> {
  return new Map(facts.basesOf(info).flatMap((it) => (typeof it === "object" ? [[it.name, it] as const] : [])));
}
