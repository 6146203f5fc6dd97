/** Removed names: what libraries took out, by tables, and how it is found, said and mended. */

export {
  asksFirst,
  removals,
  removedFix,
  removedMessage,
  type Removals,
  type RemovedUse,
} from "../rewrite/removed.js";
export { LANGCHAIN_REMOVED } from "../knowledge/removed/langchain.js";
export { LLM_REMOVED } from "../knowledge/removed/llm.js";
export { MATPLOTLIB_REMOVED } from "../knowledge/removed/matplotlib.js";
export { NUMPY_REMOVED } from "../knowledge/removed/numpy.js";
export { PANDAS_REMOVED } from "../knowledge/removed/pandas.js";
export { PYTORCH_REMOVED } from "../knowledge/removed/pytorch.js";
export { SCIPY_REMOVED } from "../knowledge/removed/scipy.js";
export { SKLEARN_REMOVED } from "../knowledge/removed/sklearn.js";
export { TENSORFLOW_REMOVED } from "../knowledge/removed/tensorflow.js";
