/** Runs jobs in this thread or over several; results come back in the order of the jobs, whichever thread was faster. */

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Job, Setup } from "./check-file.js";
import { ENGINE, loadEngine, tuneForScan } from "./load-engine.js";
import { failed, type FileResult } from "./result.js";

/** Below this many files a further thread costs more to start than it saves. */
const FILES_PER_THREAD = 50;

export function threadsFor(files: number, wanted: number | undefined): number {
  return Math.max(1, Math.min(files, wanted ?? Math.min(availableParallelism(), Math.ceil(files / FILES_PER_THREAD))));
}

export async function runJobs(setup: Setup, jobs: readonly Job[], threads: number, onDone: () => void): Promise<readonly FileResult[]> {
  tuneForScan();
  if (threads > 1) return runInThreads(setup, jobs, threads, onDone);
  const { checkFile, startAnalyzer } = await loadEngine();
  const analyzer = await startAnalyzer();
  return jobs.map((job) => {
    const result = checkFile(analyzer, setup, job);
    onDone();
    return result;
  });
}

function runInThreads(setup: Setup, jobs: readonly Job[], threads: number, onDone: () => void): Promise<readonly FileResult[]> {
  const results = new Array<FileResult>(jobs.length);
  let next = 0;
  let left = jobs.length;

  return new Promise((resolve, reject) => {
    const finish = (index: number, result: FileResult) => {
      results[index] = result;
      onDone();
      if (--left === 0) resolve(results);
    };
    const start = () => {
      const worker = new Worker(ENGINE, { workerData: setup, argv: [] });
      let current: number | undefined;
      const giveWork = () => {
        current = next < jobs.length ? next++ : undefined;
        if (current === undefined) void worker.terminate();
        else worker.postMessage(jobs[current]);
      };
      worker.on("message", (message: FileResult | "ready") => {
        if (message !== "ready" && current !== undefined) finish(current, message);
        giveWork();
      });
      worker.on("error", (error) => {
        // Only running out of memory gets here; the file is named and the others go on in a new thread.
        if (current === undefined) return reject(error);
        finish(current, failed(jobs[current]!.path, `Nippy failed on this file (${error.message}). Please report it, with the file if you can.`));
        if (next < jobs.length) start();
      });
    };
    for (let i = 0; i < threads; i++) start();
  });
}
