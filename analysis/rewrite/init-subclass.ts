/** From a metaclass that only looks at each new class to `__init_subclass__` of the class that uses it. */

import type { ClassInfo } from "../semantics/classes.js";
import type { Facts } from "../semantics/facts.js";
import { useOf } from "../semantics/uses.js";
import { asAttribute, asCall, asMethodCall } from "../syntax/expressions.js";
import {
  asClass,
  asIf,
  expressionOf,
  functionAround,
  indentOf,
  statementsOf,
  type ClassDef,
  type FunctionDef,
} from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { between, lineBelow, linesOf, reindented, remove, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import { identifierPattern } from "../text/identifiers.js";

export interface PlainMetaclass {
  readonly info: ClassInfo;
  readonly makers: readonly FunctionDef[];
  /** The classes that name it as their metaclass. */
  readonly users: readonly ClassDef[];
  /** `Registering.registry`, read elsewhere in the file. */
  readonly reads: readonly Node[];
}

/** A metaclass that makes each class as it was given and does nothing else but look at it. */
export function plainMetaclass(node: Node, facts: Facts): PlainMetaclass | undefined {
  const def = asClass(node);
  const [base, more] = def?.bases ?? [];
  if (
    !def ||
    !base ||
    more ||
    facts.nameOf(base) !== "builtins.type" ||
    def.keywords.size > 0 ||
    def.decorators.length > 0
  )
    return undefined;
  const info = facts.classInfo(node);
  const makers = info?.methods.map((it) => it.def).filter((it) => MAKERS.has(it.name)) ?? [];
  if (
    !info ||
    makers.length === 0 ||
    makers.length < info.methods.length ||
    info.attributes.some((it) => it.name.startsWith("__"))
  )
    return undefined;
  if (!makers.every((it) => makesPlainly(it, facts))) return undefined;
  const used = usersOf(info, facts);
  return used && used.users.length > 0 ? { info, makers, ...used } : undefined;
}

/** The metaclass goes, the class that uses it gets the hook. `actsOnBase`: the metaclass does its work for that class itself too, the hook does not. */
export function initSubclass(
  info: ClassInfo,
  users: readonly ClassDef[],
  facts: Facts,
  reads: readonly Node[] = [],
): { readonly edits: readonly Edit[]; readonly actsOnBase: boolean } | undefined {
  const [user, more] = users;
  const [method, other] = info.methods;
  if (
    !user?.body ||
    more ||
    !method ||
    other ||
    method.def.node.tree !== info.def.node.tree ||
    user.bases.length > 0 ||
    user.keywords.size > 1 ||
    user.hasSplat
  )
    return undefined;
  const own = facts.classInfo(user.node);
  const taken = [...(own?.attributes.map((it) => it.name) ?? []), ...(own?.methods.map((it) => it.def.name) ?? [])];
  const hook = hookOf(method.def, info, user, facts);
  const lines = linesOf(info.def.outer);
  const list = user.node.field("superclasses");
  if (
    !hook ||
    !lines ||
    !list ||
    info.def.node.comments.length > 0 ||
    list.comments.length > 0 ||
    info.attributes.some((it) => taken.includes(it.name))
  )
    return undefined;
  const attributes = info.attributes.map((it) => it.statement.text);
  if (attributes.some((it) => it.includes("\n"))) return undefined;
  const text = [...attributes, ...(attributes.length > 0 ? [""] : []), hook.text].join("\n");
  const body = statementsOf(user.body);
  if (body.length === 0) return undefined;
  const edits = [
    remove(withBlankLines(lines)),
    remove(list),
    insertion(body, text),
    ...reads.map((it) => replace(it.field("object")!, user.name)),
  ];
  return { edits, actsOnBase: hook.actsOnBase };
}

const MAKERS = new Set(["__new__", "__init__"]);

/** It makes the class from what it was given, as it was given, and hands out that class. */
function makesPlainly(def: FunctionDef, facts: Facts): boolean {
  const isNew = def.name === "__new__";
  const [own, name, bases, namespace, ...rest] = def.parameters;
  if (
    !own ||
    !name ||
    !bases ||
    !namespace ||
    rest.some((it) => it.star !== "**") ||
    def.decorators.length > 0 ||
    def.isAsync
  )
    return false;
  const body = facts.bodyOf(def);
  if (/__(slots|classcell|prepare|mro|qualname)__/.test(body.text)) return false;
  const made = body.descendants("call").filter((it) => isCreation(it, def.name, facts));
  const [creation, more] = made;
  if (!creation) return !isNew;
  const wanted = [...(isNew ? [own] : []), name, bases, namespace].map((it) => it.name);
  const passed = asCall(creation)!.args.map((it) => it.text);
  const given = passed[0] === own.name && !isNew ? passed.slice(1) : passed;
  if (more || given.join() !== wanted.join() || functionAround(creation) !== def.node) return false;
  if ([own, name, bases, namespace].some((it) => facts.writesOf(it.nameNode).length > 1 && it !== own)) return false;
  return !isNew || returnsMade(def, creation, facts);
}

/** `super().__new__(…)` or `type.__new__(…)`. */
function isCreation(node: Node, method: string, facts: Facts): boolean {
  const call = asMethodCall(node, method);
  const maker = call && (asCall(call.object)?.callee ?? call.object);
  const name = maker && facts.nameOf(maker);
  return name === "builtins.super" || name === "builtins.type";
}

function returnsMade(def: FunctionDef, creation: Node, facts: Facts): boolean {
  const values = def.body
    .descendants("return_statement")
    .filter((it) => functionAround(it) === def.node)
    .map((it) => it.children[0]);
  const use = useOf(creation);
  if (use.kind === "returned") return values.length === 1;
  const name = use.kind === "assigned" ? use.in.field("left") : undefined;
  return (
    name?.kind === "identifier" &&
    values.length > 0 &&
    values.every((it) => it?.kind === "identifier" && facts.writesOf(it).every((site) => site.name === name))
  );
}

/** The classes made with it, and the reads of its attributes; undefined where it is also used as a type, a base or a value. */
function usersOf(
  info: ClassInfo,
  facts: Facts,
): { readonly users: readonly ClassDef[]; readonly reads: readonly Node[] } | undefined {
  const users: ClassDef[] = [];
  const reads: Node[] = [];
  // Which of several classes of one name is used somewhere is not told apart.
  if (facts.writesOf(info.def.nameNode).length > 1) return undefined;
  for (const read of facts.readsOf(info.def.nameNode)) {
    if (read.isInside(info.def.node)) continue;
    const keyword =
      read.parent?.kind === "keyword_argument" && read.parent.field("name")?.text === "metaclass"
        ? read.parent
        : undefined;
    const user = asClass(keyword?.parent?.parent);
    const attribute = asAttribute(read.parent);
    if (user) users.push(user);
    else if (
      attribute?.object === read &&
      useOf(read).kind !== "attribute-store" &&
      info.attributes.some((it) => it.name === attribute.name)
    )
      reads.push(attribute.node);
    else return undefined;
  }
  return { users, reads };
}

/** The method for the base class: what the metaclass does with each class, or what it does under `if bases:`, which leaves out the base as `__init_subclass__` does. */
function hookOf(
  def: FunctionDef,
  owner: ClassInfo,
  user: ClassDef,
  facts: Facts,
): { readonly text: string; readonly actsOnBase: boolean } | undefined {
  const [own, name, bases, namespace, more] = def.parameters;
  const statements = statementsOf(def.body);
  const isInit = def.name === "__init__";
  const work = isInit ? statements.slice(1) : statements.slice(1, -1);
  const [first, second] = work;
  const cls = isInit ? own!.name : statements[0]?.children[0]?.field("left")?.text;
  if (
    more ||
    !first ||
    cls !== "cls" ||
    !namespace ||
    (isInit && !expressionOf(statements[0]!)) ||
    (!isInit && statements.at(-1)!.kind !== "return_statement")
  )
    return undefined;
  if (statements.some((it) => it !== statements[0] && indentOf(it) !== indentOf(statements[0]!))) return undefined;
  const guard = second ? undefined : asIf(first);
  const isGuarded =
    guard !== undefined &&
    !guard.orElse &&
    guard.elifs.length === 0 &&
    leavesOut(guard.condition, name!.name, bases!.name, user);
  if (isGuarded && indentOf(guard.body) === indentOf(guard.node)) return undefined;
  const region = isGuarded ? guard.body : between(first, work.at(-1)!);
  const inside = def.body.descendants("identifier").filter((it) => it.start >= region.start && it.end <= region.end);
  if (def.body.descendants("return_statement", "yield").some((it) => it.start >= region.start && it.end <= region.end))
    return undefined;
  const readsRegistry = (it: Node) =>
    it.fieldName === "object" &&
    owner.attributes.some(({ name: attribute }) => attribute === asAttribute(it.parent)?.name);
  const isForeign = (it: Node) =>
    [bases!.nameNode, namespace.nameNode, ...(isInit ? [] : [own!.nameNode])].some((parameter) =>
      facts.writesOf(it).some((site) => site.name === parameter),
    );
  if (
    inside.some(
      (it) =>
        it.text === "super" ||
        it.text === "__class__" ||
        ((isForeign(it) || it.text === owner.name) && !readsRegistry(it)),
    )
  )
    return undefined;
  const unit = indentOf(statements[0]!).slice(indentOf(def.node).length);
  const readsName = inside.some((it) => facts.writesOf(it).some((site) => site.name === name!.nameNode));
  const names = owner.attributes.map((it) => it.name).join("|");
  const body =
    names === ""
      ? reindented(region, unit)
      : reindented(region, unit).replace(
          identifierPattern(`(?:${owner.name}|${own!.name})(?=\\.(?:${names})(?![\\p{L}\\p{M}\\p{N}_]))`),
          "cls",
        );
  const text = `def __init_subclass__(cls, **kwargs):\n${unit}super().__init_subclass__(**kwargs)\n${readsName ? `${unit}${name!.name} = cls.__name__\n` : ""}${unit}${body}`;
  return { text, actsOnBase: !isGuarded };
}

/** `if bases:`, or `if name != "Base":`, which come to the same for a base without bases. */
function leavesOut(condition: Node, name: string, bases: string, user: ClassDef): boolean {
  if (condition.kind === "identifier") return condition.text === bases;
  const [left, right] = condition.children;
  return (
    condition.kind === "comparison_operator" &&
    left?.text === name &&
    condition.hasToken("!=") &&
    textValue(right) === user.name
  );
}

/** A statement's lines with the blank ones behind them. */
function withBlankLines<S extends { readonly tree: Node["tree"]; readonly start: number; readonly end: number }>(
  lines: S,
) {
  const blank = /^(?:[ \t]*\r?\n)*/.exec(lines.tree.text.slice(lines.end))![0];
  return { tree: lines.tree, start: lines.start, end: lines.end + blank.length };
}

/** In place of a lone `pass`, below the docstring, or else at the end of the class. */
function insertion(body: readonly Node[], hook: string): Edit {
  const [first, second] = body;
  const last = body.at(-1)!;
  if (!second && (first!.kind === "pass_statement" || first!.text === "..."))
    return replace(first!, hook.replace(/\n(?=[^\n])/g, `\n${indentOf(first!)}`));
  const isDocumented = expressionOf(first!)?.kind === "string";
  const isFollowed = second && !/^[^\n]*\n[ \t]*\r?\n/.test(first!.tree.text.slice(first!.end));
  return isDocumented ? lineBelow(first!, `\n${hook}${isFollowed ? "\n" : ""}`) : lineBelow(last, `\n${hook}`);
}
