/** Loads the bundle of a scan from beside this one, with what V8 compiled of it before. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { codeStore } from "./code-store.js";
import { runScript, type Running } from "./compiled.js";
import type * as ScanBundle from "./scan-bundle.js";

/** Code that has run over so few files is not worth keeping. */
const FEWEST = 50;
/** A run over so many times as many files has compiled enough more to be kept instead. */
const FAR_MORE = 4;

export interface FoundScan {
  /** What an earlier run compiled: for this thread and for all others. */
  readonly compiled: Uint8Array | undefined;
  /** Loads the bundle in this thread. */
  readonly load: () => typeof ScanBundle;
  /** After a run over so many files: keeps what this thread has compiled by now, unless as much is known. */
  readonly keep: (files: number) => void;
}

export const SCAN = fileURLToPath(new URL("scan.cjs", import.meta.url));
export const THREAD = new URL("thread.cjs", import.meta.url);

export function findScan(): FoundScan {
  const source = readFileSync(SCAN);
  const store = codeStore(source);
  const found = store?.find();
  let running: Running | undefined;
  return {
    compiled: found?.code,
    load() {
      running = runScript(SCAN, source, found?.code);
      return running.exports as typeof ScanBundle;
    },
    keep(files) {
      const known = running?.isCompiled && found ? found.files : 0;
      if (running && files >= FEWEST && files >= known * FAR_MORE) store?.keep({ code: running.script.createCachedData(), files });
    },
  };
}
