/** How V8 works for a scan. Each flag is here for what it saves; docs/decisions/013 has the table. */

import { setFlagsFromString } from "node:v8";

/**
 * A scan is over before much of what V8 optimises has paid for itself, and each thread pays anew. So functions are
 * optimised one by one, not with all that they call. CPU time of a cold scan: -33 % with Node 20, -23 % with Node 22,
 * -11 % with Node 24.
 */
const ALONE = "--max-inlined-bytecode-size-cumulative=0";
/** Node 20's V8 counts by time, not by calls, when a function is to be optimised: later is better. Another -14 % of CPU time. */
const LATER = "--interrupt-budget=600000";
/** Nothing of a file is put where it would outlive the file. Peak memory: -6 % with Node 22, -16 % with Node 24. */
const NOT_TENURED = "--no-allocation-site-pretenuring";

/** By the V8 of Node 20, 22 and 24. Others were not measured, and may not know the flags. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  "11": [ALONE, LATER],
  "12": [ALONE, NOT_TENURED],
  "13": [ALONE, NOT_TENURED],
};

/** For what is compiled from now on, in this thread and in those that are started afterwards. */
export function tuneForScan(): void {
  const [major = ""] = process.versions.v8.split(".");
  for (const flag of FLAGS[major] ?? []) setFlagsFromString(flag);
}
