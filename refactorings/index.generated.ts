/** Made by scripts/generate.ts from the files in refactorings/. Do not edit. */

import { nameRefactoring, type Refactoring } from "../analysis/rule/refactoring.js";
import manualLoopToAsyncioRun from "./manual-loop-to-asyncio-run.js";

export const refactorings: readonly Refactoring[] = [
  nameRefactoring("manual-loop-to-asyncio-run", manualLoopToAsyncioRun),
];
