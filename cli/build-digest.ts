/** What tells one build of the product from another, so that no build takes over what another one found. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { version } from "./version.js";

/** All that a result can depend on besides the file, its path and its settings. */
const PARTS = ["cli.cjs", "scan.cjs", "web-tree-sitter.wasm", "tree-sitter-python.wasm"];

/** Of the very bytes that run: a version number alone would let a development build read what its predecessor left. */
export function buildDigest(): string {
  const hash = createHash("sha256").update(JSON.stringify([version(), process.version]));
  for (const part of PARTS) hash.update(readFileSync(new URL(part, import.meta.url)));
  return hash.digest("hex").slice(0, 16);
}
