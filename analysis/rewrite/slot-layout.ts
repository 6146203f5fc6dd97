/** The slots of a class as they are written, what its bases add to them, and lists of slots with a name more or less. */

import { insertAfter, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import type { ClassInfo } from "../semantics/classes.js";
import type { Facts } from "../semantics/facts.js";
import { unwrap } from "../syntax/expressions.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";

/** The names in `__slots__`, where they are as they are written there, once, and nothing else takes part in making the class. */
export function slotsAsWritten(
  { def, slots, attributes, isDynamic }: ClassInfo,
  facts: Facts,
): readonly string[] | undefined {
  const [statement, more] = attributes.filter((it) => it.name === "__slots__");
  if (!Array.isArray(slots) || !statement || more || isDynamic || def.keywords.size > 0 || def.decorators.length > 0)
    return undefined;
  const binding = facts.bindingOf(statement.nameNode);
  return binding?.sites.length === 1 && binding.reads.length === 0 ? slots : undefined;
}

/** Under which name the class keeps a slot: `__name` inside a class is `_Class__name`. */
export function slotKey(name: string, { name: owner }: ClassInfo): string {
  return /^__\w*[^_]_?$/.test(name) ? `_${owner.replace(/^_+/, "")}${name}` : name;
}

/** Bases of Python's own that give an instance neither a dictionary nor fields. */
export const PLAIN_BASES: ReadonlySet<string> = new Set([
  "builtins.object",
  "abc.ABC",
  "typing.Generic",
  "typing.Protocol",
]);

/** All names that the bases list, where every base is in sight and none gives an instance a dictionary. */
export function inheritedSlots(info: ClassInfo, facts: Facts): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const base of facts.basesOf(info)) {
    if (typeof base === "string" && PLAIN_BASES.has(base)) continue;
    const slots = typeof base === "object" ? slotsAsWritten(base, facts) : undefined;
    if (!slots || slots.includes("__dict__")) return undefined;
    for (const it of slots) names.add(slotKey(it, base as ClassInfo));
  }
  return names;
}

/** The value of `__slots__`. */
export function slotsValue({ attributes }: ClassInfo): Node | undefined {
  const value = attributes.find((it) => it.name === "__slots__")?.value;
  return value && unwrap(value);
}

/** The slots with one name more, laid out as they are. Undefined for forms that take none, and where a comment stands inside. */
export function withSlot(info: ClassInfo, name: string): Edit | undefined {
  const node = slotsValue(info);
  if (!node || node.comments.length > 0) return undefined;
  if (textValue(node) !== undefined)
    return /^["'][^"'\n]*["']$/.test(node.text)
      ? replace(node, `(${node.text}, ${quotedLike(node, name)})`)
      : undefined;
  const last = LISTS.has(node.kind) ? node.lastChild : undefined;
  if (!last) return undefined;
  const before = node.children.at(-2);
  const gap = before ? node.tree.text.slice(before.end, last.start) : ", ";
  const item = quotedLike(last, name);
  if (gap.includes("\n") || node.text.includes("\n"))
    return insertAfter(last, `${gap.includes("\n") ? gap : ", "}${item}`);
  const comma = node.allChildren.findLast((it) => it.token === ",");
  return comma && comma.start >= last.end
    ? replace({ tree: last.tree, start: last.end, end: comma.end }, `, ${item}`)
    : insertAfter(last, `, ${item}`);
}

const LISTS: ReadonlySet<string> = new Set(["tuple", "list", "set", "expression_list"]);

function quotedLike(text: Node, name: string): string {
  const quote = text.text.endsWith("'") ? "'" : '"';
  return `${quote}${name}${quote}`;
}

/** The slots without some of their names, on one line or as they are laid out. Undefined as for `withSlot`. */
export function withoutSlots(info: ClassInfo, names: ReadonlySet<string>): Edit | undefined {
  const node = slotsValue(info);
  if (!node || node.comments.length > 0) return undefined;
  if (textValue(node) !== undefined) return replace(node, "()");
  if (!LISTS.has(node.kind)) return undefined;
  const kept = node.children.filter((it) => !names.has(textValue(it) ?? ""));
  const [open, close] = node.kind === "list" ? ["[", "]"] : node.kind === "set" ? ["{", "}"] : ["(", ")"];
  if (kept.length === 0) return replace(node, "()");
  if (node.kind !== "expression_list" && /\n/.test(node.text)) {
    const [first] = node.children;
    const gap = node.tree.text.slice(node.start + 1, first!.start);
    const end = node.tree.text.slice(node.lastChild!.end, node.end - 1);
    return replace(
      node,
      `${open}${gap}${kept.map((it) => it.text).join(`,${gap.includes("\n") ? gap : " "}`)}${end}${close}`,
    );
  }
  return replace(
    node,
    `${open}${kept.map((it) => it.text).join(", ")}${node.kind !== "list" && node.kind !== "set" && kept.length === 1 ? "," : ""}${close}`,
  );
}
