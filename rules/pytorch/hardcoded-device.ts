/** A function that runs on an NVIDIA card and nowhere else: `.cuda()`, and "cuda" written out again and again. */

import {
  asAttribute,
  asCall,
  asConditional,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  importModule,
  lastIdentifier,
  lineAbove,
  nameGiven,
  replace,
  startsLine,
  statementOf,
  textValue,
  wrapped,
  type Call,
  type Declined,
  type Facts,
  type File,
  type Fix,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Device written out",
  why: "Code that says cuda in many places does not run where there is no such card: on a laptop, in a test, on other hardware. One variable for the device, chosen once, serves all of them, and `.to(device)` does the same as `.cuda()`.",
  guide: "torch-data",
  level: "info",
  differs: { unknown: "kept" },
  gain: "safety",
  imports: ["torch"],
  words: ["cuda"],
  overrides: ["pytorch/blocking-transfer"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

def embedded(model: nn.Module, batch: torch.Tensor) -> torch.Tensor:
    model = model.cuda()
    return model(batch.cuda()).cpu()
`,
      after: `
import torch
from torch import nn

def embedded(model: nn.Module, batch: torch.Tensor) -> torch.Tensor:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = model.to(device)
    return model(batch.to(device)).cpu()
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const use = useIn(asCall(node), facts);
    // A method that is called cuda does what its caller asks for.
    if (facts.ofFile(NEEDS_CARD) || isGuarded(node) || asFunction(functionAround(node))?.name === "cuda")
      return undefined;
    if (!use) return chosenIn(node, facts);
    const region = functionAround(node) ?? node.tree.root;
    const uses = usesIn(region, facts);
    // One finding for a function; a literal alone is the one place where the device is chosen.
    if (uses[0]?.node.start !== node.start || !(uses.length > 1 || use.isMethod)) return undefined;
    return {
      at: use.at,
      evidence: use.isMethod ? ("strong" as const) : ("proof" as const),
      // A script that says it in one place is mended there.
      weight: (uses.every((it) => isWrittenTensor(it.node, facts)) || (uses.length === 1 && region === node.tree.root)
        ? "light"
        : "heavy") as Weight,
      related: uses.slice(1).map((it) => ({ at: it.at, message: "The device is written out here too." })),
      uses,
    };
  },

  message: ({ at, uses }) =>
    uses.length === 0
      ? `\`${excerpt(at.text, 40)}\` fails on a machine without an NVIDIA card; ask \`torch.cuda.is_available()\` where the device is chosen.`
      : `\`${uses[0]?.isMethod ? `${excerpt(lastIdentifier(asMethodCall(uses[0].node)!.object.text), 30)}.cuda()` : at.text}\` needs an NVIDIA card${uses.length > 1 ? `, here and at ${uses.length - 1} other ${uses.length > 2 ? "places" : "place"} of this code` : ""}; a device that is chosen once also serves machines without one.`,

  fix({ at, uses }, file) {
    const { facts } = file;
    if (uses.length === 0) return chosenFix(at, file);
    const [{ node: first }] = uses as [CudaUse];
    const own = deviceOf(first, facts);
    const torch = importModule(file, "torch", first);
    if (!torch) return declined("`torch` means something else here");
    const def = functionAround(first);
    const statement = outermostStatement(first, def);
    if (!own && (!statement || !startsLine(statement))) return declined("there is no place to choose the device at");
    if (!own && facts.isTaken("device", first)) return declined("`device` means something else here");
    if (!def) return declined("code of the module may use the device elsewhere");
    const name = own ?? "device";
    return fixOf(
      own ? `Use ${excerpt(own, 30)}` : "Choose the device once",
      [
        own
          ? `\`${excerpt(own, 30)}\` may be another device`
          : "without a card it runs on the CPU, where it failed before",
      ],
      [
        ...(own ? [] : torch.edits),
        ...(own
          ? []
          : [
              lineAbove(
                statement!,
                `device = ${torch.name}.device("cuda" if ${torch.name}.cuda.is_available() else "cpu")`,
              ),
            ]),
        ...uses.map((it) => replace(it.changed, it.isMethod ? `to(${name})` : name)),
      ],
    );
  },
});

/** `torch.device("cuda:0")` as the one device of a program, and questions that only a card answers: a hint, as it is one place to mend. */
function chosenIn(node: Node, facts: Facts) {
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (!call || name === undefined || facts.ofFile(ASKS_FOR_CARD)) return undefined;
  const isDevice = name === "torch.device" && /^cuda(:0)?$/.test(textValue(call.args[0]) ?? "") && nameGiven(node);
  return isDevice || ONLY_CARDS.has(name)
    ? { at: node, evidence: "proof" as const, weight: "light" as Weight, related: [], uses: [] }
    : undefined;
}

/** The file asks whether there is a card, or lets its caller say. */
const ASKS_FOR_CARD = fileQuestion(({ view }) =>
  view.matches(/is_available|device_count|\bno_cuda\b|use_cuda|--device|--gpu/),
);

const ONLY_CARDS = new Set([
  "torch.cuda.current_device",
  "torch.cuda.get_device_name",
  "torch.cuda.get_device_properties",
]);

function chosenFix(at: Node, file: File): Fix | Declined {
  const call = asCall(at)!;
  const [device] = call.args;
  if (file.facts.nameOf(call.callee) !== "torch.device" || !device)
    return declined("whether it is needed without a card, only its author knows");
  const torch = importModule(file, "torch", at);
  if (!torch) return declined("`torch` means something else here");
  return fixOf(
    "Choose the CPU where there is no card",
    ["without a card it runs on the CPU, where it failed before"],
    [...torch.edits, replace(device, `${device.text} if ${torch.name}.cuda.is_available() else "cpu"`)],
  );
}

interface CudaUse {
  readonly node: Node;
  readonly at: Node;
  /** What the name of the device takes the place of. */
  readonly changed: { readonly tree: Node["tree"]; readonly start: number; readonly end: number };
  readonly isMethod: boolean;
}

/** The program is made for such a card: it says so, or brings code that only runs there. */
const NEEDS_CARD = fileQuestion(
  ({ view }) =>
    ["triton", "cupy", "pycuda", "tensorrt"].some((it) => view.imports(it)) ||
    view.matches(
      /\b(tensorrt|transformer_engine|msamp|nccl)\b|assert (torch\.)?cuda\.is_available|load_inline|CUDAExtension|init_process_group/,
    ) ||
    view.matches(/not (torch\.)?cuda\.is_available\(\):\s*(raise|return|sys\.exit|exit|quit)/),
);

/** `model.cuda()`, `x.to("cuda")`, `torch.zeros(3, device="cuda:0")`. What only names a kind of device is none. */
function useIn(call: Call | undefined, facts: Facts): CudaUse | undefined {
  if (!call || call.hasSplat) return undefined;
  const method = asMethodCall(call.node, "cuda", "to");
  if (method?.method === "cuda" && method.args.length === 0 && method.keywords.size === 0) {
    const attribute = asAttribute(method.callee);
    if (!attribute || facts.nameOf(method.callee)?.startsWith("torch.cuda")) return undefined;
    return {
      node: call.node,
      at: method.methodNode,
      changed: { tree: call.node.tree, start: method.methodNode.start, end: call.node.end },
      isMethod: true,
    };
  }
  const literal =
    method?.method === "to" ? (method.args[0] ?? method.keywords.get("device")) : call.keywords.get("device");
  if (!literal || !/^cuda(:0)?$/.test(textValue(literal) ?? "")) return undefined;
  const name = facts.nameOf(call.callee) ?? "";
  if (!method && !name.startsWith("torch.")) return undefined;
  return /^torch\.(device|amp|autocast|cuda)/.test(name)
    ? undefined
    : { node: call.node, at: literal, changed: literal, isMethod: false };
}

const usesIn = (region: Node, facts: Facts): readonly CudaUse[] =>
  facts.memo("places that say cuda", region, () =>
    region
      .descendants("call")
      .filter((it) => (functionAround(it) ?? it.tree.root) === region && !isGuarded(it))
      .flatMap((it) => useIn(asCall(it), facts) ?? [])
      .sort((a, b) => a.node.start - b.node.start),
  );

const SWITCH = /is_available|cuda|gpu|device|accelerat|float16|\bhalf\b/i;

/** A few numbers that are written out, moved to show how that is done. */
function isWrittenTensor(node: Node, facts: Facts): boolean {
  const moved = asMethodCall(node)?.object;
  const made = asCall(moved?.kind === "identifier" ? facts.valueOf(moved) : moved);
  return made !== undefined && facts.nameOf(made.callee) === "torch.tensor" && made.args[0]?.kind === "list";
}

/** Under a condition that speaks of it, or behind a return for machines without a card. */
function isGuarded(node: Node): boolean {
  for (let inner = node, at = node.parent; at; inner = at, at = at.parent) {
    if (at.kind === "function_definition") return false;
    if (at.kind === "if_statement" || at.kind === "elif_clause") {
      if (SWITCH.test(at.field("condition")?.text ?? "")) return true;
    } else if (at.kind === "else_clause" && at.parent?.kind === "if_statement") {
      if (SWITCH.test(at.parent.field("condition")?.text ?? "")) return true;
    }
    const choice = asConditional(at);
    if (choice && inner !== choice.condition && SWITCH.test(choice.condition.text)) return true;
    if (at.kind === "assert_statement" || at.kind === "except_clause" || at.kind === "default_parameter") return true;
  }
  return false;
}

/** A device that the function knows already. */
function deviceOf(node: Node, facts: Facts): string | undefined {
  const def = asFunction(functionAround(node));
  if (def?.parameters.some((it) => it.name === "device")) return "device";
  const owner = def && facts.classOf(def.outer);
  const self = def?.parameters[0]?.name;
  if (
    owner &&
    self &&
    owner.writes.some((it) => it.name === "device" && it.method.def.name === "__init__") &&
    def.name !== "__init__"
  )
    return `${self}.device`;
  const sites = facts.view.sitesOf("device");
  const [site] = sites;
  return sites.length === 1 && site?.kind === "assign" && /device\(|cuda/.test(site.value?.text ?? "") && def
    ? "device"
    : undefined;
}

/** The statement of the function's own block that holds the first use. */
function outermostStatement(node: Node, def: Node | undefined): Node | undefined {
  const body = def?.field("body");
  let statement = statementOf(wrapped(node));
  while (body && statement.parent && statement.parent !== body) statement = statementOf(statement.parent);
  return statement.parent === body ? statement : undefined;
}
