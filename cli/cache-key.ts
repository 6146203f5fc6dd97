/** The key that results are signed with: made once, at random, in the user's own folder, and never anywhere that a project can reach. */

import { linkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRegularFile } from "../host/regular-file.js";
import { KEY_NAME } from "./cache-folder.js";
import { randomBytes, randomHex } from "./digest.js";

const BYTES = 32;

/** Undefined where there is none yet. `own` is known to be private. */
export function readKey(own: string): Uint8Array | undefined {
  try {
    const key = readRegularFile(join(own, KEY_NAME), { most: BYTES, isOwn: true });
    return key.length === BYTES ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Of two runs at once both end up with the first one's. @throws where it cannot be written */
export function makeKey(own: string): Uint8Array {
  const path = join(own, KEY_NAME);
  const temporary = `${path}.${randomHex(8)}.tmp`;
  writeFileSync(temporary, randomBytes(BYTES), { flag: "wx", mode: 0o600 });
  try {
    // Unlike renaming, this fails where there is one already.
    linkSync(temporary, path);
  } catch {
    // There is one; or it is damaged, or the file system has no second names: then the last one counts.
    if (!readKey(own)) renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  const key = readKey(own);
  if (!key) throw new Error("the key cannot be read");
  return key;
}
