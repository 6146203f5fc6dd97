/** What `__slots__` of a class would hold, whether the class can do without a dictionary, and where the line goes. */

import type { ClassInfo } from "../semantics/classes.js";
import type { Facts } from "../semantics/facts.js";
import { asAttribute } from "../syntax/expressions.js";
import { expressionOf, indentOf, statementsOf } from "../syntax/statements.js";
import type { Node, Tree } from "../syntax/tree.js";
import { PLAIN_BASES } from "./slot-layout.js";
import { lineBelow } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";

/** Nothing in the class itself, its bases or its methods' decorators needs a dictionary in the instances. */
export function isSlottable(info: ClassInfo, facts: Facts): boolean {
  if (info.slots !== undefined || info.isDynamic || info.def.keywords.size > 0 || !hasSlottedBases(info, facts))
    return false;
  return info.methods.every((it) => it.def.decorators.every((decorator) => needsNoDict(decorator, facts)));
}

/** A base with a dictionary gives one to every instance, and an unknown one may set attributes. */
function hasSlottedBases(info: ClassInfo, facts: Facts): boolean {
  return facts
    .basesOf(info)
    .every(
      (it) =>
        (typeof it === "string" && PLAIN_BASES.has(it)) ||
        (typeof it === "object" && Array.isArray(it.slots) && !it.slots.includes("__dict__")),
    );
}

/** The attributes that the methods set, in order of first assignment, `__init__` first. Undefined where one of them means something in the class body too. */
export function slotNames(info: ClassInfo): readonly string[] | undefined {
  const writes = info.writes.filter((it) => it.kind === "assign" || it.kind === "unpack");
  const first = writes.filter((it) => it.method.def.name === "__init__");
  if (first.length === 0) return undefined;
  const names = [...new Set([...first, ...info.writes].map((it) => it.name))];
  const inBody = new Set([
    ...info.methods.map((it) => it.def.name),
    ...info.attributes.filter((it) => it.value).map((it) => it.name),
  ]);
  const nested = nestedClasses(info);
  return names.some((it) => inBody.has(it) || nested.some((classes) => classes.has(it)) || /^__\w+__$/.test(it))
    ? undefined
    : names;
}

function nestedClasses(info: ClassInfo): readonly ReadonlySet<string>[] {
  const trees = new Set([info.def.node.tree, ...info.methods.map((it) => it.def.node.tree)]);
  const namesIn = ({ root }: Tree) =>
    new Set(root.descendants("class_definition").map((inner) => inner.field("name")?.text ?? ""));
  return [...trees].map((it) => it.index.kept("class names", () => namesIn(it)));
}

const DESCRIPTORS = new Set([
  "builtins.property",
  "builtins.staticmethod",
  "builtins.classmethod",
  "abc.abstractmethod",
  "typing.override",
  "typing.final",
  "typing.overload",
  "contextlib.contextmanager",
]);

/** An unknown decorator may keep something in the instance's dictionary, as `cached_property` does. */
function needsNoDict(decorator: Node, facts: Facts): boolean {
  const accessor = asAttribute(decorator)?.name;
  return accessor === "setter" || accessor === "deleter" || DESCRIPTORS.has(facts.nameOf(decorator) ?? "");
}

/** What a file imports to hold instances weakly: that needs a slot of its own. */
const WEAK = [
  "weakref",
  "ref",
  "proxy",
  "finalize",
  "WeakMethod",
  "WeakSet",
  "WeakKeyDictionary",
  "WeakValueDictionary",
];

/** Whether the file imports something that needs weak references, so that instances with slots need a `__weakref__`. */
export function importsWeak(facts: Facts): boolean {
  return WEAK.some((it) => facts.view.sitesOf(it).some(({ imported }) => imported?.module === "weakref"));
}

/** Below the docstring, or else below the line that ends the head of the class. */
export function slotsEdit(
  { def, methods }: ClassInfo,
  names: readonly string[],
  { lineLength }: Facts,
): Edit | undefined {
  const [first = methods[0]?.def.outer] = def.body ? statementsOf(def.body) : [];
  const colon = def.node.allChildren.findLast((it) => it.token === ":");
  if (!first || !colon) return undefined;
  const unit = indentOf(first).slice(indentOf(def.node).length);
  const isDocstring = expressionOf(first)?.kind === "string" && first.tree === def.node.tree;
  if (unit === "") return undefined;
  const lines = list(names, indentOf(first), unit, lineLength);
  const isSpaced = /^[^\n]*\n[ \t]*\r?\n/.test(def.node.tree.text.slice(isDocstring ? first.end : colon.end));
  if (isDocstring) return lineBelow(first, isSpaced ? `\n${lines}` : `${lines}\n`);
  return lineBelow(colon, `${lines.replace(/^/gm, unit)}${isSpaced ? "" : "\n"}`);
}

function list(names: readonly string[], indent: string, unit: string, lineLength: number): string {
  const quoted = names.map((it) => `"${it}"`);
  const line = `__slots__ = (${quoted.join(", ")}${quoted.length === 1 ? "," : ""})`;
  return indent.length + line.length <= lineLength
    ? line
    : `__slots__ = (\n${quoted.map((it) => `${unit}${it},\n`).join("")})`;
}
