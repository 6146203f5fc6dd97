/** What hovers say of how classes are made: metaclasses, creation, slots, descriptors. */

import {
  asClass,
  asFunction,
  defineConstructs,
  statementOf,
  type ClassInfo,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "metaclass=",
    guide: "metaclasses",
    at: [{ argument: "metaclass", of: "class" }],
    says: "The class statement then runs `__prepare__`, the body, the metaclass's `__new__` (in it `__set_name__` and the base's `__init_subclass__`) and its `__init__`. Every subclass inherits it, and two bases with unrelated metaclasses raise TypeError. Registering, checking or completing subclasses needs only `__init_subclass__` or a class decorator.",
    here: metaclassNote,
    example: "class Meta(type):\n    pass\n\nclass Model(‸metaclass=Meta):\n    pass\n",
    unlike: ["print(dict(‸metaclass=type))\n", "def make(‸metaclass=type):\n    return metaclass\n"],
  },
  {
    name: "__new__",
    guide: "pattern-singleton",
    at: [{ defines: "__new__" }],
    says: "Creates the object from the class it gets; `__init__` runs on what it returns if that is an instance of the class. Needed for subclasses of tuple, str or int, whose value is fixed at creation. As a singleton it misleads: `__init__` runs again at each call, and two threads may make two objects. A module-level object or a cached factory does the same plainly.",
    here: newNote,
    example: "class Point(tuple):\n    def ‸__new__(cls, x, y):\n        return super().__new__(cls, (x, y))\n",
    unlike: [
      "def ‸__new__(cls):\n    return object.__new__(cls)\n",
      "class Point(tuple):\n    def make(cls):\n        return tuple.‸__new__(cls)\n",
    ],
  },
  {
    name: "__slots__",
    guide: "slots",
    at: [{ defines: "__slots__" }],
    says: "Instances hold these fields and have no attribute dictionary, which pays where very many of them exist; speed changes little. One base class without slots brings the dictionary back, and a subclass lists only its new names. `cached_property`, `vars()` and class-level defaults of a slot do not work; weak references need a `__weakref__` slot. For a dataclass write `slots=True`.",
    here: slotsNote,
    example: `
class Point:
    ‸__slots__ = ("x", "y")
`,
    unlike: ["‸__slots__ = ()\n", "class Point:\n    def __init__(self):\n        self.‸__slots__ = ()\n"],
  },
  {
    name: "__get__ / __set__",
    guide: "descriptors",
    at: [{ defines: ["__get__", "__set__", "__delete__"] }],
    says: "Works only on an object stored in the class, not on one in an instance. Lookup order: a descriptor with `__set__` or `__delete__`, then the instance's `__dict__`, then a descriptor with `__get__` alone. On access through the class `__get__` receives None as instance and should return itself. Keep values in the instance: one descriptor serves them all.",
    here: descriptorNote,
    example:
      "class Ratio:\n    def ‸__get__(self, instance, owner=None):\n        return self if instance is None else instance._ratio\n",
    unlike: [
      "def ‸__get__(instance, owner):\n    return 1\n",
      "class Ratio:\n    def ‸get(self, name):\n        return 1\n",
    ],
  },
  {
    name: "__set_name__",
    guide: "descriptors",
    at: [{ defines: "__set_name__" }],
    says: "Told once, when the owning class is created, under which name the descriptor was assigned, so the name need not be passed in. A descriptor put on the class afterwards is not told: call it by hand. An error in here stops the class statement; up to 3.11 it arrives wrapped in RuntimeError.",
    example: "class Field:\n    def ‸__set_name__(self, owner, name):\n        self.name = name\n",
    unlike: [
      "def ‸__set_name__(owner, name):\n    return name\n",
      "class Field:\n    def ‸set_name(self, owner, name):\n        self.name = name\n",
    ],
  },
]);

function metaclassNote(node: Node, { facts }: File): string | undefined {
  const value = node.parent?.field("value");
  if (!value) return undefined;
  if (facts.nameOf(value) === "abc.ABCMeta") return "Inheriting from `abc.ABC` says the same.";
  const info = value.kind === "identifier" ? facts.classNamed(value.text) : undefined;
  const names = info?.methods.map((it) => it.def.name) ?? [];
  const hooks = ["__prepare__", "__new__", "__init__", "__call__"].filter((it) => names.includes(it));
  if (!info || hooks.length === 0) return undefined;
  const isPerInstance = hooks.includes("__call__")
    ? " `__call__` runs at each `C(…)`, around creation and `__init__`."
    : "";
  return `\`${info.name}\` takes part in ${hooks.map((it) => `\`${it}\``).join(", ")}.${isPerInstance}`;
}

function classOf(node: Node, { facts }: File): ClassInfo | undefined {
  const def = asFunction(node.parent);
  return def && facts.classOf(statementOf(def.outer));
}

function newNote(node: Node, file: File): string | undefined {
  const info = classOf(node, file);
  const hasInit = info?.methods.some((it) => it.def.name === "__init__") ?? false;
  const isKept = asFunction(node.parent)!
    .body.descendants("attribute")
    .some((it) => it.fieldName === "left" && ["cls", info?.name].includes(it.field("object")?.text));
  if (!isKept) return undefined;
  return hasInit
    ? "Keeps an object on the class: `__init__` of this class runs again on it at every call."
    : "Keeps an object on the class: a subclass can be handed its parent's object.";
}

function slotsNote(node: Node, file: File): string | undefined {
  const info = file.facts.classOf(statementOf(node));
  const { slots } = info ?? {};
  if (!info || slots === undefined || slots === "unknown") return undefined;
  const fields = slots.filter((it) => it !== "__dict__" && it !== "__weakref__");
  const count = fields.length === 1 ? "One field" : `${fields.length} fields`;
  if (slots.includes("__dict__"))
    return `${count} in slots; \`__dict__\` among them allows any other attribute, in a dictionary that each instance may get.`;
  const repeated = repeatedSlots(info, fields, file);
  if (repeated.length > 0)
    return `${repeated.map((it) => `\`${it}\``).join(", ")} already ${repeated.length === 1 ? "is a slot" : "are slots"} of a base class: repeating costs 8 bytes each and hides the base's field.`;
  if (info.def.bases.length > 0 && !isWithoutDict(info, file))
    return fields.length === 0 ? undefined : `${count}. Saves memory only if every base class has slots too.`;
  // 88 against 48 bytes with two fields; each further one is a pointer in both forms.
  return fields.length === 0
    ? "No field of its own: keeps the dictionary away from subclasses that have slots."
    : `${count}: about 40 bytes saved for each instance on CPython 3.11.`;
}

function repeatedSlots(info: ClassInfo, fields: readonly string[], { facts }: File): readonly string[] {
  const inherited = facts
    .basesOf(info)
    .flatMap((it) => (typeof it === "object" && Array.isArray(it.slots) ? (it.slots as readonly string[]) : []));
  return fields.filter((it) => inherited.includes(it));
}

const SLOTTED = new Set(["builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"]);

/** All bases are known to have slots. */
function isWithoutDict(info: ClassInfo, { facts }: File): boolean {
  return facts
    .basesOf(info)
    .every(
      (it) =>
        (typeof it === "string" && SLOTTED.has(it)) ||
        (typeof it === "object" && it.slots !== undefined && it.slots !== "unknown" && !it.slots.includes("__dict__")),
    );
}

function descriptorNote(node: Node, file: File): string | undefined {
  const info = classOf(node, file);
  if (!info || asClass(info.def.node) === undefined) return undefined;
  const names = [...info.methods.map((it) => it.def.name), ...info.attributes.map((it) => it.name)];
  if (names.includes("__set__") || names.includes("__delete__"))
    return "A data descriptor: it comes before an entry of the same name in the instance's `__dict__`.";
  return info.def.bases.length === 0 && !info.def.hasSplat
    ? "No `__set__`: assigning on an instance stores a value that hides this descriptor from then on."
    : undefined;
}
