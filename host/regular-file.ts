/** Reads files that strangers may have put there: only regular ones, only so many bytes, and without ever waiting for a pipe's other end. */

import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";

const KB = 1024;

/** A device or a folder in the place of a file, or a file that is too large. The message completes a sentence that begins with its name. */
export class UnfitFile extends Error {
  override readonly name = "UnfitFile";
}

/** By its name, because each bundle has a class of its own. */
export function isUnfit(error: unknown): error is UnfitFile {
  return error instanceof Error && error.name === "UnfitFile";
}

/** Undefined on Windows, which knows neither pipes with a name nor these flags. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOCTTY = 0, O_NOFOLLOW = 0 } = constants as Partial<typeof constants>;
const FLAGS = (O_RDONLY ?? 0) | O_NONBLOCK | O_NOCTTY;

export interface Terms {
  /** In bytes. */
  readonly most: number;
  /** Where to put what is read; without it there is new memory for each file. */
  readonly room?: (size: number) => Uint8Array;
  /** Neither a link nor another user's file will do. */
  readonly isOwn?: boolean;
}

/** The bytes of a file; it is looked at when it is open, for what lies under a name may be another file at any time. @throws UnfitFile, or what the system says */
export function readRegularFile(path: string, { most, room = newRoom, isOwn = false }: Terms): Uint8Array {
  const file = openSync(path, isOwn ? FLAGS | O_NOFOLLOW : FLAGS);
  try {
    let bytes = room(sizeOf(fstatSync(file), most, isOwn));
    let length = 0;
    for (let more = -1; more !== 0; length += more) {
      if (length > most) throw tooLarge(most);
      // It may be growing, or it is one of those files of the system that say they are empty.
      if (length === bytes.length) bytes = enlarged(bytes);
      more = readSync(file, bytes, length, bytes.length - length, null);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** Undefined where there is no file: most folders have none of those that are looked for, and an error takes longer. @throws as above */
export function readIfPresent(path: string, most: number): Uint8Array | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return undefined;
  // Even to open a device can have an effect.
  sizeOf(stats, most, false);
  try {
    return readRegularFile(path, { most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The same without holding up other work. @throws as above, also where there is no file */
export async function readWithoutWaiting(path: string, most: number): Promise<Uint8Array> {
  sizeOf(await stat(path), most, false);
  const file = await open(path, FLAGS);
  try {
    let bytes = newRoom(sizeOf(await file.stat(), most, false));
    let length = 0;
    for (let more = -1; more !== 0; length += more) {
      if (length > most) throw tooLarge(most);
      if (length === bytes.length) bytes = enlarged(bytes);
      more = (await file.read(bytes, length, bytes.length - length, null)).bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await file.close();
  }
}

/** As UTF-8, or as the UTF-16 that a byte order mark tells (`pip freeze > requirements.txt` of older PowerShells), without the mark. */
export function textOf(bytes: Uint8Array): string {
  const label =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(label).decode(bytes);
}

function sizeOf(stats: Stats, most: number, isOwn: boolean): number {
  if (!stats.isFile()) throw new UnfitFile("is no regular file");
  if (isOwn && !isOfUser(stats)) throw new UnfitFile("belongs to somebody else");
  if (stats.size > most) throw tooLarge(most);
  return stats.size;
}

/** Windows does not tell; there the folders of a user are closed to others. */
export function isOfUser({ uid }: Pick<Stats, "uid">): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}

function tooLarge(most: number): UnfitFile {
  return new UnfitFile(`is larger than ${most < KB * KB ? `${most / KB} kB` : `${most / KB / KB} MB`}`);
}

/** One byte more than the file holds, to see its end. */
function newRoom(size: number): Uint8Array {
  return Buffer.allocUnsafe(size + 1);
}

function enlarged(bytes: Uint8Array): Uint8Array {
  const larger = Buffer.allocUnsafe(2 * bytes.length + KB);
  larger.set(bytes);
  return larger;
}
