/** A metaclass that does nothing but look at each new class: `__init_subclass__` does that without one. */

import {
  defineRule, initSubclass, plainMetaclass, statementsOf,
  type ClassDef, type ClassInfo, type Facts, type Fix, type FunctionDef, type Match,
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
  words: ["metaclass"],

  find(node, { facts }): Needless | undefined {
    const found = plainMetaclass(node, facts);
    if (!found || found.reads.length > 0) return undefined;
    const { info, makers, users } = found;
    if (!makers.every((it) => tellsClassesApart(it)) && (!users.some((it) => isSubclassed(it, facts)) || makers.some((it) => shapesClass(it, facts)))) return undefined;
    const { def } = info;
    return { at: def.nameNode, info, users, related: users.map((it) => ({ at: it.keywords.get("metaclass")!, message: "used here" })) };
  },

  message: ({ info, users }) => `\`${info.name}\` only acts when a class is made; \`__init_subclass__\` in \`${users[0]!.name}\` does that without a metaclass.`,

  fix({ info, users }, { facts }): Fix | undefined {
    const hook = info.attributes.length === 0 ? initSubclass(info, users, facts) : undefined;
    if (!hook || hook.actsOnBase) return undefined;
    return {
      title: "Use __init_subclass__ (review: the metaclass is gone for type() and for classes of other files)",
      safety: "review",
      edits: hook.edits,
    };
  },
});

/** `if bases:` or a test of the name leaves out the base, as `__init_subclass__` does; or nothing is done to any class. */
function tellsClassesApart({ parameters, body }: FunctionDef): boolean {
  const told = parameters.slice(1, 3).map((it) => it.name);
  return statementsOf(body).length === 1 || body.descendants("if_statement").some((it) => it.field("condition")!.descendants("identifier").some((name) => told.includes(name.text)));
}

/** What it writes into the namespace makes up the base too. */
function shapesClass({ parameters }: FunctionDef, facts: Facts): boolean {
  const namespace = parameters[3];
  return namespace !== undefined && facts.usesOf(namespace.nameNode).some((it) => it.kind === "subscript-store" || it.kind === "subscript-delete" || it.kind === "augmented" || (it.kind === "method" && !["get", "items", "keys", "values", "copy"].includes(it.name ?? "")));
}

/** Then the work can be meant for subclasses; where there is none, it is meant for the base, and a hook would not run for it. */
function isSubclassed(user: ClassDef, facts: Facts): boolean {
  return facts.readsOf(user.nameNode).some((it) => it.parent?.fieldName === "superclasses");
}
