/** Training with PyTorch: the loops and functions that make its steps, what in them is a tensor on a device, and what runs only now and then. */

import { contextsAround } from "../semantics/contexts.js";
import type { Evidence } from "../semantics/evidence.js";
import type { Facts } from "../semantics/facts.js";
import { fileQuestion } from "../semantics/file-questions.js";
import type { Site } from "../semantics/scopes.js";
import { useOf } from "../semantics/uses.js";
import {
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asConditional,
  asMethodCall,
  asSubscript,
  callsUnder,
  unwrap,
  type Call,
} from "../syntax/expressions.js";
import {
  asAssignment,
  asFunction,
  asIf,
  asWhile,
  functionAround,
  previousStatement,
  statementsOf,
} from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { lastIdentifier } from "../text/identifiers.js";

/** A loop each turn of which is a step of training, or a function that is called for one step. */
export interface Training {
  readonly region: Node;
  readonly isLoop: boolean;
  /** What goes back through the graph there: the losses, as they are written. */
  readonly losses: readonly Node[];
}

const OPTIMIZERS = /optim|(^|_)opt(_|\d|$)|(^|_)(grad_)?scaler$/i;
/** Lightning calls these for each batch, and does the rest of the step itself. */
const LIGHTNING = new Set(["training_step", "training_step_end", "on_train_batch_end"]);
const WITHOUT_GRAPH = /no_grad|inference_mode|set_grad_enabled/;

/** The training that runs a node in each of its steps: the innermost loop around it that also goes back through a graph, or the function of such a step. */
export function trainingAround(node: Node, facts: Facts): Training | undefined {
  const all = trainings(node.tree.root, facts);
  if (all.size === 0) return undefined;
  for (const loop of facts.loopsAround(node)) {
    const found = all.get(loop);
    if (found) return isEvaluated(node, loop) ? undefined : found;
  }
  const def = functionAround(node);
  const found = def && all.get(def);
  return found && !facts.loopAround(node) ? found : undefined;
}

/** The training of which a loop or function makes a step, if it does. */
export const trainingOf = (region: Node, facts: Facts): Training | undefined =>
  trainings(region.tree.root, facts).get(region);

/** `loss.backward()`, `optimizer.step()` and the like: it goes back through a graph, or moves the weights. */
export const isTrainingStep = (call: Node): boolean => goesBack(call) !== undefined;

/** By loop and by function, those of a tree; looked for once. */
const trainings = (root: Node, facts: Facts): ReadonlyMap<Node, Training> =>
  facts.memo("steps of training", root, () => {
    const found = new Map<Node, { region: Node; isLoop: boolean; losses: Node[] }>();
    for (const node of root.descendants("call")) {
      const losses = goesBack(node);
      if (!losses) continue;
      const loop = facts.loopsAround(node).find((it) => LOOPS.has(it.kind));
      const region = loop ?? functionAround(node);
      if (!region) continue;
      const known = found.get(region) ?? { region, isLoop: loop !== undefined, losses: [] };
      known.losses.push(...losses);
      found.set(region, known);
    }
    for (const def of root.descendants("function_definition")) {
      if (!LIGHTNING.has(asFunction(def)?.name ?? "") || found.has(def) || !facts.classOf(def)) continue;
      const losses = def
        .descendants("return_statement")
        .flatMap((it) => it.children.filter((value) => value.kind === "identifier"));
      found.set(def, { region: def, isLoop: false, losses });
    }
    return found;
  });

const LOOPS = new Set(["for_statement", "while_statement"]);

/** `loss.backward()`, `scaler.scale(loss).backward()`, `accelerator.backward(loss)`, `optimizer.step()`: what it goes back through, which may be nothing that has a name. */
function goesBack(node: Node): readonly Node[] | undefined {
  const call = asMethodCall(node, "backward", "manual_backward", "step");
  if (!call || call.hasSplat) return undefined;
  if (call.method === "step") return OPTIMIZERS.test(lastIdentifier(call.object.text)) ? [] : undefined;
  // `super().backward(…)`, `ctx.backward(…)` are parts of autograd functions.
  if (/^(super\(\)|ctx|cls)$/.test(call.object.text)) return undefined;
  const [given] = call.args;
  const inner = asMethodCall(unwrap(call.object));
  if (given) return [unwrap(given), ...lossesIn(call.object)];
  return inner?.method === "scale" && inner.args[0] ? lossesIn(inner.args[0]) : lossesIn(call.object);
}

/** `loss`, `output.loss`, `losses["all"]`, also as operands and before `mean()`. */
function lossesIn(value: Node): readonly Node[] {
  const node = unwrap(value);
  if (node.kind === "identifier" || asAttribute(node) || asSubscript(node)) return [node];
  const reduced = asMethodCall(node, "mean", "sum");
  if (reduced) return lossesIn(reduced.object);
  const binary = asBinary(node);
  if (!binary) return [];
  const [left, right] = [lossesIn(binary.left), lossesIn(binary.right)];
  // `loss / self.steps`, `0.5 * self.weight * loss`: the factors are no losses.
  if (binary.operator === "/") return left;
  const all = [...left, ...right];
  const named = binary.operator === "*" ? all.filter((it) => LOSSES.test(it.text)) : [];
  return named.length > 0 ? named : all;
}

/** The innermost loop around a node that asks a model batch after batch and goes back through no graph, by what stands around it: it evaluates, or predicts. */
export function evaluationAround(node: Node, facts: Facts): Training | undefined {
  const region = facts.loopsAround(node).find((it) => LOOPS.has(it.kind) && asksModel(it, facts));
  if (region?.kind !== "for_statement" || trainings(node.tree.root, facts).has(region)) return undefined;
  return facts.memo("a loop evaluates", region, () => evaluates(region))
    ? { region, isLoop: true, losses: [] }
    : undefined;
}

const asksModel = (region: Node, facts: Facts): boolean =>
  facts.memo("a loop asks a model", region, () =>
    callsUnder(region).some(({ callee, args, hasSplat }) => {
      const last = lastIdentifier(callee.text);
      if ((args.length === 0 && !hasSplat) || VERBS.test(last) || LOSSES.test(last)) return false;
      return MODELS.test(last) || facts.isA(callee, "torch.nn.Module", "fair");
    }),
  );

/** Nothing is recorded: by a `with` around it or in it, by a decorator, or after `model.eval()`, which is not taken back before it. */
function evaluates(region: Node): boolean {
  if (contextsAround(region).some((it) => WITHOUT_GRAPH.test(it.text))) return true;
  const body = region.field("body");
  const inner = body?.descendants("with_clause") ?? [];
  if (inner.some((it) => WITHOUT_GRAPH.test(it.text))) return true;
  const around = functionAround(region);
  if (!around) return false;
  const modes = around
    .descendants("call")
    .filter((it) => it.start < region.start && /\.(?:eval|train)$/.test(it.field("function")?.text ?? ""));
  return /\.eval\(\)$/.test(modes.at(-1)?.text ?? "");
}

/** A loop inside the training that records nothing: it evaluates. */
function isEvaluated(node: Node, loop: Node): boolean {
  for (let at = node.parent; at && at !== loop; at = at.parent) {
    if (at.kind !== "for_statement" && at.kind !== "while_statement") continue;
    if (contextsAround(node).some((it) => it.isInside(loop) && WITHOUT_GRAPH.test(it.text))) return true;
  }
  return false;
}

/** What tells that a step is not every step: `step % 100 == 0`, `is_log_step`, `time.time() - last > 10`. */
const SELDOM =
  /%|==\s*[01]$|(?<![a-z])(log|logs|logger|logging|print|verbose|verbosity|debug|debugging|report|reporting|every|interval|plot|display|freq|frequency|summary|eval|should|time|profile|profiler|first|last|best|wandb|writer|record|save|dry_run|show|oom|memory|mem|allocated|reserved)(?![a-z])/i;
const LEAVES = new Set(["raise_statement", "return_statement", "break_statement"]);

/** It stands under a condition that lets through one step in many, in an error path, or behind a `continue` for the other steps. */
export function runsSeldom(node: Node, { region }: Pick<Training, "region">, facts: Facts): boolean {
  for (let inner = node, at = node.parent; at && inner !== region; inner = at, at = at.parent) {
    if (at.kind === "except_clause") return true;
    const branch = at.kind === "if_statement" || at.kind === "elif_clause" ? at : undefined;
    if (branch && inner.fieldName !== "condition") {
      const condition = branch.field("condition");
      if (condition && isSeldom(condition, facts)) return true;
      const last = inner.kind === "block" ? statementsOf(inner).at(-1) : undefined;
      if (last && LEAVES.has(last.kind)) return true;
      if (last && asCall(last.children[0])?.callee.text === "sys.exit") return true;
    }
    const choice = asConditional(at);
    if (choice && inner !== choice.condition && isSeldom(choice.condition, facts)) return true;
    if (inner.parent?.kind === "block" && isBehindContinue(inner, facts)) return true;
  }
  return false;
}

function isSeldom(condition: Node, facts: Facts): boolean {
  if (SELDOM.test(condition.text)) return true;
  const name = unwrap(condition);
  // `step in {10, 50, 100}`
  const chosen = asComparison(name);
  if (chosen?.operator === "in" && /^(?:set|tuple|list)$/.test(chosen.right.kind)) return true;
  const given = name.kind === "identifier" ? facts.valueOf(name) : undefined;
  return given !== undefined && SELDOM.test(given.text);
}

/** `if step % 100: continue` above it. */
function isBehindContinue(statement: Node, facts: Facts): boolean {
  let steps = 0;
  for (let above = previousStatement(statement); above && steps < 40; above = previousStatement(above), steps++) {
    const branch = asIf(above);
    if (!branch || !/%/.test(branch.condition.text) || !isSeldom(branch.condition, facts)) continue;
    if (statementsOf(branch.body).at(-1)?.kind === "continue_statement") return true;
  }
  return false;
}

/** The file speaks of devices, or of libraries that choose one: what it trains may run on a GPU. */
const namesDevice = fileQuestion(
  (facts) =>
    facts.view.imports("accelerate") ||
    facts.view.imports("lightning") ||
    facts.view.imports("pytorch_lightning") ||
    facts.view.imports("deepspeed") ||
    facts.view.matches(/\bcuda\b|\bdevice\b|\bmps\b|\bxpu\b|local_rank/),
);

/** What a training works with may lie on a device: the file speaks of one, and not only for other models than those that are asked there. */
export const mayUseDevice = ({ region }: Training, facts: Facts): boolean =>
  facts.ofFile(namesDevice) &&
  facts.memo("a training may use a device", region, () => MOVES.test(region.text) || !staysInMemory(region, facts));

/** Here a training, its model or the whole program is sent to a device. */
const MOVES = /\.to\(|\.cuda\(|device/;

/** All models that a region asks are made in this file and only called and asked for their parts: nothing moves them. */
function staysInMemory(region: Node, facts: Facts): boolean {
  const models = callsUnder(region)
    .map((it) => it.callee)
    .filter((it) => it.kind === "identifier" && facts.isA(it, "torch.nn.Module", "fair") && !isCriterion(it));
  return models.length > 0 && models.every((it) => isNeverMoved(it, facts));
}

const isCriterion = (callee: Node): boolean => LOSSES.test(callee.text);

function isNeverMoved(model: Node, facts: Facts): boolean {
  const isMade = facts.writesOf(model).every((site) => {
    const made = site.kind === "assign" ? asCall(site.value) : undefined;
    const def = made && facts.classNamed(made.callee.text)?.def;
    return made !== undefined && def !== undefined && !MOVES.test(def.node.text) && !MOVES.test(made.node.text);
  });
  return (
    isMade &&
    !facts.view.matches(/set_default_(?:device|tensor_type)/) &&
    facts.readsOf(model).every((it) => {
      const use = useOf(it);
      return use.kind === "call" || (asAttribute(it.parent) !== undefined && !MOVES.test(`${it.parent!.text}(`));
    })
  );
}

/** A loop goes on or ends by a value of the device: each turn waits for it, whatever else is fetched. */
export function testWaits(training: Training, facts: Facts): boolean {
  const test = asWhile(training.region)?.condition;
  const found = test && whereabouts(test, training, facts);
  return found !== undefined && found !== "host";
}

/** `host`: it is in main memory for certain, or is no tensor. Else how sure it is that it is a tensor which was worked out by the model. */
export type Whereabouts = Evidence | "host";

const MOST_STEPS = 12;
const MODELS =
  /(^|_)(model|net|network|classifier|encoder|decoder|generator|discriminator|critic|actor|policy|backbone|netG|netD|G|D)(_|\d|$)|(model|net)$/i;
const LOSSES = /(^|_)loss|loss(es)?(_|\d|$|fn)|criterion|objective/i;
const OF_HOST = new Set(
  "item tolist numpy cpu size dim numel shape ndim dtype device element_size data_ptr is_cuda requires_grad stride".split(
    " ",
  ),
);
/** They make tensors of what they are given, in main memory unless told otherwise. */
const MAKES =
  /^torch\.(tensor|zeros|ones|full|empty|rand|randn|randint|randperm|arange|linspace|eye|from_numpy|as_tensor|(Float|Long|Int|Bool|Double)?Tensor)$/;
const DEVICE_NAME = /(^|_|\.)(device|dev|rank|local_rank|gpu)$/i;

/** Where the value of an expression in a training is; undefined where nothing tells. */
export function whereabouts(value: Node, training: Training, facts: Facts): Whereabouts | undefined {
  return locate(value, training, facts, MOST_STEPS, new Set());
}

type Locate = (value: Node | undefined) => Whereabouts | undefined;

function locate(
  value: Node,
  training: Training,
  facts: Facts,
  steps: number,
  seen: Set<Node>,
): Whereabouts | undefined {
  const node = unwrap(value);
  if (steps === 0 || seen.has(node)) return undefined;
  seen.add(node);
  const go: Locate = (it) => it && locate(it, training, facts, steps - 1, seen);
  switch (node.kind) {
    case "identifier":
      return ofName(node, training, facts, go);
    case "attribute": {
      const { name, object } = asAttribute(node)!;
      if (isLoss(node, training)) return "strong";
      if (OF_HOST.has(name)) return "host";
      const found = go(object);
      return found ?? (name === "loss" ? "fair" : undefined);
    }
    case "subscript":
      if (isLoss(node, training)) return "strong";
      return go(asSubscript(node)?.value);
    case "call":
      return ofCall(asCall(node), facts, go);
    case "binary_operator": {
      const binary = asBinary(node);
      return best([go(binary?.left), go(binary?.right)]);
    }
    case "comparison_operator": {
      const comparison = asComparison(node);
      return comparison && !/\b(is|in)\b/.test(comparison.operator)
        ? best([go(comparison.left), go(comparison.right)])
        : undefined;
    }
    case "unary_operator":
      return go(node.lastChild);
    case "conditional_expression": {
      const choice = asConditional(node);
      return best([go(choice?.then), go(choice?.otherwise)]);
    }
    case "integer":
    case "float":
    case "string":
    case "none":
    case "list":
    case "tuple":
    case "dictionary":
      return "host";
    default:
      return undefined;
  }
}

/** One operand on the device is enough: the result is there too. */
function best(all: readonly (Whereabouts | undefined)[]): Whereabouts | undefined {
  for (const it of ["proof", "strong", "fair"] as const) if (all.includes(it)) return it;
  return all.length > 0 && all.every((it) => it === "host") ? "host" : undefined;
}

const isLoss = (node: Node, { losses }: Training): boolean => losses.some((it) => it.text === node.text);

function ofName(name: Node, training: Training, facts: Facts, go: Locate): Whereabouts | undefined {
  const sites = facts.reachingSites(name);
  const given = sites.flatMap((it) => (it.kind === "assign" || it.kind === "augment" ? (it.value ?? []) : []));
  const found = given.map(go);
  // `loss = loss.item()`: the name holds a number from there on.
  if (found.length > 0 && sites.length === found.length && found.every((it) => it === "host")) return "host";
  const isTrained = training.losses.some(
    (it) =>
      it.text === name.text && facts.reachingSites(it).some((site) => sites.some((other) => other.name === site.name)),
  );
  if (isTrained) return "strong";
  const there = best(found.filter((it) => it !== "host"));
  if (there) return there;
  const type = facts.typed(name)?.type.name;
  if (type === "torch.Tensor") return "fair";
  return type !== undefined && /^(int|float|bool|str|list|tuple|dict)$|^(numpy|pandas)\./.test(type)
    ? "host"
    : undefined;
}

function ofCall(call: Call | undefined, facts: Facts, go: Locate): Whereabouts | undefined {
  if (!call) return undefined;
  const name = facts.nameOf(call.callee) ?? "";
  if (MAKES.test(name)) {
    const device = call.keywords.get("device");
    return device && isElsewhere(device) ? "strong" : call.hasSplat ? undefined : "host";
  }
  if (/^torch\.nn\.utils\.clip_grad_norm_?$/.test(name)) return "strong";
  if (name.startsWith("torch.")) return best(call.args.flatMap(itemsIn).map(go));
  if (name.startsWith("numpy.") || name.startsWith("builtins.") || name.startsWith("math.")) return "host";
  const method = asMethodCall(call.node);
  if (method) {
    if (OF_HOST.has(method.method)) return "host";
    if (method.method === "cuda") return "strong";
    if (method.method === "type") return isTypeOfHost(method.args[0], facts) ? "host" : go(method.object);
    if (method.method === "to") {
      const device = method.keywords.get("device") ?? method.args[0];
      if (device && textValue(device) === "cpu") return "host";
      if (device && isElsewhere(device)) return "strong";
    }
    const found = go(method.object);
    if (found) return found;
  }
  // What a loss compares lies in one place: with labels in main memory all the rest is there.
  if (LOSSES.test(lastIdentifier(call.callee.text)) && call.args.some((it) => isBroughtHome(it, facts))) return "host";
  if (facts.isA(call.callee, "torch.nn.Module", "fair")) return "strong";
  const last = lastIdentifier(call.callee.text);
  // `evaluate_model(…)`, `estimate_loss(…)` give numbers.
  if (VERBS.test(last) || givesNumbers(call, facts)) return undefined;
  // `self.forward(x)`, `self.compute_loss(x)`, `model.loss(x)`, `criterion(y, t)`.
  if (/^(forward|module|training_step)$/.test(last) || LOSSES.test(last)) return "fair";
  if (last !== call.callee.text && last === "self") return "fair";
  return name === "" && MODELS.test(last) ? "fair" : undefined;
}

/** `labels.type(torch.LongTensor)`, or a name that stands for it. */
function isBroughtHome(value: Node, facts: Facts): boolean {
  const node = unwrap(value);
  if (node.kind === "identifier") {
    const sites = facts.reachingSites(node);
    return (
      sites.length > 0 &&
      sites.every((it) => {
        const given = givenTo(it);
        return given !== undefined && given.kind !== "identifier" && isBroughtHome(given, facts);
      })
    );
  }
  return isTypeOfHost(asMethodCall(node, "type")?.args[0], facts);
}

/** What an assignment gives to a name: its part of the tuple in `a, b = c, d`. */
function givenTo({ kind, value, path }: Site): Node | undefined {
  if (kind !== "assign" || !value || path.length === 0) return kind === "assign" ? value : undefined;
  const items = itemsIn(value);
  return path.length === 1 && items[0] !== unwrap(value) ? items[path[0]!] : undefined;
}

/** `torch.LongTensor`, which is a type of main memory; that of a graphics card is `torch.cuda.LongTensor`. */
const isTypeOfHost = (type: Node | undefined, facts: Facts): boolean =>
  type !== undefined && /^torch\.[A-Z][a-z]*Tensor$/.test(textValue(type) ?? facts.nameOf(type) ?? "");

const VERBS =
  /^_?(get_model|get_net|make|build|load|create|init|eval|estimate|train|test|save|fit|run|valid|export|prepare|setup|update|log|print|plot)|_(loader|epoch)$/;

/** A function of this file that gives back what it fetched already. */
function givesNumbers(call: Call, facts: Facts): boolean {
  const def = facts.functionNamed(call.callee);
  return (
    def !== undefined &&
    facts
      .bodyOf(def)
      .descendants("return_statement")
      .some((it) => /\.item\(|\bfloat\(|\.tolist\(/.test(it.text))
  );
}

/** What `torch.stack([a, b])` is given. */
const itemsIn = (node: Node): readonly Node[] => {
  const it = unwrap(node);
  return it.kind === "list" || it.kind === "tuple" || it.kind === "expression_list" ? it.children : [it];
};

const isElsewhere = (device: Node): boolean => {
  const text = textValue(device);
  return text === undefined ? DEVICE_NAME.test(device.text) || /cuda/.test(device.text) : text !== "cpu";
};

/** Who gathers and shows numbers: what is given to them is only looked at later, or by people. */
const SHOWS =
  /(log|print|write|scalar|append|extend|update|meter|progress|pbar|tqdm|postfix|description|metric|track|record|format|wandb|mlflow|report|info|debug|display|hist|stat|add|accum|store|average|avg)/i;
const NUMBERS_LATER = 30;
const GOES_ON = 5;

/** What is done with a number that was fetched from the device: `shown`, or kept for later · `steers` what the step does, which then has to wait for it. */
export function purposeOf(value: Node, region: Node, facts: Facts, depth = GOES_ON): "shown" | "steers" {
  const use = useOf(value);
  if (depth === 0) return "shown";
  const onward = (it: Node) => purposeOf(it, region, facts, depth - 1);
  switch (use.kind) {
    case "augmented":
    case "formatted":
    case "returned":
    case "yielded":
    case "element":
    case "discarded":
    case "attribute-store":
    case "starred":
      return "shown";
    case "operand":
    case "method":
    case "attribute":
      return use.in.kind === "augmented_assignment" ? "shown" : onward(use.in);
    case "argument": {
      const { callee } = asCall(use.call)!;
      const name = facts.nameOf(callee) ?? "";
      if (name === "builtins.print") return "shown";
      // `round(loss.item(), 3)`, `np.mean(values)`: the number goes on.
      if (/^(builtins\.(?!range|len|slice)|numpy\.(?!is)|math\.(?!is))/.test(name)) return onward(use.call!);
      return SHOWS.test(callee.text) ? "shown" : "steers";
    }
    case "assigned": {
      const targets = asAssignment(use.in)?.targets;
      if (!targets) return "steers";
      // `history["loss"] = …`; what an attribute holds may decide later on.
      return targets.every((it) =>
        it.kind === "identifier"
          ? isShown(it, use.in, region, onward, facts)
          : it.kind !== "attribute" || !isReadIn(it, use.in, region, facts),
      )
        ? "shown"
        : "steers";
    }
    default:
      return "steers";
  }
}

/** `self.average` is read somewhere else in the region. */
function isReadIn(target: Node, statement: Node, region: Node, facts: Facts): boolean {
  const texts = facts.memo("attributes that are read, by their text", region, () => {
    const found = new Map<string, Node[]>();
    for (const it of region.descendants("attribute")) {
      if (it.fieldName === "left" && it.parent?.kind === "assignment") continue;
      const known = found.get(it.text);
      if (known) known.push(it);
      else found.set(it.text, [it]);
    }
    return found;
  });
  return (texts.get(target.text) ?? []).some((it) => !it.isInside(statement));
}

const FETCHES = ["item", "tolist", "cpu"];

/** A step fetches a number to go on with, such as the action that an agent takes: then it waits for the device whatever else it does. */
export const waitsAnyway = (training: Training, facts: Facts): boolean =>
  facts.memo("a step of training waits anyway", training.region, () =>
    training.region.descendants("call").some((node) => {
      const call = asMethodCall(node, ...FETCHES);
      return (
        call?.args.length === 0 &&
        trainingAround(node, facts)?.region === training.region &&
        node.parent?.kind !== "expression_statement" &&
        whereabouts(call.object, training, facts) !== "host" &&
        !runsSeldom(node, training, facts) &&
        purposeOf(node, training.region, facts) === "steers"
      );
    }),
  );

/** Each read of what a statement gives to a name only shows it. */
function isShown(
  target: Node,
  statement: Node,
  region: Node,
  onward: (read: Node) => "shown" | "steers",
  facts: Facts,
): boolean {
  const reads = facts.readsOf(target, region).filter((it) => !it.isInside(statement));
  return reads.length <= NUMBERS_LATER && reads.every((it) => onward(it) === "shown");
}
