/** `torch.jit.script` and `torch.jit.trace`, which PyTorch gave up. */

import {
  asCall,
  asFunction,
  declined,
  defineRule,
  fixOf,
  functionAround,
  importModule,
  replace,
  useOf,
  wrapped,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const GIVEN_UP = ["torch.jit.script", "torch.jit.trace", "torch.jit.trace_module", "torch.jit.script_method"];

export default defineRule({
  title: "TorchScript, which PyTorch gave up",
  why: "TorchScript warns since PyTorch 2.10 and gets no further work; newer versions of Python and new operations are not served. torch.compile makes functions and modules fast inside Python, torch.export makes programs that run without it.",
  guide: "pytorch",
  level: "warning",
  gain: "safety",
  imports: ["torch"],
  words: ["jit"],
  library: { torch: { from: "2.10" } },
  fixes: "review",

  examples: [
    {
      before: `
import torch

@torch.jit.script
def gelu(values: torch.Tensor) -> torch.Tensor:
    return values * 0.5 * (1.0 + torch.erf(values * 0.7071))
`,
      after: `
import torch

@torch.compile
def gelu(values: torch.Tensor) -> torch.Tensor:
    return values * 0.5 * (1.0 + torch.erf(values * 0.7071))
`,
    },
  ],

  on: ["call", "decorator"],
  calls: GIVEN_UP,

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const call = asCall(node);
    const callee = call?.callee ?? (node.kind === "decorator" ? node.children[0] : undefined);
    if (!callee || callee.kind === "call" || !GIVEN_UP.includes(facts.nameOf(callee) ?? "")) return undefined;
    // With a call around it the decorator is found as that call.
    const isDecorator = node.kind === "decorator" || node.parent?.kind === "decorator";
    return {
      at: callee,
      // Where it is asked for by name, only that somebody may wonder is worth saying.
      // A class is scripted for the sake of what holds it.
      weight: isOffered(node, facts) || isOnClass(callee) ? ("light" as const) : ("unknown" as const),
      isDecorator,
      // Only what is saved and loaded again needs a class of TorchScript.
      isSaved: isSaved(node, facts) || isOnClass(callee),
    };
  },

  message: ({ at, isDecorator, isSaved: saved }) =>
    `\`${at.text}\` belongs to TorchScript, which PyTorch does not develop any more; ${isDecorator && !saved ? "torch.compile takes its place" : saved ? "torch.export makes programs that run without Python" : "torch.compile makes a model fast, torch.export one that runs without Python"}.`,

  fix({ at, isDecorator }, file) {
    if (!isDecorator || at.parent?.kind !== "decorator")
      return declined("what becomes of the result decides what takes its place");
    if (!/\.script$/.test(file.facts.nameOf(at) ?? "")) return declined("a method of TorchScript has no twin");
    if (isOnClass(at)) return declined("a class of TorchScript has no twin");
    const torch = importModule(file, "torch", at);
    return torch
      ? fixOf(
          "Compile it with torch.compile",
          [
            "the first call compiles, which needs a C++ compiler and takes some seconds",
            "what is scripted or saved elsewhere cannot call it",
          ],
          [...torch.edits, replace(at, `${torch.name}.compile`)],
        )
      : declined("`torch` means something else here");
  },
});

const isOnClass = (decorator: Node): boolean =>
  decorator.ancestor("decorated_definition")?.field("definition")?.kind === "class_definition" &&
  decorator.ancestor("decorator") !== undefined;

/** An option of the program, or a function that is there to make TorchScript. */
function isOffered(node: Node, facts: Facts): boolean {
  const def = asFunction(functionAround(node));
  if (def && /script|trace|jit|export|convert|serializ|freeze|compile/i.test(def.name)) return true;
  for (let at = node.ancestor("if_statement"); at; at = at.ancestor("if_statement"))
    if (/script|trace|jit|export/i.test(at.field("condition")?.text ?? "")) return true;
  return facts.isTest;
}

/** `torch.jit.trace(model, x).save(path)`, also by way of a name. */
function isSaved(node: Node, facts: Facts): boolean {
  const use = useOf(wrapped(node));
  if (use.kind === "method") return use.name === "save";
  const [target] = use.kind === "assigned" ? use.in.children : [];
  return (
    target?.kind === "identifier" &&
    facts
      .usesOf(target)
      .some(
        (it) =>
          (it.kind === "method" && it.name === "save") ||
          (it.kind === "argument" && /jit\.save$/.test(asCall(it.call)?.callee.text ?? "")),
      )
  );
}
