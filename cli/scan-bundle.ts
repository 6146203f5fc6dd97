/** The bundle of a scan: everything that looks at files, with the rules. Loaded by `load-scan.ts`, in the main thread and in every other. */

export { fileChecker } from "./check-file.js";
export { makeEngine } from "./engine.js";
export { makeSourceReader } from "./read-source.js";
export { reopening } from "./reopen.js";
export { serveJobs } from "./serve-jobs.js";
