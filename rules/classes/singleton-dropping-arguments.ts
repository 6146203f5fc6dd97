/** A class of which there is one object: later calls drop their arguments, or run `__init__` on it again. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asFunction,
  declined,
  defineRule,
  excerpt,
  fixOf,
  indentUnit,
  insertBefore,
  indentOf,
  lazySingleton,
  makesOwn,
  statementsOf,
  startsLine,
  expressionOf,
  type Facts,
  type FunctionDef,
  type LazySingleton,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Dropping extends Match {
  readonly found: LazySingleton;
  /** The `__init__` that runs at each call; undefined where arguments are dropped. */
  readonly init: FunctionDef | undefined;
  readonly given: readonly string[];
}

export default defineRule({
  title: "Single object whose later arguments are lost, or that is set up again",
  why: "`__init__` runs at every call of the class, also where `__new__` gives back the object that is there: its state is set back. Where it is made once with the arguments of the first call, those of all later calls are dropped without a word.",
  guide: "pattern-singleton",
  level: "warning",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
class Registry:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __init__(self) -> None:
        self.names: list[str] = []
`,
      after: `
class Registry:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __init__(self) -> None:
        if "names" in self.__dict__:
            return
        self.names: list[str] = []
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }): Dropping | undefined {
    const found = lazySingleton(node, facts);
    if (!found?.info || found.form === "key" || found.def.name === "__call__" || !makesOwn(found)) return undefined;
    const { info, def } = found;
    const init = info.methodNamed("__init__")?.def;
    const evidence = "proof" as const;
    if (def.name === "__new__" && init) {
      const state = setsState(init, facts);
      if (!state) return undefined;
      return {
        at: def.nameNode,
        evidence,
        weight: weightOf(facts),
        found,
        init,
        given: [],
        related: [{ at: state, message: "Set again at each call." }],
      };
    }
    const given = usedInMaking(found, facts);
    return given.length > 0
      ? { at: def.nameNode, evidence, weight: weightOf(facts), found, init: undefined, given }
      : undefined;
  },

  message({ found: { info, def }, init, given }) {
    const name = excerpt(info!.name, 30);
    if (init)
      return `\`${name}()\` gives back the one object, but runs its \`__init__\` again at every call, which sets its state back.`;
    return `Only the first call of \`${excerpt(def.name, 30)}\` uses \`${excerpt(given[0]!, 30)}\`: later calls get the first object whatever they ask for.`;
  },

  fix({ init, found }, { facts }) {
    if (!init)
      return declined("callers have to say which object they mean: make the object in one place and hand it on");
    const [first] = statementsOf(facts.bodyOf(init)).filter((it) => expressionOf(it)?.kind !== "string");
    const self = init.parameters[0]?.name;
    const written = found.info!.writes.filter(
      (it) =>
        it.method.def.node === init.node &&
        it.kind === "assign" &&
        it.node.ancestor("if_statement", "for_statement", "try_statement", "while_statement") === undefined,
    );
    // What is set last shows that all went well.
    const last = written.at(-1);
    if (!first || !last || self === undefined || !startsLine(first))
      return declined("nothing shows that it was set up before");
    if (init.parameters.length > 1) return declined("later calls bring arguments that would then be dropped");
    if (found.info!.slots !== undefined || last.name.startsWith("__"))
      return declined("the object has no plain attribute to ask for");
    return fixOf(
      "Set it up once",
      ["state is kept from call to call, also where a test counted on a fresh one"],
      [
        insertBefore(
          first,
          `if "${last.name}" in ${self}.__dict__:\n${indentOf(first)}${indentUnit(first, facts)}return\n${indentOf(first)}`,
        ),
      ],
    );
  },
});

const weightOf = (facts: Facts) => (facts.isTest ? "light" : "heavy");

/** The first attribute that `__init__` sets whatever was set before; undefined where it looks first. */
function setsState(init: FunctionDef, facts: Facts): Node | undefined {
  const self = init.parameters[0]?.name;
  for (const statement of statementsOf(facts.bodyOf(init))) {
    // `if self._ready: return`, `if not hasattr(self, "names"):`, a counter or lock that tells.
    if (statement.kind === "if_statement" && statement.field("condition")!.text.includes(self ?? "self"))
      return undefined;
    if (
      statement.kind === "if_statement" &&
      /\b(cls|_?initiali[sz]ed|__class__|[A-Z]\w+\._)/.test(statement.field("condition")!.text)
    )
      return undefined;
    if (statement.kind === "with_statement" || statement.kind === "try_statement") return undefined;
    const attribute = asAttribute(asAssignment(statement)?.targets[0]);
    if (attribute && attribute.object.text === self) return attribute.node;
  }
  return undefined;
}

/** The parameters that go into the making and are not looked at otherwise. */
function usedInMaking({ def, value, test, branch }: LazySingleton, facts: Facts): readonly string[] {
  const parameters = def.parameters.slice(
    asFunction(def.node)!.decorators.some((it) => it.text.includes("static")) ? 0 : 1,
  );
  if (!branch || !asCall(value)) return [];
  return parameters
    .filter((it) => it.star === "" && !/^_/.test(it.name))
    .filter((it) => {
      const reads = facts.readsOf(it.nameNode);
      return reads.length > 0 && reads.every((read) => read.isInside(branch) && !read.isInside(test));
    })
    .map((it) => it.name);
}
