/** Made by scripts/generate.ts from the files in refactorings/. Do not edit. */

import { nameRefactoring, type Refactoring } from "../analysis/rule/refactoring.js";
import addDecorator from "./add-decorator.js";
import addSlots from "./add-slots.js";
import addTypeHints from "./add-type-hints.js";
import classToDataclass from "./class-to-dataclass.js";
import csvToChunks from "./csv-to-chunks.js";
import dictToTypeddict from "./dict-to-typeddict.js";
import dispatchToRegistry from "./dispatch-to-registry.js";
import elementwiseToNjit from "./elementwise-to-njit.js";
import extractConfig from "./extract-config.js";
import extractDecorator from "./extract-decorator.js";
import functionToContextManager from "./function-to-context-manager.js";
import listToGenerator from "./list-to-generator.js";
import loopToComprehension from "./loop-to-comprehension.js";
import loopToExecutor from "./loop-to-executor.js";
import loopToGather from "./loop-to-gather.js";
import loopToNumpy from "./loop-to-numpy.js";
import manualLoopToAsyncioRun from "./manual-loop-to-asyncio-run.js";
import metaclassToInitSubclass from "./metaclass-to-init-subclass.js";
import methodsToStrategy from "./methods-to-strategy.js";
import printToLogging from "./print-to-logging.js";
import recursionToLoop from "./recursion-to-loop.js";
import setupToPyproject from "./setup-to-pyproject.js";
import stepsToPipeline from "./steps-to-pipeline.js";
import unittestToPytest from "./unittest-to-pytest.js";

export const refactorings: readonly Refactoring[] = [
  nameRefactoring("add-decorator", addDecorator),
  nameRefactoring("add-slots", addSlots),
  nameRefactoring("add-type-hints", addTypeHints),
  nameRefactoring("class-to-dataclass", classToDataclass),
  nameRefactoring("csv-to-chunks", csvToChunks),
  nameRefactoring("dict-to-typeddict", dictToTypeddict),
  nameRefactoring("dispatch-to-registry", dispatchToRegistry),
  nameRefactoring("elementwise-to-njit", elementwiseToNjit),
  nameRefactoring("extract-config", extractConfig),
  nameRefactoring("extract-decorator", extractDecorator),
  nameRefactoring("function-to-context-manager", functionToContextManager),
  nameRefactoring("list-to-generator", listToGenerator),
  nameRefactoring("loop-to-comprehension", loopToComprehension),
  nameRefactoring("loop-to-executor", loopToExecutor),
  nameRefactoring("loop-to-gather", loopToGather),
  nameRefactoring("loop-to-numpy", loopToNumpy),
  nameRefactoring("manual-loop-to-asyncio-run", manualLoopToAsyncioRun),
  nameRefactoring("metaclass-to-init-subclass", metaclassToInitSubclass),
  nameRefactoring("methods-to-strategy", methodsToStrategy),
  nameRefactoring("print-to-logging", printToLogging),
  nameRefactoring("recursion-to-loop", recursionToLoop),
  nameRefactoring("setup-to-pyproject", setupToPyproject),
  nameRefactoring("steps-to-pipeline", stepsToPipeline),
  nameRefactoring("unittest-to-pytest", unittestToPytest),
];
