/** Made by scripts/generate.ts from the files in rules/. Do not edit. */

import { nameRule, type Rule } from "../analysis/rule/rule.js";
import algorithmsNestedLoopJoin from "./algorithms/nested-loop-join.js";
import algorithmsSortForExtreme from "./algorithms/sort-for-extreme.js";
import architectureDispatchChain from "./architecture/dispatch-chain.js";
import asyncioBlockingCall from "./asyncio/blocking-call.js";
import asyncioMissingAwait from "./asyncio/missing-await.js";
import asyncioSequentialAwaits from "./asyncio/sequential-awaits.js";
import cachingCachedMethod from "./caching/cached-method.js";
import cachingUnmemoizedRecursion from "./caching/unmemoized-recursion.js";
import classesDescriptorWithoutSetName from "./classes/descriptor-without-set-name.js";
import classesNeedlessMetaclass from "./classes/needless-metaclass.js";
import collectionsListAsQueue from "./collections/list-as-queue.js";
import collectionsListMembershipInLoop from "./collections/list-membership-in-loop.js";
import collectionsRepeatedListConcat from "./collections/repeated-list-concat.js";
import concurrencyCpuWorkInThreads from "./concurrency/cpu-work-in-threads.js";
import concurrencyMissingMainGuard from "./concurrency/missing-main-guard.js";
import concurrencyUnlockedSharedState from "./concurrency/unlocked-shared-state.js";
import decoratorsDroppedResult from "./decorators/dropped-result.js";
import decoratorsMissingWraps from "./decorators/missing-wraps.js";
import dynamicEvalOrExec from "./dynamic/eval-or-exec.js";
import generatorsAccumulatorReturned from "./generators/accumulator-returned.js";
import generatorsListBuiltToBeConsumed from "./generators/list-built-to-be-consumed.js";
import generatorsWholeFileRead from "./generators/whole-file-read.js";
import iterationAppendInLoop from "./iteration/append-in-loop.js";
import iterationRangeLen from "./iteration/range-len.js";
import llmEvalInTool from "./llm/eval-in-tool.js";
import loggingEagerFormat from "./logging/eager-format.js";
import memoryMissingSlots from "./memory/missing-slots.js";
import memoryUndeclaredSlotAttribute from "./memory/undeclared-slot-attribute.js";
import numbaParallelWithoutPrange from "./numba/parallel-without-prange.js";
import numpyAppendInLoop from "./numpy/append-in-loop.js";
import numpyElementwiseLoop from "./numpy/elementwise-loop.js";
import numpyPythonBuiltinOnArray from "./numpy/python-builtin-on-array.js";
import pandasApplyAxis1 from "./pandas/apply-axis-1.js";
import pandasChainedAssignment from "./pandas/chained-assignment.js";
import pandasConcatInLoop from "./pandas/concat-in-loop.js";
import pandasFilterPerKey from "./pandas/filter-per-key.js";
import pandasIterrows from "./pandas/iterrows.js";
import profilingWallClockDuration from "./profiling/wall-clock-duration.js";
import pytorchCreateThenMove from "./pytorch/create-then-move.js";
import pytorchInferenceWithGradients from "./pytorch/inference-with-gradients.js";
import pytorchRetainedGraph from "./pytorch/retained-graph.js";
import pytorchSingleProcessLoading from "./pytorch/single-process-loading.js";
import resourcesContextmanagerWithoutFinally from "./resources/contextmanager-without-finally.js";
import resourcesManualLock from "./resources/manual-lock.js";
import resourcesUnmanagedResource from "./resources/unmanaged-resource.js";
import runtimeMutableDefault from "./runtime/mutable-default.js";
import stringsConcatInLoop from "./strings/concat-in-loop.js";
import tensorflowMissingPrefetch from "./tensorflow/missing-prefetch.js";
import tensorflowPrintInFunction from "./tensorflow/print-in-function.js";
import tensorflowSequentialMap from "./tensorflow/sequential-map.js";

export const rules: readonly Rule[] = [
  nameRule("algorithms/nested-loop-join", algorithmsNestedLoopJoin),
  nameRule("algorithms/sort-for-extreme", algorithmsSortForExtreme),
  nameRule("architecture/dispatch-chain", architectureDispatchChain),
  nameRule("asyncio/blocking-call", asyncioBlockingCall),
  nameRule("asyncio/missing-await", asyncioMissingAwait),
  nameRule("asyncio/sequential-awaits", asyncioSequentialAwaits),
  nameRule("caching/cached-method", cachingCachedMethod),
  nameRule("caching/unmemoized-recursion", cachingUnmemoizedRecursion),
  nameRule("classes/descriptor-without-set-name", classesDescriptorWithoutSetName),
  nameRule("classes/needless-metaclass", classesNeedlessMetaclass),
  nameRule("collections/list-as-queue", collectionsListAsQueue),
  nameRule("collections/list-membership-in-loop", collectionsListMembershipInLoop),
  nameRule("collections/repeated-list-concat", collectionsRepeatedListConcat),
  nameRule("concurrency/cpu-work-in-threads", concurrencyCpuWorkInThreads),
  nameRule("concurrency/missing-main-guard", concurrencyMissingMainGuard),
  nameRule("concurrency/unlocked-shared-state", concurrencyUnlockedSharedState),
  nameRule("decorators/dropped-result", decoratorsDroppedResult),
  nameRule("decorators/missing-wraps", decoratorsMissingWraps),
  nameRule("dynamic/eval-or-exec", dynamicEvalOrExec),
  nameRule("generators/accumulator-returned", generatorsAccumulatorReturned),
  nameRule("generators/list-built-to-be-consumed", generatorsListBuiltToBeConsumed),
  nameRule("generators/whole-file-read", generatorsWholeFileRead),
  nameRule("iteration/append-in-loop", iterationAppendInLoop),
  nameRule("iteration/range-len", iterationRangeLen),
  nameRule("llm/eval-in-tool", llmEvalInTool),
  nameRule("logging/eager-format", loggingEagerFormat),
  nameRule("memory/missing-slots", memoryMissingSlots),
  nameRule("memory/undeclared-slot-attribute", memoryUndeclaredSlotAttribute),
  nameRule("numba/parallel-without-prange", numbaParallelWithoutPrange),
  nameRule("numpy/append-in-loop", numpyAppendInLoop),
  nameRule("numpy/elementwise-loop", numpyElementwiseLoop),
  nameRule("numpy/python-builtin-on-array", numpyPythonBuiltinOnArray),
  nameRule("pandas/apply-axis-1", pandasApplyAxis1),
  nameRule("pandas/chained-assignment", pandasChainedAssignment),
  nameRule("pandas/concat-in-loop", pandasConcatInLoop),
  nameRule("pandas/filter-per-key", pandasFilterPerKey),
  nameRule("pandas/iterrows", pandasIterrows),
  nameRule("profiling/wall-clock-duration", profilingWallClockDuration),
  nameRule("pytorch/create-then-move", pytorchCreateThenMove),
  nameRule("pytorch/inference-with-gradients", pytorchInferenceWithGradients),
  nameRule("pytorch/retained-graph", pytorchRetainedGraph),
  nameRule("pytorch/single-process-loading", pytorchSingleProcessLoading),
  nameRule("resources/contextmanager-without-finally", resourcesContextmanagerWithoutFinally),
  nameRule("resources/manual-lock", resourcesManualLock),
  nameRule("resources/unmanaged-resource", resourcesUnmanagedResource),
  nameRule("runtime/mutable-default", runtimeMutableDefault),
  nameRule("strings/concat-in-loop", stringsConcatInLoop),
  nameRule("tensorflow/missing-prefetch", tensorflowMissingPrefetch),
  nameRule("tensorflow/print-in-function", tensorflowPrintInFunction),
  nameRule("tensorflow/sequential-map", tensorflowSequentialMap),
];
