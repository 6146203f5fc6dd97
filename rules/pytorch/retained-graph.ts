/** `total += loss` in a training loop: the sum keeps the graph of every step. */

import {
  asAssignment, asAttribute, asAugmented, asBinary, asCall, asMethodCall, ATOM, bindingStrength, contextsAround, defineRule, functionAround, insertAfter, insertBefore, statementOf, unwrap, useOf, wrapped,
  type Facts, type Fix, type Node, type Use,
} from "../../analysis/authoring.js";

const WITHOUT_GRAPH = new Set(["torch.no_grad", "torch.inference_mode", "torch.set_grad_enabled"]);
const LISTS = new Set(["list", "collections.deque"]);
const ARITHMETIC = new Set(["+", "-", "*", "/"]);

export default defineRule({
  title: "Loss kept together with its graph",
  why: "A loss refers to the graph that made it, so a sum or list of losses keeps the nodes of every step alive: memory grows with each one until a long run ends for want of it. detach() keeps the value alone, and does not wait for the device as item() does.",
  guide: "pytorch",
  level: "warning",
  gain: "safety",
  imports: ["torch"],
  fixes: "safe",

  examples: [
    {
      before: `
import torch
from torch import nn

def train(model: nn.Module, optimizer: torch.optim.Optimizer, batches) -> float:
    total = 0.0
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()
        total += loss
    return float(total) / len(batches)
`,
      after: `
import torch
from torch import nn

def train(model: nn.Module, optimizer: torch.optim.Optimizer, batches) -> float:
    total = 0.0
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()
        total += loss.detach()
    return float(total) / len(batches)
`,
    },
  ],

  on: ["augmented_assignment", "assignment", "call"],

  find(node, { facts }) {
    const kept = keptIn(node, facts);
    if (!kept) return undefined;
    const losses = lossesIn(kept.value);
    const found = losses.length > 0 ? trainingLoop(node, losses, facts) : undefined;
    if (!found || isRenewed(kept.holder, node, found.loop, facts) || isTrainedOn(kept.holder, facts)) return undefined;
    if (contextsAround(node).some((it) => WITHOUT_GRAPH.has(facts.nameOf(asCall(it)?.callee ?? it) ?? ""))) return undefined;
    return { at: found.loss, ...kept, loss: found.loss, node };
  },

  message: ({ holder, loss }) => `\`${holder.text}\` keeps the graph of every step alive through \`${loss.text}\`; keep \`${loss.text}.detach()\`.`,

  fix({ value, holder, isList, loss, node }, { facts }): Fix {
    const whole = bindingStrength(value) < ATOM ? [insertBefore(value, "("), insertAfter(value, ").detach()")] : [insertAfter(value, ".detach()")];
    const doubt = !isOnlyRead(holder, node, isList, facts) ? "it then carries no gradient, also where it is handed on" : facts.typeOf(loss)?.name !== "torch.Tensor" ? "only a tensor can be detached" : undefined;
    return { title: doubt === undefined ? "Detach what is kept" : `Detach what is kept (review: ${doubt})`, safety: doubt === undefined ? "safe" : "review", edits: whole };
  },
});

interface Kept {
  readonly holder: Node;
  readonly value: Node;
  readonly isList: boolean;
}

/** `holder += value`, `holder = holder + value`, `holder.append(value)`. */
function keptIn(node: Node, facts: Facts): Kept | undefined {
  const sum = asAugmented(node);
  if (sum) return sum.operator === "+=" && !LISTS.has(facts.typeOf(sum.target)?.name ?? "") ? { holder: sum.target, value: sum.value, isList: false } : undefined;
  const assignment = node.kind === "assignment" ? asAssignment(node) : undefined;
  const [target, more] = assignment?.targets ?? [];
  const binary = assignment?.value && asBinary(unwrap(assignment.value));
  if (target && !more && binary?.operator === "+" && binary.left.text === target.text) return { holder: target, value: binary.right, isList: false };
  const call = asMethodCall(node, "append");
  const [value, second] = call?.args ?? [];
  return call && value && !second && LISTS.has(facts.typeOf(call.object)?.name ?? "") ? { holder: call.object, value, isList: true } : undefined;
}

/** `loss`, `output.loss`, also as operands. */
function lossesIn(value: Node): readonly Node[] {
  const node = unwrap(value);
  if (node.kind === "identifier" || asAttribute(node)?.object.kind === "identifier") return [node];
  const binary = asBinary(node);
  return binary && ARITHMETIC.has(binary.operator) ? [...lossesIn(binary.left), ...lossesIn(binary.right)] : [];
}

/** The innermost loop around that also calls `backward` on the very value that is kept. */
function trainingLoop(node: Node, losses: readonly Node[], facts: Facts): { readonly loop: Node; readonly loss: Node } | undefined {
  for (const loop of facts.loopsAround(node)) {
    const body = loop.field("body");
    for (const call of body?.descendants("call") ?? []) {
      const trained = trainedBy(call);
      const loss = trained.length > 0 && functionAround(call) === functionAround(node) ? losses.find((it) => trained.some((other) => isSame(it, other, loop, facts))) : undefined;
      if (loss) return { loop, loss };
    }
  }
  return undefined;
}

/** What `loss.backward()`, `(loss / n).backward()`, `loss.mean().backward()` or `scaler.scale(loss).backward()` goes back through; a graph kept on purpose does not count. */
function trainedBy(node: Node): readonly Node[] {
  const call = asMethodCall(node, "backward");
  if (!call || call.hasSplat || call.args.length > 0 || call.keywords.size > 0) return [];
  const inner = asMethodCall(call.object);
  if (!inner) return lossesIn(call.object);
  return inner.method === "scale" && inner.args[0] ? lossesIn(inner.args[0]) : inner.method === "mean" || inner.method === "sum" ? lossesIn(inner.object) : [];
}

/** Both read one value: made in the loop, not given anew or detached between them. */
function isSame(kept: Node, trained: Node, loop: Node, facts: Facts): boolean {
  if (kept.text !== trained.text || (facts.typeOf(kept)?.name ?? "torch.Tensor") !== "torch.Tensor") return false;
  const [a, b] = [rootOf(kept), rootOf(trained)];
  const [ours, theirs] = [facts.reachingSites(a), facts.reachingSites(b)];
  if (ours.length !== theirs.length || !ours.every((it) => theirs.some((other) => other.name === it.name)) || !ours.some((it) => it.name.isInside(loop))) return false;
  const [from, to] = kept.start < trained.start ? [kept.start, trained.start] : [trained.start, kept.start];
  if (facts.writesOf(a).some((it) => it.name.tree === kept.tree && from < it.name.start && it.name.start < to)) return false;
  return !loop.descendants("attribute").some((it) => it.text === `${kept.text}.detach_` || (it.text === kept.text && it.fieldName === "left" && it.parent?.kind === "assignment"));
}

function rootOf(node: Node): Node {
  return asAttribute(node)?.object ?? node;
}

/** Begun anew in each turn: then only one step is held. */
function isRenewed(holder: Node, node: Node, loop: Node, facts: Facts): boolean {
  const own = statementOf(node);
  if (holder.kind === "identifier") {
    return facts.writesOf(holder).some((it) => it.kind !== "augment" && it.name.tree === node.tree && it.name.isInside(loop) && statementOf(it.name) !== own && isInEveryTurn(it.name, loop));
  }
  return loop.descendants("assignment").some((it) => statementOf(it) !== own && isInEveryTurn(it, loop) && asAssignment(it)?.targets.some((target) => target.text === holder.text || target.text === rootOf(holder).text));
}

function isInEveryTurn(node: Node, loop: Node): boolean {
  return statementOf(node).parent === loop.field("body") || loop.field("left") === node;
}

/** The sum itself is what gradients are taken of. */
function isTrainedOn(holder: Node, facts: Facts): boolean {
  const region = functionAround(holder)?.field("body") ?? holder.tree.root;
  const reads = holder.kind === "identifier" ? facts.readsOf(holder) : region.descendants("attribute", "subscript").filter((it) => it.text === holder.text);
  return reads.some((read) => {
    for (let node = read.parent; node && node.kind !== "block" && node.kind !== "module"; node = node.parent) {
      if (asMethodCall(node, "backward", "grad", "retain_grad", "register_hook")) return true;
    }
    return false;
  });
}

/** A name of the function, of which nobody sees more than its number. */
function isOnlyRead(holder: Node, node: Node, isList: boolean, facts: Facts): boolean {
  if (isList || holder.kind !== "identifier" || facts.bindingOf(holder)?.scope.kind !== "function") return false;
  const around = functionAround(node);
  if (!around || ["builtins.locals", "builtins.vars"].some((it) => facts.callsTo(it, around).length > 0)) return false;
  return facts.readsOf(holder).every((read) => read.isInside(node) || endsAsNumber(useOf(read), facts));
}

/** Read in a way that gives the same whether or not there is a graph: a number, a comparison, a text with a format that only numbers have. */
function endsAsNumber(use: Use, facts: Facts): boolean {
  switch (use.kind) {
    case "augmented":
    case "compared":
    case "tested":
    case "discarded":
      return true;
    case "method":
      return use.name === "item" || use.name === "detach";
    case "argument":
      return ["builtins.float", "builtins.int"].includes(facts.nameOf(asCall(use.call)!.callee) ?? "");
    case "formatted":
      return use.in.field("format_specifier") !== undefined && use.in.field("type_conversion") === undefined;
    case "operand":
      return asBinary(use.in) !== undefined && ARITHMETIC.has(asBinary(use.in)!.operator) && endsAsNumber(useOf(wrapped(use.in)), facts);
    default:
      return false;
  }
}
