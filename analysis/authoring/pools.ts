/** Pools: what is handed to processes and threads. */

export { PROCESS_CALLS, TASK_METHODS, jobOf, poolTaskOf, type PoolTask } from "../rewrite/pool-tasks.js";
export { isInMainGuard } from "../semantics/callers.js";
