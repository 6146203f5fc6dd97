/** A class gets `__slots__` with the attributes that its methods set; a dataclass gets `slots=True`. */

import {
  asCall,
  asClass,
  defineRefactoring,
  importsWeak,
  insertAfter,
  isSlottable,
  replace,
  slotNames,
  slotsEdit,
  useOf,
  type ClassInfo,
  type Edit,
  type Facts,
  type Node,
} from "../analysis/authoring.js";

interface Slotted {
  readonly info: ClassInfo;
  readonly edit: Edit;
  readonly names: readonly string[];
  readonly isDataclass: boolean;
  /** Attributes that are set on objects of unknown type and would have no slot. */
  readonly open: readonly string[];
}

export default defineRefactoring({
  title: "Class to class with __slots__",
  guide: "slots",
  kind: "rewrite",
  on: ["class_definition"],
  reach: "head",
  rules: ["memory/missing-slots"],

  example: {
    before: `
class ‸Particle:
    """A point that moves."""

    def __init__(self, x: float, speed: float) -> None:
        self.x = x
        self.speed = speed
`,
    after: `
class Particle:
    """A point that moves."""

    __slots__ = ("x", "speed")

    def __init__(self, x: float, speed: float) -> None:
        self.x = x
        self.speed = speed
`,
  },

  find(node, _selection, { facts }): Slotted | undefined {
    const info = facts.classInfo(node);
    if (
      !info ||
      isJoined(info, facts) ||
      facts.foreignStores().has("__dict__") ||
      facts.foreignStores().has("__setattr__")
    )
      return undefined;
    const others = new Set(["functools.total_ordering", "typing.final"]);
    const [decorator, ...rest] = info.def.decorators.filter((it) => !others.has(facts.nameOf(it) ?? ""));
    if (rest.length > 0) return undefined;
    return decorator ? dataclassSlots(info, decorator, facts) : plainSlots(info, facts);
  },

  offer: ({ info, isDataclass, names }) =>
    isDataclass
      ? `Give the dataclass \`${info.name}\` slots`
      : `Give \`${info.name}\` __slots__ for ${names.length === 1 ? `\`${names[0]!}\`` : `its ${names.length} attributes`}`,

  doubt({ info, names, open }) {
    const weak = names.includes("__weakref__") ? "" : ", weak references to them fail";
    const unclear =
      open.length > 0
        ? ` This file sets ${open
            .slice(0, 3)
            .map((it) => `\`${it}\``)
            .join(", ")} on objects of unknown type: check that none is a \`${info.name}\`.`
        : "";
    return `Instances then take no other attributes and have no __dict__${weak}, and pickles made before cannot be loaded.${unclear}`;
  },

  apply: ({ edit }) => ({ edits: [edit] }),
});

function plainSlots(info: ClassInfo, facts: Facts): Slotted | undefined {
  const own = isSlottable(info, facts) ? slotNames(info) : undefined;
  const bases = facts.basesOf(info).flatMap((it) => (typeof it === "object" ? [it] : []));
  const inherited = bases.flatMap((it) => (Array.isArray(it.slots) ? (it.slots as readonly string[]) : []));
  const classWide = bases.flatMap((it) => [
    ...it.attributes.map((attribute) => attribute.name),
    ...it.methods.map((method) => method.def.name),
  ]);
  const stores = own && storesBeside(own, info, facts);
  if (!own || !stores || [...own, ...stores.own].some((it) => classWide.includes(it)) || hidesMember(info, stores.own))
    return undefined;
  // A value on the class itself would take the place of the slot.
  if (
    facts
      .usesOf(info.def.nameNode)
      .some((it) => it.kind.startsWith("attribute") && own.includes(it.in.field("attribute")?.text ?? ""))
  )
    return undefined;
  const needsWeak = importsWeak(facts) && !inherited.includes("__weakref__");
  const names = [
    ...[...own, ...stores.own].filter((it) => !inherited.includes(it)),
    ...(needsWeak ? ["__weakref__"] : []),
  ];
  const edit = names.length > 0 ? slotsEdit(info, names, facts) : undefined;
  return edit && { info, edit, names, isDataclass: false, open: stores.unknown };
}

/** A name with a value in the class body cannot be a slot too. */
function hidesMember(info: ClassInfo, names: readonly string[]): boolean {
  return names.some((name) => info.attributes.some((it) => it.name === name) || info.definesMethod(name));
}

/** `slots=True` makes the class anew: what names the first one would fail. */
function dataclassSlots(info: ClassInfo, decorator: Node, facts: Facts): Slotted | undefined {
  const call = asCall(decorator);
  const isOne = facts.nameOf(call?.callee ?? decorator) === "dataclasses.dataclass";
  if (
    !isOne ||
    !facts.hasPython("3.10") ||
    importsWeak(facts) ||
    !isSlottable(info, facts) ||
    facts.basesOf(info).some((it) => typeof it !== "string")
  )
    return undefined;
  if (call && (call.keywords.has("slots") || call.args.length > 0 || call.hasSplat)) return undefined;
  const annotations = info.attributes.filter((it) => it.annotation);
  const fields = annotations.filter((it) => !/\bClassVar\b/.test(it.annotation!.text)).map((it) => it.name);
  const isUnclear = annotations.some((it) => /\bInitVar\b|^['"]/.test(it.annotation!.text));
  const own = info.writes.every((it) => fields.includes(it.name));
  const isNamed = info.methods.some((it) =>
    facts
      .bodyOf(it.def)
      .descendants("identifier")
      .some((name) => name.text === "super" || name.text === "__class__"),
  );
  const readsDefault = facts
    .usesOf(info.def.nameNode)
    .some((it) => it.kind === "attribute" && fields.includes(it.in.field("attribute")?.text ?? ""));
  const stores = storesBeside(fields, info, facts);
  if (fields.length === 0 || isUnclear || !own || isNamed || readsDefault || !stores || stores.own.length > 0)
    return undefined;
  const list = call?.node.field("arguments");
  if (call && (!list || (call.keywords.size > 0 && list.tree.text.slice(list.lastChild!.end, list.end).includes(","))))
    return undefined;
  const last = list?.lastChild;
  const edit = !list
    ? insertAfter(decorator, "(slots=True)")
    : last
      ? insertAfter(last, ", slots=True")
      : replace(list, "(slots=True)");
  return { info, edit, names: fields, isDataclass: true, open: stores.unknown };
}

/** A class that takes this one and others as bases: slots of two bases do not go together. */
function isJoined(info: ClassInfo, facts: Facts): boolean {
  return facts.readsOf(info.def.nameNode).some((it) => {
    const list = it.ancestor("argument_list");
    const user = asClass(list?.parent);
    return user !== undefined && it.parent === list && (user.bases.length > 1 || user.hasSplat);
  });
}

/** Attributes without a slot that the file sets from outside: on instances of the class, and on what is not known. Undefined where their names cannot be read. */
function storesBeside(
  names: readonly string[],
  info: ClassInfo,
  facts: Facts,
): { readonly own: readonly string[]; readonly unknown: readonly string[] } | undefined {
  const reflected = ["setattr", "delattr", "vars"]
    .flatMap((it) => facts.view.readsOf(it))
    .map((it) => asCall(useOf(it).call)?.args[0]);
  if (reflected.some((it) => !it || isInstance(it, info, facts) !== "no")) return undefined;
  const wanted = [...facts.foreignStores()].filter((it) => !names.includes(it));
  const own = new Set<string>();
  const unknown = new Set<string>();
  if (wanted.length === 0) return { own: [], unknown: [] };
  for (const { tree } of facts.view.document.pieces) {
    for (const node of tree.root.descendants("attribute")) {
      const [object, name] = [node.field("object"), node.field("attribute")?.text];
      if (!object || name === undefined || !wanted.includes(name) || useOf(object).kind !== "attribute-store") continue;
      const answer = isInstance(object, info, facts);
      if (answer === "yes") own.add(name);
      else if (answer === "unknown") unknown.add(name);
    }
  }
  return { own: [...own], unknown: [...unknown].filter((it) => !own.has(it)) };
}

function isInstance(value: Node, info: ClassInfo, facts: Facts): "yes" | "no" | "unknown" {
  const found = facts.typeOf(value);
  if (!found) return facts.nameOf(value) === undefined ? "unknown" : "no";
  return found.name === `local.${info.name}` ? "yes" : "no";
}
