/** How V8 works for a scan. */

import { setFlagsFromString } from "node:v8";

/**
 * A scan is over before much of what V8 optimises has paid for itself, and each thread pays anew. So functions are optimised one by one, not with all that
 * they call, and long ones not at all; the grammar, which few pieces need, hardly ever; what the threads leave behind is collected by themselves, on cores that are all taken;
 * and nothing of a file is put where it would outlive the file, as what it points to would then do too.
 * Each was taken for what it saves in cold scans with Node 20, 22 and 24.
 */
const TUNING = ["--max-inlined-bytecode-size-cumulative=0", "--max-optimized-bytecode-size=1500", "--wasm-tiering-budget=30000000", "--no-parallel-scavenge", "--no-allocation-site-pretenuring"];
/** Node 20's V8 counts by time, not by calls, when a function is to be optimised. */
const TUNING_11 = ["--interrupt-budget=600000"];
/** Of Node 20, 22 and 24. Others were not measured, and may not know the flags. */
const MEASURED_ON = ["11", "12", "13"];

/** For what is compiled from now on, in this thread and in those that are started afterwards. */
export function tuneForScan(): void {
  const major = process.versions.v8.split(".")[0]!;
  if (!MEASURED_ON.includes(major)) return;
  for (const flag of major === "11" ? [...TUNING, ...TUNING_11] : TUNING) setFlagsFromString(flag);
}
