/** The entry of a thread that checks files. */

import { readFileSync } from "node:fs";
import { workerData } from "node:worker_threads";
import type { Setup } from "./check-file.js";
import { runScript } from "./compiled.js";
import type * as Scan from "./scan-bundle.js";

export interface ThreadData {
  readonly setup: Setup;
  readonly file: string;
  readonly compiled: Uint8Array | undefined;
}

const { setup, file, compiled } = workerData as ThreadData;
(runScript(file, readFileSync(file), compiled).exports as typeof Scan).serveJobs(setup);
