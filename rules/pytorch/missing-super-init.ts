/** A module whose `__init__` sets layers before, or without, `super().__init__()`. */

import {
  asAssignment,
  asAttribute,
  asClass,
  asFunction,
  asMethodCall,
  asString,
  declined,
  defineRule,
  expressionOf,
  fixOf,
  lineAbove,
  removeStatement,
  statementsOf,
  type ClassDef,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

const MODULES = /^torch\.nn\.Module$|^(pytorch_lightning|lightning(\.pytorch)?)\.LightningModule$/;
const REGISTERS = ["register_buffer", "register_parameter", "add_module", "register_module"];

export default defineRule({
  title: "Module without super().__init__()",
  why: "nn.Module keeps its layers, parameters and buffers in tables that its own __init__ makes. Before that, setting one raises AttributeError, and a module that never calls it fails at the first call.",
  guide: "pytorch",
  level: "error",
  gain: "safety",
  imports: ["torch", "pytorch_lightning", "lightning"],
  words: ["__init__"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

class Encoder(nn.Module):
    def __init__(self, inputs: int) -> None:
        self.layer = nn.Linear(inputs, 8)

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        return self.layer(batch)
`,
      after: `
import torch
from torch import nn

class Encoder(nn.Module):
    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.layer = nn.Linear(inputs, 8)

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        return self.layer(batch)
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }) {
    const def = asFunction(node);
    if (def?.name !== "__init__") return undefined;
    const owner = asClass(node.ancestor("class_definition"));
    const info = owner && facts.classOf(def.outer);
    if (!owner || !info || owner.bases.length === 0 || owner.decorators.length > 0 || owner.keywords.size > 0)
      return undefined;
    const bases = facts.basesOf(info);
    // A base of another library may call it, or be a module that is made otherwise.
    if (
      bases.some((it) => it === undefined || (typeof it === "string" && !MODULES.test(it) && it !== "builtins.object"))
    )
      return undefined;
    if (!bases.some((it) => typeof it === "string" && MODULES.test(it))) return undefined;
    const self = def.parameters[0]?.name;
    if (self === undefined) return undefined;
    const kept = firstKept(def, self, facts);
    if (!kept) return undefined;
    const calls = initCalls(def, owner, self);
    const [first] = calls;
    if (first && (first.start < kept.start || !isPlain(first, def))) return undefined;
    if (!first && runsElsewhere(def, self)) return undefined;
    return { at: kept, evidence: "proof", def, first, bases: owner.bases };
  },

  message: ({ at, first }) =>
    first
      ? `\`${at.text}\` is set before \`super().__init__()\`, which raises AttributeError.`
      : `\`${at.text}\` is set without \`super().__init__()\`, which raises AttributeError.`,

  fix({ def, first, bases }) {
    if (bases.length > 1) return declined("there are several base classes, which may need arguments");
    const body = statementsOf(def.body);
    const [top, second] = asString(expressionOf(body[0]!)) ? [body[1], body[0]] : [body[0], undefined];
    if (!top) return declined(`there is nothing below ${second ? "the docstring" : "the head"}`);
    const doubts = ["making an object no longer fails"];
    if (!first) return fixOf("Call super().__init__() first", doubts, [lineAbove(top, "super().__init__()")]);
    const call = asMethodCall(expressionOf(first));
    if (!call || call.args.length > (call.object.text.startsWith("super") ? 0 : 1) || call.keywords.size > 0)
      return declined("the call has arguments that may be worked out above it");
    const removed = removeStatement(first);
    if (!removed) return declined("the call shares its line, or a comment would be lost");
    return fixOf("Call super().__init__() first", doubts, [lineAbove(top, first.text), removed]);
  },
});

/** The first attribute of the object that gets a layer or parameter, or the first buffer that is registered. */
function firstKept(def: FunctionDef, self: string, facts: Facts): Node | undefined {
  for (const statement of statementsOf(def.body)) {
    const assignment = asAssignment(statement);
    const target = assignment?.targets.find((it) => asAttribute(it)?.object.text === self);
    const value = assignment?.value;
    if (
      target &&
      value &&
      (facts.isA(value, "torch.nn.Module", "strong") ||
        facts.isA(value, "torch.nn.Parameter", "strong") ||
        isParameter(value, facts))
    )
      return target;
    const call = asMethodCall(expressionOf(statement), ...REGISTERS);
    if (call?.object.text === self) return call.callee;
  }
  return undefined;
}

const isParameter = (value: Node, facts: Facts): boolean =>
  value.kind === "call" && /^torch\.nn\.(parameter\.)?Parameter$/.test(facts.nameOf(value.field("function")!) ?? "");

/** `super().__init__(…)`, `super(Encoder, self).__init__(…)`, `nn.Module.__init__(self)`: the statements of each. */
function initCalls(def: FunctionDef, owner: ClassDef, self: string): readonly Node[] {
  return def.body.descendants("call").flatMap((it) => {
    const call = asMethodCall(it, "__init__");
    if (!call) return [];
    const isSuper = call.object.kind === "call" && call.object.field("function")?.text === "super";
    const isBase = call.args[0]?.text === self || owner.bases.some((base) => base.text === call.object.text);
    return isSuper || isBase ? [it.parent?.kind === "expression_statement" ? it.parent : it] : [];
  });
}

/** It stands in the body itself, where it runs after what is above it. */
const isPlain = (statement: Node, def: FunctionDef): boolean => statement.parent === def.body;

/** Some method that is called first, or `super()` in another form, may call it. */
function runsElsewhere(def: FunctionDef, self: string): boolean {
  return def.body.descendants("call").some((it) => {
    const call = asMethodCall(it);
    if (it.field("function")?.text === "super") return true;
    return call?.object.text === self && !REGISTERS.includes(call.method) && /init|setup|build|call/i.test(call.method);
  });
}
