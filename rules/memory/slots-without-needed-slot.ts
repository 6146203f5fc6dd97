/** A class with `__slots__` that caches a property, reads `__dict__` or is referred to weakly without the slot for it. */

import {
  asAttribute,
  asCall,
  declined,
  defineRule,
  fixOf,
  inheritedSlots,
  slotsAsWritten,
  withSlot,
  type ClassInfo,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Slots without the slot that is needed",
  why: "Instances of a class with `__slots__` have no dictionary and cannot be referred to weakly. cached_property raises a TypeError there, `vars()` and `__dict__` fail, and so does weakref.ref, unless `__slots__` lists `__dict__` or `__weakref__` too.",
  guide: "slots",
  level: "warning",
  gain: "safety",
  words: ["__slots__"],
  fixes: "review",

  examples: [
    {
      before: `
from functools import cached_property

class Text:
    __slots__ = ("words",)

    def __init__(self, words: list[str]) -> None:
        self.words = words

    @cached_property
    def longest(self) -> str:
        return max(self.words, key=len)
`,
      after: `
from functools import cached_property

class Text:
    __slots__ = ("words", "__dict__")

    def __init__(self, words: list[str]) -> None:
        self.words = words

    @cached_property
    def longest(self) -> str:
        return max(self.words, key=len)
`,
    },
  ],

  on: ["decorator", "call", "attribute"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    if (node.kind === "decorator") return cached(node, facts);
    if (node.kind === "attribute") return dictionary(node, facts);
    return node.field("arguments")?.children.length === 0 ? undefined : weakOrVars(node, facts);
  },

  message: ({ info, slot, what }) =>
    `\`${info.name}\` has slots without \`${slot}\`, so that ${what} fails on its instances.`,

  fix({ info, slot }) {
    const edit = withSlot(info, slot);
    const doubt =
      slot === "__dict__" ? "each instance has a dictionary again" : "each instance has room for weak references";
    return edit
      ? fixOf(`Add "${slot}" to __slots__`, [doubt], [edit])
      : declined("the slots have a form that takes no further name");
  },
});

interface Found {
  readonly at: Node;
  readonly info: ClassInfo;
  readonly slot: "__dict__" | "__weakref__";
  readonly what: string;
}

/** `@cached_property` in a class without a dictionary. */
function cached(node: Node, facts: Facts): Found | undefined {
  if (!node.text.includes("cached_property")) return undefined;
  const [name] = node.children;
  const definition = node.parent?.field("definition");
  if (!name || definition?.kind !== "function_definition" || facts.nameOf(name) !== "functools.cached_property")
    return undefined;
  const info = closed(facts.classOf(definition), "__dict__", facts);
  return (
    info && { at: name, info, slot: "__dict__", what: `the cached property \`${definition.field("name")?.text}\`` }
  );
}

/** `self.__dict__` in a method. */
function dictionary(node: Node, facts: Facts): Found | undefined {
  const attribute = asAttribute(node);
  if (attribute?.name !== "__dict__" || attribute.object.kind !== "identifier" || isGuarded(node)) return undefined;
  const info = closed(classOfSelf(attribute.object, facts), "__dict__", facts);
  return info && { at: node, info, slot: "__dict__", what: `\`${node.text}\`` };
}

/** `weakref.ref(self)`, `vars(self)`, also of what is known to be of a class of the file. */
function weakOrVars(node: Node, facts: Facts): Found | undefined {
  const call = asCall(node);
  const given = call?.args[0];
  if (!call || !given || given.kind !== "identifier" || !/(?:^|\.)(?:ref|proxy|finalize|vars)$/.test(call.callee.text))
    return undefined;
  const name = facts.nameOf(call.callee);
  const slot =
    name === "builtins.vars"
      ? "__dict__"
      : /^weakref\.(?:ref|proxy|finalize)$/.test(name ?? "")
        ? "__weakref__"
        : undefined;
  if (!slot || isGuarded(node)) return undefined;
  const type = facts.typeOf(given)?.name;
  const owner = type?.startsWith("local.") ? facts.classNamed(type.slice(6)) : classOfSelf(given, facts);
  const info = closed(owner, slot, facts);
  return info && { at: call.callee, info, slot, what: `\`${call.callee.text}(${given.text})\`` };
}

function classOfSelf(name: Node, facts: Facts): ClassInfo | undefined {
  if (name.text !== "self") return undefined;
  const method = name.ancestor("function_definition", "lambda", "class_definition");
  return method?.kind === "function_definition" ? facts.classOf(method) : undefined;
}

/** No instance has the slot: the class and all its bases are in sight and list others, and no subclass of the file adds it. */
function closed(info: ClassInfo | undefined, slot: string, facts: Facts): ClassInfo | undefined {
  if (!info || info.slots === undefined || info.slots.length === 0) return undefined;
  const inherited = inheritedSlots(info, facts);
  const own =
    slotsAsWritten(info, facts) ??
    (Array.isArray(info.slots) && info.def.decorators.length === 0 && info.def.keywords.size === 0
      ? info.slots
      : undefined);
  if (!own || !inherited || own.includes(slot) || own.includes("__dict__") || inherited.has(slot)) return undefined;
  const isBase = facts
    .readsOf(info.def.nameNode)
    .some((it) => it.ancestor("argument_list")?.parent?.kind === "class_definition");
  return isBase ? undefined : info;
}

/** Somebody has thought of instances that have none. */
function isGuarded(node: Node): boolean {
  const around = node.ancestor("try_statement", "if_statement", "conditional_expression", "function_definition");
  return around !== undefined && (around.kind !== "function_definition" || around.text.includes("hasattr("));
}
