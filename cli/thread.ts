/** The entry of a thread that checks files. */

import { workerData } from "node:worker_threads";
import type { Setup } from "./check-file.js";
import { loadScan } from "./load-scan.js";

loadScan().serveJobs(workerData as Setup);
