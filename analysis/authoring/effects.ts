/** Effects: what code does when it runs, and where it may run. */

export { blockingCall, isPureCall, knowsMethod, mayGiveCoroutine, mutates } from "../knowledge/index.js";
export {
  changesShared,
  drawsCharts,
  drawsInOrder,
  fitsModel,
  isComputing,
  isQuick,
  onlyPrints,
  turnAsksModel,
  turnAsksOutside,
  turnTakesLong,
  usesOneAtATime,
  waitsOutside,
  writesOnePlace,
} from "../semantics/quick.js";
export { isGivenToPool, isSharedClient, looksLikeReading, onlyReads } from "../semantics/reading.js";
export { computesInPython } from "../semantics/computing.js";
export { mayRunInProcess } from "../semantics/movable.js";
export { neverRuns } from "../semantics/flow.js";
export { isProgram, isStarted, isStartedElsewhere, mayBeImported } from "../rewrite/program.js";
export { failsAbove, failsEarlier, isChangedAhead, isInClassBody } from "../rewrite/before-loop.js";
export { mayBeNone } from "../rewrite/may-be-none.js";
export { isCompilable } from "../rewrite/compilable.js";
export { isCompiled } from "../rewrite/compiled.js";
export {
  changeDoubt,
  equalityDoubt,
  frameDoubt,
  gatheringDoubts,
  laterDoubt,
  noneDoubt,
  ownCodeDoubt,
  replacedDoubt,
  rereadDoubt,
  stopDoubt,
  textDoubts,
} from "../rewrite/object-doubts.js";
export {
  aroundAwait,
  awaitedInThread,
  isAheadOfTasks,
  isCoroutineTest,
  isOnlyTask,
  isUsedAtOnce,
  obstacleToAwait,
} from "../rewrite/in-thread.js";
export { SYNC_LIBRARIES, slowFunction, syncClient, type SyncClient } from "../knowledge/sync-clients.js";
export {
  COSTLY_FUNCTIONS,
  COSTLY_METHODS,
  LOOP_MAKERS,
  LOOP_METHODS,
  partsOfReader,
} from "../knowledge/costly-calls.js";
export {
  changesObject,
  columnsInDoubt,
  costlyCall,
  onlyWorks,
  operandsOf,
  staysSame,
  type Between,
  type CostlyCall,
} from "../rewrite/costly-call.js";
export {
  parsesWhole,
  soundsLikeAsking,
  soundsLikeHashing,
  soundsLikeMediaWork,
  soundsLikeService,
  soundsLong,
  worksLong,
} from "../knowledge/heavy-calls.js";
