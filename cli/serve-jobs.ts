/** A thread that checks files: one engine, one file after the other. */

import { parentPort } from "node:worker_threads";
import { fileChecker, type Job, type Setup } from "./check-file.js";
import { makeEngine } from "./engine.js";
import type { Source } from "./read-source.js";

/** A file to check, with its source where another thread has read it. */
export interface Order {
  readonly job: Job;
  readonly source?: Source;
}

/** Answers each order, in their order. */
export function serveJobs(setup: Setup): void {
  const checkFile = fileChecker(makeEngine(), setup);
  let last = Promise.resolve();
  parentPort?.on("message", ({ job, source }: Order) => {
    last = last.then(async () => parentPort?.postMessage(await checkFile(job, source)));
  });
  parentPort?.postMessage("ready");
}
