/** A thread that checks files: one engine, one file after the other. */

import { createRequire } from "node:module";
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
  const checkFile = fileChecker(makeEngine(), setup, setup.isKept ? digest() : undefined);
  let last = Promise.resolve();
  parentPort?.on("message", ({ job, source }: Order) => {
    last = last.then(async () => parentPort?.postMessage(await checkFile(job, source)));
  });
  parentPort?.postMessage("ready");
}

/** Node's cryptography takes its time to load, and is needed only where results are kept. */
function digest(): (bytes: Uint8Array) => string {
  const { createHash } = createRequire(import.meta.url)("node:crypto") as typeof import("node:crypto");
  return (bytes) => createHash("sha256").update(bytes).digest("hex");
}
