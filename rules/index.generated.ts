/** Made by scripts/generate.ts from the files in rules/. Do not edit. */

import { nameRule, type Rule } from "../analysis/rule/rule.js";
import generatorsAccumulatorReturned from "./generators/accumulator-returned.js";
import iterationAppendInLoop from "./iteration/append-in-loop.js";
import iterationRangeLen from "./iteration/range-len.js";
import loggingEagerFormat from "./logging/eager-format.js";
import pandasIterrows from "./pandas/iterrows.js";
import profilingWallClockDuration from "./profiling/wall-clock-duration.js";
import resourcesManualLock from "./resources/manual-lock.js";

export const rules: readonly Rule[] = [
  nameRule("generators/accumulator-returned", generatorsAccumulatorReturned),
  nameRule("iteration/append-in-loop", iterationAppendInLoop),
  nameRule("iteration/range-len", iterationRangeLen),
  nameRule("logging/eager-format", loggingEagerFormat),
  nameRule("pandas/iterrows", pandasIterrows),
  nameRule("profiling/wall-clock-duration", profilingWallClockDuration),
  nameRule("resources/manual-lock", resourcesManualLock),
];
