/** Runs jobs in this thread or over several; results come back in the order of the jobs, whichever thread was faster. */

import { availableParallelism } from "node:os";
import type { Job, Setup } from "./check-file.js";
import { loadScan } from "./load-scan.js";
import type { FileResult } from "./result.js";
import { runInThreads } from "./threads.js";
import { tuneForScan } from "./tune.js";

/** Below this many files a further thread costs more to start than it saves. */
const FILES_PER_THREAD = 50;

export function threadsFor(files: number, wanted: number | undefined): number {
  return Math.max(1, Math.min(files, wanted ?? Math.min(availableParallelism(), Math.ceil(files / FILES_PER_THREAD))));
}

export async function runJobs(
  setup: Setup,
  jobs: readonly Job[],
  threads: number,
  onDone: () => void,
): Promise<readonly FileResult[]> {
  tuneForScan();
  if (threads > 1) return runInThreads(setup, jobs, threads, onDone);
  const { fileChecker, makeEngine } = loadScan();
  const checkFile = fileChecker(makeEngine(), setup);
  const results: FileResult[] = [];
  for (const job of jobs) {
    results.push(await checkFile(job));
    onDone();
  }
  return results;
}
