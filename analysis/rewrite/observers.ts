/** A collection of an object to which others are added, and whose elements are called one after the other: observers, listeners, callbacks. */

import type { ClassInfo, Facts } from "../semantics/facts.js";
import { asAttribute, asCall, asMethodCall } from "../syntax/expressions.js";
import { functionAround, type ForLoop, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** The attribute with its loop, and what the class does to it. */
export interface Observers {
  readonly info: ClassInfo;
  /** `_observers`. */
  readonly name: string;
  readonly self: string;
  /** What the attribute is begun with. */
  readonly begun: "list" | "set" | "dict";
  /** `self._observers.append(observer)`, of a parameter. */
  readonly adding: Node;
  readonly addedIn: FunctionDef;
  /** `self._observers.remove(observer)`, a slice, an assignment elsewhere: whatever may take one out. */
  readonly removing: Node | undefined;
}

const ADD = new Set(["append", "add", "insert", "appendleft"]);
const TAKE = new Set(["remove", "discard", "pop", "clear", "popleft"]);

/** Undefined where the loop goes through something else, or does not call its elements. */
export function observersOf({ node, target, iterable, body }: ForLoop, facts: Facts): Observers | undefined {
  const attribute = asAttribute(iterable);
  if (attribute?.object.kind !== "identifier" || target.kind !== "identifier" || attribute.object.text !== "self")
    return undefined;
  const def = functionAround(node);
  const info = def && facts.classOf(def.parent?.kind === "decorated_definition" ? def.parent : def);
  if (!info || info.isDynamic) return undefined;
  const isCalled = body.descendants("call").some((it) => {
    return asCall(it)?.callee.text === target.text || asMethodCall(it)?.object.text === target.text;
  });
  if (!isCalled) return undefined;
  const { name } = attribute;
  return facts.memo(`observers in ${name}`, info.def.node, () => observersIn(name, info, facts));
}

function observersIn(name: string, info: ClassInfo, facts: Facts): Observers | undefined {
  const begun = info.writes
    .filter((it) => it.name === name && it.method.def.name === "__init__")
    .map((it) => kindOf(it.value))[0];
  if (!begun) return undefined;
  let adding: { readonly at: Node; readonly def: FunctionDef } | undefined;
  let removing = info.writes.find((it) => it.name === name && it.method.def.name !== "__init__")?.node;
  for (const { def: method } of info.methods) {
    for (const it of facts.bodyOf(method).descendants("attribute")) {
      if (it.text !== `self.${name}`) continue;
      const use = asMethodCall(it.parent?.parent);
      if (it.parent?.kind === "delete_statement" || it.parent?.parent?.kind === "delete_statement") removing ??= it;
      if (it.parent?.kind === "subscript" && it.parent.fieldName === "left" && begun !== "dict") removing ??= it;
      if (use?.object !== it) continue;
      if (TAKE.has(use.method)) removing ??= use.node;
      const given = use.args.at(-1);
      if (ADD.has(use.method) && given && method.parameters.slice(1).some((own) => own.name === given.text))
        adding ??= { at: use.node, def: method };
    }
  }
  return adding && { info, name, self: "self", begun, adding: adding.at, addedIn: adding.def, removing };
}

function kindOf(value: Node | undefined): Observers["begun"] | undefined {
  const text = value?.text ?? "";
  if (text === "[]" || text === "list()") return "list";
  return text === "set()" ? "set" : undefined;
}
