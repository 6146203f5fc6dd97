/** `torch.from_numpy(np.clip(x.cpu().numpy(), 0, 1)).to(device)`: a tensor leaves the device for something that PyTorch can do there. */

import {
  asAttribute,
  asBinary,
  asCall,
  asComprehension,
  asMethodCall,
  asSubscript,
  defineRule,
  excerpt,
  textValue,
  unwrap,
  useOf,
  weakest,
  wrapped,
  type Call,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** They copy what main memory holds into a tensor. */
const MAKERS = [
  "from_numpy",
  "tensor",
  "as_tensor",
  "Tensor",
  "FloatTensor",
  "LongTensor",
  "IntTensor",
  "BoolTensor",
].map((it) => `torch.${it}`);
/** What NumPy does and PyTorch too, under one name or another. */
const SHARED = new Set(
  (
    "abs absolute add all any argmax argmin argsort argwhere array asarray ascontiguousarray atleast_1d atleast_2d bincount bitwise_and broadcast_to ceil clip column_stack " +
    "concatenate copy corrcoef cos cosh count_nonzero cov cross cumprod cumsum deg2rad diag diff divide dot einsum equal exp exp2 expand_dims expm1 eye flip " +
    "fliplr flipud float32 float64 floor fmod full_like gcd greater histogram hstack hypot int64 int32 inner isfinite isinf isnan kron less log log10 log1p log2 logical_and logical_not " +
    "logical_or matmul max maximum mean median meshgrid min minimum moveaxis mean multiply nan_to_num nanmean nansum negative nonzero not_equal ones_like outer power " +
    "prod ravel reciprocal repeat reshape roll rot90 round searchsorted sign sin sinh sort split sqrt square squeeze stack std subtract sum swapaxes take tan tanh " +
    "tensordot tile trace transpose trapezoid tril triu unique var vstack where zeros_like linalg.norm linalg.inv linalg.svd linalg.det linalg.eigh linalg.solve linalg.pinv linalg.qr fft.fft fft.ifft fft.rfft fft.fft2"
  )
    .split(" ")
    .map((it) => `numpy.${it}`),
);
/** The same as methods of arrays. */
const METHODS = new Set(
  "abs all any argmax argmin argsort astype clip copy cumsum dot flatten max mean min prod ravel repeat reshape round sort squeeze std sum swapaxes take transpose var".split(
    " ",
  ),
);
/** They leave a tensor as it is, before it goes to the device. */
const ON_THE_WAY = new Set(
  "float double half int long bool type unsqueeze squeeze view reshape contiguous permute transpose t requires_grad_ clone expand detach".split(
    " ",
  ),
);
const FETCHES = ["numpy", "item", "tolist"];

export default defineRule({
  title: "Tensor that goes to main memory and back",
  why: "Bringing a tensor to NumPy waits for the device, copies the values and computes on the CPU; bringing the result back copies them again. Gradients stop there as well. PyTorch has the same operation for tensors, which stays on the device.",
  guide: "torch-data",
  level: "warning",
  gain: "time",
  unmeasured: "a graphics card",
  imports: ["torch"],

  examples: [
    {
      before: `
import numpy as np
import torch

def rescale(batches: list[torch.Tensor], device: torch.device) -> list[torch.Tensor]:
    scaled = []
    for batch in batches:
        clipped = np.clip(batch.cpu().numpy(), 0.0, 1.0)
        scaled.append(torch.from_numpy(clipped).to(device))
    return scaled
`,
      after: `
import torch

def rescale(batches: list[torch.Tensor], device: torch.device) -> list[torch.Tensor]:
    scaled = []
    for batch in batches:
        scaled.append(batch.clip(0.0, 1.0))
    return scaled
`,
    },
  ],

  on: ["call"],
  calls: MAKERS,

  find(node, { facts }) {
    const call = asCall(node);
    const [given] = call?.args ?? [];
    if (!call || !given || call.hasSplat || facts.isTest || !goesBack(call)) return undefined;
    const trip: Trip = { functions: [], sources: [] };
    if (!follow(given, facts, trip, MOST_STEPS)) return undefined;
    const [first] = trip.sources;
    const evidence = weakest(...trip.sources.map((it) => it.evidence));
    if (!first || !evidence) return undefined;
    return {
      at: call.callee,
      related: trip.sources
        .filter((it) => it.at.tree === node.tree)
        .map((it) => ({ at: it.at, message: "It leaves the device here." })),
      evidence,
      weight: facts.weightOf(node),
      first,
      functions: trip.functions,
    };
  },

  message({ at, first, functions }) {
    const [name] = functions;
    const how = name ? `; PyTorch has \`${name}\` for tensors too` : "; compute with the tensor itself";
    return `\`${at.text}\` brings back to the device what \`${excerpt(first.at.text.replaceAll(/\s+/g, " "), 40)}\` took from it${how}.`;
  },
});

interface Source {
  readonly at: Node;
  readonly evidence: Evidence;
}

interface Trip {
  readonly functions: string[];
  readonly sources: Source[];
}

const MOST_STEPS = 12;

/** `device=…`, or `.to(device)` and `.cuda()` behind it; also by way of a name that is moved at once. */
function goesBack(call: Call): boolean {
  const device = call.keywords.get("device");
  if (device) return !isCpu(device);
  let at = wrapped(call.node);
  for (let steps = 0; steps < 6; steps++) {
    const use = useOf(at);
    if (use.kind !== "method" || !use.call) return false;
    const method = asMethodCall(use.call);
    if (use.name === "cuda") return true;
    if (use.name === "to") {
      const target = method?.keywords.get("device") ?? method?.args[0];
      return target !== undefined && !isCpu(target) && !/dtype|float|int|double|half|bool/.test(target.text);
    }
    if (!ON_THE_WAY.has(use.name ?? "")) return false;
    at = wrapped(use.call);
  }
  return false;
}

const isCpu = (device: Node): boolean => textValue(device) === "cpu" || device.text === 'torch.device("cpu")';

/** Everything that the value is made of comes from a tensor or is a plain number, and PyTorch can do all that is done with it. */
function follow(value: Node, facts: Facts, trip: Trip, steps: number): boolean {
  const node = unwrap(value);
  if (steps === 0) return false;
  const go = (it: Node | undefined) => it !== undefined && follow(it, facts, trip, steps - 1);
  switch (node.kind) {
    case "integer":
    case "float":
    case "true":
    case "false":
      return true;
    case "list":
    case "tuple":
      return node.children.length > 0 && node.children.every(go);
    case "unary_operator":
      return go(node.lastChild);
    case "binary_operator": {
      const binary = asBinary(node);
      return [binary?.left, binary?.right].every((it) => go(it) || (it !== undefined && isPlain(it, facts)));
    }
    case "subscript": {
      const subscript = asSubscript(node);
      return subscript !== undefined && subscript.indices.every((it) => it.kind !== "string") && go(subscript.value);
    }
    case "attribute":
      return asAttribute(node)?.name === "T" && go(asAttribute(node)?.object);
    case "identifier": {
      const given = facts.valueOf(node);
      // One that the code changes in between is another matter.
      return given !== undefined && !isChanged(node, facts) && go(given);
    }
    case "list_comprehension":
      return go(asComprehension(node)?.element);
    case "call":
      return ofCall(asCall(node)!, facts, trip, go);
    default:
      return false;
  }
}

/** A number or a text of the program: a parameter, an option. */
const isPlain = (node: Node, facts: Facts): boolean =>
  (node.kind === "identifier" || node.kind === "attribute") &&
  (facts.typed(node) === undefined || /^(int|float)$/.test(facts.typed(node)!.type.name));

/** `scores[0] = …`: NumPy is used to write into it. */
const isChanged = (name: Node, facts: Facts): boolean =>
  facts
    .usesOf(name)
    .some((it) => it.kind === "subscript-store" || it.kind === "augmented" || it.kind === "subscript-delete");

function ofCall(call: Call, facts: Facts, trip: Trip, go: (it: Node | undefined) => boolean): boolean {
  const name = facts.nameOf(call.callee);
  if (name?.startsWith("numpy.")) {
    if (!SHARED.has(name) || call.hasSplat) return false;
    const found = [...call.args].map((it) => go(it) || isPlain(it, facts) || it.kind === "none");
    if (!/array|copy/.test(name) && !trip.functions.includes(name.slice("numpy.".length)))
      trip.functions.push(name.slice("numpy.".length));
    return found.length > 0 && found.every(Boolean);
  }
  const method = asMethodCall(call.node);
  if (!method) return false;
  if (FETCHES.includes(method.method) && method.args.length === 0) {
    const evidence = tensorEvidence(method.object, method.method, facts);
    if (!evidence) return false;
    trip.sources.push({ at: call.node, evidence });
    return true;
  }
  return METHODS.has(method.method) && name === undefined && go(method.object);
}

/** `x.cpu().numpy()` is a tensor's; `numbers.tolist()` may be an array's. */
function tensorEvidence(object: Node, method: string, facts: Facts): Evidence | undefined {
  const inner = asMethodCall(unwrap(object));
  if (inner && /^(cpu|detach)$/.test(inner.method))
    return inner.method === "cpu" || method === "numpy" ? "strong" : "fair";
  const typed = facts.typed(object, "fair");
  if (typed) return typed.type.name === "torch.Tensor" ? typed.evidence : undefined;
  if (method === "numpy") return facts.takenFor(object, "tensor") ?? "fair";
  const likeness = facts.takenFor(object, "tensor");
  return likeness ?? (method === "item" && facts.takenFor(object, "array") === undefined ? "fair" : undefined);
}
