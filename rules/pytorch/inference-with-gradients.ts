/** A model asked for an answer while autograd records the way back that nobody goes. */

import {
  asAssignment, asAttribute, asCall, asFunction, asMethodCall, contextsAround, defineRule, functionAround, importModule, indentLines, indentOf, startsLine, statementsOf, useOf, wrapped,
  type Facts, type File, type Fix, type FunctionDef, type Node, type Use,
} from "../../analysis/authoring.js";

const words = (text: string) => new Set(text.split(" "));
const NAMED = /(^|_)(predict|infer|inference|evaluate|generate)(_|$)/;
/** Training, and what belongs to it, goes by these names. */
const TRAINS = /(^|_)(train|fit|forward|step|closure|loss)(_|$)|^test_/;
/** The function already speaks of gradients, of training, or of the mode this rule would propose. */
const GRADIENTS = /grad|backward|optim|inference_mode/i;
const MODELS = /^local\.(?!.*(Loss|Criterion|Metric))|^torch\.nn\.(Module|Sequential|Transformer\w*|parallel\.\w+)$/i;
const WITHOUT_GRAPH = new Set(["torch.no_grad", "torch.inference_mode", "torch.set_grad_enabled"]);

/** No gradient passes these; the first three (and softmax) also show that an answer is wanted. */
const ANSWERS = words("argmax tolist numpy softmax");
const ENDING = words("item detach argsort argmin size dim numel nonzero eq ne gt ge lt le isnan");
const PASSING = words(
  "log_softmax sigmoid tanh exp log squeeze unsqueeze view reshape flatten transpose permute contiguous cpu cuda to float double half bfloat16 sum mean max min topk sort abs clamp round clone expand repeat chunk split pow sqrt norm cat stack",
);
const PLAIN_ATTRIBUTES = words("shape dtype device data ndim");
const NUMBERS = words("builtins.float builtins.int builtins.bool builtins.len builtins.print builtins.str builtins.repr builtins.isinstance builtins.type");

export default defineRule({
  title: "Inference that records gradients",
  why: "Outside inference_mode every layer keeps its inputs for a backward pass, which costs memory and time that inference gets nothing for; eval() switches dropout and batch norm, not the recording.",
  guide: "pytorch",
  level: "warning",
  gain: "memory",
  imports: ["torch"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

def predict(model: nn.Module, batch: torch.Tensor) -> list[int]:
    model.eval()
    return model(batch).argmax(dim=1).tolist()
`,
      after: `
import torch
from torch import nn

def predict(model: nn.Module, batch: torch.Tensor) -> list[int]:
    model.eval()
    with torch.inference_mode():
        return model(batch).argmax(dim=1).tolist()
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }) {
    const def = asFunction(node);
    if (!def || facts.isTest || TRAINS.test(def.name)) return undefined;
    const isNamed = NAMED.test(def.name);
    const calls = def.body.descendants("call").filter((it) => isModelCall(it, facts) && functionAround(it) === node && useOf(it).kind !== "discarded");
    const [first] = calls;
    if (!first || node.descendants("identifier").some((it) => GRADIENTS.test(it.text))) return undefined;
    const isOwn = belongsToModule(def, facts);
    if (isOwn && !isNamed) return undefined;

    const found: Findings = { leaves: false, answers: false };
    for (const call of calls) follow(call, facts, found, 0);
    // What leaves with its graph may be trained on elsewhere, unless the function itself puts the model into evaluation mode.
    if (found.leaves ? !isNamed || isOwn || !callsEval(def) : !isNamed && !found.answers) return undefined;
    if (runsWithoutGraph(def, first, facts) || isFrozen(asCall(first)!.callee, facts)) return undefined;
    const { callee } = asCall(first)!;
    return { at: callee, def, first };
  },

  message: ({ at }) => `\`${at.text}\` records a graph for a backward pass that never comes; run it under torch.inference_mode().`,

  fix: ({ def, first }, file) => wrap(def, first, file),
});

function isModelCall(node: Node, facts: Facts): boolean {
  const callee = asCall(node)?.callee;
  return (callee?.kind === "identifier" || callee?.kind === "attribute") && MODELS.test(facts.typeOf(callee)?.name ?? "") && facts.isA(callee, "torch.nn.Module");
}

/** A method of a module, or of a class that may be one: `forward` may call it in training. */
function belongsToModule(def: FunctionDef, facts: Facts): boolean {
  const owner = facts.classOf(def.node);
  return owner !== undefined && facts.basesOf(owner).some((it) => it === undefined || (typeof it === "string" && /Module$/.test(it)));
}

function callsEval(def: FunctionDef): boolean {
  return def.body.descendants("call").some((it) => asMethodCall(it, "eval")?.args.length === 0);
}

/** Nothing is recorded in it, by its decorator, or where somebody calls it: in this file by name, in its class by `self`. */
function runsWithoutGraph(def: FunctionDef, first: Node, facts: Facts): boolean {
  const isFree = (node: Node) => contextsAround(node).some((it) => WITHOUT_GRAPH.has(facts.nameOf(asCall(it)?.callee ?? it) ?? ""));
  const owner = facts.classOf(def.node);
  const calls = owner
    ? owner.methods.flatMap((it) => (it.def.body.text.includes(`.${def.name}(`) ? facts.bodyOf(it.def).descendants("call").filter((call) => asMethodCall(call, def.name)) : []))
    : facts.readsOf(def.nameNode);
  return [first, ...calls].some(isFree);
}

/** `self.model = load().requires_grad_(False)`: there is nothing to record. */
function isFrozen(callee: Node, facts: Facts): boolean {
  const attribute = asAttribute(callee);
  const owner = attribute && facts.classOf(functionAround(callee)!);
  const values = attribute ? (owner?.writes.filter((it) => it.name === attribute.name).map((it) => it.value) ?? []) : facts.writesOf(callee).map((it) => it.value);
  return values.some((it) => it?.text.includes("requires_grad")) || (!attribute && facts.usesOf(callee).some((it) => it.name === "requires_grad_"));
}

interface Findings {
  leaves: boolean;
  answers: boolean;
}

/** Follows a value that carries a graph through its function: does it leave, and is it turned into an answer? */
function follow(value: Node, facts: Facts, found: Findings, depth: number): void {
  if (depth > 20) {
    found.leaves = true;
    return;
  }
  const use = useOf(value);
  const next = goesOn(use, facts, found);
  if (next === "ends") return;
  if (next === "leaves") found.leaves = true;
  else for (const it of next) follow(it, facts, found, depth + 1);
}

function goesOn(use: Use, facts: Facts, found: Findings): readonly Node[] | "ends" | "leaves" {
  const through = (name: string): readonly Node[] | "ends" | "leaves" => {
    if (ANSWERS.has(name)) found.answers = true;
    if (ENDING.has(name) || (ANSWERS.has(name) && name !== "softmax")) return "ends";
    return name === "softmax" || PASSING.has(name) ? [use.in] : "leaves";
  };
  switch (use.kind) {
    case "method":
      return through(use.name ?? "");
    case "attribute":
      return PLAIN_ATTRIBUTES.has(use.name ?? "") ? "ends" : [use.in];
    case "subscript":
      return [use.in];
    case "operand":
      return use.in.kind === "augmented_assignment" ? readsAfter(use.in.field("left"), use.in, facts) : [use.in];
    case "compared":
    case "tested":
    case "formatted":
    case "membership":
    case "discarded":
      return "ends";
    case "argument": {
      const callee = asCall(use.call)!.callee;
      const name = facts.nameOf(callee) ?? "";
      if (NUMBERS.has(name)) return "ends";
      if (name.startsWith("torch.")) {
        const last = name.slice(name.lastIndexOf(".") + 1);
        return ANSWERS.has(last) || ENDING.has(last) ? through(last) : [use.in];
      }
      return facts.isA(callee, "torch.nn.Module") ? [use.in] : "leaves";
    }
    case "assigned": {
      const targets = asAssignment(use.in)?.targets;
      const reads = (targets ?? []).map((it) => readsAfter(it, use.in, facts));
      return !targets || reads.includes("leaves") ? "leaves" : (reads.flat() as readonly Node[]);
    }
    default:
      return "leaves";
  }
}

/** The reads that may see what a statement put into its target. */
function readsAfter(target: Node | undefined, statement: Node, facts: Facts): readonly Node[] | "leaves" {
  const names = target?.kind === "identifier" ? [target] : target?.kind === "pattern_list" ? target.children : [];
  if (names.length === 0 || names.some((it) => it.kind !== "identifier")) return "leaves";
  return names.flatMap((name) => facts.readsOf(name).filter((read) => !wrapped(read).isInside(statement) && facts.reachingSites(read).some((it) => it.name === name)));
}

/** From the statement with the first model call to the end of the function, so that every name stays where it is read. */
function wrap(def: FunctionDef, first: Node, file: File): Fix | undefined {
  const statements = statementsOf(def.body);
  const start = statements.find((it) => first.isInside(it));
  const last = statements.at(-1);
  if (!start || !last || !startsLine(start) || def.body.descendants("yield").length > 0) return undefined;
  const torch = importModule(file, "torch", first);
  const indent = indentOf(start);
  const [head, ...rest] = indentLines({ tree: start.tree, start: start.start, end: last.end }, indent.slice(indentOf(def.node).length));
  if (!torch || !head) return undefined;
  return {
    title: "Run it under inference_mode (review: tensors made there cannot take part in training later)",
    safety: "review",
    edits: [...torch.edits, { at: head.at, text: `${indent}with ${torch.name}.inference_mode():\n${head.text}` }, ...rest],
  };
}
