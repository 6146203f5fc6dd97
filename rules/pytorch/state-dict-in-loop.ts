/** `other.state_dict()[name]` for each name of a loop over the parameters of a module. */

import {
  asCall,
  asComprehension,
  asComparison,
  asFor,
  asMethodCall,
  asSubscript,
  defineRule,
  excerpt,
  unwrap,
  wrapped,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const METHODS = ["state_dict", "named_parameters", "parameters", "named_buffers", "named_modules"];
/** The loop goes through what a module has. */
const OVER_MODULE = /\.(state_dict|named_parameters|parameters|named_buffers|named_modules|buffers|modules)\(/;
const CONTAINERS = new Set(["dict", "list", "tuple", "set", "sorted"].map((it) => `builtins.${it}`));

export default defineRule({
  title: "All parameters of a module collected for each of them",
  why: "state_dict() and named_parameters() go through the whole module and build their result anew. Called for each parameter, the work grows with the square of their number. Collect them once before the loop; the tensors in it are the same.",
  guide: "torch-data",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  imports: ["torch"],

  examples: [
    {
      before: `
import torch
from torch import nn

def distance(model: nn.Module, start: nn.Module) -> float:
    total = 0.0
    for name, weight in model.named_parameters():
        total += (weight - start.state_dict()[name]).norm().item()
    return total
`,
      after: `
import torch
from torch import nn

def distance(model: nn.Module, start: nn.Module) -> float:
    total = 0.0
    weights = start.state_dict()
    for name, weight in model.named_parameters():
        total += (weight - weights[name]).norm().item()
    return total
`,
    },
  ],

  on: ["call"],
  methods: METHODS,
  within: "loop",

  find(node, { facts }) {
    const call = asMethodCall(node, ...METHODS);
    if (!call || call.args.length > 0 || facts.isTest) return undefined;
    const loop = facts.loopAround(node);
    if (!loop || !goesThroughModule(loop) || !isAsked(node, facts) || isGivenAnew(call.object, loop, facts))
      return undefined;
    return {
      at: call.methodNode,
      evidence:
        call.method === "state_dict" || call.method.startsWith("named") ? ("strong" as const) : ("fair" as const),
      weight: facts.weightOf(node) === "light" ? ("light" as const) : ("heavy" as const),
      call,
    };
  },

  message: ({ call }) =>
    `\`${excerpt(call.node.text.replaceAll(/\s+/g, " "), 40)}\` collects all of the module for each part of it; do it once before the loop.`,
});

function goesThroughModule(loop: Node): boolean {
  const iterables = asFor(loop)
    ? [asFor(loop)!.iterable]
    : (asComprehension(loop)?.clauses ?? []).map((it) => it.iterable);
  return iterables.some((it) => OVER_MODULE.test(it.text));
}

/** One entry is looked up in it: `[name]`, `.get(name)`, `name in …`, also behind `dict(…)`, `list(…)` and `.keys()`. */
function isAsked(node: Node, facts: Facts): boolean {
  let at = wrapped(node);
  for (let steps = 0; steps < 4; steps++) {
    const around = at.parent;
    if (!around) return false;
    if (asSubscript(around)?.value === unwrap(at) || asSubscript(around)?.value === at) return true;
    const comparison = asComparison(around);
    if (comparison) return /\bin$/.test(comparison.operator) && wrapped(comparison.right) === at;
    const method = around.kind === "attribute" ? asMethodCall(around.parent) : undefined;
    if (method) {
      if (method.method === "get") return true;
      if (method.method !== "keys") return false;
      at = wrapped(method.node);
      continue;
    }
    const outer = around.kind === "argument_list" ? asCall(around.parent) : undefined;
    if (!outer || outer.args.length !== 1 || !CONTAINERS.has(facts.nameOf(outer.callee) ?? "")) return false;
    at = wrapped(outer.node);
  }
  return false;
}

/** Each turn has a module of its own. */
const isGivenAnew = (object: Node, loop: Node, facts: Facts): boolean =>
  [object, ...object.descendants("identifier")].some(
    (it) => it.kind === "identifier" && it.fieldName !== "attribute" && facts.writesOf(it, loop).length > 0,
  ) || object.descendants("call").length > 0;
