/** What hovers say of PyTorch on several devices, and of its profiler. */

import {
  argumentOf,
  callOf,
  defineConstructs,
  dottedName,
  textValue,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "DistributedDataParallel",
    guide: "parallel-strategies",
    at: [{ name: ["torch.nn.parallel.DistributedDataParallel", "torch.nn.parallel.DataParallel"] }],
    says: "One process per GPU, started by `torchrun`, each with a copy of the model; gradients are averaged while `backward` still runs. Give every rank its share with a `DistributedSampler` and call `set_epoch`, or each epoch has the same order. Save and log on rank 0 alone. The batch in effect is that of all ranks together.",
    here: wrapperNote,
    example:
      "from torch import nn\nfrom torch.nn.parallel import DistributedDataParallel\n\nmodel = ‸DistributedDataParallel(nn.Linear(2, 1))\n",
    unlike: [
      "class DistributedDataParallel:\n    pass\n\n‸DistributedDataParallel()\n",
      "from megatron import DistributedDataParallel\n\n‸DistributedDataParallel()\n",
    ],
  },
  {
    name: "init_process_group",
    guide: "pytorch",
    at: [{ name: "torch.distributed.init_process_group" }],
    says: "Joins the processes and waits until all are there; one that is missing shows at the timeout only, after 10 minutes with NCCL and 30 otherwise. Rank, world size and address come from the environment that `torchrun` sets. Call `torch.cuda.set_device(local_rank)` before it for NCCL, and `destroy_process_group()` at the end, in a `finally`.",
    here(node) {
      const call = callOf(node);
      const backend = call && textValue(argumentOf(call, "backend", 0));
      return backend === undefined ? undefined : BACKENDS[backend];
    },
    example: "import torch.distributed as dist\n\ndist.‸init_process_group('nccl')\n",
    unlike: [
      "def init_process_group(kind): ...\n\n‸init_process_group('nccl')\n",
      "import horovod.torch as hvd\n\nhvd.‸init()\n",
    ],
  },
  {
    name: "torch.profiler.profile",
    guide: "profilers",
    at: [{ name: ["torch.profiler.profile", "torch.profiler.schedule"] }],
    says: "Records operators on CPU and GPU, and memory with `profile_memory=True`. Profile a few steps in the middle: `schedule=` skips the first ones, and then `prof.step()` has to stand in the loop. `with_stack=True` and `record_shapes=True` add overhead to what they measure. Nsight Systems and Nsight Compute look below the operators.",
    here: profileNote,
    example: "from torch.profiler import profile\n\nwith ‸profile() as prof:\n    pass\n",
    unlike: [
      "import cProfile\n\ncProfile.‸run('1')\n",
      "from line_profiler import profile\n\n@‸profile\ndef work(): ...\n",
    ],
  },
]);

function wrapperNote(node: Node, { facts }: File): string | undefined {
  if (facts.nameOf(dottedName(node)) === "torch.nn.parallel.DataParallel")
    return "`DataParallel` is the old form: threads of one process that share the GIL, and a copy of the model at every step. Torch itself recommends DDP.";
  return callOf(node)?.keywords.get("find_unused_parameters")?.kind === "true"
    ? "`find_unused_parameters=True` walks the graph in every step; leave it out unless some parameters get no gradient."
    : undefined;
}

const BACKENDS: Readonly<Record<string, string>> = {
  nccl: "`nccl`: for NVIDIA GPUs, one process each.",
  gloo: "`gloo`: works on CPUs, and is far slower than NCCL between GPUs.",
  mpi: "`mpi`: only if torch was built with it.",
};

function profileNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (facts.nameOf(dottedName(node)) !== "torch.profiler.profile" || !call || call.hasSplat) return undefined;
  const block = call.node.ancestor("with_statement");
  if (!call.keywords.has("schedule") || !block || call.node.ancestor("with_clause") === undefined) return undefined;
  const alias = call.node.parent?.kind === "as_pattern" ? call.node.parent.field("alias")?.text : undefined;
  const isRead = block
    .field("body")
    ?.descendants("identifier")
    .some((it) => it.text === alias);
  return isRead
    ? undefined
    : "A schedule, and nothing in the block can call `step()`: it never gets to its active steps.";
}
