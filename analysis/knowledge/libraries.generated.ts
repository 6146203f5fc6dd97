/** The facts about all libraries outside the standard library. Written by scripts/knowledge.py. */

import { CLIENTS } from "./clients.js";
import { NUMPY } from "./generated/numpy.generated.js";
import { PANDAS } from "./generated/pandas.generated.js";
import { TORCH_LAYERS } from "./generated/torch-layers.generated.js";
import { TORCH } from "./generated/torch.generated.js";
import { TENSORFLOW } from "./tensorflow.js";
import type { LibraryFacts } from "./library.js";

export const LIBRARIES: readonly LibraryFacts[] = [NUMPY, PANDAS, TORCH, TORCH_LAYERS, CLIENTS, TENSORFLOW];
