/** The second bundle: everything that needs the rules. The command line loads it when something has to be looked at, and its threads run it. */

import { isMainThread, workerData } from "node:worker_threads";
import type { Setup } from "./check-file.js";
import { serveJobs } from "./serve-jobs.js";

export { fileChecker } from "./check-file.js";
export { explanation } from "./commands/explain.js";
export { guideList, guideSection, unknownSection } from "./commands/guide.js";
export { rulesJson, rulesTable } from "./commands/rules.js";
export { makeEngine, startAnalyzer } from "./engine.js";

if (!isMainThread) await serveJobs(workerData as Setup);
