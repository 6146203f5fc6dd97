/** What hovers say of PyTorch's data loading and of moving tensors. */

import {
  argumentOf,
  asMethodCall,
  callOf,
  defineConstructs,
  integerOf,
  textValue,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "DataLoader",
    guide: "torch-data",
    at: [{ name: "torch.utils.data.DataLoader" }],
    says: "`num_workers=0`, the default, makes every batch in the training process. Workers pay for decoding and tokenising, not for slicing tensors; `persistent_workers=True` keeps them between epochs and `prefetch_factor` batches wait for each. `pin_memory=True` helps only copies to an accelerator. Where workers are spawned, dataset and `collate_fn` must pickle.",
    here: loaderNote,
    example: "from torch.utils.data import DataLoader\n\nloader = ‸DataLoader([1, 2, 3], batch_size=2)\n",
    unlike: [
      "class DataLoader:\n    pass\n\n‸DataLoader()\n",
      "from torch_geometric.loader import DataLoader\n\n‸DataLoader([])\n",
    ],
  },
  {
    name: "Tensor.to",
    guide: "torch-data",
    at: [{ attribute: ["to", "cuda"], of: ["torch.Tensor", "torch.nn.Module"] }],
    says: "A tensor comes back as a copy, or as itself if nothing changes; a module moves its parameters in place. `non_blocking=True` overlaps only when the source is pinned memory. Towards the CPU it is unsafe without `torch.cuda.synchronize()`, since the values may be read before they arrive. What is made on the target, by `device=`, needs no copy.",
    here: moveNote,
    example:
      "import torch\n\ndef send(batch: torch.Tensor, device: torch.device) -> torch.Tensor:\n    return batch.‸to(device, non_blocking=True)\n",
    unlike: [
      "class Mail:\n    def to(self, name): ...\n\nMail().‸to('Ann')\n",
      "def send(batch, device):\n    return batch.‸to(device)\n",
    ],
  },
  {
    name: "Tensor.item",
    guide: "pytorch",
    at: [{ attribute: ["item", "tolist"], of: "torch.Tensor" }],
    says: "Hands a value to Python, so the CPU has to wait until the GPU has caught up. In a training step keep the tensor, add up `loss.detach()` and read it once per epoch or every n steps. `if tensor:`, `print(tensor)`, `.cpu()` and `float(tensor)` wait as well. `item` needs exactly one element.",
    here: (node, { facts }) =>
      facts.loopAround(node) ? "In a loop: one wait for each turn if the tensor is on a GPU." : undefined,
    example: "import torch\n\ndef show(loss: torch.Tensor) -> None:\n    print(loss.‸item())\n",
    unlike: [
      "import numpy as np\n\nprint(np.ones(1).‸item())\n",
      "class Shop:\n    def item(self): ...\n\nShop().‸item()\n",
    ],
  },
]);

function loaderNote(node: Node): string | undefined {
  const call = callOf(node);
  if (!call || call.hasSplat) return undefined;
  const given = argumentOf(call, "num_workers", 5);
  const workers = given ? integerOf(given) : 0;
  if (workers !== 0)
    return workers !== undefined && workers > 0 && call.keywords.get("persistent_workers") === undefined
      ? `${workers} ${workers === 1 ? "worker" : "workers"}, started anew for every epoch.`
      : undefined;
  const needing = ["persistent_workers", "prefetch_factor"].find(
    (it) => call.keywords.has(it) && call.keywords.get(it)!.kind !== "none" && call.keywords.get(it)!.kind !== "false",
  );
  return needing
    ? `\`${needing}\` without workers raises ValueError.`
    : "No workers: the training process waits while each batch is made.";
}

function moveNote(node: Node, { facts }: File): string | undefined {
  const call = asMethodCall(callOf(node)?.node);
  if (!call) return undefined;
  const isModule = facts.isA(call.object, "torch.nn.Module");
  const target = textValue(argumentOf(call, "device", 0));
  if (!isModule && target === "cpu" && call.keywords.get("non_blocking")?.kind === "true")
    return "`non_blocking=True` towards the CPU: the values may not be there yet.";
  if (!isModule && call.node.parent?.kind === "expression_statement")
    return "The result is dropped: the tensor itself does not move.";
  return isModule ? "A module: moved in place and returned." : undefined;
}
