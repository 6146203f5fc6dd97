/** The bytes of Python files and notebooks, one after the other. */

import { isNotebook } from "../analysis/analyzer.js";
import { readRegularFile } from "../host/regular-file.js";

const MEGABYTE = 1024 * 1024;
export const MOST_BYTES = 10 * MEGABYTE;
/** With the pictures in it. Of its code there may be no more than of other code. */
const MOST_OF_NOTEBOOK = 64 * MEGABYTE;

export function mostBytes(path: string): number {
  return isNotebook(path) ? MOST_OF_NOTEBOOK : MOST_BYTES;
}

/** One for all files of a thread: nothing holds on to the bytes of a file once it has been checked. */
let buffer = new Uint8Array(MEGABYTE);

/** Good until the next file is read: they share their memory. @throws where it cannot be read */
export function readPython(path: string): Uint8Array {
  // Few are as large: they need not leave that much room behind.
  if (isNotebook(path)) return readRegularFile(path, { most: MOST_OF_NOTEBOOK });
  return readRegularFile(path, {
    most: MOST_BYTES,
    room(size) {
      if (size >= buffer.length) buffer = new Uint8Array(2 * size);
      return buffer;
    },
  });
}
