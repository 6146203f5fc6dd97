/** Made by scripts/generate.ts from the files in rules/. Do not edit. */

import { nameRule, type Rule } from "../analysis/rule/rule.js";
import collectionsRepeatedListConcat from "./collections/repeated-list-concat.js";
import generatorsAccumulatorReturned from "./generators/accumulator-returned.js";
import iterationAppendInLoop from "./iteration/append-in-loop.js";
import iterationRangeLen from "./iteration/range-len.js";
import loggingEagerFormat from "./logging/eager-format.js";
import pandasIterrows from "./pandas/iterrows.js";
import profilingWallClockDuration from "./profiling/wall-clock-duration.js";
import resourcesManualLock from "./resources/manual-lock.js";
import runtimeMutableDefault from "./runtime/mutable-default.js";
import stringsConcatInLoop from "./strings/concat-in-loop.js";

export const rules: readonly Rule[] = [
  nameRule("collections/repeated-list-concat", collectionsRepeatedListConcat),
  nameRule("generators/accumulator-returned", generatorsAccumulatorReturned),
  nameRule("iteration/append-in-loop", iterationAppendInLoop),
  nameRule("iteration/range-len", iterationRangeLen),
  nameRule("logging/eager-format", loggingEagerFormat),
  nameRule("pandas/iterrows", pandasIterrows),
  nameRule("profiling/wall-clock-duration", profilingWallClockDuration),
  nameRule("resources/manual-lock", resourcesManualLock),
  nameRule("runtime/mutable-default", runtimeMutableDefault),
  nameRule("strings/concat-in-loop", stringsConcatInLoop),
];
