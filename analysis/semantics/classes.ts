/** What a class of the file consists of: bases, members, the attributes its methods give to `self`, its slots. */

import { asAttribute, asCall, asMethodCall, unwrap } from "../syntax/expressions.js";
import {
  asAssignment,
  asClass,
  asFunction,
  functionAround,
  type ClassDef,
  type FunctionDef,
} from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";

export interface Method {
  readonly def: FunctionDef;
  readonly kind: "instance" | "class" | "static" | "property" | "other";
  /** What the method calls its first parameter: usually `self`. */
  readonly self: string | undefined;
}

export interface ClassAttribute {
  readonly name: string;
  readonly nameNode: Node;
  readonly statement: Node;
  readonly value: Node | undefined;
  readonly annotation: Node | undefined;
}

/** `self.name = value`, also `+=`, annotations, loop targets and deletions. */
export interface SelfWrite {
  readonly name: string;
  readonly node: Node;
  readonly method: Method;
  readonly value: Node | undefined;
  readonly annotation: Node | undefined;
  /** Of `self.x, self.y = pair`: what is unpacked. */
  readonly whole: Node | undefined;
  readonly kind: "assign" | "augment" | "annotate" | "delete" | "unpack";
}

/** A class of the file: its bases, methods and attributes, joined over all its pieces. */
export interface ClassInfo {
  readonly def: ClassDef;
  readonly name: string;
  readonly methods: readonly Method[];
  /** The method of a name; none where two are defined by it. */
  methodNamed(name: string): Method | undefined;
  /** Some method has the name: of a class with thousands of them none is looked at. */
  definesMethod(name: string): boolean;
  /** The method that is this function definition. */
  methodOf(definition: Node): Method | undefined;
  readonly attributes: readonly ClassAttribute[];
  readonly writes: readonly SelfWrite[];
  /** The names in `__slots__`; undefined without one; "unknown" where they cannot be read. */
  readonly slots: readonly string[] | "unknown" | undefined;
  readonly slotsNode: Node | undefined;
  /** Attributes may come from elsewhere: `setattr(self, …)`, `self.__dict__`, `vars(self)`, `__setattr__`, `exec` in the body. */
  readonly isDynamic: boolean;
}

/** @param body the statements of the class body, wherever their pieces are */
export function classInfo(def: ClassDef, body: readonly Node[]): ClassInfo {
  const methods: Method[] = [];
  const attributes: ClassAttribute[] = [];
  let slots: ClassInfo["slots"];
  let slotsNode: Node | undefined;

  const visit = (statement: Node): void => {
    const method = asFunction(statement);
    if (method) {
      methods.push(methodOf(method));
      return;
    }
    const assignment = asAssignment(statement);
    if (!assignment) {
      // Members may be defined under a condition.
      for (const block of statement.descendants("block"))
        if (functionAround(block) === undefined && !block.ancestor("class_definition")?.isInside(statement))
          block.children.forEach(visit);
      return;
    }
    for (const target of assignment.targets) {
      if (target.kind !== "identifier") continue;
      attributes.push({
        name: target.text,
        nameNode: target,
        statement,
        value: assignment.value,
        annotation: assignment.annotation,
      });
      if (target.text === "__slots__") {
        slots = slotNames(assignment.value);
        slotsNode = assignment.node;
      }
    }
  };
  body.forEach(visit);

  const writes = methods.flatMap(selfWrites);
  const isDynamic =
    methods.some(
      (it) => it.def.name === "__setattr__" || it.def.name === "__getattr__" || it.def.name === "__getattribute__",
    ) || methods.some(isDynamicMethod);
  const byName = new Map<string, Method | null>();
  for (const it of methods) byName.set(it.def.name, byName.has(it.def.name) ? null : it);
  const byNode = new Map(methods.map((it) => [it.def.node, it]));
  return {
    def,
    name: def.name,
    methods,
    methodNamed: (name) => byName.get(name) ?? undefined,
    definesMethod: (name) => byName.has(name),
    methodOf: (definition) => byNode.get(definition),
    attributes,
    writes,
    slots,
    slotsNode,
    isDynamic,
  };
}

/** Equal prints: nothing that others may rely on differs. Asked only where something was edited. */
export function printClass({ def, methods, attributes, writes, isDynamic }: ClassInfo): string {
  return JSON.stringify([
    def.node.tree.text.slice(def.outer.start, def.body?.start ?? def.outer.end),
    methods.map((it) => headOf(it.def)),
    attributes.map((it) => [it.name, it.annotation?.text, it.value?.text]),
    [
      ...new Set(
        writes.map(
          (it) =>
            `${it.name} ${it.kind} ${it.method.def.name} ${(it.value ?? it.whole)?.text ?? ""} ${it.annotation?.text ?? ""}`,
        ),
      ),
    ],
    isDynamic,
  ]);
}

function headOf(def: FunctionDef): string {
  return def.node.tree.text.slice(def.outer.start, def.body.start);
}

function methodOf(def: FunctionDef): Method {
  const names = def.decorators.map(
    (it) => asAttribute(asCall(it)?.callee ?? it)?.name ?? (asCall(it)?.callee ?? it).text,
  );
  const first = def.parameters[0];
  const self = first && first.star === "" && !first.isKeywordOnly ? first.name : undefined;
  if (names.includes("staticmethod")) return { def, kind: "static", self: undefined };
  if (
    names.includes("classmethod") ||
    def.name === "__new__" ||
    def.name === "__init_subclass__" ||
    def.name === "__class_getitem__"
  )
    return { def, kind: "class", self: undefined };
  if (
    names.some(
      (it) => it === "property" || it === "cached_property" || it === "setter" || it === "getter" || it === "deleter",
    )
  )
    return { def, kind: "property", self };
  return { def, kind: "instance", self };
}

function slotNames(value: Node | undefined): ClassInfo["slots"] {
  if (!value) return "unknown";
  const node = unwrap(value);
  const single = textValue(node);
  if (single !== undefined) return [single];
  const items =
    node.kind === "dictionary"
      ? node.children.map((it) => it.field("key"))
      : ["tuple", "list", "set", "expression_list"].includes(node.kind)
        ? node.children
        : undefined;
  const names = items?.map((it) => textValue(it));
  return names?.every((it) => it !== undefined) ? names : "unknown";
}

function selfWrites(method: Method): readonly SelfWrite[] {
  const { self, def } = method;
  if (!self) return [];
  return def.body.descendants("attribute").flatMap((node): SelfWrite[] => {
    const write = writeOf(node);
    const attribute = write && asAttribute(node);
    if (!write || attribute?.object.kind !== "identifier" || attribute.object.text !== self) return [];
    const { kind, value, annotation, whole } = write;
    return [{ kind, value, annotation, whole, name: attribute.name, node, method }];
  });
}

function writeOf(target: Node): Pick<SelfWrite, "kind" | "value" | "annotation" | "whole"> | undefined {
  const { parent } = target;
  if (!parent || (target.fieldName !== "left" && parent.kind !== "delete_statement" && !PATTERNS.has(parent.kind)))
    return undefined;
  if (parent.kind === "assignment") {
    const outermost = outermostAssignment(parent);
    const { value, annotation } = asAssignment(outermost) ?? { value: undefined, annotation: undefined };
    return { kind: value ? "assign" : "annotate", value, annotation, whole: undefined };
  }
  if (parent.kind === "augmented_assignment") return { ...UNSTATED, kind: "augment", value: parent.field("right") };
  if (parent.kind === "delete_statement") return { ...UNSTATED, kind: "delete" };
  const unpacks = PATTERNS.has(parent.kind) || parent.kind === "for_statement" || parent.kind === "for_in_clause";
  return unpacks ? { ...UNSTATED, kind: "unpack", whole: unpackedAt(target) } : undefined;
}

const UNSTATED = { value: undefined, annotation: undefined, whole: undefined } as const;

/** What the assignment around a pattern takes apart. */
function unpackedAt(target: Node): Node | undefined {
  let node = target;
  while (node.parent && PATTERNS.has(node.parent.kind)) node = node.parent;
  const { parent } = node;
  return parent?.kind === "assignment" && node.fieldName === "left"
    ? asAssignment(outermostAssignment(parent))?.value
    : undefined;
}

const PATTERNS = new Set(["pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "as_pattern_target"]);

function outermostAssignment(node: Node): Node {
  let outer = node;
  while (outer.parent?.kind === "assignment") outer = outer.parent;
  return outer;
}

/** What any of it takes; few methods have it. */
const MAY_REFLECT = /__dict__|__class__|__set(?:attr|state)__|\b(?:setattr|delattr|vars)\b/;
const REFLECTION = new Set(["setattr", "delattr", "vars"]);

function isDynamicMethod({ def, self }: Method): boolean {
  if (!self || !MAY_REFLECT.test(def.body.text)) return false;
  const touchesDict = def.body.descendants("attribute").some((it) => {
    const attribute = asAttribute(it);
    return (
      attribute?.name === "__dict__" ||
      (attribute?.name === "__class__" && attribute.object.text === self && it.fieldName === "left")
    );
  });
  const reflects = def.body.descendants("call").some((it) => {
    const call = asCall(it);
    const first = call?.args[0];
    if (call && REFLECTION.has(call.callee.text)) return first?.text === self || first === undefined;
    return (
      asMethodCall(it, "__setattr__", "__setstate__", "update") !== undefined && it.text.includes(`${self}.__dict__`)
    );
  });
  return touchesDict || reflects;
}

/** The class whose body directly holds a function definition, within the same piece. */
export function classAround(def: Node): ClassDef | undefined {
  let node = def.parent;
  while (
    node &&
    (node.kind === "decorated_definition" ||
      node.kind === "block" ||
      node.kind === "if_statement" ||
      node.kind === "else_clause" ||
      node.kind === "try_statement")
  )
    node = node.parent;
  return node?.kind === "class_definition" ? asClass(node) : undefined;
}
