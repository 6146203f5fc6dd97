/** Where the file needs an object of a class to be hashable: as a set element, a dict key, or by hash() itself. */

import type { ClassInfo, Facts } from "../semantics/facts.js";
import { useOf, type Use } from "../semantics/uses.js";
import { asCall, asSubscript, typeHead } from "../syntax/expressions.js";
import { asAssignment } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { lastIdentifier } from "../text/identifiers.js";

/** The first such place; undefined where there is none in sight. */
export function hashedUse(info: ClassInfo, facts: Facts): Node | undefined {
  for (const read of facts.readsOf(info.def.nameNode)) {
    const found = inAnnotation(read) ?? ofMade(read, facts);
    if (found) return found;
  }
  for (const { def, kind } of info.methods) {
    if (kind !== "instance" && kind !== "property") continue;
    const cached = def.decorators.find((it) => CACHES.has(facts.nameOf(asCall(it)?.callee ?? it) ?? ""));
    if (cached) return cached;
    const self = def.parameters[0]?.nameNode;
    if (self && def.name !== "__hash__") {
      facts.bodyOf(def);
      const use = facts.usesOf(self).find((it) => isHashed(it, facts));
      if (use) return use.in;
    }
  }
  return undefined;
}

const CACHES = new Set(["functools.cache", "functools.lru_cache"]);
const KEYED = new Set([
  "set",
  "frozenset",
  "dict",
  "Set",
  "FrozenSet",
  "Dict",
  "defaultdict",
  "DefaultDict",
  "OrderedDict",
  "Counter",
  "MutableSet",
  "AbstractSet",
  "Mapping",
  "MutableMapping",
]);

/** `set[Point]`, `dict[Point, int]`. */
function inAnnotation(read: Node): Node | undefined {
  // In an annotation the grammar puts each argument into a node of its own.
  const item = read.parent?.kind === "type" ? read.parent : read;
  const list = item.parent;
  const subscript = list?.kind === "type_parameter" ? list.parent : list;
  if (subscript?.kind !== "generic_type" && subscript?.kind !== "subscript") return undefined;
  const head =
    subscript.kind === "subscript" ? asSubscript(subscript)?.value : (typeHead(subscript) ?? subscript.children[0]);
  if (!head || !KEYED.has(lastIdentifier(head.text)) || head === read) return undefined;
  const first = subscript.kind === "subscript" ? asSubscript(subscript)?.indices[0] : list?.children[0];
  if (first !== item && first !== read) return undefined;
  return subscript;
}

/** `{Point(1, 2)}`, `seen.add(point)` of a name that is given one. */
function ofMade(read: Node, facts: Facts): Node | undefined {
  const call = asCall(read.parent);
  if (call?.callee !== read) return undefined;
  const use = useOf(call.node);
  if (isHashed(use, facts)) return use.in;
  const [target, more] = use.kind === "assigned" ? (asAssignment(use.in)?.targets ?? []) : [];
  if (target?.kind !== "identifier" || more || facts.writesOf(target).length > 1) return undefined;
  return facts.usesOf(target).find((it) => isHashed(it, facts))?.in;
}

function isHashed(use: Use, facts: Facts): boolean {
  const { parent } = use.node;
  if (parent?.kind === "set") return true;
  if (parent?.kind === "set_comprehension") return parent.field("body") === use.node;
  if (parent?.kind === "pair") return parent.field("key") === use.node;
  if (parent?.kind === "subscript") {
    const outer = asSubscript(parent);
    return (
      outer !== undefined &&
      outer.indices[0] === use.node &&
      outer.indices.length === 1 &&
      facts.takenFor(outer.value, "mapping", "strong") !== undefined
    );
  }
  if (use.kind === "argument" && use.call) {
    const call = asCall(use.call)!;
    if (facts.nameOf(call.callee) === "builtins.hash") return true;
    const receiver = call.callee.kind === "attribute" ? call.callee.field("object") : undefined;
    const method = call.callee.field("attribute")?.text;
    return receiver !== undefined && ["add", "discard"].includes(method ?? "") && facts.isA(receiver, "set", "strong");
  }
  return false;
}
