/** What hovers say of TensorFlow: graphs, devices, precision, distribution. */

import {
  asFunction,
  callOf,
  defineConstructs,
  dottedName,
  functionAround,
  textValue,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "@tf.function",
    guide: "tensorflow",
    at: [{ name: "tensorflow.function" }],
    says: "Runs the Python body only while tracing and later just the graph. Tensors are traced once per dtype and shape; a Python number or string once per value, so pass changing numbers as tensors. `reduce_retracing=True` relaxes shapes, not Python values. Variables may be made in the first trace alone, and Keras `fit` compiles its step by itself.",
    here: tracingNote,
    example: "import tensorflow as tf\n\n@tf.‸function\ndef double(x):\n    return 2 * x\n",
    unlike: [
      "def function(f):\n    return f\n\n@‸function\ndef double(x):\n    return 2 * x\n",
      "import theano\n\ntheano.‸function([], 1)\n",
    ],
  },
  {
    name: "tf.print",
    guide: "tensorflow",
    at: [{ name: "tensorflow.print" }],
    says: "Becomes part of the graph and so prints at every call, where `print` in a `tf.function` shows a symbolic tensor once per trace. It writes to stderr unless `output_stream=` is given, and shows the ends of long tensors only (`summarize=`). On a GPU it fetches the values, which costs time in a training step.",
    example: "import tensorflow as tf\n\ntf.‸print('loss', tf.constant(1.0))\n",
    unlike: ["‸print('loss')\n", "import rich\n\nrich.‸print('loss')\n"],
  },
  {
    name: "tf.device",
    guide: "tensorflow",
    at: [{ name: "tensorflow.device" }],
    says: "Places the operations made inside the block. TensorFlow uses a GPU by itself, so it is seldom needed. With soft placement a device that is missing is replaced by another without an error: TensorFlow 2.21 ran a block for an absent GPU on the CPU. For several GPUs use a distribution strategy.",
    here(node) {
      const name = textValue(callOf(node)?.args[0]);
      return name !== undefined && /^\/?(device:)?CPU:/i.test(name)
        ? "Keeps these operations off the GPU; feeding their results to one costs a copy each."
        : undefined;
    },
    example: "import tensorflow as tf\n\nwith tf.‸device('/GPU:0'):\n    x = tf.constant(1.0)\n",
    unlike: [
      "import torch\n\nwith torch.‸device('cuda'):\n    pass\n",
      "class tf:\n    device = staticmethod(print)\n\ntf.‸device('a')\n",
    ],
  },
  {
    name: "run_functions_eagerly",
    guide: "tensorflow",
    at: [
      { name: "tensorflow.config.run_functions_eagerly" },
      { argument: "run_eagerly", of: ["tensorflow.keras.Model.compile", "tensorflow.keras.Sequential.compile"] },
    ],
    says: "Lets a debugger step through code that is otherwise traced, at the price of every graph's speed. Switch it off again afterwards. Functions given to `tf.data` stay graphs; `tf.data.experimental.enable_debug_mode()` is the switch for those.",
    here(node) {
      const value = node.parent?.kind === "keyword_argument" ? node.parent.field("value") : callOf(node)?.args[0];
      if (value?.kind !== "true") return undefined;
      return node.parent?.kind === "keyword_argument"
        ? "This model's training step runs without a graph."
        : "Holds for the whole process from here on.";
    },
    example: "import tensorflow as tf\n\ntf.config.‸run_functions_eagerly(True)\n",
    unlike: [
      "def run_functions_eagerly(on): ...\n\n‸run_functions_eagerly(True)\n",
      "def make(run_eagerly=None): ...\n\nmake(‸run_eagerly=True)\n",
    ],
  },
  {
    name: "jit_compile=True",
    guide: "tensorflow",
    at: [
      {
        argument: "jit_compile",
        of: ["tensorflow.function", "tensorflow.keras.Model.compile", "tensorflow.keras.Sequential.compile"],
      },
    ],
    when: (node) => node.parent?.field("value")?.kind === "true",
    says: 'XLA fuses operations into fewer kernels, which pays for many small ones of fixed shape. Each new shape is compiled anew. In a `tf.function` all of it has to compile: an operation that XLA lacks, such as one on strings, raises InvalidArgumentError. Keras `compile` chooses by itself (`"auto"`).',
    example: "import tensorflow as tf\n\n@tf.function(‸jit_compile=True)\ndef double(x):\n    return 2 * x\n",
    unlike: [
      "import tensorflow as tf\n\n@tf.function(‸jit_compile=False)\ndef double(x):\n    return 2 * x\n",
      "def build(jit_compile=None): ...\n\nbuild(‸jit_compile=True)\n",
    ],
  },
  {
    name: "mixed_precision policy",
    guide: "tensorflow",
    at: [
      {
        name: ["set_global_policy", "set_dtype_policy", "Policy", "DTypePolicy"].flatMap((it) => [
          `tensorflow.keras.mixed_precision.${it}`,
          `keras.mixed_precision.${it}`,
        ]),
      },
      { name: ["keras.config.set_dtype_policy", "tensorflow.keras.config.set_dtype_policy"] },
    ],
    says: 'Layers made afterwards compute in 16 bits and keep their variables in float32. Give the output layer `dtype="float32"`, or softmax and loss lose precision. `fit` scales the loss of `mixed_float16` by itself; a step of your own wraps the optimizer in `LossScaleOptimizer` and calls `scale_loss` (Keras 3).',
    here(node) {
      const policy = textValue(callOf(node)?.args[0]);
      return policy === "mixed_bfloat16"
        ? "bfloat16 has the range of float32 and needs no loss scaling."
        : policy === "mixed_float16"
          ? "float16 ends at 65,504 and small gradients vanish, hence the scaling; it pays on GPUs with tensor cores."
          : undefined;
    },
    example: "import tensorflow as tf\n\ntf.keras.mixed_precision.‸set_global_policy('mixed_bfloat16')\n",
    unlike: ["class Policy:\n    pass\n\n‸Policy()\n", "import asyncio\n\nasyncio.‸set_event_loop_policy(None)\n"],
  },
  {
    name: "tf.distribute.Strategy",
    guide: "tensorflow",
    at: [
      {
        name: "Strategy MirroredStrategy MultiWorkerMirroredStrategy TPUStrategy OneDeviceStrategy ParameterServerStrategy"
          .split(" ")
          .map((it) => `tensorflow.distribute.${it}`),
      },
    ],
    says: "Make model, optimizer and metrics inside `with strategy.scope():`. The batch of a dataset is the global one and is divided among the replicas, so raise it with their number. In a loop of your own, divide the loss by the global batch size. Save checkpoints: with several machines one of them stops sooner.",
    here: (node) => STRATEGIES[node.text],
    example: "import tensorflow as tf\n\nstrategy = tf.distribute.‸MirroredStrategy()\n",
    unlike: ["class Strategy:\n    pass\n\n‸Strategy()\n", "import optuna\n\noptuna.‸MirroredStrategy()\n"],
  },
]);

function tracingNote(node: Node, { facts }: File): string | undefined {
  const decorator = node.ancestor("decorator");
  const def = decorator?.parent ? asFunction(decorator.parent) : undefined;
  if (!def)
    return facts.loopAround(dottedName(node))
      ? "Made anew at each turn: each one is traced from the start."
      : undefined;
  if (functionAround(def.outer))
    return "Inside a function: each call of that one makes a new `tf.function` and traces again.";
  const prints = def.body.descendants("call").some((it) => facts.nameOf(it.field("function")!) === "builtins.print");
  return prints ? "Its `print` runs once per trace; `tf.print` runs at each call." : undefined;
}

const STRATEGIES: Readonly<Record<string, string>> = {
  MirroredStrategy: "Several GPUs of one machine; every GPU holds a copy of the model.",
  MultiWorkerMirroredStrategy: "Several machines; each runs the same program and reads its place from `TF_CONFIG`.",
  TPUStrategy: "TPU cores; connect to and initialise the TPU system first.",
  OneDeviceStrategy: "One device: for trying the code of a strategy.",
  ParameterServerStrategy: "Workers train at their own pace against variables on parameter servers.",
};
