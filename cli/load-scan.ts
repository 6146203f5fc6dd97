/** Loads the bundle of a scan from beside this one, with what V8 compiled of it before. */

import { readFileSync } from "node:fs";
import type { Script } from "node:vm";
import { fileURLToPath } from "node:url";
import { codeStore } from "./code-store.js";
import { runScript } from "./compiled.js";
import type * as ScanBundle from "./scan-bundle.js";

export interface FoundScan {
  /** What an earlier run compiled: for this thread and for all others. */
  readonly compiled: Uint8Array | undefined;
  /** Loads the bundle in this thread. */
  readonly load: () => typeof ScanBundle;
  /** Keeps what this thread has compiled by now, unless an earlier run did. Pays where most of the code has run. */
  readonly keep: () => void;
}

export const SCAN = fileURLToPath(new URL("scan.cjs", import.meta.url));
export const THREAD = new URL("thread.cjs", import.meta.url);

export function findScan(): FoundScan {
  const store = codeStore(readFileSync(SCAN));
  const compiled = store?.find();
  let fresh: Script | undefined;
  return {
    compiled,
    load() {
      const { exports, script, isCompiled } = runScript(SCAN, compiled);
      if (!isCompiled) fresh = script;
      return exports as typeof ScanBundle;
    },
    keep() {
      if (fresh) store?.keep(fresh.createCachedData());
    },
  };
}
