/** `model.forward(batch)`: the module is called past its hooks. */

import {
  asAttribute,
  asClass,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  isOfOtherFile,
  remove,
  type Answer,
  type ClassInfo,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** Methods that stand for the call itself, or are compiled on their own. */
const CALLERS = /^(forward|__call__|_call_impl|_wrapped_call_impl)$/;

export default defineRule({
  title: "Module called by its forward method",
  why: "Calling the module runs forward together with everything that hangs on it: hooks, the profiler's names, the bookkeeping of FSDP, DDP and quantization, and compiled code. A direct forward() leaves all of that out without a word.",
  guide: "pytorch",
  level: "warning",
  gain: "safety",
  imports: ["torch", "pytorch_lightning", "lightning"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

def scores(model: nn.Module, batch: torch.Tensor) -> torch.Tensor:
    return model.forward(batch)
`,
      after: `
import torch
from torch import nn

def scores(model: nn.Module, batch: torch.Tensor) -> torch.Tensor:
    return model(batch)
`,
    },
  ],

  on: ["call"],
  methods: ["forward"],

  find(node, { facts }) {
    const call = asMethodCall(node, "forward");
    if (!call || facts.isTest || (call.args.length === 0 && call.keywords.size === 0 && !call.hasSplat))
      return undefined;
    const { object } = call;
    // `Base.forward(self, x)` and `super().forward(x)` ask for one class's own.
    if (object.kind === "call" && object.field("function")?.text === "super") return undefined;
    if (facts.nameOf(object) !== undefined || isClassName(object, facts)) return undefined;
    const around = asFunction(functionAround(node));
    const isSelf = object.text === "self";
    if (isSelf && around && (CALLERS.test(around.name) || isExported(around.decorators))) return undefined;
    if (isOverriding(node) || isInterface(object, facts)) return undefined;
    const evidence = isSelf ? selfEvidence(node, facts) : facts.takenFor(object, "module");
    if (!evidence || (!isSelf && isOtherForward(object, facts))) return undefined;
    return { at: call.methodNode, evidence, weight: isSelf ? "unknown" : "heavy", call };
  },

  message: ({ call: { object }, evidence }) =>
    `\`${excerpt(object.text, 40)}.forward(…)\` skips the hooks${evidence === "fair" ? " if that is a module" : " of the module"}; call \`${excerpt(object.text, 40)}(…)\`.`,

  fix({ call, evidence }, { facts }) {
    if (hasComments(call.callee)) return declined("a comment would be lost");
    const own = ownCall(call.object, facts);
    if (own === "yes") return declined("its class has a `__call__` of its own, which does more or comes back here");
    return fixOf(
      "Call the module",
      [
        "hooks of the module run as well",
        own === "unknown" && "its class must not have a `__call__` of its own",
        evidence === "fair" && `\`${excerpt(call.object.text, 30)}\` must be a module`,
      ],
      [remove({ tree: call.node.tree, start: call.object.end, end: call.callee.end })],
    );
  },
});

/** Whether what calling the object runs is a method of the file: of its class, of a base, or of a class that derives from it. */
function ownCall(object: Node, facts: Facts): Answer {
  if (!facts.fileMatches(/\bdef __call__\b|\b__call__\s*=/)) return "no";
  const owner = object.text === "self" ? asClass(object.ancestor("class_definition")) : undefined;
  const type = facts.typed(object)?.type.name ?? "";
  const info = owner
    ? facts.classInfo(owner.node)
    : type.startsWith("local.")
      ? facts.classNamed(type.slice("local.".length))
      : undefined;
  if (!info) return type === "" || type === "torch.nn.Module" ? "unknown" : "no";
  const hasOne = (it: ClassInfo | string | undefined) =>
    typeof it === "object" && (it.definesMethod("__call__") || it.attributes.some(({ name }) => name === "__call__"));
  if (hasOne(info) || facts.basesOf(info).some(hasOne)) return "yes";
  return facts.fileMatches(new RegExp(`^[ \\t]*class \\w+\\([^)]*\\b${info.name}\\b`, "m")) ? "unknown" : "no";
}

/** A class of this file, or a name that is written like one. */
function isClassName(object: Node, facts: Facts): boolean {
  const last = object.kind === "attribute" ? (asAttribute(object)?.name ?? "") : object.text;
  return /^[A-Z][A-Za-z]*[a-z]/.test(last) && facts.typed(object) === undefined;
}

/** `self` in a method of a class that is a module for certain, or is used like one where its base is in another file. */
function selfEvidence(node: Node, facts: Facts): Evidence | undefined {
  const owner = asClass(node.ancestor("class_definition"));
  const info = owner && facts.classInfo(owner.node);
  if (!info?.definesMethod("forward") || !functionAround(node)) return undefined;
  const bases = facts.basesOf(info);
  if (bases.some((it) => typeof it === "string" && MODULES.test(it))) return "strong";
  const isOpen = bases.some((it) => it === undefined || (typeof it === "string" && !LIBRARIES.test(it)));
  const isUsedLikeOne = () => info.methods.some((it) => MODULE_METHODS.test(facts.bodyOf(it.def).text));
  return isOpen && facts.view.imports("torch") && isUsedLikeOne() ? "fair" : undefined;
}

/** What only modules have. */
const MODULE_METHODS = /\bself\.(?:eval|train|parameters|named_parameters|state_dict|load_state_dict|zero_grad)\(/;
/** Bases of which it is known what they are. */
const LIBRARIES = /^(?:builtins|abc|typing|torch|enum|collections|unittest)\./;

const MODULES =
  /^torch\.nn\.Module$|^(pytorch_lightning|lightning(\.pytorch)?)\.LightningModule$|^transformers\.PreTrainedModel$/;

const isExported = (decorators: readonly Node[]): boolean => decorators.some((it) => /jit\.|export/.test(it.text));

/** A class that TorchScript takes for an interface, which has methods and no call. */
function isInterface(object: Node, facts: Facts): boolean {
  const type = facts.typed(object)?.type.name ?? "";
  const info = type.startsWith("local.") ? facts.classNamed(type.slice("local.".length)) : undefined;
  return info?.def.decorators.some((it) => it.text.includes("jit.")) ?? false;
}

/** `model.forward = patched(model.forward(x))`: somebody works on the method itself; or TorchScript asks for it by name. */
function isOverriding(node: Node): boolean {
  const around = functionAround(node);
  return around !== undefined && /\.forward\s*=[^=]|is_scripting/.test(around.text);
}

/** A class of the file that has a `forward` and is no module. */
function isOtherForward(object: Node, facts: Facts): boolean {
  const typed = facts.typed(object, "fair");
  return typed !== undefined && !isOfOtherFile(typed.type) && !facts.isA(object, "torch.nn.Module", "fair");
}
