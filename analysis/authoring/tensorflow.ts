/** TensorFlow: functions that are traced into graphs. */

export { isTraced, isTracer, tracedAround, tracedCallee, type Traced } from "../rewrite/traced-function.js";
