/** Training: the steps of PyTorch, tensors on a device, and what a step waits for. */

export {
  evaluationAround,
  isTrainingStep,
  mayUseDevice,
  purposeOf,
  runsSeldom,
  testWaits,
  trainingAround,
  trainingOf,
  waitsAnyway,
  whereabouts,
  type Training,
  type Whereabouts,
} from "../rewrite/training.js";
export {
  batchLoop,
  DATA_LOADER,
  isPinned,
  loaderEvidence,
  loaderIn,
  loadersOfCards,
  movesBatch,
  pinnedLoaders,
  transferOf,
  type Transfer,
} from "../rewrite/device-transfers.js";
export { cardTraining, type CardTraining } from "../rewrite/card-training.js";
