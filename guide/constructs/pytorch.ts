/** What hovers say of PyTorch training: modules, gradients, precision, compiling. */

import {
  asAttribute,
  asBinary,
  asCall,
  asClass,
  asMethodCall,
  asSubscript,
  callOf,
  defineConstructs,
  dottedName,
  textValue,
  unwrap,
  type Facts,
  type File,
  type Node,
} from "../../analysis/authoring.js";
import { isPretrained, origin } from "./parts/origins.js";

export default defineConstructs([
  {
    name: "nn.Module",
    guide: "pytorch",
    at: [{ name: "torch.nn.Module" }],
    says: "Layers stored as attributes are found by `parameters()`, `to` and `state_dict`; in a plain list they are not, so use `nn.ModuleList`. Call `super().__init__()` before the first layer. Call the module, not `forward`, or its hooks do not run. A new module is in training mode: `eval()` switches dropout and batch norm.",
    here: initNote,
    example:
      "from torch import nn\n\nclass Net(nn.‸Module):\n    def __init__(self):\n        super().__init__()\n        self.layer = nn.Linear(2, 1)\n",
    unlike: ["import ast\n\nast.‸Module([], [])\n", "class Module:\n    pass\n\nclass Net(‸Module): ...\n"],
  },
  {
    name: "model.eval",
    guide: "pytorch",
    at: [{ attribute: ["eval", "train"], of: "torch.nn.Module" }, { node: "identifier" }],
    when: (node, { facts }) =>
      (node.text === "eval" || node.text === "train") && isModule(asAttribute(node.parent)?.object, facts),
    says: "Switches dropout and batch norm of the module and all its parts; gradients are recorded as before. Inference needs `torch.inference_mode()` as well, whose tensors cannot enter training later (`no_grad` if they must). Set the mode back afterwards: `model.train(was_training)`.",
    here: (node) =>
      node.text === "train" && callOf(node)?.args[0]?.kind === "false" ? "`train(False)` is `eval()`." : undefined,
    example: "from torch import nn\n\nmodel = nn.Linear(2, 1)\nmodel.‸eval()\n",
    unlike: [
      "import pandas as pd\n\ndef f(frame: pd.DataFrame):\n    return frame.‸eval('a + b')\n",
      "‸eval('1')\n",
      "class Dog:\n    def train(self): ...\n\nDog().‸train()\n",
    ],
  },
  {
    name: "loss.backward",
    guide: "pytorch",
    at: [{ attribute: "backward", of: "torch.Tensor" }, { name: "torch.autograd.backward" }, { node: "identifier" }],
    when: (node, { facts }) => node.text === "backward" && isLoss(node, facts),
    says: "Walks the recorded graph backwards, at a cost in proportion to the forward operations, and adds to every `.grad`, so clear them in each step. Saved activations are freed on the way: a second call raises RuntimeError unless the first kept the graph. Only a scalar needs no `gradient=`. Summing losses without `detach()` chains the graphs of all steps.",
    here: (node) =>
      callOf(node)?.keywords.get("retain_graph")?.kind === "true"
        ? "`retain_graph=True` keeps the activations in memory; it is needed only for a second pass over the same graph."
        : undefined,
    example: "import torch\n\ndef step(loss: torch.Tensor) -> None:\n    loss.‸backward()\n",
    unlike: [
      "class Car:\n    def backward(self): ...\n\nCar().‸backward()\n",
      "import turtle\n\nturtle.‸backward(10)\n",
    ],
  },
  {
    name: "torch.autocast",
    guide: "pytorch",
    at: [{ name: ["torch.autocast", "torch.amp.autocast", "torch.cuda.amp.autocast", "torch.cpu.amp.autocast"] }],
    says: "Runs matrix products and convolutions in 16 bits and leaves delicate operations in float32; put it around forward pass and loss, not around `backward`. The default type is float16 on CUDA and bfloat16 on the CPU. float16 needs a `torch.amp.GradScaler`, bfloat16 none.",
    here(node, { facts }) {
      const old = /^torch\.(cuda|cpu)\.amp\./.exec(facts.nameOf(dottedName(node)) ?? "");
      return old
        ? `\`torch.${old[1]!}.amp\` is deprecated and warns: write \`torch.amp.autocast("${old[1]!}")\`.`
        : undefined;
    },
    example: "import torch\n\nwith torch.‸autocast('cuda', dtype=torch.bfloat16):\n    pass\n",
    unlike: ["def autocast(kind): ...\n\n‸autocast('cuda')\n", "import jax\n\njax.‸autocast('cuda')\n"],
  },
  {
    name: "torch.compile",
    guide: "pytorch",
    at: [{ name: "torch.compile" }, { attribute: "compile", of: "torch.nn.Module" }],
    says: "Nothing is compiled here: that happens at the first call, so a `try` around this line catches nothing and a benchmark has to warm up. Inductor makes Triton kernels for GPUs and C++ with OpenMP for CPUs. Python it cannot trace breaks the graph; `fullgraph=True` raises instead. New shapes compile again, and after 8 recompilations it runs eagerly.",
    here(node, { facts }) {
      const call = callOf(node);
      if (call && facts.loopAround(node)) return "In a loop: compile once and call the result.";
      return MODES[textValue(call?.keywords.get("mode")) ?? ""];
    },
    example: "import torch\n\nmodel = torch.‸compile(torch.nn.Linear(2, 1))\n",
    unlike: ["import re\n\nre.‸compile('a')\n", "‸compile('1', 'a', 'eval')\n"],
  },
  {
    name: "torch.jit",
    guide: "pytorch",
    at: [{ module: "torch.jit" }, { name: ["torch.jit", "torch.jit.*"] }],
    says: "TorchScript is deprecated: `script` and `trace` warn (seen with 2.13), and torch 2.14 does not support them on Python 3.14. For speed take `torch.compile`, for a program without Python `torch.export`. A trace records one run, so an `if` on values is frozen as that run took it.",
    here: (node, { facts }) =>
      ({
        "torch.jit.trace": "Records this one run; shapes and branches that depend on values are fixed.",
        "torch.jit.load": "Loading old files goes on working; export the model anew for `torch.export`.",
      })[facts.nameOf(dottedName(node)) ?? ""],
    example: "import torch\n\nmodel = torch.jit.‸script(torch.nn.Linear(2, 1))\n",
    unlike: ["import numba\n\n@numba.‸jit\ndef double(x):\n    return 2 * x\n", "import jax\n\njax.‸jit(abs)\n"],
  },
  {
    name: "gradcheck",
    guide: "ml-testing",
    at: [
      {
        name: [
          "torch.autograd.gradcheck",
          "torch.autograd.gradgradcheck",
          "torch.autograd.gradcheck.gradcheck",
          "torch.autograd.gradcheck.gradgradcheck",
        ],
      },
    ],
    says: "Compares a hand-written backward pass with numerical differences. Its tolerances are made for double precision: with float32 inputs it warns and fails on correct code. Inputs need `requires_grad=True`, and a few elements are enough, since it evaluates the function twice for each.",
    here: (node) =>
      callOf(node)?.keywords.get("raise_exception")?.kind === "false"
        ? "`raise_exception=False`: the returned bool has to be asserted."
        : undefined,
    example:
      "import torch\n\nx = torch.randn(3, dtype=torch.double, requires_grad=True)\ntorch.autograd.‸gradcheck(torch.sin, x)\n",
    unlike: [
      "def gradcheck(f, x): ...\n\n‸gradcheck(abs, 1)\n",
      "import scipy.optimize\n\nscipy.optimize.‸check_grad(abs, abs, [1])\n",
    ],
  },
  {
    name: "torch.inference_mode",
    guide: "pytorch",
    at: [{ name: "torch.inference_mode" }],
    says: "Records nothing for gradients and also drops version counters and view tracking, so it saves a little more than `no_grad`. A tensor made inside cannot take part in autograd later; that raises RuntimeError, and `clone()` outside helps. Dropout and batch norm are switched by `model.eval()`, not by this.",
    example: "import torch\n\nwith torch.‸inference_mode():\n    torch.nn.Linear(2, 1)(torch.ones(1, 2))\n",
    unlike: ["def inference_mode(): ...\n\n‸inference_mode()\n"],
  },
  {
    name: "torch.no_grad",
    guide: "pytorch",
    at: [{ name: "torch.no_grad" }],
    says: "Records no graph in the block, so activations are freed at once and memory stays flat. Results may take part in autograd later, which `inference_mode` forbids; for plain prediction that one is the better choice. It does not switch dropout or batch norm: that is `model.eval()`.",
    example: "import torch\n\nwith torch.‸no_grad():\n    torch.ones(2).sum()\n",
    unlike: ["def no_grad(): ...\n\n‸no_grad()\n"],
  },
  {
    name: "GradScaler",
    guide: "pytorch",
    at: [{ name: ["torch.amp.GradScaler", "torch.cuda.amp.GradScaler", "torch.cpu.amp.GradScaler"] }],
    says: "Multiplies the loss so that small float16 gradients do not vanish: `scale(loss).backward()`, `step(optimizer)`, `update()`. Where a gradient is infinite or NaN, `step` leaves the update out and the factor shrinks. Call `unscale_(optimizer)` before clipping, save its `state_dict` in checkpoints, and leave it out for bfloat16.",
    here: oldScaler,
    example: "import torch\n\nscaler = torch.amp.‸GradScaler('cuda')\n",
    unlike: ["class GradScaler:\n    pass\n\n‸GradScaler()\n"],
  },
  {
    name: "zero_grad",
    guide: "pytorch",
    at: [{ attribute: "zero_grad", of: ["torch.optim.Optimizer", "torch.nn.Module"] }],
    says: "`backward` adds to the gradients that are there, so each update needs one call of this; leaving it out on purpose is gradient accumulation. Since torch 2.0 gradients become None instead of zeros, which saves memory and a pass over it. Code that reads `.grad` afterwards has to expect None.",
    example: "import torch\n\nmodel = torch.nn.Linear(2, 1)\nmodel.‸zero_grad()\n",
    unlike: ["class Meter:\n    def zero_grad(self): ...\n\nMeter().‸zero_grad()\n"],
  },
]);

function oldScaler(node: Node, { facts }: File): string | undefined {
  const old = /^torch\.(cuda|cpu)\.amp\./.exec(facts.nameOf(dottedName(node)) ?? "");
  return old
    ? `\`torch.${old[1]!}.amp\` is deprecated and warns: write \`torch.amp.GradScaler("${old[1]!}")\`.`
    : undefined;
}

/** By its type, or because a library of pretrained models made it. */
function isModule(object: Node | undefined, facts: Facts): boolean {
  if (!object) return false;
  if (facts.isA(object, "torch.nn.Module")) return true;
  const name = facts.typeOf(object) ? undefined : origin(object, facts);
  return (
    isPretrained(name) || /^(torchvision\.models\.(\w+\.)*[a-z]\w*|timm\.create_model|torch\.compile)$/.test(name ?? "")
  );
}

/** A tensor, or something worked out from what a module or a gradient scaler gave. */
function isLoss(node: Node, facts: Facts): boolean {
  const attribute = node.fieldName === "attribute" ? asAttribute(node.parent) : undefined;
  const name = facts.nameOf(attribute?.node ?? node);
  if (!attribute || name !== undefined) return name === "torch.autograd.backward";
  return (
    facts.isA(attribute.object, "torch.Tensor") ||
    (facts.typeOf(attribute.object) === undefined && isFromModule(attribute.object, facts))
  );
}

const DEPTH = 6;

/** `model(x)`, and attributes, methods, items and arithmetic of it; a name is followed to the assignments that reach it. */
function isFromModule(expression: Node, facts: Facts, depth = 0): boolean {
  const node = unwrap(expression);
  if (depth > DEPTH) return false;
  const inner = (it: Node) => isFromModule(it, facts, depth + 1);
  if (node.kind === "identifier") {
    const sites = facts.reachingSites(node).filter((it) => it.kind !== "augment");
    return (
      sites.length > 0 &&
      sites.every((it) => it.kind === "assign" && it.path.length === 0 && it.value !== undefined && inner(it.value))
    );
  }
  const call = asCall(node);
  if (call && facts.nameOf(call.callee) !== undefined) return false;
  if (call && isModule(call.callee, facts)) return true;
  const method = asMethodCall(node);
  if (method)
    return (
      inner(method.object) ||
      (method.method === "scale" &&
        (facts.isA(method.object, "torch.amp.GradScaler") || SCALERS.has(origin(method.object, facts) ?? "")))
    );
  const part = asAttribute(node)?.object ?? asSubscript(node)?.value;
  if (part) return inner(part);
  const binary = asBinary(node);
  return binary !== undefined && (inner(binary.left) || inner(binary.right));
}

const SCALERS: ReadonlySet<string> = new Set(["torch.amp.GradScaler", "torch.cuda.amp.GradScaler", "torch.GradScaler"]);

/** A class with an `__init__` of its own that never calls the one above it. */
function initNote(node: Node, { facts }: File): string | undefined {
  const base = dottedName(node);
  const head = base.parent?.kind === "argument_list" ? asClass(base.parent.parent) : undefined;
  const info = head && facts.classInfo(head.node);
  const [init, more] = info?.methods.filter((it) => it.def.name === "__init__") ?? [];
  if (!init || more) return undefined;
  const body = facts.bodyOf(init.def);
  const callsUp = body.descendants("call").some((it) => {
    const call = asMethodCall(it, "__init__");
    return (
      call !== undefined &&
      (facts.nameOf(asCall(call.object)?.callee ?? call.object) !== undefined || call.object.kind === "identifier")
    );
  });
  return callsUp
    ? undefined
    : "Its `__init__` never calls `super().__init__()`: the first layer raises AttributeError.";
}

const MODES: Readonly<Record<string, string>> = {
  "reduce-overhead": "`reduce-overhead`: CUDA graphs cut the launch cost of small batches and take more memory.",
  "max-autotune": "`max-autotune`: tries several kernels while compiling, so the first call takes much longer.",
  "max-autotune-no-cudagraphs":
    "`max-autotune-no-cudagraphs`: tries several kernels while compiling, without CUDA graphs.",
};
