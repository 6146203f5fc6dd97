/** What hovers say of the libraries of data and AI work where they are imported: what each is for, and what to watch now. */

import { defineConstructs, type Node } from "../../analysis/authoring.js";

const LIBRARIES: Readonly<Record<string, string>> = {
  numpy:
    "NumPy: arrays of one type and compiled mathematics on them. Version 2 removed `np.float_`, `np.Inf`, `np.NaN` and `np.product`, 2.4 also `np.in1d` and `np.trapz`, and a Python number no longer widens a small type.",
  pandas:
    "pandas: tables with an index. Version 3 infers the `str` dtype for text, and an assignment through two pairs of brackets never reaches the frame.",
  scipy:
    "SciPy: optimisation, statistics, signals, sparse matrices. `interp2d` is gone since 1.14, and `scipy.integrate` has `simpson` and `trapezoid` instead of `simps` and `trapz`.",
  sklearn:
    "scikit-learn: classical models by `fit`, `transform` and `predict`. Fit preparation on the training part alone, best in a `Pipeline`; load saved models only from sources you trust.",
  torch:
    "PyTorch: tensors, gradients, neural networks. `torch.load` reads weights only since 2.6, and `torch.jit` and `torch.cuda.amp` are deprecated.",
  tensorflow: "TensorFlow: graphs for training at scale and for serving. Since 2.16 `tf.keras` is Keras 3.",
  keras:
    "Keras 3: one model API above TensorFlow, JAX or PyTorch. Set `KERAS_BACKEND` before this import; another engine later means reloading Keras and making every object anew.",
  jax: "JAX: gradients, vectorisation and compilation of pure functions. Arrays cannot be changed (`x.at[i].set(v)` makes a new one), floats are 32 bits unless `jax_enable_x64` is on, and results come later: time them with `block_until_ready()`.",
  transformers:
    "Transformers: pretrained models for text, images and sound. Load a model once per process, and pin a revision you have read before `trust_remote_code=True`.",
  langchain:
    "LangChain: agents and retrieval around language models. Version 1 builds agents with `create_agent`; the older chains live in `langchain-classic`, splitters and providers in packages of their own.",
  matplotlib:
    "Matplotlib: figures of every kind. `pyplot` keeps each figure alive until `plt.close(figure)`, so close them in loops; the `Agg` backend needs no display.",
  seaborn: "Seaborn: statistical plots of data frames, drawn with Matplotlib, whose figures have to be closed as well.",
  nltk: "NLTK: teaching and corpora. The data are separate: `nltk.download` fetches them, best when the environment is built.",
  spacy:
    "spaCy: language processing for production. Models are packages of their own; load one once, and feed many texts through `nlp.pipe`.",
  cv2: "OpenCV: image algorithms and video. Channels come as blue, green, red, and `imread` returns None instead of raising when a file cannot be read.",
  PIL: "Pillow: reading and simple edits of images. `Image.open` reads the pixels only when they are needed and keeps the file open until then: use `with`.",
  gym: "Gym has not been maintained since 2022; Gymnasium is its successor, mostly with `import gymnasium as gym`.",
  gymnasium:
    "Gymnasium: environments for reinforcement learning. `step` returns five values, with `terminated` and `truncated` apart, and `reset` returns the observation and a dict.",
};

export default defineConstructs([
  {
    name: "import of ML library",
    guide: "ml-ecosystem",
    at: [{ module: Object.keys(LIBRARIES) }],
    says: "Loaded once per process, by the first import; later ones only bind the name. The large ones take noticeable time, so keep them out of scripts that often just print help: `python -X importtime` shows what each takes. Every spawned worker process imports them again.",
    here: (node) => LIBRARIES[moduleOf(node)],
    example: "import ‸numpy as np\n",
    unlike: ["import ‸json\n", "from .‸torch import layers\n", "numpy = 1\nprint(‸numpy)\n"],
  },
]);

function moduleOf(node: Node): string {
  const path = node.parent!;
  return path.tree.text.slice(path.start, node.end);
}
