/** A metaclass that does nothing but look at each new class: `__init_subclass__` does that without one. */

import {
  asCall, asClass, asIf, asMethodCall, defineRule, expressionOf, functionAround, indentOf, lineBelow, linesOf, reindented, remove, replace, statementsOf, textValue, useOf,
  type ClassDef, type ClassInfo, type Edit, type Facts, type Fix, type FunctionDef, type Match, type Node,
} from "../../analysis/authoring.js";

interface Needless extends Match {
  readonly info: ClassInfo;
  /** The classes that name it as their metaclass. */
  readonly users: readonly ClassDef[];
}

export default defineRule({
  title: "Metaclass that only acts when a class is made",
  why: "Registering, checking or completing subclasses needs no metaclass: `__init_subclass__` of an ordinary base class runs for each of them. A class can have one metaclass only, so a needless one gets in the way of all others.",
  guide: "metaclasses",
  level: "info",
  gain: "clarity",
  fixes: "review",

  examples: [
    {
      before: `
READERS: dict[str, type] = {}

class Registering(type):
    def __new__(mcls, name, bases, namespace):
        cls = super().__new__(mcls, name, bases, namespace)
        if bases:
            READERS[cls.__name__] = cls
        return cls

class Reader(metaclass=Registering):
    """Reads one file format."""

class CsvReader(Reader):
    """Reads comma-separated text."""
`,
      after: `
READERS: dict[str, type] = {}

class Reader:
    """Reads one file format."""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        READERS[cls.__name__] = cls

class CsvReader(Reader):
    """Reads comma-separated text."""
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }): Needless | undefined {
    const def = asClass(node);
    const [base, more] = def?.bases ?? [];
    if (!def || !base || more || facts.nameOf(base) !== "builtins.type" || def.keywords.size > 0 || def.decorators.length > 0) return undefined;
    const info = facts.classInfo(node);
    const makers = info?.methods.filter((it) => MAKERS.has(it.def.name)) ?? [];
    if (!info || makers.length === 0 || makers.length < info.methods.length || info.attributes.some((it) => it.name.startsWith("__"))) return undefined;
    if (!makers.every((it) => makesPlainly({ ...it.def, body: facts.bodyOf(it.def) }, facts))) return undefined;
    const users = usersOf(info, facts);
    if (!users || users.length === 0 || !(makers.every((it) => tellsClassesApart(it.def)) || users.some((it) => isSubclassed(it, facts)))) return undefined;
    return { at: def.nameNode, info, users, related: users.map((it) => ({ at: it.keywords.get("metaclass")!, message: "used here" })) };
  },

  message: ({ info, users }) => `\`${info.name}\` only acts when a class is made; \`__init_subclass__\` in \`${users[0]!.name}\` does that without a metaclass.`,

  fix({ info, users }, { facts }): Fix | undefined {
    const [user, more] = users;
    const [method, other] = info.methods;
    if (!user?.body || more || !method || other || info.attributes.length > 0 || user.bases.length > 0 || user.keywords.size > 1 || user.hasSplat) return undefined;
    const hook = hookOf(method.def, info.def, user, facts);
    const lines = linesOf(info.def.outer);
    const list = user.node.field("superclasses");
    if (!hook || !lines || !list || info.def.node.comments.length > 0 || list.comments.length > 0) return undefined;
    return {
      title: "Use __init_subclass__ (review: the metaclass is gone for type() and for classes of other files)",
      safety: "review",
      edits: [remove(withBlankLines(lines)), remove(list), insertion(statementsOf(user.body), hook)],
    };
  },
});

const MAKERS = new Set(["__new__", "__init__"]);

/** It makes the class from what it was given, as it was given, and hands out that class. */
function makesPlainly(def: FunctionDef, facts: Facts): boolean {
  const isNew = def.name === "__new__";
  const [own, name, bases, namespace, ...rest] = def.parameters;
  if (!own || !name || !bases || !namespace || rest.some((it) => it.star !== "**") || def.decorators.length > 0 || def.isAsync) return false;
  if (/__(slots|classcell|prepare|mro|qualname)__/.test(def.body.text)) return false;
  const made = def.body.descendants("call").filter((it) => isCreation(it, def.name, facts));
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
  const values = def.body.descendants("return_statement").filter((it) => functionAround(it) === def.node).map((it) => it.children[0]);
  const use = useOf(creation);
  if (use.kind === "returned") return values.length === 1;
  const name = use.kind === "assigned" ? use.in.field("left") : undefined;
  return name?.kind === "identifier" && values.length > 0 && values.every((it) => it?.kind === "identifier" && facts.writesOf(it).every((site) => site.name === name));
}

/** The classes made with it; undefined where it is also used as a type, a base or a value. */
function usersOf(info: ClassInfo, facts: Facts): readonly ClassDef[] | undefined {
  const users: ClassDef[] = [];
  for (const read of facts.readsOf(info.def.nameNode)) {
    if (read.isInside(info.def.node)) continue;
    const keyword = read.parent?.kind === "keyword_argument" && read.parent.field("name")?.text === "metaclass" ? read.parent : undefined;
    const user = asClass(keyword?.parent?.parent);
    if (!user) return undefined;
    users.push(user);
  }
  return users;
}

/** `if bases:` or a test of the name leaves out the base, as `__init_subclass__` does; or nothing is done to any class. */
function tellsClassesApart({ parameters, body }: FunctionDef): boolean {
  const told = parameters.slice(1, 3).map((it) => it.name);
  return statementsOf(body).length === 1 || body.descendants("if_statement").some((it) => it.field("condition")!.descendants("identifier").some((name) => told.includes(name.text)));
}

/** Then the work can be meant for subclasses; where there is none, it is meant for the base, and a hook would not run for it. */
function isSubclassed(user: ClassDef, facts: Facts): boolean {
  return facts.readsOf(user.nameNode).some((it) => it.parent?.fieldName === "superclasses");
}

/** The method for the base class: what the metaclass does under `if bases:`, which leaves out the base as `__init_subclass__` does. */
function hookOf(def: FunctionDef, owner: ClassDef, user: ClassDef, facts: Facts): string | undefined {
  const [own, name, bases, namespace, more] = def.parameters;
  const statements = statementsOf(def.body);
  const guards = statements.flatMap((it) => asIf(it) ?? []);
  const [guard] = guards;
  const cls = def.name === "__init__" ? own!.name : statements[0]?.children[0]?.field("left")?.text;
  if (more || !guard || guard.orElse || guard.elifs.length > 0 || cls !== "cls" || !namespace) return undefined;
  if (statements.length !== (def.name === "__init__" ? 2 : 3) || statements[1] !== guard.node || indentOf(guard.body) === indentOf(guard.node)) return undefined;
  if (def.name === "__init__" && !expressionOf(statements[0]!)) return undefined;
  if (!leavesOut(guard.condition, name!.name, bases!.name, user) || guard.body.descendants("return_statement", "yield").length > 0) return undefined;
  const inside = guard.body.descendants("identifier").filter((it) => it.isInside(guard.body));
  const isForeign = (it: Node) => [bases!.nameNode, namespace.nameNode, ...(def.name === "__init__" ? [] : [own!.nameNode])].some((parameter) => facts.writesOf(it).some((site) => site.name === parameter));
  if (inside.some((it) => isForeign(it) || it.text === "super" || it.text === "__class__" || it.text === owner.name)) return undefined;
  const unit = indentOf(statements[0]!).slice(indentOf(def.node).length);
  const readsName = inside.some((it) => facts.writesOf(it).some((site) => site.name === name!.nameNode));
  const body = reindented(guard.body, unit);
  return `def __init_subclass__(cls, **kwargs):\n${unit}super().__init_subclass__(**kwargs)\n${readsName ? `${unit}${name!.name} = cls.__name__\n` : ""}${unit}${body}`;
}

/** `if bases:`, or `if name != "Base":`, which come to the same for a base without bases. */
function leavesOut(condition: Node, name: string, bases: string, user: ClassDef): boolean {
  if (condition.kind === "identifier") return condition.text === bases;
  const [left, right] = condition.children;
  return condition.kind === "comparison_operator" && left?.text === name && condition.hasToken("!=") && textValue(right) === user.name;
}

/** A statement's lines with the blank ones behind them. */
function withBlankLines<S extends { readonly tree: Node["tree"]; readonly start: number; readonly end: number }>(lines: S) {
  const blank = /^(?:[ \t]*\r?\n)*/.exec(lines.tree.text.slice(lines.end))![0];
  return { tree: lines.tree, start: lines.start, end: lines.end + blank.length };
}

/** In place of a lone `pass`, below the docstring, or else at the end of the class. */
function insertion(body: readonly Node[], hook: string): Edit {
  const [first, second] = body;
  const last = body.at(-1)!;
  if (!second && (first!.kind === "pass_statement" || first!.text === "...")) return replace(first!, hook.replaceAll("\n", `\n${indentOf(first!)}`));
  const isDocumented = expressionOf(first!)?.kind === "string";
  const isFollowed = second && !/^[^\n]*\n[ \t]*\r?\n/.test(first!.tree.text.slice(first!.end));
  return isDocumented ? lineBelow(first!, `\n${hook}${isFollowed ? "\n" : ""}`) : lineBelow(last, `\n${hook}`);
}
