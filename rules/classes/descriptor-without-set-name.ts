/** A descriptor that is told its own attribute's name by hand, at every use. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asFunction,
  between,
  declined,
  defineRule,
  expressionOf,
  fixOf,
  functionAround,
  indentOf,
  lineBelow,
  removeStatement,
  replace,
  statementOf,
  statementsOf,
  textValue,
  useOf,
  withoutArgument,
  type Call,
  type ClassInfo,
  type Declined,
  type Edit,
  type Facts,
  type Fix,
  type FunctionDef,
  type Match,
  type Node,
  type Parameter,
} from "../../analysis/authoring.js";

interface Told extends Match {
  readonly def: FunctionDef;
  readonly info: ClassInfo;
  readonly parameter: Parameter;
  /** The strings that repeat the name. */
  readonly names: readonly Node[];
}

export default defineRule({
  title: "Descriptor that is given its attribute's name by hand",
  why: "When a class is created, Python passes each descriptor the name of its attribute by calling `__set_name__`. A name that is also written by hand can be forgotten when the attribute is renamed.",
  guide: "descriptors",
  level: "info",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
class Positive:
    def __init__(self, name: str) -> None:
        self.name = name

    def __set__(self, instance, value: float) -> None:
        if value <= 0:
            raise ValueError(f"{self.name} must be positive")
        instance.__dict__[self.name] = value

class Order:
    quantity = Positive("quantity")
    price = Positive("price")
`,
      after: `
class Positive:
    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __set__(self, instance, value: float) -> None:
        if value <= 0:
            raise ValueError(f"{self.name} must be positive")
        instance.__dict__[self.name] = value

class Order:
    quantity = Positive()
    price = Positive()
`,
    },
  ],

  on: ["function_definition"],
  words: ["__get__", "__set__", "__delete__"],

  find(node, { facts }): Told | undefined {
    const def = asFunction(node);
    if (def?.name !== "__init__" || def.parameters.length < 2 || def.decorators.length > 0) return undefined;
    const info = facts.classOf(node);
    const methods = info?.methods.map((it) => it.def.name) ?? [];
    if (
      !info ||
      !["__get__", "__set__", "__delete__"].some((it) => methods.includes(it)) ||
      methods.includes("__set_name__")
    )
      return undefined;
    if (
      info.def.decorators.length > 0 ||
      !facts.basesOf(info).every((it) => it === "builtins.object" || it === "typing.Generic")
    )
      return undefined;
    const uses = usesInClasses(info, facts);
    if (!uses) return undefined;
    for (const parameter of def.parameters.slice(1)) {
      const names = uses.map(({ call, attribute }) => nameAt(call, attribute, parameter, def));
      if (!names.every((it) => it !== undefined) || !isKept(parameter, def, facts)) continue;
      const related = names.map((it) => ({ at: it, message: "The name is written a second time here." }));
      return {
        at: parameter.nameNode,
        evidence: "proof",
        weight: facts.isTest ? "light" : "heavy",
        def,
        info,
        parameter,
        names,
        related,
      };
    }
    return undefined;
  },

  message: ({ info, parameter }) =>
    `Every use of \`${info.name}\` repeats its attribute's name as \`${parameter.name}\`; Python passes that name to \`__set_name__\`.`,

  fix({ def, parameter, names }, { facts }): Fix | Declined {
    const settings = statementsOf(def.body).filter((it) => reads(it, parameter, facts));
    if (needsInit(settings, def, parameter, facts))
      return declined("the constructor needs the name, or joins it with what only the constructor knows");
    const definition = moved(def, parameter, settings);
    const calls = names.map((it) => withoutArgument(it.parent?.kind === "keyword_argument" ? it.parent : it));
    if (!definition || !calls.every((it) => it !== undefined))
      return declined("a comment would be lost, or the constructor cannot be taken apart");
    return fixOf(
      "Take the name from __set_name__",
      ["uses in other files must drop the argument too"],
      [...definition, ...calls],
    );
  },
});

interface ClassUse {
  readonly call: Call;
  readonly attribute: string;
}

/** `attribute = Descriptor(…)` in class bodies; undefined where the file does anything else with it. */
function usesInClasses(info: ClassInfo, facts: Facts): readonly ClassUse[] | undefined {
  const uses: ClassUse[] = [];
  // Which of several classes of one name is used somewhere is not told apart.
  if (facts.writesOf(info.def.nameNode).length > 1) return undefined;
  for (const read of facts.readsOf(info.def.nameNode)) {
    const use = useOf(read);
    if (use.kind === "argument" && facts.nameOf(asCall(use.call)?.callee ?? read) === "builtins.isinstance") continue;
    const call = asCall(read.parent);
    const statement = call && statementOf(call.node);
    const assignment = asAssignment(statement);
    const [target, more] = assignment?.targets ?? [];
    const isAttribute =
      call?.callee === read &&
      assignment?.value === call.node &&
      target?.kind === "identifier" &&
      !more &&
      !functionAround(read);
    if (!isAttribute || call.hasSplat || !facts.classOf(statement!)) return undefined;
    uses.push({ call, attribute: target.text });
  }
  return uses.length > 0 ? uses : undefined;
}

/** The argument that gives the parameter, where it is the attribute's name. */
function nameAt(call: Call, attribute: string, parameter: Parameter, def: FunctionDef): Node | undefined {
  const argument =
    call.keywords.get(parameter.name) ??
    (parameter.isKeywordOnly ? undefined : call.args[def.parameters.indexOf(parameter) - 1]);
  return argument && textValue(argument) === attribute ? argument : undefined;
}

function reads(statement: Node, parameter: Parameter, facts: Facts): boolean {
  return facts.readsOf(parameter.nameNode).some((it) => it.isInside(statement));
}

/** \`self.name = …\` of the parameter, and nothing else is done with it. */
function isKept(parameter: Parameter, def: FunctionDef, facts: Facts): boolean {
  const users = statementsOf(def.body).filter((it) => reads(it, parameter, facts));
  return (
    parameter.star === "" &&
    facts.writesOf(parameter.nameNode).length === 1 &&
    users.length > 0 &&
    users.every((it) => isOwnSetting(it, def))
  );
}

/** `self.attribute = …` */
function isOwnSetting(statement: Node, def: FunctionDef): boolean {
  const [target, more] = asAssignment(statement)?.targets ?? [];
  const attribute = asAttribute(target);
  return attribute !== undefined && !more && attribute.object.text === def.parameters[0]!.name;
}

/** What `__set_name__` would set is read in `__init__` already, or is made with something that only `__init__` knows. */
function needsInit(
  settings: readonly Node[],
  { node, body, parameters: [self] }: FunctionDef,
  parameter: Parameter,
  facts: Facts,
): boolean {
  const set = settings.map((it) => asAssignment(it)!.targets[0]!.text);
  const used = settings.flatMap((it) => asAssignment(it)!.value?.descendants("identifier") ?? []);
  const isLocal = (it: Node) =>
    facts.bindingOf(it)?.scope.node === node && it.text !== parameter.name && it.text !== self!.name;
  return (
    used.some(isLocal) ||
    body
      .descendants("attribute")
      .some((it) => set.includes(it.text) && useOf(it.children[0]!).kind !== "attribute-store")
  );
}

/** `__init__` becomes `__set_name__` where it does nothing else; otherwise what it does with the name moves there. */
function moved(def: FunctionDef, parameter: Parameter, settings: readonly Node[]): readonly Edit[] | undefined {
  const list = def.node.field("parameters");
  const [self] = def.parameters;
  const rest = statementsOf(def.body).filter((it) => !settings.includes(it) && expressionOf(it)?.kind !== "string");
  if (!list || list.comments.length > 0 || def.parameters.some((it) => it.name === "owner")) return undefined;
  const type = parameter.annotation?.text;
  const signature = `(${self!.name}, owner${type ? ": type" : ""}, ${parameter.name}${type ? `: ${type}` : ""})`;
  if (def.parameters.length === 2 && rest.length === 0)
    return [replace(def.nameNode, "__set_name__"), replace(list, signature)];

  const gone = withoutArgument(parameter.node);
  const lines = settings.map(removeStatement);
  const last = statementsOf(def.body).at(-1)!;
  if (
    !gone ||
    rest.length === 0 ||
    settings.includes(last) ||
    !lines.every((it) => it !== undefined) ||
    settings.some((it) => it.text.includes("\n"))
  )
    return undefined;
  const unit = indentOf(last).slice(indentOf(def.node).length);
  const method = [
    `def __set_name__${signature}${def.returns ? " -> None" : ""}:`,
    ...settings.map((it) => unit + it.text),
  ].join("\n");
  return [gone, ...lines, lineBelow(between(def.node, last), `\n${method}`)];
}
