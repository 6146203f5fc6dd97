/** Made by scripts/generate.ts from the files in rules/. Do not edit. */

import { nameRule, type Rule } from "../analysis/rule/rule.js";
import algorithmsDeepcopyOfFlatData from "./algorithms/deepcopy-of-flat-data.js";
import algorithmsLinearRecursion from "./algorithms/linear-recursion.js";
import algorithmsModularPower from "./algorithms/modular-power.js";
import algorithmsNestedLoopJoin from "./algorithms/nested-loop-join.js";
import algorithmsQuadraticLoop from "./algorithms/quadratic-loop.js";
import algorithmsSortForExtreme from "./algorithms/sort-for-extreme.js";
import architectureComplexFunction from "./architecture/complex-function.js";
import architectureDispatchChain from "./architecture/dispatch-chain.js";
import architectureFactoryReturningNone from "./architecture/factory-returning-none.js";
import architectureHardcodedHyperparameter from "./architecture/hardcoded-hyperparameter.js";
import architectureHardcodedPath from "./architecture/hardcoded-path.js";
import architectureLargeClass from "./architecture/large-class.js";
import architecturePerItemPredict from "./architecture/per-item-predict.js";
import architecturePydanticV1 from "./architecture/pydantic-v1.js";
import architectureUntypedEndpoint from "./architecture/untyped-endpoint.js";
import asyncioBlockingCall from "./asyncio/blocking-call.js";
import asyncioClientPerCall from "./asyncio/client-per-call.js";
import asyncioCpuWork from "./asyncio/cpu-work.js";
import asyncioDanglingTask from "./asyncio/dangling-task.js";
import asyncioDyingBackgroundLoop from "./asyncio/dying-background-loop.js";
import asyncioGatherWithoutErrorPolicy from "./asyncio/gather-without-error-policy.js";
import asyncioGeneratorCoroutine from "./asyncio/generator-coroutine.js";
import asyncioGetEventLoop from "./asyncio/get-event-loop.js";
import asyncioHeavyCallInCoroutine from "./asyncio/heavy-call-in-coroutine.js";
import asyncioLegacyTimeout from "./asyncio/legacy-timeout.js";
import asyncioLockOverSlowAwait from "./asyncio/lock-over-slow-await.js";
import asyncioManualEventLoop from "./asyncio/manual-event-loop.js";
import asyncioMissingAsyncWith from "./asyncio/missing-async-with.js";
import asyncioMissingAwait from "./asyncio/missing-await.js";
import asyncioPollingLoop from "./asyncio/polling-loop.js";
import asyncioResultBeforeDone from "./asyncio/result-before-done.js";
import asyncioSequentialAwaits from "./asyncio/sequential-awaits.js";
import asyncioSwallowedCancellation from "./asyncio/swallowed-cancellation.js";
import asyncioSyncClient from "./asyncio/sync-client.js";
import asyncioUnboundedGather from "./asyncio/unbounded-gather.js";
import asyncioUnclosedExecutor from "./asyncio/unclosed-executor.js";
import asyncioWaitOnCoroutines from "./asyncio/wait-on-coroutines.js";
import cachingCachedCoroutine from "./caching/cached-coroutine.js";
import cachingCachedFailure from "./caching/cached-failure.js";
import cachingCachedMethod from "./caching/cached-method.js";
import cachingCompileInLoop from "./caching/compile-in-loop.js";
import cachingEverGrowingDict from "./caching/ever-growing-dict.js";
import cachingImpureCachedFunction from "./caching/impure-cached-function.js";
import cachingManualMemoDict from "./caching/manual-memo-dict.js";
import cachingRecomputedProperty from "./caching/recomputed-property.js";
import cachingUnboundedCache from "./caching/unbounded-cache.js";
import cachingUncachedStreamlitLoad from "./caching/uncached-streamlit-load.js";
import cachingUnhashableArguments from "./caching/unhashable-arguments.js";
import cachingUnmemoizedRecursion from "./caching/unmemoized-recursion.js";
import classesAttributeBeforeInit from "./classes/attribute-before-init.js";
import classesDescriptorWithoutGuard from "./classes/descriptor-without-guard.js";
import classesDescriptorWithoutSetName from "./classes/descriptor-without-set-name.js";
import classesDictAsRecord from "./classes/dict-as-record.js";
import classesEqWithoutHash from "./classes/eq-without-hash.js";
import classesHandWrittenRecord from "./classes/hand-written-record.js";
import classesInheritedSingleton from "./classes/inherited-singleton.js";
import classesLiveObserverList from "./classes/live-observer-list.js";
import classesMissingRepr from "./classes/missing-repr.js";
import classesNeedlessMetaclass from "./classes/needless-metaclass.js";
import classesSelfRecursiveGetattr from "./classes/self-recursive-getattr.js";
import classesSingletonDroppingArguments from "./classes/singleton-dropping-arguments.js";
import classesStrongObserverReferences from "./classes/strong-observer-references.js";
import classesUncheckedOperand from "./classes/unchecked-operand.js";
import classesUnenforcedInterface from "./classes/unenforced-interface.js";
import classesUnlockedSingleton from "./classes/unlocked-singleton.js";
import classesUnprotectedReadonlyDescriptor from "./classes/unprotected-readonly-descriptor.js";
import collectionsCountInLoop from "./collections/count-in-loop.js";
import collectionsIndexInLoop from "./collections/index-in-loop.js";
import collectionsKeysAsList from "./collections/keys-as-list.js";
import collectionsListAsQueue from "./collections/list-as-queue.js";
import collectionsListMembershipInLoop from "./collections/list-membership-in-loop.js";
import collectionsManualCounter from "./collections/manual-counter.js";
import collectionsMembershipInFreshList from "./collections/membership-in-fresh-list.js";
import collectionsPopThenInsert from "./collections/pop-then-insert.js";
import collectionsRemoveIfPresent from "./collections/remove-if-present.js";
import collectionsRepeatedListConcat from "./collections/repeated-list-concat.js";
import collectionsSetUpdateLoop from "./collections/set-update-loop.js";
import collectionsTupleWithoutComma from "./collections/tuple-without-comma.js";
import collectionsUnorderedResult from "./collections/unordered-result.js";
import concurrencyCpuWorkInThreads from "./concurrency/cpu-work-in-threads.js";
import concurrencyForkAfterThreads from "./concurrency/fork-after-threads.js";
import concurrencyFreshThreadLocal from "./concurrency/fresh-thread-local.js";
import concurrencyIoWorkInProcesses from "./concurrency/io-work-in-processes.js";
import concurrencyLargeTaskArgument from "./concurrency/large-task-argument.js";
import concurrencyMainOnlyGlobal from "./concurrency/main-only-global.js";
import concurrencyManualThreadList from "./concurrency/manual-thread-list.js";
import concurrencyMissingMainGuard from "./concurrency/missing-main-guard.js";
import concurrencyMissingTaskDone from "./concurrency/missing-task-done.js";
import concurrencyPoolInLoop from "./concurrency/pool-in-loop.js";
import concurrencyRequestWithoutTimeout from "./concurrency/request-without-timeout.js";
import concurrencySequentialRequests from "./concurrency/sequential-requests.js";
import concurrencySessionPerRequest from "./concurrency/session-per-request.js";
import concurrencySharedStateInHandler from "./concurrency/shared-state-in-handler.js";
import concurrencySingleRecv from "./concurrency/single-recv.js";
import concurrencyTinyTasksWithoutChunksize from "./concurrency/tiny-tasks-without-chunksize.js";
import concurrencyUnlockedSharedState from "./concurrency/unlocked-shared-state.js";
import concurrencyUnpicklableTask from "./concurrency/unpicklable-task.js";
import concurrencyUnreadPoolResult from "./concurrency/unread-pool-result.js";
import concurrencyWriteWithoutItsLock from "./concurrency/write-without-its-lock.js";
import daskComputeInLoop from "./dask/compute-in-loop.js";
import decoratorsDroppedKwargs from "./decorators/dropped-kwargs.js";
import decoratorsDroppedResult from "./decorators/dropped-result.js";
import decoratorsFirstArgumentAssumed from "./decorators/first-argument-assumed.js";
import decoratorsMissingWraps from "./decorators/missing-wraps.js";
import decoratorsSyncWrapperOnAsync from "./decorators/sync-wrapper-on-async.js";
import dynamicEvalOrExec from "./dynamic/eval-or-exec.js";
import dynamicFakeSandbox from "./dynamic/fake-sandbox.js";
import dynamicHasattrThenGetattr from "./dynamic/hasattr-then-getattr.js";
import dynamicTypeEquality from "./dynamic/type-equality.js";
import dynamicUnsafeYamlLoad from "./dynamic/unsafe-yaml-load.js";
import dynamicUntrustedPickle from "./dynamic/untrusted-pickle.js";
import errorsBareExcept from "./errors/bare-except.js";
import errorsFailureAsEmptyResult from "./errors/failure-as-empty-result.js";
import errorsFailureExitsZero from "./errors/failure-exits-zero.js";
import errorsFailureSentAsSuccess from "./errors/failure-sent-as-success.js";
import errorsForeignException from "./errors/foreign-exception.js";
import errorsIgnoredExitStatus from "./errors/ignored-exit-status.js";
import errorsLeftoverBreakpoint from "./errors/leftover-breakpoint.js";
import errorsLostTraceback from "./errors/lost-traceback.js";
import errorsReturnInFinally from "./errors/return-in-finally.js";
import errorsSilencedWarnings from "./errors/silenced-warnings.js";
import errorsSilentBroadExcept from "./errors/silent-broad-except.js";
import errorsUncheckedImage from "./errors/unchecked-image.js";
import errorsUncheckedResponse from "./errors/unchecked-response.js";
import errorsUnreadableThenOverwritten from "./errors/unreadable-then-overwritten.js";
import generatorsAccumulatorReturned from "./generators/accumulator-returned.js";
import generatorsExhaustedGenerator from "./generators/exhausted-generator.js";
import generatorsListBuiltToBeConsumed from "./generators/list-built-to-be-consumed.js";
import generatorsListIteratedOnce from "./generators/list-iterated-once.js";
import generatorsManualBatching from "./generators/manual-batching.js";
import generatorsNextMethod from "./generators/next-method.js";
import generatorsSingleUseIterator from "./generators/single-use-iterator.js";
import generatorsSwallowedErrors from "./generators/swallowed-errors.js";
import generatorsWholeFileRead from "./generators/whole-file-read.js";
import iterationAppendInLoop from "./iteration/append-in-loop.js";
import iterationLambdaAroundCall from "./iteration/lambda-around-call.js";
import iterationLoopInvariantExpression from "./iteration/loop-invariant-expression.js";
import iterationManualReduction from "./iteration/manual-reduction.js";
import iterationMapFilterLambda from "./iteration/map-filter-lambda.js";
import iterationRangeLen from "./iteration/range-len.js";
import iterationRepeatedPureCall from "./iteration/repeated-pure-call.js";
import iterationSumAsAny from "./iteration/sum-as-any.js";
import llmCacheHostilePrompt from "./llm/cache-hostile-prompt.js";
import llmCallWithoutTimeout from "./llm/call-without-timeout.js";
import llmClientPerCall from "./llm/client-per-call.js";
import llmClientPerInvocation from "./llm/client-per-invocation.js";
import llmEvalInTool from "./llm/eval-in-tool.js";
import llmHistoryWithoutBound from "./llm/history-without-bound.js";
import llmLegacyLangchainImport from "./llm/legacy-langchain-import.js";
import llmMaxLengthAsAnswerLength from "./llm/max-length-as-answer-length.js";
import llmMissingAttentionMask from "./llm/missing-attention-mask.js";
import llmModelLoadedPerCall from "./llm/model-loaded-per-call.js";
import llmPerItemEmbedding from "./llm/per-item-embedding.js";
import llmPipelinePerItem from "./llm/pipeline-per-item.js";
import llmRemovedName from "./llm/removed-name.js";
import llmSequentialInvoke from "./llm/sequential-invoke.js";
import llmTrustRemoteCode from "./llm/trust-remote-code.js";
import llmUnbatchedDatasetMap from "./llm/unbatched-dataset-map.js";
import llmUncappedAgentLoop from "./llm/uncapped-agent-loop.js";
import llmUndocumentedTool from "./llm/undocumented-tool.js";
import loggingBasicconfigInLibrary from "./logging/basicconfig-in-library.js";
import loggingCostlyArgument from "./logging/costly-argument.js";
import loggingDisabledExistingLoggers from "./logging/disabled-existing-loggers.js";
import loggingEagerFormat from "./logging/eager-format.js";
import loggingPrintInLibrary from "./logging/print-in-library.js";
import matplotlibPyplotInServer from "./matplotlib/pyplot-in-server.js";
import matplotlibRemovedName from "./matplotlib/removed-name.js";
import matplotlibUnclosedFigure from "./matplotlib/unclosed-figure.js";
import memoryConflictingSlotBases from "./memory/conflicting-slot-bases.js";
import memoryDataclassWithoutSlots from "./memory/dataclass-without-slots.js";
import memoryGcCollectInLoop from "./memory/gc-collect-in-loop.js";
import memoryGcNeverReenabled from "./memory/gc-never-reenabled.js";
import memoryGetsizeofAsDeepSize from "./memory/getsizeof-as-deep-size.js";
import memoryLargeValueKeptAlive from "./memory/large-value-kept-alive.js";
import memoryListOfNumbers from "./memory/list-of-numbers.js";
import memoryMissingSlots from "./memory/missing-slots.js";
import memoryRepeatedParentSlot from "./memory/repeated-parent-slot.js";
import memorySlotWithClassDefault from "./memory/slot-with-class-default.js";
import memorySlotsUnderPlainBase from "./memory/slots-under-plain-base.js";
import memorySlotsWithoutNeededSlot from "./memory/slots-without-needed-slot.js";
import memoryStrongParentReference from "./memory/strong-parent-reference.js";
import memorySubclassWithoutSlots from "./memory/subclass-without-slots.js";
import memoryUndeclaredSlotAttribute from "./memory/undeclared-slot-attribute.js";
import memoryWideDtype from "./memory/wide-dtype.js";
import numbaCompileTimeInTiming from "./numba/compile-time-in-timing.js";
import numbaJitInFunction from "./numba/jit-in-function.js";
import numbaKernelWithoutLaunchConfig from "./numba/kernel-without-launch-config.js";
import numbaMissingDiskCache from "./numba/missing-disk-cache.js";
import numbaObjectMode from "./numba/object-mode.js";
import numbaParallelWithoutPrange from "./numba/parallel-without-prange.js";
import numbaPrangeRace from "./numba/prange-race.js";
import numbaRedundantNopython from "./numba/redundant-nopython.js";
import numbaReflectedList from "./numba/reflected-list.js";
import numbaUncompiledNumericLoop from "./numba/uncompiled-numeric-loop.js";
import numbaUnguardedCudaIndex from "./numba/unguarded-cuda-index.js";
import numbaUnsupportedConstruct from "./numba/unsupported-construct.js";
import numbaVectorizeWithoutSignature from "./numba/vectorize-without-signature.js";
import numpyAppendInLoop from "./numpy/append-in-loop.js";
import numpyArrayOfGenerator from "./numpy/array-of-generator.js";
import numpyAsStrided from "./numpy/as-strided.js";
import numpyCallableMetric from "./numpy/callable-metric.js";
import numpyChoiceOfBooleans from "./numpy/choice-of-booleans.js";
import numpyColumnIteration from "./numpy/column-iteration.js";
import numpyComprehensionOverArray from "./numpy/comprehension-over-array.js";
import numpyCopyingFlatten from "./numpy/copying-flatten.js";
import numpyCumulativeLoop from "./numpy/cumulative-loop.js";
import numpyDenseMeshgrid from "./numpy/dense-meshgrid.js";
import numpyDiagonalOfProduct from "./numpy/diagonal-of-product.js";
import numpyEinsumAsMatmul from "./numpy/einsum-as-matmul.js";
import numpyElementwiseLoop from "./numpy/elementwise-loop.js";
import numpyFractionAsPercentile from "./numpy/fraction-as-percentile.js";
import numpyHotTemporaries from "./numpy/hot-temporaries.js";
import numpyIndexAfterProduct from "./numpy/index-after-product.js";
import numpyInverseForSolve from "./numpy/inverse-for-solve.js";
import numpyLegacyRandom from "./numpy/legacy-random.js";
import numpyLengthOfWhere from "./numpy/length-of-where.js";
import numpyListRepeatedIntoArray from "./numpy/list-repeated-into-array.js";
import numpyMutatedView from "./numpy/mutated-view.js";
import numpyNanInSet from "./numpy/nan-in-set.js";
import numpyNarrowAccumulator from "./numpy/narrow-accumulator.js";
import numpyNeedlessCopy from "./numpy/needless-copy.js";
import numpyObjectDtype from "./numpy/object-dtype.js";
import numpyPairwiseLoop from "./numpy/pairwise-loop.js";
import numpyProductOrder from "./numpy/product-order.js";
import numpyPythonBuiltinOnArray from "./numpy/python-builtin-on-array.js";
import numpyRandomPerItem from "./numpy/random-per-item.js";
import numpyRemovedName from "./numpy/removed-name.js";
import numpyRemovedScipyName from "./numpy/removed-scipy-name.js";
import numpyRepeatedQuantile from "./numpy/repeated-quantile.js";
import numpyRepeatedReduction from "./numpy/repeated-reduction.js";
import numpyScalarFactors from "./numpy/scalar-factors.js";
import numpySmallSequenceReduction from "./numpy/small-sequence-reduction.js";
import numpySortForSmallest from "./numpy/sort-for-smallest.js";
import numpyTileInsteadOfBroadcast from "./numpy/tile-instead-of-broadcast.js";
import numpyUfuncOnScalar from "./numpy/ufunc-on-scalar.js";
import numpyUnguardedNormalization from "./numpy/unguarded-normalization.js";
import numpyUnstableLogarithm from "./numpy/unstable-logarithm.js";
import numpyVectorizeForSpeed from "./numpy/vectorize-for-speed.js";
import packagingMissingDunderAll from "./packaging/missing-dunder-all.js";
import packagingSetupPyMetadata from "./packaging/setup-py-metadata.js";
import packagingStandardLibraryRequirement from "./packaging/standard-library-requirement.js";
import packagingWrongDistribution from "./packaging/wrong-distribution.js";
import pandasApplyArithmetic from "./pandas/apply-arithmetic.js";
import pandasApplyAxis1 from "./pandas/apply-axis-1.js";
import pandasApplyCondition from "./pandas/apply-condition.js";
import pandasApplyDatetimeField from "./pandas/apply-datetime-field.js";
import pandasApplyLookup from "./pandas/apply-lookup.js";
import pandasApplyStringMethod from "./pandas/apply-string-method.js";
import pandasAssignmentInRowLoop from "./pandas/assignment-in-row-loop.js";
import pandasChainedAssignment from "./pandas/chained-assignment.js";
import pandasChainedInplace from "./pandas/chained-inplace.js";
import pandasColumnOfDictsLoop from "./pandas/column-of-dicts-loop.js";
import pandasConcatInLoop from "./pandas/concat-in-loop.js";
import pandasCrossJoinInLists from "./pandas/cross-join-in-lists.js";
import pandasCsvAsIntermediate from "./pandas/csv-as-intermediate.js";
import pandasDatetimePerElement from "./pandas/datetime-per-element.js";
import pandasFilterPerKey from "./pandas/filter-per-key.js";
import pandasFragmentedFrame from "./pandas/fragmented-frame.js";
import pandasGetGroupInLoop from "./pandas/get-group-in-loop.js";
import pandasGroupbyLambda from "./pandas/groupby-lambda.js";
import pandasIterrows from "./pandas/iterrows.js";
import pandasLateFilter from "./pandas/late-filter.js";
import pandasLateSelection from "./pandas/late-selection.js";
import pandasLengthOfFilter from "./pandas/length-of-filter.js";
import pandasNeedlessCopy from "./pandas/needless-copy.js";
import pandasQueryFstring from "./pandas/query-fstring.js";
import pandasRemovedName from "./pandas/removed-name.js";
import pandasRepeatedFilter from "./pandas/repeated-filter.js";
import pandasRollingByHand from "./pandas/rolling-by-hand.js";
import pandasRowAppendedByLoc from "./pandas/row-appended-by-loc.js";
import pandasScalarLocAccess from "./pandas/scalar-loc-access.js";
import pandasSortForExtreme from "./pandas/sort-for-extreme.js";
import pandasUnusedColumnsRead from "./pandas/unused-columns-read.js";
import pandasValuesAttribute from "./pandas/values-attribute.js";
import pandasWholeCsvRead from "./pandas/whole-csv-read.js";
import pandasWideNumericColumn from "./pandas/wide-numeric-column.js";
import polarsCollectInLoop from "./polars/collect-in-loop.js";
import polarsEagerScan from "./polars/eager-scan.js";
import polarsPythonFunction from "./polars/python-function.js";
import profilingLeftoverProfileDecorator from "./profiling/leftover-profile-decorator.js";
import profilingManualTimingBlock from "./profiling/manual-timing-block.js";
import profilingWallClockDuration from "./profiling/wall-clock-duration.js";
import pysparkCollectInLoop from "./pyspark/collect-in-loop.js";
import pysparkPythonUdf from "./pyspark/python-udf.js";
import pysparkRecomputedPlan from "./pyspark/recomputed-plan.js";
import pysparkWithColumnInLoop from "./pyspark/with-column-in-loop.js";
import pytorchAnomalyModeLeftOn from "./pytorch/anomaly-mode-left-on.js";
import pytorchAttentionByHand from "./pytorch/attention-by-hand.js";
import pytorchBlockingTransfer from "./pytorch/blocking-transfer.js";
import pytorchCatInLoop from "./pytorch/cat-in-loop.js";
import pytorchCompileInLoop from "./pytorch/compile-in-loop.js";
import pytorchConstantPerForward from "./pytorch/constant-per-forward.js";
import pytorchCreateThenMove from "./pytorch/create-then-move.js";
import pytorchDataParallel from "./pytorch/data-parallel.js";
import pytorchDefaultMatmulPrecision from "./pytorch/default-matmul-precision.js";
import pytorchEmptyCacheInLoop from "./pytorch/empty-cache-in-loop.js";
import pytorchForwardCall from "./pytorch/forward-call.js";
import pytorchGradNormByHand from "./pytorch/grad-norm-by-hand.js";
import pytorchGraphBreak from "./pytorch/graph-break.js";
import pytorchGuardedCompileCall from "./pytorch/guarded-compile-call.js";
import pytorchHardcodedDevice from "./pytorch/hardcoded-device.js";
import pytorchHiddenSync from "./pytorch/hidden-sync.js";
import pytorchHostRoundTrip from "./pytorch/host-round-trip.js";
import pytorchInferenceWithGradients from "./pytorch/inference-with-gradients.js";
import pytorchIoInGetitem from "./pytorch/io-in-getitem.js";
import pytorchLegacyAmp from "./pytorch/legacy-amp.js";
import pytorchLoaderOptionsWithoutWorkers from "./pytorch/loader-options-without-workers.js";
import pytorchMissingAmp from "./pytorch/missing-amp.js";
import pytorchMissingSetEpoch from "./pytorch/missing-set-epoch.js";
import pytorchMissingSuperInit from "./pytorch/missing-super-init.js";
import pytorchMissingZeroGrad from "./pytorch/missing-zero-grad.js";
import pytorchModeAfterLoad from "./pytorch/mode-after-load.js";
import pytorchNoGradForInference from "./pytorch/no-grad-for-inference.js";
import pytorchNumpyRandomIntoTensor from "./pytorch/numpy-random-into-tensor.js";
import pytorchProfilerWithoutStep from "./pytorch/profiler-without-step.js";
import pytorchPythonBuiltinOnTensor from "./pytorch/python-builtin-on-tensor.js";
import pytorchRemovedName from "./pytorch/removed-name.js";
import pytorchRetainedGraph from "./pytorch/retained-graph.js";
import pytorchSharedLayer from "./pytorch/shared-layer.js";
import pytorchSingleProcessLoading from "./pytorch/single-process-loading.js";
import pytorchSoftmaxBeforeLoss from "./pytorch/softmax-before-loss.js";
import pytorchStateDictInLoop from "./pytorch/state-dict-in-loop.js";
import pytorchSyncInLoop from "./pytorch/sync-in-loop.js";
import pytorchTopkBySort from "./pytorch/topk-by-sort.js";
import pytorchTorchscript from "./pytorch/torchscript.js";
import pytorchUncompiledModel from "./pytorch/uncompiled-model.js";
import pytorchUnpinnedLoader from "./pytorch/unpinned-loader.js";
import pytorchUnsafeLoad from "./pytorch/unsafe-load.js";
import pytorchUnstableLogProbability from "./pytorch/unstable-log-probability.js";
import resourcesCommitPerRow from "./resources/commit-per-row.js";
import resourcesContextmanagerWithoutFinally from "./resources/contextmanager-without-finally.js";
import resourcesDelAsCleanup from "./resources/del-as-cleanup.js";
import resourcesExecuteInLoop from "./resources/execute-in-loop.js";
import resourcesFetchallThenIterate from "./resources/fetchall-then-iterate.js";
import resourcesHeldOverSlowCall from "./resources/held-over-slow-call.js";
import resourcesManualLock from "./resources/manual-lock.js";
import resourcesManualTempdir from "./resources/manual-tempdir.js";
import resourcesNestedWith from "./resources/nested-with.js";
import resourcesNonAtomicCacheWrite from "./resources/non-atomic-cache-write.js";
import resourcesOpenWithoutEncoding from "./resources/open-without-encoding.js";
import resourcesQueryInLoop from "./resources/query-in-loop.js";
import resourcesRewrittenFilePerEvent from "./resources/rewritten-file-per-event.js";
import resourcesSessionNotRolledBack from "./resources/session-not-rolled-back.js";
import resourcesSlotNotReleased from "./resources/slot-not-released.js";
import resourcesSwallowingExit from "./resources/swallowing-exit.js";
import resourcesUnmanagedResource from "./resources/unmanaged-resource.js";
import resourcesUnorderedListing from "./resources/unordered-listing.js";
import resourcesUnrestoredValue from "./resources/unrestored-value.js";
import runtimeAssertForValidation from "./runtime/assert-for-validation.js";
import runtimeBoolFromText from "./runtime/bool-from-text.js";
import runtimeCallInDefault from "./runtime/call-in-default.js";
import runtimeCtypesWithoutSignature from "./runtime/ctypes-without-signature.js";
import runtimeDiscardedResult from "./runtime/discarded-result.js";
import runtimeHeavyImport from "./runtime/heavy-import.js";
import runtimeInspectStack from "./runtime/inspect-stack.js";
import runtimeIsWithLiteral from "./runtime/is-with-literal.js";
import runtimeKeptByReference from "./runtime/kept-by-reference.js";
import runtimeLateEnvironment from "./runtime/late-environment.js";
import runtimeLoopVariableClosure from "./runtime/loop-variable-closure.js";
import runtimeMutableDefault from "./runtime/mutable-default.js";
import runtimeNaiveUtcNow from "./runtime/naive-utc-now.js";
import runtimeNoneCheckAfterUse from "./runtime/none-check-after-use.js";
import runtimeRemovedModule from "./runtime/removed-module.js";
import runtimeShadowedBuiltin from "./runtime/shadowed-builtin.js";
import runtimeUnboundAfterBranches from "./runtime/unbound-after-branches.js";
import runtimeUncalledMethod from "./runtime/uncalled-method.js";
import runtimeWorkAtImport from "./runtime/work-at-import.js";
import sklearnCallableMetric from "./sklearn/callable-metric.js";
import sklearnDensifiedMatrix from "./sklearn/densified-matrix.js";
import sklearnEarlyStoppingOnTest from "./sklearn/early-stopping-on-test.js";
import sklearnFitBeforeSplit from "./sklearn/fit-before-split.js";
import sklearnFitOnTest from "./sklearn/fit-on-test.js";
import sklearnPredictPerRow from "./sklearn/predict-per-row.js";
import sklearnRemovedName from "./sklearn/removed-name.js";
import sklearnSingleJob from "./sklearn/single-job.js";
import sklearnUnseededSplit from "./sklearn/unseeded-split.js";
import stringsAnyAffix from "./strings/any-affix.js";
import stringsCharacterLoop from "./strings/character-loop.js";
import stringsConcatInLoop from "./strings/concat-in-loop.js";
import stringsFindallOnlyIterated from "./strings/findall-only-iterated.js";
import stringsFlagsAsCount from "./strings/flags-as-count.js";
import stringsFstringWithoutPlaceholder from "./strings/fstring-without-placeholder.js";
import stringsMatchOnSlice from "./strings/match-on-slice.js";
import stringsNeedlessRegex from "./strings/needless-regex.js";
import stringsRegexInLoop from "./strings/regex-in-loop.js";
import stringsRegexNotRaw from "./strings/regex-not-raw.js";
import stringsSplitForOnePart from "./strings/split-for-one-part.js";
import stringsSuperLinearRegex from "./strings/super-linear-regex.js";
import stringsUnicodeDigit from "./strings/unicode-digit.js";
import tensorflowEagerModeLeftOn from "./tensorflow/eager-mode-left-on.js";
import tensorflowEagerTrainStep from "./tensorflow/eager-train-step.js";
import tensorflowLegacyLossScale from "./tensorflow/legacy-loss-scale.js";
import tensorflowMissingPrefetch from "./tensorflow/missing-prefetch.js";
import tensorflowMixedKerasPackages from "./tensorflow/mixed-keras-packages.js";
import tensorflowPipelineOrder from "./tensorflow/pipeline-order.js";
import tensorflowPredictInLoop from "./tensorflow/predict-in-loop.js";
import tensorflowPrintInFunction from "./tensorflow/print-in-function.js";
import tensorflowPythonFunctionInMap from "./tensorflow/python-function-in-map.js";
import tensorflowRemovedName from "./tensorflow/removed-name.js";
import tensorflowRetracing from "./tensorflow/retracing.js";
import tensorflowSequentialMap from "./tensorflow/sequential-map.js";
import tensorflowSideEffectInFunction from "./tensorflow/side-effect-in-function.js";
import tensorflowUnscaledMixedPrecision from "./tensorflow/unscaled-mixed-precision.js";
import testingDuplicateTests from "./testing/duplicate-tests.js";
import testingFloatEquality from "./testing/float-equality.js";
import testingIgnoredPytestSection from "./testing/ignored-pytest-section.js";
import testingTestWithoutAssert from "./testing/test-without-assert.js";
import testingUnittestStyleAssert from "./testing/unittest-style-assert.js";
import testingUnseededRandom from "./testing/unseeded-random.js";
import typingEveryMissingImportIgnored from "./typing/every-missing-import-ignored.js";
import typingLegacyAlias from "./typing/legacy-alias.js";
import typingLegacyTypeAlias from "./typing/legacy-type-alias.js";
import typingLegacyUnion from "./typing/legacy-union.js";
import typingMissingAnnotations from "./typing/missing-annotations.js";
import typingRuntimeCastInLoop from "./typing/runtime-cast-in-loop.js";
import { gains } from "./gains.generated.js";

export const rules: readonly Rule[] = [
  nameRule("algorithms/deepcopy-of-flat-data", algorithmsDeepcopyOfFlatData, gains["algorithms/deepcopy-of-flat-data"]),
  nameRule("algorithms/linear-recursion", algorithmsLinearRecursion, gains["algorithms/linear-recursion"]),
  nameRule("algorithms/modular-power", algorithmsModularPower, gains["algorithms/modular-power"]),
  nameRule("algorithms/nested-loop-join", algorithmsNestedLoopJoin, gains["algorithms/nested-loop-join"]),
  nameRule("algorithms/quadratic-loop", algorithmsQuadraticLoop, gains["algorithms/quadratic-loop"]),
  nameRule("algorithms/sort-for-extreme", algorithmsSortForExtreme, gains["algorithms/sort-for-extreme"]),
  nameRule("architecture/complex-function", architectureComplexFunction, gains["architecture/complex-function"]),
  nameRule("architecture/dispatch-chain", architectureDispatchChain, gains["architecture/dispatch-chain"]),
  nameRule("architecture/factory-returning-none", architectureFactoryReturningNone, gains["architecture/factory-returning-none"]),
  nameRule("architecture/hardcoded-hyperparameter", architectureHardcodedHyperparameter, gains["architecture/hardcoded-hyperparameter"]),
  nameRule("architecture/hardcoded-path", architectureHardcodedPath, gains["architecture/hardcoded-path"]),
  nameRule("architecture/large-class", architectureLargeClass, gains["architecture/large-class"]),
  nameRule("architecture/per-item-predict", architecturePerItemPredict, gains["architecture/per-item-predict"]),
  nameRule("architecture/pydantic-v1", architecturePydanticV1, gains["architecture/pydantic-v1"]),
  nameRule("architecture/untyped-endpoint", architectureUntypedEndpoint, gains["architecture/untyped-endpoint"]),
  nameRule("asyncio/blocking-call", asyncioBlockingCall, gains["asyncio/blocking-call"]),
  nameRule("asyncio/client-per-call", asyncioClientPerCall, gains["asyncio/client-per-call"]),
  nameRule("asyncio/cpu-work", asyncioCpuWork, gains["asyncio/cpu-work"]),
  nameRule("asyncio/dangling-task", asyncioDanglingTask, gains["asyncio/dangling-task"]),
  nameRule("asyncio/dying-background-loop", asyncioDyingBackgroundLoop, gains["asyncio/dying-background-loop"]),
  nameRule("asyncio/gather-without-error-policy", asyncioGatherWithoutErrorPolicy, gains["asyncio/gather-without-error-policy"]),
  nameRule("asyncio/generator-coroutine", asyncioGeneratorCoroutine, gains["asyncio/generator-coroutine"]),
  nameRule("asyncio/get-event-loop", asyncioGetEventLoop, gains["asyncio/get-event-loop"]),
  nameRule("asyncio/heavy-call-in-coroutine", asyncioHeavyCallInCoroutine, gains["asyncio/heavy-call-in-coroutine"]),
  nameRule("asyncio/legacy-timeout", asyncioLegacyTimeout, gains["asyncio/legacy-timeout"]),
  nameRule("asyncio/lock-over-slow-await", asyncioLockOverSlowAwait, gains["asyncio/lock-over-slow-await"]),
  nameRule("asyncio/manual-event-loop", asyncioManualEventLoop, gains["asyncio/manual-event-loop"]),
  nameRule("asyncio/missing-async-with", asyncioMissingAsyncWith, gains["asyncio/missing-async-with"]),
  nameRule("asyncio/missing-await", asyncioMissingAwait, gains["asyncio/missing-await"]),
  nameRule("asyncio/polling-loop", asyncioPollingLoop, gains["asyncio/polling-loop"]),
  nameRule("asyncio/result-before-done", asyncioResultBeforeDone, gains["asyncio/result-before-done"]),
  nameRule("asyncio/sequential-awaits", asyncioSequentialAwaits, gains["asyncio/sequential-awaits"]),
  nameRule("asyncio/swallowed-cancellation", asyncioSwallowedCancellation, gains["asyncio/swallowed-cancellation"]),
  nameRule("asyncio/sync-client", asyncioSyncClient, gains["asyncio/sync-client"]),
  nameRule("asyncio/unbounded-gather", asyncioUnboundedGather, gains["asyncio/unbounded-gather"]),
  nameRule("asyncio/unclosed-executor", asyncioUnclosedExecutor, gains["asyncio/unclosed-executor"]),
  nameRule("asyncio/wait-on-coroutines", asyncioWaitOnCoroutines, gains["asyncio/wait-on-coroutines"]),
  nameRule("caching/cached-coroutine", cachingCachedCoroutine, gains["caching/cached-coroutine"]),
  nameRule("caching/cached-failure", cachingCachedFailure, gains["caching/cached-failure"]),
  nameRule("caching/cached-method", cachingCachedMethod, gains["caching/cached-method"]),
  nameRule("caching/compile-in-loop", cachingCompileInLoop, gains["caching/compile-in-loop"]),
  nameRule("caching/ever-growing-dict", cachingEverGrowingDict, gains["caching/ever-growing-dict"]),
  nameRule("caching/impure-cached-function", cachingImpureCachedFunction, gains["caching/impure-cached-function"]),
  nameRule("caching/manual-memo-dict", cachingManualMemoDict, gains["caching/manual-memo-dict"]),
  nameRule("caching/recomputed-property", cachingRecomputedProperty, gains["caching/recomputed-property"]),
  nameRule("caching/unbounded-cache", cachingUnboundedCache, gains["caching/unbounded-cache"]),
  nameRule("caching/uncached-streamlit-load", cachingUncachedStreamlitLoad, gains["caching/uncached-streamlit-load"]),
  nameRule("caching/unhashable-arguments", cachingUnhashableArguments, gains["caching/unhashable-arguments"]),
  nameRule("caching/unmemoized-recursion", cachingUnmemoizedRecursion, gains["caching/unmemoized-recursion"]),
  nameRule("classes/attribute-before-init", classesAttributeBeforeInit, gains["classes/attribute-before-init"]),
  nameRule("classes/descriptor-without-guard", classesDescriptorWithoutGuard, gains["classes/descriptor-without-guard"]),
  nameRule("classes/descriptor-without-set-name", classesDescriptorWithoutSetName, gains["classes/descriptor-without-set-name"]),
  nameRule("classes/dict-as-record", classesDictAsRecord, gains["classes/dict-as-record"]),
  nameRule("classes/eq-without-hash", classesEqWithoutHash, gains["classes/eq-without-hash"]),
  nameRule("classes/hand-written-record", classesHandWrittenRecord, gains["classes/hand-written-record"]),
  nameRule("classes/inherited-singleton", classesInheritedSingleton, gains["classes/inherited-singleton"]),
  nameRule("classes/live-observer-list", classesLiveObserverList, gains["classes/live-observer-list"]),
  nameRule("classes/missing-repr", classesMissingRepr, gains["classes/missing-repr"]),
  nameRule("classes/needless-metaclass", classesNeedlessMetaclass, gains["classes/needless-metaclass"]),
  nameRule("classes/self-recursive-getattr", classesSelfRecursiveGetattr, gains["classes/self-recursive-getattr"]),
  nameRule("classes/singleton-dropping-arguments", classesSingletonDroppingArguments, gains["classes/singleton-dropping-arguments"]),
  nameRule("classes/strong-observer-references", classesStrongObserverReferences, gains["classes/strong-observer-references"]),
  nameRule("classes/unchecked-operand", classesUncheckedOperand, gains["classes/unchecked-operand"]),
  nameRule("classes/unenforced-interface", classesUnenforcedInterface, gains["classes/unenforced-interface"]),
  nameRule("classes/unlocked-singleton", classesUnlockedSingleton, gains["classes/unlocked-singleton"]),
  nameRule("classes/unprotected-readonly-descriptor", classesUnprotectedReadonlyDescriptor, gains["classes/unprotected-readonly-descriptor"]),
  nameRule("collections/count-in-loop", collectionsCountInLoop, gains["collections/count-in-loop"]),
  nameRule("collections/index-in-loop", collectionsIndexInLoop, gains["collections/index-in-loop"]),
  nameRule("collections/keys-as-list", collectionsKeysAsList, gains["collections/keys-as-list"]),
  nameRule("collections/list-as-queue", collectionsListAsQueue, gains["collections/list-as-queue"]),
  nameRule("collections/list-membership-in-loop", collectionsListMembershipInLoop, gains["collections/list-membership-in-loop"]),
  nameRule("collections/manual-counter", collectionsManualCounter, gains["collections/manual-counter"]),
  nameRule("collections/membership-in-fresh-list", collectionsMembershipInFreshList, gains["collections/membership-in-fresh-list"]),
  nameRule("collections/pop-then-insert", collectionsPopThenInsert, gains["collections/pop-then-insert"]),
  nameRule("collections/remove-if-present", collectionsRemoveIfPresent, gains["collections/remove-if-present"]),
  nameRule("collections/repeated-list-concat", collectionsRepeatedListConcat, gains["collections/repeated-list-concat"]),
  nameRule("collections/set-update-loop", collectionsSetUpdateLoop, gains["collections/set-update-loop"]),
  nameRule("collections/tuple-without-comma", collectionsTupleWithoutComma, gains["collections/tuple-without-comma"]),
  nameRule("collections/unordered-result", collectionsUnorderedResult, gains["collections/unordered-result"]),
  nameRule("concurrency/cpu-work-in-threads", concurrencyCpuWorkInThreads, gains["concurrency/cpu-work-in-threads"]),
  nameRule("concurrency/fork-after-threads", concurrencyForkAfterThreads, gains["concurrency/fork-after-threads"]),
  nameRule("concurrency/fresh-thread-local", concurrencyFreshThreadLocal, gains["concurrency/fresh-thread-local"]),
  nameRule("concurrency/io-work-in-processes", concurrencyIoWorkInProcesses, gains["concurrency/io-work-in-processes"]),
  nameRule("concurrency/large-task-argument", concurrencyLargeTaskArgument, gains["concurrency/large-task-argument"]),
  nameRule("concurrency/main-only-global", concurrencyMainOnlyGlobal, gains["concurrency/main-only-global"]),
  nameRule("concurrency/manual-thread-list", concurrencyManualThreadList, gains["concurrency/manual-thread-list"]),
  nameRule("concurrency/missing-main-guard", concurrencyMissingMainGuard, gains["concurrency/missing-main-guard"]),
  nameRule("concurrency/missing-task-done", concurrencyMissingTaskDone, gains["concurrency/missing-task-done"]),
  nameRule("concurrency/pool-in-loop", concurrencyPoolInLoop, gains["concurrency/pool-in-loop"]),
  nameRule("concurrency/request-without-timeout", concurrencyRequestWithoutTimeout, gains["concurrency/request-without-timeout"]),
  nameRule("concurrency/sequential-requests", concurrencySequentialRequests, gains["concurrency/sequential-requests"]),
  nameRule("concurrency/session-per-request", concurrencySessionPerRequest, gains["concurrency/session-per-request"]),
  nameRule("concurrency/shared-state-in-handler", concurrencySharedStateInHandler, gains["concurrency/shared-state-in-handler"]),
  nameRule("concurrency/single-recv", concurrencySingleRecv, gains["concurrency/single-recv"]),
  nameRule("concurrency/tiny-tasks-without-chunksize", concurrencyTinyTasksWithoutChunksize, gains["concurrency/tiny-tasks-without-chunksize"]),
  nameRule("concurrency/unlocked-shared-state", concurrencyUnlockedSharedState, gains["concurrency/unlocked-shared-state"]),
  nameRule("concurrency/unpicklable-task", concurrencyUnpicklableTask, gains["concurrency/unpicklable-task"]),
  nameRule("concurrency/unread-pool-result", concurrencyUnreadPoolResult, gains["concurrency/unread-pool-result"]),
  nameRule("concurrency/write-without-its-lock", concurrencyWriteWithoutItsLock, gains["concurrency/write-without-its-lock"]),
  nameRule("dask/compute-in-loop", daskComputeInLoop, gains["dask/compute-in-loop"]),
  nameRule("decorators/dropped-kwargs", decoratorsDroppedKwargs, gains["decorators/dropped-kwargs"]),
  nameRule("decorators/dropped-result", decoratorsDroppedResult, gains["decorators/dropped-result"]),
  nameRule("decorators/first-argument-assumed", decoratorsFirstArgumentAssumed, gains["decorators/first-argument-assumed"]),
  nameRule("decorators/missing-wraps", decoratorsMissingWraps, gains["decorators/missing-wraps"]),
  nameRule("decorators/sync-wrapper-on-async", decoratorsSyncWrapperOnAsync, gains["decorators/sync-wrapper-on-async"]),
  nameRule("dynamic/eval-or-exec", dynamicEvalOrExec, gains["dynamic/eval-or-exec"]),
  nameRule("dynamic/fake-sandbox", dynamicFakeSandbox, gains["dynamic/fake-sandbox"]),
  nameRule("dynamic/hasattr-then-getattr", dynamicHasattrThenGetattr, gains["dynamic/hasattr-then-getattr"]),
  nameRule("dynamic/type-equality", dynamicTypeEquality, gains["dynamic/type-equality"]),
  nameRule("dynamic/unsafe-yaml-load", dynamicUnsafeYamlLoad, gains["dynamic/unsafe-yaml-load"]),
  nameRule("dynamic/untrusted-pickle", dynamicUntrustedPickle, gains["dynamic/untrusted-pickle"]),
  nameRule("errors/bare-except", errorsBareExcept, gains["errors/bare-except"]),
  nameRule("errors/failure-as-empty-result", errorsFailureAsEmptyResult, gains["errors/failure-as-empty-result"]),
  nameRule("errors/failure-exits-zero", errorsFailureExitsZero, gains["errors/failure-exits-zero"]),
  nameRule("errors/failure-sent-as-success", errorsFailureSentAsSuccess, gains["errors/failure-sent-as-success"]),
  nameRule("errors/foreign-exception", errorsForeignException, gains["errors/foreign-exception"]),
  nameRule("errors/ignored-exit-status", errorsIgnoredExitStatus, gains["errors/ignored-exit-status"]),
  nameRule("errors/leftover-breakpoint", errorsLeftoverBreakpoint, gains["errors/leftover-breakpoint"]),
  nameRule("errors/lost-traceback", errorsLostTraceback, gains["errors/lost-traceback"]),
  nameRule("errors/return-in-finally", errorsReturnInFinally, gains["errors/return-in-finally"]),
  nameRule("errors/silenced-warnings", errorsSilencedWarnings, gains["errors/silenced-warnings"]),
  nameRule("errors/silent-broad-except", errorsSilentBroadExcept, gains["errors/silent-broad-except"]),
  nameRule("errors/unchecked-image", errorsUncheckedImage, gains["errors/unchecked-image"]),
  nameRule("errors/unchecked-response", errorsUncheckedResponse, gains["errors/unchecked-response"]),
  nameRule("errors/unreadable-then-overwritten", errorsUnreadableThenOverwritten, gains["errors/unreadable-then-overwritten"]),
  nameRule("generators/accumulator-returned", generatorsAccumulatorReturned, gains["generators/accumulator-returned"]),
  nameRule("generators/exhausted-generator", generatorsExhaustedGenerator, gains["generators/exhausted-generator"]),
  nameRule("generators/list-built-to-be-consumed", generatorsListBuiltToBeConsumed, gains["generators/list-built-to-be-consumed"]),
  nameRule("generators/list-iterated-once", generatorsListIteratedOnce, gains["generators/list-iterated-once"]),
  nameRule("generators/manual-batching", generatorsManualBatching, gains["generators/manual-batching"]),
  nameRule("generators/next-method", generatorsNextMethod, gains["generators/next-method"]),
  nameRule("generators/single-use-iterator", generatorsSingleUseIterator, gains["generators/single-use-iterator"]),
  nameRule("generators/swallowed-errors", generatorsSwallowedErrors, gains["generators/swallowed-errors"]),
  nameRule("generators/whole-file-read", generatorsWholeFileRead, gains["generators/whole-file-read"]),
  nameRule("iteration/append-in-loop", iterationAppendInLoop, gains["iteration/append-in-loop"]),
  nameRule("iteration/lambda-around-call", iterationLambdaAroundCall, gains["iteration/lambda-around-call"]),
  nameRule("iteration/loop-invariant-expression", iterationLoopInvariantExpression, gains["iteration/loop-invariant-expression"]),
  nameRule("iteration/manual-reduction", iterationManualReduction, gains["iteration/manual-reduction"]),
  nameRule("iteration/map-filter-lambda", iterationMapFilterLambda, gains["iteration/map-filter-lambda"]),
  nameRule("iteration/range-len", iterationRangeLen, gains["iteration/range-len"]),
  nameRule("iteration/repeated-pure-call", iterationRepeatedPureCall, gains["iteration/repeated-pure-call"]),
  nameRule("iteration/sum-as-any", iterationSumAsAny, gains["iteration/sum-as-any"]),
  nameRule("llm/cache-hostile-prompt", llmCacheHostilePrompt, gains["llm/cache-hostile-prompt"]),
  nameRule("llm/call-without-timeout", llmCallWithoutTimeout, gains["llm/call-without-timeout"]),
  nameRule("llm/client-per-call", llmClientPerCall, gains["llm/client-per-call"]),
  nameRule("llm/client-per-invocation", llmClientPerInvocation, gains["llm/client-per-invocation"]),
  nameRule("llm/eval-in-tool", llmEvalInTool, gains["llm/eval-in-tool"]),
  nameRule("llm/history-without-bound", llmHistoryWithoutBound, gains["llm/history-without-bound"]),
  nameRule("llm/legacy-langchain-import", llmLegacyLangchainImport, gains["llm/legacy-langchain-import"]),
  nameRule("llm/max-length-as-answer-length", llmMaxLengthAsAnswerLength, gains["llm/max-length-as-answer-length"]),
  nameRule("llm/missing-attention-mask", llmMissingAttentionMask, gains["llm/missing-attention-mask"]),
  nameRule("llm/model-loaded-per-call", llmModelLoadedPerCall, gains["llm/model-loaded-per-call"]),
  nameRule("llm/per-item-embedding", llmPerItemEmbedding, gains["llm/per-item-embedding"]),
  nameRule("llm/pipeline-per-item", llmPipelinePerItem, gains["llm/pipeline-per-item"]),
  nameRule("llm/removed-name", llmRemovedName, gains["llm/removed-name"]),
  nameRule("llm/sequential-invoke", llmSequentialInvoke, gains["llm/sequential-invoke"]),
  nameRule("llm/trust-remote-code", llmTrustRemoteCode, gains["llm/trust-remote-code"]),
  nameRule("llm/unbatched-dataset-map", llmUnbatchedDatasetMap, gains["llm/unbatched-dataset-map"]),
  nameRule("llm/uncapped-agent-loop", llmUncappedAgentLoop, gains["llm/uncapped-agent-loop"]),
  nameRule("llm/undocumented-tool", llmUndocumentedTool, gains["llm/undocumented-tool"]),
  nameRule("logging/basicconfig-in-library", loggingBasicconfigInLibrary, gains["logging/basicconfig-in-library"]),
  nameRule("logging/costly-argument", loggingCostlyArgument, gains["logging/costly-argument"]),
  nameRule("logging/disabled-existing-loggers", loggingDisabledExistingLoggers, gains["logging/disabled-existing-loggers"]),
  nameRule("logging/eager-format", loggingEagerFormat, gains["logging/eager-format"]),
  nameRule("logging/print-in-library", loggingPrintInLibrary, gains["logging/print-in-library"]),
  nameRule("matplotlib/pyplot-in-server", matplotlibPyplotInServer, gains["matplotlib/pyplot-in-server"]),
  nameRule("matplotlib/removed-name", matplotlibRemovedName, gains["matplotlib/removed-name"]),
  nameRule("matplotlib/unclosed-figure", matplotlibUnclosedFigure, gains["matplotlib/unclosed-figure"]),
  nameRule("memory/conflicting-slot-bases", memoryConflictingSlotBases, gains["memory/conflicting-slot-bases"]),
  nameRule("memory/dataclass-without-slots", memoryDataclassWithoutSlots, gains["memory/dataclass-without-slots"]),
  nameRule("memory/gc-collect-in-loop", memoryGcCollectInLoop, gains["memory/gc-collect-in-loop"]),
  nameRule("memory/gc-never-reenabled", memoryGcNeverReenabled, gains["memory/gc-never-reenabled"]),
  nameRule("memory/getsizeof-as-deep-size", memoryGetsizeofAsDeepSize, gains["memory/getsizeof-as-deep-size"]),
  nameRule("memory/large-value-kept-alive", memoryLargeValueKeptAlive, gains["memory/large-value-kept-alive"]),
  nameRule("memory/list-of-numbers", memoryListOfNumbers, gains["memory/list-of-numbers"]),
  nameRule("memory/missing-slots", memoryMissingSlots, gains["memory/missing-slots"]),
  nameRule("memory/repeated-parent-slot", memoryRepeatedParentSlot, gains["memory/repeated-parent-slot"]),
  nameRule("memory/slot-with-class-default", memorySlotWithClassDefault, gains["memory/slot-with-class-default"]),
  nameRule("memory/slots-under-plain-base", memorySlotsUnderPlainBase, gains["memory/slots-under-plain-base"]),
  nameRule("memory/slots-without-needed-slot", memorySlotsWithoutNeededSlot, gains["memory/slots-without-needed-slot"]),
  nameRule("memory/strong-parent-reference", memoryStrongParentReference, gains["memory/strong-parent-reference"]),
  nameRule("memory/subclass-without-slots", memorySubclassWithoutSlots, gains["memory/subclass-without-slots"]),
  nameRule("memory/undeclared-slot-attribute", memoryUndeclaredSlotAttribute, gains["memory/undeclared-slot-attribute"]),
  nameRule("memory/wide-dtype", memoryWideDtype, gains["memory/wide-dtype"]),
  nameRule("numba/compile-time-in-timing", numbaCompileTimeInTiming, gains["numba/compile-time-in-timing"]),
  nameRule("numba/jit-in-function", numbaJitInFunction, gains["numba/jit-in-function"]),
  nameRule("numba/kernel-without-launch-config", numbaKernelWithoutLaunchConfig, gains["numba/kernel-without-launch-config"]),
  nameRule("numba/missing-disk-cache", numbaMissingDiskCache, gains["numba/missing-disk-cache"]),
  nameRule("numba/object-mode", numbaObjectMode, gains["numba/object-mode"]),
  nameRule("numba/parallel-without-prange", numbaParallelWithoutPrange, gains["numba/parallel-without-prange"]),
  nameRule("numba/prange-race", numbaPrangeRace, gains["numba/prange-race"]),
  nameRule("numba/redundant-nopython", numbaRedundantNopython, gains["numba/redundant-nopython"]),
  nameRule("numba/reflected-list", numbaReflectedList, gains["numba/reflected-list"]),
  nameRule("numba/uncompiled-numeric-loop", numbaUncompiledNumericLoop, gains["numba/uncompiled-numeric-loop"]),
  nameRule("numba/unguarded-cuda-index", numbaUnguardedCudaIndex, gains["numba/unguarded-cuda-index"]),
  nameRule("numba/unsupported-construct", numbaUnsupportedConstruct, gains["numba/unsupported-construct"]),
  nameRule("numba/vectorize-without-signature", numbaVectorizeWithoutSignature, gains["numba/vectorize-without-signature"]),
  nameRule("numpy/append-in-loop", numpyAppendInLoop, gains["numpy/append-in-loop"]),
  nameRule("numpy/array-of-generator", numpyArrayOfGenerator, gains["numpy/array-of-generator"]),
  nameRule("numpy/as-strided", numpyAsStrided, gains["numpy/as-strided"]),
  nameRule("numpy/callable-metric", numpyCallableMetric, gains["numpy/callable-metric"]),
  nameRule("numpy/choice-of-booleans", numpyChoiceOfBooleans, gains["numpy/choice-of-booleans"]),
  nameRule("numpy/column-iteration", numpyColumnIteration, gains["numpy/column-iteration"]),
  nameRule("numpy/comprehension-over-array", numpyComprehensionOverArray, gains["numpy/comprehension-over-array"]),
  nameRule("numpy/copying-flatten", numpyCopyingFlatten, gains["numpy/copying-flatten"]),
  nameRule("numpy/cumulative-loop", numpyCumulativeLoop, gains["numpy/cumulative-loop"]),
  nameRule("numpy/dense-meshgrid", numpyDenseMeshgrid, gains["numpy/dense-meshgrid"]),
  nameRule("numpy/diagonal-of-product", numpyDiagonalOfProduct, gains["numpy/diagonal-of-product"]),
  nameRule("numpy/einsum-as-matmul", numpyEinsumAsMatmul, gains["numpy/einsum-as-matmul"]),
  nameRule("numpy/elementwise-loop", numpyElementwiseLoop, gains["numpy/elementwise-loop"]),
  nameRule("numpy/fraction-as-percentile", numpyFractionAsPercentile, gains["numpy/fraction-as-percentile"]),
  nameRule("numpy/hot-temporaries", numpyHotTemporaries, gains["numpy/hot-temporaries"]),
  nameRule("numpy/index-after-product", numpyIndexAfterProduct, gains["numpy/index-after-product"]),
  nameRule("numpy/inverse-for-solve", numpyInverseForSolve, gains["numpy/inverse-for-solve"]),
  nameRule("numpy/legacy-random", numpyLegacyRandom, gains["numpy/legacy-random"]),
  nameRule("numpy/length-of-where", numpyLengthOfWhere, gains["numpy/length-of-where"]),
  nameRule("numpy/list-repeated-into-array", numpyListRepeatedIntoArray, gains["numpy/list-repeated-into-array"]),
  nameRule("numpy/mutated-view", numpyMutatedView, gains["numpy/mutated-view"]),
  nameRule("numpy/nan-in-set", numpyNanInSet, gains["numpy/nan-in-set"]),
  nameRule("numpy/narrow-accumulator", numpyNarrowAccumulator, gains["numpy/narrow-accumulator"]),
  nameRule("numpy/needless-copy", numpyNeedlessCopy, gains["numpy/needless-copy"]),
  nameRule("numpy/object-dtype", numpyObjectDtype, gains["numpy/object-dtype"]),
  nameRule("numpy/pairwise-loop", numpyPairwiseLoop, gains["numpy/pairwise-loop"]),
  nameRule("numpy/product-order", numpyProductOrder, gains["numpy/product-order"]),
  nameRule("numpy/python-builtin-on-array", numpyPythonBuiltinOnArray, gains["numpy/python-builtin-on-array"]),
  nameRule("numpy/random-per-item", numpyRandomPerItem, gains["numpy/random-per-item"]),
  nameRule("numpy/removed-name", numpyRemovedName, gains["numpy/removed-name"]),
  nameRule("numpy/removed-scipy-name", numpyRemovedScipyName, gains["numpy/removed-scipy-name"]),
  nameRule("numpy/repeated-quantile", numpyRepeatedQuantile, gains["numpy/repeated-quantile"]),
  nameRule("numpy/repeated-reduction", numpyRepeatedReduction, gains["numpy/repeated-reduction"]),
  nameRule("numpy/scalar-factors", numpyScalarFactors, gains["numpy/scalar-factors"]),
  nameRule("numpy/small-sequence-reduction", numpySmallSequenceReduction, gains["numpy/small-sequence-reduction"]),
  nameRule("numpy/sort-for-smallest", numpySortForSmallest, gains["numpy/sort-for-smallest"]),
  nameRule("numpy/tile-instead-of-broadcast", numpyTileInsteadOfBroadcast, gains["numpy/tile-instead-of-broadcast"]),
  nameRule("numpy/ufunc-on-scalar", numpyUfuncOnScalar, gains["numpy/ufunc-on-scalar"]),
  nameRule("numpy/unguarded-normalization", numpyUnguardedNormalization, gains["numpy/unguarded-normalization"]),
  nameRule("numpy/unstable-logarithm", numpyUnstableLogarithm, gains["numpy/unstable-logarithm"]),
  nameRule("numpy/vectorize-for-speed", numpyVectorizeForSpeed, gains["numpy/vectorize-for-speed"]),
  nameRule("packaging/missing-dunder-all", packagingMissingDunderAll, gains["packaging/missing-dunder-all"]),
  nameRule("packaging/setup-py-metadata", packagingSetupPyMetadata, gains["packaging/setup-py-metadata"]),
  nameRule("packaging/standard-library-requirement", packagingStandardLibraryRequirement, gains["packaging/standard-library-requirement"]),
  nameRule("packaging/wrong-distribution", packagingWrongDistribution, gains["packaging/wrong-distribution"]),
  nameRule("pandas/apply-arithmetic", pandasApplyArithmetic, gains["pandas/apply-arithmetic"]),
  nameRule("pandas/apply-axis-1", pandasApplyAxis1, gains["pandas/apply-axis-1"]),
  nameRule("pandas/apply-condition", pandasApplyCondition, gains["pandas/apply-condition"]),
  nameRule("pandas/apply-datetime-field", pandasApplyDatetimeField, gains["pandas/apply-datetime-field"]),
  nameRule("pandas/apply-lookup", pandasApplyLookup, gains["pandas/apply-lookup"]),
  nameRule("pandas/apply-string-method", pandasApplyStringMethod, gains["pandas/apply-string-method"]),
  nameRule("pandas/assignment-in-row-loop", pandasAssignmentInRowLoop, gains["pandas/assignment-in-row-loop"]),
  nameRule("pandas/chained-assignment", pandasChainedAssignment, gains["pandas/chained-assignment"]),
  nameRule("pandas/chained-inplace", pandasChainedInplace, gains["pandas/chained-inplace"]),
  nameRule("pandas/column-of-dicts-loop", pandasColumnOfDictsLoop, gains["pandas/column-of-dicts-loop"]),
  nameRule("pandas/concat-in-loop", pandasConcatInLoop, gains["pandas/concat-in-loop"]),
  nameRule("pandas/cross-join-in-lists", pandasCrossJoinInLists, gains["pandas/cross-join-in-lists"]),
  nameRule("pandas/csv-as-intermediate", pandasCsvAsIntermediate, gains["pandas/csv-as-intermediate"]),
  nameRule("pandas/datetime-per-element", pandasDatetimePerElement, gains["pandas/datetime-per-element"]),
  nameRule("pandas/filter-per-key", pandasFilterPerKey, gains["pandas/filter-per-key"]),
  nameRule("pandas/fragmented-frame", pandasFragmentedFrame, gains["pandas/fragmented-frame"]),
  nameRule("pandas/get-group-in-loop", pandasGetGroupInLoop, gains["pandas/get-group-in-loop"]),
  nameRule("pandas/groupby-lambda", pandasGroupbyLambda, gains["pandas/groupby-lambda"]),
  nameRule("pandas/iterrows", pandasIterrows, gains["pandas/iterrows"]),
  nameRule("pandas/late-filter", pandasLateFilter, gains["pandas/late-filter"]),
  nameRule("pandas/late-selection", pandasLateSelection, gains["pandas/late-selection"]),
  nameRule("pandas/length-of-filter", pandasLengthOfFilter, gains["pandas/length-of-filter"]),
  nameRule("pandas/needless-copy", pandasNeedlessCopy, gains["pandas/needless-copy"]),
  nameRule("pandas/query-fstring", pandasQueryFstring, gains["pandas/query-fstring"]),
  nameRule("pandas/removed-name", pandasRemovedName, gains["pandas/removed-name"]),
  nameRule("pandas/repeated-filter", pandasRepeatedFilter, gains["pandas/repeated-filter"]),
  nameRule("pandas/rolling-by-hand", pandasRollingByHand, gains["pandas/rolling-by-hand"]),
  nameRule("pandas/row-appended-by-loc", pandasRowAppendedByLoc, gains["pandas/row-appended-by-loc"]),
  nameRule("pandas/scalar-loc-access", pandasScalarLocAccess, gains["pandas/scalar-loc-access"]),
  nameRule("pandas/sort-for-extreme", pandasSortForExtreme, gains["pandas/sort-for-extreme"]),
  nameRule("pandas/unused-columns-read", pandasUnusedColumnsRead, gains["pandas/unused-columns-read"]),
  nameRule("pandas/values-attribute", pandasValuesAttribute, gains["pandas/values-attribute"]),
  nameRule("pandas/whole-csv-read", pandasWholeCsvRead, gains["pandas/whole-csv-read"]),
  nameRule("pandas/wide-numeric-column", pandasWideNumericColumn, gains["pandas/wide-numeric-column"]),
  nameRule("polars/collect-in-loop", polarsCollectInLoop, gains["polars/collect-in-loop"]),
  nameRule("polars/eager-scan", polarsEagerScan, gains["polars/eager-scan"]),
  nameRule("polars/python-function", polarsPythonFunction, gains["polars/python-function"]),
  nameRule("profiling/leftover-profile-decorator", profilingLeftoverProfileDecorator, gains["profiling/leftover-profile-decorator"]),
  nameRule("profiling/manual-timing-block", profilingManualTimingBlock, gains["profiling/manual-timing-block"]),
  nameRule("profiling/wall-clock-duration", profilingWallClockDuration, gains["profiling/wall-clock-duration"]),
  nameRule("pyspark/collect-in-loop", pysparkCollectInLoop, gains["pyspark/collect-in-loop"]),
  nameRule("pyspark/python-udf", pysparkPythonUdf, gains["pyspark/python-udf"]),
  nameRule("pyspark/recomputed-plan", pysparkRecomputedPlan, gains["pyspark/recomputed-plan"]),
  nameRule("pyspark/with-column-in-loop", pysparkWithColumnInLoop, gains["pyspark/with-column-in-loop"]),
  nameRule("pytorch/anomaly-mode-left-on", pytorchAnomalyModeLeftOn, gains["pytorch/anomaly-mode-left-on"]),
  nameRule("pytorch/attention-by-hand", pytorchAttentionByHand, gains["pytorch/attention-by-hand"]),
  nameRule("pytorch/blocking-transfer", pytorchBlockingTransfer, gains["pytorch/blocking-transfer"]),
  nameRule("pytorch/cat-in-loop", pytorchCatInLoop, gains["pytorch/cat-in-loop"]),
  nameRule("pytorch/compile-in-loop", pytorchCompileInLoop, gains["pytorch/compile-in-loop"]),
  nameRule("pytorch/constant-per-forward", pytorchConstantPerForward, gains["pytorch/constant-per-forward"]),
  nameRule("pytorch/create-then-move", pytorchCreateThenMove, gains["pytorch/create-then-move"]),
  nameRule("pytorch/data-parallel", pytorchDataParallel, gains["pytorch/data-parallel"]),
  nameRule("pytorch/default-matmul-precision", pytorchDefaultMatmulPrecision, gains["pytorch/default-matmul-precision"]),
  nameRule("pytorch/empty-cache-in-loop", pytorchEmptyCacheInLoop, gains["pytorch/empty-cache-in-loop"]),
  nameRule("pytorch/forward-call", pytorchForwardCall, gains["pytorch/forward-call"]),
  nameRule("pytorch/grad-norm-by-hand", pytorchGradNormByHand, gains["pytorch/grad-norm-by-hand"]),
  nameRule("pytorch/graph-break", pytorchGraphBreak, gains["pytorch/graph-break"]),
  nameRule("pytorch/guarded-compile-call", pytorchGuardedCompileCall, gains["pytorch/guarded-compile-call"]),
  nameRule("pytorch/hardcoded-device", pytorchHardcodedDevice, gains["pytorch/hardcoded-device"]),
  nameRule("pytorch/hidden-sync", pytorchHiddenSync, gains["pytorch/hidden-sync"]),
  nameRule("pytorch/host-round-trip", pytorchHostRoundTrip, gains["pytorch/host-round-trip"]),
  nameRule("pytorch/inference-with-gradients", pytorchInferenceWithGradients, gains["pytorch/inference-with-gradients"]),
  nameRule("pytorch/io-in-getitem", pytorchIoInGetitem, gains["pytorch/io-in-getitem"]),
  nameRule("pytorch/legacy-amp", pytorchLegacyAmp, gains["pytorch/legacy-amp"]),
  nameRule("pytorch/loader-options-without-workers", pytorchLoaderOptionsWithoutWorkers, gains["pytorch/loader-options-without-workers"]),
  nameRule("pytorch/missing-amp", pytorchMissingAmp, gains["pytorch/missing-amp"]),
  nameRule("pytorch/missing-set-epoch", pytorchMissingSetEpoch, gains["pytorch/missing-set-epoch"]),
  nameRule("pytorch/missing-super-init", pytorchMissingSuperInit, gains["pytorch/missing-super-init"]),
  nameRule("pytorch/missing-zero-grad", pytorchMissingZeroGrad, gains["pytorch/missing-zero-grad"]),
  nameRule("pytorch/mode-after-load", pytorchModeAfterLoad, gains["pytorch/mode-after-load"]),
  nameRule("pytorch/no-grad-for-inference", pytorchNoGradForInference, gains["pytorch/no-grad-for-inference"]),
  nameRule("pytorch/numpy-random-into-tensor", pytorchNumpyRandomIntoTensor, gains["pytorch/numpy-random-into-tensor"]),
  nameRule("pytorch/profiler-without-step", pytorchProfilerWithoutStep, gains["pytorch/profiler-without-step"]),
  nameRule("pytorch/python-builtin-on-tensor", pytorchPythonBuiltinOnTensor, gains["pytorch/python-builtin-on-tensor"]),
  nameRule("pytorch/removed-name", pytorchRemovedName, gains["pytorch/removed-name"]),
  nameRule("pytorch/retained-graph", pytorchRetainedGraph, gains["pytorch/retained-graph"]),
  nameRule("pytorch/shared-layer", pytorchSharedLayer, gains["pytorch/shared-layer"]),
  nameRule("pytorch/single-process-loading", pytorchSingleProcessLoading, gains["pytorch/single-process-loading"]),
  nameRule("pytorch/softmax-before-loss", pytorchSoftmaxBeforeLoss, gains["pytorch/softmax-before-loss"]),
  nameRule("pytorch/state-dict-in-loop", pytorchStateDictInLoop, gains["pytorch/state-dict-in-loop"]),
  nameRule("pytorch/sync-in-loop", pytorchSyncInLoop, gains["pytorch/sync-in-loop"]),
  nameRule("pytorch/topk-by-sort", pytorchTopkBySort, gains["pytorch/topk-by-sort"]),
  nameRule("pytorch/torchscript", pytorchTorchscript, gains["pytorch/torchscript"]),
  nameRule("pytorch/uncompiled-model", pytorchUncompiledModel, gains["pytorch/uncompiled-model"]),
  nameRule("pytorch/unpinned-loader", pytorchUnpinnedLoader, gains["pytorch/unpinned-loader"]),
  nameRule("pytorch/unsafe-load", pytorchUnsafeLoad, gains["pytorch/unsafe-load"]),
  nameRule("pytorch/unstable-log-probability", pytorchUnstableLogProbability, gains["pytorch/unstable-log-probability"]),
  nameRule("resources/commit-per-row", resourcesCommitPerRow, gains["resources/commit-per-row"]),
  nameRule("resources/contextmanager-without-finally", resourcesContextmanagerWithoutFinally, gains["resources/contextmanager-without-finally"]),
  nameRule("resources/del-as-cleanup", resourcesDelAsCleanup, gains["resources/del-as-cleanup"]),
  nameRule("resources/execute-in-loop", resourcesExecuteInLoop, gains["resources/execute-in-loop"]),
  nameRule("resources/fetchall-then-iterate", resourcesFetchallThenIterate, gains["resources/fetchall-then-iterate"]),
  nameRule("resources/held-over-slow-call", resourcesHeldOverSlowCall, gains["resources/held-over-slow-call"]),
  nameRule("resources/manual-lock", resourcesManualLock, gains["resources/manual-lock"]),
  nameRule("resources/manual-tempdir", resourcesManualTempdir, gains["resources/manual-tempdir"]),
  nameRule("resources/nested-with", resourcesNestedWith, gains["resources/nested-with"]),
  nameRule("resources/non-atomic-cache-write", resourcesNonAtomicCacheWrite, gains["resources/non-atomic-cache-write"]),
  nameRule("resources/open-without-encoding", resourcesOpenWithoutEncoding, gains["resources/open-without-encoding"]),
  nameRule("resources/query-in-loop", resourcesQueryInLoop, gains["resources/query-in-loop"]),
  nameRule("resources/rewritten-file-per-event", resourcesRewrittenFilePerEvent, gains["resources/rewritten-file-per-event"]),
  nameRule("resources/session-not-rolled-back", resourcesSessionNotRolledBack, gains["resources/session-not-rolled-back"]),
  nameRule("resources/slot-not-released", resourcesSlotNotReleased, gains["resources/slot-not-released"]),
  nameRule("resources/swallowing-exit", resourcesSwallowingExit, gains["resources/swallowing-exit"]),
  nameRule("resources/unmanaged-resource", resourcesUnmanagedResource, gains["resources/unmanaged-resource"]),
  nameRule("resources/unordered-listing", resourcesUnorderedListing, gains["resources/unordered-listing"]),
  nameRule("resources/unrestored-value", resourcesUnrestoredValue, gains["resources/unrestored-value"]),
  nameRule("runtime/assert-for-validation", runtimeAssertForValidation, gains["runtime/assert-for-validation"]),
  nameRule("runtime/bool-from-text", runtimeBoolFromText, gains["runtime/bool-from-text"]),
  nameRule("runtime/call-in-default", runtimeCallInDefault, gains["runtime/call-in-default"]),
  nameRule("runtime/ctypes-without-signature", runtimeCtypesWithoutSignature, gains["runtime/ctypes-without-signature"]),
  nameRule("runtime/discarded-result", runtimeDiscardedResult, gains["runtime/discarded-result"]),
  nameRule("runtime/heavy-import", runtimeHeavyImport, gains["runtime/heavy-import"]),
  nameRule("runtime/inspect-stack", runtimeInspectStack, gains["runtime/inspect-stack"]),
  nameRule("runtime/is-with-literal", runtimeIsWithLiteral, gains["runtime/is-with-literal"]),
  nameRule("runtime/kept-by-reference", runtimeKeptByReference, gains["runtime/kept-by-reference"]),
  nameRule("runtime/late-environment", runtimeLateEnvironment, gains["runtime/late-environment"]),
  nameRule("runtime/loop-variable-closure", runtimeLoopVariableClosure, gains["runtime/loop-variable-closure"]),
  nameRule("runtime/mutable-default", runtimeMutableDefault, gains["runtime/mutable-default"]),
  nameRule("runtime/naive-utc-now", runtimeNaiveUtcNow, gains["runtime/naive-utc-now"]),
  nameRule("runtime/none-check-after-use", runtimeNoneCheckAfterUse, gains["runtime/none-check-after-use"]),
  nameRule("runtime/removed-module", runtimeRemovedModule, gains["runtime/removed-module"]),
  nameRule("runtime/shadowed-builtin", runtimeShadowedBuiltin, gains["runtime/shadowed-builtin"]),
  nameRule("runtime/unbound-after-branches", runtimeUnboundAfterBranches, gains["runtime/unbound-after-branches"]),
  nameRule("runtime/uncalled-method", runtimeUncalledMethod, gains["runtime/uncalled-method"]),
  nameRule("runtime/work-at-import", runtimeWorkAtImport, gains["runtime/work-at-import"]),
  nameRule("sklearn/callable-metric", sklearnCallableMetric, gains["sklearn/callable-metric"]),
  nameRule("sklearn/densified-matrix", sklearnDensifiedMatrix, gains["sklearn/densified-matrix"]),
  nameRule("sklearn/early-stopping-on-test", sklearnEarlyStoppingOnTest, gains["sklearn/early-stopping-on-test"]),
  nameRule("sklearn/fit-before-split", sklearnFitBeforeSplit, gains["sklearn/fit-before-split"]),
  nameRule("sklearn/fit-on-test", sklearnFitOnTest, gains["sklearn/fit-on-test"]),
  nameRule("sklearn/predict-per-row", sklearnPredictPerRow, gains["sklearn/predict-per-row"]),
  nameRule("sklearn/removed-name", sklearnRemovedName, gains["sklearn/removed-name"]),
  nameRule("sklearn/single-job", sklearnSingleJob, gains["sklearn/single-job"]),
  nameRule("sklearn/unseeded-split", sklearnUnseededSplit, gains["sklearn/unseeded-split"]),
  nameRule("strings/any-affix", stringsAnyAffix, gains["strings/any-affix"]),
  nameRule("strings/character-loop", stringsCharacterLoop, gains["strings/character-loop"]),
  nameRule("strings/concat-in-loop", stringsConcatInLoop, gains["strings/concat-in-loop"]),
  nameRule("strings/findall-only-iterated", stringsFindallOnlyIterated, gains["strings/findall-only-iterated"]),
  nameRule("strings/flags-as-count", stringsFlagsAsCount, gains["strings/flags-as-count"]),
  nameRule("strings/fstring-without-placeholder", stringsFstringWithoutPlaceholder, gains["strings/fstring-without-placeholder"]),
  nameRule("strings/match-on-slice", stringsMatchOnSlice, gains["strings/match-on-slice"]),
  nameRule("strings/needless-regex", stringsNeedlessRegex, gains["strings/needless-regex"]),
  nameRule("strings/regex-in-loop", stringsRegexInLoop, gains["strings/regex-in-loop"]),
  nameRule("strings/regex-not-raw", stringsRegexNotRaw, gains["strings/regex-not-raw"]),
  nameRule("strings/split-for-one-part", stringsSplitForOnePart, gains["strings/split-for-one-part"]),
  nameRule("strings/super-linear-regex", stringsSuperLinearRegex, gains["strings/super-linear-regex"]),
  nameRule("strings/unicode-digit", stringsUnicodeDigit, gains["strings/unicode-digit"]),
  nameRule("tensorflow/eager-mode-left-on", tensorflowEagerModeLeftOn, gains["tensorflow/eager-mode-left-on"]),
  nameRule("tensorflow/eager-train-step", tensorflowEagerTrainStep, gains["tensorflow/eager-train-step"]),
  nameRule("tensorflow/legacy-loss-scale", tensorflowLegacyLossScale, gains["tensorflow/legacy-loss-scale"]),
  nameRule("tensorflow/missing-prefetch", tensorflowMissingPrefetch, gains["tensorflow/missing-prefetch"]),
  nameRule("tensorflow/mixed-keras-packages", tensorflowMixedKerasPackages, gains["tensorflow/mixed-keras-packages"]),
  nameRule("tensorflow/pipeline-order", tensorflowPipelineOrder, gains["tensorflow/pipeline-order"]),
  nameRule("tensorflow/predict-in-loop", tensorflowPredictInLoop, gains["tensorflow/predict-in-loop"]),
  nameRule("tensorflow/print-in-function", tensorflowPrintInFunction, gains["tensorflow/print-in-function"]),
  nameRule("tensorflow/python-function-in-map", tensorflowPythonFunctionInMap, gains["tensorflow/python-function-in-map"]),
  nameRule("tensorflow/removed-name", tensorflowRemovedName, gains["tensorflow/removed-name"]),
  nameRule("tensorflow/retracing", tensorflowRetracing, gains["tensorflow/retracing"]),
  nameRule("tensorflow/sequential-map", tensorflowSequentialMap, gains["tensorflow/sequential-map"]),
  nameRule("tensorflow/side-effect-in-function", tensorflowSideEffectInFunction, gains["tensorflow/side-effect-in-function"]),
  nameRule("tensorflow/unscaled-mixed-precision", tensorflowUnscaledMixedPrecision, gains["tensorflow/unscaled-mixed-precision"]),
  nameRule("testing/duplicate-tests", testingDuplicateTests, gains["testing/duplicate-tests"]),
  nameRule("testing/float-equality", testingFloatEquality, gains["testing/float-equality"]),
  nameRule("testing/ignored-pytest-section", testingIgnoredPytestSection, gains["testing/ignored-pytest-section"]),
  nameRule("testing/test-without-assert", testingTestWithoutAssert, gains["testing/test-without-assert"]),
  nameRule("testing/unittest-style-assert", testingUnittestStyleAssert, gains["testing/unittest-style-assert"]),
  nameRule("testing/unseeded-random", testingUnseededRandom, gains["testing/unseeded-random"]),
  nameRule("typing/every-missing-import-ignored", typingEveryMissingImportIgnored, gains["typing/every-missing-import-ignored"]),
  nameRule("typing/legacy-alias", typingLegacyAlias, gains["typing/legacy-alias"]),
  nameRule("typing/legacy-type-alias", typingLegacyTypeAlias, gains["typing/legacy-type-alias"]),
  nameRule("typing/legacy-union", typingLegacyUnion, gains["typing/legacy-union"]),
  nameRule("typing/missing-annotations", typingMissingAnnotations, gains["typing/missing-annotations"]),
  nameRule("typing/runtime-cast-in-loop", typingRuntimeCastInLoop, gains["typing/runtime-cast-in-loop"]),
];
