/** `sum(tensor)`, `max(tensor)`, `any(tensor)` … with the built-in functions. */

import {
  asAttribute,
  asCall,
  asMethodCall,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  replace,
  textIn,
  unwrap,
  useOf,
  wrapped,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const REDUCTIONS = new Set(["sum", "min", "max", "any", "all"].map((it) => `builtins.${it}`));
/** What these give is no tensor, or one with a handful of numbers. */
const NO_TENSOR = new Set(["shape", "size", "tolist", "stride", "dims", "unbind", "split", "chunk", "item", "numpy"]);

export default defineRule({
  title: "Built-in function that iterates over a tensor",
  why: "The built-in function takes the tensor apart and makes a tensor of each element or row, and one more for each step of the sum. min, max, any and all also need a Python answer for each element, for which they wait for the device. The tensor's own method does it in one operation.",
  guide: "torch-data",
  level: "warning",
  differs: { light: "off" },
  gain: "time",
  imports: ["torch"],
  overrides: ["iteration/loop-invariant-expression", "generators/list-built-to-be-consumed"],
  fixes: "review",

  examples: [
    {
      before: `
import torch

def total(scores: torch.Tensor) -> torch.Tensor:
    return sum(scores)
`,
      after: `
import torch

def total(scores: torch.Tensor) -> torch.Tensor:
    return scores.sum(dim=0)
`,
    },
  ],

  on: ["call"],
  calls: [...REDUCTIONS],

  find(node, { facts }) {
    const call = asCall(node);
    const [tensor, more] = call?.args ?? [];
    if (!call || facts.isTest || !tensor || more || call.hasSplat || call.keywords.size > 0) return undefined;
    const name = facts.nameOf(call.callee);
    if (name === undefined || !REDUCTIONS.has(name) || isNoTensor(tensor, facts)) return undefined;
    const evidence = facts.takenFor(tensor, "tensor");
    if (!evidence) return undefined;
    return {
      at: call.callee,
      construct: node,
      evidence,
      // How long the tensor is nobody can tell.
      weight: facts.weightOf(node) === "heavy" ? "heavy" : "unknown",
      call,
      tensor,
      name: name.replace("builtins.", ""),
    };
  },

  message({ name, tensor, evidence }) {
    const known = /^[\w.]{1,40}$/.test(tensor.text) ? `\`${tensor.text}\`` : "the tensor";
    const shown = evidence === "fair" ? `${known} (taken for a tensor)` : known;
    const waits = name === "sum" ? "" : " and waits for each answer";
    return `\`${name}()\` iterates over ${shown} in Python${waits}; \`.${methodFor(name)}\` is one operation.`;
  },

  fix({ call, tensor, name, evidence }, { facts }) {
    if (hasComments(call.node)) return declined("there is a comment inside the call");
    if (tensor.text.includes("\n")) return declined("the argument stands on several lines");
    const use = useOf(wrapped(call.node));
    return fixOf(
      `Use .${methodFor(name)}`,
      [
        ...doubtsOf(name, use.kind === "tested"),
        evidence !== "proof" &&
          !facts.isA(tensor, "torch.Tensor") &&
          `\`${excerpt(tensor.text, 40)}\` must be a tensor`,
      ],
      [replace(call.node, `${textIn(unwrap(tensor), ATOM)}.${methodFor(name)}`)],
    );
  },
});

/** A sum of rows is a row. */
const methodFor = (name: string): string => (name === "sum" ? "sum(dim=0)" : `${name}()`);

function doubtsOf(name: string, isTested: boolean): readonly (string | false)[] {
  if (name === "sum")
    return [
      "floats are added in another order",
      "an empty tensor gives a tensor, not 0",
      "whole numbers of fewer than 64 bits are added up as 64 bits",
    ];
  if (name === "min" || name === "max")
    return [
      "NaN anywhere makes the result NaN",
      "an empty tensor raises another error",
      "a tensor with several axes no longer fails",
    ];
  return [!isTested && "the result is a tensor, not a bool", "a tensor with several axes no longer fails"];
}

function isNoTensor(value: Node, facts: Facts): boolean {
  const node = unwrap(value);
  const method = asMethodCall(node);
  const attribute = asAttribute(node);
  if (method) return NO_TENSOR.has(method.method);
  if (attribute) return NO_TENSOR.has(attribute.name);
  // `parts = x.split(3)` is a tuple, `sizes = x.shape` a Size.
  const given = node.kind === "identifier" ? facts.valueOf(node) : undefined;
  return given !== undefined && given.kind !== "identifier" && isNoTensor(given, facts);
}
