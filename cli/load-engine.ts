/** Loads the bundle of answers from beside this one: most of what a start costs, and not needed by most commands. */

import type * as Engine from "./engine-bundle.js";

export async function loadEngine(): Promise<typeof Engine> {
  return (await import(new URL("engine.mjs", import.meta.url).href)) as typeof Engine;
}
