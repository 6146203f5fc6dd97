/** TensorFlow: functions that are traced into graphs, and pipelines of tf.data. */

export { isTraced, isTracer, tracedAround, tracedCallee, type Traced } from "../rewrite/traced-function.js";
export { callsOfMapped, stepsAfter, stepsBefore } from "../rewrite/pipelines.js";
