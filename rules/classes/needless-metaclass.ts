/** A metaclass that does nothing but look at each new class: `__init_subclass__` does that without one. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asClass,
  asFunction,
  asIf,
  asMethodCall,
  declined,
  defineRule,
  fixOf,
  initSubclass,
  plainMetaclass,
  statementsOf,
  textValue,
  unwrap,
  type ClassDef,
  type ClassInfo,
  type Declined,
  type Facts,
  type Fix,
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Needless extends Match {
  /** The metaclass leaves the base out, as the hook does. */
  readonly isForSubclasses: boolean;
  readonly info: ClassInfo;
  /** The classes that name it as their metaclass. */
  readonly users: readonly ClassDef[];
}

export default defineRule({
  title: "Metaclass that only acts when a class is created",
  why: "Registering, checking or completing subclasses needs no metaclass: `__init_subclass__` of an ordinary base class runs for each of them. A class can have only one metaclass, so one that is not needed conflicts with all others.",
  guide: "metaclasses",
  level: "hint",
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
    const isForSubclasses = makers.every((it) => tellsClassesApart(it) || asksWhatBaseLacks(it, users));
    if (
      !isForSubclasses &&
      (!users.some((it) => isSubclassed(it, facts)) || makers.some((it) => shapesClass(it, facts)))
    )
      return undefined;
    const { def } = info;
    return {
      at: def.nameNode,
      // What is done to the base as well may be meant for it.
      evidence: isForSubclasses ? "proof" : "fair",
      weight: facts.isTest ? "light" : "heavy",
      isForSubclasses,
      info,
      users,
      related: users.map((it) => ({ at: it.keywords.get("metaclass")!, message: "used here" })),
    };
  },

  message({ info, users, isForSubclasses }) {
    const hook = `\`__init_subclass__\` in \`${users[0]!.name}\``;
    return isForSubclasses
      ? `\`${info.name}\` only acts when a class is created; ${hook} does that without a metaclass.`
      : `\`${info.name}\` only acts when a class is created; ${hook} does that for all classes but \`${users[0]!.name}\` itself.`;
  },

  fix({ info, users }, { facts }): Fix | Declined {
    if (info.attributes.length > 0) return declined("the metaclass has attributes of its own");
    if (facts.fileMatches(/\bdef __init_subclass__\b/))
      return declined("an `__init_subclass__` of another class may not call the new one");
    const hook = initSubclass(info, users, facts);
    if (!hook) return declined("what the metaclass does cannot be moved as it is");
    if (hook.actsOnBase) return declined("the metaclass acts on the base class too, which the hook does not");
    return fixOf(
      "Use __init_subclass__",
      ["type() of the classes is different, and classes of other files lose the metaclass"],
      hook.edits,
    );
  },
});

/**
 * `if bases:` or a test of the name leaves out the base, as `__init_subclass__` does; so does asking whether a class has yet what the base gets:
 * that can stand in the base's body. Or nothing is done to any class.
 */
function tellsClassesApart({ parameters, body }: FunctionDef): boolean {
  const told = parameters.slice(1, 3).map((it) => it.name);
  return (
    statementsOf(body).length === 1 ||
    body.descendants("if_statement").some((it) => {
      const condition = it.field("condition")!;
      return condition.descendants("identifier").some((name) => told.includes(name.text)) || startsWithBase(it);
    })
  );
}

/** `format = namespace.get("format")`, `if format is None: return`, where the classes that name the metaclass set no `format`: the hook may ask the same. */
function asksWhatBaseLacks({ parameters, body }: FunctionDef, users: readonly ClassDef[]): boolean {
  const namespace = parameters[3]?.name;
  const asked = new Map<string, string>();
  for (const statement of statementsOf(body)) {
    const assignment = asAssignment(statement);
    const get = asMethodCall(assignment?.value, "get");
    const key = get && get.object.text === namespace ? textValue(get.args[0]) : undefined;
    const [target] = assignment?.targets ?? [];
    if (key !== undefined && target?.kind === "identifier") asked.set(target.text, key);
    const guard = asIf(statement);
    if (!guard) {
      // What else comes before the guard is done to the base as well.
      if (target?.kind !== "identifier" && !/^(super\(|type\.__|["'])/.test(statement.text)) return false;
      continue;
    }
    const [, absent, none] = /^(?:not (\w+)|(\w+) is None)$/.exec(unwrap(guard.condition).text) ?? [];
    const name = absent ?? none;
    const missing = name === undefined ? undefined : asked.get(name);
    return (
      missing !== undefined &&
      statementsOf(guard.body).at(-1)?.kind === "return_statement" &&
      users.every((it) => it.body !== undefined && !setsName(it, missing))
    );
  }
  return false;
}

function setsName({ body }: ClassDef, name: string): boolean {
  return statementsOf(body!).some(
    (it) =>
      asAssignment(it)?.targets.some((target) => target.text === name) === true ||
      asFunction(it)?.name === name ||
      asClass(it)?.name === name,
  );
}

/** `if not hasattr(cls, "plugins"): cls.plugins = []`. */
function startsWithBase(statement: Node): boolean {
  const asked = asCall(statement.field("condition")!.descendants("call")[0]);
  const name = asked?.callee.text === "hasattr" ? textValue(asked.args[1]) : undefined;
  return (
    name !== undefined &&
    statement.descendants("assignment").some((it) => asAttribute(asAssignment(it)?.targets[0])?.name === name)
  );
}

/** What it writes into the namespace makes up the base too. */
function shapesClass({ parameters }: FunctionDef, facts: Facts): boolean {
  const namespace = parameters[3];
  return (
    namespace !== undefined &&
    facts
      .usesOf(namespace.nameNode)
      .some(
        (it) =>
          it.kind === "subscript-store" ||
          it.kind === "subscript-delete" ||
          it.kind === "augmented" ||
          (it.kind === "method" && !["get", "items", "keys", "values", "copy"].includes(it.name ?? "")),
      )
  );
}

/** Then the work can be meant for subclasses; where there is none, it is meant for the base, and a hook would not run for it. */
function isSubclassed(user: ClassDef, facts: Facts): boolean {
  return facts.readsOf(user.nameNode).some((it) => it.parent?.fieldName === "superclasses");
}
