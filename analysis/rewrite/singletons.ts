/** One object that is made when it is first asked for: in `__new__`, by a class method, by a metaclass, or in a global of the module. */

import type { ClassInfo, Facts } from "../semantics/facts.js";
import { asAttribute, asCall, asComparison, asSubscript, unwrap } from "../syntax/expressions.js";
import { asAssignment, asFunction, asIf, functionAround, type FunctionDef } from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";

/** Where the one object is made, and the test that it is not there yet. */
export interface LazySingleton {
  readonly def: FunctionDef;
  /** The class whose method it is; undefined for a global of the module. */
  readonly info: ClassInfo | undefined;
  readonly test: Node;
  readonly form: "none" | "hasattr" | "key";
  /** The `if` under which it is made; undefined where an early `return` stands above. */
  readonly branch: Node | undefined;
  /** `cls` of `cls._instance`, or the name of the class; undefined for a global. */
  readonly holder: Node | undefined;
  /** `_instance`, or the name of the global. */
  readonly name: string;
  /** The statement that makes it. */
  readonly creation: Node;
  readonly value: Node;
}

const MAKERS = new Set(["__new__", "__call__"]);

/** Undefined where a function is no such thing. Cheap for nearly all functions. */
export function lazySingleton(node: Node, facts: Facts): LazySingleton | undefined {
  const def = asFunction(node);
  if (!def || def.isAsync) return undefined;
  const isMethod = MAKERS.has(def.name) || def.outer !== def.node;
  const remote = isMethod ? undefined : globalsOf(def);
  if (!isMethod && remote?.length === 0) return undefined;
  const info = isMethod ? facts.classOf(def.outer) : undefined;
  if (isMethod && !info) return undefined;
  for (const branch of def.body.descendants("if_statement")) {
    const found = asked(branch, info, remote);
    if (!found || functionAround(branch) !== node) continue;
    const { holder, name, form, isAbsent } = found;
    const region = isAbsent ? asIf(branch)!.body : def.body;
    const made = region.descendants("assignment").find((it) => makes(it, holder, name, form));
    const assignment = asAssignment(made?.parent);
    if (!made || !assignment?.value || made.start < branch.start) continue;
    if (!isAbsent && !/^return\b/.test(asIf(branch)!.body.firstChild?.text ?? "")) continue;
    const value = madeValue(assignment.value, region, facts);
    if (!value) continue;
    return {
      def,
      info,
      test: unwrap(asIf(branch)!.condition),
      form,
      branch: isAbsent ? branch : undefined,
      holder,
      name,
      creation: made.parent!,
      value,
    };
  }
  return undefined;
}

/** The names that the function declares global. */
function globalsOf({ body }: FunctionDef): readonly string[] {
  const first = body.children.filter((it) => it.kind === "global_statement");
  return first.flatMap((it) => it.children.map((name) => name.text));
}

interface Asked {
  readonly holder: Node | undefined;
  readonly name: string;
  readonly form: LazySingleton["form"];
  readonly isAbsent: boolean;
}

/** `cls._instance is None`, `not cls._instance`, `not hasattr(cls, "_instance")`, `cls not in cls._instances`; `isAbsent` is false for the opposite. */
function asked(branch: Node, info: ClassInfo | undefined, remote: readonly string[] | undefined): Asked | undefined {
  let condition = unwrap(branch.field("condition")!);
  let isAbsent = true;
  if (condition.kind === "not_operator") {
    condition = unwrap(condition.field("argument")!);
    isAbsent = false;
  }
  const place = (it: Node | undefined, form: Asked["form"], absent: boolean): Asked | undefined => {
    const node = it && unwrap(it);
    if (node?.kind === "identifier" && remote?.includes(node.text))
      return { holder: undefined, name: node.text, form, isAbsent: absent };
    const attribute = asAttribute(node);
    return attribute && info && isClass(attribute.object, info)
      ? { holder: attribute.object, name: attribute.name, form, isAbsent: absent }
      : undefined;
  };
  const comparison = asComparison(condition);
  if (comparison) {
    const { operator, left, right } = comparison;
    if (unwrap(right).kind === "none" && (operator === "is" || operator === "==")) return place(left, "none", isAbsent);
    if (unwrap(right).kind === "none" && (operator === "is not" || operator === "!="))
      return place(left, "none", !isAbsent);
    if (operator === "not in" && info && isClass(left, info)) return place(right, "key", isAbsent);
    if (operator === "in" && info && isClass(left, info)) return place(right, "key", !isAbsent);
    return undefined;
  }
  const call = asCall(condition);
  if (call) {
    const name = call.callee.text === "hasattr" && call.args.length === 2 ? textValue(call.args[1]) : undefined;
    return name !== undefined && info && isClass(call.args[0]!, info)
      ? { holder: call.args[0]!, name, form: "hasattr", isAbsent: !isAbsent }
      : undefined;
  }
  return place(condition, "none", !isAbsent);
}

function isClass(node: Node, info: ClassInfo): boolean {
  return /^(cls|klass|self\.__class__|type\(self\))$/.test(node.text) || node.text === info.name;
}

/** `cls._instance = …`, `cls._instances[cls] = …`, `_client = …`. */
function makes(assignment: Node, holder: Node | undefined, name: string, form: Asked["form"]): boolean {
  if (assignment.parent?.kind !== "expression_statement") return false;
  return asAssignment(assignment.parent)!.targets.some((it) => {
    const target = form === "key" ? asSubscript(it)?.value : it;
    const attribute = asAttribute(target);
    return holder
      ? attribute?.name === name && /^(cls|klass|self|type\(self\)|[A-Z_])/.test(attribute.object.text)
      : target?.text === name;
  });
}

/** A call, or the name that was given one just above. */
function madeValue(value: Node, region: Node, facts: Facts): Node | undefined {
  const node = unwrap(value);
  if (node.kind === "call") return node;
  if (node.kind !== "identifier") return undefined;
  const site = facts.reachingSites(node)[0];
  const given = site?.value && unwrap(site.value);
  return given?.kind === "call" && given.isInside(region) ? given : undefined;
}

/** A lock, or something like it, is held around the making. */
export function isGuarded({ creation, def }: LazySingleton): boolean {
  const held = creation.ancestor("with_statement");
  return (
    (held?.isInside(def.node) ?? false) ||
    def.decorators.some((it) => /lock|synchroni[sz]ed|cache|once/i.test(it.text)) ||
    /\.acquire\(/.test(def.body.text)
  );
}

/** The object is one of the class itself, or of the class that a metaclass makes. */
export function makesOwn({ info, value }: LazySingleton): boolean {
  const call = asCall(value);
  if (!info || !call) return false;
  const callee = call.callee.text;
  return (
    callee === "cls" ||
    callee === "klass" ||
    callee === info.name ||
    /^(super\([^()]*\)|object)\.__(new|call)__$/.test(callee) ||
    /\.__new__$/.test(callee)
  );
}
