/** What hovers say of tf.data: the steps of a pipeline and their order. */

import { argumentOf, asMethodCall, callOf, defineConstructs, integerOf, type Node } from "../../analysis/authoring.js";

const MAKERS = "from_tensor_slices from_tensors from_generator range zip list_files";

export default defineConstructs([
  {
    name: "tf.data.Dataset",
    guide: "tf-data",
    at: [
      {
        name: [
          "tensorflow.data.Dataset",
          "tensorflow.data.TFRecordDataset",
          "tensorflow.data.TextLineDataset",
          ...MAKERS.split(" ").map((it) => `tensorflow.data.Dataset.${it}`),
        ],
      },
    ],
    says: "Describes a pipeline; nothing is read before somebody asks for a batch. A good order is: read, costly `map` without randomness, `cache`, `shuffle`, random augmentation, `batch`, `prefetch`. TensorFlow 2.21 runs a stateless `map` in parallel and, outside loops in a `tf.function`, prefetches behind the last step by itself; maps with random numbers, state or Python stay serial.",
    here: (node) =>
      node.text === "from_generator"
        ? "The generator runs in Python under the GIL, whatever the later steps do in parallel."
        : node.text === "from_tensor_slices"
          ? "NumPy arrays given here become constants; inside a `tf.function` they end up in the graph."
          : undefined,
    example: "import tensorflow as tf\n\ndata = tf.data.‸Dataset.range(10)\n",
    unlike: [
      "from torch.utils.data import Dataset\n\nclass Images(‸Dataset): ...\n",
      "class Dataset:\n    pass\n\n‸Dataset()\n",
    ],
  },
  {
    name: "Dataset.map",
    guide: "tf-data",
    at: [{ attribute: "map", of: "tensorflow.data.Dataset" }],
    says: "The function is traced once into a graph, so Python in it (`print`, `random`, counters) runs only then. `num_parallel_calls=tf.data.AUTOTUNE` handles several elements at once and keeps their order unless `deterministic=False`. For cheap functions put `map` behind `batch`; `tf.py_function` runs under the GIL.",
    here(node) {
      const call = callOf(node);
      return call && !call.hasSplat && !argumentOf(call, "num_parallel_calls", 1)
        ? "No `num_parallel_calls`: one element at a time, unless the function is stateless and TensorFlow makes it parallel (2.21)."
        : undefined;
    },
    example: "import tensorflow as tf\n\ndata = tf.data.Dataset.range(10).‸map(tf.square)\n",
    unlike: ["‸map(abs, [1])\n", "import pandas as pd\n\ndef f(column: pd.Series):\n    return column.‸map(abs)\n"],
  },
  {
    name: "Dataset.shuffle",
    guide: "tf-data",
    at: [{ attribute: "shuffle", of: "tensorflow.data.Dataset" }],
    says: "Draws from a buffer of `buffer_size` elements, so a buffer smaller than the data mixes only neighbours, and a large one is held in memory. Shuffle paths or small records rather than decoded images. The order is new in every epoch, also with a fixed seed, unless `reshuffle_each_iteration=False`.",
    here(node) {
      const call = callOf(node);
      const size = call && integerOf(argumentOf(call, "buffer_size", 0));
      if (size === 1) return "A buffer of 1 does not shuffle.";
      return stepsBefore(node).includes("batch")
        ? "Behind `batch`: it mixes whole batches, not their elements."
        : undefined;
    },
    example: "import tensorflow as tf\n\ndata = tf.data.Dataset.range(10).‸shuffle(10)\n",
    unlike: [
      "import random\n\nrandom.‸shuffle([1])\n",
      "import numpy as np\n\nnp.random.default_rng(1).‸shuffle([1])\n",
    ],
  },
  {
    name: "Dataset.prefetch",
    guide: "tf-data",
    at: [{ attribute: "prefetch", of: "tensorflow.data.Dataset" }],
    says: "Prepares the next elements while the model works on this one. It belongs at the end, where it holds whole batches; TensorFlow from 2.11 on adds it there by default if the last step is synchronous, but not for a `for` loop inside a `tf.function`. `tf.data.AUTOTUNE` finds the number; a fixed one costs that many batches of memory.",
    here: (node) =>
      callOf(node)?.node.parent?.kind === "attribute" &&
      asMethodCall(callOf(node)!.node.parent!.parent)?.method === "batch"
        ? "In front of `batch`: it holds single elements, not whole batches."
        : undefined,
    example: "import tensorflow as tf\n\ndata = tf.data.Dataset.range(10).batch(2).‸prefetch(tf.data.AUTOTUNE)\n",
    unlike: [
      "class Loader:\n    def prefetch(self, n): ...\n\nLoader().‸prefetch(2)\n",
      "def warm(data):\n    return data.‸prefetch(2)\n",
    ],
  },
  {
    name: "Dataset.cache",
    guide: "tf-data",
    at: [{ attribute: "cache", of: "tensorflow.data.Dataset" }],
    says: "Keeps every element of the first full pass, in memory or in the file that is named. It pays behind costly, repeatable steps; whatever stands before it is frozen, so shuffling and random augmentation come after. A pass that stops early fills nothing: put `take` before `cache`.",
    here(node) {
      if (stepsBefore(node).includes("shuffle")) return "Behind `shuffle`: every epoch gets the order of the first.";
      const call = callOf(node);
      return call && !call.hasSplat && !argumentOf(call, "filename", 0)
        ? "No file is named: all elements stay in memory."
        : undefined;
    },
    example: "import tensorflow as tf\n\ndata = tf.data.Dataset.range(10).map(tf.square).‸cache()\n",
    unlike: [
      "import functools\n\n@functools.‸cache\ndef load(): ...\n",
      "import pyspark.sql\n\ndef keep(frame: pyspark.sql.DataFrame):\n    return frame.‸cache()\n",
    ],
  },
]);

/** The methods that a chain of calls has run before the one under the cursor. */
function stepsBefore(node: Node): readonly string[] {
  const steps: string[] = [];
  for (let step = asMethodCall(asMethodCall(callOf(node)?.node)?.object); step; step = asMethodCall(step.object))
    steps.push(step.method);
  return steps;
}
