/** Puts a repaired text back in its file: same mode, all or nothing, and never over somebody else's change. */

import { accessSync, chmodSync, constants, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readRegularFile } from "../host/regular-file.js";
import { randomHex } from "./digest.js";
import { mostBytes } from "./python-bytes.js";

/** Why the file was left alone, or nothing when it was written. */
export function save(path: string, before: Uint8Array, after: Uint8Array): string | undefined {
  try {
    // A link keeps pointing where it points: the file behind it is replaced.
    const file = realpathSync(path);
    accessSync(file, constants.W_OK);
    const now = readRegularFile(file, { most: mostBytes(path) });
    // It has two names, and was repaired under the other one.
    if (Buffer.compare(now, after) === 0) return undefined;
    if (Buffer.compare(now, before) !== 0) return "the file changed while it was being checked";
    replaceFile(file, after);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EACCES" || code === "EPERM" || code === "EROFS"
      ? "you have no permission to change the file"
      : `writing failed (${code ?? String(error)})`;
  }
}

/** Readers see the old file or the new one, never half of it. */
function replaceFile(file: string, bytes: Uint8Array): void {
  const temporary = join(dirname(file), `.nippy-${randomHex(8)}.tmp`);
  try {
    writeFileSync(temporary, bytes, { flag: "wx" });
    chmodSync(temporary, statSync(file).mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
