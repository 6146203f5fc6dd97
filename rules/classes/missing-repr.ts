/** A class that carries data and does not say what it holds when it is printed. */

import {
  asAssignment,
  asAttribute,
  asCall,
  between,
  declined,
  defineRule,
  excerpt,
  fixOf,
  indentUnit,
  lineBelow,
  startsLine,
  statementsOf,
  useOf,
  type ClassInfo,
  type Facts,
  type FunctionDef,
  type Match,
  type Use,
} from "../../analysis/authoring.js";

interface Silent extends Match {
  readonly info: ClassInfo;
  readonly init: FunctionDef;
  readonly names: readonly string[];
}

export default defineRule({
  title: "Data without a `__repr__`",
  why: "Printed, logged, in a traceback or in a failed assert, an object of such a class shows its class and its address, and nothing of what it holds.",
  guide: "data-model",
  level: "off",
  gain: "clarity",
  words: ["__init__"],
  fixes: "review",

  examples: [
    {
      before: `
class Split:
    def __init__(self, train: int, test: int) -> None:
        self.train = train
        self.test = test

    def total(self) -> int:
        return self.train + self.test

print(Split(8, 2))
`,
      after: `
class Split:
    def __init__(self, train: int, test: int) -> None:
        self.train = train
        self.test = test

    def __repr__(self) -> str:
        return f"Split(train={self.train!r}, test={self.test!r})"

    def total(self) -> int:
        return self.train + self.test

print(Split(8, 2))
`,
    },
  ],

  on: ["class_definition"],

  find(node, { facts }): Silent | undefined {
    const info = facts.classInfo(node);
    const init = info?.methodNamed("__init__")?.def;
    if (!info || !init || facts.isTest || info.def.decorators.length > 0 || info.def.keywords.size > 0)
      return undefined;
    if (!facts.basesOf(info).every((it) => it === "builtins.object" || it === "typing.Generic")) return undefined;
    if (info.definesMethod("__repr__") || info.definesMethod("__str__") || info.isDynamic) return undefined;
    const [self, ...parameters] = init.parameters;
    const copied = statementsOf(facts.bodyOf(init)).flatMap((it) => {
      const assignment = asAssignment(it);
      const target = asAttribute(assignment?.targets[0]);
      return target && target.object.text === self?.name && assignment?.value?.text === target.name
        ? [target.name]
        : [];
    });
    const names = parameters.map((it) => it.name).filter((it) => copied.includes(it));
    if (names.length < 2 || names.length > 8 || names.length !== parameters.length) return undefined;
    if ((facts.bindingOf(info.def.nameNode)?.sites.length ?? 0) > 1) return undefined;
    if (info.slots !== undefined || !isShown(info, facts)) return undefined;
    // With many methods it is a worker that was given what it needs.
    if (info.methods.length > names.length + 3) return undefined;
    return { at: info.def.nameNode, evidence: "proof", weight: "heavy", info, init, names };
  },

  message: ({ info, names }) =>
    `Printed, a \`${excerpt(info.name, 40)}\` shows nothing of \`${excerpt(names[0]!, 30)}\` and what else it holds; a \`__repr__\` would.`,

  fix({ info, init, names }, { facts }) {
    if (!startsLine(init.outer)) return declined("the method shares its line");
    const self = init.parameters[0]!.name;
    const shown = names.map((it) => `${it}={${self}.${it}!r}`).join(", ");
    const text = `\ndef __repr__(${self})${init.returns ? " -> str" : ""}:\n${indentUnit(init.outer, facts)}return f"${info.name}(${shown})"`;
    return fixOf(
      "Add a __repr__",
      ["long values make long texts"],
      [lineBelow(between(init.outer, statementsOf(init.body).at(-1)!), text)],
    );
  },
});

/** An object of the class is printed or put into a text somewhere in the file. */
function isShown(info: ClassInfo, facts: Facts): boolean {
  return facts.readsOf(info.def.nameNode).some((read) => {
    const call = asCall(read.parent);
    if (call?.callee !== read) return false;
    const use = useOf(call.node);
    if (shows(use)) return true;
    const [target, more] = use.kind === "assigned" ? (asAssignment(use.in)?.targets ?? []) : [];
    return target?.kind === "identifier" && !more && facts.usesOf(target).some(shows);
  });
}

function shows(use: Use): boolean {
  return (
    use.kind === "formatted" ||
    (use.kind === "argument" && /^(?:print|pprint|str|repr|log\w*\.\w+)$/.test(asCall(use.call)?.callee.text ?? ""))
  );
}
