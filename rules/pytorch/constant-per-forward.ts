/** A tensor, or a module without weights, that is the same in every forward pass, and is built anew in each. */

import {
  asAssignment,
  asAttribute,
  asBinary,
  asCall,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  givenOnce,
  hasComments,
  lineBelow,
  namesOfBase,
  replace,
  startsLine,
  statementOf,
  statementsOf,
  unwrap,
  useOf,
  withoutArgument,
  wrapped,
  type Call,
  type ClassInfo,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
  type Use,
  type Weight,
} from "../../analysis/authoring.js";
import {
  droppedModule,
  lostModule,
  SWITCHED,
  WEIGHTED,
  WEIGHTLESS,
  type Dropped,
} from "./constant-per-forward/modules.js";
import { initTrouble, settingsOf } from "./constant-per-forward/settings.js";
import { untouchedDoubts } from "./constant-per-forward/untouched.js";

const words = (text: string) => new Set(text.split(" "));
/** They make a tensor of numbers; what begins as zeros is mostly filled, and random numbers are others each time. */
const MAKERS = [
  "tensor",
  "as_tensor",
  "FloatTensor",
  "LongTensor",
  "eye",
  "arange",
  "linspace",
  "logspace",
  "ones",
  "full",
  "hann_window",
  "hamming_window",
  "tril_indices",
  "triu_indices",
];
/** What is worked out of constants alone is one as well. */
const PURE = words(
  "sqrt exp log log2 cos sin tan pow outer tril triu diag flip cumsum stack cat concat meshgrid ger square reciprocal abs logical_not kron",
);
const PURE_METHODS = words(
  "float double half bool int long view reshape unsqueeze squeeze expand repeat t transpose permute tril triu sqrt exp log pow contiguous flatten flip neg type cumsum outer sum mean norm max numpy unfold roll logical_not",
);
const PLAIN = words("builtins.float builtins.int builtins.len builtins.list builtins.range builtins.max builtins.min");

export default defineRule({
  title: "Constant tensor or module built in every forward pass",
  why: "A mask, a filter or a row of positions that depends on nothing but the settings of the module is the same in every pass. Built anew it costs time and memory in each, and a list of Python has to be copied to the device, for which everything waits. A buffer is made once, and moves with the module. A layer that is made in the pass is dropped with all that it has learnt.",
  guide: "pytorch",
  level: "info",
  gain: "time",
  imports: ["torch"],
  words: ["forward", "for", "step", "loss", "criterion"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

class Causal(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def forward(self, scores: torch.Tensor) -> torch.Tensor:
        mask = torch.triu(torch.ones(self.width, self.width, device=scores.device), diagonal=1).bool()
        return scores.masked_fill(mask, float("-inf"))
`,
      after: `
import torch
from torch import nn

class Causal(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.register_buffer("mask", torch.triu(torch.ones(self.width, self.width), diagonal=1).bool(), persistent=False)

    def forward(self, scores: torch.Tensor) -> torch.Tensor:
        mask = self.mask
        return scores.masked_fill(mask, float("-inf"))
`,
    },
  ],

  on: ["call"],
  calls: [
    ...MAKERS.map((it) => `torch.${it}`),
    ...[...WEIGHTLESS.keys(), ...WEIGHTED, ...SWITCHED].map((it) => `torch.nn.${it}`),
  ],

  find(node, { facts }, call): Found | undefined {
    const dropped = droppedModule(call, facts);
    if (dropped) return { at: node, evidence: "proof", weight: "unknown", dropped, whole: node, fixed: undefined };
    const def = asFunction(functionAround(node));
    const lost = lostModule(call, facts);
    const owner = lost && def && facts.classOf(def.outer);
    const isModule = owner && moduleEvidence(owner, facts);
    if (lost && isModule)
      return { at: node, evidence: isModule, weight: "heavy", dropped: lost, whole: node, fixed: undefined };
    if (!def || facts.isTest || !/^_?forward(_|$)/.test(def.name) || !isMaker(asCall(node), facts)) return undefined;
    if (isScripted(node)) return undefined;
    const info = facts.classOf(def.outer);
    const evidence = info && moduleEvidence(info, facts);
    const self = def.parameters[0]?.name;
    if (!info || !evidence || !self) return undefined;
    const fixed: Fixed = { self, info, def, facts };
    if (!isFixed(node, fixed, MOST_STEPS)) return undefined;
    const whole = outermost(node, fixed);
    // Of several in one expression the first is told.
    if (firstMaker(whole, facts)?.start !== node.start || !isOnlyRead(whole, def, facts, MOST_STEPS)) return undefined;
    return {
      at: node,
      evidence,
      weight: isSmall(node, facts) ? "unknown" : "heavy",
      whole,
      fixed,
      dropped: undefined,
    };
  },

  message({ whole, fixed, dropped }) {
    const shown = `\`${excerpt(whole.text.replaceAll(/\s+/g, " "), dropped ? 40 : 50)}\``;
    if (dropped?.loses === "weights")
      return `${shown} starts from new weights in every call of \`${dropped.where}()\`, so that it never learns; make it in \`__init__\`.`;
    if (dropped?.loses === "mode")
      return `${shown} is made in \`${dropped.where}()\`, where \`eval()\` does not reach it: it drops values in predictions too; make it in \`__init__\`.`;
    if (dropped)
      return `${shown} makes a module ${dropped.where === undefined ? "in every turn" : `in every call of \`${dropped.where}()\``} only to call it; make it once, or call the function \`${dropped.twin}\` of torch.nn.functional.`;
    return `${shown} is the same in every call of ${fixed!.def.name}() and is built anew each time; a buffer of the module is built once.`;
  },

  fix({ whole, fixed }) {
    if (!fixed) return declined("where it should be made once is for its author to say");
    const { info, self, facts } = fixed;
    const init = info.methodNamed("__init__");
    const last = init && statementsOf(facts.bodyOf(init.def)).at(-1);
    if (!init?.self || !last) return declined("the module has no __init__ to make the buffer in");
    if (last.kind === "return_statement" || !startsLine(last))
      return declined("there is no room at the end of __init__");
    if (hasComments(whole)) return declined("there is a comment in the expression");
    if (dependsOnCall(whole, self, facts)) return declined("its dtype or a name in it is known in the call alone");
    const trouble = initTrouble(info, init, fixed.def.name, facts);
    if (trouble) return declined(trouble);
    const settings = settingsOf(whole, self, init, facts);
    if ("reason" in settings) return declined(settings.reason);
    const untouched = untouchedDoubts(whole, fixed.def, facts);
    if (!untouched) return declined("the tensor is written to, or kept, so that each pass needs its own");
    const heirs = new RegExp(`^[ \\t]*class \\w+\\([^)]*\\b${info.name}\\b`, "m");
    const isBase = facts.fileMatches(heirs);
    if (isBase && facts.fileMatches(/\bModule\.__init__\(|super\(\w+, \w+\)\.__init__/))
      return declined("a class that derives from it may leave its __init__ out");
    const name = nameFor(whole, last, fixed);
    const text = withoutDevice(whole);
    if (!name || !text) return declined("there is no free name for the buffer");
    const value = init.self === self ? text : text.replaceAll(new RegExp(`\\b${self}\\.`, "g"), `${init.self}.`);
    return fixOf(
      "Make it once, as a buffer",
      [
        "the buffer is on the device of the module, changes its precision with it, and is one of its buffers()",
        ...settings.doubts,
        ...untouched,
        isBase && `classes that derive from \`${info.name}\` must call its __init__`,
        hasOtherBases(info, facts) && `no base class may have a \`${name}\` of its own`,
      ],
      [
        lineBelow(last, `${init.self}.register_buffer("${name}", ${value}, persistent=False)`),
        replace(wrapped(whole), `${self}.${name}`),
      ],
    );
  },
});

interface Found {
  readonly at: Node;
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly whole: Node;
  /** Of a tensor. */
  readonly fixed: Fixed | undefined;
  /** Of a module. */
  readonly dropped: Dropped | undefined;
}

/** A single number: what counts is the call, not the memory. */
function isSmall(node: Node, facts: Facts): boolean {
  const call = asCall(node);
  const first = call?.args[0];
  if (!call || !first) return true;
  if (/\.(ones|full|eye|arange)$/.test(facts.nameOf(call.callee) ?? "")) return /^\(?[12]\b/.test(first.text);
  return (
    /\.(tensor|as_tensor)$/.test(facts.nameOf(call.callee) ?? "") &&
    !/list|tuple/.test((facts.valueOf(first) ?? first).kind)
  );
}

/** A base of another file may have anything. */
const hasOtherBases = (info: ClassInfo, facts: Facts): boolean =>
  facts
    .basesOf(info)
    .some((it) => it === undefined || (typeof it === "string" && !/^(torch|builtins|abc|typing)\./.test(it)));

/** Code of another way to run the module. */
const isScripted = (node: Node): boolean =>
  /is_(scripting|tracing)/.test(node.ancestor("if_statement")?.field("condition")?.text ?? "");

interface Fixed {
  readonly self: string;
  readonly info: ClassInfo;
  readonly def: FunctionDef;
  readonly facts: Facts;
}

const MOST_STEPS = 8;

const isMaker = (call: Call | undefined, facts: Facts): boolean =>
  call !== undefined && MAKERS.includes(facts.nameOf(call.callee)?.replace("torch.", "") ?? "");

/** A module by its bases; one of another file by what that is called. */
function moduleEvidence(info: ClassInfo, facts: Facts): Evidence | undefined {
  let evidence: Evidence | undefined;
  for (const base of facts.basesOf(info)) {
    if (base === "torch.nn.Module" || (typeof base === "string" && base.startsWith("torch.nn.modules"))) return "proof";
    if (typeof base === "string" && base.startsWith("torch.autograd")) return undefined;
  }
  for (const it of info.def.bases)
    if (/Module$|Model$|Layer$|Loss$|Net$|Encoder|Decoder|Attention/.test(it.text)) evidence = "strong";
  return evidence;
}

/** Numbers, settings of the module, and tensors that are made of nothing else. Which device it is made for does not matter. */
function isFixed(value: Node, fixed: Fixed, steps: number): boolean {
  const node = unwrap(value);
  if (steps === 0) return false;
  const go = (it: Node) => isFixed(it, fixed, steps - 1);
  switch (node.kind) {
    case "integer":
    case "float":
    case "true":
    case "false":
    case "none":
    case "string":
      return true;
    case "unary_operator":
    case "list":
    case "tuple":
      return node.children.every(go);
    case "binary_operator": {
      const binary = asBinary(node);
      return binary !== undefined && go(binary.left) && go(binary.right);
    }
    case "attribute":
      return isSetting(node, fixed);
    case "identifier":
      return isConstantName(node, fixed, go);
    case "call":
      return isFixedCall(asCall(node), fixed, go);
    default:
      return false;
  }
}

function isFixedCall(call: Call | undefined, { facts }: Fixed, go: (it: Node) => boolean): boolean {
  if (!call || call.hasSplat || call.keywords.has("requires_grad") || call.keywords.has("out")) return false;
  const name = facts.nameOf(call.callee);
  const method = asMethodCall(call.node);
  const isPure =
    name === undefined
      ? method !== undefined && PURE_METHODS.has(method.method) && go(method.object)
      : isMaker(call, facts) ||
        (name.startsWith("torch.") && PURE.has(name.slice(6))) ||
        /^(math|numpy)\.(sqrt|log|exp|pi|cos|sin)$/.test(name) ||
        PLAIN.has(name);
  return (
    isPure &&
    call.args.every(go) &&
    [...call.keywords].every(([key, it]) => key === "device" || key === "dtype" || go(it))
  );
}

/** `self.width`, set in `__init__` alone, or `torch.float32`, `math.pi`. */
function isSetting(node: Node, { self, info, facts }: Fixed): boolean {
  const attribute = asAttribute(node);
  if (!attribute) return false;
  const { object, name } = attribute;
  if (object.text !== self) return /^(torch|math|numpy)\.\w+$/.test(facts.nameOf(node) ?? "");
  if (info.isDynamic || facts.foreignStores().has(name)) return false;
  const writes = info.writes.filter((it) => it.name === name);
  if (writes.length === 0) return info.attributes.some((it) => it.name === name && it.value !== undefined);
  return writes.every(
    (it) => it.method.def.name === "__init__" && it.kind !== "delete" && !/Parameter\(|nn\./.test(it.value?.text ?? ""),
  );
}

/** A constant of the module, or a name of the function for one. */
function isConstantName(node: Node, { facts, def }: Fixed, go: (it: Node) => boolean): boolean {
  const given = givenOnce(node, facts);
  if (!given) return false;
  if (functionAround(given) === def.node) return go(given);
  return (
    functionAround(given) === undefined &&
    ["integer", "float", "list", "tuple", "unary_operator", "binary_operator"].includes(unwrap(given).kind)
  );
}

/** The widest expression around it that is fixed. */
function outermost(node: Node, fixed: Fixed): Node {
  let whole = node;
  for (let at = node.parent; at && at !== fixed.def.body; at = at.parent) {
    if (/^(call|binary_operator|unary_operator)$/.test(at.kind) && isFixed(at, fixed, MOST_STEPS)) whole = at;
    else if (!/^(argument_list|keyword_argument|parenthesized_expression|attribute|call|list|tuple)$/.test(at.kind))
      break;
  }
  return whole;
}

const firstMaker = (whole: Node, facts: Facts): Node | undefined =>
  whole.kind === "call" &&
  isMaker(asCall(whole), facts) &&
  !whole.descendants("call").some((it) => it !== whole && isMaker(asCall(it), facts))
    ? whole
    : whole
        .descendants("call")
        .filter((it) => isMaker(asCall(it), facts))
        .sort((a, b) => a.start - b.start)[0];

/** Methods that give the same values, or a view of them. */
const SAME = words("to cuda cpu view reshape expand unsqueeze squeeze t type_as expand_as view_as");

/** Nothing is written into it, and it goes to nobody who may. */
function isOnlyRead(value: Node, def: FunctionDef, facts: Facts, steps: number): boolean {
  if (steps === 0) return false;
  const use = useOf(wrapped(value));
  if (use.kind !== "assigned") return isReading(use, def, facts, steps);
  const [target, more] = asAssignment(use.in)?.targets ?? [];
  if (!target || more || target.kind !== "identifier" || facts.writesOf(target, def.body).length !== 1) return false;
  const uses = facts.usesOf(target, def.body);
  return uses.length > 0 && uses.every((it) => isReading(it, def, facts, steps - 1));
}

function isReading(use: Use, def: FunctionDef, facts: Facts, steps: number): boolean {
  switch (use.kind) {
    case "operand":
    case "compared":
    case "argument":
    case "attribute":
    case "subscript":
    case "formatted":
      return true;
    case "method":
      if (use.name?.endsWith("_")) return false;
      return !SAME.has(use.name ?? "") || !use.call || isOnlyRead(use.call, def, facts, steps - 1);
    default:
      return false;
  }
}

/** A dtype of what comes in, or a name of the function. */
const dependsOnCall = (whole: Node, self: string, facts: Facts): boolean =>
  whole
    .descendants("keyword_argument")
    .some((it) => it.field("name")?.text === "dtype" && facts.nameOf(it.field("value")!) === undefined) ||
  whole
    .descendants("identifier")
    .some(
      (it) =>
        it.text !== self &&
        !it.ancestor("keyword_argument")?.text.startsWith("device") &&
        facts.bindingOf(it) !== undefined &&
        functionAround(facts.bindingOf(it)!.sites[0]?.name ?? whole) !== undefined,
    );

const NAMES: Readonly<Record<string, string>> = {
  eye: "identity",
  arange: "positions",
  linspace: "steps",
  tril: "mask",
  triu: "mask",
};

const OF_MODULE = namesOfBase("torch.nn.Module");

/** What a constant is called by itself: the local name it is given, or what it is. */
function wantedName(whole: Node): string {
  const assignment = asAssignment(statementOf(whole));
  const [target] = assignment?.targets ?? [];
  const made = asAttribute(asCall(whole)?.callee)?.name ?? "";
  const isNamed = target?.kind === "identifier" && assignment?.value?.start === whole.start;
  return isNamed ? target.text : (NAMES[made] ?? "constant");
}

/** Fixes that go in together must not choose the same name, and nothing in the file may have it: a base, a class that derives from it, a buffer. */
function nameFor(whole: Node, near: Node, { info, facts }: Fixed): string | undefined {
  const wanted = wantedName(whole);
  const isTaken = (name: string) =>
    OF_MODULE?.has(name) ||
    /^(forward|training|weight|bias)$/.test(name) ||
    info.attributes.some((it) => it.name === name) ||
    facts.fileMatches(new RegExp(`\\.${name}\\b|["']${name}["']|\\bdef ${name}\\b`));
  const free = [wanted, `${wanted}_buffer`, ...[2, 3, 4, 5, 6].map((number) => `${wanted}_buffer_${number}`)].find(
    (it) => !isTaken(it),
  );
  return free && facts.choices.choose({ name: free, scope: functionAround(near) }, (it) => it !== free && isTaken(it));
}

/** Where a module is made nobody knows its device: it moves there with the module. */
function withoutDevice(whole: Node): string | undefined {
  let text = whole.text;
  const cuts = whole
    .descendants("keyword_argument")
    .filter((it) => it.field("name")?.text === "device")
    .map((it) => withoutArgument(it));
  for (const cut of cuts.reverse()) {
    if (!cut) return undefined;
    text = text.slice(0, cut.at.start - whole.start) + cut.text + text.slice(cut.at.end - whole.start);
  }
  return text;
}
