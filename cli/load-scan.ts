/** Loads the bundle of a scan from beside this one. */

import { createRequire } from "node:module";
import type * as ScanBundle from "./scan-bundle.js";

export function loadScan(): typeof ScanBundle {
  return createRequire(import.meta.url)("./scan.cjs") as typeof ScanBundle;
}
