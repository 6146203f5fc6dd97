/** Training: the steps of PyTorch, tensors on a device, and what a step waits for. */

export {
  isTrainingStep,
  namesDevice,
  purposeOf,
  runsSeldom,
  trainingAround,
  trainingOf,
  waitsAnyway,
  whereabouts,
  type Training,
  type Whereabouts,
} from "../rewrite/training.js";
