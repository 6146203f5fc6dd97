/** Loads the bundle with the rules from beside this one: most of what a start costs, and not needed where every answer is known. */

import { setFlagsFromString } from "node:v8";
import type * as Engine from "./engine-bundle.js";

export const ENGINE = new URL("engine.mjs", import.meta.url);

/**
 * A scan is over before much of what V8 optimises has paid for itself, and each thread pays anew: waiting longer before a function is optimised
 * takes about a quarter off the work of a cold scan of 275,000 lines. Measured with the V8 of Node 20; others judge for themselves.
 */
export function optimiseLater(): void {
  if (process.versions.v8.startsWith("11.")) setFlagsFromString("--interrupt-budget=600000");
}

export async function loadEngine(): Promise<typeof Engine> {
  return (await import(ENGINE.href)) as typeof Engine;
}
