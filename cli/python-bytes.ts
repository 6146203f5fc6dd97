/** The bytes of Python files, one after the other. */

import { readRegularFile } from "../host/regular-file.js";

const MEGABYTE = 1024 * 1024;
export const MOST_BYTES = 10 * MEGABYTE;

/** One for all files of a thread: nothing holds on to the bytes of a file once it has been checked. */
let buffer = new Uint8Array(MEGABYTE);

/** Good until the next file is read: they share their memory. @throws where it cannot be read */
export function readPython(path: string): Uint8Array {
  return readRegularFile(path, {
    most: MOST_BYTES,
    room(size) {
      if (size >= buffer.length) buffer = new Uint8Array(2 * size);
      return buffer;
    },
  });
}
