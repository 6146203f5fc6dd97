/** Time of the processor for measurements that stand beside other work. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as (options: { readonly type: "minor" }) => void;

/** Milliseconds of the processor's time. Young garbage of the work before is cleared away first; a full collection would let go of compiled code too. */
export function cpu(work: () => void): number {
  gc({ type: "minor" });
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
