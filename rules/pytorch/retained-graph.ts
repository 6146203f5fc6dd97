/** `total += loss` in a training loop: the sum keeps the graph of every step. */

import {
  asAssignment,
  asAttribute,
  asAugmented,
  asBinary,
  asCall,
  asFunction,
  asMethodCall,
  ATOM,
  bindingStrength,
  contextsAround,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  insertAfter,
  insertBefore,
  isConstant,
  itemAt,
  lastName,
  statementOf,
  unwrap,
  useOf,
  wrapped,
  type Facts,
  type Fix,
  type FunctionDef,
  type Node,
  type Site,
  type Use,
} from "../../analysis/authoring.js";

const WITHOUT_GRAPH = new Set(["torch.no_grad", "torch.inference_mode", "torch.set_grad_enabled"]);
const LISTS = new Set(["list", "collections.deque"]);
/** What gathers the losses of a run goes by these names. */
const GATHERS = /loss|hist|curve|record|_list$/i;
const ARITHMETIC = new Set(["+", "-", "*", "/"]);

export default defineRule({
  title: "Loss kept together with its graph",
  why: "A loss refers to the graph that computed it, so a sum or list of losses keeps the nodes of every step alive. Memory grows with each step until a long run is out of memory. detach() keeps only the value and, unlike item(), does not wait for the device.",
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
  methods: ["append"],

  find(node, { facts }) {
    const kept = keptIn(node, facts);
    if (!kept) return undefined;
    const losses = lossesIn(kept.value);
    const trained = losses.length > 0 ? trainingLoop(node, kept.holder, losses, facts) : undefined;
    const found = trained ?? (kept.isList ? undefined : evaluationLoop(node, kept.holder, losses, facts));
    if (!found || isRenewed(kept.holder, node, found.loop, facts) || (trained && isTrainedOn(kept.holder, facts)))
      return undefined;
    // A handful that lasts for one call does not grow.
    if (
      /^(?:list|tuple)$/.test(unwrap(found.loop.field("right") ?? found.loop).kind) &&
      isOfTheCall(kept.holder, facts)
    )
      return undefined;
    if (contextsAround(node).some((it) => WITHOUT_GRAPH.has(facts.nameOf(asCall(it)?.callee ?? it) ?? "")))
      return undefined;
    const isStated = facts.typeOf(found.loss)?.name === "torch.Tensor";
    return {
      at: found.loss,
      ...kept,
      // Only tensors have a backward pass.
      evidence: kept.isLikely ? "fair" : isStated && trained ? "proof" : "strong",
      // Each turn is a step of training, unless the turns are counted and few.
      weight: facts.weightOf(node) === "light" ? "light" : "heavy",
      loss: found.loss,
      isTrained: trained !== undefined,
      node,
    };
  },

  message: ({ holder, loss, isTrained }) =>
    !isTrained
      ? `\`${excerpt(holder.text, 40)}\` keeps every batch's graph and activations through \`${loss.text}\`, and nothing goes back through them; run the loop under torch.no_grad().`
      : `\`${excerpt(holder.text, 40)}\` keeps the graph nodes of every step alive through \`${loss.text}\`; keep \`${loss.text}.detach()\`.`,

  fix({ value, holder, isList, isLikely, loss, node }, { facts }): Fix {
    const whole =
      bindingStrength(value) < ATOM
        ? [insertBefore(value, "("), insertAfter(value, ").detach()")]
        : [insertAfter(value, ".detach()")];
    const doubt = !isOnlyRead(holder, node, isList, facts)
      ? "the kept value has no gradient, also where it is passed on or has another name"
      : facts.typeOf(loss)?.name !== "torch.Tensor"
        ? "the value must be a tensor, because only tensors have detach()"
        : undefined;
    return fixOf(
      "Detach the value that is kept",
      [doubt, isLikely && `\`${excerpt(holder.text, 30)}\` must be a list`],
      whole,
    );
  },
});

/** A name of a function that begins anew in each call. */
const isOfTheCall = (holder: Node, facts: Facts): boolean =>
  holder.kind === "identifier" && functionAround(holder) !== undefined && !facts.isRemote(holder);

interface Kept {
  readonly holder: Node;
  readonly value: Node;
  readonly isList: boolean;
  /** A list by its name alone. */
  readonly isLikely: boolean;
}

/** `holder += value`, `holder = holder + value`, `holder.append(value)`, `holder += [value]`. */
function keptIn(node: Node, facts: Facts): Kept | undefined {
  const sum = asAugmented(node);
  if (sum) {
    if (sum.operator !== "+=") return undefined;
    const added = unwrap(sum.value);
    const [only, more] = added.kind === "list" ? added.children : [];
    if (only && !more) return { holder: sum.target, value: only, isList: true, isLikely: false };
    return LISTS.has(facts.typed(sum.target)?.type.name ?? "")
      ? undefined
      : { holder: sum.target, value: sum.value, isList: false, isLikely: false };
  }
  const assignment = node.kind === "assignment" ? asAssignment(node) : undefined;
  const [target, more] = assignment?.targets ?? [];
  const binary = assignment?.value && asBinary(unwrap(assignment.value));
  if (target && !more && binary?.operator === "+" && binary.left.text === target.text)
    return { holder: target, value: binary.right, isList: false, isLikely: false };
  const call = asMethodCall(node, "append");
  const [value, second] = call?.args ?? [];
  if (!call || !value || second) return undefined;
  const type = facts.typed(call.object)?.type.name;
  if (type === undefined ? !GATHERS.test(call.object.text) : !LISTS.has(type)) return undefined;
  return { holder: call.object, value, isList: true, isLikely: type === undefined };
}

/** `loss`, `output.loss`, `loss.mean()`, also as operands. */
function lossesIn(value: Node): readonly Node[] {
  const node = unwrap(value);
  if (node.kind === "identifier" || asAttribute(node)?.object.kind === "identifier") return [node];
  const reduced = asMethodCall(node, "mean", "sum");
  if (reduced) return lossesIn(reduced.object);
  const binary = asBinary(node);
  return binary && ARITHMETIC.has(binary.operator) ? [...lossesIn(binary.left), ...lossesIn(binary.right)] : [];
}

/**
 * The innermost loop around that also calls `backward` on the very value that is kept, or on a sum it is a part of. An attribute outlives
 * the step that is a function of its own: then that function takes the place of the loop.
 */
function trainingLoop(
  node: Node,
  holder: Node,
  losses: readonly Node[],
  facts: Facts,
): { readonly loop: Node; readonly loss: Node } | undefined {
  const step = functionAround(node);
  const isKeptOutside = asAttribute(holder) !== undefined && facts.placeOf(holder)?.kind === "attribute";
  for (const loop of [...facts.loopsAround(node), ...(step && isKeptOutside ? [step] : [])]) {
    const body = loop.field("body");
    for (const call of body?.descendants("call") ?? []) {
      const trained = trainedBy(call).flatMap((it) => [it, ...partsOf(it, facts)]);
      const loss =
        trained.length > 0 && functionAround(call) === functionAround(node)
          ? losses.find((it) => trained.some((other) => isSame(it, other, loop, facts)))
          : undefined;
      if (loss) return { loop, loss };
    }
  }
  return undefined;
}

/**
 * The loop that sums losses of a model which nothing trains on: the sum is a name that is only ever read as a number. Without a backward pass
 * nothing frees what the layers kept, so this holds more than a training loop does.
 */
function evaluationLoop(
  node: Node,
  holder: Node,
  losses: readonly Node[],
  facts: Facts,
): { readonly loop: Node; readonly loss: Node } | undefined {
  const loop = facts.loopAround(node);
  if (!loop || facts.isTest || holder.kind !== "identifier") return undefined;
  const loss = losses.find((it) => isLossOfModel(it, loop, facts));
  if (!loss || facts.view.attributesOf("set_grad_enabled").length > 0) return undefined;
  // Who calls the function may have turned the recording off.
  const def = asFunction(functionAround(node));
  if (functionAround(node) && (!def || mayBeFree(def, facts))) return undefined;
  // The same name may hold the loss that is trained on, in another loop.
  const later = facts
    .readsOf(holder)
    .filter(
      (it) =>
        !it.isInside(statementOf(node)) &&
        facts.reachingSites(it).some((site) => site.name.isInside(statementOf(node))),
    );
  return later.every((it) => isReadAsNumber(it, facts)) ? { loop, loss } : undefined;
}

const LOSSES = /loss|criterion/i;
const MODELS = /(^|_)(model|net|network|classifier|encoder|decoder)(_|\d|$)|(model|net)$/i;
const SPEAKS = /no_grad|inference_mode|set_grad_enabled/;

/** `criterion(scores, targets)` in the loop, where `scores` is what a model answered there. */
function isLossOfModel(loss: Node, loop: Node, facts: Facts): boolean {
  const given = givenIn(loss, loop, facts);
  const call = given && asCall(unwrap(given));
  if (!call || !call.args[0]) return false;
  const name = facts.nameOf(call.callee) ?? "";
  const isLoss =
    /^torch\.nn\.functional\.\w*(loss$|entropy)/.test(name) ||
    (LOSSES.test(lastName(call.callee)) && (name === "" || facts.functionNamed(call.callee) === undefined));
  const scores = unwrap(call.args[0]);
  const asked = asCall(scores) ?? asCall(givenIn(scores, loop, facts));
  return (
    isLoss &&
    asked !== undefined &&
    facts.nameOf(asked.callee) === undefined &&
    (facts.isA(asked.callee, "torch.nn.Module", "fair") || MODELS.test(lastName(asked.callee)))
  );
}

/** The only value that a name can have, if the loop gave it. */
function givenIn(name: Node, loop: Node, facts: Facts): Node | undefined {
  if (name.kind !== "identifier") return undefined;
  const [site, more] = facts.reachingSites(name);
  return site && !more && site.kind === "assign" && site.path.length === 0 && site.name.isInside(loop)
    ? site.value
    : undefined;
}

/** Its decorators, or a call of it in this file, speak of code without a graph; or it is a method, which others call. */
function mayBeFree(def: FunctionDef, facts: Facts): boolean {
  if (facts.classOf(def.node) || def.decorators.length > 0) return true;
  return facts.readsOf(def.nameNode).some((it) => {
    facts.view.looksInto(it.tree);
    return (
      contextsAround(it).some((context) => SPEAKS.test(context.text)) || SPEAKS.test(functionAround(it)?.text ?? "")
    );
  });
}

/** `sum.item()`, `float(sum)`, `sum.data`, or printed. */
function isReadAsNumber(read: Node, facts: Facts): boolean {
  facts.view.looksInto(read.tree);
  const use = useOf(read);
  if (use.kind === "attribute") return use.name === "data";
  if (use.kind === "method") return ["item", "detach", "tolist"].includes(use.name ?? "");
  if (use.kind === "formatted" || use.kind === "discarded" || use.kind === "augmented") return true;
  if (use.kind === "operand") return asBinary(use.in) !== undefined && isReadAsNumber(wrapped(use.in), facts);
  if (use.kind !== "argument") return false;
  const { callee } = asCall(use.call)!;
  return (
    ["builtins.float", "builtins.int", "builtins.print", "builtins.str", "builtins.round"].includes(
      facts.nameOf(callee) ?? "",
    ) || asAttribute(callee)?.name === "format"
  );
}

/** What `loss.backward()`, `(loss / n).backward()`, `loss.mean().backward()` or `scaler.scale(loss).backward()` goes back through; a graph kept on purpose does not count. */
function trainedBy(node: Node): readonly Node[] {
  const call = asMethodCall(node, "backward", "manual_backward");
  if (!call || call.hasSplat || call.keywords.size > 0) return [];
  // `accelerator.backward(loss)`
  if (call.args[0]) return call.args.length === 1 ? lossesIn(call.args[0]) : [];
  const inner = asMethodCall(call.object);
  if (!inner) return lossesIn(call.object);
  return inner.method === "scale" && inner.args[0]
    ? lossesIn(inner.args[0])
    : inner.method === "mean" || inner.method === "sum"
      ? lossesIn(inner.object)
      : [];
}

/** `loss = first + weight * second`: what goes back through the sum goes back through its parts. */
function partsOf(loss: Node, facts: Facts): readonly Node[] {
  if (loss.kind !== "identifier") return [];
  const [site, more] = facts.reachingSites(loss);
  const value = site?.kind === "assign" && !more && site.path.length === 0 ? site.value : undefined;
  return value && asBinary(unwrap(value)) ? lossesIn(value) : [];
}

/** Both read one value: made in the loop, not given anew or detached between them. */
function isSame(kept: Node, trained: Node, loop: Node, facts: Facts): boolean {
  if (kept.text !== trained.text || (facts.typeOf(kept)?.name ?? "torch.Tensor") !== "torch.Tensor") return false;
  const [a, b] = [rootOf(kept), rootOf(trained)];
  const [ours, theirs] = [facts.reachingSites(a), facts.reachingSites(b)];
  if (
    ours.length !== theirs.length ||
    !ours.every((it) => theirs.some((other) => other.name === it.name)) ||
    !ours.some((it) => it.name.isInside(loop))
  )
    return false;
  const [from, to] = kept.start < trained.start ? [kept.start, trained.start] : [trained.start, kept.start];
  if (facts.writesOf(a).some((it) => it.name.tree === kept.tree && from < it.name.start && it.name.start < to))
    return false;
  return !loop
    .descendants("attribute")
    .some(
      (it) =>
        it.text === `${kept.text}.detach_` ||
        (it.text === kept.text && it.fieldName === "left" && it.parent?.kind === "assignment"),
    );
}

function rootOf(node: Node): Node {
  return asAttribute(node)?.object ?? node;
}

/** Begun anew in each turn: then only one step is held. */
function isRenewed(holder: Node, node: Node, loop: Node, facts: Facts): boolean {
  const own = statementOf(node);
  if (holder.kind === "identifier") {
    return facts
      .writesOf(holder)
      .some(
        (it) =>
          it.kind !== "augment" &&
          it.name.tree === node.tree &&
          it.name.isInside(loop) &&
          statementOf(it.name) !== own &&
          isInEveryTurn(it.name, loop),
      );
  }
  return loop
    .descendants("assignment")
    .some(
      (it) =>
        statementOf(it) !== own &&
        isInEveryTurn(it, loop) &&
        asAssignment(it)?.targets.some((target) => target.text === holder.text || target.text === rootOf(holder).text),
    );
}

function isInEveryTurn(node: Node, loop: Node): boolean {
  return statementOf(node).parent === loop.field("body") || loop.field("left") === node;
}

/** The sum itself is what gradients are taken of. */
function isTrainedOn(holder: Node, facts: Facts): boolean {
  const region = functionAround(holder)?.field("body") ?? holder.tree.root;
  const reads =
    holder.kind === "identifier"
      ? facts.readsOf(holder)
      : region.descendants("attribute", "subscript").filter((it) => it.text === holder.text);
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
  if (!around || facts.frameReader(node)) return false;
  // Into a tensor that has another name, or is part of one, the sum is added in place.
  if (!facts.writesOf(holder).every((it) => it.name.isInside(node) || it.kind === "augment" || isOwn(it, facts)))
    return false;
  return facts.readsOf(holder).every((read) => read.isInside(node) || endsAsNumber(useOf(read), facts));
}

const MADE = /^torch\.(zeros|tensor|scalar_tensor|full|zeros_like)$/;

/** The name is given a number, or a tensor that no other name holds. */
function isOwn({ kind, value, path, owner }: Site, facts: Facts): boolean {
  const given = kind === "assign" && value ? itemAt(value, path) : undefined;
  if (!given) return false;
  if (isConstant(given)) return true;
  const call = asCall(unwrap(given));
  return (
    call !== undefined &&
    MADE.test(facts.nameOf(call.callee) ?? "") &&
    asAssignment(statementOf(owner))?.targets.length === 1
  );
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
      return (
        asBinary(use.in) !== undefined &&
        ARITHMETIC.has(asBinary(use.in)!.operator) &&
        endsAsNumber(useOf(wrapped(use.in)), facts)
      );
    default:
      return false;
  }
}
