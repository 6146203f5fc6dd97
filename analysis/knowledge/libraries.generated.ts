/** The libraries whose facts are made when they are first asked for. Written by scripts/knowledge.py. */

import { NUMPY } from "./generated/numpy.generated.js";
import { PANDAS } from "./generated/pandas.generated.js";
import { TORCH_LAYERS } from "./generated/torch-layers.generated.js";
import { TORCH } from "./generated/torch.generated.js";
import { MODELS } from "./models.js";
import { POLARS } from "./polars.js";
import { SKLEARN } from "./sklearn.js";
import { TENSORFLOW } from "./tensorflow.js";
import type { Library } from "./library.js";

export const LIBRARIES: readonly Library[] = [
  { roots: ["numpy"], facts: [NUMPY] },
  { roots: ["pandas"], facts: [PANDAS] },
  { roots: ["torch"], facts: [TORCH, TORCH_LAYERS] },
  { roots: ["tensorflow", "keras"], facts: [TENSORFLOW] },
  { roots: ["sklearn"], facts: [SKLEARN] },
  { roots: ["polars"], facts: [POLARS] },
  { roots: ["transformers", "torchvision"], facts: [MODELS] },
];
