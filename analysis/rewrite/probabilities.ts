/** What gives probabilities: softmax and sigmoid, by whatever form they are written, and models that end in one. */

import { asCall, asMethodCall, asSubscript, unwrap, type MethodCall } from "../syntax/expressions.js";
import { functionAround, type FunctionDef } from "../syntax/statements.js";
import { importModule, importName, type Import } from "../rule/importing.js";
import type { File } from "../rule/rule.js";
import type { Evidence } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import type { Node } from "../syntax/tree.js";

/** Where probabilities come from. */
export interface Probability {
  readonly kind: "softmax" | "sigmoid";
  /** The call of the function, method or layer itself; undefined where a model gives them, of which `source` is the call. */
  readonly call: Node | undefined;
  readonly source: Node;
  /** The call is of a function or method of torch, so that another one of the same arguments can take its place. */
  readonly isFunction: boolean;
  /** Between it and the value asked about stands nothing but a name. */
  readonly isDirect: boolean;
  /** The names between. */
  readonly names: readonly Node[];
  readonly evidence: Evidence;
}

const FUNCTIONS: Readonly<Record<string, Probability["kind"]>> = {
  "torch.softmax": "softmax",
  "torch.nn.functional.softmax": "softmax",
  "torch.special.softmax": "softmax",
  "torch.sigmoid": "sigmoid",
  "torch.nn.functional.sigmoid": "sigmoid",
  "torch.special.expit": "sigmoid",
};
const LAYERS: Readonly<Record<string, Probability["kind"]>> = {
  "torch.nn.Softmax": "softmax",
  "torch.nn.Softmax2d": "softmax",
  "torch.nn.Sigmoid": "sigmoid",
};
/** These choose among the values, or give them another shape. */
const PASSING = new Set(
  "view reshape flatten squeeze unsqueeze ravel contiguous float double to cuda cpu gather index_select take_along_dim permute transpose t".split(
    " ",
  ),
);
const PASSING_FUNCTIONS = new Set(
  "torch.squeeze torch.unsqueeze torch.flatten torch.reshape torch.ravel torch.gather torch.index_select torch.take_along_dim".split(
    " ",
  ),
);

/** How many names, layers and functions are followed. */
const STEPS = 8;

/** Undefined where a value is not known to come from a softmax or sigmoid without being changed since. */
export function probabilityOf(expression: Node, facts: Facts): Probability | undefined {
  return follow(expression, facts, [], true, STEPS);
}

function follow(
  expression: Node,
  facts: Facts,
  names: readonly Node[],
  isDirect: boolean,
  steps: number,
): Probability | undefined {
  const node = unwrap(expression);
  if (steps === 0) return undefined;
  if (node.kind === "identifier") {
    if (isChanged(node, facts)) return undefined;
    const value = facts.valueOf(node);
    return value && value !== node ? follow(value, facts, [...names, node], isDirect, steps - 1) : undefined;
  }
  if (node.kind === "subscript") {
    const { value } = asSubscript(node) ?? {};
    return value && follow(value, facts, names, false, steps - 1);
  }
  const call = asCall(node);
  if (!call) return undefined;
  const name = facts.nameOf(call.callee);
  if (name !== undefined && Object.hasOwn(FUNCTIONS, name))
    return { kind: FUNCTIONS[name]!, call: node, source: node, isFunction: true, isDirect, names, evidence: "proof" };
  if (name !== undefined && PASSING_FUNCTIONS.has(name) && call.args[0])
    return follow(call.args[0], facts, names, false, steps - 1);
  const method = asMethodCall(node);
  if (method && name === undefined) {
    const kind = tensorMethod(method);
    if (kind) {
      const evidence = facts.isA(method.object, "torch.Tensor") ? "proof" : "strong";
      return { kind, call: node, source: node, isFunction: true, isDirect, names, evidence };
    }
    if (PASSING.has(method.method)) return follow(method.object, facts, names, false, steps - 1);
  }
  const layer = kindOfLayer(call.callee, facts, steps - 1);
  return (
    layer && {
      kind: layer.kind,
      call: layer.isOwn ? undefined : node,
      source: node,
      isFunction: false,
      isDirect,
      names,
      evidence: layer.isOwn ? "strong" : "proof",
    }
  );
}

/** `x.sigmoid()`, `x.softmax(dim=1)`: a layer of that name is given a tensor. */
function tensorMethod({ method, args: [first, more], keywords }: MethodCall): Probability["kind"] | undefined {
  if (method === "sigmoid") return first || keywords.size > 0 ? undefined : method;
  if (method !== "softmax" || more) return undefined;
  return keywords.has("dim") || (first && /^-?\d$|dim|axis/.test(first.text)) ? method : undefined;
}

/** Something is stored into the tensor, or a method changes it in place. */
function isChanged(name: Node, facts: Facts): boolean {
  return facts
    .usesOf(name)
    .some(
      (it) =>
        it.kind === "subscript-store" ||
        it.kind === "augmented" ||
        (it.kind === "method" && /[^_]_$/.test(it.name ?? "")),
    );
}

interface Layer {
  readonly kind: Probability["kind"];
  /** A model of the file that ends in one. */
  readonly isOwn: boolean;
}

/** A softmax or sigmoid layer, or a model of this file that ends in one. */
function kindOfLayer(callee: Node, facts: Facts, steps: number): Layer | undefined {
  if (steps === 0) return undefined;
  const node = unwrap(callee);
  const type = facts.typed(node, "strong")?.type.name;
  if (type === undefined) return undefined;
  if (Object.hasOwn(LAYERS, type)) return { kind: LAYERS[type]!, isOwn: false };
  if (type === "torch.nn.Sequential") return endOfSequential(node, facts, steps);
  if (!type.startsWith("local.")) return undefined;
  const info = facts.classNamed(type.slice("local.".length));
  const forward = info?.methodNamed("forward")?.def;
  return forward && facts.isA(node, "torch.nn.Module", "strong") ? endOfForward(forward, facts, steps) : undefined;
}

/** What every `return` of a forward gives: tuples and several kinds say nothing. */
function endOfForward(forward: FunctionDef, facts: Facts, steps: number): Layer | undefined {
  const body = facts.bodyOf(forward);
  const returned = body.descendants("return_statement").filter((it) => functionAround(it) === forward.node);
  const found = returned.map((it) => it.children[0] && follow(it.children[0], facts, [], false, steps - 1));
  const [first] = found;
  return first && found.every((it) => it?.kind === first.kind) ? { kind: first.kind, isOwn: true } : undefined;
}

/** The last layer of `nn.Sequential(…)`, also of `self.layers = nn.Sequential(…)`. */
function endOfSequential(node: Node, facts: Facts, steps: number): Layer | undefined {
  const made = asCall(node.kind === "call" ? node : facts.valueOf(node));
  if (!made || made.hasSplat || facts.nameOf(made.callee) !== "torch.nn.Sequential") return undefined;
  const last = made.args.at(-1);
  const layer = last && asCall(unwrap(last));
  const name = layer && facts.nameOf(layer.callee);
  if (name !== undefined && Object.hasOwn(LAYERS, name)) return { kind: LAYERS[name]!, isOwn: true };
  const inner = last && kindOfLayer(last, facts, steps - 1);
  return inner && { ...inner, isOwn: true };
}

/** A loss that is computed, with what it compares. */
export interface LossCall {
  /** `torch.nn.BCELoss`, `torch.nn.functional.cross_entropy`. */
  readonly name: string;
  /** The place that holds it, or the expression that makes it; undefined for functions. */
  readonly made: Node | undefined;
  readonly input: Node;
}

const LOSSES = new Set(
  (
    "torch.nn.BCELoss torch.nn.CrossEntropyLoss torch.nn.BCEWithLogitsLoss torch.nn.NLLLoss torch.nn.functional.binary_cross_entropy " +
    "torch.nn.functional.cross_entropy torch.nn.functional.binary_cross_entropy_with_logits torch.nn.functional.nll_loss"
  ).split(" "),
);

/** Names under which losses go, apart from their functions: other calls need no second look. */
const LOSS_NAME = /loss|crit|bce|ce$|entropy|nll|objective|fn$|fun(c(tion)?)?$|cost/i;

/** A call of one of PyTorch's losses over classes: `F.cross_entropy(…)`, `criterion(…)`, `nn.BCELoss()(…)`. */
export function lossCallOf(node: Node, facts: Facts): LossCall | undefined {
  const call = asCall(node);
  if (!call || call.args.length + call.keywords.size < 2) return undefined;
  const input = call.args[0] ?? call.keywords.get("input");
  if (!input) return undefined;
  const callee = unwrap(call.callee);
  const maker = asCall(callee);
  if (maker) {
    const name = facts.nameOf(maker.callee);
    return name !== undefined && LOSSES.has(name) ? { name, made: callee, input } : undefined;
  }
  if (!LOSS_NAME.test(callee.text)) return undefined;
  const name = facts.nameOf(callee);
  if (name !== undefined)
    return LOSSES.has(name) && name.includes("functional") ? { name, made: undefined, input } : undefined;
  const type = facts.typed(callee, "strong")?.type.name;
  return type !== undefined && LOSSES.has(type) ? { name: type, made: callee, input } : undefined;
}

/** `F`, or whatever the module of functions is called there; undefined where its name means something else. */
export function functionalModule(file: File, near: Node): Import | undefined {
  return importModule(file, "torch.nn.functional", near, "F") ?? importName(file, "torch.nn", "functional", near);
}
