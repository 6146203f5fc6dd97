/** All that objects of a class are known to have: what the class, its bases and its file give them. Undefined where something may be given out of sight. */

import { namesOfBase } from "../knowledge/object-names.js";
import type { ClassInfo } from "../semantics/classes.js";
import { classQuestion } from "../semantics/definition-questions.js";
import type { Facts } from "../semantics/facts.js";
import { pieceOf } from "../semantics/piece.js";
import { asCall } from "../syntax/expressions.js";

const PLAIN_DECORATORS = /^(dataclasses\.dataclass|functools\.total_ordering|typing\.(final|runtime_checkable))$/;

/** The names of attributes and methods; of what a class body binds otherwise `isBoundInBody` knows. */
export function knownMembers(info: ClassInfo, facts: Facts): ReadonlySet<string> | undefined {
  const names = namesKnown(info, facts);
  if (names === UNKNOWN) return undefined;
  if (names !== last.names) last = { names, set: new Set(names.split(" ")) };
  return last.set;
}

const UNKNOWN = "?";
/** The methods of a class come one after the other, and all of them ask. */
let last: { readonly names: string; readonly set: ReadonlySet<string> } = { names: "", set: new Set([""]) };

/** Asked for each method of the class, and the same for all of them. */
const namesKnown = classQuestion((info, facts) => [...(collected(info, facts) ?? [UNKNOWN])].join(" "));

function collected(info: ClassInfo, facts: Facts): ReadonlySet<string> | undefined {
  const bases = facts.basesOf(info);
  const names = new Set<string>();
  for (const it of [info, ...bases]) {
    const own = typeof it === "string" ? namesOfBase(it) : it && ownMembers(it, facts);
    if (!own) return undefined;
    for (const name of own) names.add(name);
  }
  return names;
}

function ownMembers(info: ClassInfo, facts: Facts): readonly string[] | undefined {
  const { def, isDynamic, slots, methods, attributes, writes } = info;
  if (isDynamic || slots === "unknown" || def.keywords.size > 0 || def.hasSplat || (def.body && def.node.isBroken))
    return undefined;
  if (!def.decorators.every((it) => PLAIN_DECORATORS.test(facts.nameOf(asCall(it)?.callee ?? it) ?? "")))
    return undefined;
  return [
    ...methods.map((it) => it.def.name),
    ...attributes.map((it) => it.name),
    ...writes.filter((it) => it.kind !== "augment" && it.kind !== "delete").map((it) => it.name),
    ...(slots ?? []),
  ];
}

/** By `for`, `import`, a class or an unpacking in the class body itself, in whichever of its pieces. */
export function isBoundInBody(name: string, { def, methods }: ClassInfo, facts: Facts): boolean {
  const first = def.body?.firstChild;
  if (first && facts.scopeOf(first).bindings.has(name)) return true;
  const [method] = methods;
  return method !== undefined && facts.view.isBoundInBody(name, pieceOf(method.def.node.tree));
}
