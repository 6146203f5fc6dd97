/** Makes the virtual environments that the tests run third-party Python in, all at once, before any test has to wait for one. Where one cannot be made, the tests that need it say so themselves. */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { ENVIRONMENTS, pythonIn, TOOLS, type Environment } from "../test/harness/python.js";

if (isMainThread) {
  // A thread for each, because making one blocks.
  await Promise.all(
    [...ENVIRONMENTS, TOOLS].map((it) => once(new Worker(fileURLToPath(import.meta.url), { workerData: it }), "exit")),
  );
} else {
  const python = pythonIn(workerData as Environment);
  console.log("reason" in python ? `no test environment: ${python.reason}` : `test environment: ${python.path}`);
}
