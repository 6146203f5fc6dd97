/** `torch.no_grad()` around inference, where `inference_mode` does the same and keeps less. */

import {
  asCall,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  fixOf,
  functionAround,
  importModule,
  itemAt,
  replace,
  unwrap,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

/** Functions that answer, and train nothing. */
const NAMED =
  /(^|_)(predict|prediction|infer|inference|evaluate|evaluation|eval|validate|validation|generate|classify|detect|embed|encode|transcribe|caption|answer|accuracy)(_|s?$)/;
/** Training, gradients, and writes into what a model holds. */
const TRAINS =
  /backward|optim|requires_grad|\.grad\b|set_grad_enabled|enable_grad|ema\b|(?<![a-z])train(?!ing\b|ed)|\.(copy_|mul_|add_|lerp_|fill_|zero_|data)\b|register_buffer|Parameter\(|load_state_dict|quantiz|calibrat|torch\.compile|\bjit\b|export|checkpoint/;

export default defineRule({
  title: "Inference under no_grad",
  why: "inference_mode turns off all that autograd keeps, the counting of versions and the tracking of views included, and so fails where a result is used for training by mistake. What it saves in time is a few percent: this is about what the code says.",
  guide: "pytorch",
  level: "hint",
  gain: "clarity",
  imports: ["torch"],
  words: ["no_grad"],
  library: { torch: { from: "1.9" } },
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

def predict(model: nn.Module, batch: torch.Tensor) -> list[int]:
    model.eval()
    with torch.no_grad():
        return model(batch).argmax(dim=-1).tolist()
`,
      after: `
import torch
from torch import nn

def predict(model: nn.Module, batch: torch.Tensor) -> list[int]:
    model.eval()
    with torch.inference_mode():
        return model(batch).argmax(dim=-1).tolist()
`,
    },
  ],

  on: ["call"],
  calls: ["torch.no_grad", "torch.autograd.no_grad", "torch.autograd.grad_mode.no_grad"],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.args.length > 0 || facts.isTest) return undefined;
    const isDecorator = node.parent?.kind === "decorator";
    const def = asFunction(isDecorator ? node.parent?.parent : functionAround(node));
    const item = node.ancestor("with_item");
    if (!def || (!isDecorator && item?.children[0] !== node)) return undefined;
    if (!NAMED.test(def.name) || /^test_|train|forward/.test(def.name) || TRAINS.test(def.node.text)) return undefined;
    // A method of a module may be a part of what is trained.
    const owner = facts.classOf(def.outer);
    if (owner && owner.def.bases.some((it) => /Module|Model|Layer|Loss|Optim|Trainer/.test(it.text))) return undefined;
    return endsInNumbers(def, facts) ? { at: call.callee } : undefined;
  },

  message: ({ at }) =>
    `Nothing of what is computed under \`${at.text}()\` leaves as a tensor; torch.inference_mode() says that it is inference, and keeps less.`,

  fix({ at }, file) {
    const torch = importModule(file, "torch", at);
    return torch
      ? fixOf(
          "Use inference_mode()",
          ["code in the model that keeps tensors for training, or asks for gradients, fails"],
          [...torch.edits, replace(at, `${torch.name}.inference_mode`)],
        )
      : declined("`torch` means something else here");
  },
});

const NUMBERS = ["item", "tolist", "numpy"];

/** A model is asked, and all that comes of it is numbers of Python or NumPy: no tensor can get back to autograd. */
function endsInNumbers(def: FunctionDef, facts: Facts): boolean {
  const calls = def.body.descendants("call");
  const asks = calls.some((it) => {
    const callee = asCall(it)?.callee;
    if (!callee) return false;
    return (
      facts.isA(callee, "torch.nn.Module", "fair") ||
      /(^|[._])(model|net|network|encoder|decoder|classifier|generate|forward)$/i.test(callee.text)
    );
  });
  if (!asks || def.body.descendants("yield").length > 0) return false;
  const returned = def.body.descendants("return_statement").filter((it) => functionAround(it) === def.node);
  return (
    returned.length > 0 && returned.every((it) => it.children.every((value) => isNumbers(value, facts, MOST_STEPS)))
  );
}

const MOST_STEPS = 5;
const PLAIN = new Set(["integer", "float", "string", "true", "false", "none"]);

function isNumbers(value: Node, facts: Facts, steps: number): boolean {
  const node = unwrap(value);
  if (PLAIN.has(node.kind)) return true;
  if (steps === 0) return false;
  const go = (it: Node) => isNumbers(it, facts, steps - 1);
  if (/^(tuple|list|expression_list|binary_operator|dictionary)$/.test(node.kind)) return node.children.every(go);
  if (node.kind === "pair") return node.field("value") !== undefined && go(node.field("value")!);
  if (node.kind === "subscript") return go(node.children[0]!);
  const call = asCall(node);
  if (call) {
    const method = asMethodCall(node);
    if (method && NUMBERS.includes(method.method)) return true;
    const name = facts.nameOf(call.callee) ?? "";
    if (/^builtins\.(float|int|len|str|round)$|^numpy\.|^sklearn\./.test(name)) return true;
    return method !== undefined && !name.startsWith("torch.") && go(method.object);
  }
  if (node.kind !== "identifier") return false;
  const sites = facts.writesOf(node);
  // What a list is filled with counts as well.
  const filled = facts
    .usesOf(node)
    .filter((it) => it.kind === "method" && /^(append|extend|update|add)$/.test(it.name ?? ""));
  return (
    sites.length > 0 &&
    sites.every((it) => {
      // `total, count = 0, 0` too.
      const given = it.value && itemAt(it.value, it.path);
      return /^(assign|augment)$/.test(it.kind) && given !== undefined && go(given);
    }) &&
    filled.every((it) => asCall(it.call)?.args.every(go) ?? false)
  );
}
