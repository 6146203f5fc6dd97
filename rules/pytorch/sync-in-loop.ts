/** `total += loss.item()` and the like in each step of a training loop: the program waits for the device to catch up. */

import {
  asAugmented,
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  between,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  isConstant,
  lineBelow,
  mayUseDevice,
  purposeOf,
  replace,
  runsSeldom,
  startsLine,
  statementOf,
  testWaits,
  trainingAround,
  weakest,
  whereabouts,
  type Edit,
  type Evidence,
  type Facts,
  type MethodCall,
  type Node,
  type Training,
  type Weight,
} from "../../analysis/authoring.js";
import { METHODS, evaluationBy, isFetch, type Kept } from "./sync-in-loop/evaluation.js";

export default defineRule({
  title: "Each step or batch waits for the device",
  why: "A GPU works on its own while Python prepares what comes next. item(), cpu(), tolist() and numpy() have to wait until everything before them is finished, so that afterwards the device has nothing to do until Python catches up. Numbers that are only added up or shown can stay on the device, or be fetched every few steps. On a CPU nothing waits.",
  guide: "torch-data",
  level: "info",
  gain: "time",
  unmeasured: "a graphics card",
  imports: ["torch"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

def train(model: nn.Module, optimizer: torch.optim.Optimizer, batches, device: torch.device) -> float:
    total = 0.0
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs.to(device)), targets.to(device))
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(batches)
`,
      after: `
import torch
from torch import nn

def train(model: nn.Module, optimizer: torch.optim.Optimizer, batches, device: torch.device) -> float:
    total = 0.0
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs.to(device)), targets.to(device))
        loss.backward()
        optimizer.step()
        total += loss.detach()
    total = float(total)
    return total / len(batches)
`,
    },
  ],

  on: ["call"],
  methods: METHODS,

  find(node, { facts }) {
    const call = asMethodCall(node, ...METHODS);
    if (!call || facts.isTest) return undefined;
    const training = trainingAround(node, facts);
    const evaluation = training ? undefined : evaluationBy(call, facts);
    if (evaluation)
      return {
        at: call.methodNode,
        related: evaluation.kept.slice(1).map((it) => ({ at: it.call.methodNode, message: "It waits here too." })),
        evidence: evaluation.evidence,
        weight: evaluation.weight,
        call,
        others: [],
        training: undefined,
        rows: undefined,
        kept: evaluation.kept[0] as Kept | undefined,
      };
    const rows = training ? undefined : rowsOf(call, facts);
    if (rows)
      return {
        at: call.methodNode,
        related: [],
        evidence: "fair" as Evidence,
        weight: "unknown" as Weight,
        call,
        others: [],
        training: undefined,
        rows,
        kept: undefined,
      };
    if (!training) return undefined;
    const [first, ...others] = facts.memo("pytorch/sync-in-loop", training.region, () => waitsOf(training, facts));
    if (first?.call.node !== node) return undefined;
    return {
      at: first.call.methodNode,
      related: others.map((it) => ({ at: it.call.methodNode, message: "It waits here too." })),
      evidence: (mayUseDevice(training, facts)
        ? first.evidence
        : (weakest(first.evidence, "fair") ?? "fair")) as Evidence,
      // A loop that trains runs once for each batch, unless its turns are counted and few. Who calls a step has more to do in between.
      // A loss that is shown at the bar of each step is meant to be.
      weight: (facts.weightOf(node) === "light"
        ? "light"
        : training.isLoop && ![first, ...others].every(isAtBar)
          ? "heavy"
          : "unknown") as Weight,
      call: first.call,
      others,
      training: training as Training | undefined,
      rows: undefined as Node | undefined,
      kept: undefined,
    };
  },

  message({ call, training, evidence, rows, kept }) {
    if (kept) {
      const waits = `\`${excerpt(call.node.text.replaceAll(/\s+/g, " "), 40)}\` waits for the device for each batch${evidence === "fair" ? ", if the model runs on one" : ""}`;
      return kept.isNumber
        ? `${waits}; keep the numbers there and fetch them once, behind the loop.`
        : `${waits}; fetch all outputs behind the loop, if they fit into its memory.`;
    }
    if (rows || !training)
      return `\`${excerpt(call.node.text.replaceAll(/\s+/g, " "), 50)}\` copies one row after the other and waits for each, if they lie on a device; move \`${excerpt(rows?.text ?? "", 30)}\` once, before the loop.`;
    const what = `\`${excerpt(call.node.text.replaceAll(/\s+/g, " "), 50)}\``;
    const when = training.isLoop ? "in every step" : "in every call";
    return evidence === "fair"
      ? `${what} waits for the device ${when}, if the model runs on one; keep it there, or fetch it every few steps.`
      : `${what} waits for the device ${when}; keep it there, or fetch it every few steps.`;
  },

  fix({ call, others, training, kept }, { facts }) {
    if (kept)
      return declined(
        kept.isNumber
          ? "what is added up or collected has to be fetched where it is used"
          : "whether all of it fits into the memory of the device is not in the code",
      );
    if (!training) return declined("it has to be a tensor, and no list of tensors");
    if (!training.isLoop) return declined("the caller decides when the number is needed");
    const sums = [call, ...others.map((it) => it.call)].map((it) => sumOf(it, training, facts));
    const loop = training.region;
    if (!startsLine(loop)) return declined("the loop does not start its line");
    const edits: Edit[] = [];
    const names: string[] = [];
    for (const sum of sums) {
      if (!sum) return declined("not all of it is a sum that is only looked at after the loop");
      edits.push(replace(between(sum.call.methodNode, sum.call.argumentList), "detach()"));
      if (!names.includes(sum.name.text)) names.push(sum.name.text);
    }
    const isLate = names.some((it) => sums.some((sum) => sum?.name.text === it && facts.isObserved(sum.name, loop)));
    if (isLate) return declined("other code may see the sum while the loop runs");
    return fixOf(
      "Add up on the device, fetch the sum once",
      [
        "the sum is rounded as the tensor's type is, not as a Python float",
        "each value must be a tensor with one element",
      ],
      [...edits, lineBelow(loop, names.map((it) => `${it} = float(${it})`).join("\n"))],
    );
  },
});

/** What a `for` takes row by row, where each row is copied to the CPU by itself: the outcome of a call, mostly of a model, that is no list and no loader. */
function rowsOf(call: MethodCall, facts: Facts): Node | undefined {
  if (call.method !== "cpu" || call.args.length > 0) return undefined;
  const inner = asMethodCall(call.object, "detach");
  const row = inner ? inner.object : call.object;
  const loop = facts.loopAround(call.node);
  if (row.kind !== "identifier" || !loop) return undefined;
  const clause = asFor(loop) ?? asComprehension(loop)?.clauses[0];
  const items = clause && clause.target.text === row.text ? clause.iterable : undefined;
  const made = items?.kind === "identifier" ? asCall(facts.valueOf(items)) : undefined;
  if (!items || !made || facts.typed(items, "fair") || /loader|batches|dataset|parameters|list/i.test(items.text))
    return undefined;
  const isPart =
    /(?:^|\.)(?:split|chunk|unbind|zip|enumerate|range|list|tuple|sorted|map|items|values|parameters|DataLoader)$/.test(
      made.callee.text,
    );
  // Row by row is a loop inside the one over batches, or the only one of a function.
  return isPart || !/(?:^|[._])(?:model|net|module|encoder|decoder|generator|policy)\b/.test(made.callee.text)
    ? undefined
    : items;
}

interface Wait {
  readonly call: MethodCall;
  readonly evidence: Evidence;
}

/** What the steps wait for; nothing where a step needs a number to go on, because then it waits anyway. */
function waitsOf(training: Training, facts: Facts): readonly Wait[] {
  if (testWaits(training, facts)) return [];
  const waits: Wait[] = [];
  for (const node of training.region.descendants("call")) {
    const call = asMethodCall(node, ...METHODS);
    if (!call || !isFetch(call) || trainingAround(node, facts)?.region !== training.region) continue;
    const evidence = evidenceOf(call, training, facts);
    if (!evidence || runsSeldom(node, training, facts)) continue;
    if (purposeOf(node, training.region, facts) === "steers") return [];
    waits.push({ call, evidence });
  }
  return waits;
}

function evidenceOf({ method, object, node }: MethodCall, training: Training, facts: Facts): Evidence | undefined {
  // `model.cpu()` moves the model.
  if (node.parent?.kind === "expression_statement" || facts.isA(object, "torch.nn.Module", "fair")) return undefined;
  const where = whereabouts(object, training, facts);
  if (where === "host") return undefined;
  if (where) return where;
  if (method === "cpu") return "fair";
  return method === "item" && facts.typed(object) === undefined ? facts.takenFor(object, "tensor") : undefined;
}

/** `bar.set_postfix(loss=loss.item())`. */
function isAtBar({ call }: Wait): boolean {
  for (let it = call.node.ancestor("call"); it; it = it.ancestor("call"))
    if (/\.set_(?:postfix|description)(?:_str)?$/.test(it.field("function")!.text)) return true;
  return false;
}

interface Sum {
  readonly call: MethodCall;
  readonly name: Node;
}

/** `total += loss.item()`, where `total` starts as a number and nothing looks at it until the loop is over. */
function sumOf(call: MethodCall, { region, losses }: Training, facts: Facts): Sum | undefined {
  if (call.method !== "item" || hasComments(call.node)) return undefined;
  const statement = statementOf(call.node);
  const sum = asAugmented(statement);
  if (sum?.operator !== "+=" || sum.target.kind !== "identifier") return undefined;
  const isLoss = losses.some((it) => it.text === call.object.text);
  const starts = facts.writesOf(sum.target).filter((it) => !it.name.isInside(region));
  const isNumber = starts.every(
    (it) => it.kind === "assign" && it.value !== undefined && isConstant(it.value) && /^[\d.]+$/.test(it.value.text),
  );
  const isFloat = isLoss || starts.every((it) => it.value?.text.includes("."));
  const inside = [...facts.writesOf(sum.target, region).map((it) => it.name), ...facts.readsOf(sum.target, region)];
  return starts.length > 0 && isNumber && isFloat && inside.every((it) => statementOf(it) === statement)
    ? { call, name: sum.target }
    : undefined;
}
