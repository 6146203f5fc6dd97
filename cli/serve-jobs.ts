/** A thread that checks files: one analyzer, one file for each message. */

import { parentPort } from "node:worker_threads";
import { checkFile, type Job, type Setup } from "./check-file.js";
import { startAnalyzer } from "./engine.js";

export async function serveJobs(setup: Setup): Promise<void> {
  const analyzer = await startAnalyzer();
  parentPort?.on("message", (job: Job) => parentPort?.postMessage(checkFile(analyzer, setup, job)));
  parentPort?.postMessage("ready");
}
