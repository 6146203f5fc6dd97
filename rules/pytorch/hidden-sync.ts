/** `print(loss)`, `float(loss)`, `if loss < best` in each step of a training loop: Python needs the number, and waits for the device to have it. */

import {
  asCall,
  asComparison,
  asMethodCall,
  asString,
  defineRule,
  excerpt,
  lastIdentifier,
  mayUseDevice,
  purposeOf,
  runsSeldom,
  trainingAround,
  trainingOf,
  textValue,
  unwrap,
  waitsAnyway,
  weakest,
  whereabouts,
  fileQuestion,
  type Call,
  type Evidence,
  type Facts,
  type Node,
  type Training,
} from "../../analysis/authoring.js";

/** They make a Python number or text of a tensor. */
const NUMBERS = new Set(["builtins.float", "builtins.int", "builtins.str"]);
/** They read the number of what they are given: tqdm makes a text of it, TensorBoard and Weights & Biases a number. */
const READERS = /^(set_postfix|set_description|add_scalar|format)$/;
/** A test for NaN is worth a wait, though not in every step: it is told where nothing else is, and as small. */
const GUARDS = /isnan|isinf|isfinite|is_finite|found_inf|overflow/i;
const GUARD = /(?:^|\.)(?:isnan|isinf|isfinite)$/;

/** All data of the file is a few rows that stand there, to show how training goes. */
const writesOutData = fileQuestion(
  (facts) =>
    facts.fileMatches(/^[ \t]*\w+ = torch\.tensor\(\s*\[\s*\[/m) &&
    !facts.fileMatches(/\b(?:(?:read_|load|CIFAR)\w*|open|from_pretrained|ImageFolder|MNIST)\(|\bdatasets\./),
);

export default defineRule({
  title: "Number of a tensor needed in every training step",
  why: "Printing or formatting a tensor, converting it with float() and testing it in an if all need its value, so Python waits until the device has worked it out, and then the device waits for Python. It looks like plain Python and costs as much as item(). Numbers that are shown can be read every few steps; decisions can often stay on the device with torch.where.",
  guide: "torch-data",
  level: "info",
  gain: "time",
  unmeasured: "a graphics card",
  imports: ["torch"],

  examples: [
    {
      before: `
import torch
from torch import nn

def train(model: nn.Module, optimizer: torch.optim.Optimizer, batches, device: torch.device) -> None:
    for step, (inputs, targets) in enumerate(batches):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs.to(device)), targets.to(device))
        loss.backward()
        optimizer.step()
        print(f"{step}: {loss:.3f}")
`,
      after: `
import torch
from torch import nn

def train(model: nn.Module, optimizer: torch.optim.Optimizer, batches, device: torch.device) -> None:
    for step, (inputs, targets) in enumerate(batches):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs.to(device)), targets.to(device))
        loss.backward()
        optimizer.step()
        if step % 100 == 0:
            print(f"{step}: {loss:.3f}")
`,
    },
  ],

  on: ["for_statement", "while_statement", "function_definition"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const training = trainingOf(node, facts);
    if (!training) return undefined;
    const reads = readsIn(training, facts);
    const guards = reads?.length === 0 ? guardsIn(training, facts) : [];
    const [first, ...others] = [...(reads ?? []), ...guards];
    if (!first || waitsAnyway(training, facts)) return undefined;
    return {
      at: first.value,
      related: others.map((it) => ({ at: it.value, message: "Its value is needed here too." })),
      evidence: mayUseDevice(training, facts) ? first.evidence : (weakest(first.evidence, "fair") ?? "fair"),
      weight:
        guards.length > 0 || facts.ofFile(writesOutData) || facts.weightOf(first.value) === "light"
          ? "light"
          : training.isLoop
            ? "heavy"
            : "unknown",
      first,
      training,
    };
  },

  message({ first: { value, how }, training, evidence }) {
    const what = `\`${excerpt(value.text.replaceAll(/\s+/g, " "), 40)}\``;
    const when = training.isLoop ? "in every step" : "in every call";
    if (how === "The guard")
      return `The guard needs the value of ${what} and waits for the device ${when}; every few steps is enough to notice.`;
    const onDevice = evidence === "fair" ? ", if the model runs on one" : "";
    return `${how} needs the value of ${what} and waits for the device ${when}${onDevice}; ${how === "The test" ? "decide every few steps, or on the device" : "do it every few steps"}.`;
  },
});

interface Read {
  readonly value: Node;
  readonly how: string;
  readonly evidence: Evidence;
}

/** Where a step needs the number of a tensor, in source order; undefined where it has to know another one to go on, because then it waits anyway. */
function readsIn(training: Training, facts: Facts): readonly Read[] | undefined {
  const reads: Read[] = [];
  for (const node of training.region.descendants("call", "interpolation", "if_statement", "while_statement")) {
    if (trainingAround(node, facts)?.region !== training.region) continue;
    const found = valuesIn(node, facts);
    if (!found) continue;
    if (found.how === "float()" && purposeOf(node, training.region, facts) === "steers") return undefined;
    // Whether to go on at all is for Python to know.
    if (found.how === "The test" && !training.isLoop && leaves(node)) return [];
    for (const value of found.values) {
      const where = value && whereabouts(value, training, facts);
      if (!where || where === "host" || isTold(value, where)) continue;
      if (runsSeldom(node, training, facts) || node.ancestor("raise_statement", "assert_statement")) break;
      // The text stands in something that is read at once as well.
      if (!reads.some((it) => it.value.start === value.start)) reads.push({ value, how: found.how, evidence: where });
    }
  }
  return reads;
}

/** `if not torch.isfinite(loss): continue`: the step asks for the value before it goes on. */
function guardsIn(training: Training, facts: Facts): readonly Read[] {
  if (!training.isLoop) return [];
  return training.region.descendants("if_statement").flatMap((node): readonly Read[] => {
    const condition = node.field("condition");
    if (!condition || !GUARDS.test(condition.text) || trainingAround(node, facts)?.region !== training.region)
      return [];
    // What is tested with something else may be tested seldom, and an error is worth every wait.
    if (/\band\b|%/.test(condition.text) || node.field("consequence")?.descendants("raise_statement").length) return [];
    if (runsSeldom(node, training, facts) || isFetchedBefore(node, training)) return [];
    return guardedIn(unwrap(condition)).flatMap((value): readonly Read[] => {
      const where = whereabouts(value, training, facts);
      return !where || where === "host" || isTold(value, where) ? [] : [{ value, how: "The guard", evidence: where }];
    });
  });
}

/** The step has fetched a number by `item()` already: the guard has nothing to wait for. */
const isFetchedBefore = (guard: Node, { region }: Training): boolean =>
  region
    .descendants("call")
    .some((it) => it.start < guard.start && asMethodCall(it, "item", "tolist", "cpu", "numpy") !== undefined);

/** `loss` of `torch.isnan(loss).any() or torch.isinf(loss)`. */
function guardedIn(condition: Node): readonly Node[] {
  const node = unwrap(condition);
  if (node.kind === "boolean_operator" || node.kind === "not_operator") return node.children.flatMap(guardedIn);
  const call = asCall(node);
  const method = asMethodCall(node, "any", "all");
  if (method) return guardedIn(method.object);
  if (!call || !GUARD.test(call.callee.text)) return [];
  return call.args[0] ? [call.args[0]] : asMethodCall(node) ? [asMethodCall(node)!.object] : [];
}

/** What a model answers may be a tuple or an object of its own: its name alone is no tensor. */
const isTold = (value: Node, where: Evidence): boolean => where === "fair" && !/loss|acc|norm|err/i.test(value.text);

const leaves = (test: Node): boolean => test.field("consequence")?.children.at(-1)?.kind === "return_statement";

interface Values {
  readonly values: readonly Node[];
  readonly how: string;
}

function valuesIn(node: Node, facts: Facts): Values | undefined {
  if (node.kind === "interpolation") {
    const literal = asString(node.ancestor("string"));
    const part = literal?.parts.find((it) => typeof it !== "string" && it.node === node);
    return part && typeof part !== "string" ? { values: [part.expression], how: "The text" } : undefined;
  }
  if (node.kind === "if_statement" || node.kind === "while_statement") {
    const condition = node.field("condition");
    return condition && !GUARDS.test(condition.text)
      ? { values: testedIn(unwrap(condition)), how: "The test" }
      : undefined;
  }
  const call = asCall(node);
  if (!call) return undefined;
  const name = facts.nameOf(call.callee);
  if (name === "builtins.print") return { values: call.args.flatMap(partsOf), how: "print()" };
  if (name !== undefined && NUMBERS.has(name)) return { values: call.args, how: "float()" };
  return readersOf(call, name);
}

function readersOf(call: Call, name: string | undefined): Values | undefined {
  const method = asMethodCall(call.node);
  const last = lastIdentifier(call.callee.text);
  const isReader = name === "wandb.log" || (method && READERS.test(method.method));
  if (!isReader) return undefined;
  const given = [...call.args, ...call.keywords.values()];
  return { values: given.flatMap(partsOf), how: `${last}()` };
}

/** The values of `{"loss": loss}`, the operands of `"%f" % loss`. */
function partsOf(given: Node): readonly Node[] {
  const node = unwrap(given);
  if (node.kind === "dictionary") return node.children.flatMap((it) => it.field("value") ?? []);
  if (node.kind !== "binary_operator") return [node];
  const right = node.field("right");
  return node.field("left")?.kind === "string" && right ? (right.kind === "tuple" ? right.children : [right]) : [node];
}

/** What Python has to know to decide: comparisons and methods such as `any()`, joined by `and`, `or` and `not`. */
function testedIn(condition: Node): readonly Node[] {
  const node = unwrap(condition);
  if (node.kind === "boolean_operator" || node.kind === "not_operator") return node.children.flatMap(testedIn);
  const comparison = asComparison(node);
  // `options.loss == "mse"`
  if (comparison) return [comparison.left, comparison.right].some((it) => textValue(it) !== undefined) ? [] : [node];
  return asMethodCall(node, "any", "all") ? [node] : [];
}
