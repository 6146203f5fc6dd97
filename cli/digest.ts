/** What tells bytes from all others. */

import { createRequire } from "node:module";

let crypto: typeof import("node:crypto") | undefined;

/** Node's cryptography is loaded when it is first needed: it takes its time, and by no `import`, as the bundle of a scan is no module. */
export function digestOf(bytes: Uint8Array | string): string {
  crypto ??= createRequire(import.meta.url)("node:crypto") as typeof import("node:crypto");
  return crypto.createHash("sha256").update(bytes).digest("hex");
}
