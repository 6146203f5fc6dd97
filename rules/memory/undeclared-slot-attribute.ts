/** `self.name = …` in a class whose `__slots__`, with those of all its bases, do not list the name. */

import {
  asAttribute,
  asFunction,
  declined,
  defineRule,
  excerpt,
  fixOf,
  slotKey,
  slotsAsWritten,
  useOf,
  withSlot,
  type ClassInfo,
  type Declined,
  type Facts,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Attribute that `__slots__` does not list",
  why: "Instances of a class with `__slots__` have no dictionary, so setting an attribute that neither the class nor one of its bases lists raises AttributeError.",
  guide: "slots",
  level: "error",
  gain: "safety",
  overlaps: ["PLE0237"],
  unlike:
    "annotated and several targets, a single text as slots and slots of a base count too; descriptors and decorated classes do not",
  fixes: "review",

  examples: [
    {
      before: `
class Token:
    __slots__ = ("text", "start")

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.end = start + len(text)
`,
      after: `
class Token:
    __slots__ = ("text", "start", "end")

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.end = start + len(text)
`,
    },
  ],

  on: ["attribute"],
  words: ["__slots__"],

  find(node, { facts }) {
    const attribute = asAttribute(node);
    if (
      attribute?.object.kind !== "identifier" ||
      useOf(attribute.object).kind !== "attribute-store" ||
      /^__\w+__$/.test(attribute.name)
    )
      return undefined;
    const info = ownerOf(attribute.object, facts);
    if (!info?.slots || node.ancestor("try_statement")) return undefined;
    const first = info.writes.find(
      (it) => it.name === attribute.name && it.kind !== "annotate" && it.kind !== "delete",
    );
    if (first?.node !== node) return undefined;
    if (!isClosed(info, attribute.name, facts)) return undefined;
    // All classes and their slots are in sight, and it fails whenever it runs.
    return { at: attribute.nameNode, evidence: "proof" as const, weight: "heavy" as const, name: attribute.name, info };
  },

  message: ({ name, info }) =>
    `\`${name}\` is not in the \`__slots__\` of \`${info.name}\`, so setting it raises AttributeError.`,

  fix({ name, info }): Fix | Declined {
    const edit = withSlot(info, name);
    return edit
      ? fixOf(`Add "${excerpt(name, 30)}" to __slots__`, ["check whether another slot was meant"], [edit])
      : declined("the slots are written in a form that takes no further name, or have a comment inside");
  },
});

/** The class of the method whose own `self` the identifier is. */
function ownerOf(self: Node, facts: Facts): ClassInfo | undefined {
  const [site, more] = facts.writesOf(self);
  const def = site?.kind === "parameter" && !more ? asFunction(site.owner.ancestor("function_definition")) : undefined;
  return def?.parameters[0]?.nameNode === site?.name ? def && facts.classOf(def.node) : undefined;
}

const WITHOUT_DICT = new Set(["builtins.object", "abc.ABC", "typing.Generic"]);

/** No instance has a dictionary, none of the classes lists the name or does something of its own with it, and no subclass of the file adds it. */
function isClosed(info: ClassInfo, name: string, facts: Facts): boolean {
  const bases = facts.basesOf(info);
  const infos = [info, ...bases.filter((it) => typeof it === "object")];
  if (
    info.slots?.length === 0 ||
    isAbstract(info, facts) ||
    !bases.every((it) => typeof it === "object" || (it !== undefined && WITHOUT_DICT.has(it)))
  )
    return false;
  return (
    infos.every((it) => slotsAsWritten(it, facts) !== undefined && !lists(it, info, name) && !handles(it, name)) &&
    !facts.readsOf(info.def.nameNode).some(isBase)
  );
}

/** Then a subclass, perhaps of another file, lists what is missing. */
function isAbstract({ methods }: ClassInfo, facts: Facts): boolean {
  return methods.some((it) => it.def.decorators.some((decorator) => facts.nameOf(decorator) === "abc.abstractmethod"));
}

function lists(holder: ClassInfo, writer: ClassInfo, name: string): boolean {
  const wanted = slotKey(name, writer);
  const { slots } = holder;
  return Array.isArray(slots) && slots.some((it: string) => it === "__dict__" || slotKey(it, holder) === wanted);
}

/** A property or another descriptor takes what is stored. */
function handles({ methods, attributes }: ClassInfo, name: string): boolean {
  return methods.some((it) => it.def.name === name) || attributes.some((it) => it.name === name && it.value);
}

function isBase(read: Node): boolean {
  return read.ancestor("argument_list")?.parent?.kind === "class_definition";
}
